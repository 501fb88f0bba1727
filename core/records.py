"""What the law asks of a facility's records on a day, all of it, from what is recorded.

O. Reg. 129/04, ss. 18 (2) to 21; O. Reg. 435/93, ss. 16, 17, 19 and 20. The shifts of a log are asked about by
days, since there are many.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from core.calendar import Span
from core.duties import (
    adjustments_recorded,
    operated_safely,
    processes_monitored,
    said_of_all,
    seen_in,
    status_available,
)
from core.employment import Worker
from core.findings import Day, Finding
from core.legislation import Law, NotOnFile
from core.log_chain import Entry, Kind
from core.logs import chronological, log_accessible, log_provided
from core.manuals import Contents, manuals_at_hand, manuals_reviewed
from core.places import day_at
from core.shifts import Expected, Pattern, Shift, expected_shifts, shift_logged, shift_recorded, shifts
from core.training import Training, annual_training, exemption_notified, records_submitted

YEARS_BACK = 2  # of training in view with the year of the day: as long as logs are kept


class About(StrEnum):
    """What a finding is about."""

    TRAINING = "training"
    EXEMPTION = "exemption_notice"
    REQUEST = "training_request"
    LOG = "log_provided"
    ORDER = "log_order"
    ACCESSIBLE = "log_accessible"
    SHIFT = "shift_recorded"
    SAFE = "operated_safely"
    MONITORED = "processes_monitored"
    ADJUSTMENTS = "adjustments_recorded"
    STATUS = "status_available"
    MANUALS = "manuals_at_hand"
    REVIEWED = "manuals_reviewed"


OF_SHIFTS = frozenset({About.SHIFT, About.ADJUSTMENTS, About.STATUS})
OF_LOGS = OF_SHIFTS | {About.LOG, About.ORDER, About.ACCESSIBLE, About.SAFE, About.MONITORED}


@dataclass(frozen=True)
class Request:
    """A request of the Director for the records of training: when, by which day if it names one, when sent."""

    requested: Day
    by: date | None
    sent: Day


@dataclass(frozen=True)
class Manual:
    """A manual: its id, and the days on which it was reviewed and updated; None where nobody has said."""

    id: int
    reviews: tuple[date, ...] | None
    updates: tuple[date, ...] | None


@dataclass(frozen=True)
class Log:
    """A facility's log. provided and accessible: on which days; None where nobody has said.

    only: the days on which it is the facility's only log; None where nobody has said so. zone: an IANA name.
    """

    zone: str
    entries: tuple[Entry, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    provided: tuple[Span, ...] | None = None
    accessible: tuple[Span, ...] | None = None
    only: tuple[Span, ...] | None = None

    @cached_property
    def shifts(self) -> tuple[Shift, ...]:
        """Its shifts in the order in which they were entered, without those withdrawn."""
        return shifts(self.entries)

    def whole_on(self, day: date) -> bool | None:
        """Whether it is the only log of a day; None where nobody has said."""
        return True if any(day in span for span in self.only or ()) else None


@dataclass(frozen=True)
class Recorded:
    """What is recorded of a facility; people by the ids of their persons.

    told: when the Director was told of an exempt year, by person and year. holidays: when the office is closed.
    """

    workers: Mapping[int, Worker]
    training: Mapping[int, Training]
    log: Log
    contents: Contents = field(default_factory=Contents)
    manuals: tuple[Manual, ...] = ()
    told: Mapping[tuple[int, int], tuple[date, ...]] = field(default_factory=dict)
    requests: tuple[Request, ...] = ()
    holidays: Collection[date] = frozenset()


@dataclass(frozen=True)
class Found:
    """A finding with what it is about: the id of a person or a manual, the year of training, the shift."""

    about: About
    finding: Finding
    id: int | None = None
    year: int | None = None
    shift: Shift | Expected | None = None


def findings_on(recorded: Recorded, law: Law) -> tuple[Found, ...]:
    """The findings of the law's day but those of shifts: training by person and year, the log, the manuals."""
    return (*training_on(recorded, law), *_of_the_log(recorded.log, law), *manuals_on(recorded, law))


