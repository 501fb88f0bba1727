"""Days of a strike, a lock-out or a declared emergency on record (O. Reg. 129/04, ss. 16 and 23)."""

from datetime import timedelta

import pytest

from core.findings import Verdict
from core.problems import Refused
from core.responsibility import About
from core.roles import Role
from db.services import decisions, designations, responsibility
from tests.db.employed import confirm, employ, led, listed
from tests.db.filed import TODAY, facility_of
from tests.db.people import signed_in
from tests.db.profiles import active_owner

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
