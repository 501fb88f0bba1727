"""Findings about a facility's people as they are kept."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select

from core.application import law_of_people
from core.designations import Basis
from core.findings import Verdict
from core.places import day_at
from core.responsibility import OF_DISRUPTIONS, About, Found, findings_on, since
from db import kept_whole
from db.disruption_schema import DirectorSubmission
from db.disruptions import DisruptionFact
from db.facility_people import FacilityPeople, PeopleFact
from db.gate import Work
from db.kept_rows import Kept, Part, Tested, no_longer_holds, place_of
from db.people_schema import DirectorNotice
from db.province_schema import KeptFinding
from db.schema import Facility

ABOUT = frozenset(one.value for one in About)
_ORDER = {one.value: number for number, one in enumerate(About)}
_OF_LICENCES = frozenset({About.LICENSED.value, About.DISPLAYED.value})
_Fact = PeopleFact | DirectorNotice | DisruptionFact | DirectorSubmission


def test(work: Work, people: FacilityPeople, kept: Kept, named: Collection[int] | None) -> Part:
    """The findings of today; named: of which employees the licence and its display are tested, where not of
    everybody."""
    facility = people.facility
    today = day_at(work.at, facility.time_zone)
    law = law_of_people(facility.facility_type, today)
    of = None if named is None else {people.persons.get(one, one) for one in named} | set(named)
    every = findings_on(people.recorded, law, of) if law is not None else ()
    facts = _Facts(people)
    by_place = {place_of(one.about, one.person): one for one in every}
    tested_before = any(row.about in ABOUT for row in kept.values())

    def worse(before: KeptFinding | None, tested: Tested) -> bool:
        found = by_place[tested.key]
        if before is None:  # a facility that was never tested has nothing that it could lose
            return tested_before and _is_due_unasked(work, facts.of(found), found)
        if found.finding.due is not None:  # a notice has fallen due, for the first time or again
            return before.because != str(found.finding.because)
        return no_longer_holds(before, found.finding)

    def began(before: KeptFinding | None, tested: Tested) -> date:
        assert law is not None  # noqa: S101 - without it nothing is found
        near = before.since if before is not None else today
        return since(people.recorded, by_place[tested.key], law, near)

    return Part(
        facility,
        today,
        [_tested(one, people, facts.of(one)) for one in every],
        lambda row: row.about in ABOUT and (of is None or row.about not in _OF_LICENCES or row.of_id in of),
        worse,
        began,
    )


def found_on(people: FacilityPeople, day: date) -> tuple[Found, ...]:
    """What a day's law finds of a facility's people, asked of the rules."""
    law = law_of_people(people.facility.facility_type, day)
    return findings_on(people.recorded, law) if law else ()


def as_kept(work: Work, facility: Facility) -> tuple[Found, ...]:
    """What is found today as it is kept (kept_findings.answer_for): of the facility first, then of each person."""
    of_it = KeptFinding.facility_id == facility.id, KeptFinding.about.in_(ABOUT)
    rows = sorted(work.session.scalars(select(KeptFinding).where(*of_it)), key=in_order)
    return tuple(found_of(one) for one in rows)


def found_of(row: KeptFinding) -> Found:
    """What a row keeps, as the rules have it."""
    return Found(About(row.about), row.of_id, kept_whole.from_values(row.whole))


def in_order(row: KeptFinding) -> tuple[bool, int, int]:
    """The facility's first, then each person's."""
    return row.of_id is not None, row.of_id or 0, _ORDER[row.about]


def _tested(found: Found, people: FacilityPeople, facts: Sequence[_Fact]) -> Tested:
    return Tested(
        found.about.value,
        found.finding,
        [[one.__tablename__, one.id] for one in facts],
        found.person,
        called=people.names[found.person] if found.person is not None else "",
    )


def _is_due_unasked(work: Work, facts: Sequence[_Fact], found: Found) -> bool:
    """What was planned does not hold on the day on which it begins: of what is being recorded in this very
    transaction the page says it."""
    if found.finding.verdict is not Verdict.NOT_MET and found.finding.due is None:
        return False
    return all(one.recorded_at != work.at for one in facts)


class _Facts:
    """The facts of a facility's people by the person."""

    def __init__(self, people: FacilityPeople) -> None:
        self._people = people
        self._of_each: dict[int, list[PeopleFact]] = defaultdict(list)
        for one in people.facts:
            self._of_each[people.persons[one.employee_id]].append(one)

    def of(self, found: Found) -> Sequence[_Fact]:
        """The facts that a finding rests on: those of its person, or for the facility those of its days."""
        if found.about in OF_DISRUPTIONS:
            disruptions = self._people.disruptions
            return (*disruptions.facts, *disruptions.submissions)
        if found.person is not None:
            return self._of_each[found.person]
        if found.about is not About.NOTICE:
            return self._people.facts
        return (
            *(one for one in self._people.designations if one.basis == Basis.STAND_IN),
            *self._people.notices,
        )
