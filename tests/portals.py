"""Portals for tests: settings made here, whatever the environment of this machine says."""

from pydantic import SecretStr

from db.engine import Database
from db.gate import Portal
from db.keys import AppKey
from db.settings import Settings

KEY = "a key of the tests, longer than 32 bytes"


def settings_for(database_url: str, **changes: object) -> Settings:
    """The settings' defaults on a database, whatever this machine's environment says."""
    given = {"database_url": database_url, "app_key": SecretStr(KEY), **changes}
    return Settings.model_construct(**given)  # type: ignore[arg-type]


def portal_on(database_url: str, **changes: object) -> Portal:
    """A portal on a database that is there and migrated."""
    return portal_with(Database(database_url), **changes)


def portal_with(database: Database, **changes: object) -> Portal:
    """A portal on an opened database that is migrated."""
    url = database.url.render_as_string(hide_password=False)
    return Portal(settings_for(url, **changes), database, AppKey(KEY.encode()))
