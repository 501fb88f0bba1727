"""A facility runs short of its operator: a stand-in, the day of breach, the notice, and a licence that lapses."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import update

from core.places import day_at
from core.roles import Role
from core.sentences import in_english
from db.gate import Asker, now, unattended
from db.kept_findings import retest_due
from db.register_schema import ListedLicence, ListingImport
from db.services import designations, employees, owners, responsibility
from tests.browser.harness import PHONE, Site, Somebody
from tests.db import employed, profiles
from tests.db.filed import facility_of
from tests.db.people import PASSWORD, make_account, sign_in


def owner_of(site: Site, email: str, number: str) -> Asker:
    """An owner whose Class III facility the office has approved today."""
    owner = sign_in(site.portal, make_account(site.portal, Role.OWNER, at=now(), email=email), now())
    owners.save_organization(owner, f"Town {number}", "municipality", 0)
    profiles.add_facility(owner, ministry_number=number, name=f"Works {number}")
    owners.submit(owner, owners.my_organization(owner).version)
    officer = site.member(Role.OFFICER)
    profiles.approve(officer, profiles.waiting_id(officer))
    return owner


def test_an_owner_designates_a_stand_in_and_sees_what_it_leads_to(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    owner, today = owner_of(site, "short@example.ca", "S1"), day_at(now())
    employed.listed(site.portal, ("90000003", "Chief", "III"), ("90000002", "Second", "II"))
    since = today - timedelta(days=100)
    chief = employed.employ(owner, "Chief", "90000003", first=since)
    second = employed.employ(owner, "Second", "90000002", first=since)
    officer = site.member(Role.OFFICER)
    for one in responsibility.unconfirmed(officer).rows:
        employees.confirm_operator_id(officer, one.employee_id, one.version)
    facility = facility_of(owner)
    designations.designate(owner, facility, chief, "licence", today, None, "Runs it.")
    designations.record_absence(owner, facility, chief, today, None, "Parental leave.")
    assert second

    ann = somebody()
    ann.signs_in("short@example.ca", PASSWORD, f"/people?id={facility}")
    ann.is_at("People of a facility")
    breach = in_english(today + timedelta(days=150))
    ann.chooses("Who", "Sam Second")
    ann.chooses("On what it rests", "Stands in, at most one class lower")
    ann.types_day("First day", today.isoformat())
    ann.presses("Ask what the law says")
    ann.sees(f"Were it to go on, {breach} is the first day over the limit.")
    assert not responsibility.people(owner, facility).stand_ins.ledger.days
    ann.presses("Designate the overall responsible operator")
    ann.sees("The designation is recorded.")
    ann.sees(f"As planned, {breach} is the first day over the limit.")
    assert ann.page.locator(".ledger .day.over").count() > 0

    sixtieth = today + timedelta(days=59)
    ann.goes_to(f"/people?id={facility}&people_day={sixtieth.isoformat()}")
    ann.sees(f"Notify the Director without delay: due since {in_english(sixtieth)}.")

    with site.portal.database.transaction(writes=True) as session:
        lapsed = update(ListedLicence).where(ListedLicence.operator_id == "90000002")
        session.execute(lapsed.values(expiry=today - timedelta(days=1)))
        session.execute(update(ListingImport).values(changed_at=now()))
    with unattended(site.portal, now()) as work:
        assert retest_due(work).lapses
    assert "It expired at the end of" in site.mail_to("short@example.ca", "What no longer holds")
    ann.goes_to(f"/people?id={facility}")
    ann.sees("Does not stand")


def test_the_page_fits_a_telephone(site: Site, somebody: Callable[..., Somebody]) -> None:
    owner = owner_of(site, "phone6@example.ca", "S2")
    employed.employ(owner, "Engineer", capacity="engineer", first=day_at(now()))
    ann = somebody(PHONE)
    ann.signs_in("phone6@example.ca", PASSWORD, f"/people?id={facility_of(owner)}")
    ann.is_at("People of a facility")
    wide = ann.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
