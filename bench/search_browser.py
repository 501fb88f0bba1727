"""Times the search page in a browser against the floor, by turns in one run.

    python -m bench.search_browser [times]     30 unless told

From the click on another class to the new list, sentence and points drawn, at 10,000 operators around London; on
the floor (bench.floor), from the click on another town to its marker drawn. Each is drawn when all that it shows
is what it showed when it had come to rest in that state before. A list is shown once its words are painted: the
table that screen readers hear follows 200 ms later, as its library has it, and is not waited for.
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
    [...document.querySelectorAll("h1 ~ p, h1 ~ div p")].map(said => said.textContent),
    app.dataset.testScriptState]);
}
"""
_PAINTED = """
window.painted = new Set();
const paint = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
  window.painted.add(text);
  return paint.call(this, text, ...place);
};
"""
_LISTED = """[...document.querySelectorAll("[data-testid=stDataFrame] canvas tbody td")]
    .map(cell => cell.textContent).filter(word => window.painted.has(word))"""
_TIMED = (
    """(option, [wanted, words]) => new Promise(done => {"""
    + _SHOWN
    + """
  const start = performance.now();
  window.painted.clear();
  option.click();
  (function look() {
    if (performance.now() - start > 30000) return done(-1);
    const listed = words.every(word => window.painted.has(word));
    if (listed && shown() === wanted) requestAnimationFrame(() => done(performance.now() - start));
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
    shows: dict[str, tuple[str, list[str]]] = field(default_factory=dict)  # and the words that are painted
    milliseconds: list[float] = field(default_factory=list)

    def learns(self) -> None:
        for option in (*self.options, *self.options):
            self.page.evaluate("window.painted.clear()")
            self._option(option).click()
            self.page.wait_for_timeout(4000)
            shown = self.page.evaluate(f"() => {{ {_SHOWN} return shown(); }}")
            self.shows[option] = shown, self.page.evaluate(_LISTED)
        one, other = self.shows.values()
        assert one[0] != other[0], "the two states look alike"
        assert one[1] != other[1] or not one[1], "the two lists look alike"

    def changes(self, turn: int) -> None:
        self.page.bring_to_front()
        option = self.options[turn % 2]
        took = self._option(option).evaluate(_TIMED, list(self.shows[option]))
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
            context.add_init_script(_PAINTED)
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
