"""The search as owners meet it: an ill operator, a telephone, the map and its rows, a way out, a link sent on."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

from openpyxl import load_workbook
from playwright.sync_api import Locator, Route, expect

from core.licences import Licence, LicenceClass, LicenceType
from core.places import Point
from core.roles import Role
from core.search import Held
from db.gate import now
from db.services import sessions
from tests.browser.harness import PHONE, SECONDS, Site, Somebody
from tests.db.searchable import add_operator, add_operators, candidate

NIPIGON = Point(49.01681, -88.26673)
ATIKOKAN = Point(48.75667, -91.62409)
FORT_FRANCES = Point(48.61667, -93.4003)
GERALDTON = Point(49.72667, -86.94842)
COCHRANE = Point(49.06689, -81.03307)
DRYDEN = Point(49.78333, -92.75032)
HEARST = Point(49.68742, -83.66556)
WAWA = Point(47.99318, -84.77304)
BESIDE_WAWA = Point(48.05, -84.8)
RED_LAKE = Point(51.01678, -93.82736)
HOSTILE = "Nan O'Brien `${1}` <img src=x onerror=alert(1)>"
CLASS_II = Licence("M2", LicenceType.WASTEWATER_TREATMENT, LicenceClass.II, date(2030, 5, 1))
FIELDS = {
    "Certificate type": "Wastewater collection",
    "Class": "Class I",
    "Place": "Red Lake",
    "Within": "300",
    "Shift": "Night",
}
TELEPHONE = {"is_mobile": True, "has_touch": True, "user_agent": "A telephone (Mobile)"}


def at(point: Point, place: str, *held: Held) -> object:
    return candidate(*held, base=point, base_place=place)


def opens(person: Somebody, name: str) -> None:
    """The profile of somebody stands beside the list."""
    expect(person.page.get_by_role("heading", level=2, name=name)).to_be_visible(timeout=SECONDS * 1000)


def day_in(person: Somebody, label: str) -> date:
    """What a field for a day shows."""
    field = person.page.get_by_role("group", name=label, exact=True)
    parts = [field.get_by_role("spinbutton", name=re.compile(f"^{part}")) for part in ("year", "month", "day")]
    return date(*(int(part.inner_text(timeout=SECONDS * 1000)) for part in parts))


def closed(person: Somebody, name: str) -> None:
    """The profile of somebody stands there no more."""
    heading = person.page.get_by_role("heading", level=2, name=name)
    expect(heading).to_have_count(0, timeout=SECONDS * 1000)


def picks(person: Somebody, label: str, option: str) -> None:
    """An option by its whole name: of classes the one is in the other's."""
    person.page.get_by_role("combobox", name=label, exact=True).click()
    person.page.get_by_role("option", name=option, exact=True).click()


def point_of(person: Somebody, town: str) -> Locator:
    """A town's point on the map."""
    return person.page.frame_locator("iframe").get_by_title(town)


