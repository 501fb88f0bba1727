"""A province of facilities with owners, classes and people, straight in the database, as no test types them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from core.facilities import FacilityType
from db.gate import Portal, unattended
from db.kept_findings import retest
from db.people_schema import Designation, Employee, Employment, HoursInCharge, LicenceDisplay
from db.places import places, region_of
from db.province_schema import FacilityStanding
from db.register_schema import ListedLicence, ListingImport
from db.schema import Facility, FacilityClassification, FacilityRelation, Organization, Person
from db.schema_training import Manual, ManualReview, ManualStatement, ManualVersion, TrainingComplete
from tests.db import standing_listings
from tests.db.filed import TODAY
from tests.db.people import NOON, make_account

CLASSES = ("I", "II", "III", "IV")
SINCE, LAST_YEAR, LONG_AGO = date(2026, 1, 1), date(2025, 1, 1), date(2024, 1, 1)
_OF_AN_OWNER = 3
_AT_ONCE = 500
_FIRST = 100_000  # lower ids are for what the tests make besides


def fill(portal: Portal, count: int, *, tested: bool = True) -> list[int]:
    """`count` facilities, three an owner, of each type and class in turn, at places all over Ontario; each has two
    employees on the standing listing. Of eleven facilities one has no class, of seven one an employee of too low a
    class, of six one nobody designated and one whose first licence expires within weeks; of eight one has somebody
    who was given no training in 2024, and one somebody of whose training nobody knows; every third has all of its
    records. Their ids.
    """
    import_id, recorder = _listing(portal), make_account(portal)
    with portal.database.transaction(writes=True) as session:
        newest = session.scalar(select(func.max(Facility.id))) or 0
        numbers = range(max(newest, _FIRST) + 1, max(newest, _FIRST) + 1 + count)
        for table, make in _TABLES.items():
            more: dict[str, Any] = {"import_id": import_id} if table is ListedLicence else {}
            more |= {"recorded_by": recorder} if table in _RECORDED else {}
            rows = [row | more for n in numbers for row in make(n)]
            if rows:
                session.execute(insert(table), rows)
    if tested:
        have_tested(portal, list(numbers))
    return list(numbers)


def have_tested(portal: Portal, ids: list[int]) -> None:
    """Has the findings of facilities made and kept."""
    for start in range(0, len(ids), _AT_ONCE):
        with unattended(portal, NOON) as work:
            retest(work, *ids[start : start + _AT_ONCE])


def _listing(portal: Portal) -> int:
    stands = ListingImport.kind == "operators", ListingImport.state == "standing"
    with portal.database.transaction(writes=False) as session:
        standing = session.scalar(select(ListingImport.id).where(*stands))
    return standing or standing_listings.stand(portal)


def owner_of(number: int) -> int:
    """The id of a facility's owner: that of the first of its three facilities."""
    return number - (number - _FIRST - 1) % _OF_AN_OWNER


def facility_type(number: int) -> str:
    return tuple(FacilityType)[number % len(FacilityType)].value


def facility_class(number: int) -> str:
    """ "" for one facility of ten."""
    return CLASSES[number % len(CLASSES)] if number % 10 else ""


def _organization(n: int) -> Iterator[dict[str, Any]]:
    if owner_of(n) == n:
        row = {"id": n, "name": f"Town {n}", "kind": "municipality", "state": "active"}
        yield row | {"version": 1, "changed_at": NOON}


def _facility(n: int) -> Iterator[dict[str, Any]]:
    place = places()[n * 37 % len(places())]
    yield {
        "id": n, "ministry_number": f"W{n}", "name": f"Works {n}", "facility_type": facility_type(n),
        "latitude": place.point.latitude, "longitude": place.point.longitude, "place": place.name,
        "time_zone": "America/Toronto", "version": 1, "changed_at": NOON,
    }  # fmt: skip


def _standing(n: int) -> Iterator[dict[str, Any]]:
    of_training = {"training_behind": 0, "training_short": 0, "training_not_known": 0}
    region = region_of(places()[n * 37 % len(places())].point)
    yield of_training | {"facility_id": n, "region": region, "standing": "not_assessed", "not_met": 0}


def _relation(n: int) -> Iterator[dict[str, Any]]:
    yield _fact(n) | {"organization_id": owner_of(n), "role": "owner"}


def _classification(n: int) -> Iterator[dict[str, Any]]:
    if facility_class(n):
        yield _fact(n) | {"facility_class": facility_class(n)}


def _person(n: int) -> Iterator[dict[str, Any]]:
    for one in _people(n):
        yield {
            "id": one, "given_name": "Sam", "family_name": f"Staff {one}", "operator_id": _operator_id(one),
            "created_at": NOON,
        }  # fmt: skip


