"""An officer follows the list of facilities, and the list is withdrawn: everything is as it was before."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.problems import Refused
from core.profiles import ClaimState, State
from core.queue import Place, Subject
from core.roles import Role
from db.alignment.facilities import hold_against_the_list
from db.gate import unattended
from db.register_schema import ClaimOverride, Discrepancy, ListedFacility
from db.schema import (
    FacilityClaim,
    FacilityClassification,
    FacilityRelation,
    Organization,
    OutgoingMail,
)
from db.services import assignments, discrepancies, owners, verification
from db.services import listings as services
from tests.db.listed_facilities import (
    OF_ANOTHER_NAME,
    OF_ANOTHER_OWNER,
    OF_ANOTHER_TYPE,
    OF_CLASS_IV,
    WORKS,
    by_night,
    decided_by_the_director,
    differences,
    imported,
    mails,
    on_file,
    rows,
    told,
    waits,
    withdrawn,
)
from tests.db.people import NOON, signed_in
from tests.db.profiles import FACILITY, active_owner, approve, submitted_owner
from tests.db.queued import REVIEW

BOTH = OF_CLASS_IV | {"name": "Sudbury WPCP"}
LATER = NOON + timedelta(days=3)


@pytest.fixture
def owner(portal):
    return active_owner(portal)


def follow(portal, officer, reasons=""):
    found = waits(portal)
    discrepancies.follow(officer, found.id, found.version, reasons)
    return found.id


def claim(portal):
    return rows(portal, FacilityClaim)[0]


def classes(portal):
    """The classes of the facility that stand on record, each with its days."""
    return [
        (one.facility_class, one.valid_from, one.valid_until)
        for one in rows(portal, FacilityClassification)
        if one.superseded_at is None
    ]


# --- following --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("listed", [OF_CLASS_IV, BOTH], ids=["class", "class and name"])
def test_a_changed_class_is_taken_over_from_today(portal, owner, colleague, listed):
    imported(portal, listed)
    later = signed_in(portal, Role.OFFICER, at=LATER, given_name="Bea", family_name="Later")
    view = discrepancies.discrepancy(later, waits(portal).id)
    assert [str(one) for one in view.following.said] == [
        "The facility becomes Class IV, as listed; it is Class III now.",
        "The managers of the organization are told by mail at once; no release is needed.",
    ]
    follow(portal, later)
    assert (claim(portal).state, claim(portal).facility_class) == (ClaimState.CONFIRMED, "IV")
    assert classes(portal) == [("III", NOON.date(), LATER.date()), ("IV", LATER.date(), None)]
    (mail,) = rows(portal, OutgoingMail)[-1:]
    assert (mail.template, mail.values["before"], mail.values["listed"]) == (
        "facility_class_taken_over",
        "Class III",
        "Class IV",
    )
    with unattended(portal, LATER) as work:
        hold_against_the_list(work)
    assert differences(portal) == ["followed"]
    view = discrepancies.discrepancy(later, view.discrepancy_id)
    assert (view.state, view.facility.facility_class, view.decided_by) == ("followed", "III", "Bea Later")
    assert "Class: on file Class III, listed Class IV" in [str(one) for one in view.comparison.differences]


TOLD = ("facility_class_taken_over", "facility_entry_as_listed", "facility_class_as_before",
        "facility_entry_as_before")  # fmt: skip


def test_where_the_director_has_decided_the_class_the_mail_and_the_preview_speak_of_the_entry(
    portal, owner, colleague
):
    decided_by_the_director(portal)
    imported(portal, OF_CLASS_IV)
    view = discrepancies.discrepancy(colleague, waits(portal).id)
    stays = "The facility stays Class III, as the Director has decided."
    assert str(view.following.said[0]).endswith(f"it is Class III now. {stays}")
    follow(portal, colleague)
    assert (claim(portal).facility_class, [one[0] for one in classes(portal)]) == ("IV", ["III"])
    (mail,) = mails(portal, *TOLD)
    assert (mail.template, mail.values["why"]) == ("facility_entry_as_listed", stays)
    withdrawn(colleague)
    assert (claim(portal).facility_class, [one[0] for one in classes(portal)]) == ("III", ["III"])
    _, back = mails(portal, *TOLD)
    assert (back.template, back.values["before"]) == ("facility_entry_as_before", "Class III")


def test_the_people_are_tested_again_when_the_class_changes(portal, owner, colleague, monkeypatch):
    imported(portal, OF_CLASS_IV)
    tested = []
    monkeypatch.setattr("db.kept_findings._retest", lambda _work, ids: tested.append(ids))
    follow(portal, colleague)
    assert tested == [[1]]


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ((), "The ministry’s list of facilities of 1 November 2026 does not have its number."),
        ((OF_ANOTHER_TYPE,), "Type: on file Wastewater treatment, listed Wastewater collection."),
        ((OF_ANOTHER_OWNER,), "Owner: on file City of North Bay, listed Town of Cobalt."),
        ((WORKS | {"owner": "Cobalt Inc."},), "Owner: on file City of North Bay, listed Cobalt Inc."),
    ],
    ids=["missing", "type", "owner", "owner that ends in a stop"],
)
def test_what_is_another_facility_or_anothers_is_confirmed_no_more(portal, owner, colleague, listed, said):
    imported(portal, *listed)
    follow(portal, colleague, "The ministry says so too.")
    (mine,) = owners.my_organization(owner).facilities
    assert (mine.state, mine.held) == (ClaimState.REFUSED, False)
    assert said in mine.refused_because
    assert ".." not in mine.refused_because
    assert "The ministry says so too." not in mine.refused_because  # the officer's own words stay in the office
    (relation,) = (one for one in rows(portal, FacilityRelation) if one.superseded_at is None)
    assert relation.valid_until == NOON.date()
    (mail,) = (one for one in rows(portal, OutgoingMail) if one.template == "facility_not_believed")
    assert said in mail.values["reasons"]
    assert differences(portal) == ["followed"]


def test_a_name_alone_is_never_followed(portal, owner, colleague):
    imported(portal, OF_ANOTHER_NAME)
    found = waits(portal)
    view = discrepancies.discrepancy(colleague, found.id)
    assert view.following is None
    assert "there is nothing to follow" in str(view.why_nothing_to_follow)
    with pytest.raises(Refused, match="there is nothing to follow"):
        discrepancies.follow(colleague, found.id, found.version)


def test_what_an_authority_operates_for_another_owner_keeps_its_class(portal, owner, colleague):
    submitted_owner(portal, "Utilities Inc.", "operating_authority")
    approve(colleague, 2)
    imported(portal, OF_CLASS_IV)
    of_owner, of_authority = rows(portal, Discrepancy)
    said = str(discrepancies.discrepancy(colleague, of_authority.id).following.said[0])
    assert said.endswith("The facility stays Class III, as its owner’s entry has it.")
    discrepancies.follow(colleague, of_authority.id, of_authority.version)
    assert [one[0] for one in classes(portal)] == ["III"]
    discrepancies.follow(colleague, of_owner.id, of_owner.version)
    assert [one[0] for one in classes(portal) if one[2] is None] == ["IV"]
    withdrawn(colleague)
    assert [one[0] for one in classes(portal) if one[2] is None] == ["III"]
    assert sorted(one.template for one in mails(portal, *TOLD)) == sorted(TOLD)


def test_an_authority_is_told_that_the_facility_has_the_class_already(portal, owner, colleague):
    submitted_owner(portal, "Utilities Inc.", "operating_authority")
    approve(colleague, 2)
    imported(portal, OF_CLASS_IV)
    of_owner, of_authority = rows(portal, Discrepancy)
    discrepancies.follow(colleague, of_owner.id, of_owner.version)
    discrepancies.follow(colleague, of_authority.id, of_authority.version)
    assert mails(portal, *TOLD)[-1].values["why"] == "The facility itself is Class IV already."


def test_what_waits_for_the_office_has_the_class_that_stands_again(portal, owner, colleague):
    imported(portal, OF_CLASS_IV)
    follow(portal, colleague)
    _opened(owner)
    owners.save_organization(owner, "Ville de North Bay", "municipality", owners.my_organization(owner).version)
    owners.submit(owner, owners.my_organization(owner).version)

    def waiting():
        return [one.facility.facility_class for one in verification.item(colleague, 2).facilities]

    assert waiting() == ["IV"]
    withdrawn(colleague)
    assert waiting() == ["III"]


# --- the list is withdrawn --------------------------------------------------------------------------------------

FOLLOWED = [(OF_CLASS_IV,), (BOTH,), (), (OF_ANOTHER_TYPE,), (OF_ANOTHER_OWNER,)]


@pytest.mark.parametrize("former", [None, (WORKS,), (OF_ANOTHER_NAME,)], ids=["none", "exact", "differs"])
@pytest.mark.parametrize("listed", FOLLOWED, ids=["class", "class and name", "missing", "type", "owner"])
def test_withdrawing_a_list_restores_everything_that_followed_from_it(portal, owner, colleague, former, listed):
    if former is not None:
        imported(portal, *former)
    before, open_before = on_file(portal), differences(portal)
    imported(portal, *listed, at=LATER)
    found = waits(portal).id
    later = signed_in(portal, Role.OFFICER, at=LATER)
    follow(portal, later)
    assert on_file(portal) != before
    withdrawn(later)
    assert on_file(portal) == before
    assert [state for state in differences(portal) if state == "open"] == open_before
    assert discrepancies.discrepancy(colleague, found).state == "gone"
    back = told(portal, "facility_class_as_before") + told(portal, "facility_believed_again")
    assert back == 1
    with unattended(portal, LATER) as work:
        hold_against_the_list(work)
    assert on_file(portal) == before


def test_lists_are_withdrawn_one_after_the_other(portal, owner, colleague):
    before = [on_file(portal)]
    for listed in (OF_CLASS_IV, WORKS | {"facility_class": "II"}, OF_ANOTHER_OWNER):
        imported(portal, listed)
        follow(portal, colleague)
        before.append(on_file(portal))
    for then in reversed(before[:-1]):
        withdrawn(colleague)
        assert on_file(portal) == then


def test_several_followed_under_one_list_are_undone_one_after_the_other(portal, owner, colleague):
    before = on_file(portal)
    imported(portal, OF_CLASS_IV)
    follow(portal, colleague)
    with portal.database.transaction(writes=True) as session:
        session.execute(update(ListedFacility).values(owner="Town of Cobalt"))
    by_night(portal)
    follow(portal, colleague)
    assert services.void_when_withdrawn(colleague, 1) == 2
    withdrawn(colleague)
    assert on_file(portal) == before


def test_nothing_is_undone_of_an_organization_that_is_closed_since(portal, owner, colleague):
    imported(portal)
    follow(portal, colleague)
    with portal.database.transaction(writes=True) as session:
        session.execute(update(Organization).values(state=State.CLOSED))
    assert services.void_when_withdrawn(colleague, 1) == 0
    withdrawn(colleague)
    assert claim(portal).state == ClaimState.REFUSED
    assert told(portal, "facility_believed_again") == 0


def test_what_waited_before_waits_as_it_did(portal, owner, officer, colleague):
    imported(portal, OF_ANOTHER_NAME)
    found = waits(portal)
    assignments.take(officer, Place(Subject.DISCREPANCY, found.id), found.version)
    taken = waits(portal)
    later = signed_in(portal, Role.OFFICER, at=LATER)
    for listed in (WORKS, OF_CLASS_IV, OF_ANOTHER_OWNER):
        imported(portal, listed, at=LATER)
        if listed is OF_ANOTHER_OWNER:
            with portal.database.transaction(writes=True) as session:
                session.execute(update(Discrepancy).values(taken_by=None))
            follow(portal, later)
            with portal.database.transaction(writes=True) as session:
                session.execute(update(Discrepancy).values(taken_by=taken.taken_by))
        withdrawn(later)
        now = waits(portal)
        assert (now.found_at, now.taken_by, now.taken_at) == (taken.found_at, taken.taken_by, taken.taken_at)
        assert now.listed["name"] == "sudbury wpcp"


def test_a_difference_that_waits_goes_with_its_list_and_is_found_anew_against_the_one_that_stands(
    portal, owner, colleague
):
    imported(portal, OF_ANOTHER_NAME)
    imported(portal, OF_CLASS_IV)
    withdrawn(colleague)
    assert waits(portal).listed["name"] == "sudbury wpcp"
    withdrawn(colleague)
    assert differences(portal) == ["gone"]
    view = discrepancies.discrepancy(colleague, 1)
    assert str(view.gone_because) == "No list is on file to compare with."


def test_what_somebody_has_decided_since_stays(portal, owner, colleague):
    imported(portal)
    follow(portal, colleague)
    owners.change_facility(owner, 1, replace(FACILITY, name="Other works"), _opened(owner))
    withdrawn(colleague)
    assert (claim(portal).state, claim(portal).name) == (ClaimState.DRAFT, "Other works")
    assert differences(portal) == ["followed"]


def test_a_class_that_was_approved_anew_since_stays(portal, owner, officer, colleague):
    imported(portal, OF_CLASS_IV)
    follow(portal, colleague)
    _opened(owner)
    owners.save_organization(owner, "Ville de North Bay", "municipality", owners.my_organization(owner).version)
    owners.submit(owner, owners.my_organization(owner).version)
    approve(officer, 2)
    withdrawn(colleague)
    assert claim(portal).facility_class == "IV"


def test_a_facility_that_another_holds_by_now_is_not_given_back(portal, owner, colleague):
    imported(portal, OF_ANOTHER_OWNER)
    follow(portal, colleague)
    submitted_owner(portal, "Town of Cobalt")
    approve(colleague, 2)
    withdrawn(colleague)
    assert claim(portal).state == ClaimState.REFUSED
    assert told(portal, "facility_believed_again") == 0


def test_an_override_that_ended_stands_again(portal, owner, colleague):
    with portal.database.transaction(writes=True) as session:
        session.add(
            ClaimOverride(facility_claim_id=1, submission_id=1, reason="Seen.", review_on=REVIEW, proposed_at=NOON,
                          state="standing", proposed_by=1, changed_at=NOON)
        )  # fmt: skip
    imported(portal, OF_ANOTHER_OWNER)
    follow(portal, colleague)
    assert [one.state for one in rows(portal, ClaimOverride)] == ["ended"]
    withdrawn(colleague)
    assert [one.state for one in rows(portal, ClaimOverride)] == ["standing"]


def test_an_override_that_was_proposed_waits_again(portal, owner, colleague):
    with portal.database.transaction(writes=True) as session:
        session.add(
            ClaimOverride(facility_claim_id=1, submission_id=1, reason="Seen.", review_on=REVIEW, proposed_at=NOON,
                          state="waiting", proposed_by=1, changed_at=NOON)
        )  # fmt: skip
    imported(portal)
    follow(portal, colleague)
    assert [one.state for one in rows(portal, ClaimOverride)] == ["ended"]
    withdrawn(colleague)
    assert [one.state for one in rows(portal, ClaimOverride)] == ["waiting"]


def _opened(asker):
    owners.withdraw(asker, owners.my_organization(asker).version)
    return owners.my_organization(asker).version


def test_the_page_of_the_organization_is_stale_once_its_facility_was_followed(portal, owner, colleague):
    version = owners.my_organization(owner).version
    imported(portal, OF_CLASS_IV)
    follow(portal, colleague)
    assert rows(portal, Organization)[0].version == version + 1
    with portal.database.transaction(writes=False) as session:
        assert session.scalar(select(Discrepancy.taken_by)) is None
