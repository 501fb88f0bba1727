"""Who is reminded of which expiry, and that nobody is reminded of it twice."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.alignment import Status
from core.licences import Licence, LicenceClass, LicenceType
from core.membership import Grant, Right
from core.profiles import State
from core.roles import Role
from core.search import Held
from db import audit, nightly, renewals
from db.gate import Asker, Portal, unattended
from db.keys import fingerprint
from db.register_schema import ExpiryReminder, ListedLicence
from db.schema import (
    Account,
    AccountRole,
    AuditEntry,
    ContactLook,
    Credential,
    Facility,
    FacilityRelation,
    LoginSession,
    MemberRight,
    Membership,
    OperatorProfile,
    Organization,
    OutgoingMail,
)
from db.services import employees, responsibility
from db.services.renewals import mine
from tests.db import employed, members, standing_listings
from tests.db.filed import facility_of
from tests.db.mailbox import mails_to
from tests.db.people import NOON, make_account, sign_in, signed_in
from tests.db.profiles import active_operator, active_owner
from tests.db.searchable import CLASS_III, TODAY, add_operator, add_operators, candidate, disable, end_role, owner
from tests.db.statements import counted

MONTHS_AHEAD = date(2027, 2, 20)  # three, to the day
SOON = replace(CLASS_III, expiry=MONTHS_AHEAD)
COLLECTION = Licence("C1", LicenceType.WASTEWATER_COLLECTION, LicenceClass.I, TODAY + timedelta(days=5))


def night(portal: Portal, at: datetime = NOON) -> int:
    """How many mails one night puts into the outbox."""
    with unattended(portal, at) as work:
        return renewals.remind(work)


def days_before(expiry: date, days: int) -> datetime:
    return NOON + (expiry - timedelta(days=days) - TODAY)


def account_of(portal: Portal, profile_id: int) -> Account:
    with portal.database.transaction(writes=False) as session:
        return session.scalars(
            select(Account)
            .join(OperatorProfile, OperatorProfile.person_id == Account.person_id)
            .where(OperatorProfile.id == profile_id)
        ).one()


def account_id(portal: Portal, asker: Asker) -> int:
    with portal.database.transaction(writes=False) as session:
        own = LoginSession.token_hash == fingerprint(asker.token)
        return session.scalars(select(LoginSession.account_id).where(own)).one()


def email(portal: Portal, asker: Asker) -> str:
    with portal.database.transaction(writes=False) as session:
        return session.get_one(Account, account_id(portal, asker)).email


def an_owner(portal: Portal, profile_id: int, *, at: datetime = NOON, name: str = "Town of Timmins") -> Asker:
    """An owner who has looked at the contact details of an operator at a moment."""
    asker = owner(portal, name)
    reader = account_id(portal, asker)
    with portal.database.transaction(writes=True) as session:
        organization = session.scalars(
            select(Membership.organization_id).where(Membership.account_id == reader)
        ).one()
        session.add(ContactLook(profile_id=profile_id, account_id=reader, organization_id=organization, at=at))
    return asker


def told(portal: Portal, to: str) -> list[str]:
    """The texts of the reminders in somebody's mailbox."""
    return [mail.text for mail in mails_to(portal, to) if mail.template == "expiring"]


def change(portal: Portal, table: type, **values: object) -> None:
    with portal.database.transaction(writes=True) as session:
        session.execute(update(table).values(**values))


# --- the holder -------------------------------------------------------------------------------------------


def test_a_holder_has_one_mail_that_lists_all_that_expires_the_next_first_with_a_link(portal):
    someone = add_operator(portal, candidate(Held(SOON), Held(COLLECTION), Held(replace(CLASS_III, number="FAR"))))
    assert night(portal) == 1
    (text,) = told(portal, account_of(portal, someone).email)
    first = "Wastewater collection, Class I, number C1: expires on 25 November 2026 (days left: 5)"
    second = "Wastewater treatment, Class III, number T3: expires on 20 February 2027 (days left: 92)"
    assert text.index(first) < text.index(second)
    assert "FAR" not in text
    assert "Of people whom" not in text
    assert f"{portal.settings.public_url}/overview" in text


