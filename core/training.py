"""Training: the hours that every operator is given a year, their average over three years, and its records.

O. Reg. 129/04, s. 21; O. Reg. 435/93, s. 17. Durations are whole minutes; a year is a calendar year (reading R30).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.calendar import Span, next_edge, united
from core.employment import Capacity, Worker
from core.facts import done, earliest, unknown
from core.findings import NOT_YET, Citation, Day, Finding, Verdict, any_of, until_at_most
from core.legislation import Law, Limit
from core.legislation import law as law_on
from core.sentences import Sentence
from core.training_sessions import MINUTES, Given, in_hours
from core.working_days import next_open_day

_ONE_DAY = timedelta(days=1)
_OPERATORS = (Capacity.OPERATOR, Capacity.ENGINEER)


@dataclass(frozen=True)
class Training:
    """What is recorded of the training of one person, whoever gave it (reading R22).

    complete_from: from this day on it is all that the person was given; None where nobody has said so.
    """

    given: tuple[Given, ...] = ()
    complete_from: date | None = None

    def minutes(self, years: Collection[int], through: date) -> int:
        """The minutes given in some years, up to and including a day."""
        return sum(one.minutes for one in self.given if one.day.year in years and one.day <= through)

    def complete_in(self, years: Iterable[int]) -> bool:
        """Whether the record of these years is known to be complete."""
        return self.complete_from is not None and all(self.complete_from <= date(year, 1, 1) for year in years)

    def next_day(self, after: date) -> date | None:
        """The next day on which training is recorded."""
        return min((one.day for one in self.given if one.day > after), default=None)


@dataclass(frozen=True)
class Average:
    """Hours averaged over several years. owed: those whose hours count, exempt years left out (R12).

    minutes and needed: given so far, and needed in all of the years together. without: a year that is over and in
    which the person was not employed there, so that nothing is averaged; None where there is none.
    """

    years: tuple[int, ...]
    owed: tuple[int, ...]
    minutes: int
    needed: int
    without: int | None
    finding: Finding

    @property
    def missing(self) -> int:
        """The minutes that are still missing."""
        return max(self.needed - self.minutes, 0)

    @property
    def last(self) -> date:
        """The last day on which they can be given."""
        return date(self.years[-1], 12, 31)


@dataclass(frozen=True)
class Averages:
    """The average as the portal reads the text (R11), and beside it as the two other readings would have it."""

    blocks: Average
    sliding: Average
    years_employed: Average


@dataclass(frozen=True)
class TrainingYear:
    """A person's year at a facility: the days employed, the minutes given, what the law says of it.

    missing: the minutes still missing for the year and its three years (reading R80), and `by` the last day for
    them, which may have passed; None where none are missing. averaged: they are those of the three years, not of
    the year by itself; short: a year of these that is over short, where that is why. averages: None where there is
    none for the year. known: False of a year that is over short, and of which not every session may be on record.
    """

    year: int
    days: int
    minutes: int
    missing: int
    by: date | None
    averaged: bool
    short: int | None
    finding: Finding
    averages: Averages | None

    @property
    def known(self) -> bool:
        """Whether what is missing is known: an open year and an open block say how much is still to come."""
        return self.finding.verdict is not Verdict.UNKNOWN or self.finding.due is not None


def days_employed(worker: Worker, year: int) -> int:
    """On how many days of a year somebody is employed there as an operator; an engineer is one (R22)."""
    return sum(((one.end or one.start) - one.start).days for one in united(_as_operator(worker, year)))


def annual_training(year: int, worker: Worker, training: Training, law: Law) -> Finding:
    """129/04, s. 21 (1): an operator is given at least 40 hours of training every calendar year (R22, R30).

    The law is that of the last day of the year, or of the law's day where that comes first: a year of before
    the text on file raises NotOnFile. Under 129/04 an average may do instead (1.1), and a year may be exempt
    (1.2).
    """
    then = _law_of(year, law)
    limit = then.limit("training_hours")
    if not worker.spells:
        return _employment_not_known(year, limit.citation, law)
    exempt = exempt_from_training(year, worker, law) if then.has("exempt_from_training") else None
    if exempt is not None and exempt.verdict is Verdict.MET:
        return Finding(limit.citation, Verdict.NOT_APPLICABLE, exempt.because, (exempt,), until=law.ends)
    if not days_employed(worker, year):
        because = Sentence("Not employed in the facility in {year}.", year=str(year))
        return Finding(limit.citation, Verdict.NOT_APPLICABLE, because, until=law.ends)
    alone = _year_alone(year, training, limit, law)
    is_settled = alone.verdict is Verdict.MET and alone.due is None
    if is_settled or not _averaged_in(year, then):
        return alone
    average = averaged_training(year, worker, training, law)
    ways = (
        (average, alone) if average.verdict is Verdict.MET else (alone, average)
    )  # the words are the first one's
    return any_of(limit.citation, *ways)


def averaged_training(year: int, worker: Worker, training: Training, law: Law) -> Finding:
    """129/04, s. 21 (1.1): from 2022 the 40 hours may be the average of three years (readings R11, R12 and R42).

    The hours are those of the person, whoever gave them, and are never prorated for part-time work (R22).
    """
    then = _law_of(year, law)
    begins = then.legal_date("averaging_from")
    if year < begins.value.year:
        because = Sentence("Hours are averaged from {begins}.", begins=begins.value)
        return Finding(begins.citation, Verdict.NOT_APPLICABLE, because, until=law.ends)
    if not worker.spells:
        return _employment_not_known(year, begins.citation, law)
    return _average(_block(year, then), worker, training, law).finding


def averages(year: int, worker: Worker, training: Training, law: Law) -> Averages | None:
    """The average of a year by the portal's reading and by the two others (R11).

    None where there is none: before 2022, under 435/93, and of a year without employment there."""
    then = _law_of(year, law)
    if not _averaged_in(year, then) or not days_employed(worker, year):
        return None
    block, first = _block(year, then), then.legal_date("averaging_from").value.year
    start = max(first, year - len(block) + 1)
    sliding = tuple(range(start, start + len(block)))
    employed = tuple(one for one in block if days_employed(worker, one))
    return Averages(*(_average(years, worker, training, law) for years in (block, sliding, employed)))


def year_of_training(year: int, worker: Worker, training: Training, law: Law) -> TrainingYear:
    """A person's year, as the owner and the person are shown it (reading R80 for what is missing)."""
    finding = annual_training(year, worker, training, law)
    beside = averages(year, worker, training, law)
    least = _Least(0, date(year, 12, 31))
    if finding.verdict is not Verdict.NOT_APPLICABLE:
        needed = _law_of(year, law).limit("training_hours").value * MINUTES
        least = _missing(year, needed, training, beside.blocks if beside else None, law)
    days, minutes = days_employed(worker, year), training.minutes([year], law.on)
    by = least.last if least.minutes else None
    return TrainingYear(year, days, minutes, least.minutes, by, least.averaged, least.short, finding, beside)


