"""A real server, a real mail server and a real browser, for tests of what people do."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect, sync_playwright

from db.gate import Portal
from tests.portals import KEY, portal_on

ROOT = Path(__file__).parents[2]
FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync""".split()  # noqa: SIM905 - as one types them
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SECONDS = 20  # before a page that does not come fails its test
_AT_REST = "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium() -> str | None:
    """The path of this machine's Chromium, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((path for path in map(shutil.which, names) if path), None)


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


class _Inbox(MessageHandler):
    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Message] = []

    def handle_message(self, message: Message) -> None:
        self.mails.append(message)


@dataclass
class Site:
    """A running portal: its address, the mail it sent, and its database beside it."""

    url: str
    portal: Portal
    inbox: _Inbox
    log: Path
    process: subprocess.Popen[bytes]

    def mail_to(self, address: str, about: str) -> str:
        """The text of the newest mail to an address whose subject holds `about`; waits for it."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            for mail in reversed(self.inbox.mails):
                if address in str(mail["To"]) and about.lower() in str(mail["Subject"]).lower():
                    return _text_of(mail)
            time.sleep(0.1)
        subjects = [(str(mail["To"]), str(mail["Subject"])) for mail in self.inbox.mails]
        raise AssertionError(f"No mail about {about!r} came to {address}; there are {subjects}.")

    def link_to(self, address: str, about: str) -> str:
        """The link in that mail."""
        found = re.search(rf"{re.escape(self.url)}\S+", self.mail_to(address, about))
        assert found, "The mail holds no link."
        return found[0]

    def printed(self, pattern: str) -> str:
        """What the server printed at its start that matches."""
        found = re.search(pattern, self.log.read_text())
        assert found, f"The server printed nothing like {pattern}."
        return found[0]


def _text_of(mail: Message) -> str:
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content.decode()
    raise AssertionError("The mail has no plain text.")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def start_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Site]]:
    """Starts servers, each on a fresh database of its own; `changes` are settings."""
    running: list[tuple[Site, Controller]] = []

    def start(**changes: str) -> Site:
        folder = tmp_path_factory.mktemp("site")
        inbox = _Inbox()
        smtp = Controller(inbox, hostname="127.0.0.1", port=free_port())
        smtp.start()
        port = free_port()
        url = f"http://localhost:{port}"
        database = f"sqlite:///{folder / 'portal.db'}"
        settings = {
            "DATABASE_URL": database,
            "APP_KEY": KEY,
            "PUBLIC_URL": url,
            "PORT": str(port),
            "ADDRESS": "127.0.0.1",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(smtp.port),
            "SMTP_SECURITY": "none",
            "FIRST_ADMIN_EMAIL": "admin@example.ca",
            **changes,
        }
        log = folder / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "app.py"], cwd=ROOT, env=os.environ | settings, stdout=output, stderr=output
            )
        _wait_for(f"{url}/healthz", process, log)
        site = Site(url, portal_on(database), inbox, log, process)
        running.append((site, smtp))
        return site

    yield start
    for site, smtp in running:
        site.process.terminate()
        site.process.wait(SECONDS)
        site.portal.database.close()
        smtp.stop()


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, f"The server stopped:\n{log.read_text()}"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"The server did not answer at {address}:\n{log.read_text()}")


@pytest.fixture(scope="session")
def site(start_site: Callable[..., Site]) -> Site:
    """The server that most journeys share."""
    return start_site()


@dataclass
class Somebody:
    """A person at a browser of their own. Anything that leaves the host, and any console error, is kept."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def goes_to(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.url + path)
        self.page.wait_for_selector("h1", timeout=SECONDS * 1000)  # the first drawing of every page
        self.waits()

    def waits(self) -> None:
        """Until the page is drawn and the script at rest."""
        self.page.wait_for_timeout(150)
        self.page.wait_for_selector(_AT_REST, timeout=SECONDS * 1000)

    def reloads(self) -> None:
        self.page.reload()
        self.page.wait_for_selector("h1", timeout=SECONDS * 1000)
        self.waits()

    def fills(self, label: str, value: str) -> None:
        self.field(label).fill(value)

    def field(self, label: str) -> Locator:
        """The visible text field whose label begins with `label`."""
        return self.page.get_by_role("textbox", name=re.compile(rf"^{re.escape(label)}")).last

    def chooses(self, label: str, option: str) -> None:
        """One option of a select box, by its words, as a keyboard does."""
        box = self.page.get_by_role("combobox", name=re.compile(rf"{re.escape(label)}")).last
        box.click()
        box.fill(option)
        self.page.get_by_role("option", name=option, exact=True).first.click()
        self.waits()

    def types_day(self, label: str, day: str) -> None:
        """A day as 2027-03-12, typed into the parts of a date field."""
        field = self.page.get_by_role("group", name=re.compile(re.escape(label))).last
        field.get_by_role("spinbutton").first.click()
        self.page.keyboard.type(day.replace("-", ""))
        self.page.keyboard.press("Tab")
        self.waits()

    def presses(self, name: str, *, exact: bool = True) -> None:
        """A button, when it can be pressed."""
        self.page.keyboard.press("Tab")  # what was typed last is committed, as when a person moves on
        self.waits()
        self.page.get_by_role("button", name=name, exact=exact).last.click()
        self.waits()

    def follows(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()
        self.waits()

    def ticks(self, name: str) -> None:
        self.page.locator("label", has_text=name).last.click()
        self.waits()

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible(timeout=SECONDS * 1000)

    def sees_no(self, text: str) -> None:
        self.waits()
        expect(self.page.get_by_text(text).filter(visible=True)).to_have_count(0, timeout=SECONDS * 1000)

    def signs_in(self, email: str, password: str, path: str = "/sign-in") -> None:
        self.goes_to(path)
        self.fills("E-mail", email)
        self.fills("Password", password)
        self.presses("Sign in")
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible(timeout=SECONDS * 1000)
        self.waits()

    def signs_out(self) -> None:
        self.page.get_by_role("button", name="Sign out").click()
        expect(self.page.get_by_role("link", name="Sign in").first).to_be_visible(timeout=SECONDS * 1000)
        self.waits()


@pytest.fixture
def somebody(browser: Browser, site: Site) -> Iterator[Callable[..., Somebody]]:
    """Makes people at browsers; at the end none may have met an error or left the host."""
    people: list[Somebody] = []

    def arrive(size: dict[str, int] = DESKTOP, at: Site = site, **options: Any) -> Somebody:
        context = browser.new_context(viewport=size, base_url=at.url, **options)  # type: ignore[arg-type]
        person = Somebody(context.new_page(), at.url)
        people.append(person)

        def listen(message: ConsoleMessage) -> None:
            if message.type == "error":
                person.faults.append(f"console: {message.text}")

        def leave(request: Request) -> None:
            if not request.url.startswith((at.url, "data:", "blob:")):
                person.faults.append(f"left the host: {request.url}")

        context.on("console", listen)
        context.on("request", leave)
        context.on("weberror", lambda error: person.faults.append(f"error: {error.error}"))
        return person

    yield arrive
    faults = [fault for person in people for fault in person.faults]
    for person in people:
        person.page.context.close()
    assert not faults, "\n".join(faults)
