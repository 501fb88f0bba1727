"""One's own account: details, e-mail, password, closing; and what is erased afterwards."""

from datetime import timedelta
from typing import Any

import bcrypt
import pytest
from sqlalchemy import select

from core.problems import Refused
from core.profiles import State
from core.roles import Role
from db.accounts import erasure
from db.accounts.links import DeadLink
from db.gate import Asker, NotSignedIn, Portal, Stale
from db.schema import (
    Account,
    AuditEntry,
    FormDraft,
    LoginSession,
    MailedLink,
    OperatorProfile,
    OutgoingMail,
    Person,
    SignInCode,
    SignInFailure,
    Submission,
)
from db.services import accounts, drafts, own_account, sessions
from tests.db import people
from tests.db.mailbox import key_mailed_to, mails_to
from tests.db.people import NOON, PASSWORD, make_account, signed_in, visitor
from tests.db.profiles import submitted_operator

EMAIL, NEW_EMAIL = "ann@example.ca", "ann.new@example.ca"
NEW_PASSWORD = "a clarifier and two weirs"
DETAILS: dict[str, Any] = {
    "given_name": "Robin",
    "family_name": "Fairwater",
    "telephone": "705-267-1234",
    "municipality": "Timmins",
    "language": "en",
}


@pytest.fixture(autouse=True)
def _quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    salt = bcrypt.gensalt
    monkeypatch.setattr(bcrypt, "gensalt", lambda *_strength: salt(4))


@pytest.fixture
def ann(portal: Portal) -> Asker:
    return signed_in(portal, Role.OPERATOR, email=EMAIL)


def can_sign_in(portal: Portal, password: str = PASSWORD, email: str = EMAIL) -> bool:
    return sessions.sign_in(visitor(portal), email, password, "browser", "").code is not None


def rows(portal: Portal, table: type[Any]) -> list[Any]:
    with portal.database.transaction(writes=False) as session:
        return list(session.scalars(select(table)))


def give_profile(portal: Portal, asker: Asker, state: State) -> None:
    who = accounts.me(asker)
    assert who is not None
    with portal.database.transaction(writes=True) as session:
        profile = OperatorProfile(
            person_id=who.person_id,
            state=state,
            claimed_operator_id="90012345",
            available=True,
            base_place="Timmins",
            changed_at=NOON,
        )
        session.add(profile)


# --- details ----------------------------------------------------------------------------------------------


def test_the_holder_sees_and_changes_the_details(portal: Portal, ann: Asker) -> None:
    mine = own_account.own_account(ann)
    assert (mine.given_name, mine.email, mine.telephone, mine.roles) == (
        "Robin",
        EMAIL,
        "(705) 267-1234",
        (Role.OPERATOR,),
    )
    new = {"given_name": "Zoë `${1}`", "telephone": "+44 20 7946 0958", "language": "fr"}
    own_account.change_details(ann, mine.version, **DETAILS | new)
    changed = own_account.own_account(ann)
    assert (changed.given_name, changed.telephone, changed.language) == ("Zoë `${1}`", "+44 20 7946 0958", "fr")
    (entry,) = rows(portal, AuditEntry)
    assert sorted(entry.details["fields"]) == ["given_name", "language", "telephone"]


def test_a_page_drawn_before_another_change_is_refused(portal: Portal, ann: Asker) -> None:
    seen = own_account.own_account(ann).version
    own_account.change_details(ann, seen, **DETAILS | {"municipality": "Sudbury"})
    with pytest.raises(Stale, match="changed by you, in another window, on"):
        own_account.change_details(ann, seen, **DETAILS | {"municipality": "Barrie"})
    assert own_account.own_account(ann).municipality == "Sudbury"


def test_wrong_details_are_refused_field_by_field(portal: Portal, ann: Asker) -> None:
    with pytest.raises(Refused) as refused:
        own_account.change_details(ann, 1, **dict.fromkeys(DETAILS, ""))
    assert {problem.field for problem in refused.value.problems} == set(DETAILS)


