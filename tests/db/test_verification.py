"""The office's queue and its decisions, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select, update

from core.licences import LicenceType
from core.membership import Grant, Right
from core.problems import Refused
from core.profiles import ClaimState, State, SubmissionState
from core.queue import Filters, Place, Subject
from core.roles import Role
from db.audit import verify
from db.finding import SearchNotOpen
from db.gate import NotAllowed, Portal, Stale
from db.memberships import first_manager
from db.schema import (
    Account,
    AccountRole,
    AuditEntry,
    Credential,
    Facility,
    FacilityRelation,
    LoginSession,
    Membership,
    OperatorProfile,
    Organization,
    OutgoingMail,
    Person,
    Submission,
)
from db.services import (
    assignments,
    bulk_approval,
    looks,
    members,
    operators,
    own_account,
    owners,
    questions,
    search,
    verification,
)
from tests.db import standing_listings
from tests.db.members import acting as member_acting
from tests.db.people import NOON, PASSWORD, at, signed_in
from tests.db.profiles import (
    FACILITY,
    active_operator,
    active_owner,
    add_certificate,
    add_facility,
    approve,
    approve_all,
    submitted_operator,
    submitted_owner,
    waiting_id,
)
from tests.db.searchable import add_operator, candidate, criteria
from tests.db.together import together


@pytest.fixture
def officer(portal):
    return signed_in(portal, Role.OFFICER, given_name="Olga", family_name="Office")


def rows(portal, query):
    with portal.database.transaction(writes=False) as session:
        return session.scalars(query).all()


def actions(portal):
    return {entry.action for entry in rows(portal, select(AuditEntry))}


def words(flags):
    return [str(flag.sentence) for flag in flags]


# --- the queue --------------------------------------------------------------------------------------------


def test_an_empty_queue_says_so(officer):
    queue = verification.queue(officer)
    assert (queue.rows, queue.waiting, queue.oldest, queue.pages) == ((), 0, None, 1)


def test_one_queue_for_both_the_oldest_first_with_its_counts(portal, officer):
    owner = submitted_owner(portal)
    operator = submitted_operator(portal)
    operators.withdraw(operator, operators.my_profile(operator).version)
    later = at(operator, NOON + timedelta(hours=11, minutes=59))  # a minute to midnight in Toronto
    operators.submit(later, operators.my_profile(later).version)
    queue = verification.queue(signed_in(portal, Role.OFFICER, at=NOON + timedelta(hours=12, days=2)))
    assert [(row.kind, row.name, row.claims, row.days) for row in queue.rows] == [
        ("owner", "City of North Bay", 1, 1),  # from Friday to Monday: one working day
        ("operator", "Robin Fairwater", 1, 1),
    ]
    assert (queue.kinds, queue.waiting, queue.oldest) == ({"operator": 1, "owner": 1}, 2, NOON)
    assert "queue.seen" in actions(portal)
    owners.withdraw(owner, owners.my_organization(owner).version)
    assert verification.queue(officer).waiting == 1


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (Filters(kind="operator"), ["Ann O'Brien"]),
        (Filters(kind="owner"), ["City of North Bay"]),
        (Filters(words="o'bri"), ["Ann O'Brien"]),
        (Filters(words=" ann  o'brien "), ["Ann O'Brien"]),
        (Filters(words="9001234"), ["Ann O'Brien"]),
        (Filters(words="ab-1"), ["Ann O'Brien"]),
        (Filters(words="NORTH"), ["City of North Bay"]),
        (Filters(words="2200"), ["City of North Bay"]),
        (Filters(kind="owner", words="ann"), []),
        (Filters(words="%"), []),
        (Filters(words="_"), []),
    ],
)
def test_filters(portal, officer, filters, names):
    submitted_operator(portal, number="AB-1", given_name="Ann", family_name="O'Brien")
    submitted_owner(portal)
    queue = verification.queue(officer, filters)
    assert [row.name for row in queue.rows] == names
    assert (queue.found, queue.waiting) == (len(names), 2)


def copies_of_the_submission(portal: Portal, count: int) -> None:
    """Makes the portal's one submission into `count`, each of an operator of its own."""
    with portal.database.transaction(writes=True) as session:
        first = session.scalars(select(Submission)).one()
        for number in range(1, count):
            person = Person(given_name="Copy", family_name=str(number), created_at=NOON)
            profile = OperatorProfile(
                person=person, state=State.PENDING, claimed_operator_id=f"900{number:05}", changed_at=NOON
            )
            session.add(
                Submission(
                    operator_profile=profile,
                    submitted_by=first.submitted_by,
                    submitted_at=NOON,
                    claimed=first.claimed | {"name": person.name, "operator_id": profile.claimed_operator_id},
                    state=SubmissionState.OPEN,
                    changed_at=NOON,
                )
            )


