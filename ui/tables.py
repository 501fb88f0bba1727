"""Long tables: a page of rows, one of them chosen; the address bar carries which.

That a click on any cell ticks its row is in static/portal.js.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow
import streamlit as st
from streamlit.elements.arrow import DataframeStateInput

from core.sentences import in_english
from ui import cards
from ui.addresses import row_id
from ui.markup import Markup, html, joined, markup
from ui.session import on_phone

_A_PAGE = 50
_PAGE, _IN_ADDRESS = "page", "table-with-its-page-in-the-address"
_EMPTY_CELL = Markup('<td class="blank"></td>')
_HEADER, _ROW = 37, 35  # px: the heights of a table's head (static/portal.js knows it too) and rows


def how_to_choose() -> str:
    """How sentences above a table that opens begin."""
    return "Press a name" if on_phone() else "Choose a row (by keyboard with Shift and Space)"


def plain(caption: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Rows to read, each headed by its first cell: no column lies off the screen, and on a telephone each row is a
    list of its cells with their names. All rows have the same columns."""
    html(
        '<table class="plain wide named"><caption>{caption}</caption><thead><tr>{columns}</tr></thead>'
        "<tbody>{rows}</tbody></table>",
        caption=caption,
        columns=joined(markup('<th scope="col">{name}</th>', name=name) for name in rows[0]),
        rows=joined(markup("<tr>{cells}</tr>", cells=_cells(row)) for row in rows),
    )


def paged(name: str, caption: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Rows to read, fifty a page."""
    pages = -(-len(rows) // _A_PAGE)
    page = min(page_before_drawing(name), pages)
    plain(caption, rows[(page - 1) * _A_PAGE : page * _A_PAGE])
    page_number(name, page, pages)


def _cells(row: Mapping[str, object]) -> Markup:
    (_, head), *others = row.items()
    cells = (
        markup('<td><span class="cell-of">{name}: </span>{value}</td>', name=name, value=_cell(value))
        if _cell(value)
        else _EMPTY_CELL
        for name, value in others
    )
    return joined((markup('<th scope="row">{head}</th>', head=_cell(head)), *cells))


def _cell(value: object) -> object:
    return value if isinstance(value, Markup) else in_english(value)


def choose(
    rows: Sequence[Mapping[str, object]],
    ids: Sequence[int],
    parameter: str,
    *,
    alt: str,
    columns: Mapping[str, Any] | None = None,
    on_screen: int | None = None,
    row_height: int = _ROW,
    on_choose: Callable[[], None] | None = None,
    in_place: bool = False,
) -> int | None:
    """Draws the rows and answers the id of the one chosen, by a click or by `?parameter=id` in the address. On a
    telephone they are cards.

    `ids` are the rows' own, in their order. Cells are text and never markup; `alt` says what the table lists.
    `on_screen` rows are in view, the others by scrolling; cells wrap in rows whose `row_height` is more than 64
    (px); `on_choose` is called before another one is chosen.

    Other rows are another table, on which nothing is ticked yet and where a click on the one before is lost. With
    `in_place` they come into the same table, which a browser draws in half the time: for rows where a click that
    was under way opens another one at worst, and does no more.
    """
    opened = st.session_state.pop(_next(parameter), None)
    if opened in ids:
        st.query_params[parameter] = str(opened)
    if on_phone():
        return cards.choose(rows, ids, parameter, alt=alt, on_choose=on_choose)
    these = hash(tuple(ids))
    key = f"table-{parameter}" if in_place else f"table-{parameter}-{these}"
    st.session_state[_shown(parameter)] = key
    chosen = row_id(st.query_params.get(parameter, ""))
    ticked_at_first = _ticked([ids.index(chosen)] if chosen in ids else [])
    if opened in ids or (in_place and st.session_state.get(_rows_of(parameter)) not in (None, these)):
        st.session_state[key] = ticked_at_first
    st.session_state[_rows_of(parameter)] = these

    def choose_row() -> None:
        if on_choose:
            on_choose()
        ticked = st.session_state[key]["selection"]["rows"]
        if ticked and ticked[0] < len(ids):
            st.query_params[parameter] = str(ids[ticked[0]])
        else:
            st.query_params.pop(parameter, None)

    st.dataframe(
        pyarrow.Table.from_pylist(list(rows)),  # as it is sent: by way of pandas it would take ten times as long
        key=key,
        hide_index=True,
        height=_HEADER + 1 + row_height * min(len(ids), on_screen) if on_screen else "auto",
        row_height=row_height,
        on_select=choose_row,
        selection_mode="single-row",
        selection_default=ticked_at_first,
        column_config=columns,
        alt=alt,
    )
    return chosen


def close(parameter: str) -> None:
    """No row is chosen any more: called by a button, before the table is drawn."""
    if on_phone():
        cards.close(parameter)
        return
    st.query_params.pop(parameter, None)
    key = st.session_state.get(_shown(parameter))
    if key is not None and key in st.session_state:
        st.session_state[key] = _ticked([])


def open_next(parameter: str, id: int) -> None:
    """The row of this id is chosen when the table is drawn next: what stands beside it was clicked."""
    st.session_state[_next(parameter)] = id


def opens_next(parameter: str) -> bool:
    """Whether a row waits for the table to be drawn."""
    return _next(parameter) in st.session_state


def _ticked(rows: list[int]) -> DataframeStateInput:
    return {"selection": {"rows": rows, "columns": [], "cells": []}}


def _next(parameter: str) -> str:
    return f"next-of-{parameter}"


def _rows_of(parameter: str) -> str:
    return f"rows-of-{parameter}"


def _shown(parameter: str) -> str:
    return f"table-of-{parameter}"


def page_number(name: str, page: int, pages: int, *, in_address: bool = False) -> None:
    """Under a table: which page of it is shown; what was chosen is read before it is drawn."""
    st.session_state[_key(name)] = page
    if pages > 1:
        st.pagination(pages, key=_key(name), on_change=_into_address if in_address else None, args=(name,))


def page_before_drawing(name: str) -> int:
    """The page that was chosen last, from 1."""
    return int(st.session_state.get(_key(name), 1))


def page_in_address(name: str) -> int:
    """The page that the address names, from 1, of the one table of a page that keeps it there. Another table, or
    the same narrowed otherwise, begins with its first."""
    if st.session_state.get(_IN_ADDRESS, name) != name:
        st.query_params.pop(_PAGE, None)
    st.session_state[_IN_ADDRESS] = name
    return max(1, row_id(st.query_params.get(_PAGE, "")) or 1)


def _into_address(name: str) -> None:
    page = int(st.session_state[_key(name)])
    if page > 1:
        st.query_params[_PAGE] = str(page)
    else:
        st.query_params.pop(_PAGE, None)


def _key(name: str) -> str:
    return f"page-of-{name}"
