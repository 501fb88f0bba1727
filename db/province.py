"""All facilities of the province as the managers' page reads them: narrowed, counted, the worst first.

What is asked is one short row a facility (db.standings), its class and its owner of the day. Nothing here reads a
person's name; licences that expire are counted, and lead to the facilities where their holders are employed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true, union
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import CompoundSelect

from core.calendar import add_months
from core.entries import clean
from core.listings import ImportState, ListedStatus, ListingKind
from core.standings import SOON_DAYS, Standing
from db import renewals
from db.names import holds, numbered
from db.own_facilities import class_stands, relation_stands
from db.province_schema import FacilityStanding
from db.register_schema import ListedLicence, ListingImport
from db.schema import Credential, Facility, FacilityClassification, FacilityRelation, Organization

NONE = "none"  # of a class or an owner: none is on record
_RANK = case({one.value: rank for rank, one in enumerate(Standing)}, value=FacilityStanding.standing)


class By(StrEnum):
    """What facilities are counted by."""

    REGION = "region"
    TYPE = "type"
    CLASS = "class"
    OWNER = "owner"


class Near(StrEnum):
    """How near a facility is to having nobody who may be its overall responsible operator."""

    ONE = "one"  # one employee has the licence: one departure is enough
    SOON = "soon"  # and that one's licence, or employment, ends within SOON_DAYS


class Behind(StrEnum):
    """What is amiss with the training of operators (O. Reg. 129/04, s. 21 (1)) of whom a facility has some."""

    BEHIND = "behind"  # hours of a year are missing that can be made up no more
    SHORT = "short"  # hours are missing that are due within SOON_DAYS
    NOT_KNOWN = "not_known"  # nobody has said that the records are complete


@dataclass(frozen=True)
class Wanted:
    """Which facilities are asked about; what is "" or None narrows nothing.

    region: a code of db.places.regions. facility_class, owner: NONE for those of which none is on record; an owner
    is named by the number of its organization. words: of the facility's name or number, or the owner's name.
    month: the first day of one in which a licence of somebody who is employed there expires. training: how that of
    one of its operators is.
    """

    standing: str = ""
    region: str = ""
    facility_type: str = ""
    facility_class: str = ""
    owner: str = ""
    words: str = ""
    near: str = ""
    month: date | None = None
    training: str = ""


@dataclass(frozen=True)
class Trained:
    """How many facilities have operators whose training is so, and how many such operators they have."""

    facilities: int
    operators: int


@dataclass(frozen=True)
class Counts:
    """Facilities by standing; every standing is there."""

    by_standing: Mapping[Standing, int]

    @property
    def total(self) -> int:
        return sum(self.by_standing.values())


def counts_of(numbers: Mapping[str, Any]) -> Counts:
    """The counts that rows of the database hold, by the standings' values."""
    return Counts({one: int(numbers.get(one.value) or 0) for one in Standing})