@pytest.mark.parametrize(
    ("change", "state"),
    [({"family_name": "Lee"}, State.PENDING), ({"telephone": "705-267-4321"}, State.ACTIVE), ({}, State.ACTIVE)],
)
def test_a_changed_name_is_verified_anew_and_a_changed_telephone_is_not(
    portal: Portal, ann: Asker, change: dict[str, str], state: State
) -> None:
    give_profile(portal, ann, State.ACTIVE)
    with portal.database.transaction(writes=True) as session:
        session.scalars(select(OperatorProfile)).one().agreed_version = "2026-11"
    own_account.change_details(ann, 1, **DETAILS | change)
    assert [profile.state for profile in rows(portal, OperatorProfile)] == [state]
    assert len(rows(portal, Submission)) == (1 if state is State.PENDING else 0)


# --- password ---------------------------------------------------------------------------------------------


def test_a_password_is_changed_with_the_old_one_only(portal: Portal, ann: Asker) -> None:
    with pytest.raises(Refused, match="not your password"):
        own_account.change_password(ann, "not the old one", NEW_PASSWORD)
    assert can_sign_in(portal, PASSWORD)
    own_account.change_password(ann, PASSWORD, NEW_PASSWORD)
    assert can_sign_in(portal, NEW_PASSWORD)
    assert not can_sign_in(portal, PASSWORD)


def test_changing_the_password_ends_the_other_sessions_and_tells_the_holder(portal: Portal, ann: Asker) -> None:
    elsewhere = people.sign_in(portal, accounts.me(ann).account_id)
    own_account.change_password(ann, PASSWORD, NEW_PASSWORD)
    assert accounts.me(ann)
    assert accounts.me(elsewhere) is None
    assert [mail.template for mail in mails_to(portal, EMAIL)] == ["password_changed"]


def test_a_weak_new_password_is_refused_at_its_field(portal: Portal, ann: Asker) -> None:
    with pytest.raises(Refused) as refused:
        own_account.change_password(ann, PASSWORD, "short")
    assert [problem.field for problem in refused.value.problems] == ["new_password"]


def test_wrong_tries_at_an_unlocked_screen_lock_too(portal: Portal, ann: Asker) -> None:
    for _ in range(5):
        with pytest.raises(Refused):
            own_account.change_password(ann, "a guess of twelve", NEW_PASSWORD)
    with pytest.raises(Refused):
        own_account.change_password(ann, PASSWORD, NEW_PASSWORD)
    assert not can_sign_in(portal, PASSWORD)


def test_a_visitor_has_no_password_to_change(portal: Portal) -> None:
    for act in (own_account.close_account, lambda asker, password: own_account.change_email(asker, password, "x")):
        with pytest.raises(NotSignedIn):
            act(visitor(portal), PASSWORD)


# --- e-mail -----------------------------------------------------------------------------------------------


def test_a_new_email_counts_once_its_link_is_used_and_both_addresses_are_told(portal: Portal, ann: Asker) -> None:
    own_account.change_email(ann, PASSWORD, " Ann.New@example.ca")
    mine = own_account.own_account(ann)
    assert (mine.email, mine.changing_to) == (EMAIL, NEW_EMAIL)
    assert can_sign_in(portal, email=EMAIL)
    accounts.confirm_email(visitor(portal), key_mailed_to(portal, NEW_EMAIL))
    mine = own_account.own_account(ann)
    assert (mine.email, mine.changing_to) == (NEW_EMAIL, "")
    assert can_sign_in(portal, email=NEW_EMAIL)
    assert not can_sign_in(portal, email=EMAIL)
    assert [mail.template for mail in mails_to(portal, EMAIL)] == ["email_change_asked", "email_changed"]
    assert [mail.template for mail in mails_to(portal, NEW_EMAIL)] == ["confirm_email", "email_changed"]


def test_changing_to_a_known_email_answers_the_same_and_tells_its_holder(portal: Portal, ann: Asker) -> None:
    make_account(portal, email=NEW_EMAIL)
    assert own_account.change_email(ann, PASSWORD, NEW_EMAIL) is None
    assert [mail.template for mail in mails_to(portal, NEW_EMAIL)] == ["already_registered"]
    assert key_mailed_to(portal, NEW_EMAIL) == ""


