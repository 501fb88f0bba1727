"""The servers and the browser that journeys share, and people at them."""

import os
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.harness import DESKTOP, FLAGS, Site, Somebody, chromium, fill_demo, served


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium. In CI it must start; elsewhere its absence is told loudly."""
    path = chromium()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            yield browser
            browser.close()
    except Exception as error:
        message = f"NO BROWSER: the journeys were not tested, because no Chromium started ({error!r})."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)


@pytest.fixture(scope="session")
def lasting_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server that most journeys share, on a database that was empty."""
    with served(tmp_path_factory.mktemp("site")) as site:
        site.lasts()
        yield site


@pytest.fixture(scope="session")
def lasting_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo: a full portal with something on every page."""
    with served(tmp_path_factory.mktemp("demo"), fill_demo, DEMO="true", SMTP_HOST="") as site:
        site.lasts()
        yield site


@pytest.fixture(scope="module")
def site(lasting_site: Site) -> Site:
    """That server, its database as at the start: no file of tests meets what another one left."""
    lasting_site.begins_anew()
    return lasting_site


@pytest.fixture(scope="module")
def demo(lasting_demo: Site) -> Site:
    """The demo as it was filled."""
    lasting_demo.begins_anew()
    return lasting_demo


@pytest.fixture(scope="session")
def free_pages() -> dict[str, list[Page]]:
    """Pages that a test is done with, by their options: the next one loads the portal in a third of the time."""
    return defaultdict(list)


@pytest.fixture
def somebody(
    browser: Browser, free_pages: dict[str, list[Page]], request: pytest.FixtureRequest
) -> Iterator[Callable[..., Somebody]]:
    """Makes people at browsers; at the end none may have met an error or left the host.

    `anew`: the browser has no script of the portal yet, and is closed afterwards; so is one at a site of its own.
    """
    people: list[Somebody] = []
    lasting: dict[Page, list[Page]] = {}

    def arrive(
        size: dict[str, int] = DESKTOP,
        at: Site | None = None,
        beside: str = "data:",
        anew: bool = False,
        **options: Any,
    ) -> Somebody:
        site = at or request.getfixturevalue("site")
        alike = free_pages[repr(options)]
        if alike and not anew:
            page = alike.pop()
            page.set_viewport_size(size)  # type: ignore[arg-type]
        else:
            page = browser.new_context(viewport=size, **options).new_page()  # type: ignore[arg-type]
        if site.start and not anew:
            lasting[page] = alike
        people.append(Somebody(page, site.url, beside=beside))
        return people[-1]

    yield arrive
    faults = [fault for person in people for fault in person.faults]
    for person in people:
        if person.page in lasting:
            person.leaves()
            lasting[person.page].append(person.page)
        else:
            person.page.context.close()
    assert not faults, "\n".join(faults)