def test_three_reminders_come_at_their_distances_and_each_once(portal):
    someone = add_operator(portal, candidate(Held(SOON)))
    to = account_of(portal, someone).email
    sent = []
    for days in range(95, -3, -1):
        at = days_before(SOON.expiry, days)
        if night(portal, at):
            sent.append(days)
        assert night(portal, at) == 0, "the second run of a night sends nothing"
    assert sent == [92, 31, 7]
    assert len(told(portal, to)) == 3


def test_a_late_start_sends_the_nearest_reminder_alone(portal):
    someone = add_operator(portal, candidate(Held(SOON)))
    assert [night(portal, days_before(SOON.expiry, days)) for days in (3, 2, 1, 0, -1)] == [1, 0, 0, 0, 0]
    assert len(told(portal, account_of(portal, someone).email)) == 1


def test_a_renewed_credential_starts_anew_and_one_that_comes_back_does_not(portal):
    someone = add_operator(portal, candidate(Held(SOON)))
    night(portal)
    change(portal, Credential, expiry=date(2030, 2, 20))
    assert night(portal, days_before(SOON.expiry, 7)) == 0
    assert night(portal, days_before(date(2030, 2, 20), 92)) == 1
    change(portal, Credential, expiry=SOON.expiry)
    assert night(portal) == 0
    assert len(told(portal, account_of(portal, someone).email)) == 2


@pytest.mark.parametrize(
    "held",
    [
        Held(SOON, superseded=True),
        Held(SOON, valid_until=TODAY),
        Held(SOON, valid_from=TODAY + timedelta(days=1)),
        Held(replace(SOON, expiry=TODAY - timedelta(days=1))),
        Held(replace(SOON, expiry=MONTHS_AHEAD + timedelta(days=1))),
    ],
)
def test_nobody_is_reminded_of_what_does_not_stand_has_expired_or_is_far_off(portal, held):
    add_operator(portal, candidate(held))
    assert night(portal) == 0


def test_a_suspended_credential_has_no_reminder(portal):
    add_operator(portal, candidate(Held(SOON)))
    change(portal, Credential, status="suspended")
    assert night(portal) == 0


@pytest.mark.parametrize("state", ["disabled", "closed"])
def test_nobody_is_written_to_whose_account_is_not_in_use(portal, state):
    someone = add_operator(portal, candidate(Held(SOON)))
    asker = an_owner(portal, someone)
    with portal.database.transaction(writes=True) as session:
        account = session.get_one(Account, account_of(portal, someone).id)
        account.state = state
    assert night(portal) == 0
    assert told(portal, email(portal, asker)) == []


# --- owners -----------------------------------------------------------------------------------------------


def test_an_owner_who_has_asked_for_the_person_is_reminded_by_name(portal):
    someone = add_operator(portal, candidate(Held(SOON)), "Alex O'Brien `${1}` {0}")
    asker = an_owner(portal, someone)
    assert night(portal) == 2
    (text,) = told(portal, email(portal, asker))
    assert "Alex O'Brien `${1}` {0}: Wastewater treatment, Class III, number T3: expires on 20 February" in text
    assert "Yours:" not in text
    with portal.database.transaction(writes=False) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "expiry.reminded")).all()
        assert account_id(portal, asker) in {entry.subject_id for entry in entries}
        assert "O'Brien" not in str([entry.details for entry in entries])
        assert audit.verify(session).faults == ()


@pytest.mark.parametrize(
    ("looked", "reminded"),
    [
        (datetime(2025, 11, 20, 5, 0, tzinfo=NOON.tzinfo), True),  # midnight in Toronto, twelve months ago
        (datetime(2025, 11, 20, 4, 59, tzinfo=NOON.tzinfo), False),
    ],
)
def test_an_owner_has_asked_for_the_person_for_twelve_months(portal, looked, reminded):
    asker = an_owner(portal, add_operator(portal, candidate(Held(SOON))), at=looked)
    night(portal)
    assert bool(told(portal, email(portal, asker))) is reminded


