"""What is said of the listing that people were compared with: never that it bears out whom it lacks."""

import pytest

from core.licences import LicenceClass, LicenceType
from core.places import Point
from core.roles import Role
from core.search import Criteria
from db.gate import Asker, Portal
from db.places import find
from db.services import operators, owners, search, verification
from tests.db import standing_listings as listings
from tests.db.people import NOON, signed_in
from tests.db.profiles import active_owner, add_certificate, approve_all, available_operator, set_availability

CHECKED = "Checked against the ministry’s listing of 1 November 2026, which is more than 7 days old."
LACKS_ONE = (
    "The ministry’s listing of 1 November 2026 does not bear out 1 of 2 {} here, and is more than 7 days old."
)
LACKS_ALL = "The ministry’s listing of 1 November 2026 bears out none of the {} here, and is more than 7 days old."


def north_bay() -> Point:
    place = find("North Bay")
    assert place
    return place.point


def criteria() -> Criteria:
    today = NOON.date()
    return Criteria(LicenceType.WASTEWATER_TREATMENT, LicenceClass.I, north_bay(), 100, today, today)


def said_to(asker: Asker) -> str:
    found = operators.my_profile(asker).checked_against
    assert found
    return str(found.said)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (listings.ROW, CHECKED),
        (listings.ROW | {"number": "777"}, LACKS_ALL.format("certificates")),
        (listings.ROW | {"operator_id": "90077777"}, LACKS_ALL.format("certificates")),
        (listings.ROW | {"licence_class": "I"}, LACKS_ALL.format("certificates")),
        (listings.ROW | {"status": "suspended"}, LACKS_ALL.format("certificates")),
    ],
)
def test_the_holder_reads_whether_the_listing_bears_the_certificate_out(
    portal: Portal, row: dict[str, object], said: str
) -> None:
    asker = available_operator(portal)
    listings.stand(portal, row)
    assert said_to(asker) == said


def test_of_several_certificates_those_that_it_lacks_are_counted(portal: Portal) -> None:
    asker = available_operator(portal)
    operators.withdraw(asker, operators.my_profile(asker).version)
    add_certificate(asker, "999")
    operators.submit(asker, operators.my_profile(asker).version)
    officer = approve_all(portal)
    listings.stand(portal, listings.ROW)
    assert said_to(asker) == LACKS_ONE.format("certificates")
    assert str(verification.item(officer, 2).checked_against.said) == LACKS_ONE.format("certificates")


def test_an_owner_reads_it_of_one_operator_and_of_all_that_are_found(portal: Portal) -> None:
    available_operator(portal)
    second = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(second, "90055555", 0)
    add_certificate(second, "555")
    operators.submit(second, operators.my_profile(second).version)
    owner = active_owner(portal)
    set_availability(second)
    listings.stand(portal, listings.ROW)
    results = search.search(owner, criteria())
    assert str(results.checked_against.said) == LACKS_ONE.format("operators")
    said = {str(search.profile(owner, one.profile_id, criteria()).checked_against.said) for one in results.people}
    assert said == {CHECKED, LACKS_ALL.format("certificates")}


def test_a_licence_of_another_type_bears_out_nobody_who_is_found_by_this_one(portal: Portal) -> None:
    asker = available_operator(portal)
    operators.withdraw(asker, operators.my_profile(asker).version)
    other = LicenceType.WATER_TREATMENT
    add_certificate(asker, "12345", other)  # the office may give one number to licences of two types
    operators.submit(asker, operators.my_profile(asker).version)
    approve_all(portal)
    owner = active_owner(portal)
    listings.stand(portal, listings.ROW | {"licence_type": other.value})
    assert str(search.search(owner, criteria()).checked_against.said) == LACKS_ALL.format("operators")


@pytest.mark.parametrize(
    ("row", "said"),
    [(listings.WORKS, CHECKED), (listings.WORKS | {"facility_number": "9"}, LACKS_ALL.format("facilities"))],
)
def test_an_owner_reads_whether_the_list_has_the_facility(
    portal: Portal, row: dict[str, object], said: str
) -> None:
    owner = active_owner(portal)
    listings.stand(portal, row, kind="facilities")
    found = owners.my_organization(owner).checked_against
    assert found
    assert str(found.said) == said
