"""What is recorded of the people of facilities, as the rules ask for it (core.responsibility).

Read in as many statements for many facilities and people as for few.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select

from core.calendar import Span
from core.designations import Absence as Away
from core.designations import Basis, Responsible
from core.designations import Designation as Designated
from core.disruptions import while_strikes_last
from core.employment import Capacity, Displayed, Spell, Worker
from core.facilities import FacilityType
from core.findings import Decision
from core.in_charge import Exercised, Functions
from core.licences import LicenceClass
from core.responsibility import InCharge, Recorded
from core.works import Works
from db import decisions, licences_on_file, namesakes
from db.disruption_schema import DirectorSubmission, Emergency, EmergencyWork, Strike
from db.disruptions import Disruptions, temporaries
from db.gate import Work
from db.holders import Holder, first_of_each_person, holders_of
from db.people_facts import span as span
from db.people_schema import (
    Absence,
    Designation,
    DirectorNotice,
    Employee,
    Employment,
    FunctionsInCharge,
    HoursInCharge,
    LicenceDisplay,
    LicenceIssue,
    LicencesComplete,
)
from db.schema import (
    DirectorDecision,
    Facility,
    FacilityClassification,
    FacilityRelation,
    Organization,
)

PeopleFact = Employment | Absence | Designation | FunctionsInCharge | LicenceDisplay
_DECIDED = ("stand_in_direction", "strike_direction", "strike_plan_waiver")
OVERALL, IN_CHARGE = "overall", "in_charge"
Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class FacilityPeople:
    """The rows of one facility's people, and what the rules read from them.

    employees: by id, of everybody who has anything on record there. persons: who each of them is: the first
    employee who is the same person, by whose id the rules know that person. as_named: each as employed under that
    one name alone.
    """

    facility: Facility
    recorded: Recorded
    persons: Mapping[int, int]
    as_named: Mapping[int, Worker]
    employees: Mapping[int, Employee]
    holders: Mapping[int, Holder]
    employments: tuple[Employment, ...]
    absences: tuple[Absence, ...]
    designations: tuple[Designation, ...]
    functions: tuple[FunctionsInCharge, ...]
    displays: tuple[LicenceDisplay, ...]
    notices: tuple[DirectorNotice, ...]
    disruptions: Disruptions
    past_licences: tuple[LicenceIssue | LicencesComplete, ...]

    @cached_property
    def names(self) -> dict[int, str]:
        """The name of each employee by id, as pages and mails say it."""
        return namesakes.told_apart(self.employees, self.employments)

    @property
    def facts(self) -> tuple[PeopleFact, ...]:
        """Everything dated that the findings rest on."""
        return (*self.employments, *self.absences, *self.designations, *self.functions, *self.displays)


def of_facility(work: Work, facility: Facility) -> FacilityPeople:
    """What is recorded of one facility's people."""
    return of_facilities(work, [facility])[facility.id]


def of_facilities(work: Work, facilities: Collection[Facility]) -> dict[int, FacilityPeople]:
    """What is recorded of the people of each facility, by its id."""
    ids = [one.id for one in facilities]
    rows = _Rows(work, ids)
    return {one.id: rows.of(one) for one in facilities}


def designated_as(row: Designation, persons: Mapping[int, int]) -> Designated:
    """A designation of an overall responsible operator, as the rules ask for it."""
    return Designated(persons[row.employee_id], Basis(row.basis), span(row))


def in_charge_as(row: Designation, persons: Mapping[int, int]) -> InCharge:
    """A designation of an operator-in-charge, as the rules ask for it."""
    return InCharge(persons[row.employee_id], span(row), row.basis == Basis.ENGINEER, row.by_owner)


