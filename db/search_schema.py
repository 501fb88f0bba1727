"""The tables that the search reads: one line for each licence by which somebody can be found, made from the
tables of profiles, licences and accounts (db.search_entries), and whose lines are to be made anew.

The same Base as db.schema. Nothing refers to these rows and no backup holds them: they can be made again.
"""

from datetime import date

from sqlalchemy import BigInteger, Column, Index, Integer, Table
from sqlalchemy.orm import Mapped, mapped_column

from db.schema import Base


class SearchEntry(Base):
    """A licence of somebody who can be found, held or deemed to be held, with all that a search asks about.

    Kept in the order in which it is searched: by type, class and place.
    """

    __tablename__ = "search_entry"
    licence_type: Mapped[str] = mapped_column(primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # LicenceClass.rank; -1 without class
    band: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # of latitude: db.search_entries
    longitude: Mapped[float] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    credential_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    x: Mapped[float]  # core.places.unit_vector of the base
    y: Mapped[float]
    z: Mapped[float]
    travel_closeness: Mapped[float]
    slots: Mapped[int]
    earliest_start: Mapped[date | None]
    expiry: Mapped[date]
    valid_for_key: Mapped[str]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    chosen_regions: Mapped[int] = mapped_column(BigInteger)  # a bit for each census division
    base_region: Mapped[str]
    base_place: Mapped[str]
    deemed: Mapped[bool]  # by the credential, which is of another type
    person_id: Mapped[int]
    __table_args__ = (
        Index(None, "person_id"),
        Index(None, "base_region", "licence_type"),
        {"sqlite_with_rowid": False},
    )


# Triggers of the database write here whoever's profile, licences or account changed, by whatever way.
search_stale = Table("search_stale", Base.metadata, Column("person_id", Integer, nullable=False))
