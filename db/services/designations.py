"""Designations, absences, time in charge and notices to the Director (O. Reg. 129/04, ss. 15 and 17).

What has happened can always be recorded, lawful or not. A designation for days to come that the law does not allow
is refused with the finding; one that it allows today but not to its end is accepted with the day it ends.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from core import entries, people_entries
from core.calendar import Span
from core.certificate_applications import not_to_come
from core.designations import Basis
from core.designations import Designation as Designated
from core.membership import Right
from core.people_entries import span
from core.places import day_at
from core.problems import Problem, Refused, raise_if_any, refuse
from core.responsibility import InCharge
from core.roles import ACTING
from core.sentences import Sentence
from core.timeline import Outlook
from db import facility_people, kept_findings, notices, people_words
from db.facility_facts import (
    end_through,
    is_the_owners,
    locked_fact,
    must_be_of,
    must_be_the_owners,
    name_of,
    supersede,
)
from db.facility_people import IN_CHARGE, OVERALL, FacilityPeople
from db.gate import NotAllowed, Work, service
from db.own_facilities import held
from db.people_schema import Absence, Designation, DirectorNotice, FunctionsInCharge, HoursInCharge
from db.plans import Plan, asked_about, must_be_allowed, outlook_in_charge, plan_of
from db.schema import Facility

# --- the overall responsible operator -----------------------------------------------------------------------


@service(*ACTING, shows_personal_data=True)
def what_if(
    work: Work, facility_id: int, employee_id: int, basis: str | None, first: date | None, last: date | None
) -> Plan:
    """What would be if somebody were designated for these days, whoever acts on them already; nothing is saved."""
    facility = held(work, Right.READ, facility_id).facility
    planned = _planned(employee_id, basis, first, last)
    people = facility_people.of_facility(work, facility)
    if employee_id not in people.employees:
        raise NotAllowed
    work.record("designation.asked", "facility", facility.id, employee=employee_id, basis=planned.basis)
    return asked_about(work, people, replace(planned, person=people.persons[employee_id]))


@service(*ACTING, writes=True)
def designate(
    work: Work,
    facility_id: int,
    employee_id: int,
    basis: str | None,
    first: date | None,
    last: date | None,
    reason: str,
) -> Plan:
    """Designates an overall responsible operator, as the owner. Says how it fares on its days to come."""
    facility = must_be_of(work, Right.MANAGE, facility_id, employee_id)
    must_be_the_owners(work, facility)
    said = entries.reason("reason", reason, what="for the designation")
    planned = _planned(employee_id, basis, first, last, said)
    people = facility_people.of_facility(work, facility)
    plan = plan_of(work, people, replace(planned, person=people.persons[employee_id]))
    if plan.outlook is not None:
        _must_have_confirmed_id(people, employee_id, planned.basis)
        must_be_allowed(plan.outlook.first)
    row = _designation(work, facility, employee_id, OVERALL, planned.basis, planned.span, by_owner=True)
    row.reason = entries.clean_reason(reason)
    work.session.flush()
    work.record("designation.recorded", "facility", facility.id, designation=row.id, employee=employee_id,
                basis=planned.basis)  # fmt: skip
    _retest(work, row)
    return plan


@service(*ACTING, writes=True)
def end_designation(work: Work, designation_id: int, last: date | None) -> None:
    """Ends a designation early, by its last day; one of the overall responsible operator as the owner."""
    row, facility = locked_fact(work, Right.RECORD, Designation, designation_id)
    if row.role == OVERALL or row.basis == Basis.ENGINEER:
        held(work, Right.MANAGE, facility.id)
        must_be_the_owners(work, facility)
    end_through(work, row, last)
    work.record("designation.ended", "facility", facility.id, designation=row.id)
    _retest(work, row)


@service(*ACTING, writes=True)
def record_absence(
    work: Work,
    facility_id: int,
    employee_id: int,
    first: date | None,
    last: date | None,
    reason: str,
    away: bool = True,
) -> int:
    """Records that somebody is absent or unable to act on these days; away False: is present."""
    facility = must_be_of(work, Right.RECORD, facility_id, employee_id)
    problems = people_entries.days(first, last)
    problems += entries.reason("reason", reason, what="for the absence") if away else []
    raise_if_any(problems)
    assert first is not None  # noqa: S101 - checked above
    days = span(first, last)
    _must_be_new(work, facility, employee_id, days, away=away)
    row = Absence(
        facility_id=facility.id,
        employee_id=employee_id,
        away=away,
        reason=entries.clean_reason(reason),
        valid_from=days.start,
        valid_until=days.end,
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    work.record("absence.recorded", "facility", facility.id, absence=row.id, employee=employee_id, away=away)
    kept_findings.retest_of(work, facility.id, employee_id)
    return row.id


def _must_be_new(work: Work, facility: Facility, employee_id: int, days: Span, *, away: bool) -> None:
    """Raises Refused where the same is recorded already, as by a second click or in another window."""
    same = select(Absence.id).where(
        Absence.facility_id == facility.id,
        Absence.employee_id == employee_id,
        Absence.away == away,
        Absence.valid_from == days.start,
        Absence.valid_until.is_(None) if days.end is None else Absence.valid_until == days.end,
        Absence.superseded_at.is_(None),
    )
    if work.session.scalar(same.limit(1)) is not None:
        raise refuse(
            "That {name} is {away} on these days is recorded already, so nothing was recorded again.",
            field="first",
            name=name_of(work, employee_id),
            away="absent or unable to act" if away else "present",
        )


@service(*ACTING, writes=True)
def end_absence(work: Work, absence_id: int, last: date | None) -> None:
    """Records the last day of an absence; what rests on it is tested again."""
    row, facility = locked_fact(work, Right.RECORD, Absence, absence_id)
    end_through(work, row, last)
    work.record("absence.ended", "facility", facility.id, absence=row.id)
    kept_findings.retest_of(work, facility.id, row.employee_id)


# --- operators-in-charge ------------------------------------------------------------------------------------


@service(*ACTING, writes=True)
def designate_in_charge(
    work: Work,
    facility_id: int,
    employee_id: int,
    first: date | None,
    last: date | None,
    as_engineer: bool = False,
) -> Outlook | None:
    """Designates an operator-in-charge, as the owner or a person whom it authorized; an engineer without a licence
    as the owner only. Says how it fares on its days to come."""
    facility = must_be_of(work, Right.RECORD, facility_id, employee_id)
    raise_if_any(people_entries.days(first, last))
    assert first is not None  # noqa: S101 - checked above
    by_owner = is_the_owners(work, facility)
    days = span(first, last)
    people = facility_people.of_facility(work, facility)
    made = InCharge(people.persons[employee_id], days, as_engineer, by_owner)
    for one in people.recorded.in_charge:
        if one.person == made.person and one.span.overlaps(days):
            raise refuse("{name} is in charge on some of these days already. End that designation first.",
                         "first", name=people.names[employee_id])  # fmt: skip
    found = outlook_in_charge(work, people, made)
    basis = Basis.ENGINEER if as_engineer else Basis.LICENCE
    if found is not None:
        _must_have_confirmed_id(people, employee_id, basis)
        must_be_allowed(found.first)
    row = _designation(work, facility, employee_id, IN_CHARGE, basis, days, by_owner=by_owner)
    work.record("designation.recorded", "facility", facility.id, designation=row.id, employee=employee_id,
                basis=basis)  # fmt: skip
    kept_findings.retest_of(work, facility.id, employee_id)
    return found


@service(*ACTING, writes=True)
def record_hours(
    work: Work,
    facility_id: int,
    employee_id: int,
    day: date | None,
    hours: Decimal | None,
    in_training: bool = False,
    minutes: int | None = None,
) -> str:
    """Records how long somebody worked in charge on a day (s. 17 (2)), in hours and minutes; it takes the place of
    what stood for it. What is recorded now in words, with what is not on record for that day."""
    facility = must_be_of(work, Right.RECORD, facility_id, employee_id)
    recorded = work.session.scalars(
        select(HoursInCharge).where(
            HoursInCharge.facility_id == facility.id,
            HoursInCharge.employee_id == employee_id,
            HoursInCharge.valid_from == day,
            HoursInCharge.superseded_at.is_(None),
        )
    ).all()
    besides = sum(one.minutes for one in recorded if one.in_training != in_training)
    today = day_at(work.at, facility.time_zone)
    raise_if_any(people_entries.hours_in_charge(day, hours, minutes or 0, today, besides))
    assert day is not None  # noqa: S101 - checked above
    assert hours is not None  # noqa: S101 - checked above
    row = HoursInCharge(
        facility_id=facility.id,
        employee_id=employee_id,
        minutes=people_entries.minutes(hours, minutes or 0),
        in_training=in_training,
        valid_from=day,
        valid_until=facility_people.next_day(day),
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    for one in recorded:
        if one.in_training == in_training:
            supersede(work, one, row.id)
    work.record("hours.recorded", "facility", facility.id, hours=row.id, employee=employee_id)
    kept_findings.retest_of(work, facility.id, employee_id)
    before = next((one for one in recorded if one.in_training == in_training), None)
    instead = f", in place of {people_words.hours_of(before)}" if before else ""
    return people_words.hours_of(row, facility_people.of_facility(work, facility)) + instead


@service(*ACTING, writes=True)
def record_functions(
    work: Work,
    facility_id: int,
    employee_id: int,
    first: date | None,
    last: date | None,
    *,
    runs_facility: bool,
    sets_parameters: bool,
    directs_operators: bool,
) -> int:
    """Records what somebody does at a facility on days when whoever has one of these functions is in charge
    (O. Reg. 435/93, s. 1): without a designation, and without a limit of days."""
    facility = must_be_of(work, Right.RECORD, facility_id, employee_id)
    raise_if_any(people_entries.days(first, last))
    assert first is not None  # noqa: S101 - checked above
    days = span(first, last)
    for one in facility_people.of_facility(work, facility).functions:
        if one.employee_id == employee_id and facility_people.span(one).overlaps(days):
            raise refuse(
                "What {name} does there is recorded for some of these days already. Take that back first.",
                field="first",
                name=name_of(work, employee_id),
            )
    row = FunctionsInCharge(
        facility_id=facility.id,
        employee_id=employee_id,
        runs_facility=runs_facility,
        sets_parameters=sets_parameters,
        directs_operators=directs_operators,
        valid_from=days.start,
        valid_until=days.end,
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    work.record("functions.recorded", "facility", facility.id, functions=row.id, employee=employee_id)
    kept_findings.retest_of(work, facility.id, employee_id)
    return row.id


# --- notices ------------------------------------------------------------------------------------------------


@service(*ACTING, writes=True)
def record_notice(work: Work, facility_id: int, sent_on: date | None) -> int:
    """Records that the notice to the Director was sent, with its words as they are drafted from the records."""
    facility = work.for_update(Facility, held(work, Right.RECORD, facility_id).facility.id)
    today = day_at(work.at, facility.time_zone)
    if sent_on is None:
        raise Refused(Problem("sent_on", Sentence("Enter the day on which the notice was sent.")))
    raise_if_any(not_to_come("sent_on", "The notice", sent_on, today))
    people = facility_people.of_facility(work, facility)
    draft = notices.draft(people, sent_on)
    if draft is None:
        raise refuse("No notice was due by {day}.", field="sent_on", day=sent_on)
    sent = next((one for one in people.notices if one.reached_on == draft.reached_on), None)
    if sent is not None:
        raise refuse(
            "The notice of the days reached on {reached} is recorded already, as sent on {sent}. Take that back "
            "first if it is wrong.",
            field="sent_on",
            reached=draft.reached_on,
            sent=sent.sent_on,
        )
    row = DirectorNotice(
        facility_id=facility.id,
        reached_on=draft.reached_on,
        sent_on=sent_on,
        words=draft.words,
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    work.record("notice.recorded", "facility", facility.id, notice=row.id)
    kept_findings.retest_of(work, facility.id)
    return row.id


# --- what they share ----------------------------------------------------------------------------------------


def _planned(
    employee_id: int, basis: str | None, first: date | None, last: date | None, besides: Iterable[Problem] = ()
) -> Designated:
    """The designation that is planned. Raises Refused with what is wrong with it, and with what is besides."""
    problems = [*people_entries.days(first, last), *besides]
    if basis not in set(Basis):
        problems.append(Problem("basis", Sentence("Choose on what the designation rests.")))
    raise_if_any(problems)
    assert first is not None  # noqa: S101 - checked above
    return Designated(employee_id, Basis(str(basis)), span(first, last))


def _must_have_confirmed_id(people: FacilityPeople, employee_id: int, basis: Basis) -> None:
    """Whoever acts under an Operator ID needs it confirmed; an engineer, and whoever runs the facility in a strike
    or an emergency, acts under none."""
    if basis not in (Basis.LICENCE, Basis.STAND_IN) or people.holders[employee_id].operator_id is not None:
        return
    if not people.employees[employee_id].claimed_operator_id:
        raise refuse(
            "No Operator ID of {name} is entered. Enter it under “Correct a name or an Operator ID”, and the "
            "office confirms it. A professional engineer without a licence is designated as one: choose that.",
            field="employee_id",
            name=people.names[employee_id],
        )
    raise refuse(
        "The office has not confirmed the Operator ID of {name} yet. Once it has, you can designate {name} for "
        "days to come.",
        field="employee_id",
        name=people.names[employee_id],
    )


def _designation(
    work: Work, facility: Facility, employee_id: int, role: str, basis: Basis, days: Span, *, by_owner: bool
) -> Designation:
    row = Designation(
        facility_id=facility.id,
        employee_id=employee_id,
        role=role,
        basis=basis,
        by_owner=by_owner,
        valid_from=days.start,
        valid_until=days.end,
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    return row


def _retest(work: Work, row: Designation) -> None:
    """Has tested again what rests on a designation: of one in an emergency everybody's licence may be judged
    otherwise (O. Reg. 129/04, s. 23 (1))."""
    if row.basis == Basis.EMERGENCY:
        kept_findings.retest(work, row.facility_id)
    else:
        kept_findings.retest_of(work, row.facility_id, row.employee_id)