def exempt_from_training(year: int, worker: Worker, law: Law) -> Finding:
    """129/04, s. 21 (1.2): nothing is owed for a year with fewer than 60 days of employment there (R22).

    An employment without a last day is taken to go on.
    """
    limit = _law_of(year, law).limit("exempt_days")
    if not worker.spells:
        return _employment_not_known(year, limit.citation, law)
    days = days_employed(worker, year)
    named: dict[str, object] = {"days": days, "year": str(year), "limit": limit.value}
    verdict = Verdict.MET if days < limit.value else Verdict.NOT_MET
    because = Sentence("Days employed in {year}: {days}; exempt below {limit}.", **named)
    if not days:
        verdict, because = Verdict.NOT_APPLICABLE, Sentence("Not employed in the facility in {year}.", **named)
    return Finding(limit.citation, verdict, because, readings=("R22",), until=law.ends)


def exemption_notified(
    year: int, worker: Worker, notices: Iterable[date] | None, holidays: Collection[date], law: Law
) -> Finding:
    """129/04, s. 21 (1.3): the owner tells the Director of an operator whose year is exempt (R43, R19).

    notices: the days on which this was done for the person and the year; None where nobody has said. holidays:
    on which the office is closed, Saturdays and Sundays apart.
    """
    citation = _law_of(year, law).topic("exemption_notice")
    exempt = exempt_from_training(year, worker, law)
    if exempt.verdict is not Verdict.MET:
        verdict = Verdict.UNKNOWN if exempt.verdict is Verdict.UNKNOWN else Verdict.NOT_APPLICABLE
        return Finding(citation, verdict, exempt.because, (exempt,), exempt.needs, until=law.ends)
    sent: Day = None if notices is None else min(notices, default=NOT_YET)
    told = isinstance(sent, date) and sent <= law.on
    by = None if told else next_open_day(date(year + 1, 1, 1), holidays)
    act = f"Notice to the Director of the exempt year {year}"
    found = done(law, citation, "exemption_notice", act, sent, by=by, readings=("R43", "R19"))
    return until_at_most(found, sent if isinstance(sent, date) and not told else None)


