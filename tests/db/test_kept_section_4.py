"""What section 4 and the log say of today is kept in the transaction that records a fact of theirs."""

from datetime import timedelta

from sqlalchemy import select

from core.compliance import CLASSIFIED
from core.log_chain import Content, Kind
from db.province_schema import FacilityStanding, KeptFinding
from db.schema import OutgoingMail
from db.services import compliance, displays, log_settings, shift_logs
from tests.db.filed import TODAY, facility_of, filed
from tests.db.logged import a_shift, later, plant
from tests.db.profiles import active_owner


def kept(portal, facility_id, about=CLASSIFIED):
    """What is kept of section 4, or of something else, by the provision: its verdict."""
    with portal.database.transaction(writes=False) as session:
        rows = select(KeptFinding).where(KeptFinding.facility_id == facility_id, KeptFinding.about == about)
        return {row.provision: row.verdict for row in session.scalars(rows)}


def not_met(portal, facility_id):
    with portal.database.transaction(writes=False) as session:
        return session.get_one(FacilityStanding, facility_id).not_met


def told(portal):
    with portal.database.transaction(writes=False) as session:
        return session.scalars(select(OutgoingMail).where(OutgoingMail.template == "no_longer_holds")).all()


def test_a_certificate_that_is_taken_down_is_kept_at_once_and_counts_in_the_province(portal):
    owner = active_owner(portal)
    facility = facility_of(owner)
    displays.record(owner, facility, TODAY - timedelta(days=9), "Hall")
    assert kept(portal, facility)["s. 4 (5)"] == "met"
    before = not_met(portal, facility)
    (hung,) = displays.of_facility(owner, facility)
    displays.take_down(owner, hung.display_id, TODAY)
    assert kept(portal, facility)["s. 4 (5)"] == "not met"
    assert not_met(portal, facility) == before + 1
    assert told(portal) == [], "whoever took it down knows"
    shown = compliance.on_day(owner, facility)
    assert "s. 4 (5)" in {one.finding.citation.provision for one in shown.answers}


def test_an_application_is_kept_as_it_is_handed_in(portal):
    owner = active_owner(portal)
    facility = facility_of(owner)
    displays.record(owner, facility, TODAY, "Hall")
    assert kept(portal, facility)["s. 4 (1)"] == "unknown"
    filed(owner)
    assert kept(portal, facility)["s. 4 (1)"] == "met"


def test_what_is_written_in_the_log_is_kept_at_once(portal):
    one = plant(portal)
    log_settings.set_place(one.owner, one.facility, "only", "", TODAY - timedelta(days=90))
    shift = a_shift(one, without=(Kind.ADJUSTMENT,))
    compliance.on_day(
        later(one.owner, days=1), one.facility
    )  # the first look of the day tests what may be another
    assert set(kept(portal, one.facility, "adjustments_recorded").values()) == {"not met"}
    assert told(portal) == [], "of a shift it is told in the night"
    shift_logs.write(
        later(one.chief, days=1, hours=1), one.facility, shift, Kind.ADJUSTMENT, Content(nothing=True)
    )
    assert set(kept(portal, one.facility, "adjustments_recorded").values()) == {"met"}
