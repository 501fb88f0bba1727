"""What a service answered within the last minute: each look at people's data is recorded, and redrawing a
page is none."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import streamlit as st

from db.services import sessions
from ui.session import asker

Answer = TypeVar("Answer")

_FOR = timedelta(minutes=1)
_KEPT = "fresh"  # where a session keeps, by name: to whom and about what it was answered, when, the answer


def fresh(name: str, about: object, ask: Callable[[], Answer]) -> Answer:
    """What was answered within the last minute to the same person about the same, else what is answered now."""
    if not is_kept(name, about):
        st.session_state.setdefault(_KEPT, {})[name] = (asker().token, about, asker().at, ask())
    answer: Answer = st.session_state[_KEPT][name][-1]
    return answer


def seen() -> None:
    """Marks the session as in use, at most once a minute."""
    fresh("seen", None, lambda: sessions.touch(asker()))


def is_kept(name: str, about: object) -> bool:
    """Whether `fresh` would answer without asking."""
    who, entry = asker(), st.session_state.get(_KEPT, {}).get(name)
    return bool(entry) and entry[:2] == (who.token, about) and who.at - entry[2] < _FOR


def forget(name: str = "") -> None:
    """Drops what is kept under a name; without one, everything: something is about to change."""
    if name:
        st.session_state.get(_KEPT, {}).pop(name, None)
    else:
        st.session_state.pop(_KEPT, None)
