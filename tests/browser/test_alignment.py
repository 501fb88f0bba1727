"""Somebody whom a new listing no longer bears out: found no more, told once an officer has released the result,
and back when the listing is withdrawn."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest

from core.places import Point, day_at
from core.roles import Role
from db.gate import Asker, now
from db.services import search
from tests.browser.harness import Site, Somebody, served, subject_of
from tests.browser.test_listings import uploads
from tests.db.profiles import AVAILABILITY, EXPIRY, set_availability, submitted_operator
from tests.db.searchable import criteria
from tests.db.uploaded import licence, written

OTHERS = [licence(number) for number in range(99)]  # of a hundred licences one may vanish without a second officer
RITA = licence(
    100,
    operator_id="90077711",
    last_name="Vanishing",
    first_name="Rita",
    certificate_number="R1",
    **{"class": "Class 2"},
    expiry_date=EXPIRY.isoformat(),
)


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of its own: a listing is compared with everybody's certificates."""
    with served(tmp_path_factory.mktemp("alignment")) as site:
        yield site


def imports(ann: Somebody, rows: list[dict[str, str]], day: date) -> None:
    ann.goes_to("/listings")
    uploads(ann, written(rows))
    ann.types_day("Date of the listing", day.isoformat())
    ann.presses("Import this listing")
    ann.sees("The listing is imported and stands")


def found(officer: Asker) -> int:
    """How many a search finds where Rita works, today."""
    day = day_at(now())
    north_bay = Point(AVAILABILITY.latitude, AVAILABILITY.longitude)
    return search.search(officer, criteria(near=north_bay, needed_from=day, needed_until=day)).total


def test_whoever_the_listing_no_longer_bears_out_is_suspended_and_told(
    office: Site, somebody: Callable[..., Somebody]
) -> None:
    today = day_at(now())
    email = "rita.vanishing@example.ca"
    operator = submitted_operator(
        office.portal, "90077711", "R1", at=now(), given_name="Rita", family_name="Vanishing", email=email
    )
    officer = office.member(Role.OFFICER, given_name="Ann", family_name="Office")
    ann = somebody(at=office).is_signed_in(officer)
    rita = somebody(at=office).is_signed_in(operator)

    imports(ann, [*OTHERS, RITA], today - timedelta(days=1))
    ann.goes_to("/queue")
    ann.sees("Rita Vanishing")
    ann.follows("Open submission")
    ann.sees("Exactly as listed")
    ann.presses("Approve")
    ann.sees("is approved, and the holder is told by mail")
    set_availability(operator)
    assert found(officer) == 1

    imports(ann, OTHERS, today)
    assert found(officer) == 0
    rita.goes_to("/overview")
    rita.sees("None of your licences and certificates counts now")
    ann.goes_to("/alignment")
    ann.sees("One person waits to be told.")
    ann.clicks_row(0)
    ann.sees("Look through the changes first")
    about = "compared with the ministry’s listing"
    assert not [mail for mail in office.inbox.mails if about in subject_of(mail)]
    ann.presses("Release: tell one person")
    ann.sees("The result is released. One person will be told by mail.")
    assert "The listing of" in office.mail_to(email, about)
    assert "R1" in office.mail_to(email, about)
    rita.goes_to(office.link_to(email, about))
    rita.sees("None of your licences and certificates counts now")

    ann.goes_to("/listings")
    ann.presses("Withdraw this listing")
    ann.page.get_by_role("dialog").wait_for()
    ann.fills("Why it is withdrawn", "It was cut off in the middle.")
    ann.presses("Withdraw it")
    ann.sees("100 licences; imported by Ann Office")
    assert found(officer) == 1
    rita.goes_to("/overview")
    rita.sees_no("None of your licences and certificates counts now")
