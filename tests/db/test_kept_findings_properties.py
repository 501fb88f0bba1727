"""Findings as they are kept are those from scratch, after any sequence of entries, of entries taken back, of
listings and of passing days. Everything goes through the services; each example has a facility of its own."""

import itertools
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.places import day_at
from core.problems import Refused
from core.responsibility import findings_on
from core.roles import Role
from core.sentences import in_english
from db import audit, facility_people, kept_findings
from db.gate import unattended
from db.people_schema import KeptFinding
from db.schema import Facility, FacilityClassification, OutgoingMail
from db.services import accounts, decisions, designations, employees, licence_history, responsibility, withdrawals
from tests.db import standing_listings
from tests.db.employed import confirm
from tests.db.filed import facility_of
from tests.db.people import NOON, make_account, sign_in
from tests.db.profiles import FACILITY, active_owner

_numbers = itertools.count(1)
CALM = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example takes a while, so none is made smaller
)


class World:
    """An owner with a Class III facility, an operator of the class, one a class lower, and an engineer."""

    def __init__(self, portal):
        self.portal, self.at = portal, NOON
        number = next(_numbers)
        owner = active_owner(portal, f"Town {number}", replace(FACILITY, ministry_number=f"P{number}"))
        self.owner_account = accounts.me(owner).account_id
        self.officer_account = make_account(portal, Role.OFFICER)
        self.director_account = make_account(portal, Role.DIRECTOR)
        self.facility = facility_of(owner)
        self.numbers = [f"900{number:04}{which}" for which in range(2)]
        self.list_(2)
        since = self.today - timedelta(days=300)
        given = (
            ("Chief", self.numbers[0], "operator"),
            ("Second", self.numbers[1], "operator"),
            ("Eng", "", "engineer"),
        )
        self.people = [
            employees.employ(owner, self.facility, "Sam", name, id, "Operator", capacity, True, since)
            for name, id, capacity in given
        ]
        confirm(portal, *self.people[:2])

    @property
    def today(self):
        return day_at(self.at)

    def owner(self):
        return sign_in(self.portal, self.owner_account, self.at)

    def officer(self):
        return sign_in(self.portal, self.officer_account, self.at)

    def shown(self):
        return responsibility.people(self.owner(), self.facility)

    # --- steps --------------------------------------------------------------------------------------------

    def do(self, kind, who, shift, length, choice):
        """One step; what the services refuse changes nothing, which is checked too."""
        first = self.today + timedelta(days=shift)
        last = None if length is None else first + timedelta(days=length)
        with suppress(Refused):
            getattr(self, kind)(who, first, last, choice)

    def designate(self, who, first, last, choice):
        basis = ("licence", "stand_in", "engineer")[choice % 3]
        designations.designate(self.owner(), self.facility, self.people[who], basis, first, last, "So it is.")

    def in_charge(self, who, first, last, choice):
        someone = self.people[who]
        designations.designate_in_charge(self.owner(), self.facility, someone, first, last, bool(choice % 2))

    def absence(self, who, first, last, choice):
        away = bool(choice % 4)
        designations.record_absence(self.owner(), self.facility, self.people[who], first, last, "Away.", away)

    def employ(self, who, first, last, choice):
        name, number = (("Chief", self.numbers[0]), ("Second", self.numbers[1]), ("Eng", ""))[who]
        capacity = ("operator", "engineer", "other")[choice % 3]
        employees.employ(self.owner(), self.facility, "Sam", name, number, "Again", capacity, False, first, last)

    def end(self, who, first, last, choice):
        found = self.shown()
        ends = {
            "employment": employees.end_employment,
            "designation": designations.end_designation,
            "absence": designations.end_absence,
            "licence_display": employees.end_display,
        }
        rows = [one for one in self.entries(found) if one.table in ends]
        if rows:
            row = rows[choice % len(rows)]
            ends[row.table](self.owner(), row.fact_id, first)

    def take_back(self, who, first, last, choice):
        found = self.shown()
        rows = [(one.table, one.fact_id) for one in self.entries(found)]
        rows += [("director_notice", one.notice_id) for one in found.notices]
        if rows:
            withdrawals.withdraw(self.owner(), *rows[choice % len(rows)], "A mistake.")

    @staticmethod
    def entries(found):
        return (*found.employments, *found.designations, *found.in_charge, *found.absences, *found.displays,
                *found.worked)  # fmt: skip

    def hours(self, who, first, last, choice):
        designations.record_hours(self.owner(), self.facility, self.people[who], first, Decimal(choice % 9))

    def display(self, who, first, last, choice):
        employees.display_licence(
            self.owner(), self.facility, self.people[who], f"L{choice}", first, f"Hall {choice}"
        )

    def notice(self, who, first, last, choice):
        designations.record_notice(self.owner(), self.facility, first)

    def functions(self, who, first, last, choice):
        does = {"runs_facility": choice % 2 == 0, "sets_parameters": choice % 3 == 0, "directs_operators": False}
        designations.record_functions(self.owner(), self.facility, self.people[who], first, last, **does)

    def note(self, who, first, last, choice):
        rows = self.shown().employments
        employees.note_starts_anew(self.officer(), rows[choice % len(rows)].fact_id, "Another plant in between.")

    def invite(self, who, first, last, choice):
        employees.invite(self.owner(), self.facility, self.people[who], f"sam{who}@example.ca")

    def classify(self, who, first, last, choice):
        """The facility has another class from a day on, as the office confirms it."""
        with unattended(self.portal, self.at) as work:
            stands = select(FacilityClassification).where(
                FacilityClassification.facility_id == self.facility, FacilityClassification.superseded_at.is_(None)
            )
            before = work.session.scalars(stands).all()
            row = FacilityClassification(
                facility_id=self.facility,
                facility_class=("I", "II", "III", "IV")[choice % 4],
                valid_from=first,
                recorded_at=self.at,
            )
            work.session.add(row)
            work.session.flush()
            for one in before:
                one.superseded_at, one.superseded_by = self.at, row.id
            kept_findings.retest(work, self.facility)

    def issue(self, who, first, last, choice):
        issued = first - timedelta(days=400)
        given = (f"L{self.numbers[who % 2]}", "wastewater_treatment", ("III", "II")[choice % 2], issued)
        expiry = issued + timedelta(days=365 + choice)
        licence_history.record_issue(self.officer(), self.people[who], *given, expiry, bool(choice % 3))

    def complete(self, who, first, last, choice):
        licence_history.record_complete(self.officer(), self.people[who], first)

    def direction(self, who, first, last, choice):
        director, kind = sign_in(self.portal, self.director_account, self.at), "stand_in_direction"
        period = {"valid_from": first, "valid_until": last}
        decisions.record(director, self.facility, kind, self.today, "No other way.", **period)

    def list_(self, choice):
        """Another listing: all are there, or one is missing, of a lower class, suspended, or soon to expire."""
        usual = {"expiry": date(2028, 3, 12), "last_name": "Sam", "status": "in force"}
        rows = [
            standing_listings.ROW | usual | {"operator_id": id, "number": f"L{id}", "licence_class": licence_class}
            for id, licence_class in zip(self.numbers, ("III", "II"), strict=True)
        ]
        changes = (
            {},
            {"licence_class": "I"},
            {},
            {"status": "suspended"},
            {"expiry": self.today + timedelta(days=9)},
        )
        rows[choice % 2] |= changes[choice % len(changes)]
        standing_listings.stand(self.portal, *(rows[1:] if choice % 5 == 0 else rows), listed_on=self.today)
        with unattended(self.portal, self.at) as work:
            kept_findings.retest_all(work)

    def listing(self, who, first, last, choice):
        self.list_(choice)

    def nights(self, who, first, last, choice):
        self.at += timedelta(days=1 + choice)
        with unattended(self.portal, self.at) as work:
            kept_findings.retest_due(work)

    def kept(self):
        """The findings as they are kept, by what and whom they are about: verdict, since when and why."""
        with self.portal.database.transaction(writes=False) as session:
            rows = session.scalars(select(KeptFinding).where(KeptFinding.facility_id == self.facility))
            return {(row.about, row.employee_id): (row.verdict, row.since, row.because) for row in rows}

    def told(self):
        """What was told of in mails so far: since when, and why."""
        with self.portal.database.transaction(writes=False) as session:
            sent = session.scalars(select(OutgoingMail).where(OutgoingMail.template == "no_longer_holds"))
            return {(line[2], line[3]) for one in sent for line in one.values["lapses"]}

    # --- what there is ------------------------------------------------------------------------------------

    def check(self):
        """Each kept finding says what one from scratch says, and its day is not later than that one's."""
        with unattended(self.portal, self.at) as work:
            facility = work.session.get_one(Facility, self.facility)
            people = facility_people.of_facility(work, facility)
            found = findings_on(people.recorded, kept_findings.law_of(facility, self.today))
            scratch = {(one.about.value, one.person): one.finding for one in found}
            rows = work.session.scalars(select(KeptFinding).where(KeptFinding.facility_id == self.facility))
            kept = {(row.about, row.employee_id): row for row in rows}
            assert {key: (row.verdict, row.provision) for key, row in kept.items()} == {
                key: (one.verdict.value, one.citation.provision) for key, one in scratch.items()
            }
            for key, row in kept.items():
                until = scratch[key].until
                assert row.until is None or row.until > self.today, key
                assert until is None or (row.until is not None and row.until <= until), key
                assert row.since <= self.today
                if row.tested_at == self.at:
                    assert row.because == str(scratch[key].because), key

    def check_told(self, before, kind):
        """What is newly not met is told of, with the day since when, which is the first of those in a row; so is
        what a plan comes to, in the night on whose day it begins."""
        for key, (verdict, since, because) in self.kept().items():
            newly = before[key][0] != "not met" if key in before else kind == "nights"
            if verdict == "not met" and newly:
                assert (in_english(since), because) in self.told(), key
                assert self.scratch(key, since).verdict.value == "not met", key
                eve = self.scratch(key, since - timedelta(days=1))
                assert eve is None or eve.verdict.value != "not met", key

    def scratch(self, key, day):
        """The finding of a day from scratch; None where there is none."""
        with unattended(self.portal, self.at) as work:
            facility = work.session.get_one(Facility, self.facility)
            people = facility_people.of_facility(work, facility)
            found = findings_on(people.recorded, kept_findings.law_of(facility, day))
            return next((one.finding for one in found if (one.about.value, one.person) == key), None)


