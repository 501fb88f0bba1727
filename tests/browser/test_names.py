"""Names that look like code are shown as what they are: words. The harness fails on any dialog, any error, and
any request that a name's markup would send."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from core.entries import FacilityEntry
from core.roles import Role
from db.gate import Asker, now
from db.services import operators, owners, verification
from tests.browser.harness import Site, Somebody
from tests.db.profiles import add_certificate, add_facility, approve, set_availability

NAMES = {
    "O'Brien `x` ${1}": "<img src=x onerror=alert(1)>",
    "مرحبا שלום": "**B** ![i](http://leaves.example/i.png) :red[x]",
}
GIVEN = tuple(NAMES)
CODE = "</script><script>alert(1)</script>"
SIOUX_LOOKOUT = (50.1, -91.917)


@pytest.fixture(scope="module")
def people(site: Site) -> dict[str, Asker]:
    """Operators with such names, at a town of such a name; the first one waits, the others are found."""
    expiry = now().date().replace(year=now().year + 2, day=1)
    made = {}
    for number, (given, family) in enumerate(NAMES.items()):
        asker = site.member(Role.OPERATOR, given_name=given, family_name=family)
        operators.save_operator_id(asker, f"9007777{number}", operators.my_profile(asker).version)
        add_certificate(asker, f"`${{{number}}}`<b>", expiry=expiry)
        operators.submit(asker, operators.my_profile(asker).version)
        made[given] = asker
    return made


@pytest.fixture(scope="module")
def officer(site: Site) -> Asker:
    return site.member(Role.OFFICER, given_name=CODE, family_name="`${1}`")


def item_of(officer: Asker, given_name: str) -> int:
    (row,) = verification.queue(officer, verification.Filters("", given_name)).rows
    return row.submission_id


def test_names_are_words_in_the_queue_and_on_a_submission(
    site: Site, somebody: Callable[..., Somebody], people: dict[str, Asker], officer: Asker
) -> None:
    ann = somebody().is_signed_in(officer)
    ann.goes_to("/queue")
    ann.sees(f"Signed in as {CODE} `${{1}}`")
    for given, family in NAMES.items():
        ann.sees(f"{given} {family}")
    for number, (given, family) in enumerate(NAMES.items()):
        ann.goes_to(f"/submission?id={item_of(officer, given)}")
        ann.sees(f"{given} {family} waits for a decision")
        ann.sees(f"`${{{number}}}`<B>")


def test_names_are_words_in_a_search_on_its_map_and_in_a_profile(
    site: Site, somebody: Callable[..., Somebody], people: dict[str, Asker], officer: Asker
) -> None:
    town = "O'Lac `${1}` <img src=x onerror=alert(2)>"
    for given, asker in people.items():
        approve(officer, item_of(officer, given))
        latitude, longitude = SIOUX_LOOKOUT
        set_availability(asker, base_place=town, latitude=latitude, longitude=longitude)
    ann = somebody().is_signed_in(officer)
    ann.goes_to("/search?place=Sioux Lookout&km=25&class=I&higher=true")
    ann.sees("2 operators with")
    for given, family in NAMES.items():
        expect(ann.table()).to_contain_text(f"{given} {family}")
    ann.chooses_row(0)
    opened = ann.page.get_by_role("heading", level=2).inner_text()
    assert opened in {f"{given} {family}" for given, family in NAMES.items()}
    ann.sees(f"{town}, ")
    ann.presses("Show contact details")
    ann.sees("Preferred language")  # they push the map down: a click before would fall beside its mark
    frame = ann.page.frame_locator("iframe")
    frame.get_by_title(town).click()
    ann.sees(f"Only those based in {town}.")


def test_an_owners_words_are_words(site: Site, somebody: Callable[..., Somebody], officer: Asker) -> None:
    owner = site.member(Role.OWNER, given_name=GIVEN[1], family_name=NAMES[GIVEN[1]])
    owners.save_organization(owner, CODE, "municipality", 0)
    name = "`${1}` <img src=x onerror=alert(3)>"
    plant = FacilityEntry("7700", name, "wastewater_treatment", "I", "Sioux Lookout", *SIOUX_LOOKOUT)
    add_facility(owner, plant)
    owners.submit(owner, owners.my_organization(owner).version)
    decides, owns = somebody().is_signed_in(officer), somebody().is_signed_in(owner)
    decides.goes_to(f"/submission?id={item_of(officer, CODE)}")
    decides.sees(plant.name)
    decides.fills("Reasons for a return", CODE + GIVEN[1])
    decides.presses("Return with reasons")
    decides.sees("is returned")
    owns.goes_to("/my-facilities")
    owns.sees(CODE + GIVEN[1])
    owns.sees(plant.name)
    owns.goes_to("/account")
    owns.holds("Given name", GIVEN[1])