def test_fifty_a_page_and_no_more_statements_for_1000_than_for_10(portal, officer):
    submitted_operator(portal)
    copies_of_the_submission(portal, 10)
    few = statements(portal, lambda: verification.queue(officer))
    with portal.database.transaction(writes=True) as session:
        for one in session.scalars(select(Submission).where(Submission.id != 1)):
            session.delete(one)
    with portal.database.transaction(writes=True) as session:
        for profile in session.scalars(select(OperatorProfile).where(OperatorProfile.id != 1)):
            session.delete(profile)
    copies_of_the_submission(portal, 1000)
    many = statements(portal, lambda: verification.queue(officer))
    assert few == many < 25
    assert len(verification.queue(officer).rows) == 50
    assert verification.queue(officer).pages == 20
    first, last = verification.queue(officer, page=1), verification.queue(officer, page=20)
    assert verification.queue(officer, page=99) == last
    assert verification.queue(officer, page=-3) == first
    assert {row.submission_id for row in first.rows}.isdisjoint(row.submission_id for row in last.rows)


def statements(portal, act):
    seen = []

    def count(*_):
        seen.append(1)

    event.listen(portal.database.engine, "before_cursor_execute", count)
    act()
    event.remove(portal.database.engine, "before_cursor_execute", count)
    return len(seen)


@pytest.mark.parametrize(
    "role", [Role.OPERATOR, Role.OWNER, Role.MANAGER, Role.ADMIN, Role.DIRECTOR, Role.DELEGATE]
)
def test_only_officers_see_and_decide(portal, role):
    submitted_operator(portal)
    asker = signed_in(portal, role)
    for attempt in (
        lambda: verification.queue(asker),
        lambda: verification.item(asker, 1),
        lambda: verification.approve(asker, 1, 1),
        lambda: verification.return_(asker, 1, 1, "no"),
        lambda: verification.suspend(asker, 1, 1, "no"),
        lambda: verification.restore(asker, 1, 1),
    ):
        with pytest.raises(NotAllowed):
            attempt()


# --- one item ---------------------------------------------------------------------------------------------


def test_an_item_shows_the_claim_and_leads_to_the_next_and_is_recorded(portal, officer):
    for number in ("1", "2", "3"):
        submitted_operator(portal, f"9001234{number}", number)
    item = verification.item(officer, 2)
    assert (item.name, item.operator_id, item.state) == ("Robin Fairwater", "90012342", SubmissionState.OPEN)
    assert [one.licence.label for one in item.certificates] == ["Wastewater treatment, Class II"]
    places = [Place(Subject.SUBMISSION, one) for one in (1, 2, 3)]
    ways = [(around.previous, around.next) for around in (assignments.around(officer, one) for one in places)]
    assert ways == [(None, places[1]), (places[0], places[2]), (places[1], places[0])]
    assert "submission.seen" in actions(portal)
    with pytest.raises(Refused, match="no submission 999"):
        verification.item(officer, 999)


def test_the_same_certificate_of_two_people_is_flagged_to_the_office_and_to_nobody_else(portal, officer):
    first = submitted_operator(portal, "90011111", "777", given_name="Ann", family_name="One")
    second = submitted_operator(portal, "90022222", "777", given_name="Bo", family_name="Two")
    assert words(verification.item(officer, 2).certificates[0].flags) == [
        "The same number and type is also claimed by “Ann One”."
    ]
    approve(officer, 1)
    assert words(verification.queue(officer).rows[0].flags) == [
        "The same number and type is confirmed for Ann One already."
    ]
    for asker, other in ((first, "Bo"), (second, "Ann")):
        assert other not in str(operators.my_profile(asker))


def test_the_same_operator_id_of_two_people_is_flagged_and_confirmed_once(portal, officer):
    submitted_operator(portal, "90011111", "1", given_name="Ann", family_name="One")
    submitted_operator(portal, "90011111", "2", given_name="Bo", family_name="Two")
    assert words(verification.item(officer, 1).flags) == ["Operator ID 90011111 is also claimed by “Bo Two”."]
    approve(officer, 1)
    assert words(verification.item(officer, 2).flags) == ["Operator ID 90011111 is confirmed for Ann One already."]
    with pytest.raises(Refused, match="90011111 is confirmed for another person already"):
        approve(officer, 2)
    assert len(rows(portal, select(Credential))) == 1
    assert verification.item(officer, 2).state is SubmissionState.OPEN


def test_the_same_number_of_another_type_is_flagged_too(portal, officer):
    submitted_operator(portal, "90011111", "777", given_name="Ann", family_name="One")
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90022222", 0)
    add_certificate(asker, "7 7-7", LicenceType.WATER_TREATMENT)
    operators.submit(asker, operators.my_profile(asker).version)
    assert words(verification.item(officer, 2).certificates[0].flags) == [
        "The same number, of another type, is also claimed by “Ann One”."
    ]


def test_drafts_of_others_are_not_flagged(portal, officer):
    other = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(other, "90012345", 0)
    add_certificate(other, "12345")
    submitted_operator(portal)
    item = verification.item(officer, 1)
    assert item.flags == item.certificates[0].flags == ()


