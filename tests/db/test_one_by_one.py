"""Certificates and facilities of one submission decided one by one; on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.problems import Refused
from core.profiles import State
from core.queue import Filters, Stage
from core.roles import Role
from db.alignment.passes import align
from db.gate import Stale, unattended
from db.schema import Credential, OutgoingMail
from db.services import operators, owners, questions, verification
from tests.db import standing_listings as listings
from tests.db.people import NOON, signed_in
from tests.db.profiles import active_owner, add_facility, approve
from tests.db.queued import rows, two_certificates


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
