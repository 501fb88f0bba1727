"""How a facility stands under section 4 of O. Reg. 129/04 (435/93), from what is recorded of it."""

from dataclasses import dataclass
from datetime import date

from core.application import WaterWorks, governed, governing
from core.certificates import Certificate
from core.facilities import FacilityClass, FacilityType
from core.facility_standing import section_4
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
class FacilityOnRecord:
    """A facility on a day as it is on record: its class and certificate, and every fact about them.

    certificate: None where no class is on record; its day is None where it was issued before the portal.
    """

    facility_id: int
    facility: str
    facility_type: FacilityType
    on: date
    facility_class: FacilityClass | None
    certificate: Certificate | None
    facts: tuple[RecordedFact, ...]


@dataclass(frozen=True)
class FacilityStanding(FacilityOnRecord):
    """The same with what section 4 says of it, in the order of the law; not_on_file: what could not be answered
    for that day."""

    regulation: str
    findings: tuple[Finding, ...]
    not_on_file: tuple[Sentence, ...]


def on_record_of(recorded: FacilityRecords, facility: Facility, day: date) -> FacilityOnRecord:
    """A facility that the asker may see, as it is on record of a day."""
    certificate = one.certificate if (one := recorded.class_on_record(day)) else None
    return FacilityOnRecord(
        facility_id=facility.id,
        facility=facility.name,
        facility_type=FacilityType(facility.facility_type),
        on=day,
        facility_class=FacilityClass(certificate.facility_class) if certificate else None,
        certificate=certificate,
        facts=recorded.facts(day),
    )


def standing_of(recorded: FacilityRecords, facility: Facility, day: date) -> FacilityStanding:
    """How a facility that the asker may see stands on a day. Raises Refused where no law of it is on file."""
    law = governing_law(facility, day)
    found, missing = findings_of(recorded, law)
    on_record = on_record_of(recorded, facility, day)
    return FacilityStanding(
        **vars(on_record), regulation=law.regulation.number, findings=found, not_on_file=missing
    )


def findings_of(recorded: FacilityRecords, law: Law) -> tuple[tuple[Finding, ...], tuple[Sentence, ...]]:
    """What section 4 says of the law's day by what is recorded of it, no longer than to the next change of that;
    and what is not on file for that day."""
    found, missing = section_4(recorded.on(law.on), law) if is_modelled(law) else ((), ())
    changes_on = recorded.next_change(law.on)
    return tuple(until_at_most(one, changes_on) for one in found or (not_modelled(law.on),)), missing


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
