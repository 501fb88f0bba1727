"""The tables of a facility's people: who is employed, absent, designated, in charge, and what follows from it.

The same Base as db.schema. An employee is somebody as the organization knows them, with an account or without;
whose licences count is told by the person, once the Operator ID is confirmed.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.schema import Base, Fact, Versioned, index_of_known


class Employee(Versioned, Base):
    """Somebody who works for an organization, by the name that it entered."""

    __tablename__ = "employee"
    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    claimed_operator_id: Mapped[str] = mapped_column(default="")  # "" where none is known
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None until it is known who
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))  # the invitation
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    __table_args__ = (index_of_known("person_id"), index_of_known("membership_id"))

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class EmployeeChange(Base):
    """Something was changed of an employee: the name and the Operator ID as they were before, by whom, when, why.

    kind: corrected (by the employer), confirmed or taken_back (by the office, of the Operator ID).
    """

    __tablename__ = "employee_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    kind: Mapped[str]
    given_name: Mapped[str]
    family_name: Mapped[str]
    claimed_operator_id: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    __table_args__ = (CheckConstraint("kind in ('corrected', 'confirmed', 'taken_back')", "kind"),)


class Employment(Fact, Base):
    """A spell of employment at a facility: position, as what (core.employment.Capacity), full or part time."""

    __tablename__ = "employment"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    position: Mapped[str]
    capacity: Mapped[str]
    full_time: Mapped[bool]
    starts_anew: Mapped[bool] = mapped_column(default=False)  # as an officer noted
    note: Mapped[str] = mapped_column(Text, default="")  # the officer's
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("employment.id"))


class Absence(Fact, Base):
    """A span in which somebody is absent or unable to act; away False: is present, as the owner says."""

    __tablename__ = "absence"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    away: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("absence.id"))


class Designation(Fact, Base):
    """Somebody designated at a facility. Role: overall (responsible operator), in_charge.

    basis: core.designations.Basis. by_owner: the owner designated, and not a person whom it authorized.
    """

    __tablename__ = "designation"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    role: Mapped[str]
    basis: Mapped[str]
    by_owner: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("designation.id"))
    __table_args__ = (
        CheckConstraint("role in ('overall', 'in_charge')", "role"),
        CheckConstraint("basis in ('licence', 'stand_in', 'engineer', 'strike', 'emergency')", "basis"),
    )


class HoursInCharge(Fact, Base):
    """How long somebody worked in charge on a day (valid_from; valid_until is the next)."""

    __tablename__ = "hours_in_charge"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    minutes: Mapped[int]
    in_training: Mapped[bool]  # worked as an operator-in-training
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("hours_in_charge.id"))


class FunctionsInCharge(Fact, Base):
    """What somebody does at a facility where whoever has a function is in charge (O. Reg. 435/93, s. 1)."""

    __tablename__ = "functions_in_charge"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    runs_facility: Mapped[bool]
    sets_parameters: Mapped[bool]
    directs_operators: Mapped[bool]
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("functions_in_charge.id"))


class LicenceDisplay(Fact, Base):
    """Where a copy of an employed operator's licence is displayed, from a day on; number: of which licence, ""
    where nobody has said."""

    __tablename__ = "licence_display"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    place: Mapped[str]
    number: Mapped[str] = mapped_column(default="", server_default="")
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("licence_display.id"))


class DirectorNotice(Base):
    """A notice to the Director of days of standing in: as it was drafted, and when it was sent."""

    __tablename__ = "director_notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    reached_on: Mapped[date]  # the day on which the days were reached
    sent_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    superseded_at: Mapped[datetime | None]  # taken back: it was recorded by mistake


class LicenceIssue(Fact, Base):
    """One issue of a licence by the Ministry's own records, from its day (valid_from): what listings do not show.

    clear: those records show neither a suspension nor a cancellation of it, nor any extension but the one here.
    extended_to: the last day by the Director's extension; None where none is recorded.
    """

    __tablename__ = "licence_issue"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[str]
    licence_type: Mapped[str]
    licence_class: Mapped[str | None]
    expiry: Mapped[date]
    valid_for: Mapped[str] = mapped_column(default="")
    clear: Mapped[bool]
    extended_to: Mapped[date | None]
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("licence_issue.id"))


class LicencesComplete(Fact, Base):
    """That from a day on every licence of a person is on record, as an officer found."""

    __tablename__ = "licences_complete"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("licences_complete.id"))


class WithdrawnEntry(Base):
    """That an entry was made by mistake: by whom and when it was taken back, and why.

    entry: the table of the entry. former_id: the row whose place it took; restored_id: that one, standing again.
    """

    __tablename__ = "withdrawn_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facility.id"), index=True)  # None: of a person
    entry: Mapped[str]
    entry_id: Mapped[int]
    former_id: Mapped[int | None]
    restored_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    __table_args__ = (Index("uq_withdrawn_entry", "entry", "entry_id", unique=True),)
