"""No page asks more of the database where there is more on it: as many statements for many rows as for few."""

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from core.queue import Filters
from core.roles import Role
from db.alignment.facilities import after_list, hold_against_the_list
from db.gate import Asker, Portal, unattended
from db.kept_findings import retest, retest_due
from db.people_schema import Absence, Designation, DirectorNotice, Employee, Employment
from db.province_schema import FacilityStanding, KeptFinding
from db.register_schema import ClaimOverride, Discrepancy, ListingImport
from db.schema import (
    Account,
    CertificateClaim,
    ContactLook,
    Facility,
    FacilityClaim,
    FacilityRelation,
    LoginSession,
    OperatorProfile,
    Organization,
    Person,
    StoredFile,
    Submission,
)
from db.schema_training import (
    Manual,
    ManualAcknowledgement,
    ManualReview,
    ManualVersion,
    TrainingAttendance,
    TrainingDay,
    TrainingSession,
)
from db.services import (
    compliance,
    decisions,
    designations,
    manuals,
    operators,
    owners,
    responsibility,
    search,
    training,
    training_duties,
    verification,
)
from db.verification import facility_overrides
from tests.db import standing_listings
from tests.db.employed import employ
from tests.db.people import NOON, signed_in
from tests.db.profiles import active_operator, active_owner, submitted_operator, submitted_owner
from tests.db.statements import counted

FEW, MANY = 10, 1000
HAMLET: dict[str, Any] = {
    "facility_type": "wastewater_treatment", "latitude": 46.31, "longitude": -79.46, "place": "North Bay",
}  # fmt: skip
NO_LETTER = {"replaces_id": None, "letter_file_id": None, "letter_date": None}


def many(portal: Portal, table: type[Any], rows: list[dict[str, Any]]) -> list[int]:
    """Adds rows at once; their ids."""
    with portal.database.transaction(writes=True) as session:
        return list(session.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), rows))


def statements(portal: Portal, ask: Callable[[], Any]) -> int:
    with counted(portal) as seen:
        ask()
    return len(seen)


def the_same(
    portal: Portal, add: Callable[[int], None], ask: Callable[[], Any], few: int, most: int, limit: int = 40
) -> None:
    """Asking takes as many statements for `few` as for `most`."""
    add(few)
    before = statements(portal, ask)
    add(most - few)
    assert statements(portal, ask) == before < limit


def claim(number: int, organization_id: int, **more: Any) -> dict[str, Any]:
    usual = {"organization_id": organization_id, "ministry_number": f"N{number}", "name": f"Works {number}"}
    usual |= {"facility_class": "II", "state": "waiting", "entered_at": NOON, "letter_reference": ""}
    return HAMLET | usual | {"refused_because": ""} | more


def as_handed_in(claim: dict[str, Any], claim_id: int) -> dict[str, Any]:
    """A claim as its submission keeps it, but for its days."""
    return {name: value for name, value in claim.items() if name != "entered_at"} | {"id": claim_id}


def facilities(portal: Portal, count: int) -> list[int]:
    rows = [
        {"name": f"W {n}", "time_zone": "America/Toronto", "changed_at": NOON, "version": 1} for n in range(count)
    ]
    return many(portal, Facility, [HAMLET | row for row in rows])


@pytest.fixture
def officer(portal: Portal) -> Asker:
    return signed_in(portal, Role.OFFICER)


def test_the_facilities_that_decisions_can_be_about(portal: Portal, officer: Asker) -> None:
    the_same(portal, lambda count: facilities(portal, count), lambda: decisions.facilities(officer), FEW, MANY)


def test_the_places_of_an_owner(portal: Portal) -> None:
    owner = active_owner(portal)

    def add(count: int) -> None:
        relation = {"organization_id": 1, "role": "owner", "valid_from": date(2026, 1, 1), "recorded_at": NOON}
        many(portal, FacilityRelation, [{"facility_id": one, **relation} for one in facilities(portal, count)])

    the_same(portal, add, lambda: search.searching_for(owner), FEW, MANY)
    assert len(search.searching_for(owner)[0].places) == MANY + 1


def test_an_organization_with_its_facilities(portal: Portal) -> None:
    owner = active_owner(portal)

    def add(count: int) -> None:
        many(portal, FacilityClaim, [claim(number, 1) for number in range(count)])

    the_same(portal, add, lambda: owners.my_organization(owner), FEW, MANY)


