"""A facility's manuals as its people and the office see them, and one's own to read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select

from core.findings import Finding
from core.manuals import due_by
from core.places import day_at
from core.records import About, manuals_on
from db import facility_training
from db.facility_training import FacilityTraining
from db.gate import Work
from db.holders import holders_of
from db.people_schema import Employee, Employment
from db.schema import Account, Facility, Person, StoredFile
from db.schema_training import ManualAcknowledgement, ManualReview, ManualVersion


@dataclass(frozen=True)
class VersionRow:
    """A version of a manual: what it holds, where it is, where each reaches it."""

    version_id: int
    label: str
    updated_on: date
    place: str
    file_name: str  # "" where it is at a place alone
    plans: bool
    drawings: bool
    process_descriptions: bool
    operators_at: str
    maintenance_at: str


@dataclass(frozen=True)
class ReviewRow:
    """A review of a manual."""

    review_id: int
    reviewed_on: date
    updated: bool
    reviewed_by: str


@dataclass(frozen=True)
class ManualRow:
    """A manual in use; its versions and reviews, the latest first. due: the last day for the next of both.

    acknowledged: how many of those employed today have read the version that stands; employed: how many they are.
    """

    manual_id: int
    name: str
    versions: tuple[VersionRow, ...]
    reviews: tuple[ReviewRow, ...]
    last_reviewed: date
    last_updated: date
    due: date | None
    finding: Finding | None
    acknowledged: int
    employed: int

    @property
    def current(self) -> VersionRow:
        """The version that stands."""
        return self.versions[0]


@dataclass(frozen=True)
class Statement:
    """What the owner says of the manuals; None where nobody has said."""

    all_listed: bool | None = None
    sufficient: bool | None = None
    operators_reach: bool | None = None
    maintenance_reaches: bool | None = None


@dataclass(frozen=True)
class FacilityManualsShown:
    """A facility's manuals on a day, with what the law says of them; assessed: False where it is not modelled."""

    facility_id: int
    facility: str
    on: date
    assessed: bool
    finding: Finding | None  # of all of them together
    manuals: tuple[ManualRow, ...]
    statement: Statement


@dataclass(frozen=True)
class Reader:
    """Somebody employed today, and since when the version that stands is acknowledged; None: not yet.

    read_on and told_to: the day and the name of whoever recorded it as told; None and "" where the person said so.
    before_update: read before the last review by which the version was updated too. has_account: says so there.
    """

    employee_id: int
    name: str
    position: str
    acknowledged_at: datetime | None
    read_on: date | None
    told_to: str
    before_update: bool
    has_account: bool

    @property
    def may_be_recorded(self) -> bool:
        """Whether whoever records for the owner may say it of this person."""
        return self.acknowledged_at is None and not self.has_account


@dataclass(frozen=True)
class OwnManual:
    """A manual at a facility where one is employed today; acknowledged_at: when it was said that one has read this
    version. by_me: by oneself, and not by whoever records for the owner."""

    facility: str
    manual: str
    version: VersionRow
    acknowledged_at: datetime | None
    by_me: bool


def view(work: Work, found: FacilityTraining) -> FacilityManualsShown:
    """A facility's manuals today."""
    facility = found.facility
    today = day_at(work.at, facility.time_zone)
    law = facility_training.law_today(facility.facility_type, today)
    every = manuals_on(found.recorded, law) if law else ()
    findings = {(one.about, one.id): one.finding for one in every}
    names = file_names(work, (one.current for one in found.manuals.of_facility))
    employed = employed_on(found, today)
    read = _acknowledged(work, [one.current.id for one in found.manuals.of_facility], employed)
    said = found.manuals.statement
    rows = []
    for one in found.manuals.of_facility:
        last_updated = max(one.as_ruled.updates or ())
        reviewed = one.reviews[-1].reviewed_on
        rows.append(
            ManualRow(
                one.row.id,
                one.row.name,
                tuple(version_row(version, names) for version in reversed(one.versions)),
                tuple(
                    ReviewRow(review.id, review.reviewed_on, review.updated, review.reviewed_by)
                    for review in reversed(one.reviews)
                ),
                reviewed,
                last_updated,
                due_by(reviewed, last_updated, law) if law else None,
                findings.get((About.REVIEWED, one.row.id)),
                read.get(one.current.id, 0),
                len(employed),
            )
        )
    return FacilityManualsShown(
        facility.id,
        facility.name,
        today,
        law is not None,
        findings.get((About.MANUALS, None)),
        tuple(sorted(rows, key=lambda row: (row.due or date.max, row.name, row.manual_id))),
        Statement(said.all_listed, said.sufficient, said.operators_reach, said.maintenance_reaches)
        if said
        else Statement(),
    )


