"""The queues beside the listing: comparing, overrides, questions, taking, approving at once; on both databases."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, update

from core.alignment import Basis
from core.comparison import Outcome
from core.licences import LicenceType
from core.listing_rows import BadRow
from core.problems import Refused
from core.profiles import ClaimState, State, SubmissionState
from core.queue import Filters, Kind, Place, Stage, Subject
from core.roles import Role
from core.sentences import Sentence
from db.alignment.passes import after_listing, align
from db.gate import Stale, unattended
from db.keys import fingerprint
from db.law_schema import ClassificationApplication
from db.mail import mails
from db.ministry_listings import views
from db.register_schema import (
    AlignmentRun,
    ClaimOverride,
    ClaimQuestion,
    Discrepancy,
    ListedLicence,
    ListingImport,
)
from db.schema import (
    Account,
    AccountRole,
    AuditEntry,
    CertificateClaim,
    Credential,
    LoginSession,
    OperatorProfile,
    OutgoingMail,
    Submission,
)
from db.services import (
    applications,
    assignments,
    bulk_approval,
    decisions,
    discrepancies,
    files,
    home,
    operators,
    overrides,
    own_account,
    owners,
    questions,
    reason_templates,
    search,
    verification,
)
from db.verification import borne_out, facility_overrides, queue_listing
from tests.core.test_files import PDF
from tests.db import aligned, listed
from tests.db import standing_listings as listings
from tests.db.aligned import LATER, LISTED_ON, RENEWED, TODAY, again_signed_in, rest_on
from tests.db.crowded import add, crowd
from tests.db.filed import filed
from tests.db.listed import imported, line
from tests.db.people import NOON, at, sign_in, signed_in
from tests.db.profiles import (
    FACILITY,
    active_operator,
    active_owner,
    add_certificate,
    add_facility,
    approve,
    set_availability,
    submitted_operator,
    submitted_owner,
)
from tests.db.searchable import TIMMINS, criteria
from tests.db.statements import counted

REVIEW = date(2027, 5, 20)


@pytest.fixture
def officer(portal):
    return signed_in(portal, Role.OFFICER, given_name="Olga", family_name="Office")


@pytest.fixture
def colleague(portal):
    return signed_in(portal, Role.OFFICER, given_name="Bo", family_name="Chan")


def rows(portal, query):
    with portal.database.transaction(writes=False) as session:
        return session.scalars(query).all()


def only(officer, submission_id=1):
    return verification.item(officer, submission_id).claims[0]


def submission(one):
    return Place(Subject.SUBMISSION, one)


def ways(officer, place, filters=Filters()):  # noqa: B008 - frozen
    """The places before and after one."""
    around = assignments.around(officer, place, filters)
    return around.previous, around.next


def handled(officer, place):
    return assignments.around(officer, place).handling


def kept(portal):
    return [one.borne_out for one in rows(portal, select(Submission).order_by(Submission.id))]


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


def left_out(portal, **row):
    """The standing listing has this row too, which could not be read."""
    bad = BadRow(9, (Sentence("Expiry {text} is ambiguous.", text="03/04/2028"),), **row)
    with portal.database.transaction(writes=True) as session:
        session.execute(update(ListingImport).values(left_out=views.to_json([bad])))


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


# --- what was confirmed before -----------------------------------------------------------------------------


def changes_name(asker, family_name="Riverton"):
    own_account.change_details(
        asker, own_account.own_account(asker).version,
        given_name="Robin", family_name=family_name, telephone="705 555 0100", municipality="Timmins",
        language="en",
    )  # fmt: skip


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


# --- the list ---------------------------------------------------------------------------------------------


def test_filters_by_outcome_region_and_stage(portal, officer, colleague):
    listings.stand(portal, listings.ROW)
    submitted_operator(portal)
    submitted_operator(portal, "90055555", "5")
    submitted_owner(portal)
    assignments.take(officer, submission(1), 1)
    assignments.take(colleague, submission(2), 1)

    def ids(**filters):
        return [row.submission_id for row in verification.queue(officer, Filters(**filters)).rows]

    assert ids(outcome="exact") == [1]
    assert ids(outcome="id not found") == [2]
    assert ids(region="3548") == [3]
    assert ids(stage="mine") == [1]
    assert ids(stage="others") == [2]
    assert ids(stage="free") == [3]
    assert ids(stage="decided") == []
    queue = verification.queue(officer)
    assert queue.stages == {"mine": 1, "others": 1, "free": 1}
    assert queue.outcomes == {"exact": 1, "id not found": 1, "not comparable": 1}
    approve(officer, 1)
    assert ids(stage="decided") == [1]
    assert verification.queue(officer, Filters(stage="decided")).rows[0].state is SubmissionState.APPROVED
    assert ids(stage="decided", kind="owner") == ids(stage="decided", words="nobody") == []


@pytest.mark.parametrize(
    "words", ["Élodie", "ELODIE", "elodie", "Côté Élodie", "cote elo", "sørensen", "Sorensen"]
)
def test_names_are_found_without_accents_and_in_either_order(portal, officer, words):
    submitted_operator(portal, given_name="Élodie", family_name="Côté-Sørensen")
    submitted_operator(portal, "90055555", "5")
    (row,) = verification.queue(officer, Filters(words=words)).rows
    assert row.submission_id == 1


def test_owners_and_facilities_are_found_without_accents(portal, officer):
    facility = replace(FACILITY, name="Étang de l'Île", ministry_number="22%0A")
    asker = submitted_owner(portal, "École des eaux", facility=facility)
    submitted_owner(portal, "City Two", facility=replace(FACILITY, ministry_number="7"))
    for words in ("ecole", "ÉTANG", "lile", "22%0-a"):
        assert verification.queue(officer, Filters(words=words)).found == 1, words
    for words in ("—", "22_0A", "nobody"):
        assert verification.queue(officer, Filters(words=words)).found == 0, words
    approve(officer, 1)
    assert [one.name for one in decisions.facilities(officer, "etang").rows] == ["Étang de l'Île"]
    assert [one.name for one in decisions.facilities(officer, "22%0-a").rows] == ["Étang de l'Île"]
    owners.withdraw(asker, owners.my_organization(asker).version)
    owners.save_organization(asker, "Lacs Łódź", "first_nation", owners.my_organization(asker).version)
    owners.submit(asker, owners.my_organization(asker).version)
    assert verification.queue(officer, Filters(words="lodz")).found == 1


def test_another_organization_of_the_name_is_flagged_whatever_its_accents(portal, officer):
    submitted_owner(portal, "École des eaux")
    submitted_owner(portal, "ecole-des Eaux", facility=replace(FACILITY, ministry_number="77"))
    assert [str(flag.sentence) for flag in verification.item(officer, 2).flags] == [
        "Another organization on the portal has this name: École des eaux."
    ]


def test_a_filter_by_type_finds_certificates_and_works(portal, officer, colleague):
    one_of_each(portal, officer, colleague)
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90066666", 0)
    add_certificate(asker, "6", LicenceType.WATER_TREATMENT)
    operators.submit(asker, operators.my_profile(asker).version)
    submitted_owner(portal, "City Two", facility=replace(FACILITY, ministry_number="7"))

    def kinds(**filters):
        return verification.queue(officer, Filters(**filters)).found, verification.queue(
            officer, Filters(**filters)
        ).rows

    found, _ = kinds(type="wastewater_treatment")
    assert found == 5  # an operator, its override, an owner, an application, a difference
    found, (row,) = kinds(type="water_treatment")
    assert (found, row.operator_id) == (1, "90066666")
    assert kinds(type="water_treatment", kind="owner")[0] == 0
    assert kinds(type="wastewater_treatment", stage="decided")[0] == 2
    assert kinds(type="water_treatment", stage="decided")[0] == 0


def test_a_filter_by_type_finds_what_was_handed_in_and_nothing_else_of_the_profile(portal, officer):
    asker = active_operator(portal)
    operators.withdraw(asker, operators.my_profile(asker).version)
    add_certificate(asker, "6", LicenceType.WATER_DISTRIBUTION)
    operators.submit(asker, operators.my_profile(asker).version)

    def ids(**filters):
        return [row.submission_id for row in verification.queue(officer, Filters(**filters)).rows]

    distribution, treatment = {"type": "water_distribution"}, {"type": "wastewater_treatment"}
    assert (ids(**distribution), ids(**treatment)) == ([2], [])
    verification.refuse_one(officer, 2, 1, 2, "Not on the certificate.")
    assert ids(**distribution) == [2]
    verification.return_(officer, 2, 2, "See the certificate.")
    assert (ids(**distribution, stage="decided"), ids(**treatment, stage="decided")) == ([2], [1])


def test_what_is_verified_anew_is_found_by_what_was_confirmed_before(portal, officer):
    changes_name(active_operator(portal))
    found = verification.queue(officer, Filters(type="wastewater_treatment"))
    assert [row.submission_id for row in found.rows] == [2]


def test_who_claims_the_same_comes_together_and_beside_one_another(portal, officer):
    submitted_operator(portal, "90011111", "777", given_name="Ann", family_name="One")
    submitted_owner(portal)
    submitted_operator(portal, "90022222", "777", given_name="Bo", family_name="Two")
    assert [(row.submission_id, row.same) for row in verification.queue(officer).rows] == [
        (1, (3,)),
        (3, (1,)),
        (2, ()),
    ]
    item = verification.item(officer, 3)
    assert [(one.submission_id, one.name) for one in item.certificates[0].rivals] == [(1, "Ann One")]
    assert ways(officer, submission(3)) == (submission(1), submission(2))
    submitted_owner(portal, "City Two")
    assert [one.name for one in only(officer, 2).rivals] == ["City Two"]


def test_works_without_a_number_come_together_by_their_name_or_place(portal, officer):
    band = {"ministry_number": "", "letter_date": NOON.date(), "letter_reference": "BCR 7"}
    works = (("Garden Village", 46.31, -79.95), ("Other", 44.0, -80.0), ("garden-village", 50.0, -90.0))
    for name, latitude, longitude in works:
        asker = signed_in(portal, Role.OWNER)
        owners.save_organization(asker, f"Band of {name}", "first_nation", 0)
        letter = files.upload(asker, "letter.pdf", PDF)
        add_facility(asker, name=name, latitude=latitude, longitude=longitude, letter_file_id=letter, **band)
        owners.submit(asker, owners.my_organization(asker).version)
    submitted_owner(portal, "City", facility=replace(FACILITY, latitude=46.3101, longitude=-79.9501))
    same = {row.submission_id: row.same for row in verification.queue(officer).rows}
    assert same == {1: (3, 4), 3: (1, 4), 4: (1, 3), 2: ()}
    assert [row.submission_id for row in verification.queue(officer).rows] == [1, 3, 4, 2]


def test_next_and_previous_stay_within_the_filters(portal, officer):
    for number in ("1", "2", "3"):
        submitted_operator(portal, f"9001234{number}", number)
    submitted_owner(portal)
    owned = Filters(kind="operator")
    assert ways(officer, submission(3), owned) == (submission(2), submission(1))
    assert ways(officer, submission(4), owned) == (None, submission(1))


def one_of_each(portal, officer, colleague):
    """A submission with an override that waits, an application and a difference: their places."""
    found = listings.differ(portal, operators.my_profile(active_operator(portal)))
    application = filed(active_owner(portal))
    submitted_operator(portal, "90055555", "5")
    overrides.propose(officer, 3, 1, 2, "I have seen the card.", REVIEW)
    return submission(3), Place(Subject.APPLICATION, application), Place(Subject.DISCREPANCY, found)


@pytest.mark.parametrize("kind", [Kind.OVERRIDE, Kind.APPLICATION, Kind.DISCREPANCY])
def test_next_and_previous_work_for_every_kind(portal, officer, colleague, kind):
    waits, application, difference = one_of_each(portal, officer, colleague)
    alone = Filters(kind=kind)
    here = {Kind.OVERRIDE: waits, Kind.APPLICATION: application, Kind.DISCREPANCY: difference}[kind]
    assert ways(officer, here, alone) == (None, None)
    assert ways(officer, submission(1), alone) == (None, here)
    all_of_it = [application, difference, waits]
    order = [(None, all_of_it[1]), (all_of_it[0], all_of_it[2]), (all_of_it[1], all_of_it[0])]
    assert [ways(officer, one) for one in all_of_it] == order


def test_next_and_previous_work_among_what_is_decided_the_latest_first(portal, officer):
    for number in (1, 2, 3):
        submitted_operator(portal, f"9001234{number}", str(number))
        approve(at(officer, NOON + timedelta(minutes=number)), number)
    decided = Filters(stage=Stage.DECIDED)
    assert ways(officer, submission(3), decided) == (None, submission(2))
    assert ways(officer, submission(2), decided) == (submission(3), submission(1))
    assert ways(officer, submission(1), Filters(stage=Stage.DECIDED, kind=Kind.OWNER)) == (None, None)


@pytest.mark.parametrize("subject", [Subject.APPLICATION, Subject.DISCREPANCY])
def test_applications_and_differences_say_who_has_opened_them_and_are_taken_too(
    portal, officer, colleague, subject
):
    _, application, difference = one_of_each(portal, officer, colleague)
    place = application if subject is Subject.APPLICATION else difference
    if place == application:
        applications.application(officer, place.id)
        decide = partial(applications.return_, application_id=place.id, reasons="The fee is missing.")
    else:
        discrepancies.discrepancy(officer, place.id)
        decide = partial(discrepancies.keep, discrepancy_id=place.id, reasons="The card says 2028.")
    later = at(colleague, NOON + timedelta(minutes=3))
    assert handled(later, place).opened.by == "Olga Office"
    assignments.take(officer, place, 1)
    seen = handled(colleague, place)
    assert (seen.taken_by, seen.taken_by_me, seen.taken_at) == ("Olga Office", False, NOON)
    assert list(verification.queue(colleague, Filters(stage="others")).taken.values()) == ["Olga Office"]
    noun = "application" if place == application else "difference"
    for act in (partial(assignments.take, place=place), decide):
        with pytest.raises(Refused, match=f"Olga Office has taken this {noun}"):
            act(later, version=2)
    mine = next(one for one in assignments.officers(colleague) if one.is_asker)
    assignments.give_to(colleague, place, 2, mine.account_id)
    assignments.give_back(colleague, place, 3)
    with pytest.raises(Stale, match="changed by Bo Chan"):
        decide(officer, version=3)
    decide(officer, version=4)
    with pytest.raises(Refused, match=f"This {noun} waits no more"):
        assignments.take(colleague, place, 5)
    with pytest.raises(Refused, match=f"There is no {noun} 77"):
        assignments.take(colleague, Place(subject, 77), 1)


def test_nobody_takes_their_own_difference_or_application(portal, officer, colleague):
    _, application, difference = one_of_each(portal, officer, colleague)
    with portal.database.transaction(writes=True) as session:
        handed_in_by = session.get_one(ClassificationApplication, application.id).submitted_by
        person = session.scalars(select(OperatorProfile.person_id).order_by(OperatorProfile.id)).first()
        holder = session.scalars(select(Account.id).where(Account.person_id == person)).one()
        for account_id in (handed_in_by, holder):
            session.add(AccountRole(account_id=account_id, role=Role.OFFICER, granted_at=NOON))
    for account_id, place in ((handed_in_by, application), (holder, difference)):
        with pytest.raises(Refused, match="is your own"):
            assignments.take(sign_in(portal, account_id), place, 1)


def test_nobody_waits_while_an_item_or_the_queue_is_read_and_each_look_is_recorded(
    portal, officer, colleague, monkeypatch
):
    listings.stand(portal, listings.ROW | {"number": "12354"})
    submitted_operator(portal)
    titles = iter(("Meanwhile", "Meanwhile too"))

    def slowly(module, name):
        real = getattr(module, name)

        def read(*given):
            reason_templates.add(colleague, next(titles), "Written while the other one is still reading.")
            return real(*given)

        monkeypatch.setattr(module, name, read)

    slowly(borne_out, "near_licences")
    assert only(officer).near
    slowly(queue_listing, "page_of")
    assert verification.queue(officer).found == 1
    seen = select(AuditEntry.action).where(AuditEntry.action.in_(("submission.seen", "queue.seen")))
    assert rows(portal, seen.order_by(AuditEntry.id)) == ["submission.seen", "queue.seen"]


def looked_at(portal):
    """What the last look recorded beside its subject."""
    (entry,) = rows(portal, select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))
    return entry.action, entry.subject_id, entry.details


def test_a_look_at_the_queue_names_every_submission_override_and_difference_that_it_showed(
    portal, officer, colleague
):
    waits, _application, difference = one_of_each(portal, officer, colleague)
    (override,) = rows(portal, select(ClaimOverride.id))
    verification.queue(officer)
    nothing = {"submissions": [], "overrides": [], "discrepancies": [], "profiles": []}
    shown = {"submissions": [waits.id], "overrides": [override], "discrepancies": [difference.id]}
    assert looked_at(portal) == ("queue.seen", None, nothing | shown)
    verification.queue(officer, Filters(kind=Kind.OVERRIDE))
    assert looked_at(portal) == ("queue.seen", None, nothing | {"overrides": [override]})
    verification.queue(officer, Filters(kind=Kind.APPLICATION))
    assert looked_at(portal) == ("queue.seen", None, nothing)


def test_a_look_at_the_queue_names_an_override_that_is_due_for_review(portal, officer, colleague, not_found):
    override_id = overridden(portal, officer, colleague, not_found)
    verification.queue(signed_in_on(portal, REVIEW, "Ann"), Filters(kind=Kind.REVIEW))
    assert looked_at(portal)[2]["overrides"] == [override_id]


def test_a_look_at_an_item_names_who_else_it_showed(portal, officer):
    submitted_operator(portal, "90011111", "777", given_name="Ann", family_name="One")
    submitted_operator(portal, "90022222", "777", given_name="Bo", family_name="Two")
    submitted_operator(portal, "90011111", "888", given_name="Cy", family_name="Three")
    for one, rivals, named in ((1, [2], [2, 3]), (2, [1], [1]), (3, [], [1])):
        verification.item(officer, one)
        assert looked_at(portal) == ("submission.seen", one, {"rivals": rivals, "profiles": named})
    verification.queue(officer)
    assert looked_at(portal)[2]["profiles"] == [1, 2, 3]
    approve(officer, 1)
    verification.item(officer, 2)  # “is confirmed for Ann One already”
    assert looked_at(portal)[2] == {"rivals": [], "profiles": [1]}


def test_a_look_at_an_item_names_the_other_owner_s_submission(portal, officer):
    submitted_owner(portal)
    submitted_owner(portal, "City Two")
    verification.item(officer, 1)
    assert looked_at(portal) == ("submission.seen", 1, {"rivals": [2], "profiles": []})


def test_an_item_opened_by_a_colleague_says_so_for_a_quarter_of_an_hour(portal, officer, colleague):
    submitted_operator(portal)
    verification.item(officer, 1)
    assert handled(officer, submission(1)).opened is None
    opened = handled(at(colleague, NOON + timedelta(minutes=3)), submission(1)).opened
    assert (opened.by, opened.at) == ("Olga Office", NOON)
    assert handled(at(colleague, NOON + timedelta(minutes=16)), submission(1)).opened is None


# --- taking -----------------------------------------------------------------------------------------------


def test_what_is_taken_is_decided_by_who_took_it_until_it_is_given(portal, officer, colleague):
    submitted_operator(portal)
    assignments.take(officer, submission(1), 1)
    with pytest.raises(Stale, match="changed by Olga Office"):
        verification.approve(colleague, 1, 1)
    with pytest.raises(Refused, match="Olga Office has taken this submission"):
        verification.approve(colleague, 1, 2)
    for act in (assignments.take, assignments.give_back):
        with pytest.raises(Refused, match="Olga Office has taken this submission"):
            act(colleague, submission(1), 2)
    mine = next(one for one in assignments.officers(colleague) if one.is_asker)
    assert mine.name == "Bo Chan"
    assignments.give_to(colleague, submission(1), 2, mine.account_id)
    assert handled(officer, submission(1)).taken_by == "Bo Chan"
    assignments.give_back(colleague, submission(1), 3)
    verification.approve(officer, 1, 4)


def test_it_is_given_to_officers_alone(portal, officer):
    submitted_operator(portal)
    with pytest.raises(Refused, match="no officer"):
        assignments.give_to(officer, submission(1), 1, 2)  # the operator's account


# --- overrides --------------------------------------------------------------------------------------------


@pytest.fixture
def not_found(portal):
    listings.stand(portal, listings.ROW | {"operator_id": "90099999"})
    return submitted_operator(portal)


def test_what_the_listing_does_not_have_is_confirmed_by_two_officers_alone(portal, officer, colleague, not_found):
    with pytest.raises(Refused, match="is not in the listing"):
        approve(officer, 1)
    override_id = overrides.propose(officer, 1, 1, 1, "I have seen the card.", REVIEW)
    with pytest.raises(Refused, match="waits for its second officer"):
        approve(officer, 1)
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


def overridden(portal, officer, colleague, not_found):
    """The id of an override that stands until its review, of a profile that is approved."""
    override_id = overrides.propose(officer, 1, 1, 1, "I have seen the card.", REVIEW)
    overrides.agree(colleague, override_id, 1)
    approve(officer, 1)
    return override_id


def signed_in_on(portal, day, name):
    return signed_in(portal, Role.OFFICER, at=NOON + (day - NOON.date()), given_name=name, family_name="Later")


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


# --- questions --------------------------------------------------------------------------------------------


def test_a_question_is_mailed_answered_and_shown(portal, officer):
    asker = submitted_operator(portal)
    with pytest.raises(Refused, match="Write the question"):
        questions.ask(officer, 1, 1, 1, " ")
    asked = questions.ask(officer, 1, 1, 1, "Which owner is it for?")
    mail = rows(portal, select(OutgoingMail).order_by(OutgoingMail.id.desc()))[0]
    assert (mail.template, mail.values["question"]) == ("question_asked", "Which owner is it for?")
    assert verification.queue(officer).stages == {"free": 1, "question": 1}
    (mine,) = questions.to_me(asker)
    assert (mine.question, mine.about) == (
        "Which owner is it for?",
        "Wastewater treatment, Class II, number 12345",
    )
    other = signed_in(portal, Role.OPERATOR)
    assert questions.to_me(other) == ()
    with pytest.raises(Refused, match=f"There is no question {asked} to you"):
        questions.answer(other, asked, "Mine.")
    seen = verification.item(officer, 1).version
    questions.answer(asker, asked, "North Bay.")
    with pytest.raises(Refused, match="answered already"):
        questions.answer(asker, asked, "Sudbury.")
    with pytest.raises(Stale, match="changed by Robin Fairwater"):
        verification.approve(officer, 1, seen)
    assert only(officer).questions[0].answer == "North Bay."
    assert verification.queue(officer, Filters(stage=Stage.ANSWERED)).found == 1
    assert questions.to_me(asker) == ()
    approve(officer, 1)


def answers_told(portal):
    with portal.database.transaction(writes=False) as session:
        told = select(OutgoingMail).where(OutgoingMail.template == "question_answered").order_by(OutgoingMail.id)
        return [(mail.account_id, mail.values["submission"]) for mail in session.scalars(told)]


def test_whoever_asked_is_told_of_each_answer_by_mail_while_still_an_officer(portal, officer, colleague):
    asker = submitted_operator(portal)
    asked = [questions.ask(who, 1, version, 1, "Which?") for version, who in enumerate((officer, colleague), 1)]
    first, second = rows(portal, select(ClaimQuestion.asked_by).order_by(ClaimQuestion.id))
    questions.answer(asker, asked[0], "North Bay.")
    assert answers_told(portal) == [(first, "1")]
    with portal.database.transaction(writes=True) as session:
        session.execute(update(AccountRole).where(AccountRole.account_id == second).values(ended_at=NOON))
    questions.answer(asker, asked[1], "Sudbury.")
    assert answers_told(portal) == [(first, "1")]
    with portal.database.transaction(writes=False) as session:
        (mail,) = session.scalars(select(OutgoingMail).where(OutgoingMail.template == "question_answered"))
        said = mails.render(mail, None, portal.settings).text
    assert "Robin Fairwater has answered your question about submission 1." in said
    assert f"{portal.settings.public_url}/queue?stage=answered" in said


def test_a_question_to_an_owner_is_moot_once_it_is_decided(portal, officer):
    asker = submitted_owner(portal)
    asked = questions.ask(officer, 1, 1, 1, "Which is it?")
    assert questions.to_me(asker)[0].about == "North Bay WPCP 2200A"
    approve(officer, 1)
    assert questions.to_me(asker) == ()
    with pytest.raises(Refused, match="needs no answer"):
        questions.answer(asker, asked, "This one.")
    assert owners.my_organization(asker).state is State.ACTIVE


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


# --- one by one -------------------------------------------------------------------------------------------


def two_certificates(portal):
    listings.stand(portal, listings.ROW, listings.ROW | {"number": "2"})
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90012345", 0)
    add_certificate(asker, "12345"), add_certificate(asker, "2")
    operators.submit(asker, operators.my_profile(asker).version)
    return asker


def mails_since_submission(portal):
    return rows(portal, select(OutgoingMail.template).order_by(OutgoingMail.id))[1:]


def test_one_certificate_is_confirmed_while_a_question_about_the_other_is_open(portal, officer):
    asker = two_certificates(portal)
    asked = questions.ask(officer, 1, 1, 2, "Which owner is it for?")
    verification.confirm_one(officer, 1, 2, 1)
    with pytest.raises(Refused, match="is confirmed already"):
        verification.confirm_one(officer, 1, 3, 1)
    with pytest.raises(Refused, match="is not part of this submission"):
        verification.confirm_one(officer, 1, 3, 9)
    assert [one.state for one in operators.my_profile(asker).certificates] == ["confirmed", "waiting"]
    assert [row.submission_id for row in verification.queue(officer, Filters(stage=Stage.QUESTION)).rows] == [1]
    with unattended(portal, NOON + timedelta(hours=12)) as work:
        assert align(work, "night") is None  # by the Operator ID, which is confirmed with it
    questions.answer(asker, asked, "North Bay.")
    verification.refuse_one(officer, 1, 4, 2, "It is North Bay's own.\r\n")
    assert mails_since_submission(portal) == ["question_asked", "question_answered"]
    approve(officer, 1)
    mine = operators.my_profile(asker)
    assert (mine.state, [one.state for one in mine.certificates]) == (State.ACTIVE, ["confirmed", "refused"])
    assert len(rows(portal, select(Credential))) == 1
    mail = rows(portal, select(OutgoingMail).order_by(OutgoingMail.id.desc()))[0]
    assert mail.template == "profile_approved"
    assert mail.values["refused"] == [["Wastewater treatment, Class II (2)", "It is North Bay's own."]]


def test_what_was_refused_by_itself_is_told_with_a_return_and_may_be_confirmed_before(portal, officer, colleague):
    asker = two_certificates(portal)
    with pytest.raises(Refused, match="Write the reason"):
        verification.refuse_one(officer, 1, 1, 2, " ")
    verification.refuse_one(officer, 1, 1, 2, "Not on the card.")
    with pytest.raises(Stale, match="changed by Olga Office"):
        verification.confirm_one(colleague, 1, 1, 2)
    verification.confirm_one(colleague, 1, 2, 2)
    verification.refuse_one(colleague, 1, 3, 1, "Not on the card.")
    verification.return_(colleague, 1, 4, "Mend it.")
    assert [one.state for one in operators.my_profile(asker).certificates] == ["refused", "confirmed"]
    mail = rows(portal, select(OutgoingMail).order_by(OutgoingMail.id.desc()))[0]
    assert (mail.template, mail.values["reasons"]) == ("profile_returned", "Mend it.")
    assert mail.values["refused"] == [["Wastewater treatment, Class II (12345)", "Not on the card."]]


def test_one_alone_takes_two_officers_too_where_the_listing_does_not_have_it(portal, officer):
    two_certificates(portal)
    listings.stand(portal, listings.ROW)
    with pytest.raises(Refused, match=r"\(2\) is not in the listing"):
        verification.confirm_one(officer, 1, 1, 2)
    verification.confirm_one(officer, 1, 1, 1)


def test_one_facility_is_confirmed_alone(portal, officer):
    active_owner(portal, "Former Owner")
    asker = signed_in(portal, Role.OWNER)
    owners.save_organization(asker, "City Two", "municipality", 0)
    for number in ("2200-A", "7"):
        add_facility(asker, ministry_number=number)
    owners.submit(asker, owners.my_organization(asker).version)
    with pytest.raises(Refused, match="Say that it changes hands"):
        verification.confirm_one(officer, 2, 1, 2)
    verification.confirm_one(officer, 2, 1, 2, transfer=True)
    assert [one.state for one in owners.my_organization(asker).facilities] == ["confirmed", "waiting"]


# --- at once ----------------------------------------------------------------------------------------------


def test_exact_matches_are_approved_each_by_itself_and_the_others_left_with_why(portal, officer, colleague):
    people = [("90012345", "12345"), ("90012346", "2"), ("90012347", "3"), ("90012348", "4"), ("90012349", "4")]
    listings.stand(portal, *(listings.ROW | {"operator_id": one, "number": number} for one, number in people))
    for one, number in people:
        submitted_operator(portal, one, number)
    submitted_operator(portal, "90077777", "7")
    assignments.take(colleague, submission(3), 1)
    preview = bulk_approval.exact_matches(officer)
    assert [one.submission_id for one in preview.ready] == [1, 2]
    assert {one.submission_id: str(one.why_not) for one in preview.left_out} == {
        3: "Somebody else has taken it.",
        4: "The same number and type is also claimed by “Robin Fairwater”.",
        5: "The same number and type is also claimed by “Robin Fairwater”.",
    }
    assert preview.total == 5
    verification.return_(colleague, 2, 1, "Not so fast.")
    told = []
    done = bulk_approval.approve_all_exact(officer, preview.ready, told.append)
    assert (done.approved, told) == (1, [1, 2])
    assert [(match.submission_id, "changed by Bo Chan" in why) for match, why in done.left] == [(2, True)]
    with pytest.raises(Refused, match="There is something to know"):
        bulk_approval.approve_if_exact(officer, 4, 1)
    with pytest.raises(Refused, match="does not bear it out exactly"):
        bulk_approval.approve_if_exact(officer, 6, 1)


def test_what_has_an_open_question_is_not_approved_at_once(portal, officer):
    two_certificates(portal)
    submitted_operator(portal, "90012399", "9")
    listings.stand(portal, *(listings.ROW | {"number": number} for number in ("12345", "2")))
    asked = questions.ask(officer, 1, 1, 2, "Which owner is it for?")
    preview = bulk_approval.exact_matches(officer)
    assert [(one.submission_id, str(one.why_not)) for one in preview.left_out] == [
        (1, "A question about it is not answered yet.")
    ]
    with pytest.raises(Refused, match="A question about it is not answered yet"):
        bulk_approval.approve_if_exact(officer, 1, 2)
    questions.answer(sign_in(portal, submitter(portal, 1)), asked, "North Bay.")
    assert [one.submission_id for one in bulk_approval.exact_matches(officer).ready] == [1]
    bulk_approval.approve_if_exact(officer, 1, 3)


def submitter(portal, submission_id):
    with portal.database.transaction(writes=False) as session:
        return session.get_one(Submission, submission_id).submitted_by


def test_what_was_refused_alone_is_not_approved_at_once(portal, officer):
    asker = two_certificates(portal)
    verification.refuse_one(officer, 1, 1, 2, "Not on the card.")
    (left,) = bulk_approval.exact_matches(officer).left_out
    assert str(left.why_not) == "Something of it is refused already: decide on the rest on its own page."
    with pytest.raises(Refused, match="Something of it is refused already"):
        bulk_approval.approve_if_exact(officer, 1, 2)
    approve(officer, 1)
    operators.withdraw(asker, operators.my_profile(asker).version)
    add_certificate(asker, "3")
    listings.stand(portal, *(listings.ROW | {"number": number} for number in ("12345", "2", "3")))
    operators.submit(asker, operators.my_profile(asker).version)
    assert [one.submission_id for one in bulk_approval.exact_matches(officer).ready] == [2]  # without the former


def test_a_facility_that_was_refused_alone_is_not_approved_at_once(portal, officer):
    listings.stand(portal, listings.WORKS, listings.WORKS | {"facility_number": "7"}, kind="facilities")
    asker = signed_in(portal, Role.OWNER)
    owners.save_organization(asker, "City of North Bay", "municipality", 0)
    for number in ("2200-A", "7"):
        add_facility(asker, ministry_number=number)
    owners.submit(asker, owners.my_organization(asker).version)
    assert [one.submission_id for one in bulk_approval.exact_matches(officer).ready] == [1]
    verification.refuse_one(officer, 1, 1, 2, "It is another's.")
    (left,) = bulk_approval.exact_matches(officer).left_out
    assert "is refused already" in str(left.why_not)


def test_nobody_waits_while_exact_matches_are_read_and_the_look_is_recorded(
    portal, officer, colleague, monkeypatch
):
    listings.stand(portal, *(listings.ROW | {"operator_id": f"9001234{one}"} for one in (5, 6)))
    submitted_operator(portal)
    submitted_operator(portal, "90012346")
    real = bulk_approval.flags_of

    def slowly(*given):
        reason_templates.add(colleague, "Meanwhile", "Written while the other one is still reading.")
        return real(*given)

    monkeypatch.setattr(bulk_approval, "flags_of", slowly)
    bulk_approval.exact_matches(officer)
    shown = {"submissions": [1, 2], "profiles": [1, 2]}
    assert looked_at(portal) == ("queue.exact_matches", None, shown)


def test_two_hundred_are_ready_however_many_older_ones_have_to_be_looked_at(portal, officer):
    crowd(portal, 1500, 3000)
    with unattended(portal, NOON) as work:
        borne_out.recompare(work)
    with portal.database.transaction(writes=True) as session:  # of the 600 that match exactly, the oldest 320
        of_another = update(Submission).where(Submission.id <= 800)
        session.execute(of_another.values(taken_by=session.scalar(select(func.max(Account.id)))))
    with counted(portal) as seen:
        preview = bulk_approval.exact_matches(officer)
    assert [one.submission_id for one in preview.ready[:3]] == [801, 802, 806]
    assert (len(preview.ready), len(preview.left_out), preview.total) == (200, 200, 600)
    assert len(seen) < 25


def submitted_to_expire(portal, *numbers):
    """An operator's certificates that expire tomorrow, and an officer of the day after."""
    expiry = NOON.date() + timedelta(days=1)
    listings.stand(portal, *(listings.ROW | {"number": number, "expiry": expiry} for number in numbers))
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90012345", 0)
    for number in numbers:
        add_certificate(asker, number, expiry=expiry)
    operators.submit(asker, operators.my_profile(asker).version)
    return asker, signed_in(portal, Role.OFFICER, at=NOON + timedelta(days=2))


