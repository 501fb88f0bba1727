"""What owners enter about a facility's people, checked: each function answers with what is wrong, in sentences."""

from datetime import date, timedelta
from decimal import Decimal

from core import entries
from core.calendar import Span
from core.certificate_applications import not_to_come
from core.employment import Capacity
from core.problems import Problem
from core.sentences import Sentence

HOURS_IN_A_DAY = 24
_MINUTES = 60
_ONE_DAY = timedelta(days=1)


def employee(given_name: str, family_name: str, operator_id: str) -> list[Problem]:
    """Somebody who is employed; an Operator ID only where there is one."""
    problems = entries.text("given_name", "the given name", given_name, entries.NAME_LENGTH)
    problems += entries.text("family_name", "the family name", family_name, entries.NAME_LENGTH)
    return problems + (entries.operator_id(operator_id) if entries.clean(operator_id) else [])


def employment(position: str, capacity: str | None) -> list[Problem]:
    """In which position, and as what."""
    problems = entries.text("position", "the position", position, entries.NAME_LENGTH)
    if capacity not in set(Capacity):
        problems.append(Problem("capacity", Sentence("Choose as what the person is employed.")))
    return problems


def days(first: date | None, last: date | None, *, end_known: bool = False) -> list[Problem]:
    """A first and a last day; without a last one it goes on, unless the end has to be known."""
    if first is None:
        return [Problem("first", Sentence("Enter the first day."))]
    if last is None and end_known:
        return [Problem("last", Sentence("Enter the last day."))]
    if last is not None and last < first:
        template = "{last} is before the first day, {first}. Correct one of them."
        return [Problem("last", Sentence(template, first=first, last=last))]
    return []


def extension(expiry: date | None, extended_to: date | None) -> list[Problem]:
    """Until when the Director extended a licence; None where it was not extended."""
    if expiry is None or extended_to is None or extended_to > expiry:
        return []
    template = "{extended} is not after the expiry date, {expiry}. Leave it empty where it was not extended."
    return [Problem("extended_to", Sentence(template, extended=extended_to, expiry=expiry))]


def span(first: date, last: date | None) -> Span:
    """The days from a first through a last one, as the rules ask for them."""
    return Span(first, None if last is None else last + _ONE_DAY)


def days_to_come(planned: Span, today: date) -> Span | None:
    """The part of a span that lies after today; None where all of it has come."""
    start = max(planned.start, today + _ONE_DAY)
    return Span(start, planned.end) if planned.end is None or planned.end > start else None


def ended(last: date | None, standing: Span) -> list[Problem]:
    """The last day of something that began."""
    if last is None:
        return [Problem("last", Sentence("Enter the last day."))]
    if last < standing.start or (standing.end is not None and last >= standing.end):
        template = "{last} is not a day of it: it runs from {first}{until}. Enter one of its days."
        until = "" if standing.last is None else Sentence(" through {last}", last=standing.last)
        return [Problem("last", Sentence(template, last=last, first=standing.start, until=until))]
    return []


def hours_in_charge(
    day: date | None, hours: Decimal | None, more_minutes: int, today: date, besides: int = 0
) -> list[Problem]:
    """Hours and minutes worked in charge on a day that has come: whole minutes, and with those recorded of the
    day besides at most the hours of a day."""
    problems = [Problem("day", Sentence("Enter the day."))] if day is None else []
    problems += not_to_come("day", "The work", day, today)
    most = HOURS_IN_A_DAY * _MINUTES
    if hours is None or hours * _MINUTES % 1 or not 0 < minutes(hours, more_minutes) <= most:
        sentence = Sentence("Enter the hours in charge: more than 0, at most {most}, in whole minutes.",
                            most=HOURS_IN_A_DAY)  # fmt: skip
        return [*problems, Problem("hours", sentence)]
    if minutes(hours, more_minutes) + besides > most:
        sentence = Sentence(
            "With what is recorded of that day already, in training or not, it is more than {most} hours. Correct "
            "one of the two.",
            most=HOURS_IN_A_DAY,
        )
        problems.append(Problem("hours", sentence))
    return problems


def minutes(hours: Decimal, more_minutes: int = 0) -> int:
    """Hours and minutes as they are kept."""
    return int(hours * _MINUTES) + more_minutes
