"""A sheet of training read row by row: who was given what on which day; and the rows that cannot be used.

Every cell is text, whatever program wrote the file. A row is one person at one session; rows of the same day,
length, subject and kind are one session.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core import entries, record_entries
from core.entries import NAME_LENGTH, REASON_LENGTH, shown
from core.listing_cells import operator_id as operator_id_of
from core.listing_cells import written_day
from core.listing_rows import BEYOND, BadRow
from core.names import plain
from core.problems import Problem, Refused, raise_if_any, refuse
from core.sentences import Sentence
from core.training_sessions import MINUTES, Attendee, Before, Counted, Given, Session, TrainingKind


@dataclass(frozen=True)
class Column:
    """One of our columns: its name in files, its name for people, other names by which files call it."""

    name: str
    label: str
    others: tuple[str, ...] = ()


COLUMNS = (
    Column("date", "Date", ("day",)),
    Column("hours", "Hours"),
    Column("minutes", "Minutes"),
    Column("subject", "Subject", ("subjects", "topic", "course")),
    Column("kind", "Kind", ("type",)),
    Column("name", "Name", ("operator", "person", "attendee")),
    Column("operator_id", "Operator ID"),
    Column("position", "Position"),
)
_DECIMAL_COMMA = re.compile(r",(\d{1,2})$", re.ASCII)  # 7,5; 1,250 may be 1250
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,9})?|[+-]?\.\d{1,9}", re.ASCII)
_ONE_OF = (("hours", "minutes"), ("name", "operator_id"))


@dataclass(frozen=True)
class Employed:
    """Somebody who may be named in a sheet: with an Operator ID, "" without, and the positions held there.

    same_as: the first entry of the same person, which may be this one.
    """

    id: int
    name: str
    operator_id: str
    positions: tuple[tuple[date, date | None, str], ...]  # first day, the day after the last, position
    same_as: int

    def position_on(self, day: date) -> str:
        """The position of a day, of several the one that began last; "" where none is on record of that day: the
        position before or after it need not be the one in which somebody attended."""
        held = [one for one in self.positions if one[0] <= day and (one[1] is None or day < one[1])]
        return max(held, default=(day, None, ""))[2]

    def works_on(self, day: date) -> bool:
        """Whether this entry is on record as employed there on a day."""
        return any(first <= day and (end is None or day < end) for first, end, _ in self.positions)


@dataclass(frozen=True)
class Row:
    """One person at one session of a sheet."""

    line: int
    day: date
    minutes: int
    subject: str
    kind: TrainingKind
    attendee: Attendee

    @property
    def of_session(self) -> tuple[date, int, str, TrainingKind]:
        """What the rows of one session have in common."""
        return self.day, self.minutes, self.subject, self.kind

    @property
    def session(self) -> Session:
        """The session as if nobody else had attended."""
        return Session((Given(self.day, self.minutes),), self.subject, self.kind, (self.attendee,))


@dataclass(frozen=True)
class ReadSheet:
    """The rows that can be used, and those that cannot, in their order."""

    rows: tuple[Row, ...]
    bad: tuple[BadRow, ...]

    @property
    def sessions(self) -> tuple[Session, ...]:
        """The sessions that the rows make, in order of time."""
        found: dict[tuple[date, int, str, TrainingKind], list[Attendee]] = defaultdict(list)
        for one in self.rows:
            found[one.of_session].append(one.attendee)
        return tuple(
            Session((Given(day, minutes),), subject, kind, tuple(attended))
            for (day, minutes, subject, kind), attended in sorted(found.items())
        )


def minutes_of(hours: Decimal | None) -> int | None:
    """A duration in hours as whole minutes; None where there is none, or it comes to no whole minutes."""
    if hours is None:
        return None
    minutes = hours * MINUTES
    return int(minutes) if minutes == int(minutes) else None


def nobody_employed(session: Session, employed: Collection[Employed]) -> list[Problem]:
    """The days of a session on which nobody who attended was employed there, under any entry of the same person:
    a wrong day, or an employment that is not on record yet."""
    same_as = {one.id: one.same_as for one in employed}
    attended = {same_as.get(one.person) for one in session.attended}
    people = [one for one in employed if one.same_as in attended]
    template = (
        "On {day} nobody who attended was employed here, by what is on record. Correct the day, or record the "
        "employment first."
    )
    return [
        Problem(f"day_{number}", Sentence(template, day=held.day))
        for number, held in enumerate(session.held, start=1)
        if not any(one.works_on(held.day) for one in people)
    ]


def position_in(who: int, employed: Collection[Employed], days: Iterable[date]) -> str:
    """In what position somebody attends a session: that of the first of its days that has one on record, under any
    entry of the same person; "" where none has."""
    same_as = next(one.same_as for one in employed if one.id == who)
    entered = sorted((one for one in employed if one.same_as == same_as), key=lambda one: one.id != who)
    return next((held for day in sorted(days) for one in entered if (held := one.position_on(day))), "")


def named_alike(headings: Iterable[str]) -> dict[str, str]:
    """Our columns that a file has under our names or usual others, capitals and blanks aside: ours to its own."""
    theirs = {"_".join(heading.casefold().split()): heading for heading in headings if heading}
    found = {}
    for column in COLUMNS:
        names = [one for one in (column.name, *column.others) if one in theirs]
        if names:
            found[column.name] = theirs[names[0]]
    return found


def check_columns(columns: Mapping[str, str]) -> None:
    """Raises Refused where a needed column is missing, or one of the file's is taken for two of ours."""
    chosen = {ours for ours, theirs in columns.items() if theirs}
    labels = {one.name: one.label for one in COLUMNS}
    problems = [
        Problem(name, Sentence("Choose the column of the file that holds: {label}.", label=labels[name]))
        for name in ("date", "subject", "kind")
        if name not in chosen
    ]
    either_template = "Choose the column that holds {one}, or the one that holds {other}."
    problems += [
        Problem(either, Sentence(either_template, one=labels[either], other=labels[other]))
        for either, other in _ONE_OF
        if not chosen & {either, other}
    ]
    raise_if_any(problems)
    taken = [theirs for theirs in columns.values() if theirs]
    twice = next((one for one in taken if taken.count(one) > 1), None)
    if twice:
        raise refuse("The column “{name}” is chosen twice. Choose each column once.", name=shown(twice))


