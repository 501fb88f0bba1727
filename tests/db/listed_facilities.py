"""Lists of facilities for tests, one after the other as officers import and withdraw them, what comes of it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from core.listing_rows import BadRow
from core.listings import ListingKind
from core.sentences import Sentence
from db.alignment.facilities import after_list, hold_against_the_list
from db.gate import Asker, Portal, unattended
from db.ministry_listings import views
from db.register_schema import Discrepancy, ListingAnswer, ListingImport
from db.schema import (
    AuditEntry,
    DirectorDecision,
    FacilityClaim,
    FacilityClassification,
    FacilityRelation,
    Organization,
    OutgoingMail,
)
from db.services import listings as services
from tests.db import standing_listings
from tests.db.people import NOON
from tests.remembered import remembered

WORKS = standing_listings.WORKS
OF_CLASS_IV = WORKS | {"facility_class": "IV"}
OF_ANOTHER_OWNER = WORKS | {"owner": "Town of Cobalt"}
OF_ANOTHER_NAME = WORKS | {"name": "Sudbury WPCP"}
OF_ANOTHER_TYPE = WORKS | {"facility_type": "wastewater_collection"}
ANOTHER = WORKS | {"facility_number": "9999"}
BAD = BadRow(9, (Sentence("Class {text} is not known.", text="V"),), number="2200A")


@remembered
def imported(portal: Portal, *rows: dict[str, Any], bad: BadRow | None = None, at: Any = NOON) -> int:
    """A list of these rows, or one without any of ours, is imported and stands. The import's id."""
    with portal.database.transaction(writes=False) as session:
        stands = ListingImport.kind == "facilities", ListingImport.state == "standing"
        former = session.scalar(select(ListingImport.id).where(*stands))
    import_id = standing_listings.stand(portal, *(rows or (ANOTHER,)), kind="facilities")
    with unattended(portal, at) as work:
        listing = work.session.get_one(ListingImport, import_id)
        listing.imported_at = at
        listing.follows_id, listing.left_out = former, views.to_json([bad] if bad else [])
        after_list(work, listing, "import")
    return import_id


def by_night(portal: Portal, moment: datetime = NOON + timedelta(days=1)) -> None:
    with unattended(portal, moment) as work:
        hold_against_the_list(work)


def withdrawn(officer: Asker) -> None:
    """The list that stands is withdrawn by its service."""
    standing = services.stands(officer)[ListingKind.FACILITIES].standing
    assert standing
    services.withdraw(officer, standing.id, standing.version, "The wrong file.")


def rows(portal: Portal, table: type[Any]) -> list[Any]:
    with portal.database.transaction(writes=False) as session:
        return list(session.scalars(select(table).order_by(table.id)))


def differences(portal: Portal) -> list[str]:
    """The state of each, in the order of finding."""
    return [one.state for one in rows(portal, Discrepancy)]


def waits(portal: Portal) -> Discrepancy:
    """The one difference that waits."""
    (found,) = (one for one in rows(portal, Discrepancy) if one.state == "open")
    return found


def decided_by_the_director(portal: Portal) -> None:
    """The class of the first facility is one that the Director has decided."""
    with portal.database.transaction(writes=True) as session:
        decision = DirectorDecision(
            kind="classification", regulation="129/04", provision="s. 4", subject="facility", subject_id=1,
            granted=True, decided_on=NOON.date(), decided_by=1, reasons="", terms={}, recorded_at=NOON,
            recorded_by=1,
        )  # fmt: skip
        session.add(decision)
        session.flush()
        session.execute(update(FacilityClassification).values(decision_id=decision.id))


def mails(portal: Portal, *templates: str) -> list[OutgoingMail]:
    """The mails by these templates, in the order of writing."""
    return [one for one in rows(portal, OutgoingMail) if one.template in templates]


def told(portal: Portal, template: str) -> int:
    with portal.database.transaction(writes=False) as session:
        return session.scalar(select(func.count()).where(OutgoingMail.template == template)) or 0


def on_file(portal: Portal) -> list[Any]:
    """All that is held true of facilities now, whatever its rows: claims, who holds what, classes, answers."""
    claims = [(one.id, one.state, one.refused_because, one.facility_class) for one in rows(portal, FacilityClaim)]
    facts = [
        (type(one).__name__, one.facility_id, one.valid_from, one.valid_until,
         getattr(one, "role", ""), getattr(one, "facility_class", ""), one.claim_id)
        for table in (FacilityRelation, FacilityClassification)
        for one in rows(portal, table)
        if one.superseded_at is None
    ]  # fmt: skip
    answers = [(one.facility_claim_id, one.import_id, one.said) for one in rows(portal, ListingAnswer)
               if one.ended_by is None]  # fmt: skip
    return [*claims, *sorted(facts, key=str), *answers]


def everything(portal: Portal) -> list[Any]:
    """Every row that a pass may write, to see that it writes none."""
    tables = (Discrepancy, ListingAnswer, FacilityClaim, FacilityRelation, FacilityClassification, Organization,
              OutgoingMail, AuditEntry)  # fmt: skip
    with portal.database.transaction(writes=False) as session:
        return [tuple(row) for table in tables for row in session.execute(select(*table.__table__.columns))]