def _employee(n: int) -> Iterator[dict[str, Any]]:
    for one in _people(n):
        yield {
            "id": one, "organization_id": owner_of(n), "given_name": "Sam", "family_name": f"Staff {one}",
            "claimed_operator_id": _operator_id(one), "person_id": one, "recorded_at": NOON, "version": 1,
            "changed_at": NOON,
        }  # fmt: skip


def _employment(n: int) -> Iterator[dict[str, Any]]:
    usual = {"position": "Operator", "capacity": "operator", "full_time": True, "starts_anew": False, "note": ""}
    first, second = _people(n)
    yield _fact(n) | usual | {"employee_id": first}
    yield _fact(n) | usual | {"employee_id": second, "valid_from": {1: LONG_AGO, 5: LAST_YEAR}.get(n % 8, SINCE)}


def _training(n: int) -> Iterator[dict[str, Any]]:
    if n % 8 == 1:
        yield {"facility_id": n, "complete_from": LONG_AGO, "recorded_at": NOON}


def _manual(n: int) -> Iterator[dict[str, Any]]:
    if n % 3 == 0:
        yield _entered(n) | {"facility_id": n, "name": "Operations manual"}


def _version(n: int) -> Iterator[dict[str, Any]]:
    if n % 3 == 0:
        holds = {"plans": True, "drawings": True, "process_descriptions": True}
        where = {"place": "Control room", "operators_at": "Control room", "maintenance_at": "Workshop"}
        yield _entered(n) | holds | where | {"manual_id": n, "label": "1", "updated_on": SINCE}


def _review(n: int) -> Iterator[dict[str, Any]]:
    if n % 3 == 0:
        yield _entered(n) | {"manual_id": n, "reviewed_on": SINCE, "updated": True, "reviewed_by": "Sam Staff"}


def _statement(n: int) -> Iterator[dict[str, Any]]:
    if n % 3 == 0:
        said = {"all_listed": True, "sufficient": True, "operators_reach": True, "maintenance_reaches": True}
        yield said | {"facility_id": n, "recorded_at": NOON}


def _designation(n: int) -> Iterator[dict[str, Any]]:
    usual = {"basis": "licence", "by_owner": True, "reason": "", "employee_id": _people(n)[0]}
    if n % 6:
        yield _fact(n) | usual | {"role": "overall"}
    if n % 3 == 0:
        yield _fact(n) | usual | {"role": "in_charge"}


def _hours(n: int) -> Iterator[dict[str, Any]]:
    if n % 3 == 0:
        on_the_day = {"valid_from": TODAY, "valid_until": TODAY + timedelta(days=1)}
        yield _fact(n) | on_the_day | {"employee_id": _people(n)[0], "minutes": 480, "in_training": False}


def _display(n: int) -> Iterator[dict[str, Any]]:
    if n % 3 == 0:
        for one in _people(n):
            yield _fact(n) | {"employee_id": one, "place": "Control room"}


def _licence(n: int) -> Iterator[dict[str, Any]]:
    of_the_works = CLASSES[n % len(CLASSES)]
    classes = (of_the_works if n % 7 else "I", "I" if n % 2 else of_the_works)
    expiries = (TODAY + timedelta(days=40 if n % 6 == 1 else 500), TODAY + timedelta(days=n % 900))
    for one, licence_class, expiry in zip(_people(n), classes, expiries, strict=True):
        yield {
            "line": -one, "operator_id": _operator_id(one), "last_name": f"Staff {one}", "first_name": "Sam",
            "number": f"L{-one}", "licence_type": facility_type(n), "licence_class": licence_class,
            "expiry": expiry, "status": "in force", "municipality": "Timmins",
        }  # fmt: skip


def _entered(n: int) -> dict[str, Any]:
    return {"id": n, "recorded_at": NOON, "withdrawn_because": ""}


def _fact(n: int) -> dict[str, Any]:
    return {"facility_id": n, "valid_from": SINCE, "recorded_at": NOON}


def _people(n: int) -> tuple[int, int]:
    """The numbers of a facility's two employees, as persons and as employees: below zero, where the database gives
    none itself."""
    return -2 * n, -2 * n - 1


def _operator_id(person: int) -> str:
    return f"8{(-person - 2 * _FIRST):07}"  # no other test has such a number


_TABLES: Mapping[type[Any], Callable[[int], Iterator[dict[str, Any]]]] = {
    Organization: _organization, Facility: _facility, FacilityStanding: _standing, FacilityRelation: _relation,
    FacilityClassification: _classification, Person: _person, Employee: _employee, Employment: _employment,
    Designation: _designation, HoursInCharge: _hours, LicenceDisplay: _display, ListedLicence: _licence,
    TrainingComplete: _training, Manual: _manual, ManualVersion: _version, ManualReview: _review,
    ManualStatement: _statement,
}  # fmt: skip
_RECORDED = (
    FacilityRelation, FacilityClassification, Employee, Employment, Designation, HoursInCharge, LicenceDisplay,
    TrainingComplete, Manual, ManualVersion, ManualReview, ManualStatement,
)  # fmt: skip
