"""My account: details, e-mail, password, the browsers signed in, and closing it."""

import streamlit as st

from db.accounts.links import Purpose
from db.services import own_account, sessions
from db.services.own_account import OwnAccount
from db.services.sessions import MySession
from ui import mailed, words
from ui.forms import Form, attempt
from ui.person_fields import names, new_password, whereabouts
from ui.session import asker, go_to_signed_out


def render() -> None:
    mine = own_account.own_account(asker())
    signed_in = sessions.my_sessions(asker())
    browsers = "One browser is" if len(signed_in) == 1 else f"{len(signed_in)} browsers are"
    words.title("My account", f"{browsers} signed in as {mine.email}.")
    details, email, password, browsers_tab, closing = st.tabs(
        ["Details", "E-mail", "Password", "Signed in", "Close account"]
    )
    with details:
        _details(mine)
    with email:
        _email(mine)
    with password:
        _password()
    with browsers_tab:
        _sessions(signed_in)
    with closing:
        _closing()


def _details(mine: OwnAccount) -> None:
    given = {
        field: getattr(mine, field)
        for field in ("given_name", "family_name", "telephone", "municipality", "language")
    }
    form = Form("details", given)
    version = form.since(mine.version)
    st.text("An operator’s changed name is verified anew by the office; nothing else here is.")
    named = names(form)
    reached = whereabouts(form)

    def save() -> None:
        own_account.change_details(
            asker(),
            version,
            given_name=named.given_name,
            family_name=named.family_name,
            telephone=reached.telephone,
            municipality=reached.municipality,
            language=reached.language,
        )

    if form.submit("Save details", save):
        words.say_after_rerun("Your details are saved.")
        st.rerun()


def _email(mine: OwnAccount) -> None:
    words.facts({"Your e-mail": mine.email})
    if mine.changing_to:
        st.text("Your old address stands until the link mailed to the new one is used.")
        mailed.show_in_demo(mine.changing_to)
    form = Form("change-email")
    email = form.text("email", "New e-mail", required=True, kind="email")
    password = form.password("password", "Your password")
    if form.submit("Change my e-mail", lambda: own_account.change_email(asker(), password, email), primary=False):
        minutes = int(Purpose.CHANGE.lasts.total_seconds() // 60)
        words.say_after_rerun(
            f"Look into the mailbox of {email}: use the link there within {minutes} minutes. Until then your old "
            "address stands."
        )
        st.rerun()


def _password() -> None:
    st.text(f"Every other browser is signed out. {mailed.if_sent('You are told by mail.')}")
    form = Form("change-password")
    old = form.password("password", "Your password now")
    new = new_password(form, "new_password", "New password")
    if form.submit("Change my password", lambda: own_account.change_password(asker(), old, new), primary=False):
        words.say_after_rerun("Your password is changed.")
        st.rerun()


def _sessions(signed_in: tuple[MySession, ...]) -> None:
    st.text("If you do not know one of these, end it and change your password.")
    for session in signed_in:
        with st.container(border=True):
            words.facts(
                {
                    "Browser": session.browser or "It did not say",
                    "Signed in": words.office_time(session.started_at),
                    "Last used": "Now: it is this one" if session.is_this else words.office_time(session.seen_at),
                }
            )
            if not session.is_this and st.button("End this one", key=f"end-{session.id}"):
                _end(session.id)
    if len(signed_in) > 1 and st.button("End all the others"):
        attempt(lambda: sessions.end_other_sessions(asker()), "Every other browser is signed out.")


def _end(session_id: int) -> None:
    attempt(lambda: sessions.end_session(asker(), session_id), "That browser is signed out.")


def _closing() -> None:
    words.warning(
        "Closing cannot be undone. You are signed out at once and found no more; your name, e-mail, telephone and "
        "municipality are erased after 30 days. What the office must keep names you by a number only; an owner "
        "who employs you keeps your name until 30 days after your employment. A shift log keeps it with each "
        "entry that you wrote: the law asks that a log shows who made it."
    )
    form = Form("close-account")
    password = form.password("password", "Your password")
    if form.submit("Close my account", lambda: own_account.close_account(asker(), password), primary=False):
        go_to_signed_out()
        st.stop()
