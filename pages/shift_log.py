"""The shift log of a facility: writing in it, its shifts with what the law asks of each, print, and check."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from core.duties import met_in, statements_of
from core.log_chain import DUTIES, NO, YES, Kind
from core.problems import Refused
from core.records import Found
from core.roles import ACTING
from core.sentences import in_english
from core.shifts import Expected, Shift
from db.gate import NotSignedIn
from db.log_views import LogOfFacility
from db.services import log_reading, shift_logs
from ui import facility_choice, findings, links, shift_log, shift_log_paper, shift_log_settings, tables, words
from ui import shift_log_writing as writing
from ui.fields import told_apart
from ui.forms import Form, attempt
from ui.fresh import fresh
from ui.markup import as_markdown
from ui.session import asker, asker_later

_TITLE = "Shift log"
_SPANS = {"Two days": 2, "One day": 1, "A week": 7}  # through the day that is chosen


def render() -> None:
    facility_id = facility_choice.named()
    if facility_id is not None:
        _one(facility_id)
        return
    _choose()


def _choose() -> None:
    top = st.container()
    contains = st.text_input("Name or number of the facility contains", key="log-words", max_chars=100)
    found = log_reading.logs(asker(), contains or "", tables.page_before_drawing("logs"))
    broken = sum(1 for row in found.rows if row.faults)
    with top:
        words.title("Shift logs", _counted(found.total, broken))
    if not found.rows:
        words.empty(
            "There is no shift log that you may read.",
            "You read the log of a facility where you work, or for whose owner you act.",
        )
    for row in found.rows:
        if row.faults:
            words.problem(f"The log of {row.facility} is not as it was written. Open it to see which entries.")
        links.to(f"Open the log of {as_markdown(row.facility)}", "shift-log", id=row.facility_id)
        if row.last_made_at:
            st.text(f"{row.entries} entries, the last on {words.office_time(row.last_made_at)}")
    tables.page_number("logs", found.page, found.pages)


def _counted(total: int, broken: int) -> str:
    said = "One log." if total == 1 else f"{total} logs."
    return f"{said} Not as they were written: {broken}." if broken else said


# --- one facility -------------------------------------------------------------------------------------------


def _one(facility_id: int) -> None:
    if not log_reading.may_read(asker(), facility_id):
        words.title(_TITLE, "There is no such facility, or its log is not yours to read.")
        links.to("All shift logs", "shift-log")
        return
    top, act = st.container(), st.container()
    st.subheader("Shifts", anchor=False)
    last, count = _days()
    wanted = (facility_id, last, count)
    try:
        found = fresh("log", wanted, lambda: log_reading.log(asker(), *wanted))
    except NotSignedIn:
        raise
    except Refused as refused:
        with top:
            words.title(_TITLE, "These days cannot be shown.")
        words.problems(refused)
        return
    acts = not facility_choice.roles().isdisjoint(ACTING)
    with top:
        words.title(_TITLE, _sentence(found))
        _faults(found)
    with act:
        if found.right is not None:
            st.text(f"You write as: {found.right.label}.")
            writing.draw(found)
    _shifts(found)
    _print(found)
    with st.container():
        _duties(found)
    with st.container():
        shift_log_settings.draw(found, acts=acts)
    _chain(found)
    shift_log.wording(found)
    links.to("Search this log", "log-search", id=facility_id)
    if acts:
        links.to("Who runs it: its people, designations and ledgers", "people", id=facility_id)
    links.to("All shift logs", "shift-log")


def _days() -> tuple[date | None, int]:
    """The last day that is shown, None for today, and how many."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = shift_log.chosen_day("Through which day", "log_day", in_address=True)
        span = st.selectbox("How many days", list(_SPANS), key="log_span", bind="query-params", width=200)
    return day, _SPANS[span]


