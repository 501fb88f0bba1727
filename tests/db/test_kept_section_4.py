"""What section 4 and the log say of today is kept in the transaction that records a fact of theirs."""

from datetime import timedelta

from sqlalchemy import select, update

from core.compliance import CLASSIFIED
from core.log_chain import Content, Kind
from core.sentences import in_english
from db import kept_findings
from db.gate import unattended
from db.law_schema import CertificateDisplay
from db.province_schema import FacilityStanding, KeptFinding
from db.schema import OutgoingMail
from db.services import compliance, displays, facilities, log_settings, shift_logs
from tests.db.filed import TODAY, facility_of, filed
from tests.db.logged import a_shift, later, plant, then
from tests.db.people import NOON
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


def test_what_ceases_by_time_is_told_once_whoever_looks_before_the_night(portal):
    owner = active_owner(portal)
    facility, day = facility_of(owner), timedelta(days=3)
    displays.record(owner, facility, TODAY - timedelta(days=9), "Hall")
    with unattended(portal, NOON) as work:
        work.session.execute(update(CertificateDisplay).values(valid_until=TODAY + day))
        kept_findings.retest(work, facility)
    compliance.on_day(then(owner, NOON + day), facility)
    assert kept(portal, facility)["s. 4 (5)"] == "not met"
    lines = [(line[1], line[2]) for mail in told(portal) for line in mail.values["lapses"]]
    assert set(lines) == {("O. Reg. 129/04, s. 4 (5)", in_english(TODAY + day))}
    with unattended(portal, NOON + day + timedelta(days=1)) as work:
        kept_findings.retest_due(work)
    assert len(told(portal)) == len(lines)


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


def test_another_time_zone_has_what_is_kept_of_the_log_tested(portal):
    one = plant(portal)
    log_settings.set_place(one.owner, one.facility, "only", "", TODAY)
    a_shift(one, hours=12.5, without=(Kind.ADJUSTMENT,))
    owner = later(one.owner, days=2)
    compliance.on_day(owner, one.facility)
    assert of_shifts(portal, one.facility) == {"Day, 21 November 2026"}
    version = facilities.clock(owner, one.facility).version
    facilities.change_time_zone(owner, one.facility, "America/Winnipeg", version)
    assert of_shifts(portal, one.facility) == {"Day, 20 November 2026"}


def of_shifts(portal, facility_id):
    """The shifts of which something is kept by themselves, as they are called."""
    with portal.database.transaction(writes=False) as session:
        rows = select(KeptFinding.name).where(KeptFinding.facility_id == facility_id, KeptFinding.name != "")
        return set(session.scalars(rows))
