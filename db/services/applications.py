"""Applications for classification (O. Reg. 129/04, s. 4; O. Reg. 435/93, s. 4; O. Reg. 128/04, s. 3).

The owner hands in a calculation, the office checks it and passes it on, the Director decides. Nobody acts for
the office or the Director on an application of their own. Rows are locked facility first, application after.
"""

from datetime import date
from typing import Any

from sqlalchemy import Select, select

from core import certificate_applications as rules
from core import entries
from core.application import governing
from core.calendar import Span
from core.certificate_applications import WAITING, ApplicationReason, ApplicationState
from core.decisions import kinds
from core.findings import Decision, Verdict
from core.legislation import Law, NotOnFile
from core.membership import Right
from core.package_plants import PackagePlant, reduction
from core.places import day_at
from core.problems import Problem, Refused, raise_if_any, refuse
from core.queue import Place, Subject
from core.roles import ACTING, Role
from core.sentences import Sentence, in_english
from db import decisions, kept_findings, members
from db.application_views import (
    ApplicationRow,
    ApplicationView,
    Unknown,
    is_own,
    kept_package,
    package_of,
    row_of,
    view_of,
)
from db.gate import Asker, NotAllowed, Work, in_steps, service
from db.law_schema import Calculation, ClassificationApplication
from db.listing import Listing, one_page
from db.own_facilities import held, is_owner
from db.schema import DirectorDecision, Facility
from db.verification import handling
from db.verification.classifications import classify_by_decision
from db.verification.dated import give_way

_SEES_ALL = frozenset({Role.OFFICER, Role.DIRECTOR, Role.MANAGER})


# --- the owner --------------------------------------------------------------------------------------------


@service(*ACTING, writes=True)
def apply(
    work: Work,
    calculation_id: int,
    reason: str | None,
    fee_paid_on: date | None = None,
    approval_applied_on: date | None = None,
    package: PackagePlant | None = None,
) -> int:
    """Hands in a kept calculation as an application for classification. Returns the application's id.

    approval_applied_on: when approval of the alteration was applied for; None while it is not.
    package: the facts of a package plant, where the owner claims one.
    """
    calculation = work.session.get(Calculation, calculation_id)
    if calculation is None or not _may_record(work, calculation):
        raise NotAllowed
    held(work, Right.RECORD, calculation.facility_id)
    facility = work.for_update(Facility, calculation.facility_id)
    filed_on = day_at(work.at, facility.time_zone)
    raise_if_any(rules.handed_in(reason, fee_paid_on, approval_applied_on, filed_on))
    assert reason is not None  # noqa: S101 - checked above
    _must_be_for_the_owner(work, calculation.organization_id, facility)
    _must_be_of_the_law(calculation, facility, filed_on)
    _must_be_the_only_one(work, facility)
    application = ClassificationApplication(
        facility_id=facility.id,
        organization_id=calculation.organization_id,
        calculation_id=calculation.id,
        reason=ApplicationReason(reason),
        filed_on=filed_on,
        fee_paid_on=fee_paid_on,
        approval_applied_on=approval_applied_on,
        package=kept_package(package),
        submitted_at=work.at,
        submitted_by=work.account.id,
        state=ApplicationState.OPEN,
        changed_at=work.at,
        changed_by=work.account.id,
    )
    work.session.add(application)
    work.session.flush()
    kept_findings.retest_section_4(work, facility.id)
    work.record("application.filed", "classification_application", application.id, facility=facility.id)
    _mail_to_the_owner(work, application, "application_received")
    return application.id


@service(*ACTING, writes=True)
def withdraw(work: Work, application_id: int, version: int) -> None:
    """Takes back an application that is not decided."""
    found = work.session.get(ClassificationApplication, application_id)
    if found is None or not _may_record(work, found):
        raise NotAllowed
    application = _locked(work, application_id, version, *WAITING)
    application.state = ApplicationState.WITHDRAWN
    work.record("application.withdrawn", "classification_application", application.id)


@service(*ACTING)
def mine(work: Work, page: int = 1) -> Listing[ApplicationRow]:
    """The applications of the asker's organizations that the asker may see, the newest first, 50 a page."""
    table = ClassificationApplication
    own = select(table).where(members.allowed(work, Right.READ, table.organization_id, table.facility_id))
    return _listed(work, own.order_by(table.id.desc()), page)


# --- everybody concerned ----------------------------------------------------------------------------------


@in_steps(*ACTING, *sorted(_SEES_ALL), writes=True)
def application(asker: Asker, application_id: int) -> ApplicationView:
    """One application: an owner's own; any for the office, the Director and managers.

    That an officer opens it is recorded before it is shown.
    """
    found, by_officer = _application(asker, application_id)
    if by_officer:
        _opened(asker, application_id)
    return found


