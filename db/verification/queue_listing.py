"""The office's queue: one for operators' and owners' profiles and for applications, the oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, literal, or_, select, union_all

from core.certificate_applications import ApplicationState
from core.entries import clean, clean_number
from core.places import day_at
from core.profiles import SubmissionState
from db.application_views import ApplicationRow, row_of
from db.gate import Work
from db.law_schema import ClassificationApplication
from db.schema import (
    CertificateClaim,
    Facility,
    FacilityClaim,
    OperatorProfile,
    Organization,
    Person,
    Submission,
)
from db.verification.flags import Flag, flags_of
from db.verification.office_queue import kind_of

PAGE = 50

_Waiting = Select[str, int, datetime]  # of what, its id, since when


@dataclass(frozen=True)
class Filters:
    """What to show of the queue. `kind`: operator, owner, application or "" for all; `words`: part of a name or
    number."""

    kind: str = ""
    words: str = ""


@dataclass(frozen=True)
class ProfileRow:
    """A profile that waits. `claims` counts what is to be decided; `days` it has waited, in the office's days."""

    submission_id: int
    kind: str
    name: str
    operator_id: str
    claims: int
    whole: bool  # the whole profile is to be verified, not only what is new or changed
    submitted_at: datetime
    days: int
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class Queue:
    """One page of the queue. `found` counts what the filters leave, the other counts all that wait."""

    rows: tuple[ProfileRow | ApplicationRow, ...]
    found: int
    page: int
    pages: int
    operators: int
    owners: int
    applications: int
    oldest: datetime | None

    @property
    def waiting(self) -> int:
        return self.operators + self.owners + self.applications


def page_of(work: Work, filters: Filters, page: int) -> Queue:
    """One page of what waits. A page beyond the last is the last."""
    operators, owners, applications, oldest = _counts(work)
    waiting = union_all(*_waiting(filters)).subquery()
    found = work.session.scalar(select(func.count()).select_from(waiting)) or 0
    pages = max(1, -(-found // PAGE))
    page = min(max(page, 1), pages)
    listed = select(waiting).order_by(waiting.c.submitted_at, waiting.c.of, waiting.c.id)
    shown = work.session.execute(listed.limit(PAGE).offset((page - 1) * PAGE)).all()
    return Queue(_rows(work, shown), found, page, pages, operators, owners, applications, oldest)


def _counts(work: Work) -> tuple[int, int, int, datetime | None]:
    """How many operators, owners and applications wait, and since when."""
    profiles = work.session.execute(
        select(
            func.count(Submission.operator_profile_id),
            func.count(Submission.organization_id),
            func.min(Submission.submitted_at),
        ).where(Submission.state == SubmissionState.OPEN)
    ).one()
    applications = work.session.execute(
        select(func.count(), func.min(ClassificationApplication.submitted_at)).where(
            ClassificationApplication.state == ApplicationState.OPEN
        )
    ).one()
    oldest = min((one for one in (profiles[2], applications[1]) if one), default=None)
    return profiles[0], profiles[1], applications[0], oldest


def _waiting(filters: Filters) -> list[_Waiting]:
    """What waits, profiles and applications apart."""
    words = clean(filters.words).lower()
    statements: list[_Waiting] = []
    if filters.kind in ("", "operator", "owner"):
        statements.append(_profiles(filters.kind, words))
    if filters.kind in ("", "application"):
        statements.append(_applications(words))
    return statements


def _profiles(kind: str, words: str) -> _Waiting:
    query = select(literal("submission").label("of"), Submission.id, Submission.submitted_at).where(
        Submission.state == SubmissionState.OPEN
    )
    if kind == "operator":
        query = query.where(Submission.operator_profile_id.is_not(None))
    if kind == "owner":
        query = query.where(Submission.organization_id.is_not(None))
    if not words:
        return query
    operators = (
        select(OperatorProfile.id)
        .join(Person, Person.id == OperatorProfile.person_id)
        .where(or_(_holds(Person.given_name + " " + Person.family_name, words),
                   _holds(OperatorProfile.claimed_operator_id, words)))
    )  # fmt: skip
    number = clean_number(words).lower() or words
    certificates = select(CertificateClaim.profile_id).where(_holds(CertificateClaim.number, number))
    facilities = select(FacilityClaim.organization_id).where(
        or_(_holds(FacilityClaim.name, words), _holds(FacilityClaim.ministry_number, number))
    )
    return query.where(
        Submission.operator_profile_id.in_(operators)
        | Submission.operator_profile_id.in_(certificates)
        | Submission.organization_id.in_(_organizations(words))
        | Submission.organization_id.in_(facilities)
    )


def _applications(words: str) -> _Waiting:
    table = ClassificationApplication
    query = select(literal("application").label("of"), table.id, table.submitted_at).where(
        table.state == ApplicationState.OPEN
    )
    if not words:
        return query
    facilities = select(Facility.id).where(
        or_(_holds(Facility.name, words), _holds(Facility.ministry_number, words))
    )
    return query.where(table.facility_id.in_(facilities) | table.organization_id.in_(_organizations(words)))


def _organizations(words: str) -> Select[int]:
    return select(Organization.id).where(_holds(Organization.name, words))


def _holds(text: Any, words: str) -> ColumnElement[bool]:
    return func.lower(text).contains(words, autoescape=True)


def _rows(work: Work, shown: Sequence[Row[*tuple[Any, ...]]]) -> tuple[ProfileRow | ApplicationRow, ...]:
    """The rows of a page in its order, with as many statements for many as for few."""
    today = day_at(work.at)
    submissions = _by_id(work, Submission, [one.id for one in shown if one.of == "submission"])
    applications = _by_id(work, ClassificationApplication, [one.id for one in shown if one.of == "application"])
    flags = flags_of(work, list(submissions.values()))
    return tuple(
        row_of(applications[one.id], today)
        if one.of == "application"
        else _profile(submissions[one.id], flags[one.id], today)
        for one in shown
    )


def _by_id(work: Work, table: Any, ids: list[int]) -> dict[int, Any]:
    return {row.id: row for row in work.session.scalars(select(table).where(table.id.in_(ids)))} if ids else {}


def _profile(submission: Submission, flags: tuple[Flag, ...], today: date) -> ProfileRow:
    return ProfileRow(
        submission_id=submission.id,
        kind=kind_of(submission),
        name=submission.claimed["name"],
        operator_id=submission.claimed.get("operator_id", ""),
        claims=len(submission.claimed["claims"]),
        whole=submission.claimed["whole"],
        submitted_at=submission.submitted_at,
        days=(today - day_at(submission.submitted_at)).days,
        flags=flags,
    )
