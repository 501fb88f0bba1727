"""One human being under two rows: an employee whose Operator ID the office confirmed before there was an account,
or somebody who closed an account and came back. The newer row takes over the Operator ID, and what rests on it.

The office is told before it decides (db/verification/flags.py), and where the names are not one person's it says
why the two are.
"""

from typing import Any

from sqlalchemy import ColumnElement, exists, select, update

from core import entries
from core.names import may_be_one
from core.problems import raise_if_any, refuse
from db import kept_findings
from db.gate import Work
from db.people_schema import Employee, LicenceIssue, LicencesComplete
from db.schema import Account, Person

_FOLLOWS: tuple[Any, ...] = (Employee, LicenceIssue, LicencesComplete)


def nobody_signs_in() -> ColumnElement[bool]:
    """A person without an account, or whose account is closed."""
    return ~exists().where(Account.person_id == Person.id, Account.state != "closed")


def take_over(work: Work, operator_id: str, person: Person, because: str) -> str:
    """The Operator ID is taken from whoever has no account, or has closed it; employments and past licences go
    with the person who has it from now on. Of somebody with an account nothing is taken.

    `because` is why two of different names are one person: Raises Refused where that is needed and missing. The
    reason is returned, "" where none was needed.
    """
    before = work.session.scalar(
        select(Person).where(Person.operator_id == operator_id, Person.id != person.id, nobody_signs_in())
    )
    if before is None:
        return ""
    needed = "" if may_be_one(before.called, person.called) else _written(operator_id, before, because)
    kept_findings.retest_people(work, [before.id])
    before.operator_id = None
    work.session.flush()
    for table in _FOLLOWS:
        work.session.execute(update(table).where(table.person_id == before.id).values(person_id=person.id))
    work.record("person.operator_id_taken", "person", before.id, by=person.id)
    return needed


def _written(operator_id: str, before: Person, because: str) -> str:
    """The reason as it is kept. Raises Refused where there is none, or too long a one."""
    given = entries.clean_reason(because)
    if not given:
        raise refuse(
            "Operator ID {number} is confirmed for {name}, another name. Approve the whole profile and write why "
            "the two are one person; or return it.",
            field="same_person",
            number=operator_id,
            name=before.name,
        )
    raise_if_any(entries.lines("same_person", "the reason why they are one person", given, entries.REASON_LENGTH))
    return given
