"""How the demo's facilities stood in the months before: the longer ago, the more of them did not."""

import calendar
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from core.calendar import add_months
from core.places import day_at
from core.standings import Standing
from db import standings
from db.gate import Work
from db.province_schema import StandingCount

_MONTHS = 12


def add(work: Work) -> None:
    """Counts this month, as the night does, and invents those before it from that."""
    standings.count_month(work)
    work.session.flush()
    now: dict[str, dict[str, int]] = defaultdict(dict)
    for row in work.session.scalars(select(StandingCount).order_by(StandingCount.region)):
        now[row.region][row.standing] = row.facilities
    this = day_at(work.at).replace(day=1)
    for ago in range(1, _MONTHS):
        work.session.add_all(_month(now, add_months(this, -ago), ago))


def _month(now: dict[str, dict[str, int]], month: date, ago: int) -> Iterator[StandingCount]:
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    for place, (region, counts) in enumerate(now.items()):
        moved = min(counts.get(Standing.NOT_KNOWN, 0), 1 if place % _MONTHS < ago else 0)
        then = defaultdict(int, counts)
        then[Standing.NOT_KNOWN] -= moved
        then[Standing.DOES_NOT_STAND] += moved
        for standing, many in then.items():
            if many:
                yield StandingCount(
                    month=month, region=region, standing=str(standing), counted_on=last, facilities=many
                )
