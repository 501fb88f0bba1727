"""Pages of accounts: what they say, and that they hand what is typed to the services."""

from datetime import timedelta
from typing import Any

import bcrypt
import pytest
from sqlalchemy import func, select

from core.places import day_at
from core.roles import Role
from core.single_sign_on import Failure
from db.gate import Portal
from db.schema import AuditEntry
from db.services import accounts, administration, oversight, own_account, sessions
from tests.db.mailbox import key_mailed_to, mails_to
from tests.db.people import NOON, PASSWORD, make_account, sign_in, signed_in, visitor
from tests.pages.drawn import drawn, press, texts, type_in
from tests.portals import settings_for

EMAIL = "ann@example.ca"
ANN = {
    "given_name": "Ann",
    "family_name": "O'Lee `${1}` <img onerror=alert(1)>",
    "email": EMAIL,
    "telephone": "705-267-1234",
    "municipality": "Timmins",
    "language": "en",
    "password": PASSWORD,
}


@pytest.fixture(autouse=True)
def _quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    salt = bcrypt.gensalt
    monkeypatch.setattr(bcrypt, "gensalt", lambda *_strength: salt(4))


@pytest.fixture
def portal(sqlite_portal: Portal) -> Portal:
    return sqlite_portal


@pytest.fixture
def left_with_code(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes with which the browser was sent to the session's route."""
    codes: list[str] = []
    monkeypatch.setattr("pages.sign_in.go_to_session", codes.append)
    return codes


def demo(portal: Portal) -> Portal:
    return Portal(settings_for(portal.settings.database_url, demo=True), portal.database, portal.key)


# --- register and confirm ---------------------------------------------------------------------------------


def test_an_operator_registers_waits_and_confirms(portal: Portal) -> None:
    with drawn("register", visitor(portal), {"role": "operator"}) as page:
        press(type_in(page, "register", **ANN), "Create account")
        assert not page.exception
        assert f"mailbox of {EMAIL}" in texts(page)
        press(page, "Send it again")
    assert [mail.template for mail in mails_to(portal, EMAIL)] == ["confirm_email", "confirm_email"]
    with drawn("register", visitor(portal)) as page:  # after a reload
        assert f"mailbox of {EMAIL}" in texts(page)
    with drawn("confirm", visitor(portal), {"key": key_mailed_to(portal, EMAIL)}) as page:
        assert EMAIL in texts(page)
        assert sessions.sign_in(visitor(portal), EMAIL, PASSWORD, "b", "").code is None  # looking acts not
        press(page, "Confirm this address")
        assert "Your e-mail is confirmed" in texts(page)
    assert sessions.sign_in(visitor(portal), EMAIL, PASSWORD, "b", "").code


def test_a_refused_registration_keeps_what_was_typed_and_says_why_at_each_field(portal: Portal) -> None:
    with drawn("register", visitor(portal)) as page:
        press(type_in(page, "register", given_name="Ann", email="ann at home", password="short"), "Create account")
        said = texts(page)
        assert "“ann at home” is not an e-mail address" in said
        assert "Choose what you register as" in said
        assert "at least 12" in said
        assert [box.value for box in page.text_input if box.key == "register.given_name"] == ["Ann"]


def test_the_door_one_came_through_decides_the_role(portal: Portal) -> None:
    with drawn("register", visitor(portal), {"role": "owner"}) as page:
        assert [box.value for box in page.selectbox if box.key == "register.role"] == [Role.OWNER]
    with drawn("register", visitor(portal), {"role": "admin"}) as page:
        assert [box.value for box in page.selectbox if box.key == "register.role"] == [""]


def test_the_demo_shows_the_mail_itself(portal: Portal) -> None:
    with drawn("register", visitor(demo(portal)), {"role": "operator"}) as page:
        press(type_in(page, "register", **ANN), "Create account")
        assert "/confirm?key=" in texts(page)
    with drawn("register", visitor(portal)) as page:
        assert f"mailbox of {EMAIL}" in texts(page)
        assert "key=" not in texts(page)


def test_an_owner_can_become_an_operator_too(portal: Portal) -> None:
    asker = signed_in(portal, Role.OWNER)
    with drawn("register", asker) as page:
        press(page, "Use my account as an operator too")
        assert "as both already" in texts(page)
    assert accounts.me(asker).roles == {Role.OPERATOR, Role.OWNER}


def test_who_waits_can_try_another_address(portal: Portal) -> None:
    with drawn("register", visitor(portal), {"role": "operator"}) as page:
        press(type_in(page, "register", **ANN), "Create account")
        press(page, "Use another address")
        assert [button.label for button in page.button] == ["Create account"]


@pytest.mark.parametrize("page", ["confirm", "reset", "invitation"])
def test_a_dead_link_gets_a_sentence_and_a_way_to_a_new_one(portal: Portal, page: str) -> None:
    make_account(portal, email=EMAIL, confirmed=False)
    with drawn(page, visitor(portal), {"key": "dead"}) as shown:
        assert "This link does not work" in texts(shown)
        (button,) = [button for button in shown.button if button.label.startswith("Send me a")]
        assert button.label.startswith("Send me an invitation") is (page == "invitation")
        type_in(shown, f"ask-{page}", email=EMAIL)
        button.click().run()
        assert "Look into the mailbox" in texts(shown)
    assert bool(mails_to(portal, EMAIL)) is (page != "invitation")


# --- signing in -------------------------------------------------------------------------------------------


def test_a_right_password_sends_the_browser_for_its_cookie(portal: Portal, left_with_code: list[str]) -> None:
    make_account(portal, email=EMAIL)
    with drawn("sign_in", visitor(portal)) as page:
        press(type_in(page, "sign-in", email=EMAIL, password=PASSWORD), "Sign in")
        assert not page.exception
    (code,) = left_with_code
    assert sessions.exchange_code(visitor(portal), code, "a browser")


def test_a_wrong_password_is_refused_and_the_email_stays(portal: Portal, left_with_code: list[str]) -> None:
    with drawn("sign_in", visitor(portal)) as page:
        press(type_in(page, "sign-in", email=EMAIL, password="wrong password"), "Sign in")
        assert "could not sign you in" in texts(page)
        assert [box.value for box in page.text_input if box.key == "sign-in.email"] == [EMAIL]
    assert left_with_code == []


def test_single_sign_on_is_offered_where_a_provider_is_named(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[str] = []
    monkeypatch.setattr("pages.sign_in.go_to_single_sign_on", lambda: left.append("left"))
    with drawn("sign_in", visitor(portal)) as page:
        assert "Sign in with single sign-on" not in [button.label for button in page.button]
    settings = settings_for(portal.settings.database_url, oidc_issuer="https://login.example.ca")
    with drawn("sign_in", visitor(Portal(settings, portal.database, portal.key))) as page:
        press(page, "Sign in with single sign-on")
    assert left == ["left"]


def test_why_single_sign_on_failed_is_said_in_our_own_words_only(portal: Portal) -> None:
    for failure in Failure:
        with drawn("sign_in", visitor(portal), {"sso": failure.value}) as page:
            assert str(failure.sentence) in texts(page).replace("&#x27;", "'")
    with drawn("sign_in", visitor(portal), {"sso": "Call 555-0100 now"}) as page:
        assert "555" not in texts(page)


def test_whoever_is_signed_in_is_told_so(portal: Portal) -> None:
    with drawn("sign_in", signed_in(portal, Role.OWNER)) as page:
        assert "You are signed in" in texts(page)
        assert not page.text_input


def test_a_new_password_is_set_by_link(portal: Portal) -> None:
    make_account(portal, email=EMAIL)
    with drawn("reset", visitor(portal)) as page:
        press(type_in(page, "ask-reset", email=EMAIL), "Send me a link to set a new password")
    with drawn("reset", visitor(portal), {"key": key_mailed_to(portal, EMAIL)}) as page:
        press(type_in(page, "reset", password="short"), "Set this password")
        assert "at least 12" in texts(page)
        press(type_in(page, "reset", password="a clarifier and two weirs"), "Set this password")
        assert "Your new password is set" in texts(page)


def test_an_invited_officer_takes_up_the_account(portal: Portal) -> None:
    administration.invite(signed_in(portal, Role.ADMIN), EMAIL, Role.OFFICER)
    with drawn("invitation", visitor(portal), {"key": key_mailed_to(portal, EMAIL)}) as page:
        assert "You are invited as: Officer" in texts(page)
        fields = {name: value for name, value in ANN.items() if name != "email"}
        press(type_in(page, "invitation", **fields), "Accept and create account")
        assert "Your account is ready" in texts(page)
    assert sessions.sign_in(visitor(portal), EMAIL, PASSWORD, "b", "").code


# --- my account -------------------------------------------------------------------------------------------


def test_details_are_changed_on_ones_account_page(portal: Portal) -> None:
    asker = signed_in(portal, Role.OWNER, email=EMAIL)
    with drawn("account", asker) as page:
        press(type_in(page, "details", municipality="Sudbury"), "Save details")
        assert not page.exception
        assert "Your details are saved" in texts(page)
    assert own_account.own_account(asker).municipality == "Sudbury"


def test_a_password_is_changed_and_a_wrong_one_refused_beside_its_field(portal: Portal) -> None:
    asker = signed_in(portal, Role.OWNER, email=EMAIL)
    with drawn("account", asker) as page:
        new: dict[str, Any] = {"new_password": "a clarifier and two weirs"}
        press(type_in(page, "change-password", password="wrong", **new), "Change my password")
        assert "This is not your password" in texts(page)
        press(type_in(page, "change-password", password=PASSWORD, **new), "Change my password")
        assert "Your password is changed" in texts(page)


def test_an_email_is_changed_by_link(portal: Portal) -> None:
    asker = signed_in(portal, Role.OWNER, email=EMAIL)
    with drawn("account", asker) as page:
        press(type_in(page, "change-email", email="new@example.ca", password=PASSWORD), "Change my e-mail")
        assert "mailbox of new@example.ca" in texts(page)
    with drawn("confirm", asker, {"key": key_mailed_to(portal, "new@example.ca")}) as page:
        press(page, "Confirm this address")
    assert own_account.own_account(asker).email == "new@example.ca"


def test_other_browsers_are_listed_and_ended(portal: Portal) -> None:
    asker = signed_in(portal, Role.OWNER, email=EMAIL)
    other = sign_in(portal, accounts.me(asker).account_id, NOON)
    with drawn("account", asker) as page:
        assert "2 browsers are signed in" in texts(page)
        press(page, "End this one")
        assert "One browser is signed in" in texts(page)
    assert accounts.me(other) is None


def test_an_account_is_closed_with_its_password(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[bool] = []
    monkeypatch.setattr("pages.account.go_to_signed_out", lambda: left.append(True))
    asker = signed_in(portal, Role.OWNER, email=EMAIL)
    with drawn("account", asker) as page:
        assert "Closing cannot be undone" in texts(page)
        press(type_in(page, "close-account", password=PASSWORD), "Close my account")
    assert left == [True]
    assert accounts.me(asker) is None


# --- the admin's ------------------------------------------------------------------------------------------


def test_an_admin_finds_invites_and_disables(portal: Portal) -> None:
    admin = signed_in(portal, Role.ADMIN)
    account_id = make_account(portal, Role.OWNER, email=EMAIL, given_name="<img onerror=alert(1)>")
    with drawn("accounts", admin, {"account": str(account_id)}) as page:
        assert not page.exception
        assert "2 accounts match" in texts(page)
        assert EMAIL in texts(page)
        press(page, "Disable this account")
        assert "The account is disabled" in texts(page)
        press(page, "Enable this account")
        press(type_in(page, f"grant-role:{account_id}", role=Role.MANAGER), "Give this role")
        assert "The role is given" in texts(page)
        press(page, "End the role Owner")
        assert "The role Owner is ended" in texts(page)
        press(type_in(page, "invite", email="new@example.ca", role=Role.OFFICER), "Invite")
        assert "new@example.ca is invited" in texts(page)
    row = administration.account(admin, account_id)
    assert (row.state, row.roles) == ("active", (Role.MANAGER,))


def test_the_settings_tab_shows_no_secret(portal: Portal) -> None:
    with drawn("accounts", signed_in(portal, Role.ADMIN)) as page:
        shown = page.dataframe[-1].value.to_string()
    assert "SMTP_HOST" in shown
    assert "a key of the tests" not in shown


def test_the_admin_reads_a_mail_and_hands_over_its_link(portal: Portal) -> None:
    admin = signed_in(portal, Role.ADMIN)
    with drawn("outgoing_mail", admin) as page:
        assert "No mail has been written yet" in texts(page)
    administration.invite(admin, EMAIL, Role.OFFICER)
    with drawn("outgoing_mail", admin, {"mail": "1"}) as page:
        assert not page.exception
        assert "No mail server is set" in texts(page)
        assert key_mailed_to(portal, EMAIL) in page.code[0].value


def test_the_help_of_a_field_is_a_line_of_its_own_under_the_label(portal: Portal) -> None:
    with drawn("register", visitor(portal)) as page:
        labels = [field.label for field in page.text_input]
    assert "Telephone *\nWith the area code, such as 705-267-1234." in labels
    assert "Given name *" in labels


def test_the_trail_is_shown_and_filtered(portal: Portal) -> None:
    admin = signed_in(portal, Role.ADMIN, given_name="Ada", family_name="Roy")
    administration.invite(admin, EMAIL, Role.OFFICER)
    with drawn("audit_trail", admin) as page:
        assert "2 entries match" in texts(page)
        assert set(page.dataframe[0].value["Who"]) == {"Ada Roy"}
        assert set(page.dataframe[0].value["Action"]) == {"Invited somebody", "A link was mailed"}
        page.selectbox(key="action").set_value("account.invited").run()
        assert "One entry matches" in texts(page)
        page.text_input(key="by").set_value("nobody of this name").run()
        assert "No entry matches" in texts(page)
        page.text_input(key="by").set_value("ada r").run()
        assert "One entry matches" in texts(page)
        page.date_input(key="trail-until").set_value(day_at(NOON) - timedelta(days=1)).run()
        assert not page.exception
        assert "No entry matches" in texts(page)


def test_what_the_trail_can_be_asked_about_is_what_it_holds(portal: Portal) -> None:
    admin = signed_in(portal, Role.ADMIN)
    administration.invite(admin, EMAIL, Role.OFFICER)
    oversight.outgoing_mails(admin)
    with drawn("audit_trail", admin) as page:
        assert page.selectbox(key="subject").options == ["Account", "Outgoing mail"]


def entries(portal: Portal, action: str) -> int:
    with portal.database.transaction(writes=False) as session:
        return session.scalar(select(func.count()).where(AuditEntry.action == action)) or 0


@pytest.mark.parametrize(
    ("name", "role", "action"),
    [
        ("accounts", Role.ADMIN, "accounts.listed"),
        ("outgoing_mail", Role.ADMIN, "outgoing_mails.listed"),
        ("audit_trail", Role.ADMIN, "audit_trail.shown"),
        ("queue", Role.OFFICER, "queue.seen"),
    ],
)
def test_drawing_a_page_again_is_no_second_look(portal: Portal, name: str, role: Role, action: str) -> None:
    with drawn(name, signed_in(portal, role)) as page:
        page.run()
        assert not page.exception
    assert entries(portal, action) == 1


def test_what_an_admin_looks_for_does_not_stand_in_the_address(portal: Portal) -> None:
    with drawn("accounts", signed_in(portal, Role.ADMIN)) as page:
        page.text_input(key="find").set_value("fairwater").run()
        assert "find" not in page.query_params


def test_a_click_on_an_account_that_was_changed_meanwhile_is_refused(portal: Portal) -> None:
    admin, other = signed_in(portal, Role.ADMIN), signed_in(portal, Role.ADMIN, given_name="Ada")
    account_id = make_account(portal, Role.OWNER)
    with drawn("accounts", admin, {"account": str(account_id)}) as page:
        version = administration.account(other, account_id).version
        administration.grant_role(other, account_id, Role.MANAGER, version)
        press(page, "Disable this account")
        assert "This was changed by Ada Fairwater on" in texts(page)
        assert administration.account(admin, account_id).state == "active"
        press(page, "Disable this account")  # on the page as it stands now
    assert administration.account(admin, account_id).state == "disabled"


def test_details_changed_in_another_tab_are_said_and_what_was_typed_is_kept(portal: Portal) -> None:
    asker = signed_in(portal, Role.OWNER, email=EMAIL)
    details = {name: ANN[name] for name in ("given_name", "family_name", "telephone", "language")}
    with drawn("account", asker) as page:
        type_in(page, "details", municipality="Sud").run()
        own_account.change_details(asker, 1, **details, municipality="Cochrane")
        type_in(page, "details", municipality="Sudbury").run()
        press(page, "Save details")
        assert "This was changed by" in texts(page)
        assert [box.value for box in page.text_input if box.key == "details.municipality"] == ["Sudbury"]
        press(page, "Save details")
        assert "Your details are saved" in texts(page)
    assert own_account.own_account(asker).municipality == "Sudbury"


def test_a_field_that_nobody_typed_into_follows_what_another_tab_saved(portal: Portal) -> None:
    asker = signed_in(portal, Role.OWNER, email=EMAIL)
    details = {name: ANN[name] for name in ("given_name", "family_name", "telephone", "language")}
    with drawn("account", asker) as page:
        own_account.change_details(asker, 1, **details, municipality="Cochrane")
        page.run()
        assert [box.value for box in page.text_input if box.key == "details.municipality"] == ["Cochrane"]
