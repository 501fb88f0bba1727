"""How facilities stand under section 4, from what is recorded, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.findings import NOT_YET, Verdict
from core.problems import Refused
from core.roles import Role
from db.gate import NotAllowed
from db.services import applications, decisions, displays, facility_law
from tests.db.filed import (
    CLASS_I,
    CLASS_II,
    PACKAGE,
    TODAY,
    decide,
    director,
    facility_of,
    filed,
    passed_on,
    saved,
)
from tests.db.people import signed_in
from tests.db.profiles import FACILITY, active_owner

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def owner(portal):
    return active_owner(portal)


def verdicts(owner, on=None):
    """The verdict of each provision."""
    standing = facility_law.standing(owner, facility_of(owner), on)
    return [(finding.citation.provision, finding.verdict) for finding in standing.findings]


def reasons(owner, provision):
    standing = facility_law.standing(owner, facility_of(owner))
    every = [one for finding in standing.findings for one in finding.walk()]
    return [str(one.because) for one in every if one.citation.provision == provision]


def test_of_a_class_from_before_the_portal_the_certificate_is_known_and_the_rest_is_asked(owner):
    standing = facility_law.standing(owner, facility_of(owner))
    assert (standing.regulation, standing.on, standing.facility_class) == ("129/04", TODAY, "III")
    assert standing.certificate.issued_on is None
    assert verdicts(owner) == [
        ("s. 4 (1)", Verdict.UNKNOWN),
        ("s. 4 (2)", Verdict.UNKNOWN),
        ("s. 4 (4)", Verdict.UNKNOWN),
        ("s. 4 (5)", Verdict.UNKNOWN),
    ]
    assert "Class III by certificate 2200A of a day that is not on record." in reasons(owner, "s. 4 (2)")


def test_an_application_waits_for_the_director_and_ends_with_the_certificate(portal, owner):
    one = passed_on(portal, owner)
    assert ("s. 4 (2)", Verdict.DIRECTOR) in verdicts(owner)
    decide(director(portal), one)
    assert verdicts(owner) == [
        ("s. 4 (1)", Verdict.MET),
        ("s. 4 (2)", Verdict.MET),
        ("s. 4 (4)", Verdict.NOT_APPLICABLE),
        ("s. 4 (5)", Verdict.UNKNOWN),
    ]
    assert "Class II by certificate CC1 of 20 November 2026." in reasons(owner, "s. 4 (2)")


def test_a_returned_application_counts_as_none(portal, owner):
    one = filed(owner)
    assert verdicts(owner)[0] == ("s. 4 (1)", Verdict.MET)
    applications.return_(signed_in(portal, Role.OFFICER), one, 1, "The fee is not paid.")
    assert verdicts(owner)[0] == ("s. 4 (1)", Verdict.UNKNOWN)


def test_the_certificate_is_displayed_until_it_is_taken_down_or_replaced(portal, owner):
    facility = facility_of(owner)
    hung = displays.record(owner, facility, TODAY, "  Entrance hall ")
    assert verdicts(owner)[-1] == ("s. 4 (5)", Verdict.MET)
    (shown,) = displays.of_facility(owner, facility)
    assert (shown.place, shown.since, shown.until) == ("Entrance hall", TODAY, None)
    displays.take_down(owner, hung, TODAY)
    assert verdicts(owner)[-1] == ("s. 4 (5)", Verdict.NOT_MET)
    displays.record(owner, facility, TODAY, "Control room")
    assert verdicts(owner)[-1] == ("s. 4 (5)", Verdict.MET)
    decide(director(portal), passed_on(portal, owner))
    assert verdicts(owner)[-1] == ("s. 4 (5)", Verdict.UNKNOWN)  # the new certificate has to be hung up too


def test_a_correction_of_the_display_takes_the_place_of_what_was_wrong(owner):
    facility = facility_of(owner)
    displays.record(owner, facility, TODAY, "Entrnace hall")
    displays.record(owner, facility, YESTERDAY, "Entrance hall")
    assert [(shown.place, shown.since) for shown in displays.of_facility(owner, facility)] == [
        ("Entrance hall", YESTERDAY)
    ]


@pytest.mark.parametrize(
    ("day", "place", "field"),
    [(None, "Hall", "displayed_on"), (TOMORROW, "Hall", "displayed_on"), (TODAY, " ", "place")],
)
def test_a_display_is_checked(owner, day, place, field):
    with pytest.raises(Refused) as refused:
        displays.record(owner, facility_of(owner), day, place)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_certificate_is_taken_down_once_and_after_it_was_hung(owner):
    hung = displays.record(owner, facility_of(owner), TODAY, "Hall")
    for wrong in (None, YESTERDAY, TOMORROW):
        with pytest.raises(Refused) as refused:
            displays.take_down(owner, hung, wrong)
        assert refused.value.problems[0].field == "taken_down_on"
    displays.take_down(owner, hung, TODAY)
    with pytest.raises(Refused, match="changed since"):
        displays.take_down(owner, hung, TODAY)


# --- alterations --------------------------------------------------------------------------------------------


def classified(portal, owner, **more):
    """The owner's facility, classified by the Director as Class II."""
    reduction = {"reduction_points": 1, "reduction_reasons": "It is simple."} if more else {}
    decide(director(portal), passed_on(portal, owner, **more), "II", **reduction)


