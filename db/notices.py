"""The notice to the Director that days of standing in make due (O. Reg. 129/04, s. 15 (5)), from the records."""

from dataclasses import dataclass
from datetime import date

from core.application import law_of_people
from core.designations import Basis
from core.reliance import Ledger, counted_here, ledger
from core.sentences import Sentence, in_english
from db.facility_people import FacilityPeople, span


@dataclass(frozen=True)
class Draft:
    """A notice as the portal words it: due since `reached_on`."""

    reached_on: date
    words: str


def draft(people: FacilityPeople, on: date) -> Draft | None:
    """The notice that is due by a day; None where no day has made one due, or the law is not modelled."""
    law = law_of_people(people.facility.facility_type, on)
    if law is None:
        return None
    limit, months = law.limit("notice_days"), law.limit("notice_months")
    counted = ledger(counted_here(people.recorded.responsible.relied, law), months.value, on)
    reached = max((day for day in counted.reaches(limit.value) if day <= on), default=None)
    if reached is None:
        return None
    lines = [
        Sentence(
            "To the Director, {provision}: at {facility} ({number}), {days} days of reliance on a stand-in within "
            "{months} months were reached on {reached}.",
            provision=limit.citation,
            facility=people.facility.name,
            number=people.facility.ministry_number or "without a number",
            days=limit.value,
            months=months.value,
            reached=reached,
        ),
        *_spells(people, counted, reached),
    ]
    return Draft(reached, "\n".join(map(str, lines)))


def due(people: FacilityPeople, on: date) -> Draft | None:
    """The notice that is due by a day and was not sent yet."""
    drafted = draft(people, on)
    sent = drafted is not None and any(one.sent_on >= drafted.reached_on for one in people.notices)
    return None if sent else drafted


def _spells(people: FacilityPeople, counted: Ledger, reached: date) -> list[Sentence]:
    """Who stood in from when to when, in the period that counts."""
    window = counted.window(reached)
    rows = [one for one in people.designations if one.basis == Basis.STAND_IN]
    names = people.names
    return [
        Sentence(
            "{name}: from {first} through {last}. {reason}",
            name=names[one.employee_id],
            first=span(one).start,
            last=in_english(last) if (last := span(one).last) else "no day named yet",
            reason=one.reason,
        )
        for one in sorted(rows, key=lambda row: (span(row).start, row.id))
        if window is not None and span(one).overlaps(window)
    ]
