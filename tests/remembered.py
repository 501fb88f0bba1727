"""Worlds that many tests begin with: built by the services as ever, and the next time put back from a copy.

Two thirds of what a test of a service cost was its world: an owner whom the office has approved, or a crew.
A function that is `remembered` builds it. When it is called again with the same arguments, on a database in the
same state as then, the database is put where the function had left it. The state is known as long as only
such functions have written since the database was empty; whatever else writes, through any engine of this
process, ends that until the next test. A test that patches something is never given a copy.
"""

import itertools
import sqlite3
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar

from sqlalchemy import Engine, event

from db.engine import Database
from db.gate import Asker, Portal

MOST = 3000  # copies that one process keeps, of some 30 kB each
_READS = ("select", "begin ", "savepo", "releas", "rollba", "pragma")  # how what only reads begins

_SOMEWHERE = " at 0x"  # of a text that says where a value is, not what
_Key = tuple[type, int, str]  # the kind of database, its state, and the call
P = ParamSpec("P")
T = TypeVar("T")


class Copier(Protocol):
    """Copies one database, and puts it where a copy of its kind was made."""

    database: Database

    def empty(self) -> None: ...

    def keep(self) -> Any: ...

    def put_back(self, copy: Any) -> None: ...

    def forget(self, copy: Any) -> None: ...


class FileCopier:
    """Copies an SQLite database into this process, as its pages hold little; `migrated` is one without rows."""

    def __init__(self, database: Database, migrated: Path) -> None:
        self.database, self._migrated = database, migrated
        self._file = Path(database.url.database or "")

    def empty(self) -> None:
        self._write(self._migrated.read_bytes())

    def keep(self) -> bytes:
        with closing(sqlite3.connect(self._file)) as source:
            return zlib.compress(source.serialize(), level=1)

    def put_back(self, copy: bytes) -> None:
        self._write(zlib.decompress(copy))

    def forget(self, copy: bytes) -> None:
        """It goes with whoever held it."""

    def _write(self, content: bytes) -> None:
        self.database.close()
        for end in ("", "-wal", "-shm"):
            Path(f"{self._file}{end}").unlink(missing_ok=True)
        self._file.write_bytes(content)


@dataclass
class _Followed:
    """A database whose state has this number: 0 is empty, None unknown."""

    copier: Copier
    state: int | None = 0


@dataclass(frozen=True)
class _Built:
    """What a function left behind: a state, its copy, and the answer."""

    state: int
    copy: Any
    copier: Copier
    answer: Any


_states = itertools.count(1)
_followed: dict[Engine, _Followed] = {}
_built: OrderedDict[_Key, _Built] = OrderedDict()


@contextmanager
def following(copier: Copier) -> Iterator[None]:
    """The database is migrated and empty; what writes to it is followed from here on."""
    engine = copier.database.engine
    _followed[engine] = _Followed(copier)
    yield
    del _followed[engine]


def start_anew(portal: Portal) -> None:
    """The database of this portal of a test is as it was when the test began: migrated and empty."""
    followed = _followed[portal.database.engine]
    followed.copier.empty()
    followed.state = 0


def remembered(build: Callable[P, T]) -> Callable[P, T]:
    """Makes a function's work one that is put back.

    Its first argument is a portal, or somebody who asks one. All that it is given, and its answer, is such or has
    a text that says all of its value. It depends on nothing else.
    """

    @wraps(build)
    def called(*given: P.args, **named: P.kwargs) -> T:
        first: Any = given[0]
        portal: Portal = first if isinstance(first, Portal) else first.portal
        followed = _followed.get(portal.database.engine)
        if followed is None or followed.state is None:
            return build(*given, **named)
        words = _text_of((build.__module__, build.__name__, given, sorted(named.items())))
        key = type(followed.copier), followed.state, words
        if _SOMEWHERE in words:
            return build(*given, **named)
        if key in _built:
            return _put_back(key, followed, portal)
        answer = build(*given, **named)
        followed.state = next(_states)
        if _SOMEWHERE not in _text_of(answer):
            _built[key] = _Built(followed.state, followed.copier.keep(), followed.copier, answer)
            _drop_the_oldest()
        return answer

    return called


def _put_back(key: _Key, followed: _Followed, portal: Portal) -> Any:
    built = _built[key]
    _built.move_to_end(key)
    followed.copier.put_back(built.copy)
    followed.state = built.state
    return _at(portal, built.answer)


def _drop_the_oldest() -> None:
    if len(_built) > MOST:
        _, built = _built.popitem(last=False)
        built.copier.forget(built.copy)


def _text_of(value: Any) -> str:
    """A text that is the same for the same value at any portal."""
    if isinstance(value, Portal):
        return "portal"
    if isinstance(value, Asker):
        return f"asker {value.token} {value.at}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(_text_of(one) for one in value)}]"
    return repr(value)


def _at(portal: Portal, answer: Any) -> Any:
    """The answer with its people at this portal."""
    if isinstance(answer, Asker):
        return replace(answer, portal=portal)
    if isinstance(answer, tuple | list):
        return type(answer)(_at(portal, one) for one in answer)
    return answer


@event.listens_for(Engine, "before_cursor_execute")
def _see(connection: Any, _cursor: Any, statement: str, *_: object) -> None:
    """Whether a statement writes to a database that is followed."""
    if statement[:6].lower() in _READS:
        return
    for engine, followed in _followed.items():
        if engine is connection.engine or engine.url == connection.engine.url:
            followed.state = None
