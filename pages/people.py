"""A facility's people: who runs it, by what right and until when; designating, absences, time in charge."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import streamlit as st

from core.designations import Basis
from core.employment import Capacity
from core.membership import Right
from core.roles import ACTING, Role
from core.sentences import in_english
from core.timeline import Outlook
from db.gate import NotAllowed, NotSignedIn
from db.people_assessed import Days
from db.people_views import PeopleOfFacility
from db.plans import Plan
from db.services import calculations, designations, employees, responsibility
from db.services.responsibility import Unconfirmed
from ui import (
    employee_changes,
    facility_choice,
    facility_standings,
    findings,
    ledger,
    links,
    mailed,
    past_licences,
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

_Act = Callable[[int, dict[str, str]], None]
_TITLE = "People of a facility"
_DAY = "people_day"  # the day asked about, in the address
_AWAY = "away"
_PRESENCE = {_AWAY: "Absent or unable to act", "present": "Present"}
_NOT_LISTED = "The listing shows nobody under this Operator ID."
_SPEND_NONE = (
    "Days of a strike or lock-out for which the Director lifted the rule (s. 16), and days of a declared "
    "emergency (s. 23), spend none (reading R6). Whoever runs the facility then is designated on that basis; "
    "end a stand-in before. The portal does not keep the strike plan, nor what the Director is told of an "
    "emergency: within 7 days of employing the first person, and in a report within 90 days of its end."
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
        _unlicensed(found)
        if records:
            _notice_due(found)
        _ledgers(found)
    with st.container():
        st.subheader("Who runs it, from when to when", anchor=False)
        people_timeline.draw(found)
    with st.container():
        if acts and _may(Right.READ, facility_id):
            _acts(found, manages=manages, records=records)
    st.subheader("What is recorded", anchor=False)
    people_records.draw(found, records=records, manages=manages)
    employee_changes.draw(found, records=records, officer=Role.OFFICER in facility_choice.roles())
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
    st.dataframe(rows, hide_index=True, alt="Days worked without a licence, by person")


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
    if found.engineers is not None and found.engineers.ledger.days:
        st.subheader("Days with an unlicensed engineer in charge", anchor=False)
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
        words.say_after_rerun("The notice is recorded.")
        st.rerun()


# --- acting -------------------------------------------------------------------------------------------------


def _acts(found: PeopleOfFacility, *, manages: bool, records: bool) -> None:
    names = _names(found)
    if not names and not records:
        return
    kinds: dict[str, _Act] = {}
    if names:
        kinds = {"Designate, or ask what if": _designate, "Invite": _invite} if manages else {"Ask what if": _ask}
    if records and names:
        in_charge = {"Functions": _functions} if found.by_functions else {"Operators-in-charge": _in_charge}
        kinds |= {"Record an absence": _absence} | in_charge | {"Hours in charge": _hours}
        on_file = {str(one.employee_id): one.licences for one in found.employees}
        kinds |= {"Display of a licence": lambda id, names: _display(id, names, on_file)}
    if records:
        kinds |= {"Employ somebody": _employ}
    st.subheader("What you can do", anchor=False)
    for tab, act in zip(st.tabs(list(kinds)), kinds.values(), strict=True):
        with tab:
            act(found.facility_id, names)


def _names(found: PeopleOfFacility) -> dict[str, str]:
    """The employees by id; those of one name are told apart by their Operator IDs, or their employments."""
    named = Counter(one.name for one in found.employees)
    jobs = {one.employee_id: f"{one.what}, from {in_english(one.span.start)}" for one in found.employments}
    return {
        str(one.employee_id): f"{one.name} ({one.operator_id or jobs.get(one.employee_id, 'no Operator ID')})"
        if named[one.name] > 1
        else one.name
        for one in found.employees
    }


def _person(form: Form, names: dict[str, str]) -> str:
    """The id of an employee; "" until one is chosen, which a submission says."""
    return form.one_of("employee_id", "Who", names)


def _days(form: Form) -> tuple[date | None, date | None]:
    first = form.day("first", "First day", required=True)
    last = form.day("last", "Last day", help="empty where no end is known")
    return first, last


def _basis(form: Form) -> str | None:
    return form.select("basis", "On what it rests", list(Basis), shown=lambda one: one.label, required=True)


def _ask(facility_id: int, names: dict[str, str]) -> None:
    _plan(facility_id, names, manages=False)


def _designate(facility_id: int, names: dict[str, str]) -> None:
    _plan(facility_id, names, manages=True)


def _plan(facility_id: int, names: dict[str, str], *, manages: bool) -> None:
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
        _answer(asked)
    made: list[Plan] = []
    if manages and form.submit(
        "Designate the overall responsible operator",
        lambda: made.append(designations.designate(asker(), facility_id, int(who), basis, first, last, reason)),
    ):
        words.say_after_rerun(f"The designation is recorded. {_outlook(made[0])}")
        st.rerun()


def _answer(plan: Plan) -> None:
    words.answer(_outlook(plan))
    if plan.outlook is not None:
        both = (plan.outlook.first, plan.outlook.then)
        findings.draw(*(one for one in both if one is not None))


def _outlook(plan: Plan) -> str:
    """How a plan fares, in sentences."""
    if plan.outlook is None:
        return "All its days have come, so it is recorded as it was."
    standing = findings.MARKS[plan.outlook.first.verdict].word
    said = f"On its first day to come: {standing}."
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


def _absence(facility_id: int, names: dict[str, str]) -> None:
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
        words.say_after_rerun("It is recorded, and what rests on it is tested again.")
        st.rerun()


def _in_charge(facility_id: int, names: dict[str, str]) -> None:
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
        words.say_after_rerun(f"The operator-in-charge is designated. {_outlook(Plan(made[0]))}")
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
        words.say_after_rerun("The functions are recorded: whoever has one of them is in charge.")
        st.rerun()


def _hours(facility_id: int, names: dict[str, str]) -> None:
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
        words.say_after_rerun(f"Recorded: {said[0]}.")
        st.rerun()


def _display(facility_id: int, names: dict[str, str], on_file: dict[str, tuple[str, ...]]) -> None:
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
        words.say_after_rerun("The display is recorded.")
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
        words.say_after_rerun("The employment is recorded.")
        st.rerun()


def _invite(facility_id: int, names: dict[str, str]) -> None:
    form = Form("invite-employee", key=facility_id)
    who = _person(form, names)
    email = form.text("email", "E-mail", required=True, kind="email", help="no operator profile is needed")
    if form.submit("Invite", lambda: employees.invite(asker(), facility_id, int(who), email), primary=False):
        words.say_after_rerun(f"{email} is invited. {mailed.if_sent('The mail is on its way.')}")
        st.rerun()


# --- the office ---------------------------------------------------------------------------------------------


def _notices_received() -> None:
    received = responsibility.notices_received(asker(), tables.page_before_drawing("notices"))
    if not received.rows:
        return
    st.subheader("Notices received", anchor=False)
    for one in received.rows:
        st.text(f"{one.facility}: due on {in_english(one.reached_on)}, sent on {in_english(one.sent_on)}")
        links.to(
            f"Open {as_markdown(one.facility)}",
            "people",
            key=one.notice_id,
            id=one.facility_id,
            people_day=one.sent_on,
        )
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
        words.say_after_rerun("The Operator ID is confirmed, and its licences count.")
        st.rerun()
