"""Sign in. It also stands in for every page that needs somebody to be signed in, at that page's address."""

import streamlit as st

from core.problems import Refused
from core.single_sign_on import Failure
from db.services import sessions
from ui import links, words
from ui.forms import Form
from ui.session import asker, browser, go_to_session, go_to_single_sign_on, me, portal


def render() -> None:
    who = me()
    if who:
        words.title("You are signed in", f"As {who.name}. Your pages are in the menu.")
        links.to("Go to Home", "", primary=True)
        return
    or_so = ", or by single sign-on" if portal().settings.single_sign_on else ""
    words.title("Sign in", f"With the e-mail and the password of your account{or_so}.")
    _say_why_single_sign_on_failed()
    form = Form("sign-in", by_enter=True)
    email = form.text("email", "E-mail", required=True, kind="email", autocomplete="username")
    password = form.password("password", "Password")
    if form.submit("Sign in", lambda: _enter(email, password)):
        st.stop()
    _single_sign_on()
    with st.container(horizontal=True):
        links.to("Forgot your password?", "reset")
        links.to("Send a new confirmation link", "confirm")
    st.subheader("No account yet?", anchor=False)
    with st.container(horizontal=True):
        links.to("Register as an operator", "register", role="operator")
        links.to("Register as an owner", "register", role="owner")


def _say_why_single_sign_on_failed() -> None:
    """The sentence that the address names, which is one of ours; nothing else from the address is shown."""
    named = st.query_params.get("sso")
    for failure in Failure:
        if failure.value == named:
            words.problem(failure.sentence)


def _single_sign_on() -> None:
    settings = portal().settings
    if settings.single_sign_on and st.button(settings.oidc_label, icon=":material/key:"):
        go_to_single_sign_on()
        st.stop()


def _enter(email: str, password: str) -> None:
    user_agent = st.context.headers.get("User-Agent", "")
    answer = sessions.sign_in(asker(), email, password, browser(), user_agent)
    if answer.code is None:
        raise Refused(*([answer.refusal] if answer.refusal else []))
    go_to_session(answer.code)
