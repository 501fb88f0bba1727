"""What only a real browser can do on the pages of profiles: dialogs, dates, a click on the map, a phone."""

import re
from collections.abc import Callable

from core.roles import Role
from db.gate import now
from db.services import operators, owners
from tests.browser.harness import PHONE, Site, Somebody
from tests.core.test_files import PDF
from tests.db.people import PASSWORD, make_account, sign_in

NASTY = "`${1}` <img onerror=alert(1)>"


def opens_dialog(person: Somebody, button: str) -> None:
    person.page.get_by_role("button", name=button, exact=True).first.click()
    person.page.get_by_role("dialog").wait_for()
    person.waits()


def test_a_certificate_is_added_mended_edited_and_deleted(site: Site, somebody: Callable[..., Somebody]) -> None:
    account_id = make_account(site.portal, Role.OPERATOR, at=now(), email="dialogs@example.ca")
    asker = sign_in(site.portal, account_id, now())
    ann = somebody()
    ann.signs_in("dialogs@example.ca", PASSWORD, "/my-profile")
    opens_dialog(ann, "Add")
    ann.fills("Certificate number", NASTY)
    ann.chooses("Type", "Wastewater treatment")
    ann.chooses("Class", "Class III")
    ann.types_day("Expiry date", "2020-01-01")
    ann.presses("Add certificate")
    ann.sees("The certificate expired on 1 January 2020.")
    assert ann.field("Certificate number").input_value() == NASTY
    ann.types_day("Expiry date", f"{now().year + 2}-01-01")
    ann.presses("Add certificate")
    ann.sees("The certificate is saved.")
    opens_dialog(ann, "Edit")
    ann.chooses("Type", "Water quality analyst")
    ann.page.get_by_role("button", name="Save certificate").click()
    ann.sees("Water quality analyst")
    (certificate,) = operators.my_profile(asker).certificates
    assert certificate.licence.number == NASTY.upper().replace(" ", "")
    assert certificate.licence.label == "Water quality analyst"
    opens_dialog(ann, "Delete")
    ann.presses("Delete certificate")
    ann.sees("You have not added a certificate yet.")


def test_an_own_certificate_does_not_make_the_typed_operator_id_stale(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    account_id = make_account(site.portal, Role.OPERATOR, at=now(), email="twoacts@example.ca")
    asker = sign_in(site.portal, account_id, now())
    operators.save_operator_id(asker, "90012300", 0)
    ann = somebody()
    ann.signs_in("twoacts@example.ca", PASSWORD, "/my-profile")
    ann.fills("Operator ID", "90012311")
    ann.leaves_the_field()
    opens_dialog(ann, "Add")
    ann.fills("Certificate number", "777")
    ann.chooses("Type", "Water quality analyst")
    ann.types_day("Expiry date", f"{now().year + 2}-01-01")
    ann.presses("Add certificate")
    ann.sees("The certificate is saved.")
    ann.presses("Save Operator ID")
    ann.sees("Your Operator ID is saved.")
    assert operators.my_profile(asker).claimed_operator_id == "90012311"


def test_a_first_nation_facility_is_placed_on_the_map_and_has_its_letter(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    account_id = make_account(site.portal, Role.OWNER, at=now(), email="letters@example.ca")
    asker = sign_in(site.portal, account_id, now())
    owners.save_organization(asker, "Nipissing First Nation", "first_nation", 0)
    ann = somebody()
    ann.signs_in("letters@example.ca", PASSWORD, "/my-facilities")
    opens_dialog(ann, "Add")
    ann.fills("Facility name", "Garden Village")
    ann.chooses("Type", "Wastewater treatment")
    ann.chooses("Class", "Class I")
    ann.chooses("Place", "North Bay")
    ann.page.frame_locator("iframe").first.locator(".leaflet-container").click(position={"x": 300, "y": 160})
    ann.page.wait_for_function(
        "[...document.querySelectorAll('[role=dialog] input')].some(box => /^4\\d\\.\\d{4}, -/.test(box.value))"
    )
    clicked = ann.field("Exact position").input_value()
    assert re.fullmatch(r"46\.\d{4}, -79\.\d{4}", clicked)
    ann.types_day("Date of the letter", "2026-06-01")
    ann.fills("Reference of the letter", "BCR 7")
    ann.presses("Add facility")
    ann.sees("Add a scan of the letter")
    ann.page.set_input_files(
        "input[type=file]", files=[{"name": "letter.pdf", "mimeType": "application/pdf", "buffer": PDF}]
    )
    ann.waits()
    ann.presses("Add facility")
    ann.sees("The facility is saved.")
    (facility,) = owners.my_organization(asker).facilities
    assert f"{facility.point.latitude:.4f}, {facility.point.longitude:.4f}" == clicked
    assert facility.letter_file_id is not None


def test_nothing_is_wider_than_a_telephone(site: Site, somebody: Callable[..., Somebody]) -> None:
    roles = (Role.OPERATOR, Role.OWNER, Role.OFFICER)
    make_account(site.portal, *roles, at=now(), email="phone@example.ca", given_name="W" * 60)
    ann = somebody(PHONE)
    ann.signs_in("phone@example.ca", PASSWORD)
    for path in ("/", "/my-profile", "/my-facilities", "/overview", "/queue", "/submission?id=99999"):
        ann.goes_to(path)
        widest = ann.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert widest <= PHONE["width"], path
