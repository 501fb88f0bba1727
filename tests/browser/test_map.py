"""A click on the map's mark lists the town's operators, wherever on the screen the map is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from core.places import Point
from core.roles import Role
from tests.browser.harness import DESKTOP, SECONDS, Site, Somebody
from tests.db.searchable import add_operators, candidate

HEARST = Point(49.68869, -83.67164)


def test_the_map_names_the_towns_around(site: Site, somebody: Callable[..., Somebody]) -> None:
    ann = somebody().is_signed_in(site.member(Role.OFFICER))
    ann.goes_to("/search?place=Kapuskasing&km=25")
    frame = ann.page.frame_locator("iframe")
    expect(frame.get_by_text("Kapuskasing", exact=True)).to_be_visible(timeout=SECONDS * 1000)


def two_in_hearst(site: Site, somebody: Callable[..., Somebody]) -> tuple[Somebody, Locator]:
    """An officer at the search around Hearst, and the mark of the town on the map."""
    add_operators(site.portal, [candidate(base=HEARST, base_place="Hearst")] * 2)
    ann = somebody().is_signed_in(site.member(Role.OFFICER))
    ann.goes_to("/search?place=Hearst&km=25&class=Class+I")
    mark = ann.page.frame_locator("iframe").get_by_title("Hearst")
    mark.wait_for()
    ann.waits()
    return ann, mark


@pytest.mark.parametrize("of_the_map_in_view", [0.55, 1.0])
def test_a_click_on_a_mark_counts_though_the_map_is_half_out_of_view(
    site: Site, somebody: Callable[..., Somebody], of_the_map_in_view: float
) -> None:
    ann, mark = two_in_hearst(site, somebody)
    map_box = ann.page.locator("iframe").bounding_box()
    assert map_box
    hidden = map_box["y"] + of_the_map_in_view * map_box["height"] - DESKTOP["height"]
    ann.page.locator("[data-testid=stMain]").evaluate("(main, by) => main.scrollBy(0, by)", hidden)
    mark.click()
    ann.sees("Only those based in Hearst.")


def test_a_mark_is_chosen_by_the_keyboard(site: Site, somebody: Callable[..., Somebody]) -> None:
    ann, mark = two_in_hearst(site, somebody)
    mark.focus()
    ann.page.keyboard.press("Enter")
    ann.sees("Only those based in Hearst.")
