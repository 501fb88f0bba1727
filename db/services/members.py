"""The people of an organization: who acts for it, what each may do and where; inviting, changing, ending.

Managers decide. Nobody learns by inviting whether an e-mail is known: an invitation shows the e-mail that was
typed, and no name before it is accepted; the mail tells its holder what to do.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from core import membership as rules
from core.membership import Grant, Right
from core.places import day_at
from core.problems import raise_if_any, refuse
from core.profiles import State
from core.roles import Role
from db import invitations, invited_employees, memberships
from db.accounts import contacts, erasure, links
from db.gate import SIGNED_IN, NotAllowed, Work, service
from db.listing import Listing, one_page
from db.members import managed_id
from db.own_facilities import relation_stands
from db.schema import Account, Facility, FacilityRelation, Membership, Organization, Person


@dataclass(frozen=True)
class Member:
    """Somebody who acts for the organization, or is invited to (`since` None, `name` "" until it is accepted)."""

    membership_id: int
    version: int
    name: str
    email: str
    grants: frozenset[Grant]
    offered_at: datetime
    since: datetime | None
    is_me: bool


@dataclass(frozen=True)
class People:
    """An organization's people; `facilities` are those that it holds today, by id, for rights at named ones.

    open_to_more: the office has verified the organization, so that it may invite.
    """

    organization: str
    open_to_more: bool
    facilities: dict[int, str]
    members: Listing[Member]


@dataclass(frozen=True)
class ActingFor:
    """An organization that somebody acts for, or is invited to act for (`since` None).

    `employee` is the name of the employee that the invitation is for, "" where it is for none; `other_name`: the
    account bears another. `rights` in words, each with the names of the facilities where it holds; none: all.
    """

    membership_id: int
    version: int
    organization: str
    employee: str
    other_name: bool
    rights: tuple[tuple[str, tuple[str, ...]], ...]
    offered_at: datetime
    since: datetime | None


# --- the organization ---------------------------------------------------------------------------------------


@service(Role.OWNER, shows_personal_data=True)
def people(work: Work, page: int = 1) -> People:
    """Who acts for the organization that whoever asks manages, by family name, then who is invited; 50 a page."""
    organization = _managed(work)
    known = Membership.since.is_not(None)
    statement = (
        select(Membership, Account)
        .join(Account, Account.id == Membership.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(Membership.organization_id == organization.id, Membership.ended_at.is_(None))
        .order_by(~known, case((known, func.lower(Person.family_name)), else_=""), Membership.id)
    )
    rows, total, page = one_page(work, statement, page)
    shown = tuple(_member(work, one, account) for one, account in rows)
    work.record("members.listed", "organization", organization.id, shown=[row.membership_id for row in shown])
    return People(
        organization=organization.name,
        open_to_more=organization.state == State.ACTIVE,
        facilities=_facilities(work, organization),
        members=Listing(shown, total, page),
    )


@service(Role.OWNER, writes=True)
def invite(work: Work, email: str, grants: Collection[Grant]) -> None:
    """Offers somebody a membership by mail. Whoever has no account yet makes one by the mailed link."""
    wrong = contacts.problem_with_email(email)
    raise_if_any([*([wrong] if wrong else []), *rules.problems(grants)])
    organization = _managed(work, lock=True)
    if organization.state != State.ACTIVE:
        raise refuse("The office has to verify your organization first; then you can invite people.")
    _must_be_its_facilities(work, organization, grants)
    membership = invitations.offer(work, organization, email, grants)
    work.record("membership.offered", "membership", membership.id, organization=organization.id,
                rights=_for_the_trail(membership))  # fmt: skip
    invitations.mail(work, membership, organization)


@service(Role.OWNER, writes=True)
def invite_again(work: Work, membership_id: int, version: int) -> None:
    """Mails an invitation anew that was not accepted yet; at most five an hour go out."""
    organization = _managed(work, lock=True)
    membership = _one_of(work, organization, membership_id, version)
    if membership.since is not None:
        raise refuse("This invitation is accepted already: look at the list.")
    membership.offered_at = work.at
    work.record("membership.offered", "membership", membership.id, organization=organization.id, again=True)
    invitations.mail(work, membership, organization)


@service(Role.OWNER, writes=True)
def change(work: Work, membership_id: int, grants: Collection[Grant], version: int) -> None:
    """Gives a member these rights and no others, from the next click on."""
    raise_if_any(rules.problems(grants))
    organization = _managed(work, lock=True)
    membership = _one_of(work, organization, membership_id, version)
    _must_be_its_facilities(work, organization, grants)
    if Grant(Right.MANAGE) not in rules.settled(grants):
        memberships.must_not_be_last_manager(work, membership)
    memberships.give(work, membership, grants)
    if membership.since is not None:
        if memberships.manages(membership):
            memberships.must_not_manage_another(work, membership)
        memberships.give_role(work, membership)
    work.record("membership.changed", "membership", membership.id, organization=organization.id,
                rights=_for_the_trail(membership))  # fmt: skip


@service(Role.OWNER, writes=True)
def end(work: Work, membership_id: int, version: int) -> None:
    """Ends a membership from the next click on, or takes an invitation back. The last manager stays."""
    organization = _managed(work, lock=True)
    membership = _one_of(work, organization, membership_id, version)
    memberships.must_not_be_last_manager(work, membership)
    if membership.since is None:
        _take_back(work, membership)
        return
    memberships.end(work, membership)
    account = work.session.get_one(Account, membership.account_id)
    if account.id != work.account.id and account.state == "active":
        work.mail(account, "membership_ended", organization=organization.name)


# --- the member ---------------------------------------------------------------------------------------------


@service(SIGNED_IN)
def mine(work: Work) -> tuple[ActingFor, ...]:
    """The organizations that whoever asks acts for, and before them those that invite; by name."""
    rows = work.session.execute(
        select(Membership, Organization.name)
        .join(Organization, Organization.id == Membership.organization_id)
        .where(Membership.account_id == work.account.id, Membership.ended_at.is_(None))
        .order_by(Membership.since.is_not(None), Organization.name, Membership.id)
    ).all()
    ids = {grant.facility_id for one, _ in rows for grant in memberships.grants_of(one)} - {None}
    named = select(Facility.id, Facility.name).where(Facility.id.in_(ids))
    names = {row.id: row.name for row in work.session.execute(named)}
    employees = invited_employees.names(work, [one.id for one, _ in rows])
    called = work.account.person.name
    return tuple(
        ActingFor(
            one.id,
            one.version,
            name,
            employee := employees.get(one.id, ""),
            bool(employee) and invited_employees.bears_another_name(employee, called),
            _in_words(one, names),
            one.offered_at,
            one.since,
        )
        for one, name in rows
    )


@service(SIGNED_IN, writes=True)
def accept(work: Work, membership_id: int, version: int, as_invited: bool = False) -> None:
    """Acts from now on for an organization that has invited whoever asks. as_invited: whoever asks says that they
    are the employee who is invited, by whatever name."""
    memberships.accept(work, _own(work, membership_id, version), as_invited=as_invited)


@service(SIGNED_IN, writes=True)
def leave(work: Work, membership_id: int, version: int) -> None:
    """Declines an invitation, or acts for an organization no more. The last manager stays."""
    membership = _own(work, membership_id, version)
    memberships.must_not_be_last_manager(work, membership)
    memberships.end(work, membership)


# --- what they share ----------------------------------------------------------------------------------------


def _managed(work: Work, *, lock: bool = False) -> Organization:
    """The organization that whoever asks manages; with `lock`, nobody changes its members meanwhile."""
    organization_id = managed_id(work)
    if organization_id is None:
        raise refuse("You manage no organization. Enter yours under My facilities, or ask one of its managers.")
    if lock:
        organization = work.for_update(Organization, organization_id)
        if managed_id(work) != organization_id:  # ended while this waited for the lock
            raise NotAllowed
        return organization
    return work.session.get_one(Organization, organization_id)


def _one_of(work: Work, organization: Organization, membership_id: int, version: int) -> Membership:
    """A membership of the organization, locked, as it was seen, and standing; marked as changed."""
    found = work.session.get(Membership, membership_id)
    if found is None or found.organization_id != organization.id:
        raise NotAllowed
    return _standing(work, work.for_update(Membership, membership_id), version)


def _own(work: Work, membership_id: int, version: int) -> Membership:
    found = work.session.get(Membership, membership_id)
    if found is None or found.account_id != work.account.id:
        raise NotAllowed
    return _standing(work, memberships.lock(work, found), version)


def _standing(work: Work, membership: Membership, version: int) -> Membership:
    work.touch(membership, version)
    if membership.ended_at is not None:
        raise refuse("This has ended already: look at the list.")
    return membership


def _facilities(work: Work, organization: Organization) -> dict[int, str]:
    rows = work.session.execute(
        select(Facility.id, Facility.name, Facility.ministry_number)
        .join(FacilityRelation, FacilityRelation.facility_id == Facility.id)
        .where(FacilityRelation.organization_id == organization.id, relation_stands(day_at(work.at)))
        .order_by(Facility.name, Facility.id)
    )
    return {id: f"{name} ({number})" if number else name for id, name, number in rows}


def _must_be_its_facilities(work: Work, organization: Organization, grants: Collection[Grant]) -> None:
    named = {grant.facility_id for grant in grants} - {None}
    if named and not named <= _facilities(work, organization).keys():
        raise refuse("One of these facilities is not your organization’s any more. Choose among those it has now.")


def _take_back(work: Work, membership: Membership) -> None:
    """Ends an invitation; an account that was made for it alone is closed, and its e-mail free again."""
    memberships.end(work, membership)
    work.session.flush()
    account = work.session.get_one(Account, membership.account_id)
    if account.state != "invited" or account.roles or memberships.offers(work, account.id):
        return
    links.end(work, account.id)
    account = work.for_update(Account, account.id)
    work.touch(account, account.version)
    account.state, account.closed_at = "closed", work.at
    erasure.free_address(account)
    work.record("account.closed", "account", account.id)


def _member(work: Work, one: Membership, account: Account) -> Member:
    accepted = one.since is not None
    return Member(
        membership_id=one.id,
        version=one.version,
        name=account.person.name if accepted else "",
        email=account.email if accepted else one.email,
        grants=memberships.grants_of(one),
        offered_at=one.offered_at,
        since=one.since,
        is_me=account.id == work.account.id,
    )


def _in_words(one: Membership, names: dict[int, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    grants = memberships.grants_of(one)
    return tuple(
        (right.label, tuple(sorted(names[grant.facility_id] for grant in held if grant.facility_id is not None)))
        for right in Right
        if (held := [grant for grant in grants if grant.right is right])
    )


def _for_the_trail(membership: Membership) -> list[list[str | int | None]]:
    """The rights as the audit trail keeps them: each with its facility, None for all."""
    return sorted(([grant.right.value, grant.facility_id] for grant in memberships.grants_of(membership)), key=str)
