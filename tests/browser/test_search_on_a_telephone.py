"""On a telephone the operators come first: the fields are folded once a place is chosen."""

from collections.abc import Callable

from playwright.sync_api import expect

from core.places import Point
from core.roles import Role
from tests.browser.harness import PHONE, Site, Somebody
from tests.db.searchable import add_operator, candidate

KENORA = Point(49.76741, -94.48985)
STANDS = "wastewater treatment, Class I or higher is available within 100 km of Kenora"


def test_the_list_comes_first_once_a_place_is_chosen(site: Site, somebody: Callable[..., Somebody]) -> None:
    add_operator(site.portal, candidate(base=KENORA, base_place="Kenora"), "Cora Near")
    telephone = {"is_mobile": True, "has_touch": True, "user_agent": "A telephone (Mobile)"}
    ann = somebody(PHONE, **telephone).is_signed_in(site.member(Role.OFFICER))
    ann.goes_to("/search")
    ann.chooses("Place", "Kenora")
    ann.sees(STANDS)
    expect(ann.page.get_by_role("combobox", name="Certificate type")).not_to_be_visible()
    card = ann.page.get_by_role("button", name="Cora Near").bounding_box()
    assert card
    assert card["y"] < PHONE["height"] / 2, "the list begins on the upper half of the first screen"
    expect(ann.page.locator("iframe")).to_have_count(0)