def test_owners_who_have_not_asked_and_the_office_are_not_reminded(portal):
    someone = add_operator(portal, candidate(Held(SOON)))
    other, officer = owner(portal, "Town of Cochrane"), signed_in(portal, Role.OFFICER)
    with portal.database.transaction(writes=True) as session:
        session.add(ContactLook(profile_id=someone, account_id=account_id(portal, officer), at=NOON))
    assert night(portal) == 1
    assert told(portal, email(portal, other)) == told(portal, email(portal, officer)) == []


@pytest.mark.parametrize(
    ("right", "at_one_facility", "membership", "reminded"),
    [
        (Right.MANAGE, False, {}, True),
        (Right.FIND, False, {}, True),
        (Right.FIND, True, {}, False),
        (Right.RECORD, False, {}, False),
        (Right.READ, False, {}, False),
        (Right.FIND, False, {"since": None}, False),
        (Right.FIND, False, {"ended_at": NOON}, False),
    ],
)
def test_whoever_finds_for_the_whole_organization_is_reminded(
    portal, right, at_one_facility, membership, reminded
):
    an_owner(portal, add_operator(portal, candidate(Held(SOON))))
    delegate = make_account(portal, Role.DELEGATE)
    with portal.database.transaction(writes=True) as session:
        facility = session.scalars(select(Facility.id)).one() if at_one_facility else None
        values = {"since": NOON} | membership
        session.add(
            Membership(
                account_id=delegate,
                organization_id=session.scalars(select(Organization.id)).one(),
                offered_at=NOON,
                changed_at=NOON,
                rights=[MemberRight(right=right, facility_id=facility, since=NOON)],
                **values,
            )
        )
    night(portal)
    with portal.database.transaction(writes=False) as session:
        assert (delegate in set(session.scalars(select(OutgoingMail.account_id)))) is reminded


@pytest.mark.parametrize(
    ("right", "looked", "reminded"),
    [(Right.FIND, True, True), (Right.RECORD, True, False), (Right.FIND, False, False)],
)
def test_whoever_finds_at_one_facility_is_reminded_of_those_asked_for_beside_the_managers(
    portal, right, looked, reminded
):
    someone = add_operator(portal, candidate(Held(SOON)))
    asker, delegate = owner(portal), make_account(portal, Role.DELEGATE)
    with portal.database.transaction(writes=True) as session:
        organization = session.scalars(select(Organization.id)).one()
        facility = session.scalars(select(Facility.id)).one()
        session.add(
            Membership(
                account_id=delegate,
                organization_id=organization,
                offered_at=NOON,
                changed_at=NOON,
                since=NOON,
                rights=[MemberRight(right=right, facility_id=facility, since=NOON)],
            )
        )
        by = delegate if looked else account_id(portal, asker)
        session.add(ContactLook(profile_id=someone, account_id=by, organization_id=organization, at=NOON))
    night(portal)
    assert len(told(portal, email(portal, asker))) == 1, "a manager knows of what was asked for"
    with portal.database.transaction(writes=False) as session:
        assert (delegate in set(session.scalars(select(OutgoingMail.account_id)))) is reminded


def test_a_right_to_find_that_was_taken_away_reminds_no_more(portal):
    asker = an_owner(portal, add_operator(portal, candidate(Held(SOON))))
    change(portal, MemberRight, ended_at=NOON)
    night(portal)
    assert told(portal, email(portal, asker)) == []


def test_an_owner_without_a_facility_any_more_is_not_reminded(portal):
    asker = an_owner(portal, add_operator(portal, candidate(Held(SOON))))
    change(portal, FacilityRelation, valid_until=TODAY)
    night(portal)
    assert told(portal, email(portal, asker)) == []


@pytest.mark.parametrize("values", [{"available": False}, {"state": State.SUSPENDED}, {"state": State.PENDING}])
def test_an_owner_who_has_asked_is_reminded_although_the_person_is_not_found_just_now(portal, values):
    someone = add_operator(portal, candidate(Held(SOON)))
    asker = an_owner(portal, someone)
    change(portal, OperatorProfile, **values)
    assert night(portal) == 2
    assert len(told(portal, email(portal, asker))) == len(told(portal, account_of(portal, someone).email)) == 1


def test_nobody_is_reminded_of_a_profile_that_is_closed(portal):
    an_owner(portal, add_operator(portal, candidate(Held(SOON))))
    change(portal, OperatorProfile, state=State.CLOSED)
    assert night(portal) == 0


