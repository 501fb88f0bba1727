"""How facilities stand as a whole, kept beside their findings: made in the transaction of a test, counted once a
month.

The rule is `core.standings.standing`; `_STANDING` says the same in SQL.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.findings import Verdict
from core.places import day_at
from core.standings import Qualified, Standing
from db.gate import Work
from db.people_schema import KeptFinding
from db.province_schema import FacilityStanding, StandingCount
from db.schema import Facility

IS_WATER = Facility.facility_type.startswith("water_", autoescape=True)  # governed by O. Reg. 128/04
# Of a facility of which nothing is kept there is no row.
as_kept = func.coalesce(FacilityStanding.standing, literal_column(f"'{Standing.NOT_ASSESSED.value}'", String))


def _found(*verdicts: Verdict) -> ColumnElement[int]:
    """How many findings of a facility have one of these verdicts."""
    return func.count(case((KeptFinding.verdict.in_([one.value for one in verdicts]), 1)))


_STANDING = case(
    (IS_WATER, Standing.NOT_ASSESSED.value),
    (_found(Verdict.NOT_MET) > 0, Standing.DOES_NOT_STAND.value),
    (_found(Verdict.UNKNOWN, Verdict.DIRECTOR) > 0, Standing.NOT_KNOWN.value),
    (_found(Verdict.MET) > 0, Standing.STANDS.value),
    else_=Standing.NOT_ASSESSED.value,
)


def from_findings(facility_ids: list[int]) -> Select[int, str, date | None, int]:
    """Of each facility: its standing, the first day on which that may be another, what does not stand."""
    return (
        select(Facility.id, _STANDING, func.min(KeptFinding.until), _found(Verdict.NOT_MET))
        .outerjoin(KeptFinding, KeptFinding.facility_id == Facility.id)
        .where(Facility.id.in_(facility_ids))
        .group_by(Facility.id, Facility.facility_type)
    )


def keep(session: Session, counted: Mapping[int, Qualified | None]) -> None:
    """Keeps how facilities stand by the findings that are kept of them now, and how many are qualified there."""
    session.flush()
    kept = select(FacilityStanding).where(FacilityStanding.facility_id.in_(counted))
    rows = {one.facility_id: one for one in session.scalars(kept)}
    for id, standing, changes_on, not_met in session.execute(from_findings(list(counted))):
        row = rows.get(id) or FacilityStanding(facility_id=id)
        row.standing, row.changes_on, row.not_met = standing, changes_on, not_met
        of_them = counted[id]
        row.qualified = of_them.count if of_them else None
        row.lapses_on = of_them.lapses_on if of_them else None
        row.recount_on = of_them.recount_on if of_them else None
        session.add(row)


def to_recount(facility_id: InstrumentedAttribute[int], today: date) -> ColumnElement[bool]:
    """A facility at which another number may be qualified from today on."""
    of_it = and_(FacilityStanding.facility_id == facility_id, FacilityStanding.recount_on <= today)
    return select(FacilityStanding.facility_id).where(of_it).exists()


def count_month(work: Work) -> None:
    """Counts the facilities of each region by standing for this month, in place of its last count."""
    today = day_at(work.at)
    month = today.replace(day=1)
    counted = (
        select(literal(month), Facility.region, as_kept, literal(today), func.count())
        .select_from(Facility)
        .outerjoin(FacilityStanding, FacilityStanding.facility_id == Facility.id)
        .group_by(Facility.region, as_kept)
    )
    work.session.execute(delete(StandingCount).where(StandingCount.month == month))
    columns = ["month", "region", "standing", "counted_on", "facilities"]
    work.session.execute(insert(StandingCount).from_select(columns, counted))
