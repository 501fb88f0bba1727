"""How a facility stands on past days, from what has been recorded since."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from core.findings import Finding, Verdict
from core.places import day_at
from core.problems import Refused
from core.roles import Role
from db.gate import Asker, Portal
from db.keys import fingerprint
from db.schema import LoginSession
from db.services import applications, calculations, decisions, displays, facility_law
from tests.db.filed import CLASS_I, CLASS_II, TODAY, director, facility_of, filed, version
from tests.db.people import NOON, at, signed_in
from tests.db.profiles import active_owner
from tests.remembered import start_anew


def later(asker: Asker, days: int) -> Asker:
    """The same asker some days after today, still signed in."""
    moment = NOON + timedelta(days=days)
    with asker.portal.database.transaction(writes=True) as session:
        own = LoginSession.token_hash == fingerprint(asker.token or "")
        session.execute(update(LoginSession).where(own).values(seen_at=moment))
    return at(asker, moment)


def on_day(owner: Asker, facility_id: int, days: int) -> dict[str, Verdict]:
    found = facility_law.standing(owner, facility_id, TODAY + timedelta(days=days)).findings
    return {finding.citation.provision: finding.verdict for finding in found}


@pytest.fixture
def owner(portal):
    return active_owner(portal)


def test_an_application_stands_until_the_day_on_which_it_is_returned(portal, owner):
    facility, one = facility_of(owner), filed(owner)
    applications.return_(later(signed_in(portal, Role.OFFICER), 3), one, 1, "The fee is not paid.")
    now = later(owner, 10)
    assert [on_day(now, facility, day)["s. 4 (1)"] for day in (0, 2, 3, 10)] == [
        Verdict.MET,
        Verdict.MET,
        Verdict.UNKNOWN,
        Verdict.UNKNOWN,
    ]


def test_an_application_waits_until_the_day_of_the_decision(portal, owner):
    facility, one = facility_of(owner), filed(owner)
    officer, decides = later(signed_in(portal, Role.OFFICER), 2), later(director(portal), 5)
    applications.pass_on(officer, one, 1, TODAY + timedelta(days=2), False, False)
    day = TODAY + timedelta(days=4)
    applications.decide(decides, one, version(decides, one), "II", "CC-1", day, "By the points.")
    now = later(owner, 10)
    waits = [
        [one.verdict for one in facility_law.standing(now, facility, TODAY + timedelta(days=days)).findings][1:3]
        for days in (3, 4)
    ]
    assert waits == [[Verdict.UNKNOWN, Verdict.DIRECTOR], [Verdict.MET, Verdict.NOT_APPLICABLE]]


def test_what_was_returned_or_confirmed_stands_among_the_facts(portal, owner):
    one = filed(owner)
    applications.withdraw(later(owner, 2), one, 1)
    facts = facility_law.standing(later(owner, 3), facility_of(owner), TODAY + timedelta(days=1)).facts
    assert [(str(fact.what), fact.recorded_later) for fact in facts] == [
        ("Class III, as the office confirmed it", False),
        ("Application for classification filed", False),
        ("Application withdrawn", True),
    ]


def test_a_finding_of_a_past_day_ends_where_the_next_fact_begins_or_ends(portal, owner):
    facility = facility_of(owner)
    hung = displays.record(owner, facility, TODAY, "Hall")
    displays.take_down(later(owner, 6), hung, TODAY + timedelta(days=4))
    found = facility_law.standing(later(owner, 10), facility, TODAY + timedelta(days=1)).findings
    assert {part.until for finding in found for part in finding.walk()} == {TODAY + timedelta(days=4)}


# --- whatever is recorded -----------------------------------------------------------------------------------

NAMES = ("file", "alter", "send_back", "withdraw", "pass_on", "decide", "display", "take_down", "require")
ACTS = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.integers(0, 4),  # days since the act before
        st.integers(0, 6),  # how many days before its recording it happened
    ),
    min_size=4,
    max_size=10,
)


class Office:
    """Acts on one facility, one after the other; what is refused is left out."""

    def __init__(self, portal: Portal) -> None:
        self.owner = active_owner(portal)
        self.officer, self.director = signed_in(portal, Role.OFFICER), director(portal)
        self.facility = facility_of(self.owner)
        self.days, self.application, self.hung = 0, 0, 0

    def act(self, name: str, days: int, before: int) -> None:
        self.days += days
        self.owner, self.officer, self.director = (
            later(asker, self.days) for asker in (self.owner, self.officer, self.director)
        )
        try:
            getattr(self, name)(day_at(self.owner.at) - timedelta(days=before))
        except Refused:
            return

    def _apply(self, answers: dict[str, object], reason: str, fee: date, approval: date | None) -> None:
        one = calculations.save(self.owner, self.facility, "129/04", day_at(self.owner.at), answers)
        self.application = applications.apply(self.owner, one, reason, fee, approval)

    def file(self, day: date) -> None:
        self._apply(CLASS_II, "first", day, None)

    def alter(self, day: date) -> None:
        self._apply(CLASS_I, "alteration", day, day)

    def withdraw(self, _: date) -> None:
        applications.withdraw(self.owner, self.application, version(self.owner, self.application))

    def send_back(self, _: date) -> None:
        seen = version(self.officer, self.application)
        applications.return_(self.officer, self.application, seen, "Something is missing.")

    def pass_on(self, day: date) -> None:
        seen = version(self.officer, self.application)
        applications.pass_on(self.officer, self.application, seen, day, False, False)

    def decide(self, day: date) -> None:
        with suppress(Refused):
            self.pass_on(day)
        seen = version(self.director, self.application)
        applications.decide(self.director, self.application, seen, "II", f"CC-{seen}", day, "By the points.")

    def display(self, day: date) -> None:
        self.hung = displays.record(self.owner, self.facility, day, "Hall")

    def take_down(self, day: date) -> None:
        displays.take_down(self.owner, self.hung, day)

    def require(self, day: date) -> None:
        decisions.record(self.director, self.facility, "application_required", day, "The schedule changed.")


def numbered(found: tuple[Finding, ...]) -> Iterator[tuple[tuple[str, int], Finding]]:
    """Findings by provision, several of one provision in their order."""
    seen: Counter[str] = Counter()
    for finding in found:
        provision = finding.citation.provision
        yield (provision, seen[provision]), finding
        seen[provision] += 1


@given(acts=ACTS)
@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.reuse, Phase.generate],  # to shrink takes minutes
)
def test_no_finding_changes_before_its_until_whatever_is_recorded(sqlite_portal: Portal, acts) -> None:
    start_anew(sqlite_portal)
    office = Office(sqlite_portal)
    for act in acts:
        office.act(*act)
    nothing_changes_unsaid(office)


def nothing_changes_unsaid(office: Office) -> None:
    days = [TODAY + timedelta(days=days) for days in range(-7, office.days + 2)]
    stands = [dict(numbered(facility_law.standing(office.owner, office.facility, day).findings)) for day in days]
    for at_first, day in enumerate(days):
        for key, finding in stands[at_first].items():
            for other, found in zip(days[at_first:], stands[at_first:], strict=True):
                if finding.until is None or other < finding.until:
                    assert key in found, (key, day, other)
                    assert found[key].verdict is finding.verdict, (key, day, other)
