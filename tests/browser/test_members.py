"""An owner invites a delegate for one facility; the delegate finds an operator there, until the owner ends it."""

from collections.abc import Callable
from dataclasses import replace

from playwright.sync_api import expect
from sqlalchemy import select

from core.licences import LicenceType
from core.search import Held
from db.gate import now
from db.schema import Account, OperatorProfile
from tests.browser.harness import PHONE, Site, Somebody
from tests.browser.test_journey import PASSWORD, details
from tests.db.people import sign_in
from tests.db.searchable import CLASS_III, add_operator, candidate, owner

WATER = replace(CLASS_III, licence_type=LicenceType.WATER_TREATMENT)  # no other journey's search finds it


def test_a_delegate_is_invited_finds_an_operator_and_is_ended(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    profile_id = add_operator(site.portal, candidate(Held(WATER)), "Wanda Waters")
    manager = somebody().is_signed_in(owner(site.portal, "Village of Gogama", at=now()))
    manager.goes_to("/members")
    manager.page.get_by_role("tab", name="Invite").click()
    manager.fills("E-mail", "dele@example.ca")
    manager.leaves_the_field()
    manager.chooses("Find operators", "Works")
    manager.presses("Invite")
    manager.sees("dele@example.ca is invited. The mail is on its way.")

    delegate = somebody(PHONE, has_touch=True)
    delegate.goes_to(site.link_to("dele@example.ca", "invited"))
    delegate.sees("Member of Village of Gogama")
    details(delegate, "Dele", "Gate")
    delegate.presses("Accept and create account")
    delegate.sees("Your account is ready")
    delegate.signs_in("dele@example.ca", PASSWORD, "/search?type=Water+treatment")
    delegate.sees("One operator with water treatment, Class I or higher")
    delegate.opens_card(0)
    delegate.presses("Show contact details")
    delegate.sees("(705) 555-0100")

    operator = somebody().is_signed_in(sign_in(site.portal, account_of(site, profile_id), now()))
    operator.goes_to("/overview")
    looks = operator.page.get_by_role("table", name="Who looked")
    expect(looks).to_contain_text("Dele Gate")
    expect(looks).to_contain_text("Village of Gogama")

    manager.goes_to("/members")
    manager.chooses_row(1)
    manager.presses("End the membership")
    manager.presses("End it now")
    manager.sees("It has ended, from the next click on.")
    delegate.presses("Close")
    delegate.sees("No organization that the office has verified lets you find operators")
    delegate.sees_no("Wanda")


def account_of(site: Site, profile_id: int) -> int:
    with site.portal.database.transaction(writes=False) as session:
        person_id = session.get_one(OperatorProfile, profile_id).person_id
        return session.scalars(select(Account.id).where(Account.person_id == person_id)).one()
