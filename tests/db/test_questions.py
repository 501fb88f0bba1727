"""Questions of the office to who submitted, and their answers; on both databases."""

import pytest
from sqlalchemy import select, update

from core.problems import Refused
from core.profiles import State
from core.queue import Filters, Stage
from core.roles import Role
from db.gate import Stale
from db.mail import mails
from db.register_schema import ClaimQuestion
from db.schema import AccountRole, OutgoingMail
from db.services import owners, questions, verification
from tests.db.people import NOON, signed_in
from tests.db.profiles import approve, submitted_operator, submitted_owner
from tests.db.queued import only, rows


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
    (mine,) = questions.answered(asker)
    assert (mine.question, mine.answer) == ("Which owner is it for?", "North Bay.")
    assert questions.answered(other) == ()
    approve(officer, 1)
    assert questions.answered(asker) == ()


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
