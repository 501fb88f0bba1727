"""How a facility stands as a whole: one answer from all the findings that are kept of it, and how near it is to
having nobody who may be its overall responsible operator.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.compliance import CLASSIFIED
from core.designations import designated_by_licence
from core.facilities import FacilityType
from core.facts import earliest
from core.findings import Verdict
from core.legislation import Law
from core.records import OF_LOGS
from core.responsibility import Recorded

NO_MORE_THAN_FAULTS = frozenset({CLASSIFIED, *(one.value for one in OF_LOGS)})
SOON_DAYS = 90  # an expiry within so many days is soon: as far as a facility's page looks ahead


class Standing(StrEnum):
    """How a facility stands, the worst first."""

    DOES_NOT_STAND = "does_not_stand"
    NOT_KNOWN = "not_known"
    STANDS = "stands"
    NOT_ASSESSED = "not_assessed"

    @property
    def label(self) -> str:
        """Its name for people."""
        return self.value.replace("_", " ").capitalize()


def standing(facility_type: FacilityType, verdicts: Iterable[Verdict]) -> Standing:
    """How a facility stands by the verdicts of those of its findings that count; what does not apply says nothing.

    What waits for the Director is not known yet. Water facilities are not assessed: O. Reg. 128/04 governs them,
    and is not modelled. `db.standings` has the same rule in SQL, and a test proves that they agree.
    """
    if is_water(facility_type):
        return Standing.NOT_ASSESSED
    found = set(verdicts) - {Verdict.NOT_APPLICABLE}
    if Verdict.NOT_MET in found:
        return Standing.DOES_NOT_STAND
    if found & {Verdict.UNKNOWN, Verdict.DIRECTOR}:
        return Standing.NOT_KNOWN
    return Standing.STANDS if found else Standing.NOT_ASSESSED


def counts(about: str, verdict: Verdict) -> bool:
    """Whether a finding says something about how its facility stands as a whole. Of section 4 and of the log only
    what does not hold does: what the office or another log holds may be unknown here for good."""
    return about not in NO_MORE_THAN_FAULTS or verdict is Verdict.NOT_MET


def is_water(facility_type: FacilityType) -> bool:
    """Whether O. Reg. 128/04 governs the operation of facilities of this type."""
    return facility_type.value.startswith("water_")


@dataclass(frozen=True)
class Qualified:
    """How many of those employed on a day may be the overall responsible operator by their own licence.

    lapses_on: of the only one, the first day on which that may be otherwise; None where there are more, or where
    time changes nothing. recount_on: the first day on which the number may be another.
    """

    count: int
    lapses_on: date | None
    recount_on: date | None


def qualified(recorded: Recorded, law: Law) -> Qualified:
    """Who may be designated under O. Reg. 129/04, s. 15 (1) on the law's day, of all who are employed then.

    Only those count of whom it is certain: who waits to be confirmed fills no gap today.
    """
    workers = recorded.responsible.workers.values()
    found = [designated_by_licence(one, recorded.works, law) for one in workers if one.spells]
    may = [one for one in found if one.verdict is Verdict.MET]
    lapses_on = may[0].until if len(may) == 1 else None
    return Qualified(len(may), lapses_on, earliest(law, *(one.until for one in found)))