def test_who_looked_fifty_a_page(portal: Portal) -> None:
    operator = active_operator(portal)

    def add(count: int) -> None:
        owner = signed_in(portal, Role.OWNER)
        with portal.database.transaction(writes=False) as session:
            account = session.scalars(select(LoginSession.account_id).order_by(LoginSession.id.desc())).first()
        assert owner
        looks = [{"profile_id": 1, "account_id": account, "at": NOON + timedelta(seconds=n)} for n in range(count)]
        many(portal, ContactLook, looks)

    the_same(portal, add, lambda: operators.my_looks(operator), FEW, MANY)
    first, last = operators.my_looks(operator), operators.my_looks(operator, 99)
    assert (len(first.rows), first.total, first.pages, last.page) == (50, MANY + 1, 21, 21)  # the office approved
    assert first.rows[0].at > last.rows[-1].at


@pytest.mark.parametrize("number", ["with a number", "without"])
def test_the_queue_of_owners(portal: Portal, officer: Asker, number: str) -> None:
    submitted_owner(portal)

    def add(count: int) -> None:
        row = {"kind": "first_nation", "state": "pending", "agreed_version": "", "changed_at": NOON, "version": 1}
        row |= {"suspended_because": ""}
        bands = many(portal, Organization, [{"name": f"Band {n}", **row} for n in range(count)])
        what = {} if number == "with a number" else {"ministry_number": ""}
        claims = [claim(one, one, **what) for one in bands]
        ids = many(portal, FacilityClaim, claims)
        handed_in = [
            {
                "organization_id": one["organization_id"],
                "submitted_by": 1,
                "submitted_at": NOON,
                "state": "open",
                "reasons": "",
                "changed_at": NOON,
                "version": 1,
                "claimed": {
                    "name": f"Band {one['organization_id']}",
                    "kind": "first_nation",
                    "whole": True,
                    "claims": [as_handed_in(one, claim_id) | NO_LETTER],
                },
            }
            for one, claim_id in zip(claims, ids, strict=True)
        ]
        many(portal, Submission, handed_in)

    the_same(portal, add, lambda: verification.queue(officer, Filters(kind="owner")), FEW, MANY)


def test_an_item_with_its_letters_changes_and_earlier_decisions(portal: Portal, officer: Asker) -> None:
    submitted_owner(portal)

    def add(count: int) -> None:
        letter = {
            "name": "letter.pdf",
            "media_type": "application/pdf",
            "sha256": "",
            "content": b"",
            "stored_by": 1,
        }
        letters = many(portal, StoredFile, [letter | {"stored_at": NOON}] * count)
        before = many(portal, FacilityClaim, [claim(one, 1, state="withdrawn") for one in letters])
        what = [
            claim(one, 1, replaces_id=old, letter_file_id=one) for one, old in zip(letters, before, strict=True)
        ]
        ids = many(portal, FacilityClaim, what)
        _decided_before(portal, count)
        with portal.database.transaction(writes=True) as session:
            submission = session.scalars(select(Submission).where(Submission.state == "open")).one()
            more = [
                {name: value for name, value in one.items() if name != "entered_at"}
                | {"id": n, "letter_date": None}
                for one, n in zip(what, ids, strict=True)
            ]
            submission.claimed = submission.claimed | {"claims": [*submission.claimed["claims"], *more]}

    the_same(portal, add, lambda: verification.item(officer, 1000), 2, 100)
    item = verification.item(officer, 1000)
    assert (len(item.facilities), len(item.history)) == (101, 100)
    assert item.facilities[-1].letter_name == "letter.pdf"
    assert item.facilities[-1].replaces is not None


@pytest.mark.parametrize("kind", ["operators", "facilities"])
@pytest.mark.parametrize("listed", [True, False])
def test_an_item_with_overrides_that_are_due_for_review(
    portal: Portal, officer: Asker, kind: str, listed: bool
) -> None:
    of_operators = kind == "operators"
    if listed:
        standing_listings.stand(portal, kind=kind)
    (submitted_operator if of_operators else submitted_owner)(portal)
    numbers = iter(range(100, 200))

    def add(count: int) -> None:
        overridden(portal, of_operators, list(itertools.islice(numbers, count)))

    the_same(portal, add, lambda: verification.item(officer, 1), 2, 10, limit=47)
    item = verification.item(officer, 1)
    assert sum(one.override is not None and bool(one.at_its_end) for one in item.claims) == 10


