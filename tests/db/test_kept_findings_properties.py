"""Findings as they are kept are those from scratch, after any sequence of entries, of entries taken back, of
listings and of passing days. Everything goes through the services; each example begins with the same people."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core import records
from core.facilities import FacilityType
from core.findings import Verdict
from core.places import day_at
from core.problems import Refused
from core.responsibility import findings_on
from core.roles import Role
from core.sentences import in_english
from core.standings import standing
from db import audit, facility_people, facility_training, kept_findings
from db.gate import unattended
from db.people_schema import KeptFinding
from db.province_schema import FacilityStanding
from db.schema import Facility, FacilityClassification, OutgoingMail
from db.schema_training import KeptRecordFinding
from db.services import accounts, decisions, designations, employees, licence_history, responsibility, withdrawals
from tests.db import standing_listings
from tests.db.employed import confirm
from tests.db.filed import facility_of
from tests.db.people import NOON, make_account, sign_in
from tests.db.profiles import active_owner
from tests.remembered import remembered, start_anew

NUMBERS = ("90000010", "90000011")
CALM = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example takes a while, so none is made smaller
)


class World:
    """An owner with a Class III facility, an operator of the class, one a class lower, and an engineer."""

    def __init__(self, portal):
        start_anew(portal)
        self.portal, self.at = portal, NOON
        accounts_of, self.facility, self.people = staffed(portal)
        self.owner_account, self.officer_account, self.director_account = accounts_of

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
        name, number = (("Chief", NUMBERS[0]), ("Second", NUMBERS[1]), ("Eng", ""))[who]
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
        given = (f"L{NUMBERS[who % 2]}", "wastewater_treatment", ("III", "II")[choice % 2], issued)
        expiry = issued + timedelta(days=365 + choice)
        licence_history.record_issue(self.officer(), self.people[who], *given, expiry, bool(choice % 3))

    def complete(self, who, first, last, choice):
        licence_history.record_complete(self.officer(), self.people[who], first)

    def direction(self, who, first, last, choice):
        director, kind = sign_in(self.portal, self.director_account, self.at), "stand_in_direction"
        period = {"valid_from": first, "valid_until": last}
        decisions.record(director, self.facility, kind, self.today, "No other way.", **period)

    def listing(self, who, first, last, choice):
        list_(self.portal, self.at, choice)

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
            self.check_records(work, people)
            self.check_standing(work, facility)

    def check_records(self, work, people):
        """The same of training and manuals."""
        recorded = facility_training.of_facilities(work, {self.facility: people})[self.facility].recorded
        law = facility_training.law_today(people.facility.facility_type, self.today)
        of_records = facility_training.OF_TRAINING | facility_training.OF_MANUALS
        every = [one for one in records.findings_on(recorded, law) if one.about in of_records]
        kept = work.session.scalars(
            select(KeptRecordFinding).where(KeptRecordFinding.facility_id == self.facility)
        ).all()
        assert sorted((one.about, one.of_id or 0, one.year or 0, one.verdict) for one in kept) == sorted(
            (one.about.value, one.id or 0, one.year or 0, one.finding.verdict.value) for one in every
        )

    def check_standing(self, work, facility):
        """How the facility stands as a whole is said by what is kept of it, and so is when that may be another."""
        tables = (KeptFinding, KeptRecordFinding)
        kept = [
            row
            for table in tables
            for row in work.session.execute(
                select(table.verdict, table.until).where(table.facility_id == self.facility)
            )
        ]
        row = work.session.get_one(FacilityStanding, self.facility)
        verdicts = [Verdict(one.verdict) for one in kept]
        assert row.standing == standing(FacilityType(facility.facility_type), verdicts)
        assert row.not_met == verdicts.count(Verdict.NOT_MET)
        assert row.changes_on == min((one.until for one in kept if one.until), default=None)

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


@remembered
def staffed(portal):
    """The accounts of the owner, an officer and a director; the facility; and its employees."""
    owner = active_owner(portal)
    facility = facility_of(owner)
    list_(portal, NOON, 2)
    since = day_at(NOON) - timedelta(days=300)
    given = (("Chief", NUMBERS[0], "operator"), ("Second", NUMBERS[1], "operator"), ("Eng", "", "engineer"))
    people = [
        employees.employ(owner, facility, "Sam", name, id, "Operator", capacity, True, since)
        for name, id, capacity in given
    ]
    confirm(portal, *people[:2])
    office = [make_account(portal, role) for role in (Role.OFFICER, Role.DIRECTOR)]
    return [accounts.me(owner).account_id, *office], facility, people


def list_(portal, moment, choice):
    """Another listing: all are there, or one is missing, of a lower class, suspended, or soon to expire."""
    today = day_at(moment)
    usual = {"expiry": date(2028, 3, 12), "last_name": "Sam", "status": "in force"}
    rows = [
        standing_listings.ROW | usual | {"operator_id": id, "number": f"L{id}", "licence_class": licence_class}
        for id, licence_class in zip(NUMBERS, ("III", "II"), strict=True)
    ]
    changes = ({}, {"licence_class": "I"}, {}, {"status": "suspended"}, {"expiry": today + timedelta(days=9)})
    rows[choice % 2] |= changes[choice % len(changes)]
    standing_listings.stand(portal, *(rows[1:] if choice % 5 == 0 else rows), listed_on=today)
    with unattended(portal, moment) as work:
        kept_findings.retest_all(work)


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
