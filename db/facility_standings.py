"""How a facility stands under section 4 of O. Reg. 129/04 (435/93), from what is recorded of it."""

from dataclasses import dataclass
from datetime import date

from core import facility_standing
from core.application import WaterWorks, governed, governing
from core.certificates import Certificate
from core.facilities import FacilityClass, FacilityType
from core.findings import Finding, until_at_most
from core.legislation import Law, NotOnFile
from core.membership import Right
from core.problems import Problem, Refused, refuse
from core.roles import Role
from core.sentences import Sentence
from db.facility_records import FacilityRecords, RecordedFact
from db.gate import Work
from db.own_facilities import held
from db.schema import Facility

SEES_ALL = frozenset({Role.OFFICER, Role.DIRECTOR, Role.MANAGER})


@dataclass(frozen=True)
class FacilityStanding:
    """A facility on a day: its class on record, the findings in the order of the law, and the facts below them.

    certificate: None where no class is on record; its day is None where it was issued before the portal.
    not_on_file: what could not be answered for that day.
    """

    facility_id: int
    facility: str
    facility_type: FacilityType
    regulation: str
    on: date
    facility_class: FacilityClass | None
    certificate: Certificate | None
    findings: tuple[Finding, ...]
    facts: tuple[RecordedFact, ...]
    not_on_file: tuple[Sentence, ...] = ()


def standing_of(recorded: FacilityRecords, facility: Facility, day: date) -> FacilityStanding:
    """How a facility that the asker may see stands on a day. Raises Refused where no law of it is on file."""
    on_day = governing_law(facility, day)
    records = recorded.on(day)
    findings, missing = facility_standing.section_4(records, on_day) if is_modelled(on_day) else ((), ())
    on_record, changes_on = records.on_record, recorded.next_change(day)
    return FacilityStanding(
        facility_id=facility.id,
        facility=facility.name,
        facility_type=FacilityType(facility.facility_type),
        regulation=on_day.regulation.number,
        on=day,
        facility_class=FacilityClass(on_record.facility_class) if on_record else None,
        certificate=on_record.certificate if on_record else None,
        findings=tuple(until_at_most(one, changes_on) for one in findings or (not_modelled(day),)),
        facts=recorded.facts(day),
        not_on_file=missing,
    )


def is_modelled(on_day: Law) -> bool:
    """Whether the duties of section 4 are modelled: those of 129/04 and 435/93 are, of 128/04 not yet."""
    return on_day.has("application")


def not_modelled(day: date) -> Finding:
    """The one finding about a water facility: that O. Reg. 128/04 is not modelled yet."""
    return governed(WaterWorks("water_treatment"), day)


def seen_facility(work: Work, facility_id: int) -> Facility:
    """A facility that the asker may see: an owner's own; any for the office, the Director and managers."""
    if work.roles.isdisjoint(SEES_ALL):
        return held(work, Right.READ, facility_id).facility
    facility = work.session.get(Facility, facility_id)
    if facility is None:
        raise refuse("There is no facility {id}. Check the link.", id=str(facility_id))
    return facility


def governing_law(facility: Facility, on: date) -> Law:
    """The law of a day on a facility. Raises Refused where none is on file."""
    try:
        return governing(facility.facility_type, on)
    except NotOnFile as missing:
        raise Refused(Problem("on", missing.sentence)) from missing
