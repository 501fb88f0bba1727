"""Aligning profiles with the listing: what it takes over, whom it suspends and tells, and how it is undone."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from core.alignment import Basis, Confirmed, aligned
from core.licences import Licence, LicenceClass, LicenceType
from core.listings import ListedStatus
from core.places import Point, day_at
from core.profiles import State
from core.roles import Role
from db import audit
from db.alignment.passes import align
from db.gate import NotAllowed, Stale, unattended
from db.register_schema import AlignmentChange, AlignmentRun, ClaimOverride, Discrepancy, ListingImport
from db.register_schema import ListedLicence as ListedRow
from db.schema import Account, CertificateClaim, Credential, OperatorProfile, OutgoingMail
from db.services import alignment, home, operators, search, verification
from tests.db.listed import imported, line, withdrawn
from tests.db.people import NOON, sign_in, signed_in
from tests.db.profiles import EXPIRY, active_operator, approve, available_operator
from tests.db.searchable import criteria
from tests.db.statements import counted

TODAY = NOON.date()
LISTED_ON = TODAY + timedelta(days=1)
LATER = NOON + timedelta(days=2)  # after the listing
RENEWED = date(2031, 3, 12)


def rest_on(portal, basis, confirmed_on=TODAY, review_on=None):
    """The one confirmation rests on this."""
    with portal.database.transaction(writes=True) as session:
        session.execute(update(CertificateClaim).values(basis=basis, confirmed_on=confirmed_on))
        if review_on:
            claim = session.scalars(select(CertificateClaim)).one()
            session.add(
                ClaimOverride(claim_id=claim.id, submission_id=1, reason="Seen on paper.", review_on=review_on,
                              state="standing", proposed_at=NOON, proposed_by=1, changed_at=NOON)
            )  # fmt: skip


def standing(portal):
    """The credentials that no correction has replaced: number, class, expiry, from, until."""
    with portal.database.transaction(writes=False) as session:
        rows = session.scalars(select(Credential).where(Credential.superseded_at.is_(None)))
        return sorted(
            (one.number, one.licence_class, one.expiry, one.valid_from, one.valid_until or date.max)
            for one in rows
        )


def profile_of(portal):
    with portal.database.transaction(writes=False) as session:
        return session.scalars(select(OperatorProfile)).one()


def rows(portal, table):
    with portal.database.transaction(writes=False) as session:
        return list(session.scalars(select(table).order_by(table.id)))


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
    assert "until 12 March 2031: taken over; it was Wastewater treatment, Class II, until 12 March 2028" in str(
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


def mails(portal):
    return [mail for mail in rows(portal, OutgoingMail) if mail.template == "profile_aligned"]


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


# --- properties -------------------------------------------------------------------------------------------

PEOPLE = [("90012345", "12345"), ("90054321", "54321")]
SOON = date(2026, 11, 23)  # within the days of a sequence


def lines(*expiries):
    """What a listing says of each of the two: nothing, or a class, an expiry and a status."""
    classes = st.sampled_from([LicenceClass.II, LicenceClass.III])
    said = st.tuples(classes, st.sampled_from(expiries), st.sampled_from(ListedStatus))
    return st.fixed_dictionaries({person: st.one_of(st.none(), said) for person in PEOPLE})


STEPS = st.lists(st.one_of(lines(EXPIRY, RENEWED, SOON), st.just("withdraw"), st.just("night")), max_size=6)


def listed(chosen):
    return [
        line(operator_id, status, number=number, licence_class=licence_class, expiry=expiry)
        for (operator_id, number), said in chosen.items()
        if said is not None
        for licence_class, expiry, status in [said]
    ]


def view(portal):
    """What the portal holds true now, and where each profile stands."""
    with portal.database.transaction(writes=False) as session:
        profiles = session.scalars(select(OperatorProfile).order_by(OperatorProfile.id))
        return standing(portal), [(one.state, one.suspended_by_alignment) for one in profiles]


@pytest.fixture
def two_operators(portal):
    for operator_id, number in PEOPLE:
        active_operator(portal, operator_id, number)
    rest_on(portal, Basis.LISTING)
    imported(portal, *(line(one, number=number) for one, number in PEOPLE), listed_on=LISTED_ON, at=LATER)
    return portal


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_any_sequence_of_listings_ends_where_the_last_one_alone_would(two_operators, steps):
    portal, at, stack = two_operators, LATER, []
    for step in steps:
        at += timedelta(hours=20)
        if step == "night":
            with unattended(portal, at) as work:
                align(work, "night")
        elif step != "withdraw":
            before = view(portal)
            imported(portal, *listed(step), listed_on=LISTED_ON, at=at)
            stack.append((step, before))
        elif stack:
            withdrawn(portal, at)
            stack.pop()
        _equals_the_rule(portal, at)
    while stack:
        _, before = stack.pop()
        withdrawn(portal, at)
    _equals_the_rule(portal, at)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines(EXPIRY, RENEWED), lines(EXPIRY, RENEWED))
def test_withdrawing_restores_everything(two_operators, first, second):
    portal, at = two_operators, LATER + timedelta(days=1)
    imported(portal, *listed(first), listed_on=LISTED_ON, at=at)
    before = view(portal)
    imported(portal, *listed(second), listed_on=LISTED_ON, at=at + timedelta(days=1))
    withdrawn(portal, at + timedelta(days=1))
    assert view(portal) == before
    withdrawn(portal, at + timedelta(days=1))


def _equals_the_rule(portal, at):
    """What is on file equals the plain rule, asked of each certificate alone."""
    today = day_at(at)
    with portal.database.transaction(writes=False) as session:
        listing = session.scalars(select(ListingImport).where(ListingImport.state == "standing")).one()
        lines = {row.number: row for row in session.scalars(
            select(ListedRow).where(ListedRow.import_id == listing.id))}  # fmt: skip
        for claim in session.scalars(select(CertificateClaim)):
            row = lines.get(claim.number)
            said = line(row.operator_id, ListedStatus(row.status), number=row.number, expiry=row.expiry,
                        licence_class=LicenceClass(row.licence_class)) if row else None  # fmt: skip
            claimed = Licence(claim.number, LicenceType(claim.licence_type), LicenceClass.II, claim.expiry)
            rule = aligned(Confirmed(claimed, Basis.LISTING, claim.confirmed_on), said, listing.listed_on, today)
            held = session.scalars(
                select(Credential).where(Credential.claim_id == claim.id, Credential.superseded_at.is_(None),
                                         Credential.valid_until.is_(None))
            ).one_or_none()  # fmt: skip
            assert (
                (held.expiry, held.licence_class) == (rule.licence.expiry, rule.licence.licence_class)
                if (rule.licence)
                else held is None
            )
            state = session.get_one(OperatorProfile, claim.profile_id).state
            counts = rule.licence is not None and rule.licence.in_force_on(today)
            assert state == (State.ACTIVE if counts else State.SUSPENDED)
        assert audit.verify(session).faults == ()


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


def again_signed_in(portal):
    """The one operator, after the listing."""
    with portal.database.transaction(writes=False) as session:
        person_id = session.scalars(select(OperatorProfile.person_id)).one()
        account_id = session.scalars(select(Account.id).where(Account.person_id == person_id)).one()
    return sign_in(portal, account_id, LATER)


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
    approve(officer, 2)
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
    verification.restore(officer, 1, profile_of(portal).version)
    verification.suspend(officer, 1, profile_of(portal).version, "A complaint.")
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    assert (profile_of(portal).state, profile_of(portal).suspended_because) == (State.SUSPENDED, "A complaint.")
    assert operators.my_profile(again_signed_in(portal)).certificates[0].counts_as is not None
