"""How the listing bears out what waits, and what a decision rested on a year later; on both databases."""

import threading
from datetime import UTC, date, datetime
from functools import partial

import pytest
from sqlalchemy import select, update

from core.alignment import Basis
from core.comparison import Outcome
from core.roles import Role
from db.alignment.passes import after_listing
from db.gate import unattended
from db.register_schema import ListedLicence
from db.schema import CertificateClaim, Credential, Submission
from db.services import operators, owners, questions, verification
from db.verification import borne_out
from tests.db import aligned, listed
from tests.db import standing_listings as listings
from tests.db.aligned import LATER, LISTED_ON, RENEWED, TODAY, again_signed_in, rest_on
from tests.db.crowded import add, crowd
from tests.db.listed import imported, line
from tests.db.people import NOON, signed_in
from tests.db.profiles import (
    active_operator,
    add_certificate,
    add_facility,
    approve,
    submitted_operator,
    submitted_owner,
)
from tests.db.queued import changes_name, kept, left_out, only, rows, two_certificates
from tests.db.statements import counted

# --- comparing --------------------------------------------------------------------------------------------


def test_without_a_listing_nothing_is_not_found_and_an_approval_is_a_decision(portal, officer):
    submitted_operator(portal)
    assert only(officer).comparison.outcome is Outcome.NOT_COMPARABLE
    approve(officer, 1)
    (claim,) = rows(portal, select(CertificateClaim))
    assert (claim.basis, claim.confirmed_on) == ("decision", date(2026, 11, 20))
    (credential,) = rows(portal, select(Credential))
    assert (credential.source, credential.import_id) == ("decision", None)


def test_what_the_listing_bears_out_exactly_rests_on_it(portal, officer):
    import_id = listings.stand(portal, listings.ROW)
    submitted_operator(portal)
    assert only(officer).comparison.outcome is Outcome.EXACT
    approve(officer, 1)
    (credential,) = rows(portal, select(Credential))
    assert (credential.source, credential.import_id) == ("listing", import_id)
    assert rows(portal, select(CertificateClaim))[0].basis == "listing"


def test_what_differs_is_said_in_words_and_rests_on_the_decision(portal, officer):
    listings.stand(portal, listings.ROW | {"expiry": date(2027, 3, 12), "last_name": "Stillwater"})
    submitted_operator(portal)
    comparison = only(officer).comparison
    assert comparison.outcome is Outcome.DIFFERS
    assert [str(one) for one in comparison.differences] == [
        "Expiry: claimed 12 March 2028, listed 12 March 2027",
        "Name: claimed Robin Fairwater, listed Robin Stillwater: another family name, perhaps a former one",
    ]
    approve(officer, 1)
    assert rows(portal, select(Credential))[0].source == "decision"


def test_a_transposed_number_is_proposed_with_its_distance(portal, officer):
    listings.stand(portal, listings.ROW | {"number": "12354"}, listings.ROW | {"operator_id": "90099999"})
    submitted_operator(portal)
    found = only(officer)
    assert found.comparison.outcome is Outcome.NUMBER_NOT_FOUND
    assert "Number: 12354, two neighbouring signs transposed" in [str(one) for one in found.near[0].words]
    assert len(found.near) == 2


def test_facilities_beside_the_list(portal, officer):
    listings.stand(portal, listings.WORKS, kind="facilities")
    submitted_owner(portal)
    submitted_owner(portal, "Utilities Inc.", "operating_authority")
    assert [only(officer, one).comparison.outcome for one in (1, 2)] == [Outcome.EXACT, Outcome.EXACT]
    assert kept(portal) == ["exact", "exact"]


def test_a_listing_that_begins_and_ceases_to_stand_is_compared_with_all_that_waits(portal, officer):
    submitted_operator(portal)
    submitted_owner(portal)
    assert kept(portal) == ["not comparable", "not comparable"]
    listings.stand(portal, listings.ROW | {"status": "suspended"})
    assert kept(portal) == ["listed suspended", "not comparable"]
    listings.stand(portal)
    assert kept(portal) == ["id not found", "not comparable"]
    assert [one.region for one in rows(portal, select(Submission).order_by(Submission.id))] == ["3556", "3548"]


