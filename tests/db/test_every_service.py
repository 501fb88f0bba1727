"""Every public function of db.services: who asks comes first and is checked, and what is done leaves its entry.

A new service fails here until CALLS says how it is called.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select, update

import db.services
from core.roles import Role
from db.gate import ANYONE, SIGNED_IN, Asker, NotAllowed, NotSignedIn, Portal, Rights, Work
from db.keys import fingerprint
from db.schema import Account, AuditEntry, LoginSession
from tests.db.people import NOON, signed_in, visitor
from tests.db.service_calls import CALLS, Call, World
from tests.remembered import remembered, start_anew

# These write and leave no entry, because nothing is done yet, and nobody else's data is touched.
WITHOUT_ENTRY = {
    "drafts.save": "what somebody types into a form of their own",
    "drafts.discard": "the same, thrown away",
    "sessions.touch": "the moment of the last click, once a minute",
}


def _services() -> dict[str, Callable[..., Any]]:
    """Every public function that a module of db.services defines."""
    found = {}
    for module_name in (module.name for module in pkgutil.iter_modules(db.services.__path__)):
        module = importlib.import_module(f"db.services.{module_name}")
        for name, value in vars(module).items():
            own = inspect.isfunction(value) and value.__module__ == module.__name__
            if own and not name.startswith("_"):
                found[f"{module_name}.{name}"] = value
    return found


SERVICES = _services()


def _rights(name: str) -> Rights:
    rights: Rights = SERVICES[name].rights  # type: ignore[attr-defined]
    return rights


def _ask(name: str, one: Call, asker: Asker | None = None) -> Any:
    return SERVICES[name](asker or one.asker, *one.given, **one.named)


def test_every_service_names_who_asks_first_and_who_may():
    for name, service in SERVICES.items():
        first = next(iter(inspect.signature(service).parameters.values()))
        assert first.annotation in (Work, Asker), f"{name} does not begin with who asks"
        assert _rights(name).who, f"{name} does not say who may ask"


def test_every_service_has_a_call_here_and_every_call_a_service():
    assert CALLS.keys() == SERVICES.keys()


def test_every_service_refuses_whom_it_must_and_leaves_an_entry_of_what_is_done(portal):
    for name, make in CALLS.items():
        start_anew(portal)
        world = World(portal)
        of_roles = dict(zip(Role, one_of_each_role(portal), strict=True))
        one = make(world)
        _refuses_other_roles(of_roles, name, one)
        _refuses_the_revoked(world, name, one)
        _leaves_its_entry(world, name, one)


@remembered
def one_of_each_role(portal: Portal) -> list[Asker]:
    return [signed_in(portal, role) for role in Role]


def _refuses_other_roles(of_roles: Mapping[Role, Asker], name: str, one: Call) -> None:
    who = _rights(name).who
    if ANYONE in who or SIGNED_IN in who:
        return
    for role in set(Role) - set(who):
        try:
            _ask(name, one, of_roles[role])
        except NotAllowed:
            continue
        pytest.fail(f"{name} was done for {role}")


def _refuses_the_revoked(world: World, name: str, one: Call) -> None:
    """Whoever is signed out or disabled, has not signed in, or shows a forged token."""
    if ANYONE in _rights(name).who:
        return
    before = _newest_entry(world.portal)
    account_id = _account_id(world.portal, one.asker)
    for revoked in ({"ended": True}, {"disabled": True}):
        _revoke(world.portal, account_id, **revoked)
        for asker in (one.asker, visitor(world.portal), replace(one.asker, token="forged")):
            with pytest.raises(NotSignedIn):
                _ask(name, one, asker)
    _revoke(world.portal, account_id)  # nothing of it any more
    assert _newest_entry(world.portal) == before, f"{name} did something for a refused asker"


def _leaves_its_entry(world: World, name: str, one: Call) -> None:
    """What writes or shows personal data leaves an entry by who asked; nothing else does."""
    before = _newest_entry(world.portal)
    _ask(name, one)
    added = _entries_after(world.portal, before)
    rights = _rights(name)
    expected = (rights.writes or rights.shows_personal_data) and name not in WITHOUT_ENTRY
    assert bool(added) == expected, f"{name} left {len(added)} entries"
    if ANYONE not in rights.who:
        assert {entry.account_id for entry in added} <= {_account_id(world.portal, one.asker)}, name


def _newest_entry(portal: Portal) -> int:
    with portal.database.transaction(writes=False) as session:
        return session.scalar(select(func.max(AuditEntry.id))) or 0


def _entries_after(portal: Portal, entry_id: int) -> list[AuditEntry]:
    with portal.database.transaction(writes=False) as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.id > entry_id).order_by(AuditEntry.id)))


def _account_id(portal: Portal, asker: Asker) -> int:
    with portal.database.transaction(writes=False) as session:
        hashed = fingerprint(asker.token or "")
        return session.scalars(select(LoginSession.account_id).where(LoginSession.token_hash == hashed)).one()


def _revoke(portal: Portal, account_id: int, *, ended: bool = False, disabled: bool = False) -> None:
    """The account's sessions are over, or not; the account is disabled, or in use."""
    sessions = update(LoginSession).where(LoginSession.account_id == account_id)
    account = update(Account).where(Account.id == account_id)
    with portal.database.transaction(writes=True) as session:
        session.execute(sessions.values(ended_at=NOON if ended else None))
        session.execute(account.values(state="disabled" if disabled else "active"))
