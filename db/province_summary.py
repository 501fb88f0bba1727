"""The monthly summary of how the province's facilities stand: what it says, and to whom it is mailed.

A mail waits in the outbox as values; the PDF is made from them when it is sent (db.mail.enclosures).
"""

from dataclasses import dataclass
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
from db.paper import Paper, Table
from db.places import regions
from db.province import By, Counts, Near, Query, Wanted, counts_of
from db.province_schema import StandingCount, SummarySubscriber
from db.schema import Account, AccountRole

READERS = (Role.MANAGER, Role.OFFICER, Role.DIRECTOR)
TITLE = "How the province’s facilities stand"
_MONTHS_AHEAD = 3
_CLOSING = (
    "The portal’s own reckoning by O. Reg. 129/04 from what is on record. Water facilities are not assessed: "
    "O. Reg. 128/04 follows."
)


@dataclass(frozen=True)
class Summary:
    """What the summary says: facts line by line, and facilities by standing of each region and type."""

    made_on: date
    facts: tuple[str, ...]
    by_region: tuple[tuple[str | int, ...], ...]
    by_type: tuple[tuple[str | int, ...], ...]

    @property
    def file_name(self) -> str:
        return f"facilities-{self.made_on.isoformat()}.pdf"

    @property
    def values(self) -> dict[str, Any]:
        """What a mail keeps of it."""
        return {
            "day": in_english(self.made_on),
            "made_on": self.made_on.isoformat(),
            "lines": [[one] for one in self.facts],
            "by_region": [list(row) for row in self.by_region],
            "by_type": [list(row) for row in self.by_type],
        }

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> "Summary":
        """The summary that a mail keeps."""
        return cls(
            date.fromisoformat(values["made_on"]),
            tuple(line for (line,) in values["lines"]),
            tuple(tuple(row) for row in values["by_region"]),
            tuple(tuple(row) for row in values["by_type"]),
        )

    def pdf(self) -> bytes:
        """The summary on paper."""
        paper = Paper(TITLE, self.made_on)
        for one in self.facts:
            paper.line_of(one)
        columns, widths = tuple(one.label for one in Standing), (40, 15, 15, 15, 15)
        paper.table_of(Table("By region", ("Region", *columns), self.by_region, widths))
        paper.table_of(Table("By type", ("Type", *columns), self.by_type, widths))
        paper.ln(6)
        paper.line_of(_CLOSING, bold=True)
        return bytes(paper.output())


def made(work: Work) -> Summary:
    """The summary as of now."""
    query, everything = Query(day_at(work.at)), Wanted()
    by_region = work.session.execute(query.counted_by(By.REGION, everything)).all()
    by_type = work.session.execute(query.counted_by(By.TYPE, everything)).all()
    return Summary(
        query.today,
        tuple(_facts(work, query)),
        tuple((regions()[one.key], *_numbers(one)) for one in by_region),
        tuple((FacilityType(one.key).label, *_numbers(one)) for one in by_type),
    )


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
    values = made(work).values
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


def _facts(work: Work, query: Query) -> list[str]:
    everything = Wanted()
    counted = query.counted(work.session, everything)
    near = query.near(work.session, everything)
    months = query.expiring(work.session, everything, _MONTHS_AHEAD)
    said = ", ".join(f"{in_english(many)} in {month_in_english(month)}" for month, many in months.items())
    facts = [f"{one.label}: {in_english(many)}" for one, many in counted.by_standing.items()]
    facts.append(f"Facilities in all: {in_english(counted.total)}")
    before = _before(work, query.today)
    if before is not None:
        month, counts = before
        wrong = in_english(counts.by_standing[Standing.DOES_NOT_STAND])
        facts.append(f"In {month_in_english(month)} {wrong} did not stand.")
    facts.append(
        f"One departure from having nobody who may be overall responsible: {in_english(near[Near.ONE])}; of them "
        f"{in_english(near[Near.SOON])} whose only qualified person’s time ends within {SOON_DAYS} days."
    )
    return [*facts, f"Licences that expire: {said}."]


def _before(work: Work, today: date) -> tuple[date, Counts] | None:
    """The month before, as last counted; None where it was not."""
    month = add_months(today.replace(day=1), -1)
    one = StandingCount
    found = select(one.standing, func.sum(one.facilities)).where(one.month == month).group_by(one.standing)
    numbers = dict(iter(work.session.execute(found)))
    return (month, counts_of(numbers)) if numbers else None
