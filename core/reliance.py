"""Ledgers of reliance: on how many days an owner leans on somebody who may serve for a limited number of days.

O. Reg. 129/04, ss. 15 (4) to (6) and 17 (4); O. Reg. 435/93, s. 13 (3) to (5). The count is by facility: other
names, new spells and the turn of the year change nothing in it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from core.calendar import Span, add_months, add_years
from core.directions import in_force
from core.facts import earliest, unknown
from core.findings import Decision, Finding, Verdict, until_at_most
from core.legislation import Law, Limit
from core.sentences import Sentence

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ledger:
    """Distinct days of reliance, in order. A day counts on itself and until the corresponding day `months` later:
    so many days lie in the busiest period of that length that holds the day asked about.

    without: spans whose days do not count; left_out: the days of reliance in them, in order.
    """

    days: tuple[date, ...]
    months: int
    without: tuple[Span, ...] = ()
    left_out: tuple[date, ...] = ()

    @cached_property
    def _ceases(self) -> tuple[date, ...]:
        """The day from which each day counts no more."""
        return tuple(add_months(day, self.months) for day in self.days)

    def count(self, on: date) -> int:
        """How many days count on a day, itself among them; later ones do not yet."""
        return bisect_right(self.days, on) - bisect_right(self._ceases, on)

    def window(self, on: date) -> Span | None:
        """The period that counts on a day: from the first day that counts; None where none does."""
        if not self.count(on):
            return None
        first = self.days[bisect_right(self._ceases, on)]
        return Span(first, add_months(first, self.months))

    def reaches(self, limit: int) -> tuple[date, ...]:
        """Each day on which the count reaches the limit, from below it on the day before."""
        return tuple(day for day in self.days if self.count(day) >= limit > self.count(day - _ONE_DAY))

    def first_over(self, limit: int, after: date) -> date | None:
        """The first day after `after` on which the count is over the limit."""
        return next((day for day in self.days if day > after and self.count(day) > limit), None)

    def over_since(self, limit: int, on: date) -> date | None:
        """The first of the days in a row, up to `on`, on which the count is over the limit; None where none is."""
        if self.count(on) <= limit:
            return None
        return max(day for day in self.days if day <= on and self.count(day) > limit >= self.count(day - _ONE_DAY))

    def next_crossing(self, limit: int, on: date) -> date | None:
        """The next day on which the count comes to be over the limit, or no longer is."""
        over = self.count(on) > limit
        days = sorted({day for day in (*self.days, *self._ceases) if day > on})
        return next((day for day in days if (self.count(day) > limit) != over), None)

    def over_if_it_goes_on(self, limit: int, start: date) -> date | None:
        """The first day over the limit if every day from `start` is one of reliance; None where days that do not
        count go on for ever."""
        counts_again = max((start, *(one.end for one in self.without if one.end is not None)))
        to_come = _days(Span(start), counts_again + timedelta(days=limit + 1))
        days = {*self.days, *(day for day in to_come if not self._is_left_out(day))}
        return Ledger(tuple(sorted(days)), self.months).first_over(limit, start - _ONE_DAY)

    def _is_left_out(self, day: date) -> bool:
        return any(day in span for span in self.without)


def ledger(relied: Iterable[Span], months: int, on: date, *, without: Iterable[Span] = ()) -> Ledger:
    """The days of the spans, but those in `without`; of a span without end those of a year from `on`."""
    without = tuple(without)
    days = sorted({day for span in relied for day in _days(span, add_years(on, 1))})
    left_out = {day for day in days if any(day in one for one in without)}
    return Ledger(tuple(day for day in days if day not in left_out), months, without, tuple(sorted(left_out)))


def stand_in_ledger(
    relied: Iterable[Span], directions: Iterable[Decision], law: Law, *, lifted: Iterable[Span] = ()
) -> Ledger:
    """The days that count for the limit: those under a direction of the Director do not (reading R20), nor those
    for which the Director lifted the section in a strike or lock-out (reading R6)."""
    months = law.limit("stand_in_months").value
    relied = counted_here(relied, law)
    without = [*(one.period for one in _in_force(directions, law)), *lifted]
    return ledger(relied, months, law.on, without=without)


def counted_here(relied: Iterable[Span], law: Law) -> tuple[Span, ...]:
    """The spans of standing in as far as they lie under this regulation: days under an earlier one counted for the
    limit of that one (reading R54)."""
    if "stand_in_from" not in law.regulation.dates:
        return tuple(relied)
    under_it = Span(law.legal_date("stand_in_from").value)
    return tuple(one for one in (span.within(under_it) for span in relied) if one is not None)


def within_stand_in_days(relied: Iterable[Span] | None, directions: Iterable[Decision], law: Law) -> Finding:
    """129/04, s. 15 (4): at most 150 days of standing in, in any 12 months (readings R6 and R20).

    The Director's direction lifts it for its period (s. 15 (6)), unless it is ended or refused later (R64).
    """
    limit = law.limit("stand_in_days")
    directions = _in_force(directions, law)
    if relied is None:
        return _days_not_known(limit, law)
    relied = tuple(relied)
    direction = next((one for one in directions if law.on in one.period), None)
    if direction is not None:
        because = Sentence("The Director directed on {day} that the limit not apply.", day=direction.decided_on)
        if law.on < direction.decided_on:
            because = Sentence(
                "The Director directed afterwards, on {day}, that the limit not apply.", day=direction.decided_on
            )
        return Finding(
            limit.citation,
            Verdict.NOT_APPLICABLE,
            because,
            readings=("R20", "R55", "R64"),
            until=earliest(law, direction.period.end),
            decision=direction,
        )
    readings = ("R6", "R20", *_left_out_before(relied, law))
    finding = _within(stand_in_ledger(relied, directions, law), limit, readings, law)
    starts = [one.period.start for one in directions if one.period.start > law.on]
    return until_at_most(finding, earliest(law, finding.until, *starts))


def within_engineer_days(relied: Iterable[Span] | None, law: Law, *, unclear: Iterable[Span] = ()) -> Finding:
    """129/04, s. 17 (4): at most 180 days in any 24 months with an unlicensed engineer in charge (reading R10).

    unclear: days on which nobody knows whether the engineer held a licence (reading R65).
    """
    limit, months = law.limit("engineer_in_charge_days"), law.limit("engineer_in_charge_months").value
    if relied is None:
        return _days_not_known(limit, law)
    relied, unclear = tuple(relied), tuple(unclear)
    found = _within(ledger(relied, months, law.on), limit, ("R10",), law)
    if not unclear:
        return found
    at_most = _within(ledger((*relied, *unclear), months, law.on), limit, ("R10", "R65"), law)
    if found.verdict is Verdict.NOT_MET or at_most.verdict is Verdict.MET:
        of_them = found if found.verdict is Verdict.NOT_MET else at_most
        return until_at_most(of_them, earliest(law, found.until, at_most.until))
    statement = Sentence("The engineer held a licence on so many of these days that no more than {limit} count.",
                         limit=limit.value)  # fmt: skip
    asked = unknown(law, limit.citation, "engineer_licence", statement, asked_of="officer")
    because = Sentence("With days on which the licence is not clear: {days}", days=at_most.because)
    until = earliest(law, found.until, at_most.until)
    return until_at_most(replace(asked, because=because, readings=("R10", "R65")), until)


def notice_given(relied: Iterable[Span] | None, notices: Iterable[date] | None, law: Law) -> Finding:
    """129/04, s. 15 (5): the Director is notified without delay at 60 days in any 12 months (R7, R20, R40).

    `notices`: the days on which notices were sent; None where that is not known. Days under an earlier regulation
    do not count (reading R54).
    """
    limit = law.limit("notice_days")
    if relied is None:
        return _days_not_known(limit, law)
    counted = ledger(counted_here(relied, law), law.limit("notice_months").value, law.on)
    reached = counted.reaches(limit.value)
    to_come = earliest(law, *(day for day in reached if day > law.on))
    since = max((day for day in reached if day <= law.on), default=None)
    if since is None:
        because = Sentence(
            "{days} days count; the Director is notified at {limit}.",
            days=counted.count(law.on),
            limit=limit.value,
        )
        return Finding(limit.citation, Verdict.NOT_APPLICABLE, because, readings=("R7", "R20"), until=to_come)
    if notices is None:
        statement = Sentence("The Director was notified of the {limit} days of {day}.",
                             limit=limit.value, day=since)  # fmt: skip
        return until_at_most(unknown(law, limit.citation, "notice", statement), to_come)
    sent = min((day for day in notices if since <= day), default=None)
    return until_at_most(_notice(since, sent, limit, law), earliest(law, to_come, _after(sent, law.on)))


def _notice(since: date, sent: date | None, limit: Limit, law: Law) -> Finding:
    readings, named = ("R7", "R20", "R40"), {"since": since, "limit": limit.value}
    if sent is not None and sent <= law.on:
        verdict = Verdict.MET if sent == since else Verdict.DIRECTOR
        because = Sentence(
            "{limit} days were reached on {since}; the Director was notified on {sent} (days later: {days}).",
            sent=sent,
            days=(sent - since).days,
            **named,
        )
        return Finding(limit.citation, verdict, because, readings=readings, until=law.ends)
    if law.on == since:
        because = Sentence("{limit} days are reached on {since}: notify the Director without delay.", **named)
        until = earliest(law, since + _ONE_DAY)
        return Finding(limit.citation, Verdict.MET, because, readings=readings, until=until, due=since)
    because = Sentence(
        "{limit} days were reached on {since}; the Director is not notified (days since: {days}).",
        days=(law.on - since).days,
        **named,
    )
    return Finding(limit.citation, Verdict.NOT_MET, because, readings=readings, until=law.ends)


def _within(counted: Ledger, limit: Limit, readings: tuple[str, ...], law: Law) -> Finding:
    count, window = counted.count(law.on), counted.window(law.on)
    because = Sentence("No day counts; at most {limit} in any {months} months.",
                       limit=limit.value, months=counted.months)  # fmt: skip
    if window is not None:
        because = Sentence(
            "{days} days in the {months} months from {start}; at most {limit}.",
            days=count,
            months=counted.months,
            start=window.start,
            limit=limit.value,
        )
    verdict = Verdict.MET if count <= limit.value else Verdict.NOT_MET
    until = earliest(law, counted.next_crossing(limit.value, law.on))
    return Finding(limit.citation, verdict, because, readings=readings, until=until)


def _days_not_known(limit: Limit, law: Law) -> Finding:
    statement = Sentence("Every day of reliance is on record.")
    return unknown(law, limit.citation, "days_relied_on", statement)


def _in_force(directions: Iterable[Decision], law: Law) -> list[Decision]:
    """The directions under this regulation, each for the days for which no later decision prevails (R64)."""
    citation = law.topic("stand_in_direction")
    standing = in_force(one for one in directions if one.citation == citation)
    return [replace(one, period=days) for days, one in standing]


def _days(span: Span, horizon: date) -> Iterator[date]:
    end = horizon if span.end is None else span.end
    return (span.start + timedelta(days=shift) for shift in range((end - span.start).days))


def _left_out_before(relied: tuple[Span, ...], law: Law) -> tuple[str, ...]:
    """The reading by which days are left out, where there are some."""
    return ("R54",) if counted_here(relied, law) != relied else ()


def _after(day: date | None, on: date) -> date | None:
    return day if day is not None and day > on else None
