"""How accounts begin: registering, confirming, resetting, being invited."""

import threading
from datetime import timedelta
from typing import Any

import bcrypt
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, TimeoutError

from core.problems import Refused
from core.roles import Role
from db import nightly
from db.accounts import links, passwords
from db.accounts.links import DeadLink, Purpose
from db.gate import Asker, Portal, Unavailable
from db.schema import Account, AccountRole, AuditEntry, MailedLink, OutgoingMail
from db.services import accounts, administration, own_account, sessions
from tests.db import people
from tests.db.mailbox import key_mailed_to, mails_to
from tests.db.people import NOON, PASSWORD, make_account, signed_in, visitor
from tests.db.statements import counted
from tests.portals import settings_for

EMAIL = "ann.lee@example.ca"
NEW_PASSWORD = "a clarifier and two weirs"
ANN: dict[str, Any] = {
    "role": Role.OPERATOR,
    "given_name": "Ann",
    "family_name": "O'Lee",
    "email": EMAIL,
    "telephone": "705 267 1234",
    "municipality": "Timmins",
    "language": "fr",
    "password": PASSWORD,
}
HOLDER: dict[str, Any] = {
    "given_name": "Ada",
    "family_name": "Roy",
    "telephone": "705-267-1234",
    "municipality": "Sudbury",
    "language": "en",
    "password": NEW_PASSWORD,
}


@pytest.fixture(autouse=True)
def _quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    salt = bcrypt.gensalt
    monkeypatch.setattr(bcrypt, "gensalt", lambda *_strength: salt(4))


@pytest.fixture
def registered(portal: Portal) -> str:
    """Ann has registered; the secret of the link she was mailed."""
    accounts.register(visitor(portal), **ANN)
    return key_mailed_to(portal, EMAIL)


def account_of(portal: Portal, email: str = EMAIL) -> Account | None:
    with portal.database.transaction(writes=False) as session:
        return session.scalar(select(Account).where(Account.email == email))


def can_sign_in(portal: Portal, password: str = PASSWORD, email: str = EMAIL) -> bool:
    return sessions.sign_in(visitor(portal), email, password, "browser", "Firefox").code is not None


def later(portal: Portal, **span: float) -> Asker:
    return visitor(portal, NOON + timedelta(**span))


# --- registering ------------------------------------------------------------------------------------------


def test_who_registers_and_confirms_can_sign_in(portal: Portal, registered: str) -> None:
    assert not can_sign_in(portal)
    accounts.confirm_email(visitor(portal), registered)
    assert can_sign_in(portal)
    account = account_of(portal)
    assert account is not None
    assert (account.person.given_name, account.person.family_name) == ("Ann", "O'Lee")
    assert (account.telephone, account.municipality, account.language) == ("+17052671234", "Timmins", "fr")
    assert [row.role for row in account.roles] == [Role.OPERATOR]
    assert account.email_confirmed_at == NOON


def test_the_email_is_kept_normalized_and_is_one_in_any_case(portal: Portal, registered: str) -> None:
    accounts.confirm_email(visitor(portal), registered)
    accounts.register(visitor(portal), **ANN | {"email": " Ann.LEE@Example.CA "})
    assert [mail.template for mail in mails_to(portal, EMAIL)] == ["confirm_email", "already_registered"]


