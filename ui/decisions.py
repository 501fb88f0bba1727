"""The one form in which a director records a decision, of whatever kind, and how a recorded one is shown."""

from collections.abc import Callable, Iterable
from datetime import date

import streamlit as st

from db.decisions import RecordedDecision
from ui import words
from ui.forms import Form

_PLACES = {"facility_class": "Class", "certificate_number": "Certificate", "points": "Points taken off"}
_NO_LAST_DAY = "No last day is on record. A later decision about some of its days replaces it on those."


def record(form: Form, button: str, act: Callable[[date | None, str], object], *, primary: bool = True) -> bool:
    """Asks for day and reasons, after the fields of its kind that the caller has put into the form.

    `act` is called with both. True once the decision is recorded.
    """
    decided_on = form.day("decided_on", "Day of the decision", required=True)
    reasons = form.textarea(
        "reasons", "Reasons", required=True, help="The owner reads them, and findings that rest on it cite them."
    )
    return form.submit(button, lambda: act(decided_on, reasons), primary=primary)


def show(recorded: Iterable[RecordedDecision]) -> None:
    """What was decided, by whom, when and why, with its provision."""
    for one in recorded:
        decision = one.decision
        with st.container(border=True, key=f"decision-{one.decision_id}"):
            said: dict[str, object] = {
                "Decision": one.kind.title,
                "By": f"{decision.by}, the Director",
                "On": decision.decided_on,
                "Under": decision.citation,
            }
            if not decision.granted:
                said["Outcome"] = "Refused or ended"
            said |= {label: one.terms[name] for name, label in _PLACES.items() if name in one.terms}
            if decision.period.start != decision.decided_on:
                said["Stands from"] = decision.period.start
            if decision.period.last:
                said["Stands until"] = decision.period.last
            elif one.kind.for_a_period:  # recorded before a refusal had to name its last day
                said["Stands until"] = _NO_LAST_DAY
            words.facts(said)
            st.text(decision.reasons)
