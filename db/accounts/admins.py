"""The rule that a portal is never left without an admin."""

from sqlalchemy import select

from core.problems import refuse
from core.roles import Role
from db.gate import Work
from db.schema import Account, AccountRole


def must_not_be_last(work: Work, account_id: int) -> None:
    """Raises Refused where the account is the only active one that holds the role of admin.

    Every admin's role is locked until the end, and only then is it read who is active: of two admins who leave
    at the same time, the second one finds the first one gone.
    """
    standing = (AccountRole.role == Role.ADMIN, AccountRole.ended_at.is_(None))
    work.session.execute(select(AccountRole.id).where(*standing).order_by(AccountRole.id).with_for_update()).all()
    active = select(Account.id).where(
        Account.state == "active", Account.id.in_(select(AccountRole.account_id).where(*standing))
    )
    if set(work.session.scalars(active)) == {account_id}:
        raise refuse("This is the portal’s last active admin. Make somebody else an admin first.")