@pytest.mark.parametrize("happens", [disable, end_role])
def test_nobody_is_reminded_of_somebody_who_may_not_use_the_portal_any_more(portal, happens):
    someone = add_operator(portal, candidate(Held(SOON)))
    an_owner(portal, someone)
    happens(portal, someone)
    assert night(portal) == 0


def test_an_owner_to_whom_the_search_is_closed_is_not_reminded(portal):
    asker = an_owner(portal, add_operator(portal, candidate(Held(SOON))))
    change(portal, Organization, state=State.SUSPENDED)
    assert night(portal) == 1
    assert told(portal, email(portal, asker)) == []


def test_somebody_who_is_no_owner_any_more_is_not_reminded(portal):
    asker = an_owner(portal, add_operator(portal, candidate(Held(SOON))))
    with portal.database.transaction(writes=True) as session:
        session.execute(update(AccountRole).where(AccountRole.role == Role.OWNER).values(ended_at=NOON))
    night(portal)
    assert told(portal, email(portal, asker)) == []


def test_a_conditional_licence_is_told_to_the_owner_it_names_alone(portal):
    someone = add_operator(portal, candidate(Held(replace(SOON, valid_for="town of  TIMMINS"))))
    named, other = an_owner(portal, someone), an_owner(portal, someone, name="Town of Cochrane")
    night(portal)
    assert len(told(portal, email(portal, named))) == 1
    assert told(portal, email(portal, other)) == []


def test_the_owner_whom_a_conditional_licence_names_is_reminded_of_it_without_having_asked(portal):
    conditional = replace(SOON, valid_for="town of  TIMMINS")
    add_operator(portal, candidate(Held(conditional), Held(COLLECTION)), "Alex Rivers")
    named, other = owner(portal, "Town of Timmins"), owner(portal, "Town of Cochrane")
    closed = owner(portal, "TOWN OF TIMMINS")
    with portal.database.transaction(writes=True) as session:
        its = select(Membership.organization_id).where(Membership.account_id == account_id(portal, closed))
        session.execute(update(Organization).where(Organization.id.in_(its)).values(state=State.CLOSED))
    assert night(portal) == 2
    (text,) = told(portal, email(portal, named))
    assert "Alex Rivers: Wastewater treatment, Class III, number T3" in text
    assert "C1" not in text, "only what is valid for this owner"
    assert told(portal, email(portal, other)) == told(portal, email(portal, closed)) == []
    assert night(portal) == 0


def test_the_owner_whom_a_conditional_licence_names_and_who_has_asked_is_told_once(portal):
    someone = add_operator(portal, candidate(Held(replace(SOON, valid_for="Town of Timmins"))))
    asker = an_owner(portal, someone)
    night(portal)
    (text,) = told(portal, email(portal, asker))
    assert text.count("number T3") == 1


def test_many_conditional_licences_take_as_many_statements_as_few(portal):
    def add(*numbers):
        licences = (replace(SOON, valid_for=f"Town {number}") for number in numbers)
        add_operators(portal, [candidate(Held(licence)) for licence in licences])

    owner(portal, "Town 1")
    add(1, 2)
    with counted(portal) as at_two:
        assert night(portal) == 3
    add(*range(3, 43))
    with counted(portal) as at_more:
        assert night(portal) == 40
    assert len(at_more) == len(at_two)


def test_an_owner_who_is_an_operator_too_has_one_mail_with_both(portal):
    asker = an_owner(portal, add_operator(portal, candidate(Held(SOON)), "Alex Rivers"))
    reader = account_id(portal, asker)
    with portal.database.transaction(writes=True) as session:
        person = session.get_one(Account, reader).person_id
        session.add(AccountRole(account_id=reader, role=Role.OPERATOR, granted_at=NOON))
        session.add(OperatorProfile(person_id=person, state=State.ACTIVE, claimed_operator_id="", changed_at=NOON))
        session.add(
            Credential(
                person_id=person, number="OWN", licence_type="wastewater_treatment", licence_class="I", rank=1,
                expiry=COLLECTION.expiry, source="decision", recorded_at=NOON,
            )
        )  # fmt: skip
    assert night(portal) == 2
    (text,) = told(portal, email(portal, asker))
    assert "number OWN: expires on 25 November 2026" in text
    assert "Alex Rivers: " in text


