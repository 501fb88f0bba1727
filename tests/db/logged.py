"""A facility with operators-in-charge who have accounts, for tests of its log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import select, update

from core.log_chain import Content, Entry, Kind, Standing
from core.membership import Grant, Right
from core.roles import Role
from db.gate import Asker, Portal
from db.keys import fingerprint
from db.people_schema import Designation, Employee, Employment
from db.schema import Account, Facility, FacilityRelation, LoginSession
from db.services import shift_logs
from tests.db import members
from tests.db.filed import facility_of
from tests.db.people import NOON, sign_in, signed_in
from tests.db.profiles import FACILITY, active_owner

SINCE = date(2026, 1, 1)
FULL: dict[Kind, Content] = {
    Kind.OPERATORS: Content(operators=("Sam Chief", "Ana Lim")),
    Kind.DEPARTURE: Content(nothing=True),
    Kind.INSTRUCTION: Content(text="Keep the blower at 60 Hz.", by="Pat Owner"),
    Kind.CONDITION: Content(text="High level in the wet well.", action="Pumped.", conclusions="Float stuck."),
    Kind.EQUIPMENT: Content(text="Pump 2.", action="Seal ordered."),
    Kind.ADJUSTMENT: Content(nothing=True),
    Kind.STATUS: Content(text="All runs but pump 2."),
}


@dataclass(frozen=True)
class Plant:
    """An owner's facility, and somebody in charge of it who signs in, with the id of the employee."""

    owner: Asker
    facility: int
    chief: Asker
    employee: int


def plant(portal: Portal, zone: str = "America/Toronto", number: str = FACILITY.ministry_number) -> Plant:
    """An owner's facility of this number, in a zone, with an operator-in-charge since New Year."""
    owner = active_owner(portal, f"Owner of {number}", replace(FACILITY, ministry_number=number))
    facility = facility_of(owner)
    with portal.database.transaction(writes=True) as session:
        session.execute(update(Facility).where(Facility.id == facility).values(time_zone=zone))
    chief = signed_in(portal, Role.OPERATOR, given_name="Sam", family_name="Chief")
    return Plant(owner, facility, chief, in_charge(portal, owner, facility, chief))


def works(portal: Portal, owner: Asker, facility: int, who: Asker) -> int:
    """Somebody with an account is employed at a facility since New Year. The employee's id."""
    with portal.database.transaction(writes=True) as session:
        account = _account(session, who)
        by = _account(session, owner)
        recorded: dict[str, Any] = {"recorded_at": NOON, "recorded_by": by.id}
        organization = _organization(session, facility)
        one = Employee(
            organization_id=organization, given_name=account.person.given_name,
            family_name=account.person.family_name, person_id=account.person_id, changed_at=NOON, **recorded,
        )  # fmt: skip
        session.add(one)
        session.flush()
        session.add(
            Employment(
                facility_id=facility, employee_id=one.id, position="Operator", capacity="operator", full_time=True,
                valid_from=SINCE, **recorded,
            )
        )  # fmt: skip
        return one.id


def in_charge(
    portal: Portal, owner: Asker, facility: int, who: Asker, first: date = SINCE, until: date | None = None
) -> int:
    """The same, who is in charge from a day on, up to but not including another."""
    employee = works(portal, owner, facility, who)
    with portal.database.transaction(writes=True) as session:
        session.add(
            Designation(
                facility_id=facility, employee_id=employee, role="in_charge", basis="licence", by_owner=True,
                valid_from=first, valid_until=until, recorded_at=NOON, recorded_by=_account(session, owner).id,
            )
        )  # fmt: skip
    return employee


def later(asker: Asker, **time: float) -> Asker:
    """The same person so much later than noon, signed in anew."""
    return then(asker, NOON + timedelta(**time))


def then(asker: Asker, moment: datetime) -> Asker:
    """The same person at a moment, signed in anew."""
    with asker.portal.database.transaction(writes=False) as session:
        account_id = _account(session, asker).id
    return sign_in(asker.portal, account_id, moment)


def a_shift(
    one: Plant, hours: float = 0, name: str = "Day", without: tuple[Kind, ...] = (), since: datetime = NOON
) -> int:
    """A whole shift of eight hours that begins so many hours after noon; without some kinds of entries."""
    begins = since + timedelta(hours=hours)
    shift = shift_logs.begin_shift(then(one.chief, begins), one.facility, name)
    for number, (kind, content) in enumerate(FULL.items()):
        if kind not in without:
            at = then(one.chief, begins + timedelta(hours=number))
            shift_logs.write(at, one.facility, shift, kind, content)
    shift_logs.end_shift(then(one.chief, begins + timedelta(hours=8)), one.facility, shift)
    return shift


def many_entries(
    facility: int, count: int, a_shift: int, apart: timedelta, said: Mapping[Kind, Content] = MappingProxyType({})
) -> Iterator[Entry]:
    """Entries of a log up to noon, evenly apart, in shifts of so many that begin one after the other.

    said: also what each shift tells before its end. Two people write by turns of shifts.
    """
    kinds = (Kind.BEGAN, *(Kind.NOTE,) * (a_shift - 2 - len(said)), *said, Kind.ENDED)
    for n in range(count):
        at, kind = NOON - apart * (count - n), kinds[n % a_shift]
        note = Content(text=f"Round {n}: all readings within their limits, nothing seen.")
        begun = {Kind.BEGAN: Content(text=f"Day {n}"), Kind.ENDED: Content()}
        yield Entry(
            facility=facility, number=0, made_at=at, happened_at=at, author=1 + n // a_shift % 2,
            author_name="Sam Chief", standing=Standing.IN_CHARGE, authorization=None, shift=n - n % a_shift + 1,
            kind=kind, content={**begun, **said}.get(kind, note),
        )  # fmt: skip


def clerk(portal: Portal, owner: Asker, right: Right = Right.READ) -> Asker:
    """Somebody who acts for the owner with one right."""
    return members.acting(portal, owner, Grant(right))


def _account(session: Any, who: Asker) -> Account:
    hashed = fingerprint(who.token or "")
    found = select(Account).join(LoginSession, LoginSession.account_id == Account.id)
    account: Account = session.scalars(found.where(LoginSession.token_hash == hashed)).unique().one()
    return account


def _organization(session: Any, facility: int) -> int:
    found: int = session.scalars(
        select(FacilityRelation.organization_id).where(FacilityRelation.facility_id == facility)
    ).first()
    return found
