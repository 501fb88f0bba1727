"""Who is employed at a facility: recording, ending, inviting, and what the office notes of it.

O. Reg. 129/04, ss. 13 and 14. What has happened can always be recorded; an operator for days to come must be on
the ministry's listing, or hold a certificate that the office believes by an override.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from core import entries, people_entries
from core.certificate_applications import not_to_come
from core.employment import Capacity
from core.membership import Grant, Right
from core.names import Name
from core.people_entries import days_to_come, span
from core.places import day_at
from core.problems import Problem, raise_if_any, refuse
from core.profiles import State
from core.roles import ACTING, Role
from core.sentences import Sentence
from db import facility_people, holders, invitations, kept_findings, operator_ids
from db.accounts import contacts
from db.facility_facts import end, end_through, give_way, locked_employee, locked_fact, must_be_of
from db.gate import Work, service
from db.left_behind import LeftBehind, left_behind
from db.own_facilities import held
from db.people_schema import Employee, Employment, LicenceDisplay
from db.schema import Facility, Organization, Person


@service(*ACTING, writes=True)
def employ(
    work: Work,
    facility_id: int,
    given_name: str,
    family_name: str,
    operator_id: str,
    position: str,
    capacity: str | None,
    full_time: bool,
    first: date | None,
    last: date | None = None,
    another_person: bool = False,
) -> int:
    """Records somebody as employed at a facility. Returns the id of the employee, the same for the same name and
    Operator ID, unless it is another person of that name: of somebody without an Operator ID that is asked where
    the name is on record with one. Licences count once the office has confirmed the Operator ID for this employer:
    number and name are public, so that entering both proves nothing."""
    there = held(work, Right.RECORD, facility_id)
    facility = work.for_update(Facility, there.facility.id)
    raise_if_any(
        [
            *people_entries.employee(given_name, family_name, operator_id),
            *people_entries.employment(position, capacity),
            *people_entries.days(first, last),
        ]
    )
    assert first is not None  # noqa: S101 - checked above
    number = entries.clean(operator_id)
    to_come = days_to_come(span(first, last), day_at(work.at, facility.time_zone)) is not None
    in_emergency = operator_ids.in_declared_emergency(work, facility.id, first)
    if capacity == Capacity.OPERATOR and to_come and not in_emergency:
        operator_ids.must_be_listed(work, number)
    named = Name(entries.clean(given_name), entries.clean(family_name))
    of_name = _named(work, there.organization_id, named)
    known = [one for one in of_name if one.claimed_operator_id == number]
    if another_person or not known:
        _must_be_another(known, number)
        if not (another_person or number):
            _must_not_be_known_by_number(of_name)
        one = _new_employee(work, there.organization_id, named, number)
    else:
        one = _the_one(known)
    _must_not_overlap(work, facility, one, first, last)
    days = span(first, last)
    row = Employment(
        facility_id=facility.id,
        employee_id=one.id,
        position=entries.clean(position),
        capacity=str(capacity),
        full_time=full_time,
        valid_from=days.start,
        valid_until=days.end,
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    work.record("employment.recorded", "facility", facility.id, employment=row.id, employee=one.id)
    kept_findings.retest_of(work, facility.id, one.id, training=True)
    return one.id


@service(*ACTING, writes=True)
def end_employment(work: Work, employment_id: int, last: date | None) -> tuple[LeftBehind, ...]:
    """Records the last day of an employment; what rests on it is tested again. The designations that it leaves
    without an employment."""
    row, facility = locked_fact(work, Right.RECORD, Employment, employment_id)
    ended = end_through(work, row, last)
    assert ended.valid_until is not None  # noqa: S101 - it has an end now
    work.record("employment.ended", "facility", facility.id, employment=row.id)
    kept_findings.retest_of(work, facility.id, row.employee_id, training=True)
    return left_behind(work, facility, row.employee_id, ended.valid_until)


@service(*ACTING, writes=True)
def invite(work: Work, facility_id: int, employee_id: int, email: str) -> None:
    """Invites an employee by mail to an account that sees how the facility stands; no profile is needed."""
    wrong = contacts.problem_with_email(email)
    raise_if_any([wrong] if wrong else [])
    organization = work.for_update(Organization, held(work, Right.MANAGE, facility_id).organization_id)
    must_be_of(work, Right.MANAGE, facility_id, employee_id)
    one = work.for_update(Employee, employee_id)
    if organization.state != State.ACTIVE:
        raise refuse("The office has to verify your organization first; then you can invite people.")
    if holders.holders_of(work, [one])[one.id].invited:
        raise refuse("{name} is invited already: look under My organization’s people.", name=one.name)
    before = operator_ids.person_of(work, one)  # by an invitation that was accepted and has ended, too
    membership = invitations.offer(work, organization, email, [Grant(Right.READ, facility_id)])
    invitations.mail(work, membership, organization)
    work.touch(one, one.version)
    one.person_id, one.membership_id = before.id if before else None, membership.id
    work.record("membership.offered", "membership", membership.id, organization=organization.id, employee=one.id)


@service(*ACTING, writes=True)
def display_licence(
    work: Work, facility_id: int, employee_id: int, number: str, since: date | None, place: str
) -> int:
    """Records where a copy of an employee’s licence is conspicuously displayed, and since when; a place recorded
    before, of this licence or without a number, ends on that day."""
    facility = must_be_of(work, Right.RECORD, facility_id, employee_id)
    today = day_at(work.at, facility.time_zone)
    problems = entries.text("number", "the licence’s number", number, entries.NUMBER_LENGTH)
    problems += entries.text("place", "where the copy is displayed", place, entries.NAME_LENGTH)
    if since is None:
        problems.append(Problem("since", Sentence("Enter since when the copy is displayed.")))
    raise_if_any([*problems, *not_to_come("since", "The display", since, today)])
    assert since is not None  # noqa: S101 - checked above
    recorded = work.session.scalars(
        select(LicenceDisplay).where(
            LicenceDisplay.facility_id == facility.id,
            LicenceDisplay.employee_id == employee_id,
            LicenceDisplay.number.in_(("", entries.clean_number(number))),
            LicenceDisplay.superseded_at.is_(None),
        )
    ).all()
    later = [one.valid_from for one in recorded if one.valid_from and one.valid_from > since]
    row = LicenceDisplay(
        facility_id=facility.id,
        employee_id=employee_id,
        place=entries.clean(place),
        number=entries.clean_number(number),
        valid_from=since,
        valid_until=min(later, default=None),
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    give_way(work, recorded, since, row.id)
    work.record("licence_display.recorded", "facility", facility.id, display=row.id, employee=employee_id)
    kept_findings.retest_of(work, facility.id, employee_id)
    return row.id


@service(*ACTING, writes=True)
def end_display(work: Work, display_id: int, last: date | None) -> None:
    """Records the last day on which a copy of a licence hung there; what rests on it is tested again."""
    row, facility = locked_fact(work, Right.RECORD, LicenceDisplay, display_id)
    end_through(work, row, last)
    work.record("licence_display.ended", "facility", facility.id, display=row.id)
    kept_findings.retest_of(work, facility.id, row.employee_id)


# --- the office ---------------------------------------------------------------------------------------------


@service(Role.OFFICER, writes=True)
def confirm_operator_id(work: Work, employee_id: int, version: int, because: str = "") -> None:
    """Confirms that an Operator ID is this employee's: from now on the licences under it count.

    because: why a person of another name, on file or on the standing listing, is this employee. Raises Refused
    where that is needed and missing.
    """
    one = locked_employee(work, employee_id)
    work.touch(one, version)
    if not one.claimed_operator_id:
        raise refuse("No Operator ID is entered for {name}. Ask the owner for it.", name=one.name)
    person = operator_ids.person_of(work, one)
    holder = work.session.scalar(select(Person).where(Person.operator_id == one.claimed_operator_id))
    if holder is not None and person is not None and holder.id != person.id:
        raise refuse("Operator ID {number} belongs to somebody else on file.", number=one.claimed_operator_id)
    if person is not None and person.operator_id not in (None, one.claimed_operator_id):
        raise refuse("{name} is on file under another Operator ID. Ask the owner to enter it.", name=one.name)
    number = one.claimed_operator_id
    listed = operator_ids.listed_under(work, [number])[number]
    reason = _why_one_person(one, operator_ids.other_name(one, holder, listed), because)
    newly = holder is None
    if holder is None:
        holder = person or Person(given_name=one.given_name, family_name=one.family_name, created_at=work.at)
        work.session.add(holder)
        holder.operator_id = one.claimed_operator_id
        work.session.flush()
    operator_ids.keep_as_it_was(work, one, operator_ids.CONFIRMED, reason)
    one.person_id = holder.id
    work.session.flush()
    work.record("person.operator_id", "person", holder.id, employee=one.id)
    if newly:  # whoever else is that person by an account is known by the Operator ID, too
        kept_findings.retest_people(work, [holder.id])
    else:
        kept_findings.retest(work, *operator_ids.facilities_of(work, one))


def _why_one_person(one: Employee, other: str, because: str) -> str:
    """The reason as it is kept, "" where none is needed. Raises Refused where there is none, or too long a one."""
    if not other:
        return ""
    if not entries.clean_reason(because):
        raise refuse(
            "Operator ID {number} is that of {other}, another name. Write why {name} is the same person, or leave "
            "it unconfirmed.",
            field="because",
            number=one.claimed_operator_id,
            other=other,
            name=one.name,
        )
    raise_if_any(entries.reason("because", because, what="why they are one person"))
    return entries.clean_reason(because)


@service(Role.OFFICER, writes=True)
def note_starts_anew(work: Work, employment_id: int, note: str) -> None:
    """Notes that an employment continues no earlier one, so that the six months of an engineer start with it."""
    raise_if_any(entries.reason("note", note, what="why it starts anew"))
    found = work.session.get(Employment, employment_id)
    if found is None:
        raise refuse("There is no such employment. Check the link.")
    facility = work.for_update(Facility, found.facility_id)
    row = work.for_update(Employment, employment_id)
    if row.superseded_at is not None:
        raise refuse("This was changed since your page was drawn. Look at what stands now.")
    noted = end(work, row, row.valid_until)
    noted.starts_anew, noted.note = True, entries.clean_reason(note)
    work.record("employment.noted", "facility", facility.id, employment=noted.id)
    kept_findings.retest_of(work, facility.id, noted.employee_id, training=True)


# --- what they share ----------------------------------------------------------------------------------------


def _named(work: Work, organization_id: int, named: Name) -> Sequence[Employee]:
    """The organization's employees of this name."""
    of_name = select(Employee).where(
        Employee.organization_id == organization_id,
        Employee.given_name == named.given,
        Employee.family_name == named.family,
    )
    return work.session.scalars(of_name.order_by(Employee.id)).all()


