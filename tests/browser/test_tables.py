"""A row opens by a click on any of its cells, its box, or the keyboard; a second one closes it. On a narrow screen
it is a card."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from core.places import Point
from core.roles import Role
from tests.browser.harness import PHONE, SECONDS, Site, Somebody
from tests.browser.test_people import is_no_wider_than_the_screen
from tests.db.searchable import add_operator, candidate

NAMES = ("Ann One", "Ben Two", "Cy Three")
SEARCH = "/search?place=Moosonee&km=25&class=Class+I"
ROW = 66  # px
MOOSONEE = Point(51.27931, -80.64502)


@pytest.fixture(scope="module", autouse=True)
def operators(site: Site) -> None:
    for number, name in enumerate(NAMES):
        base = Point(MOOSONEE.latitude + number / 100, MOOSONEE.longitude)
        add_operator(site.portal, candidate(base=base, base_place="Moosonee"), name)


@pytest.fixture
def officer(site: Site, somebody: Callable[..., Somebody]) -> Somebody:
    ann = somebody().is_signed_in(site.member(Role.OFFICER))
    ann.goes_to(SEARCH)
    ann.sees("3 operators with")
    return ann


def opened(ann: Somebody) -> str:
    return ann.page.get_by_role("heading", level=2).inner_text(timeout=SECONDS * 1000)


def test_a_click_on_a_name_or_any_other_cell_opens_the_profile(officer: Somebody) -> None:
    officer.clicks_row(0)
    assert opened(officer) == NAMES[0]
    officer.clicks_row(2, column=300, height=ROW)
    assert opened(officer) == NAMES[2]
    officer.reloads()
    assert opened(officer) == NAMES[2]
    officer.clicks_row(1, height=ROW)
    assert opened(officer) == NAMES[1]


def test_a_profile_that_was_closed_opens_again_by_the_same_cell(officer: Somebody) -> None:
    officer.clicks_row(1, height=ROW)
    assert opened(officer) == NAMES[1]
    officer.presses("Close")
    expect(officer.page.get_by_role("heading", level=2)).to_have_count(0)
    officer.clicks_row(1, height=ROW)
    assert opened(officer) == NAMES[1]


def test_a_second_click_on_a_row_closes_it_by_its_box_or_by_a_cell(officer: Somebody) -> None:
    for first, second in ((16, 16), (60, 300), (60, 16)):
        officer.clicks_row(2, column=first, height=ROW)
        assert opened(officer) == NAMES[2]
        officer.clicks_row(2, column=second, height=ROW)
        expect(officer.page.get_by_role("heading", level=2)).to_have_count(0)


def test_the_keyboard_opens_only_what_it_is_asked_to(site: Site, officer: Somebody) -> None:
    officer.drawn_table().locator("canvas").first.focus()
    officer.page.keyboard.press("ArrowDown")
    officer.page.wait_for_timeout(500)
    officer.waits()
    expect(officer.page.get_by_role("heading", level=2)).to_have_count(0)
    officer.page.keyboard.press("Shift+Space")
    assert opened(officer) == NAMES[1]


def test_on_a_telephone_a_card_opens_alone_and_leads_back(site: Site, somebody: Callable[..., Somebody]) -> None:
    ann = somebody(PHONE, has_touch=True).is_signed_in(site.member(Role.OFFICER))
    ann.goes_to(SEARCH)
    names = ann.page.locator("[class*=st-key-cards-open-] button")
    expect(names).to_have_text(NAMES)
    names.nth(1).tap()
    assert opened(ann) == NAMES[1]
    expect(names).to_have_count(1)
    expect(names).to_be_focused()
    is_no_wider_than_the_screen(ann)
    ann.reloads()
    assert opened(ann) == NAMES[1]
    ann.presses("Close")
    expect(names).to_have_text(NAMES)
    expect(names.nth(1)).to_be_focused()
    names.nth(1).tap()
    ann.page.get_by_role("button", name="Show all 3 again").tap()
    expect(names).to_have_text(NAMES)
    expect(names.nth(1)).to_be_focused()
    expect(ann.page.get_by_role("heading", level=2)).to_have_count(0)


def test_every_table_with_rows_to_open_works_alike(site: Site, somebody: Callable[..., Somebody]) -> None:
    for name in ("first", "second"):
        site.member(Role.OPERATOR, email=f"{name}@tables.example.ca")
    admin = somebody().is_signed_in(site.member(Role.ADMIN))
    admin.goes_to("/accounts")
    admin.fills("Name or e-mail contains", "tables.example.ca")
    admin.leaves_the_field()
    admin.sees("2 accounts match.")
    admin.clicks_row(1)
    admin.sees("The account you chose")
    expect(admin.page.get_by_text("@tables.example.ca")).not_to_have_count(0)
