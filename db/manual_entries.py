"""Manuals as they are entered, checked: each function answers with what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core import entries
from core.entries import NAME_LENGTH
from core.names import plain
from core.problems import Problem
from core.record_entries import day_of_manual
from core.sentences import Sentence
from db.gate import Work
from db.schema_training import Manual, ManualVersion


@dataclass(frozen=True)
class VersionEntry:
    """What is entered of a version. It is kept as a file, or at a place; place "" where the file is the place."""

    label: str
    place: str
    operators_at: str = ""
    maintenance_at: str = ""
    plans: bool = False
    drawings: bool = False
    process_descriptions: bool = False
    file_name: str = ""
    content: bytes = b""


def version(entered: VersionEntry) -> list[Problem]:
    """What is wrong with what is entered of a version."""
    places = {
        "place": "where it is kept",
        "operators_at": "where operators reach it",
        "maintenance_at": "where maintenance staff reach it",
    }
    problems = entries.text("label", "the version, such as 3 or 2026-05", entered.label, NAME_LENGTH)
    for field, what in places.items():
        problems += entries.text(field, what, getattr(entered, field), NAME_LENGTH, required=False)
    return problems


def of_that_name(work: Work, facility_id: int, name: str) -> list[Problem]:
    """A second manual of a name could not be told from the first."""
    names = select(Manual.name).where(Manual.facility_id == facility_id, Manual.withdrawn_at.is_(None))
    if plain(name) not in {plain(one) for one in work.session.scalars(names)}:
        return []
    template = (
        "A manual called “{name}” is on record already. Record another version of it, or enter another name."
    )
    return [Problem("name", Sentence(template, name=entries.shown(name)))]


def beside(standing: Sequence[ManualVersion], label: str, updated_on: date | None) -> list[Problem]:
    """A version beside those on record: of another label, and updated no earlier, else it would not stand."""
    problems = []
    if plain(label) in {plain(one.label) for one in standing}:
        template = "Version “{label}” is on record already. Enter how this one is called."
        problems.append(Problem("label", Sentence(template, label=entries.shown(label))))
    last = standing[-1]
    if updated_on is not None and updated_on < last.updated_on:
        template = "Version “{label}” of {day} is later and stands. Enter that day or a later one."
        problems.append(
            Problem("updated_on", Sentence(template, label=entries.shown(last.label), day=last.updated_on))
        )
    return problems


def day_of(field: str, what: str, day: date | None, today: date) -> list[Problem]:
    """A day that has to be there, and not to come."""
    if day is None:
        return [Problem(field, Sentence("Enter the day of the {what}.", what=what))]
    return day_of_manual(field, what, day, today)
