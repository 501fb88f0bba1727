"""What is recorded about a facility's log: who is authorized to write in it, where it is, and its usual shifts.

O. Reg. 129/04, s. 19 (1), (3) and (6). An authorization is given by the owner, or by an operator-in-charge of the
day; it counts until its last day, or until it is revoked.
"""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import select

from core import entries, people_entries, record_entries
from core.calendar import Span
from core.certificate_applications import not_to_come
from core.log_times import clock_of
from core.membership import Right
from core.places import day_at
from core.problems import Problem, raise_if_any, refuse
from core.roles import ACTING
from core.sentences import Sentence
from core.shifts import Pattern
from db import facility_people, kept_findings, kept_log
from db.facility_facts import end_through, give_way, is_the_owners, locked_fact, name_of
from db.gate import NotAllowed, Work, service
from db.log_rights import WRITERS, writer
from db.log_schema import LogAuthorization, LogPlace, ShiftPattern
from db.log_setup import pattern_of
from db.own_facilities import held
from db.people_schema import Employment
from db.schema import Facility

ABOUT = ("provided", "accessible", "only")
_WEEK = frozenset(range(7))


@service(*WRITERS, writes=True)
def authorize(work: Work, facility_id: int, employee_id: int, first: date | None, last: date | None) -> int:
    """Authorizes somebody employed there to write, from today or later through a last day. Returns its id.

    Whoever is operator-in-charge today gives it as such, which counts for the record of shifts, too; else the
    owner does.
    """
    facility = work.for_update(Facility, facility_id)
    today = day_at(work.at, facility.time_zone)
    in_charge = writer(work, facility_id).is_in_charge(today)
    by_owner = not in_charge and is_the_owners(work, facility)
    if not in_charge and not by_owner:
        raise refuse("Only the owner, or whoever is operator-in-charge today, authorizes others to write.")
    raise_if_any([*people_entries.days(first, last, end_known=True)])
    assert first is not None and last is not None  # noqa: S101, PT018 - checked above
    days = Span(first, last + timedelta(days=1))
    problems = record_entries.authorization(days, None if by_owner else in_charge)
    if first < today:
        problems.append(Problem("first", Sentence("Enter today, {today}, or a day to come.", today=today)))
    raise_if_any(problems)
    _must_be_employed(work, facility_id, employee_id, first)
    row = LogAuthorization(
        facility_id=facility_id,
        employee_id=employee_id,
        by_owner=by_owner,
        giver_in_charge=in_charge,
        valid_from=days.start,
        valid_until=days.end,
        given_at=work.at,
        given_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    work.record("log.authorized", "facility", facility_id, authorization=row.id, employee=employee_id)
    return row.id


@service(*WRITERS, writes=True)
def revoke(work: Work, authorization_id: int) -> None:
    """Revokes an authorization at once: the owner does, whoever is in charge today, and whoever gave it."""
    found = work.session.get(LogAuthorization, authorization_id)
    if found is None:
        raise NotAllowed
    facility = work.for_update(Facility, found.facility_id)
    row = work.for_update(LogAuthorization, authorization_id)
    today = day_at(work.at, facility.time_zone)
    in_charge = writer(work, facility.id).is_in_charge(today)
    if not (in_charge or row.given_by == work.account.id or is_the_owners(work, facility)):
        raise NotAllowed
    if row.revoked_at is not None:
        raise refuse("This authorization was revoked already. Look at what stands now.")
    row.revoked_at, row.revoked_by = work.at, work.account.id
    work.record("log.revoked", "facility", facility.id, authorization=row.id)


@service(*ACTING, writes=True)
def set_place(work: Work, facility_id: int, about: str, place: str, since: date | None) -> int:
    """Records since when, and where, the log is provided or accessible in the facility; or that this one is the
    only one. It takes the place of what stood from that day on. Returns the id."""
    facility = work.for_update(Facility, held(work, Right.RECORD, facility_id).facility.id)
    problems = entries.text("place", "where the log is", place, entries.NAME_LENGTH, required=about != "only")
    if about not in ABOUT:
        problems.append(Problem("about", Sentence("Choose what is recorded of the log.")))
    if since is None:
        problems.append(Problem("since", Sentence("Enter since when.")))
    raise_if_any([*problems, *not_to_come("since", "It", since, day_at(work.at, facility.time_zone))])
    assert since is not None  # noqa: S101 - checked above
    recorded = work.session.scalars(
        select(LogPlace).where(
            LogPlace.facility_id == facility.id, LogPlace.about == about, LogPlace.superseded_at.is_(None)
        )
    ).all()
    later = [one.valid_from for one in recorded if one.valid_from and one.valid_from > since]
    row = LogPlace(
        facility_id=facility.id,
        about=about,
        place=entries.clean(place),
        valid_from=since,
        valid_until=min(later, default=None),
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    give_way(work, recorded, since, row.id)
    kept_log.head_of(work, facility.id)
    kept_findings.retest_log(work, facility.id)
    work.record("log.placed", "facility", facility.id, place=row.id, about=about)
    return row.id


@service(*ACTING, writes=True)
def end_place(work: Work, place_id: int, last: date | None) -> None:
    """Records the last day on which a log was where it is said to be."""
    row, facility = locked_fact(work, Right.RECORD, LogPlace, place_id)
    end_through(work, row, last)
    kept_log.head_of(work, facility.id)
    kept_findings.retest_log(work, facility.id)
    work.record("log.place_ended", "facility", facility.id, place=row.id)


@service(*ACTING, writes=True)
def add_pattern(
    work: Work,
    facility_id: int,
    designation: str,
    starts: str,
    ends: str,
    weekdays: Collection[int],
    first: date | None,
    last: date | None = None,
) -> int:
    """Records a shift that is worked again and again; times as 07:00, on days of the week (Monday is 0). Returns
    its id. One of which the log holds nothing is a finding from then on."""
    facility = work.for_update(Facility, held(work, Right.RECORD, facility_id).facility.id)
    problems = record_entries.pattern_named(designation, weekdays)
    problems += [
        Problem(field, _no_time(written))
        for field, written in (("starts", starts), ("ends", ends))
        if clock_of(written) is None
    ]
    raise_if_any([*problems, *people_entries.days(first, last)])
    begins, finishes = clock_of(starts), clock_of(ends)
    assert begins and finishes and first is not None  # noqa: S101, PT018 - checked above
    made = Pattern(
        entries.clean(designation), begins, finishes, frozenset(weekdays) & _WEEK, people_entries.span(first, last)
    )
    others = work.session.scalars(
        select(ShiftPattern).where(ShiftPattern.facility_id == facility.id, ShiftPattern.superseded_at.is_(None))
    )
    raise_if_any(record_entries.pattern(made, map(pattern_of, others)))
    row = ShiftPattern(
        facility_id=facility.id,
        designation=made.designation,
        starts=made.starts,
        ends=made.ends,
        weekdays=sorted(made.weekdays),
        valid_from=made.span.start,
        valid_until=made.span.end,
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    kept_log.head_of(work, facility.id)
    kept_findings.retest_log(work, facility.id)
    work.record("shift_pattern.recorded", "facility", facility.id, pattern=row.id)
    return row.id


def _no_time(written: str) -> Sentence:
    if not written.strip():
        return Sentence("Enter the time, as 07:05 or 19:05.")
    return Sentence("“{written}” is no time. Write it as 07:05 or 19:05.", written=written.strip())


@service(*ACTING, writes=True)
def end_pattern(work: Work, pattern_id: int, last: date | None) -> None:
    """Records the last day on which a usual shift begins."""
    row, facility = locked_fact(work, Right.RECORD, ShiftPattern, pattern_id)
    end_through(work, row, last)
    kept_log.head_of(work, facility.id)
    kept_findings.retest_log(work, facility.id)
    work.record("shift_pattern.ended", "facility", facility.id, pattern=row.id)


def _must_be_employed(work: Work, facility_id: int, employee_id: int, first: date) -> None:
    """Raises NotAllowed for somebody who was never employed there, Refused for one who is not on the day."""
    employed = select(Employment).where(
        Employment.facility_id == facility_id,
        Employment.employee_id == employee_id,
        Employment.superseded_at.is_(None),
    )
    spells = work.session.scalars(employed).all()
    if not spells:
        raise NotAllowed
    if not any(first in facility_people.span(one) for one in spells):
        raise refuse(
            "{name} is not employed here on {day}. Record the employment first, or choose another first day.",
            "first",
            name=name_of(work, employee_id),
            day=first,
        )
