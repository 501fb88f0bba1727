"""Looks at contact details: recorded, shown to the operator, so many a day and no more."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.problems import Refused
from core.profiles import State
from core.roles import Role
from core.search import Held
from db.gate import NotAllowed, Portal
from db.schema import AccountRole, AuditEntry, ContactLook, Submission
from db.services import operators, verification
from db.services.looks import contact_details
from tests.db.people import NOON, at, make_account, sign_in, signed_in
from tests.db.profiles import submitted_operator, submitted_owner
from tests.db.searchable import CLASS_III, add_operator, add_operators, candidate, disable, end_role, owner
from tests.db.statements import counted


def test_an_owner_sees_how_to_reach_somebody_and_the_look_is_recorded(portal):
    someone = add_operator(portal, candidate(), "Alex O'Brien")
    asker = owner(portal)

    details = contact_details(asker, someone)

    assert (details.name, details.telephone) == ("Alex O'Brien", "+17055550100")
    assert details.email.endswith("@example.ca")
    with portal.database.transaction(writes=False) as session:
        look = session.scalars(select(ContactLook)).one()
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "contact_details.shown")).one()
    assert (look.profile_id, look.organization_id is None, look.at) == (someone, False, NOON)
    assert (entry.subject_id, entry.account_id) == (someone, look.account_id)
    assert "example.ca" not in str(entry.details)


def test_an_officer_looks_for_the_office(portal):
    someone = add_operator(portal, candidate())
    contact_details(signed_in(portal, Role.OFFICER), someone)
    with portal.database.transaction(writes=False) as session:
        assert session.scalars(select(ContactLook)).one().organization_id is None


def test_an_operator_sees_which_officers_opened_the_submission_once_a_day_each(portal):
    asker = submitted_operator(portal)
    evening = NOON + timedelta(hours=11, minutes=59)  # 23:59 in Toronto
    account = make_account(portal, Role.OFFICER, given_name="Olga", family_name="Office")
    officer, late = sign_in(portal, account), sign_in(portal, account, evening)
    colleague = signed_in(portal, Role.OFFICER, given_name="Bea", family_name="Office")
    for one in (officer, colleague, late, at(late, evening + timedelta(minutes=1))):
        assert verification.item(one, 1).email.endswith("@example.ca")
    assert [(look.who, look.organization, look.at) for look in operators.my_looks(asker).rows] == [
        ("Olga Office", "", evening + timedelta(minutes=1)),
        ("Bea Office", "", NOON),
        ("Olga Office", "", NOON),
    ]
    assert operators.my_profile(asker).looks == 3


def test_opening_a_submission_once_more_takes_one_statement_for_the_contact_details(portal):
    submitted_operator(portal)
    officer = signed_in(portal, Role.OFFICER)
    for _ in range(2):
        with counted(portal) as statements:
            verification.item(officer, 1)
        assert len([one for one in statements if "contact_look" in one]) == 1


def test_nobody_looks_at_their_own_contact_details_or_at_an_owners(portal):
    asker = submitted_operator(portal)
    submitted_owner(portal)
    with portal.database.transaction(writes=True) as session:
        account = session.scalars(select(Submission.submitted_by).where(Submission.id == 1)).one()
        session.add(AccountRole(account_id=account, role=Role.OFFICER, granted_at=NOON))
    assert verification.item(asker, 1).own
    verification.item(asker, 2)
    assert _looks(portal) == 0


@pytest.mark.parametrize("role", [Role.MANAGER, Role.OPERATOR, Role.ADMIN, Role.DIRECTOR])
def test_nobody_else_looks(portal, role):
    someone = add_operator(portal, candidate())
    with pytest.raises(NotAllowed):
        contact_details(signed_in(portal, role), someone)
    assert _looks(portal) == 0


def test_an_owner_without_a_verified_facility_does_not_look(portal):
    someone = add_operator(portal, candidate())
    with pytest.raises(Refused, match="opens once the office has verified"):
        contact_details(owner(portal, verified=False), someone)
    assert _looks(portal) == 0


@pytest.mark.parametrize(
    "hidden",
    [
        candidate(available=False),
        candidate(state=State.SUSPENDED),
        candidate(Held(replace(CLASS_III, expiry=NOON.date() - timedelta(days=1)))),
        candidate(Held(replace(CLASS_III, valid_for="Somebody else"))),
    ],
)
def test_nobody_sees_how_to_reach_somebody_who_cannot_be_found(portal, hidden):
    someone = add_operator(portal, hidden)
    with pytest.raises(Refused, match="no longer available"):
        contact_details(owner(portal), someone)
    assert _looks(portal) == 0


@pytest.mark.parametrize("happens", [disable, end_role])
def test_nobody_sees_how_to_reach_somebody_who_may_not_use_the_portal_any_more(portal, happens):
    someone = add_operator(portal, candidate())
    happens(portal, someone)
    with pytest.raises(Refused, match="no longer available"):
        contact_details(owner(portal), someone)
    assert _looks(portal) == 0


def test_an_organization_opens_fifty_operators_a_day_and_the_day_is_torontos(portal):
    ids = add_operators(portal, [candidate() for _ in range(51)])
    evening = NOON + timedelta(hours=11, minutes=59)  # 23:59 in Toronto
    asker, other = owner(portal, at=evening), owner(portal, "Town of Cochrane", at=evening)
    for profile_id in [*ids[:50], *ids[:3]]:  # a second look at somebody is none of another
        contact_details(asker, profile_id)
    with pytest.raises(Refused, match="50 operators today"):
        contact_details(asker, ids[50])
    contact_details(asker, ids[49])
    contact_details(other, ids[50])
    contact_details(at(asker, evening + timedelta(minutes=1)), ids[50])
    assert _looks(portal) == 56


def _looks(portal: Portal) -> int:
    with portal.database.transaction(writes=False) as session:
        return session.scalar(select(func.count()).select_from(ContactLook)) or 0
