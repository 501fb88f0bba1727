"""What confirming a facility makes true: its class, and which facility it is where it has no number."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from core.roles import Role
from db.schema import FacilityClassification
from db.services import owners, verification
from tests.db.filed import decide, director, passed_on
from tests.db.people import signed_in
from tests.db.profiles import FACILITY, active_owner, approve, approve_all, submitted_owner, waiting_id


@pytest.fixture
def officer(portal):
    return signed_in(portal, Role.OFFICER, given_name="Olga", family_name="Office")


def rows(portal, query):
    with portal.database.transaction(writes=False) as session:
        return session.scalars(query).all()


def classes(portal):
    """The classes that stand, and whether the Director decided them."""
    standing = select(FacilityClassification).where(
        FacilityClassification.superseded_at.is_(None), FacilityClassification.valid_until.is_(None)
    )
    return [(one.facility_class, one.decision_id is not None) for one in rows(portal, standing)]


def flags(officer, submission_id):
    (facility,) = verification.item(officer, submission_id).facilities
    return [str(flag.sentence) for flag in facility.flags]


def version(owner):
    return owners.my_organization(owner).version


def changes(owner, **what):
    """The owner hands in a change of the confirmed facility."""
    owners.withdraw(owner, version(owner))
    (old,) = owners.my_organization(owner).facilities
    owners.change_facility(owner, old.claim_id, replace(FACILITY, **what), version(owner))
    owners.submit(owner, version(owner))


def renames(owner):
    """The whole organization is handed in anew."""
    owners.withdraw(owner, version(owner))
    mine = owners.my_organization(owner)
    owners.save_organization(owner, f"{mine.name} again", mine.kind, mine.version)
    owners.submit(owner, version(owner))


# --- the class --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["the whole profile", "a change"])
def test_a_class_by_decision_of_the_director_is_left_alone(portal, officer, how):
    owner = active_owner(portal)
    decide(director(portal), passed_on(portal, owner))
    assert classes(portal) == [("II", True)]
    if how == "a change":
        changes(owner, name="Renamed")
    else:
        renames(owner)
    waiting = waiting_id(officer)
    assert flags(officer, waiting) == ["On file as Class II by a decision of the Director, which stays."]
    approve(officer, waiting)
    assert classes(portal) == [("II", True)]


def test_a_claim_that_was_confirmed_before_does_not_classify_anew(portal, officer):
    owner = active_owner(portal)
    with portal.database.transaction(writes=True) as session:
        session.execute(update(FacilityClassification).values(facility_class="I", claim_id=None))
    renames(owner)
    waiting = waiting_id(officer)
    assert flags(officer, waiting) == ["On file as Class I, which stays."]
    approve(officer, waiting)
    assert classes(portal) == [("I", False)]


def test_an_owners_own_change_of_the_class_is_flagged_and_taken(portal, officer):
    changes(active_owner(portal), facility_class="IV")
    waiting = waiting_id(officer)
    assert flags(officer, waiting) == ["On file as Class III."]
    approve(officer, waiting)
    assert classes(portal) == [("IV", False)]


def test_an_operating_authority_does_not_change_the_class_of_an_owners_facility(portal, officer):
    active_owner(portal)
    submitted_owner(portal, "Utilities", "operating_authority", replace(FACILITY, facility_class="I"))
    waiting = waiting_id(officer)
    assert flags(officer, waiting) == [
        "On file as Class III, which stays.",
        "“City of North Bay” holds this facility today as its owner.",
    ]
    approve(officer, waiting)
    assert classes(portal) == [("III", False)]


def test_an_owner_corrects_the_class_that_an_operating_authority_had_claimed(portal, officer):
    submitted_owner(portal, "Utilities", "operating_authority", replace(FACILITY, facility_class="I"))
    approve_all(portal)
    submitted_owner(portal)
    waiting = waiting_id(officer)
    assert flags(officer, waiting)[0] == "On file as Class I."
    approve(officer, waiting)
    assert classes(portal) == [("III", False)]


def test_a_facility_that_changes_hands_has_the_class_that_its_new_owner_claims(portal, officer):
    active_owner(portal)
    submitted_owner(portal, "City Two", facility=replace(FACILITY, facility_class="IV"))
    waiting = waiting_id(officer)
    (facility,) = verification.item(officer, waiting).facilities
    approve(officer, waiting, transfers=frozenset({facility.claim_id}))
    assert classes(portal) == [("IV", False)]
