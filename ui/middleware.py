"""What every answer of the server passes through: safe headers, and the one HTML document of all pages."""

from pathlib import Path
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import Response

from db.keys import new_secret
from ui.session import BROWSER_COOKIE, portal

_POLICY = (
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",  # streamlit-folium needs eval
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:{tiles}",
    "font-src 'self' data:",
    "connect-src 'self' ws: wss:",
    "worker-src 'self' blob:",
    "frame-src 'self' blob: data:",
    "frame-ancestors 'self'",
    "base-uri 'self'",
    "form-action 'self'",
    "object-src 'none'",
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_YEAR = 365 * 24 * 3600

# Streamlit's browser code looks for its server at every part of the address, which at a deep link begins with
# two answers "not found". It is told where the server is; our own script begins before it; and the tab bears our
# name from the first moment.
_SCRIPT = (Path(__file__).parent / "static" / "portal.js").read_bytes()
_HEAD = b"<head>"
_OUR_HEAD = b"<head><script>window.__streamlit={BACKEND_BASE_URL:location.origin};\n" + _SCRIPT + b"</script>"
_TITLE, _OUR_TITLE = b"<title>Streamlit</title>", b"<title>Operator Workforce Matching Portal</title>"


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
                MutableHeaders(scope=message).update(safe_headers())
            await send(message)

        await self.app(scope, receive, send_with_headers)


class PageDocument:
    """Completes the HTML document in which every page is drawn, and gives each browser a cookie of its own."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        uncompressed = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        started: Any = None
        body = bytearray()

        async def collect(message: Any) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = message
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                await _document(started, bytes(body), scope)(scope, receive, send)

        await self.app({**scope, "headers": uncompressed}, receive, collect)


def _document(started: Any, body: bytes, scope: Any) -> Response:
    headers = Headers(raw=started["headers"])
    if headers.get("content-type", "").startswith("text/html"):
        body = body.replace(_HEAD, _OUR_HEAD, 1).replace(_TITLE, _OUR_TITLE, 1)
    response = Response(body, started["status"])
    response.raw_headers = [pair for pair in started["headers"] if pair[0].lower() != b"content-length"]
    response.headers["content-length"] = str(len(body))
    if f"{BROWSER_COOKIE}=" not in Headers(scope=scope).get("cookie", ""):
        secure = portal().settings.behind_tls
        response.set_cookie(BROWSER_COOKIE, new_secret(), _YEAR, httponly=True, secure=secure, samesite="lax")
    return response


def safe_headers() -> dict[str, str]:
    """The security headers; the content policy lets in the tile server where one is set."""
    settings = portal().settings
    tiles = f" {settings.tile_origin}" if settings.tile_url else ""
    headers = {"Content-Security-Policy": "; ".join(_POLICY).format(tiles=tiles), **_HEADERS}
    if settings.behind_tls:
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
    return headers


def middleware() -> list[Middleware]:
    """What the server wraps every answer in, the outermost first."""
    return [Middleware(SafeHeaders), Middleware(PageDocument)]
