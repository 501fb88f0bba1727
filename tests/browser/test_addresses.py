"""The address always says what is shown: what one does next is about that, and a reload shows it again."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from core.roles import Role
from db.gate import now
from tests.browser.harness import SECONDS, Site, Somebody
from tests.browser.test_availability import an_active_owner
from tests.db import staffed
from tests.db.profiles import submitted_operator


def stays(ann: Somebody, address: str, heading: str) -> None:
    """The address and what it shows are the same after an act on the page, and after a reload."""
    for act in (ann.leaves_the_field, ann.reloads):
        act()
        assert ann.page.url.endswith(address)
        expect(ann.page.get_by_role("heading", level=1)).to_have_text(heading, timeout=SECONDS * 1000)


def test_the_next_submission_of_the_queue_is_the_one_that_is_decided_on(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    for number in ("A-1", "A-2"):
        submitted_operator(site.portal, number=number, at=now(), given_name=number, family_name="Addressed")
    officer = somebody().is_signed_in(site.member(Role.OFFICER))
    officer.goes_to("/queue?words=Addressed")
    officer.page.get_by_role("link", name=re.compile("Open submission")).first.click()
    heading = officer.page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile("Addressed$"), timeout=SECONDS * 1000)
    first = heading.inner_text()
    officer.page.get_by_role("button", name="Next in the queue").click()
    expect(heading).not_to_have_text(first, timeout=SECONDS * 1000)
    officer.waits()
    second = heading.inner_text()
    officer.fills("Reasons for a return", "Which of the two is it?")
    address = officer.page.url.rpartition("/")[2]
    assert re.fullmatch(r"submission\?id=\d+&words=Addressed", address)
    stays(officer, address, second)
    officer.holds("Reasons for a return", "Which of the two is it?")
    officer.page.go_back()
    officer.is_at(first)


def test_a_facility_chosen_from_the_list_keeps_what_is_typed_about_it(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    owner = somebody().is_signed_in(an_active_owner(site, "8801"))
    owner.goes_to("/facility")
    owner.page.get_by_role("button", name=re.compile("^Open Works|^Open .*8801")).first.click()
    owner.waits()
    owner.is_at("Standing of a facility")
    address = owner.page.url.rpartition("/")[2]
    assert re.fullmatch(r"facility\?id=\d+", address)
    owner.fills("Where", "In the control room")
    stays(owner, address, "Standing of a facility")
    owner.holds("Where", "In the control room")


def test_back_from_a_search_whose_place_came_by_itself_leads_to_the_page_before_in_one_step(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    owner = somebody().is_signed_in(an_active_owner(site, "8802"))
    owner.goes_to("/my-facilities")
    owner.goes_to("/help")
    owner.page.get_by_role("link", name="Find operators").first.click()
    comes_to(owner, r"/search\?place=[^&]+$", "Find operators")
    own = owner.page.url
    owner.chooses("Within", "300")
    comes_to(owner, r"km=300", "Find operators")
    owner.page.go_back()
    expect(owner.page).to_have_url(own, timeout=SECONDS * 1000)
    expect(owner.page.get_by_role("combobox", name=re.compile("^Within"))).to_have_value("100")
    for path, title in ((r"/help$", "Help"), (r"/my-facilities$", "My facilities")):
        owner.page.go_back()
        comes_to(owner, path, title)


def test_back_takes_back_the_filter_and_the_day_that_were_chosen_last(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    ids = staffed.fill(site.portal, 4)
    manager = somebody().is_signed_in(site.member(Role.MANAGER))
    manager.goes_to("/province")
    manager.chooses("Type", "Wastewater treatment")
    comes_to(manager, r"type=Wastewater\+treatment$", "Compliance in Ontario")  # two of one run are one step
    manager.chooses("Class", "Class II")
    comes_to(manager, r"class=Class\+II", "Compliance in Ontario")
    manager.page.go_back()
    comes_to(manager, r"/province\?type=Wastewater\+treatment$", "Compliance in Ontario")
    expect(manager.page.get_by_role("combobox", name="Class")).to_have_value("All classes")
    expect(manager.page.get_by_role("combobox", name="Type")).to_have_value("Wastewater treatment")
    day = f"/compliance?id={ids[0]}&day=2026-10-05"
    manager.goes_to(day)
    field = manager.page.get_by_role("group", name="As of", exact=True)
    field.get_by_role("spinbutton").nth(2).click()
    manager.page.keyboard.type("07")
    manager.page.keyboard.press("Enter")
    comes_to(manager, r"day=2026-10-07", "Compliance of a facility")
    manager.page.go_back()
    comes_to(manager, re.escape(day), "Compliance of a facility")
    manager.sees("on 5 October 2026")


def comes_to(ann: Somebody, address: str, title: str) -> None:
    """The address matches, and the page of this title is drawn."""
    expect(ann.page).to_have_url(re.compile(address), timeout=SECONDS * 1000)
    ann.is_at(title)
    ann.waits()
