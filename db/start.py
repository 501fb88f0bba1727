"""Opens the portal: folder, database, migrations, mark, key, and the first admin's invitation."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.roles import Role
from db import audit
from db.accounts import contacts, links
from db.accounts.links import Purpose
from db.accounts.new_accounts import NewAccount, add_account
from db.engine import CannotStart, Database
from db.gate import Portal, now
from db.keys import app_key
from db.migrate import revision_of, upgrade
from db.schema import Account, AccountRole, AuditHead, Installation, MailedLink
from db.settings import Settings

__all__ = ["CannotStart", "existing_database", "open_database", "open_portal"]

_FOLDER = Path("var")  # of the key, where the database is not a file
_MARK = "demo"


def open_portal(settings: Settings) -> Portal:
    """The portal of these settings, its database migrated. Raises CannotStart with a sentence."""
    database = open_database(settings)
    key = app_key(settings, (_file(settings) or _FOLDER / "x").with_name("app.key"))
    with database.transaction(writes=True) as session:
        _one_start_at_a_time(session)
        _check_mark(session, settings)
        link = None if settings.demo else _first_admins_link(session, settings, now())
    if link:
        hours = Purpose.INVITATION.lasts // timedelta(hours=1)
        sys.stdout.write(f"The portal has no admin yet. Who opens this link within {hours} hours is:\n{link}\n")
        sys.stdout.flush()
    return Portal(settings, database, key)


def open_database(settings: Settings, *, migrated: bool = True) -> Database:
    """The database of these settings, made where it is a file that is not there, and migrated unless told."""
    file = _file(settings)
    with _reached(settings):
        if file:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        database = Database(settings.database_url)
        if migrated:
            upgrade(database)
        else:
            database.engine.connect().close()
    return database


def existing_database(settings: Settings) -> Database:
    """The database of these settings as it is, neither made nor migrated. Raises CannotStart where none is."""
    file = _file(settings)
    if file and not file.exists():
        raise CannotStart(
            f"There is no database at {file}. Run this in the portal's folder, or name the database in the "
            "setting DATABASE_URL."
        )
    database = open_database(settings, migrated=False)
    with _reached(settings), database.engine.connect() as connection:
        if revision_of(connection) is None:
            raise CannotStart(
                f"The database {_named(settings)} holds no tables of the portal. Check the setting DATABASE_URL."
            )
    return database


@contextmanager
def _reached(settings: Settings) -> Iterator[None]:
    """Says in a sentence when the database cannot be opened."""
    try:
        yield
    except (DBAPIError, OSError) as error:
        why = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()[0]
        raise CannotStart(
            f"The database {_named(settings)} cannot be opened: {why}. Check that it runs, and the setting "
            "DATABASE_URL."
        ) from None


def _named(settings: Settings) -> str:
    return make_url(settings.database_url).render_as_string(hide_password=True)


def _file(settings: Settings) -> Path | None:
    """The file of a SQLite database; None for another one."""
    if not settings.is_sqlite:
        return None
    return Path(make_url(settings.database_url).database or "")


def _one_start_at_a_time(session: Session) -> None:
    session.execute(select(AuditHead).with_for_update()).one()


def _check_mark(session: Session, settings: Settings) -> None:
    """A demo database stays one, and so does a real one; the first start decides which."""
    mark = session.get(Installation, _MARK)
    if mark is None:
        used = session.scalar(select(exists(select(Account.id))))
        mark = Installation(name=_MARK, value=str(settings.demo and not used))
        session.add(mark)
    if mark.value == str(settings.demo):
        return
    found, asked = ("demo", "False") if settings.demo is False else ("real", "True")
    raise CannotStart(
        f"The database is a {found} one, but the setting DEMO is {asked}. Demo people never mix with real ones: "
        f"name another database in DATABASE_URL, or change DEMO."
    )


def _first_admins_link(session: Session, settings: Settings, at: datetime) -> str | None:
    """The address of an invitation for the first admin, or None where there is an admin or an open invitation."""
    admins = session.scalars(
        select(Account)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(AccountRole.role == Role.ADMIN, AccountRole.ended_at.is_(None), Account.state != "closed")
    ).all()
    if any(account.state != "invited" or _has_open_invitation(session, account, at) for account in admins):
        return None
    account = admins[0] if admins else _invited_admin(session, settings.first_admin_email, at)
    secret = links.make(session, at, account, Purpose.INVITATION)
    audit.append(session, at, None, [audit.Entry("link.printed", "account", account.id, {})])
    return f"{settings.public_url}/invitation?key={secret}"


def _has_open_invitation(session: Session, account: Account, at: datetime) -> bool:
    unused = exists().where(
        MailedLink.account_id == account.id,
        MailedLink.purpose == Purpose.INVITATION,
        MailedLink.used_at.is_(None),
        MailedLink.expires_at > at,
    )
    return bool(session.scalar(select(unused)))


def _invited_admin(session: Session, email: str, at: datetime) -> Account:
    """An account without a name; without an e-mail too, where none is set or it is somebody's already."""
    address = contacts.as_typed(email)
    taken = session.scalar(select(Account.id).where(Account.email == address))
    new = NewAccount(email="" if taken else address, roles=(Role.ADMIN,), state="invited")
    account = add_account(session, at, new)
    audit.append(session, at, None, [audit.Entry("account.invited", "account", account.id, {"role": Role.ADMIN})])
    return account
