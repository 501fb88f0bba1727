"""A manager finds the worst facility, on the list and on the map, opens it, and keeps the list as a file."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import expect

from core.roles import Role
from core.standings import Standing
from db import standings
from db.gate import now, unattended
from db.places import regions
from db.services import province
from tests.browser.harness import PHONE, SECONDS, Site, Somebody
from tests.db import staffed
from ui.province import MARKS


def test_a_manager_finds_the_worst_facility_and_exports_the_list(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    staffed.fill(site.portal, 60)
    manager = site.member(Role.MANAGER)
    worst = province.facilities(manager).rows[0]
    ann = somebody().is_signed_in(manager)

    ann.goes_to("/province")
    ann.page.get_by_role("link", name=re.compile("^Does not stand: ")).click()
    ann.sees("Only those: Does not stand.")
    with ann.page.expect_download() as download:
        ann.page.get_by_role("button", name="Download this list (Excel)").click()
    path = Path(download.value.path())
    sheet = load_workbook(BytesIO(path.read_bytes())).active
    assert sheet is not None
    assert sheet.cell(2, 1).value == worst.name
    ann.follows(worst.name)
    expect(ann.page).to_have_url(re.compile(rf"/compliance\?id={worst.facility_id}$"), timeout=SECONDS * 1000)
    assert not ann.faults


def test_a_manager_drills_down_from_the_map_to_the_entry_that_made_it_so(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    """A facility does not stand because whoever is designated there has a licence of too low a class."""
    ids = staffed.fill(site.portal, 70)
    number = next(n for n in ids if _is_led_by_too_low_a_class(n))
    manager = site.member(Role.MANAGER)
    wanted = province.Wanted(standing=Standing.DOES_NOT_STAND, words=f"W{number}")
    (row,) = province.facilities(manager, wanted).rows
    code = next(code for code, name in regions().items() if name == row.region)
    (place,) = province.points(manager, replace(wanted, region=code))
    ann = somebody().is_signed_in(manager)

    ann.goes_to(f"/province?standing=does_not_stand&words=W{number}")
    ann.page.frame_locator("iframe").locator("path.leaflet-interactive").first.wait_for()
    ann.waits()
    ann.page.locator("iframe").scroll_into_view_if_needed()
    box = ann.page.locator("iframe").bounding_box()
    frame = next(one for one in ann.page.frames if "streamlit_folium" in one.url)
    at = frame.evaluate(ON_THE_MAP, [place.point.latitude, place.point.longitude])
    assert box
    ann.page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
    expect(ann.page).to_have_url(re.compile("region="), timeout=SECONDS * 1000)
    ann.page.frame_locator("iframe").get_by_title(f"{row.name}: Does not stand").click()
    expect(ann.page).to_have_url(re.compile(rf"/compliance\?id={number}$"), timeout=SECONDS * 1000)
    ann.is_at("Compliance of a facility")
    asked = ann.page.locator("h3.asked", has_text="overall responsible operator designated").first
    found = asked.locator("xpath=following-sibling::ul[1]")
    found.locator("summary").first.click()
    expect(found.get_by_text(re.compile("from 1 January 2026, .*Recorded")).first).to_be_visible()
    ann.page.go_back()
    expect(ann.page).to_have_url(re.compile(rf"/province\?.*words=W{number}&region="), timeout=SECONDS * 1000)
    ann.is_at("Compliance in Ontario")
    ann.sees("1 facility, the worst first")
    assert not ann.faults


ON_THE_MAP = """point => Object.values(window).find(one => one instanceof L.Map).latLngToContainerPoint(point)"""


def _is_led_by_too_low_a_class(n: int) -> bool:
    is_water = staffed.facility_type(n).startswith("water_")
    return not is_water and n % 7 == 0 and n % 6 != 0 and staffed.facility_class(n) not in ("", "I")


def test_a_region_clicked_on_the_map_narrows_the_list(site: Site, somebody: Callable[..., Somebody]) -> None:
    staffed.fill(site.portal, 3)
    ann = somebody().is_signed_in(site.member(Role.MANAGER))
    ann.goes_to("/province")
    frame = ann.page.frame_locator("iframe")
    frame.locator("path.leaflet-interactive").first.wait_for()
    ann.waits()
    ann.page.locator("iframe").scroll_into_view_if_needed()
    box = ann.page.locator("iframe").bounding_box()
    assert box
    ann.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
    expect(ann.page).to_have_url(re.compile(r"region=\w+"), timeout=SECONDS * 1000)
    ann.sees("Each sign is a facility, or several together.")


def test_the_page_of_the_list_outlasts_a_reload(site: Site, somebody: Callable[..., Somebody]) -> None:
    staffed.fill(site.portal, 110)
    manager = site.member(Role.MANAGER)
    third = province.facilities(manager, page=3).rows[0].name
    ann = somebody().is_signed_in(manager)
    ann.goes_to("/province")
    ann.page.get_by_role("button", name=re.compile(r"\b3$")).last.click()
    expect(ann.page).to_have_url(re.compile(r"[?&]page=3"), timeout=SECONDS * 1000)
    expect(ann.page.get_by_role("link", name=third, exact=True)).to_be_visible()
    ann.reloads()
    expect(ann.page.get_by_role("link", name=third, exact=True)).to_be_visible()


def test_the_signs_of_the_opening_map_count_every_facility_that_does_not_stand(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    """A region whose sign would lie on another one is counted by that."""
    staffed.fill(site.portal, 200)
    manager = site.member(Role.MANAGER)
    many = province.counts(manager).by_standing[Standing.DOES_NOT_STAND]
    assert many > 20
    ann = somebody().is_signed_in(manager)
    ann.goes_to("/province")
    signs = ann.page.frame_locator("iframe").locator(".leaflet-marker-pane .leaflet-marker-icon")
    signs.first.wait_for()
    assert signs.locator("[role=img][aria-label][title]").count() == signs.count(), "each says what it counts"
    pane = ann.page.locator("iframe").bounding_box()
    boxes = [one.bounding_box() for one in signs.all()]
    assert all(pane["x"] <= one["x"] and one["x"] + one["width"] <= pane["x"] + pane["width"] for one in boxes)
    shown = [text.split() for text in signs.all_inner_texts()]
    assert sum(int(number) for shape, number in shown if shape == MARKS[Standing.DOES_NOT_STAND].shape) == many


def test_a_page_of_the_list_is_scanned_and_a_line_opens(site: Site, somebody: Callable[..., Somebody]) -> None:
    """Fifty lines are at most three screens high."""
    staffed.fill(site.portal, 60)
    manager = site.member(Role.MANAGER)
    worst = province.facilities(manager).rows[0]
    ann = somebody().is_signed_in(manager)
    ann.goes_to("/province")
    table = ann.page.locator("table.facilities")
    expect(table.locator("tbody tr")).to_have_count(50)
    assert table.bounding_box()["height"] < 3 * 900
    number = ann.page.get_by_text(re.compile(rf"^{worst.ministry_number} "))
    expect(number).not_to_be_visible()
    table.get_by_text("More", exact=True).first.click()
    expect(number).to_be_visible()


def test_nothing_of_the_managers_page_is_cut_off_on_a_telephone(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    staffed.fill(site.portal, 60)
    manager = site.member(Role.MANAGER)
    with unattended(site.portal, now()) as work:
        standings.count_month(work)
    ann = somebody(PHONE).is_signed_in(manager)
    for view in ("Facilities", "Counts", "Counts&by=Owner", "What+comes+near", "Month+by+month"):
        ann.goes_to(f"/province?view={view}")
        assert ann.page.evaluate(BEYOND_THE_SCREEN) == []


BEYOND_THE_SCREEN = """() => [...document.querySelectorAll("[data-testid=stMain] :is(table, th, td, li, p, svg)")]
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([one, box]) => box.width > 1 && box.height > 1 && (box.right > innerWidth + 1 || box.left < 0))
    .map(([one]) => one.outerHTML.slice(0, 120))"""
