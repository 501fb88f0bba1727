"""One human being under two rows: an employee whose Operator ID the office confirmed before there was an account,
or somebody who closed an account and came back. The newer row takes over the Operator ID, and what rests on it."""

from typing import Any

from sqlalchemy import or_, select, update

from db import kept_findings
from db.gate import Work
from db.people_schema import Employee, LicenceIssue, LicencesComplete
from db.schema import Account, Person

_FOLLOWS: tuple[Any, ...] = (Employee, LicenceIssue, LicencesComplete)


def take_over(work: Work, operator_id: str, person: Person) -> None:
    """The Operator ID is taken from whoever has no account, or has closed it; employments and past licences go
    with the person who has it from now on. Of somebody with an account nothing is taken."""
    before = work.session.scalar(
        select(Person)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(
            Person.operator_id == operator_id,
            Person.id != person.id,
            or_(Account.id.is_(None), Account.state == "closed"),
        )
    )
    if before is None:
        return
    kept_findings.retest_people(work, [before.id])
    before.operator_id = None
    work.session.flush()
    for table in _FOLLOWS:
        work.session.execute(update(table).where(table.person_id == before.id).values(person_id=person.id))
    work.record("person.operator_id_taken", "person", before.id, by=person.id)