def test_what_has_expired_is_warned_of_and_not_approved_at_once(portal):
    _, officer = submitted_to_expire(portal, "12345")
    assert [str(flag.sentence) for flag in only(officer).flags] == [
        "It expired on 21 November 2026, so it would not count."
    ]
    assert bulk_approval.exact_matches(officer).ready == ()
    with pytest.raises(Refused, match="There is something to know: It expired on 21 November 2026"):
        bulk_approval.approve_if_exact(officer, 1, 1)


def test_a_profile_of_which_nothing_would_count_is_not_approved(portal):
    _, officer = submitted_to_expire(portal, "12345", "2")
    with pytest.raises(Refused, match="No certificate of this profile would count"):
        approve(officer, 1, refused={2: "It has expired."})
    assert rows(portal, select(Credential)) == []


def test_one_s_own_is_not_approved_at_once(portal):
    listings.stand(portal, listings.ROW)
    asker = submitted_operator(portal)
    with portal.database.transaction(writes=True) as session:
        (submission,) = session.scalars(select(Submission))
        session.add(AccountRole(account_id=submission.submitted_by, role=Role.OFFICER, granted_at=NOON))
    (left,) = bulk_approval.exact_matches(asker).left_out
    assert str(left.why_not) == "It is your own."


# --- discrepancies ----------------------------------------------------------------------------------------


