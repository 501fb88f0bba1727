"""Invitations to act for an organization: an offered membership, and the mail that tells its holder.

Nobody learns by inviting whether an e-mail is known.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.membership import Grant
from core.problems import refuse
from db import memberships
from db.accounts import addresses, contacts, links
from db.accounts.links import Purpose
from db.accounts.new_accounts import NewAccount, add_account
from db.gate import Work
from db.members import acts
from db.schema import Account, Membership, Organization


def offer(work: Work, organization: Organization, email: str, grants: Collection[Grant]) -> Membership:
    """A membership of these rights, offered to the holder of an e-mail, who may have no account yet."""
    address = contacts.as_typed(email)
    _must_be_new(work, organization, address)
    membership = Membership(
        account_id=_invited_account(work, address).id,
        organization_id=organization.id,
        email=address,
        offered_at=work.at,
        offered_by=work.account.id,
        changed_at=work.at,
        changed_by=work.account.id,
    )
    work.session.add(membership)
    memberships.give(work, membership, grants)
    work.session.flush()
    return membership


def mail(work: Work, membership: Membership, organization: Organization) -> None:
    """Tells whoever is invited, by a link where there is no account yet."""
    account = work.session.get_one(Account, membership.account_id)
    if account.state == "invited":
        links.send(work, account, Purpose.INVITATION)
    elif account.state == "active" and links.may_mail(work, account, "membership_offered"):
        work.mail(account, "membership_offered", organization=organization.name)


def _must_be_new(work: Work, organization: Organization, email: str) -> None:
    """Raises Refused for somebody whom the list shows already; says nothing of anybody else."""
    of_it = Membership.organization_id == organization.id
    invited = select(Membership.id).where(of_it, Membership.email == email, Membership.ended_at.is_(None))
    if work.session.scalar(invited.limit(1)) is not None:
        raise refuse("{email} is invited already. Send the invitation again from the list.", "email", email=email)
    acting = select(Membership.id).join(Account, Account.id == Membership.account_id)
    if work.session.scalar(acting.where(of_it, acts(), Account.email == email).limit(1)) is not None:
        raise refuse("{email} acts for your organization already. Change the rights in the list.",
                     "email", email=email)  # fmt: skip


def _invited_account(work: Work, email: str) -> Account:
    known = addresses.holder_of(work, email)
    if known is not None:
        return known
    try:
        with work.session.begin_nested():
            new = NewAccount(email=email, roles=(), state="invited")
            return add_account(work.session, work.at, new, by=work.account.id)
    except IntegrityError:  # made by somebody else in the same moment
        return work.session.scalars(select(Account).where(Account.email == email)).one()
