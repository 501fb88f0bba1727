"""Shifts: what the log holds of each, what it must hold, and shifts of which it holds nothing.

O. Reg. 129/04, s. 19 (5); O. Reg. 435/93, s. 20 (5). A shift crosses midnight and the change of clocks: it lasts
from one moment to another, and its days are those of the facility's time zone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.calendar import Span
from core.facts import earliest, unknown
from core.findings import Citation, Finding, Verdict, all_of, until_at_most
from core.legislation import Law
from core.log_chain import Entry, Kind, standing
from core.places import day_at
from core.sentences import Sentence

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shift:
    """A shift as the log has it. number: of the entry by which it began; entries: all of its own, in their order;
    standing: those that no other corrects. ended is None while nobody has entered its end. withdrawn: its
    beginning was corrected into a note, since it was entered by mistake.
    """

    number: int
    designation: str
    began: datetime
    ended: datetime | None
    entries: tuple[Entry, ...]
    standing: tuple[Entry, ...]
    withdrawn: bool = False

    def of(self, kind: Kind) -> tuple[Entry, ...]:
        """Its standing entries of a kind."""
        return tuple(one for one in self.standing if one.kind is kind)

    def first_made(self, entry: Entry, *, records: bool = False) -> datetime:
        """When an entry was made, or where it corrects one of its kind, that one. records: only as far back as
        whoever wrote it may record a shift (s. 19 (5))."""
        old = next((one for one in self.entries if one.number == entry.corrects), None)
        if old is None or old.kind is not entry.kind or old.number >= entry.number:
            return entry.made_at
        if records and not old.standing.records_shifts:
            return entry.made_at
        return self.first_made(old, records=records)

    def is_late(self, entry: Entry) -> bool:
        """Whether what an entry says was first said after the shift; its end itself is entered when it is over."""
        return self.ended is not None and entry.kind is not Kind.ENDED and self.first_made(entry) > self.ended

    def late_if_ended(self, ended: datetime) -> tuple[Entry, ...]:
        """The entries that stand and would be late, had it ended at a moment."""
        then = replace(self, ended=ended)
        return tuple(one for one in self.standing if then.is_late(one))

    def is_corrected_late(self, entry: Entry) -> bool:
        """Whether an entry was made after the shift in place of one that was made in time."""
        after = self.ended is not None and entry.kind is not Kind.ENDED and entry.made_at > self.ended
        return after and not self.is_late(entry)

    def is_seen_on(self, days: Span, zone: str) -> bool:
        """Whether it is looked at with some days: it began on one of them, or before and has not ended."""
        begins = day_at(self.began, zone)
        return begins in days or (self.ended is None and not self.withdrawn and begins < days.start)

    def recorded_by(self, zone: str) -> date:
        """The day through which its record is open: on which it ends; without an end the day after it began."""
        return day_at(self.began, zone) + _ONE_DAY if self.ended is None else day_at(self.ended, zone)


def shifts(entries: Iterable[Entry]) -> tuple[Shift, ...]:
    """The shifts of a facility's entries in the order in which they were entered, without those withdrawn."""
    return tuple(one for one in with_withdrawn(entries) if not one.withdrawn)


def with_withdrawn(entries: Iterable[Entry]) -> tuple[Shift, ...]:
    """The same with those that were withdrawn: what the log holds of them is still shown."""
    every = tuple(entries)
    stand = {one.number for one in standing(every)}
    of_shift: dict[int, list[Entry]] = defaultdict(list)
    for entry in every:
        if entry.shift is not None:
            of_shift[entry.shift].append(entry)
    return tuple(shift for number, found in sorted(of_shift.items()) for shift in _shift(number, found, stand))


def _shift(number: int, entries: Sequence[Entry], stand: Collection[int]) -> Iterator[Shift]:
    now = tuple(one for one in entries if one.number in stand)
    began = [one for one in now if one.kind is Kind.BEGAN]
    ended = [one.happened_at for one in now if one.kind is Kind.ENDED]
    ever = began or [one for one in entries if one.kind is Kind.BEGAN]
    if ever:
        first = ever[-1]
        last = ended[-1] if ended else None
        yield Shift(number, first.content.text, first.happened_at, last, tuple(entries), now, withdrawn=not began)


