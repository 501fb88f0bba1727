"""The days of a dated fact."""

from datetime import date

from core.calendar import Span
from db.schema import Fact


def span(fact: Fact) -> Span:
    """The days of a fact; one without a first day has always been so."""
    return Span(fact.valid_from or date.min, fact.valid_until)