class _Rows:
    """The rows of several facilities, grouped."""

    def __init__(self, work: Work, ids: list[int]) -> None:
        self._work = work
        self.employments = self._standing(Employment, ids)
        self.absences = self._standing(Absence, ids)
        self.designations = self._standing(Designation, ids)
        self.functions = self._standing(FunctionsInCharge, ids)
        self.displays = self._standing(LicenceDisplay, ids)
        self.classes = self._standing(FacilityClassification, ids)
        self.notices = self._standing(DirectorNotice, ids)
        self.hours = self._hours(ids)
        self.emergencies = self._standing(Emergency, ids)
        self.worked = self._standing(EmergencyWork, ids)
        self.strikes = self._standing(Strike, ids)
        begun = self.emergencies or self.strikes  # else nothing was handed in about one
        none: dict[int, list[DirectorSubmission]] = defaultdict(list)
        self.submissions = self._standing(DirectorSubmission, ids) if begun else none
        self.decided = self._decisions(_DECIDED, ids)
        self.owners = self._owners(ids)
        self.employees, self.holders = self._employees()
        self.issues = self._of_people(LicenceIssue)
        self.complete = self._of_people(LicencesComplete)
        self.on_file = self._on_file()

    def of(self, facility: Facility) -> FacilityPeople:
        id = facility.id
        employed, designated, does = self.employments[id], self.designations[id], self.functions[id]
        facts: tuple[PeopleFact, ...] = (*employed, *designated, *does, *self.absences[id], *self.displays[id])
        here = {one.employee_id for one in (*facts, *self.worked[id])}
        persons = first_of_each_person({one: self.holders[one] for one in here})
        as_named = self._as_named(here, employed, self.worked[id])
        disruptions = self._disruptions(id)
        recorded = Recorded(
            works=self._works(facility),
            responsible=Responsible(
                _of_persons(as_named, persons),
                tuple(designated_as(one, persons) for one in designated if one.role == OVERALL),
                tuple(Away(persons[one.employee_id], span(one), one.away) for one in self.absences[id]),
                directions=tuple(self.decided["stand_in_direction", id]),
                strikes=while_strikes_last(self.decided["strike_direction", id], map(span, self.strikes[id])),
                emergencies=disruptions.said,
            ),
            in_charge=tuple(in_charge_as(one, persons) for one in designated if one.role == IN_CHARGE),
            notices=tuple(one.sent_on for one in self.notices[id]),
            displayed=_displayed(self.displays[id], persons),
            hours=_of_each(self.hours[id], persons),
            exercised=tuple(_exercised(one, persons) for one in does),
            disrupted=disruptions.disrupted(),
        )
        return FacilityPeople(
            facility,
            recorded,
            persons,
            as_named,
            {one: self.employees[one] for one in here},
            {one: self.holders[one] for one in here},
            tuple(employed),
            tuple(self.absences[id]),
            tuple(designated),
            tuple(does),
            tuple(self.displays[id]),
            tuple(self.notices[id]),
            disruptions,
            tuple(self._past_licences(here)),
        )

    # --- reading --------------------------------------------------------------------------------------------

    def _standing(self, table: type[Row], ids: list[int]) -> dict[int, list[Row]]:
        facts: Any = table
        return self._grouped(table, facts.facility_id.in_(ids), facts.superseded_at.is_(None))

    def _grouped(self, table: type[Row], *conditions: ColumnElement[bool]) -> dict[int, list[Row]]:
        rows: Any = table
        found = self._work.session.scalars(select(table).where(*conditions).order_by(rows.id))
        return _by(found, _facility_id)

    def _hours(self, ids: list[int]) -> dict[int, dict[int, frozenset[date]]]:
        """The days with hours in charge on record, by facility and employee."""
        rows = self._work.session.execute(
            select(HoursInCharge.facility_id, HoursInCharge.employee_id, HoursInCharge.valid_from)
            .where(HoursInCharge.facility_id.in_(ids), HoursInCharge.superseded_at.is_(None))
            .distinct()
        )
        days: dict[tuple[int, int], set[date]] = defaultdict(set)
        for facility_id, employee_id, day in rows:
            if day is not None:
                days[facility_id, employee_id].add(day)
        found: dict[int, dict[int, frozenset[date]]] = defaultdict(dict)
        for (facility_id, employee_id), of_one in days.items():
            found[facility_id][employee_id] = frozenset(of_one)
        return found

    def _disruptions(self, id: int) -> Disruptions:
        return Disruptions(
            tuple(self.emergencies[id]),
            tuple(self.worked[id]),
            tuple(self.strikes[id]),
            tuple(self.submissions[id]),
            tuple(self.decided["strike_plan_waiver", id]),
            tuple(self.decided["strike_direction", id]),
        )

    def _decisions(self, of_kinds: Collection[str], ids: list[int]) -> dict[tuple[str, int], list[Decision]]:
        """The Director's decisions on facilities, by their kind and the facility."""
        rows = self._work.session.scalars(
            select(DirectorDecision)
            .where(
                DirectorDecision.subject == "facility",
                DirectorDecision.subject_id.in_(ids),
                DirectorDecision.kind.in_(of_kinds),
                DirectorDecision.superseded_at.is_(None),
            )
            .order_by(DirectorDecision.id)
        )
        found: dict[tuple[str, int], list[Decision]] = defaultdict(list)
        for row in rows:
            found[row.kind, row.subject_id].append(decisions.view(row).decision)
        return found

    def _owners(self, ids: list[int]) -> dict[int, list[tuple[Span, str]]]:
        rows = self._work.session.execute(
            select(FacilityRelation, Organization.name)
            .join(Organization, Organization.id == FacilityRelation.organization_id)
            .where(
                FacilityRelation.facility_id.in_(ids),
                FacilityRelation.role == "owner",
                FacilityRelation.superseded_at.is_(None),
            )
            .order_by(FacilityRelation.id)
        )
        found: dict[int, list[tuple[Span, str]]] = defaultdict(list)
        for relation, name in rows:
            found[relation.facility_id].append((span(relation), name))
        return found

    def _employees(self) -> tuple[dict[int, Employee], dict[int, Holder]]:
        """The employees, and whose licences theirs are."""
        groups: tuple[dict[int, list[Any]], ...] = (
            self.employments,
            self.absences,
            self.designations,
            self.functions,
            self.displays,
            self.worked,
        )
        ids = {one.employee_id for group in groups for rows in group.values() for one in rows}
        employees = self._work.session.scalars(select(Employee).where(Employee.id.in_(ids))).all()
        return {one.id: one for one in employees}, holders_of(self._work, employees)

    def _of_people(self, table: type[Row]) -> dict[int, list[Row]]:
        """What officers recorded of the past licences of people with a confirmed Operator ID, by person."""
        facts: Any = table
        known = {one.person_id for one in self.holders.values() if one.operator_id is not None}
        standing = select(table).where(facts.person_id.in_(known), facts.superseded_at.is_(None))
        return _by(self._work.session.scalars(standing.order_by(facts.id)), _person_id)

    def _past_licences(self, employees: set[int]) -> Iterator[LicenceIssue | LicencesComplete]:
        for person_id in sorted({self.holders[one].person_id or 0 for one in employees}):
            yield from self.issues.get(person_id, ())
            yield from self.complete.get(person_id, ())

    def _on_file(self) -> dict[int, licences_on_file.OnFile]:
        """The licences of each person whose Operator ID is confirmed."""
        holders = self.holders.values()
        numbers = {one.person_id: one.operator_id for one in holders if one.person_id and one.operator_id}
        return licences_on_file.of_people(self._work, numbers, self.issues)

    # --- as the rules ask -----------------------------------------------------------------------------------

    def _as_named(
        self, employees: set[int], employed: Iterable[Employment], worked: Iterable[EmergencyWork]
    ) -> dict[int, Worker]:
        """Each employee's licences, and the employments under that name, those of emergencies with them."""
        rows, besides = _by(employed, lambda one: one.employee_id), _by(worked, lambda one: one.employee_id)
        return {
            who: replace(self._worker(who, tuple(map(_spell, rows[who]))), in_emergency=temporaries(besides[who]))
            for who in sorted(employees)
        }

    def _worker(self, employee_id: int, spells: tuple[Spell, ...]) -> Worker:
        holder = self.holders[employee_id]
        if holder.person_id is None or holder.operator_id is None:
            return Worker((), None, spells)
        # A listing shows all licences of whoever is known by a confirmed Operator ID; an officer may know more.
        on_file, complete = self.on_file[holder.person_id], self.complete.get(holder.person_id, ())
        known = (on_file.complete_from, *(one.valid_from for one in complete))
        return Worker(on_file.records, min((day for day in known if day is not None), default=None), spells)

    def _works(self, facility: Facility) -> Works:
        return Works(
            FacilityType(facility.facility_type),
            facility.ministry_number,
            tuple((span(one), LicenceClass(one.facility_class)) for one in self.classes[facility.id]),
            tuple(self.owners[facility.id]),
        )


