"""Home. Signed out: what this is, and two doors. Signed in: what waits, each a link."""

import streamlit as st

from core.roles import Role
from db.services import home
from db.services.home import Waiting
from ui import links, words
from ui.session import asker, me, portal

_ACTIONS = {
    "account": "Open my account",
    "acting-for": "See whom I act for",
    "accounts": "Open the accounts",
    "alignment": "Open the results",
    "applications": "Open the applications",
    "compliance": "Open the facility on its day",
    "listings": "Open the listings",
    "my-facilities": "Open my facilities",
    "my-profile": "Open my profile",
    "outgoing-mail": "Open the outgoing mail",
    "overview": "Open the account overview",
    "people": "Open the facilities",
    "queue": "Open the queue",
    "search": "Find operators",
}


def render() -> None:
    who = me()
    if who is None:
        _doors()
        return
    waiting = home.waiting(asker())
    urgent = sum(one.urgent for one in waiting)
    count = {0: "Nothing needs you now", 1: "One thing needs you"}.get(urgent, f"{urgent} things need you")
    words.title("Welcome", f"{who.name}: {count[0].lower()}{count[1:]}.")
    if not waiting:
        words.empty("Nothing waits for you.", "Your pages are in the menu; Help answers questions.")
        if Role.MANAGER in who.roles:
            links.to("Find operators", "search", primary=True)
    for number, one in enumerate(waiting):
        _line(one, primary=number == 0 and one.urgent)


def _line(one: Waiting, *, primary: bool) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.text(str(one.sentence))
        asked = {"stage": one.stage} if one.stage else {}
        if one.facility_id is not None:
            asked["id"] = str(one.facility_id)
        links.to(_ACTIONS[one.page], one.page, primary=primary, **asked)


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
        links.to("Register as an operator", "register", primary=True, role="operator")
    with owners.container(border=True, height="stretch"):
        st.header("Owners", anchor=False)
        st.write(
            "You own or operate a water or wastewater system, in a municipality, a First Nation, on federal "
            "land or privately. Register your facilities and find licensed operators near them."
        )
        links.to("Register as an owner", "register", primary=True, role="owner")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text("Already registered?")
        links.to("Sign in", "sign-in")
        links.to("Help", "help")
    st.text(f"Questions? The certification office answers at {portal().settings.office_telephone}.")
    st.subheader("How it works", anchor=False)
    st.markdown(
        "1. Enter your contact details and your certificates (operators) or your facilities (owners).\n"
        "2. The Ontario Water Wastewater Certification Office (OWWCO) verifies what you entered.\n"
        "3. You receive an e-mail once your profile is active: operators can then be found, owners can search."
    )
