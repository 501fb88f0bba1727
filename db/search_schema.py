"""The tables that the search reads: one line for each licence by which somebody can be found, made from the
tables of profiles, licences and accounts (db.search_entries), and whose lines are to be made anew.

The same Base as db.schema. Nothing refers to these rows and no backup holds them: they can be made again.
"""

from datetime import date

from sqlalchemy import BigInteger, Column, Index, Integer, Table
from sqlalchemy.orm import Mapped, mapped_column

from db.schema import Base


class SearchPlace(Base):
    """A place where somebody is based who holds a licence of a type and class, held or deemed: what all lines of
    theirs share. There are as many as towns for each class, however many people live in them."""

    __tablename__ = "search_place"
    id: Mapped[int] = mapped_column(primary_key=True)
    licence_type: Mapped[str]
    rank: Mapped[int]  # LicenceClass.rank; -1 without class
    latitude: Mapped[float]
    longitude: Mapped[float]
    x: Mapped[float]  # core.places.unit_vector of the point
    y: Mapped[float]
    z: Mapped[float]
    base_place: Mapped[str]
    base_region: Mapped[str]
    lines: Mapped[int]  # how many there are
    __table_args__ = (Index(None, "licence_type", "rank", "latitude", "longitude", "base_place", unique=True),)


class SearchEntry(Base):
    """A licence of somebody who can be found, held or deemed to be held, with all that a search asks about.

    Kept in the order in which it is searched: place by place, in each by profile.
    """

    __tablename__ = "search_entry"
    place_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # SearchPlace.id
    profile_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    credential_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    travel_closeness: Mapped[float]
    slots: Mapped[int]
    earliest_start: Mapped[date | None]
    expiry: Mapped[date]
    valid_for_key: Mapped[str]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    chosen_regions: Mapped[int] = mapped_column(BigInteger)  # a bit for each census division
    deemed: Mapped[bool]  # by the credential, which is of another type
    alone: Mapped[bool]  # the person's only line of its type: who is counted by it is counted once
    person_id: Mapped[int]
    __table_args__ = (Index(None, "person_id"), {"sqlite_with_rowid": False})


# Triggers of the database write here whoever's profile, licences or account changed, by whatever way.
search_stale = Table("search_stale", Base.metadata, Column("person_id", Integer, nullable=False, index=True))