def test_every_wrong_field_is_named_at_once_and_nothing_is_kept(portal: Portal) -> None:
    wrong = {"role": "officer", "given_name": "", "family_name": "x" * 10_000, "email": "ann", "telephone": "12",
             "municipality": "\u202e", "language": None, "password": "short"}  # fmt: skip
    with pytest.raises(Refused) as refused:
        accounts.register(visitor(portal), **wrong)
    assert sorted(problem.field for problem in refused.value.problems) == sorted(wrong)
    assert account_of(portal, "ann") is None


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OPERATOR, Role.OWNER}))
def test_nobody_makes_a_staff_account_for_themselves(portal: Portal, role: Role) -> None:
    with pytest.raises(Refused, match="an operator or an owner"):
        accounts.register(visitor(portal), **ANN | {"role": role})


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("eleven char", "has 11 characters. Use at least 12"),
        ("é" * 37, "takes 74 bytes, and at most 72"),
        ("x" * 10_000, "takes 10\u202f000 bytes"),
    ],
)
def test_a_password_has_twelve_characters_and_at_most_72_bytes(
    portal: Portal, password: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        accounts.register(visitor(portal), **ANN | {"password": password})


@pytest.mark.parametrize("password", ["x" * 12, "é" * 36, "pass\x00word with a nought"])
def test_the_shortest_and_the_longest_password_work(portal: Portal, password: str) -> None:
    accounts.register(visitor(portal), **ANN | {"password": password})
    accounts.confirm_email(visitor(portal), key_mailed_to(portal, EMAIL))
    assert can_sign_in(portal, password)
    assert not can_sign_in(portal, password[:-1])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("(705) 267-1234", "+17052671234"),
        ("+44 20 7946 0958", "+442079460958"),
        ("1.705.267.1234", "+17052671234"),
    ],
)
def test_a_telephone_number_is_kept_in_one_form(portal: Portal, typed: str, kept: str) -> None:
    accounts.register(visitor(portal), **ANN | {"telephone": typed})
    account = account_of(portal)
    assert account is not None
    assert account.telephone == kept


