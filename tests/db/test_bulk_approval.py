"""What the listing bears out exactly is approved at once; on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from core.problems import Refused
from core.roles import Role
from db.gate import unattended
from db.schema import Account, AccountRole, Credential, Submission
from db.services import assignments, bulk_approval, operators, owners, questions, reason_templates, verification
from db.verification import borne_out
from tests.db import standing_listings as listings
from tests.db.crowded import crowd
from tests.db.people import NOON, sign_in, signed_in
from tests.db.profiles import add_certificate, add_facility, approve, submitted_operator
from tests.db.queued import looked_at, only, rows, submission, two_certificates
from tests.db.statements import counted


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
    assert ([one.submission_id for one in done.approved], told) == ([1], [1, 2])
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
