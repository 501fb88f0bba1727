"""Home: the doors for who is signed out, what waits for who is signed in."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core.alignment import Basis
from core.roles import Role
from db.gate import Portal
from db.schema import CertificateClaim
from tests.db import listed, uploaded
from tests.db.people import NOON, signed_in, visitor
from tests.db.profiles import available_operator
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


def test_an_officer_is_led_to_the_import_that_waits_and_to_the_result_to_release(portal: Portal) -> None:
    available_operator(portal)
    with portal.database.transaction(writes=True) as session:
        session.execute(update(CertificateClaim).values(basis=Basis.LISTING))
    first = signed_in(portal, Role.OFFICER)
    uploaded.imported(first, uploaded.licences(1))
    uploaded.imported(first, uploaded.licences(2))
    listed.imported(portal, listed_on=NOON.date() + timedelta(days=1), at=NOON)
    with drawn("home", signed_in(portal, Role.OFFICER)) as page:
        assert not page.exception
        said = texts(page)
    assert "Open the results" in said
    assert "Open the listings" in said
