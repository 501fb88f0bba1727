"""Sign-in and sessions."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from streamlit_authenticator import Hasher

from core.problems import Refused
from core.roles import Role
from core.single_sign_on import Failure
from db.accounts import passwords
from db.gate import Asker, NotSignedIn, Portal
from db.schema import AuditEntry, LoginSession, SignInFailure
from db.services import accounts, drafts, sessions
from tests.db import people
from tests.db.people import NOON, PASSWORD, make_account, signed_in, visitor

EMAIL = "ann@example.ca"
BROWSER = "xsrf cookie"


def try_to_sign_in(
    portal: Portal, password: str = PASSWORD, email: str = EMAIL, minutes: float = 0, browser: str = BROWSER
) -> sessions.SignIn:
    asker = visitor(portal, NOON + timedelta(minutes=minutes))
    return sessions.sign_in(asker, email, password, browser, "Firefox")


def count(portal: Portal, table: type) -> int:
    with portal.database.transaction(writes=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_right_password_gives_a_code_and_the_code_a_session(portal: Portal) -> None:
    make_account(portal, Role.OPERATOR, email=EMAIL)
    code = try_to_sign_in(portal).code
    assert code
    token = sessions.exchange_code(visitor(portal), code, BROWSER)
    who = accounts.me(Asker(portal, token, NOON))
    assert who is not None
    assert (who.email, who.name, who.roles) == (EMAIL, "Robin Fairwater", {Role.OPERATOR})


def test_an_email_is_the_same_in_any_case_and_with_blanks_around(portal: Portal) -> None:
    make_account(portal, email=EMAIL)
    assert try_to_sign_in(portal, email="  Ann@Example.CA ").code


def test_a_code_works_once(portal: Portal) -> None:
    make_account(portal, email=EMAIL)
    code = try_to_sign_in(portal).code or ""
    assert sessions.exchange_code(visitor(portal), code, BROWSER)
    assert sessions.exchange_code(visitor(portal), code, BROWSER) is None


def test_a_code_lasts_thirty_seconds(portal: Portal) -> None:
    make_account(portal, email=EMAIL)
    late, in_time = try_to_sign_in(portal).code or "", try_to_sign_in(portal).code or ""
    assert sessions.exchange_code(visitor(portal, NOON + timedelta(seconds=29)), in_time, BROWSER)
    assert sessions.exchange_code(visitor(portal, NOON + timedelta(seconds=30)), late, BROWSER) is None


@pytest.mark.parametrize("thief", ["another browser", ""])
def test_a_code_of_another_browser_is_refused_and_spent(portal: Portal, thief: str) -> None:
    make_account(portal, email=EMAIL)
    code = try_to_sign_in(portal).code or ""
    assert sessions.exchange_code(visitor(portal), code, thief) is None
    assert sessions.exchange_code(visitor(portal), code, BROWSER) is None


def test_a_code_is_no_use_once_the_account_is_disabled(portal: Portal) -> None:
    account_id = make_account(portal, email=EMAIL)
    code = try_to_sign_in(portal).code or ""
    set_state(portal, account_id, "disabled")
    assert sessions.exchange_code(visitor(portal), code, BROWSER) is None


def set_state(portal: Portal, account_id: int, state: str) -> None:
    with portal.database.transaction(writes=True) as session:
        session.get_one(people.Account, account_id).state = state


def test_signing_in_anew_ends_the_session_that_the_browser_had(portal: Portal) -> None:
    make_account(portal, email=EMAIL)
    before = signed_in(portal, Role.OWNER)
    assert sessions.exchange_code(before, try_to_sign_in(portal).code or "", BROWSER)
    assert accounts.me(before) is None


def test_every_refusal_has_the_same_words(portal: Portal) -> None:
    make_account(portal, email=EMAIL)
    make_account(portal, email="new@example.ca", confirmed=False)
    for state in ("invited", "disabled", "closed"):
        make_account(portal, email=f"{state}@example.ca", state=state)
    refusals = {
        str(try_to_sign_in(portal, "wrong password").refusal),
        str(try_to_sign_in(portal, email="unknown@example.ca").refusal),
        str(try_to_sign_in(portal, email="no e-mail at all").refusal),
        str(try_to_sign_in(portal, "x" * 5000).refusal),
        str(try_to_sign_in(portal, "").refusal),
        str(try_to_sign_in(portal, email="new@example.ca").refusal),
        *(str(try_to_sign_in(portal, email=f"{s}@example.ca").refusal) for s in ("invited", "disabled", "closed")),
    }
    for _ in range(5):
        refusals.add(str(try_to_sign_in(portal, "wrong password").refusal))
    locked = try_to_sign_in(portal)
    refusals.add(str(locked.refusal))
    assert locked.code is None
    assert len(refusals) == 1
    assert "could not sign you in" in refusals.pop()


def test_a_browser_without_cookies_is_told_so(portal: Portal) -> None:
    make_account(portal, email=EMAIL)
    refused = try_to_sign_in(portal, browser="")
    assert refused.code is None
    assert "cookies" in str(refused.refusal)


def test_an_unknown_email_costs_the_same_work(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    make_account(portal, email=EMAIL)
    passwords._dummy.cache_clear()  # other tests make theirs weak, to be fast
    checked: list[str] = []
    monkeypatch.setattr(Hasher, "check_pw", lambda _given, kept: bool(checked.append(kept)))
    for email, password in ((EMAIL, "wrong"), ("unknown@example.ca", "wrong"), (EMAIL, "x" * 100)):
        try_to_sign_in(portal, password, email)
    assert len(checked) == 3
    assert checked[1].startswith("$2b$12$")  # a hash as strong as a real one


def test_the_fifth_failure_locks_for_fifteen_minutes_and_then_no_longer(portal: Portal) -> None:
    make_account(portal, email=EMAIL)
    for minute in range(5):
        assert try_to_sign_in(portal, "wrong password", minutes=minute).code is None
    assert try_to_sign_in(portal, minutes=4).code is None
    assert try_to_sign_in(portal, minutes=18.9).code is None
    assert try_to_sign_in(portal, minutes=19).code


def test_tries_while_locked_do_not_lengthen_the_lock(portal: Portal) -> None:
    make_account(portal, email=EMAIL)
    for _ in range(5):
        try_to_sign_in(portal, "wrong password")
    for minute in range(1, 15):
        try_to_sign_in(portal, "wrong password", minutes=minute)
    assert try_to_sign_in(portal, minutes=15).code


def test_failures_further_apart_than_fifteen_minutes_do_not_lock(portal: Portal) -> None:
    make_account(portal, email=EMAIL)
    for minute in (0, 4, 8, 12, 16):
        try_to_sign_in(portal, "wrong password", minutes=minute)
    assert try_to_sign_in(portal, minutes=16).code


def test_a_sign_in_forgets_the_failures_before_it(portal: Portal) -> None:
    make_account(portal, email=EMAIL)
    for _ in range(2):
        for _ in range(4):
            try_to_sign_in(portal, "wrong password")
        assert try_to_sign_in(portal).code


def test_failures_are_counted_by_email_not_by_anything_else(portal: Portal) -> None:
    make_account(portal, email=EMAIL)
    make_account(portal, email="bo@example.ca")
    for _ in range(5):
        try_to_sign_in(portal, "wrong password")
    assert try_to_sign_in(portal, email="bo@example.ca").code


def test_many_tries_at_once_get_no_more_than_five_answers(portal: Portal) -> None:
    """Twelve wrong ones, all checked before any is answered; then not even the right one gets in."""
    make_account(portal, email=EMAIL)
    all_checked = threading.Barrier(12)
    codes: list[str | None] = []

    def slow(check: Callable[[str, str | None], bool]) -> Callable[[str, str | None], bool]:
        def wait_for_the_others(password: str, kept: str | None) -> bool:
            right = check(password, kept)
            all_checked.wait(timeout=30)
            return right

        return wait_for_the_others

    def attempt(password: str) -> None:
        codes.append(try_to_sign_in(portal, password).code)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "is_right", slow(passwords.is_right))
        tries = [threading.Thread(target=attempt, args=("wrong password",)) for _ in range(12)]
        for one in tries:
            one.start()
        for one in tries:
            one.join()
    assert codes == [None] * 12
    assert count(portal, SignInFailure) == 5
    assert try_to_sign_in(portal).code is None


def test_neither_the_password_nor_the_email_nor_a_secret_is_kept_or_audited(portal: Portal) -> None:
    make_account(portal, email=EMAIL)
    try_to_sign_in(portal, "wrong password")
    code = try_to_sign_in(portal).code or ""
    token = sessions.exchange_code(visitor(portal), code, BROWSER) or ""
    with portal.database.transaction(writes=False) as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        login = session.scalars(select(LoginSession)).one()
    assert [entry.action for entry in entries] == ["sign_in.refused", "sign_in.accepted", "session.started"]
    kept = repr([(entry.action, entry.details) for entry in entries]) + login.token_hash
    assert not [secret for secret in (EMAIL, PASSWORD, code, token) if secret in kept]


def test_a_session_ends_after_thirty_idle_minutes_for_staff_and_twelve_hours_for_others(portal: Portal) -> None:
    for asker, minutes in (
        (signed_in(portal, Role.OFFICER), 30),
        (signed_in(portal, Role.OWNER, Role.ADMIN), 30),
        (signed_in(portal, Role.OPERATOR), 12 * 60),
    ):
        almost = NOON + timedelta(minutes=minutes, seconds=-1)
        assert accounts.me(people.at(asker, almost))
        assert accounts.me(people.at(asker, NOON + timedelta(minutes=minutes))) is None


def test_use_keeps_a_session_and_is_written_at_most_once_a_minute(portal: Portal) -> None:
    asker = signed_in(portal, Role.OFFICER)

    def seen() -> float:
        with portal.database.transaction(writes=False) as session:
            return (session.scalars(select(LoginSession.seen_at)).one() - NOON).total_seconds()

    for second, expected in ((30, 0), (60, 60), (90, 60), (1800, 1800), (3000, 3000)):
        sessions.touch(people.at(asker, NOON + timedelta(seconds=second)))
        assert seen() == expected
    sessions.touch(people.at(asker, NOON + timedelta(seconds=3000 + 1800)))
    assert seen() == 3000  # it had ended


def test_a_visitor_touches_nothing(portal: Portal) -> None:
    sessions.touch(visitor(portal))


def test_signing_out_ends_the_session_for_good(portal: Portal) -> None:
    asker = signed_in(portal, Role.OPERATOR)
    sessions.sign_out(asker)
    assert accounts.me(asker) is None
    sessions.sign_out(asker)


def test_the_holder_sees_and_ends_each_session(portal: Portal) -> None:
    here = signed_in(portal, Role.OPERATOR)
    account_id = accounts.me(here).account_id
    there = people.sign_in(portal, account_id, NOON + timedelta(minutes=1))
    elsewhere = people.sign_in(portal, account_id, NOON + timedelta(minutes=2))
    mine = sessions.my_sessions(here)
    assert [(session.is_this, session.browser) for session in mine] == [
        (True, "Test"),
        (False, "Test"),
        (False, "Test"),
    ]
    sessions.end_session(here, mine[1].id)
    assert accounts.me(elsewhere) is None
    assert sessions.end_other_sessions(here) == 1
    assert accounts.me(there) is None
    assert accounts.me(here)


def test_nobody_ends_the_session_of_somebody_else(portal: Portal) -> None:
    mine, theirs = signed_in(portal, Role.ADMIN), signed_in(portal, Role.OPERATOR)
    (their_session,) = sessions.my_sessions(theirs)
    with pytest.raises(Refused, match="not one of your sessions"):
        sessions.end_session(mine, their_session.id)
    assert accounts.me(theirs)
    with pytest.raises(NotSignedIn):
        sessions.my_sessions(visitor(portal))


def test_sessions_that_idled_out_are_not_listed(portal: Portal) -> None:
    here = signed_in(portal, Role.OPERATOR)
    account_id = accounts.me(here).account_id
    people.sign_in(portal, account_id, NOON - timedelta(hours=12))
    recent = people.sign_in(portal, account_id, NOON - timedelta(hours=11))
    assert [session.seen_at for session in sessions.my_sessions(here)] == [NOON, recent.at]


def test_signing_in_discards_what_was_typed_in_this_browser_before(portal: Portal) -> None:
    make_account(portal, email=EMAIL)
    drafts.save(visitor(portal), BROWSER, "register", {"name": "Ann"})
    drafts.save(visitor(portal), "another browser", "register", {"name": "Bo"})
    code = try_to_sign_in(portal).code or ""
    assert drafts.load(visitor(portal), BROWSER, "register").values
    sessions.exchange_code(visitor(portal), code, BROWSER)
    assert drafts.load(visitor(portal), BROWSER, "register").values == {}
    assert drafts.load(visitor(portal), "another browser", "register").values == {"name": "Bo"}


def test_what_a_provider_vouches_for_gives_a_code_like_that_of_a_password(portal: Portal) -> None:
    make_account(portal, Role.OFFICER, email=EMAIL)
    for _ in range(5):
        try_to_sign_in(portal, "wrong password")  # guessing at the password locks the password only
    code = sessions.sign_in_vouched(visitor(portal), " ANN@example.ca", True, BROWSER, "Firefox")
    assert isinstance(code, str)
    assert sessions.exchange_code(visitor(portal), code, "another browser") is None
    code = sessions.sign_in_vouched(visitor(portal), EMAIL, True, BROWSER, "Firefox")
    assert isinstance(code, str)
    here = Asker(portal, sessions.exchange_code(visitor(portal), code, BROWSER), NOON)
    assert accounts.me(people.at(here, NOON + timedelta(minutes=29)))
    assert accounts.me(people.at(here, NOON + timedelta(minutes=30))) is None


def test_what_a_provider_does_not_vouch_for_gives_none(portal: Portal) -> None:
    make_account(portal, email=EMAIL)
    answers = [
        sessions.sign_in_vouched(visitor(portal), email, verified, BROWSER, "Firefox")
        for email, verified in ((EMAIL, False), ("", False), ("", True), ("bo@example.ca", True))
    ]
    assert answers == [Failure.UNVERIFIED, Failure.UNVERIFIED, Failure.NO_ACCOUNT, Failure.NO_ACCOUNT]