def test_an_owner_who_asks_later_is_told_what_the_holder_was_told_before(portal):
    someone = add_operator(portal, candidate(Held(SOON)))
    assert night(portal) == 1
    asker = an_owner(portal, someone, at=NOON + timedelta(days=2))
    assert night(portal, NOON + timedelta(days=2)) == 1
    assert len(told(portal, email(portal, asker))) == 1


# --- those who employ the person --------------------------------------------------------------------------


def crew_that_expires(portal: Portal) -> tuple[Asker, int, int]:
    """An owner with two operators whom only the listing knows, both of a licence that expires in three months."""
    owner, chief, second = employed.crew(portal)
    change(portal, ListedLicence, expiry=MONTHS_AHEAD)
    return owner, chief, second


def test_an_employer_is_reminded_of_what_the_listing_shows_of_people_without_accounts(portal):
    asker, _chief, _second = crew_that_expires(portal)
    assert night(portal) == 1
    assert night(portal) == 0
    (text,) = told(portal, email(portal, asker))
    for line in ("Sam Chief: Wastewater treatment, Class III", "Sam Second: Wastewater treatment, Class II"):
        assert line in text
    assert "Of people whom your organization employs" in text


def test_an_employer_is_reminded_of_what_the_office_confirmed_and_not_of_the_listing(portal):
    standing_listings.stand(portal, standing_listings.ROW | {"expiry": TODAY + timedelta(days=5)})
    someone = active_operator(portal)
    asker = active_owner(portal)
    employed.employ_confirmed(portal, asker, "Fairwater", "90012345")
    change(portal, Credential, expiry=MONTHS_AHEAD)
    assert night(portal) == 2
    (text,) = told(portal, email(portal, asker))
    assert "Sam Fairwater: Wastewater treatment, Class II, number 12345: expires on 20 February 2027" in text
    assert "25 November" not in text
    assert len(told(portal, email(portal, someone))) == 1


def test_an_employer_is_reminded_of_the_listed_licence_beside_the_confirmed_one(portal):
    other = {"number": "777", "licence_type": "wastewater_collection", "expiry": MONTHS_AHEAD}
    standing_listings.stand(portal, standing_listings.ROW, standing_listings.ROW | other)
    active_operator(portal)
    asker = active_owner(portal)
    employed.employ_confirmed(portal, asker, "Fairwater", "90012345")
    night(portal)
    (text,) = told(portal, email(portal, asker))
    assert "Sam Fairwater: Wastewater collection, Class II, number 777: expires on 20 February 2027" in text
    assert "12345:" not in text


@pytest.mark.parametrize(
    ("values", "reminded"),
    [
        ({"valid_until": TODAY}, True),  # it ended, and the listing has it
        ({"valid_until": TODAY + timedelta(days=1)}, False),
        ({"status": "suspended"}, False),  # the office knows better
        ({"licence_type": "water_treatment"}, True),  # the same number of another type
    ],
)
def test_what_the_listing_shows_is_told_where_nothing_is_on_file_of_it_today(portal, values, reminded):
    standing_listings.stand(portal, standing_listings.ROW | {"expiry": MONTHS_AHEAD})
    active_operator(portal)
    asker = active_owner(portal)
    employed.employ_confirmed(portal, asker, "Fairwater", "90012345")
    change(portal, Credential, **values)
    night(portal)
    assert bool(told(portal, email(portal, asker))) is reminded


@pytest.mark.parametrize("last", [TODAY - timedelta(days=1), TODAY])
def test_a_former_employer_is_not_reminded(portal, last):
    asker, _chief, _second = crew_that_expires(portal)
    for one in responsibility.people(asker, facility_of(asker)).employments:
        employees.end_employment(asker, one.fact_id, last)
    assert night(portal) == (last == TODAY)


def test_an_employee_whose_operator_id_is_not_confirmed_or_is_another_has_no_reminder(portal):
    asker = active_owner(portal)
    employed.listed(portal, ("90000003", "Chief", "III"), expiry=MONTHS_AHEAD)
    employed.employ(asker, "Chief", "90000003")
    assert night(portal) == 0


