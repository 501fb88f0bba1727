"""The monthly summary of how the province's facilities stand: what it says, and to whom it is mailed.

A mail waits in the outbox as values; the PDF is made from them when it is sent (db.mail.enclosures).
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from core.calendar import add_months
from core.facilities import FacilityType
from core.places import day_at
from core.roles import Role
from core.sentences import in_english, month_in_english
from core.standings import SOON_DAYS, Standing
from db.gate import Work
from db.paper import Document, Table, to_values
from db.places import regions
from db.province import Behind, By, Counts, Near, Query, Wanted, counts_of
from db.province_schema import StandingCount, SummarySubscriber
from db.schema import Account, AccountRole

READERS = (Role.MANAGER, Role.OFFICER, Role.DIRECTOR)
_MONTHS_AHEAD = 3
_CLOSING = (
    "The portal’s own reckoning by O. Reg. 129/04 from what is on record. Water facilities are not assessed: "
    "O. Reg. 128/04 follows."
)


def made(work: Work) -> Document:
    """The summary as of now."""
    query = Query(day_at(work.at))
    regions_of, types = (work.session.execute(query.counted_by(by, Wanted())).all() for by in (By.REGION, By.TYPE))
    return Document(
        "How the province’s facilities stand",
        "facilities",
        query.today,
        tuple(_facts(work, query)),
        (
            _table("By region", "Region", ((regions()[one.key], *_numbers(one)) for one in regions_of)),
            _table("By type", "Type", ((FacilityType(one.key).label, *_numbers(one)) for one in types)),
        ),
        _CLOSING,
    )


def _table(heading: str, first: str, rows: Iterable[tuple[str | int, ...]]) -> Table:
    columns = (first, *(one.label for one in Standing))
    return Table(heading, heading, columns, (40, 15, 15, 15, 15), tuple(rows))


def send(work: Work) -> int:
    """Puts this month's summary into the outbox for whoever asked for it and has not got it. How many there are;
    none the second time in a month."""
    month = day_at(work.at).replace(day=1)
    subscribed = (
        select(SummarySubscriber, Account)
        .join(Account, Account.id == SummarySubscriber.account_id)
        .where(SummarySubscriber.sent_for < month, Account.state == "active", _may_read())
        .order_by(Account.id)
    )
    readers = work.session.execute(subscribed).all()
    if not readers:
        return 0
    document = made(work)
    facts = [list(one) for one in document.facts]
    values = {"day": in_english(document.made_on), "facts": facts, "document": to_values(document)}
    work.mail_all("province_summary", {account: values for _, account in readers})
    for subscriber, account in readers:
        subscriber.sent_for = month
        work.record("summary.mailed", "account", account.id, month=month.isoformat())
    return len(readers)


def _may_read() -> ColumnElement[bool]:
    """An account that may open the page still."""
    return exists().where(
        AccountRole.account_id == Account.id, AccountRole.role.in_(READERS), AccountRole.ended_at.is_(None)
    )


def _numbers(row: Any) -> tuple[int, ...]:
    return tuple(counts_of(row._mapping).by_standing.values())


def _facts(work: Work, query: Query) -> Iterator[tuple[str, str]]:
    everything = Wanted()
    counted = query.counted(work.session, everything)
    near = query.near(work.session, everything)
    months = query.expiring(work.session, everything, _MONTHS_AHEAD)
    yield "Facilities", in_english(counted.total)
    for one, many in counted.by_standing.items():
        yield one.label, in_english(many)
    before = _before(work, query.today)
    if before is not None:
        month, counts = before
        wrong = in_english(counts.by_standing[Standing.DOES_NOT_STAND])
        yield f"Did not stand in {month_in_english(month)}", wrong
    yield "One departure from having nobody who may be overall responsible", in_english(near[Near.ONE])
    yield f"Of them, one whose time ends within {SOON_DAYS} days", in_english(near[Near.SOON])
    trained = query.training(work.session, everything)
    yield "Operators whose training is behind, by facility", in_english(trained[Behind.BEHIND].operators)
    short = trained[Behind.SHORT].operators
    yield f"Operators with hours missing that are due within {SOON_DAYS} days, by facility", in_english(short)
    yield "Operators whose training is not known, by facility", in_english(trained[Behind.NOT_KNOWN].operators)
    for month, many in months.items():
        yield f"Licences that expire in {month_in_english(month)}", in_english(many)


def _before(work: Work, today: date) -> tuple[date, Counts] | None:
    """The month before, as last counted; None where it was not."""
    month = add_months(today.replace(day=1), -1)
    one = StandingCount
    found = select(one.standing, func.sum(one.facilities)).where(one.month == month).group_by(one.standing)
    numbers = dict(iter(work.session.execute(found)))
    return (month, counts_of(numbers)) if numbers else None