@service(*ACTING, *sorted(_SEES_ALL))
def _application(work: Work, application_id: int) -> tuple[ApplicationView, bool]:
    """The application, and whether an officer asks."""
    found = work.session.get(ClassificationApplication, application_id)
    sees_all = not work.roles.isdisjoint(_SEES_ALL)
    if found is None and sees_all:
        raise Unknown(application_id)
    if found is None or not (sees_all or _may_read(work, found)):
        raise NotAllowed
    return view_of(work, found), Role.OFFICER in work.roles


@service(Role.OFFICER, writes=True)
def _opened(work: Work, application_id: int) -> None:
    handling.look(work, Place(Subject.APPLICATION, application_id))


# --- the office -------------------------------------------------------------------------------------------


@service(Role.OFFICER, writes=True)
def pass_on(
    work: Work,
    application_id: int,
    version: int,
    fee_received_on: date | None,
    class_reduced: bool | None = None,
    class_listed: bool | None = None,
) -> None:
    """Hands a complete application to the Director: the fee is there, and the answers make one class.

    class_reduced, class_listed: whether the class on record rests on a reduction of points, or is that of the
    publication of 1993 (None: not known). Without knowing, an alteration cannot be compared with it.
    """
    waiting = _locked(work, application_id, version, ApplicationState.OPEN)
    _must_not_be_own(work, waiting)
    handling.must_not_be_taken(work, waiting)
    problems = rules.passed_on(fee_received_on, day_at(work.at))
    calculation = waiting.calculation
    if calculation.facility_class is None:
        sentence = Sentence(
            "The answers leave {lowest} to {highest} points open, more than one class. Return the application "
            "and name what is missing.",
            lowest=calculation.lowest,
            highest=calculation.highest,
        )
        problems.append(Problem("", sentence))
    raise_if_any(problems)
    waiting.state = ApplicationState.PASSED_ON
    waiting.fee_received_on = fee_received_on
    waiting.class_reduced, waiting.class_listed = class_reduced, class_listed
    waiting.passed_on_at = work.at
    work.record("application.passed_on", "classification_application", waiting.id)


@service(Role.OFFICER, Role.DIRECTOR, writes=True)
def return_(work: Work, application_id: int, version: int, reasons: str) -> None:
    """Gives an application back with the reasons: the office, and the Director what was passed on."""
    raise_if_any(entries.reason("reasons", reasons, what="for the return"))
    desks = {Role.OFFICER: ApplicationState.OPEN, Role.DIRECTOR: ApplicationState.PASSED_ON}
    waiting = _locked(work, application_id, version, *(desks[role] for role in desks if role in work.roles))
    _must_not_be_own(work, waiting)
    if waiting.state == ApplicationState.OPEN:
        handling.must_not_be_taken(work, waiting)
    waiting.state = ApplicationState.RETURNED
    waiting.returned_because = entries.clean_reason(reasons)
    work.record("application.returned", "classification_application", waiting.id)
    _mail_to_the_owner(work, waiting, "application_returned", reasons=waiting.returned_because)


# --- the Director -----------------------------------------------------------------------------------------


@service(Role.DIRECTOR)
def waiting(work: Work, page: int = 1) -> Listing[ApplicationRow]:
    """What waits for the Director, the oldest first, 50 a page."""
    table = ClassificationApplication
    passed_on = select(table).where(table.state == ApplicationState.PASSED_ON)
    return _listed(work, passed_on.order_by(table.submitted_at, table.id), page)


@service(Role.DIRECTOR, writes=True)
def decide(
    work: Work,
    application_id: int,
    version: int,
    facility_class: str | None,
    certificate_number: str,
    decided_on: date | None,
    reasons: str,
    reduction_points: int | None = None,
    reduction_reasons: str = "",
) -> int:
    """Records the Director's classification; from its day the facility has that class. Returns the decision's id.

    reduction_points, reduction_reasons: fewer points for a package plant, a decision of its own.
    """
    found = work.session.get(ClassificationApplication, application_id)
    if found is None:
        raise Unknown(application_id)
    facility = found.facility
    waiting = _locked(work, application_id, version, ApplicationState.PASSED_ON)
    _must_not_be_own(work, waiting)
    problems = rules.decided(facility_class, certificate_number, decided_on, waiting.filed_on, day_at(work.at))
    problems += entries.reason("reasons", reasons, what="for the decision")
    raise_if_any(problems)
    assert decided_on is not None  # noqa: S101 - checked above
    on_day = governing(facility.facility_type, decided_on)
    reduces = reduction_points is not None or bool(reduction_reasons.strip())
    if reduces:
        _check_reduction(work, waiting, on_day, reduction_points, reduction_reasons)
    number = entries.clean_number(certificate_number)
    terms = {"facility_class": facility_class, "certificate_number": number}
    decision = decisions.record(
        work,
        kinds()["classification"],
        on_day,
        facility.id,
        decided_on=decided_on,
        reasons=entries.clean_reason(reasons),
        terms=terms,
    )
    _end_reductions(work, facility, decision)
    if reduces:
        decisions.record(
            work,
            kinds()["package_reduction"],
            on_day,
            facility.id,
            decided_on=decided_on,
            reasons=entries.clean_reason(reduction_reasons),
            terms={"points": reduction_points, "with_decision": decision.id},
        )
    classify_by_decision(work, facility, decision, number)
    waiting.state = ApplicationState.DECIDED
    waiting.decision_id = decision.id
    work.record("application.decided", "classification_application", waiting.id, decision=decision.id)
    _mail_to_the_owner(work, waiting, "application_decided", decided_on=in_english(decided_on), **terms)
    return decision.id


