"""A facility's people: who runs it, by what right and until when; what is recorded, and what the office sees."""

from datetime import date

import streamlit as st

from core.membership import Right
from core.roles import ACTING, Role
from core.sentences import in_english
from db.gate import NotAllowed, NotSignedIn
from db.people_assessed import Days
from db.people_views import PeopleOfFacility
from db.services import calculations, designations, employees, responsibility
from db.services.responsibility import Unconfirmed
from ui import (
    employee_changes,
    facility_choice,
    facility_standings,
    ledger,
    links,
    past_licences,
    people_acts,
    people_disruptions,
    people_records,
    people_standing,
    people_timeline,
    tables,
    words,
)
from ui.forms import Form
from ui.fresh import fresh
from ui.markup import as_markdown
from ui.session import asker

_TITLE = "People of a facility"
_DAY = "people_day"  # the day asked about, in the address
_NOT_LISTED = "The listing shows nobody under this Operator ID."
_SPEND_NONE = (
    "Days of a strike or lock-out for which the Director lifted the rule (s. 16), and days of a declared "
    "emergency (s. 23), spend none (reading R6). Whoever runs the facility then is designated on that basis; "
    "end a stand-in before. What section 16 or 23 asks besides is under “Strikes and emergencies”."
)


def render() -> None:
    facility_id = facility_choice.named()
    if facility_id is not None:
        _one(facility_id)
        return
    counted = responsibility.counts(asker())
    if not counted.total:
        words.title("People of facilities", "Who runs a facility, and until when.")
        facility_choice.none()
        return
    words.title("People of facilities", facility_standings.sentence(counted))
    if Role.OFFICER in facility_choice.roles():
        _unconfirmed()
    facility_standings.choose(counted)
    if not facility_choice.roles().isdisjoint(facility_choice.OFFICE):
        _notices_received()


# --- one facility -------------------------------------------------------------------------------------------


def _one(facility_id: int) -> None:
    top = st.container()
    on = _day()
    try:
        found = fresh("people", (facility_id, on), lambda: responsibility.people(asker(), facility_id, on))
    except NotSignedIn:
        raise
    except NotAllowed:
        with top:
            words.title(_TITLE, "There is no such facility, or it is not yours.")
        return
    with top:
        words.title(_TITLE, _sentence(found))
    acts = not facility_choice.roles().isdisjoint(ACTING)
    records = acts and _may(Right.RECORD, facility_id)
    manages = records and _may(Right.MANAGE, facility_id)
    with st.container():  # what follows keeps its place, whatever this shows
        people_standing.draw(found)
        if any(need.key == "class_on_record" for one, _ in found.findings for need in one.finding.needs):
            facility_choice.without_class()
        if records and people_disruptions.asks(found):
            words.notice(f"What is asked of an emergency is answered under “{people_disruptions.TITLE}” below.")
        _unlicensed(found)
        if records:
            _notice_due(found)
        _ledgers(found)
    with st.container():
        st.subheader("Who runs it, from when to when", anchor=False)
        people_timeline.draw(found)
    with st.container():
        if acts and _may(Right.READ, facility_id):
            people_acts.draw(found, manages=manages, records=records)
    with st.container():
        people_disruptions.draw(found, records=records)
    st.subheader("What is recorded", anchor=False)
    people_records.draw(found, records=records, manages=manages)
    employee_changes.draw(found, records=records, manages=manages, officer=Role.OFFICER in facility_choice.roles())
    past_licences.show(found)
    if Role.OFFICER in facility_choice.roles():
        past_licences.for_officers(found)
    links.to("What an inspection would find, and the inspection pack", "compliance", id=facility_id)
    links.to("Shift log", "shift-log", id=facility_id)
    links.to("What section 4 asks, and the Director’s decisions", "facility", id=facility_id)
    links.to("Training of these people", "training", id=facility_id)
    links.to("Manuals of this facility", "manuals", id=facility_id)
    links.to("All facilities", "people")


def _day() -> date | None:
    chosen = st.date_input(
        "As of", value=None, min_value=date(1990, 1, 1), format="YYYY-MM-DD", key=_DAY, bind="query-params"
    )
    return chosen if isinstance(chosen, date) else None


def _may(right: Right, facility_id: int) -> bool:
    return facility_id in {one.facility_id for one in calculations.my_facilities(asker(), right)}


def _sentence(found: PeopleOfFacility) -> str:
    acting = next((one for one in found.timeline if found.on in one.span), None)
    name = acting.name if acting and acting.name else "nobody on record"
    if acting and any(asked.key == "stand_in" for asked in acting.finding.needs):
        name += ", recorded as absent; nobody stands in"
    return f"{found.facility}: overall responsible operator on {in_english(found.on)}: {name}."


