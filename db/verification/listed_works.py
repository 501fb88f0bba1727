"""Facilities as they are claimed, beside the lines of a list of facilities."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from core.alignment import unreadable
from core.comparison import CLAIMED, ClaimedFacility, Comparison, Outcome, compare_facility
from core.facilities import FacilityClass, FacilityType, OrganizationKind
from core.listing_rows import UnreadRows
from core.listings import ImportState, ListedFacility, ListingKind
from core.places import Point
from db import register_schema
from db.gate import Work
from db.ministry_listings.views import from_json
from db.register_schema import ListingImport

Works = register_schema.ListedFacility
COLUMNS = (
    Works.facility_number, Works.name, Works.facility_type, Works.facility_class, Works.owner, Works.municipality,
    Works.latitude, Works.longitude,
)  # fmt: skip
STANDS = (ListingImport.kind == ListingKind.FACILITIES) & (ListingImport.state == ImportState.STANDING)


@dataclass(frozen=True)
class ListedWorks:
    """The lines of a list for some numbers, and its rows that could not be read; of day None where none stands."""

    import_id: int | None
    listed_on: date | None
    rows: Mapping[str, ListedFacility]
    unread: UnreadRows

    def beside(self, claim: ClaimedFacility) -> Comparison:
        """A facility beside its line; nothing is missing where a row that may be about it could not be read."""
        if self.listed_on is None:
            return compare_facility(claim, None)
        row = self.rows.get(claim.number)
        found = compare_facility(claim, [] if row is None else [row])
        bad = self.unread.about("", claim.number) if found.outcome.not_found else None
        if bad is None:
            return found
        said = unreadable(self.listed_on, bad.reason)
        return Comparison(Outcome.NOT_COMPARABLE, (said,), unread=bad.reason)


def listed_works(work: Work, numbers: Any, which: ColumnElement[bool] = STANDS) -> ListedWorks:
    """The lines of a list for these numbers: of the one that stands, unless told; two statements."""
    found = work.session.execute(
        select(ListingImport.id, ListingImport.listed_on, ListingImport.left_out).where(which)
    ).one_or_none()
    if found is None:
        return ListedWorks(None, None, {}, UnreadRows(()))
    lines = select(*COLUMNS).where(Works.import_id == found.id, Works.facility_number.in_(numbers))
    rows = {row.facility_number: listed_facility(row) for row in work.session.execute(lines)}
    return ListedWorks(found.id, found.listed_on, rows, UnreadRows(from_json(found.left_out)))


def claimed_facility(claim: Mapping[str, Any], owner: str, kind: str, called: str = CLAIMED) -> ClaimedFacility:
    """A facility as an organization claims it. The list names owners: what an operating authority claims is not
    compared with them."""
    operates = OrganizationKind(kind) is OrganizationKind.OPERATING_AUTHORITY
    return ClaimedFacility(
        claim["ministry_number"],
        claim["name"],
        FacilityType(claim["facility_type"]),
        FacilityClass(claim["facility_class"]),
        None if operates else owner,
        called,
    )


def listed_facility(row: Any) -> ListedFacility:
    """A kept line of a list of facilities."""
    return ListedFacility(
        row.facility_number,
        row.name,
        FacilityType(row.facility_type),
        FacilityClass(row.facility_class) if row.facility_class else None,
        row.owner,
        row.municipality,
        None if row.latitude is None else Point(row.latitude, row.longitude),
    )
