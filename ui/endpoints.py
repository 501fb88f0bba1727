"""What the server's own answers, beside the pages, share."""

import functools
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from db.gate import Unavailable

Endpoint = Callable[[Request], Awaitable[Response]]
NOT_KEPT = {"Cache-Control": "no-store"}


def says_when_away(endpoint: Endpoint) -> Endpoint:
    """Makes an endpoint answer 503, and the sentence why, while the database is away."""

    @functools.wraps(endpoint)
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Unavailable as away:
            return PlainTextResponse(str(away), 503, NOT_KEPT)

    return answer
