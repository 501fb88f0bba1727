"""Erasing: the contact data of closed accounts after 30 days, and what nobody needs any more.

The nightly job calls these. The rows and their ids stay, so that the audit trail and the office's records
still name one person.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from db import audit
from db.accounts import draft_holders
from db.register_schema import OperatorRegion
from db.schema import (
    Account,
    FormDraft,
    LoginSession,
    MailedLink,
    Membership,
    OperatorProfile,
    OutgoingMail,
    SignInCode,
    SignInFailure,
    Submission,
)
from db.verification.compared import without_names

KEPT_AFTER_CLOSING = timedelta(days=30)
KEPT_FAILURES = timedelta(days=1)
KEPT_SESSIONS = timedelta(days=90)  # since they were last used; an account's last one stays
_ERASED = "erased-"


def free_address(account: Account) -> None:
    """Gives up a closed account's e-mail, so that its holder can register anew; the rest waits for its time."""
    account.email = f"closed-{account.id}"


def to_be_erased(session: Session, at: datetime) -> list[int]:
    """The ids of the accounts that were closed 30 days ago or earlier, and are not erased yet."""
    return list(
        session.scalars(
            select(Account.id).where(
                Account.state == "closed",
                Account.closed_at <= at - KEPT_AFTER_CLOSING,
                Account.email.not_like(f"{_ERASED}%"),
            )
        )
    )


def erase(session: Session, at: datetime, account_id: int) -> None:
    """Replaces a closed account's contact data, wherever it stands, by placeholders."""
    account = session.get_one(Account, account_id)
    account.email = f"{_ERASED}{account.id}"
    account.telephone = account.municipality = ""
    account.password_hash = account.email_confirmed_at = None
    account.person.given_name, account.person.family_name = "Erased", f"person {account.person_id}"
    session.execute(delete(OutgoingMail).where(OutgoingMail.account_id == account.id))
    session.execute(update(MailedLink).where(MailedLink.account_id == account.id).values(email=""))
    session.execute(update(Membership).where(Membership.account_id == account.id).values(email=""))
    session.execute(update(LoginSession).where(LoginSession.account_id == account.id).values(browser=""))
    session.execute(delete(FormDraft).where(FormDraft.holder == draft_holders.of_account(account.id)))
    of_person = OperatorProfile.person_id == account.person_id
    session.execute(
        update(OperatorProfile)
        .where(of_person)
        .values(
            base_place="", base_latitude=None, base_longitude=None, base_x=None, base_y=None, base_z=None, notes=""
        )
    )
    session.execute(
        delete(OperatorRegion).where(OperatorRegion.profile_id.in_(select(OperatorProfile.id).where(of_person)))
    )
    for submission in session.scalars(
        select(Submission)
        .join(OperatorProfile, OperatorProfile.id == Submission.operator_profile_id)
        .where(OperatorProfile.person_id == account.person_id)
    ):
        submission.claimed = submission.claimed | {"name": account.person.name}
        submission.compared = without_names(submission.compared)
    session.flush()
    audit.append(session, at, None, [audit.Entry("account.erased", "account", account.id, {})])


def forget_stale(session: Session, at: datetime) -> None:
    """Deletes old drafts and sessions, sign-in codes that have expired, failures that no longer count, and what
    old reminders of an expiry say: they name people whose own accounts may be erased by now."""
    session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.template == "expiring", OutgoingMail.created_at <= at - KEPT_AFTER_CLOSING)
        .values(template="expiring_erased", values={}, next_attempt_at=None)
    )
    session.execute(delete(FormDraft).where(draft_holders.is_old(at)))
    last_of_each_account = select(func.max(LoginSession.id)).group_by(LoginSession.account_id)
    session.execute(
        delete(LoginSession).where(
            LoginSession.seen_at < at - KEPT_SESSIONS, LoginSession.id.not_in(last_of_each_account)
        )
    )
    session.execute(delete(SignInCode).where(SignInCode.expires_at < at))
    session.execute(delete(SignInFailure).where(SignInFailure.at < at - KEPT_FAILURES))
