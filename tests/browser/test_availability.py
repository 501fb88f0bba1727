"""When and where an operator works, from the operator's map to what an owner reads."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import FrameLocator, expect

from core.entries import FacilityEntry
from core.places import Point
from core.roles import Role
from db.gate import Asker, now
from db.places import find
from db.services import operators, owners, verification
from db.verification.queue_listing import Filters, ProfileRow
from tests.browser.harness import PHONE, SECONDS, Site, Somebody
from tests.db.profiles import add_certificate, add_facility, approve, set_availability

NOTE = "No nights in winter. `${1}` <img src=x onerror=alert(1)> **bold**"
BRUCE = Point(44.3, -81.2)  # in the division of this name
WORKS = FacilityEntry("8800", "Kincardine Works", "wastewater_treatment", "I", "Kincardine", 44.17, -81.63)


def test_an_operator_says_where_and_when_and_an_owner_reads_it(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    operator = an_active_operator(site)
    ann = somebody().is_signed_in(operator)
    ann.goes_to("/overview")
    ann.sees("What expires when, the next first")

    clicks(ann, BRUCE)
    chosen = ann.page.get_by_test_id("stMultiSelect")
    expect(chosen).to_contain_text("Bruce", timeout=SECONDS * 1000)
    ann.chooses("Regions in which you work too", "Toronto")
    ann.page.keyboard.press("Escape")  # the list stays open for more
    start = (now() + timedelta(days=40)).date()
    ann.types_day("Earliest start", start.isoformat())
    ann.fills("Notes for owners", NOTE)
    ann.presses("Save changes")
    ann.sees("Saved. Owners can find you.")
    assert operators.my_profile(operator).regions == ("3541", "3520")

    clicks(ann, BRUCE)
    expect(chosen).not_to_contain_text("Bruce", timeout=SECONDS * 1000)
    clicks(ann, BRUCE)
    expect(chosen).to_contain_text("Bruce", timeout=SECONDS * 1000)
    ann.presses("Switch availability off")
    ann.sees("Not available: owners do not find you")
    ann.presses("Switch availability on")
    ann.sees("Available: owners can find you")
    mine = operators.my_profile(operator)
    assert (mine.available, mine.regions, mine.earliest_start, mine.notes) == (True, ("3541", "3520"), start, NOTE)

    odd = somebody().is_signed_in(an_active_owner(site))
    criteria = "place=Kincardine&km=1000&class=Class I&type=Wastewater treatment"
    odd.goes_to(f"/search?{criteria}")
    odd.sees("Nobody who is verified and available fits")  # the start is still to come
    odd.goes_to(f"/search?{criteria}&from={start}")
    odd.sees("One operator with wastewater treatment")
    odd.chooses_row(0)
    odd.sees("Bruce, Toronto")
    odd.sees(NOTE)
    odd.sees(f"from {start.day} ")


def test_the_overview_of_an_active_operator_fits_a_telephone_with_the_map_on_demand(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    phone = {"user_agent": "Mozilla/5.0 (Linux; Android 15) Mobile", "has_touch": True}
    ann = somebody(PHONE, **phone).is_signed_in(an_active_operator(site, "90088002"))
    ann.goes_to("/overview")
    ann.sees("What expires when, the next first")
    assert ann.page.locator("iframe").count() == 0
    ann.ticks("Choose regions on a map")
    ann.page.frame_locator("iframe").locator("path.leaflet-interactive").first.wait_for()
    widest = ann.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert widest <= PHONE["width"]


def test_a_slow_browser_shows_what_is_saved_though_the_page_was_drawn_twice_meanwhile(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    ann = somebody().is_signed_in(an_active_operator(site, "90088003"))
    with ann.with_slow_fields("Checkbox", "Selectbox"):
        ann.goes_to("/overview")
        ann.fills("Notes for owners", NOTE)
        ann.leaves_the_field()  # the page is drawn again, and its boxes have never been shown
    monday = ann.page.get_by_role("checkbox", name="Monday day")
    expect(monday).to_be_checked(timeout=SECONDS * 1000)
    expect(ann.page.get_by_role("combobox", name=re.compile("^Base place"))).to_have_value("North Bay")
    expect(ann.page.get_by_role("textbox", name="Travel distance")).to_have_value("10")
    ann.presses("Save changes")
    ann.sees("Saved. Owners can find you.")


def test_a_distance_with_decimals_is_refused_in_words(site: Site, somebody: Callable[..., Somebody]) -> None:
    ann = somebody().is_signed_in(an_active_operator(site, "90088004"))
    ann.goes_to("/overview")
    distance = ann.page.get_by_role("textbox", name="Travel distance")
    expect(distance).to_have_value("10")
    distance.fill("80.5")
    ann.presses("Save changes")
    ann.sees("“80.5” is not a whole number.")
    ann.sees("On file: 10")
    expect(distance).to_have_value("80.5")
    ann.presses("Discard what I typed")
    expect(distance).to_have_value("10", timeout=SECONDS * 1000)
    ann.sees_no("Not saved yet")


# --- steps ------------------------------------------------------------------------------------------------


def clicks(person: Somebody, point: Point) -> None:
    """A place on the map of regions, once it is drawn."""
    regions(person).locator("path.leaflet-interactive").nth(48).wait_for()
    frame = next(one for one in person.page.frames if "streamlit_folium" in one.url)
    x, y = frame.evaluate(
        "place => { const at = window.map.latLngToContainerPoint(place); return [at.x, at.y]; }",
        [point.latitude, point.longitude],
    )
    regions(person).locator(".leaflet-container").click(position={"x": x, "y": y})
    person.page.wait_for_timeout(400)  # the map waits a quarter of a second before it tells
    person.waits()


def regions(person: Somebody) -> FrameLocator:
    return person.page.frame_locator("iframe").first


def an_active_operator(site: Site, operator_id: str = "90088001") -> Asker:
    asker = site.member(Role.OPERATOR, given_name="Rae", family_name=f"Regions {operator_id}")
    operators.save_operator_id(asker, operator_id, operators.my_profile(asker).version)
    add_certificate(asker, operator_id, expiry=(now() + timedelta(days=80)).date())
    operators.submit(asker, operators.my_profile(asker).version)
    approves(site, operator_id)
    north_bay = find("North Bay")
    assert north_bay
    place = {"latitude": north_bay.point.latitude, "longitude": north_bay.point.longitude}
    set_availability(asker, travel_km=10, **place)
    return asker


def an_active_owner(site: Site, number: str = "8800") -> Asker:
    asker = site.member(Role.OWNER)
    owners.save_organization(asker, "Municipality of Kincardine", "municipality", 0)
    add_facility(asker, WORKS, ministry_number=number)
    owners.submit(asker, owners.my_organization(asker).version)
    approves(site, number)
    return asker


def approves(site: Site, name_or_number: str) -> None:
    officer = site.member(Role.OFFICER)
    for row in verification.queue(officer, Filters(words=name_or_number)).rows:
        if isinstance(row, ProfileRow):
            approve(officer, row.submission_id)
