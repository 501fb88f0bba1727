"""Listings for tests, straight in the database, standing as after an import."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import update

from core.licences import Licence, LicenceClass, LicenceType
from core.listings import ListedLicence, ListedStatus
from db.alignment.passes import after_listing
from db.gate import Portal, Work, unattended
from db.register_schema import ListedLicence as Row
from db.register_schema import ListingImport
from db.schema import Account
from tests.db.profiles import EXPIRY

LICENCE = Licence("12345", LicenceType.WASTEWATER_TREATMENT, LicenceClass.II, EXPIRY)


def line(
    operator_id: str = "90012345", status: ListedStatus = ListedStatus.IN_FORCE, **changes: object
) -> ListedLicence:
    """A line of the operator listing: the licence that tests.db.profiles enters, but for `changes`."""
    licence = replace(LICENCE, **changes)  # type: ignore[arg-type]
    return ListedLicence(operator_id, "Fairwater", "Robin", licence, status, "North Bay")


def stand(work: Work, lines: Iterable[ListedLicence], listed_on: date) -> ListingImport:
    """The listing of a day stands in place of the former one; nothing is aligned yet."""
    work.session.execute(update(ListingImport).where(ListingImport.state == "standing").values(state="former"))
    rows = list(lines)
    listing = ListingImport(
        kind="operators",
        listed_on=listed_on,
        file_name="listing.csv",
        file_sha256="0" * 64,
        rows=len(rows),
        new=0,
        changed=0,
        gone=0,
        left_out=[],
        state="standing",
        imported_at=work.at,
        imported_by=work.session.query(Account.id).order_by(Account.id).limit(1).scalar(),
        changed_at=work.at,
    )
    work.session.add(listing)
    work.session.flush()
    work.session.add_all(
        Row(
            import_id=listing.id,
            line=number,
            operator_id=one.operator_id,
            last_name=one.last_name,
            first_name=one.first_name,
            number=one.licence.number,
            licence_type=one.licence.licence_type.value,
            licence_class=one.licence.licence_class.value if one.licence.licence_class else None,
            expiry=one.licence.expiry,
            status=one.status.value,
            municipality=one.municipality,
        )
        for number, one in enumerate(rows, start=2)
    )
    work.session.flush()
    return listing


def imported(portal: Portal, *lines: ListedLicence, listed_on: date, at: datetime) -> int:
    """Imports a listing and aligns with it. The import's id."""
    with unattended(portal, at) as work:
        listing = stand(work, lines, listed_on)
        after_listing(work, listing, "import")
    return listing.id


def withdrawn(portal: Portal, at: datetime) -> None:
    """Withdraws the standing listing; the newest former one stands again, where there is one."""
    with unattended(portal, at) as work:
        by_id = work.session.query(ListingImport).order_by(ListingImport.id.desc())
        standing = by_id.filter(ListingImport.state == "standing").one()
        standing.state = "withdrawn"
        work.session.flush()
        former = by_id.filter(ListingImport.state == "former").first()
        if former:
            former.state = "standing"
            work.session.flush()
        after_listing(work, standing, "withdrawal")