def test_a_known_email_is_answered_the_same_after_the_same_work_and_its_holder_is_told(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_account(portal, email=EMAIL)
    hashed: list[str] = []
    real = passwords.hashed
    monkeypatch.setattr(passwords, "hashed", lambda password: hashed.append(password) or real(password))
    known = accounts.register(visitor(portal), **ANN | {"password": NEW_PASSWORD})
    unknown = accounts.register(visitor(portal), **ANN | {"email": "bo@example.ca"})
    assert known == unknown
    assert len(hashed) == 2
    assert [mail.template for mail in mails_to(portal, EMAIL)] == ["already_registered"]
    assert can_sign_in(portal, PASSWORD)
    assert not can_sign_in(portal, NEW_PASSWORD)


def test_two_who_register_one_email_at_once_make_one_account(portal: Portal) -> None:
    start = threading.Barrier(4)
    failures: list[BaseException] = []

    def attempt() -> None:
        start.wait()
        try:
            accounts.register(visitor(portal), **ANN)
        except BaseException as error:
            failures.append(error)

    tries = [threading.Thread(target=attempt) for _ in range(4)]
    for one in tries:
        one.start()
    for one in tries:
        one.join()
    assert failures == []
    assert account_of(portal)


def test_who_registers_again_before_confirming_is_mailed_the_link_again(portal: Portal, registered: str) -> None:
    accounts.register(later(portal, hours=1), **ANN)
    *_, again = mails_to(portal, EMAIL)
    assert again.template == "confirm_email"
    accounts.confirm_email(later(portal, hours=1), again.key)
    assert can_sign_in(portal)
    for _ in range(8):
        accounts.register(later(portal, hours=2), **ANN)
    assert [mail.template for mail in mails_to(portal, EMAIL)].count("already_registered") == 5


def test_nobody_fills_a_mailbox_by_registering_its_address(portal: Portal) -> None:
    make_account(portal, email=EMAIL)
    for _ in range(8):
        accounts.register(visitor(portal), **ANN)
    assert len(mails_to(portal, EMAIL)) == 5
    accounts.register(later(portal, minutes=61), **ANN)
    assert len(mails_to(portal, EMAIL)) == 6


# --- links ------------------------------------------------------------------------------------------------


def test_looking_at_a_link_changes_nothing(portal: Portal, registered: str) -> None:
    for _ in range(3):
        assert accounts.look_at_link(visitor(portal), Purpose.CONFIRM, registered).email == EMAIL
    assert account_of(portal).email_confirmed_at is None
    accounts.confirm_email(visitor(portal), registered)


def test_a_link_works_once(portal: Portal, registered: str) -> None:
    accounts.confirm_email(visitor(portal), registered)
    with pytest.raises(DeadLink, match="Ask for a new one"):
        accounts.confirm_email(visitor(portal), registered)


def test_a_link_lasts_thirty_minutes(portal: Portal, registered: str) -> None:
    with pytest.raises(DeadLink):
        accounts.confirm_email(later(portal, minutes=30), registered)
    accounts.confirm_email(later(portal, minutes=29, seconds=59), registered)


@pytest.mark.parametrize("key", ["", "x", "nobody-was-sent-this"])
def test_a_link_that_never_was_does_not_work(portal: Portal, key: str) -> None:
    for act in (accounts.confirm_email, lambda asker, key: accounts.reset_password(asker, key, NEW_PASSWORD)):
        with pytest.raises(DeadLink):
            act(visitor(portal), key)


def test_a_link_is_for_its_own_purpose_only(portal: Portal, registered: str) -> None:
    with pytest.raises(DeadLink):
        accounts.reset_password(visitor(portal), registered, NEW_PASSWORD)
    with pytest.raises(DeadLink):
        accounts.accept_invitation(visitor(portal), registered, **HOLDER)


def test_a_link_can_be_asked_for_again_and_using_one_ends_the_other(portal: Portal, registered: str) -> None:
    accounts.ask_link(later(portal, hours=1), Purpose.CONFIRM, EMAIL)
    accounts.ask_link(later(portal, hours=1), Purpose.CONFIRM, EMAIL)
    _, second, third = (mail.key for mail in mails_to(portal, EMAIL))
    accounts.confirm_email(later(portal, hours=1), second)
    with pytest.raises(DeadLink):
        accounts.confirm_email(later(portal, hours=1), third)


def test_a_secret_is_kept_as_a_hash_only_and_encrypted_in_the_outbox(portal: Portal, registered: str) -> None:
    with portal.database.transaction(writes=False) as session:
        link = session.scalars(select(MailedLink)).one()
        mail = session.scalars(select(OutgoingMail)).one()
        entries = session.scalars(select(AuditEntry)).all()
    assert registered not in repr((link.secret_hash, mail.secret, mail.values, [e.details for e in entries]))
    assert EMAIL not in repr([entry.details for entry in entries])


@pytest.mark.parametrize("purpose", list(Purpose))
def test_asking_for_a_link_answers_the_same_whatever_the_email_is(portal: Portal, purpose: Purpose) -> None:
    for state in ("active", "invited", "disabled", "closed"):
        make_account(portal, email=f"{state}@example.ca", state=state)
    emails = [f"{state}@example.ca" for state in ("active", "invited", "disabled", "closed", "unknown")]
    assert {accounts.ask_link(visitor(portal), purpose, email) for email in emails} == {None}
    expected = {Purpose.RESET: "active@example.ca", Purpose.INVITATION: "invited@example.ca"}
    assert [email for email in emails if mails_to(portal, email)] == [
        email for email in emails if email == expected.get(purpose)
    ]


@pytest.mark.parametrize("purpose", [Purpose.CONFIRM, Purpose.RESET, Purpose.INVITATION])
def test_asking_for_a_link_does_as_much_whether_the_email_is_known_or_not(
    portal: Portal, purpose: Purpose
) -> None:
    for state in ("active", "invited", "closed"):
        make_account(portal, Role.OFFICER, email=f"{state}@example.ca", state=state, confirmed=False)
    done = {}
    for email in ["unknown", "closed", *["active", "invited"] * 6, "unknown"]:  # more often than mails go out
        with counted(portal) as statements:
            accounts.ask_link(visitor(portal), purpose, f"{email}@example.ca")
        done.setdefault(len(statements), []).append(email)
    assert len(done) == 1, done
    waits = "invited" if purpose is Purpose.INVITATION else "active"
    assert len(mails_to(portal, f"{waits}@example.ca")) == 5


def test_asking_with_something_that_is_no_email_is_refused_with_what_was_typed(portal: Portal) -> None:
    with pytest.raises(Refused, match="“ann at home” is not an e-mail address"):
        accounts.ask_link(visitor(portal), Purpose.RESET, "ann at home")


# --- a new password by link -------------------------------------------------------------------------------


def reset_key(portal: Portal) -> str:
    accounts.ask_link(visitor(portal), Purpose.RESET, EMAIL)
    return key_mailed_to(portal, EMAIL)


def test_a_reset_sets_the_password_ends_every_session_and_tells_the_holder(portal: Portal) -> None:
    asker = signed_in(portal, Role.OPERATOR, email=EMAIL)
    accounts.reset_password(visitor(portal), reset_key(portal), NEW_PASSWORD)
    assert accounts.me(asker) is None
    assert can_sign_in(portal, NEW_PASSWORD)
    assert not can_sign_in(portal, PASSWORD)
    assert [mail.template for mail in mails_to(portal, EMAIL)] == ["reset_password", "password_changed"]


def test_a_weak_password_does_not_use_up_the_link(portal: Portal) -> None:
    make_account(portal, email=EMAIL)
    key = reset_key(portal)
    with pytest.raises(Refused, match="at least 12"):
        accounts.reset_password(visitor(portal), key, "short")
    accounts.reset_password(visitor(portal), key, NEW_PASSWORD)


def test_a_reset_proves_the_email_and_ends_a_lock(portal: Portal, registered: str) -> None:
    for _ in range(5):
        assert not can_sign_in(portal, "wrong password")
    accounts.reset_password(visitor(portal), reset_key(portal), NEW_PASSWORD)
    assert can_sign_in(portal, NEW_PASSWORD)


def test_a_reset_ends_a_pending_change_of_the_email(portal: Portal) -> None:
    asker = signed_in(portal, Role.OPERATOR, email=EMAIL)
    own_account.change_email(asker, PASSWORD, "thief@example.ca")
    accounts.reset_password(visitor(portal), reset_key(portal), NEW_PASSWORD)
    with pytest.raises(DeadLink):
        accounts.confirm_email(visitor(portal), key_mailed_to(portal, "thief@example.ca"))
    assert can_sign_in(portal, NEW_PASSWORD)


def test_a_link_mailed_before_an_account_was_disabled_does_not_work(portal: Portal) -> None:
    account_id = make_account(portal, email=EMAIL)
    key = reset_key(portal)
    with portal.database.transaction(writes=True) as session:
        session.get_one(Account, account_id).state = "disabled"
    with pytest.raises(DeadLink):
        accounts.reset_password(visitor(portal), key, NEW_PASSWORD)


# --- invitations ------------------------------------------------------------------------------------------


def invite(portal: Portal, email: str) -> str:
    account_id = make_account(portal, Role.OFFICER, email=email, state="invited", confirmed=False)
    with portal.database.transaction(writes=True) as session:
        account = session.get_one(Account, account_id)
        if not email:
            account.email = ""
        return links.make(session, NOON, account, Purpose.INVITATION)


def test_who_accepts_an_invitation_can_sign_in_with_the_role_and_a_confirmed_email(portal: Portal) -> None:
    key = invite(portal, EMAIL)
    holder = accounts.look_at_link(visitor(portal), Purpose.INVITATION, key)
    assert (holder.email, holder.invited_as) == (EMAIL, ("Officer",))
    accounts.accept_invitation(later(portal, hours=71), key, **HOLDER)
    code = sessions.sign_in(visitor(portal), EMAIL, NEW_PASSWORD, "browser", "").code
    who = accounts.me(Asker(portal, sessions.exchange_code(visitor(portal), code or "", "browser"), NOON))
    assert who is not None
    assert (who.name, who.roles) == ("Ada Roy", {Role.OFFICER})


def test_an_invitation_lasts_72_hours_and_works_once(portal: Portal) -> None:
    key = invite(portal, EMAIL)
    with pytest.raises(DeadLink):
        accounts.accept_invitation(later(portal, hours=72), key, **HOLDER)
    accounts.accept_invitation(visitor(portal), key, **HOLDER)
    with pytest.raises(DeadLink):
        accounts.accept_invitation(visitor(portal), key, **HOLDER)


def test_an_invitation_asks_for_every_detail_and_stands_until_they_are_right(portal: Portal) -> None:
    key = invite(portal, EMAIL)
    with pytest.raises(Refused) as refused:
        accounts.accept_invitation(visitor(portal), key, **dict.fromkeys(HOLDER, ""))
    assert {problem.field for problem in refused.value.problems} == set(HOLDER)
    accounts.accept_invitation(visitor(portal), key, **HOLDER)


def test_the_first_admin_whose_link_was_printed_enters_an_email(portal: Portal) -> None:
    key = invite(portal, "")
    with pytest.raises(Refused, match="Enter an e-mail address"):
        accounts.accept_invitation(visitor(portal), key, **HOLDER)
    make_account(portal, email="taken@example.ca")
    with pytest.raises(Refused, match="another account has it"):
        accounts.accept_invitation(visitor(portal), key, **HOLDER, email="taken@example.ca")
    accounts.accept_invitation(visitor(portal), key, **HOLDER, email=EMAIL)
    assert can_sign_in(portal, NEW_PASSWORD)


def test_who_was_invited_and_registers_is_mailed_the_invitation_again(portal: Portal) -> None:
    invite(portal, EMAIL)
    accounts.register(visitor(portal), **ANN)
    (mail,) = mails_to(portal, EMAIL)
    assert mail.template == "invitation"
    assert "Officer" in mail.text
    accounts.accept_invitation(visitor(portal), mail.key, **HOLDER)


# --- a second role, a closed account, the demo ------------------------------------------------------------


def test_an_operator_can_become_an_owner_too_but_nothing_else(portal: Portal) -> None:
    asker = signed_in(portal, Role.OPERATOR)
    accounts.take_role(asker, Role.OWNER)
    assert accounts.me(asker).roles == {Role.OPERATOR, Role.OWNER}
    with pytest.raises(Refused, match="already"):
        accounts.take_role(asker, Role.OWNER)
    with pytest.raises(Refused, match="an operator or an owner"):
        accounts.take_role(asker, Role.ADMIN)


def test_who_has_closed_an_account_can_register_again(portal: Portal) -> None:
    own_account.close_account(signed_in(portal, Role.OPERATOR, email=EMAIL), PASSWORD)
    accounts.register(visitor(portal), **ANN)
    accounts.confirm_email(visitor(portal), key_mailed_to(portal, EMAIL))
    assert can_sign_in(portal)


def test_only_a_demo_without_a_mail_server_shows_a_mail(portal: Portal, registered: str) -> None:
    assert accounts.demo_mail(visitor(portal), EMAIL) is None
    for changes, shown in (({"demo": True}, True), ({"demo": True, "smtp_host": "mail"}, False)):
        settings = settings_for(portal.settings.database_url, **changes)
        demo = Portal(settings, portal.database, portal.key)
        mail = accounts.demo_mail(visitor(demo), EMAIL)
        assert (mail is not None) is shown
        assert mail is None or f"key={registered}" in (mail.link or "")
        assert accounts.demo_mail(visitor(demo), "nobody@example.ca") is None


def test_signed_out_there_is_nobody(portal: Portal) -> None:
    assert accounts.me(visitor(portal)) is None
    assert people.at(visitor(portal), NOON).token is None


def test_registering_the_address_of_a_closed_account_erases_nothing_before_its_time(portal: Portal) -> None:
    closing = signed_in(portal, Role.OPERATOR, email=EMAIL)
    closed_id = accounts.me(closing).account_id
    own_account.close_account(closing, PASSWORD)
    accounts.register(visitor(portal), **ANN)
    with portal.database.transaction(writes=False) as session:
        closed = session.get_one(Account, closed_id)
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "account.address_freed")).all()
    assert (closed.person.given_name, closed.telephone) == ("Robin", "+17052671234")
    assert [entry.subject_id for entry in entries] == [closed_id]
    nightly.run_if_due(portal, NOON + timedelta(days=30))
    with portal.database.transaction(writes=False) as session:
        assert session.get_one(Account, closed_id).telephone == ""


