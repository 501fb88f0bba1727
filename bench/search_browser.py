"""Times the search page in a browser against the floor, by turns in one run.

    python -m bench.search_browser [times]     30 unless told

From the click on another class to the new list, sentence and points drawn, at 10,000 operators around London; on
the floor (bench.floor), from the click on another town to its marker drawn. Each is drawn when all that it shows
is what it showed when it had come to rest in that state before.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from playwright.sync_api import Locator, Page, sync_playwright

from bench.search_crowd import filled
from core.roles import Role
from tests.browser.harness import DESKTOP, FLAGS, ROOT, chromium, free_port, served
from ui.session import COOKIE

OPERATORS = 10_000
SEARCH = "/search?place=London&km=100&class=Class+III"

_SHOWN = """
function shown() {
  const frame = document.querySelector("iframe"), inside = frame && frame.contentDocument;
  const marks = inside ? [...inside.querySelectorAll(".leaflet-marker-pane .leaflet-marker-icon")] : [];
  const app = document.querySelector("[data-testid=stApp]");
  return JSON.stringify([
    marks.map(mark => mark.title + mark.textContent).sort(),
    [...document.querySelectorAll("[data-testid=stDataFrame] canvas tbody")].map(table => table.textContent),
    [...document.querySelectorAll("h1 ~ p, h1 ~ div p")].map(said => said.textContent),
    app.dataset.testScriptState]);
}
"""
_TIMED = (
    """(option, wanted) => new Promise(done => {"""
    + _SHOWN
    + """
  const start = performance.now();
  option.click();
  (function look() {
    if (performance.now() - start > 30000) return done(-1);
    if (shown() === wanted) requestAnimationFrame(() => done(performance.now() - start));
    else requestAnimationFrame(look);
  })();
})"""
)


@dataclass
class Tab:
    """A page with a select box that is set to one of two options by turns, and what it shows in each."""

    page: Page
    label: str
    options: tuple[str, str]
    shows: dict[str, str] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)

    def learns(self) -> None:
        for option in (*self.options, *self.options):
            self._option(option).click()
            self.page.wait_for_timeout(4000)
            self.shows[option] = self.page.evaluate(f"() => {{ {_SHOWN} return shown(); }}")
        assert len(set(self.shows.values())) == 2, "the two states look alike"

    def changes(self, turn: int) -> None:
        self.page.bring_to_front()
        option = self.options[turn % 2]
        took = self._option(option).evaluate(_TIMED, self.shows[option])
        assert took > 0, f"{self.label} {option}: never drawn"
        self.milliseconds.append(took)
        self.page.wait_for_timeout(500)

    def _option(self, option: str) -> Locator:
        self.page.get_by_role("combobox", name=self.label, exact=True).click()
        return self.page.get_by_role("option", name=option, exact=True)


@contextmanager
def floor() -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.floor", str(port)], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.5)
        yield url
    finally:
        process.terminate()
        process.wait()


def _fill(settings: dict[str, str]) -> None:
    filled(settings["DATABASE_URL"], OPERATORS).database.close()


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), _fill, WORKER_IN_APP="false") as site,
        floor() as floor_url,
    ):
        token = site.member(Role.OFFICER).token or ""
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            context = browser.new_context(viewport=DESKTOP)
            context.add_cookies([{"name": COOKIE, "value": token, "url": site.url, "httpOnly": True}])
            ours, lowest = context.new_page(), context.new_page()
            ours.goto(site.url + SEARCH)
            lowest.goto(floor_url)
            tabs = [Tab(ours, "Class", ("Class II", "Class III")), Tab(lowest, "Town", ("Kingston", "London"))]
            for tab in tabs:
                tab.page.frame_locator("iframe").locator(".leaflet-marker-icon").first.wait_for(timeout=60_000)
                tab.learns()
            for turn in range(times):
                for tab in tabs:
                    tab.changes(turn)
            browser.close()
    print(f"{times} changes by turns, ms, median (least): ours, the floor, their ratio")
    search, empty = (tab.milliseconds for tab in tabs)
    of_medians, of_least = median(search) / median(empty), min(search) / min(empty)
    print(f"{median(search):.0f} ({min(search):.0f})", f"{median(empty):.0f} ({min(empty):.0f})", end=" ")
    print(f"{of_medians:.2f} ({of_least:.2f})")


if __name__ == "__main__":
    main()