def test_a_thousand_are_compared_with_no_more_statements_than_ten(portal):
    crowd(portal, 10)
    with counted(portal) as few:
        listings.stand(portal, listings.ROW)
    add(portal, 11, 990)
    with counted(portal) as many:
        listings.stand(portal, listings.ROW)
    assert len(few) == len(many)


def submits_a_certificate(portal):
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90012345", 0)
    add_certificate(asker)
    return partial(operators.submit, asker, operators.my_profile(asker).version)


def submits_a_facility(portal):
    asker = signed_in(portal, Role.OWNER)
    owners.save_organization(asker, "City of North Bay", "municipality", 0)
    add_facility(asker)
    return partial(owners.submit, asker, owners.my_organization(asker).version)


def is_renamed(portal):
    return partial(changes_name, active_operator(portal))


@pytest.mark.parametrize("about_to", [submits_a_certificate, submits_a_facility, is_renamed])
def test_whoever_hands_in_during_an_import_is_compared_with_the_new_listing(portal, officer, about_to):
    act = threading.Thread(target=about_to(portal))
    with unattended(portal, NOON) as work:
        new = listed.stand(work, [line()], TODAY)
        borne_out.recompare(work)
        act.start()
        act.join(timeout=0.5)
        assert act.is_alive()
    act.join(timeout=30)
    (handed_in,) = rows(portal, select(Submission).where(Submission.state == "open"))
    outcomes = {submits_a_certificate: "exact", submits_a_facility: "not comparable", is_renamed: "differs"}
    assert (new.id, handed_in.borne_out) == (1, outcomes[about_to])


@pytest.mark.postgresql  # SQLite has one writer
@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_telephone_number_is_changed_while_a_listing_is_imported(portal, officer):
    asker = active_operator(portal)
    with unattended(portal, NOON) as work:
        listed.stand(work, [line()], TODAY)
        changes_name(asker, family_name="Fairwater")


def test_a_row_that_could_not_be_read_is_not_called_missing_and_takes_one_officer(portal, officer):
    submitted_operator(portal)
    submitted_operator(portal, "90055555", "5")
    listings.stand(portal)
    left_out(portal, operator_id="90012345", number="12345")
    with unattended(portal, NOON) as work:
        borne_out.recompare(work)
    assert kept(portal) == ["not comparable", "id not found"]
    one = only(officer)
    assert (one.comparison.outcome, one.near, one.needs_override) == (Outcome.NOT_COMPARABLE, (), False)
    assert [str(said) for said in one.comparison.differences] == [
        "The listing of 1 November 2026 has a row for it that could not be read: Expiry 03/04/2028 is ambiguous."
    ]
    approve(officer, 1)
    assert rows(portal, select(CertificateClaim.basis).order_by(CertificateClaim.id)) == ["decision", ""]


def test_a_row_that_could_be_read_is_compared_although_another_was_not(portal, officer):
    submitted_operator(portal)
    listings.stand(portal, listings.ROW)
    left_out(portal, operator_id="90012345")
    assert only(officer).comparison.outcome is Outcome.EXACT


# --- what was confirmed before ----------------------------------------------------------------------------


@pytest.fixture
def confirmed_by_a_listing(portal, officer):
    imported(portal, line(), listed_on=TODAY, at=NOON)
    return active_operator(portal)


def test_what_the_listing_has_renewed_is_verified_anew_as_it_stands(portal, confirmed_by_a_listing):
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    changes_name(again_signed_in(portal))
    officer = signed_in(portal, Role.OFFICER, at=datetime(2030, 1, 1, 17, tzinfo=UTC))
    one = only(officer, 2)
    assert one.licence.expiry == RENEWED
    assert one.flags == ()  # what was entered has expired by then
    assert [str(said) for said in one.comparison.differences] == [
        "Name: claimed Robin Riverton, listed Robin Fairwater: another family name, perhaps a former one"
    ]


def test_what_a_listing_renews_while_it_is_verified_anew_is_compared_as_it_stands(portal, confirmed_by_a_listing):
    changes_name(confirmed_by_a_listing)
    with unattended(portal, LATER) as work:
        after_listing(work, listed.stand(work, [line(expiry=RENEWED)], LISTED_ON), "import")
        borne_out.recompare(work)
    one = only(signed_in(portal, Role.OFFICER, at=LATER), 2)
    assert one.licence.expiry == RENEWED
    assert len(one.comparison.differences) == 1  # the name


