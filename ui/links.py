"""Links from page to page, in the same tab and without a reload."""

from urllib.parse import urlencode

import streamlit as st

from ui.markup import html

_PAGES = "pages"  # where the shell leaves the pages of this person, by path


def register(pages: dict[str, st.Page]) -> None:
    """The pages that links can lead to: called by the shell at each run."""
    st.session_state[_PAGES] = pages


def to(label: str, path: str, *, primary: bool = False, **query: object) -> None:
    """A link to the page at `path`; `primary` draws it as the page's main action. The label is our own text."""
    said = {name: str(value) for name, value in query.items()}
    pages: dict[str, st.Page] = st.session_state.get(_PAGES, {})
    if path not in pages:  # a page drawn without the shell, as tests do
        html('<a href="{address}" target="_self">{label}</a>', address=f"/{path}?{urlencode(said)}", label=label)
        return
    if not primary:
        st.page_link(pages[path], label=label, icon="", query_params=said)
        return
    with st.container(key=f"primary-{path}-{'-'.join(said.values())}"):
        st.page_link(pages[path], label=label, icon="", query_params=said)


def go(path: str, **query: object) -> None:
    """Leaves for another page now."""
    pages: dict[str, st.Page] = st.session_state.get(_PAGES, {})
    if path in pages:
        st.switch_page(pages[path], query_params={name: str(value) for name, value in query.items()})
