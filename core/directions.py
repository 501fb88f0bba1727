"""Which of the Director's decisions on a matter holds on which days: of several on one day the latest."""

from collections.abc import Iterable

from core.calendar import Span, outside
from core.findings import Decision


def in_force(decisions: Iterable[Decision]) -> tuple[tuple[Span, Decision], ...]:
    """The days for which each granted decision stands: those of its period that no later decision is about.

    Of two of one day the one that begins later is the later, and of two that begin together the one recorded last.
    """
    in_order = sorted(decisions, key=lambda one: (one.decided_on, one.period.start))
    return tuple(
        (days, one)
        for place, one in enumerate(in_order)
        if one.granted
        for days in outside(one.period, [later.period for later in in_order[place + 1 :]])
    )