def test_a_decision_is_kept_against_a_later_listing_with_a_reason(portal, officer):
    found = listings.differ(portal, operators.my_profile(active_operator(portal)))
    (row,) = verification.queue(officer, Filters(kind=Kind.DISCREPANCY)).rows
    assert (row.id, row.name) == (found, "Robin Fairwater")
    view = discrepancies.discrepancy(officer, found)
    assert [str(one) for one in view.comparison.differences] == [
        "Expiry: on file 12 March 2028, listed 12 March 2027"
    ]
    with pytest.raises(Refused, match="Write the reason"):
        discrepancies.keep(officer, found, 1, "")
    later = at(officer, NOON + timedelta(minutes=20))
    discrepancies.keep(later, found, 1, "The card says 2028.")
    with pytest.raises(Stale, match="changed by Olga Office"):
        discrepancies.follow(later, found, 1)
    assert rows(portal, select(Discrepancy.state)) == ["kept"]
    with unattended(portal, NOON + timedelta(hours=12)) as work:
        assert align(work, "night") is None  # against this very listing it is decided
    assert verification.queue(officer).waiting == 0
    assert verification.queue(officer, Filters(kind=Kind.DISCREPANCY, stage=Stage.DECIDED)).found == 1


def test_reasons_for_following_the_listing_need_not_be_given_but_are_checked(portal, officer):
    found = listings.differ(portal, operators.my_profile(active_operator(portal)))
    with pytest.raises(Refused, match="too long for the reasons"):
        discrepancies.follow(officer, found, 1, "x" * 50_001)
    with pytest.raises(Refused, match="signs that cannot be seen"):
        discrepancies.follow(officer, found, 1, "The \u202e listing.")
    discrepancies.follow(officer, found, 1, "")


