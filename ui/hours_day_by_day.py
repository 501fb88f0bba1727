"""The hours in charge of one person of a facility, of whatever day: shown a page at a time, and taken back."""

import streamlit as st

from core.sentences import in_english
from db.listing import Listing
from db.people_views import PeopleOfFacility
from db.services import responsibility, withdrawals
from db.services.responsibility import HoursRow
from ui import tables, words
from ui.forms import Form
from ui.fresh import fresh
from ui.session import asker

NAME = "hours-day-by-day"  # of its form
_TABLE = "hours_in_charge"


def draw(found: PeopleOfFacility, *, records: bool) -> None:
    """Whose hours to show, then these; whoever records takes one of them back."""
    form = Form(NAME, key=found.facility_id)
    names = {str(one.employee_id): one.name for one in found.employees}
    chosen = form.one_of("employee_id", "Whose hours, day by day", names)
    if not chosen:
        return
    table = f"hours-{found.facility_id}-{chosen}"
    page = tables.page_before_drawing(table)
    about = found.facility_id, int(chosen), page
    shown = fresh(NAME, about, lambda: responsibility.hours_day_by_day(asker(), *about))
    if not shown.rows:
        st.text("No hours in charge are on record of this person here.")
        return
    rows = [
        {
            "Day": in_english(one.day),
            "What": one.what,
            "Recorded": f"{words.office_time(one.recorded_at)}, {one.recorded_by}",
        }
        for one in shown.rows
    ]
    tables.plain("Hours in charge of one person, day by day, the latest first", rows)
    tables.page_number(table, shown.page, shown.pages)
    if records:
        _take_back(form, shown)


def _take_back(form: Form, shown: Listing[HoursRow]) -> None:
    entries = {str(one.hours_id): f"{in_english(one.day)}: {one.what}" for one in shown.rows}
    chosen = form.one_of("hours", "Which of them was a mistake", entries)
    reason = form.textarea("reason", "Why it is taken back", required=True)
    if form.submit(
        "Take these hours back",
        lambda: withdrawals.withdraw(asker(), _TABLE, int(chosen), reason),
        primary=False,
    ):
        words.say_after_rerun("The hours are taken back, and what rests on them is tested again.", leads=True)
        st.rerun()
