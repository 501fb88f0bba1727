"""Operations and maintenance manuals: at hand for those who need them, and kept up to date.

O. Reg. 129/04, s. 20; O. Reg. 435/93, s. 16.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar import add_years
from core.facts import earliest, stated, unknown
from core.findings import Finding, Verdict, all_of, until_at_most
from core.legislation import Law
from core.sentences import Sentence

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Contents:
    """What a facility's manuals hold and who reaches them; None where nobody has said."""

    plans: bool | None = None
    drawings: bool | None = None
    process_descriptions: bool | None = None
    sufficient: bool | None = None
    operators_reach_them: bool | None = None
    maintenance_reaches_them: bool | None = None


def manuals_at_hand(contents: Contents, law: Law) -> Finding:
    """129/04, s. 20 (1): operators and maintenance staff have ready access to comprehensive manuals."""
    citation = law.topic("manuals")
    sufficient = "What the manuals hold is sufficient for the safe and efficient operation of the facility."
    asked = (
        ("plans", "The manuals hold plans.", contents.plans),
        ("drawings", "The manuals hold drawings.", contents.drawings),
        ("process_descriptions", "The manuals hold process descriptions.", contents.process_descriptions),
        ("sufficient", sufficient, contents.sufficient),
        ("operators", "Operators have ready access to the manuals.", contents.operators_reach_them),
        ("maintenance", "Maintenance staff have ready access to the manuals.", contents.maintenance_reaches_them),
    )
    return all_of(citation, *(stated(law, citation, key, Sentence(words), says) for key, words, says in asked))


def due_by(reviewed: date, updated: date, law: Law) -> date:
    """The last day for the next review and update: counted from the earlier of the two (reading R48)."""
    return add_years(min(reviewed, updated), law.limit("manual_years").value)


def manuals_reviewed(reviews: Iterable[date] | None, updates: Iterable[date] | None, law: Law) -> Finding:
    """129/04, s. 20 (2): a manual is reviewed and updated at least once every two years (reading R48).

    The days on which it was reviewed, and updated; whoever writes a new manual does both. None: nobody has said,
    and before the first day on record nobody has said either: the record begins there, not the manual.
    """
    citation = law.limit("manual_years").citation
    if reviews is None or updates is None:
        key, statement = "manual_reviewed", Sentence("Every review of the manual is on record with its day.")
        if reviews is not None:
            key, statement = "manual_updated", Sentence("Every update of the manual is on record with its day.")
        return unknown(law, citation, key, statement)
    reviews, updates = tuple(reviews), tuple(updates)
    if any(days and min(days) > law.on for days in (reviews, updates)):
        statement = Sentence("Every review and update of the manual is on record with its day.")
        found = unknown(law, citation, "manual_reviewed", statement)
    else:
        found = _reviewed(_last(reviews, law.on), _last(updates, law.on), law)
    to_come = min((day for day in (*reviews, *updates) if day > law.on), default=None)
    return until_at_most(found, to_come)


def _reviewed(reviewed: date | None, updated: date | None, law: Law) -> Finding:
    citation = law.limit("manual_years").citation
    if reviewed is None or updated is None:
        because = Sentence("The manual was never reviewed.")
        if reviewed is not None:
            because = Sentence("The manual was never updated.")
        return Finding(citation, Verdict.NOT_MET, because, readings=("R48",), until=law.ends)
    due = due_by(reviewed, updated, law)
    because = Sentence("The manual was last reviewed on {reviewed} and last updated on {updated}: due by {due}.",
                       reviewed=reviewed, updated=updated, due=due)  # fmt: skip
    if law.on > due:
        return Finding(citation, Verdict.NOT_MET, because, readings=("R48",), until=law.ends)
    until = earliest(law, due + _ONE_DAY)
    return Finding(citation, Verdict.MET, because, readings=("R48",), until=until, due=due)


def _last(days: Iterable[date], on: date) -> date | None:
    return max((day for day in days if day <= on), default=None)
