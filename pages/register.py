"""Register: an operator or an owner makes an account, and then waits for the mail that confirms the e-mail."""

import streamlit as st

from core.roles import Role
from db.accounts.links import Purpose
from db.services import accounts
from ui import links, mailed, words
from ui.forms import Form, attempt
from ui.person_fields import names, new_password, whereabouts
from ui.session import asker, me

_SELF_MADE = tuple(role for role in Role if role.self_made)
_LABELS = {Role.OPERATOR: "An operator, who wants to be found", Role.OWNER: "An owner, who looks for operators"}


def render() -> None:
    if me():
        _second_role()
        return
    waits_at = mailed.sent_to(Purpose.CONFIRM)
    if not waits_at:
        _register()
        return
    words.title("Confirm your e-mail", "One step is left: use the link that we mail to you, then sign in.")
    mailed.wait(Purpose.CONFIRM, waits_at)


def _register() -> None:
    words.title(
        "Register", "Your account first; your certificates or facilities follow. Fields with * are needed."
    )
    form = Form("register", suggested={"role": st.query_params.get("role")})
    role = form.select("role", "You register as", _SELF_MADE, shown=lambda one: _LABELS[Role(one)], required=True)
    named = names(form)
    email = form.text(
        "email", "E-mail", required=True, help="You sign in with it.", kind="email", autocomplete="username"
    )
    reached = whereabouts(form)
    password = new_password(form)

    def create() -> None:
        accounts.register(
            asker(),
            role=role or "",
            given_name=named.given_name,
            family_name=named.family_name,
            email=email,
            telephone=reached.telephone,
            municipality=reached.municipality,
            language=reached.language,
            password=password,
        )

    if form.submit("Create account", create):
        mailed.note_sent(Purpose.CONFIRM, email)
        st.rerun()
    st.text("Already registered?")
    links.to("Sign in", "sign-in")


def _second_role() -> None:
    who = me()
    missing = [role for role in _SELF_MADE if who and role not in who.roles]
    words.title("You have an account", "One account can be both an operator’s and an owner’s.")
    for role in missing:
        if st.button(f"Use my account as an {role.label.lower()} too", key=f"take-{role}"):
            _take(role)
    if not missing:
        words.empty("Your account is used as both already.", "Your pages are in the menu.")


def _take(role: Role) -> None:
    attempt(lambda: accounts.take_role(asker(), role), "Done. Your new pages are in the menu.")