@pytest.mark.parametrize("status", ["in force", "suspended"])
def test_the_listing_is_followed(portal, officer, status):
    asker = active_operator(portal)
    changes = {"expiry": date(2027, 3, 12), "status": status}
    discrepancies.follow(officer, listings.differ(portal, operators.my_profile(asker), **changes), 1)
    standing = select(Credential).where(
        Credential.superseded_at.is_(None), Credential.valid_until.is_(None), Credential.status == "in force"
    )
    (claim,) = rows(portal, select(CertificateClaim))
    assert (claim.state, claim.basis, claim.confirmed_on) == (ClaimState.CONFIRMED, "listing", NOON.date())
    mine = operators.my_profile(asker)
    if status == "in force":
        (credential,) = rows(portal, standing)
        assert (credential.expiry, credential.source) == (date(2027, 3, 12), "listing")
        assert (mine.state, mine.certificates[0].counts_as.expiry) == (State.ACTIVE, date(2027, 3, 12))
    else:
        assert rows(portal, standing) == []
        assert (mine.state, mine.certificates[0].counts_as) == (State.SUSPENDED, None)
    (mail,) = rows(portal, select(OutgoingMail).where(OutgoingMail.template == "profile_aligned"))
    assert "The listing of" in str(mail.values["changes"])
    assert rows(portal, select(AlignmentRun.because).order_by(AlignmentRun.id)) == ["night", "decision"]
    assert rows(portal, select(Discrepancy.state)) == ["followed"]


