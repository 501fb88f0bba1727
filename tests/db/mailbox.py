"""What waits in the outbox, read as the holder of the mailbox would."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select

from db import mails
from db.gate import Portal
from db.schema import OutgoingMail


@dataclass(frozen=True)
class Mail:
    """A mail: its template, its text, and the secret of its link, "" where it has none."""

    template: str
    text: str
    key: str


def mails_to(portal: Portal, email: str) -> list[Mail]:
    """The mails to an address, in the order in which they were put into the outbox."""
    with portal.database.transaction(writes=False) as session:
        rows = session.scalars(
            select(OutgoingMail).where(OutgoingMail.recipient == email).order_by(OutgoingMail.id)
        ).all()
    return [_read(portal, row) for row in rows]


def key_mailed_to(portal: Portal, email: str) -> str:
    """The secret of the link in the last mail to an address."""
    return mails_to(portal, email)[-1].key


def _read(portal: Portal, row: OutgoingMail) -> Mail:
    rendered = mails.render(row, portal.key, portal.settings)
    keys = parse_qs(urlsplit(rendered.link).query).get("key", []) if rendered.link else []
    return Mail(row.template, rendered.text, keys[0] if keys else "")
