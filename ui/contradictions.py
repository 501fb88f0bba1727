"""What contradicts an entry in what is on record of the same person already: said once it is recorded."""

from datetime import date, timedelta

from core import people_entries
from core.calendar import Span, outside
from db.people_views import PeopleOfFacility
from ui.people_records import days_in_words

_ONE_DAY = timedelta(days=1)


def of_absence(
    found: PeopleOfFacility, employee_id: int, first: date | None, last: date | None, *, away: bool
) -> str:
    """Of which days the opposite is on record of the same person, and what that does; "" where it is of none."""
    assert first is not None  # noqa: S101 - it was recorded
    both = _away(found, employee_id, people_entries.span(first, last), "present" if away else "absent")
    if not both:
        return ""
    return (
        f"Of {_listed(both)} both are on record now, absent and present: whether the person was there is not "
        "known, so what rests on it is a question. Take back what is wrong under “Take back an entry made by "
        "mistake”; an absence that ended earlier is ended under “Absences”."
    )


def of_hours(found: PeopleOfFacility, employee_id: int, day: date | None) -> str:
    """That the person is on record as absent on a day with hours; "" where not."""
    assert day is not None  # noqa: S101 - they were recorded
    if not _away(found, employee_id, Span(day, day + _ONE_DAY), "absent"):
        return ""
    return (
        "But the person is on record as absent on that day. Take the hours back if they are wrong, or end the "
        "absence before that day under “Absences”."
    )


def of_designation(found: PeopleOfFacility, employee_id: int, first: date | None, last: date | None) -> str:
    """For which days no employment of whoever is designated is on record; "" where it is for all."""
    assert first is not None  # noqa: S101 - it was recorded
    persons = _persons(found, employee_id)
    employed = [one.span for one in found.employments if one.person in persons]
    without = list(outside(people_entries.span(first, last), employed))
    if not without:
        return ""
    return (
        f"No employment of this person is on record on these days: {_listed(without)}. On them the designation "
        "counts for nothing. Record the employment, or take the designation back if its days are wrong."
    )


def _away(found: PeopleOfFacility, employee_id: int, days: Span, kind: str) -> list[Span]:
    persons = _persons(found, employee_id)
    absences = (one for one in found.absences if one.person in persons and one.kind == kind)
    return [part for one in absences if (part := one.span.within(days)) is not None]


def _persons(found: PeopleOfFacility, employee_id: int) -> set[int]:
    """Who an employee is, as everything recorded under any of the person's names has it."""
    return {one.person for one in (*found.employments, *found.absences) if one.employee_id == employee_id}


def _listed(spans: list[Span]) -> str:
    return ", ".join(days_in_words(one) for one in spans)
