"""What people are told of a pass of alignment: the net change against what each was told last, once released."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from core.alignment import Basis
from core.listings import ListedStatus
from core.problems import Refused
from core.profiles import State
from core.roles import Role
from db.alignment.passes import align
from db.alignment.writing import to_officers
from db.gate import unattended
from db.register_schema import AlignmentChange, AlignmentRun, Discrepancy
from db.schema import AuditEntry, CertificateClaim, OperatorProfile, OutgoingMail
from db.services import alignment, discrepancies, home, operators, verification
from tests.db.aligned import (
    LATER,
    LISTED_ON,
    RENEWED,
    again_signed_in,
    mails,
    profile_of,
    rest_on,
    rows,
    told,
    waiting,
)
from tests.db.listed import imported, line, withdrawn
from tests.db.people import NOON, signed_in
from tests.db.profiles import EXPIRY, active_operator, approve

SUSPENDED = line(status=ListedStatus.SUSPENDED)


@pytest.fixture
def operator(portal):
    asker = active_operator(portal)
    rest_on(portal, Basis.LISTING)
    return asker


@pytest.fixture
def officer(portal):
    return signed_in(portal, Role.OFFICER, at=LATER)


def release_all(officer):
    """Releases every pass of which somebody waits to be told, the oldest first."""
    for run in reversed(alignment.runs(officer).rows):
        if run.people:
            alignment.release(officer, run.run_id, run.version)


def test_what_came_back_before_anybody_was_told_is_told_to_nobody(portal, operator, officer):
    imported(portal, listed_on=LISTED_ON, at=LATER)
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    assert waiting(portal) == []
    assert [run.people for run in alignment.runs(officer).rows] == [0, 0]
    assert alignment.runs(officer).people == 0


def test_of_several_passes_one_mail_tells_the_net_change(portal, operator, officer):
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER)
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    release_all(officer)
    ((said,),) = told(portal)
    assert said.startswith(
        "Wastewater treatment, Class II (12345), until 12 March 2031; it was Wastewater treatment, "
        "Class II, until 12 March 2028. The listing of 21 November 2026 says so."
    )


def test_what_an_earlier_pass_left_waiting_of_a_profile_is_told_with_the_next(portal, operator, officer):
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    with unattended(portal, NOON.replace(year=2031, month=3, day=14)) as work:
        align(work, "night")
    assert [what for what, _ in waiting(portal)] == ["taken over", "expired", "suspended"]
    assert len({one.run_id for one in rows(portal, AlignmentChange) if one.mail == "waits"}) == 1
    release_all(officer)
    assert len(mails(portal)) == 1


def test_who_was_told_is_told_what_differs_from_that(portal, operator, officer):
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER)
    release_all(officer)
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    release_all(officer)
    assert [[said.split(".")[0] for said in mail] for mail in told(portal)] == [
        ["Wastewater treatment, Class II (12345) counts no more", "None of your licences and certificates counts "
         "now, so owners do not find you"],
        ["Wastewater treatment, Class II (12345) counts again", "Your profile is active again: owners find you"],
    ]  # fmt: skip
    imported(portal, listed_on=LISTED_ON, at=LATER)
    imported(portal, line(status=ListedStatus.CANCELLED), listed_on=LISTED_ON, at=LATER)
    release_all(officer)
    assert told(portal)[-1][0].startswith("Wastewater treatment, Class II (12345) counts no more. The listing of")


def test_whoever_was_told_of_a_withdrawn_listing_that_suspended_nobody_is_told_again(portal, operator, officer):
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    release_all(officer)
    withdrawn(portal, LATER)
    ((what, said),) = waiting(portal)
    assert (what, "until 12 March 2028; it was" in said) == ("taken over", True)


@pytest.mark.parametrize("status", [ListedStatus.SUSPENDED, ListedStatus.CANCELLED])
def test_whoever_is_listed_as_suspended_is_told_of_that_and_not_of_renewing(portal, operator, status):
    imported(portal, line(status=status), listed_on=LISTED_ON, at=LATER)
    said = waiting(portal)[-1][1]
    assert "counts again once its listing has it in force" in said
    assert "renewed" not in said
    assert to_officers(said) != said


def test_a_suspension_by_expiry_says_which_certificate_expired_and_when(portal, operator, officer):
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    with unattended(portal, NOON.replace(year=2028, month=3, day=14)) as work:
        align(work, "night")
    assert EXPIRY.day == 12
    assert [said.split(", so")[0] for _, said in waiting(portal)] == [
        "Wastewater treatment, Class II (12345) expired at the end of 12 March 2028.",
        "None of your licences and certificates counts now",
    ]


def test_a_mail_about_a_certificate_that_is_replaced_meanwhile_is_not_sent(portal, operator, officer):
    imported(portal, line(status=ListedStatus.CANCELLED), listed_on=LISTED_ON, at=LATER)
    asker = again_signed_in(portal)
    mine = operators.my_profile(asker)
    operators.withdraw(asker, mine.version)
    renewed = (mine.certificates[0].claim_id, "12345", "wastewater_treatment", "II", RENEWED, "")
    operators.change_certificate(asker, *renewed, operators.my_profile(asker).version)
    operators.submit(asker, operators.my_profile(asker).version)
    (one,) = verification.item(officer, 2).certificates  # the listing still shows it as cancelled
    approve(officer, 2, despite={one.claim_id: "It was issued anew."})
    assert profile_of(portal).state == State.ACTIVE
    assert (waiting(portal), mails(portal)) == ([], [])


def test_what_the_office_itself_says_of_a_suspension_is_not_said_twice(portal, operator, officer):
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER)
    release_all(officer)
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    verification.suspend(officer, 1, profile_of(portal).version, "A complaint.")
    assert [what for what, _ in waiting(portal)] == ["counts again"]
    verification.restore(officer, 1, profile_of(portal).version)
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    assert [what for what, _ in waiting(portal)] == ["counts again"]


@pytest.mark.parametrize("told_suspended", [True, False])
def test_of_a_suspension_by_the_office_the_mail_of_alignment_says_nothing(portal, officer, told_suspended):
    active_operator(portal)
    with portal.database.transaction(writes=True) as session:
        first = session.scalars(select(CertificateClaim)).one()
        another = {"number": "777", "licence_type": "water_treatment", "expiry": RENEWED}
        session.add(CertificateClaim(**_columns(first) | another))
        session.execute(update(CertificateClaim).values(basis=Basis.DECISION, confirmed_on=NOON.date()))
        suspended = {"state": State.SUSPENDED, "suspended_because": "A complaint."}
        session.execute(update(OperatorProfile).values(**suspended, told_suspended=told_suspended))
    imported(portal, listed_on=LISTED_ON, at=LATER)
    kept, followed = rows(portal, Discrepancy)
    discrepancies.keep(officer, kept.id, kept.version, "The card says so.")
    discrepancies.follow(officer, followed.id, followed.version)
    assert told(portal) == [
        ["Water treatment, Class II (777) counts no more. The listing of 21 November 2026 does not have it."]
    ]
    profile = profile_of(portal)
    assert (profile.state, profile.suspended_because) == (State.SUSPENDED, "A complaint.")


def _columns(claim):
    names = [column.key for column in CertificateClaim.__table__.columns if column.key != "id"]
    return {name: getattr(claim, name) for name in names}


# --- nobody ---------------------------------------------------------------------------------------------------


def test_a_whole_pass_is_set_aside_with_a_reason(portal, operator, officer):
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER)
    (run,) = alignment.runs(officer).rows
    with pytest.raises(Refused, match="Write the reason"):
        alignment.tell_nobody(officer, run.run_id, run.version, " ")
    alignment.tell_nobody(officer, run.run_id, run.version, "The ministry mends it today.")
    assert (mails(portal), waiting(portal)) == ([], [])
    (aside,) = alignment.runs(officer).rows
    assert (aside.people, aside.set_aside_because, aside.released_by) == (0, "The ministry mends it today.", "")
    assert (aside.set_aside_by, "alignment" in {one.page for one in home.waiting(officer)}) == (
        "Robin Fairwater",
        False,
    )
    assert rows(portal, AuditEntry)[-1].action == "alignment.set_aside"
    for act in (alignment.release, lambda *seen: alignment.tell_nobody(*seen, "Again.")):
        with pytest.raises(Refused, match="set aside already"):
            act(officer, aside.run_id, aside.version)


def test_what_was_set_aside_and_still_stands_is_told_with_the_next_change(portal, operator, officer):
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    (run,) = alignment.runs(officer).rows
    alignment.tell_nobody(officer, run.run_id, run.version, "Not now.")
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER)
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    ((_, said),) = waiting(portal)
    assert "until 12 March 2031; it was Wastewater treatment, Class II, until 12 March 2028" in said


def test_people_who_wait_are_counted_once_over_all_passes(portal, officer):
    for operator_id, number in (("90012345", "12345"), ("90054321", "54321")):
        active_operator(portal, operator_id, number)
    rest_on(portal, Basis.LISTING)
    imported(portal, line("90054321", number="54321"), listed_on=LISTED_ON, at=LATER)
    for days in range(2):
        lines = (line("90054321", number="54321", expiry=RENEWED + timedelta(days=days)),)
        imported(portal, *lines, listed_on=LISTED_ON, at=LATER)
    assert [run.people for run in alignment.runs(officer).rows] == [1, 0, 1]
    assert alignment.runs(officer).people == 2
    with portal.database.transaction(writes=False) as session:
        assert session.scalar(select(func.count()).select_from(OutgoingMail).where(
            OutgoingMail.template == "profile_aligned")) == 0  # fmt: skip
        assert session.scalar(select(func.count()).select_from(AlignmentRun)) == 3
