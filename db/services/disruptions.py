"""What an owner records of strikes and emergencies (O. Reg. 129/04, ss. 16 and 23).

What was recorded by mistake is taken back (db.services.withdrawals) and recorded anew; nothing is written over.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import select

from core import disruption_entries, entries, people_entries
from core.calendar import Span
from core.membership import Right
from core.people_entries import span
from core.places import day_at
from core.problems import raise_if_any, refuse
from core.roles import ACTING
from core.submissions import Kind, contents_of
from db import disruption_words, facility_people, kept_findings
from db.disruption_schema import DirectorSubmission, Emergency, EmergencyWork, Strike
from db.facility_facts import end_through, locked_fact, must_be_of, name_of
from db.gate import NotAllowed, Work, service
from db.own_facilities import held
from db.schema import Facility

_MOST_WORDS = 50_000  # a report of many people, each with eight things
_DATED: dict[str, Any] = {table.__tablename__: table for table in (Emergency, EmergencyWork, Strike)}


@service(*ACTING, writes=True)
def record_emergency(
    work: Work,
    facility_id: int,
    declared: bool | None,
    declared_by: str,
    nature: str,
    shortage: bool | None,
    necessary: bool | None,
    grounds: str,
    first: date | None,
    last: date | None = None,
) -> int:
    """Records what the owner says of some days: whether an emergency was declared, or its orders remained in place
    (s. 22 (1) (a) and (b)), whether operators were short, and whether others were necessary (s. 23 (3))."""
    facility = work.for_update(Facility, held(work, Right.RECORD, facility_id).facility.id)
    today, needed = day_at(work.at, facility.time_zone), (shortage, necessary)
    raise_if_any(disruption_entries.emergency(declared, declared_by, nature, needed, grounds, first, last, today))
    assert first is not None  # noqa: S101 - checked above
    days = span(first, last)
    _must_have_room(work, Emergency, facility, days, "of an emergency")
    row = Emergency(
        facility_id=facility.id,
        declared=bool(declared),
        declared_by=entries.clean(declared_by) if declared else "",
        nature=entries.clean_reason(nature) if declared else "",
        shortage=shortage if declared else None,
        necessary=necessary if declared else None,
        grounds=entries.clean_reason(grounds) if declared else "",
        **_dated(work, days),
    )
    id = _written(work, row, facility)
    work.record("emergency.recorded", "facility", facility.id, emergency=id)
    return id


@service(*ACTING, writes=True)
def employ_in_emergency(
    work: Work,
    facility_id: int,
    employee_id: int,
    way: str | None,
    details: str,
    first: date | None,
    last: date | None = None,
    *,
    duties: str = "",
    experience: int | None = None,
    trained: bool | None = None,
    fits: bool | None = None,
    only_there: bool | None = None,
    clear: bool | None = None,
) -> int:
    """Records who somebody is that serves in an emergency (s. 23 (1) and (4)); None: not said."""
    facility = must_be_of(work, Right.RECORD, facility_id, employee_id)
    raise_if_any(disruption_entries.emergency_work(way, experience, details, duties, first, last))
    assert first is not None  # noqa: S101 - checked above
    days = span(first, last)
    whose = name_of(work, employee_id)
    _must_have_room(work, EmergencyWork, facility, days, f"of {whose} in an emergency", employee_id)
    row = EmergencyWork(
        facility_id=facility.id,
        employee_id=employee_id,
        way=str(way),
        experience=experience,
        trained=trained,
        fits=fits,
        only_there=only_there,
        clear=clear,
        details=entries.clean_reason(details),
        duties=entries.clean_reason(duties),
        **_dated(work, days),
    )
    id = _written(work, row, facility)
    work.record("emergency_work.recorded", "facility", facility.id, work=id, employee=employee_id)
    return id


@service(*ACTING, writes=True)
def record_strike(work: Work, facility_id: int, first: date | None, last: date | None = None) -> int:
    """Records a strike or lock-out, to come or past, by its legal date and its last day where that is known."""
    facility = work.for_update(Facility, held(work, Right.RECORD, facility_id).facility.id)
    raise_if_any(people_entries.days(first, last))
    assert first is not None  # noqa: S101 - checked above
    days = span(first, last)
    _must_have_room(work, Strike, facility, days, "of a strike or lock-out")
    id = _written(work, Strike(facility_id=facility.id, **_dated(work, days)), facility)
    work.record("strike.recorded", "facility", facility.id, strike=id)
    return id


@service(*ACTING, writes=True)
def end(work: Work, entry: str, entry_id: int, last: date | None) -> None:
    """Records the last day of an emergency, of somebody's work in one, or of a strike: `entry` is its table."""
    if entry not in _DATED:
        raise NotAllowed
    row, facility = locked_fact(work, Right.RECORD, _DATED[entry], entry_id)
    end_through(work, row, last)
    work.record("disruption.ended", "facility", facility.id, entry=entry, id=row.id)
    kept_findings.retest(work, facility.id)


