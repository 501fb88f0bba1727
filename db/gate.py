"""The gate that every service stands behind: who asks is read from the database, and the right is checked.

A service is written as a function of `Work` and called with an `Asker`:

    @service(Role.OFFICER, writes=True)
    def approve(work: Work, submission_id: int, version: int) -> None: ...

    approve(asker, 12, version=3)

The gate opens one transaction, finds out whose session the asker's token is, refuses whoever has no right,
runs the service, adds its audit entries and commits: all of it, or nothing.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, Final, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, joinedload

from core.places import OFFICE_TIME_ZONE
from core.problems import Problem, Refused
from core.roles import STAFF, Role
from core.sentences import Sentence
from db import audit
from db.engine import Database
from db.keys import AppKey, fingerprint
from db.mail import outbox
from db.schema import Account, LoginSession
from db.settings import Settings

log = structlog.get_logger()

Row = TypeVar("Row")
Given = ParamSpec("Given")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Portal:
    """What a running portal has: its settings, its database and its key."""

    settings: Settings
    database: Database
    key: AppKey


@dataclass(frozen=True)
class Asker:
    """Who asks, of which portal, and when: the first argument of every service.

    `token` is the value of the session's cookie, None when signed out; `at` is the moment of asking, UTC.
    """

    portal: Portal
    token: str | None
    at: datetime


class NotSignedIn(Refused):
    """Nobody is signed in, or the session has ended."""

    def __init__(self) -> None:
        super().__init__(Problem("", Sentence("You are not signed in, or your session has ended. Sign in again.")))


class NotAllowed(Refused):
    """Somebody is signed in who has no right to this."""

    def __init__(self) -> None:
        super().__init__(Problem("", Sentence("This is not for your role, so nothing was done or shown.")))


class Unavailable(Refused):
    """The database does not answer."""

    def __init__(self) -> None:
        super().__init__(
            Problem("", Sentence("The database does not answer, so nothing was done. Try again in a minute."))
        )


class CannotBeKept(Refused):
    """The database has no room for a value: a number too large, the sign U+0000, half a character."""

    def __init__(self) -> None:
        super().__init__(
            Problem(
                "",
                Sentence("Nothing was done: what was entered holds a sign or a number that cannot be kept. "
                         "Enter it anew."),
            )
        )  # fmt: skip


class Stale(Refused):
    """What this page shows was changed meanwhile, by somebody else or in another window."""

    def __init__(self, by: str, at: datetime) -> None:
        super().__init__(
            Problem(
                "",
                Sentence(
                    "This was changed by {by} on {at} (Toronto’s time), after your page was drawn. Nothing was "
                    "done; look at what stands now, then decide again.",
                    by=by,
                    at=at.astimezone(ZoneInfo(OFFICE_TIME_ZONE)),
                ),
            )
        )


Last = Callable[["Work", list[Any]], object]
"""What is done once, when a service has ended well and before its transaction does."""


@dataclass
class Work:
    """One service at work: its transaction, the moment, and the account that asks."""

    portal: Portal
    session: Session
    at: datetime
    signed_in: Account | None
    login: LoginSession | None
    _entries: list[audit.Entry] = field(default_factory=list)
    _last: dict[Last, dict[Any, None]] = field(default_factory=dict)

    @property
    def account(self) -> Account:
        """The account that asks. Raises NotSignedIn where nobody is signed in."""
        if self.signed_in is None:
            raise NotSignedIn
        return self.signed_in

    @property
    def roles(self) -> frozenset[Role]:
        """The roles of the account that asks; none where nobody is signed in."""
        return roles_of(self.signed_in) if self.signed_in else frozenset()

    def record(self, action: str, subject: str, subject_id: int | None, **details: Any) -> None:
        """Adds an entry to the audit trail when the service ends well. No personal data in `details`."""
        self._entries.append(audit.Entry(action, subject, subject_id, details))

    def before_the_end(self, act: Last, ids: Iterable[Any]) -> None:
        """Has something done once, in this transaction, with all the ids that were named for it on the way."""
        self._last.setdefault(act, {}).update(dict.fromkeys(ids))

    def mail(
        self, to: Account, template: str, *, secret: str | None = None, address: str = "", **values: Any
    ) -> None:
        """Puts a mail into the outbox, in this transaction. `secret` is the secret of a link in it; `address`
        is where it goes when not to the account's own e-mail."""
        outbox.put(self.session, self.portal.key, self.at, to, template, values, secret, address)

    def mail_all(self, template: str, mails: Mapping[Account, dict[str, Any]]) -> None:
        """Puts a mail without a link for each account, with its values, into the outbox."""
        outbox.put_all(self.session, self.at, template, mails)

    def touch(self, row: Any, seen_version: int) -> None:
        """Marks a versioned row as changed now. Raises Stale where it is no longer the version that was seen.

        Load the row with `for_update` first, so that nobody changes it in between.
        """
        if row.version != seen_version:
            raise Stale(self.called(row.changed_by), row.changed_at)
        row.version += 1
        row.changed_at = self.at
        row.changed_by = self.account_id

    def called(self, account_id: int | None) -> str:
        """What whoever asks reads of who changed something."""
        if account_id is None:
            return "the portal"
        if account_id == self.account_id:
            return "you, in another window,"
        return self.session.get_one(Account, account_id).person.name

    def for_update(self, table: type[Row], row_id: int) -> Row:
        """A row by id, locked until the end. Raises Refused where there is none."""
        lock = {"of": table, "key_share": True}  # this row alone, and no foreign key to it has to wait
        row = self.session.get(table, row_id, with_for_update=lock, populate_existing=True)
        if row is None:
            raise Refused(Problem("", Sentence("There is nothing at this address. Check the link.")))
        return row

    @property
    def account_id(self) -> int | None:
        """The id of the account that asks; None where nobody is signed in."""
        return self.signed_in.id if self.signed_in else None

    def _finish(self) -> None:
        for act, ids in self._last.items():
            act(self, list(ids))
        if self._entries:
            audit.append(self.session, self.at, self.account_id, self._entries)


