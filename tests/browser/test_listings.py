"""A listing of 20,000 rows as an officer imports it, as a second officer confirms it, and as it is withdrawn."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from core.places import day_at
from core.roles import Role
from db.gate import now
from db.services import listings
from tests.browser.harness import SECONDS, Site, Somebody
from tests.db.uploaded import OPERATORS, licence, written

ROWS = 20_000
NASTY = "<img src=x onerror=alert(1)> `${1}`"


def uploads(ann: Somebody, content: bytes | Path) -> None:
    file = content if isinstance(content, Path) else {"name": "l.csv", "mimeType": "text/csv", "buffer": content}
    ann.page.locator("input[type=file]").set_input_files(file)
    ann.waits()


def fact(ann: Somebody, name: str, value: str) -> None:
    term = ann.page.locator("dt", has_text=name).first
    expect(term.locator("xpath=following-sibling::dd[1]")).to_have_text(value, timeout=60_000)


def test_a_listing_of_20_000_rows_is_imported_confirmed_and_withdrawn(
    site: Site, somebody: Callable[..., Somebody], tmp_path: Path
) -> None:
    today = day_at(now())
    first = [licence(number, last_name=NASTY if number == 3 else "Roy") for number in range(ROWS)]
    bad = licence(ROWS, expiry_date="03/04/2027", last_name=NASTY)
    officer = site.member(Role.OFFICER, given_name="Ann", family_name="First")
    ann = somebody().is_signed_in(officer)
    ann.goes_to("/listings")
    ann.sees("no listing is on file")

    uploads(ann, written([*first, bad]))
    fact(ann, "New", "20\u202f000")
    fact(ann, "Bad rows, left out", "1")
    ann.sees("Nothing is written yet.")
    ann.types_day("Date of the listing", (today + timedelta(1)).isoformat())
    ann.presses("Import this listing")
    ann.sees("is still to come")
    fact(ann, "New", "20\u202f000")
    ann.types_day("Date of the listing", (today - timedelta(1)).isoformat())
    ann.presses("Import this listing")
    expect(ann.page.get_by_text("The listing is imported and stands: 20\u202f000 licences.")).to_be_visible(
        timeout=60_000
    )

    uploads(ann, written(first[:19_000]))
    fact(ann, "Gone", "1\u202f000")
    ann.sees("The import will wait for a second officer.")
    ann.types_day("Date of the listing", today.isoformat())
    ann.presses("Import this listing")
    expect(ann.page.get_by_text("another officer has to confirm it")).to_be_visible(timeout=60_000)

    bob = somebody().is_signed_in(site.member(Role.OFFICER, given_name="Bob", family_name="Second"))
    bob.goes_to("/listings")
    bob.presses("Confirm this import")
    bob.sees("The listing is confirmed and stands.")
    bob.sees("19\u202f000 licences; imported by Ann First")

    bob.presses("Withdraw this listing")
    bob.page.get_by_role("dialog").wait_for()
    bob.presses("Withdraw it")
    bob.sees("Write the reason for the withdrawal")
    bob.fills("Why it is withdrawn", "It was the listing of last year.")
    bob.presses("Withdraw it")
    bob.sees("20\u202f000 licences; imported by Ann First")
    standing = listings.stands(officer)[OPERATORS].standing
    assert standing
    assert standing.rows == ROWS

    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    bob.page.locator("input[type=file]").set_input_files(large)
    expect(bob.page.get_by_text("File must be 20.0MB or smaller")).to_be_visible(timeout=SECONDS * 1000)
