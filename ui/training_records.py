"""The records of training for the Director, as PDF and as Excel (O. Reg. 129/04, s. 21 (4))."""

from core.findings import Verdict
from core.sentences import in_english
from core.training import TrainingYear
from core.training_sessions import in_hours
from db.training_copies import Records
from db.training_session_views import SessionRow
from db.training_views import PersonsYear
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
            ("Days", "Minutes", "Duration", "Subjects", "Kind", "Who attended, in what position"),
            (16, 9, 12, 24, 16, 40),
            tuple(_session(one) for one in records.sessions),
        ),
        Table(
            "Hours by person and year",
            "Hours by person and year",
            ("Year", "Minutes", "Given", "Person", "Position", "How it stands"),
            (9, 9, 12, 22, 20, 44),
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


def standing_of(year: TrainingYear) -> str:
    """How a year stands, in words; a year that can still be made lawful is open."""
    finding = year.finding
    if finding.verdict is Verdict.MET and finding.due is not None:
        return f"Open until {in_english(finding.due)}"
    return findings.MARKS[finding.verdict].word


def _session(row: SessionRow) -> tuple[str | int, ...]:
    attended = "; ".join(f"{one.name}, {one.position}" for one in row.session.attended)
    each = "; ".join(f"{in_english(one.day)}: {in_hours(one.minutes)}" for one in row.session.held)
    duration = duration_of(row) if len(row.session.held) == 1 else f"{duration_of(row)} ({each})"
    minutes = sum(one.minutes for one in row.session.held)
    return days_of(row), minutes, duration, row.session.subjects, row.session.kind.label, attended


def _year(row: PersonsYear) -> tuple[str | int, ...]:
    said = f"{standing_of(row.year)}. {row.year.finding.because}"
    return str(row.year.year), row.year.minutes, in_hours(row.year.minutes), row.name, row.position, said
