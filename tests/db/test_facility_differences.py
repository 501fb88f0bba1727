"""Confirmed facilities held against the list: what comes to the queue, and when it is asked again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.entries import FacilityEntry
from core.problems import Refused
from core.profiles import ClaimState, State
from core.queue import Filters, Kind, Place, Stage, Subject
from core.roles import Role
from db import nightly
from db.gate import Stale
from db.register_schema import ClaimOverride, Discrepancy, ListingAnswer
from db.schema import Account, Membership, Organization
from db.services import assignments, discrepancies, files, home, owners, verification
from tests.db import standing_listings
from tests.db.listed_facilities import (
    ANOTHER,
    BAD,
    OF_ANOTHER_NAME,
    OF_ANOTHER_OWNER,
    OF_ANOTHER_TYPE,
    OF_CLASS_IV,
    WORKS,
    by_night,
    differences,
    everything,
    imported,
    rows,
    waits,
    withdrawn,
)
from tests.db.people import NOON, signed_in
from tests.db.profiles import FACILITY, active_owner, add_facility, approve, submitted_owner
from tests.db.queued import REVIEW

TOMORROW = NOON + timedelta(days=1)


def believed(portal):
    """Two officers believe the facility although the list does not have it."""
    with portal.database.transaction(writes=True) as session:
        session.add(
            ClaimOverride(facility_claim_id=1, submission_id=1, reason="Seen.", review_on=REVIEW, proposed_at=NOON,
                          state="standing", proposed_by=1, changed_at=NOON)
        )  # fmt: skip


# of which organization, the line of the list, an override stands: the difference in words, or None
CASES = [
    ("municipality", WORKS, False, None),
    ("municipality", WORKS | {"name": "NORTH-BAY W.P.C.P.", "owner": "CITY OF NORTH BAY"}, False, None),
    ("municipality", WORKS | {"municipality": "Cobalt"}, False, None),
    ("municipality", OF_CLASS_IV, False, "Class: on file Class III, listed Class IV"),
    ("municipality", OF_CLASS_IV, True, "Class: on file Class III, listed Class IV"),
    ("municipality", OF_ANOTHER_TYPE, False,
     "Type: on file Wastewater treatment, listed Wastewater collection"),
    ("municipality", OF_ANOTHER_OWNER, False, "Owner: on file City of North Bay, listed Town of Cobalt"),
    ("operating_authority", OF_ANOTHER_OWNER, False, None),
    ("municipality", OF_ANOTHER_NAME, False, "Name: on file North Bay WPCP, listed Sudbury WPCP"),
    ("municipality", ANOTHER, False, "Number 2200A is not in the list of facilities."),
    ("municipality", ANOTHER, True, None),
    ("operating_authority", ANOTHER, False, "Number 2200A is not in the list of facilities."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "listed", "override", "said"), CASES)
def test_what_the_list_says_otherwise_of_a_confirmed_facility_comes_to_the_queue(
    portal, officer, colleague, kind, listed, override, said
):
    submitted_owner(portal, kind=kind)
    approve(officer, 1)
    if override:
        believed(portal)
    imported(portal, listed)
    if said is None:
        assert differences(portal) == []
        return
    view = discrepancies.discrepancy(colleague, waits(portal).id)
    assert [str(one) for one in view.comparison.differences] == [said]
    (row,) = verification.queue(officer, Filters(kind=Kind.DISCREPANCY)).rows
    assert (row.name, row.about, row.state) == ("City of North Bay", "North Bay WPCP 2200A", "open")


def test_a_row_that_cannot_be_read_is_never_not_found_and_can_only_be_kept(portal, officer, colleague):
    submitted_owner(portal)
    approve(officer, 1)
    imported(portal, bad=BAD)
    view = discrepancies.discrepancy(colleague, waits(portal).id)
    assert (view.unread, view.following) == (True, None)
    assert "could not be read: Class V is not known." in str(view.comparison.differences[0])
    with pytest.raises(Refused, match="there is nothing to follow"):
        discrepancies.follow(colleague, view.discrepancy_id, view.version)
    discrepancies.keep(colleague, view.discrepancy_id, view.version, "Telephoned the ministry.")
    imported(portal, bad=BAD)
    assert differences(portal) == ["kept"]
    imported(portal)
    assert differences(portal) == ["kept", "open"]


# --- what is asked again --------------------------------------------------------------------------------------


def test_what_is_kept_is_not_asked_again_while_the_list_says_the_same(portal, colleague):
    active_owner(portal)
    imported(portal, OF_CLASS_IV)
    found = waits(portal)
    with pytest.raises(Refused, match="Write the reason"):
        discrepancies.keep(colleague, found.id, found.version, "")
    discrepancies.keep(colleague, found.id, found.version, "The certificate says III.")
    for _ in range(2):
        imported(portal, OF_CLASS_IV | {"municipality": "Cobalt"})
        by_night(portal)
    assert differences(portal) == ["kept"]
    imported(portal, WORKS | {"facility_class": "II"})
    assert differences(portal) == ["kept", "open"]
    assert verification.queue(colleague, Filters(kind=Kind.DISCREPANCY, stage=Stage.DECIDED)).found == 1


def test_what_the_officer_saw_when_confirming_is_accepted(portal, officer):
    imported(portal, OF_CLASS_IV)
    submitted_owner(portal)
    approve(officer, 1)
    by_night(portal)
    imported(portal, OF_CLASS_IV)
    assert differences(portal) == []
    imported(portal, OF_ANOTHER_NAME)
    assert differences(portal) == ["open"]


def test_what_was_confirmed_while_no_list_was_on_file_is_asked_about_when_one_comes(portal, officer, colleague):
    submitted_owner(portal)
    approve(officer, 1)
    by_night(portal)
    assert differences(portal) == []
    imported(portal, OF_CLASS_IV)
    found = waits(portal)
    with pytest.raises(Refused, match="so another officer has to decide whether it stands"):
        discrepancies.keep(officer, found.id, found.version, "So it is.")
    discrepancies.keep(colleague, found.id, found.version, "So it is.")
    imported(portal, OF_ANOTHER_OWNER)
    found = waits(portal)
    discrepancies.keep(officer, found.id, found.version, "Compared since.")


def test_what_the_list_says_as_on_file_again_is_gone(portal, colleague):
    active_owner(portal)
    imported(portal, OF_CLASS_IV)
    found = waits(portal)
    imported(portal, WORKS)
    assert differences(portal) == ["gone"]
    view = discrepancies.discrepancy(colleague, found.id)
    assert (view.state, str(view.gone_because)) == ("gone", "The listing agrees again.")
    with pytest.raises(Stale):
        discrepancies.keep(colleague, found.id, found.version, "Too late.")
    with pytest.raises(Refused, match="decided already"):
        discrepancies.keep(colleague, found.id, view.version, "Too late.")


def test_a_page_that_shows_another_line_than_the_list_has_by_now_is_stale(portal, colleague):
    active_owner(portal)
    imported(portal, OF_CLASS_IV)
    seen = waits(portal)
    imported(portal)
    assert waits(portal).id == seen.id
    with pytest.raises(Stale):
        discrepancies.follow(colleague, seen.id, seen.version)
    assert waits(portal).listed == {}


def test_a_second_pass_changes_nothing(portal, colleague):
    active_owner(portal)
    active_owner(portal, "Town of Cobalt", replace(FACILITY, ministry_number="9999", name="Cobalt WPCP"))
    imported(portal, OF_CLASS_IV)
    before = everything(portal)
    assert len(rows(portal, Discrepancy)) == 2
    for _ in range(2):
        by_night(portal)
    assert everything(portal) == before


def test_the_night_holds_facilities_against_the_list(portal, colleague):
    active_owner(portal)
    standing_listings.stand(portal, OF_CLASS_IV, kind="facilities")
    assert differences(portal) == []
    assert nightly.run_if_due(portal, TOMORROW)
    assert differences(portal) == ["open"]


# --- what ends it -----------------------------------------------------------------------------------------------


def opened_again(asker):
    owners.withdraw(asker, owners.my_organization(asker).version)
    return owners.my_organization(asker).version


def test_a_difference_is_gone_with_its_facility(portal, colleague):
    asker = active_owner(portal)
    imported(portal, OF_CLASS_IV)
    owners.delete_facility(asker, 1, opened_again(asker))
    assert differences(portal) == ["gone"]


def test_a_change_that_the_office_confirms_ends_the_difference_of_what_it_replaces(portal, colleague):
    asker = active_owner(portal)
    imported(portal, OF_CLASS_IV)
    owners.change_facility(asker, 1, replace(FACILITY, facility_class="IV"), opened_again(asker))
    assert differences(portal) == ["open"]
    owners.submit(asker, owners.my_organization(asker).version)
    approve(colleague, 2)
    by_night(portal)
    assert differences(portal) == ["gone"]


def test_a_difference_is_gone_when_the_facility_changes_hands(portal, colleague):
    active_owner(portal)
    imported(portal, OF_ANOTHER_OWNER)
    submitted_owner(portal, "Town of Cobalt")
    approve(colleague, 2, transfers=frozenset({2}))
    by_night(portal)
    assert differences(portal) == ["gone"]


def test_nobody_is_asked_about_a_closed_organization(portal, colleague):
    active_owner(portal)
    imported(portal, OF_CLASS_IV)
    with portal.database.transaction(writes=True) as session:
        session.execute(update(Organization).values(state=State.CLOSED))
    by_night(portal)
    assert differences(portal) == ["gone"]
    imported(portal, OF_ANOTHER_NAME)
    assert differences(portal) == ["gone"]


def test_a_facility_without_a_number_is_not_compared(portal, officer):
    letter = FacilityEntry("", "Band works", "water_treatment", "I", "North Bay", 46.31, -79.46, NOON.date(), "L1")
    asker = signed_in(portal, Role.OWNER)
    scan = files.upload(asker, "letter.pdf", b"%PDF-1.7 letter %%EOF")
    owners.save_organization(asker, "Band", "first_nation", 0)
    add_facility(asker, letter, letter_file_id=scan)
    owners.submit(asker, owners.my_organization(asker).version)
    approve(officer, 1)
    imported(portal)
    assert differences(portal) == []


# --- the queue --------------------------------------------------------------------------------------------------


def test_the_queue_finds_differences_of_facilities_by_type_region_and_words(portal, colleague):
    active_owner(portal)
    imported(portal, OF_CLASS_IV)
    found = waits(portal).id
    for filters in (
        Filters(type="wastewater_treatment"),
        Filters(region="3548"),
        Filters(words="2200"),
        Filters(words="north bay wp"),
        Filters(words="city of north"),
    ):
        assert [row.id for row in verification.queue(colleague, filters).rows] == [found], filters
    for filters in (Filters(type="water_treatment"), Filters(region="3556"), Filters(words="Sudbury")):
        assert verification.queue(colleague, filters).rows == ()
    place = Place(Subject.DISCREPANCY, found)
    assignments.take(colleague, place, waits(portal).version)
    assert verification.queue(colleague).taken == {("discrepancy", found): "Bo Chan"}
    sentences = [str(one.sentence) for one in home.waiting(colleague)]
    assert "Facilities of which the ministry’s list says otherwise: 1." in sentences


def test_each_difference_is_in_the_region_of_its_own_organization(portal, colleague):
    elsewhere = replace(
        FACILITY, ministry_number="9999", name="Thunder Bay WPCP", latitude=48.38, longitude=-89.25
    )
    active_owner(portal)
    active_owner(portal, "City of Thunder Bay", elsewhere)
    imported(portal, OF_CLASS_IV)
    found = {row.id: row.name for row in verification.queue(colleague, Filters(kind=Kind.DISCREPANCY)).rows}
    assert sorted(found.values()) == ["City of North Bay", "City of Thunder Bay"]
    for region, name in (("3548", "City of North Bay"), ("3558", "City of Thunder Bay")):
        (row,) = verification.queue(colleague, Filters(kind=Kind.DISCREPANCY, region=region)).rows
        assert row.name == name


def test_nobody_decides_on_their_own_organization(portal):
    active_owner(portal)
    imported(portal, OF_CLASS_IV)
    found = waits(portal)
    mine = signed_in(portal, Role.OWNER, Role.OFFICER)
    with portal.database.transaction(writes=True) as session:
        account_id = session.scalar(select(Account.id).order_by(Account.id.desc()).limit(1))
        session.execute(update(Membership).values(account_id=account_id))
    assert discrepancies.discrepancy(mine, found.id).own
    for act in (
        lambda: discrepancies.keep(mine, found.id, found.version, "Mine."),
        lambda: discrepancies.follow(mine, found.id, found.version),
        lambda: assignments.take(mine, Place(Subject.DISCREPANCY, found.id), found.version),
    ):
        with pytest.raises(Refused, match="another officer has to decide"):
            act()


def test_what_somebody_else_has_taken_is_theirs(portal, officer, colleague):
    active_owner(portal)
    imported(portal, OF_CLASS_IV)
    found = waits(portal)
    assignments.take(officer, Place(Subject.DISCREPANCY, found.id), found.version)
    with pytest.raises(Refused, match="Olga Office has taken this difference"):
        discrepancies.keep(colleague, found.id, found.version + 1, "So it is.")


# --- what the owner and the office read ---------------------------------------------------------------------


def test_the_owner_reads_what_the_list_does_not_bear_out(portal, colleague):
    asker = active_owner(portal)
    imported(portal, OF_CLASS_IV)

    def mine():
        found = owners.my_organization(asker)
        (facility,) = found.facilities
        return [str(one) for one in facility.list_says], facility.looked_at, str(found.checked_against.said)

    said = ["Class: on file Class III, listed Class IV"]
    none = "The ministry’s listing of 1 November 2026 bears out none of the facilities here"
    assert mine()[:2] == (said, True)
    assert none in mine()[2]
    found = waits(portal)
    discrepancies.keep(colleague, found.id, found.version, "The certificate says III.")
    assert mine()[:2] == (said, False)
    withdrawn(colleague)
    assert mine()[:2] == ([], False)


def test_the_owner_reads_of_a_row_that_cannot_be_read_what_concerns_an_owner(portal):
    asker = active_owner(portal)
    imported(portal, bad=BAD)
    (facility,) = owners.my_organization(asker).facilities
    (said,) = map(str, facility.list_says)
    assert said.endswith("The facility stays as it is on file; you need do nothing.")
    assert "Class V is not known" not in said


def test_the_office_sees_at_a_submission_which_facility_is_being_looked_at(portal, colleague):
    asker = active_owner(portal)
    imported(portal, OF_CLASS_IV)
    owners.withdraw(asker, owners.my_organization(asker).version)
    owners.save_organization(asker, "Ville de North Bay", "municipality", owners.my_organization(asker).version)
    owners.submit(asker, owners.my_organization(asker).version)
    (facility,) = verification.item(colleague, 2).facilities
    assert (facility.state, facility.difference_id) == (ClaimState.CONFIRMED, waits(portal).id)
    approve(colleague, 2)
    by_night(portal)
    assert differences(portal) == ["gone"]  # the officer saw what the list says, and approved
    assert [one.said["class"] for one in rows(portal, ListingAnswer)] == ["IV"]
