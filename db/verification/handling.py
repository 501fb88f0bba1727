"""Who works on what waits for the office: who has opened it lately, and who has taken it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, insert, literal, select

from core.places import day_at, start_of
from core.problems import refuse
from core.queue import Place, Subject
from db.gate import Work
from db.law_schema import ClassificationApplication
from db.register_schema import Discrepancy
from db.schema import Account, AuditEntry, ContactLook, Submission

Row = Submission | ClassificationApplication | Discrepancy
TABLES: dict[Subject, Any] = {
    Subject.SUBMISSION: Submission,
    Subject.APPLICATION: ClassificationApplication,
    Subject.DISCREPANCY: Discrepancy,
}
_LATELY = timedelta(minutes=15)


@dataclass(frozen=True)
class Opened:
    """A colleague has it on the screen: who, and since when."""

    by: str
    at: datetime


@dataclass(frozen=True)
class Handling:
    """`taken_by` is "" while nobody has taken it, `given_by` "" where nobody gave it; `opened` the colleague who
    opened it last, lately."""

    taken_by: str
    taken_by_me: bool
    taken_at: datetime | None
    given_by: str
    opened: Opened | None


def handling(work: Work, place: Place) -> Handling:
    """Who works on something. Raises Refused where it is not there."""
    row = row_at(work, place)
    return Handling(
        taken_by=_name_of(work, row.taken_by),
        taken_by_me=row.taken_by == work.account.id,
        taken_at=row.taken_at,
        given_by=_given_by(work, place) if row.taken_by is not None else "",
        opened=_opened(work, place),
    )


def row_at(work: Work, place: Place) -> Row:
    """What is worked on. Raises Refused where it is not there."""
    found: Row | None = work.session.get(TABLES[place.subject], place.id)
    if found is None:
        raise refuse("There is no {what} {id}. Check the link.", what=place.subject.noun, id=str(place.id))
    return found


def look(work: Work, place: Place, **shown: list[int]) -> None:
    """Records that whoever asks has opened it; `shown` are the ids of what else it showed."""
    work.record(f"{place.subject}.seen", table_name(place), place.id, **shown)


def look_at_contact_details(work: Work, profile_id: int) -> None:
    """Shows the operator that this officer saw the e-mail and telephone; once a day, however often it was."""
    mine = (
        ContactLook.profile_id == profile_id,
        ContactLook.account_id == work.account.id,
        ContactLook.organization_id.is_(None),
        ContactLook.at >= start_of(day_at(work.at)),
    )
    columns = (ContactLook.profile_id, ContactLook.account_id, ContactLook.at)
    values = (literal(profile_id), literal(work.account.id), literal(work.at, ContactLook.at.type))
    work.session.execute(insert(ContactLook).from_select(columns, select(*values).where(~exists().where(*mine))))


def table_name(place: Place) -> str:
    """The table of something, as the audit trail names it."""
    return str(TABLES[place.subject].__tablename__)


def must_not_be_taken(work: Work, row: Row) -> None:
    """Raises Refused where another officer has taken it."""
    if row.taken_by in (None, work.account.id):
        return
    raise refuse(
        "{name} has taken this {what}. Ask for it to be given back, or give it to yourself first.",
        name=_name_of(work, row.taken_by),
        what=next(subject.noun for subject, table in TABLES.items() if isinstance(row, table)),
    )


def _opened(work: Work, place: Place) -> Opened | None:
    """Which colleague opened it last, within the last quarter of an hour, says the audit trail."""
    seen = work.session.execute(
        select(AuditEntry.account_id, AuditEntry.at)
        .where(
            AuditEntry.subject == table_name(place),
            AuditEntry.subject_id == place.id,
            AuditEntry.action == f"{place.subject}.seen",
            AuditEntry.account_id != work.account.id,
            AuditEntry.at > work.at - _LATELY,
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).one_or_none()
    return None if seen is None else Opened(_name_of(work, seen.account_id), seen.at)


def _given_by(work: Work, place: Place) -> str:
    """Who gave it to whoever has it, says the audit trail; "" where that officer took it."""
    last = work.session.execute(
        select(AuditEntry.account_id, AuditEntry.action)
        .where(
            AuditEntry.subject == table_name(place),
            AuditEntry.subject_id == place.id,
            AuditEntry.action.in_([f"{place.subject}.{done}" for done in ("given", "taken")]),
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).one_or_none()
    return _name_of(work, last.account_id) if last and last.action.endswith(".given") else ""


def _name_of(work: Work, account_id: int | None) -> str:
    return "" if account_id is None else work.session.get_one(Account, account_id).person.name
