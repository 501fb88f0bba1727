"""Where a certificate of classification is displayed (O. Reg. 129/04, s. 4 (5); O. Reg. 435/93, s. 4 (4))."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core import entries
from core.certificate_applications import not_to_come
from core.entries import NAME_LENGTH
from core.membership import Right
from core.places import day_at
from core.problems import Problem, raise_if_any, refuse
from core.roles import ACTING
from core.sentences import Sentence
from db import kept_findings
from db.gate import NotAllowed, Work, service
from db.law_schema import CertificateDisplay
from db.own_facilities import class_on, held
from db.schema import Facility
from db.verification.dated import end, give_way


@dataclass(frozen=True)
class Display:
    """A place of display from its first day; `until` is the first day on which it hung there no more."""

    display_id: int
    place: str
    since: date
    until: date | None


@service(*ACTING)
def of_facility(work: Work, facility_id: int) -> tuple[Display, ...]:
    """Where the certificates of one's own facility have hung, the latest first."""
    held(work, Right.READ, facility_id)
    rows = select(CertificateDisplay).where(
        CertificateDisplay.facility_id == facility_id, CertificateDisplay.superseded_at.is_(None)
    )
    shown = work.session.scalars(rows.order_by(CertificateDisplay.valid_from.desc(), CertificateDisplay.id.desc()))
    return tuple(_shown(row) for row in shown)


@service(*ACTING, writes=True)
def record(work: Work, facility_id: int, displayed_on: date | None, place: str) -> int:
    """Records where the certificate on record is conspicuously displayed, and since when. Returns the row's id.

    A place recorded before for the same certificate ends on that day.
    """
    facility = work.for_update(Facility, held(work, Right.RECORD, facility_id).facility.id)
    today = day_at(work.at, facility.time_zone)
    problems = entries.text("place", "where the certificate is displayed", place, NAME_LENGTH)
    if displayed_on is None:
        problems.append(Problem("displayed_on", Sentence("Enter since when the certificate is displayed.")))
    problems += not_to_come("displayed_on", "The display", displayed_on, today)
    raise_if_any(problems)
    assert displayed_on is not None  # noqa: S101 - checked above
    certificate = class_on(work, facility.id, displayed_on)
    row = CertificateDisplay(
        facility_id=facility.id,
        decision_id=certificate.decision_id if certificate else None,
        place=entries.clean(place),
        valid_from=displayed_on,
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    before = _hanging(work, row)
    work.session.add(row)
    work.session.flush()
    for one in before:
        give_way(work, one, displayed_on, row.id)
    kept_findings.retest_section_4(work, facility.id)
    work.record("display.recorded", "facility", facility.id, display=row.id)
    return row.id


@service(*ACTING, writes=True)
def take_down(work: Work, display_id: int, taken_down_on: date | None) -> None:
    """Records the day from which a certificate is displayed there no more."""
    found = work.session.get(CertificateDisplay, display_id)
    if found is None:
        raise NotAllowed
    facility = work.for_update(Facility, held(work, Right.RECORD, found.facility_id).facility.id)
    row = work.for_update(CertificateDisplay, display_id)
    if row.superseded_at is not None or row.valid_until is not None:
        raise refuse("This was changed since your page was drawn. Look at what stands now.")
    assert row.valid_from is not None  # noqa: S101 - written so above
    if taken_down_on is None or taken_down_on < row.valid_from:
        raise refuse(
            "Enter the day on which it was taken down: {since} or later.",
            field="taken_down_on",
            since=row.valid_from,
        )
    today = day_at(work.at, facility.time_zone)
    raise_if_any(not_to_come("taken_down_on", "The taking down", taken_down_on, today))
    end(work, row, taken_down_on)
    kept_findings.retest_section_4(work, facility.id)
    work.record("display.ended", "facility", facility.id, display=row.id)


def _hanging(work: Work, like: CertificateDisplay) -> list[CertificateDisplay]:
    """Where the same certificate of the same facility hangs without an end in sight."""
    rows = select(CertificateDisplay).where(
        CertificateDisplay.facility_id == like.facility_id,
        CertificateDisplay.decision_id.is_not_distinct_from(like.decision_id),
        CertificateDisplay.superseded_at.is_(None),
        CertificateDisplay.valid_until.is_(None),
    )
    return list(work.session.scalars(rows))


def _shown(row: CertificateDisplay) -> Display:
    assert row.valid_from is not None  # noqa: S101 - written so above
    return Display(row.id, row.place, row.valid_from, row.valid_until)