def test_an_ill_operator_a_telephone_and_one_change_that_finds_somebody(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    add_operator(site.portal, at(NIPIGON, "Nipigon", Held(CLASS_II)), "Mo Near")
    ann = somebody(PHONE, **TELEPHONE).is_signed_in(site.member(Role.OFFICER))
    ann.goes_to("/search?place=Nipigon&class=Class+III&km=25")
    ann.sees("Nobody who is verified and available fits all of this. One change finds:")
    ann.page.get_by_role("button", name="Class II or higher: 1 more").tap()
    ann.sees("One operator with wastewater treatment, Class II or higher is available within 25 km")
    expect(ann.page).to_have_url(re.compile(r"class=Class\+II(&|$)"), timeout=SECONDS * 1000)
    expect(ann.page.locator("#said")).to_be_focused()
    switch, card = ann.page.get_by_text("Map", exact=True), ann.page.locator(".st-key-cards-operator")
    assert switch.bounding_box()["y"] < card.bounding_box()["y"], "the map is asked for above the list"
    ann.opens_card(0)
    opens(ann, "Mo Near")
    expect(ann.page.get_by_role("heading", level=2, name="Mo Near")).to_be_in_viewport()
    ann.presses("Show contact details")
    expect(ann.page.locator("a[href^='mailto:']")).to_be_focused()
    expect(ann.page.locator(".st-key-operator-contact a[href^='tel:']")).to_be_visible()
    ann.sees("(705) 555-0100")


def test_a_point_opens_its_one_operator_and_a_row_marks_its_point(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    add_operator(site.portal, at(ATIKOKAN, "Atikokan"), HOSTILE)
    ann = somebody().is_signed_in(site.member(Role.OFFICER))
    ann.goes_to("/search?place=Atikokan&km=25&class=Class+I")
    point = point_of(ann, "Atikokan")
    dark = re.compile("rgb\\(0, 33, 66\\)")
    point.click()
    opens(ann, HOSTILE)
    expect(point.locator("div").first).to_have_css("background-color", dark, timeout=SECONDS * 1000)
    ann.presses("Close")
    closed(ann, HOSTILE)
    expect(ann.table().locator("canvas").first).to_be_focused()
    ann.clicks_row(0)
    opens(ann, HOSTILE)
    expect(point.locator("div").first).to_have_css("background-color", dark, timeout=SECONDS * 1000)


def test_the_tick_follows_who_is_open_while_other_rows_come_into_the_same_table(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    add_operator(site.portal, at(WAWA, "Wawa", Held(CLASS_II)), "Ada Near")
    add_operator(site.portal, at(BESIDE_WAWA, "Wawa"), "Bo Beside")
    ann = somebody().is_signed_in(site.member(Role.OFFICER))
    ann.goes_to("/search?place=Wawa&km=25&class=Class+II")
    ann.clicks_row(1, height=66)
    opens(ann, "Bo Beside")
    ticked = ann.table().locator("canvas tr[aria-selected=true]")
    for chosen, listed in (("Class III", "One operator"), ("Class II", "2 operators"), ("Class I", "2 operators")):
        picks(ann, "Class", chosen)
        ann.sees(f"{listed} with wastewater treatment, {chosen} or higher")
        expect(ticked).to_have_count(1, timeout=SECONDS * 1000)
        expect(ticked).to_contain_text("Bo Beside")
        opens(ann, "Bo Beside")
    ann.clicks_row(0, height=66)
    opens(ann, "Ada Near")
    assert ann.faults == []


def test_the_page_of_the_list_stands_in_the_address(site: Site, somebody: Callable[..., Somebody]) -> None:
    add_operators(site.portal, [at(HEARST, "Hearst") for _ in range(51)])
    ann = somebody().is_signed_in(site.member(Role.OFFICER))
    ann.goes_to("/search?place=Hearst&km=25&class=Class+II")
    ann.presses("Page 2")
    rows = ann.table().locator("canvas tbody tr")
    expect(rows).to_have_count(1, timeout=SECONDS * 1000)
    assert "page=2" in ann.page.url
    ann.reloads()
    expect(rows).to_have_count(1, timeout=SECONDS * 1000)
    picks(ann, "Class", "Class III")
    ann.sees("51 operators with wastewater treatment, Class III or higher")
    assert "page=" not in ann.page.url


def test_whoever_was_signed_out_elsewhere_is_led_to_the_door_by_the_next_filter(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    asker = site.member(Role.OFFICER)
    ann = somebody().is_signed_in(asker)
    ann.goes_to("/search?place=Wawa&km=25&class=Class+II")
    ann.sees("within 25 km of Wawa")
    sessions.sign_out(asker)
    picks(ann, "Class", "Class III")
    ann.sees("You were signed out, or your session has ended.")
    ann.is_at("Sign in")


def test_after_a_point_was_clicked_and_closed_a_row_opens_by_the_keyboard(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    add_operator(site.portal, at(DRYDEN, "Dryden"), "Rae Keys")
    ann = somebody().is_signed_in(site.member(Role.OFFICER))
    ann.goes_to("/search?place=Dryden&km=25&class=Class+I")
    point_of(ann, "Dryden").click()
    opens(ann, "Rae Keys")
    ann.presses("Close")
    closed(ann, "Rae Keys")
    ann.chooses_row(0)
    opens(ann, "Rae Keys")


def test_a_slow_browser_searches_what_its_address_says_though_the_page_was_drawn_twice_meanwhile(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    add_operator(site.portal, at(RED_LAKE, "Red Lake"), "Lou Slow")
    ann = somebody().is_signed_in(site.member(Role.OFFICER))
    held: list[Route] = []
    ann.page.route(
        re.compile(r"/static/js/(Checkbox|Selectbox|Multiselect|DateInput)\."), lambda route: held.append(route)
    )
    soon = now().date() + timedelta(days=40)
    ann.goes_to(
        "/search?place=Red+Lake&km=300&type=Wastewater+collection&class=Class+I&higher=false&days=Monday&shift=Night"
        f"&from={soon}&until={soon + timedelta(days=2)}"
    )
    ann.sees("One operator with wastewater collection, Class I is available within 300 km")
    ann.clicks_row(0)  # the page is drawn again, and its fields have never been shown
    opens(ann, "Lou Slow")
    assert held
    for route in held:
        route.continue_()
    for label, shown in FIELDS.items():
        expect(ann.page.get_by_role("combobox", name=re.compile(f"^{label}"))).to_have_value(shown)
    expect(ann.page.get_by_text("Monday", exact=True)).to_be_visible()
    assert day_in(ann, "Needed from") == soon
    assert day_in(ann, "Until (or one day)") == soon + timedelta(days=2)
    expect(ann.page.get_by_role("checkbox", name="or higher")).not_to_be_checked()
    ann.chooses("Within", "200")
    ann.sees("One operator with wastewater collection, Class I is available within 200 km")
    expect(ann.page).to_have_url(re.compile(f"from={soon}&higher=false&km=200&.*shift=Night"))


def test_a_slow_browser_shows_what_one_click_relaxed_though_the_page_was_drawn_again_meanwhile(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    add_operator(site.portal, at(COCHRANE, "Cochrane"), "Ray Late")
    ann = somebody(anew=True).is_signed_in(site.member(Role.OFFICER))
    held: list[Route] = []
    ann.page.route(re.compile(r"/static/js/(Checkbox|Selectbox)\."), lambda route: held.append(route))
    ann.goes_to("/search?place=Cochrane&km=25&class=Class+IV&days=Monday")
    ann.page.get_by_role("button", name=re.compile("Class III or higher")).click()
    ann.sees("Class III or higher is available within 25 km")
    ann.clicks_row(0)
    opens(ann, "Ray Late")
    for route in held:
        route.continue_()
    expect(ann.page.get_by_role("combobox", name="Class", exact=True)).to_have_value("Class III")
    expect(ann.page.get_by_role("checkbox", name="or higher")).to_be_checked()


def test_the_map_keeps_its_view_while_a_filter_changes(site: Site, somebody: Callable[..., Somebody]) -> None:
    add_operator(site.portal, at(GERALDTON, "Geraldton"), "Max Lake")
    ann = somebody().is_signed_in(site.member(Role.OFFICER))
    ann.goes_to("/search?place=Geraldton&km=100&class=Class+III")
    point_of(ann, "Geraldton").wait_for()
    frame = ann.page.frame_locator("iframe")
    before = frame.locator(".leaflet-control-scale-line").text_content() or ""
    frame.get_by_role("button", name="Zoom in").click()
    scale = frame.locator(".leaflet-control-scale-line")
    expect(scale).not_to_have_text(before)
    ann.page.wait_for_timeout(500)
    seen = scale.text_content()
    assert seen
    ann.ticks("or higher")
    ann.sees("One operator with wastewater treatment, Class III is available")
    expect(scale).to_have_text(seen)


def test_a_link_is_opened_by_a_colleague_and_refused_to_whoever_has_no_right(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    add_operator(site.portal, at(FORT_FRANCES, "Fort Frances"), "Lea Link")
    ann = somebody().is_signed_in(site.member(Role.OFFICER))
    ann.goes_to("/search?place=Fort+Frances&km=50&days=Monday&class=Class+II")
    ann.sees("within 50 km")
    address = ann.page.url
    colleague = somebody().is_signed_in(site.member(Role.MANAGER))
    colleague.goes_to(address)
    colleague.sees("within 50 km of Fort Frances")
    expect(colleague.table()).to_contain_text("Lea Link", timeout=SECONDS * 1000)
    assert "days=Monday" in colleague.page.url
    rows = list(load_workbook(BytesIO(colleague.downloads("Download this list (Excel)"))).active.values)
    assert [row[0] for row in rows] == ["Name", "Lea Link"]
    stranger = somebody().is_signed_in(site.member(Role.OPERATOR))
    stranger.goes_to(address)
    stranger.sees_no("Lea Link")
    stranger.sees("not for your role")
