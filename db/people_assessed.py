"""What the law says to a facility's people on a day, as pages show it: findings, timeline, ledgers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.calendar import Span, add_months, next_edge
from core.designations import Basis, overall_responsible
from core.designations import Designation as Designated
from core.findings import Finding
from core.legislation import Law, law
from core.reliance import Ledger, ledger, stand_in_ledger
from core.responsibility import unlicensed
from core.timeline import joined, stretches
from db.facility_people import FacilityPeople

_MONTHS_SHOWN = 12  # before and after the day asked about


@dataclass(frozen=True)
class Days:
    """A ledger as it is shown: its days, how many count, at most how many may, and in which months.

    over_since: since when the limit is passed, where it is on the day asked about. Else over_on: the first day
    over the limit, as planned; over_if_it_goes_on: the same, were the reliance of the day to go on, None where
    there is none that day. lifted: a direction of the Director lifts the limit on the day. disrupted: the days of
    a strike, a lock-out or an emergency, which spend none. unclear: how many more days count, if no licence was
    held on them, which nobody knows (reading R65).
    """

    ledger: Ledger
    count: int
    limit: int
    window: Span | None
    over_since: date | None
    over_on: date | None
    over_if_it_goes_on: date | None
    lifted: bool
    disrupted: tuple[Span, ...] = ()
    unclear: int = 0


@dataclass(frozen=True)
class Acting:
    """Who runs the facility on some days in a row, "" where nobody is on record, and what the law says to it."""

    span: Span
    name: str
    basis: Basis | None
    finding: Finding


@dataclass(frozen=True)
class Unlicensed:
    """Days in a row on which somebody was employed without the licence that the law asks of operators (s. 14)."""

    name: str
    span: Span

    @property
    def days(self) -> int:
        """How many; a stretch is shown up to a day, so that it has an end."""
        assert self.span.end is not None  # noqa: S101 - see there
        return (self.span.end - self.span.start).days


def timeline(found: FacilityPeople, on_day: Law, names: Mapping[int, str]) -> Iterator[Acting]:
    """Who runs the facility in the months around a day, as far as the law of that day's regulation is on file."""
    versions = on_day.regulation.versions
    first = max(add_months(on_day.on, -_MONTHS_SHOWN), versions[0].first_day)
    ends = [day for day in (add_months(on_day.on, _MONTHS_SHOWN), versions[-1].span.end) if day is not None]
    responsible, works = found.recorded.responsible, found.recorded.works

    def ask(day: date) -> Finding:
        return overall_responsible(responsible, works, law(on_day.regulation.number, day))

    for who, days in _by_who(found, Span(first, min(ends))):
        for one in joined(stretches(days, ask)):
            name = names[who.person] if who else ""
            yield Acting(one.span, name, who.basis if who else None, one.finding)


def days_unlicensed(found: FacilityPeople, on_day: Law, names: Mapping[int, str]) -> Iterator[Unlicensed]:
    """The days worked without a licence up to a day, as far back as that day's regulation is on file."""
    regulation, works, responsible = on_day.regulation, found.recorded.works, found.recorded.responsible
    shown = Span(regulation.versions[0].first_day, on_day.on + timedelta(days=1))
    for person, worker in responsible.workers.items():
        lifted, emergency = responsible.lifted, responsible.emergency
        said = responsible.emergencies
        every = unlicensed(worker, works, regulation.number, shown, lifted=lifted, emergency=emergency, said=said)
        for days in every:
            yield Unlicensed(names[person], days)


def _by_who(found: FacilityPeople, shown: Span) -> Iterator[tuple[Designated | None, Span]]:
    """Each designation that acts, with the days in a row on which it does."""
    responsible = found.recorded.responsible
    start: date | None = shown.start
    while start is not None and start in shown:
        after = next_edge([shown, *(one.span for one in responsible.standing)], start)
        end = after if after is not None and after in shown else shown.end
        yield responsible.acting(start), Span(start, end)
        start = end


def stand_ins(found: FacilityPeople, on_day: Law) -> Days:
    responsible = found.recorded.responsible
    lifted = responsible.lifted
    counted = stand_in_ledger(responsible.relied, responsible.directions, on_day, lifted=lifted)
    days = _days(counted, on_day.limit("stand_in_days").value, on_day.on)
    return replace(days, disrupted=responsible.disrupted)


def engineers(found: FacilityPeople, on_day: Law) -> Days | None:
    if not on_day.has("engineer_in_charge"):
        return None
    limit, months = on_day.limit("engineer_in_charge_days"), on_day.limit("engineer_in_charge_months")
    counted = ledger(found.recorded.engineers_in_charge(on_day), months.value, on_day.on)
    not_clear = ledger(found.recorded.engineers_unclear(on_day), months.value, on_day.on)
    return replace(_days(counted, limit.value, on_day.on), unclear=not_clear.count(on_day.on))


def _days(counted: Ledger, limit: int, on: date) -> Days:
    over_since = counted.over_since(limit, on)
    relied_today = on in {*counted.days, *counted.left_out}
    return Days(
        counted,
        counted.count(on),
        limit,
        counted.window(on),
        over_since,
        counted.first_over(limit, on) if over_since is None else None,
        counted.over_if_it_goes_on(limit, on) if over_since is None and relied_today else None,
        lifted=any(on in one for one in counted.without),
    )