def test_an_alteration_that_keeps_the_class_asks_for_nothing(portal, owner):
    classified(portal, owner)
    assert facility_law.alteration(owner, saved(owner, CLASS_II), NOT_YET).verdict is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("approval", "verdict"),
    [(NOT_YET, Verdict.MET), (None, Verdict.UNKNOWN), (YESTERDAY, Verdict.NOT_MET), (TODAY, Verdict.MET)],
)
def test_an_alteration_that_changes_the_class_is_due_with_its_approval(portal, owner, approval, verdict):
    classified(portal, owner)
    finding = facility_law.alteration(owner, saved(owner, CLASS_I), approval)
    assert (finding.citation.provision, finding.verdict) == ("s. 4 (3)", verdict)
    assert "Class II on record; after the alteration Class I." in [str(one.because) for one in finding.walk()]


@pytest.mark.parametrize(
    ("approval", "verdict"), [(None, Verdict.MET), (TODAY, Verdict.MET), (YESTERDAY, Verdict.NOT_MET)]
)
def test_an_application_with_the_approval_is_in_time_and_one_after_it_late(portal, owner, approval, verdict):
    classified(portal, owner)
    filed(owner, CLASS_I, "alteration", approval_applied_on=approval)
    assert ("s. 4 (3)", verdict) in verdicts(owner)


def test_of_a_class_with_a_reduction_the_director_says_what_an_alteration_means(portal, owner):
    classified(portal, owner, package=PACKAGE)
    finding = facility_law.alteration(owner, saved(owner, CLASS_I), NOT_YET)
    assert finding.verdict is Verdict.DIRECTOR


def test_of_a_class_from_before_the_portal_the_office_says_on_what_it_rests(portal, owner):
    assert facility_law.alteration(owner, saved(owner, CLASS_I), NOT_YET).verdict is Verdict.UNKNOWN
    one = filed(owner, CLASS_I, "alteration", approval_applied_on=YESTERDAY)
    assert ("s. 4 (3)", Verdict.UNKNOWN) in verdicts(owner)
    applications.pass_on(signed_in(portal, Role.OFFICER), one, 1, TODAY, False, False)
    assert ("s. 4 (3)", Verdict.NOT_MET) in verdicts(owner)


def test_whatever_the_class_on_record_rests_on_an_application_in_time_is_enough(portal, owner):
    filed(owner, CLASS_I, "alteration", approval_applied_on=TODAY)
    assert ("s. 4 (3)", Verdict.MET) in verdicts(owner)


def test_an_application_that_the_director_requires_is_missing_until_it_is_filed(portal, owner):
    decisions.record(director(portal), facility_of(owner), "application_required", TODAY, "The schedule changed.")
    assert ("s. 4 (4)", Verdict.NOT_MET) in verdicts(owner)
    filed(owner, reason="required")
    assert ("s. 4 (4)", Verdict.MET) in verdicts(owner)


# --- days and rights ----------------------------------------------------------------------------------------


def test_a_past_day_uses_what_is_known_now_and_marks_what_was_recorded_later(portal, owner):
    decide(director(portal), passed_on(portal, owner))
    displays.record(owner, facility_of(owner), YESTERDAY, "Hall")
    standing = facility_law.standing(owner, facility_of(owner), YESTERDAY)
    assert standing.facility_class is None  # the office confirmed the class today
    assert {fact.recorded_later for fact in standing.facts} == {True}
    today = facility_law.standing(owner, facility_of(owner))
    assert [str(fact.what) for fact in today.facts] == [
        "Application for classification filed",
        "Fee received",
        "Decision of the Director: Classification of a facility",
        "Certificate displayed: Hall",
    ]
    assert {fact.recorded_later for fact in today.facts} == {False}


def test_a_day_before_a_provision_is_on_file_says_so(owner):
    standing = facility_law.standing(owner, facility_of(owner), date(2010, 1, 1))
    assert [str(one) for one in standing.not_on_file] == [
        "O. Reg. 129/04, s. 4 (4) is not on file for 1 January 2010. Nearest on file: from 3 December 2021."
    ]
    with pytest.raises(Refused, match="not on file for 1 January 1990"):
        facility_law.standing(owner, facility_of(owner), date(1990, 1, 1))


def test_for_water_facilities_the_regulation_is_not_modelled_and_says_so(portal):
    water = replace(FACILITY, ministry_number="W", facility_type="water_treatment")
    owner = active_owner(portal, "Water", water)
    (finding,) = facility_law.standing(owner, facility_of(owner)).findings
    assert (finding.verdict, finding.citation.regulation) == (Verdict.UNKNOWN, "128/04")
    one = saved(owner, {}, regulation="128/04")
    assert facility_law.alteration(owner, one).verdict is Verdict.UNKNOWN


def test_an_owner_sees_its_own_facilities_and_the_office_all(portal, owner):
    facility = facility_of(owner)
    other = active_owner(portal, "Town", replace(FACILITY, ministry_number="9"))
    hung = displays.record(owner, facility, TODAY, "Hall")
    for asks in (
        lambda: facility_law.standing(other, facility),
        lambda: facility_law.alteration(other, saved(owner)),
        lambda: displays.of_facility(other, facility),
        lambda: displays.record(other, facility, TODAY, "Hall"),
        lambda: displays.take_down(other, hung, TODAY),
        lambda: decisions.of_facility(other, facility),
    ):
        with pytest.raises(NotAllowed):
            asks()
    for role in (Role.OFFICER, Role.DIRECTOR, Role.MANAGER):
        assert facility_law.standing(signed_in(portal, role), facility).facility == "North Bay WPCP"
    with pytest.raises(Refused, match="There is no facility 99"):
        facility_law.standing(signed_in(portal, Role.MANAGER), 99)
