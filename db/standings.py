"""How facilities stand as a whole, kept beside their findings: made in the transaction of a test, counted once a
month.

The rule is `core.standings.standing`; `_standing` says the same in SQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Subquery,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from core.findings import Verdict
from core.listings import ListingKind
from core.places import Point, day_at
from core.records import About
from core.standings import Qualified, Standing
from db.gate import Work
from db.people_schema import KeptFinding
from db.places import region_of
from db.province_schema import FacilityStanding, StandingCount
from db.register_schema import ListingImport
from db.schema import Facility
from db.schema_training import KeptRecordFinding

IS_WATER = Facility.facility_type.startswith("water_", autoescape=True)  # governed by O. Reg. 128/04


def place(session: Session, facility: Facility) -> FacilityStanding:
    """Gives a new facility its row, with nothing kept yet; one that has moved is in its region from now on."""
    session.flush()
    row = session.get(FacilityStanding, facility.id)
    if row is None:
        row = FacilityStanding(facility_id=facility.id, standing=Standing.NOT_ASSESSED.value)
        row.not_met = row.training_behind = row.training_short = row.training_not_known = 0
        session.add(row)
    row.region = region_of(Point(facility.latitude, facility.longitude))
    return row


@dataclass(frozen=True)
class Tested:
    """What a test of a facility found besides its findings: who is qualified there, None where that is not
    assessed; and the next day on which a fact of its people begins or ends."""

    qualified: Qualified | None = None
    edge: date | None = None


def keep(work: Work, tested: Mapping[Facility, Tested], fingerprint: str | None = None) -> None:
    """Keeps how facilities stand by the findings that are kept of them now, and when they are tested again.

    fingerprint: of the rules, where all that is kept of them was tested; where only some was, what was due is.
    """
    session, today = work.session, day_at(work.at)
    session.flush()
    by_id = {one.id: one for one in tested}
    rows = {
        one.facility_id: one
        for one in session.scalars(select(FacilityStanding).where(FacilityStanding.facility_id.in_(by_id)))
    }
    for found in session.execute(from_findings(list(by_id))).all():
        facility = by_id[found.id]
        one = tested[facility]
        row = rows.get(found.id) or place(session, facility)
        for name, value in found._mapping.items():
            if name != "id":
                setattr(row, name, value)
        row.qualified = one.qualified.count if one.qualified else None
        row.lapses_on = one.qualified.lapses_on if one.qualified else None
        days = [row.changes_on, one.edge, one.qualified.recount_on if one.qualified else None]
        if fingerprint is not None:
            row.tested_at, row.fingerprint = work.at, fingerprint
        elif row.test_on is not None and row.test_on <= today:
            days.append(row.test_on)
        row.test_on = min(filter(None, days), default=None)


def from_findings(facility_ids: list[int]) -> Select[*tuple[Any, ...]]:
    """What is kept of each facility by its findings, each column by its name in FacilityStanding."""
    kept = _kept(facility_ids)
    met, not_met = (kept.c.verdict == one.value for one in (Verdict.MET, Verdict.NOT_MET))
    open_ = kept.c.verdict.in_([Verdict.UNKNOWN.value, Verdict.DIRECTOR.value])
    training = kept.c.about == About.TRAINING.value
    short = training & met & kept.c.due.is_not(None)
    standing = case(
        (IS_WATER, Standing.NOT_ASSESSED.value),
        (_many(not_met) > 0, Standing.DOES_NOT_STAND.value),
        (_many(open_) > 0, Standing.NOT_KNOWN.value),
        (_many(met) > 0, Standing.STANDS.value),
        else_=Standing.NOT_ASSESSED.value,
    )
    return (
        select(
            Facility.id,
            standing.label("standing"),
            func.min(kept.c.until).label("changes_on"),
            _many(not_met).label("not_met"),
            _people(kept, training & not_met).label("training_behind"),
            _people(kept, short).label("training_short"),
            func.min(case((short, kept.c.due))).label("training_due"),
            _people(kept, training & open_).label("training_not_known"),
        )
        .outerjoin(kept, kept.c.facility_id == Facility.id)
        .where(Facility.id.in_(facility_ids))
        .group_by(Facility.id, Facility.facility_type)
    )


def _kept(facility_ids: list[int]) -> Subquery:
    """The findings about people and about records, as one."""
    people, records = KeptFinding, KeptRecordFinding
    of_people = select(
        people.facility_id,
        people.verdict,
        people.until,
        cast(null(), Date).label("due"),
        literal("").label("about"),
        people.employee_id.label("of_id"),
    ).where(people.facility_id.in_(facility_ids))
    of_records = select(
        records.facility_id, records.verdict, records.until, records.due, records.about, records.of_id
    ).where(records.facility_id.in_(facility_ids))
    return union_all(of_people, of_records).subquery()


def _many(where: ColumnElement[bool]) -> ColumnElement[int]:
    """How many findings of a facility are like this."""
    return func.count(case((where, 1)))


def _people(kept: Subquery, where: ColumnElement[bool]) -> ColumnElement[int]:
    """Of how many people: several years of one may be like this."""
    return func.count(case((where, kept.c.of_id)).distinct())


def to_test(today: date, fingerprint: str) -> tuple[Select[int], ...]:
    """The facilities whose day has come, or that were tested by other rules, or before the listing of operators
    was another: each part is read by its index, so that what is not due costs nothing."""
    one = FacilityStanding
    ids = select(one.facility_id)
    listed = select(func.max(ListingImport.changed_at)).where(ListingImport.kind == ListingKind.OPERATORS)
    return (
        ids.where(one.test_on <= today),
        *(ids.where(of_others) for of_others in of_other_rules(fingerprint)),
        ids.where(one.tested_at < listed.scalar_subquery()),
    )


def is_to_test(work: Work, facility: Facility, today: date, fingerprint: str) -> bool:
    """Whether a facility is among those."""
    due = (one.where(FacilityStanding.facility_id == facility.id) for one in to_test(today, fingerprint))
    return work.session.scalar(union_all(*due).limit(1)) is not None


def of_other_rules(fingerprint: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """That a facility was tested by other rules: two ranges of an index, where "is not" would read all of it."""
    return FacilityStanding.fingerprint < fingerprint, FacilityStanding.fingerprint > fingerprint


def count_month(work: Work) -> None:
    """Counts the facilities of each region by standing for this month, in place of its last count."""
    today = day_at(work.at)
    month = today.replace(day=1)
    counted = select(
        literal(month), FacilityStanding.region, FacilityStanding.standing, literal(today), func.count()
    ).group_by(FacilityStanding.region, FacilityStanding.standing)
    work.session.execute(delete(StandingCount).where(StandingCount.month == month))
    columns = ["month", "region", "standing", "counted_on", "facilities"]
    work.session.execute(insert(StandingCount).from_select(columns, counted))
