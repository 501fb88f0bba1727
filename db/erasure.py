"""Erasing: the contact data of closed accounts after 30 days, and what nobody needs any more.

The nightly job calls these. The rows and their ids stay, so that the audit trail and the office's records
still name one person.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from db.schema import (
    Account,
    FormDraft,
    LoginSession,
    MailedLink,
    OperatorProfile,
    OutgoingMail,
    SignInCode,
    SignInFailure,
)

KEPT_AFTER_CLOSING = timedelta(days=30)
KEPT_DRAFTS = timedelta(days=30)
KEPT_DRAFTS_OF_BROWSERS = timedelta(days=1)
KEPT_FAILURES = timedelta(days=1)
_ERASED = "erased-"


def erase_closed(session: Session, at: datetime) -> int:
    """Erases the contact data of the accounts closed 30 days ago or earlier; how many they were."""
    accounts = session.scalars(
        select(Account).where(
            Account.state == "closed",
            Account.closed_at <= at - KEPT_AFTER_CLOSING,
            Account.email.not_like(f"{_ERASED}%"),
        )
    ).all()
    for account in accounts:
        erase(session, account)
    return len(accounts)


def erase(session: Session, account: Account) -> None:
    """Replaces a closed account's contact data, wherever it stands, by placeholders."""
    account.email = f"{_ERASED}{account.id}"
    account.telephone = account.municipality = ""
    account.password_hash = account.email_confirmed_at = None
    account.person.given_name, account.person.family_name = "Erased", f"person {account.person_id}"
    session.execute(delete(OutgoingMail).where(OutgoingMail.account_id == account.id))
    session.execute(update(MailedLink).where(MailedLink.account_id == account.id).values(email=""))
    session.execute(update(LoginSession).where(LoginSession.account_id == account.id).values(browser=""))
    session.execute(delete(FormDraft).where(FormDraft.holder == f"account:{account.id}"))
    session.execute(
        update(OperatorProfile)
        .where(OperatorProfile.person_id == account.person_id)
        .values(base_place="", base_latitude=None, base_longitude=None, base_x=None, base_y=None, base_z=None)
    )
    session.flush()


def forget_stale(session: Session, at: datetime) -> None:
    """Deletes old drafts, sign-in codes that have expired, and failures that no longer count."""
    session.execute(
        delete(FormDraft).where(
            or_(
                FormDraft.saved_at < at - KEPT_DRAFTS,
                FormDraft.holder.like("browser:%") & (FormDraft.saved_at < at - KEPT_DRAFTS_OF_BROWSERS),
            )
        )
    )
    session.execute(delete(SignInCode).where(SignInCode.expires_at < at))
    session.execute(delete(SignInFailure).where(SignInFailure.at < at - KEPT_FAILURES))
