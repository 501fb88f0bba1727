"""What aligning the profiles with the ministry's listing changed, and the release of the mails that tell of it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, func, select

from core.alignment import Change
from core.problems import refuse
from core.roles import Role
from core.sentences import Sentence
from db.alignment.telling import WAITS, tell
from db.gate import Work, service
from db.listing import Listing, one_page
from db.register_schema import AlignmentChange, AlignmentRun, ListingImport
from db.schema import Account, OperatorProfile, Person


@dataclass(frozen=True)
class Run:
    """A pass that changed something. `people` wait to be told of it; `released` says when that was done."""

    run_id: int
    version: int
    because: str
    at: datetime
    listed_on: date | None
    changes: int
    people: int
    released_at: datetime | None
    released_by: str
    undone: bool


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
def runs(work: Work, page: int = 1) -> Listing[Run]:
    """The passes that changed something, the latest first, a page at a time."""
    listed = _runs().order_by(AlignmentRun.id.desc())
    found, total, page = one_page(work, listed, page)
    return Listing(tuple(_run(row) for row in found), total, page)


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
    return _run(run), Listing(rows, total, page)


@service(Role.OFFICER, writes=True)
def release(work: Work, run_id: int, version: int) -> int:
    """Tells the people what a pass changed for them, one mail each. How many mails went to the outbox."""
    run = work.for_update(AlignmentRun, run_id)
    if run.released_at is not None and run.version == version:
        raise refuse("The result of this pass is released already.")
    work.touch(run, version)
    if run.undone_at is not None:
        raise refuse("The listing of this pass was withdrawn, so there is nothing to tell.")
    return tell(work, run)


def _runs() -> Select[AlignmentRun, date | None, int, int, Person | None]:
    """Each pass with the date of its listing, its changes, the people who wait, and who released it."""
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
        .outerjoin(Account, Account.id == AlignmentRun.released_by)
        .outerjoin(Person, Person.id == Account.person_id)
    )


def _run(row: Row[AlignmentRun, date | None, int, int, Person | None]) -> Run:
    run, listed_on, changes, people, releaser = row
    return Run(
        run_id=run.id,
        version=run.version,
        because=run.because,
        at=run.at,
        listed_on=listed_on,
        changes=changes,
        people=people,
        released_at=run.released_at,
        released_by=releaser.name if releaser else "",
        undone=run.undone_at is not None,
    )


def _change(change: AlignmentChange, person: Person) -> ChangeRow:
    said = Sentence(change.template, **change.values)
    operator_id = person.operator_id or ""
    return ChangeRow(change.profile_id, person.name, operator_id, Change(change.what), said, change.mail)
