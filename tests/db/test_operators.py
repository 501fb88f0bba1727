"""An operator's own profile, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.availability import Shift, Slot, Weekday
from core.entries import AvailabilityEntry
from core.licences import LicenceType
from core.places import Point
from core.problems import Refused
from core.profiles import ClaimState, State
from core.roles import Role
from db.alignment.passes import align
from db.gate import Asker, NotAllowed, Portal, Stale, service, unattended
from db.places import regions
from db.schema import AgreementAcceptance, AuditEntry, Credential, OperatorProfile, OutgoingMail, Submission
from db.services import operators, verification
from db.verification import submissions
from tests.db import standing_listings
from tests.db.people import NOON, at, make_account, sign_in, signed_in
from tests.db.profiles import (
    AVAILABILITY,
    EXPIRY,
    active_operator,
    add_certificate,
    approve,
    approve_all,
    available_operator,
    set_availability,
    submitted_operator,
    waiting_id,
)


def rows(portal: Portal, query):
    with portal.database.transaction(writes=False) as session:
        return session.scalars(query).all()


def mine(asker: Asker):
    return operators.my_profile(asker)


def test_a_new_operator_has_an_empty_draft_and_nothing_is_written_by_looking(portal):
    asker = signed_in(portal, Role.OPERATOR)
    assert (mine(asker).version, mine(asker).state, mine(asker).certificates) == (0, State.DRAFT, ())
    assert rows(portal, select(OperatorProfile)) == []


def test_the_journey_from_draft_to_active(portal):
    asker = submitted_operator(portal)
    assert mine(asker).state is State.PENDING
    assert mine(asker).agreed
    assert mine(asker).waiting_since == NOON
    assert [one.state for one in mine(asker).certificates] == [ClaimState.WAITING]
    approve_all(portal)
    profile = mine(asker)
    assert (profile.state, profile.confirmed_operator_id, profile.checked_on) == (
        State.ACTIVE,
        "90012345",
        date(2026, 11, 20),
    )
    assert [one.state for one in profile.certificates] == [ClaimState.CONFIRMED]
    assert [mail.template for mail in rows(portal, select(OutgoingMail).order_by(OutgoingMail.id))] == [
        "profile_received",
        "profile_approved",
    ]
    accepted = rows(portal, select(AgreementAcceptance))
    assert [(one.agreement_version, one.withdrawn_at) for one in accepted] == [("2026-11", None)]


@pytest.mark.parametrize("wrong", ["", "9001234", "900123456", "80012345", "9OO12345", "٩٠٠١٢٣٤٥", "x" * 10_000])
def test_a_wrong_operator_id_is_refused_at_its_field_and_nothing_is_made(portal, wrong):
    asker = signed_in(portal, Role.OPERATOR)
    with pytest.raises(Refused) as refused:
        operators.save_operator_id(asker, wrong, 0)
    assert [problem.field for problem in refused.value.problems] == ["operator_id"]
    assert mine(asker).version == 0


@pytest.mark.parametrize("text", ["O'Brien", "a `backtick`", "${1}", "<img onerror=alert(1)>", "نورة", "{braces}"])
def test_any_visible_text_is_kept_as_text(portal, text):
    asker = signed_in(portal, Role.OPERATOR)
    add_certificate(asker, number=text, valid_for=text)
    (certificate,) = mine(asker).certificates
    assert certificate.licence.valid_for == text
    assert certificate.licence.number == text.upper().replace(" ", "")
    with pytest.raises(Refused, match="in your profile already"):
        add_certificate(asker, number=text)


def test_the_same_certificate_twice_is_refused_and_the_same_number_of_another_type_is_not(portal):
    asker = signed_in(portal, Role.OPERATOR)
    first = add_certificate(asker, " 12 345a ")
    stands = "Certificate 12345A is in your profile already: Wastewater treatment, Class II, until 12 March 2028"
    with pytest.raises(Refused, match=stands):
        add_certificate(asker, "12  345A", licence_class="IV", expiry=date(2027, 1, 1))
    second = add_certificate(asker, "12 345A", LicenceType.WATER_TREATMENT)
    with pytest.raises(Refused, match="in your profile already"):
        operators.change_certificate(
            asker, second, "12 345A", LicenceType.WASTEWATER_TREATMENT, "I", EXPIRY, "", mine(asker).version
        )
    operators.change_certificate(
        asker, first, "12 345A", LicenceType.WASTEWATER_TREATMENT, "III", EXPIRY, "", mine(asker).version
    )
    assert [one.licence.label for one in mine(asker).certificates] == [
        "Wastewater treatment, Class III",
        "Water treatment, Class II",
    ]


def test_a_stale_page_is_refused_with_who_and_when(portal):
    asker = signed_in(portal, Role.OPERATOR, given_name="Ann", family_name="O'Brien")
    operators.save_operator_id(asker, "90012345", 0)
    seen = mine(asker).version
    add_certificate(at(asker, NOON + timedelta(minutes=2)))
    with pytest.raises(Stale, match="changed by you, in another window, on 20 November 2026 at 12:02"):
        operators.save_operator_id(asker, "90099999", seen)
    assert mine(asker).claimed_operator_id == "90012345"


def test_a_first_entry_from_two_tabs_makes_one_profile(portal):
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90012345", 0)
    with pytest.raises(Stale):
        operators.save_operator_id(asker, "90099999", 0)
    assert len(rows(portal, select(OperatorProfile))) == 1


def test_a_page_that_saw_a_profile_where_there_is_none_is_refused(portal):
    with pytest.raises(Refused, match="not on file"):
        operators.save_operator_id(signed_in(portal, Role.OPERATOR), "90012345", 99)
    assert rows(portal, select(OperatorProfile)) == []


def test_nothing_is_submitted_without_email_operator_id_or_certificate(portal):
    asker = sign_in(portal, make_account(portal, Role.OPERATOR, confirmed=False, email="ann@example.ca"))
    with pytest.raises(Refused, match="Enter your Operator ID"):
        operators.submit(asker, 0)
    operators.save_operator_id(asker, "90012345", 0)
    with pytest.raises(Refused, match="no new or changed certificate"):
        operators.submit(asker, mine(asker).version)
    add_certificate(asker)
    with pytest.raises(Refused, match=r"ann@example\.ca"):
        operators.submit(asker, mine(asker).version)
    assert rows(portal, select(Submission)) == []
    assert mine(asker).state is State.DRAFT


def test_a_submitted_profile_is_changed_only_after_the_agreement_is_unticked(portal):
    asker = submitted_operator(portal)
    claim = mine(asker).certificates[0].claim_id
    for attempt in (
        lambda: operators.save_operator_id(asker, "90099999", mine(asker).version),
        lambda: add_certificate(asker, "777"),
        lambda: operators.delete_certificate(asker, claim, mine(asker).version),
        lambda: operators.submit(asker, mine(asker).version),
    ):
        with pytest.raises(Refused, match="ntick the agreement"):
            attempt()
    operators.withdraw(asker, mine(asker).version)
    profile = mine(asker)
    assert (profile.state, profile.agreed, profile.waiting_since) == (State.DRAFT, False, None)
    assert [one.state for one in profile.certificates] == [ClaimState.DRAFT]
    assert [one.state for one in rows(portal, select(Submission))] == ["withdrawn"]
    assert rows(portal, select(AgreementAcceptance))[0].withdrawn_at is not None
    with pytest.raises(Refused, match="not ticked"):
        operators.withdraw(asker, profile.version)


def test_deleting_an_unsubmitted_certificate_removes_it_and_a_submitted_one_leaves_its_row(portal):
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90012345", 0)
    gone = add_certificate(asker, "1")
    kept = add_certificate(asker, "2")
    operators.delete_certificate(asker, gone, mine(asker).version)
    operators.submit(asker, mine(asker).version)
    operators.withdraw(asker, mine(asker).version)
    operators.delete_certificate(asker, kept, mine(asker).version)
    assert mine(asker).certificates == ()
    (profile,) = rows(portal, select(OperatorProfile))
    assert [(claim.id, claim.state) for claim in profile.certificates] == [(kept, "withdrawn")]


def test_a_changed_certificate_waits_by_itself_while_the_confirmed_one_stands(portal):
    asker = active_operator(portal)
    old = mine(asker).certificates[0].claim_id
    operators.withdraw(asker, mine(asker).version)
    assert mine(asker).state is State.ACTIVE
    new = operators.change_certificate(
        asker, old, "12345", LicenceType.WASTEWATER_TREATMENT, "III", EXPIRY, "", mine(asker).version
    )
    with pytest.raises(Refused, match="A change of certificate 12345"):
        operators.change_certificate(
            asker, old, "12345", LicenceType.WASTEWATER_TREATMENT, "IV", EXPIRY, "", mine(asker).version
        )
    operators.submit(asker, mine(asker).version)
    profile = mine(asker)
    assert profile.state is State.ACTIVE
    assert [(one.claim_id, one.state, one.replaces_id) for one in profile.certificates] == [
        (old, ClaimState.CONFIRMED, None),
        (new, ClaimState.WAITING, old),
    ]
    assert [one.rank for one in rows(portal, standing())] == [2]
    approve_all(portal)
    assert [(one.claim_id, one.state) for one in mine(asker).certificates] == [(new, ClaimState.CONFIRMED)]
    assert [one.rank for one in rows(portal, standing())] == [3]
    assert [one.rank for one in rows(portal, select(Credential).order_by(Credential.id))] == [2, 3, 2]


def standing():
    return select(Credential).where(Credential.superseded_at.is_(None), Credential.valid_until.is_(None))


def test_a_renewed_certificate_stands_for_the_days_before(portal):
    asker = active_operator(portal)
    operators.withdraw(asker, mine(asker).version)
    operators.change_certificate(
        asker, 1, "12345", LicenceType.WASTEWATER_TREATMENT, "III", EXPIRY, "", mine(asker).version
    )
    operators.submit(asker, mine(asker).version)
    officer = signed_in(portal, Role.OFFICER, at=NOON + timedelta(days=10))
    approve(officer, waiting_id(officer))
    known = select(Credential).where(Credential.superseded_at.is_(None)).order_by(Credential.valid_from)
    assert [(one.rank, one.valid_from, one.valid_until) for one in rows(portal, known)] == [
        (2, date(2026, 11, 20), date(2026, 11, 30)),
        (3, date(2026, 11, 30), None),
    ]


def test_a_deleted_confirmed_certificate_counts_until_today(portal):
    asker = active_operator(portal)
    later = at(asker, NOON + timedelta(hours=6))
    operators.withdraw(later, mine(later).version)
    operators.delete_certificate(later, mine(later).certificates[0].claim_id, mine(later).version)
    before, ended = rows(portal, select(Credential).order_by(Credential.id))
    assert before.superseded_by == ended.id
    assert (ended.valid_from, ended.valid_until) == (date(2026, 11, 20), date(2026, 11, 20))
    assert rows(portal, standing()) == []


def test_another_operator_id_sends_the_whole_profile_to_pending(portal):
    asker = active_operator(portal)
    operators.withdraw(asker, mine(asker).version)
    operators.save_operator_id(asker, "90077777", mine(asker).version)
    assert mine(asker).state is State.ACTIVE
    operators.submit(asker, mine(asker).version)
    assert mine(asker).state is State.PENDING
    (waiting,) = rows(portal, select(Submission).where(Submission.state == "open"))
    assert waiting.claimed["whole"]
    assert len(waiting.claimed["claims"]) == 1
    approve_all(portal)
    assert (mine(asker).state, mine(asker).confirmed_operator_id) == (State.ACTIVE, "90077777")
    assert len(rows(portal, standing())) == 1


@service(Role.OPERATOR, writes=True)
def rename(work, family_name):
    work.account.person.family_name = family_name
    submissions.legal_name_changed(work, work.account.person_id)


@service(Role.OPERATOR, writes=True)
def close(work):
    submissions.profile_closed(work, work.account.person_id)


def test_a_changed_legal_name_sends_an_active_profile_to_the_queue(portal):
    asker = active_operator(portal)
    rename(asker, "Stillwater")
    assert mine(asker).state is State.PENDING
    (waiting,) = rows(portal, select(Submission).where(Submission.state == "open"))
    assert waiting.claimed["name"] == "Robin Stillwater"
    approve_all(portal)
    assert mine(asker).state is State.ACTIVE


def test_a_legal_name_changed_while_a_submission_waits_makes_the_officers_page_stale(portal):
    asker = submitted_operator(portal)
    officer = signed_in(portal, Role.OFFICER)
    seen = verification.item(officer, 1)
    rename(asker, "Stillwater")
    with pytest.raises(Stale):
        verification.approve(officer, 1, seen.version)
    assert verification.item(officer, 1).name == "Robin Stillwater"


def test_a_legal_name_changed_in_the_middle_of_editing_makes_an_active_profile_a_draft(portal):
    asker = active_operator(portal)
    operators.withdraw(asker, mine(asker).version)
    rename(asker, "Stillwater")
    assert mine(asker).state is State.DRAFT
    operators.submit(asker, mine(asker).version)
    assert mine(asker).state is State.PENDING


def test_a_suspended_operator_keeps_the_name_that_was_verified(portal):
    asker = active_operator(portal)
    officer = signed_in(portal, Role.OFFICER)
    verification.suspend(officer, 1, mine(asker).version, "Why.")
    with pytest.raises(Refused, match="your name stays as it is"):
        rename(asker, "Stillwater")
    verification.restore(officer, 1, mine(asker).version)
    rename(asker, "Stillwater")
    assert mine(asker).state is State.PENDING


def test_a_closed_profile_waits_for_nobody(portal):
    asker = submitted_operator(portal)
    close(asker)
    assert mine(asker).state is State.CLOSED
    assert [one.state for one in rows(portal, select(Submission))] == ["withdrawn"]
    assert mine(asker).agreed is False
    assert rows(portal, select(AgreementAcceptance))[0].withdrawn_at == NOON
    assert "submission.withdrawn" in {entry.action for entry in rows(portal, select(AuditEntry))}


def availability(asker: Asker):
    """What stands in a profile of when and where its holder works."""
    one = mine(asker)
    return one.slots, one.base_place, one.base, one.travel_km, one.regions, one.earliest_start, one.notes


def test_availability_is_set_once_active_and_switches_off_and_on_as_it_was(portal):
    asker = submitted_operator(portal)
    with pytest.raises(Refused, match="Pending verification"):
        set_availability(asker)
    approve_all(portal)
    with pytest.raises(Refused, match="at least one shift"):
        operators.switch_availability(asker, True, mine(asker).version)
    chosen = (Slot(Weekday.MONDAY, Shift.DAY), Slot(Weekday.FRIDAY, Shift.NIGHT))
    start = date(2026, 12, 1)
    set_availability(asker, slots=chosen, regions=("3557", "3548"), earliest_start=start, notes="No nights.")
    before = availability(asker)
    assert before == (chosen, "North Bay", Point(46.31, -79.46), 100, ("3557", "3548"), start, "No nights.")
    operators.switch_availability(asker, False, mine(asker).version)
    assert (mine(asker).available, availability(asker)) == (False, before)
    operators.switch_availability(asker, True, mine(asker).version)
    assert (mine(asker).available, availability(asker)) == (True, before)


def test_it_is_switched_off_while_suspended_and_stays_off_once_alignment_restores(portal):
    standing_listings.stand(portal, standing_listings.ROW)
    asker = available_operator(portal)
    before = availability(asker)

    def listed(**changes):
        standing_listings.stand(portal, standing_listings.ROW | changes)
        with unattended(portal, NOON) as work:
            align(work, "night")
        return mine(asker).state

    assert listed(operator_id="90099999") is State.SUSPENDED
    operators.switch_availability(asker, False, mine(asker).version)
    with pytest.raises(Refused, match="Your profile is “Suspended”"):
        operators.switch_availability(asker, True, mine(asker).version)
    assert listed() is State.ACTIVE
    assert (mine(asker).available, availability(asker)) == (False, before)


def test_it_is_switched_off_while_the_profile_waits_and_not_once_it_is_closed(portal):
    asker = available_operator(portal)
    rename(asker, "Stillwater")
    assert mine(asker).state is State.PENDING
    operators.switch_availability(asker, False, mine(asker).version)
    assert not mine(asker).available
    close(asker)
    with pytest.raises(Refused, match="Your profile is closed"):
        operators.switch_availability(asker, False, mine(asker).version)


def test_regions_are_by_name_each_once_and_the_last_that_were_chosen(portal):
    asker = available_operator(portal)
    set_availability(asker, regions=["3520", "3557", "3520"])
    assert mine(asker).regions == ("3557", "3520")  # Algoma, Toronto
    set_availability(asker, regions=("3557", "3506"))
    assert mine(asker).regions == ("3557", "3506")
    set_availability(asker, regions=tuple(regions()))
    assert mine(asker).regions == tuple(regions())
    set_availability(asker)
    assert mine(asker).regions == ()


@pytest.mark.parametrize(
    "notes", ["O'Brien `${1}` <img src=x onerror=alert(1)>", "**bold**\n![x](http://e/x.png)"]
)
def test_notes_are_kept_as_they_were_typed(portal, notes):
    asker = available_operator(portal)
    set_availability(asker, notes=notes)
    assert mine(asker).notes == notes


def test_notes_with_contact_details_are_refused_and_nothing_is_saved(portal):
    asker = available_operator(portal)
    before = mine(asker)
    with pytest.raises(Refused, match=r"Take out “robin@town\.ca”, “705-267-1234”") as refused:
        set_availability(asker, notes="Call 705-267-1234 after six,\nor write to robin@town.ca.", travel_km=5)
    assert [problem.field for problem in refused.value.problems] == ["notes"]
    assert mine(asker) == before
    set_availability(asker, notes="Class 3 for 10 years, available from 2026-11-29.")


def test_wrong_availability_names_every_field_and_keeps_what_was_set(portal):
    asker = available_operator(portal)
    wrong = AvailabilityEntry(True, (), "", 49.0, -123.1, 2501, ("9999",), date(2036, 1, 1), "x" * 1001)
    with pytest.raises(Refused) as refused:
        operators.set_availability(asker, wrong, mine(asker).version)
    assert [problem.field for problem in refused.value.problems] == [
        "slots",
        "base_place",
        "base_place",
        "travel_km",
        "regions",
        "earliest_start",
        "notes",
    ]
    assert mine(asker).travel_km == 100


def test_availability_set_on_a_stale_page_is_refused(portal):
    asker = available_operator(portal)
    seen = mine(asker).version
    set_availability(asker, regions=("3557",))
    with pytest.raises(Stale):
        operators.set_availability(asker, AVAILABILITY, seen)
    assert mine(asker).regions == ("3557",)


def test_nobody_reaches_anothers_certificate(portal):
    victim = submitted_operator(portal)
    claim = mine(victim).certificates[0].claim_id
    operators.withdraw(victim, mine(victim).version)
    thief = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(thief, "90011111", 0)
    with pytest.raises(NotAllowed):
        operators.delete_certificate(thief, claim, mine(thief).version)
    with pytest.raises(NotAllowed):
        operators.change_certificate(
            thief, claim, "1", LicenceType.WATER_TREATMENT, "I", EXPIRY, "", mine(thief).version
        )
    with pytest.raises(NotAllowed):
        operators.my_profile(signed_in(portal, Role.OWNER))


def test_the_audit_trail_holds_no_personal_data(portal):
    available_operator(portal, given_name="Quillon", family_name="Zephyrine")
    for entry in rows(portal, select(AuditEntry)):
        text = str(entry.details)
        assert "Quillon" not in text
        assert "90012345" not in text
        assert "12345" not in text
