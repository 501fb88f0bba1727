"""A night reads what is due, by its index: with nothing due, as much among many facilities as among few."""

from datetime import date, timedelta

from sqlalchemy import insert, select, text, update

from core.log_chain import Content, Kind
from db.gate import Portal, unattended
from db.kept_findings import fingerprint, retest_due
from db.log_schema import LogHead
from db.nightly import run_if_due
from db.province_schema import FacilityStanding, KeptFinding
from db.schema import Credential, FacilityClassification
from db.services import log_settings, shift_logs
from tests.db import staffed
from tests.db.filed import TODAY
from tests.db.logged import a_shift, later, plant
from tests.db.people import NOON
from tests.db.statements import counted, read

FEW, MANY = 10, 1_500
NOT_KEPT_FROM = date(2028, 11, 21)  # two years after an entry of TODAY it need not be at hand any more
LATER = TODAY + timedelta(days=90)


def fill(portal: Portal, count: int) -> list[int]:
    """Facilities with a finding and a log each, of which nothing falls due for months."""
    ids = staffed.fill(portal, count, tested=False)
    finding = {
        "regulation": "129/04", "provision": "s. 15 (1)", "because": "", "rests_on": [], "since": TODAY,
        "tested_on": TODAY, "tested_at": NOON, "fingerprint": fingerprint(), "about": "overall_responsible",
        "place": "overall_responsible::",        "verdict": "met", "until": LATER,
    }  # fmt: skip
    kept = {"tested_at": NOON, "fingerprint": fingerprint(), "test_on": LATER}
    log = {"number": 1, "hash": "", "made_at": NOON, "test_on": LATER}
    with portal.database.transaction(writes=True) as session:
        session.execute(insert(KeptFinding), [finding | {"facility_id": id} for id in ids])
        session.execute(insert(LogHead), [log | {"facility_id": id} for id in ids])
        session.execute(update(FacilityStanding).values(**kept))
        long_ago = {"recorded_at": NOON - timedelta(days=100)}
        session.execute(update(FacilityClassification).values(**long_ago))
        session.execute(update(Credential).values(**long_ago))
        session.execute(text("analyze"))
    return ids


def night(portal: Portal, days: int = 1) -> tuple[int, int]:
    """How much a night reads, and in how many statements."""
    with unattended(portal, NOON + timedelta(days=days)) as work:
        with counted(portal) as statements, read(work) as found:
            assert retest_due(work).tested == 0
        return found[0], len(statements)


def test_with_nothing_due_a_night_reads_as_much_among_many_as_among_few(portal: Portal) -> None:
    fill(portal, FEW)
    night(portal)  # what is done once in a process
    few = night(portal)
    fill(portal, MANY)
    assert all(one <= among_few for one, among_few in zip(night(portal), few, strict=True))


def test_a_night_tests_what_is_due_alone(portal: Portal) -> None:
    ids = fill(portal, FEW)
    due, of_other_rules, listed_since = ids[0], ids[1], ids[2]
    with portal.database.transaction(writes=True) as session:
        for id, of_it in (
            (due, {"test_on": TODAY + timedelta(days=1)}),
            (of_other_rules, {"fingerprint": "others"}),
            (listed_since, {"tested_at": NOON - timedelta(days=500)}),
        ):
            session.execute(update(FacilityStanding).where(FacilityStanding.facility_id == id).values(**of_it))
    for tested in (3, 0):
        with unattended(portal, NOON + timedelta(days=1)) as work:
            assert retest_due(work).tested == tested


def test_a_class_that_was_changed_elsewhere_is_tested_in_the_night(portal: Portal) -> None:
    one = next(id for id in fill(portal, FEW) if staffed.facility_class(id))
    with portal.database.transaction(writes=True) as session:
        of_it = FacilityClassification.facility_id == one
        session.execute(update(FacilityClassification).where(of_it).values(superseded_at=NOON))
    with unattended(portal, NOON + timedelta(days=1)) as work:
        assert retest_due(work).tested == 1


# --- logs ---------------------------------------------------------------------------------------------------


def looks_on(portal: Portal, facility: int) -> date | None:
    with portal.database.transaction(writes=False) as session:
        return session.scalar(select(LogHead.test_on).where(LogHead.facility_id == facility))


def a_night(portal: Portal, days: int) -> None:
    assert run_if_due(portal, NOON + timedelta(days=days))


def test_a_log_in_which_nobody_writes_is_looked_at_no_more(portal: Portal) -> None:
    one = plant(portal)
    log_settings.set_place(one.owner, one.facility, "only", "", date(2026, 1, 1))
    a_shift(one)
    assert looks_on(portal, one.facility) == TODAY + timedelta(days=1)
    a_night(portal, 1)
    assert looks_on(portal, one.facility) == TODAY + timedelta(days=14), "its shift is one of two weeks until then"
    a_night(portal, 14)
    assert looks_on(portal, one.facility) == NOT_KEPT_FROM
    shift_logs.begin_shift(later(one.chief, days=15), one.facility, "Day")
    assert looks_on(portal, one.facility) == TODAY + timedelta(days=16)


def test_what_is_missing_is_looked_at_again_when_it_lies_too_far_back(portal: Portal) -> None:
    one = plant(portal)
    log_settings.set_place(one.owner, one.facility, "only", "", date(2026, 1, 1))
    a_shift(one, without=(Kind.ADJUSTMENT,))
    a_night(portal, 1)
    a_night(portal, 2)
    assert looks_on(portal, one.facility) == TODAY + timedelta(days=14)
    a_night(portal, 14)
    assert looks_on(portal, one.facility) == NOT_KEPT_FROM


def test_a_usual_shift_is_looked_at_after_its_day(portal: Portal) -> None:
    one = plant(portal)
    first = TODAY + timedelta(days=30)
    log_settings.add_pattern(one.owner, one.facility, "Day", "7:00", "15:00", [first.weekday()], first, first)
    assert looks_on(portal, one.facility) == first + timedelta(days=1)
    a_night(portal, 1)
    assert looks_on(portal, one.facility) == first + timedelta(days=1)


def test_an_open_shift_is_looked_at_until_its_record_is_no_longer_open(portal: Portal) -> None:
    one = plant(portal)
    shift = shift_logs.begin_shift(one.chief, one.facility, "Day")
    shift_logs.write(later(one.chief, hours=1), one.facility, shift, Kind.ADJUSTMENT, Content(nothing=True))
    a_night(portal, 1)
    assert looks_on(portal, one.facility) == TODAY + timedelta(days=2)