KINDS = (
    "designate", "designate", "in_charge", "absence", "employ", "end", "end", "take_back", "take_back", "hours",
    "functions", "note", "invite", "classify", "display",
    "notice", "issue", "complete", "direction", "listing", "nights", "nights", "nights",
)  # fmt: skip
STEP = st.tuples(
    st.sampled_from(KINDS),
    st.integers(0, 2),
    st.integers(-90, 40),
    st.none() | st.integers(0, 200),
    st.integers(0, 60),
)
STANDS_IN = [
    ("designate", 0, -200, None, 0),
    ("absence", 0, -100, None, 1),
    ("designate", 1, -70, None, 1),
]


@settings(CALM, max_examples=12)
@example(steps=[*STANDS_IN, ("nights", 0, 0, None, 40), ("nights", 0, 0, None, 45), ("notice", 0, 0, None, 0)])
@example(steps=[*STANDS_IN, ("direction", 0, 10, 60, 0), ("nights", 0, 0, None, 60), ("take_back", 0, 0, None, 3)])
@example(steps=[*STANDS_IN, ("listing", 0, 0, None, 4), ("nights", 0, 0, None, 10), ("listing", 0, 0, None, 2)])
@example(steps=[("end", 0, -9, None, 0), ("employ", 2, 40, None, 2), ("nights", 0, 0, None, 45)])
@example(steps=[("in_charge", 0, 20, None, 0), ("nights", 0, 0, None, 30)])
@example(steps=[("in_charge", 0, 9, None, 0), ("listing", 0, 0, None, 4), ("nights", 0, 0, None, 20)])
@example(steps=[("complete", 1, -89, 38, 0), ("in_charge", 0, -54, 102, 28), ("nights", 1, -71, 94, 53)])
@given(steps=st.lists(STEP, min_size=4, max_size=14))
def test_kept_findings_are_those_from_scratch(portal, steps):
    world = World(portal)
    for step in steps:
        before = world.kept()
        world.do(*step)
        world.check()
        world.check_told(before, step[0])
    with portal.database.transaction(writes=False) as session:
        assert audit.verify(session).faults == ()