def read(
    rows: Iterable[tuple[int, Mapping[str, str]]],
    employed: Iterable[Employed],
    on_record: Iterable[Before],
    today: date,
) -> ReadSheet:
    """Reads rows, each its number and its cells by the names of our columns. Empty rows are none.

    on_record: what counts for these people already: who is named again would be counted twice.
    """
    known = tuple(employed)
    people, counted = _People(known), Counted(on_record, {one.id: one.same_as for one in known})
    good, bad = [], []
    for line, row in rows:
        if not any(cell.strip() for cell in row.values()):
            continue
        try:
            one = _row(line, row, people, today)
            raise_if_any(counted.problems(one.session))
        except Refused as refused:
            because = tuple(problem.sentence for problem in refused.problems)
            bad.append(BadRow(line, because, name=row.get("name", "") or row.get("operator_id", "")))
            continue
        counted.add(one.session, line)
        good.append(one)
    strange = _without_employed(good, known)
    bad += [BadRow(one.line, strange[one.of_session], name=one.attendee.name)
            for one in good if one.of_session in strange]  # fmt: skip
    left = tuple(one for one in good if one.of_session not in strange)
    for one in left:
        unknown = tuple(problem.sentence for problem in record_entries.positions([one.attendee]))
        bad += [BadRow(one.line, unknown, name=one.attendee.name)] if unknown else []
    left = tuple(one for one in left if one.attendee.position)
    return ReadSheet(left, tuple(sorted(bad, key=lambda one: one.line)))


def _without_employed(
    rows: Iterable[Row], employed: Collection[Employed]
) -> dict[tuple[date, int, str, TrainingKind], tuple[Sentence, ...]]:
    """The sessions of rows on whose day nobody who attended was employed, with why."""
    found = {}
    for one in ReadSheet(tuple(rows), ()).sessions:
        if problems := nobody_employed(one, employed):
            (held,) = one.held
            found[held.day, held.minutes, one.subjects, one.kind] = tuple(each.sentence for each in problems)
    return found


def _row(line: int, row: Mapping[str, str], people: "_People", today: date) -> Row:
    """One row, with all that is wrong with it said at once."""
    if row.get(BEYOND, "").strip():
        raise refuse("The row has more cells than the heading has columns. Is a comma in a cell without quotes?")
    problems: list[Problem] = []
    found: dict[str, Any] = {}
    parts: dict[str, Callable[[], object]] = {
        "day": lambda: written_day("date", row.get("date", "")),
        "minutes": lambda: _minutes(row.get("hours", ""), row.get("minutes", "")),
        "subject": lambda: _subject(row.get("subject", "")),
        "kind": lambda: _kind(row.get("kind", "")),
        "who": lambda: people.named(row.get("name", ""), row.get("operator_id", "")),
    }
    for name, part in parts.items():
        try:
            found[name] = part()
        except Refused as refused:
            problems += refused.problems
    raise_if_any(problems)
    day, minutes, subject, kind, who = (found[name] for name in parts)
    attendee = Attendee(who.id, who.name, entries.clean(row.get("position", "")) or people.position_on(day, who))
    read_row = Row(line, day, minutes, subject, kind, attendee)
    raise_if_any(record_entries.session(read_row.session, today))
    return read_row


