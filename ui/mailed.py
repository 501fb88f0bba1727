"""What comes by mail: whether a mail server is set; a link, asking and waiting for it, and in a demo the mail."""

from urllib.parse import parse_qs, urlsplit

import streamlit as st

from db.accounts.links import DeadLink, Purpose
from db.services import accounts, drafts
from db.services.accounts import LinkHolder
from ui import links, words
from ui.forms import Form, attempt
from ui.session import asker, browser, portal

_NAMES = {
    Purpose.CONFIRM: "a confirmation link",
    Purpose.RESET: "a link to set a new password",
    Purpose.INVITATION: "an invitation",
}


KEPT = "No mail server is set, so the mail is kept and not sent."


def is_sent() -> bool:
    """Whether mails leave the portal."""
    return bool(portal().settings.smtp_host)


def told(done: str, whom: str) -> str:
    """That something is done, and who is told of it by mail ("the holder is"); or that the mail is kept."""
    return f"{done}, and {whom} told by mail." if is_sent() else f"{done}. {KEPT}"


def if_sent(sentence: str) -> str:
    """A sentence of mails that are sent; that they are kept, where no mail server is set."""
    return sentence if is_sent() else KEPT


def key() -> str:
    """The secret of the link that led here, "" where the page was opened without one."""
    return st.query_params.get("key", "")


def holder_of(secret: str, purpose: Purpose) -> LinkHolder | None:
    """Whom the link is for; None, the reason said on the page, where it does not work."""
    try:
        return accounts.look_at_link(asker(), purpose, secret)
    except DeadLink as dead:
        words.problems(dead)
        return None


def ask(purpose: Purpose) -> None:
    """The form that asks for a new link, and after it the page that waits for the mail."""
    waits_at = sent_to(purpose)
    if waits_at:
        wait(purpose, waits_at)
        return
    form = Form(f"ask-{purpose}")
    email = form.text("email", "E-mail", required=True, kind="email", autocomplete="username")
    if form.submit(f"Send me {_NAMES[purpose]}", lambda: accounts.ask_link(asker(), purpose, email)):
        note_sent(purpose, email)
        st.rerun()


def note_sent(purpose: Purpose, email: str) -> None:
    """A link has just been asked for: this browser's page waits for it, also after a reload."""
    drafts.save(asker(), browser(), _sent(purpose), {"email": email})


def forget_sent(purpose: Purpose) -> None:
    """The link was used, or another address is tried."""
    drafts.discard(asker(), browser(), _sent(purpose))


def sent_to(purpose: Purpose) -> str:
    """The address that this browser waits at for a link, "" where it asked for none."""
    return str(drafts.load(asker(), browser(), _sent(purpose)).values.get("email", ""))


def wait(purpose: Purpose, email: str) -> None:
    """What to do until the mail comes, and a way to have it sent again."""
    if not is_sent() and not portal().settings.demo:
        words.warning(f"{KEPT} Ask the certification office for it: {portal().settings.office_telephone}.")
    minutes = int(purpose.lasts.total_seconds() // 60)
    valid = f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
    words.notice(
        f"Look into the mailbox of {email}, also under unwanted mail. The mail takes a few minutes at most; its "
        f"link works once, within {valid}. If nothing comes, check the address, or send it again."
    )
    show_in_demo(email)
    with st.container(horizontal=True):
        if st.button("Send it again", key=f"again-{purpose}"):
            attempt(lambda: accounts.ask_link(asker(), purpose, email), "Done. The newest mail is the one to use.")
        if st.button("Use another address", key=f"other-{purpose}"):
            forget_sent(purpose)
            st.rerun()


def _sent(purpose: Purpose) -> str:
    return f"link-sent-{purpose}"


def show_in_demo(email: str) -> None:
    """The newest mail to an address, in a demo that sends none."""
    mail = accounts.demo_mail(asker(), email)
    if mail is None:
        return
    with st.container(border=True, key="demo-mail"):
        st.subheader(f"The mail (shown in the demonstration only): {mail.subject}", anchor=False)
        st.text(mail.text)
        if mail.link:
            address = urlsplit(mail.link)
            (secret,) = parse_qs(address.query)["key"]
            links.to("Open the link of the mail", address.path.lstrip("/"), primary=True, key=secret)
