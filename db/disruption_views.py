"""Strikes and emergencies of a facility as pages show them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from core.calendar import Span
from core.emergencies import report_records_may_go
from core.findings import Decision
from core.legislation import Law
from core.submissions import Kind
from db import disruption_words
from db.disruption_schema import DirectorSubmission, Emergency, EmergencyWork, Strike
from db.disruption_words import Draft
from db.facility_people import FacilityPeople
from db.people_facts import span

_THE_PORTAL = "the portal"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Noted:
    """Something recorded of a strike or an emergency: whose ("": the facility's) and what it is in words, on which
    days, why, and by whom and when it was recorded as it stands. words: of what was handed in."""

    table: str
    fact_id: int
    name: str
    what: str
    span: Span
    reason: str
    recorded_at: datetime
    recorded_by: str
    words: str = ""


@dataclass(frozen=True)
class DisruptionsShown:
    """What is recorded, the latest first; decided: by the Director, about strikes; drafts: what may be handed in.
    keep_until: the last day on which the records behind a report are to be kept; None where no report was sent."""

    emergencies: tuple[Noted, ...]
    worked: tuple[Noted, ...]
    strikes: tuple[Noted, ...]
    submissions: tuple[Noted, ...]
    decided: tuple[Decision, ...]
    drafts: tuple[Draft, ...]
    keep_until: date | None

    @property
    def every(self) -> tuple[Noted, ...]:
        """All that is recorded."""
        return (*self.emergencies, *self.worked, *self.strikes, *self.submissions)


# What is said of a row of each kind.
IN_WORDS: Mapping[Any, Callable[[Any], str]] = {
    Emergency: disruption_words.said,
    EmergencyWork: disruption_words.worked,
    Strike: disruption_words.planned,
    DirectorSubmission: disruption_words.handed_in,
}


def shown(found: FacilityPeople, law: Law | None, recorders: Mapping[int, str]) -> DisruptionsShown:
    """What is recorded of a facility's strikes and emergencies."""
    rows = found.disruptions

    def noted(several: Any) -> tuple[Noted, ...]:
        latest_first = sorted(several, key=lambda row: (days_of(row).start, row.id), reverse=True)
        return tuple(_noted(row, found, recorders) for row in latest_first)

    return DisruptionsShown(
        noted(rows.emergencies),
        noted(rows.worked),
        noted(rows.strikes),
        noted(rows.submissions),
        tuple(sorted((*rows.directions, *rows.waivers), key=lambda one: one.decided_on, reverse=True)),
        disruption_words.drafts(found),
        _keep_until(found, law),
    )


def days_of(row: Any) -> Span:
    """The days of a row; of what was handed in the day on which it was sent."""
    return Span(row.sent_on, row.sent_on + _ONE_DAY) if isinstance(row, DirectorSubmission) else span(row)


def _noted(row: Any, found: FacilityPeople, recorders: Mapping[int, str]) -> Noted:
    return Noted(
        row.__tablename__,
        row.id,
        found.names[row.employee_id] if isinstance(row, EmergencyWork) else "",
        IN_WORDS[type(row)](row),
        days_of(row),
        disruption_words.reason(row),
        row.recorded_at,
        recorders.get(row.recorded_by or 0, _THE_PORTAL),
        row.words if isinstance(row, DirectorSubmission) else "",
    )


def _keep_until(found: FacilityPeople, law: Law | None) -> date | None:
    """O. Reg. 129/04, s. 23 (7): until when the records behind the last report are kept."""
    sent = [one.sent_on for one in found.disruptions.submissions if one.kind == Kind.EMERGENCY_REPORT]
    if not sent or law is None or not law.stands("emergency_report"):
        return None
    until = report_records_may_go(max(sent), law).until
    return until - _ONE_DAY if until is not None else None