def _sentence(found: LogOfFacility) -> str:
    if not found.open:
        return f"{found.facility}: no shift is open."
    last = found.open[-1]
    more = f" Open besides: {len(found.open) - 1}." if len(found.open) > 1 else ""
    since = shift_log.when(last.began, found.zone)
    return f"{found.facility}: shift {last.designation} has been open since {since}.{more}"


def _faults(found: LogOfFacility) -> None:
    if found.check is None or not found.check.faults:
        return
    words.problem("This log is not as it was written. Keep what was printed of it, and tell the office at once.")
    for fault in found.check.faults:
        words.problem(fault)


def _shifts(found: LogOfFacility) -> None:
    """The shifts that begin on the days shown, and those of which the log holds nothing, in order of time."""
    last = found.days.last or found.days.start
    days = in_english(found.days.start) if found.days.start == last else (
        f"{in_english(found.days.start)} through {in_english(last)}"
    )  # fmt: skip
    missing = [one for one in found.found if isinstance(one.shift, Expected) and one.shift.begins <= asker().at]
    if not found.shifts and not missing and not found.withdrawn:
        words.empty(f"No shift in the log began on these days: {days}.", "Choose another day, or search the log.")
    else:
        others = any(shift_log.begun_on(one, found.zone) not in found.days for one in found.shifts)
        st.text(f"Shifts that began on {days}{', and those that are open' if others else ''}:")
    every = sorted((*found.shifts, *found.withdrawn), key=lambda shift: shift.began, reverse=True)
    asked = {one.number: [each for each in found.found if each.shift == one] for one in every}
    ended = [one for one in every[1:] if one.ended and not one.withdrawn]
    whole = [one for one in ended if shift_log.all_there(asked[one.number])]
    folded = whole if len(whole) > 1 else []
    for one in every:
        if one not in folded:
            _shift(found, one, asked[one.number], unfolded=one == every[0] or one.ended is None)
    if folded:
        with st.expander(
            f"{len(folded)} more shifts, of each of which all is there that the law asks", key="log-alike"
        ):
            for one in folded:
                _shift(found, one, asked[one.number], unfolded=False)
    if missing:
        st.subheader("Usual shifts without any record", anchor=False)
        shift_log.findings_of(missing, found.today)


def _shift(found: LogOfFacility, shift: Shift, asked: list[Found], *, unfolded: bool) -> None:
    with st.container(border=True, key=f"log-shift-{shift.number}"):
        st.subheader(as_markdown(shift_log.name_of(shift, found.zone)), anchor=False)
        shift_log.findings_of(asked, found.today)
        shift_log.of_shift(shift, found.zone, unfolded=unfolded)
        if found.right is None:
            return
        if shift.ended is not None and not shift.withdrawn:
            writing.late_button(shift)
        with st.expander("Correct an entry of this shift", key=f"log-correct-open-{shift.number}"):
            writing.correct(found, shift)


def _print(found: LogOfFacility) -> None:
    last = found.days.last or found.days.start
    st.subheader("Print", anchor=False)
    st.text("Each page names the last entry of the log and its hash. Keep it: it shows later what was changed.")
    shifts = {one.number: shift_log.name_of(one, found.zone) for one in (*found.shifts, *found.withdrawn)}
    chosen = told_apart({None: "All shifts shown above"} | shifts)
    number = st.selectbox("What", list(chosen), format_func=chosen.__getitem__, key="log-print-what")
    who = asker_later()
    st.download_button(
        "Download as PDF",
        lambda: shift_log_paper.pdf(
            log_reading.printed(who(), found.facility_id, last, (last - found.days.start).days + 1, number)
        ),
        shift_log_paper.file_name(found.days.start),
        "application/pdf",
        on_click="ignore",
    )


