"""A log of a thousand entries, or a thousand logs, takes as many statements as one of ten."""

from datetime import timedelta

from core.log_chain import Content, Kind
from core.roles import Role
from db.demo.logs import keep
from db.log_schema import LogCheck, LogHead
from db.services import log_reading, shift_logs
from tests.db.logged import many_entries, plant
from tests.db.people import NOON, signed_in
from tests.db.test_statement_counts import FEW, MANY, facilities, statements

SHIFT = 100  # entries


def asked(portal, number, count):
    """How many statements each way takes to use a log of so many entries."""
    one = plant(portal, number=number)
    with portal.database.transaction(writes=True) as session:
        keep(session, one.facility, many_entries(one.facility, count, SHIFT, timedelta(minutes=1)))
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
    writes = few.pop("write"), many.pop("write")  # what is kept of the log is tested again with it
    assert abs(writes[0] - writes[1]) <= 2, "as many, but for findings of which other columns change"
    assert max(writes) < 40
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
