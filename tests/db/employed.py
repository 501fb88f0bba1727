"""A facility's people for tests: employed, confirmed by the office, and on the ministry's listing."""

from datetime import date, timedelta
from typing import Any

from core.roles import Role
from db.gate import Asker, Portal
from db.services import designations, employees, responsibility
from tests.db import standing_listings
from tests.db.filed import TODAY, facility_of
from tests.db.people import signed_in
from tests.db.profiles import active_owner
from tests.remembered import remembered

EMPLOYED_SINCE = date(2026, 1, 1)
TOMORROW = TODAY + timedelta(days=1)


@remembered
def listed(portal: Portal, *people: tuple[str, str, str], expiry: date = date(2028, 3, 12)) -> None:
    """A listing stands that has each of these: Operator ID, family name, class."""
    rows = [
        standing_listings.ROW
        | {
            "operator_id": number, "last_name": name, "first_name": "Sam", "number": f"L{number}",
            "licence_class": licence_class, "expiry": expiry,
        }
        for number, name, licence_class in people
    ]  # fmt: skip
    standing_listings.stand(portal, *rows)


@remembered
def employ(owner: Asker, family_name: str, number: str = "", capacity: str = "operator", **more: Any) -> int:
    """Somebody employed at the owner's facility since New Year. The employee's id."""
    given: dict[str, Any] = {"full_time": True, "first": EMPLOYED_SINCE, "last": None} | more
    return employees.employ(
        owner, facility_of(owner), "Sam", family_name, number, "Shift operator", capacity, **given
    )


@remembered
def confirm(portal: Portal, *employee_ids: int) -> None:
    """An officer confirms the Operator IDs of employees, under whatever name they are known otherwise."""
    officer = signed_in(portal, Role.OFFICER, given_name="Olga", family_name="Office")
    versions = {one.employee_id: one.version for one in responsibility.unconfirmed(officer).rows}
    for one in employee_ids:
        employees.confirm_operator_id(officer, one, versions[one], "The same person, by the card.")


@remembered
def employ_confirmed(portal: Portal, owner: Asker, family_name: str, number: str) -> int:
    """Somebody employed since New Year whose Operator ID the office has confirmed. The employee's id."""
    employee = employ(owner, family_name, number)
    confirm(portal, employee)
    return employee


@remembered
def crew(portal: Portal) -> tuple[Asker, int, int]:
    """An owner with a Class III facility, and two confirmed operators: of Class III and of Class II."""
    owner = active_owner(portal)
    listed(portal, ("90000003", "Chief", "III"), ("90000002", "Second", "II"))
    chief, second = employ(owner, "Chief", "90000003"), employ(owner, "Second", "90000002")
    confirm(portal, chief, second)
    return owner, chief, second


@remembered
def led(portal: Portal) -> tuple[Asker, int, int]:
    """The same, with the first designated as overall responsible operator from today on."""
    owner, chief, second = crew(portal)
    designations.designate(owner, facility_of(owner), chief, "licence", TODAY, None, "Runs it.")
    return owner, chief, second
