"""The tables of the managers' page: how each facility stands, how many stood from month to month, and who asked
for the monthly summary.

The same Base as db.schema. None of them holds anything about a person but who asked for the mail.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.schema import Base


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
