"""The office's questions to an operator or owner, with a field for each answer."""

import streamlit as st

from db.services import questions
from db.verification.questions import OwnQuestion
from ui import words
from ui.forms import Form
from ui.session import asker


def draw() -> None:
    """What the office asks: a field for each answer, then what is answered, until the office has decided."""
    for question in questions.to_me(asker()):
        with st.container(border=True, key=f"own-question-{question.question_id}"):
            _draw(question)
    for question in questions.answered(asker()):
        with st.container(border=True, key=f"own-question-{question.question_id}"):
            words.facts(
                {"About": question.about, "The office asked": question.question, "Answered": question.answer}
            )


def _draw(question: OwnQuestion) -> None:
    words.warning(f"The office asks about {question.about}:")
    st.text(question.question)
    form = Form("answer", key=question.question_id)
    field = f"answer-{question.question_id}"
    answer = form.textarea(
        field, "Your answer", required=True, help="Your profile stays with the office meanwhile."
    )
    if form.submit("Answer", lambda: questions.answer(asker(), question.question_id, answer)):
        words.say_after_rerun("The office has your answer.")
        st.rerun()
