"""What stands of a confirmed certificate by the listing: a table at, before and after each day that decides."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alignment import (
    LISTING_OLD_AFTER_DAYS,
    Basis,
    Confirmed,
    Held,
    Line,
    Status,
    aligned,
    answers,
    checked_against,
)
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
ENDED, LAST_DAY, DAY_BEFORE = (
    line(replace(TWO, expiry=day), ListedStatus.EXPIRED) for day in (BEFORE, SAME_DAY, AFTER)
)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
ROWS = [
    # what the case is about, basis, confirmed on, review on, the listing's line, what stands, an officer looks
    ("the same", Basis.LISTING, BEFORE, None, SAME, TWO, False),
    ("the same, decided", Basis.DECISION, BEFORE, None, SAME, TWO, False),
    ("renewed on the listing", Basis.LISTING, BEFORE, None, RENEWED, THREE_LATER, False),
    ("renewed, borne out by a listing of that day", Basis.LISTING, SAME_DAY, None, RENEWED, THREE_LATER, False),
    ("renewed, borne out by a withdrawn listing of the day after", Basis.LISTING, AFTER, None, RENEWED,
     THREE_LATER, False),
    ("vanished", Basis.LISTING, BEFORE, None, None, None, False),
    ("vanished, borne out by a listing of that day", Basis.LISTING, SAME_DAY, None, None, None, False),
    ("vanished, borne out by a withdrawn listing of the day after", Basis.LISTING, AFTER, None, None, None, False),
    ("suspended", Basis.LISTING, BEFORE, None, SUSPENDED, None, False),
    ("cancelled", Basis.LISTING, BEFORE, None, CANCELLED, None, False),
    ("suspended, borne out by a withdrawn listing of the day after", Basis.LISTING, AFTER, None, SUSPENDED, None,
     False),
    ("listed as expired, its day to come", Basis.LISTING, BEFORE, None, EXPIRED, None, False),
    ("listed as expired, its day to come, decided", Basis.DECISION, BEFORE, None, EXPIRED, TWO, True),
    ("listed as expired after its day", Basis.LISTING, BEFORE, None, ENDED, ENDED.licence, False),
    ("listed as expired on its last day", Basis.LISTING, BEFORE, None, LAST_DAY, LAST_DAY.licence, False),
    ("listed as expired the day before its last", Basis.LISTING, BEFORE, None, DAY_BEFORE, None, False),
    ("decided before a listing that differs", Basis.DECISION, BEFORE, None, RENEWED, TWO, True),
    ("decided before a listing without it", Basis.DECISION, BEFORE, None, None, TWO, True),
    ("decided before a listing that suspends it", Basis.DECISION, BEFORE, None, SUSPENDED, TWO, True),
    ("decided on the day of a listing that differs", Basis.DECISION, SAME_DAY, None, RENEWED, TWO, True),
    ("decided on the day of a listing without it", Basis.DECISION, SAME_DAY, None, None, TWO, True),
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
    found = aligned(Confirmed(TWO, basis, confirmed_on, review_on), Line(LISTED_ON, listed), TODAY)
    assert (found.licence, found.differs) == (stands, looks), str(found.why)


LAPSED = "Its override prevails no more, and no listing is on file to compare with."


@pytest.mark.parametrize(
    ("basis", "review_on", "looks", "why"),
    [
        (Basis.DECISION, None, False, "No listing is on file to compare with."),
        (Basis.OVERRIDE, TOMORROW, False, "No listing is on file to compare with."),
        (Basis.OVERRIDE, TODAY, True, LAPSED),
        (Basis.OVERRIDE, YESTERDAY, True, LAPSED),
        (Basis.OVERRIDE, None, True, LAPSED),
        (Basis.LISTING, None, True,
         "The listing of 14 November 2026, which bore it out, was withdrawn, and no other is on file."),
    ],
)  # fmt: skip
def test_without_a_listing_it_stands_and_an_officer_looks_at_what_prevails_no_more(basis, review_on, looks, why):
    confirmed = Confirmed(TWO, basis, BEFORE, review_on)
    found = aligned(confirmed, Line(None), TODAY)
    assert (found.licence, found.rests_on, found.differs, str(found.why)) == (TWO, basis, looks, why)
    kept = aligned(replace(confirmed, kept=True), Line(None), TODAY)
    assert (kept.licence, kept.differs) == (TWO, False)
    assert str(kept.why) == ("The office keeps it while no listing is on file." if looks else why)


@pytest.mark.parametrize("listed", [RENEWED, SUSPENDED, EXPIRED, None])
def test_what_an_officer_decided_against_a_listing_on_its_own_day_is_not_asked_about_again(listed):
    found = aligned(Confirmed(TWO, Basis.DECISION, SAME_DAY, kept=True), Line(LISTED_ON, listed), TODAY)
    assert (found.licence, found.differs) == (TWO, False)


@pytest.mark.parametrize(
    ("then", "now", "answered"),
    [
        (RENEWED, RENEWED, True),
        (line(THREE_LATER), replace(line(THREE_LATER), last_name="Fair-Water", municipality="Sudbury"), True),
        (SAME, RENEWED, False),
        (RENEWED, line(replace(THREE_LATER, expiry=LATER + timedelta(days=1))), False),
        (RENEWED, line(replace(THREE_LATER, licence_class=LicenceClass.II)), False),
        (SUSPENDED, SUSPENDED, False),
        (SUSPENDED, SAME, False),
        (RENEWED, line(THREE_LATER, ListedStatus.CANCELLED), False),
        (EXPIRED, EXPIRED, False),
        (None, RENEWED, False),
        (RENEWED, None, False),
        (None, None, False),
    ],
)
def test_what_is_kept_answers_a_later_line_that_says_the_same_and_that_it_is_in_force(then, now, answered):
    assert answers(then, now) is answered


def test_the_reason_names_what_differs():
    found = aligned(Confirmed(TWO, Basis.LISTING, BEFORE), Line(LISTED_ON, line(THREE_LATER)), TODAY)
    assert str(found.why) == (
        "The listing of 15 November 2026 says Wastewater treatment, Class III, until 12 March 2031; confirmed was "
        "Wastewater treatment, Class II, until 12 March 2028."
    )
    suspended = line(status=ListedStatus.SUSPENDED)
    found = aligned(Confirmed(TWO, Basis.LISTING, BEFORE), Line(LISTED_ON, suspended), TODAY)
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
    assert aligned(confirmed, Line(LISTED_ON, listed), today).licence == TWO


@given(st.sampled_from(Basis), DAYS, DAYS, LINES, DAYS)
def test_nothing_stands_that_neither_the_office_nor_the_listing_says(
    basis, confirmed_on, review_on, listed, today
):
    confirmed = Confirmed(TWO, basis, confirmed_on, review_on if basis is Basis.OVERRIDE else None)
    found = aligned(confirmed, Line(LISTED_ON, listed), today)
    assert found.licence in (None, TWO, listed.licence if listed else None)
    assert not (found.differs and found.licence != TWO)


@pytest.mark.parametrize("basis", [Basis.DECISION, Basis.OVERRIDE])
def test_what_an_officer_kept_against_a_listing_stands_whatever_it_says(basis):
    confirmed = Confirmed(TWO, basis, LISTED_ON, TOMORROW, kept=True)
    found = aligned(confirmed, Line(LISTED_ON, line(THREE_LATER)), TODAY)
    assert (found.licence, found.differs) == (TWO, False)
    assert str(found.why).startswith("The office keeps it against the listing of ")


def test_an_override_that_was_kept_is_reviewed_all_the_same():
    confirmed = Confirmed(TWO, Basis.OVERRIDE, BEFORE, TODAY, kept=True)
    assert aligned(confirmed, Line(LISTED_ON, line(THREE_LATER)), TODAY).licence == THREE_LATER


@pytest.mark.parametrize(
    ("listed", "status"),
    [
        (SAME, Status.IN_FORCE), (RENEWED, Status.IN_FORCE), (SUSPENDED, Status.SUSPENDED),
        (CANCELLED, Status.CANCELLED), (EXPIRED, Status.EXPIRED), (None, Status.NOT_LISTED),
    ],
)  # fmt: skip
def test_what_stands_says_in_which_state_it_is(listed, status):
    found = aligned(Confirmed(TWO, Basis.LISTING, BEFORE), Line(LISTED_ON, listed), TODAY)
    assert (found.held.status, found.rests_on) == (status, Basis.LISTING)


@pytest.mark.parametrize(
    ("basis", "listed", "rests_on"),
    [
        (Basis.DECISION, SAME, Basis.LISTING),
        (Basis.DECISION, None, Basis.DECISION),
        (Basis.OVERRIDE, None, Basis.OVERRIDE),
        (Basis.OVERRIDE, SAME, Basis.LISTING),
    ],
)
def test_what_stands_rests_on_the_listing_where_that_bears_it_out(basis, listed, rests_on):
    found = aligned(Confirmed(TWO, basis, BEFORE, TOMORROW), Line(LISTED_ON, listed), TODAY)
    assert (found.licence, found.rests_on) == (TWO, rests_on)


UNREAD = Line(LISTED_ON, None, "The expiry is missing.")


@pytest.mark.parametrize("basis", Basis)
@pytest.mark.parametrize("held", [Held(TWO), Held(THREE_LATER), Held(TWO, Status.SUSPENDED)])
def test_where_the_row_cannot_be_read_what_is_on_file_stays_and_an_officer_looks(basis, held):
    found = aligned(Confirmed(TWO, basis, BEFORE, TODAY), UNREAD, TODAY, held)
    assert (found.held, found.differs) == (Held(TWO) if basis is Basis.DECISION else held, True)
    assert str(found.why) == (
        "The listing of 15 November 2026 has a row for it that could not be read: The expiry is missing."
    )
    kept = aligned(Confirmed(TWO, basis, BEFORE, TODAY, kept=True), UNREAD, TODAY, held)
    assert (kept.held, kept.differs) == (found.held, False)


def test_a_line_that_can_be_read_is_believed_beside_one_that_cannot():
    found = aligned(Confirmed(TWO, Basis.LISTING, BEFORE), replace(UNREAD, listed=SUSPENDED), TODAY)
    assert found.held.status is Status.SUSPENDED


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (LISTING_OLD_AFTER_DAYS - 1, "Checked against the ministry’s listing of 1 November 2026."),
        (LISTING_OLD_AFTER_DAYS, "Checked against the ministry’s listing of 1 November 2026."),
        (
            LISTING_OLD_AFTER_DAYS + 1,
            "Checked against the ministry’s listing of 1 November 2026, which is more than 7 days old.",
        ),
    ],
)
def test_readers_are_warned_of_a_listing_that_is_more_than_a_week_old(days, said):
    found = checked_against(date(2026, 11, 1), date(2026, 11, 1) + timedelta(days=days), "certificates", [True])
    assert (str(found.said), found.old) == (said, days > LISTING_OLD_AFTER_DAYS)


@pytest.mark.parametrize(
    ("borne_out", "said"),
    [
        ([], "Compared with the ministry’s listing of 1 November 2026."),
        ([True, True], "Checked against the ministry’s listing of 1 November 2026."),
        ([True, False], "The ministry’s listing of 1 November 2026 does not bear out 1 of 2 certificates here."),
        ([False], "The ministry’s listing of 1 November 2026 bears out none of the certificates here."),
    ],
)
def test_what_the_listing_does_not_bear_out_is_not_said_to_be_checked_against_it(borne_out, said):
    assert str(checked_against(date(2026, 11, 1), date(2026, 11, 2), "certificates", borne_out).said) == said


def test_without_a_listing_nothing_was_compared_and_nothing_is_old():
    found = checked_against(None, date(2026, 11, 1))
    assert (str(found.said), found.old) == ("Not compared with a listing of the ministry yet.", False)


@pytest.mark.parametrize(("listed", "differs"), [(SAME, False), (RENEWED, True), (None, True), (SUSPENDED, True)])
def test_a_decision_with_nothing_to_compare_with_is_asked_about_though_the_listing_is_older(listed, differs):
    confirmed = Confirmed(TWO, Basis.DECISION, AFTER, compared=False)
    found = aligned(confirmed, Line(LISTED_ON, listed), TODAY)
    assert (found.licence, found.differs) == (TWO, differs)
    assert not aligned(replace(confirmed, kept=True), Line(LISTED_ON, listed), TODAY).differs
    assert not aligned(confirmed, Line(None), TODAY).differs
