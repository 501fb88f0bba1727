"""The office's queue as a list: filters, order, who looks and who takes; on both databases."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from core.licences import LicenceType
from core.problems import Refused
from core.profiles import SubmissionState
from core.queue import Filters, Kind, Place, Stage, Subject
from core.roles import Role
from db.gate import Stale
from db.law_schema import ClassificationApplication
from db.register_schema import ClaimOverride
from db.schema import Account, AccountRole, AuditEntry, OperatorProfile, Submission
from db.services import (
    applications,
    assignments,
    decisions,
    discrepancies,
    files,
    operators,
    overrides,
    owners,
    reason_templates,
    verification,
)
from db.verification import borne_out, queue_listing
from tests.core.test_files import PDF
from tests.db import standing_listings as listings
from tests.db.filed import filed
from tests.db.people import NOON, at, sign_in, signed_in
from tests.db.profiles import (
    FACILITY,
    active_operator,
    active_owner,
    add_certificate,
    add_facility,
    approve,
    submitted_operator,
    submitted_owner,
)
from tests.db.queued import (
    REVIEW,
    changes_name,
    handled,
    looked_at,
    only,
    overridden,
    rows,
    signed_in_on,
    submission,
    ways,
)

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


@pytest.mark.parametrize("kind", list(Kind))
def test_whatever_waits_is_found_by_the_region_of_its_holder(portal, officer, colleague, kind):
    one_of_each(portal, officer, colleague)
    submitted_owner(portal, "City Two", facility=replace(FACILITY, ministry_number="7"))
    with portal.database.transaction(writes=True) as session:
        session.execute(
            update(Submission).where(Submission.operator_profile_id.is_not(None)).values(region="3556")
        )
    here = {"application": "3548", "owner": "3548"}.get(kind, "3556")
    asker = signed_in_on(portal, REVIEW, "Ann")
    if kind is Kind.REVIEW:
        with portal.database.transaction(writes=True) as session:
            session.execute(update(ClaimOverride).values(state="standing"))
    for region in ("3548", "3556"):
        found = verification.queue(asker, Filters(kind=kind, region=region)).found
        assert found == (region == here), (kind, region)


def test_what_was_decided_is_found_by_the_region_of_its_holder(portal, officer, colleague):
    _, _, difference = one_of_each(portal, officer, colleague)
    with portal.database.transaction(writes=True) as session:
        session.execute(
            update(Submission).where(Submission.operator_profile_id.is_not(None)).values(region="3556")
        )
    discrepancies.keep(officer, difference.id, 1, "The card says 2028.")
    for region, found in (("3556", 1), ("3548", 0)):
        decided = Filters(kind=Kind.DISCREPANCY, stage=Stage.DECIDED, region=region)
        assert verification.queue(officer, decided).found == found


@pytest.mark.parametrize("kind", [Kind.OVERRIDE, Kind.REVIEW])
def test_an_override_is_found_by_how_the_listing_bears_out_its_submission(portal, officer, colleague, kind):
    listings.stand(portal)
    submitted_operator(portal)
    override_id = overrides.propose(officer, 1, 1, 1, "I have seen the card.", REVIEW)
    if kind is Kind.REVIEW:
        overrides.agree(colleague, override_id, 1)
        approve(officer, 1)
    asker = signed_in_on(portal, REVIEW, "Ann")
    for outcome, found in (("id not found", 1), ("exact", 0)):
        assert verification.queue(asker, Filters(kind=kind, outcome=outcome)).found == found


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
