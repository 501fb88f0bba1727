"""An override: a certificate or facility believed for a while although the listing does not have it."""

from datetime import date, timedelta

from core import entries
from core.calendar import add_months
from core.problems import Problem
from core.sentences import Sentence

ASKED_DAYS_BEFORE = 14  # so many days before its review the office is asked whether it is believed longer
REVIEW_MONTHS = 12  # the longest that an override is believed without anybody looking again


def last_review(today: date) -> date:
    """The last day that an override of today may name for its review."""
    return add_months(today, REVIEW_MONTHS)


def due_from(review_on: date) -> date:
    """The day from which an override is due for its review."""
    return review_on - timedelta(days=ASKED_DAYS_BEFORE)


def last_due(today: date) -> date:
    """The last day of review of which the office is asked today."""
    return today + timedelta(days=ASKED_DAYS_BEFORE)


def problems(reason: str, review_on: date | None, today: date) -> list[Problem]:
    """What is wrong with an override proposed today: it needs a reason, and a day of review to come."""
    found = entries.reason("reason", reason, what="for the override")
    if review_on is None:
        return [*found, _at_review("Enter the day on which the override is reviewed.")]
    if review_on <= today:
        template = "{day} is not after today. Enter a day to come, on which the override is reviewed."
        return [*found, _at_review(template, day=review_on)]
    if review_on > last_review(today):
        template = "{day} is too far off: an override is reviewed within {months} months, by {last}."
        return [*found, _at_review(template, day=review_on, months=REVIEW_MONTHS, last=last_review(today))]
    return found


def _at_review(template: str, **values: object) -> Problem:
    return Problem("review_on", Sentence(template, **values))
