"""What the server answers beside the pages: health, the ways to a session, documents, the map's assets."""

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.problems import Refused
from db.gate import Asker, Unavailable, now
from db.health import database_answers
from db.services import files, sessions
from ui import map as maps
from ui import single_sign_on
from ui.addresses import page_after_sign_in, row_id
from ui.endpoints import NOT_KEPT, says_when_away
from ui.session import BROWSER_COOKIE, COOKIE, portal


async def healthz(_request: Request) -> Response:
    """200 while the database answers, 503 while it does not."""
    answers = await run_in_threadpool(database_answers, portal().database)
    return JSONResponse({"database": "answers" if answers else "does not answer"}, 200 if answers else 503)


@says_when_away
async def start_session(request: Request) -> Response:
    """Changes a one-time code for the session's cookie, in the browser that signed in; then on to `next`."""
    response = RedirectResponse(page_after_sign_in(request.query_params.get("next", "/")), status_code=303)
    code, browser = request.query_params.get("code", ""), request.cookies.get(BROWSER_COOKIE, "")
    token = await run_in_threadpool(sessions.exchange_code, _asker(request), code, browser)
    if token:
        secure = portal().settings.behind_tls
        response.set_cookie(COOKIE, token, httponly=True, secure=secure, samesite="lax", path="/")
    return response


async def end_session(_request: Request) -> Response:
    """Clears the cookie. The session itself was ended in the database, by the button that led here."""
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return response


@says_when_away
async def document(request: Request) -> Response:
    """A kept file, for whoever may see it; Streamlit's own media would hand it to anyone with the address."""
    try:
        kept = await run_in_threadpool(files.fetch, _asker(request), row_id(request.path_params["id"]) or 0)
    except Unavailable:
        raise
    except Refused as refused:
        return PlainTextResponse(str(refused), 403, NOT_KEPT)
    shown_as = f"inline; filename*=UTF-8''{quote(kept.name)}"
    headers = {"Content-Disposition": shown_as, **NOT_KEPT}
    return Response(kept.content, headers=headers, media_type=kept.media_type)


def _asker(request: Request) -> Asker:
    return Asker(portal(), request.cookies.get(COOKIE), now())


def routes() -> list[BaseRoute]:
    """All that is answered beside the pages."""
    return [
        Route("/healthz", healthz),
        Route("/session/start", start_session),
        Route("/session/end", end_session),
        single_sign_on.routes(),
        Route("/documents/{id}", document),
        *maps.asset_routes(),
    ]
