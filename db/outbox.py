"""The outbox: mails wait here, written in the transaction of what they tell about."""

from datetime import datetime
from typing import Any
from uuid import uuid4

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
    """Adds a mail as the name of its template (db.mails) and values; a link's secret is encrypted.

    It goes to the account's e-mail, or to `address` where one is given.
    """
    session.add(
        OutgoingMail(
            message_id=f"<{uuid4()}@portal>",
            recipient=address or to.email,
            account_id=to.id,
            template=template,
            language=to.language,
            values=values,
            secret=key.encrypt(secret) if secret else None,
            created_at=at,
            next_attempt_at=at,
        )
    )
