"""An owner's own calculations: saved to a facility, gone on with, handed in as an application."""

from collections.abc import Mapping
from datetime import timedelta

import streamlit as st

from core.answers import Answer
from core.certificate_applications import ApplicationReason
from core.classification import Classification
from core.points import PointSystem
from core.sentences import Sentence, in_english
from db.saved_calculations import SavedCalculation
from db.services import applications, calculations
from db.services.calculations import OwnFacility
from ui import calculator, links, tables, words
from ui.forms import Form
from ui.session import asker
from ui.words import OFFICE_ZONE

_BACK = timedelta(days=365 * 40)  # how far back a day of payment or approval may lie


def draw(result: Classification, answers: Mapping[str, Answer]) -> None:
    """What whoever is signed in keeps for a facility of this type, and what can be done with it."""
    own = {one.facility_id: one for one in calculations.my_facilities(asker())}
    fitting = [id for id, one in own.items() if one.facility_type == result.facility_type]
    if not fitting:
        words.empty(
            "You have no facility of this type.", "Choose its type above, or register it under My facilities."
        )
        links.to("Go to My facilities", "my-facilities")
        return
    chosen = st.selectbox("Facility", fitting, format_func=lambda id: own[id].label, key="own_facility")
    facility = own[chosen]
    _save(facility, result, answers)
    st.subheader("Saved calculations", anchor=False)
    name = f"calculations-{facility.facility_id}"
    kept = calculations.history(asker(), facility.facility_id, tables.page_before_drawing(name))
    if not kept.total:
        words.empty("Nothing is saved for this facility yet.", "Save the answers above.")
        return
    system = result.law.points(result.facility_type)
    for one in kept.rows:
        _row(one, system)
    tables.page_number(name, kept.page, kept.pages)
    _hand_in(facility, kept.rows)


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
        st.button(
            f"Go on with these answers – calculation {one.calculation_id}",
            key=f"resume-{one.calculation_id}",
            on_click=_resume,
            args=(one, system),
        )


def _resume(one: SavedCalculation, system: PointSystem) -> None:
    st.session_state["on"] = one.on
    calculator.fill(one.answers, system)


def _in_words(one: SavedCalculation) -> str:
    points = str(one.lowest) if one.lowest == one.highest else f"{one.lowest} to {one.highest}"
    return f"{points}, {one.facility_class.label if one.facility_class else 'several classes'}"


def _hand_in(facility: OwnFacility, kept: tuple[SavedCalculation, ...]) -> None:
    """The application for classification: it goes to the office's queue, and the Director decides."""
    st.subheader("Apply for classification", anchor=False)
    words.notice(
        "The application rests on a saved calculation. The office checks it, and only the Director classifies."
    )
    today = asker().at.astimezone(OFFICE_ZONE).date()
    labels = {one.calculation_id: _short(one) for one in kept}
    chosen = st.selectbox("Calculation", list(labels), format_func=labels.__getitem__, key="to_hand_in")
    form = Form("application", key=facility.facility_id)
    reason = form.select(
        "reason", "Reason", list(ApplicationReason), shown=lambda one: ApplicationReason(one).label, required=True
    )
    fee = form.day(
        "fee_paid_on", "Fee paid on – leave empty while it is not", earliest=today - _BACK, latest=today
    )
    approval = form.day(
        "approval_applied_on",
        "Approval of the alteration applied for on – where there is one",
        earliest=today - _BACK,
        latest=today,
    )
    if form.submit(
        "Hand in as an application",
        lambda: applications.apply(asker(), chosen, reason, fee, approval),
        primary=False,
    ):
        words.say_after_rerun("The application is handed in; the certification office has it in its queue.")
        st.rerun()


def _short(one: SavedCalculation) -> str:
    return str(
        Sentence(
            "Calculation {id} of {day}: {points}", id=str(one.calculation_id), day=one.on, points=_in_words(one)
        )
    )
