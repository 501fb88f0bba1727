"""Correcting who an employee is: a name or an Operator ID typed wrongly, a confirmation that was a mistake, and an
invitation that somebody else accepted.

What was before stays on record, with who changed it and when; whatever rests on it is tested in the same
transaction.
"""

from sqlalchemy import select

from core import entries, people_entries
from core.employment import Capacity
from core.membership import Right
from core.names import Name
from core.people_entries import days_to_come
from core.places import day_at
from core.problems import raise_if_any, refuse
from core.roles import ACTING, Role
from db import kept_findings, memberships, operator_ids
from db.facility_facts import locked_employee
from db.facility_people import span
from db.gate import NotAllowed, Work, service
from db.own_facilities import held
from db.people_schema import Employee, Employment
from db.schema import Facility, Membership, Organization


@service(*ACTING, writes=True)
def correct_employee(
    work: Work,
    facility_id: int,
    employee_id: int,
    version: int,
    given_name: str,
    family_name: str,
    operator_id: str,
) -> None:
    """Corrects the name or the Operator ID of an employee. Another Operator ID, or a name that is plainly another
    person's, waits for the office to confirm it."""
    _must_be_employed(work, Right.RECORD, facility_id, employee_id)
    raise_if_any(people_entries.employee(given_name, family_name, operator_id))
    one = locked_employee(work, employee_id)
    work.touch(one, version)
    given, family = entries.clean(given_name), entries.clean(family_name)
    number = entries.clean(operator_id)
    if (given, family, number) == (one.given_name, one.family_name, one.claimed_operator_id):
        raise refuse("Nothing is different from what is on record. Change the name or the Operator ID.")
    if number != one.claimed_operator_id and _is_operator_to_come(work, one):
        operator_ids.must_be_listed(work, number)
    operator_ids.keep_as_it_was(work, one, operator_ids.CORRECTED)
    if number != one.claimed_operator_id or operator_ids.is_another_person(one, Name(given, family)):
        operator_ids.unconfirm(work, one)
    one.given_name, one.family_name, one.claimed_operator_id = given, family, number
    work.record("employee.corrected", "employee", one.id)
    kept_findings.retest(work, *operator_ids.facilities_of(work, one))


@service(Role.OFFICER, writes=True)
def take_back_confirmation(work: Work, employee_id: int, version: int, reason: str) -> None:
    """Takes back that an Operator ID is this employee's: it was confirmed by mistake. From now on the licences
    under it count no more for this employer, until the office confirms an Operator ID again."""
    raise_if_any(entries.reason("reason", reason, what="why the confirmation is taken back"))
    one = locked_employee(work, employee_id)
    work.touch(one, version)
    if not operator_ids.is_confirmed(work, one):
        raise refuse("No Operator ID of {name} is confirmed, so there is nothing to take back.", name=one.name)
    if operator_ids.rests_elsewhere(work, one):
        raise refuse(
            "The account of {name} has this Operator ID by a verified profile, or as confirmed for another "
            "employer. Correct it there first.",
            name=one.name,
        )
    operator_ids.keep_as_it_was(work, one, operator_ids.TAKEN_BACK, entries.clean_reason(reason))
    operator_ids.unconfirm(work, one)
    work.record("employee.confirmation_withdrawn", "employee", one.id)
    kept_findings.retest(work, *operator_ids.facilities_of(work, one))


@service(*ACTING, writes=True)
def part_from_account(work: Work, facility_id: int, employee_id: int, version: int, reason: str) -> None:
    """The account that accepted the invitation of this employee is somebody else's: it acts for the organization
    no more, and its person is not this employee. What the office confirmed stays."""
    raise_if_any(entries.reason("reason", reason, what="why the account is somebody else’s"))
    _must_be_employed(work, Right.MANAGE, facility_id, employee_id)
    work.for_update(Organization, held(work, Right.MANAGE, facility_id).organization_id)
    one = locked_employee(work, employee_id)
    work.touch(one, version)
    person = operator_ids.person_of(work, one)
    invitation = work.session.get(Membership, one.membership_id) if one.membership_id else None
    if person is None or invitation is None:
        raise refuse("No account has accepted an invitation of {name}: there is none to part from.", name=one.name)
    kept_findings.retest_people(work, [person.id])
    if not operator_ids.is_confirmed_by_office(work, one):
        one.person_id = None
    elif invitation.since is None:
        raise refuse("The office has confirmed the Operator ID of {name}. Ask the office to take that back.",
                     name=one.name)  # fmt: skip
    operator_ids.keep_as_it_was(work, one, operator_ids.CORRECTED, entries.clean_reason(reason))
    if invitation.since is not None:
        one.membership_id = None
        _end(work, invitation)
    work.session.flush()
    work.record("employee.account_parted", "employee", one.id)
    kept_findings.retest(work, *operator_ids.facilities_of(work, one))


def _end(work: Work, membership: Membership) -> None:
    if membership.ended_at is not None:
        return
    memberships.must_not_be_last_manager(work, membership)
    memberships.end(work, membership)


def _must_be_employed(work: Work, right: Right, facility_id: int, employee_id: int) -> None:
    """Raises NotAllowed unless whoever asks has a right at a facility of the employer, where the employee is or
    was employed. Nothing is locked yet: that is done in the order of `locked_employee`."""
    there = held(work, right, facility_id)
    employed = (
        select(Employment.id)
        .join(Employee, Employee.id == Employment.employee_id)
        .where(
            Employment.facility_id == facility_id,
            Employment.employee_id == employee_id,
            Employment.superseded_at.is_(None),
            Employee.organization_id == there.organization_id,
        )
    )
    if work.session.scalar(employed.limit(1)) is None:
        raise NotAllowed


def _is_operator_to_come(work: Work, one: Employee) -> bool:
    """Whether the employee is to work as an operator on days to come, for which the listing has to know them."""
    rows = work.session.execute(
        select(Employment, Facility.time_zone)
        .join(Facility, Facility.id == Employment.facility_id)
        .where(
            Employment.employee_id == one.id,
            Employment.superseded_at.is_(None),
            Employment.capacity == Capacity.OPERATOR,
        )
    )
    return any(
        days_to_come(span(row), day_at(work.at, zone)) is not None
        and not operator_ids.in_declared_emergency(work, row.facility_id, row.valid_from)
        for row, zone in rows
    )