def records_submitted(requested: Day, by: date | None, sent: Day, law: Law) -> Finding:
    """129/04, s. 21 (4): the Director gets copies or summaries on request; `by` is the day that it names (R82)."""
    citation = law.topic("training_request")
    if requested is None:
        statement = Sentence("The Director has asked for the records of training.")
        return unknown(law, citation, "training_request", statement)
    if not isinstance(requested, date) or requested > law.on:
        because = Sentence("The Director has not asked for the records of training.")
        until = earliest(law, requested if isinstance(requested, date) else None)
        return Finding(citation, Verdict.NOT_APPLICABLE, because, until=until)
    if by is None and (sent is NOT_YET or (isinstance(sent, date) and sent > law.on)):
        statement = Sentence(
            "Records of training for the Director, asked for on {requested}: sent, or the day for that.",
            requested=requested,
        )
        found = unknown(law, citation, "training_sent", statement)
        return replace(found, readings=("R82",), until=earliest(law, sent if isinstance(sent, date) else None))
    readings = ("R82",) if by is None else ()
    return done(
        law, citation, "training_sent", "Records of training for the Director", sent, by=by, readings=readings
    )


def _year_alone(year: int, training: Training, limit: Limit, law: Law) -> Finding:
    readings = ("R22",) if law.has("averaged_training") else ("R22", "R30")
    given, needed, last = training.minutes([year], law.on), limit.value * MINUTES, date(year, 12, 31)
    named = {"year": str(year), "given": in_hours(given), "needed": in_hours(needed)}
    if given >= needed:
        because = Sentence("{given} of training in {year}; at least {needed}.", **named)
        return Finding(limit.citation, Verdict.MET, because, readings=readings, until=law.ends)
    short = Sentence("{given} of training in {year}; at least {needed}: {missing} missing by {last}.",
                     missing=in_hours(needed - given), last=last, **named)  # fmt: skip
    if law.on <= last:
        until = earliest(law, last + _ONE_DAY)
        return Finding(limit.citation, Verdict.MET, short, readings=readings, until=until, due=last)
    if not training.complete_in([year]):
        return _record_not_complete([year], limit.citation, law)
    return Finding(limit.citation, Verdict.NOT_MET, short, readings=readings, until=law.ends)


@dataclass(frozen=True)
class _Least:
    """Minutes that are missing, the last day for them, and whether they are those of three years together."""

    minutes: int
    last: date
    averaged: bool = False
    short: int | None = None


def _missing(year: int, needed: int, training: Training, block: Average | None, law: Law) -> _Least:
    """The fewest minutes that make a year and its three years lawful, and the last day for them (reading R80).

    A year that is known to be over short is made good by its three years alone; else a year may do by itself.
    """
    alone = _Least(max(needed - training.minutes([year], law.on), 0), date(year, 12, 31))
    if block is None or block.without is not None:
        return alone
    over = [one for one in block.owed if one < law.on.year and training.complete_in([one])]
    short = next((one for one in over if training.minutes([one], law.on) < needed), None)
    if short is not None and law.on <= block.last:
        return _Least(block.missing, block.last, averaged=True, short=short)
    return min(_Least(block.missing, block.last, averaged=True), alone, key=lambda way: way.minutes)


def _average(years: Sequence[int], worker: Worker, training: Training, law: Law) -> Average:
    then = _law_of(years[-1], law)
    exempt_below = then.limit("exempt_days").value
    owed = tuple(year for year in years if not 0 < days_employed(worker, year) < exempt_below)
    needed = then.limit("training_hours").value * MINUTES * len(owed)
    given = training.minutes(owed, law.on)
    without = next((year for year in years if year < law.on.year and not days_employed(worker, year)), None)
    missing, citation = max(needed - given, 0), then.topic("averaged_training")
    found = _averaged(years, owed, missing, without, worker, training, citation, law)
    finding = replace(found, readings=("R11", "R12", "R22", "R42"))
    return Average(tuple(years), owed, given, needed, without, finding)


