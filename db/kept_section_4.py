"""Findings about a facility's class, its certificate and applications as they are kept (O. Reg. 129/04, s. 4).

What time makes of them is told by whichever test sees it first, that of the night or of a look on its day; of what
is recorded whoever must know has a mail of its own.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from core.application import governing
from core.compliance import CLASSIFIED
from core.legislation import NotOnFile
from core.places import day_at
from db.facility_records import FacilityRecords
from db.facility_standings import findings_of
from db.gate import Work
from db.kept_rows import Part, Tested, no_longer_holds, since_its_day
from db.province_schema import KeptFinding
from db.schema import Facility


def test(work: Work, facility: Facility, recorded: FacilityRecords, *, night: bool) -> Part:
    """The findings of today; night: whatever no longer holds is told, by day what does not since its day came."""
    today = day_at(work.at, facility.time_zone)

    def worse(before: KeptFinding | None, one: Tested) -> bool:
        come = before is not None and before.until is not None and before.until <= today
        return (night or come) and no_longer_holds(before, one.finding)

    return Part(
        facility,
        today,
        list(_tested(facility, recorded, today)),
        lambda row: row.about == CLASSIFIED,
        worse,
        since_its_day(today),
    )


def _tested(facility: Facility, recorded: FacilityRecords, today: date) -> Iterator[Tested]:
    """Several applications may wait: of each provision they are counted."""
    try:
        law = governing(facility.facility_type, today)
    except NotOnFile:
        return
    several = Counter[str]()
    found, _ = findings_of(recorded, law)
    for one in found:
        by = one.citation.provision
        several[by] += 1
        yield Tested(CLASSIFIED, one, recorded.ids, place=f"{CLASSIFIED}:{by}:{several[by]}")
