"""The ministry's listings: what stands, and how officers import, confirm and withdraw it.

A file is read by db.ministry_listings.files, without a database; what it says is then previewed and imported
here. One listing of each kind stands at a time; others are compared with its rows alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.dialects import postgresql, sqlite

from core import entries
from core.entries import shown
from core.listing_differences import Differences
from core.listing_differences import differences as differing
from core.listing_rows import COLUMNS, BadRow, check_mapping, lacking, named_alike
from core.listings import Difference, ImportState, ListingKind, listing_day, many_vanish
from core.places import day_at
from core.problems import Refused, raise_if_any, refuse
from core.roles import Role
from db.alignment.facilities import after_list
from db.alignment.facilities_taken_back import void_with
from db.alignment.passes import after_listing
from db.gate import Asker, Stale, Work, in_steps, service
from db.listing import Listing, one_page
from db.ministry_listings import rows, views
from db.ministry_listings.files import Progress, ReadListing, Table, unwatched
from db.ministry_listings.views import Import
from db.register_schema import ColumnMapping, Discrepancy, ListingImport
from db.schema import Account
from db.verification.borne_out import recompare


@dataclass(frozen=True)
class Stands:
    """How things are with a kind of listing: what stands, and what waits for a second officer."""

    standing: Import | None
    waiting: Import | None


@dataclass(frozen=True)
class Preview:
    """What an import of a file would change. Nothing is written yet."""

    differences: Differences
    against: int | None  # the import that stands now; its rows never change
    withdrawn: date | None  # of the listing last withdrawn, where none stands and it is compared with that
    former: int  # how many rows the listing has that it is compared with
    same_file: bool  # this very file stands
    needs_second: bool  # so much would vanish that a second officer has to confirm it

    @property
    def difference(self) -> Difference:
        """How many lines differ."""
        return self.differences.counted


# --- what stands, what was ------------------------------------------------------------------------------------


@service(Role.OFFICER)
def stands(work: Work) -> Mapping[ListingKind, Stands]:
    """What stands and what waits, of each kind."""
    current = (ImportState.STANDING, ImportState.WAITING)
    found = views.of(work, work.session.execute(views.imports().where(ListingImport.state.in_(current))))
    by_state = {(one.kind, one.state): one for one in found}
    return {
        kind: Stands(by_state.get((kind, ImportState.STANDING)), by_state.get((kind, ImportState.WAITING)))
        for kind in ListingKind
    }


@service(Role.OFFICER)
def history(work: Work, kind: ListingKind, page: int = 1) -> Listing[Import]:
    """All imports of a kind, the newest first, 50 a page."""
    statement = views.imports().where(ListingImport.kind == kind).order_by(ListingImport.id.desc())
    found, total, page = one_page(work, statement, page)
    return Listing(views.of(work, found), total, page)


@service(Role.OFFICER)
def one_import(work: Work, import_id: int) -> Import:
    """One import. Raises Refused where there is none."""
    found = views.of(work, work.session.execute(views.imports().where(ListingImport.id == import_id)))
    if not found:
        raise _no_import()
    return found[0]


@service(Role.OFFICER)
def void_when_withdrawn(work: Work, import_id: int) -> int:
    """How many decisions on differences from a listing become void once it is withdrawn: of certificates all, of
    facilities those that nobody has decided on since."""
    row = _import(work, import_id)
    if row.kind == ListingKind.FACILITIES:
        return void_with(work, row)
    void = Discrepancy.import_id == row.id, Discrepancy.state.in_(("kept", "followed"))
    return work.session.scalar(select(func.count()).where(*void)) or 0


@service(Role.OFFICER)
def facilities_to_decide(work: Work) -> int:
    """Of how many confirmed facilities the list that stands says otherwise, so that an officer has to decide."""
    waits = Discrepancy.state == "open", Discrepancy.facility_claim_id.is_not(None)
    return work.session.scalar(select(func.count()).where(*waits)) or 0


@service(Role.OFFICER, shows_personal_data=True)
def bad_rows(work: Work, import_id: int) -> tuple[BadRow, ...]:
    """The rows that an import left out, each with its number in the file and why."""
    row = _import(work, import_id)
    work.record("listing.bad_rows_seen", "listing_import", row.id)
    return views.from_json(row.left_out)


@in_steps(Role.OFFICER, shows_personal_data=True)
def differences(asker: Asker, import_id: int) -> Differences:
    """The lines in which an import differs from what stood before it: what a second officer looks at."""
    found = _differences_of(asker, import_id)
    _record_look(asker, import_id)
    return found


@service(Role.OFFICER)
def _differences_of(work: Work, import_id: int) -> Differences:
    """Two listings are read without the lock for writing; the look is recorded after it."""
    row = _import(work, import_id)
    kind = ListingKind(row.kind)
    withdrawn = None if row.follows_id else _last_withdrawn(work, kind)
    former = rows.saved(work.session, kind, withdrawn.id if withdrawn else row.follows_id)
    now = rows.saved(work.session, kind, row.id)
    return differing(kind, former, now, rows.unread(kind, views.from_json(row.left_out)))


@service(Role.OFFICER, writes=True)
def _record_look(work: Work, import_id: int | None) -> None:
    work.record("listing.differences_seen", "listing_import", import_id)


# --- columns ----------------------------------------------------------------------------------------------


@service(Role.OFFICER)
def columns(work: Work, kind: ListingKind, table: Table) -> Mapping[str, str] | None:
    """Which column of a file is which of ours: as mapped by hand before, or by their names; None where somebody
    has to map them first. Raises Refused for a file that has too few columns for that."""
    kept = _kept_columns(work, kind, table)
    if kept:
        return kept
    lacks = lacking(kind, table.headings)
    if lacks and not lacks.may_be_named_otherwise:
        raise refuse("{lacks} Is it the listing of {kind}? Download that one with all its columns, and upload it "
                     "again.", lacks=str(lacks.said), kind=kind.value)  # fmt: skip
    alike = named_alike(kind, table.headings)
    return alike if all(column.name in alike for column in COLUMNS[kind] if column.required) else None


@service(Role.OFFICER)
def kept_columns(work: Work, kind: ListingKind, table: Table) -> Mapping[str, str] | None:
    """Which column is which of ours as mapped by hand before; None where nobody has mapped these headings."""
    return _kept_columns(work, kind, table)


@service(Role.OFFICER, writes=True)
def save_columns(work: Work, kind: ListingKind, table: Table, columns: Mapping[str, str]) -> None:
    """Keeps which column of a file is which of ours, for this and every later file with the same headings."""
    check_mapping(kind, table.headings, columns)
    chosen = {ours: theirs for ours, theirs in columns.items() if theirs}
    insert = sqlite.insert if work.portal.database.is_sqlite else postgresql.insert
    kept = {"columns": chosen, "saved_at": work.at, "saved_by": work.account.id}
    statement = insert(ColumnMapping).values(kind=kind, heading=table.heading_hash, **kept)
    statement = statement.on_conflict_do_update(index_elements=["kind", "heading"], set_=kept)
    mapping_id = work.session.scalar(statement.returning(ColumnMapping.id))
    work.record("listing.columns_mapped", "column_mapping", mapping_id, columns=sorted(chosen))


def _kept_columns(work: Work, kind: ListingKind, table: Table) -> Mapping[str, str] | None:
    mapped = (ColumnMapping.kind == kind, ColumnMapping.heading == table.heading_hash)
    kept = work.session.scalar(select(ColumnMapping).where(*mapped))
    return dict(kept.columns) if kept else None


# --- importing --------------------------------------------------------------------------------------------


@in_steps(Role.OFFICER, shows_personal_data=True)
def preview(asker: Asker, listing: ReadListing) -> Preview:
    """What an import of this file would change now, line by line."""
    found = _preview_now(asker, listing)
    if found.former:
        _record_look(asker, found.against)
    return found


@service(Role.OFFICER)
def _preview_now(work: Work, listing: ReadListing) -> Preview:
    return _preview(work, listing, _standing(work, listing.kind))


@service(Role.OFFICER, writes=True)
def import_(
    work: Work, listing: ReadListing, listed_on: date | None, against: int | None, progress: Progress = unwatched
) -> ImportState:
    """Imports a listing, all of it or nothing: it stands from now on, or waits for a second officer.

    `against` is what the preview was compared with. Raises Stale where something else stands since,
    and Refused for a wrong date, for the file that stands already, and while another import waits.
    """
    _one_at_a_time(work)
    standing = _standing(work, listing.kind)
    _must_still_stand(work, standing, against)
    _nothing_may_wait(work, listing.kind)
    raise_if_any(listing_day(listed_on, standing.listed_on if standing else None, day_at(work.at)))
    assert listed_on is not None  # noqa: S101 - checked above
    would = _preview(work, listing, standing)
    if standing and would.same_file and standing.listed_on == listed_on:
        raise refuse("This very file stands already, as the listing of {day}. There is nothing to import.",
                     day=listed_on)  # fmt: skip
    row = ListingImport(
        kind=listing.kind,
        listed_on=listed_on,
        file_name=listing.file_name,
        file_sha256=listing.sha256,
        rows=len(listing.rows),
        new=would.difference.new,
        changed=would.difference.changed,
        gone=would.differences.vanishing,
        left_out=views.to_json(listing.bad),
        state=ImportState.WAITING,
        imported_at=work.at,
        imported_by=work.account.id,
        follows_id=standing.id if standing else None,
        changed_at=work.at,
        changed_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    rows.save(work.session, listing.kind, row.id, listing.rows, progress)
    work.record("listing.imported", "listing_import", row.id, kind=listing.kind, rows=row.rows, gone=row.gone)
    if not would.needs_second:
        _let_stand(work, row, standing)
    return ImportState(row.state)


@service(Role.OFFICER, writes=True)
def confirm(work: Work, import_id: int, version: int) -> None:
    """The second officer's word: the import that waits stands from now on. Nobody confirms an own import."""
    row = _to_decide(work, import_id, version)
    importer = work.session.get_one(Account, row.imported_by)
    if importer.person_id == work.account.person_id:
        raise refuse("You imported this listing yourself, so another officer has to confirm it.")
    row.confirmed_at, row.confirmed_by = work.at, work.account.id
    work.record("listing.confirmed", "listing_import", row.id)
    _let_stand(work, row, _standing(work, ListingKind(row.kind)))


