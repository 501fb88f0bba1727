"""Outgoing mail, for the admin: what waits, what was sent, what failed; links by hand while no server is set."""

import streamlit as st

from db.services import oversight
from db.services.oversight import Delivery, MailRow
from ui import tables, words
from ui.fresh import fresh
from ui.session import asker, portal


def render() -> None:
    page = tables.page_before_drawing("mails")
    listing = fresh("mails", page, lambda: oversight.outgoing_mails(asker(), page))
    count = "One mail" if listing.total == 1 else f"{listing.total} mails"
    words.title("Outgoing mail", f"{count} in all, the newest first.")
    if not portal().settings.smtp_host:
        words.warning(
            "No mail server is set, so nothing is sent. Hand over what matters yourself, or set SMTP_HOST."
        )
    if not listing.rows:
        words.empty(
            "No mail has been written yet.", "Mails are written as people register and the office decides."
        )
        return
    chosen = tables.choose(
        [_cells(row) for row in listing.rows],
        [row.id for row in listing.rows],
        "mail",
        alt="Mails: recipient, subject, written, state, tries, what the server said",
    )
    tables.page_number("mails", listing.page, listing.pages)
    if chosen is None:
        st.text("Click a row to read that mail; with the keyboard: arrows, then Shift and Space.")
        return
    _opened(chosen)


def _opened(mail_id: int) -> None:
    mail = fresh("mail", mail_id, lambda: oversight.outgoing_mail(asker(), mail_id))
    with st.container(border=True, key="opened-mail"):
        st.subheader("The mail you chose", anchor=False)
        words.facts(_cells(mail.row))
        st.text(mail.text)
        if mail.link:
            st.text("Hand this link over to the recipient and to nobody else: whoever has it can use it.")
            st.code(mail.link, language=None)


def _cells(row: MailRow) -> dict[str, object]:
    return {
        "Number": row.id,
        "To": row.recipient,
        "Subject": row.subject,
        "Written": words.office_time(row.created_at),
        "State": _state(row),
        "Tries": row.attempts,
        "What the server said": row.failure or "Nothing",
    }


def _state(row: MailRow) -> str:
    if row.delivery is Delivery.SENT and row.sent_at:
        return f"Sent {words.office_time(row.sent_at)}"
    if row.delivery is Delivery.WAITING and row.next_attempt_at:
        return f"Waiting; next try {words.office_time(row.next_attempt_at)}"
    return {Delivery.KEPT: "Kept: no mail server is set", Delivery.GIVEN_UP: "Given up"}.get(
        row.delivery, row.delivery.capitalize()
    )