def test_what_was_returned_is_flagged_no_more_until_it_is_submitted_again(portal, officer):
    first = submitted_operator(portal, "90011111", "777", given_name="Ann", family_name="One")
    owner = submitted_owner(portal, "City One")
    submitted_operator(portal, "90011111", "777", given_name="Bo", family_name="Two")
    submitted_owner(portal, "city one")

    def said(submission_id):
        item = verification.item(officer, submission_id)
        return words(item.flags), words(item.claims[0].flags)

    operator_said = (
        ["Operator ID 90011111 is also claimed by “Ann One”."],
        ["The same number and type is also claimed by “Ann One”."],
    )
    owner_said = (
        ["Another organization on the portal has this name: City One."],
        ["This facility is also claimed by “City One”."],
    )
    assert (said(3), said(4)) == (operator_said, owner_said)
    verification.return_(officer, 1, 1, "Which is it?")
    verification.return_(officer, 2, 1, "Which is it?")
    assert said(3) == said(4) == ([], [])
    add_certificate(first, "888")  # mending it, so that the profile is a draft
    add_facility(owner, ministry_number="88")
    assert said(3) == said(4) == ([], [])
    operators.submit(first, operators.my_profile(first).version)
    owners.submit(owner, owners.my_organization(owner).version)
    assert (said(3), said(4)) == (operator_said, owner_said)


def test_what_was_refused_or_taken_out_is_not_flagged(portal, officer):
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90011111", 0)
    for number in ("777", "888", "999"):
        add_certificate(asker, number)
    operators.submit(asker, operators.my_profile(asker).version)
    owner = signed_in(portal, Role.OWNER)
    owners.save_organization(owner, "City One", "municipality", 0)
    for number in ("77", "88", "99"):
        add_facility(owner, ministry_number=number)
    owners.submit(owner, owners.my_organization(owner).version)
    verification.refuse_one(officer, 1, 1, 1, "Not on the card.")
    verification.refuse_one(officer, 2, 1, 1, "Not yours.")
    approve(officer, 1)
    approve(officer, 2)
    operators.withdraw(asker, operators.my_profile(asker).version)
    operators.delete_certificate(asker, 2, operators.my_profile(asker).version)
    owners.withdraw(owner, owners.my_organization(owner).version)
    owners.delete_facility(owner, 2, owners.my_organization(owner).version)
    for number in ("777", "888"):
        submitted_operator(portal, f"90022{number}", number)
    for number in ("77", "88"):
        submitted_owner(portal, f"City {number}", facility=replace(FACILITY, ministry_number=number))
    waiting = [row.submission_id for row in verification.queue(officer).rows]
    assert [words(verification.item(officer, one).claims[0].flags) for one in waiting] == [[]] * 4


# --- decisions --------------------------------------------------------------------------------------------


def test_an_approval_refuses_some_certificates_with_a_reason(portal, officer):
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90012345", 0)
    add_certificate(asker, "1")
    wrong = add_certificate(asker, "2")
    operators.submit(asker, operators.my_profile(asker).version)
    approve(officer, 1, refused={wrong: "The register shows another number.\nSend a copy."})
    profile = operators.my_profile(asker)
    assert [(one.licence.number, one.state) for one in profile.certificates] == [
        ("1", ClaimState.CONFIRMED),
        ("2", ClaimState.REFUSED),
    ]
    assert profile.certificates[1].refused_because == "The register shows another number.\nSend a copy."
    assert [one.number for one in rows(portal, select(Credential))] == ["1"]
    mail = rows(portal, select(OutgoingMail).order_by(OutgoingMail.id.desc()))[0]
    assert mail.values["refused"] == [
        ["Wastewater treatment, Class II (2)", "The register shows another number.\nSend a copy."]
    ]
    credential = rows(portal, select(Credential))[0]
    assert (credential.valid_from, credential.recorded_at, credential.rank) == (date(2026, 11, 20), NOON, 2)


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        ({1: ""}, "Write the reason"),
        ({1: "x" * 2001}, "too long"),
        ({99: "why"}, "not part of this submission"),
        ({1: "wrong number"}, "Nothing of this profile would be confirmed"),
    ],
)
def test_a_wrong_approval_is_refused_and_changes_nothing(portal, officer, refused, words):
    asker = submitted_operator(portal)
    with pytest.raises(Refused, match=words):
        verification.approve(officer, 1, 1, refused=refused)
    assert verification.item(officer, 1).version == 1
    assert operators.my_profile(asker).state is State.PENDING
    assert rows(portal, select(Credential)) == []


