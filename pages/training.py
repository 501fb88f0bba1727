"""Training: the hours of each person and year, what is missing by when, and all that is entered about it."""

from collections.abc import Collection, Mapping
from datetime import date

import streamlit as st

from core.membership import Right
from core.places import day_at
from core.problems import Refused
from core.records import About
from core.roles import ACTING, Role
from core.sentences import in_english
from core.training_sessions import in_hours
from db.gate import NotAllowed, NotSignedIn
from db.services import calculations, training
from db.training_session_views import SessionRow
from db.training_views import FacilityYear
from ui import facility_choice, findings, links, tables, training_forms, training_hours, training_sheet, words
from ui.addresses import row_id
from ui.drafts import folded
from ui.fresh import fresh
from ui.session import asker
from ui.training_records import days_of, duration_of

_TITLE = "Training"
_YEAR = "training_year"


def render() -> None:
    facility_id = facility_choice.named()
    if facility_id is not None:
        _one(facility_id)
        return
    roles = facility_choice.roles()
    records = not roles.isdisjoint(ACTING)
    seen = training.overview(asker()) if records else None
    hours = seen.facilities if seen else ()
    words.title(_TITLE, _overview_sentence(seen))
    if hours:
        _overview(hours)
    if roles & facility_choice.OFFICE:
        facility_choice.choose("training")
    if records or Role.OPERATOR in roles:
        _own(alone=not hours)


# --- all one's facilities, and one's own training -------------------------------------------------------------


def _overview_sentence(seen: training.Overview | None) -> str:
    if seen is None or not seen.facilities:
        return "At least 40 hours of training a calendar year for every operator."
    return f"Your facilities this year: {_missing(seen.missing_by, day_at(asker().at))}."


def _missing(missing_by: Mapping[date, int], on: date, not_known: int = 0) -> str:
    """What is missing, by when; what can still come, what is too late, and of how many people it is not known."""
    said = [
        f"{in_hours(minutes)} missing by {in_english(day)}"
        if on <= day
        else f"{in_hours(minutes)} were missing on {in_english(day)}"
        for day, minutes in missing_by.items()
    ]
    if not_known:
        said.append(f"of {'1 person' if not_known == 1 else f'{in_english(not_known)} people'} not known")
    return ", ".join(said) or "no hours are missing"


def _overview(hours: tuple[training.FacilityHours, ...]) -> None:
    rows = [
        {
            "Facility": one.facility,
            "Hours missing": sum(one.missing_by.values()) / 60,
            "By": ", ".join(map(in_english, one.missing_by)),
            "People this year": one.people,
        }
        for one in hours
    ]
    st.text(
        "Choose a facility to see each person, and to record a session. Who works at several of them is counted "
        "at each, and once above: an hour of training counts at all of them."
    )
    ids = [one.facility_id for one in hours]
    if tables.choose(rows, ids, "id", alt="Your facilities with the hours missing", columns=_HOURS) is not None:
        st.rerun()


def _own(*, alone: bool) -> None:
    own = training.mine(asker())
    if not own.years and not own.sessions:
        if alone:
            words.empty(
                "No training of yours is on record.",
                "An owner records it where you are on record as employed under your confirmed Operator ID.",
            )
        return
    st.subheader("My own training", anchor=False)
    training_hours.own(own)


# --- one facility ---------------------------------------------------------------------------------------------


def _one(facility_id: int) -> None:
    top = st.container()
    try:
        year = _year(facility_id)
        found = fresh("training", (facility_id, year), lambda: training.of_facility(asker(), facility_id, year))
    except NotSignedIn:
        raise
    except NotAllowed:
        with top:
            words.title(_TITLE, "There is no such facility, or you do not record its training.")
            links.to("All training that you may see", "training")
        return
    except Refused as refused:  # for the office's staff: there is no such facility
        with top:
            words.title(_TITLE, str(refused))
            links.to("All facilities", "training")
        return
    with top:
        words.title(_TITLE, _sentence(found))
    records = not facility_choice.roles().isdisjoint(ACTING) and _records(facility_id)
    with st.container():
        if records:
            for due in found.notices_due:
                training_forms.notice_due(found, due)
        asked = [one.finding for one, _ in found.findings if one.about is About.REQUEST]
        if asked:
            findings.draw(*asked, on=found.on)
    with st.container():
        _people(found)
    if records:
        _acts(found)
    _sessions(found, records=records)
    _fallen(found)
    st.subheader("For the Director", anchor=False)
    training_forms.requests(found, records=records)
    training_forms.notices_sent(found, records=records)
    training_forms.records_of(found)
    links.to("Manuals of this facility", "manuals", id=facility_id)
    links.to("People of this facility", "people", id=facility_id)
    links.to("All facilities", "training")


def _year(facility_id: int) -> int:
    years = training.years(asker(), facility_id)
    return st.selectbox("Year", years, key=_YEAR, bind="query-params")


def _records(facility_id: int) -> bool:
    return facility_id in {one.facility_id for one in calculations.my_facilities(asker(), Right.RECORD)}