def _minutes(hours: str, minutes: str) -> int:
    """The duration in whole minutes. 7 hours and 30 minutes are 7 h 30 min; where both are filled otherwise,
    one of the two may be meant instead of both, and nothing is guessed."""
    if not hours.strip() and not minutes.strip():
        raise refuse("The duration is missing. Write hours, such as 7.5, or minutes.")
    whole, rest = _whole_minutes(hours, MINUTES), _whole_minutes(minutes, 1)
    if whole and rest and (whole < 0 or whole % MINUTES or not 0 < rest < MINUTES):
        raise refuse("The hours say “{hours}” and the minutes “{minutes}”, which is no one duration. Write 7 and "
                     "30 for 7 h 30 min, or fill in one of the two.",
                     hours=shown(hours.strip()), minutes=shown(minutes.strip()))  # fmt: skip
    return whole + rest


def _whole_minutes(cell: str, each: int) -> int:
    """A number of hours or minutes, each so many minutes; 0 for an empty cell."""
    written = cell.strip()
    if not written:
        return 0
    digits = _DECIMAL_COMMA.sub(r".\1", written)
    number = Decimal(digits) * each if _NUMBER.fullmatch(digits) else Decimal("NaN")
    if not number.is_finite() or number != int(number):
        raise refuse("The duration “{given}” is no number of whole minutes. Write hours, such as 7.5, or minutes.",
                     given=shown(written))  # fmt: skip
    return int(number)


def _subject(cell: str) -> str:
    subject = entries.clean(cell)
    raise_if_any(entries.text("subject", "the subject", subject, REASON_LENGTH))
    return subject


def _kind(cell: str) -> TrainingKind:
    written = plain(cell.replace("_", " "))
    for kind in TrainingKind:
        if written and written in (plain(kind.value.replace("_", " ")), plain(kind.label)):
            return kind
    known = ", ".join(kind.value.replace("_", " ") for kind in TrainingKind)
    if not written:
        raise refuse("The kind is missing. Write one of these: {known}.", known=known)
    raise refuse("The kind “{given}” is none of these: {known}.", given=shown(cell), known=known)


class _People:
    """Whom a sheet may name: by the Operator ID, or by a name that only one of them has."""

    def __init__(self, employed: Collection[Employed]) -> None:
        self._employed = employed
        self._by_number: dict[str, list[Employed]] = defaultdict(list)
        self._by_name: dict[str, list[Employed]] = defaultdict(list)
        for one in employed:
            self._by_name[plain(one.name)].append(one)
            if one.operator_id:
                self._by_number[one.operator_id].append(one)

    def position_on(self, day: date, who: Employed) -> str:
        """The position of somebody on a day, "" where none is on record."""
        return position_in(who.id, self._employed, [day])

    def named(self, name: str, number: str) -> Employed:
        """Who is meant. Raises Refused where that is nobody, or may be several."""
        if number.strip():
            return self._of_number(operator_id_of(number), name)
        found = self._by_name.get(plain(_given_name_first(name)), [])
        if not entries.clean(name):
            raise refuse("The name is missing, and so is the Operator ID.")
        raise_if_any(entries.text("name", "the name", name, NAME_LENGTH))
        if not found:
            raise refuse("Nobody called “{name}” is on record as employed here. Write the name as it is on "
                         "record, or the Operator ID.", name=shown(name))  # fmt: skip
        if len(found) > 1:
            raise refuse("{count} people here are called “{name}”. Write the Operator ID.",
                         count=len(found), name=shown(name))  # fmt: skip
        return found[0]

    def _of_number(self, number: str, name: str) -> Employed:
        found = self._by_number.get(number, [])
        if len(found) != 1:
            raise refuse("{count} people employed here have Operator ID {number} on record, and one is needed.",
                         count=len(found) or "No", number=number)  # fmt: skip
        if name.strip() and plain(_given_name_first(name)) != plain(found[0].name):
            raise refuse("Operator ID {number} is {theirs}, and the row says “{name}”. Correct one of the two.",
                         number=number, theirs=found[0].name, name=shown(name))  # fmt: skip
        return found[0]


def _given_name_first(name: str) -> str:
    """“Chief, Sam” as “Sam Chief”."""
    family, comma, given = name.partition(",")
    return f"{given} {family}" if comma else name
