"""A log of a thousand entries, or a thousand logs, takes as many statements as one of ten."""

from dataclasses import replace
from datetime import timedelta

from core.log_chain import Content, Entry, Kind, Standing
from core.roles import Role
from db.demo.logs import keep
from db.log_schema import LogCheck, LogHead
from db.services import log_reading, shift_logs
from tests.db.logged import plant
from tests.db.people import NOON, signed_in
from tests.db.test_statement_counts import FEW, MANY, facilities, statements

SHIFT = 100  # entries


def entries(facility: int, count: int):
    """Entries of shifts that begin one after the other, a minute apart, up to noon."""
    usual = Entry(
        facility=facility, number=0, made_at=NOON, happened_at=NOON, author=1, author_name="Sam Chief",
        standing=Standing.IN_CHARGE, authorization=None, shift=1, kind=Kind.NOTE, content=Content(text="Quiet."),
    )  # fmt: skip
    for n in range(count):
        at = NOON - timedelta(minutes=count - n)
        one = replace(usual, made_at=at, happened_at=at, shift=n - n % SHIFT + 1)
        place = n % SHIFT
        kind = {0: Kind.BEGAN, SHIFT - 1: Kind.ENDED}.get(place, Kind.NOTE)
        yield replace(one, kind=kind, content=Content(text=f"Shift {n}" if kind is Kind.BEGAN else "Quiet."))


def asked(portal, number, count):
    """How many statements each way takes to use a log of so many entries."""
    one = plant(portal, number=number)
    with portal.database.transaction(writes=True) as session:
        keep(session, one.facility, entries(one.facility, count))
    last = count - (count - 1) % SHIFT
    ways = {
        "log": lambda: log_reading.log(one.chief, one.facility),
        "search": lambda: log_reading.search(one.chief, one.facility),
        "printed": lambda: log_reading.printed(one.chief, one.facility),
        "check": lambda: log_reading.check(one.chief, one.facility),
        "write": lambda: shift_logs.write(one.chief, one.facility, last, Kind.NOTE, Content(text="New.")),
    }
    return {name: statements(portal, ask) for name, ask in ways.items()}


def test_a_log_is_read_searched_printed_and_written_in_a_fixed_number_of_statements(portal):
    few, many = asked(portal, "990000001", FEW), asked(portal, "990000002", MANY)
    assert few == many
    assert max(many.values()) < 25


def test_many_logs_are_listed_in_as_many_statements_as_few(portal):
    manager = signed_in(portal, Role.MANAGER)

    def add(count):
        ids = facilities(portal, count)
        with portal.database.transaction(writes=True) as session:
            session.add_all(LogHead(facility_id=id, number=1, hash="", made_at=NOON) for id in ids)
            checked = {"checked_at": NOON, "number": 1, "hash": "", "broken": False, "faults": []}
            session.add_all(LogCheck(facility_id=id, **checked) for id in ids)

    add(FEW)
    before = statements(portal, lambda: log_reading.logs(manager))
    add(MANY)
    assert statements(portal, lambda: log_reading.logs(manager)) == before
