"""The server's own answers: the session's cookie, documents, health, safe headers, the document of all pages."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

import pytest
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from core.roles import Role
from db.gate import Portal, Unavailable, now
from db.services import files, sessions
from tests.db.people import PASSWORD, make_account, signed_in, visitor
from tests.portals import settings_for
from ui import middleware, routes
from ui.session import BROWSER_COOKIE, COOKIE

PDF = b"%PDF-1.7\na letter\n%%EOF\n"
Opener = Callable[..., TestClient]


async def a_page(_request: Request) -> Response:
    return HTMLResponse("<html><head><title>Streamlit</title></head></html>")


@pytest.fixture
def portal(sqlite_portal: Portal) -> Portal:
    return sqlite_portal


@pytest.fixture
def client(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Opens the server's routes and middleware at an address, with further settings."""

    def open_at(public_url: str = "http://localhost:8501", **changes: object) -> TestClient:
        settings = settings_for(portal.settings.database_url, public_url=public_url, **changes)
        here = replace(portal, settings=settings)
        monkeypatch.setattr("ui.routes.portal", lambda: here)
        monkeypatch.setattr("ui.middleware.portal", lambda: here)
        app = Starlette(routes=[*routes.routes(), Route("/queue", a_page)], middleware=middleware.middleware())
        return TestClient(app, base_url=public_url, follow_redirects=False)

    return open_at


def code_for(portal: Portal, browser: str) -> str:
    make_account(portal, Role.OWNER, email="ann@example.ca")
    code = sessions.sign_in(visitor(portal, now()), "ann@example.ca", PASSWORD, browser, "").code
    assert code
    return code


