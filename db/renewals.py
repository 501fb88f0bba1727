"""Reminds of licences and certificates that expire soon: one mail a reader a night, each expiry and distance once.

Readers are the person; the owners who have asked for the person, and of a conditional licence the owner whom it
names (also while the profile is switched off or suspended, since who was asked once is counted on; of a closed
profile nobody); and those who record for a facility where the person is employed, with an account or without: what
the office confirmed, and what the listing shows besides.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, func, insert, or_, select, tuple_, union
from sqlalchemy.orm import aliased, lazyload
from sqlalchemy.sql.selectable import CompoundSelect

from core.alignment import Status
from core.calendar import add_months
from core.licences import Licence
from core.listings import ImportState, ListedStatus, ListingKind
from core.membership import Right
from core.names import owner_key
from core.places import day_at, start_of
from core.profiles import State
from core.renewals import ASKED_FOR_MONTHS, Ahead, last_expiry_to_remind_of, reminder
from core.roles import ACTING, Role
from core.sentences import in_english
from db import members, search_entries
from db.gate import Work
from db.licences_on_file import listed_licence
from db.own_facilities import relation_stands
from db.people_schema import Employee, Employment
from db.register_schema import ExpiryReminder, ListedLicence, ListingImport
from db.schema import (
    Account,
    AccountRole,
    ContactLook,
    Credential,
    FacilityRelation,
    Membership,
    OperatorProfile,
    Organization,
    Person,
)

Selected = TypeVar("Selected", bound=Select[*tuple[Any, ...]])
_Key = tuple[int, int, str, str, date, str]  # the columns of the unique index of ExpiryReminder


@dataclass(frozen=True)
class _Reminder:
    """One line of one reader's mail. `name` is the holder's, "" where the reader is the holder."""

    reader: Account
    person_id: int
    licence: Licence
    name: str
    before: Ahead

    @property
    def key(self) -> _Key:
        held = self.licence
        return (
            self.reader.id,
            self.person_id,
            held.number,
            held.licence_type.value,
            held.expiry,
            self.before.value,
        )

    def line(self, today: date) -> list[str]:
        """The line as the mail's template takes it."""
        held = self.licence
        days_left = in_english((held.expiry - today).days)
        return [self.name, held.label, held.number, in_english(held.expiry), days_left]


def remind(work: Work) -> int:
    """Puts the mails of one night into the outbox. How many there are; none the second time."""
    today = day_at(work.at)
    sent = set(_sent(work, today))
    due = {one.key: one for one in _due(work, today) if one.key not in sent}
    if not due:
        return 0
    work.session.execute(insert(ExpiryReminder), [_row(key, work.at) for key in due])
    by_reader: dict[Account, list[_Reminder]] = defaultdict(list)
    for one in sorted(due.values(), key=lambda one: (one.licence.expiry, one.name, one.licence.number)):
        by_reader[one.reader].append(one)
    work.mail_all("expiring", {reader: _values(reminders, today) for reader, reminders in by_reader.items()})
    for reader, reminders in by_reader.items():
        people = sorted({one.person_id for one in reminders})
        work.record("expiry.reminded", "account", reader.id, people=people)
    return len(by_reader)


def standing(day: date) -> ColumnElement[bool]:
    """A credential that is held true on a day, whether it has expired or not."""
    return and_(on_file(day), Credential.status == Status.IN_FORCE)


def on_file(day: date) -> ColumnElement[bool]:
    """A credential that is on file on a day: held true, or suspended, cancelled or not listed."""
    return and_(
        Credential.superseded_at.is_(None),
        or_(Credential.valid_from.is_(None), Credential.valid_from <= day),
        or_(Credential.valid_until.is_(None), Credential.valid_until > day),
    )


def _values(reminders: list[_Reminder], today: date) -> dict[str, list[list[str]]]:
    """What the mail's template takes: the reader's own, and other people's by name."""
    return {
        "own": [one.line(today)[1:] for one in reminders if not one.name],
        "others": [one.line(today) for one in reminders if one.name],
    }


def _row(key: _Key, at: datetime) -> dict[str, Any]:
    account_id, person_id, number, licence_type, expiry, before = key
    return {
        "account_id": account_id,
        "person_id": person_id,
        "number": number,
        "licence_type": licence_type,
        "expiry": expiry,
        "before": before,
        "at": at,
    }


def _sent(work: Work, today: date) -> Iterator[_Key]:
    """What was reminded of already, of the expiries that are still to come."""
    one = ExpiryReminder
    columns = (one.account_id, one.person_id, one.number, one.licence_type, one.expiry, one.before)
    return (tuple(row) for row in work.session.execute(select(*columns).where(one.expiry >= today)))  # type: ignore[misc]


