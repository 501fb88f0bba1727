"""A manager finds the worst facility, on the list and on the map, opens it, and keeps the list as a file."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import expect

from core.roles import Role
from db.places import regions
from db.services import province
from tests.browser.harness import SECONDS, Site, Somebody
from tests.db import staffed


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


def test_a_manager_drills_down_by_region_to_a_facility_on_the_map(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    (alone,) = staffed.fill(site.portal, 1)
    manager = site.member(Role.MANAGER)
    row = next(one for one in province.export(manager, province.Wanted()) if one.facility_id == alone)
    code = next(code for code, name in regions().items() if name == row.region)
    ann = somebody().is_signed_in(manager)
    ann.goes_to("/province?view=Counts&by=Region")
    ann.page.get_by_role("row", name=re.compile(rf"^{row.region} ")).get_by_role("link").last.click()
    expect(ann.page).to_have_url(re.compile("region="), timeout=SECONDS * 1000)
    ann.waits()
    assert province.counts(manager, province.Wanted(region=code)).total
    ann.goes_to(f"/province?region={row.region}&words={row.ministry_number}")
    ann.page.frame_locator("iframe").get_by_title(f"{row.name}: ").click()
    expect(ann.page).to_have_url(re.compile(rf"/compliance\?id={alone}$"), timeout=SECONDS * 1000)


def test_a_region_clicked_on_the_map_narrows_the_list(site: Site, somebody: Callable[..., Somebody]) -> None:
    staffed.fill(site.portal, 3)
    ann = somebody().is_signed_in(site.member(Role.MANAGER))
    ann.goes_to("/province")
    frame = ann.page.frame_locator("iframe")
    frame.locator("path.leaflet-interactive").first.wait_for()
    ann.waits()
    box = ann.page.locator("iframe").bounding_box()
    assert box
    ann.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
    expect(ann.page).to_have_url(re.compile(r"region=\w+"), timeout=SECONDS * 1000)
    ann.sees("Each sign is a facility, or several together.")
