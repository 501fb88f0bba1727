"""The demo: what it fills, what it never touches."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from core.comparison import Outcome
from core.licences import LicenceClass, LicenceType
from core.listings import ListingKind
from core.places import day_at
from core.profiles import State
from core.roles import Role
from core.search import Criteria
from core.standings import Standing
from db import audit
from db.accounts import passwords
from db.alignment.passes import align
from db.demo import filling as demo
from db.engine import CannotStart
from db.gate import Portal, now, unattended
from db.places import find
from db.register_schema import AlignmentChange, Discrepancy, ListedLicence, ListingImport
from db.schema import (
    Account,
    CertificateClaim,
    ContactLook,
    Credential,
    Facility,
    FacilityRelation,
    Installation,
    OperatorProfile,
    Organization,
)
from db.services import listings, province
from db.services.search import search
from db.services.verification import queue
from db.verification.queue_listing import ProfileRow
from tests.db.people import make_account, sign_in
from tests.portals import portal_on


@pytest.fixture(scope="module")
def filled(migrated_file, tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    path.write_bytes(migrated_file.read_bytes())
    portal = portal_on(f"sqlite:///{path}", demo=True)
    _mark(portal, "True")
    assert demo.fill(portal)
    yield portal
    portal.database.close()


def test_there_are_600_operators_and_120_facilities_each_with_one_owner(filled):
    portal = filled
    assert _count(portal, OperatorProfile) == 600
    assert _count(portal, Facility) == _count(portal, FacilityRelation) == 120
    assert 30 <= _count(portal, Organization) <= 60
    assert 1.3 < _count(portal, Credential) / 580 < 1.5


def test_operators_stand_in_every_state_and_some_were_looked_at(filled):
    portal = filled
    with portal.database.transaction(writes=False) as session:
        counted = dict(
            session.execute(select(OperatorProfile.state, func.count()).group_by(OperatorProfile.state)).all()
        )
        switched_off = session.scalar(
            select(func.count()).where(OperatorProfile.state == State.ACTIVE, ~OperatorProfile.available)
        )
    assert counted.keys() == {State.ACTIVE, State.DRAFT, State.PENDING, State.RETURNED, State.SUSPENDED}
    assert switched_off > 10
    assert _count(portal, ContactLook) > 20


def test_the_queue_waits_with_operators_and_owners_and_flags_what_is_claimed_twice(filled):
    portal = filled
    found = queue(_as(portal, Role.OFFICER))
    assert (found.kinds["operator"], found.kinds["owner"]) == (14, 3)
    flags = [str(flag.sentence) for row in found.rows if isinstance(row, ProfileRow) for flag in row.flags]
    assert any("confirmed for Siobhán O'Brien already" in flag for flag in flags)
    assert any("holds this facility today" in flag for flag in flags)


def test_the_queue_shows_every_way_in_which_a_listing_bears_out_a_claim(filled):
    portal = filled
    outcomes = queue(_as(portal, Role.OFFICER)).outcomes
    assert {one for one, count in outcomes.items() if count} >= set(Outcome) - {Outcome.NOT_COMPARABLE}


def test_both_listings_stand_and_bear_out_most_but_not_all(filled):
    portal = filled
    stands = listings.stands(_as(portal, Role.OFFICER))
    assert stands[ListingKind.OPERATORS].standing.rows > 800
    assert stands[ListingKind.FACILITIES].standing.rows == 120
    with portal.database.transaction(writes=False) as session:
        stands = select(ListingImport.id).where(ListingImport.state == "standing")
        lines = session.scalars(select(ListedLicence).where(ListedLicence.import_id.in_(stands)))
        listed = {(row.operator_id, row.number, row.licence_type): row for row in lines}
        profiles = session.scalars(select(OperatorProfile).order_by(OperatorProfile.id)).all()
        found = Counter(_borne_out(listed, one) for one in profiles if one.state == State.ACTIVE)
        waiting = {_borne_out(listed, one) for one in profiles if one.state == State.PENDING}
    assert found["exact"] > 500
    assert waiting == {"exact", "expiry", "class", "name", "number", "ID", "suspended"}


def test_most_certificates_rest_on_the_listing_and_what_it_says_otherwise_has_followed(filled):
    with filled.database.transaction(writes=False) as session:
        rest_on = Counter(session.scalars(select(CertificateClaim.basis).where(CertificateClaim.basis != "")))
        changes = Counter(session.scalars(select(AlignmentChange.what).where(AlignmentChange.mail == "waits")))
        suspended = session.scalars(select(OperatorProfile).where(OperatorProfile.state == State.SUSPENDED)).all()
        open_as = set(session.scalars(select(Discrepancy.outcome).where(Discrepancy.claim_id.is_not(None))))
        of_facilities = select(func.count()).where(Discrepancy.facility_claim_id.is_not(None))
        assert session.scalar(of_facilities)
    assert rest_on["listing"] > 20 * rest_on["decision"] > 0
    assert len(suspended) > 10
    assert all(one.suspended_by_alignment for one in suspended)
    assert changes["taken over"] >= 3
    assert changes["counts no more"] > 5
    assert changes["suspended"] == len(suspended)
    assert open_as == {Outcome.DIFFERS, Outcome.LISTED_SUSPENDED, Outcome.ID_NOT_FOUND}
    with unattended(filled, now()) as work:
        assert align(work, "night") is None


def test_every_part_of_the_managers_page_shows_something(filled):
    manager = _as(filled, Role.MANAGER)
    counted = province.counts(manager).by_standing
    assert counted[Standing.DOES_NOT_STAND] >= 3
    assert counted[Standing.NOT_KNOWN] >= 3
    assert all(many >= 1 for many in province.near(manager).values()), "one departure, and one expiry soon"
    assert sum(province.expiries(manager).values()) >= 3
    assert all(one.operators >= 1 for one in province.training(manager).values())
    months = province.history(manager)
    assert len(months) == 12
    assert {month.counts.total for month in months} == {120}
    assert len({month.counts.by_standing[Standing.DOES_NOT_STAND] for month in months}) > 3


def test_an_owner_sees_of_whom_the_listing_says_otherwise(filled):
    today, near = day_at(now()), find("London").point
    asked = Criteria(LicenceType.WASTEWATER_TREATMENT, LicenceClass.I, near, 100, today, today)
    people = search(_as(filled, Role.OWNER), asked).people
    marks = {one.name: held.otherwise.mark for one in people for held in one.certificates if held.otherwise}
    assert marks == {
        "Rachel Lavoie": "listed as suspended",
        "Catherine Gill": "listing differs",
        "Rachel Bélanger": "listing differs",
        "Nadia Singh": "not in the listing",
    }


def _borne_out(listed, profile: OperatorProfile) -> str:
    """How a profile's first certificate compares: the rule in short, apart from the portal's own."""
    claim, operator_id = profile.certificates[0], profile.claimed_operator_id
    row = listed.get((operator_id, claim.number, claim.licence_type))
    if row is None:
        return "number" if operator_id in {key[0] for key in listed} else "ID"
    differs = {
        "suspended": row.status == "suspended",
        "expiry": row.expiry != claim.expiry,
        "class": row.licence_class != claim.licence_class,
        "name": row.last_name != profile.person.family_name,
    }
    return next((what for what, so in differs.items() if so), "exact")


def test_each_role_has_a_way_in_that_works(filled):
    portal = filled
    assert {one.role for one in demo.SIGN_INS} == set(Role)
    assert len({one.email for one in demo.SIGN_INS if one.role is Role.OFFICER}) == 2
    assert passwords.problem_with(demo.PASSWORD) is None
    with portal.database.transaction(writes=False) as session:
        for one in demo.SIGN_INS:
            account = session.scalars(select(Account).where(Account.email == one.email)).one()
            assert [row.role for row in account.roles] == [one.role]
            assert account.email_confirmed_at
    assert passwords.is_right(demo.PASSWORD, account.password_hash)


def test_the_owner_finds_operators_nearby(filled):
    portal = filled
    today = day_at(now())
    near = find("London").point
    asked = Criteria(LicenceType.WASTEWATER_TREATMENT, LicenceClass.I, near, 100, today, today)
    results = search(_as(portal, Role.OWNER), asked)
    assert results.total > 10
    assert results.people[0].name == "Siobhán O'Brien"


def test_filling_again_changes_nothing(filled):
    portal = filled
    before = _count(portal, Account)
    assert demo.fill(portal) is False
    assert _count(portal, Account) == before


def test_filling_leaves_a_whole_trail(filled):
    with filled.database.transaction(writes=False) as session:
        assert audit.verify(session).faults == ()


def test_the_demo_fills_postgresql_too(new_database):
    portal = portal_on(new_database("postgresql", True), demo=True)
    _mark(portal, "True")
    assert demo.fill(portal)
    assert _count(portal, OperatorProfile) == 600
    portal.database.close()


@pytest.mark.parametrize(("setting", "mark"), [(False, "False"), (True, "False"), (False, "True"), (True, None)])
def test_a_database_that_is_no_demo_is_never_touched(sqlite_portal, setting, mark):
    portal = portal_on(sqlite_portal.settings.database_url, demo=setting)
    if mark:
        _mark(portal, mark)
    with pytest.raises(CannotStart, match="not a demo"):
        demo.fill(portal)
    assert _count(portal, Account) == 0


def test_a_demo_database_that_holds_somebody_is_not_filled(sqlite_portal):
    portal = portal_on(sqlite_portal.settings.database_url, demo=True)
    _mark(portal, "True")
    make_account(portal, Role.OPERATOR)
    with pytest.raises(CannotStart, match="holds accounts already"):
        demo.fill(portal)
    assert _count(portal, Account) == 1


def _mark(portal: Portal, value: str) -> None:
    with portal.database.transaction(writes=True) as session:
        session.add(Installation(name="demo", value=value))


def _count(portal: Portal, table: type) -> int:
    with portal.database.transaction(writes=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _as(portal: Portal, role: Role):
    with portal.database.transaction(writes=False) as session:
        account_id = session.scalars(select(Account.id).where(Account.email == f"{role}@example.org")).one()
    return sign_in(portal, account_id, now())
