"""How memberships begin, change and end: nothing is deleted, each right keeps its moments and who recorded it.

Rows are locked in one order everywhere: organization, membership.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.membership import Grant, Right, settled
from core.problems import refuse
from core.roles import Role
from db import invited_employees, kept_findings
from db.gate import Work, roles_of
from db.members import acts
from db.schema import Account, AccountRole, MemberRight, Membership, Organization


def first_manager(account_id: int, organization_id: int, at: datetime) -> Membership:
    """The membership of whoever enters an organization, to be added to the session."""
    return Membership(
        account_id=account_id,
        organization_id=organization_id,
        offered_at=at,
        since=at,
        changed_at=at,
        changed_by=account_id,
        rights=[MemberRight(right=Right.MANAGE, since=at, recorded_by=account_id)],
    )


def grants_of(membership: Membership) -> frozenset[Grant]:
    """What a membership lets its holder do now, once it is accepted."""
    return frozenset(_grant(row) for row in membership.rights if row.ended_at is None)


def manages(membership: Membership) -> bool:
    """Whether it is a manager's."""
    return Grant(Right.MANAGE) in grants_of(membership)


def give(work: Work, membership: Membership, grants: Collection[Grant]) -> None:
    """From now on the membership has these rights and no others."""
    wanted, had = settled(grants), grants_of(membership)
    _end_rights(work, membership, had - wanted)
    membership.rights += [
        MemberRight(right=one.right, facility_id=one.facility_id, since=work.at, recorded_by=work.account.id)
        for one in sorted(wanted - had, key=_in_order)
    ]


def offers(work: Work, account_id: int) -> list[tuple[Membership, Organization]]:
    """The invitations that an account has neither accepted nor declined, the oldest first."""
    rows = work.session.execute(
        select(Membership, Organization)
        .join(Organization, Organization.id == Membership.organization_id)
        .where(Membership.account_id == account_id, Membership.since.is_(None), Membership.ended_at.is_(None))
        .order_by(Membership.id)
    )
    return [(one, organization) for one, organization in rows]


def lock(work: Work, membership: Membership) -> Membership:
    """A membership, locked after its organization."""
    work.for_update(Organization, membership.organization_id)
    return work.for_update(Membership, membership.id)


def accept(work: Work, membership: Membership, *, as_invited: bool = False) -> None:
    """An offered membership acts from now on, and its account has the role that opens its pages. as_invited: its
    holder says that they are the employee who is invited, by whatever name.

    Raises Refused for an account that acts for the organization already, would manage a second one, or is not that
    of the employee who is invited.
    """
    if membership.ended_at is not None or membership.since is not None:
        raise refuse("This invitation does not stand any more. Ask the organization to invite you again.")
    account = work.session.get_one(Account, membership.account_id)
    if any(one.organization_id == membership.organization_id for one in _acting(work, account.id)):
        raise refuse("You act for this organization already. Decline the invitation, or ask for other rights.")
    if manages(membership):
        must_not_manage_another(work, membership)
    invited_employees.must_be_the_one(work, membership, account, as_invited=as_invited)
    membership.since, membership.email = work.at, ""
    give_role(work, membership)
    kept_findings.retest_people(work, [account.person_id])
    said = {"as_invited": True} if as_invited else {}
    work.record(
        "membership.accepted", "membership", membership.id, organization=membership.organization_id, **said
    )


def end(work: Work, membership: Membership) -> None:
    """The membership and its rights end now, accepted or not."""
    _end_rights(work, membership, grants_of(membership))
    membership.ended_at, membership.email = work.at, ""
    membership.ended_by = work.signed_in.id if work.signed_in else None
    work.record("membership.ended", "membership", membership.id, organization=membership.organization_id)


def end_all_of_account(work: Work, account_id: int) -> None:
    """Ends whatever an account acts for or was invited to: it is closed."""
    mine = Membership.account_id == account_id
    for one in work.session.scalars(select(Membership).where(mine, Membership.ended_at.is_(None))).all():
        end(work, one)


def end_all_of_organization(work: Work, organization: Organization) -> None:
    """Ends all memberships and invitations of an organization: it is closed."""
    of_it = Membership.organization_id == organization.id
    for one in work.session.scalars(select(Membership).where(of_it, Membership.ended_at.is_(None))).all():
        end(work, one)


def has_another_manager(work: Work, organization_id: int, account_id: int) -> bool:
    """Whether somebody else manages the organization, on an account that is in use.

    Lock the organization first: of two managers who leave at once, one is the last.
    """
    other = select(Membership.id).where(
        Membership.organization_id == organization_id,
        Membership.account_id != account_id,
        acts(),
        MemberRight.membership_id == Membership.id,
        MemberRight.right == Right.MANAGE,
        MemberRight.ended_at.is_(None),
        Account.id == Membership.account_id,
        Account.state == "active",
    )
    return work.session.scalar(other.limit(1)) is not None


def must_not_be_last_manager(work: Work, membership: Membership) -> None:
    """Raises Refused where nobody would manage the organization any more."""
    is_one = membership.since is not None and manages(membership)
    if is_one and not has_another_manager(work, membership.organization_id, membership.account_id):
        raise refuse("This is the organization’s last manager. Make somebody else a manager first.")


def must_not_manage_another(work: Work, membership: Membership) -> None:
    """Raises Refused where the account manages another organization: nobody manages two."""
    for one in _acting(work, membership.account_id):
        if one.id != membership.id and manages(one):
            raise refuse("This account manages another organization already, and nobody manages two. Other rights "
                         "can be given for any number of organizations.")  # fmt: skip


def give_role(work: Work, membership: Membership) -> None:
    """Gives the account the role by which its pages open: an owner's to a manager, else a delegate's."""
    role = Role.OWNER if manages(membership) else Role.DELEGATE
    account = work.session.get_one(Account, membership.account_id)
    if role in roles_of(account):
        return
    try:
        with work.session.begin_nested():
            account.roles.append(AccountRole(role=role, granted_at=work.at, granted_by=membership.offered_by))
    except IntegrityError:  # given by another membership in the same moment
        return
    work.record("role.granted", "account", account.id, role=role)


def _acting(work: Work, account_id: int) -> list[Membership]:
    return list(work.session.scalars(select(Membership).where(Membership.account_id == account_id, acts())))


def _end_rights(work: Work, membership: Membership, grants: Collection[Grant]) -> None:
    for row in membership.rights:
        if row.ended_at is None and _grant(row) in grants:
            row.ended_at, row.ended_by = work.at, work.signed_in.id if work.signed_in else None


def _grant(row: MemberRight) -> Grant:
    return Grant(Right(row.right), row.facility_id)


def _in_order(grant: Grant) -> tuple[str, int]:
    return grant.right, grant.facility_id or 0
