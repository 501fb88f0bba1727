"""The tables of the shift logs: entries that are never changed, their chain's head, who may write, and the shifts
that there should be.

The same Base as db.schema. An entry's columns are the fields of core.log_chain's Entry and Content, as they were
hashed.
"""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.schema import Base, Fact


class LogEntry(Base):
    """One entry of a facility's log, chained to the one before by its hash. Never updated, never deleted.

    `plain_words` is all that is searched, without accents, capitals and signs; it follows from the rest.
    """

    __tablename__ = "log_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"))
    number: Mapped[int]
    made_at: Mapped[datetime]
    happened_at: Mapped[datetime]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    author_name: Mapped[str]
    standing: Mapped[str]  # core.log_chain.Standing
    authorization_id: Mapped[int | None] = mapped_column(ForeignKey("log_authorization.id"))
    shift: Mapped[int | None]
    kind: Mapped[str]  # core.log_chain.Kind
    text: Mapped[str] = mapped_column(Text)
    is_nothing: Mapped[bool]
    given_by: Mapped[str]
    action: Mapped[str] = mapped_column(Text)
    conclusions: Mapped[str] = mapped_column(Text)
    operators: Mapped[list[Any]]
    corrects: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str]
    hash: Mapped[str]
    plain_words: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        Index("uq_log_entry_number", "facility_id", "number", unique=True),
        Index("uq_log_entry_hash", "facility_id", "hash", unique=True),
        Index(None, "facility_id", "shift", "kind"),
        Index(None, "facility_id", "kind", "happened_at"),
        Index(None, "facility_id", "happened_at"),
        Index(None, "facility_id", "corrects"),
        Index(None, "facility_id", "author_id", "author_name"),
    )


class LogHead(Base):
    """The last entry of a facility's log: one row a facility, locked while an entry is added.

    test_on: the night in which what it says is tested next (db.kept_log); None: no night changes anything.
    """

    __tablename__ = "log_head"
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), primary_key=True, autoincrement=False)
    number: Mapped[int]
    hash: Mapped[str]
    made_at: Mapped[datetime | None]  # None before the first entry
    test_on: Mapped[date | None] = mapped_column(index=True)


class LogCheck(Base):
    """What the last check of a facility's log found: up to which entry, and what is wrong, one sentence each."""

    __tablename__ = "log_check"
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), primary_key=True, autoincrement=False)
    checked_at: Mapped[datetime]
    number: Mapped[int]
    hash: Mapped[str]
    broken: Mapped[bool]
    faults: Mapped[list[Any]]


class LogAuthorization(Base):
    """That somebody may write in a facility's log for a span of days, given by the owner or by an
    operator-in-charge. Revoking ends it at once; the row stays.

    giver_in_charge: whether an operator-in-charge who gave it was in charge on that day.
    """

    __tablename__ = "log_authorization"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    by_owner: Mapped[bool]
    giver_in_charge: Mapped[bool]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    given_at: Mapped[datetime]
    given_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class LogPlace(Fact, Base):
    """Where a facility's log is, from a day on. about: provided (by the owner), accessible (in the facility),
    only (this log is the facility's only one)."""

    __tablename__ = "log_place"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    about: Mapped[str]
    place: Mapped[str]
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("log_place.id"))
    __table_args__ = (CheckConstraint("about in ('provided', 'accessible', 'only')", "about"),)


class ShiftPattern(Fact, Base):
    """A shift that is worked again and again: by the facility's clock, on days of the week (Monday is 0)."""

    __tablename__ = "shift_pattern"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    designation: Mapped[str]
    starts: Mapped[time]
    ends: Mapped[time]
    weekdays: Mapped[list[Any]]
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("shift_pattern.id"))
