"""Sends the outbox: at least once, with a stable Message-ID, again later where it fails.

An attempt is written down before it is made. So whatever happens in between, a kill included, the mail is
tried again later as the same message, which the reader's mail program may know by its Message-ID.
"""

import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import structlog
from cryptography.fernet import InvalidToken
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from db.gate import Portal
from db.mail import enclosures, mails, smtp
from db.schema import OutgoingMail

log = structlog.get_logger()

ATTEMPTS = 12  # over about two days; then the mail is given up, and the admin sees why
_FIRST_WAIT = timedelta(minutes=1)  # doubled after each attempt
_LONGEST_WAIT = timedelta(hours=6)
_GONE_FOR_GOOD = range(550, 554)  # answers about a recipient that no later attempt will change


def send_due(portal: Portal, clock: Callable[[], datetime], may_go_on: Callable[[], bool]) -> int:
    """Sends what is due, as long as `may_go_on` and the server answers; how many messages went out."""
    server: smtplib.SMTP | None = None
    sent = 0
    try:
        while may_go_on() and (message := _next_attempt(portal, clock())):
            reached = server is not None
            try:
                server = server or smtp.connect(portal.settings)
                reached = True
                server.send_message(_written(message, portal))
            except (OSError, smtplib.SMTPException, InvalidToken, ValueError, KeyError) as error:
                _keep_failure(portal, message, error)
                _close(server)
                server = None
                if not reached:
                    break
            else:
                _keep_success(portal, message, clock())
                sent += 1
    finally:
        _close(server)
    return sent


def _close(server: smtplib.SMTP | None) -> None:
    """Ends a connection, whatever state it is in."""
    if server is None:
        return
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _next_attempt(portal: Portal, at: datetime) -> list[OutgoingMail]:
    """The message that has waited longest, its attempt written down: the mails in it. Empty when nothing is due.

    The first of them names it; the others were joined to it at its first attempt.
    """
    with portal.database.transaction(writes=True) as session:
        due = (OutgoingMail.next_attempt_at <= at, OutgoingMail.sent_with.is_(None))
        waiting = select(OutgoingMail).where(*due).order_by(OutgoingMail.next_attempt_at, OutgoingMail.id)
        first = session.scalars(waiting.limit(1)).first()
        if first is None:
            return []
        if first.attempts == 0 and first.secret is None:
            _join(session, first, *due)
        first.attempts += 1
        first.next_attempt_at = at + min(_FIRST_WAIT * 2 ** (first.attempts - 1), _LONGEST_WAIT)
        joined = select(OutgoingMail).where(OutgoingMail.sent_with == first.id).order_by(OutgoingMail.id)
        return [first, *session.scalars(joined)]


def _join(session: Session, first: OutgoingMail, *due: ColumnElement[bool]) -> None:
    """Joins the account's other mails to `first`: those that were not tried yet, and have no link."""
    session.execute(
        update(OutgoingMail)
        .where(
            *due,
            OutgoingMail.id != first.id,
            OutgoingMail.account_id == first.account_id,
            OutgoingMail.recipient == first.recipient,
            OutgoingMail.language == first.language,
            OutgoingMail.attempts == 0,
            OutgoingMail.secret.is_(None),
        )
        .values(sent_with=first.id)
    )


def _written(message: list[OutgoingMail], portal: Portal) -> EmailMessage:
    """The message in words."""
    first, *others = message
    if others:
        rendered = mails.render_together(message, portal.settings)
    else:
        rendered = mails.render(first, portal.key, portal.settings)
    enclosed = enclosures.of(message)
    return smtp.message(rendered, first.recipient, first.message_id, first.created_at, portal.settings, enclosed)


def _keep_success(portal: Portal, message: list[OutgoingMail], at: datetime) -> None:
    _keep(portal, message, sent_at=at, next_attempt_at=None, secret=None, failure="")
    log.info("mail.sent", mails=[mail.id for mail in message])


def _keep_failure(portal: Portal, message: list[OutgoingMail], error: Exception) -> None:
    """Keeps why it failed; gives the message up after the last attempt, or where no attempt can succeed."""
    attempts = message[0].attempts
    given_up = attempts >= ATTEMPTS or _never_succeeds(error)
    _keep(
        portal, message, failure=_in_words(error), **{"next_attempt_at": None, "secret": None} if given_up else {}
    )
    ids = [mail.id for mail in message]
    log.warning("mail.failed", mails=ids, error=type(error).__name__, attempts=attempts, given_up=given_up)


def _keep(portal: Portal, message: list[OutgoingMail], **values: object) -> None:
    ids = [mail.id for mail in message]
    with portal.database.transaction(writes=True) as session:
        session.execute(update(OutgoingMail).where(OutgoingMail.id.in_(ids)).values(**values))


def _never_succeeds(error: Exception) -> bool:
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return isinstance(error, InvalidToken)
    return all(code in _GONE_FOR_GOOD for code, _answer in error.recipients.values())


def _in_words(error: Exception) -> str:
    """What the admin reads: the server's answer, or what kept us from asking."""
    if isinstance(error, InvalidToken):
        return "The link in it was encrypted with another APP_KEY."
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        return f"The mail server refused the recipient: {code} {answer.decode(errors='replace')}"
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        text = words.decode(errors="replace") if isinstance(words, bytes) else words
        return f"The mail server answered: {error.smtp_code} {text}"
    return f"{type(error).__name__}: {error}"
