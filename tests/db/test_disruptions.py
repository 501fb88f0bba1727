"""Days of a strike, a lock-out or a declared emergency on record (O. Reg. 129/04, ss. 16 and 23)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from core.findings import Verdict
from core.membership import Grant, Right
from core.problems import Refused
from core.responsibility import About
from core.roles import Role
from core.submissions import Kind, contents_of
from db.accounts.erasure import erase_former_employees
from db.disruption_schema import DirectorSubmission, EmergencyWork
from db.gate import NotAllowed
from db.mail.mails import render
from db.people_schema import Employee, Employment
from db.province_schema import KeptFinding
from db.schema import Account
from db.services import decisions, designations, disruptions, responsibility, withdrawals
from tests.db import members
from tests.db.employed import confirm, employ, led, listed
from tests.db.filed import TODAY, facility_of
from tests.db.people import make_account, signed_in
from tests.db.profiles import active_owner
from tests.db.test_responsibility import mails

LAST = TODAY + timedelta(days=9)


def overall(owner, facility, day=TODAY):
    found = responsibility.people(owner, facility, day)
    return next(one.finding for one, _ in found.findings if one.about is About.OVERALL)


def strike(portal, facility, **more):
    """The Director's direction for ten days from today."""
    period = {"valid_from": TODAY, "valid_until": LAST + timedelta(days=1)}
    director = signed_in(portal, Role.DIRECTOR)
    decisions.record(director, facility, "strike_direction", TODAY, "A safe plan.", **period, **more)


def test_a_strike_is_a_question_until_the_directors_direction_is_recorded(portal):
    owner, _chief, second = led(portal)
    facility = facility_of(owner)
    designations.designate(owner, facility, second, "strike", TODAY, LAST, "Operators are on strike.")
    asked = overall(owner, facility)
    assert (asked.verdict, [need.asked_of for need in asked.needs]) == (Verdict.UNKNOWN, ["director"])
    strike(portal, facility)
    assert overall(owner, facility).verdict is Verdict.NOT_APPLICABLE
    after = responsibility.people(owner, facility, LAST + timedelta(days=1))
    assert after.stand_ins.count == 0
    (recorded,) = [one for one in after.designations if one.kind == "strike"]
    assert (recorded.reason, recorded.span.start, recorded.span.last) == ("Operators are on strike.", TODAY, LAST)
    assert recorded.recorded_by
    assert [one.finding.verdict for one in after.timeline if TODAY in one.span] == [Verdict.NOT_APPLICABLE]


def test_the_mail_about_a_strike_decision_leads_to_the_people_of_the_facility(portal):
    owner, _chief, _second = led(portal)
    facility = facility_of(owner)
    strike(portal, facility)
    (told,) = mails(portal, "decision_of_people_recorded")
    rendered = render(told, None, portal.settings)
    assert f"{portal.settings.public_url}/people?id={facility}" in rendered.text
    assert "applications" not in rendered.text


def test_a_direction_that_was_refused_allows_no_plan_and_what_was_is_not_met(portal):
    owner, _chief, second = led(portal)
    facility = facility_of(owner)
    strike(portal, facility, granted=False)
    with pytest.raises(Refused, match="not to lift the rule"):
        designations.designate(owner, facility, second, "strike", TODAY, LAST, "Operators are on strike.")
    designations.designate(owner, facility, second, "strike", TODAY, TODAY, "Operators are on strike.")
    assert overall(owner, facility).verdict is Verdict.NOT_MET


