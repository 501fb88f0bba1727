"""The address always says what is shown: what one does next is about that, and a reload shows it again."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from core.roles import Role
from db.gate import now
from tests.browser.harness import SECONDS, Site, Somebody
from tests.browser.test_availability import an_active_owner
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
    officer.waits()
    first = officer.page.get_by_role("heading", level=1).inner_text()
    officer.page.get_by_role("button", name="Next in the queue").click()
    officer.waits()
    second = officer.page.get_by_role("heading", level=1).inner_text()
    assert second != first
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
