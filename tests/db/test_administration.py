"""The admin's work on accounts."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from core.problems import Refused
from core.roles import INVITED, Role
from db.gate import Asker, NotAllowed, NotSignedIn, Portal, Stale
from db.schema import Account, AccountRole, AuditEntry, Person
from db.services import accounts, administration, own_account
from tests.db import people
from tests.db.mailbox import mails_to
from tests.db.people import NOON, PASSWORD, make_account, signed_in
from tests.db.statements import counted
from tests.db.together import together

EMAIL = "ann@example.ca"


@pytest.fixture
def admin(portal: Portal) -> Asker:
    return signed_in(portal, Role.ADMIN, family_name="Zwick", email="admin@example.ca")


def row(admin: Asker, email: str) -> administration.AccountRow:
    (found,) = administration.list_accounts(admin, email).rows
    return found


def many(portal: Portal, count: int) -> None:
    """`count` owners more, made at once."""
    with portal.database.transaction(writes=True) as session:
        ids = session.scalars(
            insert(Person).returning(Person.id),
            [{"given_name": "Many", "family_name": f"P{n:04}", "created_at": NOON} for n in range(count)],
        ).all()
        account = {"state": "active", "telephone": "", "municipality": "", "language": "en", "created_at": NOON}
        account |= {"changed_at": NOON, "version": 1}
        found = session.scalars(
            insert(Account).returning(Account.id),
            [{"person_id": n, "email": f"many{n}@example.ca", **account} for n in ids],
        ).all()
        session.execute(
            insert(AccountRole), [{"account_id": n, "role": Role.OWNER, "granted_at": NOON} for n in found]
        )


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
def test_only_an_admin_does_this(portal: Portal, role: Role) -> None:
    asker = signed_in(portal, role)
    for act in (
        lambda: administration.list_accounts(asker),
        lambda: administration.invite(asker, EMAIL, Role.ADMIN),
        lambda: administration.invite_again(asker, 1),
        lambda: administration.grant_role(asker, 1, Role.ADMIN, 1),
        lambda: administration.end_role(asker, 1, Role.ADMIN, 1),
        lambda: administration.disable(asker, 1, 1),
        lambda: administration.enable(asker, 1, 1),
    ):
        with pytest.raises(NotAllowed):
            act()


# --- the list ---------------------------------------------------------------------------------------------


def test_accounts_are_found_by_name_email_role_and_state(portal: Portal, admin: Asker) -> None:
    make_account(portal, Role.OWNER, Role.MANAGER, given_name="Anne", family_name="O'Brien", email=EMAIL)
    make_account(portal, Role.OWNER, family_name="100%", email="per_cent@example.ca", state="disabled")

    def found(**by: str) -> list[str]:
        return [account.email for account in administration.list_accounts(admin, **by).rows]

    assert found() == ["per_cent@example.ca", EMAIL, "admin@example.ca"]
    assert found(search="anne o'b") == [EMAIL]
    assert found(search="ANN@EX") == [EMAIL]
    assert found(search="%") == ["per_cent@example.ca"]
    assert found(search="r_c") == ["per_cent@example.ca"]
    assert found(role=Role.MANAGER) == [EMAIL]
    assert found(state="disabled") == ["per_cent@example.ca"]
    assert found(search="nobody") == []
    assert row(admin, EMAIL).roles == (Role.OWNER, Role.MANAGER)


def test_the_list_says_when_somebody_was_last_seen(portal: Portal, admin: Asker) -> None:
    account_id = make_account(portal, email=EMAIL)
    assert row(admin, EMAIL).last_seen is None
    people.sign_in(portal, account_id, NOON - timedelta(days=3))
    people.sign_in(portal, account_id, NOON - timedelta(days=1))
    assert row(admin, EMAIL).last_seen == NOON - timedelta(days=1)


def test_a_page_beyond_the_last_is_the_last(portal: Portal, admin: Asker) -> None:
    many(portal, 120)
    listed = administration.list_accounts(admin, page=99)
    assert (listed.total, listed.pages, listed.page, len(listed.rows)) == (121, 3, 3, 21)
    first = administration.list_accounts(admin, page=-1)
    assert (first.page, len(first.rows)) == (1, 50)


def test_the_list_takes_as_many_statements_at_a_thousand_accounts_as_at_ten(portal: Portal, admin: Asker) -> None:
    many(portal, 10)
    with counted(portal) as few:
        administration.list_accounts(admin)
    many(portal, 990)
    with counted(portal) as lots:
        assert administration.list_accounts(admin).total == 1001
    assert len(lots) == len(few)


def test_looking_at_the_list_leaves_an_entry_with_ids_only(portal: Portal, admin: Asker) -> None:
    account_id = make_account(portal, email=EMAIL)
    administration.list_accounts(admin, EMAIL)
    with portal.database.transaction(writes=False) as session:
        (entry,) = session.scalars(select(AuditEntry))
    assert (entry.action, entry.details) == ("accounts.listed", {"shown": [account_id]})


# --- inviting ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", INVITED)
def test_an_admin_invites_each_staff_role(portal: Portal, admin: Asker, role: Role) -> None:
    administration.invite(admin, " Ann@Example.ca", role)
    (mail,) = mails_to(portal, EMAIL)
    assert mail.template == "invitation"
    assert role.label in mail.text
    found = row(admin, EMAIL)
    assert (found.state, found.roles, found.email_confirmed) == ("invited", (role,), False)
    assert accounts.look_at_link(people.visitor(portal), accounts.Purpose.INVITATION, mail.key).email == EMAIL


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.OWNER, Role.DELEGATE, "king", None])
def test_nobody_is_invited_to_another_role_and_every_problem_is_told(
    portal: Portal, admin: Asker, role: str | None
) -> None:
    with pytest.raises(Refused) as refused:
        administration.invite(admin, "no e-mail", role)
    assert [problem.field for problem in refused.value.problems] == ["email", "role"]


def test_whoever_has_an_account_is_given_the_role_and_told(portal: Portal, admin: Asker) -> None:
    asker = signed_in(portal, Role.OPERATOR, email=EMAIL)
    administration.invite(admin, EMAIL, Role.OFFICER)
    assert accounts.me(asker).roles == {Role.OPERATOR, Role.OFFICER}
    assert [mail.template for mail in mails_to(portal, EMAIL)] == ["role_given"]
    with pytest.raises(Refused, match="already"):
        administration.invite(admin, EMAIL, Role.OFFICER)


def test_an_invitation_is_sent_again_and_the_earlier_link_ends(portal: Portal, admin: Asker) -> None:
    administration.invite(admin, EMAIL, Role.OFFICER)
    administration.invite_again(admin, row(admin, EMAIL).id)
    first, second = mails_to(portal, EMAIL)
    look = accounts.look_at_link
    with pytest.raises(accounts.DeadLink):
        look(people.visitor(portal), accounts.Purpose.INVITATION, first.key)
    assert look(people.visitor(portal), accounts.Purpose.INVITATION, second.key)


def test_invitations_stop_after_five_an_hour_with_a_sentence(portal: Portal, admin: Asker) -> None:
    administration.invite(admin, EMAIL, Role.OFFICER)
    account_id = row(admin, EMAIL).id
    for _ in range(4):
        administration.invite_again(admin, account_id)
    with pytest.raises(Refused, match="Wait an hour"):
        administration.invite_again(admin, account_id)


def test_an_account_in_use_is_not_invited_again(portal: Portal, admin: Asker) -> None:
    with pytest.raises(Refused, match="waits for no invitation"):
        administration.invite_again(admin, make_account(portal))


# --- roles and states -------------------------------------------------------------------------------------


def test_a_role_granted_or_ended_takes_effect_at_the_next_click(portal: Portal, admin: Asker) -> None:
    asker = signed_in(portal, Role.OFFICER, email=EMAIL)
    account_id = accounts.me(asker).account_id
    administration.grant_role(admin, account_id, Role.ADMIN, 1)
    administration.list_accounts(asker)
    administration.end_role(admin, account_id, Role.ADMIN, 2)
    with pytest.raises(NotAllowed):
        administration.list_accounts(asker)
    assert accounts.me(asker).roles == {Role.OFFICER}


def test_a_disabled_account_is_out_at_the_next_click_and_can_be_enabled(portal: Portal, admin: Asker) -> None:
    asker = signed_in(portal, Role.OFFICER, email=EMAIL)
    account_id = accounts.me(asker).account_id
    administration.disable(admin, account_id, 1)
    assert accounts.me(asker) is None
    administration.enable(admin, account_id, 2)
    assert accounts.me(asker) is None  # the session has ended; the account can sign in again
    assert row(admin, EMAIL).state == "active"


def test_a_withdrawn_invitation_ends_its_link_and_enabling_waits_for_a_new_one(
    portal: Portal, admin: Asker
) -> None:
    administration.invite(admin, EMAIL, Role.OFFICER)
    account_id = row(admin, EMAIL).id
    administration.disable(admin, account_id, 1)
    with pytest.raises(accounts.DeadLink):
        accounts.look_at_link(people.visitor(portal), accounts.Purpose.INVITATION, mails_to(portal, EMAIL)[0].key)
    administration.enable(admin, account_id, 2)
    assert row(admin, EMAIL).state == "invited"


def test_a_click_on_a_stale_page_changes_nothing(portal: Portal, admin: Asker) -> None:
    account_id = make_account(portal, Role.OFFICER, email=EMAIL)
    administration.disable(admin, account_id, 1)
    for act in (
        lambda: administration.enable(admin, account_id, 1),
        lambda: administration.end_role(admin, account_id, Role.OFFICER, 1),
        lambda: administration.grant_role(admin, account_id, Role.ADMIN, 1),
    ):
        with pytest.raises(Stale, match="changed by you, in another window, on"):
            act()
    assert row(admin, EMAIL).state == "disabled"


def test_the_last_admin_cannot_end_the_own_role_and_nobody_disables_themselves(
    portal: Portal, admin: Asker
) -> None:
    mine = accounts.me(admin).account_id
    make_account(portal, Role.ADMIN, state="disabled")
    with pytest.raises(Refused, match="last active admin"):
        administration.end_role(admin, mine, Role.ADMIN, 1)
    make_account(portal, Role.ADMIN)
    with pytest.raises(Refused, match="cannot disable your own"):
        administration.disable(admin, mine, 1)
    administration.end_role(admin, mine, Role.ADMIN, 1)
    with pytest.raises(NotAllowed):
        administration.list_accounts(admin)


LEAVING: dict[str, Callable[[Asker, int], None]] = {
    "end each other's role": lambda asker, other: administration.end_role(asker, other, Role.ADMIN, 1),
    "disable each other": lambda asker, other: administration.disable(asker, other, 1),
    "close their accounts": lambda asker, _other: own_account.close_account(asker, PASSWORD),
}


@pytest.mark.parametrize("how", LEAVING)
def test_of_two_admins_who_leave_at_once_one_stays(portal: Portal, admin: Asker, how: str) -> None:
    other = signed_in(portal, Role.ADMIN)
    ids = {asker: accounts.me(asker).account_id for asker in (admin, other)}
    answers: list[object] = []
    acts = (lambda: LEAVING[how](admin, ids[other]), lambda: LEAVING[how](other, ids[admin]))
    both = threading.Thread(target=lambda: answers.extend(together(*acts)))
    with portal.database.transaction(writes=True) as session:
        session.scalars(select(AccountRole).with_for_update()).all()
        both.start()
        time.sleep(1.0)  # both have begun, and wait for the roles
    both.join()
    (refused,) = (answer for answer in answers if answer != "done")
    assert isinstance(refused, NotAllowed | NotSignedIn) or "last active admin" in str(refused)
    with portal.database.transaction(writes=False) as session:
        left = select(Account.id).join(AccountRole, AccountRole.account_id == Account.id)
        standing = left.where(AccountRole.ended_at.is_(None), Account.state == "active")
        assert len(session.scalars(standing).all()) == 1
