"""The rows of a table as cards, for screens on which a table has no room: the name on each opens it, alone."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from core.sentences import in_english
from ui import words
from ui.addresses import row_id
from ui.markup import as_markdown, html, joined, markup


def choose(
    rows: Sequence[Mapping[str, object]],
    ids: Sequence[int],
    parameter: str,
    *,
    alt: str,
    on_choose: Callable[[], None] | None = None,
) -> int | None:
    """Draws a card a row, headed by its first cell, and answers the id of the open one, by `?parameter=id` in the
    address. While one of them is open the others are not shown; a button leads back to them."""
    chosen = row_id(st.query_params.get(parameter, ""))
    with st.container(key=f"cards-{parameter}"):
        html('<p class="cards-of">{alt}</p>', alt=alt)
        for id, row in zip(ids, rows, strict=True):
            if chosen == id or chosen not in ids:
                _card(row, id, parameter, on_choose, is_open=chosen == id)
        if chosen in ids and len(ids) > 1:
            again = (parameter, None, chosen, on_choose)
            st.button(
                f"Show all {in_english(len(ids))} again", key=f"cards-all-{parameter}", on_click=_open, args=again
            )
        _lead_once(parameter)
    return chosen


def close(parameter: str) -> None:
    """No card is open any more: called by a button."""
    opened = row_id(st.query_params.get(parameter, ""))
    if opened is not None:
        _open(parameter, None, opened, None)


def _card(
    row: Mapping[str, object], id: int, parameter: str, on_choose: Callable[[], None] | None, *, is_open: bool
) -> None:
    (_, head), *cells = row.items()
    with st.container(border=True, key=f"card-{parameter}-{id}"):
        st.button(
            as_markdown(in_english(head)) or "Open",
            key=f"cards-open-{parameter}-{id}",
            type="tertiary",
            icon=":material/expand_less:" if is_open else None,
            on_click=_open,
            args=(parameter, None if is_open else id, id, on_choose),
        )
        if not is_open:  # else all of it is said beneath
            _cells(cells)


def _cells(cells: Sequence[tuple[str, object]]) -> None:
    said = ((name, in_english(value)) for name, value in cells)
    html(
        '<p class="cells">{cells}</p>',
        cells=joined(
            markup("<span><span>{name}:</span> {value}</span> ", name=name, value=value)
            for name, value in said
            if value
        ),
    )


def _open(parameter: str, id: int | None, pressed: int, on_choose: Callable[[], None] | None) -> None:
    """Opens a card, or closes the open one for None; the focus follows the card that was `pressed` about."""
    if on_choose:
        on_choose()
    st.session_state[_led(parameter)] = pressed
    if id is None:
        st.query_params.pop(parameter, None)
    else:
        st.query_params[parameter] = str(id)


def _lead_once(parameter: str) -> None:
    pressed = st.session_state.pop(_led(parameter), None)
    if pressed is not None:
        words.lead_to(f"cards-open-{parameter}-{pressed}")


def _led(parameter: str) -> str:
    return f"cards-lead-{parameter}"
