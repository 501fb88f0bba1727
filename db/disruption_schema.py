"""The tables of strikes and emergencies: what an owner says of them, whom it employs, what it handed in.

The same Base as db.schema.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.schema import Base, Fact


class Emergency(Fact, Base):
    """What an owner says of some days: whether an emergency was declared, by whom and of what nature; whether
    operators were short and others necessary, and on what grounds (O. Reg. 129/04, ss. 22 (1) and 23 (3))."""

    __tablename__ = "emergency"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    declared: Mapped[bool]
    declared_by: Mapped[str]
    nature: Mapped[str] = mapped_column(Text)
    shortage: Mapped[bool | None]
    necessary: Mapped[bool | None]
    grounds: Mapped[str] = mapped_column(Text)
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("emergency.id"))


class EmergencyWork(Fact, Base):
    """Somebody employed in an emergency: by which paragraph of s. 23 (1) (core.emergencies.Way), and what the
    owner says of its criteria; None where it has not said. experience: whole months on the first day."""

    __tablename__ = "emergency_work"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    way: Mapped[str]
    experience: Mapped[int | None]
    trained: Mapped[bool | None]
    fits: Mapped[bool | None]
    only_there: Mapped[bool | None]
    clear: Mapped[bool | None]
    details: Mapped[str] = mapped_column(Text)
    duties: Mapped[str] = mapped_column(Text)
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("emergency_work.id"))
    __table_args__ = (
        CheckConstraint("way in ('practitioner', 'former', 'technician', 'manager', 'staff', 'none')", "way"),
    )


class Strike(Fact, Base):
    """A strike or lock-out of operators of a facility, from its legal date on."""

    __tablename__ = "strike"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("strike.id"))


class DirectorSubmission(Base):
    """Something handed in to the Director (core.submissions.Kind): about the strike of a legal date, or the
    emergency that began on a day. contents: the ids of what it says; None where nobody has said, or it need say
    nothing. words: as it was sent; "" where that is not kept here."""

    __tablename__ = "director_submission"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    kind: Mapped[str]
    of_day: Mapped[date]
    sent_on: Mapped[date]
    contents: Mapped[list[Any] | None]
    words: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    superseded_at: Mapped[datetime | None]  # taken back: it was recorded by mistake
    __table_args__ = (CheckConstraint("kind in ('strike_plan', 'emergency_notice', 'emergency_report')", "kind"),)
