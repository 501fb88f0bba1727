"""Set a new password by a mailed link, or ask for the link. Opening the page changes nothing."""

import streamlit as st

from db.links import Purpose
from db.services import accounts
from ui import links, mailed, words
from ui.forms import Form
from ui.person_fields import new_password
from ui.session import asker


def render() -> None:
    secret = mailed.key()
    if secret and st.session_state.get("reset") == secret:
        words.title("Your new password is set", "Every browser that was signed in has been signed out.")
        links.to("Sign in", "sign-in", primary=True)
        return
    if not secret:
        words.title("Set a new password", "We mail a link to the e-mail of your account, if there is one.")
        mailed.ask(Purpose.RESET)
        return
    words.title("Set a new password", "It replaces the old one, and every browser is signed out.")
    holder = mailed.holder_of(secret, Purpose.RESET)
    if holder is None:
        mailed.ask(Purpose.RESET)
        return
    words.facts({"Account": holder.email})
    form = Form("reset")
    password = new_password(form, label="New password")
    if form.submit("Set this password", lambda: accounts.reset_password(asker(), secret, password)):
        st.session_state["reset"] = secret
        mailed.forget_sent(Purpose.RESET)
        st.rerun()
