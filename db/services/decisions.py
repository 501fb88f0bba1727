"""The Director's decisions that are recorded alone, and what has been decided about a facility."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from core import decisions as rules
from core import entries
from core.application import governing
from core.facilities import FacilityType
from core.legislation import NotOnFile
from core.membership import Right
from core.places import day_at
from core.problems import Problem, Refused, raise_if_any, refuse
from core.roles import ACTING, Role
from core.sentences import in_english
from db import decisions, kept_findings, members
from db.decisions import RecordedDecision
from db.gate import Work, service
from db.listing import Listing, one_page
from db.names import holds, numbered
from db.own_facilities import held, relation_stands
from db.schema import Facility, FacilityRelation


@dataclass(frozen=True)
class FacilityRow:
    """A facility that decisions can be about."""

    facility_id: int
    name: str
    ministry_number: str  # "" where it has none
    facility_type: FacilityType


@service(Role.OFFICER, Role.DIRECTOR, Role.MANAGER)
def facilities(work: Work, words: str = "", page: int = 1) -> Listing[FacilityRow]:
    """Facilities whose name or number contains the words, by name, 50 a page."""
    found = select(Facility)
    if entries.clean(words):
        found = found.where(or_(holds(Facility.plain_name, words), numbered(Facility.ministry_number, words)))
    rows, total, page = one_page(work, found.order_by(Facility.name, Facility.id), page)
    shown = tuple(
        FacilityRow(row.id, row.name, row.ministry_number or "", FacilityType(row.facility_type))
        for (row,) in rows
    )
    return Listing(shown, total, page)


@service(*ACTING, Role.OFFICER, Role.DIRECTOR, Role.MANAGER)
def of_facility(work: Work, facility_id: int) -> tuple[RecordedDecision, ...]:
    """What the Director has decided about a facility and stands, the latest first; an owner's own only."""
    if work.roles.isdisjoint({Role.OFFICER, Role.DIRECTOR, Role.MANAGER}):
        held(work, Right.READ, facility_id)
    found = decisions.standing(work, "facility", facility_id)
    return tuple(decisions.view(row) for row in reversed(found))


@service(Role.DIRECTOR, writes=True)
def record(
    work: Work,
    facility_id: int,
    kind: str | None,
    decided_on: date | None,
    reasons: str,
    granted: bool = True,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> int:
    """Records a decision about a facility, or that something is refused or directed no more; it stands from its
    day unless told. Returns its id.

    The owner is told by mail. Classifications are recorded on their applications, never here.
    """
    today = day_at(work.at)
    raise_if_any(rules.recorded(kind, decided_on, reasons, valid_from, valid_until, today, granted=granted))
    assert kind is not None  # noqa: S101 - checked above
    assert decided_on is not None  # noqa: S101 - checked above
    facility = work.for_update(Facility, facility_id)
    owner_id = _owner_id(work, facility)
    if owner_id is not None and members.is_member(work, owner_id):
        raise refuse("This facility is your own organization’s, so somebody else has to decide on it.")
    _must_be_new(work, kind, facility, decided_on, granted=granted)
    of_kind = rules.kinds()[kind]
    try:
        law = governing(facility.facility_type, decided_on)
        if not law.has(of_kind.topic):
            raise refuse("{regulation} knows no such decision on {day}. Choose another.", "kind",
                         regulation=f"O. Reg. {law.regulation.number}", day=decided_on)  # fmt: skip
        row = decisions.record(
            work,
            of_kind,
            law,
            facility.id,
            decided_on=decided_on,
            reasons=entries.clean_reason(reasons),
            granted=granted,
            valid_from=valid_from,
            valid_until=valid_until,
        )
    except NotOnFile as missing:
        raise Refused(Problem("decided_on", missing.sentence)) from missing
    kept_findings.retest(work, facility.id)
    for account in members.holders(work, Right.READ, owner_id, facility.id) if owner_id is not None else ():
        work.mail(
            account,
            "decision_of_people_recorded" if of_kind.of_people else "decision_recorded",
            facility_id=facility.id,
            title=of_kind.title if granted else f"Refused or ended: {of_kind.title}",
            facility=facility.name,
            decided_on=in_english(decided_on),
            reasons=row.reasons,
        )
    return row.id


def _owner_id(work: Work, facility: Facility) -> int | None:
    return work.session.scalar(
        select(FacilityRelation.organization_id)
        .where(
            FacilityRelation.facility_id == facility.id,
            FacilityRelation.role == "owner",
            relation_stands(day_at(work.at)),
        )
        .limit(1)
    )


def _must_be_new(work: Work, kind: str, facility: Facility, decided_on: date, *, granted: bool) -> None:
    """Raises Refused where the same was recorded already, by a second click or by a colleague."""
    for earlier in decisions.standing(work, "facility", facility.id):
        if (earlier.kind, earlier.decided_on, earlier.granted) == (kind, decided_on, granted):
            raise refuse("This decision of {day} is recorded already, by {by}.",
                         day=decided_on, by=earlier.director.person.name)  # fmt: skip
