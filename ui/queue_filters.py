"""The filters of the office's queue: chosen in widgets, carried by the address bar, handed on to its items."""

from collections.abc import Mapping
from dataclasses import fields

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.comparison import Outcome
from core.entries import shown
from core.licences import LicenceType
from core.queue import Filters, Kind, Stage
from core.sentences import Sentence
from db.places import regions
from ui import words
from ui.session import on_phone

_NAMES = tuple(field.name for field in fields(Filters))
_LONGEST = 100
_NOT_COMPARED = "Applications are compared with no listing, so none of these finds them."
_LABELS = {"kind": "Kind", "stage": "State", "outcome": "In the listing", "type": "Type", "region": "Region"}


def choose() -> Filters:
    """The filters as the widgets say; at first as the address bar says, which then carries them."""
    for unknown in _take_up():
        words.warning(unknown)
    with _folded(), st.container(horizontal=True, vertical_alignment="bottom"):
        _select("kind", {kind: kind.label for kind in Kind}, "All kinds", 260)
        _select("stage", {stage: stage.label for stage in Stage}, "All that waits", 220)
        _select("outcome", {one: one.label for one in Outcome}, "Any", 260)
        _select("type", {one: one.label for one in LicenceType}, "All types", 240)
        _select("region", regions(), "All of Ontario", 240)
        key = _key("words")
        st.text_input("Name or number contains", st.session_state[key], key=key, max_chars=_LONGEST, width=260)
    chosen = Filters(**{name: st.session_state.get(_key(name)) or "" for name in _NAMES})
    if chosen.outcome:
        st.caption(_NOT_COMPARED)
    _write(chosen)
    return chosen


def _folded() -> DeltaGenerator:
    """Where the filters are: on a telephone folded up, so that the first that waits is on the first screen."""
    if not on_phone():
        return st.container()
    chosen = any(st.session_state.get(_key(name)) for name in _NAMES)
    return st.expander("Filters", expanded=chosen)


def in_address() -> Filters:
    """The filters that the address bar carries, those that make no sense left out."""
    return Filters(**{name: _sensible(name, st.query_params.get(name, "")) for name in _NAMES})


def address(filters: Filters) -> Mapping[str, str]:
    """The filters as an address names them."""
    return {name: getattr(filters, name) for name in _NAMES if getattr(filters, name)}


def link(label: str, **filters: str) -> None:
    """What looks like a link and sets these filters, dropping all others."""
    st.button(
        label, type="tertiary", on_click=_set, args=(Filters(**filters),), key=f"filter-{sorted(filters.items())}"
    )


def _set(filters: Filters) -> None:
    for name in _NAMES:
        st.session_state[_key(name)] = str(getattr(filters, name))


def _take_up() -> list[Sentence]:
    """A page that was just opened begins as its address says; answers what of that is not known."""
    if _key("kind") in st.session_state:
        return []
    filters = in_address()
    _set(filters)
    return [
        Sentence(
            "The address asks for “{value}” under {filter}, which is not known, so it is left out.",
            filter=_LABELS[name],
            value=shown(value),
        )
        for name, value in st.query_params.items()
        if name in _LABELS and value and not getattr(filters, name)
    ]


def _write(filters: Filters) -> None:
    if address(filters) != {name: value for name, value in st.query_params.items() if name in _NAMES}:
        for name in _NAMES:
            st.query_params.pop(name, None)
        st.query_params.update(address(filters))


def _select(name: str, options: Mapping[str, str], without: str, width: int) -> None:
    named = {"": without} | {str(value): shown for value, shown in options.items()}
    values, key = tuple(named), _key(name)
    st.selectbox(
        _LABELS[name],
        values,
        values.index(st.session_state[key]),
        format_func=lambda value: named[value],
        key=key,
        width=width,
    )


def _sensible(name: str, value: str) -> str:
    options: Mapping[str, tuple[str, ...]] = {
        "kind": tuple(map(str, Kind)),
        "stage": tuple(map(str, Stage)),
        "outcome": tuple(map(str, Outcome)),
        "region": tuple(regions()),
        "type": tuple(map(str, LicenceType)),
    }
    if name == "words":
        return value[:_LONGEST]
    return value if value in options[name] else ""


def _key(name: str) -> str:
    return f"queue-{name}"
