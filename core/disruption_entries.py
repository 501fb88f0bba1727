"""What owners enter of strikes and emergencies, checked: each function says in sentences what is wrong."""

from collections.abc import Collection
from datetime import date

from core import entries, people_entries
from core.certificate_applications import not_to_come
from core.emergencies import Way
from core.problems import Problem
from core.sentences import Sentence
from core.submissions import Kind, contents_of

MOST_MONTHS = 720  # of experience: sixty years


def emergency(
    declared: bool | None,
    declared_by: str,
    nature: str,
    short_and_needed: Collection[bool | None],
    grounds: str,
    first: date | None,
    last: date | None,
    today: date,
) -> list[Problem]:
    """What is said of an emergency: of one that was declared by whom, and how it could harm the operation; the
    grounds, where operators are said to be short or others needed."""
    problems = []
    if declared is None:
        problems.append(Problem("declared", Sentence("Choose whether an emergency was declared.")))
    if declared:
        problems += entries.text("declared_by", "by whom it was declared", declared_by, entries.NAME_LENGTH)
        problems += entries.account("nature", nature, what="how it could harm the operation")
    if declared and any(short_and_needed):
        problems += entries.account("grounds", grounds, what="on which grounds you believe it")
    return [*problems, *people_entries.days(first, last), *not_to_come("first", "The emergency", first, today)]


def emergency_work(
    way: str | None, experience: int | None, details: str, duties: str, first: date | None, last: date | None
) -> list[Problem]:
    """Who is employed in an emergency, by which paragraph, and how the person meets it."""
    problems = []
    if way not in set(Way):
        problems.append(Problem("way", Sentence("Choose who the person is.")))
    if experience is not None and not 0 <= experience <= MOST_MONTHS:
        sentence = Sentence("{months} is not from 0 to {most} months.", months=experience, most=MOST_MONTHS)
        problems.append(Problem("experience", sentence))
    problems += entries.account("details", details, what="how the person meets it")
    problems += entries.lines("duties", "the operating duties", duties, entries.REASON_LENGTH)
    return problems + people_entries.days(first, last)


def submission(
    kind: str | None,
    contents: Collection[str] | None,
    sent_on: date | None,
    today: date,
    of_day: date | None = None,
) -> list[Problem]:
    """Something handed in to the Director: of what kind, when, and what it says where it has to say something.

    of_day: the first day of the emergency, before which there is nothing to tell; a plan lies before its strike.
    """
    if kind not in set(Kind):
        return [Problem("kind", Sentence("Choose what was handed in."))]
    problems = []
    if sent_on is None:
        problems.append(Problem("sent_on", Sentence("Enter the day on which it was handed in.")))
    asked = {one.id for one in contents_of(Kind(kind))}
    unknown = sorted(set(contents or ()) - asked)
    if unknown:
        sentence = Sentence("{unknown} is nothing that it has to say.", unknown=", ".join(unknown))
        problems.append(Problem("contents", sentence))
    if kind != Kind.STRIKE_PLAN and sent_on is not None and of_day is not None and sent_on < of_day:
        sentence = Sentence("{sent} is before the emergency, which began on {first}. Enter the day of handing in.",
                            sent=sent_on, first=of_day)  # fmt: skip
        problems.append(Problem("sent_on", sentence))
    return [*problems, *not_to_come("sent_on", "It", sent_on, today)]
