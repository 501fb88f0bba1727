"""Applications for classification: owner, office and Director, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from core.certificate_applications import ApplicationState
from core.facilities import FacilityClass
from core.problems import Refused
from core.queue import Filters
from core.roles import Role
from db.application_views import ApplicationRow
from db.audit import verify
from db.gate import NotAllowed, Stale
from db.law_schema import Calculation, ClassificationApplication
from db.schema import (
    AccountRole,
    AuditEntry,
    DirectorDecision,
    Facility,
    FacilityClassification,
    LoginSession,
    Organization,
    OutgoingMail,
)
from db.services import applications, calculations, decisions, home, owners, sessions, verification
from tests.db.filed import (
    CLASS_I,
    PACKAGE,
    TODAY,
    decide,
    director,
    facility_of,
    filed,
    passed_on,
    saved,
    version,
)
from tests.db.people import NOON, at, signed_in
from tests.db.profiles import FACILITY, active_owner, approve_all, submitted_operator, submitted_owner
from tests.db.statements import counted
from tests.db.together import together

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def owner(portal):
    return active_owner(portal)


@pytest.fixture
def officer(portal):
    return signed_in(portal, Role.OFFICER, given_name="Olga", family_name="Office")


def rows(portal, query):
    with portal.database.transaction(writes=False) as session:
        return session.scalars(query).all()


def mails(portal):
    return [mail.template for mail in rows(portal, select(OutgoingMail).order_by(OutgoingMail.id))]


def still_there(asker, after):
    """The same asker so long after noon, having clicked now and then."""
    for hours in range(6, int(after.total_seconds()) // 3600, 6):
        sessions.touch(at(asker, NOON + timedelta(hours=hours)))
    return at(asker, NOON + after)


def state(asker, application_id):
    return applications.application(asker, application_id).state


# --- the owner --------------------------------------------------------------------------------------------


def test_an_application_waits_for_the_office_with_all_that_it_needs(portal, owner):
    one = filed(owner)
    found = applications.application(owner, one)
    assert (found.state, found.reason, found.facility) == (ApplicationState.OPEN, "first", "North Bay WPCP")
    assert (found.class_on_record, found.calculation.facility_class) == ("III", "II")
    assert (found.filed_on, found.fee_paid_on, found.fee_received_on) == (TODAY, TODAY, None)
    assert found.own
    assert mails(portal)[-1] == "application_received"
    assert [row.application_id for row in applications.mine(owner).rows] == [one]


def test_it_is_filed_on_the_facilitys_own_day(portal):
    kenora = replace(FACILITY, ministry_number="K", place="Kenora", latitude=49.77, longitude=-94.49)
    owner = active_owner(portal, "Kenora", kenora)
    late = still_there(owner, timedelta(hours=12, minutes=30))  # half past midnight in Toronto, not yet in Kenora
    found = applications.application(late, filed(late))
    assert (found.filed_on, found.submitted_at.date()) == (TODAY, TOMORROW)


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"reason": None}, "reason", "Choose why"),
        ({"reason": "because"}, "reason", "Choose why"),
        ({"fee_paid_on": TOMORROW}, "fee_paid_on", "21 November 2026, which is still to come"),
        ({"approval_applied_on": TODAY}, "approval_applied_on", "with an alteration only"),
        ({"reason": "alteration", "approval_applied_on": TOMORROW}, "approval_applied_on", "still to come"),
    ],
)
def test_what_is_handed_in_is_checked(portal, owner, given, field, words):
    with pytest.raises(Refused, match=words) as refused:
        filed(owner, **given)
    assert refused.value.problems[0].field == field
    assert rows(portal, select(ClassificationApplication)) == []


def test_a_calculation_of_another_law_makes_no_application(owner):
    former = calculations.save(owner, facility_of(owner), "435/93", date(2003, 7, 1), {})
    with pytest.raises(Refused, match=r"made under O. Reg. 435/93 .* needs one under O. Reg. 129/04"):
        applications.apply(owner, former, "first")


def test_a_facility_has_one_application_that_waits(owner):
    one = filed(owner)
    with pytest.raises(Refused, match="waits since 20 November 2026"):
        filed(owner)
    applications.withdraw(owner, one, 1)
    assert state(owner, one) is ApplicationState.WITHDRAWN
    assert filed(owner) > one


def test_two_who_apply_at_the_same_moment_make_one_application(portal, owner):
    one = saved(owner)
    apply = lambda: applications.apply(owner, one, "first")  # noqa: E731
    answers = together(apply, apply)
    assert sorted(isinstance(answer, Refused) for answer in answers) == [False, True], answers
    assert len(rows(portal, select(ClassificationApplication))) == 1


def test_an_operating_authority_leaves_the_application_to_the_owner(portal, owner):
    operating = submitted_owner(portal, "Operators Inc", "operating_authority")
    approve_all(portal)
    one = saved(operating)
    with pytest.raises(Refused, match="The owner of North Bay WPCP applies"):
        applications.apply(operating, one, "first")


def test_nobody_else_hands_in_reads_or_withdraws_it(portal, owner):
    one, calculation = filed(owner), saved(owner)
    other = active_owner(portal, "Town", replace(FACILITY, ministry_number="9"))
    for asks in (
        lambda: applications.apply(other, calculation, "first"),
        lambda: applications.application(other, one),
        lambda: applications.application(other, 99),
        lambda: applications.withdraw(other, one, 1),
        lambda: applications.pass_on(other, one, 1, TODAY),
        lambda: applications.decide(other, one, 1, "II", "CC-1", TODAY, "Because."),
    ):
        with pytest.raises(NotAllowed):
            asks()
    assert applications.mine(other).rows == ()


# --- the office -------------------------------------------------------------------------------------------


def test_one_queue_holds_profiles_and_applications_the_oldest_first(portal, owner, officer):
    one = filed(at(owner, NOON + timedelta(hours=1)))
    submitted_operator(portal)
    queue = verification.queue(officer)
    assert [type(row).__name__ for row in queue.rows] == ["ProfileRow", "ApplicationRow"]
    assert (queue.kinds, queue.waiting) == ({"operator": 1, "application": 1}, 2)
    application = queue.rows[1]
    assert isinstance(application, ApplicationRow)
    assert (application.application_id, application.facility, application.organization) == (
        one,
        "North Bay WPCP",
        "City of North Bay",
    )


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(kind="application"), 1),
        (Filters(kind="operator"), 1),
        (Filters(kind="owner"), 0),
        (Filters(words="wpcp"), 1),
        (Filters(words="2200"), 1),
        (Filters(words="22-00"), 1),
        (Filters(words="city of"), 1),
        (Filters(words="%"), 0),
        (Filters(kind="application", words="fairwater"), 0),
    ],
)
def test_the_queue_is_filtered(portal, owner, officer, filters, found):
    filed(owner)
    submitted_operator(portal)
    queue = verification.queue(officer, filters)
    assert (queue.found, queue.waiting) == (found, 2)


def test_a_complete_application_is_passed_on_to_the_director(portal, owner, officer):
    one = filed(owner)
    applications.pass_on(officer, one, version(officer, one), YESTERDAY)
    found = applications.application(officer, one)
    assert (found.state, found.fee_received_on) == (ApplicationState.PASSED_ON, YESTERDAY)
    assert "application" not in verification.queue(officer).kinds
    assert [row.application_id for row in applications.waiting(director(portal)).rows] == [one]


def test_without_the_fee_or_the_answers_it_is_not_passed_on(owner, officer):
    one = filed(owner, {})
    with pytest.raises(Refused, match="Enter the day on which the fee was received") as refused:
        applications.pass_on(officer, one, 1, None)
    assert "more than one class" in str(refused.value)
    with pytest.raises(Refused, match="still to come"):
        applications.pass_on(officer, one, 1, TOMORROW)
    assert state(officer, one) is ApplicationState.OPEN


def test_an_application_is_returned_with_reasons_and_made_anew(portal, owner, officer):
    one = filed(owner, {})
    with pytest.raises(Refused, match="Write the reason for the return"):
        applications.return_(officer, one, 1, " ")
    applications.return_(officer, one, 1, "The answers are missing.")
    assert applications.application(owner, one).returned_because == "The answers are missing."
    assert mails(portal)[-1] == "application_returned"
    waits = [str(found.sentence) for found in home.waiting(owner) if found.page == "applications"]
    assert waits == ["Applications for classification returned to you: 1. Read why."]
    assert filed(owner) > one
    assert [found for found in home.waiting(owner) if found.page == "applications"] == []


def test_the_director_returns_only_what_was_passed_on(portal, owner, officer):
    one = filed(owner)
    with pytest.raises(Refused, match=r"Waits for the office. It does not wait for you"):
        applications.return_(director(portal), one, 1, "Too early.")
    applications.pass_on(officer, one, 1, TODAY)
    with pytest.raises(Refused, match=r"Waits for the Director. It does not wait for you"):
        applications.return_(officer, one, 2, "Too late.")
    applications.return_(director(portal), one, 2, "The plan is missing.")
    assert state(owner, one) is ApplicationState.RETURNED


# --- the Director -----------------------------------------------------------------------------------------


def test_the_decision_gives_the_facility_its_class_from_that_day_and_tells_the_owner(portal, owner):
    one = passed_on(portal, owner)
    decision = decide(director(portal), one)
    found = applications.application(owner, one)
    assert (found.state, found.certificate_number) == (ApplicationState.DECIDED, "CC1")
    (recorded,) = found.decisions
    assert str(recorded.decision.citation) == "O. Reg. 129/04, s. 4 (2)"
    assert (recorded.decision.by, recorded.decision.reasons) == ("Dora Decides", "By the points.")
    assert calculations.my_facilities(owner)[0].facility_class == "II"
    standing = rows(portal, select(FacilityClassification).where(FacilityClassification.superseded_at.is_(None)))
    assert [(row.facility_class, row.valid_from, row.decision_id) for row in standing] == [("II", TODAY, decision)]
    assert mails(portal)[-1] == "application_decided"
    actions = [entry.action for entry in rows(portal, select(AuditEntry))]
    assert {"decision.recorded", "facility.classified", "application.decided"} <= set(actions)
    with portal.database.transaction(writes=False) as session:
        assert verify(session).faults == ()


def test_the_earlier_class_ends_on_the_day_of_the_decision(portal, owner):
    one = passed_on(portal, owner)
    decide(director(portal), one)
    tomorrow = still_there(owner, timedelta(days=1))
    second = filed(tomorrow, CLASS_I)
    officer = signed_in(portal, Role.OFFICER, at=tomorrow.at)
    applications.pass_on(officer, second, 1, TODAY)
    decide(
        signed_in(portal, Role.DIRECTOR, at=tomorrow.at),
        second,
        "I",
        decided_on=TOMORROW,
        certificate_number="CC-2",
    )
    standing = rows(
        portal,
        select(FacilityClassification)
        .where(FacilityClassification.superseded_at.is_(None))
        .order_by(FacilityClassification.valid_from),
    )
    assert [(row.facility_class, row.valid_from, row.valid_until) for row in standing] == [
        ("II", TODAY, TOMORROW),
        ("I", TOMORROW, None),
    ]


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"facility_class": "V"}, "facility_class", "Choose the class"),
        ({"certificate_number": " "}, "certificate_number", "Enter the number of the certificate"),
        ({"decided_on": None}, "decided_on", "Enter the day of the decision"),
        ({"decided_on": TOMORROW}, "decided_on", "still to come"),
        ({"decided_on": YESTERDAY}, "decided_on", "before the application was filed, on 20 November 2026"),
        ({"reasons": ""}, "reasons", "Write the reason for the decision"),
        ({"reduction_points": 3}, "reduction_reasons", "Write the reason for the reduction"),
        ({"reduction_reasons": "Simple."}, "reduction_points", "by how many points"),
        (
            {"reduction_points": 3, "reduction_reasons": "Simple."},
            "reduction_points",
            "Only the points of a package",
        ),
    ],
)
def test_a_decision_is_checked_and_a_wrong_one_changes_nothing(portal, owner, given, field, words):
    one = passed_on(portal, owner)
    with pytest.raises(Refused, match=words) as refused:
        decide(director(portal), one, **given)
    assert field in [problem.field for problem in refused.value.problems]
    assert rows(portal, select(DirectorDecision)) == []
    assert state(owner, one) is ApplicationState.PASSED_ON


def test_fewer_points_for_a_package_plant_are_a_decision_of_their_own(portal, owner):
    one = passed_on(portal, owner, package=PACKAGE)
    decide(director(portal), one, "I", reduction_points=8, reduction_reasons="It runs by itself.")
    found = applications.application(owner, one)
    assert found.package == PACKAGE
    assert [recorded.kind.id for recorded in found.decisions] == ["classification", "package_reduction"]
    reduction = found.decisions[1]
    assert str(reduction.decision.citation) == "O. Reg. 129/04, Sched. 1, s. 3 (1)"
    assert (reduction.terms["points"], reduction.decision.reasons) == (8, "It runs by itself.")


def test_a_reduction_ends_with_the_next_classification(portal, owner):
    one = passed_on(portal, owner, package=PACKAGE)
    decide(director(portal), one, "I", reduction_points=8, reduction_reasons="It runs by itself.")
    decide(director(portal), passed_on(portal, owner), "II", certificate_number="CC-2")
    standing = decisions.of_facility(owner, facility_of(owner))
    assert [recorded.kind.id for recorded in standing] == ["classification", "classification"]


def test_nobody_decides_on_their_own_application(portal, owner):
    one = filed(owner)
    both = _with_role(portal, owner, Role.OFFICER, Role.DIRECTOR)
    for act in (
        lambda: applications.pass_on(both, one, 1, TODAY),
        lambda: applications.return_(both, one, 1, "Mine."),
    ):
        with pytest.raises(Refused, match="your own, so somebody else"):
            act()
    officer = signed_in(portal, Role.OFFICER)
    applications.pass_on(officer, one, 1, TODAY)
    with pytest.raises(Refused, match="your own, so somebody else"):
        decide(both, one)
    assert state(owner, one) is ApplicationState.PASSED_ON


def _with_role(portal, asker, *roles):
    with portal.database.transaction(writes=True) as session:
        account = session.scalars(select(LoginSession.account_id).order_by(LoginSession.id)).first()
        session.add_all(AccountRole(account_id=account, role=role, granted_at=NOON) for role in roles)
    return asker


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DIRECTOR}))
def test_only_a_director_decides(portal, owner, role):
    one = passed_on(portal, owner)
    asker = signed_in(portal, role)
    for asks in (
        lambda: applications.waiting(asker),
        lambda: applications.decide(asker, one, 2, "II", "CC-1", TODAY, "Because."),
        lambda: decisions.record(asker, 1, "application_required", TODAY, "Because."),
    ):
        with pytest.raises(NotAllowed):
            asks()


def test_a_stale_page_decides_nothing_and_names_who_was_first(portal, owner, officer):
    one = filed(owner)
    applications.pass_on(officer, one, 1, TODAY)
    with pytest.raises(Stale, match="changed by Olga Office"):
        applications.pass_on(signed_in(portal, Role.OFFICER), one, 1, TODAY)
    with pytest.raises(Stale, match="changed by Olga Office"):
        applications.withdraw(owner, one, 1)
    decide(director(portal), one)
    with pytest.raises(Stale, match="changed by Dora Decides"):
        applications.decide(director(portal), one, 2, "III", "CC-2", TODAY, "Otherwise.")
    with pytest.raises(Refused, match=r"Decided. It does not wait for you"):
        applications.withdraw(owner, one, 3)


def test_two_directors_at_the_same_moment_make_one_decision(portal, owner):
    one = passed_on(portal, owner)
    first, second = director(portal), director(portal)
    answers = together(
        lambda: applications.decide(first, one, 2, "II", "CC-1", TODAY, "By the points."),
        lambda: applications.decide(second, one, 2, "III", "CC-2", TODAY, "By the points."),
    )
    assert sorted(isinstance(answer, Stale) for answer in answers) == [False, True], answers
    assert len(rows(portal, select(DirectorDecision))) == 1


def test_a_withdrawal_and_a_decision_at_the_same_moment_leave_one_of_them(portal, owner):
    one = passed_on(portal, owner)
    decider = director(portal)
    answers = together(
        lambda: applications.decide(decider, one, 2, "II", "CC-1", TODAY, "By the points."),
        lambda: applications.withdraw(owner, one, 2),
    )
    assert sorted(isinstance(answer, Stale) for answer in answers) == [False, True], answers
    assert len(rows(portal, select(DirectorDecision))) == (state(owner, one) is ApplicationState.DECIDED)


def test_an_unknown_application_says_so(officer):
    for asks in (
        lambda: applications.application(officer, 77),
        lambda: applications.pass_on(officer, 77, 1, TODAY),
    ):
        with pytest.raises(Refused, match="There is no application 77"):
            asks()


# --- decisions that are recorded alone ----------------------------------------------------------------------


def test_the_director_requires_an_application_once_and_the_owner_is_told(portal, owner):
    decider = director(portal)
    (facility,) = decisions.facilities(decider, "north").rows
    given = (facility.facility_id, "application_required", TODAY, "Schedule 1.2 was amended.")
    decisions.record(decider, *given)
    (recorded,) = decisions.of_facility(owner, facility.facility_id)
    assert str(recorded.decision.citation) == "O. Reg. 129/04, s. 4 (4)"
    assert mails(portal)[-1] == "decision_recorded"
    with pytest.raises(Refused, match="is recorded already, by Dora Decides"):
        decisions.record(decider, *given)
    assert decisions.facilities(decider, "nowhere").rows == ()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": None}, "kind"),
        ({"kind": "classification"}, "kind"),
        ({"decided_on": TOMORROW}, "decided_on"),
        ({"decided_on": date(2020, 1, 1)}, "decided_on"),
        ({"reasons": " "}, "reasons"),
        ({"valid_until": TODAY}, "valid_until"),
    ],
)
def test_a_decision_alone_is_checked(portal, owner, given, field):
    named = {"kind": "application_required", "decided_on": TODAY, "reasons": "Amended."} | given
    with pytest.raises(Refused) as refused:
        decisions.record(director(portal), facility_of(owner), **named)
    assert [problem.field for problem in refused.value.problems] == [field]


# --- lists ------------------------------------------------------------------------------------------------


def copies(portal, application_id, count):
    """More applications like one, each for a facility of its own."""
    with portal.database.transaction(writes=True) as session:
        row = session.get_one(ClassificationApplication, application_id)
        start = session.scalars(select(Facility.id).order_by(Facility.id.desc())).first()
        ids = range(start + 1, start + 1 + count)
        for table, like, given in (
            (Facility, row.facility, lambda n: {"id": n, "ministry_number": f"N{n}", "name": f"Plant {n}"}),
            (Organization, row.organization, lambda n: {"id": n + 1000}),
            (Calculation, row.calculation, lambda n: {"id": n + 1000, "facility_id": n}),
            (
                ClassificationApplication,
                row,
                lambda n: {"id": n + 1000, "facility_id": n, "calculation_id": n + 1000},
            ),
        ):
            columns = {column.key: getattr(like, column.key) for column in table.__table__.columns}
            session.execute(insert(table), [columns | given(number) for number in ids])


@pytest.mark.parametrize("listed", ["mine", "waiting", "queue"])
def test_no_more_statements_for_1000_applications_than_for_10(portal, owner, officer, listed):
    one = passed_on(portal, owner) if listed == "waiting" else filed(owner)
    decider = director(portal)
    ask = {
        "mine": lambda: applications.mine(owner),
        "waiting": lambda: applications.waiting(decider),
        "queue": lambda: verification.queue(officer),
    }[listed]
    asked = []
    for count in (9, 990):
        copies(portal, one, count)
        with counted(portal) as statements:
            listing = ask()
        asked.append(len(statements))
    assert (listing.found if listed == "queue" else listing.total) == 1000
    assert len(listing.rows) == 50
    assert asked[0] == asked[1]


def test_home_says_what_waits_for_the_director_and_the_office(portal, owner, officer):
    decider = director(portal)
    assert [str(one.sentence) for one in home.waiting(decider)] == ["No application waits for your decision."]
    one = filed(owner)
    assert "One application for classification to check, of 20 November 2026." in [
        str(found.sentence) for found in home.waiting(officer)
    ]
    applications.pass_on(officer, one, 1, TODAY)
    (told,) = home.waiting(decider)
    assert (str(told.sentence), told.page) == (
        "One application for classification to decide, of 20 November 2026.",
        "applications",
    )
    assert applications.application(decider, one).next_id is None


def test_among_the_owners_facilities_stands_the_class_that_the_director_decided(portal, owner):
    (before,) = owners.my_organization(owner).facilities
    assert before.decided_class is None
    decide(director(portal), passed_on(portal, owner))
    (facility,) = owners.my_organization(owner).facilities
    assert (facility.decided_class, facility.class_certificate) == (FacilityClass.II, "CC1")
