"""The search as owners meet it: an ill operator, a telephone, the map and its rows, a way out, a link sent on."""

import re
from collections.abc import Callable
from datetime import date

from playwright.sync_api import Locator, expect

from core.licences import Licence, LicenceClass, LicenceType
from core.places import Point
from core.roles import Role
from core.search import Held
from tests.browser.harness import PHONE, SECONDS, Site, Somebody
from tests.db.searchable import add_operator, candidate

MOOSONEE = Point(51.27931, -80.63450)
ATIKOKAN = Point(48.75667, -91.62409)
GERALDTON = Point(49.72667, -86.94842)
HOSTILE = "Nan O'Brien `${1}` <img src=x onerror=alert(1)>"
CLASS_II = Licence("M2", LicenceType.WASTEWATER_TREATMENT, LicenceClass.II, date(2030, 5, 1))
TELEPHONE = {"is_mobile": True, "has_touch": True, "user_agent": "A telephone (Mobile)"}


def at(point: Point, place: str, *held: Held) -> object:
    return candidate(*held, base=point, base_place=place)


def opens(person: Somebody, name: str) -> None:
    """The profile of somebody stands beside the list."""
    expect(person.page.get_by_role("heading", level=2, name=name)).to_be_visible(timeout=SECONDS * 1000)


def point_of(person: Somebody, town: str) -> Locator:
    """A town's point, once the map has come to rest: it moves to its place after its first drawing."""
    point = person.page.frame_locator("iframe").get_by_title(town)
    point.wait_for()
    person.waits()
    person.page.wait_for_timeout(1500)
    return point


def test_an_ill_operator_a_telephone_and_one_change_that_finds_somebody(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    add_operator(site.portal, at(MOOSONEE, "Moosonee", Held(CLASS_II)), "Mo Near")
    ann = somebody(PHONE, **TELEPHONE).is_signed_in(site.member(Role.OFFICER))
    ann.goes_to("/search?place=Moosonee&class=Class+III&km=25")
    ann.sees("Nobody who is verified and available fits all of this. One change finds:")
    ann.page.get_by_role("button", name="Class II or higher: 1 more").tap()
    ann.sees("One operator with wastewater treatment, Class II or higher is available within 25 km")
    expect(ann.page).to_have_url(re.compile(r"class=Class\+II(&|$)"), timeout=SECONDS * 1000)
    ann.taps_row(0)
    opens(ann, "Mo Near")
    ann.presses("Show contact details")
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
    expect(ann.page.get_by_role("heading", level=2, name=HOSTILE)).to_have_count(0, timeout=SECONDS * 1000)
    ann.clicks_row(0)
    opens(ann, HOSTILE)
    expect(point.locator("div").first).to_have_css("background-color", dark, timeout=SECONDS * 1000)


def test_the_map_keeps_its_view_while_a_filter_changes(site: Site, somebody: Callable[..., Somebody]) -> None:
    add_operator(site.portal, at(GERALDTON, "Geraldton"), "Max Lake")
    ann = somebody().is_signed_in(site.member(Role.OFFICER))
    ann.goes_to("/search?place=Geraldton&km=100&class=Class+I")
    point_of(ann, "Geraldton")
    frame = ann.page.frame_locator("iframe")
    before = frame.locator(".leaflet-control-scale-line").text_content() or ""
    frame.get_by_role("button", name="Zoom in").click()
    scale = frame.locator(".leaflet-control-scale-line")
    expect(scale).not_to_have_text(before)
    ann.page.wait_for_timeout(500)
    seen = scale.text_content()
    assert seen
    ann.chooses("Class", "Class III")
    ann.sees("One operator with wastewater treatment, Class III or higher")
    expect(scale).to_have_text(seen)


def test_a_link_is_opened_by_a_colleague_and_refused_to_whoever_has_no_right(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    add_operator(site.portal, at(GERALDTON, "Geraldton"), "Lea Link")
    ann = somebody().is_signed_in(site.member(Role.OFFICER))
    ann.goes_to("/search?place=Geraldton&km=50&days=Monday&class=Class+II")
    ann.sees("within 50 km")
    address = ann.page.url
    colleague = somebody().is_signed_in(site.member(Role.MANAGER))
    colleague.goes_to(address)
    colleague.sees("Wastewater treatment, Class II or higher · within 50 km of Geraldton")
    expect(colleague.table()).to_contain_text("Lea Link", timeout=SECONDS * 1000)
    assert "days=Monday" in colleague.page.url
    stranger = somebody().is_signed_in(site.member(Role.OPERATOR))
    stranger.goes_to(address)
    stranger.sees_no("Lea Link")
    stranger.sees("not for your role")
