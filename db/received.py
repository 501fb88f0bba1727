"""What owners recorded as sent to the Director, of whatever kind: of which facility, about which day, and when."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, Select, SQLColumnExpression, String, cast, literal, null, select, union_all

from core.sentences import Sentence, in_english
from core.submissions import Kind
from db.disruption_schema import DirectorSubmission
from db.gate import Work
from db.listing import Listing, one_page
from db.people_schema import DirectorNotice
from db.schema import Facility
from db.schema_training import ExemptNotice

_RELIANCE, _EXEMPT = "reliance", "exempt"


@dataclass(frozen=True)
class Received:
    """Something that the Director received, and what it is about in words. of_training: it stands on the page of
    its facility's training, else on that of its people."""

    key: str
    facility_id: int
    facility: str
    about: str
    sent_on: date
    of_training: bool


def received(work: Work, page: int) -> Listing[Received]:
    """What was sent and not taken back, the latest first."""
    of_day, sent_on = DirectorSubmission.of_day, DirectorSubmission.sent_on
    submissions = _sent(DirectorSubmission, DirectorSubmission.kind, of_day, null(), sent_on).where(
        DirectorSubmission.superseded_at.is_(None)
    )
    of_days = _sent(DirectorNotice, literal(_RELIANCE), DirectorNotice.reached_on, null(), DirectorNotice.sent_on)
    exempt = _sent(ExemptNotice, literal(_EXEMPT), ExemptNotice.told_on, ExemptNotice.year, ExemptNotice.told_on)
    every = union_all(
        submissions,
        of_days.where(DirectorNotice.superseded_at.is_(None)),
        exempt.where(ExemptNotice.withdrawn_at.is_(None)),
    ).subquery()
    statement = (
        select(every, Facility.name)
        .join(Facility, Facility.id == every.c.facility_id)
        .order_by(every.c.sent_on.desc(), every.c.kind, every.c.id.desc())
    )
    rows, total, page = one_page(work, statement, page)
    shown = tuple(
        Received(
            f"{one.kind}-{one.id}",
            one.facility_id,
            one.name,
            _about(one.kind, one.of_day, one.year),
            one.sent_on,
            one.kind == _EXEMPT,
        )
        for one in rows
    )
    return Listing(shown, total, page)


def _sent(
    table: type[DirectorSubmission | DirectorNotice | ExemptNotice],
    kind: SQLColumnExpression[str],
    of_day: SQLColumnExpression[date],
    year: SQLColumnExpression[Any],
    sent_on: SQLColumnExpression[date],
) -> Select[*tuple[Any, ...]]:
    return select(
        table.id,
        table.facility_id,
        cast(kind, String).label("kind"),
        of_day.label("of_day"),
        cast(year, Integer).label("year"),
        sent_on.label("sent_on"),
    )


def _about(kind: str, of_day: date, year: int | None) -> str:
    if kind == _RELIANCE:
        return str(Sentence("days with a stand-in, due since {day}", day=of_day))
    if kind == _EXEMPT:
        return f"an operator’s training of {year}, of which the year is exempt"
    of = "a strike or lock-out from" if kind == Kind.STRIKE_PLAN else "an emergency from"
    return f"{Kind(kind).label.lower()}, {of} {in_english(of_day)}"
