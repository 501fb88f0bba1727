"""A province for the bench: facilities tested by the rules, and as many again as copies of their rows in SQL.

What the rules find repeats with the number of a facility (tests.db.staffed): its type, class, people, training and
manuals every 840 facilities. So a block of twice as many is tested, and what is kept of it is copied to others.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection, text

from bench import province_people
from core.log_chain import Content, Entry, Kind, Standing
from db.demo.logs import keep
from db.gate import Portal
from tests.db import staffed
from tests.db.logged import FULL
from tests.db.people import NOON

BLOCK, OF_EACH = 1_680, 2
MONTH = 30
_SERIES = """
    with recursive series(n) as (select 1 union all select n + 1 from series where n < :blocks)
"""
_KEPT = (
    "about, year, name, regulation, provision, verdict, because, whole, rests_on, since, until, due, told_on, "
    "tested_on, tested_at, fingerprint"
)
_FINDINGS = f"""
    insert into facility_finding (facility_id, of_id, place, {_KEPT})
    {_SERIES}, moved as (
        select facility_id + :block * n as to_id, case when of_id <= -:more then of_id - :of_more * :block * n
            when of_id < 0 then of_id - 2 * :block * n else of_id + :block * n end as moved_id, facility_finding.*
        from facility_finding cross join series where facility_id + :block * n <= :last
    )
    select to_id, moved_id, case when moved_id is null then place else
        about || ':' || cast(moved_id as text) || ':' || coalesce(cast(year as text), '') end, {_KEPT}
    from moved
"""
_COLUMNS = (
    "standing", "changes_on", "not_met", "qualified", "lapses_on", "tested_at", "fingerprint", "test_on",
    "training_behind", "training_short", "training_due", "training_not_known",
)  # fmt: skip
_STANDINGS = f"""
    update facility_standing set {", ".join(f"{one} = like_it.{one}" for one in _COLUMNS)}
    from facility_standing as like_it
    where like_it.facility_id = :first + (facility_standing.facility_id - :first) % :block
    and facility_standing.facility_id >= :first + :block
"""
_LONG_AGO = "update facility_classification set recorded_at = :day"
_ENTRY = (
    "number, made_at, happened_at, author_id, author_name, standing, authorization_id, shift, kind, text, "
    "is_nothing, given_by, action, conclusions, operators, corrects, reason, previous_hash, hash, plain_words"
)
_ENTRIES = f"""
    insert into log_entry (facility_id, {_ENTRY}) select facility.id, {_ENTRY}
    from log_entry cross join facility where facility.id > :first and facility.id <= :last
"""
_HEADS = """
    insert into log_head (facility_id, number, hash, made_at, test_on)
    select facility.id, number, hash, made_at, test_on
    from log_head cross join facility where facility.id > :first and facility.id <= :last
"""
_ONLY = """
    insert into log_place (facility_id, about, place, valid_from, recorded_at)
    select id, 'only', '', :since, :day from facility where id >= :first and id <= :last
"""


def fill(portal: Portal, count: int, people: int = 0) -> list[int]:
    """Facilities with what is kept of them, untested where there is one block or less. Their ids.

    people: how many are employed in all; two at each facility unless told.
    """
    ids = staffed.fill(portal, count, tested=False)
    more = max(0, round(people / count) - OF_EACH)
    for start in range(0, len(ids) if more else 0, BLOCK):
        province_people.employ_more(portal, ids[start : start + BLOCK], more)
    with portal.database.engine.begin() as connection:
        province_people.add_two_years(connection, ids, _moment(connection, NOON))
    if count > BLOCK:
        staffed.have_tested(portal, ids[:BLOCK])
        with portal.database.engine.begin() as connection:
            _copy(connection, ids)
    with portal.database.engine.begin() as connection:
        long_ago = NOON - timedelta(days=100)  # what was changed lately is tested once more
        connection.execute(text(_LONG_AGO), {"day": _moment(connection, long_ago)})
    return ids


def _copy(connection: Connection, ids: list[int]) -> None:
    series = {"block": BLOCK, "blocks": len(ids) // BLOCK, "last": ids[-1]}
    numbers = {"more": province_people.FIRST, "of_more": province_people.MOST_OF_EACH}
    connection.execute(text(_FINDINGS), series | numbers)
    connection.execute(text(_STANDINGS), {"first": ids[0], "block": BLOCK})


def add_logs(portal: Portal, ids: list[int]) -> None:
    """A month of two shifts a day in each facility's log: the entries of the first are sealed, and copied."""
    first, last = ids[0], ids[-1]
    with portal.database.transaction(writes=True) as session:
        keep(session, first, _entries(first, -2 * first))
    with portal.database.engine.begin() as connection:
        connection.execute(text(_ENTRIES), {"first": first, "last": last})
        connection.execute(text(_HEADS), {"first": first, "last": last})
        since = {"since": date(2026, 1, 1).isoformat(), "day": _moment(connection, NOON)}
        connection.execute(text(_ONLY), since | {"first": first, "last": last})


def _entries(facility: int, author: int) -> Iterator[Entry]:
    usual = Entry(
        facility=facility, number=0, made_at=NOON, happened_at=NOON, author=author, author_name="Sam Staff",
        standing=Standing.IN_CHARGE, authorization=None, shift=1, kind=Kind.NOTE, content=Content(),
    )  # fmt: skip
    said = {Kind.BEGAN: Content(text="Day"), **FULL, Kind.ENDED: Content()}
    for shift in range(2 * MONTH):
        began = NOON - timedelta(days=MONTH) + timedelta(hours=12 * shift - 8)
        for n, (kind, content) in enumerate(said.items()):
            at = began + timedelta(hours=n)
            yield replace(
                usual, made_at=at, happened_at=at, shift=shift * len(said) + 1, kind=kind, content=content
            )


def _moment(connection: Connection, moment: object) -> str:
    """A moment as the database's text has it."""
    return f"{moment:%Y-%m-%d %H:%M:%S.%f}" + ("" if connection.dialect.name == "sqlite" else "+00")
