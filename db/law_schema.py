"""The tables of what the law asks of facilities: calculations, applications, displays of certificates.

The same Base as db.schema, where the Director's decisions stand beside the classes that they give.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.schema import Account, Base, Facility, Fact, Organization, Taken, Versioned

_WAITS = "state in ('open', 'passed_on')"


class Calculation(Base):
    """A calculation of points that an organization keeps for a facility, as it was made. Never changed."""

    __tablename__ = "calculation"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    facility_type: Mapped[str]
    regulation: Mapped[str]  # such as 129/04
    on: Mapped[date]
    law_version: Mapped[str]  # core.legislation.Version.name
    answers: Mapped[dict[str, Any]]
    lowest: Mapped[int]
    highest: Mapped[int]
    facility_class: Mapped[str | None]  # None while the points span two classes
    note: Mapped[str]
    saved_at: Mapped[datetime]
    saved_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    facility: Mapped[Facility] = relationship(lazy="joined")
    by: Mapped[Account] = relationship(lazy="joined")
    __table_args__ = (Index(None, "facility_id", "organization_id", "id"),)


class ClassificationApplication(Versioned, Taken, Base):
    """An owner's application for classification. State: core.certificate_applications."""

    __tablename__ = "classification_application"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    calculation_id: Mapped[int] = mapped_column(ForeignKey("calculation.id"), index=True)
    reason: Mapped[str]
    filed_on: Mapped[date]  # in the facility's time zone
    fee_paid_on: Mapped[date | None]  # as the owner says
    approval_applied_on: Mapped[date | None]  # None: approval of the alteration is not applied for yet
    package: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # core.package_plants.PackagePlant
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    state: Mapped[str]
    fee_received_on: Mapped[date | None]  # as the office confirms
    class_reduced: Mapped[bool | None]  # the class on record rests on a reduction; None: not known
    class_listed: Mapped[bool | None]  # the class on record is that of the publication of 1993; None: not known
    passed_on_at: Mapped[datetime | None]
    returned_because: Mapped[str] = mapped_column(Text, default="")  # "" unless returned
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("director_decision.id"), index=True)
    facility: Mapped[Facility] = relationship(lazy="joined")
    organization: Mapped[Organization] = relationship(lazy="joined")
    calculation: Mapped[Calculation] = relationship(lazy="joined")
    __table_args__ = (
        CheckConstraint("state in ('open', 'passed_on', 'returned', 'decided', 'withdrawn')", "state"),
        Index(None, "state", "submitted_at", "id"),
        # One that waits a facility: a double click or a second member cannot apply twice.
        Index(
            "uq_classification_application_waiting",
            "facility_id",
            unique=True,
            sqlite_where=text(_WAITS),
            postgresql_where=text(_WAITS),
        ),
    )


class CertificateDisplay(Fact, Base):
    """Where a certificate of classification is displayed, from a day on.

    `decision_id` tells which certificate; None for one from before the portal.
    """

    __tablename__ = "certificate_display"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("director_decision.id"))
    place: Mapped[str]
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("certificate_display.id"))
