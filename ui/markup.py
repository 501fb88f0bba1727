"""The one place where our own HTML is written; every value that comes from a person is escaped here."""

from html import escape

import streamlit as st


def html(template: str, **values: object) -> None:
    """Draws our HTML with values that are text, whatever they contain."""
    st.html(template.format_map({name: escape(str(value), quote=True) for name, value in values.items()}))