def test_a_returned_profile_is_mended_and_submitted_again(portal, officer):
    asker = submitted_operator(portal)
    with pytest.raises(Refused, match="Write the reason"):
        verification.return_(officer, 1, 1, "  ")
    verification.return_(officer, 1, 1, "Number 12345 is not on file.\r\nCheck it.")
    profile = operators.my_profile(asker)
    assert (profile.state, profile.agreed, profile.returned_because) == (
        State.RETURNED,
        False,
        "Number 12345 is not on file.\nCheck it.",
    )
    add_certificate(asker, "54321")
    assert operators.my_profile(asker).state is State.DRAFT
    assert operators.my_profile(asker).returned_because
    operators.submit(asker, operators.my_profile(asker).version)
    assert operators.my_profile(asker).returned_because == ""
    item = verification.item(officer, 2)
    assert [(one.state, one.by) for one in item.history] == [(SubmissionState.RETURNED, "Olga Office")]
    approve(officer, 2)
    assert operators.my_profile(asker).state is State.ACTIVE
    assert [mail.template for mail in rows(portal, select(OutgoingMail).order_by(OutgoingMail.id))] == [
        "profile_received",
        "profile_returned",
        "profile_received",
        "profile_approved",
    ]


def test_a_returned_change_leaves_an_active_profile_active(portal, officer):
    asker = active_operator(portal)
    operators.withdraw(asker, operators.my_profile(asker).version)
    add_certificate(asker, "999")
    operators.submit(asker, operators.my_profile(asker).version)
    item = verification.item(officer, 2)
    assert [one.licence.number for one in item.certificates] == ["999"]
    verification.return_(officer, 2, item.version, "Not on file.")
    profile = operators.my_profile(asker)
    assert (profile.state, profile.returned_because) == (State.ACTIVE, "Not on file.")
    assert [one.state for one in profile.certificates] == [ClaimState.CONFIRMED, ClaimState.DRAFT]


def test_a_withdrawn_submission_is_decided_by_nobody(portal, officer):
    asker = submitted_operator(portal, given_name="Ann", family_name="One")
    seen = verification.item(officer, 1).version
    operators.withdraw(asker, operators.my_profile(asker).version)
    with pytest.raises(Stale, match="changed by Ann One"):
        verification.approve(officer, 1, seen)
    with pytest.raises(Refused):
        verification.approve(officer, 1, verification.item(officer, 1).version)


def test_of_two_officers_one_decides_and_the_other_is_told_who_was_first(portal, officer):
    asker = submitted_operator(portal)
    seen = verification.item(officer, 1).version
    other = signed_in(portal, Role.OFFICER)
    verification.approve(at(officer, NOON + timedelta(minutes=20)), 1, seen)
    with pytest.raises(Stale, match="changed by Olga Office on 20 November 2026 at 12:20"):
        verification.return_(other, 1, seen, "Too late.")
    assert operators.my_profile(asker).state is State.ACTIVE
    with pytest.raises(Refused, match="decided already"):
        verification.return_(other, 1, verification.item(other, 1).version, "Too late.")


def test_a_decision_makes_the_holders_page_stale(portal, officer):
    asker, owner = submitted_operator(portal), submitted_owner(portal)
    seen, seen_too = operators.my_profile(asker).version, owners.my_organization(owner).version
    approve(officer, 1)
    verification.return_(officer, 2, 1, "Not on file.")
    with pytest.raises(Stale, match="changed by Olga Office"):
        operators.withdraw(asker, seen)
    with pytest.raises(Stale, match="changed by Olga Office"):
        owners.submit(owner, seen_too)


def close_account(asker):
    own_account.close_account(asker, PASSWORD)


def test_who_closed_the_account_and_comes_back_is_verified_with_the_same_operator_id(portal, officer):
    close_account(active_operator(portal, given_name="Ann", family_name="One"))
    again = submitted_operator(portal, given_name="Ann", family_name="One")
    item = verification.item(officer, 2)
    assert words(item.flags) == [
        "Operator ID 90012345 was confirmed for Ann One, whose account is closed. Approving makes Ann One the "
        "same person."
    ]
    approve(officer, 2)
    assert operators.my_profile(again).confirmed_operator_id == "90012345"
    assert [one.operator_id for one in rows(portal, select(Person).where(Person.operator_id.is_not(None)))] == [
        "90012345"
    ]
    assert "person.operator_id_taken" in actions(portal)


def holds_an_operator_id(portal, given_name, family_name, number="90012345"):
    """Somebody without an account whose Operator ID the office has confirmed."""
    with portal.database.transaction(writes=True) as session:
        held = Person(given_name=given_name, family_name=family_name, created_at=NOON, operator_id=number)
        session.add(held)
        session.flush()
        return held.id


def holder_of(portal, number="90012345"):
    return rows(portal, select(Person).where(Person.operator_id == number))[0].name


OTHER_NAME = (
    "Operator ID 90012345 was confirmed for Sam Employee, who has no account. The names differ: approve it only "
    "with the reason why Robin Fairwater is the same person."
)


