"""The kinds of decisions that the law leaves to the Director and the portal records: core/law/decisions.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from core import certificate_applications as applications
from core import entries
from core.law_files import LAW, load, only, row
from core.problems import Problem
from core.sentences import Sentence


@dataclass(frozen=True)
class Kind:
    """A kind of decision: its name, where the law leaves it to the Director, and what it is about.

    with_application: it is recorded by deciding on an application, never alone. for_a_period: it names its end.
    """

    id: str
    title: str
    topic: str
    subject: str
    with_application: bool = False
    for_a_period: bool = False


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
) -> list[Problem]:
    """A decision that is recorded alone. It stands from its own day unless told, up to but not including
    `valid_until`."""
    known = kinds().get(kind or "")
    problems = []
    if known is None or known.with_application:
        problems.append(Problem("kind", Sentence("Choose what is decided.")))
    problems += applications.decision_day(decided_on, today)
    problems += entries.reason("reasons", reasons, what="for the decision")
    if known is not None and known.for_a_period and valid_until is None:
        problems.append(Problem("valid_until", Sentence("Enter the last day for which the Director decided.")))
    start = valid_from or decided_on
    if valid_until is not None and start is not None and valid_until <= start:
        sentence = Sentence(
            "A decision that stands from {start} cannot end before {end}.", start=start, end=valid_until
        )
        problems.append(Problem("valid_until", sentence))
    return problems
