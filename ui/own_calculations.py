"""An owner's own calculations: saved to a facility, gone on with, and the way to hand one in."""

from collections.abc import Mapping

import streamlit as st

from core.answers import Answer
from core.classification import Classification
from core.membership import Right
from core.points import PointSystem
from core.roles import Role
from core.sentences import in_english
from db.saved_calculations import SavedCalculation
from db.services import calculations
from db.services.calculations import OwnFacility
from ui import calculator, links, tables, words
from ui.forms import Form
from ui.markup import html
from ui.session import asker, me


def draw(result: Classification, answers: Mapping[str, Answer]) -> None:
    """What whoever is signed in keeps for a facility of this type, and what can be done with it."""
    own = {one.facility_id: one for one in calculations.my_facilities(asker(), Right.RECORD)}
    fitting = [id for id, one in own.items() if one.facility_type == result.facility_type]
    if not fitting:
        words.empty(
            "You have no facility of this type.",
            "Choose its type above. An owner registers facilities under My facilities; a delegate records where "
            "the owner lets them.",
        )
        if (who := me()) and Role.OWNER in who.roles:
            links.to("Go to My facilities", "my-facilities")
        else:
            links.to("See whom I act for", "acting-for")
        return
    chosen = st.selectbox("Facility", fitting, format_func=lambda id: own[id].label, key="own_facility")
    facility = own[chosen]
    _save(facility, result, answers)
    html('<h2 class="part">Saved calculations</h2>')
    name = f"calculations-{facility.facility_id}"
    kept = calculations.history(asker(), facility.facility_id, tables.page_before_drawing(name))
    if not kept.total:
        words.empty("Nothing is saved for this facility yet.", "Save the answers above.")
        return
    system = result.law.points(result.facility_type)
    for one in kept.rows:
        _row(one, system)
    tables.page_number(name, kept.page, kept.pages)


def _save(facility: OwnFacility, result: Classification, answers: Mapping[str, Answer]) -> None:
    form = Form("calculation", key=facility.facility_id)
    note = form.text("note", "Note – what these answers are about, for yourself")
    saved = form.submit(
        "Save to this facility",
        lambda: calculations.save(
            asker(), facility.facility_id, result.law.regulation.number, result.law.on, answers, note
        ),
    )
    if saved:
        words.say_after_rerun("The calculation is saved.")
        st.rerun()


def _row(one: SavedCalculation, system: PointSystem) -> None:
    with st.container(border=True):
        words.facts(
            {
                "Saved": f"{words.office_time(one.saved_at)}, by {one.saved_by}",
                "Points": _in_words(one),
                "Law": f"O. Reg. {one.regulation}, {one.law_version}, as of {in_english(one.on)}",
                **({"Note": one.note} if one.note else {}),
            }
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                f"Go on with calculation {one.calculation_id}",
                key=f"resume-{one.calculation_id}",
                on_click=_resume,
                args=(one, system),
            )
            links.to(
                f"Apply for classification with calculation {one.calculation_id}",
                "applications",
                calculation=one.calculation_id,
            )


def _resume(one: SavedCalculation, system: PointSystem) -> None:
    st.session_state["on"] = one.on
    calculator.fill(one.answers, system)


def _in_words(one: SavedCalculation) -> str:
    points = str(one.lowest) if one.lowest == one.highest else f"{one.lowest} to {one.highest}"
    return f"{points}, {one.facility_class.label if one.facility_class else 'several classes'}"
