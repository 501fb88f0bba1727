"""Sessions of training: what was given to whom, and what the record of each has to name.

O. Reg. 129/04, s. 21 (2) and (3); O. Reg. 435/93, s. 17 (2) and (3). Durations are whole minutes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import combinations, product

from core.entries import shown
from core.facts import stated
from core.findings import Finding, all_of
from core.legislation import Law, regulations
from core.names import plain
from core.problems import Problem
from core.sentences import Sentence

MINUTES = 60
MINUTES_IN_A_DAY = 24 * MINUTES


class TrainingKind(StrEnum):
    """What training may be, by the examples of 129/04, s. 21 (2)."""

    NEW_PROCEDURES = "new_procedures"
    REVIEW = "review"
    SAFETY = "safety"
    TECHNICAL = "technical"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Its name for people."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    TrainingKind.NEW_PROCEDURES: "New or revised operating procedures",
    TrainingKind.REVIEW: "Review of existing operating procedures",
    TrainingKind.SAFETY: "Safety",
    TrainingKind.TECHNICAL: "Information and technical skills, environmental subjects",
    TrainingKind.OTHER: "Other",
}


@dataclass(frozen=True)
class Given:
    """Training that one person was given on a day, in minutes."""

    day: date
    minutes: int


@dataclass(frozen=True)
class Attendee:
    """Somebody who attended a session, and in what position."""

    person: int
    name: str
    position: str


@dataclass(frozen=True)
class Before:
    """A day of training that counts for somebody already; subject: None where another employer recorded it."""

    person: int
    day: date
    minutes: int
    subject: str | None


@dataclass(frozen=True)
class SessionRecord:
    """Whether the record of a session names what it must; None where nobody has said."""

    names: bool | None = None
    positions: bool | None = None
    dates: bool | None = None
    duration: bool | None = None
    subjects: bool | None = None


@dataclass(frozen=True)
class Session:
    """One training session: its days, each with its minutes, what it covered, and who attended."""

    held: tuple[Given, ...]
    subjects: str
    kind: TrainingKind
    attended: tuple[Attendee, ...]

    def given_to(self, person: int) -> tuple[Given, ...]:
        """What it gave to somebody; nothing to whoever did not attend, and once to whoever is named twice."""
        return self.held if any(one.person == person for one in self.attended) else ()

    @property
    def record(self) -> SessionRecord:
        """What its record names."""
        return SessionRecord(
            names=bool(self.attended) and all(one.name.strip() for one in self.attended),
            positions=bool(self.attended) and all(one.position.strip() for one in self.attended),
            dates=bool(self.held),
            duration=bool(self.held) and all(one.minutes > 0 for one in self.held),
            subjects=bool(self.subjects.strip()),
        )


def session_recorded(record: SessionRecord, law: Law) -> Finding:
    """129/04, s. 21 (3): names and positions of who attended, the days, the duration and the subjects."""
    citation = law.topic("training_record")
    asked = (
        ("names", "The record names the operators who attended.", record.names),
        ("positions", "The record names the position of each operator who attended.", record.positions),
        ("dates", "The record names the days of the session.", record.dates),
        ("duration", "The record names the duration of the session.", record.duration),
        ("subjects", "The record names the subjects of the session.", record.subjects),
    )
    return all_of(citation, *(stated(law, citation, key, Sentence(words), says) for key, words, says in asked))


@cache
def first_day_with_law() -> date:
    """The first day of which any regulation on file that asks for training answers."""
    asking = (one for one in regulations().values() if "training" in one.topics)
    return min(one.versions[0].first_day for one in asking)


def in_hours(minutes: int) -> str:
    """A duration for people: 39 h 30 min."""
    hours, rest = divmod(minutes, MINUTES)
    parts = [f"{hours} h"] if hours or not rest else []
    return " ".join(parts + ([f"{rest} min"] if rest else []))


class Counted:
    """What counts for each person already: no session counts twice, and no day has more than 24 hours.

    same_as: of each entry the first one of the same person, by which both are counted; itself without.
    on_record: of each first entry what counts for its person; that of the others is the same, and left aside.
    """

    def __init__(self, on_record: Iterable[Before], same_as: Mapping[int, int]) -> None:
        self._same_as = same_as
        self._said: dict[tuple[int, date, str], tuple[str, Attendee | None]] = {}
        self._minutes: Counter[tuple[int, date]] = Counter()
        for one in on_record:
            if self._who(one.person) != one.person:
                continue
            self._minutes[one.person, one.day] += one.minutes
            if one.subject is not None:
                self._said[one.person, one.day, plain(one.subject)] = ("", None)

    def add(self, session: Session, line: int) -> None:
        """Counts a session of a row of a sheet too."""
        for person, held in self._each(session):
            who = self._who(person.person)
            self._minutes[who, held.day] += held.minutes
            self._said[who, held.day, plain(session.subjects)] = (str(line), person)

    def problems(self, session: Session) -> list[Problem]:
        """What would count twice, and whose day would be longer than a day: of each kind the first."""
        twice = (
            self._twice(session, person, held.day, *said)
            for person, held in self._each(session)
            if (said := self._said.get((self._who(person.person), held.day, plain(session.subjects))))
        )
        too_long = (
            self._too_long(person, held)
            for person, held in self._each(session)
            if self._minutes[self._who(person.person), held.day] + held.minutes > MINUTES_IN_A_DAY
        )
        found = (next(self._of_one(session), None), next(twice, None), next(too_long, None))
        return [one for one in found if one is not None]

    def _who(self, entry: int) -> int:
        return self._same_as.get(entry, entry)

    def _each(self, session: Session) -> Iterator[tuple[Attendee, Given]]:
        return product(session.attended, session.held)

    def _of_one(self, session: Session) -> Iterator[Problem]:
        """Those of a session who are the same person under two entries."""
        template = "{one} and {other} are the same person. Name one of the two."
        for one, other in combinations(session.attended, 2):
            if one.person != other.person and self._who(one.person) == self._who(other.person):
                yield Problem("attended", Sentence(template, one=one.name, other=other.name))

    def _twice(self, session: Session, person: Attendee, day: date, line: str, named: Attendee | None) -> Problem:
        if named is None:
            template = (
                "{name} has “{subject}” of {day} on record already; it would be counted twice. Leave {name} out "
                "here, or correct or withdraw the session on record."
            )
            subject = shown(session.subjects)
            return Problem("attended", Sentence(template, name=person.name, subject=subject, day=day))
        what = Sentence("Row {line} says this of {name} already", line=line, name=named.name)
        if named.person != person.person:
            what = Sentence("{what}, who is the same person as {name}", what=what, name=person.name)
        template = "{what}. Add up the hours of both in one row, or delete one of the two."
        return Problem("attended", Sentence(template, what=what))

    def _too_long(self, person: Attendee, held: Given) -> Problem:
        minutes = self._minutes[self._who(person.person), held.day] + held.minutes
        template = (
            "{name} would have {hours} of training on {day}, with what is on record of that day, and a day has 24 "
            "hours. Look at the sessions of that day."
        )
        return Problem("held_on", Sentence(template, name=person.name, hours=in_hours(minutes), day=held.day))
