"""The shift log of one of the demo's facilities: two weeks of day and night shifts by those in charge of it."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.log_chain import BEFORE_THE_FIRST, DUTIES, YES, Content, Entry, Kind, Standing, head_of, sealed
from core.places import day_at
from db import audit, log_rows
from db.log_schema import LogHead, LogPlace, ShiftPattern
from db.people_schema import Designation, Employee, Employment
from db.schema import Account, Facility, Organization, Person

_DAYS = 14
_DUTIES_UNSAID = 4  # of every fourth shift nobody has said how the duties were met
_SHIFTS = (("Day", time(7), time(19)), ("Night", time(19), time(7)))
_NOTHING = Content(nothing=True)
_ROUNDS = (  # what is written in a shift, by turns
    Content(text="High level in the wet well.", action="Pump 2 was started.", conclusions="A float was stuck."),
    Content(text="Foam on aeration tank 1.", action="None.", conclusions="After the rain; it went by itself."),
    Content(text="Low chlorine residual.", action="Dose raised.", conclusions="The feed line was clogged."),
)


def add(session: Session, at: datetime, owner: Account, organization: Organization) -> None:
    """The log of the organization's first facility for wastewater: its usual shifts, and the entries up to now."""
    ids = [one.facility_id for one in organization.claims if one.facility_type.startswith("wastewater_")]
    facility = session.get(Facility, min(id for id in ids if id is not None))
    assert facility is not None  # noqa: S101 - the demo's owner who signs in holds some
    first = day_at(at, facility.time_zone) - timedelta(days=_DAYS)
    recorded: dict[str, Any] = {"facility_id": facility.id, "recorded_at": at, "recorded_by": owner.id}
    for name, starts, ends in _SHIFTS:
        row = ShiftPattern(designation=name, starts=starts, ends=ends, weekdays=list(range(7)), **recorded)
        row.valid_from = first
        session.add(row)
    for about, place in (("provided", "In this portal"), ("accessible", "The control room"), ("only", "")):
        session.add(LogPlace(about=about, place=place, valid_from=first, **recorded))
    people = _in_charge(session, facility.id, first, recorded)
    keep(session, facility.id, _entries(facility, first, at, people))


def keep(session: Session, facility_id: int, entries: Iterable[Entry]) -> None:
    """Seals the first entries of a log, one after the other, and keeps them with their entries in the trail."""
    head, last = BEFORE_THE_FIRST, None
    written = []
    for entry in entries:
        last = sealed(entry, head)
        head = head_of(last)
        session.add(log_rows.row_of(last))
        details = {"number": last.number, "hash": last.hash, "kind": last.kind.value}
        written.append(audit.Entry("log.written", "shift_log", facility_id, details))
    if last is not None:
        made_at, day = last.made_at, last.made_at.date()  # every shift is looked at in the next night
        session.add(
            LogHead(facility_id=facility_id, number=head.number, hash=head.hash, made_at=made_at, test_on=day)
        )
        session.flush()
        audit.append(session, last.made_at, None, written)


def _in_charge(session: Session, facility_id: int, first: date, recorded: dict[str, Any]) -> list[Person]:
    """Whoever is employed there is in charge, too; their persons."""
    employees = session.scalars(
        select(Employee)
        .join(Employment, Employment.employee_id == Employee.id)
        .where(Employment.facility_id == facility_id)
        .order_by(Employee.id)
    ).all()
    for one in employees:
        row = Designation(employee_id=one.id, role="in_charge", basis="licence", by_owner=True, **recorded)
        row.valid_from = first
        session.add(row)
    return [session.get_one(Person, one.person_id) for one in employees]


def _entries(facility: Facility, first: date, at: datetime, people: list[Person]) -> Iterator[Entry]:
    """Every entry up to a moment: chronological, since each shift begins as the one before ends."""
    number = 0
    for shift, (name, starts, ends) in enumerate(_SHIFTS * (_DAYS + 1)):
        day = first + timedelta(days=shift // 2)
        begins = _moment(day, starts, facility.time_zone)
        finishes = _moment(day if ends > starts else day + timedelta(days=1), ends, facility.time_zone)
        began = number + 1
        author, other = people[shift % len(people)], people[(shift + 1) % len(people)]
        for kind, content, moment in _of_shift(shift, name, begins, finishes, (author.name, other.name)):
            if moment > at:
                return
            number += 1
            yield Entry(
                facility=facility.id, number=0, made_at=moment, happened_at=moment, author=author.id,
                author_name=author.name, standing=Standing.IN_CHARGE, authorization=None, shift=began, kind=kind,
                content=content,
            )  # fmt: skip


def _of_shift(
    shift: int, name: str, begins: datetime, ends: datetime, operators: tuple[str, ...]
) -> Iterator[tuple[Kind, Content, datetime]]:
    """What is written in a shift, and when; in every third one something happens."""
    happened = shift % 3 == 0
    equipment = Content(text="Pump 2.", action="A seal was ordered.") if shift % 5 == 0 else _NOTHING
    said = (
        (Kind.BEGAN, Content(text=name), 0),
        (Kind.OPERATORS, Content(operators=operators), 1),
        (Kind.DEPARTURE, _NOTHING, 2),
        (Kind.INSTRUCTION, _NOTHING, 2),
        (Kind.CONDITION, _ROUNDS[shift // 3 % len(_ROUNDS)] if happened else _NOTHING, 5),
        (Kind.EQUIPMENT, equipment, 6),
        (Kind.ADJUSTMENT, _NOTHING, 11),
        (Kind.STATUS, Content(text="All runs." if equipment.nothing else "All runs but pump 2."), 11),
        *((duty, Content(text=YES), 11) for duty in DUTIES if shift % _DUTIES_UNSAID),
    )
    for kind, content, hours in said:
        yield kind, content, begins + timedelta(hours=hours)
    yield Kind.ENDED, Content(), ends


def _moment(day: date, clock: time, zone: str) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)
