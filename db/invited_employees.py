"""Invitations of employees: as whom somebody is invited, and whose account accepts.

Whoever accepts brings their licences to the employee, and is one person with every other employee of the account.
An account that is another employee there already is refused, unless the employer has said that the two are one by
entering the same Operator ID for both. So is one whose confirmed Operator ID is another than the employee's, and
one whose e-mail is not confirmed, or no more the one that was invited. Whoever bears another name has to say, for
the record, that they are the one invited.
"""

from collections.abc import Collection

from sqlalchemy import select

from core.names import plain
from core.problems import refuse
from db.gate import Work
from db.holders import is_one_of
from db.people_schema import Employee
from db.schema import Account, Membership, Person


def names(work: Work, membership_ids: Collection[int]) -> dict[int, str]:
    """The name of the employee whom each of these memberships invites, by its id; those of nobody are left out."""
    rows = work.session.scalars(select(Employee).where(Employee.membership_id.in_(membership_ids)))
    return {one.membership_id: one.name for one in rows if one.membership_id is not None}


def bears_another_name(invited: str, called: str) -> bool:
    """Whether an account's holder is called otherwise than the employee who is invited."""
    return plain(invited) != plain(called)


def must_be_the_one(work: Work, membership: Membership, account: Account, *, as_invited: bool) -> None:
    """Raises Refused where the account may not be that of the employee who is invited. as_invited: its holder says
    that they are, by whatever name."""
    one = work.session.scalar(select(Employee).where(Employee.membership_id == membership.id))
    if one is None:
        return
    _must_have_its_email(membership, account)
    _must_have_its_operator_id(one, account.person)
    _must_not_be_another(work, one, account)
    if bears_another_name(one.name, account.person.name) and not as_invited:
        raise refuse(
            "This invitation is for {invited}, and your account is that of {name}. If both are you, tick that you "
            "are the one invited; if not, decline it.",
            field="as_invited",
            invited=one.name,
            name=account.person.name,
        )


def _must_have_its_email(membership: Membership, account: Account) -> None:
    """Whoever reads the mail of the address is invited, and nobody else."""
    if account.email != membership.email:
        raise refuse(
            "This invitation was sent to {invited}, and the e-mail of your account is {email} by now. Ask the "
            "organization to invite you at that one, and decline this invitation.",
            invited=membership.email,
            email=account.email,
        )
    if account.email_confirmed_at is None:
        raise refuse("Confirm your e-mail first, by the link that was sent to {email}; then accept.",
                     email=account.email)  # fmt: skip


def _must_have_its_operator_id(one: Employee, person: Person) -> None:
    if one.claimed_operator_id and person.operator_id not in (None, one.claimed_operator_id):
        raise refuse(
            "This invitation is for {invited}, and your confirmed Operator ID is {number}. If you are not the one "
            "invited, decline it. If you are, ask the organization to correct the Operator ID; then accept.",
            invited=_told(one),
            number=person.operator_id,
        )


def _must_not_be_another(work: Work, one: Employee, account: Account) -> None:
    """Raises Refused where the account is another employee of the organization that invites."""
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
