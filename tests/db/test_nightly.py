"""What is done once a night, at 3:00 in Toronto, and made up for when nobody was awake."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.roles import Role
from db import audit, nightly
from db.schema import Account, AuditEntry
from tests.db.people import NOON, make_account

THREE = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)  # 3:00 in Toronto, in winter


def test_the_jobs_run_once_a_night(portal):
    database = portal.database
    assert nightly.run_if_due(database, THREE - timedelta(hours=5)), "the first start makes up for last night"
    assert not nightly.run_if_due(database, THREE - timedelta(minutes=1))
    assert nightly.run_if_due(database, THREE)
    assert not nightly.run_if_due(database, THREE + timedelta(hours=23))
    assert nightly.run_if_due(database, THREE + timedelta(days=3)), "nights that were missed are made up for once"
    assert not nightly.run_if_due(database, THREE + timedelta(days=3, minutes=1))


def test_the_clock_is_the_offices_in_summer_too(portal):
    three = datetime(2026, 7, 1, 7, 0, tzinfo=UTC)
    nightly.run_if_due(portal.database, three - timedelta(minutes=2))
    assert not nightly.run_if_due(portal.database, three - timedelta(minutes=1))
    assert nightly.run_if_due(portal.database, three)


@pytest.mark.parametrize(("days", "erased"), [(29, False), (30, True)])
def test_contact_data_is_erased_30_days_after_an_account_was_closed(portal, days, erased):
    account_id = make_account(portal, Role.OPERATOR, email="robin@example.ca", state="closed")
    with portal.database.transaction(writes=True) as session:
        session.get_one(Account, account_id).closed_at = NOON
    nightly.run_if_due(portal.database, NOON + timedelta(days=days))
    with portal.database.transaction(writes=False) as session:
        account = session.get_one(Account, account_id)
        assert (account.email != "robin@example.ca") == (account.telephone == "") == erased
        assert audit.verify(session).faults == ()
        actions = session.scalars(select(AuditEntry.action)).all()
        assert ("accounts.erased" in actions) == erased


def test_a_job_that_fails_keeps_no_other_from_its_work(portal, monkeypatch):
    done = []

    def fails(session: object, at: datetime) -> None:
        raise RuntimeError

    monkeypatch.setattr(nightly, "JOBS", (fails, lambda _session, at: done.append(at)))
    assert nightly.run_if_due(portal.database, NOON)
    assert done == [NOON]