def _by(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _facility_id(row: Any) -> int:
    of: int = row.facility_id
    return of


def _person_id(row: Any) -> int:
    of: int = row.person_id
    return of


def _spell(row: Employment) -> Spell:
    return Spell(span(row), Capacity(row.capacity), row.starts_anew)


def _of_persons(as_named: Mapping[int, Worker], persons: Mapping[int, int]) -> dict[int, Worker]:
    """Each person's licences and employments, under whatever names they are recorded (reading R9)."""
    found: dict[int, Worker] = {}
    for employee_id, worker in as_named.items():
        before = found.setdefault(persons[employee_id], worker)
        if before is not worker:
            known = before if before.complete_from is not None or before.records else worker
            found[persons[employee_id]] = replace(
                known,
                spells=(*before.spells, *worker.spells),
                in_emergency=(*before.in_emergency, *worker.in_emergency),
            )
    return found


def _of_each(days: Mapping[int, frozenset[date]], persons: Mapping[int, int]) -> dict[int, frozenset[date]]:
    """The days of each person, those under every name; of whoever has nothing else on record under the own id."""
    found: dict[int, frozenset[date]] = {}
    for employee_id, of_one in days.items():
        person = persons.get(employee_id, employee_id)
        found[person] = found.get(person, frozenset()) | of_one
    return found


def _exercised(row: FunctionsInCharge, persons: Mapping[int, int]) -> Exercised:
    functions = Functions(row.runs_facility, row.sets_parameters, row.directs_operators)
    return Exercised(persons[row.employee_id], span(row), functions)


def _displayed(rows: Iterable[LicenceDisplay], persons: Mapping[int, int]) -> dict[int, tuple[Displayed, ...]]:
    """Which copies of each one's licences hang, on which days."""
    found = _by(rows, lambda one: persons[one.employee_id])
    return {who: tuple(Displayed(span(one), one.number) for one in of_one) for who, of_one in found.items()}


def next_day(day: date) -> date:
    """The day after a last day: the end of a half-open span."""
    return day + timedelta(days=1)