def test_a_stand_in_spends_no_day_while_the_direction_stands(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    designations.record_absence(owner, facility, chief, TODAY, None, "Out.")
    designations.designate(owner, facility, second, "stand_in", TODAY, None, "For Chief.")
    strike(portal, facility)
    found = responsibility.people(owner, facility, LAST + timedelta(days=1)).stand_ins
    assert (found.count, found.window.start) == (1, LAST + timedelta(days=1))
    breach = responsibility.people(owner, facility, TODAY).stand_ins
    assert breach.over_on == LAST + timedelta(days=151)


def test_an_emergency_needs_no_confirmed_id_and_asks_what_no_record_shows(portal):
    owner, _chief, second = led(portal)
    facility = facility_of(owner)
    plan = designations.designate(owner, facility, second, "emergency", TODAY, LAST, "A flood.")
    assert plan.outlook.first.verdict is Verdict.UNKNOWN
    found = overall(owner, facility)
    assert {"emergency", "shortage"} <= {need.key for need in found.needs}
    assert responsibility.people(owner, facility, LAST).stand_ins.count == 0


def test_in_an_emergency_a_plan_of_somebody_in_charge_in_training_is_a_question(portal):
    owner = active_owner(portal)
    facility = facility_of(owner)
    listed(portal, ("90000001", "Learner", "OIT"), ("90000003", "Chief", "III"))
    learner, chief = employ(owner, "Learner", "90000001"), employ(owner, "Chief", "90000003")
    confirm(portal, learner, chief)
    with pytest.raises(Refused, match="does not allow"):
        designations.designate_in_charge(owner, facility, learner, TODAY, LAST)
    designations.designate(owner, facility, chief, "emergency", TODAY, LAST, "A flood.")
    found = designations.designate_in_charge(owner, facility, learner, TODAY, LAST)
    assert found.first.verdict is Verdict.UNKNOWN
    assert {"emergency", "shortage"} <= {need.key for need in found.first.needs}


# --- what the owner says of an emergency (s. 23) --------------------------------------------------------------


def declare(owner, facility, **more):
    """An emergency from today on, with operators short and others needed."""
    said = {"declared": True, "declared_by": "The Province", "nature": "A flood.", "shortage": True,
            "necessary": True, "grounds": "Two of three are ill.", "first": TODAY, "last": None}  # fmt: skip
    return disruptions.record_emergency(owner, facility, **said | more)


def finding(owner, facility, about, day=TODAY):
    found = responsibility.people(owner, facility, day)
    return next((one.finding for one, _ in found.findings if one.about is about and one.person is None), None)


@pytest.fixture
def with_an_engineer(portal):
    """An owner, its facility, and somebody of maintenance who holds a limited licence of an engineer."""
    owner, _chief, _second = led(portal)
    return owner, facility_of(owner), employ(owner, "Limited", capacity="other")


def test_what_the_owner_says_settles_the_questions_of_an_emergency(portal, with_an_engineer):
    owner, facility, employee = with_an_engineer
    designations.designate(owner, facility, employee, "emergency", TODAY, LAST, "A flood.")
    assert {"emergency", "shortage", "practitioner"} <= {need.key for need in overall(owner, facility).needs}
    declare(owner, facility)
    assert {need.key for need in overall(owner, facility).needs} >= {"practitioner", "not_taken_away"}
    disruptions.employ_in_emergency(
        owner, facility, employee, "practitioner", "Limited licence 7.", TODAY, clear=True
    )
    assert overall(owner, facility).verdict is Verdict.MET
    (kept,) = [one for one in people_kept(portal) if one.about == About.OVERALL.value]
    assert kept.verdict == "met"


def people_kept(portal):
    with portal.database.transaction(writes=False) as session:
        return session.scalars(select(KeptFinding)).all()


def test_an_emergency_that_was_not_declared_allows_nobody(portal, with_an_engineer):
    owner, facility, employee = with_an_engineer
    declare(owner, facility, declared=False)
    disruptions.employ_in_emergency(
        owner, facility, employee, "practitioner", "Limited licence 7.", TODAY, clear=True
    )
    with pytest.raises(Refused, match="does not allow"):
        designations.designate(owner, facility, employee, "emergency", TODAY, LAST, "A flood.")


@pytest.mark.parametrize(("days_later", "verdict"), [(7, Verdict.MET), (8, Verdict.NOT_MET)])
def test_the_notice_is_due_within_seven_days_of_the_first_person(portal, with_an_engineer, days_later, verdict):
    owner, facility, employee = with_an_engineer
    declare(owner, facility)
    disruptions.employ_in_emergency(
        owner, facility, employee, "practitioner", "Limited licence 7.", TODAY, clear=True
    )
    day = TODAY + timedelta(days=days_later)
    found = finding(owner, facility, About.EMERGENCY_NOTICE, day)
    assert (found.verdict, found.due) == (verdict, day if verdict is Verdict.MET else None)
    (draft,) = [one for one in drafts(owner, facility) if one.kind is Kind.EMERGENCY_NOTICE]
    assert "Sam Limited" in draft.words
    assert "s. 23 (5)" in draft.words
    really = "Sam Limited works here.\nCall us."
    disruptions.record_submission(owner, facility, "emergency_notice", TODAY, TODAY, words=f" {really}\r\n")
    assert finding(owner, facility, About.EMERGENCY_NOTICE, day).verdict is Verdict.MET
    (sent,) = responsibility.people(owner, facility).disruptions.submissions
    assert sent.words == really


def drafts(owner, facility):
    return responsibility.people(owner, facility).disruptions.drafts


def test_the_report_is_drafted_with_the_eight_things_and_asked_after_the_end(portal, with_an_engineer):
    owner, facility, employee = with_an_engineer
    id = declare(owner, facility, first=TODAY - timedelta(days=3))
    disruptions.employ_in_emergency(
        owner, facility, employee, "practitioner", "Limited licence 7.", TODAY - timedelta(days=3), clear=True,
        duties="Runs the lift station.",
    )  # fmt: skip
    designations.designate(owner, facility, employee, "emergency", TODAY, None, "A flood.")
    assert finding(owner, facility, About.EMERGENCY_REPORT).verdict is Verdict.NOT_APPLICABLE
    disruptions.end(owner, "emergency", id, TODAY - timedelta(days=1))
    assert finding(owner, facility, About.EMERGENCY_REPORT).due == date(2027, 2, 17)
    (draft,) = [one for one in drafts(owner, facility) if one.kind is Kind.EMERGENCY_REPORT]
    for said in ("1. Name: Sam Limited", "Limited licence 7.", "3. Position: Shift operator", "lift station",
                 "7. Time spent so: none", "8. Why it was necessary: Two of three"):  # fmt: skip
        assert said in draft.words
    of_day = TODAY - timedelta(days=3)
    nothing_said = disruptions.record_submission(owner, facility, "emergency_report", of_day, TODAY)
    found = finding(owner, facility, About.EMERGENCY_REPORT)
    assert (found.verdict, [need.key for need in found.needs]) == (Verdict.UNKNOWN, ["contents"])
    withdrawals.withdraw(owner, "director_submission", nothing_said, "It is known what it says.")
    nothing = disruptions.record_submission(owner, facility, "emergency_report", of_day, TODAY, [])
    assert finding(owner, facility, About.EMERGENCY_REPORT).verdict is Verdict.NOT_MET
    withdrawals.withdraw(owner, "director_submission", nothing, "It says something.")
    disruptions.record_submission(owner, facility, "emergency_report", of_day, TODAY, ["names", "criteria"])
    found = finding(owner, facility, About.EMERGENCY_REPORT)
    assert found.verdict is Verdict.NOT_MET
    assert "It does not say: the position held" in str(found.because)
    everything = [one.id for one in contents_of(Kind.EMERGENCY_REPORT)]
    with pytest.raises(Refused, match="recorded already"):
        disruptions.record_submission(owner, facility, "emergency_report", of_day, TODAY, everything)
    (wrong,) = responsibility.people(owner, facility).disruptions.submissions
    withdrawals.withdraw(owner, "director_submission", wrong.fact_id, "It said more.")
    disruptions.record_submission(owner, facility, "emergency_report", of_day, TODAY, everything)
    assert finding(owner, facility, About.EMERGENCY_REPORT).verdict is Verdict.MET
    assert responsibility.people(owner, facility).disruptions.keep_until == date(2031, 11, 20)


def test_taking_back_an_end_lets_the_emergency_go_on(portal, with_an_engineer):
    owner, facility, _employee = with_an_engineer
    id = declare(owner, facility)
    disruptions.end(owner, "emergency", id, TODAY)
    (ended,) = responsibility.people(owner, facility).disruptions.emergencies
    assert ended.span.last == TODAY
    withdrawals.withdraw(owner, "emergency", ended.fact_id, "It goes on.")
    shown = responsibility.people(owner, facility)
    assert [one.span.end for one in shown.disruptions.emergencies] == [None]
    assert [one.what.startswith("Emergency declared by") for one in shown.withdrawn] == [True]


def test_whoever_serves_in_an_emergency_is_known_without_an_employment(portal, with_an_engineer):
    owner, facility, employee = with_an_engineer
    declare(owner, facility)
    disruptions.employ_in_emergency(
        owner, facility, employee, "practitioner", "Limited licence 7.", TODAY, clear=True
    )
    (only,) = [one for one in responsibility.people(owner, facility).employments if one.employee_id == employee]
    withdrawals.withdraw(owner, "employment", only.fact_id, "Never employed by us.")
    shown = responsibility.people(owner, facility)
    assert [one.name for one in shown.disruptions.worked] == ["Sam Limited"]
    assert finding(owner, facility, About.EMERGENCY_NOTICE).due == TODAY + timedelta(days=7)
    disruptions.record_submission(owner, facility, "emergency_notice", TODAY, TODAY)
    assert finding(owner, facility, About.EMERGENCY_NOTICE).due is None


def asked_of_a_licence(owner, facility, person):
    """What the finding about somebody's licence asks, as it is kept."""
    found = responsibility.people(owner, facility).findings
    (licensed,) = [one.finding for one, _ in found if (one.about, one.person) == (About.LICENSED, person)]
    return {need.key for need in licensed.needs}


def test_a_designation_in_an_emergency_has_everybodys_licence_tested(portal):
    owner = active_owner(portal)
    facility, someone = facility_of(owner), employ(owner, "Limited", capacity="other")
    listed(portal, ("90000001", "Lapsed", "II"), expiry=date(2026, 3, 1))
    other = employ(owner, "Lapsed", "90000001", last=TODAY)
    confirm(portal, other)

    def designated(first):
        designations.designate(owner, facility, someone, "emergency", first, None, "A flood.")
        (row,) = [one for one in responsibility.people(owner, facility).designations if one.kind == "emergency"]
        return row.fact_id

    assert "emergency" not in asked_of_a_licence(owner, facility, other)
    by_mistake = designated(TODAY)
    assert "emergency" in asked_of_a_licence(owner, facility, other)
    withdrawals.withdraw(owner, "designation", by_mistake, "Another facility.")
    assert "emergency" not in asked_of_a_licence(owner, facility, other)
    ended = designated(TODAY - timedelta(days=2))
    designations.end_designation(owner, ended, TODAY - timedelta(days=1))
    assert "emergency" not in asked_of_a_licence(owner, facility, other)


@pytest.mark.parametrize("before", [0, 1])
@pytest.mark.parametrize("number", ["", "90000077"])
def test_an_operator_without_a_listed_licence_is_employed_in_a_declared_emergency_alone(portal, number, before):
    """O. Reg. 129/04, s. 23 (1)."""
    owner, _chief, _second = led(portal)
    facility = facility_of(owner)
    with pytest.raises(Refused, match="Where an emergency is declared, record it first"):
        employ(owner, "Helper", number, first=TODAY)
    declare(owner, facility, first=TODAY - timedelta(days=1), last=TODAY)
    for outside in (TODAY - timedelta(days=2), TODAY + timedelta(days=1)):
        with pytest.raises(Refused, match="ministry’s listing"):
            employ(owner, "Helper", number, first=outside)
    first = TODAY - timedelta(days=before)
    someone = employ(owner, "Helper", number, first=first)
    assert "other_licences" in asked_of_a_licence(owner, facility, someone)
    disruptions.employ_in_emergency(
        owner, facility, someone, "practitioner", "Limited licence 7.", first, clear=True
    )
    assert asked_of_a_licence(owner, facility, someone) == set()


def test_an_emergency_that_was_not_declared_employs_nobody_without_a_licence(portal):
    owner, _chief, _second = led(portal)
    declare(owner, facility_of(owner), declared=False)
    with pytest.raises(Refused, match="ministry’s listing"):
        employ(owner, "Helper", first=TODAY)


WRONG = {
    "whether it was declared": ({"declared": None}, "Choose whether an emergency was declared."),
    "by whom": ({"declared_by": " "}, "by whom it was declared"),
    "of what nature": ({"nature": ""}, "how it could harm"),
    "on which grounds": ({"grounds": ""}, "Write on which grounds you believe it. It is kept on record."),
    "from when": ({"first": None}, "Enter the first day."),
    "to come": ({"first": TODAY + timedelta(days=1)}, "to come"),
}


@pytest.mark.parametrize(("more", "says"), WRONG.values(), ids=WRONG)
def test_what_is_missing_of_an_emergency_is_said(portal, with_an_engineer, more, says):
    owner, facility, _employee = with_an_engineer
    with pytest.raises(Refused) as refused:
        declare(owner, facility, **more)
    assert says in str(refused.value) or any(says in str(one.sentence) for one in refused.value.problems)


def test_two_of_a_kind_are_not_of_one_day(portal, with_an_engineer):
    owner, facility, employee = with_an_engineer
    declare(owner, facility)
    with pytest.raises(Refused, match="on record already"):
        declare(owner, facility)
    disruptions.employ_in_emergency(owner, facility, employee, "none", "Nothing.", TODAY)
    with pytest.raises(Refused, match="on record already"):
        disruptions.employ_in_emergency(owner, facility, employee, "staff", "A millwright.", TODAY)
    disruptions.record_strike(owner, facility, TODAY)
    with pytest.raises(Refused, match="on record already"):
        disruptions.record_strike(owner, facility, TODAY)


def test_an_extension_is_of_the_same_emergency_and_needs_no_second_notice(portal, with_an_engineer):
    owner, facility, employee = with_an_engineer
    first, extended = TODAY - timedelta(days=20), TODAY - timedelta(days=9)
    declare(owner, facility, first=first, last=extended - timedelta(days=1))
    disruptions.employ_in_emergency(
        owner, facility, employee, "practitioner", "Limited licence 7.", first, clear=True
    )
    disruptions.record_submission(owner, facility, "emergency_notice", first, first)
    declare(owner, facility, first=extended, grounds="All three are ill.")
    assert finding(owner, facility, About.EMERGENCY_NOTICE).verdict is Verdict.MET
    assert finding(owner, facility, About.EMERGENCY_REPORT).verdict is Verdict.NOT_APPLICABLE
    drafts = responsibility.people(owner, facility).disruptions.drafts
    assert [(one.kind, one.of_day) for one in drafts] == [
        (Kind.EMERGENCY_NOTICE, first),
        (Kind.EMERGENCY_REPORT, first),
    ]
    assert "The emergency goes on." in drafts[1].words
    assert "8. Why it was necessary: Two of three are ill. All three are ill." in drafts[1].words


def test_a_reader_sees_no_words_about_single_people(portal, with_an_engineer):
    owner, facility, employee = with_an_engineer
    declare(owner, facility)
    disruptions.employ_in_emergency(
        owner, facility, employee, "practitioner", "Limited licence 7.", TODAY, clear=True
    )
    disruptions.record_submission(owner, facility, "emergency_notice", TODAY, TODAY, words="Sam Limited.")
    reader = members.acting(portal, owner, Grant(Right.READ, facility), email="read@example.ca")
    shown = responsibility.people(reader, facility).disruptions
    assert [one.words for one in shown.submissions] == [""]
    assert [(one.what, one.reason) for one in shown.worked] == [("Employed in an emergency", "")]
    with pytest.raises(NotAllowed):
        declare(reader, facility)


@pytest.mark.parametrize(
    ("sent", "years", "kept"), [(True, 5, True), (True, 6, False), (False, 6, True)],
    ids=["to be kept", "may go", "still owed"],
)  # fmt: skip
def test_a_report_names_whoever_served_as_long_as_its_records_are_kept(
    portal, with_an_engineer, sent, years, kept
):
    owner, facility, employee = with_an_engineer
    account_id = make_account(portal, Role.OPERATOR)
    declare(owner, facility, last=TODAY)
    given = "practitioner", "Limited licence 7.", TODAY, TODAY
    disruptions.employ_in_emergency(owner, facility, employee, *given, duties="Runs the pumps.", clear=True)
    if sent:
        everything = [one.id for one in contents_of(Kind.EMERGENCY_REPORT)]
        words = "1. Name: Sam Limited"
        disruptions.record_submission(owner, facility, "emergency_report", TODAY, TODAY, everything, words)
    with portal.database.transaction(writes=True) as session:
        session.execute(update(Employment).where(Employment.employee_id == employee).values(valid_until=TODAY))
        account = session.get_one(Account, account_id)
        person, account.email = account.person, "erased-1"
        session.get_one(Employee, employee).person_id = person.id
        person.given_name, person.family_name = "Erased", "person 1"
        session.flush()
        erase_former_employees(session, owner.at.replace(year=TODAY.year + years))
        (work,) = session.scalars(select(EmergencyWork)).all()
        words = session.scalars(select(DirectorSubmission.words)).all()
        assert (work.details, work.duties) == (("Limited licence 7.", "Runs the pumps.") if kept else ("", ""))
        assert words == ([f"1. Name: {'Sam Limited' if kept else 'Erased person 1'}"] if sent else [])
        assert (session.get_one(Employee, employee).family_name == "Limited") is kept


# --- the plan of a strike (s. 16) -----------------------------------------------------------------------------


def test_a_strike_plan_is_due_by_the_14th_day_before_and_the_director_may_waive_it(portal):
    owner, _chief, _second = led(portal)
    facility, legal_date = facility_of(owner), TODAY + timedelta(days=14)
    disruptions.record_strike(owner, facility, legal_date)
    assert finding(owner, facility, About.STRIKE_PLAN).due == TODAY
    tomorrow = TODAY + timedelta(days=1)
    assert finding(owner, facility, About.STRIKE_PLAN, tomorrow).verdict is Verdict.NOT_MET
    director = signed_in(portal, Role.DIRECTOR)
    decisions.record(director, facility, "strike_plan_waiver", TODAY, "Short notice.", valid_from=legal_date,
                     valid_until=legal_date + timedelta(days=1))  # fmt: skip
    assert finding(owner, facility, About.STRIKE_PLAN, tomorrow).due == legal_date - timedelta(days=1)
    everything = [one.id for one in contents_of(Kind.STRIKE_PLAN)]
    disruptions.record_submission(owner, facility, "strike_plan", legal_date, TODAY, everything)
    assert finding(owner, facility, About.STRIKE_PLAN).verdict is Verdict.MET


def test_a_plan_of_no_strike_on_record_is_refused(portal):
    owner, _chief, _second = led(portal)
    with pytest.raises(Refused, match="Record it first"):
        disruptions.record_submission(owner, facility_of(owner), "strike_plan", TODAY, TODAY, [])
