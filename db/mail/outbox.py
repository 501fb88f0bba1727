"""The outbox: mails wait here, written in the transaction of what they tell about."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from db.keys import AppKey
from db.schema import Account, OutgoingMail


def put(
    session: Session,
    key: AppKey,
    at: datetime,
    to: Account,
    template: str,
    values: dict[str, Any],
    secret: str | None,
    address: str = "",
) -> None:
    """Adds a mail as the name of its template (db.mail.mails) and values; a link's secret is encrypted.

    It goes to the account's e-mail, or to `address` where one is given.
    """
    row = _row(at, to, template, values) | {"secret": key.encrypt(secret) if secret else None}
    session.add(OutgoingMail(**row | {"recipient": address or to.email}))


def put_all(session: Session, at: datetime, template: str, mails: Mapping[Account, dict[str, Any]]) -> None:
    """Adds a mail without a link for each account, with its values: one statement for all of them."""
    rows = [_row(at, to, template, values) for to, values in mails.items()]
    if rows:
        session.execute(insert(OutgoingMail), rows)


def _row(at: datetime, to: Account, template: str, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "message_id": f"<{uuid4()}@portal>",
        "recipient": to.email,
        "account_id": to.id,
        "template": template,
        "language": to.language,
        "values": values,
        "created_at": at,
        "next_attempt_at": at,
    }