@service(Role.OFFICER, writes=True)
def refuse_import(work: Work, import_id: int, version: int, reasons: str) -> None:
    """The import that waits is dropped, and what stands goes on standing. Who made it may take it back so, too."""
    raise_if_any(entries.reason("reasons", reasons, what="for the refusal"))
    _end(work, _to_decide(work, import_id, version), ImportState.REFUSED, reasons)


@service(Role.OFFICER, writes=True)
def withdraw(work: Work, import_id: int, version: int, reasons: str) -> None:
    """The listing that stands does so no more, and the former one stands again, or none."""
    raise_if_any(entries.reason("reasons", reasons, what="for the withdrawal"))
    _one_at_a_time(work)
    row = work.for_update(ListingImport, import_id)
    work.touch(row, version)
    if row.state != ImportState.STANDING:
        raise refuse("Only the listing that stands can be withdrawn. Reload the page.")
    _nothing_may_wait(work, ListingKind(row.kind))
    _end(work, row, ImportState.WITHDRAWN, reasons)
    work.session.flush()  # before the former one stands: at most one may
    former = work.for_update(ListingImport, row.follows_id) if row.follows_id else None
    if former:
        work.touch(former, former.version)
        former.state = ImportState.STANDING
        work.record("listing.stands", "listing_import", former.id)
    _follow(work, row, "withdrawal")


