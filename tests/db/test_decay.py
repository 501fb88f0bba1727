"""What rests on a licence, a class, an owner or a listing is tested in the transaction that changes it, on both
databases, and owner and officer are told in one mail."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from core.calendar import add_months
from core.findings import Verdict
from core.licences import LicenceClass
from core.listings import ListedStatus
from core.problems import Refused
from core.responsibility import About
from db.province_schema import KeptFinding
from db.register_schema import ListedLicence
from db.schema import Account
from db.services import designations, employees, operators, owners, responsibility
from tests.db import filed, members, standing_listings
from tests.db.employed import employ, employ_confirmed, led
from tests.db.filed import TODAY, facility_of
from tests.db.listed import imported, line, withdrawn
from tests.db.people import NOON
from tests.db.profiles import FACILITY, active_operator, active_owner, approve_all
from tests.db.test_responsibility import mails, night, verdict

CHIEF = "90000003"


def kept(portal, about="overall_responsible"):
    """The verdict of the finding about the facility as it is kept now."""
    with portal.database.transaction(writes=False) as session:
        found = select(KeptFinding.verdict).where(KeptFinding.about == about, KeptFinding.of_id.is_(None))
        return session.scalars(found).one()


def told(portal):
    """The provisions named in each reader's one mail since the last time; nobody has two."""
    sent = mails(portal)
    assert max(Counter(one.account_id for one in sent).values(), default=1) == 1
    with portal.database.transaction(writes=True) as session:
        for one in sent:
            session.delete(session.merge(one))
        roles = {one.account_id: session.get_one(Account, one.account_id).roles[0].role for one in sent}
    return {roles[one.account_id]: sorted(line[1].split(", ")[1] for line in one.values["lapses"]) for one in sent}


def chief_line(**changes):
    status = changes.pop("status", ListedStatus.IN_FORCE)
    whole = {"number": f"L{CHIEF}", "licence_class": LicenceClass.III, "expiry": date(2028, 3, 12)} | changes
    return line(CHIEF, status, **whole)


@pytest.fixture
def facility(portal):
    """A facility led by an operator whom only the listing knows."""
    owner, _chief, _second = led(portal)
    assert told(portal) == {}
    return owner


@pytest.mark.parametrize(
    "lines",
    [
        [chief_line(status=ListedStatus.SUSPENDED)],
        [chief_line(status=ListedStatus.CANCELLED)],
        [chief_line(expiry=date(2026, 11, 19))],
        [],
    ],
)
def test_a_listing_tests_again_at_once_whoever_is_employed(portal, facility, lines):
    imported(portal, *lines, listed_on=TODAY, at=NOON)
    assert kept(portal) == "not met"
    after = told(portal)
    assert set(after) == {"owner", "officer"}
    assert all({"s. 14 (1)", "s. 15 (1)"} <= set(provisions) for provisions in after.values())


def test_a_changed_class_of_licence_is_told_and_the_withdrawn_listing_makes_it_good(portal, facility):
    imported(portal, chief_line(licence_class=LicenceClass.II), listed_on=TODAY, at=NOON)
    assert kept(portal) == "not met"
    assert "s. 15 (1)" in told(portal)["owner"]
    withdrawn(portal, NOON)
    assert kept(portal) == "met"


def test_a_reclassification_by_the_director_is_told_at_once(portal, facility):
    application = filed.passed_on(portal, facility)
    filed.decide(filed.director(portal), application, "IV")
    assert kept(portal) == "not met"
    assert told(portal) == {"owner": ["s. 15 (1)"], "officer": ["s. 15 (1)"]}


def test_a_class_that_the_office_confirms_anew_is_told_at_once(portal, facility):
    owners.withdraw(facility, owners.my_organization(facility).version)
    claim = owners.my_organization(facility).facilities[0]
    entry = replace(FACILITY, facility_class="IV")
    owners.change_facility(facility, claim.claim_id, entry, owners.my_organization(facility).version)
    owners.submit(facility, owners.my_organization(facility).version)
    approve_all(portal)
    assert kept(portal) == "not met"
    assert told(portal)["owner"] == ["s. 15 (1)"]


@pytest.fixture
def operator(portal):
    """An operator with a profile that a listing bears out: Class II."""
    standing_listings.stand(portal, standing_listings.ROW)
    return active_operator(portal)


@pytest.fixture
def led_by_profile(portal, operator):
    owner = active_owner(portal, facility=replace(FACILITY, facility_class="II"))
    one = employ_confirmed(portal, owner, "Fairwater", "90012345")
    designations.designate(owner, facility_of(owner), one, "licence", TODAY, None, "So it is.")
    assert kept(portal) == "met"
    return owner


def test_a_certificate_that_alignment_suspends_is_told_at_once(portal, led_by_profile):
    imported(portal, line(status=ListedStatus.SUSPENDED), listed_on=date(2026, 11, 10), at=NOON)
    assert kept(portal) == "not met"
    assert told(portal)["owner"] == ["s. 14 (1)", "s. 15 (1)"]


def test_a_certificate_that_its_holder_deletes_is_told_at_once(portal, operator, led_by_profile):
    """The portal knows of it by the profile alone: no listing shows it still."""
    with portal.database.transaction(writes=True) as session:
        session.execute(delete(ListedLicence))
    operators.withdraw(operator, operators.my_profile(operator).version)
    claim = operators.my_profile(operator).certificates[0]
    operators.delete_certificate(operator, claim.claim_id, operators.my_profile(operator).version)
    assert kept(portal) != "met"
    assert told(portal)["owner"]


def test_whoever_accepts_an_invitation_brings_the_licences_that_the_office_confirmed(portal):
    operator = active_operator(portal, "90012345", email="sam@example.ca")
    owner = active_owner(portal)
    someone = employ(owner, "Married", "90012345")
    assert verdict(owner, About.LICENSED) is Verdict.UNKNOWN
    employees.invite(owner, facility_of(owner), someone, "sam@example.ca")
    offer = members.offers(operator)[0]
    members.members.accept(operator, offer.membership_id, offer.version, as_invited=True)
    with portal.database.transaction(writes=False) as session:
        licensed = select(KeptFinding.verdict).where(KeptFinding.about == "licensed")
        assert session.scalars(licensed).one() == "met"


def test_another_operator_id_than_the_owner_entered_brings_none(portal):
    operator = active_operator(portal, "90012345", email="sam@example.ca")
    owner = active_owner(portal)
    someone = employ(owner, "Another", "90000009")
    employees.invite(owner, facility_of(owner), someone, "sam@example.ca")
    offer = members.offers(operator)[0]
    with pytest.raises(Refused, match="your confirmed Operator ID is 90012345"):
        members.members.accept(operator, offer.membership_id, offer.version, as_invited=True)
    (one,) = responsibility.people(owner, facility_of(owner)).employees
    assert not one.confirmed


def test_whoever_is_employed_from_a_day_to_come_is_tested_on_that_day(portal):
    owner = active_owner(portal)
    first = TODAY + timedelta(days=10)
    employ(owner, "Engineer", capacity="engineer", first=first)
    with portal.database.transaction(writes=False) as session:
        assert not session.scalars(select(KeptFinding).where(KeptFinding.about == "licensed")).all()
    assert night(portal, first - timedelta(days=1)).tested == 0
    assert night(portal, first).tested == 1
    assert night(portal, first + timedelta(days=1)).tested == 0
    with portal.database.transaction(writes=False) as session:
        (row,) = session.scalars(select(KeptFinding).where(KeptFinding.about == "licensed"))
        assert (row.verdict, row.until) == ("met", add_months(first, 6))
