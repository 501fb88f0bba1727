"""What does not hold of shifts is kept and told by mail, once, when the night comes in which it ceases to."""

from datetime import date, timedelta

from sqlalchemy import select

from core.log_chain import Content, Kind
from db.nightly import run_if_due
from db.province_schema import FacilityStanding, KeptFinding
from db.schema import OutgoingMail
from db.services import log_settings, shift_logs
from tests.db.filed import TODAY
from tests.db.logged import a_shift, later, plant
from tests.db.people import NOON

LAPSED = "no_longer_holds"


def rows(portal):
    """What is kept of single shifts and does not hold."""
    with portal.database.transaction(writes=False) as session:
        of_shifts = select(KeptFinding).where(KeptFinding.name != "", KeptFinding.verdict == "not met")
        return [(row.about, row.name) for row in session.scalars(of_shifts.order_by(KeptFinding.place))]


def not_met(portal, facility_id):
    """How many findings of a facility do not stand, as its standing counts them."""
    with portal.database.transaction(writes=False) as session:
        return session.get_one(FacilityStanding, facility_id).not_met


def told(portal):
    with portal.database.transaction(writes=False) as session:
        mails = session.scalars(select(OutgoingMail).where(OutgoingMail.template == LAPSED))
        return [line for mail in mails for line in mail.values["lapses"]]


def test_what_a_shift_lacks_is_kept_and_told_once_and_goes_when_it_is_written_after_all(portal):
    one = plant(portal)
    log_settings.set_place(one.owner, one.facility, "only", "", date(2026, 1, 1))
    log_settings.add_pattern(one.owner, one.facility, "Night", "19:00", "7:00", range(7), TODAY, TODAY)
    shift = a_shift(one, without=(Kind.ADJUSTMENT,))
    assert run_if_due(portal, NOON + timedelta(hours=10))
    assert (rows(portal), told(portal)) == ([], [])
    before = not_met(portal, one.facility)
    assert run_if_due(portal, NOON + timedelta(days=2))
    assert [about for about, _ in rows(portal)] == ["adjustments_recorded", "shift_recorded"]
    assert not_met(portal, one.facility) == before + 4, "each, and those of all shifts together"
    lines = {(line[0].split(", ")[-1], line[3]) for line in told(portal)}
    assert lines == {
        ("shift Day of 20 November 2026", "Adjustments to the processes: not recorded."),
        ("shift Night of 20 November 2026", "Shift Night of 20 November 2026: not recorded."),
    }
    count = len(told(portal))
    nothing = (Kind.ADJUSTMENT, Content(nothing=True))
    shift_logs.write(later(one.chief, days=2, hours=1), one.facility, shift, *nothing)
    assert run_if_due(portal, NOON + timedelta(days=3))
    assert [about for about, _ in rows(portal)] == ["shift_recorded"]
    assert len(told(portal)) == count
    assert not_met(portal, one.facility) == before + 2
