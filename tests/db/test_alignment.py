"""Aligning profiles with the listing: what it takes over, whom it suspends and tells, and how it is undone."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text, update

from core.alignment import Basis
from core.licences import LicenceClass
from core.listings import ListedStatus
from core.places import Point
from core.problems import Refused
from core.profiles import State
from core.roles import Role
from db.alignment import passes
from db.alignment.passes import align
from db.gate import NotAllowed, Stale, unattended
from db.register_schema import AlignmentChange, AlignmentRun, Discrepancy
from db.schema import CertificateClaim, OperatorProfile, OutgoingMail
from db.services import alignment, discrepancies, home, operators, search, verification
from tests.db.aligned import (
    LATER,
    LISTED_ON,
    RENEWED,
    TODAY,
    again_signed_in,
    history,
    mails,
    profile_of,
    rest_on,
    rows,
    standing,
    waiting,
)
from tests.db.listed import imported, line, withdrawn
from tests.db.people import NOON, signed_in
from tests.db.profiles import EXPIRY, active_operator, approve, available_operator, submitted_operator
from tests.db.searchable import criteria
from tests.db.statements import counted
from tests.db.together import together


@pytest.fixture
def operator(portal):
    asker = active_operator(portal)
    rest_on(portal, Basis.LISTING)
    return asker


def test_a_listing_that_bears_all_out_changes_nothing(portal, operator):
    before = standing(portal)
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    assert standing(portal) == before
    assert rows(portal, AlignmentRun) == []


def test_a_changed_expiry_is_taken_over_as_a_dated_row(portal, operator):
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    today = LATER.date()
    assert standing(portal) == [
        ("12345", "II", EXPIRY, TODAY, today),
        ("12345", "II", RENEWED, today, date.max),
    ]
    (change,) = rows(portal, AlignmentChange)
    assert change.what == "taken over"
    assert "until 12 March 2031; it was Wastewater treatment, Class II, until 12 March 2028" in str(
        change.template.format(**change.values)
    )


def test_a_changed_class_is_taken_over(portal, operator):
    imported(portal, line(licence_class=LicenceClass.III), listed_on=LISTED_ON, at=LATER)
    assert [row[1] for row in standing(portal)] == ["II", "III"]


@pytest.mark.parametrize(
    "lines", [(), (line(status=ListedStatus.SUSPENDED),), (line(status=ListedStatus.CANCELLED),)]
)
def test_a_profile_of_which_nothing_counts_is_suspended_and_says_why(portal, operator, lines):
    imported(portal, *lines, listed_on=LISTED_ON, at=LATER)
    profile = profile_of(portal)
    assert (profile.state, profile.suspended_by_alignment) == (State.SUSPENDED, True)
    assert profile.suspended_because.startswith("None of your licences and certificates counts now")
    assert [row[4] for row in standing(portal)] == [LATER.date()]


def test_the_day_after_its_expiry_a_certificate_counts_no_more(portal, operator):
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    last_day = NOON.replace(year=EXPIRY.year, month=EXPIRY.month, day=EXPIRY.day)
    for at, state in ((last_day, State.ACTIVE), (last_day + timedelta(days=1), State.SUSPENDED)):
        with unattended(portal, at) as work:
            align(work, "night")
        assert profile_of(portal).state == state


def test_whoever_is_suspended_is_found_no_more_and_is_found_again_when_the_listing_bears_it_out(portal):
    available_operator(portal)
    rest_on(portal, Basis.LISTING)
    officer = signed_in(portal, Role.OFFICER, at=LATER)
    here = criteria(near=Point(46.31, -79.46), needed_from=LATER.date(), needed_until=LATER.date())
    imported(portal, listed_on=LISTED_ON, at=LATER)
    assert search.search(officer, here).total == 0
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    assert profile_of(portal).state == State.ACTIVE
    assert search.search(officer, here).total == 1


def test_a_profile_that_an_officer_suspended_stays_suspended(portal, operator):
    with portal.database.transaction(writes=True) as session:
        session.execute(update(OperatorProfile).values(state=State.SUSPENDED, suspended_because="Fraud."))
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    profile = profile_of(portal)
    assert (profile.state, profile.suspended_because) == (State.SUSPENDED, "Fraud.")


def test_what_an_officer_decided_stands_and_the_difference_waits_for_an_officer_once(portal, operator):
    rest_on(portal, Basis.DECISION)
    before = standing(portal)
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    assert standing(portal) == before
    (discrepancy,) = rows(portal, Discrepancy)
    assert discrepancy.state == "open"
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    assert [one.state for one in rows(portal, Discrepancy)] == ["gone"]


def test_an_override_holds_until_its_review(portal, operator):
    review = LATER.date() + timedelta(days=10)
    rest_on(portal, Basis.OVERRIDE, review_on=review)
    imported(portal, listed_on=LISTED_ON, at=LATER)
    assert profile_of(portal).state == State.ACTIVE
    assert rows(portal, Discrepancy) == []
    for days, state in ((9, State.ACTIVE), (10, State.SUSPENDED)):
        with unattended(portal, LATER + timedelta(days=days)) as work:
            align(work, "night")
        assert profile_of(portal).state == state


def test_running_it_twice_changes_nothing(portal, operator):
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    before = standing(portal)
    for hours in (1, 30):
        with unattended(portal, LATER + timedelta(hours=hours)) as work:
            assert align(work, "night") is None
    assert standing(portal) == before


# --- telling ----------------------------------------------------------------------------------------------


def test_nobody_is_told_before_an_officer_releases_the_result_and_then_each_in_one_mail(portal):
    one = active_operator(portal, "90012345", "12345")
    operators_two = active_operator(portal, "90054321", "54321")
    rest_on(portal, Basis.LISTING)
    imported(portal, listed_on=LISTED_ON, at=LATER)
    assert mails(portal) == []
    officer = signed_in(portal, Role.OFFICER, at=LATER)
    (run,) = alignment.runs(officer).rows
    assert (run.changes, run.people, run.listed_on) == (4, 2, LISTED_ON)
    found, listed = alignment.changes(officer, run.run_id)
    assert {row.operator_id for row in listed.rows} == {"90012345", "90054321"}
    assert alignment.release(officer, run.run_id, found.version) == 2
    told = mails(portal)
    assert len({mail.recipient for mail in told}) == len(told) == 2
    assert len(told[0].values["changes"]) == 2
    assert alignment.runs(officer).rows[0].people == 0
    with pytest.raises(Stale):
        alignment.release(officer, run.run_id, found.version)
    for asker in (one, operators_two):
        with pytest.raises(NotAllowed):
            alignment.runs(asker)


# --- taking back ------------------------------------------------------------------------------------------


def test_a_withdrawn_listing_leaves_nothing_behind_and_nobody_is_told(portal, operator):
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    before = standing(portal)
    imported(portal, listed_on=LISTED_ON, at=LATER + timedelta(days=1))
    assert profile_of(portal).state == State.SUSPENDED
    withdrawn(portal, LATER + timedelta(days=3))
    assert standing(portal) == before
    assert profile_of(portal).state == State.ACTIVE
    assert {change.mail for change in rows(portal, AlignmentChange)} == {"not needed"}
    officer = signed_in(portal, Role.OFFICER, at=LATER)
    assert [run.people for run in alignment.runs(officer).rows] == [0, 0]


def test_whoever_was_told_of_a_withdrawn_listing_is_told_again(portal, operator):
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    imported(portal, listed_on=LISTED_ON, at=LATER)
    officer = signed_in(portal, Role.OFFICER, at=LATER)
    (run,) = alignment.runs(officer).rows
    alignment.release(officer, run.run_id, run.version)
    withdrawn(portal, LATER)
    newest = alignment.runs(officer).rows[0]
    assert (newest.because, newest.people) == ("withdrawal", 1)


def test_what_the_holder_deleted_meanwhile_stays_deleted(portal, operator):
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    (claim,) = rows(portal, CertificateClaim)
    operators.withdraw(operator, operators.my_profile(operator).version)
    operators.delete_certificate(operator, claim.id, operators.my_profile(operator).version)
    withdrawn(portal, LATER)
    assert [row for row in standing(portal) if row[4] == date.max] == []


def test_the_statements_do_not_grow_with_the_profiles(portal):
    def statements():
        with counted(portal) as made, unattended(portal, LATER) as work:
            align(work, "night")
        return len(made)

    active_operator(portal, "90010000", "10000")
    few = statements()
    for number in range(10001, 10010):
        active_operator(portal, f"900{number}", str(number))
    assert statements() == few


def test_home_tells_officers_that_a_result_waits_for_its_release(portal, operator):
    officer = signed_in(portal, Role.OFFICER, at=LATER)
    before = {one.page for one in home.waiting(officer)}
    imported(portal, listed_on=LISTED_ON, at=LATER)
    (waits,) = [one for one in home.waiting(officer) if one.page == "alignment"]
    assert ("alignment" not in before, waits.count, waits.urgent) == (True, 1, True)
    (run,) = alignment.runs(officer).rows
    alignment.release(officer, run.run_id, run.version)
    assert "alignment" not in {one.page for one in home.waiting(officer)}


# --- a renewed certificate of somebody whom alignment suspended ---------------------------------------------


def test_whom_alignment_suspended_is_active_again_once_a_renewed_certificate_is_approved(portal):
    officer = signed_in(portal, Role.OFFICER, at=LATER)
    available_operator(portal)
    rest_on(portal, Basis.LISTING)
    imported(portal, line(status=ListedStatus.CANCELLED), listed_on=LISTED_ON, at=LATER)
    asker = again_signed_in(portal)
    mine = operators.my_profile(asker)
    assert (mine.state, mine.certificates[0].counts_as) == (State.SUSPENDED, None)
    operators.withdraw(asker, mine.version)
    renewed = (mine.certificates[0].claim_id, "12345", "wastewater_treatment", "II", RENEWED, "")
    operators.change_certificate(asker, *renewed, operators.my_profile(asker).version)
    operators.submit(asker, operators.my_profile(asker).version)
    assert operators.my_profile(asker).state is State.SUSPENDED
    (one,) = verification.item(officer, 2).certificates  # the listing still shows it as cancelled
    approve(officer, 2, despite={one.claim_id: "It was issued anew."})
    mine = operators.my_profile(asker)
    assert (mine.state, mine.suspended_because) == (State.ACTIVE, "")
    assert not profile_of(portal).suspended_by_alignment
    with portal.database.transaction(writes=False) as session:
        sent = session.scalars(select(OutgoingMail.template).order_by(OutgoingMail.id)).all()
        waiting = session.scalars(select(AlignmentChange.what).where(AlignmentChange.mail == "waits")).all()
    assert (sent[-1], "restored" in waiting) == ("profile_approved", False)


def test_a_suspension_by_the_office_is_not_ended_by_alignment_though_alignment_had_suspended_before(portal):
    officer = signed_in(portal, Role.OFFICER, at=LATER)
    available_operator(portal)
    rest_on(portal, Basis.LISTING)
    imported(portal, line(status=ListedStatus.CANCELLED), listed_on=LISTED_ON, at=LATER)
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    verification.suspend(officer, 1, profile_of(portal).version, "A complaint.")
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    assert (profile_of(portal).state, profile_of(portal).suspended_because) == (State.SUSPENDED, "A complaint.")
    assert operators.my_profile(again_signed_in(portal)).certificates[0].counts_as is not None


# --- the day of the evidence ----------------------------------------------------------------------------------


def test_a_newer_listing_prevails_over_what_an_older_one_bore_out_though_dated_before_the_approval(portal):
    submitted_operator(portal)
    imported(portal, line(), listed_on=TODAY - timedelta(days=10), at=NOON)
    approve(signed_in(portal, Role.OFFICER), 1)
    (claim,) = rows(portal, CertificateClaim)
    assert (claim.basis, claim.confirmed_on) == (Basis.LISTING, TODAY - timedelta(days=10))
    cancelled = line(status=ListedStatus.CANCELLED)
    imported(portal, cancelled, listed_on=TODAY - timedelta(days=1), at=NOON + timedelta(hours=5))
    assert profile_of(portal).state == State.SUSPENDED


# --- what stands in the past ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ((), "not listed"),
        ((line(status=ListedStatus.SUSPENDED),), "suspended"),
        ((line(status=ListedStatus.CANCELLED),), "cancelled"),
        ((line(status=ListedStatus.EXPIRED),), "expired"),
    ],
)
def test_the_past_tells_what_a_certificate_was(portal, operator, lines, status):
    today, tomorrow = LATER.date(), LATER.date() + timedelta(days=1)
    imported(portal, *lines, listed_on=LISTED_ON, at=LATER)
    imported(portal, line(), listed_on=LISTED_ON, at=LATER + timedelta(days=1))
    assert [(*row[1:3], *row[6:]) for row in history(portal)] == [
        (TODAY, today, "in force", "decision"),
        (today, tomorrow, status, "listing"),
        (tomorrow, date.max, "in force", "listing"),
    ]


def test_what_comes_back_rests_on_what_its_confirmation_rests_on(portal, operator):
    review = LATER.date() + timedelta(days=10)
    rest_on(portal, Basis.OVERRIDE, review_on=review)
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    with unattended(portal, LATER + timedelta(days=10)) as work:
        align(work, "night")  # the override has lapsed, so the listing is taken over
    with portal.database.transaction(writes=True) as session:
        session.execute(text("update claim_override set review_on = '2027-11-01'"))
    imported(portal, listed_on=LISTED_ON, at=LATER + timedelta(days=11))
    assert [row[7] for row in history(portal)] == ["decision", "listing", "override"]


def test_listed_as_expired_with_its_day_to_come_is_asked_about_where_an_officer_decided(portal, operator):
    rest_on(portal, Basis.DECISION)
    imported(portal, line(status=ListedStatus.EXPIRED), listed_on=LISTED_ON, at=LATER)
    assert profile_of(portal).state == State.ACTIVE
    assert [one.state for one in rows(portal, Discrepancy)] == ["open"]


# --- nothing left, nothing to restore ---------------------------------------------------------------------------


def test_a_profile_whose_last_certificate_was_deleted_is_suspended_and_its_holder_told(portal, operator):
    operators.withdraw(operator, operators.my_profile(operator).version)
    (claim,) = rows(portal, CertificateClaim)
    operators.delete_certificate(operator, claim.id, operators.my_profile(operator).version)
    with unattended(portal, LATER) as work:
        align(work, "night")
    profile = profile_of(portal)
    assert (profile.state, profile.suspended_by_alignment) == (State.SUSPENDED, True)
    ((what, said),) = waiting(portal)
    assert what == "suspended"
    assert said.startswith("Your profile has no confirmed licence or certificate any more")
    with unattended(portal, LATER + timedelta(days=1)) as work:
        assert align(work, "night") is None


def test_a_suspension_is_not_ended_while_nothing_counts(portal, operator):
    officer = signed_in(portal, Role.OFFICER, at=LATER)
    imported(portal, listed_on=LISTED_ON, at=LATER)
    with pytest.raises(Refused, match="would be suspended again tonight"):
        verification.restore(officer, 1, profile_of(portal).version)
    assert profile_of(portal).state == State.SUSPENDED


# --- during an import ---------------------------------------------------------------------------------------


def test_a_night_during_an_import_never_writes_the_old_listing_back(portal, operator, monkeypatch):
    """The import begins when the night has read the listing, and has not locked anybody yet."""
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    the_day_after = NOON.replace(year=EXPIRY.year, month=EXPIRY.month, day=EXPIRY.day) + timedelta(days=1)
    renewed = threading.Thread(
        target=lambda: imported(portal, line(expiry=RENEWED), listed_on=EXPIRY, at=the_day_after)
    )
    standing_listing = passes.standing_listing

    def read_early(work):
        monkeypatch.setattr(passes, "standing_listing", standing_listing)
        listing = standing_listing(work)
        renewed.start()
        renewed.join(timeout=1)  # the import waits for the night; did it not, it would be done by now
        return listing

    monkeypatch.setattr(passes, "standing_listing", read_early)
    with unattended(portal, the_day_after) as work:
        align(work, "night")
    renewed.join(timeout=30)
    assert not renewed.is_alive()
    assert profile_of(portal).state == State.ACTIVE
    assert standing(portal)[-1][2:] == (RENEWED, the_day_after.date(), date.max)


def test_whoever_decides_during_an_import_decides_by_the_new_listing(portal, operator):
    """Approving, keeping and following wait until it stands; none of them is lost, and none runs in a circle."""
    rest_on(portal, Basis.DECISION)
    imported(portal, line(status=ListedStatus.SUSPENDED), listed_on=LISTED_ON, at=LATER)
    officer = signed_in(portal, Role.OFFICER, at=LATER)
    submitted_operator(portal, "90054321", "54321")
    (found,) = rows(portal, Discrepancy)
    version = verification.item(officer, 2).version
    both = line(expiry=RENEWED), line("90054321", number="54321")

    answers = together(
        lambda: imported(portal, *both, listed_on=LISTED_ON, at=LATER),
        lambda: discrepancies.follow(officer, found.id, found.version),
        lambda: verification.approve(officer, 2, version),
    )
    assert None not in answers
    assert [answer for answer in answers[1:] if answer != "done"] in ([], [answers[2]])
    with unattended(portal, LATER) as work:
        assert align(work, "night") is None  # whoever came first, the newest listing is what stands
    followed = [row for row in standing(portal) if row[0] == "12345" and row[4] == date.max]
    assert [row[2] for row in followed] == [RENEWED]