def test_an_operator_id_of_another_name_is_taken_over_for_a_written_reason_alone(portal, officer):
    holds_an_operator_id(portal, "Sam", "Employee")
    asker = submitted_operator(portal)
    item = verification.item(officer, 1)
    assert words(item.flags) == [OTHER_NAME]
    assert item.flags[0].other_name
    for nothing in ({}, {"same_person": " "}):
        with pytest.raises(Refused, match="is confirmed for Sam Employee, another name") as refused:
            approve(officer, 1, **nothing)
        assert [one.field for one in refused.value.problems] == ["same_person"]
    assert holder_of(portal) == "Sam Employee"
    approve(officer, 1, same_person="The name was changed\nin 2025. ")
    assert holder_of(portal) == "Robin Fairwater"
    said = "One person with whoever had the Operator ID: The name was changed\nin 2025."
    assert verification.item(officer, 1).decided.reasons == said
    assert "2025" not in str(operators.my_profile(asker))
    mails = rows(portal, select(OutgoingMail).where(OutgoingMail.template == "profile_approved"))
    assert "2025" not in str([mail.values for mail in mails])


def test_one_certificate_alone_is_not_confirmed_under_an_operator_id_of_another_name(portal, officer):
    holds_an_operator_id(portal, "Sam", "Employee")
    submitted_operator(portal)
    with pytest.raises(Refused, match="Approve the whole profile and write why the two are one person"):
        verification.confirm_one(officer, 1, 1, 1)
    assert holder_of(portal) == "Sam Employee"


@pytest.mark.parametrize(
    "name",
    [
        ("Robin", "Fairwater"),
        ("Róbin", "FAIRWATER"),
        ("Fairwater", "Robin"),
        ("Robin", "Former"),
        ("R.", "Fairwater"),
    ],
)
def test_an_operator_id_of_a_like_name_is_taken_over_where_the_officer_saw_it(portal, officer, name):
    holds_an_operator_id(portal, *name)
    submitted_operator(portal)
    (flag,) = verification.item(officer, 1).flags
    assert str(flag.sentence).endswith("who has no account. Approving makes Robin Fairwater the same person.")
    assert not flag.other_name
    approve(officer, 1, same_person="Not needed, so not kept.")
    assert holder_of(portal) == "Robin Fairwater"
    assert verification.item(officer, 1).decided.reasons == ""


@pytest.mark.parametrize("name", [("Robin", "Fairwater"), ("Sam", "Employee")])
def test_an_operator_id_that_somebody_else_has_is_never_an_exact_match(portal, officer, name):
    standing_listings.stand(portal, standing_listings.ROW)
    holds_an_operator_id(portal, *name)
    submitted_operator(portal)
    preview = bulk_approval.exact_matches(officer)
    assert preview.ready == ()
    assert [str(one.why_not).startswith("Operator ID 90012345 was confirmed for") for one in preview.left_out] == [
        True
    ]
    with pytest.raises(Refused, match="There is something to know: Operator ID 90012345 was confirmed for"):
        bulk_approval.approve_if_exact(officer, 1, 1)


def test_an_operator_id_of_somebody_who_signs_in_without_a_profile_is_flagged_and_not_taken(portal, officer):
    signed_in(portal, Role.OWNER, given_name="Ona", family_name="Owner")
    with portal.database.transaction(writes=True) as session:
        session.execute(update(Person).where(Person.given_name == "Ona").values(operator_id="90012345"))
    submitted_operator(portal)
    assert words(verification.item(officer, 1).flags) == [
        "Operator ID 90012345 is confirmed for Ona Owner already."
    ]
    with pytest.raises(Refused, match="confirmed for another person already"):
        approve(officer, 1, same_person="The same.")


def test_an_organization_closes_with_its_last_member(portal, officer):
    owner = submitted_owner(portal)
    other = signed_in(portal, Role.OWNER)
    with portal.database.transaction(writes=True) as session:
        account = session.scalars(select(LoginSession.account_id).order_by(LoginSession.id.desc())).first()
        session.add(first_manager(account, 1, NOON))
    close_account(owner)
    assert owners.my_organization(other).state is State.PENDING
    close_account(other)
    assert rows(portal, select(Organization))[0].state == State.CLOSED
    assert rows(portal, select(Submission))[0].state == SubmissionState.WITHDRAWN
    assert verification.queue(officer).waiting == 0


def test_a_decision_is_mailed_to_nobody_who_closed_the_account(portal, officer):
    owner = submitted_owner(portal)
    other = signed_in(portal, Role.OWNER, email="other@example.ca")
    with portal.database.transaction(writes=True) as session:
        account = session.scalars(select(LoginSession.account_id).order_by(LoginSession.id.desc())).first()
        session.add(first_manager(account, 1, NOON))
    close_account(owner)
    approve(officer, 1)
    mails = select(OutgoingMail.recipient).where(OutgoingMail.template == "profile_approved")
    assert rows(portal, mails) == ["other@example.ca"]
    assert owners.my_organization(other).state is State.ACTIVE


def two_managers(portal):
    """The two managers of an organization, of which the first has submitted another facility."""
    owner = active_owner(portal)
    other = member_acting(portal, owner, Grant(Right.MANAGE), email="other@example.ca")
    owners.withdraw(owner, owners.my_organization(owner).version)
    add_facility(owner, ministry_number="77")
    owners.submit(owner, owners.my_organization(owner).version)
    return owner, other


