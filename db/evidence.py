"""What answers about training, manuals and the log rest on, in words: of which day, recorded when and by whom."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from core.calendar import Span
from core.log_chain import DUTIES, Entry, Kind, Standing
from core.places import day_at, local
from core.records import About
from core.sentences import in_english
from core.shifts import Shift
from core.training_sessions import in_hours
from db.facility_training import FacilityTraining
from db.gate import Work
from db.log_schema import LogPlace
from db.names import of_accounts
from db.schema_training import ManualReview, ManualVersion, TrainingSession

MOST = 60  # lines of the log that one answer shows: the last ones; more are counted
_EVERY_KIND = frozenset(Kind)
_KINDS: Mapping[About, Collection[Kind]] = {
    About.SAFE: (Kind.DEPARTURE, Kind.INSTRUCTION, DUTIES[0]),
    About.MONITORED: (Kind.CONDITION, Kind.ADJUSTMENT, DUTIES[1]),
    About.ADJUSTMENTS: (Kind.ADJUSTMENT,),
    About.STATUS: (Kind.STATUS,),
    About.ORDER: _EVERY_KIND,
    About.SHIFT: _EVERY_KIND,
}
_Writer = tuple[int, str, Standing]


@dataclass(frozen=True)
class Evidence:
    """Something recorded that an answer rests on, in words, and of which day; when and by whom it was recorded."""

    what: str
    day: date
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class Earlier:
    """How many lines of the log an answer rests on besides those shown, and of which days."""

    lines: int
    days: Span


@dataclass(frozen=True)
class OfLog:
    """What the log of some days holds as evidence, by what an answer is about."""

    shown: Mapping[str, tuple[Evidence, ...]]
    earlier: Mapping[str, Earlier]


def of_log(shifts: Sequence[Shift], zone: str) -> OfLog:
    """The entries of shifts, a line for each shift and whoever wrote in it, on what right, in order of time."""
    shown, earlier = {}, {}
    in_order = sorted(shifts, key=lambda one: one.began)
    for about, kinds in _KINDS.items():
        lines = [line for shift in in_order for line in _of_shift(shift, kinds, zone)]
        shown[about.value] = tuple(lines[-MOST:])
        if before := lines[:-MOST]:
            earlier[about.value] = Earlier(len(before), Span(before[0].day, lines[-MOST].day))
    return OfLog(shown, earlier)


def _of_shift(shift: Shift, kinds: Collection[Kind], zone: str) -> Iterator[Evidence]:
    by: dict[_Writer, list[Entry]] = defaultdict(list)
    for one in shift.standing:
        if one.kind in kinds:
            by[one.author, one.author_name, one.standing].append(one)
    named = f"Shift {shift.designation} of {in_english(local(shift.began, zone))}"
    for (_, name, right), entries in by.items():
        many = in_english(len(entries))
        what = f"{many} {'entry' if len(entries) == 1 else 'entries'} of all kinds"
        if kinds is not _EVERY_KIND:
            what = ", ".join(dict.fromkeys(_said(one) for one in entries))
        late = sum(shift.is_late(one) for one in entries)
        said = f"{named}: {what} (number {_numbers(entries)}{f'; {in_english(late)} late' if late else ''})"
        yield Evidence(
            said,
            day_at(shift.began, zone),
            max(one.made_at for one in entries),
            f"{name}, {_lower(right.label)}",
        )


def _said(entry: Entry) -> str:
    """What an entry reports: its kind, with what was said of a duty, or that there is nothing to report."""
    if entry.kind in DUTIES:
        return f"{_lower(entry.kind.label)}: {_lower(entry.content.text)}"
    return f"{_lower(entry.kind.label)}{': nothing to report' if entry.content.nothing else ''}"


def _numbers(entries: Sequence[Entry]) -> str:
    numbers = sorted(one.number for one in entries)
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]} to {numbers[-1]}"
    return ", ".join(map(str, numbers))


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def of_places(work: Work, facility_id: int) -> Mapping[str, tuple[Evidence, ...]]:
    """Where the log was said to be, in the facility or elsewhere, from which day."""
    rows = select(LogPlace).where(LogPlace.facility_id == facility_id, LogPlace.superseded_at.is_(None))
    places = work.session.scalars(rows.order_by(LogPlace.valid_from, LogPlace.id)).all()
    names = of_accounts(work.session, (one.recorded_by for one in places))
    return {
        about.value: tuple(
            Evidence(
                _place(one),
                one.valid_from or date.min,
                one.recorded_at,
                names.get(one.recorded_by or 0, ""),
            )
            for one in places
            if one.about == said
        )
        for about, said in ((About.LOG, "provided"), (About.ACCESSIBLE, "accessible"))
    }


def _place(one: LogPlace) -> str:
    first = f"from {in_english(one.valid_from)}" if one.valid_from else "from the beginning"
    last = f" through {in_english(one.valid_until - timedelta(days=1))}" if one.valid_until else ""
    where = f": {one.place}" if one.place else ""
    return f"The log is {one.about}{where}, {first}{last}"


def of_records(work: Work, training: FacilityTraining) -> Mapping[str, tuple[Evidence, ...]]:
    """The sessions that each person attended here, by year, and the versions and reviews of each manual."""
    ids = {one.session_id for rows in training.attended.values() for one in rows if one.here}
    sessions = work.session.scalars(select(TrainingSession).where(TrainingSession.id.in_(ids))).all()
    manuals = training.manuals.of_facility
    versions = [one for manual in manuals for one in manual.versions]
    reviews = [one for manual in manuals for one in manual.reviews]
    entered: list[TrainingSession | ManualVersion | ManualReview] = [*sessions, *versions, *reviews]
    names = of_accounts(work.session, (one.recorded_by for one in entered))
    subjects = {one.id: one for one in sessions}
    found: dict[str, list[Evidence]] = defaultdict(list)

    def add(place: str, what: str, day: date, row: TrainingSession | ManualVersion | ManualReview) -> None:
        found[place].append(Evidence(what, day, row.recorded_at, names.get(row.recorded_by or 0, "")))

    for employee, rows in training.attended.items():
        for one in rows:
            if one.session_id in subjects:
                session, given = subjects[one.session_id], one.given
                what = f"Training on {in_english(given.day)}, {in_hours(given.minutes)}: {session.subjects}"
                add(f"{About.TRAINING}:{employee}:{given.day.year}", what, given.day, session)
    for manual in manuals:
        for version in manual.versions:
            what = f"{manual.row.name}, {version.label}, updated on {in_english(version.updated_on)}"
            for place in (f"{About.MANUALS}::", f"{About.REVIEWED}:{manual.row.id}:"):
                add(place, what, version.updated_on, version)
        for review in manual.reviews:
            what = f"{manual.row.name}, reviewed on {in_english(review.reviewed_on)} by {review.reviewed_by}"
            add(f"{About.REVIEWED}:{manual.row.id}:", what, review.reviewed_on, review)
    return {place: tuple(several) for place, several in found.items()}
