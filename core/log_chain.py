"""The log of a facility as a chain: every entry carries the hash of the one before it, so that a change shows.

O. Reg. 129/04, s. 19; O. Reg. 435/93, s. 20. An entry is never changed: a correction is a new entry that names the
old one. Whoever can write every row could seal the whole chain anew; what they cannot change is a Head that is
kept or printed elsewhere.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

from core.sentences import Sentence


class Kind(StrEnum):
    """What an entry records."""

    BEGAN = "began"
    ENDED = "ended"
    OPERATORS = "operators"
    DEPARTURE = "departure"
    INSTRUCTION = "instruction"
    CONDITION = "condition"
    EQUIPMENT = "equipment"
    ADJUSTMENT = "adjustment"
    STATUS = "status"
    NOTE = "note"
    SAFE = "operated_safely"
    MONITORED = "processes_monitored"

    @property
    def label(self) -> str:
        """Its name for people."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    Kind.BEGAN: "Shift began",
    Kind.ENDED: "Shift ended",
    Kind.OPERATORS: "Operators on duty",
    Kind.DEPARTURE: "Departure from normal procedures",
    Kind.INSTRUCTION: "Special instruction",
    Kind.CONDITION: "Unusual or abnormal condition",
    Kind.EQUIPMENT: "Equipment out of service",
    Kind.ADJUSTMENT: "Adjustment to a process",
    Kind.STATUS: "Status of the equipment",
    Kind.NOTE: "Note",
    Kind.SAFE: "Operated safely and efficiently, by the operations manuals",
    Kind.MONITORED: "Processes measured, monitored, sampled and tested",
}

DUTIES = (Kind.SAFE, Kind.MONITORED)  # s. 18 (2) (a), (b): no record proves them, so whoever is in charge says so
YES, NO = "Yes", "No"  # what is said of a duty

MAY_BE_NOTHING = frozenset(
    {Kind.DEPARTURE, Kind.INSTRUCTION, Kind.CONDITION, Kind.EQUIPMENT, Kind.ADJUSTMENT}
)  # of these, and of no other kind, there may be nothing to report


class Standing(StrEnum):
    """On what right somebody writes."""

    IN_CHARGE = "in_charge"
    BY_IN_CHARGE = "by_in_charge"
    BY_OWNER = "by_owner"

    @property
    def label(self) -> str:
        """Its name for people."""
        return _STANDING_LABELS[self]

    @property
    def records_shifts(self) -> bool:
        """Whether it is enough for the record of a shift (s. 19 (5)): the owner's authorization is not."""
        return self is not Standing.BY_OWNER


_STANDING_LABELS = {
    Standing.IN_CHARGE: "Operator-in-charge",
    Standing.BY_IN_CHARGE: "Authorized by an operator-in-charge",
    Standing.BY_OWNER: "Authorized by the owner",
}


