"""Fills a database with operators spread like Ontario's people, 1.4 certificates each, to time the search."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, delete, insert, literal, select, update

from core.availability import to_bits
from core.places import closeness, unit_vector
from db import search_entries
from db.demo.people import _CLASSES, _LICENCES, _PATTERNS, _TRAVEL_KM, _TYPES
from db.engine import Database
from db.gate import Portal
from db.migrate import upgrade
from db.places import places
from db.schema import Account, AccountRole, Credential, OperatorProfile, Person
from db.search_schema import SearchEntry, SearchPlace, search_stale
from tests.db.people import NOON
from tests.db.searchable import TODAY
from tests.portals import portal_on

PLACES = ("Timmins", "Greater Sudbury", "Kingston", "London", "Toronto")
MOST_MADE = 50_000
_AT_ONCE = 20_000
_CREDENTIALS = 10  # ids kept for those of one person
_FIRST = 1_000  # lower ids are for whoever searches


def filled(url: str, count: int) -> Portal:
    """A portal on a new database with operators who can be found."""
    upgrade(Database(url))
    portal = portal_on(url)
    fill(portal, count)
    return portal


def fill(portal: Portal, count: int, seed: int = 129) -> None:
    """Adds operators who can be found, with everything that the search reads. Beyond MOST_MADE they are copied,
    their lines too: else most of the time would go into making those."""
    copies = max(1, count // MOST_MADE)
    _make(portal, count // copies, seed)
    if copies > 1:
        _copy(portal, count // copies, copies)
    analyse(portal)


def _make(portal: Portal, count: int, seed: int) -> None:
    chance = random.Random(seed)
    last = _FIRST + count
    for start in range(_FIRST, last, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, last))
        with portal.database.transaction(writes=True) as session:
            for table, rows in _rows(chance, numbers).items():
                session.execute(insert(table.__table__), rows)
    with portal.database.transaction(writes=True) as session:
        while search_entries.are_stale(session):
            search_entries.refresh(session)


def _copy(portal: Portal, count: int, copies: int) -> None:
    """Everybody once more for each copy, under other numbers."""
    with portal.database.transaction(writes=True) as session:
        shifts = {"id": count, "person_id": count, "account_id": count, "profile_id": count}
        for table in (Person, Account, AccountRole, OperatorProfile, Credential, SearchEntry):
            columns = table.__table__.columns
            own = shifts | {"credential_id": count * _CREDENTIALS}
            if table is Credential:
                own["id"] = count * _CREDENTIALS
            for n in range(1, copies):
                copied = [column + n * own[column.name] if column.name in own else column for column in columns]
                if table is Account:
                    copied[columns.keys().index("email")] = literal(f"{n}.") + columns["email"]
                originals = select(*copied).where(_is_original(table, count))
                session.execute(insert(table.__table__).from_select(columns.keys(), originals))
        session.execute(update(SearchPlace).values(lines=SearchPlace.lines * copies))
        session.execute(delete(search_stale))  # the triggers' marks: the lines are copied already


def _is_original(table: type[Any], count: int) -> ColumnElement[bool]:
    person = {Person: "id", AccountRole: "account_id"}.get(table, "person_id")
    return cast(ColumnElement[bool], table.__table__.columns[person].between(_FIRST, _FIRST + count - 1))


def analyse(portal: Portal) -> None:
    """What a database does by itself within minutes: statistics, and which pages all may see."""
    with portal.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("analyze" if portal.database.is_sqlite else "vacuum analyze")


def _rows(chance: random.Random, numbers: range) -> dict[Any, list[dict[str, Any]]]:
    towns = chance.choices(places(), [place.population for place in places()], k=len(numbers))
    slots = chance.choices([to_bits(one) for one, _ in _PATTERNS], [n for _, n in _PATTERNS], k=len(numbers))
    travel = chance.choices(list(_TRAVEL_KM), list(_TRAVEL_KM.values()), k=len(numbers))
    accounts = [
        {
            "id": n, "person_id": n, "email": f"operator{n}@example.org", "state": "active", "created_at": NOON,
            "telephone": "+17055550100", "municipality": "", "language": "en", "changed_at": NOON, "version": 1,
        }
        for n in numbers
    ]  # fmt: skip
    profiles = []
    for n, town, week, km in zip(numbers, towns, slots, travel, strict=True):
        x, y, z = unit_vector(town.point)
        profiles.append({
            "id": n, "person_id": n, "state": "active", "available": True, "slots": week, "travel_km": km,
            "base_place": town.name, "base_latitude": town.point.latitude, "base_longitude": town.point.longitude,
            "base_x": x, "base_y": y, "base_z": z, "travel_closeness": closeness(km), "claimed_operator_id": "",
            "changed_at": NOON, "version": 1,
        })  # fmt: skip
    people = [{"id": n, "given_name": "Alex", "family_name": f"Rivers {n}", "created_at": NOON} for n in numbers]
    roles = [{"id": n, "account_id": n, "role": "operator", "granted_at": NOON} for n in numbers]
    return {
        Person: people,
        Account: accounts,
        AccountRole: roles,
        OperatorProfile: profiles,
        Credential: [row for n in numbers for row in _credentials(chance, n)],
    }


def _credentials(chance: random.Random, person_id: int) -> Iterator[dict[str, Any]]:
    (count,) = chance.choices(list(_LICENCES), list(_LICENCES.values()))
    for number, kind in enumerate(dict.fromkeys(chance.choices(list(_TYPES), list(_TYPES.values()), k=count))):
        (held,) = chance.choices(list(_CLASSES), list(_CLASSES.values()))
        licence_class = held if kind.classes else None
        yield {
            "id": person_id * _CREDENTIALS + number, "person_id": person_id,
            "number": f"N{person_id}", "licence_type": kind.value,
            "licence_class": licence_class, "rank": licence_class.rank if licence_class else -1,
            "expiry": TODAY + timedelta(days=chance.randint(-100, 1000)), "source": "decision",
            "recorded_at": NOON, "valid_for": "", "valid_for_key": "", "status": "in force",
        }  # fmt: skip