def _check_reduction(
    work: Work, application: ClassificationApplication, on_day: Law, points: int | None, reasons: str
) -> None:
    """Raises Refused unless the points may be reduced: a package plant, points, and the Director's reasons."""
    problems = entries.reason("reduction_reasons", reasons, what="for the reduction")
    if points is None or points < 1:
        problems.append(Problem("reduction_points", Sentence("Enter by how many points, at least 1.")))
    raise_if_any(problems)
    decided = Decision(
        on_day.topic("package_reduction"), True, work.account.person.name, on_day.on, reasons, Span(on_day.on)
    )
    finding = reduction(package_of(application) or PackagePlant(), on_day, [decided])
    if finding.verdict is not Verdict.MET:
        raise refuse(
            "Only the points of a package plant are reduced. {because} Leave the reduction empty, or return the "
            "application.",
            field="reduction_points",
            because=finding.because,
        )


def _end_reductions(work: Work, facility: Facility, decision: DirectorDecision) -> None:
    """A new classification stands on its own points: reductions that went with an earlier one end."""
    for earlier in decisions.standing(work, "facility", facility.id):
        if earlier.kind == "package_reduction":
            give_way(work, earlier, decision.decided_on, decision.id)


# --- what several of them need ------------------------------------------------------------------------------


def _may_read(work: Work, application: ClassificationApplication) -> bool:
    return members.may(work, Right.READ, application.organization_id, application.facility_id)


def _may_record(work: Work, about: Calculation | ClassificationApplication) -> bool:
    return members.may(work, Right.RECORD, about.organization_id, about.facility_id)


def _must_be_for_the_owner(work: Work, organization_id: int, facility: Facility) -> None:
    if not is_owner(work, organization_id, facility.id):
        raise refuse(
            "The owner of {facility} applies for its classification; your organization operates it. Ask the owner "
            "to hand the application in.",
            facility=facility.name,
        )


def _must_be_of_the_law(calculation: Calculation, facility: Facility, on: date) -> None:
    """Raises Refused unless the calculation is for this type of facility, by the law on file today."""
    try:
        in_force = governing(facility.facility_type, on)
    except NotOnFile as missing:
        raise Refused(Problem("", missing.sentence)) from missing
    made_by = (calculation.regulation, calculation.law_version, calculation.facility_type)
    if made_by != (in_force.regulation.number, in_force.version.name, facility.facility_type):
        raise refuse(
            "This calculation was made under O. Reg. {regulation} ({version}). An application of today needs one "
            "under O. Reg. {needed} ({needed_version}), for the type of the facility. Calculate and save it anew.",
            regulation=calculation.regulation,
            version=calculation.law_version,
            needed=in_force.regulation.number,
            needed_version=in_force.version.name,
        )


def _must_be_the_only_one(work: Work, facility: Facility) -> None:
    since = work.session.scalar(
        select(ClassificationApplication.submitted_at).where(
            ClassificationApplication.facility_id == facility.id, ClassificationApplication.state.in_(WAITING)
        )
    )
    if since is not None:
        raise refuse(
            "An application for {facility} waits since {day}. Withdraw it first, or wait for its decision.",
            facility=facility.name,
            day=day_at(since),
        )


def _must_not_be_own(work: Work, application: ClassificationApplication) -> None:
    if is_own(work, application):
        raise refuse("This application is your own, so somebody else has to decide on it.")


def _locked(work: Work, application_id: int, version: int, *states: ApplicationState) -> ClassificationApplication:
    """The application, locked after its facility, in one of the states and as it was seen; marked as changed."""
    found = work.session.get(ClassificationApplication, application_id)
    if found is None:
        raise Unknown(application_id)
    work.for_update(Facility, found.facility_id)
    application = work.for_update(ClassificationApplication, application_id)
    if application.version == version and application.state not in states:
        raise refuse(
            "Application {id}: {state}. It does not wait for you.",
            id=str(application_id),
            state=ApplicationState(application.state).label,
        )
    work.touch(application, version)
    kept_findings.retest_section_4(work, found.facility_id)
    return application


def _listed(work: Work, statement: Select[ClassificationApplication], page: int) -> Listing[ApplicationRow]:
    rows, total, page = one_page(work, statement, page)
    today = day_at(work.at)
    return Listing(tuple(row_of(row, today) for (row,) in rows), total, page)


def _mail_to_the_owner(work: Work, application: ClassificationApplication, template: str, **values: Any) -> None:
    there = (application.organization_id, application.facility_id)
    for account in members.holders(work, Right.RECORD, *there):
        work.mail(account, template, facility=application.facility.name, **values)
