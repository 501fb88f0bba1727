"""What the server answers beside the pages: health, the session's cookie, the map's assets, safe headers."""

from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from db.gate import Asker, now
from db.health import database_answers
from db.services import sessions
from ui import map as maps
from ui.session import COOKIE, XSRF_COOKIE, portal

_HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",  # streamlit-folium needs eval
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' ws: wss:",
            "worker-src 'self' blob:",
            "frame-src 'self' blob: data:",
            "frame-ancestors 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            "object-src 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


async def healthz(_request: Request) -> Response:
    """200 while the database answers, 503 while it does not."""
    answers = await run_in_threadpool(database_answers, portal().database)
    return JSONResponse({"database": "answers" if answers else "does not answer"}, 200 if answers else 503)


async def start_session(request: Request) -> Response:
    """Changes a one-time code for the session's cookie, in the browser that signed in; then on to `next`."""
    response = RedirectResponse(_safe_path(request.query_params), status_code=303)
    asker = Asker(portal(), None, now())
    code, browser = request.query_params.get("code", ""), request.cookies.get(XSRF_COOKIE, "")
    token = await run_in_threadpool(sessions.exchange_code, asker, code, browser)
    if token:
        secure = portal().settings.behind_tls
        response.set_cookie(COOKIE, token, httponly=True, secure=secure, samesite="lax", path="/")
    return response


async def end_session(_request: Request) -> Response:
    """Clears the cookie. The session itself was ended in the database, by the button that led here."""
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return response


def _safe_path(query: Mapping[str, str]) -> str:
    """The page to go on to: a path of this portal, never another host's address."""
    path = query.get("next", "/")
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def routes() -> list[BaseRoute]:
    return [
        Route("/healthz", healthz),
        Route("/session/start", start_session),
        Route("/session/end", end_session),
        *maps.asset_routes(),
    ]


class SafeHeaders:
    """Adds the security headers to every response."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def middleware() -> list[Middleware]:
    return [Middleware(SafeHeaders)]
