"""Whose Operator IDs employees have: as the office confirms them for an employer, and takes that back."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import exists, or_, select

from core.names import Likeness, Name, likeness, may_be_one
from core.places import day_at
from core.problems import refuse
from db import kept_findings, renewals
from db.disruption_schema import Emergency
from db.gate import Work
from db.people_facts import span
from db.people_schema import Employee, EmployeeChange, Employment, LicenceIssue, LicencesComplete
from db.register_schema import ExpiryReminder, ListedLicence, ListingImport
from db.schema import Account, Credential, Membership, OperatorProfile, Person

_ANOTHER_NAME = frozenset({Likeness.OTHER_FAMILY_NAME, Likeness.OTHER_GIVEN_NAME, Likeness.OTHER})
CORRECTED, CONFIRMED, TAKEN_BACK = "corrected", "confirmed", "taken_back"


def person_of(work: Work, one: Employee) -> Person | None:
    """The person behind an employee: as confirmed before, or of the account that has accepted the invitation."""
    if one.person_id is not None:
        return work.session.get_one(Person, one.person_id)
    return _by_account(work, one)


def is_confirmed(work: Work, one: Employee) -> bool:
    """Whether licences under the employee's own Operator ID count for this employer."""
    person = person_of(work, one)
    return person is not None and person.operator_id is not None and person.operator_id == one.claimed_operator_id


def is_another_name(one: Name, other: Name) -> bool:
    """Whether an officer has to say why two names are one person's: another family name, which may be a former
    one, or another given name."""
    return likeness(one, other) in _ANOTHER_NAME


def is_another_person(one: Employee, corrected: Name) -> bool:
    """Whether a corrected name is plainly another person's, and not the same one's written otherwise."""
    return not may_be_one(_called(one), corrected)


def other_name(one: Employee, holder: Person | None, listed: Collection[ListedLicence]) -> str:
    """The name under which an employee's Operator ID is on file, or else on the standing listing, where that is
    another than the employee's; "" where it is not. The listing may show several."""
    if holder is not None and is_another_name(holder.called, _called(one)):
        return holder.name
    names = [Name(row.first_name, row.last_name) for row in listed]
    if names and all(is_another_name(name, _called(one)) for name in names):
        return str(names[0])
    return ""


def listed_under(work: Work, operator_ids: Collection[str]) -> Mapping[str, list[ListedLicence]]:
    """The lines of the standing listing under each of these Operator IDs."""
    rows = (
        select(ListedLicence)
        .join(ListingImport, ListingImport.id == ListedLicence.import_id)
        .where(
            ListingImport.kind == "operators",
            ListingImport.state == "standing",
            ListedLicence.operator_id.in_(operator_ids),
        )
        .order_by(ListedLicence.id)
    )
    found: dict[str, list[ListedLicence]] = defaultdict(list)
    for row in work.session.scalars(rows):
        found[row.operator_id].append(row)
    return found


def must_be_listed(work: Work, number: str) -> None:
    """Raises Refused for an operator of days to come whom the standing listing does not know, unless the office
    believes a certificate all the same. Without a listing on file nobody can be missed."""
    listing = select(ListingImport.id).where(ListingImport.kind == "operators", ListingImport.state == "standing")
    import_id = work.session.scalar(listing)
    if import_id is None:
        return
    believed = (
        select(Credential.id)
        .join(Person, Person.id == Credential.person_id)
        .where(Person.operator_id == number, renewals.standing(day_at(work.at)))
    )
    listed = exists().where(ListedLicence.import_id == import_id, ListedLicence.operator_id == number)
    if number and work.session.scalar(select(or_(listed, believed.exists()))):
        return
    if not number:
        raise refuse(
            "Enter the Operator ID: whoever is employed as an operator for days to come has to be on the "
            "ministry’s listing. Or enter a last day that has come, or ask the office for an override. Where an "
            "emergency is declared, record it first.",
            field="operator_id",
        )
    raise refuse(
        "Operator ID “{number}” is not on the ministry’s listing, so the person cannot be employed as an operator "
        "for days to come. Correct it, enter a last day that has come, or ask the office for an override. Where "
        "an emergency is declared, record it first.",
        field="operator_id",
        number=number,
    )


