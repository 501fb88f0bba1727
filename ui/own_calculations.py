"""An owner's own calculations: saved to a facility, gone on with, compared with its class, and handed in."""

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from core.answers import Answer
from core.classification import Classification
from core.facilities import FacilityType
from core.findings import NOT_YET, Day
from core.membership import Right
from core.points import PointSystem
from core.problems import Refused
from core.roles import Role
from core.sentences import in_english
from db.gate import NotSignedIn
from db.saved_calculations import SavedCalculation
from db.services import calculations, facility_law
from db.services.calculations import OwnFacility
from ui import calculator, findings, links, tables, words
from ui.fields import told_apart
from ui.forms import Form
from ui.markup import html
from ui.session import asker, me


def choose(facility_type: FacilityType) -> OwnFacility | None:
    """Which facility is calculated, of those at which whoever is signed in may record; the only one of its type
    unless told."""
    held = calculations.my_facilities(asker(), Right.RECORD)
    own = {one.facility_id: one for one in held if one.facility_type is facility_type}
    if not own:
        return None
    chosen = st.selectbox(
        "Your facility – to save to, and named on the worksheet",
        list(own),
        index=0 if len(own) == 1 else None,
        format_func=told_apart({id: one.label for id, one in own.items()}).__getitem__,
        placeholder="None",
        key=f"own_{facility_type}",
    )
    return None if chosen is None else own[chosen]


def draw(facility: OwnFacility | None, result: Classification, answers: Mapping[str, Answer]) -> None:
    """What whoever is signed in keeps for the facility chosen, and what can be done with it."""
    if facility is None:
        words.empty(
            "No facility of this type is chosen.",
            "Choose one above. An owner registers facilities under My facilities; a delegate records where "
            "the owner lets them.",
        )
        if (who := me()) and Role.OWNER in who.roles:
            links.to("Go to My facilities", "my-facilities")
        else:
            links.to("See whom I act for", "acting-for")
        return
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
    _as_alteration(kept.rows)


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


_APPROVAL: Mapping[str, Day] = {"Yes": None, "Not yet": NOT_YET, "Not sure": None}


def _as_alteration(kept: Sequence[SavedCalculation]) -> None:
    """One saved calculation taken as an alteration of the facility: compared with its class on record today."""
    html('<h2 class="part">As an alteration of the class on record</h2>')
    by_id = {one.calculation_id: one for one in kept}
    chosen = st.selectbox(
        "Saved calculation – its answers are the facility after the alteration",
        list(by_id),
        index=None,
        format_func=lambda id: f"Calculation {id}: {_in_words(by_id[id])}",
        placeholder="None",
        key="alteration",
    )
    if chosen is None:
        return
    said = st.radio("Approval of the alteration is applied for", list(_APPROVAL), index=2, key="approval")
    day = _APPROVAL[said or "Not sure"]
    if said == "Yes":
        written = st.date_input("Applied for on", value=None, format="YYYY-MM-DD", key="approval_on")
        day = written if isinstance(written, date) else None
    try:
        finding = facility_law.alteration(asker(), chosen, day)
    except NotSignedIn:
        raise
    except Refused as refused:
        words.problems(refused)
        return
    st.text("Must reclassification be applied for, and by when? An application is due with the approval’s.")
    findings.draw(finding)


def _resume(one: SavedCalculation, system: PointSystem) -> None:
    st.session_state["on"] = one.on
    calculator.fill(one.answers, system)


def _in_words(one: SavedCalculation) -> str:
    points = str(one.lowest) if one.lowest == one.highest else f"{one.lowest} to {one.highest}"
    return f"{points}, {one.facility_class.label if one.facility_class else 'several classes'}"
