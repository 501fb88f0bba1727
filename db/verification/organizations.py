"""Which organization an account acts for."""

from sqlalchemy import select

from db.gate import Work
from db.schema import Account, Membership, StoredFile


def own_organization_id(work: Work) -> int | None:
    """The organization that whoever asks acts for; None where there is none yet."""
    return work.session.scalar(
        select(Membership.organization_id)
        .where(Membership.account_id == work.account.id, Membership.ended_at.is_(None))
        .order_by(Membership.id)
        .limit(1)
    )


def members_of(work: Work, organization_id: int) -> list[Account]:
    """The active accounts that act for an organization now."""
    acting = select(Membership.account_id).where(
        Membership.organization_id == organization_id, Membership.ended_at.is_(None)
    )
    return list(work.session.scalars(select(Account).where(Account.id.in_(acting), Account.state == "active")))


def is_own_file(work: Work, stored: StoredFile) -> bool:
    """Whether whoever asks, or another member of the same organization, uploaded the file."""
    if stored.stored_by == work.account.id:
        return True
    organization_id = own_organization_id(work)
    uploader = select(Membership.id).where(
        Membership.account_id == stored.stored_by,
        Membership.organization_id == organization_id,
        Membership.ended_at.is_(None),
    )
    return organization_id is not None and work.session.scalar(uploader.limit(1)) is not None
