"""The office's queue worked by keyboard, and an override with its second officer."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from core.roles import Role
from db.gate import now
from db.schema import Submission
from tests.browser.harness import SECONDS, Site, Somebody
from tests.db import standing_listings as listings
from tests.db.people import make_account, sign_in
from tests.db.profiles import submitted_operator

FAMILY = "Keyboard"


@pytest.fixture
def three_wait(site: Site) -> Iterator[list[int]]:
    """Three who wait: one to be returned, one whom the listing bears out, one whom it does not know."""
    for given_name, operator_id, number in (
        ("Ann", "90077701", "K1"),
        ("Bo", "90077702", "K2"),
        ("Cy", "90077703", "K3"),
    ):
        submitted_operator(site.portal, operator_id, number, at=now(), given_name=given_name, family_name=FAMILY)
    rows = [
        listings.ROW | {"operator_id": one, "number": number, "first_name": name, "last_name": FAMILY}
        for name, one, number in (("Ann", "90077701", "K11"), ("Bo", "90077702", "K2"))
    ]
    listings.stand(site.portal, *rows)
    with site.portal.database.transaction(writes=False) as session:
        waiting = session.scalars(select(Submission).order_by(Submission.id.desc()).limit(3)).all()
    yield sorted(one.id for one in waiting)
    listings.none_stands(site.portal)


def officer(site: Site, somebody: Callable[..., Somebody], given_name: str, anew: bool = False) -> Somebody:
    account = make_account(site.portal, Role.OFFICER, at=now(), given_name=given_name, family_name="Office")
    return somebody(anew=anew).is_signed_in(sign_in(site.portal, account, now()))


def test_a_queue_is_worked_by_keyboard_and_an_override_has_its_second_officer(
    site: Site, somebody: Callable[..., Somebody], three_wait: list[int]
) -> None:
    olga = officer(site, somebody, "Olga")
    keys = olga.page.keyboard
    olga.goes_to(f"/submission?id={three_wait[0]}&words={FAMILY}")
    olga.sees("Ann Keyboard waits for a decision")

    hits(olga, "n")
    olga.sees("Bo Keyboard waits for a decision")
    assert f"words={FAMILY}" in olga.page.url
    hits(olga, "p")
    olga.sees("Ann Keyboard waits for a decision")
    olga.page.go_back()
    olga.sees("Bo Keyboard waits for a decision")
    assert f"id={three_wait[1]}&words={FAMILY}" in olga.page.url, "Back leads to the address that was left"
    hits(olga, "p")
    olga.sees("Ann Keyboard waits for a decision")

    olga.field("Reasons for a return").focus()
    keys.type("nap: no such number as K1")  # keys that act elsewhere only write here
    keys.press("Shift+A")
    olga.leaves_the_field()
    olga.holds("Reasons for a return", "nap: no such number as K1A")
    olga.sees("Ann Keyboard waits for a decision")
    hits(olga, "Shift+T")
    olga.sees("is returned, and the holder is told by mail")
    expect(olga.page.locator("#said")).to_be_focused()  # the button that was pressed is gone

    olga.sees("Bo Keyboard waits for a decision")
    olga.sees("Exactly as listed")
    hits(olga, "Shift+A")
    olga.sees("is approved, and the holder is told by mail")

    olga.sees("Cy Keyboard waits for a decision")
    hits(olga, "Shift+A")
    olga.sees("is not in the listing. Refuse it with a reason, or propose an override")
    olga.page.get_by_text("Propose an override, although").click()
    olga.fills("Why it is believed", "I have seen the card.")
    olga.types_day("Reviewed on", f"{now().year + 1}-02-01")
    olga.presses("Propose the override")
    olga.sees("You proposed this override, so another officer has to agree to it.")

    bo = officer(site, somebody, "Second")
    bo.goes_to("/queue?kind=override")
    bo.sees("Matching: 1.")
    bo.follows("Open override")
    bo.sees("I have seen the card.")
    bo.presses("Agree, and confirm the certificate")
    bo.sees(f"Confirmed by override until 1 February {now().year + 1}")
    hits(bo, "Shift+A")
    bo.sees("is approved, and the holder is told by mail")


def test_a_slow_browser_shows_the_filters_though_the_page_was_drawn_twice_meanwhile(
    site: Site, somebody: Callable[..., Somebody], three_wait: list[int]
) -> None:
    olga = officer(site, somebody, "Olga", anew=True)
    with olga.with_slow_fields("Selectbox"):
        olga.goes_to("/queue?kind=operator")
        olga.fills("Name or number contains", FAMILY)
        olga.leaves_the_field()  # the page is drawn again, and its boxes have never been shown
    kind = olga.page.get_by_role("combobox", name=re.compile("^Kind"))
    expect(kind).to_have_value("Profiles of operators", timeout=SECONDS * 1000)
    olga.chooses("State", "Taken by nobody")
    assert "kind=operator" in olga.page.url


def hits(person: Somebody, key: str) -> None:
    """A key while no field has the focus."""
    person.waits()
    person.page.evaluate("document.activeElement && document.activeElement.blur()")
    person.page.keyboard.press(key)
    person.waits()
