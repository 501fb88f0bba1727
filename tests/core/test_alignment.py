"""What stands of a confirmed certificate by the listing: a table at, before and after each day that decides."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alignment import LISTING_OLD_AFTER_DAYS, Basis, Confirmed, aligned, checked_against
from core.licences import Licence, LicenceClass, LicenceType
from core.listings import ListedLicence, ListedStatus

LISTED_ON = date(2026, 11, 15)
EXPIRY, LATER = date(2028, 3, 12), date(2031, 3, 12)
TWO = Licence("12345", LicenceType.WASTEWATER_TREATMENT, LicenceClass.II, EXPIRY)
THREE_LATER = replace(TWO, licence_class=LicenceClass.III, expiry=LATER)
BEFORE, SAME_DAY, AFTER = (LISTED_ON + timedelta(days=days) for days in (-1, 0, 1))
TODAY = date(2026, 11, 20)


def line(licence=TWO, status=ListedStatus.IN_FORCE):
    return ListedLicence("90012345", "Fairwater", "Robin", licence, status, "North Bay")


SAME, RENEWED = line(), line(THREE_LATER)
SUSPENDED, CANCELLED, EXPIRED = (
    line(status=status) for status in (ListedStatus.SUSPENDED, ListedStatus.CANCELLED, ListedStatus.EXPIRED)
)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
ROWS = [
    # what the case is about, basis, confirmed on, review on, the listing's line, what stands, an officer looks
    ("the same", Basis.LISTING, BEFORE, None, SAME, TWO, False),
    ("the same, decided", Basis.DECISION, BEFORE, None, SAME, TWO, False),
    ("renewed on the listing", Basis.LISTING, BEFORE, None, RENEWED, THREE_LATER, False),
    ("renewed, confirmed on the listing's day", Basis.LISTING, SAME_DAY, None, RENEWED, THREE_LATER, False),
    ("renewed, confirmed the day after", Basis.LISTING, AFTER, None, RENEWED, TWO, False),
    ("vanished", Basis.LISTING, BEFORE, None, None, None, False),
    ("vanished, confirmed on the listing's day", Basis.LISTING, SAME_DAY, None, None, None, False),
    ("vanished, confirmed the day after", Basis.LISTING, AFTER, None, None, TWO, False),
    ("suspended", Basis.LISTING, BEFORE, None, SUSPENDED, None, False),
    ("cancelled", Basis.LISTING, BEFORE, None, CANCELLED, None, False),
    ("suspended, confirmed the day after", Basis.LISTING, AFTER, None, SUSPENDED, TWO, False),
    ("listed as expired", Basis.LISTING, BEFORE, None, EXPIRED, TWO, False),
    ("decided before a listing that differs", Basis.DECISION, BEFORE, None, RENEWED, TWO, True),
    ("decided before a listing without it", Basis.DECISION, BEFORE, None, None, TWO, True),
    ("decided before a listing that suspends it", Basis.DECISION, BEFORE, None, SUSPENDED, TWO, True),
    ("decided after a listing that differs", Basis.DECISION, AFTER, None, RENEWED, TWO, False),
    ("override, the day before its review", Basis.OVERRIDE, BEFORE, TOMORROW, None, TWO, False),
    ("override, on the day of its review", Basis.OVERRIDE, BEFORE, TODAY, None, None, False),
    ("override, the day after its review", Basis.OVERRIDE, BEFORE, YESTERDAY, None, None, False),
    ("override past its review, confirmed after the listing", Basis.OVERRIDE, AFTER, TODAY, None, None, False),
    ("override, now listed the same", Basis.OVERRIDE, BEFORE, TODAY, SAME, TWO, False),
    ("override, now listed otherwise", Basis.OVERRIDE, BEFORE, TOMORROW, RENEWED, TWO, True),
    ("override past its review, listed otherwise", Basis.OVERRIDE, BEFORE, TODAY, RENEWED, THREE_LATER, False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("basis", "confirmed_on", "review_on", "listed", "stands", "looks"), [row[1:] for row in ROWS],
    ids=[row[0] for row in ROWS],
)  # fmt: skip
def test_what_stands(basis, confirmed_on, review_on, listed, stands, looks):
    found = aligned(Confirmed(TWO, basis, confirmed_on, review_on), listed, LISTED_ON, TODAY)
    assert (found.licence, found.differs) == (stands, looks), str(found.why)


@pytest.mark.parametrize("basis", Basis)
def test_without_a_listing_what_was_decided_stands(basis):
    found = aligned(Confirmed(TWO, basis, BEFORE, TODAY), None, None, TODAY)
    assert (found.licence, found.differs) == (TWO, False)
    assert str(found.why) == "There is no listing to compare with yet."


def test_the_reason_names_what_differs():
    found = aligned(Confirmed(TWO, Basis.LISTING, BEFORE), line(THREE_LATER), LISTED_ON, TODAY)
    assert str(found.why) == (
        "The listing of 15 November 2026 says Wastewater treatment, Class III, until 12 March 2031; confirmed was "
        "Wastewater treatment, Class II, until 12 March 2028."
    )
    suspended = line(status=ListedStatus.SUSPENDED)
    found = aligned(Confirmed(TWO, Basis.LISTING, BEFORE), suspended, LISTED_ON, TODAY)
    assert str(found.why) == "The listing of 15 November 2026 says that it is suspended."


LINES = st.one_of(
    st.none(),
    st.builds(
        line,
        st.builds(
            replace,
            st.just(TWO),
            licence_class=st.sampled_from(LicenceClass),
            expiry=st.sampled_from([EXPIRY, LATER]),
        ),
        st.sampled_from(ListedStatus),
    ),
)
DAYS = st.dates(date(2026, 11, 10), date(2026, 11, 30))


@given(st.sampled_from([Basis.DECISION, Basis.OVERRIDE]), DAYS, DAYS, LINES, DAYS)
def test_a_word_given_here_is_never_overwritten_while_it_prevails(basis, confirmed_on, review_on, listed, today):
    if basis is Basis.OVERRIDE and today >= review_on:
        return
    confirmed = Confirmed(TWO, basis, confirmed_on, review_on if basis is Basis.OVERRIDE else None)
    assert aligned(confirmed, listed, LISTED_ON, today).licence == TWO


@given(st.sampled_from(Basis), DAYS, DAYS, LINES, DAYS)
def test_nothing_stands_that_neither_the_office_nor_the_listing_says(
    basis, confirmed_on, review_on, listed, today
):
    confirmed = Confirmed(TWO, basis, confirmed_on, review_on if basis is Basis.OVERRIDE else None)
    found = aligned(confirmed, listed, LISTED_ON, today)
    assert found.licence in (None, TWO, listed.licence if listed else None)
    assert not (found.differs and found.licence != TWO)


@pytest.mark.parametrize("basis", [Basis.DECISION, Basis.OVERRIDE, Basis.LISTING])
def test_what_an_officer_kept_against_a_listing_stands_whatever_it_says(basis):
    found = aligned(Confirmed(TWO, basis, LISTED_ON, kept=True), line(THREE_LATER), LISTED_ON, TODAY)
    assert (found.licence, found.differs) == (TWO, False)
    assert str(found.why).startswith("The office keeps it against the listing of ")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (LISTING_OLD_AFTER_DAYS - 1, "Checked against the ministry's listing of 1 November 2026."),
        (LISTING_OLD_AFTER_DAYS, "Checked against the ministry's listing of 1 November 2026."),
        (
            LISTING_OLD_AFTER_DAYS + 1,
            "Checked against the ministry's listing of 1 November 2026, which is more than 7 days old.",
        ),
    ],
)
def test_readers_are_warned_of_a_listing_that_is_more_than_a_week_old(days, said):
    found = checked_against(date(2026, 11, 1), date(2026, 11, 1) + timedelta(days=days))
    assert (str(found.said), found.old) == (said, days > LISTING_OLD_AFTER_DAYS)


def test_without_a_listing_nothing_was_compared_and_nothing_is_old():
    found = checked_against(None, date(2026, 11, 1))
    assert (str(found.said), found.old) == ("Not compared with a listing of the ministry yet.", False)
