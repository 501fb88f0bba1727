"""Single sign-on through a real provider: whom it lets in, whom it does not, and what a liar achieves."""

from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import itsdangerous
import pytest
from joserfc.jwk import ECKey, OctKey
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from core.roles import Role
from core.single_sign_on import Failure
from db.gate import Asker, Portal, Unavailable, now
from db.schema import Account, AuditEntry, LoginSession
from db.services import accounts
from tests.db.people import make_account
from tests.portals import settings_for
from tests.provider import CLIENT_ID, KEY, Provider, running
from ui import middleware, routes, single_sign_on
from ui.session import COOKIE

HERE = "http://localhost:8501"
DEEP = "/submission?id=7"
EMAIL = "ann@example.ca"


@pytest.fixture(scope="module")
def one_provider() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(one_provider: Provider) -> Provider:
    honest = Provider(one_provider.url)
    vars(one_provider).update(vars(honest))
    return one_provider


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged meanwhile; on a screen each error would be painted with its variables, which is slow."""
    with capture_logs() as entries:
        yield entries


@pytest.fixture
def portal(sqlite_portal: Portal, provider: Provider) -> Portal:
    settings = settings_for(sqlite_portal.settings.database_url, **provider.settings())
    return replace(sqlite_portal, settings=settings)


@pytest.fixture
def browser(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    return browser_at(portal, monkeypatch)


def browser_at(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    for module in ("routes", "middleware", "single_sign_on"):
        monkeypatch.setattr(f"ui.{module}.portal", lambda: portal)
    return another_browser(portal.settings.public_url)


def another_browser(at: str = HERE) -> TestClient:
    app = Starlette(routes=routes.routes(), middleware=middleware.middleware())
    return TestClient(app, base_url=at, follow_redirects=False, headers={"accept": "text/html"})


def back_from_provider(browser: TestClient, page: str = DEEP) -> str:
    """Leaves for the provider, which consents; the address to which it sends the browser back."""
    away = browser.get("/sso/start", params={"next": page})
    assert away.status_code == 302, away.headers
    back = httpx.get(away.headers["location"]).headers["location"]
    assert back.startswith(f"{HERE}/sso/callback?")
    return str(back)


def end_of(browser: TestClient, address: str) -> str:
    """Where a browser comes to rest that follows an address, through the portal's own routes and the provider."""
    while urlsplit(address).path.startswith(("/sso/", "/session/", "/authorize")):
        asks = httpx if urlsplit(address).path == "/authorize" else browser
        address = asks.get(address).headers["location"]
    return address


def sign_on(browser: TestClient, page: str = DEEP) -> str:
    return end_of(browser, "/sso/start?" + urlencode({"next": page}))


def refusal(address: str) -> Failure:
    """Why nobody was signed in, as the sign-in page is told; it still knows where one wanted to go."""
    parts, said = urlsplit(address), parse_qs(urlsplit(address).query)
    assert (parts.path, said["next"]) == ("/sign-in", [DEEP]), address
    return Failure(said["sso"][0])


