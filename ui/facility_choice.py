"""Choosing a facility: any for the office's staff, by name or number; their own for others."""

import streamlit as st

from core.roles import ACTING, Role
from db.services import calculations
from db.services import decisions as director
from ui import links, tables, words
from ui.addresses import row_id
from ui.markup import as_markdown
from ui.session import asker, me

OFFICE = frozenset({Role.OFFICER, Role.DIRECTOR, Role.MANAGER})


def roles() -> frozenset[Role]:
    """The roles of whoever looks."""
    who = me()
    return who.roles if who else frozenset()


def named() -> int | None:
    """The facility that the address names by its id, None where it names none; one that cannot be is said."""
    given = st.query_params.get("id", "")
    facility_id = row_id(given)
    if given and facility_id is None:
        words.warning("The address names no facility. Choose one from the list.")
    return facility_id


def choose(page: str) -> None:
    """The facilities that whoever looks may choose, each with a link to the page."""
    if roles() & OFFICE:
        contains = st.text_input("Name or number contains", key="facility-words", max_chars=100)
        found = director.facilities(asker(), contains or "", tables.page_before_drawing("facilities"))
        for row in found.rows:
            called = as_markdown(f"{row.name} {row.ministry_number}".strip())
            links.to(f"Open {called}", page, key=row.facility_id, id=row.facility_id)
            st.text(row.facility_type.label)
        tables.page_number("facilities", found.page, found.pages)
        return
    own = calculations.my_facilities(asker())
    if not own:
        none()
    for one in own:
        links.to(f"Open {as_markdown(one.label)}", page, key=one.facility_id, id=one.facility_id)
        st.text(one.facility_type.label)


def none() -> None:
    """Why there is no facility to choose, and what to do next."""
    if Role.OWNER in roles():
        words.empty("The office has confirmed no facility of yours yet.", "See how your profile stands.")
        links.to("Open my facilities", "my-facilities", primary=True)
    else:
        words.empty("There is no facility whose standing you may see.", "See what you may do, and for whom.")
        links.to("See whom I act for", "acting-for", primary=True)


def without_class() -> None:
    """What an owner does where no class of a facility is on record; to the office it is a question."""
    if roles().isdisjoint(ACTING):
        return
    st.text(
        "Its class is not on record, so what rests on it stays open. Work out its points and apply for a "
        "classification, or mend the class that was entered: the office confirms either."
    )
    links.to("Work out its points", "calculator")
    if Role.OWNER in roles():
        links.to("Open my facilities", "my-facilities")
