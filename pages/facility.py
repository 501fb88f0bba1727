"""How a facility stands under section 4: its class, application, certificate and display, and what was decided."""

from datetime import date, timedelta

import streamlit as st

from core.decisions import kinds
from core.membership import Right
from core.places import TIME_ZONES
from core.problems import Refused
from core.roles import ACTING, Role
from core.sentences import in_english
from db.facility_records import RecordedFact
from db.facility_standings import FacilityStanding
from db.gate import NotAllowed, NotSignedIn
from db.services import calculations, displays, facilities, facility_law
from db.services import decisions as director
from db.services.displays import Display
from ui import decisions, facility_choice, findings, links, mailed, tables, words
from ui.forms import Form
from ui.session import asker

_GRANTED = "granted"
_OUTCOMES = {_GRANTED: "Decides so", "refused": "Refuses it, or ends it from the first day on"}


def render() -> None:
    facility_id = facility_choice.named()
    if facility_id is not None:
        _one(facility_id)
    else:
        words.title("Standing of facilities", "Choose a facility to see what section 4 asks of it.")
        facility_choice.choose("facility")


def _one(facility_id: int) -> None:
    top = st.container()
    chosen = st.date_input(
        "As of",
        value=None,
        min_value=date(1990, 1, 1),
        format="YYYY-MM-DD",
        key="facility-day",
        bind="query-params",
    )
    on = chosen if isinstance(chosen, date) else None
    try:
        found = facility_law.standing(asker(), facility_id, on)
    except NotSignedIn:
        raise
    except NotAllowed:
        with top:
            words.title("Standing of a facility", "There is no such facility, or it is not yours.")
        return
    except Refused as refused:
        with top:
            words.title("Standing of a facility", "This day cannot be answered.")
        words.problems(refused)
        return
    with top:
        words.title("Standing of a facility", _sentence(found))
    findings.draw(*found.findings, on=found.on)
    if found.facility_class is None:
        facility_choice.without_class()
    for missing in found.not_on_file:
        words.notice(missing)
    links.to("What an inspection would find, and the inspection pack", "compliance", id=facility_id)
    links.to("Shift log", "shift-log", id=facility_id)
    links.to("Who runs it: its people, designations and ledgers", "people", id=facility_id)
    links.to("Training of its people", "training", id=facility_id)
    links.to("Its manuals", "manuals", id=facility_id)
    st.subheader("Decisions of the Director", anchor=False)
    decided = director.of_facility(asker(), facility_id)
    if not decided:
        words.empty(
            "No decision is recorded in the portal.", "Decisions appear here once a director records them."
        )
    decisions.show(decided)
    if Role.DIRECTOR in facility_choice.roles():
        _record(facility_id)
    if not facility_choice.roles().isdisjoint(ACTING) and _may(Right.READ, facility_id):
        _displays(facility_id, may_record=_may(Right.RECORD, facility_id))
        _clock(facility_id)
    _facts(found.facts)


def _may(right: Right, facility_id: int) -> bool:
    return facility_id in {one.facility_id for one in calculations.my_facilities(asker(), right)}


def _sentence(found: FacilityStanding) -> str:
    made = found.facility_class.label if found.facility_class else "no class on record"
    return f"{found.facility}, {found.facility_type.label}: {made} on {in_english(found.on)}."


def _record(facility_id: int) -> None:
    """What the Director decides about a facility alone; classifications are decided on their applications."""
    alone = [kind.id for kind in kinds().values() if not kind.with_application]
    wanted = st.query_params.get("decision", "")
    suggested = {"kind": wanted} if wanted in alone else {}
    with st.expander("Record a decision about this facility", expanded=bool(suggested)):
        form = Form("facility-decision", suggested=suggested, key=facility_id)
        kind = form.select("kind", "What is decided", alone, shown=lambda one: kinds()[one].title, required=True)

        granted, first, after = _period(form, kind)

        def act(decided_on: date | None, reasons: str) -> None:
            director.record(
                asker(), facility_id, kind, decided_on, reasons, granted, valid_from=first, valid_until=after
            )

        if decisions.record(form, "Record the decision", act):
            words.say_after_rerun(mailed.told("The decision is recorded", "the owner is"))
            st.rerun()


