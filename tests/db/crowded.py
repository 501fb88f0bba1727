"""A portal in which many wait: profiles and a listing made straight in the database, as no test types them."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Insert, insert

from core.profiles import ClaimState, State, SubmissionState
from db.gate import Portal
from db.register_schema import ListedLicence, ListingImport
from db.schema import CertificateClaim, OperatorProfile, Person, Submission
from tests.db.people import NOON, make_account

EXPIRY = date(2028, 3, 12)
_TOWNS = ((46.31, -79.46), (48.48, -81.33), (43.65, -79.38), (42.98, -81.23), (49.77, -94.49))


def crowd(portal: Portal, waiting: int, listed: int = 0) -> None:
    """`waiting` operators in an empty database, each with one certificate; the ids of profile, claim and
    submission are 1 and following. Of five, the listing (`listed` rows) has the first two exactly, the third with
    another expiry, the fourth without the number; the fifth it does not know."""
    officer = make_account(portal)
    add(portal, 1, waiting)
    if not listed:
        return
    with portal.database.transaction(writes=True) as session:
        import_id = session.scalar(_listing(officer, listed))
        rows = [_row(number, import_id) for number in range(1, listed + 1) if number % 5 != 0]
        session.execute(insert(ListedLicence), rows)


def add(portal: Portal, first: int, count: int) -> None:
    """`count` more who wait, their numbers from `first`; account 1 has handed all of them in."""
    numbers = range(first, first + count)
    with portal.database.transaction(writes=True) as session:
        session.execute(insert(Person), [_person(number) for number in numbers])
        session.execute(insert(OperatorProfile), [_profile(number) for number in numbers])
        session.execute(insert(CertificateClaim), [_claim(number) for number in numbers])
        session.execute(insert(Submission), [_submission(number, 1) for number in numbers])


def _listing(officer: int, rows: int) -> Insert:
    return insert(ListingImport).returning(ListingImport.id).values(
        kind="operators", listed_on=date(2026, 11, 1), file_name="listing.csv", file_sha256="", rows=rows,
        new=rows, changed=0, gone=0, left_out=[], state="standing", imported_at=NOON, imported_by=officer,
        version=1, changed_at=NOON,
    )  # fmt: skip


def _person(number: int) -> dict[str, Any]:
    return {"id": _person_id(number), "given_name": "Copy", "family_name": str(number), "created_at": NOON}


def _profile(number: int) -> dict[str, Any]:
    latitude, longitude = _TOWNS[number % len(_TOWNS)]
    return {
        "id": number, "person_id": _person_id(number), "state": State.PENDING,
        "claimed_operator_id": _operator_id(number), "agreed_version": "x", "available": False, "slots": 0,
        "base_place": "", "base_latitude": latitude, "base_longitude": longitude, "travel_km": 0,
        "travel_closeness": 1.0, "notes": "", "suspended_because": "", "suspended_by_alignment": False,
        "version": 1, "changed_at": NOON,
    }  # fmt: skip


def _claim(number: int) -> dict[str, Any]:
    return {
        "id": number, "profile_id": number, "number": f"T{number:06}", "licence_type": "wastewater_treatment",
        "licence_class": "II", "expiry": EXPIRY, "valid_for": "", "state": ClaimState.WAITING,
        "refused_because": "", "entered_at": NOON - timedelta(days=400), "basis": "",
    }  # fmt: skip


def _submission(number: int, account_id: int) -> dict[str, Any]:
    claim = _claim(number)
    handed_in = {
        "id": number, "number": claim["number"], "licence_type": claim["licence_type"], "licence_class": "II",
        "expiry": EXPIRY.isoformat(), "valid_for": "", "state": "waiting", "replaces_id": None,
    }  # fmt: skip
    claimed = {
        "name": f"Copy {number}", "operator_id": _operator_id(number), "whole": True, "claims": [handed_in],
    }  # fmt: skip
    return {
        "id": number, "operator_profile_id": number, "submitted_by": account_id, "claimed": claimed,
        "submitted_at": NOON - timedelta(minutes=20_000 - number), "state": SubmissionState.OPEN, "reasons": "",
        "borne_out": "", "region": "", "version": 1, "changed_at": NOON,
    }  # fmt: skip


def _row(number: int, import_id: int | None) -> dict[str, Any]:
    return {
        "import_id": import_id, "line": number + 1, "operator_id": _operator_id(number), "last_name": str(number),
        "first_name": "Copy", "number": f"T{number:06}" if number % 5 != 4 else f"X{number:06}",
        "licence_type": "wastewater_treatment", "licence_class": "II",
        "expiry": EXPIRY if number % 5 != 3 else EXPIRY - timedelta(days=365), "status": "in force",
        "municipality": "Timmins",
    }  # fmt: skip


def _person_id(number: int) -> int:
    """Below zero, where the database gives no ids: they meet nobody's who is made later."""
    return -number


def _operator_id(number: int) -> str:
    return f"900{number:05}"