@contextmanager
def unattended(portal: Portal, at: datetime) -> Iterator[Work]:
    """The portal's own work, asked for by nobody: one transaction with its audit entries, as a service's."""
    with portal.database.transaction(writes=True) as session:
        work = Work(portal, session, at, None, None)
        yield work
        work._finish()


def roles_of(account: Account) -> frozenset[Role]:
    """The roles that an account holds now."""
    return frozenset(Role(row.role) for row in account.roles if row.ended_at is None)


ANYONE: Final = "anyone"
SIGNED_IN: Final = "signed in"
Right = Role | str


@dataclass(frozen=True)
class Rights:
    """What is known of a service from outside: who may ask, and whether it writes or shows personal data."""

    who: tuple[Right, ...]
    writes: bool
    shows_personal_data: bool

    def allow(self, account: Account | None) -> bool:
        """Whether an account may ask. Raises NotSignedIn where it takes one and there is none."""
        if ANYONE in self.who:
            return True
        if account is None:
            raise NotSignedIn
        return SIGNED_IN in self.who or not roles_of(account).isdisjoint(self.who)


def service(
    *who: Right, writes: bool = False, shows_personal_data: bool = False
) -> Callable[[Callable[Concatenate[Work, Given], Answer]], Callable[Concatenate[Asker, Given], Answer]]:
    """Makes a service of a function of Work: the rights in `who` are a union, ANYONE and SIGNED_IN among them.

    The service raises NotSignedIn, NotAllowed or Unavailable before its body runs; CannotBeKept where the
    database has no room for a value that its body was given. One that shows other
    people's personal data records each look, so its transaction writes.
    """
    rights = Rights(who, writes or shows_personal_data, shows_personal_data)

    def make(body: Callable[Concatenate[Work, Given], Answer]) -> Callable[Concatenate[Asker, Given], Answer]:
        @functools.wraps(body)
        def ask(asker: Asker, /, *given: Given.args, **named: Given.kwargs) -> Answer:
            try:
                with asker.portal.database.transaction(writes=rights.writes) as session:
                    account, login = _who(session, asker)
                    if not rights.allow(account):
                        raise NotAllowed
                    work = Work(asker.portal, session, asker.at, account, login)
                    answer = body(work, *given, **named)
                    work._finish()
                    return answer
            except (OperationalError, InterfaceError, PoolTimeout) as error:
                log.error("database.unavailable", service=body.__name__, error=type(error).__name__)
                raise Unavailable from error
            except (DataError, OverflowError, UnicodeEncodeError) as error:
                raise CannotBeKept from error

        ask.rights = rights  # type: ignore[attr-defined]  # a function has no such attribute; tests read it
        return ask

    return make


Steps = TypeVar("Steps", bound=Callable[..., Any])


def in_steps(*who: Right, writes: bool = False, shows_personal_data: bool = False) -> Callable[[Steps], Steps]:
    """Marks a service that runs other services one after the other, each in a transaction of its own.

    For slow work between them, such as hashing a password (a quarter of a second), that must hold no lock,
    and for what must stand although the answer is a refusal, such as the count of failed sign-ins.
    Its rights are those that its steps check.
    """

    def mark(steps: Steps) -> Steps:
        steps.rights = Rights(  # type: ignore[attr-defined]  # a function has no such attribute; tests read it
            who, writes or shows_personal_data, shows_personal_data
        )
        return steps

    return mark


# In one statement, and made once, because every service asks it first.
_WHOSE = (
    select(LoginSession, Account)
    .join(Account, Account.id == LoginSession.account_id)
    .options(joinedload(Account.roles))
    .where(LoginSession.token_hash == bindparam("token_hash"))
)


def _who(session: Session, asker: Asker) -> tuple[Account | None, LoginSession | None]:
    """The account whose session the asker's token is, or nobody: unknown, ended, idle too long, disabled."""
    if not asker.token:
        return None, None
    row = session.execute(_WHOSE, {"token_hash": fingerprint(asker.token)}).unique().one_or_none()
    if row is None:
        return None, None
    login, account = row
    if login.ended_at is not None or account.state != "active":
        return None, None
    if asker.at - login.seen_at >= idle_limit(asker.portal.settings, roles_of(account)):
        return None, None
    return account, login


def idle_limit(settings: Settings, roles: frozenset[Role]) -> timedelta:
    """How long a session may stand without a click: shorter for whoever has a staff role."""
    if roles & STAFF:
        return timedelta(minutes=settings.staff_idle_minutes)
    return timedelta(hours=settings.session_hours)


def now() -> datetime:
    """The moment, UTC. Called where a request begins, never inside a service."""
    return datetime.now(UTC)