def test_a_night_in_which_many_overrides_of_facilities_have_lapsed(portal: Portal) -> None:
    """Of one owner, and without the mails: so many statements for ten as for a hundred."""
    submitted_owner(portal)

    numbers, rows = itertools.count(1000), []  # what is listed once stays so

    def night(count: int, listed: str = "N", **row: Any) -> int:
        added = list(itertools.islice(numbers, count))
        overridden(portal, False, added)
        rows.extend(standing_listings.WORKS | {"facility_number": f"{listed}{n}", **row} for n in added)
        standing_listings.stand(portal, *rows, kind="facilities")
        with counted(portal) as seen, unattended(portal, NOON + timedelta(days=1)) as work:
            facility_overrides.end_lapsed(work)
        return sum("outgoing_mail" not in one for one in seen)

    exact = {"name": "Works", "facility_class": "II"}
    for row in (exact, {"name": "Another name"}, {"listed": "X"}):
        assert night(FEW, **row) == night(100, **row)


def held(portal: Portal, numbers: list[int], facility_class: str = "II") -> list[int]:
    """As many confirmed facilities of the first organization, which has them. The ids of their claims."""
    its = facilities(portal, len(numbers))
    claims = [
        claim(n, 1, name="Works", state="confirmed", facility_id=one, facility_class=facility_class)
        for n, one in zip(numbers, its, strict=True)
    ]
    ids = many(portal, FacilityClaim, claims)
    relation = {"organization_id": 1, "role": "owner", "valid_from": date(2026, 1, 1), "recorded_at": NOON}
    many(portal, FacilityRelation, [relation | {"facility_id": one} for one in its])
    return ids


def test_many_facilities_are_held_against_the_list_as_few(portal: Portal) -> None:
    submitted_owner(portal)
    numbers, rows = itertools.count(1000), []

    def night(count: int, listed: str = "N", **row: Any) -> int:
        added = list(itertools.islice(numbers, count))
        held(portal, added)
        rows.extend(standing_listings.WORKS | {"facility_number": f"{listed}{n}", **row} for n in added)
        standing_listings.stand(portal, *rows, kind="facilities")
        with counted(portal) as seen, unattended(portal, NOON + timedelta(days=1)) as work:
            hold_against_the_list(work)
        return len(seen)

    exact = {"name": "Works", "facility_class": "II"}
    for row in (exact, {"name": "Another name"}, {"listed": "X"}):
        assert night(FEW, **row) == night(100, **row) < 20


def test_many_facilities_that_followed_a_withdrawn_list_are_as_before_as_few(portal: Portal) -> None:
    """Without the mails, and the two rows that each of their changes is in the trail."""
    submitted_owner(portal)
    numbers = itertools.count(1000)

    def withdraw(count: int) -> int:
        ids = held(portal, list(itertools.islice(numbers, count)), "IV")
        import_id = standing_listings.stand(portal, standing_listings.WORKS, kind="facilities")
        row = {"import_id": import_id, "found_at": NOON, "state": "followed", "version": 1, "changed_at": NOON}
        row |= {"decided_at": NOON, "decided_by": 1, "reasons": "", "former_basis": ""}
        row |= {"on_file": {"facility_class": "II"}, "followed_by": {"class": "IV"}}
        many(portal, Discrepancy, [row | {"facility_claim_id": one} for one in ids])
        standing_listings.none_stands(portal, "facilities")
        with counted(portal) as seen, unattended(portal, NOON + timedelta(days=1)) as work:
            after_list(work, work.session.get_one(ListingImport, import_id), "withdrawal")
        return sum("outgoing_mail" not in one for one in seen)

    assert withdraw(FEW) == withdraw(100) < 40


def test_the_queue_of_differences_by_what_the_listing_says(portal: Portal, officer: Asker) -> None:
    active_owner(portal)

    def add(count: int) -> None:
        claims = many(portal, FacilityClaim, [claim(number, 1, state="confirmed") for number in range(count)])
        usual = {"found_at": NOON, "state": "open", "changed_at": NOON, "version": 1, "outcome": "differs"}
        many(portal, Discrepancy, [usual | {"facility_claim_id": one, "listed": {}} for one in claims])

    differing = Filters(outcome="differs")
    the_same(portal, add, lambda: verification.queue(officer, differing), FEW, MANY)
    assert verification.queue(officer, differing).found == MANY


