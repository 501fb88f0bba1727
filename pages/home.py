"""Home. Signed out: what this is, and two doors. Signed in: what waits, each a link."""

import streamlit as st

from db.services import home
from ui import words
from ui.session import asker, me


def render() -> None:
    who = me()
    if who is None:
        _doors()
        return
    waiting = home.waiting(asker())
    if waiting:
        count = "One thing waits" if len(waiting) == 1 else f"{len(waiting)} things wait"
        words.title(f"Welcome, {who.name}", f"{count} for you.")
    else:
        words.title(f"Welcome, {who.name}", "Nothing waits for you.")
    for item in waiting:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.text(item.sentence)
            st.link_button(item.action, item.path, type="primary" if item is waiting[0] else "secondary")
    if not waiting:
        words.empty("Everything that was yours to do is done.", "Your pages are in the menu; Help answers.")


def _doors() -> None:
    words.title(
        "Operator Workforce Matching Portal",
        "A free service that brings licensed water and wastewater operators together with the owners who "
        "need them.",
    )
    operators, owners = st.columns(2, gap="medium")
    with operators.container(border=True, height="stretch"):
        st.header("Operators", anchor=False)
        st.write(
            "You hold a valid wastewater licence or drinking water certificate. Register, have it verified by the "
            "certification office, say when and where you can work, and be found."
        )
        st.link_button("Register as an operator", "/register?as=operator", type="primary")
    with owners.container(border=True, height="stretch"):
        st.header("Owners", anchor=False)
        st.write(
            "You own or operate a water or wastewater system, in a municipality, a First Nation, on federal "
            "land or privately. Register your facilities and find licensed operators near them."
        )
        st.link_button("Register as an owner", "/register?as=owner", type="primary")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text("Already registered?")
        st.link_button("Sign in", "/sign-in")
        st.link_button("Help", "/help")
    st.subheader("How it works", anchor=False)
    st.markdown(
        "1. Enter your contact details and your certificates (operators) or your facilities (owners).\n"
        "2. The Ontario Water Wastewater Certification Office (OWWCO) verifies what you entered.\n"
        "3. You receive an e-mail once your profile is active: operators can then be found, owners can search."
    )
