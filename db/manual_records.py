"""What is recorded of facilities' manuals, as the rules ask for it (core.manuals), in a few statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from core.manuals import Contents
from core.records import Manual as AsRuled
from db.gate import Work
from db.schema_training import Manual, ManualReview, ManualStatement, ManualVersion


@dataclass(frozen=True)
class OneManual:
    """A manual in use, with its versions and reviews that stand, in order of their days."""

    row: Manual
    versions: tuple[ManualVersion, ...]
    reviews: tuple[ManualReview, ...]

    @property
    def current(self) -> ManualVersion:
        """The version that stands: the one updated last."""
        return self.versions[-1]

    @property
    def as_ruled(self) -> AsRuled:
        """The days on which it was reviewed, and updated."""
        updates = {
            *(one.updated_on for one in self.versions),
            *(one.reviewed_on for one in self.reviews if one.updated),
        }
        return AsRuled(self.row.id, tuple(one.reviewed_on for one in self.reviews), tuple(sorted(updates)))


@dataclass(frozen=True)
class FacilityManuals:
    """A facility's manuals in use, and what its owner says of them."""

    of_facility: tuple[OneManual, ...]
    statement: ManualStatement | None

    @property
    def manuals(self) -> tuple[AsRuled, ...]:
        return tuple(one.as_ruled for one in self.of_facility)

    @property
    def contents(self) -> Contents:
        """What they hold, taken together: what none of those on record holds may be in another one, unless the
        owner says that all are on record."""
        said = self.statement
        current = [one.current for one in self.of_facility]
        absent = False if said is not None and said.all_listed else None

        def held(by: Iterable[bool]) -> bool | None:
            return True if any(by) else absent

        return Contents(
            plans=held(one.plans for one in current),
            drawings=held(one.drawings for one in current),
            process_descriptions=held(one.process_descriptions for one in current),
            sufficient=said.sufficient if said else None,
            operators_reach_them=said.operators_reach if said else None,
            maintenance_reaches_them=said.maintenance_reaches if said else None,
        )


def of_facilities(work: Work, ids: Collection[int]) -> dict[int, FacilityManuals]:
    """The manuals of facilities, by facility."""
    session = work.session
    in_use = Manual.facility_id.in_(ids) & Manual.withdrawn_at.is_(None)
    manuals: dict[int, list[Manual]] = defaultdict(list)
    for row in session.scalars(select(Manual).where(in_use).order_by(Manual.name, Manual.id)):
        manuals[row.facility_id].append(row)
    of_them = select(Manual.id).where(in_use)
    versions: dict[int, list[ManualVersion]] = defaultdict(list)
    for version in session.scalars(
        select(ManualVersion)
        .where(ManualVersion.manual_id.in_(of_them), ManualVersion.withdrawn_at.is_(None))
        .order_by(ManualVersion.updated_on, ManualVersion.id)
    ):
        versions[version.manual_id].append(version)
    reviews: dict[int, list[ManualReview]] = defaultdict(list)
    for review in session.scalars(
        select(ManualReview)
        .where(ManualReview.manual_id.in_(of_them), ManualReview.withdrawn_at.is_(None))
        .order_by(ManualReview.reviewed_on, ManualReview.id)
    ):
        reviews[review.manual_id].append(review)
    said = {
        one.facility_id: one
        for one in session.scalars(
            select(ManualStatement)
            .where(ManualStatement.facility_id.in_(ids), ManualStatement.superseded_at.is_(None))
            .order_by(ManualStatement.id)
        )
    }
    return {
        id: FacilityManuals(
            tuple(OneManual(row, tuple(versions[row.id]), tuple(reviews[row.id])) for row in manuals[id]),
            said.get(id),
        )
        for id in ids
    }
