"""Whose an e-mail address is. A closed account gives it up to whoever comes with it next."""

from sqlalchemy import select

from db.accounts import erasure, links
from db.accounts.links import Purpose
from db.gate import Work
from db.schema import Account


def holder_of(work: Work, email: str) -> Account | None:
    """The account that has the address, for whoever wants to use it; a closed one has it no more from now on."""
    holder = work.session.scalar(select(Account).where(Account.email == email))
    if holder is None or holder.state != "closed":
        return holder
    erasure.free_address(holder)
    work.session.flush()
    work.record("account.address_freed", "account", holder.id)
    return None


def tell_holder(work: Work, holder: Account) -> None:
    """Somebody entered the address for another account: its holder is told, by the link that the account still
    waits for where there is one, since nobody can sign in without it."""
    waits_for = next((one for one in (Purpose.INVITATION, Purpose.CONFIRM) if waits(holder, one)), None)
    if waits_for is not None:
        links.send(work, holder, waits_for)
    elif links.may_mail(work, holder, "already_registered"):
        work.mail(holder, "already_registered")


def waits(account: Account, purpose: Purpose) -> bool:
    """Whether the account has use for a link of this purpose."""
    if purpose is Purpose.INVITATION:
        return account.state == "invited"
    unconfirmed = account.email_confirmed_at is None
    return account.state == "active" and (unconfirmed or purpose is Purpose.RESET)
