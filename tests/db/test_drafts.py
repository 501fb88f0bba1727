"""Drafts: what is typed survives, for its holder only."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.problems import Refused
from core.roles import Role
from db.gate import Asker, Portal
from db.keys import AppKey, fingerprint, new_secret
from db.schema import FormDraft, SignInCode
from db.services import drafts, sessions
from tests.db.people import NOON, at, make_account, sign_in, signed_in, visitor


def test_a_draft_is_there_after_a_reload_and_a_later_one_replaces_it(portal: Portal) -> None:
    asker = signed_in(portal, Role.OPERATOR)
    drafts.save(asker, "cookie", "profile", {"name": "O'Brien `${1}`", "days": [1, 2], "agreed": True})
    drafts.save(asker, "cookie", "profile", {"name": "Ann", "classes": None})
    assert drafts.load(asker, "cookie", "profile").values == {"name": "Ann", "classes": None}


def test_a_draft_says_when_it_was_kept_last(portal: Portal) -> None:
    asker = signed_in(portal, Role.OPERATOR)
    assert drafts.load(asker, "", "profile").at is None
    drafts.save(asker, "", "profile", {"name": "Ann"})
    later = at(asker, NOON + timedelta(minutes=5))
    drafts.save(later, "", "profile", {"name": "Anna"})
    assert drafts.load(later, "", "profile") == drafts.Kept({"name": "Anna"}, later.at)


def test_a_discarded_draft_is_gone(portal: Portal) -> None:
    asker = signed_in(portal, Role.OPERATOR)
    drafts.save(asker, "", "profile", {"name": "Ann"})
    drafts.discard(asker, "", "profile")
    assert drafts.load(asker, "", "profile").values == {}


def test_nobody_reads_the_draft_of_another_account_or_browser(portal: Portal) -> None:
    one, other = signed_in(portal, Role.OPERATOR), signed_in(portal, Role.OPERATOR)
    drafts.save(one, "same", "profile", {"name": "Ann"})
    drafts.save(visitor(portal), "mine", "register", {"name": "Bo"})
    assert drafts.load(other, "same", "profile").values == {}
    assert drafts.load(visitor(portal), "same", "profile").values == {}
    assert drafts.load(visitor(portal), "another", "register").values == {}
    assert drafts.load(visitor(portal), "mine", "register").values == {"name": "Bo"}


def test_without_an_account_and_without_cookies_nothing_is_kept(portal: Portal) -> None:
    drafts.save(visitor(portal), "", "register", {"name": "Bo"})
    assert drafts.load(visitor(portal), "", "register").values == {}


def test_the_database_holds_neither_what_was_typed_nor_the_cookie(portal: Portal) -> None:
    drafts.save(visitor(portal), "the cookie", "register", {"name": "Fairwater"})
    with portal.database.transaction(writes=False) as session:
        (row,) = session.scalars(select(FormDraft)).all()
    assert b"Fairwater" not in row.content
    assert "the cookie" not in row.holder


def test_a_draft_has_a_largest_size(portal: Portal) -> None:
    with pytest.raises(Refused, match="too long"):
        drafts.save(signed_in(portal), "", "profile", {"name": "x" * 300_000})


def test_a_draft_of_another_key_is_none(portal: Portal) -> None:
    drafts.save(visitor(portal), "mine", "register", {"name": "Bo"})
    with portal.database.transaction(writes=True) as session:
        session.execute(
            update(FormDraft).values(content=AppKey(b"another key of 32 bytes or more!").encrypt("{}"))
        )
    assert drafts.load(visitor(portal), "mine", "register").values == {}


def test_a_browsers_draft_is_read_for_an_hour_and_an_accounts_for_longer(portal: Portal) -> None:
    asker, nobody = signed_in(portal, Role.OPERATOR), visitor(portal)
    drafts.save(nobody, "mine", "register", {"name": "Bo"})
    drafts.save(asker, "mine", "profile", {"name": "Ann"})
    assert drafts.load(at(nobody, NOON + timedelta(minutes=59)), "mine", "register").values == {"name": "Bo"}
    assert drafts.load(at(nobody, NOON + timedelta(minutes=61)), "mine", "register").values == {}
    assert drafts.load(at(asker, NOON + timedelta(hours=11)), "mine", "profile").values == {"name": "Ann"}


def signed_in_again(portal: Portal, account_id: int, browser: str) -> Asker:
    """The account signs in once more at a browser."""
    code = new_secret()
    with portal.database.transaction(writes=True) as session:
        session.add(
            SignInCode(
                code_hash=fingerprint(code), account_id=account_id, browser_hash=portal.key.keyed_hash(browser),
                user_agent="Test", expires_at=NOON + timedelta(seconds=30),
            )
        )  # fmt: skip
    return Asker(portal, sessions.exchange_code(visitor(portal), code, browser), NOON)


def typed_on(portal: Portal) -> int:
    """The account whose session ended while it typed at the browser “mine”."""
    account_id = make_account(portal, Role.OPERATOR)
    asker = sign_in(portal, account_id)
    drafts.save(asker, "mine", "profile", {"name": "Ann"}, asker.token)
    sessions.sign_out(asker)
    drafts.save(asker, "mine", "profile", {"name": "Ann", "town": "Timmins"}, asker.token)
    return account_id


def test_what_was_typed_on_as_the_session_had_ended_is_there_after_signing_in_again(portal: Portal) -> None:
    again = signed_in_again(portal, typed_on(portal), "mine")
    assert drafts.load(again, "mine", "profile").values == {"name": "Ann", "town": "Timmins"}


def test_it_is_nobody_elses_and_no_other_browsers(portal: Portal) -> None:
    account_id = typed_on(portal)
    other = signed_in_again(portal, make_account(portal, Role.OPERATOR), "mine")
    assert drafts.load(other, "mine", "profile").values == {}
    elsewhere = signed_in_again(portal, account_id, "another")
    assert drafts.load(elsewhere, "another", "profile").values == {"name": "Ann"}
    assert drafts.load(signed_in_again(portal, account_id, "mine"), "mine", "profile").values == {
        "name": "Ann",
        "town": "Timmins",
    }


def test_what_was_discarded_after_the_session_had_ended_does_not_come_back(portal: Portal) -> None:
    account_id = make_account(portal, Role.OPERATOR)
    asker = sign_in(portal, account_id)
    sessions.sign_out(asker)
    drafts.save(asker, "mine", "profile", {"name": "Ann"}, asker.token)
    drafts.discard(asker, "mine", "profile", asker.token)
    assert drafts.load(signed_in_again(portal, account_id, "mine"), "mine", "profile").values == {}


def test_the_newer_of_two_drafts_wins(portal: Portal) -> None:
    account_id = typed_on(portal)
    later = at(sign_in(portal, account_id), NOON + timedelta(minutes=1))
    drafts.save(later, "another", "profile", {"name": "Anna"}, later.token)
    again = signed_in_again(portal, account_id, "mine")
    assert drafts.load(again, "mine", "profile").values == {"name": "Anna"}
    drafts.discard(again, "mine", "profile", again.token)
    assert drafts.load(signed_in_again(portal, account_id, "mine"), "mine", "profile").values == {}