def _period(form: Form, kind: str | None) -> tuple[bool, date | None, date | None]:
    """Whether it is granted, from which day a decision stands, and the first on which it does no more, where its
    kind names a period: of such a one it may be refused, or ended from a day to its last one."""
    if kind is None or not kinds()[kind].for_a_period:
        return True, None, None
    granted = form.radio("granted", "The Director", _OUTCOMES) == _GRANTED
    unless_told = "the day of the decision unless told"
    ends = f"to end one: from which day on; {unless_told}"
    first = form.day("valid_from", "First day", help=unless_told if granted else ends)
    last = form.day(
        "valid_until", "Last day", required=True, help="" if granted else "to end one: its own last day"
    )
    return granted, first, last + timedelta(days=1) if last else None


def _displays(facility_id: int, *, may_record: bool) -> None:
    st.subheader("Where the certificate is displayed", anchor=False)
    shown = displays.of_facility(asker(), facility_id)
    for one in shown:
        _display(one, may_record=may_record)
    if not may_record:
        if not shown:
            words.empty("No display is recorded.", "Whoever may record for this facility enters it here.")
        return
    form = Form("display", key=facility_id)
    since = form.day("displayed_on", "Displayed since", required=True)
    place = form.text("place", "Where", required=True, help="at the facility, or where it is managed from")
    if form.submit(
        "Record the display", lambda: displays.record(asker(), facility_id, since, place), primary=False
    ):
        words.say_after_rerun("The display is recorded.")
        st.rerun()


def _display(shown: Display, *, may_record: bool) -> None:
    with st.container(border=True, key=f"display-{shown.display_id}"):
        until = {"Taken down on": shown.until} if shown.until else {}
        words.facts({"Place": shown.place, "Since": shown.since, **until})
        if shown.until or not may_record:
            return
        form = Form("take-down", key=shown.display_id)
        day = form.day("taken_down_on", "Taken down on")
        if form.submit(
            "Record that it was taken down",
            lambda: displays.take_down(asker(), shown.display_id, day),
            primary=False,
        ):
            words.say_after_rerun("It is recorded that the certificate hangs there no more.")
            st.rerun()


def _clock(facility_id: int) -> None:
    """The time zone in which the facility's days are counted; a manager of its owner can change it."""
    clock = facilities.clock(asker(), facility_id)
    st.subheader("Time zone", anchor=False)
    st.text("It decides which day it is at the facility.")
    if not clock.mine_to_change:
        words.facts({"Time zone": _zone(clock.time_zone)})
        return
    form = Form("time-zone", {"time_zone": clock.time_zone}, key=facility_id)
    version = form.since(clock.version)
    zone = form.select("time_zone", "Time zone", list(TIME_ZONES), shown=_zone, required=True)
    if form.submit(
        "Save the time zone",
        lambda: facilities.change_time_zone(asker(), facility_id, zone, version),
        primary=False,
    ):
        words.say_after_rerun("The time zone is saved.")
        st.rerun()


def _zone(name: str) -> str:
    """A time zone in words, with its IANA name: "Eastern (America/Toronto)"."""
    return f"{TIME_ZONES[name]} ({name})" if name in TIME_ZONES else name


def _facts(recorded: tuple[RecordedFact, ...]) -> None:
    """What the findings rest on, each with the moment of recording."""
    if not recorded:
        return
    with st.expander("What is recorded"):
        rows = [
            {
                "Fact": str(one.what),
                "Day": in_english(one.day) if one.day else "Not known",
                "Recorded": words.office_time(one.recorded_at),
                "By": one.recorded_by,
                "Known then": "Recorded after this day" if one.recorded_later else "Recorded by this day",
            }
            for one in recorded
        ]
        tables.plain("The recorded facts", rows)
