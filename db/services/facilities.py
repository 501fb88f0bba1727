"""A facility's time zone: what decides which day it is there."""

from dataclasses import dataclass

from core.membership import Right
from core.places import TIME_ZONES
from core.problems import Problem, raise_if_any, refuse
from core.roles import ACTING
from core.sentences import Sentence
from db import kept_findings, members
from db.gate import Work, service
from db.own_facilities import held, is_owner
from db.schema import Facility


@dataclass(frozen=True)
class Clock:
    """The time zone in which a facility's days are counted; `mine_to_change` by a manager of its owner."""

    version: int
    time_zone: str
    mine_to_change: bool


@service(*ACTING)
def clock(work: Work, facility_id: int) -> Clock:
    """The time zone of a facility that whoever asks may see."""
    facility = held(work, Right.READ, facility_id).facility
    return Clock(facility.version, facility.time_zone, _is_mine_to_change(work, facility_id))


@service(*ACTING, writes=True)
def change_time_zone(work: Work, facility_id: int, time_zone: str | None, version: int) -> None:
    """Sets the time zone by hand. It stays when the facility is described anew."""
    if time_zone not in TIME_ZONES:
        raise_if_any([Problem("time_zone", Sentence("Choose the time zone that is kept at the facility."))])
    facility = work.for_update(Facility, held(work, Right.MANAGE, facility_id).facility.id)
    if not _is_mine_to_change(work, facility_id):
        raise refuse(
            "The owner of {facility} says which time zone is kept there; your organization operates it. Ask the "
            "owner.",
            facility=facility.name,
        )
    work.touch(facility, version)
    before, facility.time_zone = facility.time_zone, str(time_zone)
    work.record("facility.time_zone", "facility", facility_id, before=before, after=facility.time_zone)
    kept_findings.retest(work, facility_id)


def _is_mine_to_change(work: Work, facility_id: int) -> bool:
    managed = members.managed_id(work)
    return managed is not None and is_owner(work, managed, facility_id)