# --- reasons to choose from -------------------------------------------------------------------------------


def test_templates_are_added_changed_and_ended_by_any_officer(portal, officer, colleague):
    one = reason_templates.add(officer, "Number", "The number is not on file.")
    reason_templates.change(colleague, one, 1, "Number missing", "It is not on file.\r\nSend a copy.")
    with pytest.raises(Stale, match="changed by Bo Chan"):
        reason_templates.end(officer, one, 1)
    (found,) = reason_templates.all_templates(officer)
    assert (found.title, found.words) == ("Number missing", "It is not on file.\nSend a copy.")
    reason_templates.end(officer, one, 2)
    assert reason_templates.all_templates(officer) == ()
    with pytest.raises(Refused, match="Enter a title"):
        reason_templates.add(officer, "", "words")


def test_no_two_templates_have_the_same_title(portal, officer, colleague):
    one = reason_templates.add(officer, "Number", "The number is not on file.")
    same = "There is a reason called “number” already. Change that one, or choose another title."
    with pytest.raises(Refused, match=same):
        reason_templates.add(colleague, " number ", "Another.")
    other = reason_templates.add(colleague, "Expiry", "It has expired.")
    with pytest.raises(Refused, match="called “Number” already"):
        reason_templates.change(officer, other, 1, "Number", "It has expired.")
    reason_templates.change(officer, one, 1, "Number", "It is not on file.")
    reason_templates.end(officer, one, 2)
    reason_templates.change(officer, other, 1, "Number", "It has expired.")


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
