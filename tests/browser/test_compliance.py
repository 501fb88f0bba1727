"""An owner prepares for an inspection: what is wrong, what closes it, and the pack to hand over."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook
from playwright.sync_api import expect
from pypdf import PdfReader

from core.places import day_at
from core.roles import Role
from core.sentences import in_english
from db.gate import now
from db.services import designations, employees
from tests.browser.harness import PHONE, Site, Somebody
from tests.browser.test_people import owner_of
from tests.db import employed
from tests.db.filed import facility_of
from tests.db.people import PASSWORD


def test_an_owner_prepares_for_an_inspection_and_downloads_the_pack(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    owner, today = owner_of(site, "ready@example.ca", "I1"), day_at(now())
    facility = facility_of(owner)
    employed.listed(site.portal, ("90000091", "Ready", "III"))
    chief = employed.employ(owner, "Ready", "90000091", first=today - timedelta(days=40))
    employees.confirm_operator_id(site.member(Role.OFFICER), chief, 1)

    ann = somebody()
    ann.signs_in("ready@example.ca", PASSWORD, f"/compliance?id={facility}")
    ann.is_at("Compliance of a facility")
    ann.sees("Was an overall responsible operator designated, licensed for the class of the facility?")
    ann.page.get_by_role("link", name="Open its people, designations and ledgers").first.click()
    ann.is_at("People of a facility")
    designations.designate(owner, facility, chief, "licence", today, None, "Runs it.")
    ann.page.go_back()
    ann.is_at("Compliance of a facility")
    ann.reloads()
    ann.sees("Sam Ready, last day: No end named")

    first = today - timedelta(days=30)
    ann.goes_to(f"/compliance?id={facility}&from={first.isoformat()}&to={today.isoformat()}")
    paper = PdfReader(BytesIO(ann.downloads("Download as PDF")))
    text = " ".join(page.extract_text() for page in paper.pages)
    text = " ".join(text.replace("\u00a0", " ").split())
    assert f"Made on {in_english(today)}".replace("\u00a0", " ") in text
    assert f"First day: {in_english(first)}".replace("\u00a0", " ") in text
    assert "2. Was an overall responsible operator designated" in text
    assert "Sam Ready" in text
    sheets = load_workbook(BytesIO(ann.downloads("Download as Excel", named="inspection-I1-"))).sheetnames
    assert "2 Overall" in sheets


def test_a_day_is_taken_back_and_one_too_far_away_is_said(site: Site, somebody: Callable[..., Somebody]) -> None:
    owner = owner_of(site, "far@example.ca", "I3")
    ann, page = somebody(), f"/compliance?id={facility_of(owner)}"
    ann.signs_in("far@example.ca", PASSWORD, f"{page}&day=2200-01-01")
    ann.sees("The address asks about 2200-01-01, which is left out")
    ann.goes_to(f"{page}&day=2026-03-02")
    ann.sees("on 2 March 2026")
    ann.page.get_by_role("button", name="Clear date").first.click()
    ann.waits()
    expect(ann.page).not_to_have_url(re.compile("day="))
    ann.sees_no("The address asks about")


def test_what_an_inspection_would_find_fits_a_telephone(site: Site, somebody: Callable[..., Somebody]) -> None:
    owner = owner_of(site, "pocket@example.ca", "I2")
    ann = somebody(PHONE)
    ann.signs_in("pocket@example.ca", PASSWORD, f"/compliance?id={facility_of(owner)}")
    ann.is_at("Compliance of a facility")
    widest = ann.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert widest <= PHONE["width"]


def test_what_was_unfolded_is_so_again_after_a_reload_and_on_the_way_back(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    owner = owner_of(site, "fold@example.ca", "I4")
    ann, page = somebody(), f"/compliance?id={facility_of(owner)}"
    ann.signs_in("fold@example.ca", PASSWORD, page)
    ann.is_at("Compliance of a facility")
    fold = ann.page.get_by_test_id("stExpander").filter(has_text=re.compile("What (stands|does not apply)")).first
    inside = fold.locator("ul.findings").first
    expect(inside).not_to_be_visible()
    fold.locator("summary").first.click()
    ann.waits()
    expect(inside).to_be_visible()
    ann.reloads()
    expect(inside).to_be_visible()
    ann.page.get_by_role("link", name="Its shift log", exact=True).click()
    ann.is_at("Shift log")
    ann.page.go_back()
    ann.is_at("Compliance of a facility")
    expect(inside).to_be_visible()
