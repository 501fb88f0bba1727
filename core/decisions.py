"""The kinds of decisions that the law leaves to the Director and the portal records: core/law/decisions.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from core import certificate_applications as applications
from core import entries
from core.law_files import LAW, load, only, row
from core.problems import Problem
from core.sentences import Sentence

_ONE_DAY = timedelta(days=1)
_LAST_DAY = Sentence("Enter the last day for which the Director decided.")
_LAST_DAY_REFUSED = Sentence(
    "Enter the last day of what is refused. To end a direction, enter from which day it ends, and as the last day "
    "its own."
)


@dataclass(frozen=True)
class Kind:
    """A kind of decision: its name, where the law leaves it to the Director, and what it is about.

    with_application: it is recorded by deciding on an application, never alone. for_a_period: it names its end.
    of_people: it is about who runs the facility, and is read among its people.
    """

    id: str
    title: str
    topic: str
    subject: str
    with_application: bool = False
    for_a_period: bool = False
    of_people: bool = False


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by id, in order."""
    path = LAW / "decisions.toml"
    data = load(path)
    only(data, {"kind"}, str(path))
    found = [row(Kind, table, f"{path}: {table.get('id')}") for table in data["kind"]]
    return {kind.id: kind for kind in found}


def recorded(
    kind: str | None,
    decided_on: date | None,
    reasons: str,
    valid_from: date | None,
    valid_until: date | None,
    today: date,
    *,
    granted: bool = True,
) -> list[Problem]:
    """A decision that is recorded alone. It stands from its own day unless told, up to but not including
    `valid_until`; one that refuses or ends something for a period names its days too, so that it says nothing of
    another strike. What is wrong comes in the order of the form."""
    known = kinds().get(kind or "")
    problems = []
    if known is None or known.with_application:
        problems.append(Problem("kind", Sentence("Choose what is decided.")))
    if known is not None and known.for_a_period and valid_until is None:
        problems.append(Problem("valid_until", _LAST_DAY if granted else _LAST_DAY_REFUSED))
    start = valid_from or decided_on
    if valid_until is not None and start is not None and valid_until <= start:
        template = "{last} is before the first day, {first}. Correct one of them."
        sentence = Sentence(template, last=valid_until - _ONE_DAY, first=start)
        problems.append(Problem("valid_until", sentence))
    problems += applications.decision_day(decided_on, today)
    return problems + entries.reason("reasons", reasons, what="for the decision")
