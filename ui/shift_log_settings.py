"""What is recorded about a shift log: who is authorized to write, where the log is, and its usual shifts."""

import streamlit as st

from core.membership import Right
from core.sentences import in_english
from db.log_setup import AuthorizationRow, PatternRow, PlaceRow
from db.log_views import LogOfFacility
from db.services import calculations, log_settings
from ui import words
from ui.drafts import folded
from ui.forms import Form, attempt
from ui.markup import as_markdown
from ui.session import asker

_ABOUT = {
    "accessible": "Accessible in the facility",
    "provided": "Provided by the owner",
    "only": "This log is the facility’s only one",
}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def draw(found: LogOfFacility, *, acts: bool) -> None:
    """What is recorded about the log, and what whoever looks may change of it."""
    records = acts and may(Right.RECORD, found.facility_id)
    gives = any(found.today in span for span in found.charged_on) or (
        acts and may(Right.MANAGE, found.facility_id)
    )
    st.subheader("About this log", anchor=False)
    with folded("Who else may write", "log-authorize", found.facility_id):
        _authorizations(found, gives=gives)
    with folded("Where the log is", "log-place", found.facility_id):
        _places(found, records=records)
    with folded("Usual shifts", "log-pattern", found.facility_id):
        _patterns(found, records=records)


def may(right: Right, facility_id: int) -> bool:
    """Whether whoever looks has a right at the facility, for an organization."""
    return facility_id in {one.facility_id for one in calculations.my_facilities(asker(), right)}


def _authorizations(found: LogOfFacility, *, gives: bool) -> None:
    st.text(
        "Besides the operators-in-charge of the day, those may write whom the owner or one of them authorized."
    )
    rows = found.setup.authorizations
    if not rows:
        words.empty("Nobody is authorized.", "The owner, or an operator-in-charge of the day, authorizes people.")
    for one in rows:
        st.text(_authorization(one))
        may_revoke = gives and one.counts_on(found.today)
        if may_revoke and st.button(f"Revoke: {as_markdown(one.name)}", key=f"log-revoke-{one.id}"):
            attempt(lambda one=one: log_settings.revoke(asker(), one.id), "The authorization is revoked.")  # type: ignore[misc]
    if not gives:
        return
    st.markdown("**Authorize somebody**")
    form = Form("log-authorize", key=found.facility_id)
    who = form.one_of(
        "employee_id", "Who may write", {str(id): name for id, name in found.setup.employees.items()}
    )
    first = form.day("first", "First day", required=True, today=found.today)
    last = form.day("last", "Last day", required=True, help="it can be revoked before")
    if form.submit(
        "Authorize",
        lambda: log_settings.authorize(asker(), found.facility_id, int(who), first, last),
        primary=False,
    ):
        words.say_after_rerun("The authorization is recorded.", leads=True)
        st.rerun()


def _authorization(one: AuthorizationRow) -> str:
    giver = f"the owner ({one.giver})" if one.by_owner else f"{one.giver}, operator-in-charge"
    last = one.span.last
    said = f"{one.name}: from {in_english(one.span.start)} through {in_english(last)}, authorized by {giver}"
    if one.revoked_at:
        return f"{said}; revoked on {words.office_time(one.revoked_at)}."
    return f"{said}." if one.employed else f"{said}; does not count: not employed here today."


def _places(found: LogOfFacility, *, records: bool) -> None:
    st.text("The log is kept for good: entries of this portal are never destroyed. The law asks for two years.")
    for one in found.setup.places:
        st.text(_place(one))
    _end(found, "log-place-end", {str(one.id): _place(one) for one in found.setup.places}, records=records)
    if not records:
        return
    st.markdown("**Record where it is**")
    form = Form("log-place", key=found.facility_id)
    about = form.select("about", "What", list(_ABOUT), shown=lambda one: _ABOUT[one], required=True)
    place = form.text("place", "Where", help="such as: on the computer of the control room")
    since = form.day("since", "Since", required=True, today=found.today)
    if form.submit(
        "Record it",
        lambda: log_settings.set_place(asker(), found.facility_id, about or "", place, since),
        primary=False,
    ):
        words.say_after_rerun("It is recorded.", leads=True)
        st.rerun()


def _place(one: PlaceRow) -> str:
    where = f": {one.place}" if one.place else ""
    until = f" through {in_english(one.span.last)}" if one.span.last else ""
    return f"{_ABOUT[one.about]}{where}, from {in_english(one.span.start)}{until}."


def _patterns(found: LogOfFacility, *, records: bool) -> None:
    st.text("A usual shift of which the log holds nothing is shown as not recorded.")
    for one in found.setup.patterns:
        st.text(_pattern(one))
    rows = {str(one.id): _pattern(one) for one in found.setup.patterns}
    _end(found, "log-pattern-end", rows, records=records)
    if not records:
        return
    st.markdown("**Add a usual shift**")
    form = Form("log-pattern", key=found.facility_id)
    designation = form.text("designation", "Number or name of the shift", required=True)
    starts = form.text("starts", "Starts at", required=True, help="by the clock of the facility, such as 19:00")
    ends = form.text("ends", "Ends at", required=True, help="on the next day where that is no later")
    days = form.several("weekdays", "Begins on", _WEEKDAYS, required=True)
    first = form.day("first", "First day", required=True, today=found.today)
    last = form.day("last", "Last day", help="empty where no end is known")
    if form.submit(
        "Record the usual shift",
        lambda: log_settings.add_pattern(
            asker(),
            found.facility_id,
            designation,
            starts,
            ends,
            [_WEEKDAYS.index(one) for one in days],
            first,
            last,
        ),
        primary=False,
    ):
        words.say_after_rerun("The usual shift is recorded.", leads=True)
        st.rerun()


def _pattern(one: PatternRow) -> str:
    pattern = one.pattern
    days = "every day" if len(pattern.weekdays) == len(_WEEKDAYS) else ", ".join(
        _WEEKDAYS[day] for day in sorted(pattern.weekdays)
    )  # fmt: skip
    until = f" through {in_english(pattern.span.last)}" if pattern.span.last else ""
    return (
        f"{pattern.designation}: {pattern.starts:%H:%M} to {pattern.ends:%H:%M}, {days}, "
        f"from {in_english(pattern.span.start)}{until}."
    )


def _end(found: LogOfFacility, name: str, rows: dict[str, str], *, records: bool) -> None:
    """Records the last day of one of several rows."""
    if not records or not rows:
        return
    st.markdown("**End one**")
    form = Form(name, key=found.facility_id)
    chosen = form.one_of("row", "Which one ends", rows)
    last = form.day("last", "Its last day", required=True)
    end = log_settings.end_place if name == "log-place-end" else log_settings.end_pattern
    if form.submit("Record the end", lambda: end(asker(), int(chosen), last), primary=False):
        words.say_after_rerun("The end is recorded.", leads=True)
        st.rerun()
