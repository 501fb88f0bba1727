"""The page on how a facility stands, drawn for its owner and for a director."""

from dataclasses import replace

import pytest
from sqlalchemy import delete

from core.roles import Role
from db import kept_findings
from db.gate import unattended
from db.schema import FacilityClassification
from db.services import designations, displays
from tests.db import filed
from tests.db.employed import employ
from tests.db.filed import TODAY
from tests.db.people import signed_in
from tests.db.profiles import FACILITY, active_owner
from tests.pages.drawn import drawn, press, texts
from tests.pages.test_applications import fill, well


@pytest.fixture
def portal(sqlite_portal):
    return sqlite_portal


@pytest.fixture
def owner(portal):
    return active_owner(portal)


def test_an_owner_sees_the_standing_and_records_the_display(portal, owner):
    facility = filed.facility_of(owner)
    with drawn("facility", owner, {"id": str(facility)}) as test:
        assert "Class III on 20 November 2026." in texts(well(test))
        assert "Conspicuous display of the certificate: done, with its date." in texts(test)
        fill(test, displayed_on=TODAY, place="Entrance hall")
        press(test, "Record the display")
        assert "Conspicuous display of the certificate: done on 20 November 2026." in texts(well(test))
    (shown,) = displays.of_facility(owner, facility)
    assert shown.place == "Entrance hall"


def test_a_director_finds_a_facility_and_requires_an_application(portal, owner):
    decider = filed.director(portal)
    with drawn("facility", decider) as test:
        assert "North Bay WPCP 2200A" in texts(well(test))
    with drawn("facility", decider, {"id": str(filed.facility_of(owner))}) as test:
        fill(
            well(test),
            kind="The owner is required to apply for reclassification",
            decided_on=TODAY,
            reasons="New.",
        )
        press(test, "Record the decision")
        assert "O. Reg. 129/04, s. 4 (4)" in texts(well(test))
        assert "Dora Decides, the Director" in texts(test)


def test_anothers_facility_is_not_shown(portal, owner):
    other = active_owner(portal, "Town", replace(FACILITY, ministry_number="9"))
    with drawn("facility", other, {"id": str(filed.facility_of(owner))}) as test:
        assert "There is no such facility, or it is not yours." in texts(well(test))
    with drawn("facility", signed_in(portal, Role.OWNER)) as test:
        assert "The office has confirmed no facility of yours yet." in texts(well(test))


@pytest.mark.parametrize("page", ["facility", "people"])
def test_an_owner_whose_facility_has_no_class_on_record_reads_what_to_do(portal, owner, page):
    facility = filed.facility_of(owner)
    chief = employ(owner, "Chief", last=TODAY)
    designations.designate(owner, facility, chief, "licence", TODAY, TODAY, "Runs it.")
    given = {"id": str(facility)}
    with drawn(page, owner, given) as test:
        assert "Its class is not on record" not in texts(well(test))
    with unattended(portal, owner.at) as work:
        work.session.execute(delete(FacilityClassification))
        kept_findings.retest(work, facility)
    with drawn(page, owner, given) as test:
        assert "Its class is not on record" in texts(well(test))
        assert "Work out its points" in texts(test)
    with drawn(page, filed.director(portal), given) as test:
        assert "Work out its points" not in texts(well(test))