class Query:
    """What is asked of the facilities on a day."""

    def __init__(self, today: date) -> None:
        self.today = today
        classes, relations = FacilityClassification, FacilityRelation
        self.facility_class = (
            select(classes.facility_class)
            .where(classes.facility_id == FacilityStanding.facility_id, class_stands(today))
            .order_by(classes.id.desc())
            .limit(1)
            .correlate(FacilityStanding)
            .scalar_subquery()
        )
        self.owner_id = (
            select(relations.organization_id)
            .where(
                relations.facility_id == FacilityStanding.facility_id,
                relations.role == "owner",
                relation_stands(today),
            )
            .order_by(relations.id)
            .limit(1)
            .correlate(FacilityStanding)
            .scalar_subquery()
        )
        its_type = select(Facility.facility_type).where(Facility.id == FacilityStanding.facility_id)
        self.facility_type = its_type.correlate(FacilityStanding).scalar_subquery()

    def of(self, what: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
        """Columns of the standings of the facilities that are wanted: no others are read to count them."""
        return what.select_from(FacilityStanding).where(*self._conditions(wanted))

    def by(self, what: By) -> ColumnElement[Any]:
        """The column by which facilities are counted."""
        if what is By.REGION:
            return FacilityStanding.region.expression
        if what is By.TYPE:
            return self.facility_type
        return self.facility_class if what is By.CLASS else self.owner_id

    def counted(self, session: Session, wanted: Wanted) -> Counts:
        """The facilities wanted, by standing."""
        standing = FacilityStanding.standing
        found = self.of(select(standing, func.count()), wanted).group_by(standing)
        return counts_of(dict(iter(session.execute(found))))

    def counted_by(self, what: By, wanted: Wanted) -> Select[*tuple[Any, ...]]:
        """The same by `what`: a row a group with its key and a column a standing, the worst first."""
        each = self.of(select(self.by(what).label("key"), FacilityStanding.standing), wanted).subquery()
        numbers = [func.sum(case((each.c.standing == one.value, 1), else_=0)).label(one.value) for one in Standing]
        grouped = select(each.c.key, *numbers).group_by(each.c.key)
        return grouped.order_by(*(one.desc() for one in numbers), each.c.key)

    def near(self, session: Session, wanted: Wanted) -> Mapping[Near, int]:
        """How many are one departure, or one expiry soon, from having nobody qualified."""
        numbers = [self.of(select(func.count()), replace(wanted, near=one)).scalar_subquery() for one in Near]
        return dict(zip(Near, session.execute(select(*numbers)).one(), strict=True))

    def training(self, session: Session, wanted: Wanted) -> Mapping[Behind, Trained]:
        """At how many facilities, and of how many operators, training is behind, soon due, or not known."""
        pairs = [(self._behind(one), _OPERATORS[one]) for one in Behind]
        numbers = [
            number
            for where, many in pairs
            for number in (func.count(case((where, 1))), func.coalesce(func.sum(case((where, many))), 0))
        ]
        found = session.execute(self.of(select(*numbers), replace(wanted, training=""))).one()
        return {one: Trained(*found[2 * n : 2 * n + 2]) for n, one in enumerate(Behind)}

    def expiring(self, session: Session, wanted: Wanted, months: int) -> Mapping[date, int]:
        """How many licences expire in each of the next months, this one from today on, by its first day."""
        first = self.today.replace(day=1)
        found: Counter[date] = Counter()
        for expiry, many in session.execute(self._expiries(wanted, self.today, add_months(first, months))):
            found[expiry.replace(day=1)] += many
        return {month: found[month] for month in (add_months(first, n) for n in range(months))}

    def worst_first(self) -> tuple[ColumnElement[Any], ...]:
        """The order of a list: by standing, then by the day on which that may be another."""
        changes_on = FacilityStanding.changes_on.expression
        return _RANK, changes_on.is_(None), changes_on, FacilityStanding.facility_id.expression

    def owners(self) -> Select[int, str]:
        """Whoever owns a facility, by name."""
        relations = FacilityRelation
        owns = exists().where(
            relations.organization_id == Organization.id, relations.role == "owner", relation_stands(self.today)
        )
        return (
            select(Organization.id, Organization.name)
            .where(owns)
            .order_by(Organization.plain_name, Organization.id)
        )

    def _expiries(self, wanted: Wanted, first: date, end: date) -> Select[date, int]:
        """How many licences of people who are employed at the facilities wanted expire on each day: each once."""
        licences = self.licences(first, end).subquery()
        there = self.of(select(FacilityStanding.facility_id), replace(wanted, month=None))
        own = licences.c
        each = select(own.expiry, own.person_id, own.number, own.licence_type).where(own.facility_id.in_(there))
        once = each.distinct().subquery()
        return select(once.c.expiry, func.count()).group_by(once.c.expiry)

    def licences(self, first: date, end: date) -> CompoundSelect[Any]:
        """The licences that expire from `first` up to `end`, of whoever is employed where today: what the office
        holds true, and what the standing listing shows besides."""
        employed = renewals.employed_on(self.today)
        here = (employed.c.facility_id, employed.c.person_id)
        held, listed, listing = Credential, ListedLicence, ListingImport
        confirmed = (
            select(*here, held.number, held.licence_type, held.expiry)
            .join(held, held.person_id == employed.c.person_id)
            .where(renewals.standing(self.today), held.expiry >= first, held.expiry < end)
        )
        is_on_file = exists().where(
            held.person_id == employed.c.person_id,
            held.number == listed.number,
            held.licence_type == listed.licence_type,
            renewals.on_file(self.today),
        )
        besides = (
            select(*here, listed.number, listed.licence_type, listed.expiry)
            .join(listed, listed.operator_id == employed.c.operator_id)
            .join(listing, listing.id == listed.import_id)
            .where(
                listing.kind == ListingKind.OPERATORS,
                listing.state == ImportState.STANDING,
                listed.status == ListedStatus.IN_FORCE,
                listed.expiry >= first,
                listed.expiry < end,
                ~is_on_file,
            )
        )
        return union(confirmed, besides)

    def _conditions(self, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
        if wanted.standing:
            yield FacilityStanding.standing == wanted.standing
        if wanted.region:
            yield FacilityStanding.region == wanted.region
        if wanted.facility_type:
            yield self.facility_type == wanted.facility_type
        if wanted.facility_class:
            yield _is(self.facility_class, wanted.facility_class, wanted.facility_class)
        if wanted.owner:
            yield _is(self.owner_id, wanted.owner, number(wanted.owner))
        if clean(wanted.words):
            yield self._named(wanted.words)
        if wanted.near:
            yield self._near(wanted.near)
        if wanted.month:
            expiring = self.licences(max(wanted.month, self.today), add_months(wanted.month, 1)).subquery()
            yield FacilityStanding.facility_id.in_(select(expiring.c.facility_id))
        if wanted.training:
            yield self._behind(Behind(wanted.training))

    def _named(self, words: str) -> ColumnElement[bool]:
        owned = exists().where(
            FacilityRelation.facility_id == Facility.id,
            FacilityRelation.organization_id == Organization.id,
            FacilityRelation.role == "owner",
            relation_stands(self.today),
            holds(Organization.plain_name, words),
        )
        named = or_(holds(Facility.plain_name, words), numbered(Facility.ministry_number, words), owned)
        return FacilityStanding.facility_id.in_(select(Facility.id).where(named))

    def _near(self, near: str) -> ColumnElement[bool]:
        soon = FacilityStanding.lapses_on <= self.today + timedelta(days=SOON_DAYS)
        return and_(FacilityStanding.qualified == 1, soon if near == Near.SOON else true())

    def _behind(self, one: Behind) -> ColumnElement[bool]:
        some: ColumnElement[bool] = _OPERATORS[one] > 0
        soon = FacilityStanding.training_due <= self.today + timedelta(days=SOON_DAYS)
        return and_(some, soon) if one is Behind.SHORT else some


_OPERATORS: Mapping[Behind, ColumnElement[int]] = {
    Behind.BEHIND: FacilityStanding.training_behind.expression,
    Behind.SHORT: FacilityStanding.training_short.expression,
    Behind.NOT_KNOWN: FacilityStanding.training_not_known.expression,
}


def _is(column: ColumnElement[Any], wanted: str, value: str | int) -> ColumnElement[bool]:
    same: ColumnElement[bool] = column == value
    return column.is_(None) if wanted == NONE else same


def number(text: str) -> int:
    """The id that somebody's address names; 0, which nothing has, for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
