"""A real OpenID provider on this machine: it consents at once, and lies where a test tells it to."""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "the portal", "a secret of the tests & the provider"
KEY = ECKey.generate_key("P-256", {"kid": "one"}, auto_kid=False)


@dataclass
class Provider:
    """The provider: who stands before it, and what it says wrongly."""

    url: str = ""
    email: str = "ann@example.ca"
    claims: dict[str, Any] = field(default_factory=dict)  # in the token, instead of the right ones
    metadata: dict[str, Any] = field(default_factory=dict)  # of itself, instead of the right one
    header: dict[str, str] = field(default_factory=lambda: {"alg": "ES256", "kid": "one"})
    key: Any = field(default_factory=lambda: KEY)  # signs the tokens; it always publishes the right one
    refuses: str = ""  # the error with which it sends people back
    asked: list[str] = field(default_factory=list)  # the paths, in order
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def settings(self) -> dict[str, object]:
        """What a portal is told of it."""
        return {
            "oidc_issuer": self.url,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret": SecretStr(CLIENT_SECRET),
        }

    def environment(self) -> dict[str, str]:
        """The same, as a server is told."""
        return {"OIDC_ISSUER": self.url, "OIDC_CLIENT_ID": CLIENT_ID, "OIDC_CLIENT_SECRET": CLIENT_SECRET}

    def app(self) -> Starlette:
        """Its web site."""
        ways = {
            "/.well-known/openid-configuration": self._describe,
            "/authorize": self._authorize,
            "/token": self._token,
            "/keys": self._keys,
        }
        return Starlette(routes=[Route(path, way, methods=["GET", "POST"]) for path, way in ways.items()])

    async def _describe(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        right = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        }
        return JSONResponse(right | self.metadata)

    async def _keys(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        return JSONResponse({"keys": [KEY.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["response_type"] == "code"
        assert asked["scope"] == "openid email"
        assert asked["code_challenge_method"] == "S256"
        answer = {"state": asked["state"]}
        if self.refuses:
            answer["error"] = self.refuses
        else:
            answer["code"] = secrets.token_urlsafe()
            self._codes[answer["code"]] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}", 302)

    async def _token(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        async with request.form() as form:
            given = {name: str(value) for name, value in form.items()}
        asked = self._codes.pop(given.get("code", ""), None)
        if asked is None or not _is_right(request, given, asked):
            return JSONResponse({"error": "invalid_grant"}, 400)
        at = int(time.time())
        right = {
            "iss": self.url, "aud": CLIENT_ID, "sub": "1", "iat": at, "exp": at + 300, "nonce": asked["nonce"],
            "email": self.email, "email_verified": True,
        }  # fmt: skip
        token = jwt.encode(self.header, right | self.claims, self.key, algorithms=[self.header["alg"]])
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": token})


def _is_right(request: Request, given: dict[str, str], asked: dict[str, str]) -> bool:
    """Whether whoever brings a code is the client that asked for it, and has its secrets."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(given["code_verifier"].encode()).digest()).rstrip(b"=")
    client = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
    same_page = given["redirect_uri"] == asked["redirect_uri"]
    return same_page and challenge.decode() == asked["code_challenge"] and client == f"{CLIENT_ID}:{CLIENT_SECRET}"


@contextmanager
def running() -> Iterator[Provider]:
    """A provider at an address of its own, until the end of the block."""
    provider = Provider()
    server = uvicorn.Server(uvicorn.Config(provider.app(), host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "The provider did not start."
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    provider.url = f"http://127.0.0.1:{port}"
    yield provider
    server.should_exit = True
    thread.join()