def _must_not_be_known_by_number(of_name: Sequence[Employee]) -> None:
    """Raises Refused, as a question, where somebody of this name is on record with an Operator ID: whoever is
    entered without one may be the same person, whose time counts as one."""
    numbers = [one.claimed_operator_id for one in of_name if one.claimed_operator_id]
    if numbers:
        raise refuse(
            "Is this the {name} who is on record with Operator ID {numbers}? If so, enter that Operator ID; if it "
            "is somebody else, tick “Another person of this name”.",
            field="operator_id",
            name=of_name[0].name,
            numbers=" or ".join(numbers),
        )


def _must_be_another(known: Sequence[Employee], number: str) -> None:
    """Raises Refused where somebody of this name and Operator ID is on record: one Operator ID is one person's."""
    if known and number:
        raise refuse(
            "{name} with Operator ID {number} is on record already, and an Operator ID is one person’s. Correct "
            "the Operator ID, or leave “Another person of this name” unticked.",
            field="operator_id",
            name=known[0].name,
            number=number,
        )


def _the_one(known: Sequence[Employee]) -> Employee:
    """Raises Refused where nobody can tell which of several people of one name is meant."""
    if len(known) > 1:
        raise refuse(
            "{count} people named {name} are on record without an Operator ID. Correct who they are by their "
            "Operator IDs first, or tick “Another person of this name”.",
            field="family_name",
            count=len(known),
            name=known[0].name,
        )
    return known[0]


def _new_employee(work: Work, organization_id: int, named: Name, number: str) -> Employee:
    made = Employee(
        organization_id=organization_id,
        given_name=named.given,
        family_name=named.family,
        claimed_operator_id=number,
        recorded_at=work.at,
        recorded_by=work.account.id,
        changed_at=work.at,
        changed_by=work.account.id,
    )
    work.session.add(made)
    work.session.flush()
    return made


def _must_not_overlap(work: Work, facility: Facility, one: Employee, first: date, last: date | None) -> None:
    days = span(first, last)
    of_both = select(Employment).where(
        Employment.facility_id == facility.id,
        Employment.employee_id == one.id,
        Employment.superseded_at.is_(None),
    )
    for row in work.session.scalars(of_both):
        if facility_people.span(row).overlaps(days):
            raise refuse(
                "{name} is employed there from {start} already. End that employment first.",
                field="first",
                name=one.name,
                start=row.valid_from,
            )
