"""The office's queue as a list: what waits, of which kind, in which order, and what a filter leaves."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple


class Kind(StrEnum):
    """What waits for the office."""

    OPERATOR = "operator"
    OWNER = "owner"
    APPLICATION = "application"
    OVERRIDE = "override"
    REVIEW = "review"
    DISCREPANCY = "discrepancy"

    @property
    def label(self) -> str:
        """Its name for people."""
        return _KINDS[self]

    @property
    def subject(self) -> "Subject":
        """On what it is worked; an override is part of a submission."""
        return _SUBJECTS.get(self, Subject.SUBMISSION)


class Stage(StrEnum):
    """How far what waits has come."""

    FREE = "free"
    MINE = "mine"
    OTHERS = "others"
    QUESTION = "question"
    ANSWERED = "answered"
    DECIDED = "decided"

    @property
    def label(self) -> str:
        """Its name for people."""
        return _STAGES[self]


_KINDS = {
    Kind.OPERATOR: "Profiles of operators",
    Kind.OWNER: "Profiles of owners",
    Kind.APPLICATION: "Applications",
    Kind.OVERRIDE: "Overrides for a second officer",
    Kind.REVIEW: "Overrides due for review",
    Kind.DISCREPANCY: "Differences found by alignment",
}
_STAGES = {
    Stage.FREE: "Taken by nobody",
    Stage.MINE: "Taken by me",
    Stage.OTHERS: "Taken by others",
    Stage.QUESTION: "Question open",
    Stage.ANSWERED: "Question answered",
    Stage.DECIDED: "Decided",
}


class Subject(StrEnum):
    """What an officer opens, takes and decides on."""

    SUBMISSION = "submission"
    APPLICATION = "application"
    DISCREPANCY = "discrepancy"

    @property
    def noun(self) -> str:
        """What it is called in a sentence."""
        return _NOUNS[self]


_NOUNS = {
    Subject.SUBMISSION: "submission",
    Subject.APPLICATION: "application",
    Subject.DISCREPANCY: "difference",
}
_SUBJECTS = {Kind.APPLICATION: Subject.APPLICATION, Kind.DISCREPANCY: Subject.DISCREPANCY}


class Place(NamedTuple):
    """Where something of the queue is worked on: an override, for one, at its submission."""

    subject: Subject
    id: int


def places_around(here: Place, places: Iterable[Place]) -> tuple[Place | None, Place | None]:
    """The places before and after one in an order, each counted where it comes first; after the last the first.

    Of a place that is not among them only the first is next.
    """
    ordered = list(dict.fromkeys(places))
    if here not in ordered:
        return None, ordered[0] if ordered else None
    others = [one for one in ordered if one != here]
    at = ordered.index(here)
    return ordered[at - 1] if at else None, others[at % len(others)] if others else None


@dataclass(frozen=True)
class Filters:
    """What to show of the queue; "" leaves a field open. `stage` "" is all that waits, whoever has taken it.

    kind: Kind. words: part of a name or number. stage: Stage. region: code of a census division. outcome:
    core.comparison.Outcome. type: of a certificate or of works, core.licences.LicenceType.
    """

    kind: str = ""
    words: str = ""
    stage: str = ""
    region: str = ""
    outcome: str = ""
    type: str = ""


class Entry(NamedTuple):
    """One thing that waits. `id` is that of its kind's own table; `region` and `outcome` are "" where unknown.

    `stages` are all that apply to it, seen by whoever asks.
    """

    kind: str
    id: int
    since: datetime
    region: str
    outcome: str
    stages: frozenset[str]

    def passes(self, filters: Filters) -> bool:
        """Whether the filters leave it, the words and the type apart: an entry does not know those."""
        return (
            filters.kind in ("", self.kind)
            and filters.region in ("", self.region)
            and filters.outcome in ("", self.outcome)
            and (not filters.stage or filters.stage in self.stages)
        )


def groups(shared: Iterable[tuple[object, int]]) -> Mapping[int, int]:
    """Which submissions belong together: pairs of what is claimed and who claims it make one group of all that
    are linked by a claim. Answers the least id of each one's group; who shares nothing is left out."""
    first_of: dict[int, int] = {}
    seen: dict[object, int] = {}
    for what, submission in shared:
        first_of.setdefault(submission, submission)
        if what in seen:
            one, other = _root(first_of, seen[what]), _root(first_of, submission)
            first_of[max(one, other)] = min(one, other)
        seen.setdefault(what, submission)
    roots = {submission: _root(first_of, submission) for submission in first_of}
    several = {root for submission, root in roots.items() if root != submission}
    return {submission: root for submission, root in roots.items() if root in several}


def _root(first_of: Mapping[int, int], submission: int) -> int:
    while first_of[submission] != submission:
        submission = first_of[submission]
    return submission


def in_order(entries: Collection[Entry], together: Mapping[int, int]) -> list[Entry]:
    """The oldest first; submissions of one group (`together`, by their ids) stand where its oldest would."""
    by_age = sorted(entries, key=attrgetter("since", "kind", "id"))
    leads: dict[int, int] = {}
    places = [0] * len(by_age)
    for place, entry in enumerate(by_age):
        group = together.get(entry.id) if entry.kind in _OF_SUBMISSIONS else None
        places[place] = place if group is None else leads.setdefault(group, place)
    if not leads:
        return by_age
    return [entry for _, _, entry in sorted(zip(places, range(len(by_age)), by_age, strict=True))]


_OF_SUBMISSIONS = (Kind.OPERATOR, Kind.OWNER)