def shifts_on(log: Log, days: Span, law: Law) -> tuple[Found, ...]:
    """The findings of the shifts seen on some days (Shift.is_seen_on), with those that should have begun on them
    and have no record, in order of time. The log's entries are those of a day before and a day after as well: a
    shift that is expected at midnight may have begun on the other side of it.

    Raises ValueError for days without end.
    """
    entered = [one for one in log.shifts if one.is_seen_on(days, log.zone)]
    expected = expected_shifts(log.patterns, days, log.zone)
    missing = [one for one in expected if not any(one.is_of(shift) for shift in log.shifts)]
    every: list[Shift | Expected] = [*entered, *missing]
    return tuple(found for shift in sorted(every, key=_begins) for found in _of_shift(shift, log, law))


def duties_in_charge(log: Log, days: Span, law: Law) -> tuple[Found, ...]:
    """What the shifts of some days say of the duties that no record proves (s. 18 (2) (a) and (b)): what whoever
    was in charge has said of them, beside what the log reports."""
    of_days = [one for one in log.shifts if one.is_seen_on(days, log.zone)]
    seen = seen_in(of_days)
    safe = operated_safely(said_of_all(of_days, Kind.SAFE), seen, law)
    monitored = processes_monitored(said_of_all(of_days, Kind.MONITORED), seen, law)
    return (Found(About.SAFE, safe), Found(About.MONITORED, monitored))


def training_on(recorded: Recorded, law: Law) -> Iterator[Found]:
    """The findings of the law's day of training: of each person and year, and of what the Director asked for."""
    for person, worker in sorted(recorded.workers.items()):
        training = recorded.training.get(person, Training())
        for year in range(law.on.year - YEARS_BACK, law.on.year + 1):
            try:
                found = annual_training(year, worker, training, law)
            except NotOnFile:  # the text does not answer for so early a year
                continue
            yield Found(About.TRAINING, found, person, year)
            if law.has("exemption_notice"):
                told = recorded.told.get((person, year), ())
                notice = exemption_notified(year, worker, told, recorded.holidays, law)
                yield Found(About.EXEMPTION, notice, person, year)
    for one in recorded.requests:
        yield Found(About.REQUEST, records_submitted(one.requested, one.by, one.sent, law))


def _of_the_log(log: Log, law: Law) -> Iterator[Found]:
    made = [one.made_at for one in log.entries]
    yield Found(About.LOG, log_provided(log.provided, law))
    yield Found(About.ORDER, chronological(made, law))
    days = [day_at(moment, log.zone) for moment in made]
    yield Found(About.ACCESSIBLE, log_accessible(days, log.accessible, law))


def manuals_on(recorded: Recorded, law: Law) -> Iterator[Found]:
    """The findings of the law's day of the manuals: of all, and of each one's review."""
    yield Found(About.MANUALS, manuals_at_hand(recorded.contents, law))
    for one in recorded.manuals:
        yield Found(About.REVIEWED, manuals_reviewed(one.reviews, one.updates, law), one.id)


def _of_shift(shift: Shift | Expected, log: Log, law: Law) -> Iterator[Found]:
    whole = log.whole_on(day_at(_begins(shift), log.zone))
    if isinstance(shift, Expected):
        yield Found(About.SHIFT, shift_logged(shift, (), whole, log.zone, law), shift=shift)
        return
    yield Found(About.SHIFT, shift_recorded(shift, whole, log.zone, law), shift=shift)
    yield Found(About.ADJUSTMENTS, adjustments_recorded(shift, whole, log.zone, law), shift=shift)
    yield Found(About.STATUS, status_available(shift, whole, log.zone, law), shift=shift)


def _begins(shift: Shift | Expected) -> datetime:
    return shift.begins if isinstance(shift, Expected) else shift.began
