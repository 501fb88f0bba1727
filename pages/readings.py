"""Readings: where the text allows two, which one the portal chose, and what rests on it."""

import streamlit as st

from core.citations import Citation
from core.correspondence import pairs
from core.facilities import FacilityType
from core.legislation import Reading, readings, regulations
from core.points import PointSystem
from core.reading_uses import rules_resting_on
from ui import findings, links, words
from ui.markup import Markup, html, joined, markup


def render() -> None:
    every = readings().values()
    words.title(
        "Readings",
        f"Where a text allows two readings, the portal says which one it takes: {len(every)} so far.",
    )
    text = st.text_input(
        "Words – in the provision, the question or the reading", key="reading_words", bind="query-params"
    )
    wanted = (text or "").casefold().split()
    found = [one for one in every if all(word in _text(one).casefold() for word in wanted)]
    if not found:
        words.empty("No reading speaks of this.", "Try other words.")
    for reading in found:
        _draw(reading)
    links.to("See what the portal does with each provision", "legal-coverage")


def _text(reading: Reading) -> str:
    return f"{reading.id} {reading.provision} {reading.question} {reading.reading} {reading.alternative}"


def _draw(reading: Reading) -> None:
    other = markup("<dt>Alternative</dt><dd>{text}</dd>", text=reading.alternative) if reading.alternative else ""
    html(
        '<section class="reading" id="{id}"><h2 class="part">{id}. {question}</h2><dl class="facts">'
        "<dt>Reading</dt><dd>{reading}</dd>{other}<dt>Provision</dt><dd>{citation}</dd>"
        "<dt>Where it matters</dt><dd>{matters}</dd></dl></section>",
        id=reading.id,
        question=reading.question,
        reading=reading.reading,
        other=other or markup(""),
        citation=findings.cited(Citation.parse(reading.provision)),
        matters=_where(reading.id),
    )


def _where(id: str) -> Markup:
    """Everything that rests on a reading: the calculator's tables, comparisons of regulations, rules."""
    places = [markup("<li>{place}</li>", place=place) for place in (*_tables(id), *_comparisons(id))]
    places += [
        markup("<li>{says} <code>{name}</code></li>", says=rule.says, name=rule.name)
        for rule in rules_resting_on().get(id, ())
    ]
    if not places:
        return markup("Nowhere yet: the rules that will rest on it are planned.")
    return markup("<ul>{places}</ul>", places=joined(places))


def _tables(id: str) -> list[str]:
    return [
        f"The calculator, for O. Reg. {regulation.number}, {FacilityType(system.facility_type).label.lower()}."
        for regulation in regulations().values()
        for system in regulation.point_systems
        if id in _readings_of(system)
    ]


def _comparisons(id: str) -> list[str]:
    return [
        f"The calculator, comparing O. Reg. {first} with O. Reg. {second}, "
        f"{FacilityType(pair.facility_types[0]).label.lower()}."
        for pair in pairs()
        for first, second in [pair.regulations]
        if any(id in one.readings for one in pair.any_of)
    ]


def _readings_of(system: PointSystem) -> set[str]:
    return {id for part in (*system.whole_units, *system.groups) for id in part.readings}
