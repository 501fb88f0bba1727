"""An owner invites an employee by e-mail: from the mail to the confirmed Operator ID, and what it allows."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from core.places import day_at
from core.roles import Role
from db.gate import now
from tests.browser.harness import PHONE, Site, Somebody
from tests.browser.test_journey import PASSWORD as CHOSEN
from tests.browser.test_journey import details
from tests.browser.test_people import owner_of
from tests.db import employed
from tests.db.filed import facility_of
from tests.db.people import PASSWORD

EMAIL, NUMBER = "ivy@example.ca", "90000077"


def test_an_employee_accepts_an_invitation_and_acts_once_the_operator_id_is_confirmed(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    owner, today = owner_of(site, "inviting@example.ca", "S7"), day_at(now())
    known = ("90000003", "Chief", "III"), ("90000002", "Second", "II")
    employed.listed(site.portal, *known, (NUMBER, "Ivy", "III"))
    ivy_id = employed.employ(owner, "Ivy", NUMBER, first=today - timedelta(days=100))
    people = f"/people?id={facility_of(owner)}"

    ann = somebody()
    ann.signs_in("inviting@example.ca", PASSWORD, people)
    ann.is_at("People of a facility")
    ann.chooses("Who", "Sam Ivy")
    ann.chooses("On what it rests", "Licence of the facility's class or higher")
    ann.types_day("First day", today.isoformat())
    ann.fills("Reason", "Runs it.")
    ann.presses("Designate the overall responsible operator")
    ann.sees("The office has not confirmed the Operator ID of Sam Ivy yet.")
    ann.page.get_by_role("tab", name="Invite").click()
    ann.chooses("Who", "Sam Ivy")
    ann.fills("E-mail", EMAIL)
    ann.leaves_the_field()
    ann.presses("Invite")
    ann.sees(f"{EMAIL} is invited. The mail is on its way.")
    expect(ann.page.locator("#said")).to_be_focused()

    ivy = somebody(PHONE, has_touch=True)
    ivy.goes_to(site.link_to(EMAIL, "invited"))
    ivy.sees("Member of Town S7 (as its employee Sam Ivy)")
    details(ivy, "Sam", "Ivy")
    ivy.presses("Accept and create account")
    ivy.sees("Your account is ready")
    ivy.signs_in(EMAIL, CHOSEN, people)
    ivy.is_at("People of a facility")

    officer = somebody().is_signed_in(site.member(Role.OFFICER))
    officer.goes_to("/people")
    waiting = officer.page.locator(f".st-key-unconfirmed-{ivy_id}")
    waiting.get_by_role("button", name="Confirm this Operator ID").click()
    officer.sees("The Operator ID is confirmed, and its licences count.")

    ann.goes_to(people)  # what was typed is kept
    ann.presses("Designate the overall responsible operator")
    ann.sees("The designation is recorded.")
    ivy.goes_to(people)
    ivy.sees("overall responsible operator on")
    ivy.sees("Sam Ivy")
