"""Help: the office's answers to what operators and owners ask, and its telephone."""

import tomllib
from pathlib import Path

import streamlit as st

import ui
from ui import links, words
from ui.session import portal

_TEXTS = tomllib.loads((Path(ui.__file__).parent / "texts" / "help.en.toml").read_text("utf-8"))


def render() -> None:
    telephone = portal().settings.office_telephone
    words.title("Help", f"The certification office answers at {telephone}; the most common questions are below.")
    for section in _TEXTS["section"]:
        st.subheader(section["title"], anchor=False)
        for answer in section["answers"]:
            with st.expander(answer["question"]):
                st.markdown(answer["text"].format(telephone=telephone))
    links.to("Accessibility of the portal", "accessibility")