def test_the_address_of_a_closed_account_can_be_invited(portal: Portal) -> None:
    own_account.close_account(signed_in(portal, Role.OPERATOR, email=EMAIL), PASSWORD)
    administration.invite(signed_in(portal, Role.ADMIN), EMAIL, Role.OFFICER)
    accounts.accept_invitation(visitor(portal), key_mailed_to(portal, EMAIL), **HOLDER)
    assert can_sign_in(portal, NEW_PASSWORD)


@pytest.mark.parametrize("closes", ["before the asking", "before the confirming"])
def test_an_email_is_changed_to_the_address_of_a_closed_account(portal: Portal, closes: str) -> None:
    closing = signed_in(portal, Role.OPERATOR, email=EMAIL if closes == "before the asking" else "")
    own_account.close_account(closing, PASSWORD)
    own_account.change_email(signed_in(portal, Role.OPERATOR), PASSWORD, EMAIL)
    key = key_mailed_to(portal, EMAIL)
    if closes == "before the confirming":
        own_account.close_account(signed_in(portal, Role.OPERATOR, email=EMAIL), PASSWORD)
    accounts.confirm_email(visitor(portal), key)
    assert can_sign_in(portal)


@pytest.mark.parametrize("email", ["é@example.ca", "“ann”@example.ca"])
def test_an_email_that_no_mail_server_need_accept_is_refused(portal: Portal, email: str) -> None:
    with pytest.raises(Refused, match="is not an e-mail address"):
        accounts.register(visitor(portal), **ANN | {"email": email})


