"""Strikes and emergencies in words: what is recorded, and drafts of what is handed in to the Director."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.calendar import Span
from core.designations import Basis
from core.emergencies import Way
from core.findings import NotYet
from core.sentences import Sentence, in_english
from core.submissions import Kind, contents_of
from db import people_words
from db.disruption_schema import DirectorSubmission, Emergency, EmergencyWork, Strike
from db.facility_people import FacilityPeople
from db.people_facts import span

_SAID = {True: "yes", False: "no", None: "not said"}


@dataclass(frozen=True)
class Draft:
    """What may be handed in about a strike or an emergency: its kind, about which day, in which words or ""."""

    kind: Kind
    of_day: date
    words: str


def drafts(people: FacilityPeople) -> tuple[Draft, ...]:
    """A plan of each strike, a notice and a report of each emergency, the latest first."""
    plans = [Draft(Kind.STRIKE_PLAN, span(one).start, "") for one in people.disruptions.strikes]
    of_emergencies = [
        Draft(kind, days.start, make(people, days))
        for days in people.recorded.told.emergencies
        for kind, make in ((Kind.EMERGENCY_NOTICE, _notice), (Kind.EMERGENCY_REPORT, _report))
    ]
    return tuple(sorted((*plans, *of_emergencies), key=lambda one: one.of_day, reverse=True))


def said(row: Emergency) -> str:
    """What the owner says of some days."""
    if not row.declared:
        return "No emergency was declared"
    short = f"operators short: {_SAID[row.shortage]}; others necessary: {_SAID[row.necessary]}"
    return f"Emergency declared by {row.declared_by}; {short}"


def worked(row: EmergencyWork) -> str:
    """By which paragraph somebody is employed, and what is said of its criteria."""
    facts = {
        "trained": row.trained,
        "manages or supports": row.fits,
        "only there": row.only_there,
        "no licence taken away": row.clear,
    }
    told = (f"{what}: {_SAID[value]}" for what, value in facts.items() if value is not None)
    months = [] if row.experience is None else [f"months of experience: {row.experience}"]
    return "; ".join((Way(row.way).label, *months, *told))


def planned(row: Strike) -> str:
    """That a strike is planned, or goes on."""
    return "Strike or lock-out, from its legal date"


def handed_in(row: DirectorSubmission) -> str:
    """What was handed in, about which day, and what it lacks."""
    kind = Kind(row.kind)
    what = "the legal date" if kind is Kind.STRIKE_PLAN else "the emergency from"
    asked = contents_of(kind)
    missing = [one.words for one in asked if one.id not in (row.contents or ())]
    lacks = f"; it does not say: {', '.join(missing)}" if missing else ""
    if asked and row.contents is None:
        lacks = "; what it says was not said"
    return f"{kind.label}, of {what} {in_english(row.of_day)}{lacks}"


def reason(row: Any) -> str:
    """Why, or how: the nature of an emergency and the grounds, how somebody meets a paragraph and does what."""
    if isinstance(row, Emergency):
        return " ".join(filter(None, (row.nature, row.grounds)))
    return " ".join(filter(None, (row.details, row.duties))) if isinstance(row, EmergencyWork) else ""


# --- drafts ---------------------------------------------------------------------------------------------------


def _notice(people: FacilityPeople, emergency: Span) -> str:
    """O. Reg. 129/04, s. 23 (5): the circumstances that led to the employment."""
    first = people.recorded.told.first(emergency)
    begins = "no day recorded yet" if first is None or isinstance(first, NotYet) else in_english(first)
    lines = [
        _to_the_director(people, "s. 23 (5)", "persons are employed under subsection (1)"),
        f"First day of employment: {begins}.",
        *_circumstances(people, emergency),
        *(f"{name}, {_days(days)}: {Way(row.way).label}." for name, row, days in _workers(people, emergency)),
    ]
    return "\n".join(lines)


def _report(people: FacilityPeople, emergency: Span) -> str:
    """O. Reg. 129/04, s. 23 (6): the eight things of each person employed under subsection (1)."""
    last = emergency.last
    ended = f"The emergency ended on {in_english(last)}." if last else "The emergency goes on."
    about = _to_the_director(people, "s. 23 (6)", "report after an emergency")
    lines = [about, ended, *_circumstances(people, emergency)]
    for name, row, days in _workers(people, emergency):
        lines += [
            "",
            f"1. Name: {name}",
            f"2. Criteria: {worked(row)}. {row.details}",
            f"3. Position: {_position(people, row)}",
            f"4. Duties: {row.duties or 'to be added'}",
            f"5. Time spent operating: {_days(days)}. Add the numbers or designations of the shifts.",
            f"6. In charge or overall responsible: {'yes' if _served(people, row, days) else 'no'}",
            f"7. Time spent so: {'; '.join(_served(people, row, days)) or 'none'}",
            f"8. Why it was necessary: {_grounds(people, days) or 'to be added'}",
        ]
    return "\n".join(lines)


def _to_the_director(people: FacilityPeople, provision: str, what: str) -> str:
    number = people.facility.ministry_number or "without a number"
    template = "To the Director, O. Reg. 129/04, {provision}: at {facility} ({number}), {what}."
    named = {"provision": provision, "facility": people.facility.name, "number": number, "what": what}
    return str(Sentence(template, **named))


def _circumstances(people: FacilityPeople, emergency: Span) -> Iterator[str]:
    for row in _said_of(people, emergency):
        yield f"Emergency from {in_english(span(row).start)}, declared by {row.declared_by}."
        yield row.nature
        if row.grounds:
            yield f"Why others were necessary: {row.grounds}"


def _said_of(people: FacilityPeople, days: Span) -> list[Emergency]:
    """What is said of an emergency that was declared, in the order of the days: an extension is said by itself."""
    rows = (one for one in people.disruptions.emergencies if one.declared and span(one).overlaps(days))
    return sorted(rows, key=lambda one: span(one).start)


def _grounds(people: FacilityPeople, days: Span) -> str:
    """The grounds on which others were needed on some days, each once."""
    return " ".join(dict.fromkeys(one.grounds for one in _said_of(people, days) if one.grounds))


def _workers(people: FacilityPeople, emergency: Span) -> Iterator[tuple[str, EmergencyWork, Span]]:
    """Whoever is employed under s. 23 (1) in an emergency, on which of its days, in the order of the days."""
    for row in sorted(people.disruptions.worked, key=lambda one: (span(one).start, one.id)):
        days = span(row).within(emergency)
        if days is not None and row.way != Way.NONE:
            yield people.names[row.employee_id], row, days


def _position(people: FacilityPeople, row: EmergencyWork) -> str:
    """The position in which the person is employed on the first of those days."""
    start = span(row).start
    held = (
        one.position for one in people.employments if one.employee_id == row.employee_id and start in span(one)
    )
    return next(held, "to be added")


def _served(people: FacilityPeople, row: EmergencyWork, days: Span) -> list[str]:
    """As what, and on which of some days, the person served as overall responsible or in charge."""
    found = []
    for one in people.designations:
        part = span(one).within(days)
        if part is not None and people.persons[one.employee_id] == people.persons[row.employee_id]:
            what = "overall responsible operator" if one.role == "overall" else people_words.on_basis(one).lower()
            basis = "" if one.basis == Basis.EMERGENCY else f" ({people_words.on_basis(one)})"
            found.append(f"{what}{basis if one.role == 'overall' else ''}, {_days(part)}")
    return found


def _days(days: Span) -> str:
    last = f" through {in_english(days.last)}" if days.last else ", no end named"
    return f"from {in_english(days.start)}{last}"
