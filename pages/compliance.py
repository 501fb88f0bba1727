"""A facility on a day, as an inspection asks: first what is wrong, then what falls due, then what is not known."""

from contextlib import suppress
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import inspection_period
from core.compliance import Place, Topic, placed
from core.places import day_at
from core.problems import Refused
from core.sentences import in_english
from db.gate import NotAllowed, NotSignedIn
from db.services import compliance
from db.services.compliance import Inspected
from ui import facility_choice, inspected, links, pack, paper, words
from ui.fresh import fresh
from ui.session import asker, asker_later

_TITLE = "Compliance of a facility"
_FOLDED = frozenset({Place.STANDS, Place.NOT_APPLICABLE})  # nothing of it asks for anything
_OF_THE_LOG = (Topic.ADJUSTMENTS, Topic.LOGS)
_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)


def render() -> None:
    facility_id = facility_choice.named()
    if facility_id is None:
        words.title("Compliance of facilities", "Choose a facility to see what an inspection would find.")
        facility_choice.choose("compliance")
        return
    _one(facility_id)


def _one(facility_id: int) -> None:
    top = st.container()
    on = _day("As of", "day")
    try:
        about = (facility_id, on)
        found = fresh("inspected", about, lambda: compliance.on_day(asker(), facility_id, on))
    except NotSignedIn:
        raise
    except NotAllowed:
        with top:
            words.title(_TITLE, "There is no such facility, or it is not yours.")
            links.to("Another facility", "compliance")
        return
    except Refused as refused:
        _refused(top, facility_id, on, refused)
        return
    with top:
        words.title(_TITLE, inspected.sentence(found))
        inspected.glance(found)
    words.facts(inspected.in_short(found))
    for missing in found.not_on_file:
        words.notice(missing)
    if on is not None and on > day_at(asker().at):
        _log_today(found)
    _answers(found)
    _pack(found)
    _links(facility_id)


def _log_today(found: Inspected) -> None:
    """Of a day to come, which can have no log yet: what the log lacks today, and the way there."""
    today = _today(found.facility_id)
    if today is None or found.on <= today.on:
        return
    asked = placed(today.answers, today.on)
    of_the_log = {place: [one for one in asked[place] if one.topic in _OF_THE_LOG] for place in Place}
    if not any(of_the_log.values()):
        return
    wrong, due = len(of_the_log[Place.WRONG]), len(of_the_log[Place.DUE])
    lacks = [f"{in_english(wrong)} of what is asked {'does' if wrong == 1 else 'do'} not stand"] if wrong else []
    lacks += [f"{in_english(due)} fall{'s' if due == 1 else ''} due"] if due else []
    says = " and ".join(lacks) or "nothing is found wrong"
    words.notice(f"This day is to come, so its log is not asked about yet. In the log as it is today {says}.")
    _to_today()


def _today(facility_id: int) -> Inspected | None:
    """The same facility today; None where that cannot be answered."""
    with suppress(Refused):
        return fresh("inspected-today", facility_id, lambda: compliance.on_day(asker(), facility_id))
    return None


def _to_today() -> None:
    st.button("Its compliance today", on_click=lambda: st.session_state.update(day=None))


def _links(facility_id: int) -> None:
    links.to("Its certificate, applications and display", "facility", id=facility_id)
    links.to("Its people, designations and ledgers", "people", id=facility_id)
    links.to("Its shift log", "shift-log", id=facility_id)
    links.to("The training of its people", "training", id=facility_id)
    links.to("Its manuals", "manuals", id=facility_id)
    links.to("Another facility", "compliance")


def _refused(top: DeltaGenerator, facility_id: int, on: date | None, refused: Refused) -> None:
    """A day that cannot be answered, of which facility, and the ways on."""
    today = _today(facility_id) if on is not None else None
    with top:
        of = f" of {today.facility}" if today else ""
        words.title(_TITLE, f"This day{of} cannot be answered.")
    words.problems(refused)
    if today is None:
        links.to("Another facility", "compliance")
        return
    _to_today()
    _links(facility_id)


def _day(label: str, key: str) -> date | None:
    """A day chosen, or of the address; one that cannot be chosen is said, and left out."""
    given = st.query_params.get(key, "")
    chosen = st.date_input(
        label,
        value=None,
        min_value=_FIRST_DAY,
        max_value=_LAST_DAY,
        format="YYYY-MM-DD",
        key=key,
        bind="query-params",
        width=200,
    )
    if isinstance(chosen, date):
        return chosen
    if given:
        words.problem(
            f"The address asks about {given}, which is left out: it is no day, or too far away. Choose a day from "
            f"{in_english(_FIRST_DAY)} through {in_english(_LAST_DAY)}."
        )
    return None


def _answers(found: Inspected) -> None:
    by_place = placed(found.answers, found.on)
    for place in Place:
        if not by_place[place]:
            continue
        if place in _FOLDED:
            label, key = f"{inspected.HEADINGS[place]} ({len(by_place[place])})", place.replace(" ", "-")
            with st.expander(label, key=key, on_change="rerun", bind="query-params"):  # a reload keeps it unfolded
                inspected.answers(found, place)
            continue
        st.subheader(f"{inspected.HEADINGS[place]} ({len(by_place[place])})", anchor=False)
        inspected.answers(found, place)


# --- the pack -----------------------------------------------------------------------------------------------


def _pack(found: Inspected) -> None:
    st.subheader("Inspection pack", anchor=False)
    st.text(
        "Every question of an inspection with its answers, the evidence and the citations, for a day or a period. "
        "Downloading is recorded."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first, last = _day("First day", "from"), _day("Last day", "to")
    last = last or found.on
    first = first or last
    try:
        inspection_period.check(found.on_record.facility_type, first, last)
    except Refused as refused:
        words.problems(refused)
        return
    who, facility_id = asker_later(), found.facility_id
    paper.buttons(
        pack.file_name(found.ministry_number, first, last),
        lambda: pack.of(compliance.over_period(who(), facility_id, first, last), day_at(who().at)),
    )
