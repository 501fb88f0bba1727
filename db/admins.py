"""The rule that a portal is never left without an admin."""

from sqlalchemy import select

from core.problems import refuse
from core.roles import Role
from db.gate import Work
from db.schema import Account, AccountRole


def must_not_be_last(work: Work, account_id: int) -> None:
    """Raises Refused where the account is the only active one that holds the role of admin.

    Every admin's role stays locked until the end, so that two admins cannot leave at the same time.
    """
    admins = set(
        work.session.scalars(
            select(AccountRole.account_id)
            .join(Account, Account.id == AccountRole.account_id)
            .where(AccountRole.role == Role.ADMIN, AccountRole.ended_at.is_(None), Account.state == "active")
            .order_by(AccountRole.id)
            .with_for_update(of=AccountRole)
        )
    )
    if admins == {account_id}:
        raise refuse("This is the portal's last active admin. Make somebody else an admin first.")
