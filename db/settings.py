"""Every setting of the portal: its name in the environment, its default, its unit and its meaning.

Each is read from the environment variable of the same name in capitals. A wrong value stops the start with
a sentence that says which one, and why.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

_KEY_BYTES = 32
_SECRET = ("app_key", "smtp_password", "database_url")  # never repeated in a sentence


class WrongSetting(Exception):
    """A setting is wrong; the message is the sentence to print."""


def _without_trailing_slash(url: str) -> str:
    return url.rstrip("/")


def _long_enough(key: SecretStr) -> SecretStr:
    length = len(key.get_secret_value().encode())
    if 0 < length < _KEY_BYTES:
        raise ValueError(f"it has {length} bytes; give at least {_KEY_BYTES}")
    return key


def _a_database(url: str) -> str:
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")) or url.endswith("//"):
        raise ValueError("write sqlite:///path/to/file or postgresql+psycopg://user:password@host/name")
    return url


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
    public_url: Annotated[str, AfterValidator(_without_trailing_slash)] = Field(
        "http://localhost:8501",
        pattern=r"^https?://[^\s/]+",
        description="Address at which browsers reach the portal; links in mails begin with it.",
    )
    address: str = Field("0.0.0.0", description="Network address the server listens on.")  # noqa: S104 - meant
    port: int = Field(8501, ge=1, le=65535, description="Port the server listens on.")
    demo: bool = Field(
        False, description="True: a demo database, filled with invented people. Never mixes with a real one."
    )
    first_admin_email: str = Field(
        "",
        description="E-mail address of the first admin, whose invitation is printed at the start of a portal "
        "without an admin. Empty: whoever opens the printed link enters one.",
    )
    smtp_host: str = Field(
        "", description="Mail server. Empty: mail is kept in the outbox and shown to the admin."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection to the mail server is protected."
    )
    smtp_user: str = Field("", description="User name at the mail server; empty where it asks for none.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password at the mail server.")
    mail_from: str = Field(
        "Operator Workforce Matching Portal <portal@localhost>", description="Sender of the portal's mails."
    )
    office_telephone: str = Field("1-877-231-2122", description="The certification office's telephone number.")
    tile_url: str = Field(
        "", description="Address template of a map tile server, {z}/{x}/{y}. Empty: the map we ship."
    )
    looks_per_day: int = Field(
        50, ge=1, le=10_000, description="Contact details that one organization may open a day (Toronto's day)."
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
