"""Manuals of operations and maintenance: which, where they are, when they were reviewed, who has read which.

O. Reg. 129/04, s. 20; O. Reg. 435/93, s. 16.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from sqlalchemy import select

from core import entries, record_entries
from core.entries import NAME_LENGTH
from core.membership import Right
from core.places import day_at
from core.problems import Problem, raise_if_any, refuse
from core.roles import ACTING, Role
from core.sentences import Sentence
from db import (
    facility_people,
    facility_training,
    holders,
    kept_findings,
    manual_entries,
    manual_views,
    stored_files,
    training_entries,
)
from db.gate import NotAllowed, Work, service
from db.manual_entries import VersionEntry
from db.manual_views import FacilityManualsShown, OwnManual, Reader, Statement
from db.own_facilities import OFFICE, held, seen
from db.people_schema import Employee, Employment
from db.schema import Facility, StoredFile
from db.schema_training import Manual, ManualAcknowledgement, ManualReview, ManualStatement, ManualVersion
from db.services.files import Document

Part = TypeVar("Part", ManualVersion, ManualReview)
_IN_ORDER = ("name", "label", "place", "operators_at", "maintenance_at", "reviewed", "updated")  # as the form asks


# --- looking --------------------------------------------------------------------------------------------------


@service(*ACTING, *OFFICE)
def of_facility(work: Work, facility_id: int) -> FacilityManualsShown:
    """A facility's manuals today: for whoever may see how it stands, and the office's staff."""
    facility = seen(work, Right.READ, facility_id)
    people = {facility.id: facility_people.of_facility(work, facility)}
    return manual_views.view(work, facility_training.of_facilities(work, people)[facility.id])


@service(*ACTING, *OFFICE, shows_personal_data=True)
def readers(work: Work, manual_id: int) -> tuple[Reader, ...]:
    """Who of those employed today has read the version that stands, and who has not."""
    manual = _manual(work, manual_id)
    facility = seen(work, Right.RECORD, manual.facility_id)
    work.record("manual.readers_shown", "manual", manual.id)
    return manual_views.readers(work, facility, _current(work, manual.id))


@service(Role.OPERATOR, *ACTING)
def mine(work: Work) -> tuple[OwnManual, ...]:
    """The manuals of the facilities where one is employed today, those one has not read yet first."""
    jobs = _own_jobs(work)
    rows = work.session.execute(
        select(ManualVersion, Manual, Facility.name)
        .join(Manual, Manual.id == ManualVersion.manual_id)
        .join(Facility, Facility.id == Manual.facility_id)
        .where(Manual.facility_id.in_(jobs), Manual.withdrawn_at.is_(None), ManualVersion.withdrawn_at.is_(None))
        .order_by(ManualVersion.updated_on, ManualVersion.id)
    ).all()
    current = {manual.id: (version, manual, name) for version, manual, name in rows}  # the last of each stays
    versions = [version for version, _, _ in current.values()]
    said = (
        select(ManualAcknowledgement)
        .where(
            ManualAcknowledgement.version_id.in_([one.id for one in versions]),
            ManualAcknowledgement.employee_id.in_([one for of_one in jobs.values() for one in of_one]),
        )
        .order_by(
            ManualAcknowledgement.read_on.is_(None), ManualAcknowledgement.employee_id
        )  # one's own word last
    )
    read = {one.version_id: (one.recorded_at, one.read_on is None) for one in work.session.scalars(said)}
    names = manual_views.file_names(work, versions)
    own = [
        OwnManual(
            name, manual.name, manual_views.version_row(version, names), *read.get(version.id, (None, False))
        )
        for version, manual, name in current.values()
    ]
    return tuple(sorted(own, key=lambda one: (one.acknowledged_at is not None, one.facility, one.manual)))


@service(Role.OPERATOR, *ACTING, *OFFICE)
def file(work: Work, version_id: int) -> Document:
    """The file of a version: for whoever is employed at its facility today, or may see how it stands. The file of
    a version that was withdrawn is shown to whoever records there, and to the office."""
    version = work.session.get(ManualVersion, version_id)
    if version is None or version.file_id is None:
        raise NotAllowed
    manual = _manual(work, version.manual_id)
    is_withdrawn = version.withdrawn_at is not None
    if is_withdrawn or manual.facility_id not in _own_jobs(work):
        if work.roles.isdisjoint((*ACTING, *OFFICE)):
            raise NotAllowed
        seen(work, Right.RECORD if is_withdrawn else Right.READ, manual.facility_id)
    stored = work.session.get_one(StoredFile, version.file_id)
    return Document(stored.name, stored.media_type, stored.content)


# --- recording ------------------------------------------------------------------------------------------------


@service(*ACTING, writes=True)
def add(
    work: Work, facility_id: int, name: str, reviewed: date | None, updated: date | None, version: VersionEntry
) -> int:
    """Records a manual in use, with when it was last reviewed and last updated. Returns its id."""
    facility = held(work, Right.RECORD, facility_id).facility
    today = day_at(work.at, facility.time_zone)
    place = version.place or version.file_name
    problems = record_entries.manual(name, place, reviewed, updated, today)
    problems += manual_entries.of_that_name(work, facility.id, name) + manual_entries.version(version)
    raise_if_any(sorted(problems, key=lambda one: _IN_ORDER.index(one.field)))
    assert reviewed is not None  # noqa: S101 - checked above
    assert updated is not None  # noqa: S101 - the same
    row = Manual(
        facility_id=facility.id,
        name=entries.clean(name),
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    _add_version(work, row.id, version, updated)
    _add_review(work, row.id, reviewed, False, "")
    work.record("manual.recorded", "facility", facility.id, manual=row.id)
    kept_findings.retest(work, facility.id)
    return row.id


@service(*ACTING, writes=True)
def record_review(work: Work, manual_id: int, reviewed_on: date | None, reviewed_by: str, updated: bool) -> None:
    """Records a review of a manual; updated: the version that stands was updated on that day too."""
    manual, facility = _in_use(work, manual_id)
    problems = entries.text("reviewed_by", "who reviewed it", reviewed_by, NAME_LENGTH)
    problems += manual_entries.day_of("reviewed_on", "review", reviewed_on, day_at(work.at, facility.time_zone))
    raise_if_any(problems)
    assert reviewed_on is not None  # noqa: S101 - checked above
    _add_review(work, manual.id, reviewed_on, updated, entries.clean(reviewed_by))
    work.record("manual.reviewed", "facility", facility.id, manual=manual.id)
    kept_findings.retest(work, facility.id)


@service(*ACTING, writes=True)
def add_version(work: Work, manual_id: int, updated_on: date | None, reviewed: bool, version: VersionEntry) -> int:
    """Records another version of a manual; reviewed: it was reviewed on the same day. Whoever has read the one
    before has not read this one. Returns its id."""
    manual, facility = _in_use(work, manual_id)
    problems = manual_entries.version(version)
    if not (version.place or version.file_name):
        problems.append(Problem("place", Sentence("Enter where this version is kept, or choose its file.")))
    problems += manual_entries.day_of("updated_on", "update", updated_on, day_at(work.at, facility.time_zone))
    problems += manual_entries.beside(_versions(work, manual.id), version.label, updated_on)
    raise_if_any(problems)
    assert updated_on is not None  # noqa: S101 - checked above
    row = _add_version(work, manual.id, version, updated_on)
    if reviewed:
        _add_review(work, manual.id, updated_on, False, "")
    work.record("manual.updated", "facility", facility.id, manual=manual.id, manual_version=row.id)
    kept_findings.retest(work, facility.id)
    return row.id


@service(*ACTING, writes=True)
def withdraw(work: Work, manual_id: int, reason: str) -> None:
    """Takes a manual out of use: it stays on record with the reason."""
    raise_if_any(entries.reason("reason", reason, what="why it is in use no more"))
    manual, facility = _in_use(work, manual_id)
    training_entries.withdraw(work, manual, reason)
    work.record("manual.withdrawn", "facility", facility.id, manual=manual.id)
    kept_findings.retest(work, facility.id)


@service(*ACTING, writes=True)
def withdraw_version(work: Work, version_id: int, reason: str) -> None:
    """Withdraws a version that was recorded by mistake; the one before stands again."""
    _withdraw_part(work, ManualVersion, version_id, reason)


@service(*ACTING, writes=True)
def withdraw_review(work: Work, review_id: int, reason: str) -> None:
    """Withdraws a review that was recorded by mistake."""
    _withdraw_part(work, ManualReview, review_id, reason)


@service(*ACTING, writes=True)
def state(work: Work, facility_id: int, statement: Statement) -> None:
    """Records what no list of manuals proves; what was said before gives way."""
    facility = work.for_update(Facility, held(work, Right.RECORD, facility_id).facility.id)
    before = select(ManualStatement).where(
        ManualStatement.facility_id == facility.id, ManualStatement.superseded_at.is_(None)
    )
    for one in work.session.scalars(before):
        one.superseded_at = work.at
    work.session.add(
        ManualStatement(
            facility_id=facility.id,
            all_listed=statement.all_listed,
            sufficient=statement.sufficient,
            operators_reach=statement.operators_reach,
            maintenance_reaches=statement.maintenance_reaches,
            recorded_at=work.at,
            recorded_by=work.account.id,
        )
    )
    work.record("manuals.stated", "facility", facility.id)
    kept_findings.retest(work, facility.id)


@service(Role.OPERATOR, *ACTING, writes=True)
def acknowledge(work: Work, version_id: int) -> None:
    """Says that one has read the version that stands, at a facility where one is employed today."""
    version = work.session.get(ManualVersion, version_id)
    if version is None:
        raise NotAllowed
    manual = _manual(work, version.manual_id)
    employees = _own_jobs(work).get(manual.facility_id, [])
    if not employees:
        raise NotAllowed
    work.for_update(Manual, manual.id)
    if _current(work, manual.id).id != version.id:
        raise refuse("Another version stands since your page was drawn. Read that one.")
    for one in employees:
        if work.session.get(ManualAcknowledgement, (version.id, one)) is None:
            work.session.add(
                ManualAcknowledgement(
                    version_id=version.id, employee_id=one, recorded_at=work.at, recorded_by=work.account.id
                )
            )
    work.record("manual.acknowledged", "manual_version", version.id)


@service(*ACTING, writes=True, shows_personal_data=True)
def record_readers(work: Work, version_id: int, employee_ids: Collection[int], read_on: date | None) -> None:
    """Records that employees without an account have read the version that stands, on a day, as told. Whoever has
    an account says so there."""
    version = work.session.get(ManualVersion, version_id)
    if version is None:
        raise NotAllowed
    manual, facility = _in_use(work, version.manual_id)
    if _current(work, manual.id).id != version.id:
        raise refuse("Another version stands since your page was drawn. Look at that one.")
    problems = manual_entries.day_of("read_on", "reading", read_on, day_at(work.at, facility.time_zone))
    if read_on is not None and read_on < version.updated_on:
        template = "This version is of {day}. Enter that day or a later one."
        problems.append(Problem("read_on", Sentence(template, day=version.updated_on)))
    may = {one.employee_id for one in manual_views.readers(work, facility, version) if one.may_be_recorded}
    if not employee_ids or not may.issuperset(employee_ids):
        words = "Choose who has read it: of those employed today who have no account and have not read it yet."
        problems.append(Problem("readers", Sentence(words)))
    raise_if_any(problems)
    for one in employee_ids:
        work.session.add(
            ManualAcknowledgement(
                version_id=version.id,
                employee_id=one,
                read_on=read_on,
                recorded_at=work.at,
                recorded_by=work.account.id,
            )
        )
    work.record("manual.readers_recorded", "manual_version", version.id, employees=sorted(employee_ids))


# --- what they share ------------------------------------------------------------------------------------------


def _manual(work: Work, manual_id: int) -> Manual:
    manual = work.session.get(Manual, manual_id)
    if manual is None or manual.withdrawn_at is not None:
        raise NotAllowed
    return manual


def _in_use(work: Work, manual_id: int) -> tuple[Manual, Facility]:
    """A manual in use, locked, and its facility, where whoever asks may record."""
    manual = _manual(work, manual_id)
    facility = held(work, Right.RECORD, manual.facility_id).facility
    row = work.for_update(Manual, manual.id)
    if row.withdrawn_at is not None:
        raise refuse("This was changed since your page was drawn. Look at what stands now.")
    return row, facility


def _current(work: Work, manual_id: int) -> ManualVersion:
    """The version that stands: the one updated last."""
    return _versions(work, manual_id)[-1]


def _versions(work: Work, manual_id: int) -> Sequence[ManualVersion]:
    """The versions of a manual that were not withdrawn, in order of their days."""
    return work.session.scalars(
        select(ManualVersion)
        .where(ManualVersion.manual_id == manual_id, ManualVersion.withdrawn_at.is_(None))
        .order_by(ManualVersion.updated_on, ManualVersion.id)
    ).all()


def _own_jobs(work: Work) -> dict[int, list[int]]:
    """The facilities where whoever asks is employed today, each with the employees that they are there."""
    rows = work.session.execute(
        select(Employment, Facility.time_zone)
        .join(Employee, Employee.id == Employment.employee_id)
        .join(Facility, Facility.id == Employment.facility_id)
        .where(holders.is_one_of([work.account.person_id]), Employment.superseded_at.is_(None))
    )
    found: dict[int, list[int]] = {}
    for job, zone in rows:
        if day_at(work.at, zone) in facility_people.span(job):
            found.setdefault(job.facility_id, []).append(job.employee_id)
    return found


def _add_version(work: Work, manual_id: int, entered: VersionEntry, updated_on: date) -> ManualVersion:
    cleaned = replace(entered, label=entries.clean(entered.label), place=entries.clean(entered.place))
    file_id = stored_files.keep(work, entered.file_name, entered.content) if entered.file_name else None
    row = ManualVersion(
        manual_id=manual_id,
        label=cleaned.label,
        updated_on=updated_on,
        place=cleaned.place,
        file_id=file_id,
        plans=entered.plans,
        drawings=entered.drawings,
        process_descriptions=entered.process_descriptions,
        operators_at=entries.clean(entered.operators_at),
        maintenance_at=entries.clean(entered.maintenance_at),
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    return row


def _add_review(work: Work, manual_id: int, reviewed_on: date, updated: bool, reviewed_by: str) -> None:
    work.session.add(
        ManualReview(
            manual_id=manual_id,
            reviewed_on=reviewed_on,
            updated=updated,
            reviewed_by=reviewed_by,
            recorded_at=work.at,
            recorded_by=work.account.id,
        )
    )


def _withdraw_part(work: Work, table: type[Part], row_id: int, reason: str) -> None:
    """Withdraws a version or a review. The only one of a manual stays: then the manual itself is withdrawn."""
    raise_if_any(entries.reason("reason", reason, what="why it is withdrawn"))
    found = work.session.get(table, row_id)
    if found is None:
        raise NotAllowed
    manual, facility = _in_use(work, found.manual_id)
    row = work.for_update(table, row_id)
    if row.withdrawn_at is not None:
        raise refuse("This was changed since your page was drawn. Look at what stands now.")
    others = select(table.id).where(table.manual_id == manual.id, table.withdrawn_at.is_(None), table.id != row.id)
    if work.session.scalar(others.limit(1)) is None:
        raise refuse("It is the only one of this manual. Take the manual out of use, and record it anew.")
    training_entries.withdraw(work, row, reason)
    work.record("manual_part.withdrawn", table.__tablename__, row.id, manual=manual.id)
    kept_findings.retest(work, facility.id)
