"""An owner's organization and facilities, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.facilities import OrganizationKind
from core.problems import Refused
from core.profiles import ClaimState, State
from core.roles import Role
from db.gate import NotAllowed, Stale
from db.schema import Facility, FacilityClaim, FacilityClassification, FacilityRelation, Membership
from db.services import files, owners, verification
from tests.core.test_files import PDF
from tests.db.people import NOON, at, signed_in
from tests.db.profiles import (
    FACILITY,
    active_owner,
    add_facility,
    approve,
    approve_all,
    submitted_owner,
    waiting_id,
)
from tests.db.together import together


def rows(portal, query):
    with portal.database.transaction(writes=False) as session:
        return session.scalars(query).all()


def mine(asker):
    return owners.my_organization(asker)


def test_the_journey_from_nothing_to_active(portal):
    asker = submitted_owner(portal)
    assert (mine(asker).state, mine(asker).agreed) == (State.PENDING, True)
    assert rows(portal, select(Facility)) == []
    approve_all(portal)
    organization = mine(asker)
    assert (organization.state, organization.name, organization.kind) == (
        State.ACTIVE,
        "City of North Bay",
        OrganizationKind.MUNICIPALITY,
    )
    assert [(one.state, one.held) for one in organization.facilities] == [(ClaimState.CONFIRMED, True)]
    (facility,) = rows(portal, select(Facility))
    assert (facility.ministry_number, facility.name, facility.time_zone) == (
        "2200A",
        "North Bay WPCP",
        "America/Toronto",
    )
    (relation,) = rows(portal, select(FacilityRelation))
    assert (relation.role, relation.valid_from, relation.recorded_at) == ("owner", date(2026, 11, 20), NOON)
    (classification,) = rows(portal, select(FacilityClassification))
    assert (classification.facility_class, classification.valid_from) == ("III", date(2026, 11, 20))


def test_an_account_makes_one_organization_from_two_tabs(portal):
    asker = signed_in(portal, Role.OWNER)
    owners.save_organization(asker, "O'Brien & Sons <img>", "private", 0)
    with pytest.raises(Stale):
        owners.save_organization(asker, "Another", "private", 0)
    assert len(rows(portal, select(Membership))) == 1
    assert mine(asker).name == "O'Brien & Sons <img>"


def test_a_page_that_saw_an_organization_where_there_is_none_is_refused(portal):
    asker = signed_in(portal, Role.OWNER)
    with pytest.raises(Refused, match="not on file"):
        owners.save_organization(asker, "City", "municipality", 99)
    assert rows(portal, select(Membership)) == []


def test_facilities_need_an_organization_first(portal):
    asker = signed_in(portal, Role.OWNER)
    for attempt in (lambda: add_facility(asker), lambda: owners.submit(asker, 0)):
        with pytest.raises(Refused, match="Enter your organization first"):
            attempt()


def test_the_same_facility_twice_is_refused(portal):
    asker = signed_in(portal, Role.OWNER)
    owners.save_organization(asker, "City", "municipality", 0)
    first = add_facility(asker)
    with pytest.raises(Refused, match="2200A is in your profile already"):
        add_facility(asker, ministry_number=" 2200-a ")
    owners.change_facility(asker, first, replace(FACILITY, name="New name"), mine(asker).version)
    assert [one.name for one in mine(asker).facilities] == ["New name"]


def test_everything_wrong_is_told_at_once(portal):
    asker = signed_in(portal, Role.OWNER)
    owners.save_organization(asker, "City", "municipality", 0)
    with pytest.raises(Refused) as refused:
        add_facility(asker, ministry_number="", name="", facility_class="V", latitude=0.0)
    assert [problem.field for problem in refused.value.problems] == [
        "name",
        "ministry_number",
        "facility_class",
        "place",
    ]
    assert mine(asker).facilities == ()


def test_a_first_nation_facility_is_verified_by_letter(portal):
    asker = signed_in(portal, Role.OWNER)
    owners.save_organization(asker, "Nipissing First Nation", "first_nation", 0)
    letter = files.upload(asker, "letter.pdf", PDF)
    add_facility(
        asker,
        ministry_number="",
        letter_date=date(2026, 10, 1),
        letter_reference="BCR 2026-7",
        letter_file_id=letter,
    )
    owners.submit(asker, mine(asker).version)
    approve_all(portal)
    (facility,) = rows(portal, select(Facility))
    assert facility.ministry_number is None
    assert [one.letter_file_id for one in mine(asker).facilities] == [letter]


def test_nobody_points_at_anothers_letter(portal):
    other = signed_in(portal, Role.OWNER)
    owners.save_organization(other, "Band", "first_nation", 0)
    letter = files.upload(other, "letter.pdf", PDF)
    asker = signed_in(portal, Role.OWNER)
    owners.save_organization(asker, "Nipissing First Nation", "first_nation", 0)
    for file_id in (letter, 999):
        with pytest.raises(NotAllowed):
            add_facility(asker, letter_date=date(2026, 10, 1), letter_reference="7", letter_file_id=file_id)


def test_a_kind_that_needs_numbers_is_not_submitted_without_them(portal):
    asker = signed_in(portal, Role.OWNER)
    owners.save_organization(asker, "Band", "first_nation", 0)
    letter = files.upload(asker, "letter.pdf", PDF)
    add_facility(
        asker, ministry_number="", letter_date=date(2026, 10, 1), letter_reference="7", letter_file_id=letter
    )
    owners.save_organization(asker, "Band", "private", mine(asker).version)
    with pytest.raises(Refused, match="North Bay WPCP has no facility number"):
        owners.submit(asker, mine(asker).version)


def test_a_changed_facility_waits_while_the_confirmed_one_stands(portal):
    asker = active_owner(portal)
    old = mine(asker).facilities[0].claim_id
    later = at(asker, NOON + timedelta(days=0, hours=8))
    owners.withdraw(later, mine(later).version)
    new = owners.change_facility(
        later, old, replace(FACILITY, facility_class="IV", name="Renamed"), mine(later).version
    )
    owners.submit(later, mine(later).version)
    assert mine(asker).state is State.ACTIVE
    assert rows(portal, select(Facility))[0].name == "North Bay WPCP"
    approve_all(portal)
    (facility,) = rows(portal, select(Facility))
    assert facility.name == "Renamed"
    assert [one.claim_id for one in mine(asker).facilities] == [new]
    standing = select(FacilityClassification).where(
        FacilityClassification.superseded_at.is_(None), FacilityClassification.valid_until.is_(None)
    )
    assert [one.facility_class for one in rows(portal, standing)] == ["IV"]
    assert len(rows(portal, select(FacilityRelation))) == 1


def changed(asker, **changes):
    """The confirmed facility's change, handed in."""
    owners.withdraw(asker, mine(asker).version)
    old = mine(asker).facilities[0].claim_id
    new = owners.change_facility(asker, old, replace(FACILITY, **changes), mine(asker).version)
    owners.submit(asker, mine(asker).version)
    return new


