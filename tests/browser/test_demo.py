"""The demo, where every page has something to show: each role gets in, on a telephone, and with axe's eyes."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import TimeoutError
from sqlalchemy import select

from core.profiles import State, SubmissionState
from core.roles import Role
from db.demo.filling import PASSWORD, SIGN_INS
from db.gate import now
from db.schema import Account, OperatorProfile, Submission
from tests.browser.harness import DESKTOP, PHONE, Site, Somebody
from tests.browser.test_people import is_no_wider_than_the_screen
from tests.db.people import sign_in
from ui.screens import SCREENS

# What only these find is at most moderate, so it would not be told; looking for it takes long.
AT_MOST_MODERATE = (
    "region",
    "heading-order",
    "landmark-unique",
    "page-has-heading-one",
    "skip-link",
    "no-autoplay-audio",
)
AXE = {
    "resultTypes": ["violations"],
    "selectors": False,
    "elementRef": True,
    "rules": {rule: {"enabled": False} for rule in AT_MOST_MODERATE},
}
# What axe finds that is serious or critical, but for what is Streamlit's own; all in one call of the browser.
SERIOUS_FAULTS = """async ([options, streamlitsOwn]) => (await axe.run(options)).violations
    .filter(rule => ['serious', 'critical'].includes(rule.impact))
    .flatMap(rule => rule.nodes
        .filter(node => !node.element?.closest(`[data-testid=${streamlitsOwn[rule.id]}]`))
        .map(node => `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))"""
EVERYBODY: tuple[Role | None, ...] = (None, *Role)
TELEPHONE: dict[str, Any] = {"is_mobile": True, "has_touch": True, "user_agent": "A telephone (Mobile)"}
# Violations that Streamlit 1.67 brings and a page cannot mend, by rule, with where they are.
STREAMLITS_OWN = {
    "list": "stSidebarNavItems",  # the menu's sections are divs inside its list; a screen reader still reads links
    "listitem": "stSidebarNavItems",
}
WIDEST = "Math.max(...['html', '[data-testid=stMain]'].map(one => document.querySelector(one).scrollWidth))"
# Buttons inside a field fill its 40 px but for its borders; a table's own tools have the 24 that WCAG asks for.
SMALL_BUTTONS = """() => [...document.querySelectorAll('.stMain button, .stMain [data-testid=stPageLink] a')]
    .map(button => {
        const field = button.closest('.stTextInput, .stDateInput, .stNumberInput, .stSelectbox, .stMultiSelect');
        const least = button.dataset.testid === 'stBaseButton-elementToolbar' ? 24 : field ? 38 : 40;
        return [button.getBoundingClientRect().height, least, button];
    })
    .filter(([height, least]) => 0 < height && height < least)
    .map(([height, , button]) => `${button.ariaLabel || button.innerText} is ${height} px high`)"""


@pytest.mark.parametrize("role", EVERYBODY)
def test_each_role_signs_in_and_axe_finds_nothing_serious_on_any_page_which_fits_a_telephone_and_a_finger(
    demo: Site, somebody: Callable[..., Somebody], role: Role | None
) -> None:
    ann = signs_in(somebody(at=demo), role)
    faults = []
    for path in walks(ann, pages_of(demo, role)):
        faults += [f"{path}: {fault}" for fault in serious_faults(ann)]
        ann.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        faults += [f"{path}: {fault}" for fault in cramped(ann)]
        ann.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.OFFICER, "/search?place=London&km=100"),
        (Role.OFFICER, "/queue"),
        (Role.OFFICER, "/listings"),
        (Role.OFFICER, "/alignment"),
        (Role.MANAGER, "/province"),
        (Role.OPERATOR, "/overview"),
        (Role.OPERATOR, "/training"),
        (Role.OWNER, "/training"),
        (Role.OWNER, "/training?id=1&session=1"),
        (Role.OWNER, "/manuals?id=1&manual=1"),
        (Role.OWNER, "/people"),
        (Role.OWNER, "/people?id=1"),
        (Role.OWNER, "/shift-log?id=1"),
        (Role.OWNER, "/facility?id=1"),
        (Role.OWNER, "/compliance?id=1"),
        (Role.OWNER, "/members"),
        (Role.OWNER, "/my-facilities"),
        (Role.OWNER, "/calculator?population_served=12000"),
    ],
)
def test_what_is_drawn_otherwise_for_a_telephone_fits_it(
    demo: Site, somebody: Callable[..., Somebody], role: Role, path: str
) -> None:
    ann = comes(somebody(PHONE, demo, **TELEPHONE), demo, role)
    ann.goes_to(path)
    assert cramped(ann) == []
    is_no_wider_than_the_screen(ann)


def cramped(ann: Somebody) -> list[str]:
    """What is too wide for the window, or too small for a finger, once tables have taken up its width."""
    with suppress(TimeoutError):
        ann.page.wait_for_function(f"{WIDEST} <= innerWidth", timeout=5_000)
    widest = ann.page.evaluate(WIDEST)
    too_wide = [f"{widest} px wide"] if widest > PHONE["width"] else []
    return too_wide + ann.page.evaluate(SMALL_BUTTONS)


def walks(ann: Somebody, paths: list[str]) -> Iterator[str]:
    """Each of these pages in turn, once it is drawn."""
    ann.goes_to(paths[0])
    yield paths[0]
    for path in paths[1:]:
        ann.moves_to(path)
        yield path


def serious_faults(ann: Somebody) -> list[str]:
    """What axe finds here, which a document takes up once."""
    if not ann.page.evaluate("() => 'axe' in window"):
        ann.page.evaluate(AXE_SCRIPT)
    found: list[str] = ann.page.evaluate(SERIOUS_FAULTS, [AXE, STREAMLITS_OWN])
    return found


def signs_in(ann: Somebody, role: Role | None) -> Somebody:
    """The demo's person of this role, by the sign-in that its start prints; a guest for None."""
    if role is None:
        return ann
    ann.signs_in(next(one.email for one in SIGN_INS if one.role is role), PASSWORD)
    ann.is_at("Welcome")
    ann.sees("The people here are invented")
    return ann


def comes(ann: Somebody, demo: Site, role: Role) -> Somebody:
    """The demo's person of this role, signed in."""
    with demo.portal.database.transaction(writes=False) as session:
        account = session.scalar(select(Account.id).where(Account.email == f"{role}@example.org"))
    return ann.is_signed_in(sign_in(demo.portal, account, now()))


def pages_of(demo: Site, role: Role | None) -> list[str]:
    """Every page that is somebody's own: with a role only what the role opens, and Home."""
    if role is None:
        return [f"/{screen.path}" for screen in SCREENS if not screen.roles]
    with demo.portal.database.transaction(writes=False) as session:
        item = session.scalar(select(Submission.id).where(Submission.state == SubmissionState.OPEN))
    about = {
        "search": f"?place=London&km=100&operator={anybody_found(demo)}",
        "submission": f"?id={item}",
        "accounts": "?account=1",
    }
    own = [screen.path for screen in SCREENS if role in screen.roles]
    return ["/", *(f"/{path}{about.get(path, '')}" for path in own)]


def anybody_found(demo: Site) -> int:
    """The profile's id of somebody whom the search finds."""
    with demo.portal.database.transaction(writes=False) as session:
        found = select(OperatorProfile.id).where(OperatorProfile.state == State.ACTIVE, OperatorProfile.available)
        operator = session.scalar(found)
        assert operator
        return operator
