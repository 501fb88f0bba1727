"""Readings: where the text allows two, which one the portal chose, and what rests on it."""

import streamlit as st

from core.citations import Citation
from core.facilities import FacilityType
from core.legislation import Reading, readings, regulations
from core.points import PointSystem
from ui import findings, links, words
from ui.markup import html, markup


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


def _where(id: str) -> str:
    """The points tables that rest on a reading; other rules name theirs in their findings."""
    resting = [
        f"O. Reg. {regulation.number}, {FacilityType(system.facility_type).label.lower()}"
        for regulation in regulations().values()
        for system in regulation.point_systems
        if id in _readings_of(system)
    ]
    if resting:
        return f"The calculator, for {'; '.join(resting)}."
    return "Every finding that rests on it names it."


def _readings_of(system: PointSystem) -> set[str]:
    return {id for part in (*system.whole_units, *system.groups) for id in part.readings}
