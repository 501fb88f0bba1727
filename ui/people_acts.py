"""What whoever runs a facility records of its people: designations, absences, time in charge, employment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import streamlit as st

from core.designations import Basis
from core.employment import Capacity
from core.findings import deciding
from core.sentences import in_english
from core.timeline import Outlook
from db.people_views import PeopleOfFacility
from db.plans import Plan
from db.services import designations, employees
from ui import contradictions, findings, mailed, words
from ui.drafts import typed_earlier
from ui.forms import Form
from ui.people_records import days_in_words
from ui.session import asker

_Act = Callable[[int, dict[str, str]], None]
_AWAY = "away"
_PRESENCE = {_AWAY: "Absent or unable to act", "present": "Present"}


def draw(found: PeopleOfFacility, *, manages: bool, records: bool) -> None:
    """Whatever whoever looks may do, each under a tab; on top, where a tab out of sight holds what was typed."""
    names = {str(one.employee_id): one.name for one in found.employees}
    if not names and not records:
        return
    tabs = _tabs(found, manages=manages, records=records)
    st.subheader("What you can do", anchor=False)
    top = st.container()
    for tab, (_, act) in zip(st.tabs(list(tabs)), tabs.values(), strict=True):
        with tab:
            act(found.facility_id, names)
    waiting = [title for title in list(tabs)[1:] if typed_earlier(tabs[title][0], found.facility_id)]
    if waiting:
        where = ", ".join(f"“{title}”" for title in waiting)
        with top:
            words.warning(f"Not saved yet: what you typed earlier waits under {where}.")


def _tabs(found: PeopleOfFacility, *, manages: bool, records: bool) -> dict[str, tuple[str, _Act]]:
    """By the title of each tab the name of its form, and what draws it."""
    named = bool(found.employees)
    tabs: dict[str, tuple[str, _Act]] = {}
    if named and manages:
        tabs = {
            "Designate, or ask what if": ("designate", partial(_designate, found)),
            "Invite": ("invite-employee", _invite),
        }
    elif named:
        tabs = {"Ask what if": ("designate", partial(_ask, found))}
    if records and named:
        tabs["Record an absence"] = ("absence", partial(_absence, found))
        if found.by_functions:
            tabs["Functions"] = ("functions", _functions)
        else:
            tabs["Operators-in-charge"] = ("in-charge", partial(_in_charge, found))
        tabs["Hours in charge"] = ("hours", partial(_hours, found))
        on_file = {str(one.employee_id): one.licences for one in found.employees}
        tabs["Display of a licence"] = ("licence-display", partial(_display, on_file))
    if records:
        tabs["Employ somebody"] = ("employ", _employ)
    return tabs


def _person(form: Form, names: dict[str, str]) -> str:
    """The id of an employee; "" until one is chosen, which a submission says."""
    return form.one_of("employee_id", "Who", names)


def _days(form: Form) -> tuple[date | None, date | None]:
    first = form.day("first", "First day", required=True)
    last = form.day("last", "Last day", help="empty where no end is known")
    return first, last


def _basis(form: Form) -> str | None:
    return form.select("basis", "On what it rests", list(Basis), shown=lambda one: one.label, required=True)


def _ask(found: PeopleOfFacility, facility_id: int, names: dict[str, str]) -> None:
    _plan(found, facility_id, names, manages=False)


def _designate(found: PeopleOfFacility, facility_id: int, names: dict[str, str]) -> None:
    _plan(found, facility_id, names, manages=True)


def _plan(found: PeopleOfFacility, facility_id: int, names: dict[str, str], *, manages: bool) -> None:
    """A designation: asked about without saving, and made by whoever manages the owner."""
    form = Form("designate", key=facility_id)
    who, basis = _person(form, names), _basis(form)
    first, last = _days(form)
    reason = form.textarea("reason", "Reason", required=True) if manages else ""
    asked = form.asks(
        "Ask what the law says",
        lambda: designations.what_if(asker(), facility_id, int(who), basis, first, last),
        needless="reason",
    )
    if asked is not None:
        if not reason:  # else it is about to be made
            form.asked_only()
        _answer(asked, contradictions.of_designation(found, int(who), first, last))
    made: list[Plan] = []
    if manages and form.submit(
        "Designate the overall responsible operator",
        lambda: made.append(designations.designate(asker(), facility_id, int(who), basis, first, last, reason)),
    ):
        besides = contradictions.of_designation(found, int(who), first, last)
        words.say_after_rerun(f"The designation is recorded. {_outlook(made[0])} {besides}".strip(), leads=True)
        st.rerun()


def _answer(plan: Plan, besides: str) -> None:
    words.answer(f"{_outlook(plan)} {besides}".strip())
    if plan.outlook is not None:
        both = (plan.outlook.first, plan.outlook.then)
        findings.draw(*(replace(one, citation=deciding(one)) for one in both if one is not None))


def _outlook(plan: Plan) -> str:
    """How a plan fares, in sentences."""
    if plan.outlook is None:
        return f"{_beside(plan)}All its days have come, so it is recorded as it was."
    standing = findings.MARKS[plan.outlook.first.verdict].word
    said = f"{_beside(plan)}On its first day to come: {standing}."
    if plan.outlook.changes_on is not None and plan.outlook.then is not None:
        then = findings.MARKS[plan.outlook.then.verdict].word
        said += f" From {in_english(plan.outlook.changes_on)}: {then}."
    if plan.over_on is not None:
        said += f" Were it to go on, {in_english(plan.over_on)} is the first day over the limit."
    if plan.others_over_on is not None:
        said += f" With it, what is planned already is over the limit from {in_english(plan.others_over_on)}."
    if plan.worse is not None:
        said += (
            f" But from {in_english(plan.worse.on)} the facility stands worse with it: {plan.worse.name} acts"
            f" then. {plan.worse.finding.because} End one of the two designations before, or record the absence."
        )
    return said


def _beside(plan: Plan) -> str:
    """Who acts on some of the days already, and that the rest is said as if they gave way; "" for nobody."""
    if not plan.beside:
        return ""
    acts = "; ".join(f"{one.name}, {days_in_words(one.span)} ({one.basis.label})" for one in plan.beside)
    return (
        f"Designated on some of these days already: {acts}. One serves at a time, so that would have to end or be "
        "taken back before. Were it so: "
    )


def _absence(found: PeopleOfFacility, facility_id: int, names: dict[str, str]) -> None:
    form = Form("absence", key=facility_id)
    who = _person(form, names)
    away = form.radio("presence", "On these days the person is", _PRESENCE) == _AWAY
    first, last = _days(form)
    reason = form.textarea("reason", "Reason", required=away)
    if form.submit(
        "Record the absence",
        lambda: designations.record_absence(asker(), facility_id, int(who), first, last, reason, away=away),
        primary=False,
    ):
        said = "It is recorded, and what rests on it is tested again."
        words.say_after_rerun(
            f"{said} {contradictions.of_absence(found, int(who), first, last, away=away)}".strip(), leads=True
        )
        st.rerun()


def _in_charge(found: PeopleOfFacility, facility_id: int, names: dict[str, str]) -> None:
    form = Form("in-charge", key=facility_id)
    who = _person(form, names)
    first, last = _days(form)
    as_engineer = form.checkbox("as_engineer", "As a professional engineer without a licence")
    made: list[Outlook | None] = []
    if form.submit(
        "Designate an operator-in-charge",
        lambda: made.append(
            designations.designate_in_charge(asker(), facility_id, int(who), first, last, as_engineer)
        ),
        primary=False,
    ):
        besides = contradictions.of_designation(found, int(who), first, last)
        words.say_after_rerun(
            f"The operator-in-charge is designated. {_outlook(Plan(made[0]))} {besides}".strip(), leads=True
        )
        st.rerun()


def _functions(facility_id: int, names: dict[str, str]) -> None:
    """O. Reg. 435/93, s. 1: whoever has one of these functions is in charge."""
    form = Form("functions", key=facility_id)
    who = _person(form, names)
    first, last = _days(form)
    runs = form.checkbox("runs_facility", "Is responsible for the overall operation")
    sets = form.checkbox("sets_parameters", "Sets operational parameters")
    directs = form.checkbox("directs_operators", "Directs or supervises operators")
    if form.submit(
        "Record the functions",
        lambda: designations.record_functions(
            asker(),
            facility_id,
            int(who),
            first,
            last,
            runs_facility=runs,
            sets_parameters=sets,
            directs_operators=directs,
        ),
        primary=False,
    ):
        words.say_after_rerun("The functions are recorded: whoever has one of them is in charge.", leads=True)
        st.rerun()


def _hours(found: PeopleOfFacility, facility_id: int, names: dict[str, str]) -> None:
    st.text(
        "Enter all the hours of the day together, of every shift: they take the place of what is recorded of that "
        "day already. Those as an operator-in-training stand apart."
    )
    form = Form("hours", key=facility_id)
    who = _person(form, names)
    day = form.day("day", "Day", required=True)
    hours = form.decimal("hours", "Hours in charge", least=0, most=24, required=True)
    minutes = form.number("minutes", "And minutes", least=0, most=59, help="such as 20; empty for none")
    in_training = form.checkbox("in_training", "As an operator-in-training")
    said: list[str] = []
    if form.submit(
        "Record the hours",
        lambda: said.append(
            designations.record_hours(asker(), facility_id, int(who), day, hours, in_training, minutes)
        ),
        primary=False,
    ):
        besides = contradictions.of_hours(found, int(who), day)
        words.say_after_rerun(f"Recorded: {said[0]}. {besides}".strip(), leads=True)
        st.rerun()


def _display(on_file: dict[str, tuple[str, ...]], facility_id: int, names: dict[str, str]) -> None:
    form = Form("licence-display", key=facility_id)
    who = _person(form, names)
    known = ", ".join(on_file.get(who, ()))
    number = form.text("number", "Licence number", required=True, help=f"on file: {known}" if known else "")
    since = form.day("since", "Displayed since", required=True)
    place = form.text("place", "Where", required=True, help="at the workplace, or where the facility is run from")
    if form.submit(
        "Record the display of the licence",
        lambda: employees.display_licence(asker(), facility_id, int(who), number, since, place),
        primary=False,
    ):
        words.say_after_rerun("The display is recorded.", leads=True)
        st.rerun()


def _employ(facility_id: int, names: dict[str, str]) -> None:
    form = Form("employ", key=facility_id)
    given_name = form.text("given_name", "Given name", required=True)
    family_name = form.text("family_name", "Family name", required=True)
    number = form.text("operator_id", "Operator ID", help="8 digits; the office confirms it, then licences count")
    position = form.text("position", "Position", required=True)
    capacity = form.select(
        "capacity",
        "Employed as",
        list(Capacity),
        shown=lambda one: one.label,
        required=True,
        help="an engineer needs no licence for less than six months",
    )
    part_time = form.checkbox("part_time", "Part time")
    another = form.checkbox("another_person", "Another person of this name, who is not on record yet")
    first, last = _days(form)
    if form.submit(
        "Record the employment",
        lambda: employees.employ(
            asker(),
            facility_id,
            given_name,
            family_name,
            number,
            position,
            capacity,
            not part_time,
            first,
            last,
            another,
        ),
        primary=not names,
    ):
        words.say_after_rerun("The employment is recorded.", leads=True)
        st.rerun()


def _invite(facility_id: int, names: dict[str, str]) -> None:
    form = Form("invite-employee", key=facility_id)
    who = _person(form, names)
    email = form.text("email", "E-mail", required=True, kind="email", help="no operator profile is needed")
    if form.submit("Invite", lambda: employees.invite(asker(), facility_id, int(who), email), primary=False):
        words.say_after_rerun(f"{email} is invited. {mailed.if_sent('The mail is on its way.')}", leads=True)
        st.rerun()