def overridden(portal: Portal, of_operators: bool, numbers: list[int]) -> None:
    """Confirmed claims of the first profile, handed in with submission 1, each by an override due for review."""
    if of_operators:
        usual: dict[str, Any] = {"profile_id": 1, "licence_type": "wastewater_treatment", "licence_class": "II"}
        usual |= {"expiry": date(2028, 3, 12), "valid_for": "", "state": "confirmed", "refused_because": ""}
        usual |= {"entered_at": NOON, "basis": "override", "confirmed_on": NOON.date()}
        claims = [usual | {"number": f"T{n}"} for n in numbers]
        ids = many(portal, CertificateClaim, claims)
    else:
        claims = [claim(n, 1, name="Works", state="confirmed") for n in numbers]
        ids = many(portal, FacilityClaim, claims)
    row = {"submission_id": 1, "reason": "Seen.", "review_on": NOON.date(), "state": "standing", "version": 1}
    row |= {"proposed_at": NOON, "proposed_by": 1, "decided_by": 1, "changed_at": NOON, "refused_because": ""}
    of = "claim_id" if of_operators else "facility_claim_id"
    many(portal, ClaimOverride, [row | {of: one} for one in ids])
    days = ("entered_at", "confirmed_on")
    more = [
        {name: str(value) if name == "expiry" else value for name, value in one.items() if name not in days}
        | {"id": claim_id, "replaces_id": None, "letter_file_id": None, "letter_date": None}
        for one, claim_id in zip(claims, ids, strict=True)
    ]
    with portal.database.transaction(writes=True) as session:
        submission = session.get_one(Submission, 1)
        submission.claimed = submission.claimed | {"claims": [*submission.claimed["claims"], *more]}


def _decided_before(portal: Portal, count: int) -> None:
    """As many submissions of the organization that were returned, each by another officer."""
    people = many(portal, Person, [{"given_name": "O", "family_name": "F", "created_at": NOON}] * count)
    account = {"state": "active", "telephone": "", "municipality": "", "language": "en", "created_at": NOON}
    account |= {"changed_at": NOON, "version": 1}
    deciders = many(portal, Account, [account | {"person_id": n, "email": f"o{n}@example.ca"} for n in people])
    with portal.database.transaction(writes=True) as session:
        waiting = session.scalars(select(Submission).where(Submission.state == "open")).one()
        waiting.id = 1000
        claimed = waiting.claimed
    row = {"organization_id": 1, "submitted_by": 1, "submitted_at": NOON, "claimed": claimed, "state": "returned"}
    row |= {"decided_at": NOON, "reasons": "No.", "changed_at": NOON, "version": 1}
    many(portal, Submission, [row | {"id": 500 - n, "decided_by": n} for n in deciders])


def test_an_item_of_an_operator_with_changed_certificates(portal: Portal, officer: Asker) -> None:
    submitted_operator(portal)

    def add(count: int) -> None:
        row = {"profile_id": 1, "licence_type": "water_treatment", "licence_class": "I", "valid_for": ""}
        row |= {"expiry": date(2028, 1, 1), "entered_at": NOON, "refused_because": ""}
        old = many(
            portal, CertificateClaim, [row | {"number": f"A{n}", "state": "withdrawn"} for n in range(count)]
        )
        new = [row | {"number": f"B{n}", "state": "waiting", "replaces_id": n} for n in old]
        ids = many(portal, CertificateClaim, new)
        with portal.database.transaction(writes=True) as session:
            submission = session.scalars(select(Submission)).one()
            more = [as_handed_in(one, n) | {"expiry": "2028-01-01"} for one, n in zip(new, ids, strict=True)]
            submission.claimed = submission.claimed | {"claims": [*submission.claimed["claims"], *more]}

    the_same(portal, add, lambda: verification.item(officer, 1), 2, 100)
    assert verification.item(officer, 1).certificates[-1].replaces is not None


# --- people of facilities -------------------------------------------------------------------------------------


def employees(portal: Portal, count: int) -> list[int]:
    usual = {"organization_id": 1, "given_name": "Sam", "claimed_operator_id": "", "recorded_at": NOON}
    usual |= {"recorded_by": 1, "version": 1, "changed_at": NOON}
    return many(portal, Employee, [usual | {"family_name": f"Number {n}"} for n in range(count)])


def are_employed(portal: Portal, facility_id: int, ids: list[int]) -> list[dict[str, Any]]:
    """Employees at a facility since New Year. The columns of a fact of each, without its first day."""
    fact = {"facility_id": facility_id, "recorded_at": NOON, "recorded_by": 1, "valid_until": None}
    rows = [fact | {"employee_id": one} for one in ids]
    job = {"position": "Operator", "capacity": "operator", "full_time": True, "starts_anew": False, "note": ""}
    many(portal, Employment, [row | {"valid_from": date(2026, 1, 1)} | job for row in rows])
    return rows


