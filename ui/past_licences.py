"""What the office records of the people of a facility: their past licences, and how employments continue."""

import streamlit as st

from core.licences import LicenceClass, LicenceType
from core.sentences import in_english
from db.people_views import PastLicence, PeopleOfFacility
from db.services import employees, licence_history, withdrawals
from ui import tables, words
from ui.drafts import folded
from ui.forms import Form
from ui.session import asker


def show(found: PeopleOfFacility) -> None:
    """What is recorded of past licences, for whoever sees the people."""
    if not found.past_licences:
        return
    with st.expander(f"Past licences ({len(found.past_licences)})"):
        rows = [
            {
                "Name": one.name,
                "Licence": one.licence.label if one.licence else "Every licence is on record",
                "Number": one.licence.number if one.licence else "",
                "From": in_english(one.since),
                "Expiry": in_english(one.licence.expiry) if one.licence else "",
                "Extended to": in_english(one.extended_to) if one.extended_to else "",
                "Recorded": f"{words.office_time(one.recorded_at)}, {one.recorded_by}",
            }
            for one in found.past_licences
        ]
        tables.plain("Past licences, as the office recorded them", rows)


def for_officers(found: PeopleOfFacility) -> None:
    """What only officers record of the people."""
    st.subheader("For the office", anchor=False)
    names = {str(one.employee_id): one.name for one in found.employees if one.confirmed}
    if names:
        with folded("Record the issue of a past licence", "licence-issue", found.facility_id):
            _issue(found, names)
        with folded("Record from when on all licences are on record", "licences-complete", found.facility_id):
            _complete(found, names)
    else:
        st.text("Past licences can be recorded once an Operator ID is confirmed.")
    if found.past_licences:
        with folded("Take back what was recorded of past licences", "take-back-licence", found.facility_id):
            _take_back(found)
    if found.employments:
        with folded("Note that an employment starts anew", "starts-anew", found.facility_id):
            _starts_anew(found)
    if any(one.reason for one in found.employments):
        with folded("Take back a note", "take-back-note", found.facility_id):
            _take_back_note(found)


def _issue(found: PeopleOfFacility, names: dict[str, str]) -> None:
    st.text("A listing proves a licence from its own day on. For days before it the day of issue counts.")
    form = Form("licence-issue", key=found.facility_id)
    who = form.one_of("employee_id", "Whose", names)
    number = form.text("number", "Licence number", required=True)
    kind = form.select(
        "licence_type", "Type", tuple(LicenceType), shown=lambda one: LicenceType(one).label, required=True
    )
    level: str | None = None
    if kind is None or LicenceType(kind).classes:
        level = form.select(
            "licence_class", "Class", tuple(LicenceClass), shown=lambda one: LicenceClass(one).label, required=True
        )
    issued_on = form.day("issued_on", "Issued on", required=True)
    expiry = form.day("expiry", "Expiry date", required=True, help="the last day, as it is printed")
    valid_for = form.text(
        "valid_for", "Valid only for (owner)", help="for a conditional licence; else leave empty"
    )
    extended_to = form.day(
        "extended_to", "Extended by the Director to", help="leave empty where it was not extended"
    )
    clear = form.checkbox(
        "clear",
        "The ministry’s records show neither a suspension nor a cancellation of it, and no extension but the one "
        "entered here",
    )
    if form.submit(
        "Record the issue",
        lambda: licence_history.record_issue(
            asker(), int(who), number, kind, level, issued_on, expiry, clear, valid_for, extended_to
        ),
        primary=False,
    ):
        words.say_after_rerun("The issue is recorded, and what rests on it is tested again.", leads=True)
        st.rerun()


def _complete(found: PeopleOfFacility, names: dict[str, str]) -> None:
    st.text("From that day on a licence that is not on record is one that the person does not hold.")
    form = Form("licences-complete", key=found.facility_id)
    who = form.one_of("employee_id", "Whose", names)
    since = form.day("since", "Every licence is on record since", required=True)
    if form.submit(
        "Record that they are complete",
        lambda: licence_history.record_complete(asker(), int(who), since),
        primary=False,
    ):
        words.say_after_rerun("It is recorded, and what rests on it is tested again.", leads=True)
        st.rerun()


def _take_back(found: PeopleOfFacility) -> None:
    latest_first = sorted(found.past_licences, key=lambda one: one.recorded_at, reverse=True)
    rows = {f"{one.table}:{one.fact_id}": _said(one) for one in latest_first}
    form = Form("take-back-licence", key=found.facility_id)
    chosen = form.one_of("entry", "Which entry", rows)
    reason = form.textarea("reason", "Why it is taken back", required=True)
    table, _, id = chosen.partition(":")
    if form.submit(
        "Take this record back",
        lambda: withdrawals.withdraw_of_person(asker(), table, int(id), reason),
        primary=False,
    ):
        words.say_after_rerun("It is taken back, and what rests on it is tested again.", leads=True)
        st.rerun()


def _said(one: PastLicence) -> str:
    if one.licence is None:
        return f"{one.name}: every licence is on record since {in_english(one.since)}"
    return f"{one.name}: {one.licence.label}, {one.licence.number}, issued on {in_english(one.since)}"


def _starts_anew(found: PeopleOfFacility) -> None:
    """The officer's note by which the six months of an engineer start with a later employment."""
    rows = {str(one.fact_id): f"{one.name}, from {in_english(one.span.start)}" for one in found.employments}
    form = Form("starts-anew", key=found.facility_id)
    chosen = form.one_of("employment_id", "Which employment", rows)
    note = form.textarea("note", "Why it continues no earlier one", required=True)
    if form.submit(
        "Record the note",
        lambda: employees.note_starts_anew(asker(), int(chosen), note),
        primary=False,
    ):
        words.say_after_rerun("The note is recorded.", leads=True)
        st.rerun()


def _take_back_note(found: PeopleOfFacility) -> None:
    noted = {
        str(one.fact_id): f"{one.name}, from {in_english(one.span.start)}: {one.reason}"
        for one in found.employments
        if one.reason
    }
    form = Form("take-back-note", key=found.facility_id)
    chosen = form.one_of("employment_id", "Which note", noted)
    reason = form.textarea("reason", "Why it is taken back", required=True)
    if form.submit(
        "Take the note back",
        lambda: withdrawals.withdraw_note(asker(), int(chosen), reason),
        primary=False,
    ):
        words.say_after_rerun("The note is taken back, and what rests on it is tested again.", leads=True)
        st.rerun()
