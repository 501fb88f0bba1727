"""What a facility's log says today, as it is kept: of itself, and of the shifts of the two weeks up to today.

Whatever is written in a log tests it again in the same transaction, but a shift's record is open through the day
on which it ends (R46), and is written piece by piece: what does not hold of one is told in the night.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from core.compliance import Answer
from core.findings import Verdict
from core.places import day_at
from core.records import OF_LOGS, About, Found
from core.sentences import Sentence
from core.shifts import Expected, next_expected
from db import log_answers, log_setup
from db.facility_training import law_today
from db.gate import Work
from db.kept_rows import Kept, Part, Tested
from db.log_answers import DAYS_OF_SHIFTS, LogAnswers
from db.log_schema import LogHead
from db.log_views import Said
from db.province_schema import KeptFinding
from db.schema import Facility

ABOUT = frozenset(one.value for one in OF_LOGS)
_ONE_DAY = timedelta(days=1)


def head_of(work: Work, facility_id: int) -> LogHead:
    """The head of a facility's log, locked; made where there was none."""
    insert = sqlite.insert if work.portal.database.is_sqlite else postgresql.insert
    first = insert(LogHead).values(facility_id=facility_id, number=0, hash="")
    work.session.execute(first.on_conflict_do_nothing(index_elements=["facility_id"]))
    return work.for_update(LogHead, facility_id)


def heads_of(work: Work, facilities: Iterable[Facility]) -> dict[int, LogHead]:
    """The heads of those facilities of whose logs something is recorded, read at once."""
    ids = [one.id for one in facilities]
    return {
        one.facility_id: one for one in work.session.scalars(select(LogHead).where(LogHead.facility_id.in_(ids)))
    }


def test(work: Work, facility: Facility, head: LogHead | None, kept: Kept, *, night: bool) -> Part:
    """What the log says today; keeps the next night in which that may be another. The facility is locked, so that
    nobody writes meanwhile. night: what does not hold of a shift is told."""
    today = day_at(work.at, facility.time_zone)
    if law_today(facility.facility_type, today) is None:  # so nothing of the log is read
        if head is not None:
            head.test_on = None
        return Part(facility, today, (), _is_of_a_log, lambda *_: False, lambda *_: today)
    answers = LogAnswers(work, facility, head)
    said = answers.of_shifts_up_to(today)
    found = {log_answers.key_of(one): one for one in said.found}
    tested = [_tested(stretch.answer, found, said) for stretch in answers.of_day(today)]
    first = not any(map(_is_of_a_log, kept.values()))

    def to_tell(before: KeptFinding | None, one: Tested) -> bool:
        missing = one.place in found and one.finding.verdict is Verdict.NOT_MET
        return missing and not first and (before is None or before.told_on is None)

    if head is not None:
        days = list(_next_days(work, facility, head, said, tested, today))
        if not night and any(to_tell(kept.get(one.key), one) for one in tested):
            days.append(today + _ONE_DAY)
        head.test_on = min(days, default=None)
    return Part(
        facility,
        today,
        tested,
        _is_of_a_log,
        lambda before, one: night and to_tell(before, one),
        lambda before, _: before.since if before is not None else today,
        silent=first,
    )


def _is_of_a_log(row: KeptFinding) -> bool:
    return row.about in ABOUT


def _tested(answer: Answer, found: dict[str, Found], said: Said) -> Tested:
    """A shift's own finding by its key; any other by what it is about. The facts are the shifts, by their first
    entries."""
    one = found.get(answer.about)
    about = one.about if one else About(answer.about)
    shifts = [one.shift] if one else said.shifts
    numbers = [shift.number for shift in shifts if shift is not None and not isinstance(shift, Expected)]
    return Tested(
        about.value,
        answer.finding,
        [["log_entry", number] for number in numbers],
        place=answer.about,
        name=answer.name,
        called=_called(one, said.zone) if one else "",
    )


def _called(one: Found, zone: str) -> str:
    named = log_answers.designation_of(one)
    return str(Sentence("shift {name} of {day}", name=named, day=log_answers.day_of(one, zone)))


def _next_days(
    work: Work, facility: Facility, head: LogHead, said: Said, tested: Collection[Tested], today: date
) -> Iterator[date]:
    """The days to come on which what the log says may be another: a finding's own; on which a shift lies too far
    back; after the next usual shift; and after the last entry."""
    zone = facility.time_zone
    days = [one.finding.until for one in tested] + [one.finding.until for one in said.found]
    days += [log_answers.day_of(one, zone) + DAYS_OF_SHIFTS + _ONE_DAY for one in said.found]
    usual = (next_expected(one.pattern, today) for one in log_setup.patterns_of(work, facility.id))
    days += [one + _ONE_DAY for one in (*usual, head.made_at and day_at(head.made_at, zone)) if one]
    return (one for one in days if one is not None and one > today)
