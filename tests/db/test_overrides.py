"""What the listing does not have is believed on two officers' word, until a day of review; on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.listings import ListingKind
from core.problems import Refused
from core.profiles import ClaimState, State
from core.queue import Filters, Kind
from core.roles import Role
from db.alignment.passes import align
from db.gate import Stale, unattended
from db.keys import fingerprint
from db.register_schema import ClaimOverride, ListingImport
from db.schema import (
    AccountRole,
    CertificateClaim,
    Credential,
    FacilityRelation,
    LoginSession,
    Organization,
    OutgoingMail,
    Submission,
)
from db.services import home, operators, overrides, owners, search, verification
from db.services import listings as listing_services
from db.verification import facility_overrides
from db.verification.queue_listing import ProfileRow
from tests.db import standing_listings as listings
from tests.db.people import NOON, at, sign_in, signed_in
from tests.db.profiles import (
    active_operator,
    active_owner,
    add_certificate,
    approve,
    set_availability,
    submitted_operator,
    submitted_owner,
)
from tests.db.queued import REVIEW, only, overridden, rows, signed_in_on
from tests.db.searchable import TIMMINS, criteria
from tests.remembered import remembered


def test_what_the_listing_does_not_have_is_confirmed_by_two_officers_alone(portal, officer, colleague, not_found):
    with pytest.raises(Refused, match="is not in the listing"):
        approve(officer, 1)
    override_id = overrides.propose(officer, 1, 1, 1, "I have seen the card.", REVIEW)
    with pytest.raises(Refused, match="waits for its second officer"):
        approve(officer, 1)
    assert verification.queue(officer, Filters(kind=Kind.OPERATOR)).rows[0].override_waits
    with pytest.raises(Refused, match="already"):
        overrides.propose(officer, 1, 2, 1, "Again.", REVIEW)
    with pytest.raises(Refused, match="another officer has to agree"):
        overrides.agree(officer, override_id, 1)
    assert rows(portal, select(Credential)) == []
    (row,) = verification.queue(colleague, Filters(kind=Kind.OVERRIDE)).rows
    assert (row.id, row.submission_id, row.name) == (override_id, 1, "Robin Fairwater")
    overrides.agree(colleague, override_id, 1)
    (claim,) = rows(portal, select(CertificateClaim))
    assert (claim.state, claim.basis, claim.confirmed_on) == (ClaimState.CONFIRMED, "override", NOON.date())
    assert rows(portal, select(Credential))[0].source == "override"
    with pytest.raises(Refused, match="decided already"):
        overrides.agree(colleague, override_id, 2)
    assert not verification.queue(officer, Filters(kind=Kind.OPERATOR)).rows[0].override_waits
    approve(officer, 1)
    profile = operators.my_profile(not_found)
    assert profile.state is State.ACTIVE
    assert profile.certificates[0].override_until == REVIEW
    assert verification.item(officer, 1).certificates[0].override.decided_by == "Bo Chan"


def test_an_override_stays_visible_in_the_office_s_search_alone(portal, officer, colleague, not_found):
    overrides.agree(colleague, overrides.propose(officer, 1, 1, 1, "Seen.", REVIEW), 1)
    approve(officer, 1)
    set_availability(not_found, base_place="Timmins", latitude=TIMMINS.latitude, longitude=TIMMINS.longitude)
    (found,) = search.search(officer, criteria()).people
    assert found.certificates[0].override_until == REVIEW


def test_an_override_ends_with_what_it_was_for(portal, officer, colleague, not_found):
    override_id = overrides.propose(officer, 1, 1, 1, "I have seen the card.", REVIEW)
    operators.withdraw(not_found, operators.my_profile(not_found).version)
    with pytest.raises(Stale):
        overrides.agree(colleague, override_id, 1)
    assert rows(portal, select(ClaimOverride.state)) == ["ended"]
    operators.submit(not_found, operators.my_profile(not_found).version)
    second = overrides.propose(officer, 2, 1, 1, "I have seen the card.", REVIEW)
    overrides.refuse_(colleague, second, 1, "It is a copy.")
    assert verification.item(officer, 2).certificates[0].override.refused_because == "It is a copy."
    third = overrides.propose(officer, 2, 3, 1, "Here is the original.", REVIEW)
    overrides.agree(colleague, third, 1)
    approve(officer, 2)
    operators.withdraw(not_found, operators.my_profile(not_found).version)
    operators.delete_certificate(not_found, 1, operators.my_profile(not_found).version)
    assert rows(portal, select(ClaimOverride.state).order_by(ClaimOverride.id)) == ["ended", "refused", "ended"]
    (claim,) = rows(portal, select(CertificateClaim))
    assert (claim.basis, claim.confirmed_on) == ("", None)


def test_an_override_that_is_not_there_is_named(portal, officer):
    with pytest.raises(Refused, match="There is no override 77"):
        overrides.agree(officer, 77, 1)


def test_what_is_listed_needs_no_override(portal, officer):
    listings.stand(portal, listings.ROW)
    submitted_operator(portal)
    with pytest.raises(Refused, match="needs no override"):
        overrides.propose(officer, 1, 1, 1, "Why.", REVIEW)
    with pytest.raises(Refused, match="too far off"):
        overrides.propose(officer, 1, 1, 1, "Why.", date(2028, 1, 1))


def test_nobody_agrees_to_an_override_of_their_own_certificate(portal, officer, not_found):
    override_id = overrides.propose(officer, 1, 1, 1, "I have seen the card.", REVIEW)
    with portal.database.transaction(writes=True) as session:
        (submission,) = session.scalars(select(Submission))
        session.add(AccountRole(account_id=submission.submitted_by, role=Role.OFFICER, granted_at=NOON))
    with pytest.raises(Refused, match="your own"):
        overrides.agree(not_found, override_id, 1)


def changes_operator_id(asker, operator_id):
    for act in (operators.withdraw, lambda who, seen: operators.save_operator_id(who, operator_id, seen)):
        act(asker, operators.my_profile(asker).version)
    operators.submit(asker, operators.my_profile(asker).version)


def test_another_operator_id_that_is_not_listed_takes_two_officers_again(portal, officer, colleague):
    listings.stand(portal, listings.ROW)
    asker = active_operator(portal)
    changes_operator_id(asker, "90099999")
    assert only(officer, 2).needs_override
    with pytest.raises(Refused, match="is not in the listing"):
        approve(officer, 2)
    override_id = overrides.propose(officer, 2, 1, 1, "I have seen the new card.", REVIEW)
    overrides.agree(colleague, override_id, 1)
    approve(officer, 2)
    mine = operators.my_profile(asker)
    assert (mine.confirmed_operator_id, mine.certificates[0].override_until) == ("90099999", REVIEW)
    standing = select(Credential).where(Credential.superseded_at.is_(None), Credential.valid_until.is_(None))
    assert [one.source for one in rows(portal, standing)] == ["override"]
    changes_operator_id(asker, "90088888")
    with pytest.raises(Refused, match="is not in the listing"):  # the override was of the ID before
        approve(officer, 3)


def test_an_override_still_answers_for_the_same_person_submitted_again(portal, officer, colleague, not_found):
    overrides.agree(colleague, overrides.propose(officer, 1, 1, 1, "Seen.", REVIEW), 1)
    verification.return_(officer, 1, verification.item(officer, 1).version, "Add your base.")
    operators.submit(not_found, operators.my_profile(not_found).version)
    assert not only(officer, 2).needs_override
    approve(officer, 2)
    assert operators.my_profile(not_found).certificates[0].override_until == REVIEW


def test_what_the_listing_bears_out_after_a_change_of_operator_id_rests_on_it(portal, officer):
    asker = active_operator(portal)
    import_id = listings.stand(portal, listings.ROW | {"operator_id": "90099999"})
    changes_operator_id(asker, "90099999")
    approve(officer, 2)
    assert rows(portal, select(CertificateClaim.basis)) == ["listing"]
    standing = select(Credential).where(Credential.superseded_at.is_(None), Credential.valid_until.is_(None))
    assert [(one.source, one.import_id) for one in rows(portal, standing)] == [("listing", import_id)]


def test_the_second_officer_compares_again(portal, officer, colleague, not_found):
    override_id = overrides.propose(officer, 1, 1, 1, "Seen.", REVIEW)
    listings.stand(portal, listings.ROW | {"status": "suspended"}, listed_on=date(2026, 11, 10))
    with pytest.raises(Refused, match="needs no override: the listing has it"):
        overrides.agree(colleague, override_id, 1)
    assert rows(portal, select(Credential)) == []


def test_a_facility_that_the_list_does_not_have_takes_two_officers(portal, officer, colleague):
    listings.stand(portal, listings.WORKS | {"facility_number": "9999"}, kind="facilities")
    asker = submitted_owner(portal)
    submitted_operator(portal)
    assert only(officer).needs_override
    with pytest.raises(Refused, match="North Bay WPCP is not in the listing"):
        approve(officer, 1)
    override_id = overrides.propose(officer, 1, 1, 1, "It opened in October.", REVIEW)
    with pytest.raises(Refused, match="waits for its second officer"):
        approve(officer, 1)
    with pytest.raises(Refused, match="another officer has to agree"):
        overrides.agree(officer, override_id, 1)
    profiles = [row for row in verification.queue(officer).rows if isinstance(row, ProfileRow)]
    assert {row.kind: row.override_waits for row in profiles} == {"owner": True, "operator": False}
    for words in ("", "North Bay", "2200-A"):
        (row,) = verification.queue(colleague, Filters(kind=Kind.OVERRIDE, words=words)).rows
        assert (row.submission_id, row.name, row.about) == (1, "City of North Bay", "North Bay WPCP 2200A")
    for type_, found in (("wastewater_treatment", 1), ("water_treatment", 0)):
        assert verification.queue(colleague, Filters(kind=Kind.OVERRIDE, type=type_)).found == found
    overrides.agree(colleague, override_id, 1)
    assert only(officer, 2).override is None  # a certificate of the same id
    approve(officer, 1)
    override = only(officer).override
    assert (override.state, override.review_on, override.decided_by) == ("standing", REVIEW, "Bo Chan")
    mine = owners.my_organization(asker)
    assert (mine.state, mine.facilities[0].held) == (State.ACTIVE, True)
    owners.withdraw(asker, mine.version)
    owners.delete_facility(asker, 1, owners.my_organization(asker).version)
    assert rows(portal, select(ClaimOverride.state)) == ["ended"]


NINE = listings.WORKS | {"facility_number": "9999"}


@pytest.fixture
def overridden_facility(portal, officer, colleague):
    return believed_facility(portal, officer, colleague)


@remembered
def believed_facility(portal, officer, colleague):
    """The owner of a facility that the list does not have, believed until its review."""
    listings.stand(portal, NINE, kind="facilities")
    asker = submitted_owner(portal)
    overrides.agree(colleague, overrides.propose(officer, 1, 1, 1, "It opened in October.", REVIEW), 1)
    approve(officer, 1)
    return asker


def held_then(portal, asker, day):
    """The state of the one facility of an organization, whether it is held, and how many are told otherwise."""
    (one,) = owners.my_organization(sign_in_again(portal, asker, day)).facilities
    told = rows(portal, select(OutgoingMail).where(OutgoingMail.template == "facility_not_believed"))
    return one.state, one.held, len(told)


def by_night(portal, day):
    with unattended(portal, NOON + (day - NOON.date())) as work:
        facility_overrides.end_lapsed(work)


STILL_MISSING = (ClaimState.REFUSED, False, 1)
STANDS = (ClaimState.CONFIRMED, True, 0)


@pytest.mark.parametrize(
    ("listed", "stands", "override", "said"),
    [
        ((NINE,), STILL_MISSING, "ended", "the facility is confirmed no more"),
        ((listings.WORKS,), STANDS, "ended", "the facility rests on the list; nothing else changes"),
        (
            (listings.WORKS | {"name": "Other Works"},),
            STANDS,
            "ended",
            "the facility stays confirmed on your word",
        ),
        (None, STANDS, "standing", "No list of facilities is on file, so the override cannot end"),
    ],
    ids=["missing", "exact", "differs", "no list"],
)
def test_an_officer_lets_the_override_of_a_facility_end_and_what_was_said_happens(
    portal, officer, overridden_facility, listed, stands, override, said
):
    listings.none_stands(portal, "facilities")
    if listed:
        listings.stand(portal, *listed, kind="facilities")
    day = REVIEW - timedelta(days=1)
    asker = signed_in_on(portal, day, "Ann")
    item = only(asker)
    assert said in str(item.at_its_end[0])
    if listed:
        overrides.let_end(asker, item.override.override_id, item.override.version)
        assert verification.queue(asker).waiting == 0
    else:
        with pytest.raises(Refused, match="Import a list first, or propose to believe it longer"):
            overrides.let_end(asker, item.override.override_id, item.override.version)
    assert held_then(portal, overridden_facility, day) == stands
    assert rows(portal, select(ClaimOverride.state)) == [override]


@pytest.mark.parametrize(
    ("listed", "stands", "override", "waits"),
    [
        ((NINE,), STILL_MISSING, "ended", 0),
        ((listings.WORKS,), STANDS, "ended", 0),
        ((listings.WORKS | {"name": "Other Works"},), STANDS, "standing", 1),
        (None, STANDS, "standing", 1),
    ],
    ids=["missing", "exact", "differs", "no list"],
)
def test_by_night_a_lapsed_override_of_a_facility_ends_or_waits_for_an_officer(
    portal, officer, overridden_facility, listed, stands, override, waits
):
    listings.none_stands(portal, "facilities")
    if listed:
        listings.stand(portal, *listed, kind="facilities")
    by_night(portal, REVIEW - timedelta(days=1))
    assert held_then(portal, overridden_facility, REVIEW) == STANDS
    for _ in range(2):
        by_night(portal, REVIEW)
    assert held_then(portal, overridden_facility, REVIEW) == stands
    assert rows(portal, select(ClaimOverride.state)) == [override]
    assert verification.queue(signed_in_on(portal, REVIEW, "Ann")).waiting == waits


# --- the list that had the say is withdrawn ---------------------------------------------------------------------

DIFFERS = listings.WORKS | {"name": "Other Works"}


def one_after_the_other(portal, former, second):
    """Two lists of facilities, each with one row; the former none where it is None."""
    listings.none_stands(portal, "facilities")
    follows = listings.stand(portal, former, kind="facilities") if former else None
    now = listings.stand(portal, second, kind="facilities", listed_on=date(2027, 5, 1))
    with portal.database.transaction(writes=True) as session:
        session.get_one(ListingImport, now).follows_id = follows


def withdraw_the_list(portal, day):
    asker = signed_in_on(portal, day, "Ann")
    standing = listing_services.stands(asker)[ListingKind.FACILITIES].standing
    listing_services.withdraw(asker, standing.id, standing.version, "The wrong file.")
    return asker


def believed_again(portal):
    return len(rows(portal, select(OutgoingMail).where(OutgoingMail.template == "facility_believed_again")))


@pytest.mark.parametrize("how", ["by night", "let end"])
@pytest.mark.parametrize(
    ("former", "stands", "override", "again", "waits"),
    [
        (listings.WORKS, (ClaimState.CONFIRMED, True, 1), "ended", 1, 0),
        (DIFFERS, (ClaimState.CONFIRMED, True, 1), "standing", 1, 2),  # its review, and the difference
        (None, (ClaimState.CONFIRMED, True, 1), "standing", 1, 1),
        (NINE, STILL_MISSING, "ended", 0, 0),
    ],
    ids=["exact", "differs", "no list", "missing"],
)
def test_a_facility_counts_again_when_the_list_by_which_it_ended_is_withdrawn(
    portal, officer, overridden_facility, how, former, stands, override, again, waits
):
    one_after_the_other(portal, former, NINE)
    if how == "by night":
        by_night(portal, REVIEW)
    else:
        asker = signed_in_on(portal, REVIEW, "Bea")
        overrides.let_end(asker, only(asker).override.override_id, only(asker).override.version)
    assert held_then(portal, overridden_facility, REVIEW) == STILL_MISSING
    asker = withdraw_the_list(portal, REVIEW + timedelta(days=1))
    for _ in range(2):
        assert held_then(portal, overridden_facility, REVIEW + timedelta(days=1)) == stands
        assert rows(portal, select(ClaimOverride.state)) == [override]
        assert (believed_again(portal), verification.queue(asker).waiting) == (again, waits)
        by_night(portal, REVIEW + timedelta(days=1))
    spans = [
        (one.valid_from, one.valid_until)
        for one in rows(portal, select(FacilityRelation).where(FacilityRelation.superseded_at.is_(None)))
    ]
    assert spans == [(NOON.date(), None if again else REVIEW)]


def test_what_still_missing_ended_by_two_lists_comes_back_when_both_are_withdrawn(
    portal, officer, overridden_facility
):
    one_after_the_other(portal, NINE, NINE | {"name": "Nine"})
    by_night(portal, REVIEW)
    withdraw_the_list(portal, REVIEW)
    assert held_then(portal, overridden_facility, REVIEW) == STILL_MISSING
    withdraw_the_list(portal, REVIEW)
    assert held_then(portal, overridden_facility, REVIEW) == (ClaimState.CONFIRMED, True, 1)


def test_an_override_that_ended_as_a_withdrawn_list_had_the_facility_is_asked_of_the_former_one(
    portal, officer, overridden_facility
):
    one_after_the_other(portal, NINE, listings.WORKS)
    by_night(portal, REVIEW)
    assert held_then(portal, overridden_facility, REVIEW) == STANDS
    withdraw_the_list(portal, REVIEW)
    assert held_then(portal, overridden_facility, REVIEW) == STILL_MISSING
    assert believed_again(portal) == 0


def test_an_override_that_was_let_end_before_its_day_stands_again_until_then(portal, officer, overridden_facility):
    one_after_the_other(portal, NINE, NINE)
    day = REVIEW - timedelta(days=3)
    asker = signed_in_on(portal, day, "Bea")
    overrides.let_end(asker, only(asker).override.override_id, only(asker).override.version)
    assert held_then(portal, overridden_facility, day) == STILL_MISSING
    withdraw_the_list(portal, day)
    assert held_then(portal, overridden_facility, day) == (ClaimState.CONFIRMED, True, 1)
    assert rows(portal, select(ClaimOverride.state)) == ["standing"]


def test_what_people_did_with_a_facility_meanwhile_stays(portal, officer, overridden_facility):
    one_after_the_other(portal, listings.WORKS, NINE)
    by_night(portal, REVIEW)
    asker = sign_in_again(portal, overridden_facility, REVIEW)
    owners.withdraw(asker, owners.my_organization(asker).version)
    owners.delete_facility(asker, 1, owners.my_organization(asker).version)
    withdraw_the_list(portal, REVIEW)
    assert rows(portal, select(ClaimOverride.state)) == ["ended"]
    assert owners.my_organization(asker).facilities == ()
    assert believed_again(portal) == 0


def test_a_facility_that_another_owner_holds_by_now_is_not_given_back(portal, officer, overridden_facility):
    one_after_the_other(portal, listings.WORKS, NINE)
    by_night(portal, REVIEW)
    with portal.database.transaction(writes=True) as session:
        other = Organization(
            name="Town", kind="municipality", state="active", agreed_version="", changed_at=NOON, version=1,
            suspended_because="",
        )  # fmt: skip
        session.add(other)
        session.flush()
        session.add(
            FacilityRelation(
                facility_id=1, organization_id=other.id, role="owner", valid_from=REVIEW, recorded_at=NOON
            )
        )
    withdraw_the_list(portal, REVIEW)
    assert held_then(portal, overridden_facility, REVIEW) == STILL_MISSING
    assert believed_again(portal) == 0


def test_what_is_proposed_to_be_believed_longer_waits_for_its_second_officer_beyond_its_day(
    portal, officer, overridden_facility
):
    one, other = (signed_in_on(portal, REVIEW, name) for name in ("Ann", "Bea"))
    override = only(one).override
    again = overrides.propose_again(
        one, override.override_id, override.version, "Seen.", REVIEW + timedelta(days=9)
    )
    by_night(portal, REVIEW)
    assert held_then(portal, overridden_facility, REVIEW) == STANDS
    overrides.refuse_(other, again, 1, "It is closed.")
    by_night(portal, REVIEW)
    assert held_then(portal, overridden_facility, REVIEW) == STILL_MISSING
    mine = owners.my_organization(sign_in_again(portal, overridden_facility, REVIEW))
    assert "the list does not have it still" in mine.facilities[0].refused_because


def test_an_overridden_facility_changes_hands_when_the_second_officer_says_so(portal, officer, colleague):
    active_owner(portal, "Former Owner")
    listings.stand(portal, listings.WORKS | {"facility_number": "9999"}, kind="facilities")
    asker = submitted_owner(portal)
    override_id = overrides.propose(officer, 2, 1, 2, "The contract is here.", REVIEW)
    with pytest.raises(Refused, match="Say that it changes hands"):
        overrides.agree(colleague, override_id, 1)
    overrides.agree(colleague, override_id, 1, transfer=True)
    approve(officer, 2)
    assert owners.my_organization(asker).facilities[0].held


@pytest.mark.parametrize(("days_before", "due"), [(15, False), (14, True), (0, True), (-1, True)])
def test_an_override_comes_to_the_queue_two_weeks_before_its_review(
    portal, officer, colleague, not_found, days_before, due
):
    override_id = overridden(portal, officer, colleague, not_found)
    asker = signed_in_on(portal, REVIEW - timedelta(days=days_before), "Ann")
    found = verification.queue(asker, Filters(kind=Kind.REVIEW))
    assert [(row.id, row.submission_id, row.review_on) for row in found.rows] == [(override_id, 1, REVIEW)] * due
    assert found.kinds.get(Kind.REVIEW, 0) == due
    assert verification.queue(asker, Filters(kind=Kind.REVIEW, words="fairwater")).found == due
    assert verification.item(asker, 1).certificates[0].override.due is due
    assert any(str(one.sentence) == "Overrides that are due for review: 1." for one in home.waiting(asker)) is due
    if not due:
        with pytest.raises(Refused, match="is reviewed on 20 May 2027. Come back from 6 May 2027 on."):  # noqa: RUF043
            overrides.propose_again(asker, override_id, 2, "Seen again.", REVIEW + timedelta(days=30))


def test_an_override_for_a_day_waits_for_its_review_only_since_it_stands(portal, officer, colleague, not_found):
    later = at(colleague, NOON + timedelta(minutes=20))
    overrides.agree(later, overrides.propose(officer, 1, 1, 1, "Seen.", NOON.date() + timedelta(days=1)), 1)
    approve(officer, 1)
    (row,) = verification.queue(officer, Filters(kind=Kind.REVIEW)).rows
    assert (row.at, verification.queue(officer).oldest) == (later.at, later.at)


def test_a_lapsed_override_is_proposed_anew_and_the_certificate_counts_again(
    portal, officer, colleague, not_found
):
    override_id = overridden(portal, officer, colleague, not_found)
    with unattended(portal, NOON + (REVIEW - NOON.date())) as work:
        align(work, "night")
    one, other = (signed_in_on(portal, REVIEW, name) for name in ("Ann", "Bea"))
    again = overrides.propose_again(one, override_id, 2, "Seen again.", REVIEW + timedelta(days=30))
    with pytest.raises(Stale):
        overrides.propose_again(other, override_id, 2, "Me too.", REVIEW + timedelta(days=30))
    assert verification.queue(one, Filters(kind=Kind.REVIEW)).rows == ()
    with pytest.raises(Refused, match="another officer has to agree"):
        overrides.agree(one, again, 1)
    overrides.agree(other, again, 1)
    assert rows(portal, select(ClaimOverride.state).order_by(ClaimOverride.id)) == ["ended", "standing"]
    (claim,) = rows(portal, select(CertificateClaim))
    assert (claim.basis, claim.confirmed_on) == ("override", REVIEW)
    mine = operators.my_profile(sign_in_again(portal, not_found, REVIEW))
    assert (mine.state, mine.certificates[0].override_until) == (State.ACTIVE, REVIEW + timedelta(days=30))
    assert verification.queue(one, Filters(kind=Kind.REVIEW)).rows == ()


def test_an_override_that_is_not_prolonged_ends_and_the_listing_is_followed(portal, officer, colleague, not_found):
    override_id = overridden(portal, officer, colleague, not_found)
    asker = signed_in_on(portal, REVIEW - timedelta(days=1), "Ann")
    assert [str(one)[:43] for one in only(asker).at_its_end] == [
        "The certificate stops counting. The listing",
        "Nothing else of the profile counts, so the ",
    ]
    overrides.let_end(asker, override_id, 2)
    assert rows(portal, select(ClaimOverride.state)) == ["ended"]
    assert operators.my_profile(sign_in_again(portal, not_found, REVIEW)).state is State.SUSPENDED
    assert verification.queue(asker).waiting == 0
    with pytest.raises(Refused, match="does not stand any more"):
        overrides.let_end(asker, override_id, 4)


def test_what_was_proposed_anew_ends_with_the_certificate(portal, officer, colleague, not_found):
    override_id = overridden(portal, officer, colleague, not_found)
    one = signed_in_on(portal, REVIEW, "Ann")
    overrides.propose_again(one, override_id, 2, "Seen again.", REVIEW + timedelta(days=30))
    asker = sign_in_again(portal, not_found, REVIEW)
    operators.withdraw(asker, operators.my_profile(asker).version)
    operators.delete_certificate(asker, 1, operators.my_profile(asker).version)
    assert rows(portal, select(ClaimOverride.state)) == ["ended", "ended"]


def sign_in_again(portal, asker, day):
    """The same person on another day."""
    with portal.database.transaction(writes=False) as session:
        login = session.scalars(
            select(LoginSession).where(LoginSession.token_hash == fingerprint(asker.token))
        ).one()
    return sign_in(portal, login.account_id, NOON + (day - NOON.date()))


def test_a_standing_override_stays_visible_on_the_operator_s_later_items(portal, officer, colleague, not_found):
    overrides.agree(colleague, overrides.propose(officer, 1, 1, 1, "Seen.", REVIEW), 1)
    approve(officer, 1)
    assert verification.item(officer, 1).believed == ()
    operators.withdraw(not_found, operators.my_profile(not_found).version)
    add_certificate(not_found, "2")
    operators.submit(not_found, operators.my_profile(not_found).version)
    (believed,) = verification.item(officer, 2).believed
    assert believed.what == "Wastewater treatment, Class II, number 12345"
    assert (believed.override.reason, believed.override.decided_by) == ("Seen.", "Bo Chan")


def test_a_second_certificate_is_refused_while_the_first_is_overridden(portal, officer, colleague):
    listings.stand(portal)
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90012345", 0)
    first, second = add_certificate(asker, "1"), add_certificate(asker, "2")
    operators.submit(asker, operators.my_profile(asker).version)
    overrides.agree(colleague, overrides.propose(officer, 1, 1, first, "Seen.", REVIEW), 1)
    with pytest.raises(Refused, match=r"Wastewater treatment, Class II \(2\) is not in the listing"):
        approve(officer, 1)
    approve(officer, 1, refused={second: "Nobody knows it."})
    assert [one.state for one in operators.my_profile(asker).certificates] == ["confirmed", "refused"]
