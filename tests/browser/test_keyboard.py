"""Without a mouse: an operator registers, signs in and submits a certificate; a row of a table is opened."""

from collections.abc import Callable

from core.roles import Role
from db.gate import now
from tests.browser.harness import Site, Somebody
from tests.db.people import PASSWORD

# The accessible name of what has the focus, as near as a script comes to it.
FOCUSED = """() => {
    const on = document.activeElement;
    const label = on.getAttribute("aria-label") || [...(on.labels || [])].map(one => one.innerText).join(" ");
    const words = on.querySelector("p") || on;  // an icon before them is text too
    return (label || words.innerText || on.tagName).trim();
}"""


class Keyboard:
    """Somebody who has nothing else."""

    def __init__(self, who: Somebody) -> None:
        self.who, self.keys = who, who.page.keyboard

    def tabs_to(self, name: str) -> "Keyboard":
        """Presses Tab until something whose name begins with `name` has the focus."""
        seen = []
        for _ in range(80):
            self.keys.press("Tab")
            self.who.page.wait_for_timeout(30)
            seen.append(self.who.page.evaluate(FOCUSED))
            if seen[-1].lower().startswith(name.lower()):
                return self
        raise AssertionError(f"The Tab key never came to {name!r}, but to {seen}.")

    def types(self, text: str) -> "Keyboard":
        self.keys.type(text)
        return self

    def presses(self, key: str = "Enter") -> "Keyboard":
        self.keys.press(key)
        self.who.waits()
        return self

    def enters(self, label: str, text: str) -> None:
        self.tabs_to(label).types(text)

    def chooses(self, label: str, option: str) -> None:
        self.tabs_to(label).types(option)
        self.who.page.get_by_role("option", name=option, exact=True).first.wait_for()
        self.presses("Enter")


def test_an_operator_registers_and_submits_without_a_mouse(site: Site, somebody: Callable[..., Somebody]) -> None:
    ann = somebody()
    keys = Keyboard(ann)
    ann.goes_to("/")
    keys.tabs_to("Register as an operator").presses()
    ann.is_at("Register")
    keys.enters("Given name", "Kay")
    keys.enters("Family name", "Board")
    keys.enters("E-mail", "kay@example.ca")
    keys.enters("Telephone", "705-267-1234")
    keys.enters("Municipality", "Timmins")
    keys.chooses("Preferred language", "English")
    keys.enters("Password", PASSWORD)
    keys.tabs_to("Create account").presses()
    ann.sees("Look into the mailbox")
    ann.goes_to(site.link_to("kay@example.ca", "confirm"))
    keys.tabs_to("Confirm this address").presses()
    ann.sees("Your e-mail is confirmed")
    ann.goes_to("/sign-in")
    keys.enters("E-mail", "kay@example.ca")
    keys.enters("Password", PASSWORD)
    keys.tabs_to("Sign in").presses()
    ann.is_at("Welcome")
    ann.waits()
    keys.tabs_to("My profile").presses()
    ann.is_at("My profile")
    keys.enters("Operator ID", "90044444")
    keys.tabs_to("Save Operator ID").presses()
    ann.sees("Your Operator ID is saved")
    keys.tabs_to("Add").presses()
    ann.page.get_by_role("dialog").wait_for()
    ann.waits()
    keys.enters("Certificate number", "K-1")
    keys.chooses("Type", "Wastewater treatment")
    keys.chooses("Class", "Class III")
    keys.enters("Expiry date", f"{now().year + 2}-03-12")
    keys.tabs_to("Add certificate").presses()
    ann.sees("The certificate is saved")
    keys.tabs_to("I have read the user agreement").presses("Space")
    keys.tabs_to("Submit for verification").presses()
    ann.sees("Your profile is submitted")


def test_a_row_of_a_table_is_opened_without_a_mouse(site: Site, somebody: Callable[..., Somebody]) -> None:
    site.member(Role.OPERATOR, email="row@example.ca")
    admin = somebody().is_signed_in(site.member(Role.ADMIN))
    admin.goes_to("/accounts")
    admin.fills("Name or e-mail contains", "row@example.ca")
    admin.leaves_the_field()
    admin.sees("One account matches.")
    keys = Keyboard(admin)
    keys.tabs_to("Canvas").presses("ArrowDown").presses("Shift+Space")
    admin.sees("The account you chose")
