"""Listings for tests of what rests on them, put straight into the database as an import leaves them."""

from datetime import date
from typing import Any

from sqlalchemy import select, update

from core.licences import LicenceType
from db.alignment.passes import align
from db.gate import Portal, Work, unattended
from db.register_schema import Discrepancy, ListedFacility, ListedLicence, ListingImport
from db.schema import Account
from db.verification import borne_out
from db.verification.profile_views import MyProfile
from tests.db.people import NOON, make_account
from tests.remembered import remembered

LISTED_ON = date(2026, 11, 1)
ROW = {
    "operator_id": "90012345",
    "last_name": "Fairwater",
    "first_name": "Robin",
    "number": "12345",
    "licence_type": LicenceType.WASTEWATER_TREATMENT.value,
    "licence_class": "II",
    "expiry": date(2028, 3, 12),
    "status": "in force",
    "municipality": "Timmins",
}
WORKS = {
    "facility_number": "2200A",
    "name": "North Bay WPCP",
    "facility_type": "wastewater_treatment",
    "facility_class": "III",
    "owner": "City of North Bay",
    "municipality": "North Bay",
    "latitude": None,
    "longitude": None,
}


@remembered
def stand(portal: Portal, *rows: dict[str, Any], kind: str = "operators", listed_on: date = LISTED_ON) -> int:
    """A listing with these rows stands from now on, and what waits is compared with it. The import's id."""
    none_stands(portal, kind)
    importer = make_account(portal)
    with portal.database.transaction(writes=True) as session:
        made = ListingImport(
            kind=kind, listed_on=listed_on, file_name="listing.csv", file_sha256="", rows=len(rows), new=len(rows),
            changed=0, gone=0, left_out=[], state="standing", imported_at=NOON, imported_by=importer,
            changed_at=NOON,
        )  # fmt: skip
        session.add(made)
        session.flush()
        table = ListedLicence if kind == "operators" else ListedFacility
        session.add_all(table(import_id=made.id, line=line, **row) for line, row in enumerate(rows, 2))
        session.flush()
        borne_out.recompare(Work(portal, session, NOON, session.get(Account, importer), None))
        return made.id


@remembered
def none_stands(portal: Portal, kind: str = "operators") -> None:
    """What stood is a former one."""
    with portal.database.transaction(writes=True) as session:
        stood = update(ListingImport).where(ListingImport.kind == kind, ListingImport.state == "standing")
        session.execute(stood.values(state="former"))


def row_of(mine: MyProfile, **changes: Any) -> dict[str, Any]:
    """The row that bears out the first certificate of a profile, of somebody of the tests' usual name."""
    licence = mine.certificates[0].licence
    return ROW | {
        "operator_id": mine.claimed_operator_id,
        "number": licence.number,
        "licence_type": licence.licence_type.value,
        "licence_class": licence.licence_class.value if licence.licence_class else None,
        "expiry": licence.expiry,
    } | changes  # fmt: skip


@remembered
def differ(portal: Portal, mine: MyProfile, **changes: Any) -> int:
    """A listing of the day of the decision stands and says otherwise of a confirmed certificate, which alignment
    finds. The id of the discrepancy."""
    stand(portal, row_of(mine, **(changes or {"expiry": date(2027, 3, 12)})), listed_on=NOON.date())
    with unattended(portal, NOON) as work:
        align(work, "night")
        claim_id = mine.certificates[0].claim_id
        return work.session.scalars(select(Discrepancy.id).where(Discrepancy.claim_id == claim_id)).one()
