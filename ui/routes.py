"""What the server answers beside the pages: health, the session's cookie, the map's assets."""

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from db.gate import Asker, now
from db.health import database_answers
from db.services import sessions
from ui import map as maps
from ui.session import BROWSER_COOKIE, COOKIE, portal


async def healthz(_request: Request) -> Response:
    """200 while the database answers, 503 while it does not."""
    answers = await run_in_threadpool(database_answers, portal().database)
    return JSONResponse({"database": "answers" if answers else "does not answer"}, 200 if answers else 503)


async def start_session(request: Request) -> Response:
    """Changes a one-time code for the session's cookie, in the browser that signed in; then on to `next`."""
    response = RedirectResponse(_safe_path(request.query_params), status_code=303)
    asker = Asker(portal(), request.cookies.get(COOKIE), now())
    code, browser = request.query_params.get("code", ""), request.cookies.get(BROWSER_COOKIE, "")
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
    """The page to go on to: a path of this portal, never another host's address; from the sign-in page, Home."""
    path = query.get("next", "/")
    if path.startswith("/sign-in"):
        return "/"
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def routes() -> list[BaseRoute]:
    return [
        Route("/healthz", healthz),
        Route("/session/start", start_session),
        Route("/session/end", end_session),
        *maps.asset_routes(),
    ]
