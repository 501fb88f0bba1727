"""Times as people type them into a log: by the facility's clock, across the change of clocks too."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from core.places import day_at, local
from core.problems import refuse
from core.shifts import moments_at

FIRST, SECOND = "first", "second"
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.h]?([0-5]\d)")


@dataclass(frozen=True)
class Typed:
    """A time as it was typed. day: None for today; clock: "" for now; which: of two moments that the clock shows
    on the night on which it goes back, the first or the second, "" where nobody has said."""

    day: date | None = None
    clock: str = ""
    which: str = ""

    def is_ambiguous(self, today: date, zone: str) -> bool:
        """Whether the clock shows this time twice on its day."""
        clock = clock_of(self.clock)
        return clock is not None and len(moments_at(self.day or today, clock, zone)) > 1


def typed_at(moment: datetime, zone: str) -> Typed:
    """A moment as it would be typed, by the minute."""
    there = local(moment, zone)
    both = moments_at(there.date(), there.time().replace(second=0, microsecond=0), zone)
    which = (SECOND if there.fold else FIRST) if len(both) > 1 else ""
    return Typed(there.date(), f"{there:%H:%M}", which)


def in_shift(typed: Typed, began: datetime, until: datetime, zone: str) -> Typed:
    """What somebody typed, with the day that is meant where they typed none: the one on which the shift, so far or
    to its end, was at that time. `until` is a moment; without such a day it stays as it was typed."""
    clock = clock_of(typed.clock)
    if clock is None or typed.day is not None:
        return typed
    since = began.replace(second=0, microsecond=0)
    first, last = day_at(began, zone), day_at(until, zone)
    days = (last - timedelta(days=back) for back in range((last - first).days + 1))
    fitting = (day for day in days if any(since <= one <= until for one in moments_at(day, clock, zone)))
    return replace(typed, day=next(fitting, None))


def clock_of(written: str) -> time | None:
    """The time that was written as 7:05, 07:05, 0705 or 7h05; None for anything else."""
    found = _CLOCK.fullmatch(written.strip())
    return time(int(found[1]), int(found[2])) if found else None


def moment_of(typed: Typed, made_at: datetime, zone: str) -> datetime:
    """The moment that somebody means who types at `made_at`. Raises Refused with what is wrong, at the fields
    day, clock and which."""
    if not typed.clock.strip():
        if typed.day is not None:
            raise refuse("Enter the time, too, as on a clock of 24 hours.", "clock")
        return made_at
    clock = clock_of(typed.clock)
    if clock is None:
        raise refuse("“{written}” is no time. Write it as 07:05 or 19:05.", "clock", written=typed.clock.strip())
    day = typed.day or day_at(made_at, zone)
    found = moments_at(day, clock, zone)
    said = f"{clock:%H:%M}"
    if not found:
        raise refuse("On {day} the clocks went forward and never showed {clock}. Enter the time that they showed.",
                     "clock", day=day, clock=said)  # fmt: skip
    if len(found) > 1 and typed.which not in (FIRST, SECOND):
        raise refuse("On {day} the clocks went back and showed {clock} twice. Choose the first or the second.",
                     "which", day=day, clock=said)  # fmt: skip
    return found[1] if len(found) > 1 and typed.which == SECOND else found[0]
