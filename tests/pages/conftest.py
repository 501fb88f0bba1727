"""Who the tests of the office's pages are about."""

import pytest

from core.roles import Role
from db.gate import Asker, Portal
from tests.db.people import signed_in


@pytest.fixture
def portal(sqlite_portal: Portal) -> Portal:
    return sqlite_portal


@pytest.fixture
def officer(portal: Portal) -> Asker:
    return signed_in(portal, Role.OFFICER, given_name="Olga", family_name="Office")


@pytest.fixture
def colleague(portal: Portal) -> Asker:
    return signed_in(portal, Role.OFFICER, given_name="Bo", family_name="Chan")
