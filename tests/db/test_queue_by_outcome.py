"""The queue's filter by how the listing bears it out finds differences too, by what the listing says of them now;
on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from core.comparison import Outcome
from core.queue import Filters, Kind, Stage
from db.alignment.passes import align
from db.gate import unattended
from db.register_schema import Discrepancy
from db.services import discrepancies, operators, verification
from tests.db import standing_listings as listings
from tests.db.filed import filed
from tests.db.listed_facilities import ANOTHER, BAD, OF_ANOTHER_OWNER, OF_CLASS_IV, by_night, imported, waits
from tests.db.people import NOON
from tests.db.profiles import active_operator, active_owner, submitted_operator
from tests.db.queued import left_out

TOMORROW = NOON + timedelta(days=1)
ELSEWHERE = {"operator_id": "90099999"}
OTHERWISE = [
    ({"expiry": date(2027, 3, 12)}, Outcome.DIFFERS),
    ({"licence_class": "IV"}, Outcome.DIFFERS),
    ({"status": "expired"}, Outcome.DIFFERS),
    ({"status": "suspended"}, Outcome.LISTED_SUSPENDED),
    ({"status": "cancelled"}, Outcome.LISTED_SUSPENDED),
    ({"number": "777"}, Outcome.NUMBER_NOT_FOUND),
    ({"licence_type": "water_treatment"}, Outcome.NUMBER_NOT_FOUND),
    (ELSEWHERE, Outcome.ID_NOT_FOUND),
]


def found_by(asker, **filters):
    """The outcomes by which the one difference is found; the counts on top say the same."""
    alone = Filters(kind=Kind.DISCREPANCY, **filters)
    by = [one for one in Outcome if verification.queue(asker, Filters(**vars(alone) | {"outcome": one})).found]
    if not filters:
        assert verification.queue(asker).outcomes == dict.fromkeys(by, 1)
    return by


def aligned(portal, moment=TOMORROW):
    with unattended(portal, moment) as work:
        align(work, "night")


@pytest.mark.parametrize(("changes", "outcome"), OTHERWISE)
def test_a_certificate_of_which_the_listing_says_otherwise_is_found_by_what_it_says(
    portal, officer, changes, outcome
):
    difference = listings.differ(portal, operators.my_profile(active_operator(portal)), **changes)
    assert found_by(officer) == [outcome]
    assert discrepancies.discrepancy(officer, difference).comparison.outcome is outcome


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (changes, said)
        for (changes, _), said in zip(
            OTHERWISE,
            ["Expiry", "Class", "Listed as expired", "Listed as suspended", "Listed as cancelled",
             "Number not found", "Number not found", "Operator ID not found"],
            strict=True,
        )
    ],
)  # fmt: skip
def test_the_row_of_a_certificate_says_what_differs_while_it_is_open(portal, officer, changes, said):
    difference = listings.differ(portal, operators.my_profile(active_operator(portal)), **changes)
    (row,) = verification.queue(officer).rows
    assert row.differs == said
    discrepancies.keep(officer, difference, 1, "The card says so.")
    (row,) = verification.queue(officer, Filters(kind=Kind.DISCREPANCY, stage=Stage.DECIDED)).rows
    assert row.differs == ""


@pytest.mark.parametrize(
    ("row", "bad", "said"),
    [
        (OF_CLASS_IV, None, "Class"),
        (OF_ANOTHER_OWNER, None, "Owner"),
        (OF_CLASS_IV | {"name": "Other works"}, None, "Name and class"),
        (ANOTHER, None, "Number not found"),
        (ANOTHER, BAD, "Row cannot be read"),
    ],
)
def test_the_row_of_a_facility_says_what_differs(portal, officer, row, bad, said):
    active_owner(portal)
    imported(portal, row, bad=bad)
    (found,) = verification.queue(officer).rows
    assert found.differs == said


@pytest.mark.parametrize("row", [ELSEWHERE, {}], ids=["id not found", "differs"])
def test_a_certificate_is_found_by_what_the_listing_says_by_now(portal, officer, row):
    mine = operators.my_profile(active_operator(portal))
    difference = listings.differ(portal, mine, status="suspended")
    listings.stand(portal, listings.row_of(mine, expiry=date(2027, 3, 12), **row), listed_on=NOON.date())
    aligned(portal)
    view = discrepancies.discrepancy(officer, difference)
    assert found_by(officer) == [view.comparison.outcome] != [Outcome.LISTED_SUSPENDED]
    with unattended(portal, TOMORROW + timedelta(days=1)) as work:
        assert align(work, "night") is None


def test_a_row_that_could_not_be_read_is_not_comparable_and_never_not_found(portal, officer):
    mine = operators.my_profile(active_operator(portal))
    difference = listings.differ(portal, mine, **ELSEWHERE)
    left_out(portal, operator_id=mine.claimed_operator_id, number=mine.certificates[0].licence.number)
    aligned(portal)
    assert found_by(officer) == [Outcome.NOT_COMPARABLE]
    assert discrepancies.discrepancy(officer, difference).comparison.outcome is Outcome.NOT_COMPARABLE


@pytest.mark.parametrize(
    ("row", "bad", "outcome"),
    [
        (OF_CLASS_IV, None, Outcome.DIFFERS),
        (OF_ANOTHER_OWNER, None, Outcome.DIFFERS),
        (ANOTHER, None, Outcome.NUMBER_NOT_FOUND),
        (ANOTHER, BAD, Outcome.NOT_COMPARABLE),
    ],
)
def test_a_facility_is_found_by_what_the_list_says_of_it_by_now(portal, officer, row, bad, outcome):
    active_owner(portal)
    imported(portal, row, bad=bad)
    assert found_by(officer) == [outcome]
    assert discrepancies.discrepancy(officer, waits(portal).id).comparison.outcome is outcome
    imported(portal, OF_CLASS_IV)
    assert found_by(officer) == [Outcome.DIFFERS]
    imported(portal, ANOTHER)
    assert found_by(officer) == [Outcome.NUMBER_NOT_FOUND]


def test_what_was_decided_is_found_by_what_the_listing_said_then(portal, officer, colleague):
    mine = operators.my_profile(active_operator(portal))
    difference = listings.differ(portal, mine, status="suspended")
    discrepancies.keep(officer, difference, 1, "The card says 2028.")
    active_owner(portal)
    imported(portal, ANOTHER)
    discrepancies.keep(colleague, waits(portal).id, 1, "Telephoned the ministry.")
    listings.stand(portal, listings.row_of(mine), listed_on=NOON.date())
    aligned(portal)
    imported(portal)
    by_night(portal)
    decided = found_by(officer, stage=Stage.DECIDED)
    assert decided == [Outcome.NUMBER_NOT_FOUND, Outcome.LISTED_SUSPENDED]


def test_differences_are_counted_with_profiles(portal, officer):
    listings.differ(portal, operators.my_profile(active_operator(portal)), **ELSEWHERE)
    submitted_operator(portal, "90055555", "5")
    queue = verification.queue(officer, Filters(outcome=Outcome.ID_NOT_FOUND))
    assert queue.found == queue.outcomes[Outcome.ID_NOT_FOUND] == 2
    assert {row.kind for row in queue.rows} == {Kind.OPERATOR, Kind.DISCREPANCY}


def test_an_application_is_compared_with_no_listing_so_no_outcome_finds_it(portal, officer):
    filed(active_owner(portal))
    queue = verification.queue(officer)
    assert (queue.kinds, queue.outcomes) == ({Kind.APPLICATION: 1}, {})
    for outcome in Outcome:
        assert verification.queue(officer, Filters(outcome=outcome)).found == 0


def test_differences_of_before_are_given_what_the_listing_says_by_the_next_pass(portal, officer):
    listings.differ(portal, operators.my_profile(active_operator(portal)))
    active_owner(portal)
    imported(portal, OF_CLASS_IV)
    with portal.database.transaction(writes=True) as session:
        session.execute(update(Discrepancy).values(outcome=""))
    assert verification.queue(officer).outcomes == {}
    aligned(portal)
    by_night(portal)
    assert verification.queue(officer).outcomes == {Outcome.DIFFERS: 2}