# --- the session's cookie ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("next_page", "expected"),
    [
        ("/submission?id=7", "/submission?id=7"),
        ("/sign-in", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("evil.example", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_one_stays_on_this_host(client: Opener, next_page: str, expected: str) -> None:
    answer = client().get("/session/start", params={"code": "x", "next": next_page})
    assert (answer.status_code, answer.headers["location"]) == (303, expected)


@pytest.mark.parametrize(
    "encoded",
    [
        "%2F%2Fevil.example",
        "%2F%5Cevil.example",
        "/%09/evil.example",
        "/%0A/evil.example",
        "%252F%252Fevil.example",
    ],
)
def test_an_encoded_address_leads_to_no_other_host(client: Opener, encoded: str) -> None:
    location = client().get(f"/session/start?code=x&next={encoded}").headers["location"]
    assert not {"\t", "\n", "\\"} & set(location)
    assert urlsplit(urljoin("http://localhost:8501/", location)).netloc == "localhost:8501"


@pytest.mark.parametrize(("public_url", "secure"), [("http://localhost:8501", False), ("https://p.example", True)])
def test_the_cookie_of_a_session_is_out_of_reach_of_scripts(
    portal: Portal, client: Opener, public_url: str, secure: bool
) -> None:
    server = client(public_url)
    server.cookies.set(BROWSER_COOKIE, "this browser")
    answer = server.get("/session/start", params={"code": code_for(portal, "this browser")})
    flags = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert answer.headers["set-cookie"].startswith(f"{COOKIE}=")
    assert {"httponly", "samesite=lax", "path=/"} <= flags
    assert ("secure" in flags) is secure


def test_another_browser_gets_no_session_for_a_code(portal: Portal, client: Opener) -> None:
    server = client()
    server.cookies.set(BROWSER_COOKIE, "another browser")
    answer = server.get("/session/start", params={"code": code_for(portal, "this browser")})
    assert "set-cookie" not in answer.headers


def test_leaving_clears_the_cookie(client: Opener) -> None:
    answer = client().get("/session/end")
    assert answer.headers["location"] == "/"
    assert f'{COOKIE}=""' in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]


# --- documents --------------------------------------------------------------------------------------------


def test_a_document_is_for_its_owner_and_the_office_and_for_nobody_else(portal: Portal, client: Opener) -> None:
    owner = signed_in(portal, Role.OWNER, at=now())
    address = f"/documents/{files.upload(owner, 'letter é.pdf', PDF)}"
    seen = {}
    for who in (owner, *(signed_in(portal, role, at=now()) for role in (Role.OFFICER, Role.OWNER, Role.MANAGER))):
        server = client()
        server.cookies.set(COOKIE, who.token or "")
        answer = server.get(address)
        seen[who] = (answer.status_code, answer.content == PDF)
    assert list(seen.values()) == [(200, True), (200, True), (403, False), (403, False)]
    assert client().get(address).status_code == 403


def test_a_document_is_kept_by_no_cache_and_named(portal: Portal, client: Opener) -> None:
    owner = signed_in(portal, Role.OWNER, at=now())
    server = client()
    server.cookies.set(COOKIE, owner.token or "")
    answer = server.get(f"/documents/{files.upload(owner, 'letter é.pdf', PDF)}")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == "inline; filename*=UTF-8''letter%20%C3%A9.pdf"


@pytest.mark.parametrize("number", ["0", "77", "9" * 40, "letter"])
def test_a_document_that_there_is_not_is_refused_like_one_of_others(
    portal: Portal, client: Opener, number: str
) -> None:
    server = client()
    server.cookies.set(COOKIE, signed_in(portal, Role.OFFICER, at=now()).token or "")
    assert server.get(f"/documents/{number}").status_code == 403


@pytest.mark.parametrize("address", ["/documents/1", "/session/start?code=x&next=/queue"])
def test_a_database_that_is_away_is_said_so(
    portal: Portal, client: Opener, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    def away() -> None:
        raise OperationalError("select 1", {}, Exception("connection refused"))

    monkeypatch.setattr(portal.database.engine, "connect", away)
    answer = client().get(address)
    assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
    assert answer.text == str(Unavailable())


# --- health, headers, the document ------------------------------------------------------------------------


def test_health_is_200_while_the_database_answers_and_503_while_not(
    client: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = client()
    assert server.get("/healthz").status_code == 200
    monkeypatch.setattr("ui.routes.database_answers", lambda _database: False)
    answer = server.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": "does not answer"})


def test_every_answer_wears_the_safe_headers(client: Opener) -> None:
    server = client()
    for path in ("/healthz", "/queue", "/session/end", "/documents/1", "/nothing"):
        headers = server.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert "strict-transport-security" not in headers
    assert "strict-transport-security" in client("https://p.example").get("/healthz").headers


def test_the_policy_lets_in_the_tile_server_only_where_one_is_set(client: Opener) -> None:
    def images(server: TestClient) -> str:
        policy = server.get("/healthz").headers["content-security-policy"].split("; ")
        return next(rule for rule in policy if rule.startswith("img-src"))

    assert images(client()) == "img-src 'self' data: blob:"
    tiles = client(tile_url="https://tiles.example/{z}/{x}/{y}.png")
    assert images(tiles) == "img-src 'self' data: blob: https://tiles.example"


def test_the_document_of_a_page_bears_our_name_and_tells_where_the_server_is(client: Opener) -> None:
    answer = client().get("/queue", headers={"accept": "text/html"})
    assert "<title>Operator Workforce Matching Portal</title>" in answer.text
    assert "BACKEND_BASE_URL" in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert client().get("/queue", headers={"accept": "*/*"}).text.count("Streamlit") == 1


@pytest.mark.parametrize(("public_url", "secure"), [("http://localhost:8501", False), ("https://p.example", True)])
def test_a_browser_gets_a_cookie_of_its_own_once(client: Opener, public_url: str, secure: bool) -> None:
    server = client(public_url)
    given = server.get("/queue", headers={"accept": "text/html"}).headers["set-cookie"]
    flags = {part.strip().lower() for part in given.split(";")[1:]}
    assert given.startswith(f"{BROWSER_COOKIE}=")
    assert {"httponly", "samesite=lax"} <= flags
    assert ("secure" in flags) is secure
    assert "set-cookie" not in server.get("/queue", headers={"accept": "text/html"}).headers