def in_declared_emergency(work: Work, facility_id: int, first: date | None) -> bool:
    """Whether a declared emergency is on record for the first day of an employment: s. 23 (1) then says who may be
    employed without the licence of s. 14, and the finding whether this one may."""
    declared = select(Emergency).where(
        Emergency.facility_id == facility_id, Emergency.superseded_at.is_(None), Emergency.declared.is_(True)
    )
    return first is not None and any(first in span(one) for one in work.session.scalars(declared))


def facilities_of(work: Work, one: Employee) -> list[int]:
    """The ids of the facilities where somebody is or was employed under this name."""
    there = select(Employment.facility_id).where(Employment.employee_id == one.id)
    return list(work.session.scalars(there.distinct()))


def keep_as_it_was(work: Work, one: Employee, kind: str, reason: str = "") -> None:
    """Keeps the name and Operator ID of an employee as they stand, before something of them is changed."""
    work.session.add(
        EmployeeChange(
            employee_id=one.id,
            kind=kind,
            given_name=one.given_name,
            family_name=one.family_name,
            claimed_operator_id=one.claimed_operator_id,
            reason=reason,
            recorded_at=work.at,
            recorded_by=work.account.id,
        )
    )


def is_confirmed_by_office(work: Work, one: Employee) -> bool:
    """Whether the office has confirmed the employee's own Operator ID, and not taken that back since."""
    last = work.session.scalar(
        select(EmployeeChange)
        .where(EmployeeChange.employee_id == one.id, EmployeeChange.kind.in_((CONFIRMED, TAKEN_BACK)))
        .order_by(EmployeeChange.id.desc())
        .limit(1)
    )
    return last is not None and last.kind == CONFIRMED and last.claimed_operator_id == one.claimed_operator_id


def rests_elsewhere(work: Work, one: Employee) -> bool:
    """Whether the account of an employee has its Operator ID by something else than this confirmation."""
    person = _by_account(work, one)
    return person is not None and person.operator_id is not None and _has_it_otherwise(work, one, person)


def unconfirm(work: Work, one: Employee) -> None:
    """The employee is no longer known by the Operator ID; whatever rests on that is tested again. The person keeps
    it only where something else says so: a verified profile, another employer, past licences on record."""
    person = person_of(work, one)
    if person is None:
        return
    kept_findings.retest_people(work, [person.id])
    has_account = _by_account(work, one) is not None
    one.person_id = None
    work.session.flush()
    past = not has_account and _has_past_licences(work, person)
    if past or _has_it_otherwise(work, one, person):
        return
    person.operator_id = None
    if _is_nobodys(work, person):  # made by the confirmation alone: no name stays behind it
        work.session.delete(person)
    work.session.flush()


def _by_account(work: Work, one: Employee) -> Person | None:
    return work.session.scalar(
        select(Person)
        .join(Account, Account.person_id == Person.id)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.id == one.membership_id, Membership.since.is_not(None))
    )


def _has_it_otherwise(work: Work, one: Employee, person: Person) -> bool:
    """By a verified profile, or as confirmed for another employer or under another name."""
    profile = exists().where(Credential.person_id == person.id)
    employee = exists().where(
        Employee.person_id == person.id,
        Employee.id != one.id,
        Employee.claimed_operator_id == person.operator_id,
    )
    return bool(work.session.scalar(select(or_(profile, employee))))


def _is_nobodys(work: Work, person: Person) -> bool:
    """Whether no account, no employee and nothing on file is of this person any more."""
    tables = (Account, OperatorProfile, Credential, Employee, LicenceIssue, LicencesComplete, ExpiryReminder)
    return not work.session.scalar(select(or_(*(exists().where(one.person_id == person.id) for one in tables))))


def _has_past_licences(work: Work, person: Person) -> bool:
    tables = (LicenceIssue, LicencesComplete)
    stands = [exists().where(table.person_id == person.id, table.superseded_at.is_(None)) for table in tables]
    return bool(work.session.scalar(select(or_(*stands))))


def _called(one: Employee) -> Name:
    return Name(one.given_name, one.family_name)
