"""How accessible the portal is, and what is known to fall short."""

import streamlit as st

from ui import words
from ui.session import portal


def render() -> None:
    words.title("Accessibility", "The portal is for everybody: by keyboard, by ear, on a telephone, on paper.")
    st.markdown(
        "We aim at WCAG 2.1, level AA, as Ontario's accessibility law asks. Every page is tested by machine with "
        "axe-core, and by hand with the keyboard. Standings are told by word and shape, never by colour alone. "
        "Every map has its rows in a table beside it."
    )
    st.subheader("What falls short today", anchor=False)
    st.markdown(
        "- Some words of the framework stay English: the calendar of date fields, a lost connection.\n"
        "- Tables are drawn on a canvas; screen readers read them through a hidden twin, row by row.\n"
        "- The map itself cannot be read by ear; the table beside it tells the same."
    )
    telephone = portal().settings.office_telephone
    st.text(f"Something is in your way? Call the certification office at {telephone}: it will help by telephone.")
