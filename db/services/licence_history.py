"""What the office records of people's past licences: when each was issued, and from when on all are on record.

Listings show licences from their own day on only (reading R28); whether somebody was licensed on a day before that
(O. Reg. 129/04, s. 14; O. Reg. 435/93, s. 14) takes the day of issue.
"""

from datetime import date

from sqlalchemy import select

from core import entries, people_entries
from core.certificate_applications import not_to_come
from core.places import day_at
from core.problems import Problem, raise_if_any, refuse
from core.roles import Role
from core.sentences import Sentence
from db import holders, kept_findings
from db.facility_facts import locked_employee, supersede
from db.gate import Work, service
from db.people_schema import LicenceIssue, LicencesComplete
from db.schema import Person


@service(Role.OFFICER, writes=True)
def record_issue(
    work: Work,
    employee_id: int,
    number: str,
    licence_type: str | None,
    licence_class: str | None,
    issued_on: date | None,
    expiry: date | None,
    clear: bool,
    valid_for: str = "",
    extended_to: date | None = None,
) -> int:
    """Records one issue of an employee's licence. clear: it was neither suspended nor cancelled, and not extended
    but to `extended_to` (O. Reg. 129/04, s. 22 (2)). What was recorded of the same issue before gives way."""
    person = _person(work, employee_id)
    raise_if_any(
        [
            *entries.past_licence(number, licence_type, licence_class, issued_on, expiry, valid_for),
            *not_to_come("issued_on", "The issue", issued_on, day_at(work.at)),
            *people_entries.extension(expiry, extended_to),
        ]
    )
    row = LicenceIssue(
        person_id=person.id,
        number=entries.clean(number),
        licence_type=str(licence_type),
        licence_class=licence_class or None,
        expiry=expiry,
        valid_for=entries.clean(valid_for),
        clear=clear,
        extended_to=extended_to,
        valid_from=issued_on,
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    same = select(LicenceIssue).where(
        LicenceIssue.person_id == person.id,
        LicenceIssue.number == row.number,
        LicenceIssue.licence_type == row.licence_type,
        LicenceIssue.valid_from == issued_on,
        LicenceIssue.superseded_at.is_(None),
    )
    before = work.session.scalars(same).all()
    work.session.add(row)
    work.session.flush()
    for one in before:
        supersede(work, one, row.id)
    work.record("licence_issue.recorded", "person", person.id, issue=row.id)
    kept_findings.retest_people(work, [person.id])
    return row.id


@service(Role.OFFICER, writes=True)
def record_complete(work: Work, employee_id: int, since: date | None) -> int:
    """Records that from a day on every licence of an employee is on record, in place of what was found before."""
    person = _person(work, employee_id)
    if since is None:
        raise_if_any([Problem("since", Sentence("Enter the first day from which every licence is on record."))])
    raise_if_any(not_to_come("since", "That day", since, day_at(work.at)))
    row = LicencesComplete(person_id=person.id, valid_from=since, recorded_at=work.at, recorded_by=work.account.id)
    stands = LicencesComplete.superseded_at.is_(None)
    before = work.session.scalars(
        select(LicencesComplete).where(LicencesComplete.person_id == person.id, stands)
    ).all()
    work.session.add(row)
    work.session.flush()
    for one in before:
        supersede(work, one, row.id)
    work.record("licences_complete.recorded", "person", person.id, complete=row.id)
    kept_findings.retest_people(work, [person.id])
    return row.id


def _person(work: Work, employee_id: int) -> Person:
    """The person behind an employee, locked. Raises Refused where the Operator ID is not confirmed."""
    employee = locked_employee(work, employee_id)
    holder = holders.holders_of(work, [employee])[employee.id]
    if holder.operator_id is None or holder.person_id is None:
        raise refuse(
            "The Operator ID of {name} is not confirmed yet. Confirm it first.",
            field="employee_id",
            name=employee.name,
        )
    return work.for_update(Person, holder.person_id)
