"""How facilities stand: every finding as it is kept, each facility in a short row for the managers' page, how many
stood from month to month, and who asked for the monthly summary.

The same Base as db.schema.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.schema import Base


class KeptFinding(Base):
    """A finding about a facility as it was last tested (db.kept_findings). It is tested again from `until` on, or
    once the rules have changed.

    place: what tells it from the facility's others. about: what it is about (core.responsibility.About,
    core.records.About, core.compliance.CLASSIFIED). of_id: the employee, the manual or the request; None: the
    facility. year: of training. name: of a shift.
    since: the day on which this verdict was first found; of what no longer holds, the first day of that.
    told_on: when it was told by mail that it no longer holds; None: it was not.
    """

    __tablename__ = "facility_finding"
    id: Mapped[int] = mapped_column(primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"))
    place: Mapped[str]
    about: Mapped[str]
    of_id: Mapped[int | None]
    year: Mapped[int | None]
    name: Mapped[str] = mapped_column(server_default="")
    regulation: Mapped[str]
    provision: Mapped[str]
    verdict: Mapped[str]
    because: Mapped[str] = mapped_column(Text)
    whole: Mapped[dict[str, Any]] = mapped_column(server_default="{}")  # db.kept_whole
    rests_on: Mapped[list[Any]]  # the ids of its facts: table and id
    since: Mapped[date]
    until: Mapped[date | None]
    due: Mapped[date | None]
    told_on: Mapped[date | None]
    tested_on: Mapped[date]
    tested_at: Mapped[datetime]
    fingerprint: Mapped[str]
    __table_args__ = (Index("uq_facility_finding", "facility_id", "place", unique=True),)


class FacilityStanding(Base):
    """Where a facility lies, and how it stands by all that is kept of it (core.standings) as of its last test.

    Every facility has its row, made with it and written anew in the transaction of each test, so that the page
    counts short rows, and neither facilities nor findings.
    """

    __tablename__ = "facility_standing"
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), primary_key=True)
    region: Mapped[str]  # the census division in which it lies: its code in db.places.regions
    standing: Mapped[str]  # core.standings.Standing
    changes_on: Mapped[date | None]  # the first day on which one of its findings may be another
    not_met: Mapped[int]  # how many of its findings do not stand
    # core.standings.Qualified; None: not counted yet, or not assessed
    qualified: Mapped[int | None]
    lapses_on: Mapped[date | None]
    # when and by which rules all of it was last tested, None: never; the first day on which it is tested again
    tested_at: Mapped[datetime | None] = mapped_column(index=True)
    fingerprint: Mapped[str | None] = mapped_column(index=True)
    test_on: Mapped[date | None] = mapped_column(index=True)
    # of how many operators the training of a year does not stand; is short still, by which day; is not known
    training_behind: Mapped[int]
    training_short: Mapped[int]
    training_due: Mapped[date | None]
    training_not_known: Mapped[int]
    __table_args__ = (Index(None, "standing"), Index(None, "region", "standing"))


class StandingCount(Base):
    """How many facilities of a region stood so in a month, as last counted in it: one count a month is kept."""

    __tablename__ = "standing_count"
    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    region: Mapped[str] = mapped_column(primary_key=True)  # its code in db.places.regions
    standing: Mapped[str] = mapped_column(primary_key=True)
    counted_on: Mapped[date]
    facilities: Mapped[int]


class SummarySubscriber(Base):
    """An account that gets the monthly summary by mail. sent_for: the month of the last one, or in which it was
    asked for: the next month's is the first."""

    __tablename__ = "summary_subscriber"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    since: Mapped[datetime]
    sent_for: Mapped[date]  # its first day
