"""The whole journey, as people make it: the office is staffed, an operator registers, the office verifies, an
owner finds the operator on a map and looks at the contact details, and the operator sees it and switches off."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from core.roles import Role
from db.gate import now
from tests.browser.harness import PHONE, SECONDS, Site, Somebody
from tests.db.people import PASSWORD, make_account
from tests.db.profiles import submitted_operator


def test_an_operator_registers_the_office_verifies_and_an_owner_finds_them(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    officer = an_officer(site, somebody)
    operator = registers(site, somebody(), "operator", "Siobhán", "O'Brien `${1}`", "siobhan@example.ca")
    submits_a_licence(operator, "90012345", "T-4711", "Class III")
    operator.goes_to("/overview")
    stands(operator, "? Pending verification")

    owner = registers(site, somebody(PHONE, has_touch=True), "owner", "Odette", "Owner", "odette@example.ca")
    submits_a_facility(owner)

    approves(site, officer, "Siobhán O'Brien")
    approves(site, officer, "Town of Cochrane")
    assert "active" in site.mail_to("siobhan@example.ca", "active")
    assert "active" in site.mail_to("odette@example.ca", "active")

    operator.goes_to("/overview")
    stands(operator, "● Active")
    says_when_and_where(operator)

    finds(owner)
    owner.presses("Show contact details")
    owner.sees("siobhan@example.ca")
    owner.sees("(705) 267-1234")

    operator.goes_to("/overview")
    operator.sees("Who looked at my contact details")
    expect(operator.page.get_by_role("table", name="Who looked")).to_contain_text("Town of Cochrane")
    operator.presses("Switch availability off")
    operator.sees("Not available: owners do not find you")

    owner.goes_to("/search")
    owner.sees("Nobody who is verified and available fits")


def test_a_returned_profile_is_mended_and_submitted_again(site: Site, somebody: Callable[..., Somebody]) -> None:
    officer = somebody().is_signed_in(site.member(Role.OFFICER))
    rae = site.member(Role.OPERATOR, given_name="Rae", family_name="Turner", email="rae@example.ca")
    operator = somebody().is_signed_in(rae)
    submits_a_licence(operator, "90054321", "T-9", "Class I")

    opens(officer, "Rae Turner")
    officer.page.get_by_role("textbox", name="Reasons for a return").fill("The number is T-99. Mend it, please.")
    officer.presses("Return with reasons")
    officer.sees("is returned, and the holder is told by mail")
    assert "T-99" in site.mail_to("rae@example.ca", "returned")

    operator.goes_to("/my-profile")
    operator.sees("The number is T-99. Mend it, please.")
    operator.presses("Edit")
    operator.fills("Certificate number", "T-99")
    operator.presses("Save certificate")
    operator.sees("The certificate is saved")
    hands_in(operator)

    approves(site, officer, "Rae Turner")
    operator.goes_to("/overview")
    stands(operator, "● Active")


def test_a_deep_link_leads_through_sign_in_to_its_page(site: Site, somebody: Callable[..., Somebody]) -> None:
    submitted_operator(site.portal, "90011111", "T-D", at=now(), given_name="Deep", family_name="Link")
    make_account(site.portal, Role.OFFICER, at=now(), email="third.officer@example.ca")
    officer = somebody()
    officer.signs_in("third.officer@example.ca", PASSWORD)
    opens(officer, "Deep Link")
    address = officer.page.url
    assert "/submission?id=" in address

    later = somebody()
    later.signs_in("third.officer@example.ca", PASSWORD, address)
    later.sees("Deep Link waits for a decision")
    assert later.page.url == address


# --- steps ------------------------------------------------------------------------------------------------


def an_officer(site: Site, somebody: Callable[..., Somebody], email: str = "officer@example.ca") -> Somebody:
    """The first admin takes up the printed link once; an officer is invited, accepts and signs in."""
    admin = somebody()
    link = site.printed(rf"{re.escape(site.url)}/invitation\?key=\S+")
    admin.goes_to(link)
    # By its title, which is drawn first: a button's own script may still be on its way when the page is at rest.
    if admin.page.get_by_role("heading", level=1).text_content() == "Accept the invitation":
        details(admin, "Ada", "Admin")
        admin.presses("Accept and create account")
        admin.sees("Your account is ready")
    admin.signs_in("admin@example.ca", PASSWORD, "/accounts")
    admin.page.get_by_role("tab", name="Invite").click()
    admin.waits()
    admin.fills("E-mail", email)
    admin.leaves_the_field()
    admin.chooses("Role", "Officer")
    admin.presses("Invite")
    officer = somebody()
    officer.goes_to(site.link_to(email, "invit"))
    details(officer, "Olga", "Officer")
    officer.presses("Accept and create account")
    officer.sees("Your account is ready")
    officer.signs_in(email, PASSWORD)
    return officer


def details(person: Somebody, given_name: str, family_name: str) -> None:
    person.fills("Given name", given_name)
    person.fills("Family name", family_name)
    person.fills("Telephone", "705-267-1234")
    person.fills("Municipality", "Timmins")
    person.chooses("Preferred language", "English")
    person.fills("Password", PASSWORD)


def registers(site: Site, person: Somebody, role: str, given_name: str, family_name: str, email: str) -> Somebody:
    """From Home through the door of a role to a confirmed, signed-in account."""
    person.goes_to("/")
    person.follows(f"Register as an {role}")
    person.fills("E-mail", email)
    details(person, given_name, family_name)
    person.presses("Create account")
    person.sees("Look into the mailbox")
    person.goes_to(site.link_to(email, "confirm"))
    person.presses("Confirm this address")
    person.sees("Your e-mail is confirmed")
    person.signs_in(email, PASSWORD)
    return person


def submits_a_licence(operator: Somebody, operator_id: str, number: str, level: str) -> None:
    operator.goes_to("/my-profile")
    operator.fills("Operator ID", operator_id)
    operator.presses("Save Operator ID")
    operator.sees("Your Operator ID is saved")
    operator.presses("Add")
    operator.fills("Certificate number", number)
    operator.chooses("Type", "Wastewater treatment")
    operator.chooses("Class", level)
    operator.types_day("Expiry date", f"{now().year + 2}-05-31")
    operator.presses("Add certificate")
    operator.sees("The certificate is saved")
    hands_in(operator)


def hands_in(person: Somebody) -> None:
    person.ticks("I have read the user agreement")
    person.presses("Submit for verification")
    person.sees("Your profile is submitted")


def submits_a_facility(owner: Somebody) -> None:
    owner.goes_to("/my-facilities")
    owner.fills("Name of the organization", "Town of Cochrane")
    owner.chooses("Kind", "Municipality")
    owner.presses("Save organization")
    owner.sees("Your organization is saved")
    owner.presses("Add")
    owner.fills("Facility number", "110000815")
    owner.fills("Facility name", "Cochrane Lagoon")
    owner.chooses("Type", "Wastewater treatment")
    owner.chooses("Class", "Class II")
    owner.chooses("Place", "Cochrane")
    owner.presses("Add facility")
    owner.sees("The facility is saved")
    hands_in(owner)


def opens(officer: Somebody, name: str) -> None:
    """An item of the queue, found by name."""
    officer.goes_to("/queue")
    officer.fills("Name or number contains", name)
    officer.page.keyboard.press("Tab")
    officer.waits()
    officer.sees("Matching: 1")
    officer.page.get_by_role("link", name=re.compile("Open submission")).first.click()
    officer.waits()
    waits = re.compile(rf"^{re.escape(name)}.* waits for a decision since")
    expect(officer.page.locator("p.stands-so")).to_have_text(waits, timeout=SECONDS * 1000)


def stands(person: Somebody, mark: str) -> None:
    """The standing of the profile on its overview, shape and word, and nothing else."""
    expect(person.page.locator(".standing").first).to_have_text(mark, timeout=SECONDS * 1000)


def approves(site: Site, officer: Somebody, name: str) -> None:
    opens(officer, name)
    officer.presses("Approve")
    officer.sees("is approved")


def says_when_and_where(operator: Somebody) -> None:
    operator.ticks("Monday day")
    operator.ticks("Tuesday day")
    operator.chooses("Base place", "Timmins")
    operator.presses("Save changes")
    operator.sees("Saved. Owners can find you.")
    operator.sees("Available: owners can find you")


def finds(owner: Somebody) -> None:
    """From the facility's own place: the one operator within reach, opened from its card."""
    owner.goes_to("/search")
    owner.sees("One operator with wastewater treatment, Class I or higher")
    owner.sees("O'Brien `${1}`")
    owner.opens_card(0)
    owner.sees("Based in")
