"""The calculator: answers on the left add up above, with what the class rests on and what could change it."""

from datetime import date

import streamlit as st

from core.answers import Answer
from core.application import governing
from core.classification import Classification, classify
from core.legislation import Law, NotOnFile
from core.places import day_at
from core.roles import ACTING
from core.sentences import in_english
from ui import alteration, calculator, links, other_regulation, own_calculations, paper, points, words, worksheet
from ui.markup import html
from ui.session import asker, me

_BEFORE = "calculator-before"  # what was answered before another page was opened, in this session
_TABS = ["Questions", "Where the points come from", "What if", "Other regulation", "Worksheet"]


def render() -> None:
    head = st.container()
    facility_type, on = calculator.choose_type_and_day(_today())
    try:
        on_day = governing(facility_type, on)
        system = on_day.points(facility_type)
    except (NotOnFile, ValueError) as refused:
        with head:
            words.title("Facility calculator", "Nothing can be added up for this type and day.")
        _not_on_file(refused)
        return
    acts = not who.roles.isdisjoint(ACTING) if (who := me()) else False
    facility = own_calculations.choose(facility_type) if acts else None
    total = st.container(key="total")
    asked, added_up, what_if, other, on_paper, *own = st.tabs([*_TABS, "Save and apply"] if acts else _TABS)
    with asked:
        telling = st.container()
        answers, show = calculator.ask_all(system)
    result = classify(facility_type, answers, regulation=system.regulation, on=on)
    show(result)
    with head:
        words.title("Facility calculator", _sentence(result))
        _law_of(on_day)
    with total:
        points.total(result)
    with telling:
        _answers_of_before(result, answers)
        calculator.contradictions(result)
        calculator.open_questions(result, system)
    with added_up:
        _added_up(result)
    with what_if:
        alteration.try_one(result, answers, system, on)
    with other:
        other_regulation.side_by_side(result, answers)
    with on_paper:
        _worksheet(result, answers, facility.label if facility else "")
    for tab in own:
        with tab:
            own_calculations.draw(facility, result, answers)


def _answers_of_before(result: Classification, answers: dict[str, Answer]) -> None:
    """Whoever comes back from another page finds an address without answers: they can be taken up again."""
    if answers:
        st.session_state[_BEFORE] = (result.facility_type, result.law.on, answers)
        return
    before = st.session_state.get(_BEFORE)
    if before:
        count = len(before[2])
        st.button(
            f"Take up your {count} answers again" if count > 1 else "Take up your answer again",
            on_click=_take_up,
            args=before,
        )


def _take_up(facility_type: str, on: date, answers: dict[str, Answer]) -> None:
    st.session_state.update(facility_type=str(facility_type), on=on)
    calculator.fill(answers, governing(facility_type, on).points(facility_type))


def _today() -> date:
    return day_at(asker().at)


def _sentence(result: Classification) -> str:
    if result.errors:
        return "Some answers contradict each other; until one is changed there is no class."
    if result.facility_class:
        return f"{points.points_in_words(result)}: the tables give Class {result.facility_class}."
    count = len(result.questions)
    still = "One question could" if count == 1 else f"{count} questions could"
    return f"{points.points_in_words(result)}: {points.class_in_words(result)}. {still} still change the class."


def _law_of(on_day: Law) -> None:
    html(
        '<p class="help">O. Reg. {number}, {version}, text last checked on {day}. Only the Director classifies a '
        "facility ({citation}); this says what the tables come to. Your answers stay in the address of this page; "
        "nothing is stored unless an owner saves it.</p>",
        number=on_day.regulation.number,
        version=on_day.version.name,
        day=in_english(on_day.version.checked),
        citation=on_day.topic("classification"),
    )


def _not_on_file(refused: NotOnFile | ValueError) -> None:
    if not isinstance(refused, NotOnFile):
        words.warning(f"{refused}.")
        return
    words.warning(refused.sentence)
    with st.container(horizontal=True):
        for day in (refused.before, refused.after):
            if day:
                st.button(f"Use {in_english(day)}", on_click=st.session_state.update, args=({"on": day},))


def _added_up(result: Classification) -> None:
    if result.errors:
        words.empty("Answers that contradict give no points.", "Change one of them under Questions.")
        return
    points.group_bar(result)
    html('<h2 class="part">Every line</h2>')
    points.lines(result)


def _worksheet(result: Classification, answers: dict[str, Answer], facility: str) -> None:
    st.text("The answers, every line with its citation, the readings and the version of the law, on paper.")
    sheet = worksheet.of(result, answers, _today(), facility)
    paper.buttons(sheet.file_name, lambda: sheet)
    links.to("Classify many facilities at once", "batch")
    links.to("See worked examples", "examples")