def version_row(row: ManualVersion, file_names: dict[int, str]) -> VersionRow:
    """A version as it is shown."""
    return VersionRow(
        row.id,
        row.label,
        row.updated_on,
        row.place,
        file_names.get(row.file_id or 0, ""),
        row.plans,
        row.drawings,
        row.process_descriptions,
        row.operators_at,
        row.maintenance_at,
    )


def file_names(work: Work, versions: Iterable[ManualVersion]) -> dict[int, str]:
    """The names of the files of versions, by their ids."""
    ids = {one.file_id for one in versions if one.file_id is not None}
    rows = work.session.execute(select(StoredFile.id, StoredFile.name).where(StoredFile.id.in_(ids)))
    return {row.id: row.name for row in rows}


def employed_on(found: FacilityTraining, day: date) -> set[int]:
    """Who is employed at a facility on a day, as whatever: manuals are for maintenance staff too."""
    return {person for person, worker in found.recorded.workers.items() if worker.spell_on(day) is not None}


def readers(work: Work, facility: Facility, version: ManualVersion) -> tuple[Reader, ...]:
    """Everybody employed at a facility today, with when they have read a version; first who has not."""
    of_version = (ManualAcknowledgement.version_id == version.id) & (
        ManualAcknowledgement.employee_id == Employee.id
    )
    rows = work.session.execute(
        select(Employee, Employment.position, ManualAcknowledgement, Person)
        .join(Employment, Employment.employee_id == Employee.id)
        .outerjoin(ManualAcknowledgement, of_version)
        .outerjoin(Account, Account.id == ManualAcknowledgement.recorded_by)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(Employment.facility_id == facility.id, _stands_on(day_at(work.at, facility.time_zone)))
        .order_by(Employee.family_name, Employee.given_name, Employee.id, Employment.id)
    ).all()
    updated_on = work.session.scalar(
        select(func.max(ManualReview.reviewed_on)).where(
            ManualReview.manual_id == version.manual_id, ManualReview.withdrawn_at.is_(None), ManualReview.updated
        )
    )
    with_account = _with_account(work, [employee for employee, *_ in rows])
    found = {}
    for employee, position, said, by in rows:
        read = None if said is None else said.read_on or day_at(said.recorded_at, facility.time_zone)
        found[employee.id] = Reader(
            employee.id,
            employee.name,
            position,
            said.recorded_at if said else None,
            said.read_on if said else None,
            by.name if said and said.read_on else "",
            read is not None and updated_on is not None and read < updated_on,
            employee.id in with_account,
        )
    return tuple(sorted(found.values(), key=lambda one: one.acknowledged_at is not None))


def _with_account(work: Work, employees: Collection[Employee]) -> set[int]:
    """Those of employees who have an account that is not closed."""
    holders = holders_of(work, employees)
    persons = {one.person_id for one in holders.values()} - {None}
    rows = select(Account.person_id).where(Account.person_id.in_(persons), Account.state != "closed")
    have = set(work.session.scalars(rows))
    return {id for id, one in holders.items() if one.person_id in have}


def _stands_on(day: date) -> ColumnElement[bool]:
    return (
        Employment.superseded_at.is_(None)
        & (Employment.valid_from.is_(None) | (Employment.valid_from <= day))
        & (Employment.valid_until.is_(None) | (Employment.valid_until > day))
    )


def _acknowledged(work: Work, versions: list[int], employed: set[int]) -> dict[int, int]:
    rows = work.session.execute(
        select(ManualAcknowledgement.version_id, func.count().label("readers"))
        .where(ManualAcknowledgement.version_id.in_(versions), ManualAcknowledgement.employee_id.in_(employed))
        .group_by(ManualAcknowledgement.version_id)
    )
    return {row.version_id: row.readers for row in rows}
