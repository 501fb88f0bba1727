"""Sheets of training: read, shown with what cannot be used, and recorded once all of it can be; all or nothing.

A sheet with a row that cannot be used is not recorded in part: mended and handed in again, the other rows would be
counted twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from core import entries, training_rows
from core.listing_rows import BEYOND, BadRow
from core.membership import Right
from core.places import day_at
from core.problems import raise_if_any, refuse
from core.roles import ACTING
from core.training_rows import ReadSheet
from core.training_sessions import Session
from db import kept_findings, training_entries
from db.gate import Work, service
from db.ministry_listings.files import Table
from db.own_facilities import held
from db.schema import Account, Facility, Person
from db.schema_training import TrainingColumns, TrainingImport, TrainingSession

MOST_ROWS = 5_000


@dataclass(frozen=True)
class SheetPreview:
    """What a sheet would record. Nothing is written yet. again: this very file was recorded on that day."""

    sessions: tuple[Session, ...]
    rows: int
    minutes: int  # of all people together
    bad: tuple[BadRow, ...]
    again: date | None


@dataclass(frozen=True)
class SheetRow:
    """A sheet that was recorded: which file, how many rows, when, by whom; withdrawn: with all its sessions."""

    import_id: int
    file_name: str
    sha256: str
    rows: int
    recorded_at: datetime
    recorded_by: str
    withdrawn: bool


@service(*ACTING)
def columns_of(work: Work, facility_id: int, table: Table) -> Mapping[str, str]:
    """Which column of a file is which of ours: as the organization chose when it last recorded a sheet with these
    headings, else by their names."""
    organization_id = held(work, Right.RECORD, facility_id).organization_id
    kept = work.session.scalar(
        select(TrainingColumns.columns).where(
            TrainingColumns.organization_id == organization_id, TrainingColumns.heading == table.heading_hash
        )
    )
    return dict(kept) if kept else training_rows.named_alike(table.headings)


@service(*ACTING, shows_personal_data=True)
def preview(work: Work, facility_id: int, table: Table, columns: Mapping[str, str]) -> SheetPreview:
    """What a sheet would record; `columns` says which column of the file is which of ours.

    Raises Refused where the columns do not fit, or there are too many rows.
    """
    facility = held(work, Right.RECORD, facility_id).facility
    work.record("training_sheet.previewed", "facility", facility.id, sha256=table.sha256)
    sheet = _read(work, facility, table, columns)
    before = _standing(work, facility.id, table.sha256)
    minutes = sum(one.minutes for one in sheet.rows)
    again = None if before is None else day_at(before.recorded_at, facility.time_zone)
    return SheetPreview(sheet.sessions, len(sheet.rows), minutes, sheet.bad, again)


@service(*ACTING, writes=True)
def import_(work: Work, facility_id: int, table: Table, columns: Mapping[str, str]) -> int:
    """Records every session of a sheet, and keeps which file it was. Returns the id of the import.

    Raises Refused where a row cannot be used, and for a file that was recorded already.
    """
    here = held(work, Right.RECORD, facility_id)
    facility = work.for_update(Facility, here.facility.id)
    before = _standing(work, facility.id, table.sha256)
    if before is not None:
        raise refuse(
            "This very file was recorded on {day} already. Withdraw that import first, if it was wrong.",
            day=day_at(before.recorded_at, facility.time_zone),
        )
    sheet = _read(work, facility, table, columns)
    if sheet.bad:
        raise refuse(
            "{count} of the rows cannot be used, so nothing was recorded. Row {line}: {why}",
            count=len(sheet.bad),
            line=str(sheet.bad[0].line),
            why=sheet.bad[0].reason,
        )
    row = TrainingImport(
        facility_id=facility.id,
        file_name=table.file_name,
        sha256=table.sha256,
        rows=len(sheet.rows),
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    training_entries.add_sheet(work, facility.id, sheet.sessions, row.id)
    _keep_columns(work, here.organization_id, table, columns)
    work.record("training_sheet.recorded", "facility", facility.id, sheet=row.id, sha256=row.sha256, rows=row.rows)
    attended = {one.attendee.person for one in sheet.rows}
    kept_findings.retest(work, *training_entries.facilities_of(work, attended))
    return row.id


@service(*ACTING)
def imports(work: Work, facility_id: int) -> tuple[SheetRow, ...]:
    """The sheets that were recorded at a facility, the latest first."""
    facility = held(work, Right.RECORD, facility_id).facility
    rows = work.session.execute(
        select(TrainingImport, Person)
        .join(Account, Account.id == TrainingImport.recorded_by)
        .join(Person, Person.id == Account.person_id)
        .where(TrainingImport.facility_id == facility.id)
        .order_by(TrainingImport.id.desc())
    )
    return tuple(
        SheetRow(
            one.id, one.file_name, one.sha256, one.rows, one.recorded_at, person.name, one.withdrawn_at is not None
        )
        for one, person in rows
    )


@service(*ACTING, writes=True)
def withdraw_import(work: Work, import_id: int, reason: str) -> None:
    """Withdraws a sheet with all its sessions that stand, corrected ones too: it was the wrong file."""
    raise_if_any(entries.reason("reason", reason, what="why it is withdrawn"))
    row, facility = training_entries.standing(work, TrainingImport, import_id)
    training_entries.withdraw(work, row, reason)
    its = work.session.scalars(
        select(TrainingSession).where(
            TrainingSession.import_id == row.id,
            TrainingSession.superseded_at.is_(None),
            TrainingSession.withdrawn_at.is_(None),
        )
    ).all()
    for one in its:
        training_entries.withdraw(work, one, reason)
    work.record("training_sheet.withdrawn", "facility", facility.id, sheet=row.id)
    attended = training_entries.who_attended(work, [one.id for one in its])
    kept_findings.retest(work, *training_entries.facilities_of(work, attended))


def _keep_columns(work: Work, organization_id: int, table: Table, columns: Mapping[str, str]) -> None:
    """Which column is which of ours, for this and every later file of the organization with these headings."""
    insert = sqlite.insert if work.portal.database.is_sqlite else postgresql.insert
    chosen = {ours: theirs for ours, theirs in columns.items() if theirs}
    kept = {"columns": chosen, "saved_at": work.at, "saved_by": work.account.id}
    row = {"organization_id": organization_id, "heading": table.heading_hash, **kept}
    statement = insert(TrainingColumns).values(**row)
    work.session.execute(statement.on_conflict_do_update(index_elements=["organization_id", "heading"], set_=kept))


def _standing(work: Work, facility_id: int, sha256: str) -> TrainingImport | None:
    """The import of the same file that stands at a facility."""
    return work.session.scalar(
        select(TrainingImport)
        .where(
            TrainingImport.facility_id == facility_id,
            TrainingImport.sha256 == sha256,
            TrainingImport.withdrawn_at.is_(None),
        )
        .limit(1)
    )


def _read(work: Work, facility: Facility, table: Table, columns: Mapping[str, str]) -> ReadSheet:
    training_rows.check_columns(columns)
    missing = next((one for one in columns.values() if one and one not in table.headings), None)
    if missing is not None:
        raise refuse("The file has no column “{given}”. Choose one of the list.", given=entries.shown(missing))
    if len(table.cells) > MOST_ROWS:
        raise refuse("The table has more than {most} rows. Hand in a year at a time.", most=MOST_ROWS)
    people = training_entries.employed(work, facility.id)
    return training_rows.read(
        _rows(table, columns),
        people.values(),
        training_entries.on_record(work, facility.id, people),
        day_at(work.at, facility.time_zone),
    )


def _rows(table: Table, columns: Mapping[str, str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    places = {ours: table.headings.index(theirs) for ours, theirs in columns.items() if theirs}
    places[BEYOND] = len(table.headings)
    chosen = table.cells.iloc[:, list(places.values())]
    for line, *cells in chosen.itertuples(name=None):
        yield line, dict(zip(places, cells, strict=True))
