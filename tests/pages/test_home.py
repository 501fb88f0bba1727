"""Home: the doors for who is signed out, what waits for who is signed in."""

import pytest

from core.roles import Role
from db.gate import Portal
from tests.db.people import signed_in, visitor
from tests.pages.drawn import drawn, texts


@pytest.fixture
def portal(sqlite_portal: Portal) -> Portal:
    return sqlite_portal


def test_who_is_signed_out_sees_two_doors_and_the_offices_telephone(portal: Portal) -> None:
    with drawn("home", visitor(portal)) as page:
        said = texts(page)
    assert "Register as an operator" in said
    assert "Register as an owner" in said
    assert portal.settings.office_telephone in said


def test_a_manager_is_led_to_the_search_and_a_director_is_not(portal: Portal) -> None:
    with drawn("home", signed_in(portal, Role.MANAGER)) as page:
        assert "Find operators" in texts(page)
    with drawn("home", signed_in(portal, Role.DIRECTOR)) as page:
        assert "No application waits for your decision." in texts(page)
        assert "Find operators" not in texts(page)