def _sentence(found: FacilityYear) -> str:
    if found.not_on_file is not None:
        return f"{found.facility}, {found.year}: what is missing is not known."
    count = len(found.people)
    people = "1 person" if count == 1 else f"{in_english(count)} people"
    return f"{found.facility}, {found.year}: {people}, {_missing(found.missing_by, found.on, found.not_known)}."


def _people(found: FacilityYear) -> None:
    if found.not_on_file is not None:
        words.notice(found.not_on_file)
        return
    if not found.people:
        words.empty(
            f"Nobody is on record as employed here in {found.year}.",
            "Record who is employed on the page of people.",
        )
        return
    st.subheader("Hours of each person", anchor=False)
    if found.year < found.on.year and found.complete_from is None:
        st.text("Nobody has said since when every session is on record, so a short year is not known.")
    st.text("Part-time work takes nothing off the hours.")
    training_hours.people(found)


def _acts(found: FacilityYear) -> None:
    st.subheader("What you can do", anchor=False)
    session, sheet, complete = st.tabs(["Record a session", "Import a sheet", "Say what is complete"])
    with session:
        if found.names:
            with folded("Record a session that was given", "training-session", found.facility_id):
                training_forms.record_session(found)
        else:
            words.empty("Nobody is on record as employed here.", "Record who is employed first.")
            links.to("Record who is employed", "people", id=found.facility_id)
    with sheet:
        training_sheet.upload(found)
    with complete:
        training_forms.complete_from(found)


def _sessions(found: FacilityYear, *, records: bool) -> None:
    st.subheader(f"Sessions of {found.year} on record", anchor=False)
    page = tables.page_before_drawing("sessions")
    listed = fresh(
        "sessions",
        (found.facility_id, found.year, page),
        lambda: training.sessions(asker(), found.facility_id, page, found.year),
    )
    if not listed.rows:
        words.empty(f"No session of {found.year} is on record.", "Record one, or import a sheet.")
        return
    rows = [_session_row(one, len(one.session.attended)) for one in listed.rows]
    _to_what_stands(listed.rows)
    chosen = tables.choose(rows, [one.session_id for one in listed.rows], "session", alt="Sessions on record")
    tables.page_number("sessions", listed.page, listed.pages)
    one = next((row for row in listed.rows if row.session_id == chosen), None)
    if one is None:
        return
    with st.container(border=True, key="session"):
        recorded = f"{words.office_time(one.recorded_at)}, {one.recorded_by}"
        words.facts(
            {
                "Days": days_of(one),
                "Duration": duration_of(one),
                "Subjects": one.session.subjects,
                "Kind": one.session.kind.label,
                "Who attended": "; ".join(f"{who.name}, {who.position}" for who in one.session.attended),
                "Recorded": recorded + (", from a sheet" if one.from_file else ""),
            }
            | ({"Corrects": "A session recorded before"} if one.corrects is not None else {})
        )
        if records:
            training_forms.correct_session(found, one)
            training_forms.withdraw("training-withdraw", one.session_id, "Withdraw this session",
                                    lambda reason: training.withdraw(asker(), one.session_id, reason))  # fmt: skip


def _to_what_stands(rows: Collection[SessionRow]) -> None:
    """An address of a session that was corrected leads to its correction; that one is not listed is said once, for
    whoever turns the page or the year knows it."""
    asked = row_id(st.query_params.get("session", ""))
    if asked is None or any(one.session_id == asked for one in rows):
        return
    correction = next((one for one in rows if one.corrects == asked), None)
    if correction is None:
        st.query_params.pop("session", None)
        words.warning(
            "The session that the address asks for is not in this list: it is of another year or page, or it was "
            "corrected or withdrawn, which can be shown below."
        )
        return
    words.warning("The session that the address asks for was corrected. This is what took its place.")
    tables.open_next("session", correction.session_id)


def _fallen(found: FacilityYear) -> None:
    """What was corrected or withdrawn, asked for once somebody wants to see it."""
    if not st.toggle("Show sessions that were corrected or withdrawn", key=f"fallen-{found.facility_id}"):
        return
    page = tables.page_before_drawing("fallen")
    listed = fresh("fallen", (found.facility_id, page), lambda: training.fallen(asker(), found.facility_id, page))
    if not listed.rows:
        words.empty("No session was corrected or withdrawn.", "Every session recorded here counts.")
        return
    rows = [
        {
            "What became of it": f"Withdrawn: {one.because}" if one.because else "Another session corrects it",
            "Since": words.office_time(one.at),
            "By": one.by,
            **_session_row(one.row, len(one.row.session.attended)),
        }
        for one in listed.rows
    ]
    tables.plain("Sessions that were corrected or withdrawn", rows)
    tables.page_number("fallen", listed.page, listed.pages)


def _session_row(one: SessionRow, people: int) -> dict[str, object]:
    """A session as a row, with how many attended."""
    return {
        "Days": days_of(one),
        "Duration": duration_of(one),
        "People": people,
        "Subjects": one.session.subjects,
        "Kind": one.session.kind.label,
    }


_HOURS = {"Hours missing": st.column_config.NumberColumn(format="%.1f")}
