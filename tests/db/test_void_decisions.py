"""What is said of a difference that is gone, of a decision that a withdrawal voids, and who may keep alone."""

from datetime import timedelta

import pytest

from core.alignment import Basis
from core.listings import ListedStatus
from core.problems import Refused
from core.roles import Role
from db.alignment.passes import align
from db.gate import unattended
from db.register_schema import AlignmentRun, Discrepancy
from db.services import alignment, discrepancies, listings, verification
from tests.db.aligned import LATER, LISTED_ON, RENEWED, TODAY, rest_on, rows, told, waiting
from tests.db.listed import imported, line, withdrawn
from tests.db.people import signed_in
from tests.db.profiles import active_operator, submitted_operator

SUSPENDED = line(status=ListedStatus.SUSPENDED)
CANCELLED = line(status=ListedStatus.CANCELLED)


@pytest.fixture
def operator(portal):
    asker = active_operator(portal)
    rest_on(portal, Basis.DECISION)
    return asker


@pytest.fixture
def later(portal):
    return signed_in(portal, Role.OFFICER, at=LATER)


def gone(portal, officer):
    """What is said of the one difference, which is gone."""
    (found,) = rows(portal, Discrepancy)
    view = discrepancies.discrepancy(officer, found.id)
    assert view.state == "gone"
    return str(view.gone_because)


def test_no_listing_is_said_to_agree_where_none_does(portal, later):
    imported(portal, SUSPENDED, listed_on=TODAY, at=LATER)
    submitted_operator(portal)
    item = verification.item(later, 1)
    despite = {one.claim_id: "It was issued anew." for one in item.certificates}
    verification.approve(later, 1, item.version, despite=despite)
    imported(portal, CANCELLED, listed_on=LATER.date() + timedelta(days=1), at=LATER)
    assert [one.state for one in rows(portal, Discrepancy)] == ["open"]
    withdrawn(portal, LATER)
    assert gone(portal, later) == (
        "The office confirmed it on 22 November 2026, after the listing of 20 November 2026."
    )


def test_nor_where_none_is_on_file(portal, operator, later):
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER)
    withdrawn(portal, LATER)
    assert gone(portal, later) == "No listing is on file to compare with."


def test_where_one_agrees_it_is_said(portal, operator, later):
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER)
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    assert gone(portal, later) == "The listing of 21 November 2026 bears it out."


# --- a decision that is void ----------------------------------------------------------------------------------


def tell_all(portal, officer):
    for run in alignment.runs(officer).rows:
        if run.people:
            alignment.release(officer, run.run_id, run.version)


LABEL = "Wastewater treatment, Class II (12345)"
BACK = "A listing from which something else followed was withdrawn. It stands as the office has confirmed it. "


@pytest.mark.parametrize(
    ("followed", "said"),
    [
        (
            line(expiry=RENEWED),
            f"{LABEL}, until 12 March 2028; it was Wastewater treatment, Class II, until 12 March 2031. {BACK}"
            "No listing is on file to compare with.",
        ),
        (SUSPENDED, f"{LABEL} counts again. {BACK}No listing is on file to compare with."),
    ],
    ids=["expiry", "suspended"],
)
def test_the_mail_says_that_the_listing_was_withdrawn_and_what_stands(portal, operator, later, followed, said):
    imported(portal, followed, listed_on=LISTED_ON, at=LATER)
    (found,) = rows(portal, Discrepancy)
    discrepancies.follow(later, found.id, found.version)
    assert listings.void_when_withdrawn(later, 1) == 1
    withdrawn(portal, LATER)
    assert said in [sentence for _, sentence in waiting(portal)]
    tell_all(portal, later)
    assert said in told(portal)[-1]


def test_the_mail_of_what_an_officer_looks_at_again_says_so(portal, operator, later):
    for one in (SUSPENDED, CANCELLED):
        imported(portal, one, listed_on=LISTED_ON, at=LATER)
    (found,) = rows(portal, Discrepancy)
    discrepancies.follow(later, found.id, found.version)
    withdrawn(portal, LATER)
    assert waiting(portal)[0][1] == (
        f"{LABEL} counts again. A listing from which something else followed was withdrawn. It stands as the "
        "office has confirmed it, until an officer has looked again. The listing of 21 November 2026 says that it "
        "is suspended."
    )


@pytest.mark.parametrize("act", [discrepancies.keep, discrepancies.follow])
def test_an_import_has_found_as_many_differences_as_before_a_withdrawal(portal, operator, later, act):
    first = imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER)
    assert alignment.of_listing(later, first).differences == 1
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER + timedelta(days=1))
    (found,) = rows(portal, Discrepancy)
    act(later, found.id, found.version, "So it is.")
    withdrawn(portal, LATER + timedelta(days=2))
    assert [one.state for one in rows(portal, Discrepancy)] == ["gone", "open"]
    (run,) = (one for one in rows(portal, AlignmentRun) if one.because == "import" and one.import_id == first)
    (counted,) = (one.differences for one in alignment.runs(later).rows if one.run_id == run.id)
    assert counted == 1
    assert (alignment.of_listing(later, first).differences, alignment.of_listing(later, first).open) == (1, 1)


# --- who keeps alone ---------------------------------------------------------------------------------------------


def test_who_confirmed_with_no_listing_on_file_does_not_keep_it_alone(portal, officer, colleague):
    submitted_operator(portal)
    verification.approve(officer, 1, verification.item(officer, 1).version)
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER)
    (found,) = rows(portal, Discrepancy)
    with pytest.raises(Refused, match="You confirmed this certificate yourself while no listing was on file"):
        discrepancies.keep(officer, found.id, found.version, "The card says so.")
    discrepancies.keep(colleague, found.id, found.version, "The card says so.")
    imported(portal, CANCELLED, listed_on=LATER.date(), at=LATER)
    again = rows(portal, Discrepancy)[-1]
    assert again.state == "open"
    discrepancies.keep(officer, again.id, again.version, "It was compared by then.")


def test_who_confirmed_it_may_follow_the_listing_alone(portal, officer):
    submitted_operator(portal)
    verification.approve(officer, 1, verification.item(officer, 1).version)
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER)
    (found,) = rows(portal, Discrepancy)
    discrepancies.follow(officer, found.id, found.version)
    with unattended(portal, LATER) as work:
        assert align(work, "night") is None
