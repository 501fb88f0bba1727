"""The calculator's questions: what is asked, in the groups of the tables, and what has been answered.

Every question is a field bound to the address bar under its own key, so that a reload, a link and the browser's
Back lose nothing, and nothing is kept by the server.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

import streamlit as st

from core.answers import Answer
from core.classification import Classification
from core.facilities import FacilityType
from core.points import NONE, GreatestOf, Group, Measure, PointSystem, Shares
from core.sentences import Sentence
from ui import words
from ui.markup import html, joined, markup

NOT_SURE = "not sure"
_YES_OR_NO: Mapping[str, Answer] = {"yes": True, "no": False, NOT_SURE: None}
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 12, 31)
_LEGIBLE = {"m3/day": "m³ a day"}


@dataclass(frozen=True)
class Question:
    """One question: a measure, or one of `options` (their words by what an address says of them)."""

    key: str
    label: str
    options: tuple[tuple[str, str], ...] = ()
    measure: Measure | None = None

    def shown(self, answer: Answer) -> str:
        """An answer as people read it."""
        if answer is None:
            return "Not sure"
        if isinstance(answer, bool):
            return "Yes" if answer else "No"
        if self.measure:
            return f"{Sentence('{n}', n=answer)} {unit(self.measure)}"
        return dict(self.options).get(str(answer), str(answer))


@dataclass(frozen=True)
class Section:
    """Questions that belong together in the tables."""

    name: str
    label: str
    help: str
    questions: tuple[Question, ...]


def unit(measure: Measure) -> str:
    return _LEGIBLE.get(measure.unit, measure.unit)


# --- which law, which questions -----------------------------------------------------------------------------


def sections(system: PointSystem) -> tuple[Section, ...]:
    """Every question of a point system, each once, in the order of its tables."""
    asked: set[str] = set()
    found: list[Section] = []
    for part in (*system.whole_units, *system.groups):
        new = {one.key: one for one in _questions(part, system) if one.key not in asked}
        asked.update(new)
        found.append(Section(part.name, part.label, part.help, tuple(new.values())))
    return tuple(found)


def questions(system: PointSystem) -> dict[str, Question]:
    """The questions by key."""
    return {one.key: one for section in sections(system) for one in section.questions}


def group_label(name: str, system: PointSystem) -> str:
    """The words for a group of a line, or for several that are settled together."""
    labels = {one.name: one.label for one in (*system.whole_units, *system.groups)}
    return " and ".join(labels[part] for part in name.split("+"))


def _questions(part: GreatestOf | Shares | Group, system: PointSystem) -> Iterable[Question]:
    if not isinstance(part, Group):
        yield from (_measured(system.measures[one.measure]) for one in part.units)
        return
    if part.measured_by:
        yield _measured(system.measures[part.measured_by.measure])
    for decides in chain.from_iterable(item.decided_by for item in part.items):
        yield _measured(system.measures[decides.measure])
    if part.kind == "choose_one":
        rows = [(item.id, item.label) for item in part.items]
        rows += [(NONE, "None of these")] if part.none else []
        yield Question(part.name, part.label, (*rows, (NOT_SURE, "Not sure")))
        return
    for item in part.items:
        yield Question(item.key, item.label, (("yes", "Yes"), ("no", "No"), (NOT_SURE, "Not sure")))


def _measured(measure: Measure) -> Question:
    return Question(measure.name, f"{measure.label} ({unit(measure)})", measure=measure)


def choose_type_and_day(today: date) -> tuple[FacilityType, date]:
    """The fields for the type of facility and the day whose law applies."""
    kind, day = st.columns([3, 2])
    with kind:
        facility_type = st.selectbox(
            "Type of facility",
            [one.value for one in FacilityType],
            format_func=lambda one: FacilityType(one).label,
            key="facility_type",
            bind="query-params",
        )
    with day:
        on = st.date_input(
            "Day whose law applies",
            value=today,
            min_value=_EARLIEST,
            max_value=_LATEST,
            format="YYYY-MM-DD",
            key="on",
            bind="query-params",
        )
    return FacilityType(facility_type), on


# --- fields -------------------------------------------------------------------------------------------------


def ask(question: Question, key: str = "") -> Answer:
    """Draws a question as a field and reads its answer; None while nobody is sure."""
    key = key or question.key
    if question.measure:
        return _ask_amount(question, question.measure, key)
    labels = dict(question.options)
    yes_or_no = "yes" in labels
    chosen = st.radio(
        question.label,
        list(labels),
        index=len(labels) - 1,
        format_func=labels.__getitem__,
        horizontal=yes_or_no,
        key=key,
        bind="query-params",
    )
    if chosen is None or chosen == NOT_SURE:
        return None
    return _YES_OR_NO[chosen] if yes_or_no else chosen


def _ask_amount(question: Question, measure: Measure, key: str) -> Answer:
    least, step = (0, 1) if measure.whole else (0.0, 1.0)
    value: int | float | None = st.number_input(
        question.label,
        value=None,
        min_value=least,
        max_value=type(least)(measure.at_most),
        step=step,
        placeholder="Not sure",
        key=key,
        bind="query-params",
    )
    return value


def ask_all(system: PointSystem) -> tuple[dict[str, Answer], Callable[[Classification], None]]:
    """Draws every question; answers what has been answered, and how to show contradictions beside it."""
    answers: dict[str, Answer] = {}
    spots = {}
    for number, section in enumerate(sections(system), start=1):
        html(
            '<h2 class="part" id="part-{name}">{number}. {label}</h2><p class="help">{help}</p>',
            name=section.name,
            number=number,
            label=section.label,
            help=section.help,
        )
        with st.container(key=f"rows-{section.name}", gap="xsmall"):
            for question in section.questions:
                answers[question.key] = ask(question)
                spots[question.key] = st.empty()
            _no_to_the_rest(section, answers)
    known: dict[str, Answer] = {key: answer for key, answer in answers.items() if answer is not None}

    def show(classification: Classification) -> None:
        for key, spot in spots.items():
            if key in known and (said := _about(key, system, classification)):
                with spot:
                    html(
                        '<div class="field-problem"><span aria-hidden="true">■</span> {text}</div>',
                        text=" ".join(said),
                    )

    return known, show


def _no_to_the_rest(section: Section, answers: Mapping[str, Answer]) -> None:
    """One click says No to everything of a group that nobody has answered."""
    keys = [one.key for one in section.questions if "yes" in dict(one.options)]
    open_keys = [key for key in keys if answers[key] is None]
    if len(keys) < 2:
        return
    label = "No to all" if len(open_keys) == len(keys) else "No to the rest"
    st.button(
        f"{label} – {section.label}",
        key=f"rest-{section.name}",
        disabled=not open_keys,
        on_click=lambda: st.session_state.update(dict.fromkeys(open_keys, "no")),
    )


def _about(key: str, system: PointSystem, classification: Classification) -> list[str]:
    """The contradictions that name what a question asks."""
    labels = {item.key: item.label for item in system.items} | {group.name: group.label for group in system.groups}
    labels |= {name: measure.label for name, measure in system.measures.items()}
    return [str(error) for error in classification.errors if labels[key] in error.values.values()]


def fill(answers: Mapping[str, object], system: PointSystem) -> None:
    """Puts answers into the fields: before they are drawn, or from a callback."""
    for question in questions(system).values():
        answer = answers.get(question.key)
        if question.measure:
            whole = question.measure.whole
            st.session_state[question.key] = _amount(answer, whole)
        elif isinstance(answer, bool):
            st.session_state[question.key] = "yes" if answer else "no"
        else:
            st.session_state[question.key] = answer if answer in dict(question.options) else NOT_SURE


def _amount(answer: object, whole: bool) -> int | float | None:
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return None
    return int(answer) if whole else float(answer)


def open_questions(classification: Classification, system: PointSystem) -> None:
    """What could still change the class, the most telling first, each a link to its field's group."""
    if not classification.questions:
        return
    place = {one.key: section.name for section in sections(system) for one in section.questions}
    shown, rest = classification.questions[:5], classification.questions[5:]
    rows = joined(
        markup('<li><a href="#part-{part}">{asks}</a></li>', part=place[one.key], asks=one.asks) for one in shown
    )
    more = markup("<p>{count} more after these.</p>", count=len(rest)) if rest else markup("")
    html(
        '<div class="telling"><strong>What still matters, the most telling first</strong><ol>{rows}</ol>{more}'
        "</div>",
        rows=rows,
        more=more,
    )


def contradictions(classification: Classification) -> None:
    for error in classification.errors:
        words.problem(error)
