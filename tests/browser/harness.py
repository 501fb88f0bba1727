"""A real server with a real mail server beside it, and people at real browsers: what every journey needs."""

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from playwright.sync_api import ConsoleMessage, Dialog, Locator, Page, Request, Route, expect

from core.roles import Role
from db.gate import Asker, Portal, now
from manage import BROWSERS
from tests.db.people import make_account, sign_in
from tests.portals import KEY, portal_on
from ui.session import COOKIE

ROOT = Path(__file__).parents[2]
FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync --process-per-site""".split()  # noqa: SIM905 - as one types them
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SECONDS = 20  # before a page that does not come fails its test
# To another page within the portal, as by its menu, without loading it anew; whether its script has run then.
_MOVE = """path => new Promise(drawn => {
    const app = document.querySelector('[data-testid=stApp]');
    const seen = new MutationObserver(() => {
        if (app.dataset.testScriptState === 'notRunning') { seen.disconnect(); drawn(true); }
    });
    seen.observe(app, {attributeFilter: ['data-test-script-state']});
    seen.observe(document.querySelector('title'), {childList: true});  // of a quick page the states are not drawn
    setTimeout(() => drawn(false), 10000);
    history.pushState({}, '', path);
    dispatchEvent(new PopStateEvent('popstate', {state: {}}));
})"""
_AT_REST = "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"


def chromium() -> str | None:
    """The path of this machine's Chromium, or None."""
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


# --- the server -------------------------------------------------------------------------------------------


class Inbox(MessageHandler):
    """Every mail that the portal sent, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Message] = []

    def handle_message(self, message: Message) -> None:
        self.mails.append(message)


@dataclass
class Site:
    """A running portal: its address, the mail it sent, and its database beside it.

    start: a copy of the database from the start, for one that lasts as long as the tests do.
    """

    url: str
    portal: Portal
    inbox: Inbox
    log: Path
    start: Path | None = None

    def lasts(self) -> None:
        """From here on it can begin anew."""
        self.start = self.log.with_name("start.db")
        _copy(self._file, self.start)

    def begins_anew(self) -> None:
        """The database is as at the start, while the server runs; no mail has come."""
        assert self.start
        _copy(self.start, self._file)
        self.inbox.mails.clear()

    @property
    def _file(self) -> Path:
        return Path(self.portal.database.url.database or "")

    def mail_to(self, address: str, about: str) -> str:
        """The text of the newest mail to an address whose subject holds `about`; waits for it.

        Mails that wait for one address together are sent as one, each with its subject in the text.
        """
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            for mail in reversed(self.inbox.mails):
                together = "messages from the portal" in subject_of(mail)
                subject = _text_of(mail) if together else subject_of(mail)
                if address in str(mail["To"]) and about.lower() in subject.lower():
                    return _text_of(mail)
            time.sleep(0.1)
        subjects = [(str(mail["To"]), subject_of(mail)) for mail in self.inbox.mails]
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

    def member(self, *roles: Role, **person: str) -> Asker:
        """A new person with a confirmed account and these roles, signed in."""
        return sign_in(self.portal, make_account(self.portal, *roles, at=now(), **person), now())


def _copy(source: Path, target: Path) -> None:
    """One SQLite database over another, as one transaction of whoever has it open."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target, timeout=SECONDS)) as written:
        read.backup(written)


def subject_of(mail: Message) -> str:
    return str(make_header(decode_header(mail["Subject"])))


def _text_of(mail: Message) -> str:
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content.decode()
    raise AssertionError("The mail has no plain text.")


@contextmanager
def served(folder: Path, before: Callable[[dict[str, str]], None] | None = None, **changes: str) -> Iterator[Site]:
    """A server on a database of its own in `folder`; `changes` are settings, `before` is told all of them."""
    inbox = Inbox()
    smtp = Controller(inbox, hostname="127.0.0.1", port=free_port())
    smtp.start()
    port = free_port()
    url = f"http://localhost:{port}"
    settings = {
        "DATABASE_URL": f"sqlite:///{folder / 'portal.db'}",
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
    if before:
        before(settings)
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env=os.environ | settings, stdout=output, stderr=output
        )
    try:
        _wait_for(f"{url}/healthz", process, log)
        portal = portal_on(settings["DATABASE_URL"])
        yield Site(url, portal, inbox, log)
        portal.database.close()
    finally:
        process.terminate()
        process.wait(SECONDS)
        smtp.stop()


