"""How accessible the portal is, and what is known to fall short."""

import streamlit as st

from ui import words
from ui.session import portal


def render() -> None:
    words.title("Accessibility", "The portal is for everybody: by keyboard, by ear, on a telephone.")
    st.markdown(
        "We aim at WCAG 2.1, level AA, as Ontario’s accessibility law asks. Every page is tested by machine with "
        "axe-core, and what operators do is tested without a mouse. Standings are told by word and shape, never "
        "by colour alone. What a map shows or asks for, a table or a field beside it shows or asks for too."
    )
    st.subheader("What falls short today", anchor=False)
    st.markdown(
        "- The portal and its mails are in English for now; whoever prefers French is told so in French.\n"
        "- Some words of the framework stay English: the calendar of date fields, a lost connection.\n"
        "- Tables are drawn on a canvas; screen readers read them through a hidden twin, row by row.\n"
        "- The map itself cannot be read by ear; the table or the field beside it does the same."
    )
    telephone = portal().settings.office_telephone
    st.text(f"Something is in your way? Call the certification office at {telephone}: it will help by telephone.")