def stops_managing(portal, owner, other, how):
    mine = next(one for one in members.people(other).members.rows if one.email != "other@example.ca")
    if how == "left":
        members.leave(owner, mine.membership_id, mine.version)
    elif how == "lost the right":
        members.change(other, mine.membership_id, [Grant(Right.FIND)], mine.version)
    elif how == "deactivated":
        disable(portal, 2)


def disable(portal, account_id):
    with portal.database.transaction(writes=True) as session:
        session.get_one(Account, account_id).state = "disabled"


def told(portal):
    return [(one.template, one.recipient) for one in rows(portal, select(OutgoingMail).order_by(OutgoingMail.id))]


@pytest.mark.parametrize("how", ["left", "lost the right", "deactivated"])
def test_who_submitted_and_manages_no_more_is_not_told_but_the_managers_are(portal, officer, how):
    owner, other = two_managers(portal)
    stops_managing(portal, owner, other, how)
    before = len(told(portal))
    questions.ask(officer, 2, 1, 2, "Which is it?")
    approve(officer, 2)
    verification.suspend(officer, 1, owners.my_organization(other).version, "Dissolved.", "owner")
    assert told(portal)[before:] == [
        ("question_asked", "other@example.ca"),
        ("profile_approved", "other@example.ca"),
        ("organization_suspended", "other@example.ca"),
    ]


def test_a_return_is_told_to_the_managers_where_who_submitted_has_left(portal, officer):
    stops_managing(portal, *two_managers(portal), "left")
    verification.return_(officer, 2, 1, "Not on file.")
    assert told(portal)[-1] == ("profile_returned", "other@example.ca")


def test_of_several_managers_who_submitted_is_told(portal, officer):
    two_managers(portal)
    before = len(told(portal))
    approve(officer, 2)
    (email,) = rows(portal, select(Account.email).where(Account.id == 2))
    assert told(portal)[before:] == [("profile_approved", email)]


def test_an_operator_whose_account_is_deactivated_is_told_nothing(portal, officer):
    submitted_operator(portal)
    disable(portal, 2)
    questions.ask(officer, 1, 1, 1, "Which is it?")
    approve(officer, 1)
    version = rows(portal, select(OperatorProfile.version))[0]
    verification.suspend(officer, 1, version, "The register shows a suspension.")
    verification.restore(officer, 1, version + 1)
    assert [template for template, _ in told(portal)] == ["profile_received"]


def test_two_officers_at_the_same_moment_make_exactly_one_decision(portal, officer):
    other = signed_in(portal, Role.OFFICER)
    for number in range(1, 6):
        submitted_operator(portal, f"9000000{number}", str(number))
        answers = together(
            lambda number=number: verification.approve(officer, number, 1),
            lambda number=number: verification.return_(other, number, 1, "No."),
        )
        assert sorted(type(answer) is Stale for answer in answers) == [False, True], answers
    decided = rows(portal, select(Submission))
    mails = rows(portal, select(OutgoingMail).where(OutgoingMail.template != "profile_received"))
    assert len(mails) == len(decided) == 5
    approved = [one for one in decided if one.state == "approved"]
    assert len(rows(portal, select(Credential))) == len(approved)
    with portal.database.transaction(writes=False) as session:
        assert verify(session).faults == ()


def test_one_operator_id_confirmed_for_two_people_at_the_same_moment_is_confirmed_once(portal, officer):
    submitted_operator(portal, "90011111", "1")
    submitted_operator(portal, "90011111", "2")
    other = signed_in(portal, Role.OFFICER)
    answers = together(
        lambda: verification.approve(officer, 1, 1),
        lambda: verification.approve(other, 2, 1),
    )
    assert sorted(answer == "done" for answer in answers) == [False, True], answers
    assert len(rows(portal, select(Credential))) == 1


def test_nobody_decides_on_their_own_claim(portal, officer):
    asker = submitted_operator(portal)
    owner = submitted_owner(portal)
    with portal.database.transaction(writes=True) as session:
        for one in session.scalars(select(Submission)):
            session.add(AccountRole(account_id=one.submitted_by, role=Role.OFFICER, granted_at=NOON))
    for own, submission_id in ((asker, 1), (owner, 2)):
        item = verification.item(own, submission_id)
        assert item.own
        with pytest.raises(Refused, match="your own"):
            verification.approve(own, submission_id, item.version)
        with pytest.raises(Refused, match="your own"):
            verification.return_(own, submission_id, item.version, "Mine.")
    assert {one.state for one in rows(portal, select(Submission))} == {"open"}
    approve_all(portal)
    with pytest.raises(Refused, match="your own"):
        verification.suspend(asker, 1, operators.my_profile(asker).version, "Mine.")


