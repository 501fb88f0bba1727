"""The same answers under another regulation, side by side."""

from collections.abc import Mapping

from core.answers import Answer
from core.classification import Classification, classify
from core.correspondence import carry_over, corresponding_types, not_carried_over, readings_between
from core.facilities import FacilityType
from core.sentences import in_english
from ui import calculator, findings, points, words
from ui.markup import html, joined, markup


def side_by_side(here: Classification, answers: Mapping[str, Answer]) -> None:
    """For each regulation that knows such works: the total there, the groups beside each other, what is lost."""
    if here.errors:
        words.empty("Answers that contradict cannot be carried over.", "Change one of them under Questions.")
        return
    for regulation, facility_type in corresponding_types(here.facility_type, here.law.regulation.number):
        carried = carry_over(answers, _key(here), (regulation, facility_type))
        there = classify(facility_type, carried, regulation=regulation)
        _compare(here, there)
        _gaps(here, there, answers)


def _compare(here: Classification, there: Classification) -> None:
    kind = FacilityType(there.facility_type).label.lower()
    html(
        '<h2 class="part">O. Reg. {number}, {kind}</h2><p>{version}, from {first}{last}.</p>',
        number=there.law.regulation.number,
        kind=kind,
        version=_sentence_case(there.law.version.name),
        first=in_english(there.law.version.first_day),
        last=f" to {in_english(there.law.version.last_day)}" if there.law.version.last_day else "",
    )
    points.total(here, f"O. Reg. {here.law.regulation.number}")
    points.total(there, f"O. Reg. {there.law.regulation.number}")
    calculator.contradictions(there)
    ours, theirs = ({one.label: one for one in points.by_group(each)} for each in (here, there))
    rows = joined(
        markup(
            '<tr><th scope="row">{label}</th><td class="number">{ours}</td><td class="number">{theirs}</td></tr>',
            label=label,
            ours=points.range_in_words(ours.get(label)),
            theirs=points.range_in_words(theirs.get(label)),
        )
        for label in dict.fromkeys([*ours, *theirs])
    )
    html(
        '<table class="plain"><caption>Points by group</caption><thead><tr><th scope="col">Group</th>'
        '<th scope="col" class="number">{here}</th><th scope="col" class="number">{there}</th></tr></thead>'
        "<tbody>{rows}</tbody></table>",
        here=here.law.regulation.number,
        there=there.law.regulation.number,
        rows=rows,
    )


def _gaps(here: Classification, there: Classification, answers: Mapping[str, Answer]) -> None:
    """Which answers have no counterpart, and the readings behind the map of items."""
    source, target = _key(here), _key(there)
    asked = calculator.questions(here.law.points(here.facility_type))
    lost = [asked[key].label for key in not_carried_over(answers, source, target)]
    if lost:
        html("<p><strong>Unknown there, having no counterpart:</strong> {labels}.</p>", labels="; ".join(lost))
    for id in readings_between(source, target):
        html("<p>{reading}</p>", reading=findings.reading_of(id))


def _sentence_case(name: str) -> str:
    return name[:1].upper() + name[1:]


def _key(classification: Classification) -> tuple[str, str]:
    return classification.law.regulation.number, classification.facility_type
