"""How a facility stands under section 4, asked by whoever may see it."""

from datetime import date

from core import facility_standing
from core.facility_standing import Altered
from core.findings import NOT_YET, Day, Finding
from core.membership import Right
from core.places import day_at
from core.problems import refuse
from core.roles import ACTING
from db import facility_records, members
from db.facility_records import classified
from db.facility_standings import (
    SEES_ALL,
    FacilityStanding,
    governing_law,
    is_modelled,
    not_modelled,
    seen_facility,
    standing_of,
)
from db.gate import NotAllowed, Work, service
from db.law_schema import Calculation
from db.own_facilities import held


@service(*ACTING, *sorted(SEES_ALL))
def standing(work: Work, facility_id: int, on: date | None = None) -> FacilityStanding:
    """How a facility stands on a day, today unless told: an owner's own; any for the office, the Director and
    managers. For water facilities the one finding says that O. Reg. 128/04 is not modelled yet."""
    facility = seen_facility(work, facility_id)
    return standing_of(
        facility_records.of_facility(work, facility), facility, on or day_at(work.at, facility.time_zone)
    )


@service(*ACTING)
def alteration(work: Work, calculation_id: int, approval_applied: Day = None) -> Finding:
    """129/04, s. 4 (3): whether a kept calculation, as an alteration of the class on record, asks for
    reclassification, and by when.

    approval_applied: when its approval was applied for; NOT_YET where it is not, None where not known.
    """
    calculation = work.session.get(Calculation, calculation_id)
    if calculation is None or not members.may(
        work, Right.READ, calculation.organization_id, calculation.facility_id
    ):
        raise NotAllowed
    facility = held(work, Right.READ, calculation.facility_id).facility
    today = day_at(work.at, facility.time_zone)
    on_day = governing_law(facility, today)
    if not is_modelled(on_day):
        return not_modelled(today)
    if calculation.regulation != on_day.regulation.number:
        raise refuse(
            "This calculation is under O. Reg. {regulation}; today O. Reg. {needed} decides. Calculate anew.",
            regulation=calculation.regulation,
            needed=on_day.regulation.number,
        )
    records = facility_records.of_facility(work, facility).on(today)
    waiting = next((one for one in records.applications if one.waits and one.altered), None)
    altered = Altered(classified(calculation, today), records.on_record, approval_applied)
    return facility_standing.alteration(altered, waiting.filed_on if waiting else NOT_YET, on_day)