def _due(work: Work, today: date) -> Iterator[_Reminder]:
    """Each reminder that is due today, sent already or not."""
    for reader, credential in work.session.execute(_to_holders(today)):
        if before := reminder(credential.expiry, today):
            yield _Reminder(reader, credential.person_id, search_entries.licence_of(credential), "", before)
    for reader, person_id, licence, name, owner in _of_others(work, today):
        before = reminder(licence.expiry, today)
        if before and licence.owner_key in ("", owner_key(owner)):
            yield _Reminder(reader, person_id, licence, name, before)


def _of_others(work: Work, today: date) -> Iterator[tuple[Account, int, Licence, str, str]]:
    """Readers with a person, a licence, the person's name, and the organization for which they read it."""
    for held in (_to_owners(today, _named(work, today)), _to_employers(today)):
        for reader, credential, given, family, organization in work.session.execute(held):
            licence = search_entries.licence_of(credential)
            yield reader, credential.person_id, licence, f"{given} {family}".strip(), organization
    for reader, row, given, family, organization, person_id in work.session.execute(_listed_to_employers(today)):
        yield reader, person_id, listed_licence(row), f"{given} {family}".strip(), organization


def _to_holders(today: date) -> Select[Account, Credential]:
    """Each holder whose account is in use, with each credential that may be due."""
    return (
        select(Account, Credential)
        .join(Credential, Credential.person_id == Account.person_id)
        .join(OperatorProfile, OperatorProfile.person_id == Account.person_id)
        .where(_expires_soon(today), _in_use(Account, Role.OPERATOR), OperatorProfile.state != State.CLOSED)
        .options(lazyload(Account.roles), lazyload(Account.person))
    )


def _to_owners(today: date, named: Collection[tuple[int, str]]) -> Select[Account, Credential, str, str, str]:
    """Whoever finds operators for the whole of an organization, with the credentials that it is concerned with.
    Members who find at named facilities only have those of people whom they asked for themselves."""
    concerned, holder, its = _concerned(today, named).subquery(), aliased(Person), aliased(Account)
    asked = exists().where(
        _asked_for(today),
        ContactLook.account_id == Account.id,
        ContactLook.organization_id == Organization.id,
        ContactLook.profile_id == OperatorProfile.id,
    )
    return (
        select(Account, Credential, holder.given_name, holder.family_name, Organization.name)
        .select_from(Account)
        .join(Membership, Membership.account_id == Account.id)
        .join(Organization, Organization.id == Membership.organization_id)
        .join(concerned, concerned.c.organization_id == Organization.id)
        .join(Credential, Credential.id == concerned.c.credential_id)
        .join(OperatorProfile, OperatorProfile.person_id == Credential.person_id)
        .join(holder, holder.id == OperatorProfile.person_id)
        .join(its, its.person_id == OperatorProfile.person_id)
        .where(
            _in_use(Account, *ACTING),
            or_(members.throughout(Right.FIND), and_(members.somewhere(Right.FIND), asked)),
            Account.person_id != OperatorProfile.person_id,
            _is_verified(today),
            _in_use(its, Role.OPERATOR),
            OperatorProfile.state != State.CLOSED,
        )
        .options(lazyload(Account.roles), lazyload(Account.person))
    )


def _concerned(today: date, named: Collection[tuple[int, str]]) -> CompoundSelect[int | None, int]:
    """Organizations and the credentials that they are concerned with and that may be due.

    They have asked for the person, or they are the owner whom a conditional licence names.
    """
    asked = (
        select(ContactLook.organization_id.label("organization_id"), Credential.id.label("credential_id"))
        .join(OperatorProfile, OperatorProfile.id == ContactLook.profile_id)
        .join(Credential, Credential.person_id == OperatorProfile.person_id)
        .where(ContactLook.organization_id.is_not(None), _asked_for(today), _expires_soon(today))
    )
    theirs = tuple_(Organization.id, Credential.valid_for_key).in_(named)
    conditional = select(Organization.id, Credential.id).join_from(Organization, Credential, theirs)
    return union(asked, conditional.where(_expires_soon(today)))


def _named(work: Work, today: date) -> list[tuple[int, str]]:
    """The organizations whom conditional licences name that may be due, each with the key of its name. Names are
    compared by core.names.owner_key, which SQL has not."""
    due = select(Credential.valid_for_key).where(Credential.valid_for_key != "", _expires_soon(today))
    keys = set(work.session.scalars(due))
    active = select(Organization.id, Organization.name).where(Organization.state == State.ACTIVE)
    organizations = ((one, owner_key(name)) for one, name in work.session.execute(active))
    return [(one, key) for one, key in organizations if key in keys]