@dataclass(frozen=True)
class Content:
    """What an entry says. nothing: there is nothing of its kind to report.

    text: the designation of a shift that began, YES or NO of a duty, else what happened. by: who gave a special
    instruction.
    """

    text: str = ""
    nothing: bool = False
    by: str = ""
    action: str = ""
    conclusions: str = ""
    operators: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One entry of a facility's log.

    number: its place in the chain, from 1. shift: the number of the entry by which its shift began; None where
    it is about no shift. made_at, happened_at: moments with a zone. authorization: the id of the one on which
    the author writes. corrects: the number of the entry that it replaces. hash: of all the rest, as hex.
    """

    facility: int
    number: int
    made_at: datetime
    happened_at: datetime
    author: int
    author_name: str
    standing: Standing
    authorization: int | None
    shift: int | None
    kind: Kind
    content: Content
    corrects: int | None = None
    reason: str = ""
    previous: str = ""
    hash: str = ""


@dataclass(frozen=True)
class Head:
    """The number and the hash of an entry: up to which the chain goes, or after which it begins."""

    number: int
    hash: str


BEFORE_THE_FIRST = Head(0, "")


class BreakKind(StrEnum):
    """What is wrong with a row of a log."""

    ALTERED = "altered"
    MISSING = "missing"
    INSERTED = "inserted"
    MOVED = "moved"


_BREAK_WORDS = {
    BreakKind.ALTERED: "Entry {number} is not as it was written.",
    BreakKind.MISSING: "Entry {number} is missing.",
    BreakKind.INSERTED: "An entry with the number {number} was put in.",
    BreakKind.MOVED: "Entry {number} does not stand at its place.",
}


@dataclass(frozen=True)
class Break:
    """A place at which a log is not as it was written."""

    kind: BreakKind
    number: int

    @property
    def sentence(self) -> Sentence:
        return Sentence(_BREAK_WORDS[self.kind], number=self.number)


def sealed(entry: Entry, head: Head) -> Entry:
    """An entry put at the end of a chain: numbered, and hashed together with the hash of the one before."""
    placed = replace(entry, number=head.number + 1, previous=head.hash)
    return replace(placed, hash=seal(placed))


def not_before(now: datetime, last_made_at: datetime | None) -> datetime:
    """The moment of a new entry: now, or that of the last entry where a clock was set back meanwhile."""
    return now if last_made_at is None else max(now, last_made_at)


def head_of(entry: Entry) -> Head:
    """The chain's head when this entry is its last."""
    return Head(entry.number, entry.hash)


def seal(entry: Entry) -> str:
    """The hash of everything in an entry but its own hash. Raises ValueError for a moment without a zone."""
    said: dict[str, object] = {name: value for name, value in vars(entry).items() if name != "hash"}
    said["content"] = vars(entry.content)
    said |= {name: _in_utc(name, moment) for name, moment in vars(entry).items() if isinstance(moment, datetime)}
    written = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def standing(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries that no later one corrects."""
    every = tuple(entries)
    corrected = {one.corrects for one in every if one.corrects is not None and one.corrects < one.number}
    return tuple(one for one in every if one.number not in corrected)


def breaks(rows: Sequence[Entry], head: Head, start: Head = BEFORE_THE_FIRST) -> tuple[Break, ...]:
    """Every place at which the rows of one facility, in the order in which they are kept, differ from what was
    written: up to `head`, after `start` (what came before was lawfully destroyed). None: the chain is whole.

    Followed from the head back: the row before is the one whose hash a row names, and where that hash is lost the
    one with the next number.
    """
    by_hash = {row.hash: at for at, row in _first_last(rows)}
    by_number = {row.number: at for at, row in _first_last(rows)}
    found: set[Break] = set()
    places: list[int] = []
    named: str | None = head.hash
    for number in range(head.number, start.number, -1):
        at = by_hash.get(named or "", by_number.get(number))
        if at is None:
            found.add(Break(BreakKind.MISSING, number))
            named = None
            continue
        places.append(at)
        row, wrong = rows[at], _wrong(rows[at], number, named)
        if wrong is not None:
            found.add(Break(wrong, number))
        named = None if wrong is BreakKind.ALTERED else row.previous
    reached = set(places)
    found |= {Break(BreakKind.INSERTED, row.number) for at, row in enumerate(rows) if at not in reached}
    in_order = zip(sorted(places, reverse=True), places, strict=True)
    found |= {Break(BreakKind.MOVED, rows[at].number) for should, at in in_order if should != at}
    return tuple(sorted(found, key=lambda one: (one.number, one.kind)))


def _wrong(row: Entry, number: int, named: str | None) -> BreakKind | None:
    """What is wrong with the row that stands for a number; `named` is its hash, as the row after it has it."""
    if named is not None and row.hash != named:
        return BreakKind.ALTERED
    if seal(row if row.number == number else replace(row, number=number)) != row.hash:
        return BreakKind.ALTERED
    return None if row.number == number else BreakKind.MOVED


def _first_last(rows: Sequence[Entry]) -> list[tuple[int, Entry]]:
    """The rows with their places from the last to the first: in a dictionary the first of equals prevails."""
    return list(enumerate(rows))[::-1]


def _in_utc(name: str, moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"{name} {moment} has no time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