@service(*ACTING, writes=True)
def record_submission(
    work: Work,
    facility_id: int,
    kind: str | None,
    of_day: date,
    sent_on: date | None,
    contents: Collection[str] | None = None,
    words: str = "",
) -> int:
    """Records what was handed in to the Director about a strike, by its legal date, or an emergency, by its first
    day: the plan of s. 16 (2), the notice of s. 23 (5), the report of s. 23 (6).

    contents: the ids of what it says; None: nobody has said. words: its text as it was sent; "": not kept here.
    """
    facility = work.for_update(Facility, held(work, Right.RECORD, facility_id).facility.id)
    today = day_at(work.at, facility.time_zone)
    problems = disruption_entries.submission(kind, contents, sent_on, today, of_day)
    raise_if_any([*problems, *entries.lines("words", "what was handed in", words, _MOST_WORDS)])
    people = facility_people.of_facility(work, facility)
    of_it = (one for one in disruption_words.drafts(people) if (one.kind, one.of_day) == (kind, of_day))
    if next(of_it, None) is None:
        raise refuse("No strike or emergency of {day} is on record. Record it first.", "kind", day=of_day)
    for one in people.disruptions.submissions:
        if (one.kind, one.of_day, one.sent_on) == (kind, of_day, sent_on):
            raise refuse("That it was sent on {day} is recorded already, so nothing was recorded again.",
                         "sent_on", day=sent_on)  # fmt: skip
    row = DirectorSubmission(
        facility_id=facility.id,
        kind=str(kind),
        of_day=of_day,
        sent_on=sent_on,
        contents=None if contents is None or not contents_of(Kind(str(kind))) else sorted(contents),
        words=entries.clean_reason(words),
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    id = _written(work, row, facility)
    work.record("director_submission.recorded", "facility", facility.id, submission=id, kind=row.kind)
    return id


# --- what they share ------------------------------------------------------------------------------------------


def _dated(work: Work, days: Span) -> dict[str, Any]:
    return {
        "valid_from": days.start,
        "valid_until": days.end,
        "recorded_at": work.at,
        "recorded_by": work.account.id,
    }


def _written(work: Work, row: Any, facility: Facility) -> int:
    """Writes a row, and has all of the facility tested: everybody's licence may be judged otherwise. Its id."""
    work.session.add(row)
    work.session.flush()
    kept_findings.retest(work, facility.id)
    id: int = row.id
    return id


def _must_have_room(
    work: Work, table: Any, facility: Facility, days: Span, what: str, employee_id: int | None = None
) -> None:
    """Raises Refused where something of the kind is on record for some of the days: two could contradict."""
    rows = select(table).where(table.facility_id == facility.id, table.superseded_at.is_(None))
    if employee_id is not None:
        rows = rows.where(table.employee_id == employee_id)
    for one in work.session.scalars(rows):
        if facility_people.span(one).overlaps(days):
            raise refuse(
                "Something {what} is on record already, from {start}. End it or take it back first.",
                "first",
                what=what,
                start=one.valid_from,
            )
