"""Two officers on one difference at the same moment: one decides, the other is told."""

import pytest

from core.problems import Refused
from core.roles import Role
from db.register_schema import Discrepancy, ListingAnswer
from db.services import discrepancies, operators, verification
from tests.db.listed_facilities import OF_ANOTHER_OWNER, OF_CLASS_IV, differences, imported, mails, rows, waits
from tests.db.people import signed_in
from tests.db.profiles import active_operator, active_owner, submitted_owner
from tests.db.standing_listings import differ
from tests.db.together import together


def of_a_facility(portal):
    active_owner(portal)
    imported(portal, OF_CLASS_IV)


def of_a_certificate(portal):
    asker = active_operator(portal)
    differ(portal, operators.my_profile(asker), licence_class="III")


@pytest.mark.parametrize("differs", [of_a_facility, of_a_certificate])
def test_exactly_one_of_two_officers_decides(portal, differs):
    differs(portal)
    found = waits(portal)
    one, other = (signed_in(portal, Role.OFFICER, given_name=name) for name in ("Ann", "Bob"))
    answers = together(
        lambda: discrepancies.keep(one, found.id, found.version, "So it is."),
        lambda: discrepancies.follow(other, found.id, found.version),
    )
    assert sorted(str(answer) == "done" for answer in answers) == [False, True], answers
    (refused,) = (answer for answer in answers if answer != "done")
    assert isinstance(refused, Refused)
    assert ("Ann" if answers[0] == "done" else "Bob") in str(refused)
    assert differences(portal) == ["kept" if answers[0] == "done" else "followed"]
    if differs is of_a_facility:
        told = len(mails(portal, "facility_class_taken_over"))
        assert (len(rows(portal, ListingAnswer)), told) == ((1, 0) if answers[0] == "done" else (0, 1))


@pytest.mark.parametrize("act", [discrepancies.keep, discrepancies.follow])
def test_a_facility_changes_hands_while_an_officer_decides_on_a_difference_of_it(portal, act):
    """Whoever comes second waits for the first, and none of them runs in a circle."""
    active_owner(portal)
    imported(portal, OF_ANOTHER_OWNER)
    submitted_owner(portal, "Town of Cobalt")
    found = waits(portal)
    one, other = (signed_in(portal, Role.OFFICER, given_name=name) for name in ("Ann", "Bob"))
    version = verification.item(other, 2).version
    answers = together(
        lambda: act(one, found.id, found.version, "So it is."),
        lambda: verification.approve(other, 2, version, transfers=frozenset({2})),
    )
    assert answers[1] == "done", answers
    (one,) = rows(portal, Discrepancy)
    if answers[0] == "done":
        assert one.state in ("kept", "followed")
    else:
        assert (isinstance(answers[0], Refused), one.state) == (True, "gone")