def _averaged(
    years: Sequence[int],
    owed: Sequence[int],
    missing: int,
    without: int | None,
    worker: Worker,
    training: Training,
    citation: Citation,
    law: Law,
) -> Finding:
    named: dict[str, object] = {"first": str(years[0]), "last": str(years[-1])}
    if not owed:
        because = Sentence("Every year from {first} to {last} is exempt.", **named)
        return Finding(citation, Verdict.NOT_APPLICABLE, because, until=law.ends)
    if without is not None:
        because = Sentence("Not employed in {year}: the hours of {first} to {last} are not averaged.",
                           year=str(without), **named)  # fmt: skip
        return Finding(citation, Verdict.NOT_MET, because, until=law.ends)
    if not missing and all(_employed_by(worker, year, law.on) for year in years):
        because = Sentence("The hours of {first} to {last} reach the average.", **named)
        return Finding(citation, Verdict.MET, because, until=law.ends)
    if law.on.year <= years[-1]:
        return _average_open(years, missing, worker, training, citation, law)
    if not training.complete_in(owed):
        return _record_not_complete(owed, citation, law)
    because = Sentence("{missing} missing in {first} to {last}.", missing=in_hours(missing), **named)
    return Finding(citation, Verdict.NOT_MET, because, until=law.ends)


def _average_open(
    years: Sequence[int], missing: int, worker: Worker, training: Training, citation: Citation, law: Law
) -> Finding:
    """Before its end a block is not known, with the hours still missing (reading R11)."""
    last = date(years[-1], 12, 31)
    named: dict[str, object] = {"first": str(years[0]), "last": str(years[-1]), "missing": in_hours(missing)}
    because = Sentence("{missing} missing in {first} to {last}, until {by}.", by=last, **named)
    hours = Sentence("{missing} more of training by {by}.", by=last, missing=in_hours(missing))
    needs = [unknown(law, citation, "training_hours", hours)] if missing else []
    needs += [
        _employment_not_known(year, citation, law) for year in years if not _employed_by(worker, year, law.on)
    ]
    edge = next_edge((spell.span for spell in worker.spells), law.on)
    until = earliest(law, training.next_day(law.on), edge, date(law.on.year + 1, 1, 1))
    asked = tuple(need for one in needs for need in one.needs)
    return Finding(citation, Verdict.UNKNOWN, because, needs=asked, until=until, due=last)


def _record_not_complete(years: Sequence[int], citation: Citation, law: Law) -> Finding:
    statement = Sentence("Every session of {years} is on record.", years=", ".join(map(str, years)))
    return unknown(law, citation, "training_record", statement)


def _employment_not_known(year: int, citation: Citation, law: Law) -> Finding:
    statement = Sentence("The person is employed in the facility in {year}.", year=str(year))
    return unknown(law, citation, "employment", statement)


def _law_of(year: int, law: Law) -> Law:
    """The law that answers for a year: of its last day, or of the day asked about where that comes first."""
    return law_on(law.regulation.number, min(law.on, date(year, 12, 31)))


def _averaged_in(year: int, then: Law) -> bool:
    return then.has("averaged_training") and year >= then.legal_date("averaging_from").value.year


def _block(year: int, then: Law) -> tuple[int, ...]:
    """The consecutive years, counted from the first, in which a year lies (reading R11)."""
    first, length = then.legal_date("averaging_from").value.year, then.limit("averaged_years").value
    start = year - (year - first) % length
    return tuple(range(start, start + length))


def _as_operator(worker: Worker, year: int) -> list[Span]:
    """The days of a year employed as an operator, under another name too: the days are the person's (R9, R22)."""
    of_year = Span(date(year, 1, 1), date(year + 1, 1, 1))
    spans = (spell.span.within(of_year) for spell in worker.spells if spell.capacity in _OPERATORS)
    return [one for one in spans if one]


def _employed_by(worker: Worker, year: int, day: date) -> bool:
    """Whether somebody was employed there on a day of a year that has come."""
    return any(span.start <= day for span in _as_operator(worker, year))
