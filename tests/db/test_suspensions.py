"""Suspensions by the office and by alignment of one profile: which stands, who is told, what is recorded."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.alignment import Basis
from core.listings import ListedStatus
from core.problems import Refused
from core.profiles import State
from core.roles import Role
from db.alignment.passes import align
from db.gate import unattended
from db.schema import AuditEntry, OutgoingMail
from db.services import alignment, operators, owners, verification
from tests.db.aligned import LATER, LISTED_ON, again_signed_in, profile_of, rest_on, rows, waiting
from tests.db.listed import imported, line
from tests.db.people import signed_in
from tests.db.profiles import active_operator, active_owner

CANCELLED = line(status=ListedStatus.CANCELLED)


@pytest.fixture
def officer(portal):
    return signed_in(portal, Role.OFFICER, at=LATER, given_name="Olga", family_name="Office")


@pytest.fixture
def suspended_by_alignment(portal):
    active_operator(portal)
    rest_on(portal, Basis.LISTING)
    imported(portal, CANCELLED, listed_on=LISTED_ON, at=LATER)


def suspend(officer, portal, reasons="A complaint."):
    verification.suspend(officer, 1, profile_of(portal).version, reasons)


def restore(officer, portal):
    verification.restore(officer, 1, profile_of(portal).version)


def stands(portal):
    profile = profile_of(portal)
    return State(profile.state), profile.suspended_by_alignment, profile.suspended_because


def last_mail(portal):
    return rows(portal, OutgoingMail)[-1]


def recorded(portal):
    """What the trail says of the profile's suspensions and states: the action, and who."""
    with portal.database.transaction(writes=False) as session:
        return session.execute(
            select(AuditEntry.action, AuditEntry.account_id.is_not(None))
            .where(
                AuditEntry.subject == "operator_profile",
                AuditEntry.action.in_(("profile.state", "profile.suspended")),
            )
            .order_by(AuditEntry.id)
        ).all()


def test_the_office_suspends_what_alignment_has_suspended_and_the_listing_alone_does_not_bring_it_back(
    portal, officer, suspended_by_alignment
):
    before = recorded(portal)
    suspend(officer, portal)
    assert stands(portal) == (State.SUSPENDED, False, "A complaint.")
    assert recorded(portal)[len(before) :] == [("profile.suspended", True)]
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    assert stands(portal) == (State.SUSPENDED, False, "A complaint.")
    mine = operators.my_profile(again_signed_in(portal))
    assert (mine.suspended_because, mine.certificates[0].counts_as is None) == ("A complaint.", False)


def test_the_holder_is_told_that_the_office_has_suspended_it_too_and_nothing_twice(
    portal, officer, suspended_by_alignment
):
    assert [what for what, _ in waiting(portal)] == ["counts no more", "suspended"]
    suspend(officer, portal)
    mail = last_mail(portal)
    assert (mail.template, mail.values["reasons"]) == ("profile_suspended_too", "A complaint.")
    assert [what for what, _ in waiting(portal)] == ["counts no more"]


def test_the_office_suspends_once(portal, officer, suspended_by_alignment):
    suspend(officer, portal)
    with pytest.raises(Refused, match="The office has suspended this profile already"):
        suspend(officer, portal, "Another complaint.")
    assert stands(portal) == (State.SUSPENDED, False, "A complaint.")


def test_an_organization_that_the_office_has_suspended_is_not_suspended_again(portal, officer):
    owner = active_owner(portal)
    verification.suspend(officer, 1, owners.my_organization(owner).version, "It is dissolved.", "owner")
    with pytest.raises(Refused, match="The office has suspended this profile already"):
        verification.suspend(officer, 1, owners.my_organization(owner).version, "Again.", "owner")


def test_the_end_of_the_office_s_suspension_leaves_alignment_s_own_while_nothing_counts(
    portal, officer, suspended_by_alignment
):
    before = stands(portal)
    suspend(officer, portal)
    restore(officer, portal)
    assert stands(portal) == before
    mail = last_mail(portal)
    assert (mail.template, mail.values["reasons"]) == ("suspension_by_alignment_stays", before[2])
    assert [what for what, _ in waiting(portal)] == ["counts no more"]
    with unattended(portal, LATER + timedelta(days=1)) as work:
        assert align(work, "night") is None


def test_once_it_has_ended_the_listing_brings_the_profile_back_and_its_holder_is_told(
    portal, officer, suspended_by_alignment
):
    suspend(officer, portal)
    restore(officer, portal)
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    assert stands(portal) == (State.ACTIVE, False, "")
    assert [what for what, _ in waiting(portal)] == ["restored"]


def test_the_end_of_the_office_s_suspension_makes_active_what_counts_again_by_then(
    portal, officer, suspended_by_alignment
):
    for run in alignment.runs(officer).rows:
        alignment.release(officer, run.run_id, run.version)
    suspend(officer, portal)
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    restore(officer, portal)
    assert stands(portal) == (State.ACTIVE, False, "")
    assert last_mail(portal).template == "profile_restored"
    assert [what for what, _ in waiting(portal)] == ["counts again"]


def test_what_stopped_counting_under_a_suspension_by_the_office_suspends_the_profile_at_its_end(portal, officer):
    active_operator(portal)
    rest_on(portal, Basis.LISTING)
    suspend(officer, portal)
    imported(portal, CANCELLED, listed_on=LISTED_ON, at=LATER)
    restore(officer, portal)
    state, by_alignment, because = stands(portal)
    assert (state, by_alignment) == (State.SUSPENDED, True)
    assert because.startswith("None of your licences and certificates counts now")
    assert last_mail(portal).template == "suspension_by_alignment_stays"


def test_officers_see_who_has_suspended_a_profile_when_and_why(portal, officer, suspended_by_alignment):
    by_alignment = verification.item(officer, 1).suspension
    assert (by_alignment.by_alignment, by_alignment.at) == (True, LATER)
    assert by_alignment.because.startswith("None of this operator’s licences and certificates counts now")
    suspend(officer, portal)
    by_the_office = verification.item(officer, 1).suspension
    assert (by_the_office.by_alignment, by_the_office.by) == (False, "Olga Office")
    assert (by_the_office.at, by_the_office.because) == (LATER, "A complaint.")


def test_of_a_profile_that_is_not_suspended_nothing_of_the_kind_is_shown(portal, officer):
    active_operator(portal)
    assert verification.item(officer, 1).suspension is None
    suspend(officer, portal)
    restore(officer, portal)
    assert verification.item(officer, 1).suspension is None
