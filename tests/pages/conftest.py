"""Who the tests of the office's pages are about."""

import pytest
import streamlit as st

from core.roles import Role
from db.gate import Asker, Portal
from tests.db.people import signed_in


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Pages keep some lists for a session; a world that is put back has the sessions of the test before."""
    st.cache_data.clear()


@pytest.fixture
def portal(sqlite_portal: Portal) -> Portal:
    return sqlite_portal


@pytest.fixture
def officer(portal: Portal) -> Asker:
    return signed_in(portal, Role.OFFICER, given_name="Olga", family_name="Office")


@pytest.fixture
def colleague(portal: Portal) -> Asker:
    return signed_in(portal, Role.OFFICER, given_name="Bo", family_name="Chan")
