"""Secrets: random tokens, what is kept of them, and the application's key."""

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from db.settings import Settings


def new_secret() -> str:
    """256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """What the database keeps of a random secret: SHA-256, hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True)
class AppKey:
    """The application's key: encrypts what must be read again, and hashes what must only be compared."""

    raw: bytes

    def encrypt(self, text: str) -> bytes:
        return self._fernet().encrypt(text.encode())

    def decrypt(self, token: bytes) -> str:
        return self._fernet().decrypt(token).decode()

    def keyed_hash(self, text: str) -> str:
        """For what could be guessed, such as an e-mail address: no use without the key."""
        return hmac.new(self.raw, text.encode(), hashlib.sha256).hexdigest()

    def _fernet(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(hashlib.sha256(self.raw).digest()))


def app_key(settings: Settings, kept_in: Path) -> AppKey:
    """The key of the settings, or the one kept in the file `kept_in`, made at the first start."""
    given = settings.app_key.get_secret_value()
    if given:
        return AppKey(given.encode())
    kept_in.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(kept_in, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return AppKey(kept_in.read_bytes())
    with os.fdopen(descriptor, "wb") as file:
        file.write(new_secret().encode())
    return AppKey(kept_in.read_bytes())