def test_the_page_and_the_answers_are_the_same_whether_the_new_email_is_known(portal: Portal) -> None:
    make_account(portal, email="known@example.ca")
    shown: dict[str, list[str]] = {}
    for email in ("known@example.ca", "unknown@example.ca"):
        asker = signed_in(portal, Role.OPERATOR)
        seen = shown.setdefault(email, [])
        for number in range(7):
            try:
                own_account.change_email(asker, PASSWORD, email)
            except Refused as refused:
                seen.append(str(refused))
            seen.append(own_account.own_account(asker).changing_to.replace(email, "the new one"))
            if number == 4:
                asker = people.at(asker, NOON + timedelta(minutes=31))
        assert "the new one" in seen
        assert "5 times in the last hour" in seen[-2]
    known, unknown = shown.values()
    assert known == unknown


def test_an_email_taken_in_the_meantime_is_refused(portal: Portal, ann: Asker) -> None:
    own_account.change_email(ann, PASSWORD, NEW_EMAIL)
    key = key_mailed_to(portal, NEW_EMAIL)
    make_account(portal, email=NEW_EMAIL)
    with pytest.raises(Refused, match="another account has it"):
        accounts.confirm_email(visitor(portal), key)
    assert own_account.own_account(ann).email == EMAIL


def test_links_to_the_old_address_end_with_it(portal: Portal, ann: Asker) -> None:
    accounts.ask_link(visitor(portal), accounts.Purpose.RESET, EMAIL)
    key = key_mailed_to(portal, EMAIL)
    own_account.change_email(ann, PASSWORD, NEW_EMAIL)
    accounts.confirm_email(visitor(portal), key_mailed_to(portal, NEW_EMAIL))
    with pytest.raises(DeadLink):
        accounts.reset_password(visitor(portal), key, NEW_PASSWORD)


def test_a_changed_password_ends_every_open_link_of_the_account(portal: Portal, ann: Asker) -> None:
    own_account.change_email(ann, PASSWORD, NEW_EMAIL)  # whoever knew the old password may have asked for it
    accounts.ask_link(visitor(portal), accounts.Purpose.RESET, EMAIL)
    reset = key_mailed_to(portal, EMAIL)
    own_account.change_password(ann, PASSWORD, NEW_PASSWORD)
    with pytest.raises(DeadLink):
        accounts.confirm_email(visitor(portal), key_mailed_to(portal, NEW_EMAIL))
    with pytest.raises(DeadLink):
        accounts.reset_password(visitor(portal), reset, PASSWORD)
    mine = own_account.own_account(ann)
    assert (mine.email, mine.changing_to) == (EMAIL, "")