def _unlicensed(found: PeopleOfFacility) -> None:
    if not found.unlicensed:
        return
    st.subheader("Days worked without a licence", anchor=False)
    rows = [
        {
            "Name": one.name,
            "First day": in_english(one.span.start),
            "Last day": in_english(one.span.last),
            "Days": one.days,
        }
        for one in found.unlicensed
    ]
    tables.plain("Days worked without a licence, by person", rows)


def _ledgers(found: PeopleOfFacility) -> None:
    if found.stand_ins is not None:
        st.subheader("Days with a stand-in", anchor=False)
        _ledger(found.stand_ins, found.on, "a stand-in", _SPEND_NONE)
        if Role.DIRECTOR in facility_choice.roles():
            links.to(
                "Record that the limit does not apply for a time (the Director’s direction)",
                "facility",
                id=found.facility_id,
                decision="stand_in_direction",
            )
            links.to(
                "Record the Director’s direction in a strike or lock-out",
                "facility",
                key="strike",
                id=found.facility_id,
                decision="strike_direction",
            )
    if found.engineers is not None and (found.engineers.ledger.days or found.engineers.unclear):
        st.subheader("Days with an unlicensed engineer in charge", anchor=False)
        if found.engineers.unclear:
            more = in_english(found.engineers.unclear)
            st.text(
                f"Not counted: {more} more, on which it is not known whether the engineer held a licence (R65)."
            )
        _ledger(found.engineers, found.on, "an engineer without a licence")


def _ledger(days: Days, on: date, what: str, besides: str = "") -> None:
    """How the days stand, and their calendar; where none counts a line, with the rest folded away."""
    nothing = ledger.none(days, on, what)
    st.text(nothing or ledger.sentence(days, on))
    with st.expander("Which days would count") if nothing else st.container():
        if besides:
            st.text(besides)
        ledger.draw(days, on, what)


def _notice_due(found: PeopleOfFacility) -> None:
    form = Form("notice", key=found.facility_id)
    if found.notice_due is None:
        form.set_aside("No notice to the Director is due any more: somebody was first, or the days changed.",
                       sent_on="Sent on")  # fmt: skip
        return
    words.warning(f"Notify the Director without delay: due since {in_english(found.notice_due.reached_on)}.")
    st.text("The notice, from what is recorded:")
    st.text(found.notice_due.words)
    sent_on = form.day("sent_on", "Sent on", required=True)
    if form.submit(
        "Record that the notice was sent",
        lambda: designations.record_notice(asker(), found.facility_id, sent_on),
        primary=False,
    ):
        words.say_after_rerun("The notice is recorded.", leads=True)
        st.rerun()


# --- the office ---------------------------------------------------------------------------------------------


def _notices_received() -> None:
    received = responsibility.notices_received(asker(), tables.page_before_drawing("notices"))
    if not received.rows:
        return
    st.subheader("Notices received", anchor=False)
    for one in received.rows:
        st.text(f"{one.facility}, sent on {in_english(one.sent_on)}: {one.about}")
        label = f"Open {as_markdown(one.facility)}"
        if one.of_training:
            links.to(label, "training", key=one.key, id=one.facility_id)
        else:
            links.to(label, "people", key=one.key, id=one.facility_id, people_day=one.sent_on)
    tables.page_number("notices", received.page, received.pages)


def _unconfirmed() -> None:
    page = tables.page_before_drawing("unconfirmed")
    waiting = fresh("unconfirmed", page, lambda: responsibility.unconfirmed(asker(), page))
    if not waiting.rows:
        return
    st.subheader("Operator IDs that wait to be confirmed", anchor=False)
    for one in waiting.rows:
        with st.container(border=True, key=f"unconfirmed-{one.employee_id}"):
            named = {"Name": one.name, "Operator ID": one.operator_id, "Employer": one.employer}
            if one.on_file:
                named["Confirmed on file for"] = one.on_file
            words.facts(named)
            st.text("The listing shows under this Operator ID:" if one.listed else _NOT_LISTED)
            for line in one.listed:
                st.text(line)
            _confirm(one)
    tables.page_number("unconfirmed", waiting.page, waiting.pages)


def _confirm(one: Unconfirmed) -> None:
    """Confirms an Operator ID; where another name stands under it, with the reason why it is one person."""
    form = Form("confirm", key=f"{one.employee_id}-{one.version}")
    because = ""
    if one.other_name:
        st.text(f"{one.other_name} is another name. Confirm it only where the two are one person.")
        because = form.textarea("because", "Why they are one person", required=True)
    if form.submit(
        "Confirm this Operator ID",
        lambda: employees.confirm_operator_id(asker(), one.employee_id, one.version, because),
        primary=False,
    ):
        words.say_after_rerun("The Operator ID is confirmed, and its licences count.", leads=True)
        st.rerun()