def test_a_whole_profile_verified_anew_can_lose_a_confirmed_certificate(portal, officer):
    asker = active_operator(portal)
    operators.withdraw(asker, operators.my_profile(asker).version)
    add_certificate(asker, "999")
    operators.save_operator_id(asker, "90077777", operators.my_profile(asker).version)
    operators.submit(asker, operators.my_profile(asker).version)
    item = verification.item(officer, 2)
    old = next(one for one in item.certificates if one.licence.number == "12345")
    approve(officer, 2, refused={old.claim_id: "It is another person's."})
    standing = select(Credential).where(Credential.superseded_at.is_(None), Credential.valid_until.is_(None))
    assert [one.number for one in rows(portal, standing)] == ["999"]


# --- facilities -------------------------------------------------------------------------------------------


def test_a_second_claimant_goes_to_the_queue_and_never_makes_a_second_facility(portal, officer):
    first = active_owner(portal, "City One")
    second = submitted_owner(portal, "City Two")
    item = verification.item(officer, 2)
    assert words(item.facilities[0].flags) == ["“City One” holds this facility today as its owner."]
    assert item.facilities[0].changes_hands
    with pytest.raises(Refused, match=r"2200A .* is held by another organization"):
        approve(officer, 2)
    later = signed_in(portal, Role.OFFICER, at=NOON + timedelta(days=2))
    approve(later, 2, transfers=frozenset({item.facilities[0].claim_id}))
    assert len(rows(portal, select(Facility))) == 1
    standing = select(FacilityRelation).where(FacilityRelation.superseded_at.is_(None))
    assert [
        (one.organization_id, one.valid_from, one.valid_until)
        for one in rows(portal, standing.order_by(FacilityRelation.organization_id))
    ] == [(1, date(2026, 11, 20), date(2026, 11, 22)), (2, date(2026, 11, 22), None)]
    assert [one.held for one in owners.my_organization(first).facilities] == [False]
    assert [one.held for one in owners.my_organization(second).facilities] == [True]
    assert "City Two" not in str(owners.my_organization(first))


def test_an_operating_authority_stands_beside_the_owner(portal, officer):
    active_owner(portal)
    submitted_owner(portal, "Utilities Inc.", "operating_authority")
    assert not verification.item(officer, 2).facilities[0].changes_hands
    approve(officer, 2)
    assert sorted(one.role for one in rows(portal, select(FacilityRelation))) == ["operating_authority", "owner"]
    assert len(rows(portal, select(Facility))) == 1


def test_two_claims_of_one_new_facility_at_the_same_moment_make_one_row(portal, officer):
    submitted_owner(portal, "City One")
    submitted_owner(portal, "Utilities", "operating_authority")
    assert words(verification.item(officer, 1).facilities[0].flags) == [
        "This facility is also claimed by “Utilities”."
    ]
    other = signed_in(portal, Role.OFFICER)
    together(lambda: verification.approve(officer, 1, 1), lambda: verification.approve(other, 2, 1))
    assert len(rows(portal, select(Facility))) == 1
    assert len(rows(portal, select(FacilityRelation))) == 2


def test_a_position_far_from_the_place_that_was_named_is_flagged_with_the_distance(portal, officer):
    submitted_owner(portal, facility=replace(FACILITY, latitude=48.47, longitude=-81.33))
    assert words(verification.item(officer, 1).facilities[0].flags) == [
        "The position on the map is 277 km away from North Bay, the place that was named."
    ]
    assert words(verification.queue(officer).rows[0].flags) == words(
        verification.item(officer, 1).facilities[0].flags
    )


def test_a_position_near_its_place_or_of_an_unknown_place_is_not_flagged(portal, officer):
    submitted_owner(portal)
    submitted_owner(portal, "Lac", facility=replace(FACILITY, ministry_number="77", place="O'Lac", latitude=48.47))
    assert verification.item(officer, 1).facilities[0].flags == ()
    assert verification.item(officer, 2).facilities[0].flags == ()


def test_a_number_on_file_as_another_type_is_flagged_and_refused(portal, officer):
    active_owner(portal)
    submitted_owner(
        portal, "Utilities", "operating_authority", replace(FACILITY, facility_type="wastewater_collection")
    )
    assert (
        words(verification.item(officer, 2).facilities[0].flags)[0]
        == "On file as another type: Wastewater treatment."
    )
    with pytest.raises(Refused, match="on file as another type"):
        approve(officer, 2)


# --- suspension -------------------------------------------------------------------------------------------


def test_a_suspended_operator_is_told_why_and_comes_back_as_before(portal, officer):
    asker = active_operator(portal)
    version = operators.my_profile(asker).version
    with pytest.raises(Refused, match="Write the reason"):
        verification.suspend(officer, 1, version, "")
    verification.suspend(officer, 1, version, "The register shows a suspension.")
    profile = operators.my_profile(asker)
    assert (profile.state, profile.suspended_because) == (State.SUSPENDED, "The register shows a suspension.")
    with pytest.raises(Stale):
        verification.restore(officer, 1, version)
    verification.restore(officer, 1, profile.version)
    profile = operators.my_profile(asker)
    assert (profile.state, profile.suspended_because) == (State.ACTIVE, "")
    templates = rows(portal, select(OutgoingMail.template).order_by(OutgoingMail.id))
    assert templates[-2:] == ["profile_suspended", "profile_restored"]


