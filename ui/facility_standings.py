"""Facilities with how their overall responsible operators stand: the totals, and a table to open one from."""

import streamlit as st

from core.findings import Verdict
from core.sentences import in_english
from db.services import responsibility
from db.services.responsibility import NOT_ASSESSED, Counts, StandingRow
from ui import findings, tables, words
from ui.session import asker
from ui.words import Mark

_STANDING, _WORDS, _PAGE = "standing", "facility-words", "facilities"
_ORDER = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.DIRECTOR, Verdict.MET, Verdict.NOT_APPLICABLE)


def sentence(counted: Counts) -> str:
    """How they stand, in a sentence."""
    many = f"{in_english(counted.total)} {'facility' if counted.total == 1 else 'facilities'}."
    wrong, unknown = counted.by_verdict[Verdict.NOT_MET], counted.by_verdict[Verdict.UNKNOWN]
    if not wrong and not unknown:
        return f"{many} No overall responsible operator is known not to stand."
    said = f"{many} At {in_english(wrong)} the overall responsible operator does not stand"
    return f"{said}; at {in_english(unknown)} it is not known."


def choose(counted: Counts) -> None:
    """The facilities, those that do not stand first, narrowed by standing and by name; a row opens its page."""
    options = {"": f"All ({in_english(counted.total)})"} | _options(counted)
    standing = st.selectbox(
        "Standing of the overall responsible operator",
        list(options),
        key=_STANDING,
        format_func=lambda one: options.get(one, one),
        bind="query-params",
    )
    contains = st.text_input("Name or number contains", key=_WORDS, max_chars=100)
    page = tables.page_before_drawing(_PAGE)
    found = responsibility.facilities(asker(), contains or "", standing or "", page)
    if not found.rows:
        words.empty("No facility is like this.", "Choose another standing, or type fewer letters.")
        return
    rows = [_row(one) for one in found.rows]
    ids = [one.facility_id for one in found.rows]
    st.text(f"{tables.how_to_choose()} to see who runs that facility, and until when.")
    if (
        tables.choose(rows, ids, "id", alt="Facilities, and how their overall responsible operators stand")
        is not None
    ):
        st.rerun()
    tables.page_number(_PAGE, found.page, found.pages)


def _options(counted: Counts) -> dict[str, str]:
    """The standings that there are, with how many facilities each has."""
    numbers = {verdict.value: counted.by_verdict[verdict] for verdict in _ORDER} | {
        NOT_ASSESSED: counted.not_assessed
    }
    return {
        standing: f"{_mark(standing).shape} {_mark(standing).word} ({in_english(number)})"
        for standing, number in numbers.items()
        if number
    }


def _mark(standing: str) -> Mark:
    return words.NOT_ASSESSED if standing == NOT_ASSESSED else findings.MARKS[Verdict(standing)]


def _row(one: StandingRow) -> dict[str, object]:
    mark = _mark(NOT_ASSESSED if one.verdict is None else one.verdict.value)
    because = "O. Reg. 128/04 follows." if one.verdict is None else one.because or "Nobody is on record."
    return {
        "Facility": f"{one.facility} {one.ministry_number}".strip(),
        "Standing": f"{mark.shape} {mark.word}",
        "Also not standing": in_english(one.others) if one.others else "",
        "May change on": in_english(one.until) if one.until else "",
        "Why": because,
        "Type": one.facility_type.label,
    }
