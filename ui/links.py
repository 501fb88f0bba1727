"""Links from page to page, in the same tab and without a reload."""

import json
from urllib.parse import urlencode

import streamlit as st

from ui.markup import html

# An address more in the browser's history, and Streamlit told as by Back and Forward: it draws the page without
# loading the portal anew.
_GOES = "history.pushState({{}}, '', {address}); dispatchEvent(new PopStateEvent('popstate', {{state: {{}}}}));"
_PAGES = "pages"  # where the shell leaves the pages of this person, by path
_HERE = "page-shown"  # and the path of the one that is drawn


def register(pages: dict[str, st.Page]) -> None:
    """The pages that links can lead to: called by the shell at each run."""
    st.session_state[_PAGES] = pages


def at(page: st.Page) -> None:
    """Which page is drawn: called by the shell once it is known."""
    pages: dict[str, st.Page] = st.session_state[_PAGES]
    st.session_state[_HERE] = next((path for path, one in pages.items() if one is page), "")


def to(label: str, path: str, *, primary: bool = False, key: object = "", **query: object) -> None:
    """A link to the page at `path`; `primary` draws it as the page's main action. The label is our own text.

    key: tells links apart that say the same and lead to the same.
    """
    said = {name: str(value) for name, value in query.items()}
    pages: dict[str, st.Page] = st.session_state.get(_PAGES, {})
    if path not in pages:  # a page drawn without the shell, as tests do
        html('<a href="{address}" target="_self">{label}</a>', address=f"/{path}?{urlencode(said)}", label=label)
        return
    if path == st.session_state.get(_HERE):
        _within_the_page(label, said, key, primary=primary)
        return
    if not primary:
        st.page_link(pages[path], label=label, icon="", query_params=said)
        return
    with st.container(key="-".join(("primary", path, *said.values())), width="content"):
        st.page_link(pages[path], label=label, icon="", query_params=said)


def _within_the_page(label: str, query: dict[str, str], key: object, *, primary: bool) -> None:
    """Another address of the page that is drawn. Streamlit 1.67 leaves the browser's address as it was when a
    page link leads to its own page, so that the next click would be about what was shown before."""
    st.button(
        label,
        key=f"within-{label}-{urlencode(query)}{key}",
        type="primary" if primary else "tertiary",
        on_click=st.query_params.from_dict,
        args=(query,),
    )


def go(path: str, **query: object) -> None:
    """Leaves for another page now, as a link does: Back leads to what the address was. Where a script switches
    pages, Streamlit 1.67 gives the page that is left the new page's query first, and Back leads to that."""
    pages: dict[str, st.Page] = st.session_state.get(_PAGES, {})
    if path not in pages:  # a page drawn without the shell, as tests do
        return
    said = urlencode({name: str(value) for name, value in query.items()})
    address = json.dumps(f"/{path}?{said}" if said else f"/{path}")
    st.html(f"<script>{_GOES.format(address=address)}</script>", unsafe_allow_javascript=True, width="content")
    st.stop()
