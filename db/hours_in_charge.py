"""Hours in charge added up by person, type and class of facility (O. Reg. 129/04, s. 17 (2)): at one facility, or
at several, as whoever applies for a licence shows them (Schedule 2).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select, true

from core.application import law_of_people
from core.calendar import Span
from core.facilities import FacilityType
from core.in_charge import Hours, added_up, doubt
from core.legislation import Law
from core.licences import LicenceClass
from core.works import Works
from db.facility_people import IN_CHARGE, FacilityPeople, span
from db.gate import Work
from db.holders import Holder, first_of_each_person, holders_of, is_one_of
from db.people_schema import Designation, Employee, Employment, HoursInCharge
from db.schema import Facility, FacilityClassification

_MINUTES = 60


@dataclass(frozen=True)
class Total:
    """Hours in charge of one person, by type and class of facility; as an operator-in-training apart.

    doubtful: those among them of days for which no employment or no designation is on record.
    """

    name: str
    facility_type: FacilityType
    facility_class: LicenceClass | None
    in_training: bool
    hours: Decimal
    doubtful: Decimal


Totals = tuple[Total, ...]


def of_people(work: Work, found: FacilityPeople, seen: ColumnElement[bool]) -> tuple[Totals, Totals]:
    """The hours of a facility's people there, and at the other facilities that whoever looks may see: with those
    recorded of the same people under other names or by other employers."""
    persons = {one.person_id for one in found.holders.values() if one.person_id is not None}
    others = _others(work, sorted(persons), found.employees) if persons else ()
    employees = (*found.employees.values(), *others)
    holders = {**found.holders, **(holders_of(work, others) if others else {})}
    here = Facility.id == found.facility.id
    rows = _rows(work, employees, or_(here, seen))
    works, on_record = _works(work, rows), _OnRecord(work, holders)
    there, elsewhere = (
        [row for row in rows if (row.facility_id == found.facility.id) is own] for own in (True, False)
    )
    names = {one.id: one.name for one in others} | found.names
    return _added(there, works, names, on_record), _added(elsewhere, works, names, on_record)


def of_person(work: Work, person_id: int) -> Totals:
    """One person's hours at whatever facility, by whomever recorded."""
    employees = _others(work, [person_id], ())
    rows = _rows(work, employees, true())
    names = {one.id: one.name for one in employees}
    return _added(rows, _works(work, rows), names, _OnRecord(work, holders_of(work, employees)))


def _others(work: Work, person_ids: list[int], besides: Collection[int]) -> Sequence[Employee]:
    """Who else is one of these people."""
    known = select(Employee).where(is_one_of(person_ids), Employee.id.not_in(besides))
    return work.session.scalars(known.order_by(Employee.id)).all()


def _rows(work: Work, employees: Collection[Employee], where: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """The minutes of each employee, facility and day, as an operator-in-training apart."""
    own = HoursInCharge.employee_id, HoursInCharge.facility_id, HoursInCharge.valid_from, HoursInCharge.in_training
    ids = [one.id for one in employees]
    rows: Any = work.session.execute(
        select(*own, Facility.facility_type, func.sum(HoursInCharge.minutes).label("minutes"))
        .join(Facility, Facility.id == HoursInCharge.facility_id)
        .where(HoursInCharge.employee_id.in_(ids), HoursInCharge.superseded_at.is_(None), where)
        .group_by(*own, Facility.facility_type)
    ).all()
    found: Sequence[Row[Any]] = rows
    return found


class _OnRecord:
    """On which days each person is on record as employed and as designated in charge, facility by facility."""

    def __init__(self, work: Work, holders: Mapping[int, Holder]) -> None:
        self.first = first_of_each_person(holders)
        self._employed = self._spans(work, Employment)
        self._designated = self._spans(work, Designation, Designation.role == IN_CHARGE)
        self._laws: dict[tuple[str, date], Law | None] = {}

    def is_doubtful(self, row: Row[Any]) -> bool:
        """Whether the employment or the designation of a day with hours is not on record."""
        key, kind = (self.first[row.employee_id], row.facility_id), (row.facility_type, row.valid_from)
        if kind not in self._laws:
            self._laws[kind] = law_of_people(*kind)
        employed, designated = self._employed[key], self._designated[key]
        found = doubt(row.valid_from, employed, designated, self._laws[kind], in_training=row.in_training)
        return found is not None

    def _spans(
        self, work: Work, table: Any, *conditions: ColumnElement[bool]
    ) -> Mapping[tuple[int, int], list[Span]]:
        columns = (table.employee_id, table.facility_id, table.valid_from, table.valid_until)
        rows = work.session.execute(
            select(*columns).where(
                table.employee_id.in_(list(self.first)), table.superseded_at.is_(None), *conditions
            )
        )
        found: dict[tuple[int, int], list[Span]] = defaultdict(list)
        for employee_id, facility_id, start, end in rows:
            found[self.first[employee_id], facility_id].append(Span(start or date.min, end))
        return found


def _added(
    rows: Sequence[Row[Any]],
    works: Mapping[int, Works],
    names: Mapping[int, str],
    on_record: _OnRecord,
) -> Totals:
    """Added up, each person's under the first of the names; the class is that of the day."""

    def hours(some: Iterable[Row[Any]]) -> Iterator[Hours]:
        for row in some:
            yield Hours(
                on_record.first[row.employee_id],
                FacilityType(row.facility_type),
                works[row.facility_id].class_on(row.valid_from),
                row.in_training,
                Decimal(row.minutes) / _MINUTES,
            )

    doubtful = added_up(hours(row for row in rows if on_record.is_doubtful(row)))
    every = added_up(hours(rows))
    totals = (Total(names[key[0]], *key[1:], sum_, doubtful.get(key, Decimal(0))) for key, sum_ in every.items())
    return tuple(sorted(totals, key=_order))


def _order(one: Total) -> tuple[str, str, str, bool]:
    return one.name, one.facility_type, one.facility_class or "", one.in_training


def _works(work: Work, rows: Sequence[Row[Any]]) -> dict[int, Works]:
    """Each facility of the rows with its classes."""
    kinds = {row.facility_id: FacilityType(row.facility_type) for row in rows}
    if not kinds:
        return {}
    classes = defaultdict(list)
    stand = FacilityClassification.facility_id.in_(kinds), FacilityClassification.superseded_at.is_(None)
    for one in work.session.scalars(
        select(FacilityClassification).where(*stand).order_by(FacilityClassification.id)
    ):
        classes[one.facility_id].append((span(one), LicenceClass(one.facility_class)))
    return {id: Works(kind, classes=tuple(classes[id])) for id, kind in kinds.items()}
