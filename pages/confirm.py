"""Confirm an e-mail by a mailed link. Opening the page changes nothing: its button acts."""

import streamlit as st

from db.links import Purpose
from db.services import accounts
from ui import links, mailed, words
from ui.forms import attempt
from ui.session import asker, me

_DONE = "Your e-mail is confirmed."


def render() -> None:
    secret = mailed.key()
    if secret and st.session_state.get("confirmed") == secret:
        _confirmed()
        return
    words.title("Confirm your e-mail", "So that nobody else uses your address, and the office can reach you.")
    holder = mailed.holder_of(secret, Purpose.CONFIRM) if secret else None
    if holder is None:
        mailed.ask(Purpose.CONFIRM)
        return
    words.facts({"E-mail": holder.email})
    if st.button("Confirm this address", type="primary"):
        attempt(lambda: _confirm(secret), _DONE)


def _confirm(secret: str) -> None:
    accounts.confirm_email(asker(), secret)
    st.session_state["confirmed"] = secret
    mailed.forget_sent(Purpose.CONFIRM)


def _confirmed() -> None:
    signed_in = me() is not None
    words.title(_DONE[:-1], "Your account is ready." if signed_in else "Sign in to go on with your profile.")
    links.to(*(("Go to Home", "") if signed_in else ("Sign in", "sign-in")), primary=True)
