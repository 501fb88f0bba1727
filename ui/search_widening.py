"""Where few are found: what each single relaxation would find more, applied by one click."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from core.licences import LicenceClass
from core.relaxations import Loosened, Relaxation
from core.sentences import in_english
from db.places import regions
from db.services.search import Widened
from ui import search_criteria, words

_SHOWN_AT_FIRST = 6


def draw(total: int, widened: Sequence[Widened]) -> None:
    """Says what would find more, most first; where nothing does, what else there is to do."""
    nobody = "Nobody who is verified and available fits all of this"
    if not widened:
        words.empty(
            "No single change finds more." if total else f"{nobody}, and no single change finds anybody.",
            "Change two conditions, or look again in some days: operators join and change their availability.",
        )
        return
    st.text("Few fit. One change finds more:" if total else f"{nobody}. One change finds:")
    ranked = sorted(widened, key=lambda one: -one.more)
    _buttons(ranked[:_SHOWN_AT_FIRST])
    if rest := ranked[_SHOWN_AT_FIRST:]:
        with st.expander(f"{len(rest)} more ways"):
            _buttons(rest)


def _buttons(widened: Sequence[Widened]) -> None:
    with st.container(horizontal=True):
        for one in widened:
            st.button(
                f"{_words(one.relaxation)}: {in_english(one.more)} more",
                key=f"widen-{one.relaxation.loosened}-{one.relaxation.to}",
                on_click=_apply,
                args=(one,),
            )


def _apply(one: Widened) -> None:
    search_criteria.apply(one.relaxation.criteria)
    words.say_after_rerun(
        f"Searched anew: {_words(one.relaxation)}. {in_english(one.more)} more found.", leads=True
    )
    st.rerun()  # the whole page: its fields show what was applied


def _words(way: Relaxation) -> str:
    match way.loosened, way.to:
        case Loosened.DISTANCE, int(km):
            return f"Within {in_english(km)} km"
        case Loosened.REGION, str(code):
            return f"With {regions()[code]}"
        case Loosened.WEEKDAY, day:
            return f"Without {day}"
        case Loosened.SHIFT, shift:
            return f"Without {shift} shifts"
        case Loosened.START, date() as start:
            return f"From {in_english(start)}"
        case Loosened.CLASS, LicenceClass() as lowest:
            return f"{lowest.label} or higher"
        case _:
            return "On whatever days and shifts"
