"""Every setting of the portal: its name in the environment, its default, its unit and its meaning.

Each is read from the environment variable of the same name in capitals. A wrong value stops the start with
a sentence that says which one, and why.
"""

import re
from decimal import Decimal
from ipaddress import ip_address
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from db.accounts.contacts import checked_email

_KEY_BYTES = 32
_SECRET = ("app_key", "smtp_password", "database_url", "oidc_client_secret")  # never repeated in a sentence
_MOST_PORT = 65535
_ORIGIN = r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?"
_ISSUER = r"(https://[A-Za-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?"
_METADATA = "/.well-known/openid-configuration"
_SENDER = r"ADDRESS|[^<>@\r\n]+ <ADDRESS>".replace("ADDRESS", r"[A-Za-z0-9.+_-]+@[A-Za-z0-9.-]+")


class WrongSetting(Exception):
    """A setting is wrong; the message is the sentence to print."""


def _an_origin(url: str) -> str:
    origin = url.rstrip("/")
    if not re.fullmatch(_ORIGIN, origin):
        raise ValueError("write https://host or https://host:port, without a path")
    return origin


def _a_sender(sender: str) -> str:
    if not re.fullmatch(_SENDER, sender):
        raise ValueError("write an e-mail address, or Name <address>")
    return sender


def _an_email_or_nothing(email: str) -> str:
    if email and not checked_email(email):
        raise ValueError("it is not an e-mail address")
    return email


def _tiles_or_nothing(url: str) -> str:
    """Its origin stands in the content security policy, so nothing else may."""
    if url and not (
        re.fullmatch(_ORIGIN + r"/[^\s;,'\"]*", url) and all(part in url for part in ("{z}", "{x}", "{y}"))
    ):
        raise ValueError("write https://host/ and a path that contains {z}, {x} and {y}, without blanks")
    return url


def _an_ip_address(address: str) -> str:
    ip_address(address)  # its ValueError says what is wrong
    return address


def _there_if_user(password: SecretStr, info: ValidationInfo) -> SecretStr:
    if info.data.get("smtp_user") and not password.get_secret_value():
        raise ValueError("SMTP_USER is set, so a password is needed")
    return password


def _an_issuer_or_nothing(url: str) -> str:
    issuer = url.removesuffix(_METADATA).rstrip("/")
    if issuer and not re.fullmatch(_ISSUER, issuer):
        raise ValueError("write https://host or https://host/path; http:// is for localhost only")
    return issuer


def _there_if_issuer(given: str | SecretStr, info: ValidationInfo) -> str | SecretStr:
    """A provider is named with all it takes, or not at all. A wrong issuer has a sentence of its own already."""
    there = bool(given.get_secret_value() if isinstance(given, SecretStr) else given)
    if there is not bool(info.data.get("oidc_issuer", there)):
        raise ValueError(
            "OIDC_ISSUER is empty, so this says nothing" if there else "OIDC_ISSUER is set, so it is needed"
        )
    return given


def _long_enough(key: SecretStr) -> SecretStr:
    length = len(key.get_secret_value().encode())
    if 0 < length < _KEY_BYTES:
        raise ValueError(f"it has {length} bytes; give at least {_KEY_BYTES}")
    return key


def _a_database(url: str) -> str:
    if not _is_known(url):
        raise ValueError("write sqlite:///path/to/file or postgresql+psycopg://user:password@host:port/name")
    return url


def _is_known(url: str) -> bool:
    """Whether it names a file, or a database of a server at a port that can be."""
    try:
        parts: URL = make_url(url)
    except (ArgumentError, ValueError):
        return False
    if parts.drivername == "sqlite":
        return bool(parts.database) and parts.database != ":memory:" and not parts.host
    return parts.drivername == "postgresql+psycopg" and bool(parts.database) and (parts.port or 1) <= _MOST_PORT


