"""Calculations that owners keep for their facilities, on both databases."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert, select

from core.facilities import FacilityClass
from core.problems import Refused
from core.roles import Role
from db.gate import NotAllowed, NotSignedIn
from db.law_schema import Calculation
from db.schema import AuditEntry
from db.services import calculations, owners
from tests.db.filed import CLASS_I, CLASS_II, TODAY, facility_of, saved
from tests.db.people import NOON, signed_in, visitor
from tests.db.profiles import FACILITY, active_owner, submitted_owner
from tests.db.statements import counted


@pytest.fixture
def owner(portal):
    return active_owner(portal)


def test_an_owner_may_save_to_the_facilities_it_holds(portal, owner):
    (mine,) = calculations.my_facilities(owner)
    assert (mine.label, mine.facility_class) == ("North Bay WPCP (2200A)", FacilityClass.III)
    assert (
        calculations.my_facilities(
            submitted_owner(portal, "Town", facility=replace(FACILITY, ministry_number="9"))
        )
        == ()
    )
    assert calculations.my_facilities(signed_in(portal, Role.OWNER)) == ()


def test_a_calculation_is_kept_as_it_was_made(portal, owner):
    one = saved(owner, CLASS_II | {"solids_handling.thickening": None})
    kept = calculations.calculation(owner, one)
    assert (kept.regulation, kept.on, kept.law_version) == ("129/04", TODAY, "consolidation from 3 December 2021")
    assert (kept.lowest, kept.note, kept.saved_by, kept.saved_at) == (38, "As built", "Robin Fairwater", NOON)
    assert kept.highest > kept.lowest
    assert "solids_handling.thickening" not in kept.answers
    assert kept.answers["secondary_treatment.activated_sludge"] is True
    with portal.database.transaction(writes=False) as session:
        assert "calculation.saved" in session.scalars(select(AuditEntry.action)).all()


def test_the_history_stands_the_newest_first(owner):
    first, second = saved(owner, CLASS_I), saved(owner, CLASS_II)
    history = calculations.history(owner, facility_of(owner))
    assert [row.calculation_id for row in history.rows] == [second, first]
    assert [row.facility_class for row in history.rows] == [FacilityClass.II, FacilityClass.I]


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"regulation": "128/04"}, "regulation", "has no facility type 'wastewater_treatment'"),
        ({"regulation": "1/1"}, "regulation", "Choose the regulation"),
        ({"on": date(2019, 1, 1)}, "on", "is not on file for 1 January 2019"),
        ({"answers": {"no_such_key": True}}, "answers", "no_such_key"),
        ({"answers": {"population_served": float("nan")}}, "regulation", "cannot be calculated"),
        ({"answers": {"population_served": -5}}, "answers", "-5"),
        ({"note": "x" * 201}, "note", "too long"),
    ],
)
def test_what_cannot_be_calculated_is_refused_and_not_kept(portal, owner, given, field, words):
    named = {"regulation": "129/04", "on": TODAY, "answers": {}, "note": ""} | given
    with pytest.raises(Refused, match=words) as refused:
        calculations.save(owner, facility_of(owner), **named)
    assert refused.value.problems[0].field == field
    with portal.database.transaction(writes=False) as session:
        assert session.scalars(select(Calculation)).all() == []


def test_nobody_keeps_or_reads_calculations_of_anothers_facility(portal, owner):
    other = active_owner(portal, "Town", replace(FACILITY, ministry_number="9"))
    one, facility = saved(owner), facility_of(owner)
    for asks in (
        lambda: calculations.save(other, facility, "129/04", TODAY, {}),
        lambda: calculations.history(other, facility),
        lambda: calculations.calculation(other, one),
        lambda: calculations.calculation(owner, one + 1),
        lambda: calculations.save(owner, facility + 99, "129/04", TODAY, {}),
    ):
        with pytest.raises(NotAllowed):
            asks()
    with pytest.raises(NotSignedIn):
        calculations.save(visitor(portal), facility, "129/04", TODAY, {})


def test_a_facility_that_is_given_up_takes_no_more_calculations(owner):
    one, facility = saved(owner), facility_of(owner)
    mine = owners.my_organization(owner)
    owners.withdraw(owner, mine.version)
    mine = owners.my_organization(owner)
    owners.delete_facility(owner, mine.facilities[0].claim_id, mine.version)
    with pytest.raises(NotAllowed):
        calculations.save(owner, facility, "129/04", TODAY, {})
    assert calculations.calculation(owner, one).lowest == 38  # what it calculated stays its own


def test_no_more_statements_for_1000_calculations_than_for_10(portal, owner):
    one, facility = saved(owner), facility_of(owner)

    def copies(count: int) -> None:
        with portal.database.transaction(writes=True) as session:
            row = session.get_one(Calculation, one)
            columns = {c.key: getattr(row, c.key) for c in Calculation.__table__.columns if c.key != "id"}
            session.execute(insert(Calculation), [columns] * count)

    asked = []
    for count in (9, 990):
        copies(count)
        with counted(portal) as statements:
            listing = calculations.history(owner, facility)
        asked.append(len(statements))
    assert listing.total == 1000
    assert len(listing.rows) == 50
    assert asked[0] == asked[1]
