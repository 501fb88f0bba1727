"""What confirming a facility makes true: its class, and which facility it is where it has no number."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update

from core.problems import Refused
from core.roles import Role
from db.schema import Facility, FacilityClassification, FacilityRelation
from db.services import files, own_account, owners, verification
from tests.core.test_files import PDF
from tests.db.filed import decide, director, passed_on
from tests.db.people import PASSWORD, signed_in
from tests.db.profiles import (
    FACILITY,
    active_owner,
    add_facility,
    approve,
    approve_all,
    submitted_owner,
    waiting_id,
)


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


# --- works without a number -------------------------------------------------------------------------------

WORKS = replace(FACILITY, ministry_number="", name="Garden Village plant", letter_date=date(2026, 10, 1),
                letter_reference="BCR 7")  # fmt: skip


def band(portal, organization="Nipissing First Nation", **what):
    """A First Nation whose works without a number wait for the office."""
    owner = signed_in(portal, Role.OWNER)
    owners.save_organization(owner, organization, "first_nation", 0)
    letter = files.upload(owner, "letter.pdf", PDF)
    add_facility(owner, WORKS, letter_file_id=letter, **what)
    owners.submit(owner, version(owner))
    return owner


def claim_id(officer, submission_id):
    (facility,) = verification.item(officer, submission_id).facilities
    return facility.claim_id


def test_works_without_a_number_that_are_verified_anew_are_not_made_a_second_time(portal, officer):
    owner = band(portal)
    approve_all(portal)
    renames(owner)
    waiting = waiting_id(officer)
    assert flags(officer, waiting) == []
    approve(officer, waiting)
    assert len(rows(portal, select(Facility))) == 1


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({}, "the same name, 0 km away"),
        ({"name": "garden village  Plant."}, "the same name, 0 km away"),
        ({"name": "Another name", "latitude": 46.314}, "0.4 km away"),
        ({"latitude": 46.6}, "the same name, 32.2 km away"),
        ({"name": "Another name", "latitude": 46.33}, None),
        ({"facility_type": "water_treatment"}, None),
    ],
)
def test_works_like_those_on_file_or_claimed_are_flagged(portal, officer, what, why):
    band(portal)
    band(portal, "Indigenous Services Canada", **what)
    first, second = (row.submission_id for row in verification.queue(officer).rows)
    claimed = (
        "“Nipissing First Nation” also claims works that may be the same, “Garden Village plant” in North Bay"
    )
    assert flags(officer, second) == ([f"{claimed}: {why}."] if why else [])
    assert len(flags(officer, first)) == len(flags(officer, second))
    approve(officer, first)
    on_file = "It may be “Garden Village plant” in North Bay, which is on file, held by “Nipissing First Nation”"
    assert flags(officer, second) == ([f"{on_file}: {why}."] if why else [])


def test_the_officer_says_that_it_is_the_facility_on_file_which_then_changes_hands(portal, officer):
    band(portal)
    approve_all(portal)
    (on_file,) = rows(portal, select(Facility.id))
    band(portal, "Indigenous Services Canada", name="Renamed", facility_class="IV")
    waiting = waiting_id(officer)
    claim = claim_id(officer, waiting)
    (perhaps,) = verification.item(officer, waiting).facilities[0].perhaps
    assert (perhaps.facility_id, perhaps.changes_hands) == (on_file, True)
    with pytest.raises(Refused, match="is held by another organization"):
        approve(officer, waiting, same_as={claim: on_file})
    approve(officer, waiting, same_as={claim: on_file}, transfers=frozenset({claim}))
    assert [(one.id, one.name) for one in rows(portal, select(Facility))] == [(on_file, "Renamed")]
    standing = select(FacilityRelation).where(
        FacilityRelation.superseded_at.is_(None), FacilityRelation.valid_until.is_(None)
    )
    assert [(one.organization_id, one.facility_id) for one in rows(portal, standing)] == [(2, on_file)]
    assert classes(portal) == [("IV", False)]


def test_the_officer_leaves_it_as_a_new_one(portal, officer):
    band(portal)
    approve_all(portal)
    band(portal, "Indigenous Services Canada")
    approve(officer, waiting_id(officer))
    assert len(rows(portal, select(Facility))) == 2


def test_a_facility_on_file_keeps_its_number_when_a_claim_without_one_takes_it_over(portal, officer):
    active_owner(portal)
    band(portal)
    waiting = waiting_id(officer)
    claim = claim_id(officer, waiting)
    approve(officer, waiting, same_as={claim: 1}, transfers=frozenset({claim}))
    assert [one.ministry_number for one in rows(portal, select(Facility))] == ["2200A"]


@pytest.mark.parametrize("facility_id", [999, 1])
def test_a_facility_that_there_is_not_or_of_another_type_is_refused(portal, officer, facility_id):
    active_owner(portal)
    band(portal, facility_type="water_treatment")
    waiting = waiting_id(officer)
    with pytest.raises(Refused, match=r"nothing at this address|on file as another type"):
        approve(officer, waiting, same_as={claim_id(officer, waiting): facility_id})
    assert len(rows(portal, select(Facility))) == 1


@pytest.mark.parametrize("number", ["with a number", "without"])
def test_the_officer_reads_that_the_present_holder_is_closed(portal, officer, number):
    first = active_owner(portal, "City One") if number == "with a number" else band(portal, "City One")
    approve_all(portal)
    own_account.close_account(first, PASSWORD)
    if number == "with a number":
        submitted_owner(portal, "City Two")
        expected = "“City One” holds this facility today as its owner, but is closed on the portal."
    else:
        band(portal, "City Two")
        expected = (
            "It may be “Garden Village plant” in North Bay, which is on file, held by “City One” (closed on the "
            "portal): the same name, 0 km away."
        )
    assert flags(officer, waiting_id(officer)) == [expected]
