"""Invitations of employees: as whom one is invited, who may not accept, what is undone."""

import pytest
from sqlalchemy import select, update

from core.problems import Refused
from core.roles import Role
from db.gate import NotAllowed
from db.schema import Account, AuditEntry
from db.services import accounts, corrections, employees, members, responsibility
from db.services.members import accept, mine
from tests.db.employed import crew, employ
from tests.db.filed import TODAY, facility_of
from tests.db.mailbox import key_mailed_to
from tests.db.members import FIND, acting, offers, row_of
from tests.db.people import signed_in, visitor
from tests.db.profiles import active_operator, active_owner

EMAIL = "robin@example.ca"


def invite(owner, employee, email=EMAIL):
    employees.invite(owner, facility_of(owner), employee, email)


def accepts(asker, *, as_invited=True):
    (offer,) = offers(asker)
    accept(asker, offer.membership_id, offer.version, as_invited)


def shown(owner, employee):
    rows = responsibility.people(owner, facility_of(owner)).employees
    return next(one for one in rows if one.employee_id == employee)


def part(owner, employee, reason="Somebody else accepted."):
    version = shown(owner, employee).version
    corrections.part_from_account(owner, facility_of(owner), employee, version, reason)


def robin_and_another(portal):
    """An owner, the account of an operator, the employee that it is, and another employee who is invited by it."""
    operator, owner = active_operator(portal, "90012345", email=EMAIL), active_owner(portal)
    robin = employ(owner, "Fairwater", "90012345", last=TODAY)
    confirm_robin(portal, robin)
    other = employ(owner, "Engineer", capacity="engineer")
    return owner, operator, robin, other


def confirm_robin(portal, employee):
    employees.confirm_operator_id(signed_in(portal, Role.OFFICER), employee, 1, "Sam is Robin's other name.")


def test_an_invitation_says_as_which_employee(portal):
    owner, operator, _robin, other = robin_and_another(portal)
    invite(owner, other)
    assert [one.employee for one in mine(operator)] == ["Sam Engineer"]
    invite(owner, employ(owner, "New"), "new@example.ca")
    link = key_mailed_to(portal, "new@example.ca")
    holder = accounts.look_at_link(visitor(portal), accounts.Purpose.INVITATION, link)
    assert holder.invited_as == ("Member of City of North Bay (as its employee Sam New)",)


def test_an_account_that_is_another_employee_there_does_not_accept(portal):
    owner, operator, robin, other = robin_and_another(portal)
    invite(owner, other)
    with pytest.raises(Refused, match=r"is for Sam Engineer \(no Operator ID\).*Sam Fairwater \(90012345\)"):
        accepts(operator)
    assert not shown(owner, other).has_account
    version = shown(owner, other).version
    corrections.correct_employee(owner, facility_of(owner), other, version, "Sam", "Engineer", "90012345")
    accepts(operator)  # the employer says that both are one person
    assert shown(owner, other).has_account
    assert shown(owner, robin).confirmed


def test_what_somebody_else_accepted_is_undone(portal):
    owner, operator = active_owner(portal), active_operator(portal, "90012345", email=EMAIL)
    other = employ(owner, "Engineer", capacity="engineer")
    invite(owner, other)
    accepts(operator)
    assert shown(owner, other).confirmed  # the account's Operator ID is taken for the employee's
    with pytest.raises(Refused, match="Write the reason"):
        part(owner, other, " ")
    part(owner, other)
    row = shown(owner, other)
    assert (row.confirmed, row.has_account, row.invited) == (False, False, False)
    assert mine(operator) == ()
    assert responsibility.people(owner, facility_of(owner)).changes[0].reason == "Somebody else accepted."
    with pytest.raises(Refused, match="No account has accepted"):
        part(owner, other)
    invite(owner, other, "engineer@example.ca")
    assert not shown(owner, other).confirmed


def test_it_is_undone_after_the_account_left_and_another_was_invited(portal):
    owner, operator = active_owner(portal), active_operator(portal, "90012345", email=EMAIL)
    other = employ(owner, "Engineer", capacity="engineer")
    invite(owner, other)
    accepts(operator)
    leave(operator)
    invite(owner, other, "engineer@example.ca")
    assert shown(owner, other).confirmed
    part(owner, other)
    row = shown(owner, other)
    assert (row.confirmed, row.has_account, row.invited) == (False, False, True)


def leave(asker):
    (one,) = mine(asker)
    members.leave(asker, one.membership_id, one.version)


def test_what_the_office_confirmed_the_office_takes_back(portal):
    owner, chief, _second = crew(portal)
    operator = signed_in(portal, Role.OPERATOR, email=EMAIL)
    invite(owner, chief)
    with pytest.raises(Refused, match="No account has accepted"):
        part(owner, employ(owner, "New", last=TODAY))
    with pytest.raises(Refused, match="Ask the office"):
        part(owner, chief)
    accepts(operator)
    part(owner, chief)
    row = shown(owner, chief)
    assert (row.confirmed, row.has_account) == (True, False)


def test_a_member_who_does_not_manage_parts_nobody(portal):
    owner, chief, _second = crew(portal)
    delegate = acting(portal, owner, *FIND)
    with pytest.raises(NotAllowed):
        corrections.part_from_account(delegate, facility_of(owner), chief, 1, "Mine.")
    assert row_of(owner, "del@example.ca")


# --- whose account may accept -----------------------------------------------------------------------------------


def test_whoever_bears_another_name_says_that_they_are_the_one_invited(portal):
    owner, operator = active_owner(portal), active_operator(portal, "90012345", email=EMAIL)
    other = employ(owner, "Engineer", capacity="engineer")
    invite(owner, other)
    assert [one.other_name for one in mine(operator)] == [True]
    with pytest.raises(Refused, match="is for Sam Engineer, and your account is that of Robin Fairwater"):
        accepts(operator, as_invited=False)
    assert not shown(owner, other).has_account
    accepts(operator)
    with portal.database.transaction(writes=False) as session:
        accepted = select(AuditEntry).where(AuditEntry.action == "membership.accepted")
        assert session.scalars(accepted.order_by(AuditEntry.id.desc())).first().details["as_invited"] is True


def test_whoever_bears_the_name_is_asked_nothing(portal):
    owner, operator = active_owner(portal), active_operator(portal, "90012345", email=EMAIL)
    invite(
        owner, employees.employ(owner, facility_of(owner), "Robin", "FAIRWATER", "", "Clerk", "other", True, TODAY)
    )
    assert [one.other_name for one in mine(operator)] == [False]
    accepts(operator, as_invited=False)


def test_another_confirmed_operator_id_is_another_person(portal):
    owner, operator = active_owner(portal), active_operator(portal, "90012345", email=EMAIL)
    other = employ(owner, "Other", "90000003", capacity="engineer")
    invite(owner, other)
    with pytest.raises(Refused, match="your confirmed Operator ID is 90012345"):
        accepts(operator)
    assert mine(operator)[0].since is None


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"email": "new@example.ca"}, "e-mail of your account is new@"),
        ({"email_confirmed_at": None}, "Confirm your"),
    ],
)
def test_only_the_confirmed_email_that_was_invited_accepts(portal, changed, says):
    owner, operator = active_owner(portal), active_operator(portal, "90012345", email=EMAIL)
    other = employ(owner, "Engineer", capacity="engineer")
    invite(owner, other)
    with portal.database.transaction(writes=True) as session:
        session.execute(update(Account).where(Account.email == EMAIL).values(**changed))
    with pytest.raises(Refused, match=says):
        accepts(operator)
    assert not shown(owner, other).has_account
