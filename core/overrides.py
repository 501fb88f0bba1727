"""An override: a certificate or facility believed for a while although the listing does not have it."""

from datetime import date, timedelta

from core import entries
from core.calendar import add_months
from core.comparison import Comparison, Outcome
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


NOT_IN_THE_LIST = Sentence(
    "Two officers believed it for a while although the ministry’s list of facilities does not have its number. "
    "That has ended, and the list does not have it still."
)


def at_its_end(beside: Comparison) -> Sentence:
    """What becomes of a facility once its override ends, by how the list bears it out now."""
    outcome = beside.outcome
    if beside.unread:
        return Sentence(
            "The list of facilities has a row for it that could not be read, so the override cannot end: it stays "
            "in the queue until a list is imported in which the row can be read, or two officers believe it "
            "longer."
        )
    if outcome.not_found:
        return Sentence(
            "The list of facilities does not have it. Once the override ends, on its day of review or when you "
            "let it end, the facility is confirmed no more: it is the organization’s no longer, and its managers "
            "are told by mail."
        )
    if outcome is Outcome.EXACT:
        return Sentence(
            "The list of facilities has it now, as it was claimed. Once the override ends, the facility rests on "
            "the list; nothing else changes."
        )
    if outcome is Outcome.NOT_COMPARABLE:
        return Sentence(
            "No list of facilities is on file, so the override cannot end: it stays in the queue until one is "
            "imported, or two officers believe it longer."
        )
    return Sentence(
        "The list of facilities has it now, but not as it was claimed. If you let the override end, the facility "
        "stays confirmed on your word; until then it stays in the queue."
    )


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