def _let_stand(work: Work, row: ListingImport, standing: ListingImport | None) -> None:
    """A listing takes the place of the one that stands."""
    if standing:
        work.touch(standing, standing.version)
        standing.state = ImportState.FORMER
        work.session.flush()  # before the other stands: at most one may
    row.state = ImportState.STANDING
    work.record("listing.stands", "listing_import", row.id)
    _follow(work, row, "import")


def _follow(work: Work, listing: ListingImport, because: str) -> None:
    """What follows, in the same transaction, from a listing that begins to stand, or is withdrawn: confirmed
    certificates are aligned with it, confirmed facilities are held against it, and what waits for the office is
    compared with it."""
    work.session.flush()
    if listing.kind == ListingKind.OPERATORS:
        after_listing(work, listing, because)
    else:
        after_list(work, listing, because)
    recompare(work)


def _end(work: Work, row: ListingImport, state: ImportState, reasons: str) -> None:
    row.state, row.reasons = state, entries.clean_reason(reasons)
    row.withdrawn_at, row.withdrawn_by = work.at, work.account.id
    work.record(f"listing.{state}", "listing_import", row.id)


def _preview(work: Work, listing: ReadListing, standing: ListingImport | None) -> Preview:
    """Where none stands it is compared with the listing last withdrawn: a withdrawal beforehand takes away nothing
    from what a second officer has to confirm."""
    withdrawn = None if standing else _last_withdrawn(work, listing.kind)
    compared = standing or withdrawn
    former = rows.saved(work.session, listing.kind, compared.id if compared else None)
    found = rows.by_key(listing.kind, listing.rows.values())
    differences = differing(listing.kind, former, found, rows.unread(listing.kind, listing.bad))
    return Preview(
        differences=differences,
        against=standing.id if standing else None,
        withdrawn=withdrawn.listed_on if withdrawn else None,
        former=len(former),
        same_file=standing is not None and standing.file_sha256 == listing.sha256,
        needs_second=many_vanish(differences.vanishing, len(former), work.portal.settings.vanishing_percent),
    )