def test_an_email_of_an_international_domain_is_kept_as_it_is_mailed(portal: Portal) -> None:
    accounts.register(visitor(portal), **ANN | {"email": "Ann@Zürich.ca"})
    assert account_of(portal, "ann@xn--zrich-kva.ca")


def test_two_clicks_at_once_take_a_role_once(portal: Portal) -> None:
    asker = signed_in(portal, Role.OPERATOR)
    start = threading.Barrier(4)
    answers: list[str] = []

    def attempt() -> None:
        start.wait()
        try:
            accounts.take_role(asker, Role.OWNER)
            answers.append("taken")
        except Refused:
            answers.append("refused")

    tries = [threading.Thread(target=attempt) for _ in range(4)]
    for one in tries:
        one.start()
    for one in tries:
        one.join()
    assert sorted(answers) == ["refused"] * 3 + ["taken"]


def test_the_database_holds_no_role_of_an_account_twice(portal: Portal) -> None:
    account_id = make_account(portal, Role.OPERATOR)
    with pytest.raises(IntegrityError), portal.database.transaction(writes=True) as session:
        session.add(AccountRole(account_id=account_id, role=Role.OPERATOR, granted_at=NOON))


@pytest.mark.parametrize("typed", ["a\x00b", "a\ud800"])
def test_signs_that_cannot_be_kept_are_refused_in_a_sentence(portal: Portal, typed: str) -> None:
    admin = signed_in(portal, Role.ADMIN)
    if portal.database.is_sqlite and "\x00" in typed:
        assert administration.list_accounts(admin, search=typed), "SQLite keeps this one"
        return
    with pytest.raises(Refused, match="a sign or a number that cannot be kept"):
        administration.list_accounts(admin, search=typed)


@pytest.mark.parametrize("account_id", [2**31, 2**63, 10**30])
def test_a_number_that_is_too_large_is_answered_in_a_sentence(portal: Portal, account_id: int) -> None:
    with pytest.raises(Refused, match=r"cannot be kept|There is no account"):
        administration.account(signed_in(portal, Role.ADMIN), account_id)


def test_when_every_connection_is_in_use_the_database_is_said_not_to_answer(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_is_free() -> None:
        raise TimeoutError("QueuePool limit of size 10 overflow 20 reached")

    monkeypatch.setattr(portal.database.engine, "connect", none_is_free)
    with pytest.raises(Unavailable):
        accounts.me(visitor(portal))