# --- the shifts that there should be --------------------------------------------------------------------------


@dataclass(frozen=True)
class Pattern:
    """A shift that is worked again and again: its designation, by the facility's clock from when to when, on which
    days of the week it begins (Monday is 0), and in which span of days."""

    designation: str
    starts: time
    ends: time
    weekdays: frozenset[int]
    span: Span


@dataclass(frozen=True)
class Expected:
    """A shift that a pattern has: from one moment to another."""

    designation: str
    begins: datetime
    ends: datetime

    def is_of(self, shift: Shift) -> bool:
        """Whether a shift in the log is this one: of its designation, begun less than half its length away."""
        near = abs(shift.began - self.begins) <= (self.ends - self.begins) / 2
        return near and _plain(shift.designation) == _plain(self.designation)


def moments_at(day: date, clock: time, zone: str) -> tuple[datetime, ...]:
    """The moments, in UTC, at which a clock shows a time on a day: none where the clocks skip it in spring, two
    where they show it twice in autumn."""
    found = []
    for fold in (0, 1):
        local = datetime.combine(day, clock.replace(fold=fold, tzinfo=None), ZoneInfo(zone))
        moment = local.astimezone(UTC)
        if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local.replace(tzinfo=None, fold=0):
            found.append(moment)
    return tuple(dict.fromkeys(found))


def expected_shifts(patterns: Iterable[Pattern], days: Span, zone: str) -> tuple[Expected, ...]:
    """The shifts that begin on a span of days, in order of time. Raises ValueError for a span without end."""
    if days.end is None:
        raise ValueError("the shifts of a span without end are without number")
    found = [
        _expected(pattern, days.start + timedelta(days=shift), zone)
        for pattern in patterns
        for shift in range((days.end - days.start).days)
        if _has(pattern, days.start + timedelta(days=shift))
    ]
    return tuple(sorted(found, key=lambda one: (one.begins, one.ends, one.designation)))


def next_expected(pattern: Pattern, day: date) -> date | None:
    """The first day, from this one on, on which a pattern has a shift begin; None where there is none."""
    first = max(day, pattern.span.start)
    week = (first + timedelta(days=shift) for shift in range(7))
    return next((one for one in week if _has(pattern, one)), None)


def _has(pattern: Pattern, day: date) -> bool:
    return day in pattern.span and day.weekday() in pattern.weekdays


def _expected(pattern: Pattern, day: date, zone: str) -> Expected:
    """A shift that ends no later than it begins ends on the next day; a time that clocks skip is the one after."""
    last = day if pattern.ends > pattern.starts else day + _ONE_DAY
    begins, ends = _moment(day, pattern.starts, zone), _moment(last, pattern.ends, zone)
    return Expected(pattern.designation, begins, max(begins, ends))


def _moment(day: date, clock: time, zone: str) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def _plain(designation: str) -> str:
    return " ".join(designation.split()).casefold()


# --- what the law asks of a shift's record -------------------------------------------------------------------

_ITEMS = (
    (1, "shift", "The beginning, the end and the designation of the shift", (Kind.BEGAN, Kind.ENDED)),
    (2, "operators", "The operators on duty", (Kind.OPERATORS,)),
    (3, "departures", "Departures from normal operating procedures", (Kind.DEPARTURE,)),
    (4, "instructions", "Special instructions, and who gave them", (Kind.INSTRUCTION,)),
    (5, "conditions", "Unusual or abnormal conditions", (Kind.CONDITION,)),
    (6, "equipment", "Equipment out of service", (Kind.EQUIPMENT,)),
)


def shift_recorded(shift: Shift, whole: bool | None, zone: str, law: Law) -> Finding:
    """129/04, s. 19 (5): an operator-in-charge, or whom one authorized, records six things of every shift (R46).

    That there is nothing to report is said, never assumed. whole: whether this log is the facility's only one;
    where it is not, or nobody has said, what is missing here may stand elsewhere.
    """
    citation = law.topic("shift_record")
    begins = day_at(shift.began, zone)
    if begins > law.on:
        return _yet_to_begin(citation, begins, law)
    parts = [
        _recorded_in_charge(
            key, what, kinds, shift, whole, zone, law.cite(f"{citation.provision}, para. {n}"), law
        )
        for n, key, what, kinds in _ITEMS
    ]
    return all_of(citation, *parts)