def employed(portal: Portal, facility_id: int, count: int) -> None:
    """So many people at a facility, each employed, absent once, and a stand-in for a day of their own."""
    rows = are_employed(portal, facility_id, employees(portal, count))
    since = {"valid_from": date(2026, 1, 1)}
    many(portal, Absence, [row | since | {"away": True, "reason": "Away."} for row in rows])
    stood = {"role": "overall", "basis": "stand_in", "by_owner": True, "reason": ""}
    days = [date(2020, 1, 1) + timedelta(days=shift) for shift in range(count)]
    each = [{"valid_from": day, "valid_until": day + timedelta(days=1)} for day in days]
    many(portal, Designation, [row | stood | span for row, span in zip(rows, each, strict=True)])


def test_the_people_of_a_facility(portal: Portal) -> None:
    owner = active_owner(portal)
    the_same(
        portal, lambda count: employed(portal, 1, count), lambda: responsibility.people(owner, 1), FEW, MANY, 50
    )
    assert len(responsibility.people(owner, 1).employees) == MANY


def test_what_is_recorded_of_one_among_many_people(portal: Portal) -> None:
    """Only whom it concerns is tested again: as many statements among ten people as among a thousand."""
    owner = active_owner(portal)
    one = employ(owner, "Engineer", capacity="engineer")
    days = (date(2026, 11, number) for number in itertools.count(18))

    def record() -> None:
        first = next(days)
        designations.record_absence(owner, 1, one, first, first, "Away.")

    the_same(
        portal,
        lambda count: employed(portal, 1, count),
        record,
        FEW,
        MANY,
        limit=60,
    )


def test_what_an_inspection_asks_of_a_facility(portal: Portal) -> None:
    owner = active_owner(portal)
    day = date(2026, 11, 20)
    for ask in (lambda: compliance.on_day(owner, 1, day), lambda: compliance.over_period(owner, 1, day, day)):
        the_same(portal, lambda count: employed(portal, 1, count), ask, FEW, MANY, limit=120)


def test_a_night_tests_many_facilities_as_few(portal: Portal) -> None:
    """A hundred at a time: so many statements for ten facilities as for a hundred."""
    active_owner(portal)

    def add(count: int) -> None:
        for one in facilities(portal, count):
            employed(portal, one, 1)
        with unattended(portal, NOON) as work:
            retest(work, *work.session.scalars(select(Facility.id)))
        with portal.database.transaction(writes=True) as session:
            session.execute(update(FacilityStanding).values(fingerprint="old"))

    def night() -> None:
        with unattended(portal, NOON) as work:
            retest_due(work)
            work.session.rollback()

    the_same(portal, add, night, FEW, 99, limit=55)  # with the owner's own


def test_facilities_with_how_they_stand(portal: Portal, officer: Asker) -> None:
    owner = active_owner(portal)

    def add(count: int) -> None:
        made = facilities(portal, count)
        relation = {"organization_id": 1, "role": "owner", "valid_from": date(2026, 1, 1), "recorded_at": NOON}
        many(portal, FacilityRelation, [{"facility_id": one, **relation} for one in made])
        row = {"regulation": "129/04", "provision": "s. 15 (1)", "because": "", "rests_on": [], "until": None}
        row |= {"since": date(2026, 1, 1), "tested_on": date(2026, 1, 1), "tested_at": NOON, "fingerprint": "old"}
        abouts = {"overall_responsible": "met", "notice": "not met"}
        kept = [
            row | {"about": about, "place": f"{about}::", "verdict": verdict} for about, verdict in abouts.items()
        ]
        many(portal, KeptFinding, [one | {"facility_id": id} for id in made for one in kept])

    def ask() -> None:
        assert responsibility.facilities(officer).total == responsibility.facilities(owner).total
        assert responsibility.counts(officer).total == responsibility.counts(owner).total

    the_same(portal, add, ask, FEW, MANY)
    assert responsibility.facilities(owner, "", "met").rows[0].others == 1