@pytest.mark.parametrize(("right", "reminded"), [(Right.RECORD, True), (Right.READ, False), (Right.FIND, False)])
def test_whoever_records_for_the_facility_is_reminded_of_who_is_employed_there(portal, right, reminded):
    asker, _chief, _second = crew_that_expires(portal)
    delegate = members.acting(portal, asker, Grant(right, facility_of(asker)))
    night(portal)
    assert bool(told(portal, email(portal, delegate))) is reminded


def test_an_employer_that_no_longer_holds_the_facility_is_not_reminded(portal):
    crew_that_expires(portal)
    change(portal, FacilityRelation, valid_until=TODAY)
    assert night(portal) == 0


def test_the_employer_whom_a_conditional_licence_does_not_name_is_not_reminded(portal):
    active_operator(portal)
    asker = active_owner(portal)
    employed.employ_confirmed(portal, asker, "Fairwater", "90012345")
    change(portal, Credential, expiry=MONTHS_AHEAD, valid_for="Town of Timmins", valid_for_key="townoftimmins")
    night(portal)
    assert told(portal, email(portal, asker)) == []


# --- the night --------------------------------------------------------------------------------------------


def test_the_night_reminds_and_its_second_run_does_not(portal):
    someone = add_operator(portal, candidate(Held(SOON)))
    assert nightly.run_if_due(portal, NOON)
    assert nightly.run_if_due(portal, NOON + timedelta(days=1))
    assert len(told(portal, account_of(portal, someone).email)) == 1


def test_what_a_reminder_said_is_erased_after_30_days(portal):
    someone = add_operator(portal, candidate(Held(SOON)), "Alex Unmistakable")
    an_owner(portal, someone)
    nightly.run_if_due(portal, NOON)

    def kept() -> str:
        with portal.database.transaction(writes=False) as session:
            return str([mail.values for mail in session.scalars(select(OutgoingMail))])

    nightly.run_if_due(portal, NOON + timedelta(days=29))
    assert "Unmistakable" in kept()
    nightly.run_if_due(portal, NOON + timedelta(days=30))
    assert "Unmistakable" not in kept()
    (erased, *_rest) = mails_to(portal, account_of(portal, someone).email)
    assert "was erased after 30 days" in erased.text


def test_a_thousand_credentials_take_as_many_statements_as_ten(portal):
    add_operators(portal, [candidate(Held(SOON)) for _ in range(10)])
    with counted(portal) as at_ten:
        assert night(portal) == 10
    add_operators(portal, [candidate(Held(SOON)) for _ in range(1000)])
    with counted(portal) as at_a_thousand:
        assert night(portal) == 1000
    assert len(at_a_thousand) == len(at_ten)
    with portal.database.transaction(writes=False) as session:
        assert len(session.scalars(select(ExpiryReminder.id)).all()) == 1010


# --- the calendar -----------------------------------------------------------------------------------------


def test_the_calendar_holds_all_that_the_office_has_confirmed_the_next_first(portal):
    expired = replace(COLLECTION, number="OLD", expiry=TODAY - timedelta(days=1))
    gone = Held(replace(CLASS_III, number="GONE"), superseded=True)
    someone = add_operator(portal, candidate(Held(CLASS_III), Held(expired), Held(COLLECTION), gone))
    asker = sign_in(portal, account_of(portal, someone).id)
    assert [(one.licence.number, one.days_left) for one in mine(asker)] == [
        ("C1", 5),
        ("T3", (CLASS_III.expiry - TODAY).days),
        ("OLD", -1),
    ]


@pytest.mark.parametrize("status", Status)
def test_what_does_not_count_is_in_the_calendar_with_its_status(portal, status):
    someone = add_operator(portal, candidate(Held(CLASS_III)))
    change(portal, Credential, status=status.value)
    (one,) = mine(sign_in(portal, account_of(portal, someone).id))
    assert (one.licence.number, one.status) == ("T3", status)


def test_a_calendar_is_its_holders_alone(portal):
    active_operator(portal)
    assert mine(signed_in(portal, Role.OPERATOR)) == ()