def test_what_a_lapsed_override_has_left_to_the_listing_stays_as_listed(portal):
    active_operator(portal)
    rest_on(portal, Basis.OVERRIDE, review_on=LISTED_ON)
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    changes_name(again_signed_in(portal))
    with portal.database.transaction(writes=True) as session:
        session.execute(update(ListedLicence).values(last_name="Riverton"))
    officer = signed_in(portal, Role.OFFICER, at=LATER)
    assert only(officer, 2).comparison.outcome is Outcome.EXACT
    approve(officer, 2)
    assert [expiry for _, _, expiry, _, until in aligned.standing(portal) if until == date.max] == [RENEWED]


# --- a year later -----------------------------------------------------------------------------------------


def shown_of(officer, submission_id):
    found = only(officer, submission_id)
    differences = [str(one) for one in found.comparison.differences]
    return found.comparison.outcome, differences, found.listed_on, [one.distance for one in found.near]


def test_what_a_decision_rested_on_stays_whatever_is_listed_later(portal, officer):
    listings.stand(portal, listings.ROW | {"expiry": date(2027, 3, 12)})
    submitted_operator(portal)
    before = shown_of(officer, 1)
    approve(officer, 1)
    listings.stand(portal, listed_on=date(2026, 11, 15))
    assert shown_of(officer, 1) == before
    assert before == (
        Outcome.DIFFERS, ["Expiry: claimed 12 March 2028, listed 12 March 2027"], listings.LISTED_ON, []
    )  # fmt: skip
    assert only(officer).comparison.licence.licence.expiry == date(2027, 3, 12)
    (row,) = rows(portal, select(Submission))
    assert row.compared["1"]["import"] == 1


def test_so_do_near_matches_and_a_return(portal, officer):
    listings.stand(portal, listings.ROW | {"number": "12354"})
    submitted_operator(portal)
    before = only(officer)
    verification.return_(officer, 1, 1, "Which number is it?")
    listings.none_stands(portal)
    after = only(officer)
    assert (after.comparison, after.listed_on) == (before.comparison, listings.LISTED_ON)
    assert [(one.row, one.distance, str(one.words[1])) for one in after.near] == [
        (one.row, one.distance, str(one.words[1])) for one in before.near
    ]


def test_so_do_facilities_and_what_there_was_no_listing_for(portal, officer):
    listings.stand(portal, listings.WORKS | {"latitude": 46.3, "longitude": -79.4}, kind="facilities")
    submitted_owner(portal)
    submitted_operator(portal)
    before = only(officer).comparison
    approve(officer, 1)
    approve(officer, 2)
    listings.stand(portal, kind="facilities")
    assert only(officer).comparison == before
    assert only(officer, 2).comparison.outcome is Outcome.NOT_COMPARABLE
    assert only(officer, 2).listed_on is None


def test_what_was_decided_alone_keeps_the_listing_of_that_moment(portal, officer):
    two_certificates(portal)
    verification.confirm_one(officer, 1, 1, 1)
    renewed = listings.ROW | {"expiry": date(2029, 3, 12)}
    listings.stand(portal, renewed, listings.ROW | {"number": "2"}, listed_on=date(2026, 11, 15))
    approve(officer, 1)
    shown = verification.item(officer, 1).certificates
    assert [(one.comparison.outcome, one.listed_on) for one in shown] == [
        (Outcome.EXACT, listings.LISTED_ON),
        (Outcome.EXACT, date(2026, 11, 15)),
    ]


def test_questions_about_the_same_certificate_are_shown_on_later_submissions(portal, officer):
    asker = submitted_operator(portal)
    questions.answer(asker, questions.ask(officer, 1, 1, 1, "Which owner?"), "North Bay.")
    verification.return_(officer, 1, 3, "Write it down.")
    operators.submit(asker, operators.my_profile(asker).version)
    questions.ask(officer, 2, 1, 1, "Since when?")
    assert [(one.question, one.answer) for one in only(officer, 2).questions] == [
        ("Which owner?", "North Bay."),
        ("Since when?", ""),
    ]
    assert [one.question for one in only(officer, 1).questions] == ["Which owner?"]