def count(portal: Portal, table: type) -> int:
    with portal.database.transaction(writes=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


# --- who is let in ----------------------------------------------------------------------------------------


def test_a_verified_email_opens_a_session_of_its_account_on_the_page_asked_for(
    portal: Portal, provider: Provider, browser: TestClient
) -> None:
    make_account(portal, Role.OFFICER, email=EMAIL)
    provider.email = "Ann@Example.CA"
    assert sign_on(browser) == DEEP
    who = accounts.me(Asker(portal, browser.cookies[COOKIE], now()))
    assert who
    assert (who.email, who.roles) == (EMAIL, {Role.OFFICER})
    with portal.database.transaction(writes=False) as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["sign_in.accepted", "session.started"]
    assert entries[0].details == {"how": "single sign-on"}
    assert single_sign_on.STATE_COOKIE not in browser.cookies


def test_what_binds_the_answer_to_the_browser_is_out_of_reach_of_scripts_and_other_pages(
    portal: Portal, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address, secure in ((HERE, False), ("https://p.example", True)):
        settings = portal.settings.model_copy(update={"public_url": address})
        away = browser_at(replace(portal, settings=settings), monkeypatch).get("/sso/start")
        (cookie,) = (one for one in away.headers.get_list("set-cookie") if one.startswith("portal_sso="))
        flags = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/sso", "max-age=600"} <= flags
        assert ("secure" in flags) is secure
        assert parse_qs(urlsplit(away.headers["location"]).query)["redirect_uri"] == [f"{address}/sso/callback"]


def test_without_a_provider_there_is_no_way(sqlite_portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = browser_at(sqlite_portal, monkeypatch)
    assert [browser.get(f"/sso/{way}").status_code for way in ("start", "callback")] == [404, 404]


# --- who is not -------------------------------------------------------------------------------------------


def test_nobody_gets_an_account_and_every_account_that_is_not_open_is_refused_alike(
    portal: Portal, provider: Provider, browser: TestClient
) -> None:
    make_account(portal, email="unconfirmed@example.ca", confirmed=False)
    for state in ("invited", "disabled", "closed"):
        make_account(portal, Role.ADMIN, email=f"{state}@example.ca", state=state)
    make_account(portal, Role.ADMIN, email="kim@example.ca")
    before = count(portal, Account)
    for name in ("unknown", "unconfirmed", "invited", "disabled", "closed", "\N{KELVIN SIGN}im"):
        provider.email = f"{name}@example.ca"
        assert refusal(sign_on(browser)) is Failure.NO_ACCOUNT, name
    assert (count(portal, Account), count(portal, LoginSession)) == (before, 0)


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_email_that_is_not_verified_counts_for_nothing(
    portal: Portal, provider: Provider, browser: TestClient, verified: object
) -> None:
    make_account(portal, email=EMAIL)
    provider.claims = {"email_verified": verified}
    assert refusal(sign_on(browser)) is Failure.UNVERIFIED


LIES: dict[str, tuple[str, dict[str, object]]] = {
    "another nonce": ("InvalidClaimError", {"claims": {"nonce": "another"}}),
    "another's signature": ("BadSignatureError", {"key": ECKey.generate_key("P-256", {"kid": "one"})}),
    "no signature": ("UnsupportedAlgorithmError", {"header": {"alg": "none"}, "key": None}),
    "signed with what all know": (
        "UnsupportedAlgorithmError",
        {"header": {"alg": "HS256"}, "key": OctKey.import_key(KEY.as_dict(private=False)["x"])},
    ),
    "expired": ("ExpiredTokenError", {"claims": {"exp": 1_700_000_000}}),
    "for another client": ("InvalidClaimError", {"claims": {"aud": "another", "azp": CLIENT_ID}}),
    "of another issuer": ("InvalidClaimError", {"claims": {"iss": "https://another.example"}}),
    "describes another issuer": ("NotTheIssuer", {"metadata": {"issuer": "https://another.example"}}),
    "tells its keys elsewhere": ("NotTheIssuer", {"metadata": {"jwks_uri": "http://localhost:9/keys"}}),
    "wants the secret elsewhere": ("NotTheIssuer", {"metadata": {"token_endpoint": "http://localhost:9/token"}}),
    "refuses": ("OAuthError", {"refuses": "access_denied"}),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_provider_that_refuses_or_lies_opens_nothing(
    portal: Portal, provider: Provider, browser: TestClient, logged: list[MutableMapping[str, Any]], lie: str
) -> None:
    make_account(portal, email=EMAIL)
    error, changes = LIES[lie]
    vars(provider).update(changes)
    assert refusal(sign_on(browser)) is Failure.PROVIDER
    assert [entry.get("error") for entry in logged] == [error]
    assert count(portal, LoginSession) == 0


def test_a_provider_that_is_away_gives_a_sentence(
    portal: Portal, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = back_from_provider(browser)
    away = portal.settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    monkeypatch.setattr("ui.single_sign_on.portal", lambda: replace(portal, settings=away))
    for address in (back, f"/sso/start?next={DEEP}"):
        assert refusal(end_of(browser, address)) is Failure.PROVIDER


# --- whose answer it is -----------------------------------------------------------------------------------


def test_an_answer_counts_once(portal: Portal, browser: TestClient) -> None:
    make_account(portal, email=EMAIL)
    back = back_from_provider(browser)
    kept = browser.cookies[single_sign_on.STATE_COOKIE]
    assert end_of(browser, back) == DEEP
    assert "sso=expired" in end_of(browser, back)
    thief = another_browser()
    thief.cookies.set(single_sign_on.STATE_COOKIE, kept)  # of the state and the address: the code is spent
    assert refusal(end_of(thief, back)) is Failure.PROVIDER
    assert count(portal, LoginSession) == 1


def test_an_answer_counts_only_in_the_browser_that_asked(
    portal: Portal, provider: Provider, browser: TestClient
) -> None:
    make_account(portal, email=EMAIL)
    back = back_from_provider(browser)
    provider.asked.clear()
    for thief in (another_browser(), another_browser()):
        assert "sso=expired" in end_of(thief, back)
        back_from_provider(thief)  # the second time with a state of his own, for which he has not waited
        provider.asked.clear()
        assert refusal(end_of(thief, back)) is Failure.EXPIRED
    forged = browser.cookies[single_sign_on.STATE_COOKIE].split(".")[0] + ".AAAA.AAAA"
    liar = another_browser()
    liar.cookies.set(single_sign_on.STATE_COOKIE, forged)
    assert "sso=expired" in end_of(liar, back)
    assert provider.asked == []  # a stranger's answer is not even looked at
    assert end_of(browser, back) == DEEP


def test_an_answer_that_took_more_than_ten_minutes_is_refused(
    portal: Portal, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_account(portal, email=EMAIL)
    stamped = itsdangerous.TimestampSigner.get_timestamp
    with monkeypatch.context() as earlier:
        earlier.setattr(itsdangerous.TimestampSigner, "get_timestamp", lambda signer: stamped(signer) - 601)
        back = back_from_provider(browser)
    assert "sso=expired" in end_of(browser, back)


@pytest.mark.parametrize(
    "page", ["//evil.example", "/\\evil.example", "https://evil.example", "/sign-in?next=//evil.example", ""]
)
def test_nobody_is_led_to_another_host(portal: Portal, browser: TestClient, page: str) -> None:
    make_account(portal, email=EMAIL)
    assert sign_on(browser, page) == "/"
    assert sign_on(browser, "/queue?x=" + "1" * 5000).startswith("/queue?x=11")


def test_the_page_asked_for_outlives_a_failure(portal: Portal, provider: Provider, browser: TestClient) -> None:
    make_account(portal, email=EMAIL)
    provider.email = "unknown@example.ca"
    refused = sign_on(browser)
    provider.email = EMAIL
    assert sign_on(browser, refused) == DEEP


def test_while_the_database_is_away_the_answer_says_so(
    browser: TestClient, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = back_from_provider(browser)

    def away() -> None:
        raise OperationalError("connect", {}, Exception("away"))

    monkeypatch.setattr(portal.database.engine, "connect", away)
    answer = browser.get(back)
    assert (answer.status_code, answer.text) == (503, str(Unavailable()))
