"""Who the people of a facility are: corrected by the employer, confirmed and taken back by the office."""

import streamlit as st

from db.people_views import EmployeeRow, PeopleOfFacility
from db.services import corrections
from ui import tables, words
from ui.drafts import folded
from ui.forms import Form
from ui.session import asker

_DONE = {
    "corrected": "Corrected by the employer",
    "confirmed": "Operator ID confirmed",
    "taken_back": "Confirmation taken back",
}


def draw(found: PeopleOfFacility, *, records: bool, manages: bool, officer: bool) -> None:
    """What was changed, and what whoever looks may change of it."""
    with st.container():
        if records and found.employees:
            with folded("Correct a name or an Operator ID", "correct-employee", found.facility_id):
                _correct(found)
    with st.container():
        accepted = {one.employee_id: one for one in found.employees if one.has_account}
        if manages and accepted:
            with folded("An account that is somebody else’s", "part-account", found.facility_id):
                _part(found, accepted)
    with st.container():
        confirmed = {one.employee_id: one for one in found.employees if one.confirmed and one.operator_id}
        if officer and confirmed:
            with folded("Take back the confirmation of an Operator ID", "unconfirm", found.facility_id):
                _take_back(found, confirmed)
    with st.container():
        if found.changes:
            _show(found)


def _correct(found: PeopleOfFacility) -> None:
    st.text(
        "What stood before is kept, with your name. A corrected Operator ID waits for the office to confirm it "
        "again, and so does a name that is plainly another person’s."
    )
    by_id = {one.employee_id: one for one in found.employees}
    choice = Form("correct-employee", key=found.facility_id)
    chosen = choice.one_of("employee_id", "Whose", _named(by_id))
    if not chosen:
        return
    one = by_id[int(chosen)]
    given = {"given_name": one.given_name, "family_name": one.family_name, "operator_id": one.operator_id}
    form = Form("corrected-employee", given, key=f"{one.employee_id}-{one.version}")
    given_name = form.text("given_name", "Given name", required=True)
    family_name = form.text("family_name", "Family name", required=True)
    number = form.text("operator_id", "Operator ID", help="8 digits; the office confirms it, then licences count")
    if form.submit(
        "Correct it",
        lambda: corrections.correct_employee(
            asker(), found.facility_id, one.employee_id, one.version, given_name, family_name, number
        ),
        primary=False,
    ):
        choice.forget()
        words.say_after_rerun("The correction is recorded, and what rests on it is tested again.", leads=True)
        st.rerun()


def _take_back(found: PeopleOfFacility, confirmed: dict[int, EmployeeRow]) -> None:
    st.text("The licences under it count no more for this employer, until an Operator ID is confirmed again.")
    form = Form("unconfirm", key=found.facility_id)
    chosen = form.one_of("employee_id", "Whose", _named(confirmed))
    reason = form.textarea("reason", "Why it is taken back", required=True)
    if form.submit(
        "Take the confirmation back",
        lambda: corrections.take_back_confirmation(asker(), int(chosen), confirmed[int(chosen)].version, reason),
        primary=False,
    ):
        words.say_after_rerun("The confirmation is taken back, and what rests on it is tested again.", leads=True)
        st.rerun()


def _part(found: PeopleOfFacility, accepted: dict[int, EmployeeRow]) -> None:
    st.text(
        "Where somebody else accepted an employee’s invitation: that account acts for you no more, and its "
        "licences count for this employee no more. Then invite the right person. To take back an Operator ID that "
        "the office confirmed, ask the office."
    )
    form = Form("part-account", key=found.facility_id)
    chosen = form.one_of("employee_id", "Whose invitation", _named(accepted))
    reason = form.textarea("reason", "Why the account is somebody else’s", required=True)
    if form.submit(
        "Part the account from this employee",
        lambda: corrections.part_from_account(
            asker(), found.facility_id, int(chosen), accepted[int(chosen)].version, reason
        ),
        primary=False,
    ):
        words.say_after_rerun(
            "The account is parted from this employee, and what rests on it is tested again.", leads=True
        )
        st.rerun()


def _named(people: dict[int, EmployeeRow]) -> dict[str, str]:
    """Each by name and Operator ID; namesakes as everywhere."""
    return {str(id): _name_and_number(one) for id, one in people.items()}


def _name_and_number(one: EmployeeRow) -> str:
    plain = f"{one.given_name} {one.family_name}"
    return f"{plain}, {one.operator_id or 'no Operator ID'}" if one.name == plain else one.name


def _show(found: PeopleOfFacility) -> None:
    with st.expander(f"Corrected and confirmed ({len(found.changes)})"):
        rows = [
            {
                "Name": one.name,
                "What": _DONE[one.kind],
                "Before": one.was,
                "Why": one.reason,
                "When and by whom": f"{words.office_time(one.recorded_at)}, {one.recorded_by}",
            }
            for one in found.changes
        ]
        tables.plain("Corrected names and Operator IDs, and confirmations", rows)