def _one_at_a_time(work: Work) -> None:
    """Nobody else imports, confirms or withdraws until this is done; SQLite has one writer anyway."""
    if not work.portal.database.is_sqlite:
        work.session.execute(text("lock table listing_import in share row exclusive mode"))


def _standing(work: Work, kind: ListingKind) -> ListingImport | None:
    return work.session.scalar(
        select(ListingImport).where(ListingImport.kind == kind, ListingImport.state == ImportState.STANDING)
    )


def _last_withdrawn(work: Work, kind: ListingKind) -> ListingImport | None:
    return work.session.scalar(
        select(ListingImport)
        .where(ListingImport.kind == kind, ListingImport.state == ImportState.WITHDRAWN)
        .order_by(ListingImport.withdrawn_at.desc(), ListingImport.id)
        .limit(1)
    )


def _must_still_stand(work: Work, standing: ListingImport | None, against: int | None) -> None:
    """Raises Stale where another listing stands than the preview was compared with, Refused where none does."""
    if standing and standing.id != against:
        raise Stale(work.called(standing.changed_by), standing.changed_at)
    if standing is None and against is not None:
        raise refuse(
            "The listing that stood was withdrawn meanwhile. Nothing was done; look at the preview again."
        )


def _nothing_may_wait(work: Work, kind: ListingKind) -> None:
    waiting = work.session.scalar(
        select(ListingImport).where(ListingImport.kind == kind, ListingImport.state == ImportState.WAITING)
    )
    if waiting:
        raise refuse(
            "The import of the listing of {day} by {name} waits for a second officer. Decide on that one first.",
            day=waiting.listed_on,
            name=shown(waiting.importer.person.name),
        )


def _to_decide(work: Work, import_id: int, version: int) -> ListingImport:
    _one_at_a_time(work)
    row = work.for_update(ListingImport, import_id)
    work.touch(row, version)
    if row.state != ImportState.WAITING:
        raise refuse("This import does not wait for a decision any more. Reload the page.")
    return row


def _import(work: Work, import_id: int) -> ListingImport:
    row = work.session.get(ListingImport, import_id)
    if row is None:
        raise _no_import()
    return row


def _no_import() -> Refused:
    return refuse("There is no such import. Look at the list again.")
