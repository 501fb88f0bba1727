"""Outgoing mail, the audit trail and the settings, as the admin sees them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import update

from core.problems import Refused
from core.roles import Role
from db import audit
from db.gate import Asker, NotAllowed, Portal
from db.schema import OutgoingMail
from db.services import accounts, administration, oversight, sessions
from db.services.oversight import TrailFilters
from tests.db.mailbox import key_mailed_to
from tests.db.people import NOON, make_account, signed_in, visitor
from tests.db.statements import counted
from tests.portals import settings_for

EMAIL = "ann@example.ca"


@pytest.fixture
def admin(portal: Portal) -> Asker:
    return signed_in(portal, Role.ADMIN, given_name="Ada", family_name="Roy")


def elsewhere(asker: Asker, **settings: object) -> Asker:
    """The same asker of the same database under other settings."""
    portal = asker.portal
    changed = settings_for(**{"database_url": portal.settings.database_url, **settings})
    return Asker(Portal(changed, portal.database, portal.key), asker.token, asker.at)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
def test_only_an_admin_sees_this(portal: Portal, role: Role) -> None:
    asker = signed_in(portal, role)
    for look in (oversight.outgoing_mails, oversight.audit_trail, oversight.settings_summary):
        with pytest.raises(NotAllowed):
            look(asker)
    with pytest.raises(NotAllowed):
        oversight.outgoing_mail(asker, 1)


# --- outgoing mail ----------------------------------------------------------------------------------------


def test_the_admin_hands_over_a_link_only_while_no_mail_server_is_set(portal: Portal, admin: Asker) -> None:
    administration.invite(admin, EMAIL, Role.OFFICER)
    key = key_mailed_to(portal, EMAIL)
    (listed,) = oversight.outgoing_mails(admin).rows
    assert (listed.recipient, listed.delivery) == (EMAIL, oversight.Delivery.KEPT)
    opened = oversight.outgoing_mail(admin, listed.id)
    assert opened.link is not None
    assert key in opened.link
    assert key in opened.text
    with_server = oversight.outgoing_mail(elsewhere(admin, smtp_host="mail.example.ca"), listed.id)
    assert with_server.link is None
    assert key not in with_server.text
    assert with_server.row.delivery == oversight.Delivery.WAITING


def test_the_outbox_says_how_far_each_mail_has_come(portal: Portal, admin: Asker) -> None:
    for n in range(3):
        administration.invite(admin, f"new{n}@example.ca", Role.OFFICER)
    with portal.database.transaction(writes=True) as session:
        session.execute(
            update(OutgoingMail).where(OutgoingMail.id == 1).values(sent_at=NOON, next_attempt_at=None)
        )
        session.execute(
            update(OutgoingMail)
            .where(OutgoingMail.id == 2)
            .values(next_attempt_at=None, attempts=9, failure="550 no such mailbox")
        )
    rows = oversight.outgoing_mails(elsewhere(admin, smtp_host="mail.example.ca")).rows
    assert [(row.delivery, row.attempts) for row in rows] == [
        (oversight.Delivery.WAITING, 0),
        (oversight.Delivery.GIVEN_UP, 9),
        (oversight.Delivery.SENT, 0),
    ]


def test_the_outbox_takes_as_many_statements_at_a_thousand_mails_as_at_ten(portal: Portal, admin: Asker) -> None:
    account_id = make_account(portal, email=EMAIL)

    def put(count: int) -> None:
        with portal.database.transaction(writes=True) as session:
            session.add_all(
                OutgoingMail(
                    message_id=f"<{count}-{n}@portal>", recipient=EMAIL, account_id=account_id,
                    template="already_registered", language="en", values={}, created_at=NOON,
                )
                for n in range(count)
            )  # fmt: skip

    put(10)
    with counted(portal) as few:
        oversight.outgoing_mails(admin)
    put(990)
    with counted(portal) as lots:
        assert oversight.outgoing_mails(admin, page=2).total == 1000
    assert len(lots) == len(few)


def test_a_mail_that_is_not_there_is_refused(portal: Portal, admin: Asker) -> None:
    with pytest.raises(Refused, match="no such mail"):
        oversight.outgoing_mail(admin, 77)


# --- the audit trail --------------------------------------------------------------------------------------


def test_the_trail_is_filtered_by_action_subject_and_account(portal: Portal, admin: Asker) -> None:
    administration.invite(admin, EMAIL, Role.OFFICER)
    sessions.sign_in(visitor(portal), EMAIL, "wrong password", "browser", "")

    def actions(**by: object) -> list[str]:
        return [row.action for row in oversight.audit_trail(admin, TrailFilters(**by)).rows]

    assert actions() == ["sign_in.refused", "link.mailed", "account.invited"]
    assert actions()[0] == "audit_trail.shown"
    assert actions(action="account.invited") == ["account.invited"]
    assert actions(action="account") == []
    assert actions(subject="outgoing_mail") == []
    for who in (str(accounts.me(admin).account_id), " ada r", "ADA"):
        assert set(actions(who=who)) == {"audit_trail.shown", "link.mailed", "account.invited"}
    assert actions(who="%") == actions(who="9" * 12) == []
    invited = oversight.audit_trail(admin, TrailFilters("account.invited")).rows[0]
    assert (invited.who, invited.details) == ("Ada Roy", "role: officer")
    assert invited.subject_id is not None
    assert actions(subject="account", subject_id=invited.subject_id)[-1] == "account.invited"
    assert oversight.audit_trail(admin, TrailFilters("sign_in.refused")).rows[0].who == ""


def test_the_trail_is_filtered_by_the_days_of_the_office(portal: Portal, admin: Asker) -> None:
    midnight = datetime(2026, 11, 25, 5, tzinfo=UTC)  # at the office, in winter
    with portal.database.transaction(writes=True) as session:
        for number, moment in enumerate((midnight - timedelta(seconds=1), midnight)):
            audit.append(session, moment, None, [audit.Entry("demo.filled", "installation", number, {})])

    def numbers(first: date | None, last: date | None) -> list[int | None]:
        wanted = TrailFilters("demo.filled", first=first, last=last)
        return [row.subject_id for row in oversight.audit_trail(admin, wanted).rows]

    before, day = date(2026, 11, 24), date(2026, 11, 25)
    assert numbers(None, None) == numbers(before, day) == [1, 0]
    assert numbers(day, None) == numbers(day, day) == [1]
    assert numbers(None, before) == numbers(before, before) == [0]


def test_the_trail_stays_where_it_is_under_who_pages_through_it(portal: Portal, admin: Asker) -> None:
    administration.invite(admin, EMAIL, Role.OFFICER)
    newest = oversight.audit_trail(admin).rows[0].id
    rows = oversight.audit_trail(admin, up_to=newest).rows
    assert [row.action for row in rows] == ["link.mailed", "account.invited"]
    assert oversight.audit_subjects(admin) == ("account", "audit_entry")


def test_the_trail_takes_as_many_statements_at_a_thousand_entries_as_at_ten(portal: Portal, admin: Asker) -> None:
    with portal.database.transaction(writes=True) as session:
        entries = [audit.Entry("account.changed", "account", n, {}) for n in range(1000)]
        audit.append(session, NOON - timedelta(days=1), accounts.me(admin).account_id, entries)
    with counted(portal) as few:
        oversight.audit_trail(admin, TrailFilters(subject_id=3))
    with counted(portal) as lots:
        assert oversight.audit_trail(admin).total == 1001
    assert len(lots) == len(few)


# --- settings ---------------------------------------------------------------------------------------------


def test_the_settings_are_shown_without_secrets(portal: Portal, admin: Asker) -> None:
    asker = elsewhere(admin, smtp_password=SecretStr("open sesame"), smtp_host="mail.example.ca")
    shown = {row.name: row.value for row in oversight.settings_summary(asker)}
    assert shown["SMTP_HOST"] == "mail.example.ca"
    assert shown["SMTP_PASSWORD"] == shown["APP_KEY"] == "set"
    assert "open sesame" not in repr(shown)
    address = elsewhere(admin, database_url="postgresql+psycopg://portal:sesame@host/portal")
    shown = {row.name: row.value for row in oversight.settings_summary(address)}
    assert shown["DATABASE_URL"] == "postgresql+psycopg://portal:***@host/portal"
    assert all(row.meaning for row in oversight.settings_summary(admin))