def _to_employers(today: date) -> Select[Account, Credential, str, str, str]:
    """Whoever records for a facility, with the credentials of the people who are employed there."""
    employed = employed_on(today)
    named = (employed.c.given_name, employed.c.family_name, Organization.name)
    return _readers(select(Account, Credential, *named), employed, today).join(
        Credential, and_(Credential.person_id == employed.c.person_id, _expires_soon(today))
    )


def _listed_to_employers(today: date) -> Select[Account, ListedLicence, str, str, str, int]:
    """The same with what the standing listing shows and the office has not confirmed: a licence that is on file
    here, held true or suspended, is told by what is on file."""
    employed = employed_on(today)
    columns = (employed.c.given_name, employed.c.family_name, Organization.name, employed.c.person_id)
    is_on_file = exists().where(
        Credential.person_id == employed.c.person_id,
        Credential.number == ListedLicence.number,
        Credential.licence_type == ListedLicence.licence_type,
        on_file(today),
    )
    return (
        _readers(select(Account, ListedLicence, *columns), employed, today)
        .join(ListedLicence, ListedLicence.operator_id == employed.c.operator_id)
        .join(ListingImport, ListingImport.id == ListedLicence.import_id)
        .where(
            ListingImport.kind == ListingKind.OPERATORS,
            ListingImport.state == ImportState.STANDING,
            ListedLicence.status == ListedStatus.IN_FORCE,
            ListedLicence.expiry.between(today, last_expiry_to_remind_of(today)),
            ~is_on_file,
        )
    )


def employed_on(today: date) -> Subquery:
    """Who is employed where today, of the people whose Operator ID the office has confirmed."""
    its = aliased(Account)
    accepted = and_(Membership.id == Employee.membership_id, Membership.since.is_not(None))
    return (
        select(
            Employee.organization_id,
            Employment.facility_id,
            Employee.given_name,
            Employee.family_name,
            Person.id.label("person_id"),
            Person.operator_id,
        )
        .join(Employment, Employment.employee_id == Employee.id)
        .outerjoin(Membership, accepted)
        .outerjoin(its, its.id == Membership.account_id)
        .join(Person, Person.id == func.coalesce(Employee.person_id, its.person_id))
        .where(
            Employee.claimed_operator_id.in_(("", Person.operator_id)),
            Employment.superseded_at.is_(None),
            or_(Employment.valid_from.is_(None), Employment.valid_from <= today),
            or_(Employment.valid_until.is_(None), Employment.valid_until > today),
        )
        .subquery()
    )


def _readers(what: Selected, employed: Subquery, today: date) -> Selected:
    """Those who record for a facility that their organization holds, beside each who is employed there."""
    return (
        what.select_from(Account)
        .join(Membership, Membership.account_id == Account.id)
        .join(Organization, Organization.id == Membership.organization_id)
        .join(employed, employed.c.organization_id == Organization.id)
        .join(
            FacilityRelation,
            and_(
                FacilityRelation.organization_id == Organization.id,
                FacilityRelation.facility_id == employed.c.facility_id,
                relation_stands(today),
            ),
        )
        .where(
            _in_use(Account, *ACTING),
            members.there(Right.RECORD, employed.c.facility_id),
            Account.person_id != employed.c.person_id,
        )
        .options(lazyload(Account.roles), lazyload(Account.person))
    )


def _asked_for(today: date) -> ColumnElement[bool]:
    """A look at contact details that is not too long ago."""
    return ContactLook.at >= start_of(add_months(today, -ASKED_FOR_MONTHS))


def _expires_soon(today: date) -> ColumnElement[bool]:
    """A credential that may be due: core.renewals.reminder says whether it is."""
    return and_(standing(today), Credential.expiry.between(today, last_expiry_to_remind_of(today)))


def _is_verified(today: date) -> ColumnElement[bool]:
    """An organization to which the search is open: active, with a facility."""
    holds = exists().where(FacilityRelation.organization_id == Organization.id, relation_stands(today))
    return and_(Organization.state == State.ACTIVE, holds)


def _in_use(account: type[Account], *roles: Role) -> ColumnElement[bool]:
    """An account that is in use and holds one of these roles."""
    held = exists().where(
        AccountRole.account_id == account.id, AccountRole.role.in_(roles), AccountRole.ended_at.is_(None)
    )
    return and_(account.state == "active", held)
