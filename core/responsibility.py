"""What the law asks of the people of a facility on a day, all of it, from what is recorded of them.

O. Reg. 129/04, ss. 13 to 15 and 17; O. Reg. 435/93, ss. 9, 13, 14 and 18.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.calendar import Span
from core.designations import Responsible, overall_responsible
from core.employment import Capacity, Worker, licence_displayed, licensed
from core.findings import Day, Finding
from core.in_charge import in_charge, time_recorded
from core.legislation import Law
from core.reliance import notice_given
from core.works import Works


class About(StrEnum):
    """What a finding is about."""

    OVERALL = "overall_responsible"
    NOTICE = "notice"
    LICENSED = "licensed"
    DISPLAYED = "licence_displayed"
    IN_CHARGE = "in_charge"
    TIME = "time_in_charge"


@dataclass(frozen=True)
class InCharge:
    """Somebody designated as operator-in-charge for a span of days; as_engineer: as one without a licence."""

    person: int
    span: Span
    as_engineer: bool = False
    by_owner: bool = True


@dataclass(frozen=True)
class Recorded:
    """What is recorded of a facility and its people.

    notices: the days on which the Director was notified. displayed: since when a copy of each one's licence
    hangs. hours: who has hours in charge on record.
    """

    works: Works
    responsible: Responsible
    in_charge: tuple[InCharge, ...] = ()
    notices: tuple[date, ...] | None = ()
    displayed: Mapping[int, Day] = field(default_factory=dict)
    hours: frozenset[int] = frozenset()

    @property
    def engineers_in_charge(self) -> tuple[Span, ...]:
        """The spans in which an engineer without a licence is in charge (s. 17 (3))."""
        return tuple(one.span for one in self.in_charge if one.as_engineer)


@dataclass(frozen=True)
class Found:
    """A finding with what it is about, and whom; None: the facility."""

    about: About
    person: int | None
    finding: Finding


def findings_on(recorded: Recorded, law: Law) -> tuple[Found, ...]:
    """The findings of the law's day: the facility first, then its people, then who is in charge."""
    people = recorded.responsible
    found = [Found(About.OVERALL, None, overall_responsible(people, recorded.works, law))]
    found.append(Found(About.NOTICE, None, notice_given(people.relied, recorded.notices, law)))
    for person, worker in sorted(people.workers.items()):
        found += _of_worker(person, worker, recorded, law)
    if law.has("designated_in_charge"):
        found += _in_charge(recorded, law)
    return tuple(found)


def _of_worker(person: int, worker: Worker, recorded: Recorded, law: Law) -> list[Found]:
    """Of whoever is employed on the day: the licence, and its display."""
    spell = worker.spell_on(law.on)
    if spell is None:
        return []
    found = [Found(About.LICENSED, person, licensed(worker, recorded.works, law))]
    if spell.capacity is Capacity.OPERATOR:
        displayed = licence_displayed(recorded.displayed.get(person), law)
        found.append(Found(About.DISPLAYED, person, displayed))
    return found


def _in_charge(recorded: Recorded, law: Law) -> list[Found]:
    found = []
    for one in recorded.in_charge:
        if law.on not in one.span:
            continue
        worker = recorded.responsible.workers.get(one.person, Worker())
        finding = in_charge(
            worker,
            recorded.works,
            law,
            as_engineer=one.as_engineer,
            by_owner=one.by_owner,
            relied=recorded.engineers_in_charge,
        )
        found.append(Found(About.IN_CHARGE, one.person, finding))
        kept = time_recorded(True if one.person in recorded.hours else None, law)
        found.append(Found(About.TIME, one.person, kept))
    return found