class Settings(BaseSettings):
    """The portal's settings. A field's description is its unit and meaning."""

    model_config = SettingsConfigDict(env_prefix="", frozen=True, extra="ignore")

    database_url: Annotated[str, AfterValidator(_a_database)] = Field(
        "sqlite:///var/portal.db",
        description="SQLAlchemy address of the database: SQLite or PostgreSQL (postgresql+psycopg://…).",
    )
    app_key: Annotated[SecretStr, AfterValidator(_long_enough)] = Field(
        SecretStr(""),
        description="Secret of 32 bytes or more. Empty: one is made and kept in app.key beside the "
        "SQLite database, or in var/ (one machine only).",
    )
    public_url: Annotated[str, AfterValidator(_an_origin)] = Field(
        "http://localhost:8501",
        description="Address at which browsers reach the portal; links in mails begin with it.",
    )
    address: Annotated[str, AfterValidator(_an_ip_address)] = Field(
        "0.0.0.0",  # noqa: S104 - meant: every network of the machine
        description="Network address the server listens on, such as 127.0.0.1 for this machine only.",
    )
    port: int = Field(8501, ge=1, le=_MOST_PORT, description="Port the server listens on.")
    demo: bool = Field(
        False, description="True: a demo database, filled with invented people. Never mixes with a real one."
    )
    first_admin_email: Annotated[str, AfterValidator(_an_email_or_nothing)] = Field(
        "",
        description="E-mail address of the first admin, whose invitation is printed at the start of a portal "
        "without an admin. Empty: whoever opens the printed link enters one.",
    )
    smtp_host: str = Field(
        "", description="Mail server. Empty: mail is kept in the outbox and shown to the admin."
    )
    smtp_port: int = Field(587, ge=1, le=_MOST_PORT, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection to the mail server is protected."
    )
    smtp_user: str = Field("", description="User name at the mail server; empty where it asks for none.")
    smtp_password: Annotated[SecretStr, AfterValidator(_there_if_user)] = Field(
        SecretStr(""), description="Password at the mail server."
    )
    mail_from: Annotated[str, AfterValidator(_a_sender)] = Field(
        "Operator Workforce Matching Portal <portal@localhost>", description="Sender of the portal's mails."
    )
    oidc_issuer: Annotated[str, AfterValidator(_an_issuer_or_nothing)] = Field(
        "",
        description="Issuer of the OpenID Connect provider for single sign-on, such as https://login.example.ca. "
        "Empty: people sign in by password only.",
    )
    oidc_client_id: Annotated[str, AfterValidator(_there_if_issuer)] = Field(
        "", description="The portal's client id at that provider."
    )
    oidc_client_secret: Annotated[SecretStr, AfterValidator(_there_if_issuer)] = Field(
        SecretStr(""), description="The portal's client secret at that provider."
    )
    oidc_label: str = Field(
        "Sign in with single sign-on",
        min_length=1,
        max_length=60,
        description="What the button for single sign-on says.",
    )
    office_telephone: str = Field("1-877-231-2122", description="The certification office's telephone number.")
    tile_url: Annotated[str, AfterValidator(_tiles_or_nothing)] = Field(
        "", description="Address template of a map tile server, {z}/{x}/{y}. Empty: the map we ship."
    )
    looks_per_day: int = Field(
        50,
        ge=1,
        le=10_000,
        description="Operators whose contact details one organization may open a day (Toronto's day).",
    )
    listing_mb: int = Field(
        20, ge=1, le=200, description="Megabytes of the largest listing of the ministry that is read."
    )
    vanishing_percent: Decimal = Field(
        Decimal(2),
        ge=0,
        le=100,
        description="Percent of a listing's lines: where more than these vanish or cannot be read, a second "
        "officer confirms the import.",
    )
    staff_idle_minutes: int = Field(
        30, ge=1, le=1440, description="Minutes without a click that end a staff session."
    )
    session_hours: int = Field(12, ge=1, le=720, description="Hours without a click that end other sessions.")
    worker_in_app: bool = Field(
        True,
        description="True: mail and nightly jobs run in the app. False: run `python -m db.worker` beside it.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least level that is logged."
    )

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def tile_origin(self) -> str:
        """Scheme and host of the tile server; empty where none is set."""
        return "/".join(self.tile_url.split("/")[:3])

    @property
    def single_sign_on(self) -> bool:
        """Whether a provider is named, beside whom the password stays."""
        return bool(self.oidc_issuer)

    @property
    def behind_tls(self) -> bool:
        return self.public_url.startswith("https://")


def load() -> Settings:
    """The settings of this environment. Raises WrongSetting with a sentence for every wrong value."""
    try:
        return Settings()
    except ValidationError as error:
        raise WrongSetting("\n".join(_sentence(dict(problem)) for problem in error.errors())) from None


def _sentence(problem: dict[str, Any]) -> str:
    name = str(problem["loc"][0])
    given = "" if name in _SECRET else f" is {problem['input']!r}, but"
    wrong = str(problem["msg"]).removeprefix("Value error, ")
    return f"Setting {name.upper()}{given}: {wrong}. {Settings.model_fields[name].description} Start again then."
