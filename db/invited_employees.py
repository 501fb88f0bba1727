"""Invitations of employees: as whom somebody is invited, and whose account accepts.

Whoever accepts brings their licences to the employee, and is one person with every other employee of the account.
An account that is another employee there already is refused, unless the employer has said that the two are one by
entering the same Operator ID for both.
"""

from collections.abc import Collection

from sqlalchemy import select

from core.problems import refuse
from db.facility_people import is_one_of
from db.gate import Work
from db.people_schema import Employee
from db.schema import Account, Membership


def names(work: Work, membership_ids: Collection[int]) -> dict[int, str]:
    """The name of the employee whom each of these memberships invites, by its id; those of nobody are left out."""
    rows = work.session.scalars(select(Employee).where(Employee.membership_id.in_(membership_ids)))
    return {one.membership_id: one.name for one in rows if one.membership_id is not None}


def must_not_be_another(work: Work, membership: Membership, account: Account) -> None:
    """Raises Refused where the account is another employee of the organization that invites."""
    one = work.session.scalar(select(Employee).where(Employee.membership_id == membership.id))
    if one is None:
        return
    others = select(Employee).where(
        Employee.organization_id == one.organization_id, Employee.id != one.id, is_one_of([account.person_id])
    )
    for other in work.session.scalars(others.order_by(Employee.id)):
        if other.claimed_operator_id and other.claimed_operator_id == one.claimed_operator_id:
            continue
        raise refuse(
            "This invitation is for {invited}, and your account is that of another employee there: {other}. If "
            "you are not the one invited, decline it. If both are you, ask the organization to enter your "
            "Operator ID for both; then accept.",
            invited=_told(one),
            other=_told(other),
        )


def _told(one: Employee) -> str:
    return f"{one.name} ({one.claimed_operator_id or 'no Operator ID'})"