def test_a_facility_keeps_its_time_zone_when_its_place_changes(portal):
    asker = active_owner(portal)
    changed(asker, place="Kenora", latitude=49.767, longitude=-94.489)
    approve_all(portal)
    (facility,) = rows(portal, select(Facility))
    assert (facility.place, facility.time_zone) == ("Kenora", "America/Toronto")


def test_a_change_never_makes_a_facility_one_of_another_type(portal):
    asker = active_owner(portal)
    changed(asker, ministry_number="9999", name="Another", facility_type="wastewater_collection")
    officer = signed_in(portal, Role.OFFICER)
    submission = waiting_id(officer)
    flags = verification.item(officer, submission).facilities[0].flags
    assert [str(flag.sentence) for flag in flags] == [
        "On file as another type: Wastewater treatment.",
        "On file under another number: 2200A.",
    ]
    with pytest.raises(Refused, match="on file as another type"):
        approve(officer, submission)
    (facility,) = rows(portal, select(Facility))
    assert (facility.name, facility.facility_type) == ("North Bay WPCP", "wastewater_treatment")


def test_two_facilities_that_take_one_number_at_the_same_moment_do_not_both_get_it(portal):
    askers = [
        active_owner(portal, name, replace(FACILITY, ministry_number=number))
        for name, number in (("City One", "1"), ("City Two", "2"))
    ]
    for asker in askers:
        changed(asker, ministry_number="3")
    officers = [signed_in(portal, Role.OFFICER) for _ in range(2)]
    answers = together(
        lambda: verification.approve(officers[0], 3, 1),
        lambda: verification.approve(officers[1], 4, 1),
    )
    assert sorted(str(answer) == "done" for answer in answers) == [False, True], answers
    assert any("belongs to another facility" in str(answer) for answer in answers), answers
    assert [one.ministry_number for one in rows(portal, select(Facility))].count("3") == 1


def test_a_deleted_confirmed_facility_is_the_organizations_until_today(portal):
    asker = active_owner(portal)
    owners.withdraw(asker, mine(asker).version)
    owners.delete_facility(asker, mine(asker).facilities[0].claim_id, mine(asker).version)
    before, ended = rows(portal, select(FacilityRelation).order_by(FacilityRelation.id))
    assert (before.superseded_by, ended.valid_until) == (ended.id, date(2026, 11, 20))
    assert rows(portal, select(FacilityClaim))[0].state == "withdrawn"
    assert mine(asker).facilities == ()


def test_another_name_or_kind_has_the_whole_organization_verified_anew(portal):
    asker = active_owner(portal)
    owners.withdraw(asker, mine(asker).version)
    owners.save_organization(asker, "City of North Bay", "municipality", mine(asker).version)
    assert mine(asker).state is State.ACTIVE
    owners.save_organization(asker, "North Bay Utilities", "operating_authority", mine(asker).version)
    assert mine(asker).state is State.DRAFT
    owners.submit(asker, mine(asker).version)
    assert mine(asker).state is State.PENDING
    approve_all(portal)
    standing = select(FacilityRelation).where(
        FacilityRelation.superseded_at.is_(None), FacilityRelation.valid_until.is_(None)
    )
    assert [one.role for one in rows(portal, standing)] == ["operating_authority"]


def test_nobody_reaches_anothers_facility(portal):
    victim = submitted_owner(portal)
    claim = mine(victim).facilities[0].claim_id
    thief = signed_in(portal, Role.OWNER)
    owners.save_organization(thief, "Thief Inc.", "private", 0)
    with pytest.raises(NotAllowed):
        owners.delete_facility(thief, claim, mine(thief).version)
    with pytest.raises(NotAllowed):
        owners.change_facility(thief, claim, FACILITY, mine(thief).version)
    with pytest.raises(NotAllowed):
        owners.my_organization(signed_in(portal, Role.OPERATOR))
