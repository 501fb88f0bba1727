"""Who gets in and who does not: protected addresses, copied cookies, ended sessions, rights that are withdrawn."""

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.roles import Role
from db.gate import now
from tests.browser.harness import Site, Somebody, served
from tests.db.people import PASSWORD, make_account, sign_in
from tests.db.profiles import submitted_operator
from ui.screens import SCREENS
from ui.session import BROWSER_COOKIE, COOKIE


def test_a_fresh_server_refuses_every_protected_page(tmp_path: Path, somebody: Callable[..., Somebody]) -> None:
    """The first requests that a server ever gets are for these pages, signed out and with a role for none.

    Who is signed out follows a link from elsewhere to each; who has another role goes there within the portal.
    """
    with served(tmp_path) as fresh:
        submitted_operator(fresh.portal, given_name="Quillon", family_name="Secretive")
        stranger = somebody(at=fresh)
        director = somebody(at=fresh).is_signed_in(fresh.member(Role.DIRECTOR))
        director.goes_to("/submission?id=1&operator=1")
        drawn: dict[str, set[str]] = {"signed out": set(), "wrong role": set()}
        for screen in SCREENS:
            if not screen.roles:
                continue
            stranger.goes_to(f"/{screen.path}?id=1&operator=1")
            stranger.is_at("Sign in")
            drawn["signed out"].add(words_of(stranger.page))
            if Role.DIRECTOR not in screen.roles:
                director.moves_to(f"/{screen.path}?id=1&operator=1")
                director.is_at("Not for your role")
                drawn["wrong role"].add(words_of(director.page))
        assert all(len(same) == 1 for same in drawn.values()), "A refusal shows something of its page."
        assert "Secretive" not in str(drawn)


def words_of(page: Page) -> str:
    """The words of a page that is drawn: titles are alike, so none tells that the next page has come."""
    said, before = page.get_by_test_id("stMain").inner_text(), ""
    while said != before:
        page.wait_for_timeout(200)
        said, before = page.get_by_test_id("stMain").inner_text(), said
    return said


@pytest.mark.parametrize(
    "path",
    [
        "/pages/submission.py", "/pages/", "/app/static/portal.css", "/app/static/../../app.py", "/ui/shell.py",
        "/db/settings.py", "/var/portal.db", "/app.key", "/.git/config", "/assets/geo/../../settings.py",
        "/assets/leaflet/%2e%2e/%2e%2e/__init__.py",
    ],
)  # fmt: skip
def test_no_file_of_the_portal_is_served(site: Site, path: str) -> None:
    assert answer_of(site, path) in ("", answer_of(site, "/no-such-page")), "Only the empty page may come."


def answer_of(site: Site, path: str) -> str:
    """What the server answers at a path, "" for a refusal."""
    try:
        with urllib.request.urlopen(site.url + path, timeout=10) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError:
        return ""


def test_a_copied_cookie_is_worth_nothing_after_sign_out(site: Site, somebody: Callable[..., Somebody]) -> None:
    make_account(site.portal, Role.OPERATOR, at=now(), email="copied@example.ca")
    ann, thief = somebody(), somebody()
    ann.signs_in("copied@example.ca", PASSWORD)
    stolen = ann.cookie()
    thief.keeps(COOKIE, stolen)
    thief.goes_to("/account")
    thief.sees("signed in as copied@example.ca")
    ann.signs_out()
    thief.reloads()
    thief.is_at("Sign in")
    later = somebody()
    later.keeps(COOKIE, stolen)
    later.goes_to("/account")
    later.is_at("Sign in")


def test_a_session_is_ended_from_another_browser(site: Site, somebody: Callable[..., Somebody]) -> None:
    account = make_account(site.portal, Role.OPERATOR, at=now())
    here = somebody().is_signed_in(sign_in(site.portal, account, now()))
    lost = somebody().is_signed_in(sign_in(site.portal, account, now()))
    lost.goes_to("/my-profile")
    here.goes_to("/account")
    here.sees("2 browsers are signed in")
    here.page.get_by_role("tab", name="Signed in").click()
    here.presses("End this one")
    here.sees("That browser is signed out.")
    expect(here.page.get_by_role("tab", name="Signed in")).to_have_attribute("aria-selected", "true")
    lost.page.get_by_role("button", name="Add", exact=True).click()
    lost.is_at("Sign in")


def test_a_sign_in_code_works_once_and_in_its_own_browser_only(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    make_account(site.portal, Role.OPERATOR, at=now(), email="code@example.ca")
    ann, thief = somebody(), somebody()
    used = code_of(ann, stopped=False)
    thief.goes_to("/help")
    thief.keeps(BROWSER_COOKIE, ann.cookie(BROWSER_COOKIE))
    thief.goes_to(used)
    thief.goes_to("/account")
    thief.is_at("Sign in")

    ann.signs_out()
    unused = code_of(ann, stopped=True)
    other = somebody()
    other.goes_to("/help")
    other.goes_to(unused)
    other.goes_to("/account")
    other.is_at("Sign in")
    ann.goes_to(unused)  # it is spent by whoever brings it
    ann.goes_to("/account")
    ann.is_at("Sign in")


def code_of(ann: Somebody, *, stopped: bool) -> str:
    """The address with the one-time code to which the form sends a browser; `stopped` before it gets there."""
    ann.goes_to("/sign-in")
    if stopped:
        ann.page.route("**/session/start*", lambda route: route.fulfill(status=204))
    ann.fills("E-mail", "code@example.ca")
    ann.fills("Password", PASSWORD)
    with ann.page.expect_request("**/session/start*") as request:
        ann.page.keyboard.press("Enter")
    if stopped:
        ann.page.goto("about:blank")
        ann.page.unroute("**/session/start*")
    else:
        expect(ann.page.get_by_role("button", name="Sign out")).to_be_visible()
    return request.value.url


def test_a_role_withdrawn_and_an_account_disabled_take_effect_at_the_next_click(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    submitted_operator(site.portal, "90088888", "W-1", family_name="Waiting")
    officer = somebody().is_signed_in(site.member(Role.OFFICER, Role.OPERATOR, email="leaves@example.ca"))
    admin = somebody().is_signed_in(site.member(Role.ADMIN))
    officer.goes_to("/queue")
    officer.sees("Waiting")
    admin.goes_to("/accounts")
    admin.fills("Name or e-mail contains", "leaves@example.ca")
    admin.leaves_the_field()
    admin.sees("One account matches.")
    admin.chooses_row(0)
    admin.presses("End the role Officer")
    admin.sees("The role Officer is ended")

    officer.page.get_by_role("link", name=re.compile("Open submission")).first.click()
    officer.is_at("Not for your role")
    officer.sees_no("Waiting")
    officer.goes_to("/my-profile")

    admin.presses("Disable this account")
    admin.sees("The account is disabled.")
    officer.page.get_by_role("button", name="Add", exact=True).click()
    officer.is_at("Sign in")
