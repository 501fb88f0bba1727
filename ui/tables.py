"""Long tables: a page of rows, one of them chosen; the address bar carries which."""

from collections.abc import Mapping, Sequence

import streamlit as st


def choose(rows: Sequence[Mapping[str, object]], ids: Sequence[int], parameter: str, *, alt: str) -> int | None:
    """Draws the rows and answers the id of the one chosen, by a click or by `?parameter=id` in the address.

    `ids` are the rows' own, in their order. Cells are text and never markup; `alt` says what the table lists.
    """
    chosen = st.dataframe(
        list(rows),
        key=f"table-{parameter}",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        alt=alt,
    )
    selected = chosen["selection"]["rows"]
    if selected and selected[0] < len(ids):
        st.query_params[parameter] = str(ids[selected[0]])
    given = st.query_params.get(parameter, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def page_number(name: str, page: int, pages: int) -> None:
    """Under a table: which page of it is shown; `page_before_drawing` reads what was chosen."""
    st.session_state[_key(name)] = page
    if pages > 1:
        st.pagination(pages, key=_key(name))


def page_before_drawing(name: str) -> int:
    """The page that was chosen last, from 1."""
    return int(st.session_state.get(_key(name), 1))


def _key(name: str) -> str:
    return f"page-of-{name}"
