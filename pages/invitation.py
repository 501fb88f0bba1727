"""Accept an invitation: whom an admin or an organization has invited enters a name and a password."""

import streamlit as st

from db.accounts.links import Purpose
from db.services import accounts
from db.services.accounts import LinkHolder
from ui import links, mailed, words
from ui.forms import Form
from ui.person_fields import names, new_password, whereabouts
from ui.session import asker


def render() -> None:
    secret = mailed.key()
    if secret and st.session_state.get("accepted") == secret:
        words.title("Your account is ready", "Sign in with your e-mail and the password you have chosen.")
        links.to("Sign in", "sign-in", primary=True)
        return
    holder = mailed.holder_of(secret, Purpose.INVITATION) if secret else None
    if holder is None:
        words.title(
            "Accept an invitation", "It came by mail; its link opens this page. You can have it sent again."
        )
        mailed.ask(Purpose.INVITATION)
        return
    words.title(
        "Accept the invitation", f"You are invited as: {', '.join(holder.invited_as)}. Fields with * are needed."
    )
    _accept(secret, holder)


def _accept(secret: str, holder: LinkHolder) -> None:
    form = Form("invitation")
    if holder.email:
        words.facts({"E-mail": holder.email})
    named = names(form)
    email = "" if holder.email else form.text("email", "E-mail", required=True, kind="email")
    reached = whereabouts(form)
    password = new_password(form)

    def accept() -> None:
        accounts.accept_invitation(
            asker(),
            secret,
            given_name=named.given_name,
            family_name=named.family_name,
            email=email,
            telephone=reached.telephone,
            municipality=reached.municipality,
            language=reached.language,
            password=password,
        )

    if form.submit("Accept and create account", accept):
        st.session_state["accepted"] = secret
        mailed.forget_sent(Purpose.INVITATION)
        st.rerun()