def _duties(found: LogOfFacility) -> None:
    """The duties of an operator-in-charge, with what the records say of each on the days shown."""
    if found.law is None:
        return
    st.subheader("Duties of the operator-in-charge", anchor=False)
    findings.draw(*(one.finding for one in found.duties), on=found.today)
    for duty in DUTIES if found.shifts else ():
        st.text(f"{duty.label}: {_said_for(found.shifts, duty)}.")
    said = [(shift, duty) for shift in found.shifts for duty in DUTIES if statements_of(shift, duty)]
    all_yes = [one for one in said if all(made.content.text == YES for made in statements_of(*one))]
    for shift, duty in said:
        if (shift, duty) not in all_yes:
            _statements(found, shift, duty)
    if all_yes:
        of = "1 duty, that it" if len(all_yes) == 1 else f"{len(all_yes)} duties, that each"
        with st.expander(f"Said of {of} was met", key="log-duties-met"):
            for shift, duty in all_yes:
                _statements(found, shift, duty)
    mine = [one for one in found.shifts if _was_in_charge(found, one)]
    if mine and found.right is not None:
        with st.expander("Say how you met your duties"):
            _say_duty(found, mine)


def _statements(found: LogOfFacility, shift: Shift, duty: Kind) -> None:
    """What each person has said of a duty in a shift, and what counts where they differ."""
    said = statements_of(shift, duty)
    for one in said:
        remarks = " ".join(shift_log.remarks(one, found.zone, late=shift.is_late(one)))
        st.text(f"{shift_log.name_of(shift, found.zone)}. {duty.label}: {one.content.text}. {remarks}")
    if len({one.content.text for one in said}) > 1:
        st.text("They do not say the same. While one of them says No, the duty does not stand as met.")


def _say_duty(found: LogOfFacility, mine: Sequence[Shift]) -> None:
    """What whoever was in charge says of a duty in a shift, with what was said of it before."""
    rows = {str(one.number): shift_log.name_of(one, found.zone) for one in mine}
    form = Form("log-duty", key=found.facility_id)
    which = form.one_of("shift", "Which shift", rows)
    chosen = form.one_of("about", "Which duty", {one.value: one.label for one in DUTIES})
    said = [
        one
        for shift in mine
        if str(shift.number) == which and chosen
        for one in statements_of(shift, Kind(chosen))
    ]
    for one in said:
        whose = "You have" if one.author == found.author else f"{one.author_name} has"
        st.text(f"{whose} said of it: {one.content.text} (entry {one.number}).")
    answer = form.one_of("said", "Whether it was met", {YES: YES, NO: NO})
    own = next((one for one in said if one.author == found.author), None)
    reason = ""
    if own is not None and answer and answer != own.content.text:
        st.text(f"This corrects entry {own.number}, which stays beside it.")
        reason = form.textarea("reason", "Why you say otherwise now", required=True)
    if form.submit(
        "Say so",
        lambda: shift_logs.say_duty(asker(), found.facility_id, int(which), Kind(chosen), answer == YES, reason),
        primary=False,
    ):
        words.say_after_rerun("What you said is in the log of the shift.", leads=True)
        st.rerun()


def _said_for(every: Sequence[Shift], duty: Kind) -> str:
    """For how many of the shifts shown somebody has said how a duty was met."""
    count = sum(met_in(one, duty) is not None for one in every)
    of = "1 shift" if len(every) == 1 else f"{len(every)} shifts"
    return f"said for {count or 'none'} of {of}"


def _was_in_charge(found: LogOfFacility, shift: Shift) -> bool:
    return any(shift_log.begun_on(shift, found.zone) in span for span in found.charged_on)


def _chain(found: LogOfFacility) -> None:
    st.subheader("Is the log as it was written?", anchor=False)
    findings.draw(*found.of_the_log, on=found.today)
    if found.head is None:
        return
    words.facts({"Last entry": found.head.number, "Its hash": found.head.hash})
    if found.check is None:
        st.text("It was not checked yet; it is checked every night.")
    elif not found.check.faults:
        st.text(f"Checked on {words.office_time(found.check.checked_at)}: every entry is as it was written.")
    if st.button("Check the whole log now", key="log-check"):
        attempt(lambda: log_reading.check(asker(), found.facility_id), "The log was checked, entry by entry.")
