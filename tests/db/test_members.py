"""Members of organizations: invited, given rights at facilities, ended; what each may do, and where."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.membership import MANAGER, Grant, Right
from core.problems import Refused
from core.roles import Role
from core.search import Held
from db.accounts.links import DeadLink
from db.finding import SearchNotOpen
from db.gate import NotAllowed, Stale
from db.schema import Account, AuditEntry, ContactLook, MemberRight, Membership, Organization
from db.services import (
    accounts,
    applications,
    calculations,
    decisions,
    displays,
    facilities,
    facility_law,
    files,
    home,
    looks,
    members,
    own_account,
    owners,
    search,
    verification,
)
from tests.core.test_files import PDF
from tests.db import filed
from tests.db.filed import CLASS_II, TODAY
from tests.db.mailbox import key_mailed_to, mails_to
from tests.db.members import FIND, accept, acting, change, end, invited, offers, row_of
from tests.db.people import NOON, PASSWORD, at, make_account, sign_in, signed_in, visitor
from tests.db.profiles import FACILITY, active_owner, add_facility, approve_all, submitted_owner
from tests.db.searchable import CLASS_III, add_operator, candidate, criteria
from tests.db.service_calls import DETAILS, NEW_PASSWORD
from tests.db.statements import counted
from tests.db.together import together

TIMMINS_WORKS = replace(
    FACILITY, ministry_number="T-1", name="Timmins Works", place="Timmins", latitude=48.47686, longitude=-81.33333
)
RECORD, READ = Grant(Right.RECORD), Grant(Right.READ)


@pytest.fixture
def owner(portal):
    """An owner of two verified facilities: in North Bay and in Timmins."""
    asker = signed_in(portal, Role.OWNER)
    owners.save_organization(asker, "City of North Bay", "municipality", 0)
    add_facility(asker)
    add_facility(asker, TIMMINS_WORKS)
    owners.submit(asker, owners.my_organization(asker).version)
    approve_all(portal)
    return asker


@pytest.fixture
def north_bay(owner):
    return next(one.facility_id for one in calculations.my_facilities(owner) if one.name == "North Bay WPCP")


@pytest.fixture
def timmins(owner):
    return next(one.facility_id for one in calculations.my_facilities(owner) if one.name == "Timmins Works")


def rows(portal, query):
    with portal.database.transaction(writes=False) as session:
        return session.scalars(query).all()


def names(asker, right=Right.READ):
    return [one.name for one in calculations.my_facilities(asker, right)]


# --- each right, where it was given and where not ---------------------------------------------------------


def test_whoever_entered_the_organization_manages_it_and_may_everything(owner, north_bay):
    (row,) = members.people(owner).members.rows
    assert (row.grants, row.is_me, row.name) == (MANAGER, True, "Robin Fairwater")
    for right in Right:
        assert names(owner, right) == ["North Bay WPCP", "Timmins Works"]


def test_recording_at_one_facility_is_recording_there_and_nowhere_else(portal, owner, north_bay, timmins):
    delegate = acting(portal, owner, Grant(Right.RECORD, timmins))
    assert names(delegate) == names(delegate, Right.RECORD) == ["Timmins Works"]
    kept = calculations.save(delegate, timmins, "129/04", TODAY, CLASS_II)
    assert calculations.history(delegate, timmins).total == 1
    assert applications.mine(delegate).total == 0
    applied = applications.apply(delegate, kept, "first")
    assert applications.application(delegate, applied).organization == "City of North Bay"
    displays.record(delegate, timmins, TODAY, "The hall")
    assert facility_law.standing(delegate, timmins).facility == "Timmins Works"
    of_the_owner = calculations.save(owner, north_bay, "129/04", TODAY, CLASS_II)
    applied_by_the_owner = applications.apply(owner, of_the_owner, "first")
    hangs = displays.record(owner, north_bay, TODAY, "The gate")
    for refused in (
        lambda: calculations.save(delegate, north_bay, "129/04", TODAY, CLASS_II),
        lambda: calculations.history(delegate, north_bay),
        lambda: calculations.calculation(delegate, of_the_owner),
        lambda: applications.apply(delegate, of_the_owner, "first"),
        lambda: applications.application(delegate, applied_by_the_owner),
        lambda: applications.withdraw(delegate, applied_by_the_owner, 1),
        lambda: displays.of_facility(delegate, north_bay),
        lambda: displays.record(delegate, north_bay, TODAY, "The hall"),
        lambda: displays.take_down(delegate, hangs, TODAY),
        lambda: facility_law.standing(delegate, north_bay),
        lambda: facility_law.alteration(delegate, of_the_owner),
        lambda: decisions.of_facility(delegate, north_bay),
        lambda: facilities.clock(delegate, north_bay),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert [one.application_id for one in applications.mine(delegate).rows] == [applied]
    with pytest.raises(SearchNotOpen, match="No organization that the office has verified"):
        search.searching_for(delegate)


def test_reading_is_not_recording(portal, owner, north_bay):
    calculation = calculations.save(owner, north_bay, "129/04", TODAY, CLASS_II)
    application = applications.apply(owner, calculation, "first")
    delegate = acting(portal, owner, Grant(Right.READ, north_bay))
    assert calculations.calculation(delegate, calculation).saved_by == "Robin Fairwater"
    assert [one.application_id for one in applications.mine(delegate).rows] == [application]
    assert displays.of_facility(delegate, north_bay) == ()
    assert names(delegate, Right.RECORD) == []
    for refused in (
        lambda: calculations.save(delegate, north_bay, "129/04", TODAY, CLASS_II),
        lambda: applications.apply(delegate, calculation, "first"),
        lambda: applications.withdraw(delegate, application, 1),
        lambda: displays.record(delegate, north_bay, TODAY, "The hall"),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_finding_at_one_facility_is_finding_around_it_and_who_comes_there(portal, owner, north_bay):
    stays = add_operator(portal, candidate(), "Tim Faraway")
    comes = add_operator(portal, candidate(travel_km=400), "Trish Travels")
    delegate = acting(portal, owner, Grant(Right.FIND, north_bay))
    (own,) = search.searching_for(delegate)
    assert ([place.name for place in own.places], own.only) == (["North Bay WPCP, North Bay"], True)
    around = criteria(near=own.places[0].point, within_km=300)
    assert [one.name for one in search.search(delegate, around).people] == ["Trish Travels"]
    assert looks.contact_details(delegate, comes).name == search.profile(delegate, comes, around).name
    with pytest.raises(Refused, match="this place is another"):
        search.search(delegate, criteria())
    with pytest.raises(Refused, match="this place is another"):
        search.profile(delegate, comes, criteria())
    with pytest.raises(Refused, match="no longer available"):
        search.profile(delegate, stays, around)
    with pytest.raises(Refused, match="no longer available"):
        looks.contact_details(delegate, stays)
    assert looks.contact_details(owner, stays).name == "Tim Faraway"
    with pytest.raises(NotAllowed):
        facility_law.standing(delegate, north_bay)


def test_who_has_chosen_the_region_of_that_facility_comes_there_too(portal, owner, north_bay):
    someone = add_operator(portal, candidate(regions=frozenset({"3548"})), "Rae Regions")  # Nipissing
    delegate = acting(portal, owner, Grant(Right.FIND, north_bay))
    (own,) = search.searching_for(delegate)
    around = criteria(near=own.places[0].point, within_km=300)
    assert [one.name for one in search.search(delegate, around).people] == ["Rae Regions"]
    assert search.profile(delegate, someone, around).regions == ("Nipissing",)
    assert looks.contact_details(delegate, someone).name == "Rae Regions"


def test_a_look_is_the_delegates_own_and_counts_for_the_organization(portal, owner, timmins):
    someone = add_operator(portal, candidate())
    delegate = acting(portal, owner, Grant(Right.FIND, timmins), given_name="Dele", family_name="Gate")
    looks.contact_details(delegate, someone)
    me = accounts.me(delegate)
    (look,) = rows(portal, select(ContactLook))
    (organization,) = rows(portal, select(Organization))
    assert (look.account_id, look.organization_id) == (me.account_id, organization.id)
    (entry,) = rows(portal, select(AuditEntry).where(AuditEntry.action == "contact_details.shown"))
    assert entry.account_id == me.account_id


def test_members_without_the_right_to_manage_touch_nothing_of_the_organization(portal, owner, timmins):
    delegate = acting(portal, owner, Grant(Right.FIND), RECORD)
    letter = files.upload(owner, "letter.pdf", PDF)
    for refused in (
        lambda: members.people(delegate),
        lambda: members.invite(delegate, "x@example.ca", FIND),
        lambda: owners.my_organization(delegate),
        lambda: owners.submit(delegate, 1),
        lambda: files.fetch(delegate, letter),
        lambda: facilities.change_time_zone(delegate, timmins, "America/Atikokan", 1),
    ):
        with pytest.raises(NotAllowed):
            refused()
    other = active_owner(portal, "Town", replace(FACILITY, ministry_number="9"))
    row = row_of(owner, "del@example.ca")
    for refused in (
        lambda: members.change(other, row.membership_id, FIND, row.version),
        lambda: members.end(other, row.membership_id, row.version),
        lambda: members.leave(other, row.membership_id, row.version),
        lambda: members.accept(other, row.membership_id, row.version),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_one_person_acts_for_several_owners_and_says_for_which(portal, owner, timmins):
    second = active_owner(portal, "Town of Timmins", replace(TIMMINS_WORKS, ministry_number="T-2", name="Lagoon"))
    someone = add_operator(portal, candidate(Held(replace(CLASS_III, valid_for="Town of Timmins"))))
    delegate = acting(portal, owner, Grant(Right.FIND))
    accept(second, delegate, "del@example.ca", Grant(Right.FIND), READ)
    by_name = {one.name: one.organization_id for one in search.searching_for(delegate)}
    assert list(by_name) == ["City of North Bay", "Town of Timmins"]
    town = by_name["Town of Timmins"]
    assert search.search(delegate, criteria()).total == 0
    assert search.search(delegate, criteria(), organization_id=town).total == 1
    looks.contact_details(delegate, someone, town)
    assert rows(portal, select(ContactLook.organization_id)) == [town]
    with pytest.raises(SearchNotOpen):
        search.search(delegate, criteria(), organization_id=999)
    assert names(delegate) == ["Lagoon"]


def test_nobody_decides_for_the_office_on_what_they_act_for(portal, owner, north_bay):
    application = applications.apply(
        owner, calculations.save(owner, north_bay, "129/04", TODAY, CLASS_II), "first"
    )
    officer = signed_in(portal, Role.OFFICER, Role.DIRECTOR, email="both@example.ca")
    accept(owner, officer, "both@example.ca", Grant(Right.FIND, north_bay))
    with pytest.raises(Refused, match="your own"):
        applications.pass_on(officer, application, 1, TODAY)
    with pytest.raises(Refused, match="your own organization’s"):
        decisions.record(officer, north_bay, "application_required", TODAY, "Amended.")


def test_mails_about_a_facility_go_to_whoever_records_there(portal, owner, north_bay, timmins):
    acting(portal, owner, Grant(Right.RECORD, north_bay), email="here@example.ca")
    acting(portal, owner, Grant(Right.RECORD, timmins), email="there@example.ca")
    applications.apply(owner, calculations.save(owner, north_bay, "129/04", TODAY, CLASS_II), "first")
    told = [one.template for one in mails_to(portal, "here@example.ca")]
    assert told == ["membership_offered", "application_received"]
    assert [one.template for one in mails_to(portal, "there@example.ca")] == ["membership_offered"]


# --- inviting ---------------------------------------------------------------------------------------------


def test_an_unknown_email_makes_an_account_by_the_link_and_acts_at_once(portal, owner, timmins):
    members.invite(owner, "new@example.ca", [Grant(Right.FIND, timmins), READ])
    (mail,) = mails_to(portal, "new@example.ca")
    assert "Member of City of North Bay" in mail.text
    accounts.accept_invitation(visitor(portal), mail.key, password=NEW_PASSWORD, **DETAILS)
    row = row_of(owner, "new@example.ca")
    assert (row.name, row.since, row.version) == ("Robin Fairwater", NOON, 2)
    (account,) = rows(portal, select(Account).where(Account.email == "new@example.ca"))
    delegate = sign_in(portal, account.id)
    assert accounts.me(delegate).roles == {Role.DELEGATE}
    (acts,) = members.mine(delegate)
    assert acts.organization == "City of North Bay"
    assert acts.rights == (
        ("Find operators and open their contact details", ("Timmins Works",)),
        ("See how a facility stands", ()),
    )
    assert "You act for City of North Bay." in [str(one.sentence) for one in home.waiting(delegate)]


def test_a_known_email_is_told_and_accepts_after_signing_in(portal, owner):
    delegate = signed_in(portal, Role.OPERATOR, email="known@example.ca")
    members.invite(owner, "Known@Example.ca", FIND)
    (mail,) = mails_to(portal, "known@example.ca")
    assert (mail.template, mail.key) == ("membership_offered", "")
    assert any("City of North Bay invites you" in str(one.sentence) for one in home.waiting(delegate))
    with pytest.raises(NotAllowed):
        search.searching_for(delegate)
    (offer,) = offers(delegate)
    members.accept(delegate, offer.membership_id, offer.version)
    assert search.searching_for(delegate)
    assert accounts.me(delegate).roles == {Role.OPERATOR, Role.DELEGATE}
    with pytest.raises(Stale):
        members.accept(delegate, offer.membership_id, offer.version)


def test_known_and_unknown_emails_answer_alike(portal, owner):
    make_account(portal, Role.OFFICER, email="known@example.ca", given_name="Olga")
    make_account(portal, email="disabled@example.ca", state="disabled")
    emails = ("known@example.ca", "unknown@example.ca", "disabled@example.ca")
    for email in emails:
        assert members.invite(owner, email, FIND) is None
    shown = [replace(row_of(owner, email), membership_id=0, email="") for email in emails]
    assert shown[0] == shown[1] == shown[2]
    assert shown[0].name == ""
    again = []
    for email in emails:
        with pytest.raises(Refused) as refused:
            members.invite(owner, email, FIND)
        again.append(str(refused.value).replace(email, ""))
        row = row_of(owner, email)
        members.invite_again(owner, row.membership_id, row.version)
        members.end(owner, row.membership_id, row.version + 1)
    assert len(set(again)) == 1
    assert [row.is_me for row in members.people(owner).members.rows] == [True]


def test_an_invitation_taken_back_works_no_more_and_frees_the_email(portal, owner):
    _owner, membership_id, version = invited(owner, "new@example.ca")
    key = key_mailed_to(portal, "new@example.ca")
    members.end(owner, membership_id, version)
    with pytest.raises(DeadLink):
        accounts.accept_invitation(visitor(portal), key, password=NEW_PASSWORD, **DETAILS)
    assert rows(portal, select(Account).where(Account.email == "new@example.ca")) == []
    assert rows(portal, select(Membership.email).where(Membership.id == membership_id)) == [""]
    members.invite(owner, "new@example.ca", FIND)
    accounts.accept_invitation(
        visitor(portal), key_mailed_to(portal, "new@example.ca"), password=NEW_PASSWORD, **DETAILS
    )
    assert row_of(owner, "new@example.ca").since == NOON


def test_what_is_wrong_with_an_invitation_is_told(portal, owner):
    with pytest.raises(Refused) as refused:
        members.invite(owner, "at home", [])
    assert [one.field for one in refused.value.problems] == ["email", "manager"]
    with pytest.raises(Refused, match="not your organization’s any more"):
        members.invite(owner, "x@example.ca", [Grant(Right.FIND, 999)])
    acting(portal, owner, READ)
    with pytest.raises(Refused, match="acts for your organization already"):
        members.invite(owner, "del@example.ca", FIND)
    unverified = submitted_owner(portal, "Town", facility=replace(FACILITY, ministry_number="9"))
    with pytest.raises(Refused, match="verify your organization first"):
        members.invite(unverified, "x@example.ca", FIND)
    with pytest.raises(Refused, match="You manage no organization"):
        members.people(signed_in(portal, Role.OWNER))
    assert mails_to(portal, "x@example.ca") == []


def test_an_invitation_is_declined(portal, owner):
    delegate = signed_in(portal, Role.OPERATOR, email="known@example.ca")
    members.invite(owner, "known@example.ca", FIND)
    (offer,) = offers(delegate)
    members.leave(delegate, offer.membership_id, offer.version)
    assert members.mine(delegate) == ()
    assert members.people(owner).members.total == 1


# --- changing and ending ----------------------------------------------------------------------------------


def test_rights_are_changed_from_the_next_click_and_each_keeps_its_moments(portal, owner, north_bay, timmins):
    delegate = acting(portal, owner, Grant(Right.FIND, timmins), Grant(Right.READ, timmins))
    change(owner, "del@example.ca", Grant(Right.READ, timmins), Grant(Right.RECORD, north_bay))
    assert names(delegate) == ["North Bay WPCP", "Timmins Works"]
    with pytest.raises(SearchNotOpen):
        search.searching_for(delegate)
    kept = rows(portal, select(MemberRight).where(MemberRight.facility_id.is_not(None)).order_by(MemberRight.id))
    assert [(one.right, one.facility_id, one.ended_at) for one in kept] == [
        ("find", timmins, NOON),
        ("read", timmins, None),
        ("record", north_bay, None),
    ]
    assert {one.recorded_by for one in kept} == {accounts.me(owner).account_id}
    (entry,) = rows(portal, select(AuditEntry).where(AuditEntry.action == "membership.changed"))
    assert entry.details["rights"] == [["read", timmins], ["record", north_bay]]


def test_an_ended_member_is_refused_at_the_next_call(portal, owner, timmins):
    delegate = acting(portal, owner, Grant(Right.FIND), RECORD)
    someone = add_operator(portal, candidate())
    assert search.search(delegate, criteria()).total == 1
    end(owner, "del@example.ca")
    with pytest.raises(SearchNotOpen):
        search.search(delegate, criteria())
    with pytest.raises(SearchNotOpen):
        looks.contact_details(delegate, someone)
    with pytest.raises(NotAllowed):
        facility_law.standing(delegate, timmins)
    assert names(delegate) == []
    assert mails_to(portal, "del@example.ca")[-1].template == "membership_ended"
    assert (
        rows(portal, select(MemberRight).where(MemberRight.ended_at.is_(None), MemberRight.right != "manage"))
        == []
    )


def test_a_right_ends_with_the_facility(portal, owner, timmins):
    delegate = acting(portal, owner, Grant(Right.RECORD, timmins))
    claim = next(one for one in owners.my_organization(owner).facilities if one.name == "Timmins Works")
    owners.withdraw(owner, owners.my_organization(owner).version)
    owners.delete_facility(owner, claim.claim_id, owners.my_organization(owner).version)
    assert names(delegate) == []
    with pytest.raises(NotAllowed):
        facility_law.standing(delegate, timmins)
    assert members.people(owner).facilities.keys().isdisjoint({timmins})


def test_the_last_manager_stays(portal, owner):
    me = members.people(owner).members.rows[0]
    for refused in (
        lambda: members.end(owner, me.membership_id, me.version),
        lambda: members.change(owner, me.membership_id, FIND, me.version),
        lambda: members.leave(owner, me.membership_id, me.version),
    ):
        with pytest.raises(Refused, match="last manager"):
            refused()
    acting(portal, owner, Grant(Right.MANAGE), email="second@example.ca")
    members.leave(owner, me.membership_id, me.version)
    with pytest.raises(Refused, match="You manage no organization"):
        members.people(owner)


def test_two_managers_who_end_each_other_at_once_leave_one(portal, owner):
    second = acting(portal, owner, Grant(Right.MANAGE), email="second@example.ca")
    found = members.people(owner).members.rows
    me = next(row for row in found if row.is_me)
    other = next(row for row in found if not row.is_me)
    answers = together(
        lambda: members.end(owner, other.membership_id, other.version),
        lambda: members.end(second, me.membership_id, me.version),
    )
    assert sum(answer == "done" for answer in answers) == 1
    standing = select(Membership.id).where(Membership.ended_at.is_(None))
    assert len(rows(portal, standing)) == 1


def test_a_manager_is_an_owner_to_the_portal_and_nobody_manages_two(portal, owner):
    second = acting(portal, owner, Grant(Right.MANAGE), email="second@example.ca")
    assert Role.OWNER in accounts.me(second).roles
    assert owners.my_organization(second).name == "City of North Bay"
    other = active_owner(portal, "Town", replace(FACILITY, ministry_number="9"))
    members.invite(other, "second@example.ca", MANAGER)
    (offer,) = offers(second)
    with pytest.raises(Refused, match="manages another organization already"):
        members.accept(second, offer.membership_id, offer.version)
    members.leave(second, offer.membership_id, offer.version)
    accept(other, second, "second@example.ca", READ)
    with pytest.raises(Refused, match="manages another organization already"):
        change(other, "second@example.ca", Grant(Right.MANAGE))
    assert names(second) == ["North Bay WPCP", "North Bay WPCP", "Timmins Works"]


def test_a_stale_page_changes_nobody(portal, owner):
    acting(portal, owner, READ)
    row = row_of(owner, "del@example.ca")
    members.change(owner, row.membership_id, FIND, row.version)
    for refused in (
        lambda: members.change(owner, row.membership_id, [RECORD], row.version),
        lambda: members.end(owner, row.membership_id, row.version),
    ):
        with pytest.raises(Stale):
            refused()
    assert row_of(owner, "del@example.ca").grants == set(FIND)


def test_an_organization_that_nobody_manages_any_more_closes_with_its_delegates(portal, owner):
    delegate = acting(portal, owner, RECORD)
    own_account.close_account(owner, PASSWORD)
    assert members.mine(delegate) == ()
    assert names(delegate) == []


def test_a_delegate_who_closes_the_account_leaves_the_organization_as_it_is(portal, owner):
    delegate = acting(portal, owner, RECORD)
    own_account.close_account(delegate, PASSWORD)
    assert owners.my_organization(owner).state == "active"
    assert members.people(owner).members.total == 1


def test_a_letter_stays_the_organizations_when_who_uploaded_it_leaves(portal):
    owner = active_owner(portal)
    second = acting(portal, owner, Grant(Right.MANAGE), email="second@example.ca")
    letter = files.upload(second, "letter.pdf", PDF)
    end(at(owner, NOON + timedelta(hours=1)), "second@example.ca")
    assert files.fetch(owner, letter).content == PDF
    later = files.upload(at(second, NOON + timedelta(hours=2)), "later.pdf", PDF)
    with pytest.raises(NotAllowed):
        files.fetch(owner, later)


# --- the list ---------------------------------------------------------------------------------------------


def test_the_list_asks_the_database_as_often_for_1000_people_as_for_10(portal, owner, timmins):
    def statements():
        with counted(portal) as ran:
            members.people(owner)
        return [re.sub(r"\(.*\)", "()", one) for one in ran]

    _fill(portal, timmins, 10)
    few = statements()
    _fill(portal, timmins, 990)
    assert len(statements()) == len(few) < 20
    found = members.people(owner, 2)
    assert (found.members.total, found.members.page, len(found.members.rows)) == (1001, 2, 50)


def _fill(portal, facility_id, count):
    ids = [make_account(portal, Role.DELEGATE, family_name=f"N{n}") for n in range(count)]
    with portal.database.transaction(writes=True) as session:
        organization_id = session.scalars(select(Organization.id)).one()
        session.add_all(
            Membership(
                account_id=id, organization_id=organization_id, offered_at=NOON, since=NOON, changed_at=NOON,
                rights=[MemberRight(right=one, facility_id=facility_id, since=NOON) for one in ("find", "read")],
            )
            for id in ids
        )  # fmt: skip


# --- the facility's time zone -----------------------------------------------------------------------------


def test_a_manager_of_the_owner_sets_the_time_zone_and_it_stays(portal, owner, timmins):
    facilities.change_time_zone(owner, timmins, "America/Winnipeg", facilities.clock(owner, timmins).version)
    clock = facilities.clock(owner, timmins)
    assert (clock.time_zone, clock.mine_to_change) == ("America/Winnipeg", True)
    (entry,) = rows(portal, select(AuditEntry).where(AuditEntry.action == "facility.time_zone"))
    assert entry.details == {"before": "America/Toronto", "after": "America/Winnipeg"}
    with pytest.raises(Stale):
        facilities.change_time_zone(owner, timmins, "America/Atikokan", clock.version - 1)
    for zone in ("Mars/Olympus", None):
        with pytest.raises(Refused, match="Choose the time zone"):
            facilities.change_time_zone(owner, timmins, zone, clock.version)

    claim = next(one for one in owners.my_organization(owner).facilities if one.name == "Timmins Works")
    owners.withdraw(owner, owners.my_organization(owner).version)
    entry = replace(TIMMINS_WORKS, name="New name")
    owners.change_facility(owner, claim.claim_id, entry, owners.my_organization(owner).version)
    owners.submit(owner, owners.my_organization(owner).version)
    approve_all(portal)
    assert facility_law.standing(owner, timmins).facility == "New name"
    assert facilities.clock(owner, timmins).time_zone == "America/Winnipeg"


def test_an_operating_authority_reads_the_clock_and_leaves_it(portal, owner, timmins):
    authority = submitted_owner(portal, "Operations Inc.", "operating_authority", facility=TIMMINS_WORKS)
    approve_all(portal)
    clock = facilities.clock(authority, timmins)
    assert not clock.mine_to_change
    with pytest.raises(Refused, match="The owner of Timmins Works says"):
        facilities.change_time_zone(authority, timmins, "America/Atikokan", clock.version)
    assert verification.queue(signed_in(portal, Role.OFFICER)).waiting == 0
    assert filed.facility_of(authority) == timmins
