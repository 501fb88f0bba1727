"""Who an organization's employees are: the person whose licences count, as confirmed or as an account says."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, union_all
from sqlalchemy.orm import aliased

from db.gate import Work
from db.people_schema import Employee
from db.schema import Account, Membership, Person


@dataclass(frozen=True)
class Holder:
    """Whose licences an employee's are: the person, and the Operator ID that the office confirmed, where known.

    invited: to act for the organization, by an invitation that has not ended.
    """

    person_id: int | None
    operator_id: str | None
    invited: bool


def holders_of(work: Work, employees: Iterable[Employee]) -> dict[int, Holder]:
    """Whose licences those of employees are, by their ids: of an accepted invitation its account's person."""
    employees = tuple(employees)
    memberships = (
        select(Membership.id, Membership.since, Membership.ended_at, Account.person_id)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.id.in_({one.membership_id for one in employees}))
    )
    rows = work.session.execute(memberships).all()
    by_account = {row.id: row.person_id for row in rows if row.since is not None}
    invited = {row.id for row in rows if row.ended_at is None}
    person_of = {one.id: one.person_id or by_account.get(one.membership_id or 0) for one in employees}
    persons = select(Person.id, Person.operator_id).where(Person.id.in_(set(person_of.values()) - {None}))
    confirmed: dict[int | None, str | None] = {row.id: row.operator_id for row in work.session.execute(persons)}
    return {
        one.id: Holder(
            person_of[one.id],
            _own_number(one, confirmed.get(person_of[one.id])),
            one.membership_id in invited,
        )
        for one in employees
    }


def is_one_of(person_ids: Collection[int], besides: Collection[int] = ()) -> ColumnElement[bool]:
    """An employee who is one of these people: as confirmed, or by the account that accepted the invitation; or
    whose own id is one of those `besides`."""
    one = aliased(Employee)  # each by its own index: with "or" PostgreSQL would look at every employee
    by_account = (
        select(one.id)
        .join(Membership, Membership.id == one.membership_id)
        .join(Account, Account.id == Membership.account_id)
        .where(Account.person_id.in_(person_ids), Membership.since.is_not(None))
    )
    ids = [select(one.id).where(one.person_id.in_(person_ids)), by_account]
    if besides:
        ids.append(select(one.id).where(one.id.in_(besides)))
    return Employee.id.in_(union_all(*ids))


def first_of_each_person(holders: Mapping[int, Holder]) -> dict[int, int]:
    """For each employee the first who is the same person, as an Operator ID or an account says; itself where
    nobody knows who it is."""
    found: dict[int, int] = {}
    first: dict[int, int] = {}
    for id, holder in sorted(holders.items()):
        found[id] = id if holder.person_id is None else first.setdefault(holder.person_id, id)
    return found


def _own_number(row: Employee, confirmed: str | None) -> str | None:
    """The Operator ID that the office confirmed of the person, unless the owner entered another one."""
    return confirmed if row.claimed_operator_id in ("", confirmed) else None
