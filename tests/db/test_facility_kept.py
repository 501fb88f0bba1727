"""What an officer keeps of a facility against a list, and for how long that holds."""

import pytest

from core.problems import Refused
from core.profiles import State
from core.roles import Role
from db.register_schema import ListingAnswer
from db.schema import Organization
from db.services import discrepancies, listings, owners
from tests.db.listed_facilities import (
    OF_ANOTHER_NAME,
    OF_CLASS_IV,
    WORKS,
    by_night,
    differences,
    imported,
    rows,
    waits,
    withdrawn,
)
from tests.db.people import signed_in
from tests.db.profiles import active_owner, approve


@pytest.fixture
def owner(portal):
    return active_owner(portal)


def keep(portal, officer):
    found = waits(portal)
    discrepancies.keep(officer, found.id, found.version, "So it is.")
    return found.id


def opened(asker):
    owners.withdraw(asker, owners.my_organization(asker).version)
    return owners.my_organization(asker).version


def test_a_number_that_is_not_found_is_kept_against_that_very_list_alone(portal, owner, colleague):
    imported(portal)
    keep(portal, colleague)
    by_night(portal)
    assert differences(portal) == ["kept"]
    imported(portal)
    assert differences(portal) == ["kept", "open"]
    withdrawn(colleague)  # the list before stands again, and was answered
    assert differences(portal) == ["kept", "gone"]


def test_what_the_list_has_borne_out_again_since_is_asked_about_anew(portal, owner, colleague):
    imported(portal, OF_CLASS_IV)
    keep(portal, colleague)
    imported(portal, WORKS)
    imported(portal, OF_CLASS_IV)
    assert differences(portal) == ["kept", "open"]


def test_what_the_list_has_said_otherwise_since_is_asked_about_anew(portal, owner, colleague):
    imported(portal, OF_CLASS_IV)
    keep(portal, colleague)
    imported(portal, OF_ANOTHER_NAME)
    keep(portal, colleague)
    imported(portal, OF_CLASS_IV)
    assert differences(portal) == ["kept", "kept", "open"]


def test_what_was_kept_against_a_list_is_void_with_it(portal, owner, colleague):
    imported(portal, WORKS)
    import_id = imported(portal, OF_CLASS_IV)
    found = keep(portal, colleague)
    assert listings.void_when_withdrawn(colleague, import_id) == 1
    withdrawn(colleague)
    assert (differences(portal), rows(portal, ListingAnswer)) == (["gone"], [])
    assert discrepancies.discrepancy(colleague, found).decided_by == "Bo Chan"
    imported(portal, OF_CLASS_IV)
    assert differences(portal) == ["gone", "open"]


def test_what_a_withdrawn_list_had_ended_holds_again(portal, owner, colleague):
    imported(portal, OF_CLASS_IV)
    keep(portal, colleague)
    imported(portal, WORKS)
    assert [one.ended_by for one in rows(portal, ListingAnswer)] == [2]
    withdrawn(colleague)
    by_night(portal)
    assert differences(portal) == ["kept"]


# --- whose name is not verified -----------------------------------------------------------------------------


def test_a_name_that_is_not_verified_yet_is_never_held_against_the_list(portal, owner, officer, colleague):
    imported(portal, WORKS)
    owners.save_organization(owner, "Ville de North Bay", "municipality", opened(owner))
    for state in (State.DRAFT, State.PENDING):
        assert rows(portal, Organization)[0].state == state
        by_night(portal)
        assert differences(portal) == []
        if state == State.DRAFT:
            owners.submit(owner, owners.my_organization(owner).version)
    approve(colleague, 2)
    by_night(portal)
    assert differences(portal) == []  # the officer has seen it
    imported(portal, WORKS | {"owner": "Town of Cobalt"})
    assert differences(portal) == ["open"]


def test_a_difference_of_an_organization_that_is_verified_anew_is_decided_with_it(portal, owner, colleague):
    imported(portal, OF_CLASS_IV)
    found = waits(portal)
    owners.save_organization(owner, "Ville de North Bay", "municipality", opened(owner))
    with pytest.raises(Refused, match="is to be verified anew"):
        discrepancies.keep(colleague, found.id, found.version, "So it is.")
    by_night(portal)
    assert "is to be verified anew" in str(discrepancies.discrepancy(colleague, found.id).gone_because)


def test_a_suspended_organization_is_held_against_the_list(portal, owner, colleague):
    with portal.database.transaction(writes=True) as session:
        session.get(Organization, 1).state = State.SUSPENDED
    imported(portal, OF_CLASS_IV)
    assert differences(portal) == ["open"]


# --- what is said of it -------------------------------------------------------------------------------------


def test_nobody_reads_that_it_is_kept_before_an_officer_was_asked(portal, owner, colleague):
    imported(portal, WORKS)
    listing = imported(portal, OF_CLASS_IV)
    assert listing
    with portal.database.transaction(writes=True) as session:
        session.query(type(waits(portal))).delete()
    (mine,) = owners.my_organization(owner).facilities
    assert mine.looked_at


def test_why_there_is_nothing_to_decide_any_more(portal, owner, colleague):
    imported(portal, OF_CLASS_IV)
    found = waits(portal).id

    def why():
        return str(discrepancies.discrepancy(colleague, found).gone_because)

    imported(portal, WORKS)
    assert why() == "The listing agrees again."
    imported(portal)
    assert why() == "Another difference has been found since, which waits in the queue."
    keep(portal, colleague)
    assert "keeps what is on file" in why()
    withdrawn(colleague), withdrawn(colleague), withdrawn(colleague)
    assert why() == "No list is on file to compare with."


def test_another_officer_is_asked_where_one_has_confirmed_alone(portal, owner, colleague):
    imported(portal, OF_CLASS_IV)
    keep(portal, colleague)
    imported(portal, OF_ANOTHER_NAME)
    keep(portal, signed_in(portal, Role.OFFICER))
    assert differences(portal) == ["kept", "kept"]
