"""The one place where our own HTML is written; every value that comes from a person is escaped here."""

import re
from collections.abc import Iterable
from html import escape

import streamlit as st


class Markup(str):
    """HTML that was written here, with its values escaped already."""

    __slots__ = ()


def html(template: str, **values: object) -> None:
    """Draws our HTML with values that are text, whatever they contain."""
    st.html(markup(template, **values))


def markup(template: str, **values: object) -> Markup:
    """Our HTML with values that are text; a value that is Markup stands as it is."""
    return Markup(template.format_map({name: _written(value) for name, value in values.items()}))


def as_markdown(text: str) -> str:
    """Text for a label that Streamlit reads as Markdown, where it takes no other: it is shown as it is.

    Each sign that may mean something is escaped; those of a link or an icon are parted from what is before them by
    one that is not seen. The signs of names, as in O'Brien-Roy, stay as they are: whoever looks for them in the
    page would else not find them, and a field's name would be read out with them.
    """
    return re.sub(r"^-|[!#$&(-+./:<-@[-`{-~]", _escaped, text, flags=re.MULTILINE)


def _escaped(sign: re.Match[str]) -> str:
    return ("\u2060\\" if sign[0] in ":./@[(<" else "\\") + sign[0]


def class_of(key: str) -> str:
    """The class that Streamlit gives the element of a key."""
    return "st-key-" + re.sub(r"[^a-zA-Z0-9_-]", "-", key)


def joined(parts: Iterable[Markup]) -> Markup:
    return Markup("".join(parts))


def _written(value: object) -> str:
    return value if isinstance(value, Markup) else escape(str(value), quote=True)
