"""What if: the present plant stays as it is, and an alteration is tried beside it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from core.answers import Answer
from core.certificates import alteration_changes_class
from core.classification import Classification, classify
from core.facilities import FacilityClass, FacilityType
from core.legislation import Law
from core.points import PointSystem
from core.sentences import Sentence, in_english
from ui import calculator, findings, points, words
from ui.calculator import Question
from ui.markup import html, joined, markup

# Where a class on record comes from: what core.certificates asks about it, as (package reduction, 1993 list).
_NOT_SURE = "Not sure"
_SOURCES: Mapping[str, tuple[bool | None, bool | None]] = {
    "The points alone": (False, False),
    "Points reduced for a package plant": (True, False),
    "The publication of 1993": (False, True),
    _NOT_SURE: (None, None),
}


def try_one(present: Classification, answers: Mapping[str, Answer], system: PointSystem, on: date) -> None:
    """Chooses what would change, classifies the altered plant, and says what that means."""
    st.text("The answers stay as they are. Choose what an alteration would change, and see both side by side.")
    altered = _alter(answers, system)
    if not altered:
        words.empty("No alteration yet.", "Choose above what would be built, closed or changed.")
        return
    facility_type = FacilityType(system.facility_type)
    after = classify(facility_type, {**answers, **altered}, regulation=system.regulation, on=on)
    calculator.contradictions(after)
    _beside(present, after)
    if present.errors or after.errors:
        return
    html('<h2 class="part">What that means</h2>')
    _in_charge(present, after)
    _reclassification(after)


def _alter(answers: Mapping[str, Answer], system: PointSystem) -> dict[str, Answer]:
    asked = calculator.questions(system)
    groups = {one.key: section.label for section in calculator.sections(system) for one in section.questions}
    chosen = st.multiselect(
        "What would change",
        list(asked),
        format_func=lambda key: _full_label(asked[key], groups[key]),
        key="altered",
        placeholder="Choose one or more questions",
        bind="query-params",
    )
    altered: dict[str, Answer] = {}
    for key in chosen:
        now = f"{asked[key].label} – now: {asked[key].shown(answers.get(key))}; after the alteration"
        altered[key] = calculator.ask(replace(asked[key], label=now), f"after.{key}")
    return altered


def _full_label(question: Question, group: str) -> str:
    return question.label if question.label == group else f"{group}: {question.label}"


def _beside(present: Classification, after: Classification) -> None:
    with st.container(key="present-total"):
        points.total(present, "Present")
    with st.container(key="altered-total"):
        points.total(after, "Altered")
    if present.errors or after.errors:
        return
    html('<p class="stands-so">{difference}</p>', difference=_difference(present, after))
    was, will = ({one.label: one for one in points.by_group(each)} for each in (present, after))
    labels = [label for label in dict.fromkeys([*was, *will]) if was.get(label) != will.get(label)]
    rows = joined(
        markup(
            '<tr><th scope="row">{label}</th><td class="number">{was}</td><td class="number">{will}</td></tr>',
            label=label,
            was=points.range_in_words(was.get(label)),
            will=points.range_in_words(will.get(label)),
        )
        for label in labels
    )
    html(
        '<table class="plain"><caption>Groups whose points change</caption><thead><tr><th scope="col">Group</th>'
        '<th scope="col" class="number">Present</th><th scope="col" class="number">Altered</th></tr></thead>'
        "<tbody>{rows}</tbody></table>",
        rows=rows or markup('<tr><td colspan="3">None.</td></tr>'),
    )


def _difference(present: Classification, after: Classification) -> str:
    low, high = after.lowest - present.lowest, after.highest - present.highest
    more = f"{_signed(low)} points"
    if low != high:
        more = f"{_signed(low)} points at the low end, {_signed(high)} at the high end"
    was, will = points.class_in_words(present), points.class_in_words(after)
    change = f"stays {was}" if was == will else f"{was} now, {will} after it"
    return f"Difference: {more}; {change}."


def _signed(number: int) -> str:
    return f"−{in_english(-number)}" if number < 0 else f"+{in_english(number)}"


def _in_charge(present: Classification, after: Classification) -> None:
    """What the class means for who may be overall responsible operator, as far as the law on file says."""
    law = after.law
    if not law.has("overall_responsible"):
        st.text(
            f"Who may be in charge of such a facility is set by O. Reg. {law.regulation.number}, whose provisions "
            "on operation are not on file here."
        )
        return
    kind = FacilityType(after.facility_type).label.lower()
    for label, one in (("Present plant", present), ("Altered plant", after)):
        least, most = one.possible_classes[0], one.possible_classes[-1]
        sure = Sentence("a {kind} licence of Class {least} or higher", kind=kind, least=least)
        open_ = Sentence("{sure}, up to Class {most} by the answers still open", sure=sure, most=most)
        html(
            "<p><strong>{label}:</strong> the overall responsible operator holds {licence} ({citation}).</p>",
            label=label,
            licence=sure if least == most else open_,
            citation=findings.cited(law.topic("overall_responsible"), law.on),
        )


def _reclassification(after: Classification) -> None:
    """Whether the class on record changes, by what is stated here alone: nothing is taken for granted."""
    law = after.law
    if law.has("any_alteration"):
        _any_alteration(law)
        return
    record = st.selectbox(
        "Class on record – the one on the Director’s certificate",
        [_NOT_SURE, *map(str, FacilityClass)],
        format_func=lambda one: one if one == _NOT_SURE else f"Class {one}",
        key="class_on_record",
        bind="query-params",
    )
    source = st.radio(
        "Where that class comes from",
        list(_SOURCES),
        index=len(_SOURCES) - 1,
        key="class_comes_from",
        bind="query-params",
    )
    reduced, listed = _SOURCES[source]
    st.text("Must reclassification be applied for? “Stands” means that the class changes, so it must.")
    findings.draw(
        alteration_changes_class(
            None if record == _NOT_SURE else record,
            after,
            law,
            package_reduction=reduced,
            listed_in_publication=listed,
        ),
        on=law.on,
    )
    st.text(
        "Of a facility of your own the class on record is known: save the altered answers to it under “Save and "
        "apply”, and compare them there, with the day on which an application is due."
    )


def _any_alteration(law: Law) -> None:
    citation = law.topic("any_alteration")
    html(
        "<p>{text} ({citation}) So a new determination is due whatever the points come to.</p>",
        text=law.regulation.provision(citation).paraphrase,
        citation=findings.cited(citation, law.on),
    )
