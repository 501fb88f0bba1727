"""A start opens the portal, or says in a sentence what stands in the way; the first admin is invited once."""

import re
from datetime import timedelta
from itertools import product

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from core.roles import Role
from db import start
from db.accounts.links import Purpose
from db.engine import CannotStart
from db.schema import Account, MailedLink
from db.services import accounts
from tests.db.people import make_account, visitor
from tests.portals import settings_for

DETAILS = {
    "given_name": "Ada",
    "family_name": "Minister",
    "telephone": "705-267-1234",
    "municipality": "Toronto",
    "language": "en",
    "password": "twelve buckets of clean water",
}


def opened(url: str, **changes: object):
    portal = start.open_portal(settings_for(url, **changes))
    portal.database.close()
    return portal


def printed_key(capsys) -> str:
    """The secret of the link that the start printed; "" where it printed none."""
    found = re.search(r"^http://localhost:8501/invitation\?key=(\S+)$", capsys.readouterr().out, re.MULTILINE)
    return found[1] if found else ""


def test_the_first_admins_link_is_printed_once_and_makes_an_admin(empty_url, capsys):
    portal = opened(empty_url)
    key = printed_key(capsys)
    assert key
    opened(empty_url)
    assert printed_key(capsys) == ""
    asker = visitor(portal, start.now())
    assert accounts.look_at_link(asker, Purpose.INVITATION, key).invited_as == (Role.ADMIN.label,)
    accounts.accept_invitation(asker, key, email="ada@example.ca", **DETAILS)
    opened(empty_url)
    assert printed_key(capsys) == ""
    with portal.database.transaction(writes=False) as session:
        (admin,) = session.scalars(select(Account))
        assert (admin.email, admin.state, admin.person.name) == ("ada@example.ca", "active", "Ada Minister")
    portal.database.close()


def test_an_invitation_of_the_first_admin_that_expired_is_printed_anew(empty_url, capsys, monkeypatch):
    portal = opened(empty_url)
    first = printed_key(capsys)
    later = start.now() + Purpose.INVITATION.lasts + timedelta(seconds=1)
    monkeypatch.setattr(start, "now", lambda: later)
    opened(empty_url)
    second = printed_key(capsys)
    assert second not in ("", first)
    with portal.database.transaction(writes=False) as session:
        assert len(session.scalars(select(Account)).all()) == 1
        assert len(session.scalars(select(MailedLink)).all()) == 2
    portal.database.close()


def test_the_first_admins_e_mail_can_be_set(empty_url, capsys):
    portal = opened(empty_url, first_admin_email="Ada@Example.ca")
    asker = visitor(portal, start.now())
    assert accounts.look_at_link(asker, Purpose.INVITATION, printed_key(capsys)).email == "ada@example.ca"
    portal.database.close()


def test_a_portal_whose_last_admin_closed_the_account_invites_another(empty_url, capsys):
    portal = opened(empty_url)
    accounts.accept_invitation(
        visitor(portal, start.now()), printed_key(capsys), email="ada@example.ca", **DETAILS
    )
    with portal.database.transaction(writes=True) as session:
        session.scalars(select(Account)).one().state = "closed"
    opened(empty_url, first_admin_email="ada@example.ca")
    assert printed_key(capsys)
    portal.database.close()


@pytest.mark.parametrize("demo", [True, False])
def test_a_demo_and_a_real_database_never_mix(empty_url, demo, capsys):
    opened(empty_url, demo=demo)
    assert bool(printed_key(capsys)) is not demo, "a demo invites nobody"
    opened(empty_url, demo=demo)
    found = "demo" if demo else "real"
    with pytest.raises(CannotStart, match=f"The database is a {found} one, but the setting DEMO is {not demo}"):
        opened(empty_url, demo=not demo)


def test_a_real_database_with_people_and_without_a_mark_is_no_demo(portal):
    make_account(portal, Role.OPERATOR)
    with pytest.raises(CannotStart, match="real"):
        opened(portal.settings.database_url, demo=True)


def test_a_database_that_is_not_there_is_named_without_its_password():
    url = "postgresql+psycopg://portal:dont-tell@127.0.0.1:1/portal"
    with pytest.raises(CannotStart, match="cannot be opened") as stopped:
        opened(url)
    assert "dont-tell" not in str(stopped.value)
    with pytest.raises(CannotStart, match="cannot be opened"):
        opened("sqlite:////proc/nowhere/portal.db")


def test_a_key_is_made_once_beside_a_database_file_and_read_by_its_owner_only(tmp_path):
    url = f"sqlite:///{tmp_path}/var/portal.db"
    keys = {opened(url, app_key=SecretStr("")).key.raw for _ in range(2)}
    assert len(keys) == 1
    assert (tmp_path / "var" / "app.key").stat().st_mode & 0o077 == 0


def test_the_key_can_be_set(tmp_path):
    for text, number in product(["k" * 32], range(2)):
        assert opened(f"sqlite:///{tmp_path}/{number}.db", app_key=SecretStr(text)).key.raw == text.encode()
    assert not (tmp_path / "app.key").exists()
