"""What waits for each role, on both databases."""

from core.roles import Role
from db.services import home, operators, owners, verification
from tests.db import uploaded
from tests.db.people import make_account, signed_in
from tests.db.profiles import active_owner, available_operator, submitted_operator, submitted_owner


def told(asker):
    return [(one.page, str(one.sentence)) for one in home.waiting(asker)]


def test_an_operator_is_led_from_the_first_entry_to_being_found(portal):
    asker = signed_in(portal, Role.OPERATOR)
    assert told(asker) == [("my-profile", "Enter your Operator ID and your certificates.")]
    asker = submitted_operator(portal)
    assert told(asker) == [("overview", "Your profile is pending verification.")]
    verification.return_(signed_in(portal, Role.OFFICER), 1, 1, "No.")
    assert told(asker) == [("overview", "Your profile was returned to you. Read why, and mend it.")]
    found = available_operator(portal, operator_id="90055555", number="5")
    assert told(found) == [("overview", "Your contact details were looked at once: see by whom.")]  # by the office
    operators.switch_availability(found, False, operators.my_profile(found).version)
    assert told(found)[0][1].startswith("Your availability is off")
    operators.withdraw(found, operators.my_profile(found).version)
    assert told(found)[0] == ("my-profile", "Your profile is open for changes. Submit it when you are done.")


def test_an_owner_is_led_from_the_first_entry_to_the_search(portal):
    asker = signed_in(portal, Role.OWNER)
    assert told(asker)[0][0] == "my-facilities"
    asker = submitted_owner(portal)
    owners.withdraw(asker, owners.my_organization(asker).version)
    assert told(asker) == [("my-facilities", "Your profile is a draft. Submit it for verification.")]
    assert (
        told(
            active_owner(
                portal,
                "City Two",
            )
        )[-1][0]
        == "search"
    )


def test_an_officer_sees_how_many_wait_and_since_when(portal):
    officer = signed_in(portal, Role.OFFICER)
    assert told(officer) == [("queue", "No profile waits for verification.")]
    submitted_operator(portal)
    assert told(officer) == [("queue", "One profile waits for verification, since 20 November 2026.")]
    submitted_owner(portal)
    assert told(officer) == [("queue", "2 profiles wait for verification, the oldest since 20 November 2026.")]


def test_a_second_officer_sees_that_an_import_waits_and_who_made_it_does_not(portal):
    officer, second = signed_in(portal, Role.OFFICER), signed_in(portal, Role.OFFICER)
    uploaded.imported(officer, uploaded.licences(1))
    uploaded.imported(officer, uploaded.licences(2))
    sentence = "The listing of operators of 20 November 2026 waits for a second officer: much would vanish."
    assert told(second)[0] == ("listings", sentence)
    assert [page for page, _ in told(officer)] == ["queue"]


def test_several_roles_add_up(portal):
    asker = signed_in(portal, Role.OPERATOR, Role.OFFICER)
    assert [page for page, _ in told(asker)] == ["my-profile", "queue"]


def test_an_admin_without_anything_waiting_sees_nothing(portal):
    assert told(signed_in(portal, Role.ADMIN)) == []
    make_account(portal, Role.MANAGER, state="invited")
    assert told(signed_in(portal, Role.ADMIN)) == [("accounts", "Invitations not yet accepted: 1.")]
