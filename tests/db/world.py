"""A world in which people record facts by the services, days pass, and what is kept is held against the rules.

Every step goes through the services; each world begins with the same people.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from core.application import law_of_people
from core.certificate_applications import ApplicationReason, ApplicationState
from core.places import day_at
from core.problems import Refused
from core.responsibility import findings_on
from core.roles import Role
from core.sentences import in_english
from db import facility_people, kept_findings, kept_people, standings
from db.gate import unattended
from db.manual_views import Statement
from db.province_schema import KeptFinding
from db.schema import Facility, FacilityClassification, OutgoingMail
from db.services import (
    accounts,
    applications,
    calculations,
    decisions,
    designations,
    displays,
    disruptions,
    employees,
    facilities,
    licence_history,
    log_settings,
    manuals,
    responsibility,
    shift_logs,
    training,
    training_duties,
    withdrawals,
)  # fmt: skip
from tests.db import standing_listings
from tests.db.employed import confirm
from tests.db.filed import CLASS_II, facility_of
from tests.db.held_against import hold, hold_page
from tests.db.logged import FULL, in_charge
from tests.db.people import NOON, make_account, sign_in, signed_in
from tests.db.profiles import active_owner
from tests.db.staffed import fill
from tests.db.trained import AT_A_PLACE
from tests.remembered import remembered, start_anew

NUMBERS = ("90000010", "90000011")
OTHERS = 5


class World:
    """An owner with a Class III facility, an operator of the class, one a class lower, and an engineer; who writes
    its log; and other facilities of the province."""

    def __init__(self, portal):
        start_anew(portal)
        self.portal, self.at = portal, NOON
        accounts_of, self.facility, self.people, self.others = staffed(portal)
        self.owner_account, self.officer_account, self.director_account = accounts_of[:3]
        self.manager_account, self.writer_account = accounts_of[3:]
        self.sessions, self.requests, self.manuals = [], [], []

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
        basis = ("licence", "stand_in", "engineer", "strike", "emergency")[choice % 5]
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
                *found.worked, *found.disruptions.every)  # fmt: skip

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

    def emergency(self, who, first, last, choice):
        """What the owner says of an emergency, or that there was none."""
        said = (bool(choice % 4), "The Province", "A flood.", choice % 3 > 0, choice % 5 > 0, "Two are ill.")
        disruptions.record_emergency(self.owner(), self.facility, *said, first, last)

    def serve(self, who, first, last, choice):
        way = ("practitioner", "former", "staff", "none")[choice % 4]
        someone = self.people[who]
        disruptions.employ_in_emergency(
            self.owner(), self.facility, someone, way, "By the card.", first, last, experience=choice,
            trained=True, fits=True, only_there=True, clear=bool(choice % 3),
        )  # fmt: skip

    def strike(self, who, first, last, choice):
        disruptions.record_strike(self.owner(), self.facility, first, last)

    def hand_in(self, who, first, last, choice):
        if drafts := self.shown().disruptions.drafts:
            draft = drafts[choice % len(drafts)]
            contents = None if choice % 3 else ["names"]
            disruptions.record_submission(
                self.owner(), self.facility, draft.kind, draft.of_day, first, contents, draft.words
            )

    def time_zone(self, who, first, last, choice):
        zone = ("America/Toronto", "America/Winnipeg", "America/Atikokan")[choice % 3]
        version = facilities.clock(self.owner(), self.facility).version
        facilities.change_time_zone(self.owner(), self.facility, zone, version)

    # --- section 4 ------------------------------------------------------------------------------------------

    def hang(self, who, first, last, choice):
        displays.record(self.owner(), self.facility, first, "Hall")

    def take_down(self, who, first, last, choice):
        if hung := displays.of_facility(self.owner(), self.facility):
            displays.take_down(self.owner(), hung[choice % len(hung)].display_id, first)

    def apply(self, who, first, last, choice):
        kept = calculations.save(self.owner(), self.facility, "129/04", self.today, CLASS_II, "As built")
        reason = list(ApplicationReason)[choice % len(ApplicationReason)]
        applications.apply(self.owner(), kept, reason, first, first if choice % 4 else None)

    def close(self, who, first, last, choice):
        """What waits is withdrawn, or returned."""
        if waiting := self._waiting():
            if choice % 2:
                applications.withdraw(self.owner(), *waiting)
            else:
                applications.return_(self.officer(), *waiting, "A page is missing.")

    def decide(self, who, first, last, choice):
        """What waits is passed on, and decided on another day."""
        if waiting := self._waiting():
            applications.pass_on(self.officer(), *waiting, first, bool(choice % 3), bool(choice % 2))
        elif waiting := self._waiting(ApplicationState.PASSED_ON):
            director = sign_in(self.portal, self.director_account, self.at)
            given = ("I", "II", "III", "IV")[choice % 4], f"CC-{choice}", self.today, "By the points."
            applications.decide(director, *waiting, *given)

    def _waiting(self, state=ApplicationState.OPEN):
        """The application that waits: its id and its version."""
        rows = applications.mine(self.owner()).rows
        id = next((one.application_id for one in rows if one.state is state), None)
        return id and (id, applications.application(self.officer(), id).version)

    def listing(self, who, first, last, choice):
        list_(self.portal, self.at, choice)

    # --- training, manuals and the log ----------------------------------------------------------------------

    def train(self, who, first, last, choice):
        held = [(first, Decimal(1 + choice % 12))]
        attended = {self.people[who]: ""}
        row = training.record(self.owner(), self.facility, held, "Chlorine handling", "safety", attended)
        self.sessions.append(row)

    def correct_training(self, who, first, last, choice):
        if self.sessions:
            held = [(first, Decimal(40))]
            attended = dict.fromkeys(self.people[: 1 + who], "")
            of = self.sessions.pop(choice % len(self.sessions))
            self.sessions.append(training.correct(self.owner(), of, held, "Chlorine handling", "safety", attended))

    def withdraw_training(self, who, first, last, choice):
        if self.sessions:
            training.withdraw(self.owner(), self.sessions.pop(choice % len(self.sessions)), "A mistake.")

    def all_training(self, who, first, last, choice):
        training_duties.record_complete(self.owner(), self.facility, first - timedelta(days=9 * choice))

    def exempt(self, who, first, last, choice):
        year = self.today.year - choice % 3
        training_duties.record_notice(self.owner(), self.facility, self.people[who], year, first)

    def request(self, who, first, last, choice):
        year = self.today.year
        self.requests.append(
            training_duties.record_request(self.owner(), self.facility, first, last, year - 1, year, "Director")
        )

    def send(self, who, first, last, choice):
        if self.requests:
            of = self.requests[choice % len(self.requests)]
            training_duties.record_sent(self.owner(), of, max(first, self.today - timedelta(days=9)), "copies")

    def manual(self, who, first, last, choice):
        holds = replace(AT_A_PLACE, drawings=bool(choice % 3))
        name = f"Manual {choice}"
        self.manuals.append(manuals.add(self.owner(), self.facility, name, first, first, holds))

    def review(self, who, first, last, choice):
        if self.manuals:
            of = self.manuals[choice % len(self.manuals)]
            manuals.record_review(self.owner(), of, first, "Sam Chief", bool(choice % 2))

    def drop_manual(self, who, first, last, choice):
        if self.manuals:
            manuals.withdraw(self.owner(), self.manuals.pop(choice % len(self.manuals)), "Out of use.")

    def say_of_manuals(self, who, first, last, choice):
        said = (bool(choice >> bit & 1) for bit in range(4))
        manuals.state(self.owner(), self.facility, Statement(*said))

    def only_log(self, who, first, last, choice):
        log_settings.set_place(self.owner(), self.facility, "only", "", first)

    def usual_shift(self, who, first, last, choice):
        name, days = f"Night {choice}", range(choice % 7)
        log_settings.add_pattern(self.owner(), self.facility, name, "19:00", "7:00", days, first, last)

    def shift(self, who, first, last, choice):
        """A shift of which much, or little, is recorded; of three one has no end."""
        writer = sign_in(self.portal, self.writer_account, self.at)
        shift = shift_logs.begin_shift(writer, self.facility, f"Day {choice}")
        for kind, content in list(FULL.items())[: 7 - choice % 2]:
            shift_logs.write(writer, self.facility, shift, kind, content)
        if choice % 3:
            self.at += timedelta(minutes=5)  # the day stays the same
            shift_logs.end_shift(sign_in(self.portal, self.writer_account, self.at), self.facility, shift)

    def nights(self, who, first, last, choice):
        """Days pass, of which the last has a night: those before it were missed."""
        self.at += timedelta(days=1 + choice)
        with unattended(self.portal, self.at) as work:
            kept_findings.retest_due(work)
            standings.count_month(work)

    # --- what is kept, and what is told of it ---------------------------------------------------------------

    def hold(self, kind):
        manager = sign_in(self.portal, self.manager_account, self.at)
        hold(self.portal, self.at, manager, after_a_night=kind == "nights")
        others = self.others if kind == "nights" else ()
        for facility in (self.facility, *others[:2]):
            hold_page(self.portal, self.at, facility)

    def kept(self):
        """The findings as they are kept, by what and whom they are about: verdict, since when and why."""
        with self.portal.database.transaction(writes=False) as session:
            rows = session.scalars(
                select(KeptFinding).where(
                    KeptFinding.facility_id == self.facility, KeptFinding.about.in_(kept_people.ABOUT)
                )
            )
            return {(row.about, row.of_id): (row.verdict, row.since, row.because) for row in rows}

    def told(self):
        """What was told of in mails so far: since when, and why."""
        with self.portal.database.transaction(writes=False) as session:
            sent = session.scalars(select(OutgoingMail).where(OutgoingMail.template == "no_longer_holds"))
            return {(line[2], line[3]) for one in sent for line in one.values["lapses"]}

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
            found = findings_on(people.recorded, law_of_people(facility.facility_type, day))
            return next((one.finding for one in found if (one.about.value, one.person) == key), None)


@remembered
def staffed(portal):
    """The accounts of the owner, an officer, a director, a manager and who writes the log; the facility; its
    employees; and the other facilities."""
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
    office = [make_account(portal, role) for role in (Role.OFFICER, Role.DIRECTOR, Role.MANAGER)]
    writer = signed_in(portal, Role.OPERATOR, given_name="Will", family_name="Writer")
    in_charge(portal, owner, facility, writer)
    with unattended(portal, NOON) as work:
        kept_findings.retest(work, facility)
    others = fill(portal, OTHERS)
    return [accounts.me(owner).account_id, *office, accounts.me(writer).account_id], facility, people, others


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
