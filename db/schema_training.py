"""The tables of training and manuals: what was given to whom, what the Director asked for, what was reviewed when.

The same Base as db.schema. Nothing is overwritten: a correction takes the place of its row, and what was recorded
by mistake is withdrawn with who did it, when and why.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.schema import Base, index_of_known


class Entered:
    """When a row was entered, and by whom."""

    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class Withdrawable(Entered):
    """A row that can be withdrawn: it stays on record, and stands no more."""

    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_because: Mapped[str] = mapped_column(Text, default="")


# --- training (O. Reg. 129/04, s. 21) -------------------------------------------------------------------------


class TrainingImport(Withdrawable, Base):
    """A sheet from which sessions were recorded. Withdrawn: with all its sessions."""

    __tablename__ = "training_import"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    file_name: Mapped[str]
    sha256: Mapped[str]
    rows: Mapped[int]


class TrainingSession(Withdrawable, Base):
    """A session of training, as one facility recorded it. superseded_by: the session that corrects it."""

    __tablename__ = "training_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    subjects: Mapped[str] = mapped_column(Text)
    kind: Mapped[str]  # core.training_sessions.TrainingKind
    import_id: Mapped[int | None] = mapped_column(ForeignKey("training_import.id"), index=True)
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("training_session.id"))
    __table_args__ = (index_of_known("superseded_by"),)


class TrainingDay(Base):
    """A day of a session, with its minutes."""

    __tablename__ = "training_day"
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    minutes: Mapped[int]


class TrainingAttendance(Base):
    """Somebody who attended a session, with the name and in the position of that time (s. 21 (3), reading R81)."""

    __tablename__ = "training_attendance"
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"), primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True, index=True)
    name: Mapped[str]
    position: Mapped[str]


class TrainingColumns(Base):
    """Which column of a sheet is which of ours, as an organization chose last for these headings."""

    __tablename__ = "training_columns"
    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    heading: Mapped[str]  # hash of the file's column names, in their order
    columns: Mapped[dict[str, Any]]  # our column: the file's
    saved_at: Mapped[datetime]
    saved_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    __table_args__ = (Index("uq_training_columns", "organization_id", "heading", unique=True),)


class TrainingComplete(Entered, Base):
    """That from a day on every session of a facility's people is on record, as its owner says."""

    __tablename__ = "training_complete"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    complete_from: Mapped[date]
    superseded_at: Mapped[datetime | None]


class ExemptNotice(Withdrawable, Base):
    """A notice to the Director of an operator whose year is exempt (s. 21 (1.3)): its words, when it was sent."""

    __tablename__ = "exempt_notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    year: Mapped[int]
    told_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text)


class TrainingRequest(Withdrawable, Base):
    """A request of the Director for the records of some years (s. 21 (4)); sent_on: None until they were sent.

    asked_by: who asked in the Director's name. sent_copy: the records as they stood when the sending was recorded,
    as CSV, with their hash.
    """

    __tablename__ = "training_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    requested_on: Mapped[date]
    asked_by: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]  # as the Director named it
    first_year: Mapped[int]
    last_year: Mapped[int]
    sent_on: Mapped[date | None]
    sent_as: Mapped[str] = mapped_column(default="")  # copies, summaries
    sent_copy: Mapped[str] = mapped_column(Text, default="")
    sent_sha256: Mapped[str] = mapped_column(default="")
    sent_recorded_at: Mapped[datetime | None]
    sent_recorded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


# --- manuals (s. 20) ------------------------------------------------------------------------------------------


class Manual(Withdrawable, Base):
    """A manual of operations and maintenance of a facility. Withdrawn: it is in use no more."""

    __tablename__ = "manual"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    name: Mapped[str]


class ManualVersion(Withdrawable, Base):
    """A version of a manual: what it holds, where it is, where each reaches it. Each is an update of it."""

    __tablename__ = "manual_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    manual_id: Mapped[int] = mapped_column(ForeignKey("manual.id"), index=True)
    label: Mapped[str]
    updated_on: Mapped[date]
    place: Mapped[str]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    plans: Mapped[bool]
    drawings: Mapped[bool]
    process_descriptions: Mapped[bool]
    operators_at: Mapped[str]  # where operators reach it; "" where nobody has said
    maintenance_at: Mapped[str]  # and where maintenance staff do


class ManualReview(Withdrawable, Base):
    """A review of a manual; updated: the version that stood was updated on that day too."""

    __tablename__ = "manual_review"
    id: Mapped[int] = mapped_column(primary_key=True)
    manual_id: Mapped[int] = mapped_column(ForeignKey("manual.id"), index=True)
    reviewed_on: Mapped[date]
    updated: Mapped[bool]
    reviewed_by: Mapped[str]  # whoever reviewed it, as entered


class ManualAcknowledgement(Entered, Base):
    """That an employee has read a version: said by the person's own account, or, where read_on names the day, as
    whoever records for the owner was told."""

    __tablename__ = "manual_acknowledgement"
    version_id: Mapped[int] = mapped_column(ForeignKey("manual_version.id"), primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True, index=True)
    read_on: Mapped[date | None]


class AcknowledgementTakenBack(Withdrawable, Base):
    """An acknowledgement that was recorded by mistake, as it was: it stands no more, and the person may say so
    again."""

    __tablename__ = "acknowledgement_taken_back"
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("manual_version.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    read_on: Mapped[date | None]


class ManualStatement(Entered, Base):
    """What no list of manuals proves, as the owner says it; None where nobody has said.

    all_listed: every manual of the facility is on record.
    """

    __tablename__ = "manual_statement"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    all_listed: Mapped[bool | None]
    sufficient: Mapped[bool | None]
    operators_reach: Mapped[bool | None]
    maintenance_reaches: Mapped[bool | None]
    superseded_at: Mapped[datetime | None]
