"""Applications for classification: the owner hands in and follows, the office checks, the Director decides."""

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from core.certificate_applications import ApplicationReason, ApplicationState
from core.facilities import FacilityClass
from core.package_plants import PackagePlant
from core.queue import Place, Subject
from core.roles import ACTING, Role
from db.application_views import ApplicationView, Unknown
from db.gate import NotAllowed
from db.services import applications, calculations
from ui import applications as drawn
from ui import decisions, links, mailed, profile_parts, queue_filters, queue_ways, tables, words
from ui.forms import Form
from ui.fresh import fresh
from ui.session import asker, me

_KNOWN = {"yes": True, "no": False, "not sure": None}
_EMPTY_IF_NOT_SURE = "leave it empty if you are not sure"


def render() -> None:
    if (calculation_id := _number("calculation")) is not None:
        _apply(calculation_id)
    elif (application_id := _number("id")) is not None:
        _one(application_id)
    else:
        _lists()


def _number(parameter: str) -> int | None:
    given = st.query_params.get(parameter, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _roles() -> frozenset[Role]:
    who = me()
    return who.roles if who else frozenset()


# --- lists ------------------------------------------------------------------------------------------------


def _lists() -> None:
    roles, top = _roles(), st.container()
    sentences = []
    if Role.DIRECTOR in roles:
        sentences.append(_for_the_director())
    if not roles.isdisjoint(ACTING):
        sentences.append(_own())
    if Role.OFFICER in roles:
        links.to("Open the queue of what waits for the office", "queue", primary=not sentences)
    with top:
        words.title(
            "Applications for classification", " ".join(sentences) or "What waits for the office is in the queue."
        )


def _for_the_director() -> str:
    found = applications.waiting(asker(), tables.page_before_drawing("waiting"))
    st.subheader("To decide", anchor=False)
    if not found.rows:
        words.empty(
            "Nothing waits for the Director.", "Applications appear here once the office has checked them."
        )
    drawn.listed(found.rows, primary=True)
    tables.page_number("waiting", found.page, found.pages)
    return {0: "Nothing waits for your decision.", 1: "One waits for your decision."}.get(
        found.total, f"{found.total} wait for your decision."
    )


def _own() -> str:
    found = applications.mine(asker(), tables.page_before_drawing("mine"))
    st.subheader("Of your organization", anchor=False)
    if not found.rows:
        words.empty(
            "Your organization has not applied yet.",
            "Calculate the points of a facility, save the calculation to it, and hand it in from there.",
        )
        links.to("Open the calculator", "calculator", primary=True)
    drawn.listed(found.rows)
    tables.page_number("mine", found.page, found.pages)
    return f"Handed in by your organization: {found.total}."


# --- handing in -------------------------------------------------------------------------------------------


def _apply(calculation_id: int) -> None:
    if _roles().isdisjoint(ACTING):
        _nothing_here("Owners hand in applications.")
        return
    try:
        saved = calculations.calculation(asker(), calculation_id)
    except NotAllowed:
        _nothing_here("There is no such calculation among those of your organization.")
        return
    words.title("Apply for classification", f"{saved.facility_name}: {drawn.points(saved)}.")
    st.text("The office checks that the fee and the answers are there. Only the Director classifies a facility.")
    form = Form("application", key=calculation_id)
    reason = form.select(
        "reason", "Why you apply", list(ApplicationReason), shown=lambda one: one.label, required=True
    )
    approval = None
    if reason is ApplicationReason.ALTERATION:
        approval = form.day(
            "approval_applied_on",
            "Approval of the alteration applied for on",
            help="leave it empty while approval is not applied for; the application is due with it",
        )
    fee = form.day(
        "fee_paid_on",
        "Fee paid on",
        help="leave it empty while it is not paid",
    )
    package = _package(form)

    def hand_in() -> None:
        applications.apply(asker(), calculation_id, reason, fee, approval, package)

    if form.submit("Hand in the application", hand_in):
        told = mailed.if_sent("You are told by mail what becomes of it.")
        words.say_after_rerun(f"The application is handed in. {told}")
        links.go("applications")
        st.rerun()


def _package(form: Form) -> PackagePlant | None:
    """The facts of a package plant, where the owner claims one: the Director may take points off."""
    if not form.checkbox("package", "It is a package plant, for which the Director may reduce the points"):
        return None
    return PackagePlant(
        complete_unit=_known(form, "complete_unit", "It was manufactured as a complete unit"),
        preassembled=_known(form, "preassembled", "It was preassembled"),
        modules=form.number(
            "modules", "Modules in which it was delivered", least=1, most=1000, help=_EMPTY_IF_NOT_SURE
        ),
        design_flow_m3_per_day=form.decimal(
            "design_flow", "Design flow, m3 a day", least=0, most=1_000_000, help=_EMPTY_IF_NOT_SURE
        ),
    )


# --- one application --------------------------------------------------------------------------------------


def _one(application_id: int) -> None:
    try:
        found = fresh("application", application_id, lambda: applications.application(asker(), application_id))
    except (Unknown, NotAllowed):
        _nothing_here("There is no such application, or it is not yours.")
        return
    version = profile_parts.seen(f"application-{application_id}", found.version)
    words.title(f"Application {application_id}", _sentence(found))
    with st.container(horizontal=True):
        links.to("All applications", "applications")
        links.to("How the facility stands", "facility", id=found.facility_id)
    leave = _around(found, version) if Role.OFFICER in _roles() else partial(_to_the_next, found)
    drawn.whole(found)
    decisions.show(found.decisions)
    if found.own:
        _withdraw(found, version)
    elif found.state is ApplicationState.OPEN and Role.OFFICER in _roles():
        _check(found, version, leave)
    elif found.state is ApplicationState.PASSED_ON and Role.DIRECTOR in _roles():
        _decide(found, version)


def _around(found: ApplicationView, version: int) -> Callable[[], None]:
    """What the office sees of the queue around an application; answers what leaves for the next one."""
    place, filters = Place(Subject.APPLICATION, found.application_id), queue_filters.in_address()
    around = queue_ways.around(place, filters)
    queue_ways.draw(around, filters)
    if found.state is ApplicationState.OPEN and not found.own:
        queue_ways.who_works_on_it(place, around, version)
    return partial(queue_ways.go_on, around, filters)


def _sentence(found: ApplicationView) -> str:
    if found.state is ApplicationState.DECIDED:
        return f"{found.facility} is classified, by certificate {found.certificate_number}."
    return f"{found.facility}: {found.state.label.lower()}; handed in on {words.office_day(found.submitted_at)}."


def _nothing_here(why: str) -> None:
    words.title("Applications for classification", why)
    words.empty("Nothing is shown here.", "Open an application from the list.")
    links.to("All applications", "applications", primary=True)


def _withdraw(found: ApplicationView, version: int) -> None:
    if not found.state.waits:
        return
    st.text("You may withdraw the application until it is decided, and apply again.")
    form = Form("withdrawal", key=found.application_id)
    if form.submit(
        "Withdraw the application",
        lambda: applications.withdraw(asker(), found.application_id, version),
        primary=False,
    ):
        _go_on(found, "withdrawn", _to_the_list)


def _check(found: ApplicationView, version: int, leave: Callable[[], None]) -> None:
    st.subheader("Check", anchor=False)
    form = Form("check", suggested={"fee_received_on": found.fee_paid_on}, key=found.application_id)
    fee = form.day("fee_received_on", "Fee received on", required=True)
    reduced, listed = None, None
    if found.reason is ApplicationReason.ALTERATION:
        reduced = _known(form, "class_reduced", "The class on record rests on a reduction of points")
        listed = _known(form, "class_listed", "The class on record is that of the publication of 1993")

    def pass_on() -> None:
        applications.pass_on(asker(), found.application_id, version, fee, reduced, listed)

    if form.submit("Complete: pass it on to the Director", pass_on):
        _go_on(found, "passed on to the Director", leave)
    _return(found, version, leave)


def _known(form: Form, field: str, label: str) -> bool | None:
    chosen = form.select(field, label, list(_KNOWN), shown=str.capitalize)
    return _KNOWN.get(chosen or "")


def _decide(found: ApplicationView, version: int) -> None:
    st.subheader("Decision", anchor=False)
    calculated = found.calculation.facility_class
    form = Form("decision", suggested={"facility_class": calculated}, key=found.application_id)
    facility_class = form.select(
        "facility_class", "Class", list(FacilityClass), shown=lambda one: one.label, required=True
    )
    if calculated and facility_class and facility_class != calculated:
        words.warning(f"The points of the calculation come to {calculated.label}. Say in the reasons why not.")
    number = form.text("certificate_number", "Number of the certificate", required=True)
    points, why = None, ""
    if found.package and form.checkbox("reduce", "Reduce the points of this package plant"):
        points = form.number("reduction_points", "Points taken off", least=1, most=100, required=True)
        why = form.textarea("reduction_reasons", "Reasons for the reduction", required=True)

    def decide(decided_on: date | None, reasons: str) -> None:
        applications.decide(
            asker(), found.application_id, version, facility_class, number, decided_on, reasons, points, why
        )

    if decisions.record(form, "Record the decision", decide):
        _go_on(found, "decided", partial(_to_the_next, found))
    _return(found, version, partial(_to_the_next, found))


def _return(found: ApplicationView, version: int, leave: Callable[[], None]) -> None:
    form = Form("return-application", key=found.application_id)
    reasons = form.textarea(
        "reasons",
        "Reasons for a return",
        help="What is missing and what to do. The owner reads them and applies again.",
    )

    def return_() -> None:
        applications.return_(asker(), found.application_id, version, reasons)

    if form.submit("Return with reasons", return_, primary=False):
        _go_on(found, "returned", leave)


def _go_on(found: ApplicationView, done: str, leave: Callable[[], None]) -> None:
    profile_parts.forget_seen(f"application-{found.application_id}")
    words.say_after_rerun(
        f"Application {found.application_id}, {found.facility} of {found.organization}, is {done}."
    )
    leave()
    st.rerun()


def _to_the_next(found: ApplicationView) -> None:
    """Leaves for the next one that waits for the same desk, or the list."""
    if found.next_id is None:
        _to_the_list()
    else:
        links.go("applications", id=found.next_id)


def _to_the_list() -> None:
    links.go("applications")
