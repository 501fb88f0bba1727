"""The records of training for the Director, as PDF and as Excel (O. Reg. 129/04, s. 21 (4))."""

from core.sentences import in_english
from core.training import in_hours
from db.services.training_duties import Records
from db.training_views import PersonsYear, SessionRow
from ui import findings
from ui.paper import Document, Table


def of(records: Records) -> Document:
    """Copies of every session, and the summary of each person's years."""
    years = f"{records.first_year} to {records.last_year}"
    if records.first_year == records.last_year:
        years = str(records.first_year)
    facts = (
        ("Facility", records.facility),
        ("Number", records.ministry_number),
        ("Years", years),
        *(("Not on file", str(one)) for one in records.not_on_file),
    )
    tables = (
        Table(
            "Sessions",
            "Sessions",
            ("Days", "Duration", "Subjects", "Kind", "Who attended, in what position"),
            (16, 12, 26, 18, 40),
            tuple(_session(one) for one in records.sessions),
        ),
        Table(
            "Hours by person and year",
            "Hours by person and year",
            ("Year", "Given", "Person", "Position", "How it stands"),
            (10, 12, 24, 20, 46),
            tuple(_year(one) for one in records.years),
        ),
    )
    return Document(
        "Records of training",
        "training",
        records.made_on,
        tuple(fact for fact in facts if fact[1]),
        tuple(table for table in tables if table.rows),
        "Made from what is on record on the day named above. Hours that others gave to the same person count and "
        "are in the summary; their sessions are in the records of whoever gave them.",
    )


def days_of(row: SessionRow) -> str:
    """The days of a session, one after the other."""
    return ", ".join(in_english(one.day) for one in row.session.held)


def duration_of(row: SessionRow) -> str:
    """How long a session took, all its days together."""
    return in_hours(sum(one.minutes for one in row.session.held))


def _session(row: SessionRow) -> tuple[str | int, ...]:
    attended = "; ".join(f"{one.name}, {one.position}" for one in row.session.attended)
    each = "; ".join(f"{in_english(one.day)}: {in_hours(one.minutes)}" for one in row.session.held)
    duration = duration_of(row) if len(row.session.held) == 1 else f"{duration_of(row)} ({each})"
    return days_of(row), duration, row.session.subjects, row.session.kind.label, attended


def _year(row: PersonsYear) -> tuple[str | int, ...]:
    standing = findings.MARKS[row.year.finding.verdict].word
    said = f"{standing}. {row.year.finding.because}"
    return str(row.year.year), in_hours(row.year.minutes), row.name, row.position, said