@pytest.mark.parametrize(("email", "sentence"), [(EMAIL, "your e-mail already"), ("ann", "not an e-mail")])
def test_an_email_that_is_none_or_the_same_is_refused(
    portal: Portal, ann: Asker, email: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        own_account.change_email(ann, PASSWORD, email)


# --- closing ----------------------------------------------------------------------------------------------


def test_a_closed_account_is_out_at_once_and_its_profile_is_found_no_more(portal: Portal, ann: Asker) -> None:
    give_profile(portal, ann, State.ACTIVE)
    with pytest.raises(Refused, match="not your password"):
        own_account.close_account(ann, "not the password")
    own_account.close_account(ann, PASSWORD)
    assert accounts.me(ann) is None
    assert not can_sign_in(portal)
    assert [login.ended_at for login in rows(portal, LoginSession)] == [NOON]
    (profile,) = rows(portal, OperatorProfile)
    assert (profile.state, profile.available) == (State.CLOSED, False)


def test_the_last_admin_cannot_close_the_own_account(portal: Portal) -> None:
    admin = signed_in(portal, Role.ADMIN)
    make_account(portal, Role.ADMIN, state="invited")
    with pytest.raises(Refused, match="last active admin"):
        own_account.close_account(admin, PASSWORD)
    make_account(portal, Role.ADMIN)
    own_account.close_account(admin, PASSWORD)


def erase_at(portal: Portal, **after: float) -> int:
    moment = NOON + timedelta(**after)
    with portal.database.transaction(writes=True) as session:
        due = erasure.to_be_erased(session, moment)
        for account_id in due:
            erasure.erase(session, moment, account_id)
    return len(due)


def test_contact_data_is_erased_thirty_days_after_closing_and_the_ids_stay(portal: Portal, ann: Asker) -> None:
    give_profile(portal, ann, State.ACTIVE)
    signed_in(portal, Role.OPERATOR, email="bo@example.ca")
    drafts.save(ann, "", "profile", {"name": "Robin"})
    own_account.change_email(ann, PASSWORD, NEW_EMAIL)
    who = accounts.me(ann)
    own_account.close_account(ann, PASSWORD)
    trail = [(entry.account_id, entry.hash) for entry in rows(portal, AuditEntry)]
    assert erase_at(portal, days=29, hours=23) == 0
    assert erase_at(portal, days=30) == 1
    assert erase_at(portal, days=31) == 0
    with portal.database.transaction(writes=False) as session:
        account = session.get_one(Account, who.account_id)
        person = session.get_one(Person, who.person_id)
    kept = repr(
        [vars(row) for row in (account, person, *rows(portal, OperatorProfile), *rows(portal, MailedLink))]
    )
    assert not [text for text in (EMAIL, NEW_EMAIL, "Robin", "Fairwater", "Timmins", "705267") if text in kept]
    assert rows(portal, OutgoingMail) == []
    assert rows(portal, FormDraft) == []
    *before, erased = rows(portal, AuditEntry)
    assert [(entry.account_id, entry.hash) for entry in before] == trail
    assert (erased.action, erased.subject_id) == ("account.erased", who.account_id)
    assert can_sign_in(portal, email="bo@example.ca")


def test_what_was_submitted_names_an_erased_operator_no_more(portal: Portal) -> None:
    own_account.close_account(submitted_operator(portal, given_name="Robin"), PASSWORD)
    assert "Robin" in str(rows(portal, Submission)[0].claimed)
    erase_at(portal, days=30)
    (submission,) = rows(portal, Submission)
    assert "Robin" not in str(submission.claimed)
    assert submission.claimed["operator_id"] == "90012345"


def test_old_drafts_codes_and_failures_are_forgotten_and_fresh_ones_kept(portal: Portal, ann: Asker) -> None:
    drafts.save(ann, "", "profile", {"name": "Ann"})
    drafts.save(visitor(portal), "browser", "register", {"name": "Bo"})
    can_sign_in(portal)
    can_sign_in(portal, "wrong password")

    def left_after(**span: float) -> tuple[int, int, int]:
        with portal.database.transaction(writes=True) as session:
            erasure.forget_stale(session, NOON + timedelta(**span))
        return len(rows(portal, FormDraft)), len(rows(portal, SignInCode)), len(rows(portal, SignInFailure))

    assert left_after(seconds=20) == (2, 1, 1)
    assert left_after(minutes=20) == (2, 0, 1)
    assert left_after(minutes=61) == (1, 0, 1)
    assert left_after(days=2) == (1, 0, 0)
    assert left_after(days=31) == (0, 0, 0)


def test_sessions_of_long_ago_are_forgotten_but_an_accounts_last(portal: Portal, ann: Asker) -> None:
    account_id = accounts.me(ann).account_id
    people.sign_in(portal, account_id, NOON + timedelta(days=1))
    last = people.sign_in(portal, account_id, NOON + timedelta(days=2))
    with portal.database.transaction(writes=True) as session:
        erasure.forget_stale(session, NOON + timedelta(days=90, hours=1))
    assert sorted(row.started_at for row in rows(portal, LoginSession)) == [NOON + timedelta(days=1), last.at]
    with portal.database.transaction(writes=True) as session:
        erasure.forget_stale(session, NOON + timedelta(days=400))
    assert [row.started_at for row in rows(portal, LoginSession)] == [last.at]
