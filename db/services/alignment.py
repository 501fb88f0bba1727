"""What aligning the profiles with the ministry's listing changed, and whether people are told of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Row, Select, case, func, select

from core import entries
from core.alignment import Change
from core.problems import raise_if_any, refuse
from core.roles import Role
from core.sentences import Sentence
from db.alignment.telling import WAITS, set_aside, tell
from db.alignment.writing import to_officers
from db.gate import Work, service
from db.listing import Listing, one_page
from db.register_schema import AlignmentChange, AlignmentRun, Discrepancy, ListingImport
from db.schema import Account, OperatorProfile, Person


@dataclass(frozen=True)
class Run:
    """A pass that changed something, or found differences for the queue: so many, of which `open` still wait.
    `people` wait to be told of it; `released` says when that was done, and `set_aside` when an officer decided
    that nobody is told, and why."""

    run_id: int
    version: int
    because: str
    at: datetime
    listed_on: date | None
    changes: int
    differences: int
    open: int
    people: int
    released_at: datetime | None
    released_by: str
    undone: bool
    set_aside_at: datetime | None
    set_aside_by: str
    set_aside_because: str


@dataclass(frozen=True)
class Runs(Listing[Run]):
    """A page of passes. `people` counts those who wait to be told, each once, over all passes."""

    people: int


@dataclass(frozen=True)
class ChangeRow:
    """One change of a run, in words."""

    profile_id: int
    name: str
    operator_id: str
    what: Change
    said: Sentence
    mail: str


@service(Role.OFFICER)
def runs(work: Work, page: int = 1) -> Runs:
    """The passes that changed something, the latest first, a page at a time."""
    listed = _runs().order_by(AlignmentRun.id.desc())
    found, total, page = one_page(work, listed, page)
    waiting = select(func.count(AlignmentChange.profile_id.distinct())).where(AlignmentChange.mail == WAITS)
    people = work.session.scalar(waiting) or 0
    return Runs(_seen(work, found), total, page, people)


@service(Role.OFFICER)
def of_listing(work: Work, import_id: int) -> Run | None:
    """What followed last from a listing that began to stand, by its import or by the withdrawal of the one after;
    None where that changed nothing. Its differences are those found each time that it began to stand."""
    began = (AlignmentRun.import_id == import_id, AlignmentRun.because.in_(("import", "withdrawal")))
    found = _seen(work, work.session.execute(_runs().where(*began).order_by(AlignmentRun.id.desc())).all())
    if not found:
        return None
    of_moments = _counted().where(Discrepancy.found_at.in_({run.at for run in found}))
    differences, still_open = work.session.execute(of_moments).one()
    return replace(found[0], differences=differences, open=still_open or 0)


@service(Role.OFFICER, shows_personal_data=True)
def changes(work: Work, run_id: int, page: int = 1) -> tuple[Run, Listing[ChangeRow]]:
    """One pass with its changes, by person."""
    run = work.session.execute(_runs().where(AlignmentRun.id == run_id)).one_or_none()
    if run is None:
        raise refuse("There is no such pass of alignment. Look at the list again.")
    listed = (
        select(AlignmentChange, Person)
        .join(OperatorProfile, OperatorProfile.id == AlignmentChange.profile_id)
        .join(Person, Person.id == OperatorProfile.person_id)
        .where(AlignmentChange.run_id == run_id)
        .order_by(Person.family_name, Person.given_name, AlignmentChange.profile_id, AlignmentChange.id)
    )
    found, total, page = one_page(work, listed, page)
    rows = tuple(_change(change, person) for change, person in found)
    work.record("alignment.seen", "alignment_run", run_id, profiles=sorted({row.profile_id for row in rows}))
    return _seen(work, [run])[0], Listing(rows, total, page)


@service(Role.OFFICER, writes=True)
def release(work: Work, run_id: int, version: int) -> int:
    """Tells the people what a pass changed for them, one mail each. How many mails went to the outbox."""
    return tell(work, _to_tell(work, run_id, version))


@service(Role.OFFICER, writes=True)
def tell_nobody(work: Work, run_id: int, version: int, reasons: str) -> None:
    """Sets a whole pass aside, with a reason: nobody is mailed what it changed. The changes themselves stand."""
    raise_if_any(entries.reason("reasons", reasons, what="why nobody is told"))
    set_aside(work, _to_tell(work, run_id, version), entries.clean_reason(reasons))


def _to_tell(work: Work, run_id: int, version: int) -> AlignmentRun:
    """A pass of which nobody was told yet, locked and marked as changed."""
    run = work.for_update(AlignmentRun, run_id)
    if run.released_at is not None and run.version == version:
        raise refuse("The result of this pass is released already.")
    if run.set_aside_at is not None and run.version == version:
        raise refuse("This pass is set aside already: nobody is told of it.")
    work.touch(run, version)
    if run.undone_at is not None:
        raise refuse("The listing of this pass was withdrawn, so there is nothing to tell.")
    return run


def _runs() -> Select[AlignmentRun, date | None, int, int, Person | None]:
    """Each pass with the date of its listing, its changes, the people who wait, and who released it or set it
    aside."""
    of_run = AlignmentChange.run_id == AlignmentRun.id
    changes = select(func.count()).where(of_run).scalar_subquery()
    people = (
        select(func.count(AlignmentChange.profile_id.distinct()))
        .where(of_run, AlignmentChange.mail == WAITS)
        .scalar_subquery()
    )
    return (
        select(AlignmentRun, ListingImport.listed_on, changes, people, Person)
        .outerjoin(ListingImport, ListingImport.id == AlignmentRun.import_id)
        .outerjoin(Account, Account.id == func.coalesce(AlignmentRun.released_by, AlignmentRun.set_aside_by))
        .outerjoin(Person, Person.id == Account.person_id)
    )


_Found = Row[AlignmentRun, date | None, int, int, Person | None]


def _seen(work: Work, found: Sequence[_Found]) -> tuple[Run, ...]:
    """Passes as officers see them, with the differences that each has found: those of its moment. One that waits
    again, as a decision on it became void, is the same."""
    moments = {run.at for run, *_ in found}
    counted = work.session.execute(
        _counted()
        .add_columns(Discrepancy.found_at)
        .where(Discrepancy.found_at.in_(moments))
        .group_by(Discrepancy.found_at)
    )
    differences = {at: (number, waiting) for number, waiting, at in counted}
    return tuple(_run(row, *differences.get(row[0].at, (0, 0))) for row in found)


def _counted() -> Select[int, int]:
    """How many certificates differ, and of how many an officer has still to decide."""
    still_open = func.sum(case((Discrepancy.state == "open", 1), else_=0))
    return select(func.count(Discrepancy.claim_id.distinct()), still_open).where(Discrepancy.claim_id.is_not(None))


def _run(row: _Found, differences: int, still_open: int) -> Run:
    run, listed_on, changes, people, officer = row
    by = officer.name if officer else ""
    return Run(
        run_id=run.id,
        version=run.version,
        because=run.because,
        at=run.at,
        listed_on=listed_on,
        changes=changes,
        differences=differences,
        open=still_open,
        people=people,
        released_at=run.released_at,
        released_by=by if run.released_at else "",
        undone=run.undone_at is not None,
        set_aside_at=run.set_aside_at,
        set_aside_by=by if run.set_aside_at else "",
        set_aside_because=run.set_aside_because,
    )


def _change(change: AlignmentChange, person: Person) -> ChangeRow:
    said = Sentence(to_officers(change.template), **change.values)
    operator_id = person.operator_id or ""
    return ChangeRow(change.profile_id, person.name, operator_id, Change(change.what), said, change.mail)