def fill_demo(settings: dict[str, str]) -> None:
    """Fills the demo's database, as the README's first command does."""
    subprocess.run([sys.executable, "-m", "db.demo"], cwd=ROOT, env=os.environ | settings, check=True)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


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


# --- people -----------------------------------------------------------------------------------------------


@dataclass
class Somebody:
    """A person at a browser of their own. Anything that leaves the host, and any console error, is kept.

    `beside` is the one other host that a journey is meant to lead to.
    """

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)
    beside: str = "data:"

    def __post_init__(self) -> None:
        self._heard = {
            "console": self._listen,
            "request": self._watch,
            "pageerror": lambda error: self.faults.append(f"error: {error}"),
            "dialog": self._dismiss,
        }
        for event, listener in self._heard.items():
            self.page.on(event, listener)  # type: ignore[call-overload]

    def leaves(self) -> None:
        """The page is as nobody had used it, but that its browser keeps the portal's scripts."""
        for tab in self.page.context.pages:
            if tab is not self.page:
                tab.close()
        self.page.unroute_all()
        self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        self.page.goto(f"{self.url}/healthz")  # of the same site: its process has the scripts compiled
        self.page.context.clear_cookies()
        for event, listener in self._heard.items():
            self.page.remove_listener(event, listener)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.url, self.beside, "data:", "blob:")):
            self.faults.append(f"left the host: {request.url}")

    def _dismiss(self, dialog: Dialog) -> None:
        if dialog.type == "beforeunload":
            dialog.accept()
            return
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    # --- ways ---

    def goes_to(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.url + path)
        self.page.wait_for_selector("h1", timeout=SECONDS * 1000)  # the first drawing of every page
        self.waits()

    def moves_to(self, path: str) -> None:
        """Goes to another page within the portal, which is not loaded anew."""
        if self.page.evaluate(_MOVE, path):
            self.waits()
        else:  # the browser was busy: nothing is proved about how it moves
            self.goes_to(path)
        assert urlsplit(self.page.url).path == urlsplit(path).path

    def reloads(self) -> None:
        self.page.reload()
        self.page.wait_for_selector("h1", timeout=SECONDS * 1000)
        self.waits()

    @contextmanager
    def with_slow_browser(self, times: int) -> Iterator[None]:
        """While it is open the browser works this many times as slowly."""
        slowed = self.page.context.new_cdp_session(self.page)
        slowed.send("Emulation.setCPUThrottlingRate", {"rate": times})
        yield
        slowed.detach()

    @contextmanager
    def with_slow_fields(self, *kinds: str) -> Iterator[None]:
        """While it is open the scripts of fields of these kinds, such as Selectbox, do not come."""
        held: list[Route] = []
        pattern = re.compile(rf"/static/js/({'|'.join(kinds)})\.")
        self.page.route(pattern, lambda route: held.append(route))
        yield
        assert held, f"This browser had the scripts of {kinds} already, so nothing is proved."
        for route in held:
            route.continue_()
        self.page.unroute(pattern)

    def waits(self) -> None:
        """Until the page is drawn and the script at rest."""
        self.page.wait_for_timeout(150)
        self.page.wait_for_selector(_AT_REST, timeout=SECONDS * 1000)

    def follows(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()
        self.waits()

    def opens_tab(self) -> "Somebody":
        """A second tab of the same browser."""
        return Somebody(self.page.context.new_page(), self.url, self.faults, self.beside)

    # --- forms ---

    def fills(self, label: str, value: str) -> None:
        self.field(label).fill(value)

    def field(self, label: str) -> Locator:
        """The visible text field whose label begins with `label`."""
        return self.page.get_by_role("textbox", name=re.compile(rf"^{re.escape(label)}")).last

    def holds(self, label: str, value: str) -> None:
        expect(self.field(label)).to_have_value(value, timeout=SECONDS * 1000)

    def chooses(self, label: str, option: str) -> None:
        """One option of a select box, by its words, as a keyboard does."""
        box = self.page.get_by_role("combobox", name=re.compile(rf"{re.escape(label)}")).last
        box.click()
        box.fill(option)
        # The list is narrowed by what was typed; before that a click would meet another option.
        expect(self.page.get_by_role("option").first).to_contain_text(option, timeout=SECONDS * 1000)
        self.page.get_by_role("option", name=option, exact=True).first.click()
        self.waits()

    def types_day(self, label: str, day: str) -> None:
        """A day as 2027-03-12."""
        self.fills(label, day)
        self.page.keyboard.press("Tab")
        self.waits()

    def leaves_the_field(self) -> None:
        """What was typed last goes to the server, as when a person moves on."""
        self.page.keyboard.press("Tab")
        self.waits()

    def presses(self, name: str, *, exact: bool = True) -> None:
        """A button, when it can be pressed; one with a key bears the key behind its name."""
        self.leaves_the_field()
        named = re.compile(rf"^{re.escape(name)}( Shortcut .+)?$") if exact else name
        self.page.get_by_role("button", name=named).last.click()
        self.waits()

    def downloads(self, name: str, named: str = "") -> bytes:
        """The file behind a button, whose file's name matches. Each drawing gives a file another number: whoever
        presses in that moment is told that there is none, and presses again."""
        self.waits()
        with self.page.expect_download(timeout=SECONDS * 1000) as coming:
            self.page.get_by_role("button", name=name).click()
            while not coming.is_done():
                self.page.wait_for_timeout(50)
                if self.page.get_by_test_id("stDownloadButtonError").is_visible():
                    self.presses(name)
        assert re.match(named, coming.value.suggested_filename)
        return Path(coming.value.path()).read_bytes()

    def ticks(self, name: str) -> None:
        self.page.locator("label", has_text=name).last.click()
        self.waits()

    # --- eyes ---

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible(timeout=SECONDS * 1000)

    def sees_no(self, text: str) -> None:
        self.waits()
        expect(self.page.get_by_text(text).filter(visible=True)).to_have_count(0, timeout=SECONDS * 1000)

    def is_at(self, title: str) -> None:
        """On the page of this title."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title, timeout=SECONDS * 1000)

    # --- tables: canvases that scripts cannot read, so they are worked as people work them ---

    def table(self) -> Locator:
        return self.page.locator("[data-testid=stDataFrame]").filter(visible=True).first

    def drawn_table(self) -> Locator:
        """The table once it can be worked: its canvas is there, and has had the time to be painted."""
        self.table().locator("canvas").first.wait_for()
        self.page.wait_for_timeout(500)
        return self.table()

    def opens_card(self, number: int) -> None:
        """On a narrow screen, where a table is cards: the one of this number, counted from 0, by its name."""
        self.page.locator("[class*=st-key-cards-open-] button").nth(number).click()
        self.waits()

    def clicks_row(self, number: int, column: int = 60, height: int = 35) -> None:
        """A cell of a table's row with the mouse, counted from 0: `column` px from the left, at first the name."""
        down = 36 + height * number + 17
        self.drawn_table().hover(position={"x": column - 4, "y": down})  # it knows only a mouse that moves on it
        self.table().click(position={"x": column, "y": down})
        self._rows_are_told()

    def chooses_row(self, number: int) -> None:
        """A table's row, counted from 0, by the keyboard alone: arrows, then Shift and Space."""
        self.drawn_table().locator("canvas").first.focus()  # which is at the first row
        self.page.wait_for_timeout(200)  # ui.tables: it is told of the keyboard a moment after
        for _ in range(number):
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Shift+Space")
        self._rows_are_told()

    def _rows_are_told(self) -> None:
        """A table waits a moment before it tells the server which row was ticked."""
        self.page.wait_for_timeout(200)
        self.waits()

    # --- the door ---

    def signs_in(self, email: str, password: str, path: str = "/sign-in") -> None:
        self.goes_to(path)
        self.fills("E-mail", email)
        self.fills("Password", password)
        self.presses("Sign in")
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible(timeout=SECONDS * 1000)
        self.waits()

    def is_signed_in(self, asker: Asker) -> "Somebody":
        """Takes up a session that was begun straight in the database."""
        assert asker.token
        self.keeps(COOKIE, asker.token)
        return self

    def keeps(self, cookie: str, value: str) -> None:
        self.page.context.add_cookies([{"name": cookie, "value": value, "url": self.url, "httpOnly": True}])

    def cookie(self, name: str = COOKIE) -> str:
        """A cookie's value, as somebody who reads this browser's disk copies it."""
        return next(one["value"] for one in self.page.context.cookies() if one["name"] == name)

    def signs_out(self) -> None:
        self.page.get_by_role("button", name="Sign out").click()
        expect(self.page.get_by_role("link", name="Sign in").first).to_be_visible(timeout=SECONDS * 1000)
        self.waits()
