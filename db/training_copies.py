"""The records of training as the Director gets them, and the copy that is kept (O. Reg. 129/04, s. 21 (4))."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import StringIO

from core.formulas import opens_a_formula
from core.sentences import Sentence
from db.training_session_views import SessionRow
from db.training_views import PersonsYear

COPIES, SUMMARIES = "copies", "summaries"
SENT_AS = (COPIES, SUMMARIES)


@dataclass(frozen=True)
class Records:
    """The records of training of some years, as the Director gets them: copies, and their summary.

    not_on_file: what could not be said of a year.
    """

    facility: str
    ministry_number: str
    first_year: int
    last_year: int
    made_on: date
    sessions: tuple[SessionRow, ...]
    years: tuple[PersonsYear, ...]
    not_on_file: tuple[Sentence, ...]


def csv_of(records: Records, sent_as: str) -> str:
    """The records as a table of text, one line a person and day of a session, or a person and year."""
    about = (records.facility, records.ministry_number, records.first_year, records.last_year)
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(_harmless(about))
    of_kind = _copies(records) if sent_as == COPIES else _summaries(records)
    writer.writerows(map(_harmless, of_kind))
    return out.getvalue()


def _copies(records: Records) -> Iterable[tuple[object, ...]]:
    yield "session", "day", "minutes", "subjects", "kind", "name", "position"
    for row in records.sessions:
        one = row.session
        for held in one.held:
            for who in one.attended:
                yield row.session_id, held.day, held.minutes, one.subjects, one.kind.value, who.name, who.position


def _summaries(records: Records) -> Iterable[tuple[object, ...]]:
    yield "year", "name", "position", "minutes", "of which given by others", "days employed", "finding", "why"
    for one in records.years:
        found = one.year.finding
        counts = (one.year.minutes, one.elsewhere, one.year.days)
        yield (one.year.year, one.name, one.position, *counts, found.verdict.value, found.because)


def _harmless(cells: Iterable[object]) -> list[str]:
    texts = (str(cell) for cell in cells)
    return [f"'{text}" if opens_a_formula(text) else text for text in texts]
