"""How a case of the tables of licences is asked of its function."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from core.calendar import Span
from core.facilities import FacilityType
from core.findings import NOT_YET, Finding
from core.former_licences import (
    class_by_the_program,
    licensed_by_the_program,
    longer_life_when_expired,
    longer_life_when_held,
)
from core.held_licences import (
    Place,
    applicable,
    deemed_to_hold,
    holds,
    may_be_conditional,
    of_class,
    reissued,
    serves_in_training,
    valid_at,
)
from core.legislation import Law
from core.licences import (
    Licence,
    LicenceClass,
    LicenceRecord,
    LicenceType,
    Origin,
    Replacement,
    in_force,
)
from core.replacements import replaced

Facts = dict[str, Any]
NUMBER = "12345"


def licence(facts: Facts, prefix: str = "") -> Licence:
    written = facts.get(f"{prefix}class") or facts.get("class", "II")
    return Licence(
        NUMBER,
        LicenceType(facts.get("type", "wastewater_treatment")),
        None if written == "none" else LicenceClass(written),
        facts.get(f"{prefix}expiry", date(2026, 1, 1)),
        facts.get("valid_for", ""),
    )


def record(facts: Facts) -> LicenceRecord:
    clear = facts.get("clear")
    facilities = facts.get("facilities")
    return LicenceRecord(
        "90012345",
        licence(facts),
        facts.get("issued"),
        facts.get("listed"),
        () if clear else spans(facts.get("suspended")),
        NOT_YET if clear else facts.get("cancelled"),
        facts.get("extended"),
        facts.get("refused"),
        facilities=None if facilities is None else frozenset(facilities.split()),
        origin=Origin(facts.get("origin", "ordinary")),
        on_file_until=facts.get("on_file_until"),
    )


def spans(written: str | bool | None) -> tuple[Span, ...] | None:
    """ "2023-05-01 to 2023-06-30", "2023-05-01 on", or that there is none."""
    if isinstance(written, str):
        start, _, last = written.partition(" to ")
        end = date.fromisoformat(last) + timedelta(days=1) if last else None
        return (Span(date.fromisoformat(start.removesuffix(" on")), end),)
    return None if written is None else ()


def later(facts: Facts) -> LicenceRecord:
    """Another issue of the same licence, three years from its day; neither suspended nor cancelled."""
    return LicenceRecord(
        "90012345",
        licence(facts | {"later_expiry": date(2027, 11, 30)}, "later_"),
        facts.get("later_issued"),
        facts.get("later_listed"),
        (),
        NOT_YET,
        NOT_YET,
        on_file_until=facts.get("later_on_file_until"),
    )


def place(facts: Facts) -> Place:
    return Place(facts.get("facility"), facts.get("owner"))


def facility_type(facts: Facts) -> FacilityType:
    return FacilityType(facts["for"])


def held(facts: Facts, law: Law) -> Finding:
    records = () if facts.get("records") is False else (record(facts),)
    if "later_class" in facts:
        records = (*records, later(facts))
    lowest = None if facts["lowest"] == "any" else LicenceClass(facts["lowest"])
    return holds(records, facility_type(facts), lowest, place(facts), law, complete=facts.get("complete"))


def by_the_program(facts: Facts, law: Law) -> Finding:
    certified = facts.get("certified_class")
    return class_by_the_program(
        LicenceClass(facts["class"]), None if certified is None else LicenceClass(certified), law
    )


RULES: dict[str, Callable[[Facts, Law], Finding]] = {
    "in_force": lambda facts, law: in_force(record(facts), law),
    "reissued": lambda facts, law: reissued(record(facts), [record(facts), later(facts)], law),
    "applicable": lambda facts, law: applicable(licence(facts), facility_type(facts), law),
    "serves_in_training": lambda facts, law: serves_in_training(licence(facts), facility_type(facts), law),
    "of_class": lambda facts, law: of_class(licence(facts), LicenceClass(facts["lowest"]), law),
    "may_be_conditional": lambda facts, law: may_be_conditional(licence(facts), law),
    "valid_at": lambda facts, law: valid_at(record(facts), place(facts), law),
    "deemed_to_hold": lambda facts, law: deemed_to_hold(record(facts), facility_type(facts), law),
    "replaced": lambda facts, law: replaced(Replacement(**facts), law),
    "licensed_by_the_program": lambda facts, law: licensed_by_the_program(facts.get("certified"), law),
    "class_by_the_program": by_the_program,
    "longer_life_when_held": lambda facts, law: longer_life_when_held(record(facts), facts.get("filed"), law),
    "longer_life_when_expired": lambda facts, law: longer_life_when_expired(
        record(facts), facts.get("filed"), law
    ),
    "holds": held,
}
# What is written on the licence, says until when a record is held true, or which question is asked: not a fact
# that could be unknown.
FIXED = {"type", "class", "expiry", "valid_for", "origin", "for", "lowest", "later_class", "records"}
FIXED |= {"on_file_until", "later_on_file_until"}