def test_a_suspended_organization_neither_searches_nor_opens_contact_details(portal, officer):
    someone = add_operator(portal, candidate())
    owner = active_owner(portal)
    search.search(owner, criteria())
    verification.suspend(officer, 1, owners.my_organization(owner).version, "It is dissolved.", "owner")
    mine = owners.my_organization(owner)
    assert (mine.state, mine.suspended_because) == (State.SUSPENDED, "It is dissolved.")
    for act in (
        lambda: search.searching_for(owner),
        lambda: search.search(owner, criteria()),
        lambda: search.profile(owner, someone, criteria()),
        lambda: looks.contact_details(owner, someone),
    ):
        with pytest.raises(SearchNotOpen, match="has suspended your organization"):
            act()
    verification.restore(officer, 1, mine.version, "owner")
    mine = owners.my_organization(owner)
    assert (mine.state, mine.suspended_because) == (State.ACTIVE, "")
    search.search(owner, criteria())
    looks.contact_details(owner, someone)
    mails = rows(portal, select(OutgoingMail).order_by(OutgoingMail.id))[-2:]
    assert [mail.template for mail in mails] == ["organization_suspended", "profile_restored"]
    assert mails[0].values["reasons"] == "It is dissolved."


def test_nobody_suspends_the_own_organization(portal, officer):
    owner = active_owner(portal)
    with portal.database.transaction(writes=True) as session:
        account = session.scalars(select(Membership.account_id)).one()
        session.add(AccountRole(account_id=account, role=Role.OFFICER, granted_at=NOON))
    with pytest.raises(Refused, match="your own"):
        verification.suspend(owner, 1, owners.my_organization(owner).version, "Mine.", "owner")


@pytest.mark.parametrize("by", ["the office", "the holder"])
def test_what_a_suspended_operator_had_handed_in_leaves_the_queue(portal, officer, by):
    asker = active_operator(portal)
    operators.withdraw(asker, operators.my_profile(asker).version)
    add_certificate(asker, "999")
    operators.submit(asker, operators.my_profile(asker).version)
    verification.suspend(officer, 1, operators.my_profile(asker).version, "Why.")
    if by == "the office":
        verification.return_(officer, 2, 1, "After the suspension.")
    else:
        operators.withdraw(asker, operators.my_profile(asker).version)
    assert verification.queue(officer).waiting == 0
    assert operators.my_profile(asker).state is State.SUSPENDED
    verification.restore(officer, 1, operators.my_profile(asker).version)
    operators.submit(asker, operators.my_profile(asker).version)
    assert verification.queue(officer).waiting == 1


def test_a_suspended_operator_enters_a_renewed_certificate_and_stays_suspended(portal, officer):
    asker = active_operator(portal)
    verification.suspend(officer, 1, operators.my_profile(asker).version, "Why.")
    operators.withdraw(asker, operators.my_profile(asker).version)
    with pytest.raises(Refused, match="Operator ID stays 90012345"):
        operators.save_operator_id(asker, "90099999", operators.my_profile(asker).version)
    with pytest.raises(Refused, match="no new or changed certificate"):
        operators.submit(asker, operators.my_profile(asker).version)
    add_certificate(asker, "1000")
    operators.submit(asker, operators.my_profile(asker).version)
    approve(officer, 2)
    mine = operators.my_profile(asker)
    assert (mine.state, mine.suspended_because) == (State.SUSPENDED, "Why.")
    assert [one.state for one in mine.certificates] == ["confirmed", "confirmed"]
    assert (
        rows(portal, select(OutgoingMail.template).order_by(OutgoingMail.id))[-1] == "profile_approved_suspended"
    )


def test_a_suspended_organization_keeps_its_name_and_may_submit_facilities(portal, officer):
    owner = active_owner(portal)
    verification.suspend(officer, 1, owners.my_organization(owner).version, "It is dissolved.", "owner")
    owners.withdraw(owner, owners.my_organization(owner).version)
    mine = owners.my_organization(owner)
    with pytest.raises(Refused, match="name and kind stay"):
        owners.save_organization(owner, "Another", mine.kind, mine.version)
    owners.add_facility(owner, replace(FACILITY, ministry_number="77", name="Lagoon"), mine.version)
    owners.submit(owner, owners.my_organization(owner).version)
    approve(officer, 2)
    assert owners.my_organization(owner).state is State.SUSPENDED


def test_every_decision_is_whole_or_not_at_all_and_the_chain_holds(portal, officer):
    submitted_operator(portal)
    submitted_owner(portal)
    approve(officer, waiting_id(officer))
    verification.return_(officer, 2, 1, "Not on file.")
    assert {"submission.approved", "submission.returned", "credential.confirmed", "profile.state"} <= actions(
        portal
    )
    with portal.database.transaction(writes=False) as session:
        assert verify(session).faults == ()
        assert session.scalar(select(func.count()).select_from(AuditEntry)) > 10