def shift_logged(expected: Expected, entered: Iterable[Shift], whole: bool | None, zone: str, law: Law) -> Finding:
    """129/04, s. 19 (5): every shift has a record; one of which the log holds nothing has none (R46)."""
    citation = law.topic("shift_record")
    shift = next((one for one in entered if expected.is_of(one)), None)
    if shift is not None:
        return shift_recorded(shift, whole, zone, law)
    begins = day_at(expected.begins, zone)
    if begins > law.on:
        return _yet_to_begin(citation, begins, law)
    what = Sentence("Shift {designation} of {day}", designation=expected.designation, day=begins)
    return not_recorded("shift", what, whole, day_at(expected.ends, zone), citation, law)


def not_recorded(key: str, what: Sentence, whole: bool | None, due: date, citation: Citation, law: Law) -> Finding:
    """Something of which the log says nothing: open through the day that is due, then not met; not known where the
    log is not known to be the only one."""
    if law.on <= due:
        because = Sentence("{what}: not recorded yet, open through {due}.", what=what, due=due)
        until = earliest(law, due + _ONE_DAY)
        return Finding(citation, Verdict.MET, because, readings=("R46",), until=until, due=due)
    if not whole:
        return unknown(law, citation, key, Sentence("{what}: recorded elsewhere.", what=what))
    because = Sentence("{what}: not recorded.", what=what)
    return Finding(citation, Verdict.NOT_MET, because, readings=("R46",), until=law.ends)


def as_recorded(what: Sentence, made: Iterable[Entry], shift: Shift, citation: Citation, law: Law) -> Finding:
    """What the log holds of something, with who wrote it, and that it is late where it is."""
    entries = tuple(made)
    names = ", ".join(dict.fromkeys(one.author_name for one in entries))
    template = "{what}: recorded by {names}"
    if all(one.content.nothing for one in entries):
        template = "{what}: nothing to report, as {names} wrote"
    if any(shift.is_late(one) for one in entries):
        template += ", late."
    elif any(shift.is_corrected_late(one) for one in entries):
        template += ", corrected after the shift."
    else:
        template += "."
    return Finding(
        citation, Verdict.MET, Sentence(template, what=what, names=names), readings=("R46",), until=law.ends
    )


def made_by(
    law: Law, entries: Iterable[Entry], shift: Shift, zone: str, *, records: bool = False
) -> tuple[tuple[Entry, ...], date | None]:
    """The entries that were made by the law's day, and the next day on which there are more. records: as
    Shift.first_made has it."""
    every = [(day_at(shift.first_made(one, records=records), zone), one) for one in entries]
    later = min((day for day, _ in every if day > law.on), default=None)
    return tuple(one for day, one in every if day <= law.on), later


def _recorded_in_charge(
    key: str,
    words: str,
    kinds: tuple[Kind, ...],
    shift: Shift,
    whole: bool | None,
    zone: str,
    citation: Citation,
    law: Law,
) -> Finding:
    what = Sentence(words)
    every = [one for kind in kinds for one in shift.of(kind)]
    made, later = made_by(law, every, shift, zone, records=True)
    counted = [one for one in made if one.standing.records_shifts]
    if {one.kind for one in counted} == set(kinds):
        found = as_recorded(what, counted, shift, citation, law)
    else:
        if {one.kind for one in made} == set(kinds):
            what = Sentence("{what}, by an operator-in-charge or whom one authorized", what=what)
        found = not_recorded(key, what, whole, shift.recorded_by(zone), citation, law)
    return until_at_most(found, later)


def _yet_to_begin(citation: Citation, begins: date, law: Law) -> Finding:
    because = Sentence("The shift begins on {day}.", day=begins)
    return Finding(citation, Verdict.NOT_APPLICABLE, because, until=earliest(law, begins))
