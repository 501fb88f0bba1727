"""Findings over time: the stretches of days on which a verdict stays the same, and how a plan fares."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from core.calendar import Span
from core.findings import Finding

Ask = Callable[[date], Finding]


@dataclass(frozen=True)
class Stretch:
    """Days in a row that one finding answers for, as found on the first of them."""

    span: Span
    finding: Finding


@dataclass(frozen=True)
class Outlook:
    """How a plan fares: the finding of its first day, and the first day with another verdict, with its finding."""

    first: Finding
    changes_on: date | None = None
    then: Finding | None = None


def stretches(span: Span, ask: Ask) -> Iterator[Stretch]:
    """The stretches of a span in order, each asked about once."""
    start: date | None = span.start
    while start is not None and start in span:
        finding = ask(start)
        ends = [day for day in (finding.until, span.end) if day is not None]
        end = min(ends, default=None)
        yield Stretch(Span(start, end), finding)
        start = end


def joined(several: Iterator[Stretch]) -> tuple[Stretch, ...]:
    """Stretches with those of one verdict that follow one another made one, with the finding of the first."""
    found: list[Stretch] = []
    for one in several:
        if found and found[-1].finding.verdict is one.finding.verdict:
            found[-1] = Stretch(Span(found[-1].span.start, one.span.end), found[-1].finding)
        else:
            found.append(one)
    return tuple(found)


def outlook(span: Span, ask: Ask, until: date) -> Outlook:
    """How a plan fares from its first day, looked at up to `until`."""
    first = ask(span.start)
    for stretch in stretches(span, ask):
        if stretch.finding.verdict is not first.verdict:
            return Outlook(first, stretch.span.start, stretch.finding)
        if stretch.span.end is None or stretch.span.end > until:
            break
    return Outlook(first)
