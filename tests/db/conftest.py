"""Who works in the office, and what the listing does not have: fixtures of the tests of the queue."""

import pytest

from core.roles import Role
from tests.db import standing_listings as listings
from tests.db.people import signed_in
from tests.db.profiles import submitted_operator


@pytest.fixture
def officer(portal):
    return signed_in(portal, Role.OFFICER, given_name="Olga", family_name="Office")


@pytest.fixture
def colleague(portal):
    return signed_in(portal, Role.OFFICER, given_name="Bo", family_name="Chan")


@pytest.fixture
def not_found(portal):
    listings.stand(portal, listings.ROW | {"operator_id": "90099999"})
    return submitted_operator(portal)
