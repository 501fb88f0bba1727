"""More of a province's people for the bench: more employees a facility, and absences and training of two years.

Every facility has the same of each, so that what the rules find of it still repeats (bench.province_rows).
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from db.gate import Portal
from db.people_schema import Employee, Employment
from db.register_schema import ListedLicence, ListingImport
from db.schema import Account, Person
from tests.db import staffed
from tests.db.filed import TODAY
from tests.db.people import NOON

FIRST, MOST_OF_EACH = 100_000_000, 1_000  # numbers that nobody else has, of nine digits: so many for each facility
_SESSIONS, _ABSENCES, _QUARTER = 8, 4, timedelta(days=91)
_SESSION = """
    insert into training_session (id, facility_id, subjects, kind, recorded_at, recorded_by, withdrawn_because)
    select id * :sessions + :number, id, 'Refresher day', 'technical', :at, (select min(id) from account), ''
    from facility where id >= :first and id <= :last
"""
_DAY = """
    insert into training_day (session_id, day, minutes)
    select id * :sessions + :number, :day, 600 from facility where id >= :first and id <= :last
"""
_ATTENDED = """
    insert into training_attendance (session_id, employee_id, name, position)
    select facility_id * :sessions + :number, employee_id, 'Sam Staff', 'Operator'
    from employment where facility_id >= :first and facility_id <= :last
"""
_AWAY = """
    insert into absence (facility_id, employee_id, away, reason, valid_from, valid_until, recorded_at, recorded_by)
    select facility_id, employee_id, true, 'Away.', :day, :until, :at, (select min(id) from account)
    from employment where facility_id >= :first and facility_id <= :last
"""


def employ_more(portal: Portal, ids: list[int], more: int) -> None:
    """So many more employees at each facility, with a licence of its class on the standing listing."""
    if more > MOST_OF_EACH:
        raise ValueError(f"at most {MOST_OF_EACH} more people a facility, not {more}")
    with portal.database.transaction(writes=True) as session:
        listing = session.scalars(select(ListingImport.id).where(ListingImport.state == "standing")).first()
        by = {"recorded_by": session.scalar(select(func.min(Account.id)))}
        session.execute(insert(Person), [_person(one) for n in ids for one in _numbers(n, more)])
        for table, make in ((Employee, _employee), (Employment, _employment)):
            session.execute(insert(table), [make(n, one) | by for n in ids for one in _numbers(n, more)])
        lines = [_licence(n, one) | {"import_id": listing} for n in ids for one in _numbers(n, more)]
        session.execute(insert(ListedLicence), lines)


def add_two_years(connection: Connection, ids: list[int], at: str) -> None:
    """A day of training a quarter for everybody employed, and two weeks of absence a year; at: when recorded."""
    for number in range(_SESSIONS):
        given = {"first": ids[0], "last": ids[-1], "sessions": _SESSIONS, "number": number}
        day = (TODAY - (number + 1) * _QUARTER).isoformat()
        connection.execute(text(_SESSION), given | {"at": at})
        connection.execute(text(_DAY), given | {"day": day})
        connection.execute(text(_ATTENDED), given)
    for number in range(_ABSENCES):
        first = TODAY - timedelta(days=30) - number * 2 * _QUARTER
        days = {"day": first.isoformat(), "until": (first + timedelta(days=7)).isoformat()}
        connection.execute(text(_AWAY), days | {"first": ids[0], "last": ids[-1], "at": at})


def _numbers(n: int, more: int) -> Iterator[int]:
    first = FIRST + (n - 100_000) * MOST_OF_EACH
    return iter(range(first, first + more))


def _person(one: int) -> dict[str, Any]:
    return {
        "id": -one, "given_name": "Ann", "family_name": f"Crew {one}", "operator_id": str(one), "created_at": NOON,
    }  # fmt: skip


def _employee(n: int, one: int) -> dict[str, Any]:
    return {
        "id": -one, "organization_id": staffed.owner_of(n), "given_name": "Ann", "family_name": f"Crew {one}",
        "claimed_operator_id": str(one), "person_id": -one, "recorded_at": NOON, "version": 1, "changed_at": NOON,
    }  # fmt: skip


def _employment(n: int, one: int) -> dict[str, Any]:
    return {
        "facility_id": n, "employee_id": -one, "position": "Operator", "capacity": "operator", "full_time": True,
        "starts_anew": False, "note": "", "valid_from": staffed.SINCE, "recorded_at": NOON,
    }  # fmt: skip


def _licence(n: int, one: int) -> dict[str, Any]:
    return {
        "line": one, "operator_id": str(one), "last_name": f"Crew {one}", "first_name": "Ann", "number": f"C{one}",
        "licence_type": staffed.facility_type(n), "licence_class": staffed.CLASSES[n % len(staffed.CLASSES)],
        "expiry": TODAY + timedelta(days=100 + (n % 840 + 7 * (one % MOST_OF_EACH)) % 900), "status": "in force",
        "municipality": "Timmins",
    }  # fmt: skip
