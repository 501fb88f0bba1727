"""Single sign-on by OpenID Connect: to the provider that the settings name, and back with a one-time code.

The code is that of a sign-in by password (`/session/start`), so the session and its rules are the same.
"""

import warnings
from functools import cache
from ssl import SSLContext
from typing import Any
from urllib.parse import urlencode

import httpx
import structlog
from authlib.deprecate import AuthlibDeprecationWarning
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from core.single_sign_on import Failure
from db.gate import Asker, now
from db.services import sessions
from db.settings import Settings
from ui.addresses import page_after_sign_in
from ui.endpoints import says_when_away
from ui.session import BROWSER_COOKIE, COOKIE, portal

with warnings.catch_warnings():  # at each start it would ask for httpx2; httpx is what is pinned, and serves
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.base_client.errors import MismatchingStateError
    from authlib.integrations.starlette_client import StarletteIntegration
    from authlib.integrations.starlette_client.apps import StarletteOAuth2App

STATE_COOKIE = "portal_sso"  # holds, signed, what binds a provider's answer to the browser that asked
_PATH = "/sso"
_MAY_TAKE = 10 * 60  # seconds from leaving for the provider to coming back
_LONGEST_PAGE = 1500  # characters of an address: the cookie holds no more
_ANSWER_WITHIN = 5  # seconds, each time the provider is asked
_CLOCKS_DIFFER = 60  # seconds at most
_SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_METADATA = ("_loaded_at", "issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")

log = structlog.get_logger()


class NotTheIssuer(Exception):
    """What would be asked, or what answered, is not the provider that the settings name."""


async def start(request: Request) -> Response:
    """Sends the browser to the provider, and remembers the page that it came for."""
    settings = portal().settings
    page = page_after_sign_in(request.query_params.get("next", "/")[:_LONGEST_PAGE])
    try:
        away: Response = await _Provider(settings).authorize_redirect(
            request, settings.public_url + _PATH + "/callback"
        )
    except Exception as error:  # a provider may answer anything, or nothing
        return _back_to_sign_in(_failed(error), page)
    request.session["next"] = page
    return away


@says_when_away
async def callback(request: Request) -> Response:
    """Takes the provider's answer, once and from the browser that asked, and changes it for a sign-in code."""
    settings = portal().settings
    page = page_after_sign_in(request.session.get("next", "/"))
    try:
        claims = await _claims(request, settings)
    except MismatchingStateError:
        return _back_to_sign_in(Failure.EXPIRED, page)
    except Exception as error:  # a provider may answer anything, or nothing
        return _back_to_sign_in(_failed(error), page)
    finally:
        request.session.clear()
    answer = await run_in_threadpool(_sign_in, request, claims)
    if isinstance(answer, Failure):
        return _back_to_sign_in(answer, page)
    return RedirectResponse("/session/start?" + urlencode({"code": answer, "next": page}), status_code=303)


async def _claims(request: Request, settings: Settings) -> dict[str, Any]:
    """What the provider says of the person: its signature, issuer, audience, nonce and time are checked."""
    wanted = {
        "iss": {"essential": True, "values": [settings.oidc_issuer, settings.oidc_issuer + "/"]},
        "aud": {"essential": True, "value": settings.oidc_client_id},
    }
    token = await _Provider(settings).authorize_access_token(request, claims_options=wanted, leeway=_CLOCKS_DIFFER)
    return dict(token["userinfo"])


def _sign_in(request: Request, claims: dict[str, Any]) -> str | Failure:
    asker = Asker(portal(), request.cookies.get(COOKIE), now())
    browser, user_agent = request.cookies.get(BROWSER_COOKIE, ""), request.headers.get("User-Agent", "")
    email, verified = str(claims.get("email", "")), claims.get("email_verified") is True
    return sessions.sign_in_vouched(asker, email, verified, browser, user_agent)


def _failed(error: Exception) -> Failure:
    log.warning("single_sign_on.failed", error=type(error).__name__, exc_info=error)
    return Failure.PROVIDER


def _back_to_sign_in(failure: Failure, page: str) -> Response:
    return RedirectResponse("/sign-in?" + urlencode({"sso": failure.value, "next": page}), status_code=303)


class _Provider(StarletteOAuth2App):  # type: ignore[misc]  # Authlib has no types
    """Authlib's client of the provider; a new one each time, so that no key outlives its withdrawal."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = settings.oidc_issuer
        super().__init__(
            StarletteIntegration(STATE_COOKIE),
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret.get_secret_value(),
            server_metadata_url=self._issuer + "/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email",
                "code_challenge_method": "S256",
                "timeout": _ANSWER_WITHIN,
                "verify": _trusted(),
                "event_hooks": {"request": [self._stay_with_the_issuer]},
            },
        )

    async def load_server_metadata(self) -> dict[str, Any]:
        """What the provider says of itself: only what is used, and never that a token may go unsigned."""
        said = await super().load_server_metadata()
        if str(said["issuer"]).rstrip("/") != self._issuer:
            raise NotTheIssuer
        self.server_metadata = {name: said[name] for name in _METADATA}
        return self.server_metadata | {"id_token_signing_alg_values_supported": _SIGNATURES}

    async def _stay_with_the_issuer(self, request: httpx.Request) -> None:
        if _origin(request.url) != _origin(httpx.URL(self._issuer)):
            raise NotTheIssuer


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


@cache
def _trusted() -> SSLContext:
    """The certificates that are trusted, read once."""
    return httpx.create_ssl_context()


class _Door:
    """Open where a provider is named; keeps the state in a signed cookie of these routes alone.

    The cookie's keeper is made at each request: before the first one, the portal's key is not known.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        here = portal()
        if not here.settings.single_sign_on:
            await PlainTextResponse("Single sign-on is not set up here.", 404)(scope, receive, send)
            return
        keeper = SessionMiddleware(
            self.app,
            secret_key=here.key.keyed_hash("the state of a single sign-on"),
            session_cookie=STATE_COOKIE,
            max_age=_MAY_TAKE,
            path=_PATH,
            https_only=here.settings.behind_tls,
        )
        await keeper(scope, receive, send)


def routes() -> Mount:
    """The way to the provider, and the way back."""
    ways = [Route("/start", start), Route("/callback", callback)]
    return Mount(_PATH, routes=ways, middleware=[Middleware(_Door)])
