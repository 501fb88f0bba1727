"""The office sees whatever owners recorded as sent to the Director, of all kinds in one list."""

from datetime import date, timedelta

from core.roles import Role
from core.submissions import Kind
from db.services import designations, disruptions, responsibility, training_duties
from tests.db.employed import employ, led
from tests.db.filed import TODAY, facility_of
from tests.db.people import signed_in

DAY = timedelta(days=1)


def test_what_was_sent_of_every_kind_is_in_the_list_the_latest_first(portal):
    owner, chief, second = led(portal)
    facility, officer = facility_of(owner), signed_in(portal, Role.OFFICER)
    first = TODAY - 70 * DAY
    designations.record_absence(owner, facility, chief, first, None, "Away.")
    designations.designate(owner, facility, second, "stand_in", first, TODAY, "Stood in.")
    designations.record_notice(owner, facility, TODAY - 3 * DAY)
    disruptions.record_strike(owner, facility, TODAY + 20 * DAY)
    disruptions.record_submission(owner, facility, Kind.STRIKE_PLAN, TODAY + 20 * DAY, TODAY - 2 * DAY)
    brief = employ(owner, "Brief", first=date(2025, 3, 1), last=date(2025, 3, 31))
    exempt = training_duties.record_notice(owner, facility, brief, 2025, TODAY - DAY)
    shown = responsibility.notices_received(officer)
    assert shown.total == 3
    assert [(one.about, one.sent_on, one.of_training) for one in shown.rows] == [
        ("an operator’s training of 2025, of which the year is exempt", TODAY - DAY, True),
        ("strike and lock-out plan, a strike or lock-out from 10 December 2026", TODAY - 2 * DAY, False),
        ("days with a stand-in, due since 9 November 2026", TODAY - 3 * DAY, False),
    ]
    assert len({one.key for one in shown.rows}) == 3
    training_duties.withdraw_notice(owner, exempt, "It was not sent.")
    assert [one.of_training for one in responsibility.notices_received(officer).rows] == [False, False]
