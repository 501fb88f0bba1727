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
    Select,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from core.findings import Verdict
from core.listings import ListingKind
from core.places import Point, day_at
from core.records import OF_LOGS, About
from core.standings import NO_MORE_THAN_FAULTS, Qualified, Standing
from db.gate import Work
from db.places import region_of
from db.province_schema import FacilityStanding, KeptFinding, StandingCount
from db.register_schema import ListingImport
from db.schema import Facility

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


def keep(work: Work, tested: Mapping[Facility, Tested | None], fingerprint: str | None = None) -> None:
    """Keeps how facilities stand by the findings that are kept of them now, and when they are tested again; None:
    their people were not tested.

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
        values = dict(found._mapping)
        facility_id, days = values.pop("id"), [values.pop("until")]
        facility = by_id[facility_id]
        one = tested[facility]
        row = rows.get(facility_id) or place(session, facility)
        for name, value in values.items():
            setattr(row, name, value)
        if one is not None:
            row.qualified = one.qualified.count if one.qualified else None
            row.lapses_on = one.qualified.lapses_on if one.qualified else None
            days += [one.edge, one.qualified.recount_on if one.qualified else None]
        if fingerprint is not None:
            row.tested_at, row.fingerprint = work.at, fingerprint
        elif one is None or (row.test_on is not None and row.test_on <= today):
            days.append(row.test_on)
        row.test_on = min(filter(None, days), default=None)


def from_findings(facility_ids: list[int]) -> Select[*tuple[Any, ...]]:
    """What is kept of each facility by its findings, each column by its name in FacilityStanding; and `until`, the
    first day on which what is tested with its people may be another."""
    kept = KeptFinding
    not_met = kept.verdict == Verdict.NOT_MET.value
    counts = kept.about.not_in(NO_MORE_THAN_FAULTS)  # core.standings.counts
    met = counts & (kept.verdict == Verdict.MET.value)
    open_ = counts & kept.verdict.in_([Verdict.UNKNOWN.value, Verdict.DIRECTOR.value])
    training = kept.about == About.TRAINING.value
    short = training & met & kept.due.is_not(None)
    of_a_log = kept.about.in_([one.value for one in OF_LOGS])  # which has a day of its own (db.kept_log)
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
            func.min(case((~of_a_log, kept.until))).label("until"),
            func.min(case((~of_a_log | not_met, kept.until))).label("changes_on"),  # of a log only faults count
            _many(not_met).label("not_met"),
            _people(training & not_met).label("training_behind"),
            _people(short).label("training_short"),
            func.min(case((short, kept.due))).label("training_due"),
            _people(training & open_).label("training_not_known"),
        )
        .outerjoin(kept, kept.facility_id == Facility.id)
        .where(Facility.id.in_(facility_ids))
        .group_by(Facility.id, Facility.facility_type)
    )


def _many(where: ColumnElement[bool]) -> ColumnElement[int]:
    """How many findings of a facility are like this."""
    return func.count(case((where, 1)))


def _people(where: ColumnElement[bool]) -> ColumnElement[int]:
    """Of how many people: several years of one may be like this."""
    return func.count(case((where, KeptFinding.of_id)).distinct())


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