def test_operator_ids_that_wait_and_notices_received(portal: Portal, officer: Asker) -> None:
    active_owner(portal)
    standing_listings.stand(portal, standing_listings.ROW | {"operator_id": "90000001"})
    town = {"name": "Town", "kind": "municipality", "state": "active", "agreed_version": "", "changed_at": NOON}
    others = many(portal, Organization, [town | {"version": 1, "suspended_because": ""}])

    def add(count: int) -> None:
        waiting = employees(portal, count)
        are_employed(portal, 1, waiting)
        with portal.database.transaction(writes=True) as session:
            ids = Employee.id.in_(waiting)
            session.execute(update(Employee).where(ids).values(claimed_operator_id="90000001"))
            session.execute(update(Employee).where(ids, Employee.id % 3 == 0).values(organization_id=others[0]))
        notice = {"facility_id": 1, "reached_on": date(2026, 1, 1), "sent_on": date(2026, 1, 1), "words": "",
                  "recorded_at": NOON, "recorded_by": 1}  # fmt: skip
        many(portal, DirectorNotice, [notice] * count)

    def ask() -> None:
        assert responsibility.unconfirmed(officer).total == responsibility.notices_received(officer).total

    the_same(portal, add, ask, FEW, MANY)
    rows = responsibility.unconfirmed(officer).rows
    assert {one.employer for one in rows} == {"Town", "City of North Bay"}
    assert rows[0].listed == ("Robin Fairwater: Wastewater treatment, Class II, until 12 March 2028, in force",)


def trained(portal: Portal, facility_id: int, count: int) -> None:
    """As many more sessions, each with its own day, for an employee of its own; and as many manuals, each read."""
    employed(portal, facility_id, count)
    with portal.database.transaction(writes=False) as session:
        people = list(session.scalars(select(Employment.employee_id).order_by(Employment.id.desc()).limit(count)))
    entered = {"recorded_at": NOON, "recorded_by": 1, "withdrawn_because": ""}
    here = entered | {"facility_id": facility_id}
    sessions = many(portal, TrainingSession, [here | {"subjects": "Pumps", "kind": "technical"}] * count)
    with portal.database.transaction(writes=True) as session:
        days = [{"session_id": one, "day": date(2026, 1, 5), "minutes": 60} for one in sessions]
        who = [
            {"session_id": one, "employee_id": person, "name": "Sam", "position": "Operator"}
            for one, person in zip(sessions, people, strict=True)
        ]
        session.execute(insert(TrainingDay), days)
        session.execute(insert(TrainingAttendance), who)
    manuals_of = many(portal, Manual, [here | {"name": "Manual"}] * count)
    version = entered | {"label": "1", "updated_on": date(2026, 1, 5), "place": "Hall", "plans": True}
    version |= {"drawings": True, "process_descriptions": True, "operators_at": "", "maintenance_at": ""}
    versions = many(portal, ManualVersion, [version | {"manual_id": one} for one in manuals_of])
    review = entered | {"reviewed_on": date(2026, 1, 5), "updated": False, "reviewed_by": ""}
    many(portal, ManualReview, [review | {"manual_id": one} for one in manuals_of])
    read = {"employee_id": people[0], "recorded_at": NOON, "recorded_by": 1}
    with portal.database.transaction(writes=True) as session:
        session.execute(insert(ManualAcknowledgement), [read | {"version_id": one} for one in versions])


def test_the_training_and_the_manuals_of_a_facility(portal: Portal) -> None:
    owner = active_owner(portal)

    def ask() -> None:
        shown = training.of_facility(owner, 1)
        assert len(shown.people) == len(manuals.of_facility(owner, 1).manuals)
        assert training.sessions(owner, 1).rows
        assert training.overview(owner).facilities[0].people == len(shown.people)
        assert training_duties.records(owner, 1, 2026, 2026).sessions

    the_same(portal, lambda count: trained(portal, 1, count), ask, FEW, 1_000, limit=190)


def test_ones_own_training_and_manuals(portal: Portal) -> None:
    active_owner(portal)
    operator = active_operator(portal)

    def add(count: int) -> None:
        trained(portal, 1, count)
        with portal.database.transaction(writes=True) as session:
            me = session.scalars(select(OperatorProfile.person_id)).one()
            first = session.scalars(select(TrainingAttendance.employee_id)).first()
            session.get_one(Employee, first).person_id = me
            session.execute(
                update(TrainingAttendance).where(TrainingAttendance.employee_id != first).values(employee_id=first)
            )

    def ask() -> None:
        assert len(training.mine(operator).sessions) == len(manuals.mine(operator))

    the_same(portal, add, ask, FEW, 1_000, limit=60)
