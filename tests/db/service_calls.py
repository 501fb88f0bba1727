"""One real call of each service, by people who have something to do."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, update

from core.alignment import Basis
from core.availability import ALL_SLOTS
from core.entries import AvailabilityEntry
from core.log_chain import Content, Kind
from core.log_times import Typed
from core.queue import Filters, Place, Subject
from core.roles import Role
from db.accounts import links
from db.accounts.links import Purpose
from db.gate import Asker, Portal
from db.keys import fingerprint
from db.ministry_listings.views import Import
from db.people_schema import Employment
from db.province import By, Wanted
from db.schema import Account, CertificateClaim, LoginSession, OperatorProfile, OutgoingMail
from db.services import (
    alignment,
    assignments,
    bulk_approval,
    designations,
    displays,
    disruptions,
    employees,
    files,
    licence_history,
    listings,
    log_settings,
    operators,
    overrides,
    own_account,
    owners,
    questions,
    reason_templates,
    responsibility,
    sessions,
    shift_logs,
    verification,
)
from tests.core.test_files import PDF
from tests.db import employed, filed, logged, members, profiles, record_calls, standing_listings, uploaded
from tests.db.listed import imported
from tests.db.people import NOON, PASSWORD, at, make_account, sign_in, signed_in, visitor
from tests.db.profiles import FACILITY
from tests.db.searchable import criteria
from tests.remembered import remembered

TIMMINS = AvailabilityEntry(True, ALL_SLOTS, "Timmins", 48.47686, -81.33333, 100)
NEW_PASSWORD = "eleven buckets of clean water"
DETAILS = {
    "given_name": "Robin",
    "family_name": "Fairwater",
    "telephone": "705-267-1234",
    "municipality": "Timmins",
    "language": "en",
}


@dataclass(frozen=True)
class Call:
    """One real call of a service: who asks, and what is given."""

    asker: Asker
    given: tuple[Any, ...]
    named: dict[str, Any]


def call(asker: Asker, *given: Any, **named: Any) -> Call:
    return Call(asker, given, named)


class World:
    """People who have something to do, each time new ones."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self._numbers = itertools.count(1)

    def email(self) -> str:
        return f"new{next(self._numbers)}@example.ca"

    def somebody(self, *roles: Role, **account: Any) -> int:
        return make_account(self.portal, *roles, **account)

    def asker(self, role: Role) -> Asker:
        return signed_in(self.portal, role)

    def visitor(self) -> Asker:
        return visitor(self.portal)

    def secret(self, account_id: int, purpose: Purpose) -> str:
        with self.portal.database.transaction(writes=True) as session:
            return links.make(session, NOON, session.get_one(Account, account_id), purpose)

    def account_version(self, account_id: int) -> int:
        with self.portal.database.transaction(writes=False) as session:
            return session.get_one(Account, account_id).version

    def mail_id(self) -> int:
        signed = self.asker(Role.OPERATOR)
        own_account.change_password(signed, PASSWORD, NEW_PASSWORD)
        with self.portal.database.transaction(writes=False) as session:
            return session.scalars(select(func.max(OutgoingMail.id))).one()

    def operator(self) -> tuple[Asker, int]:
        """An operator with an Operator ID and a certificate, not submitted: the asker and the version."""
        return _operator(self.portal, next(self._numbers))

    def submitted_operator(self) -> tuple[Asker, int]:
        """An operator whose profile waits, while no listing is on file."""
        return _submitted_operator(self.portal, next(self._numbers))

    def active_operator(self) -> tuple[Asker, int]:
        return _active_operator(self.portal, next(self._numbers))

    def found_operator(self) -> int:
        """The profile's id of an operator who can be found around Timmins."""
        asker, version = self.active_operator()
        operators.set_availability(asker, TIMMINS, version)
        return self.profile_id(asker)

    def profile_id(self, asker: Asker) -> int:
        with self.portal.database.transaction(writes=False) as session:
            person = session.scalars(
                select(Account.person_id)
                .join(LoginSession, LoginSession.account_id == Account.id)
                .where(LoginSession.token_hash == fingerprint(asker.token))
            ).one()
            return session.scalars(select(OperatorProfile.id).where(OperatorProfile.person_id == person)).one()

    def newest(self, officer: Asker, kind: str = "operator") -> int:
        return _newest(officer, kind)

    def owner(self) -> tuple[Asker, int]:
        """An owner with an organization and a facility, not submitted: the asker and the version."""
        return _owner(self.portal, next(self._numbers))

    def submitted_owner(self) -> tuple[Asker, int]:
        asker, version = self.owner()
        owners.submit(asker, version)
        return asker, owners.my_organization(asker).version

    def submission(self) -> tuple[Asker, int, int]:
        """An officer, a submission that waits, and its version."""
        self.submitted_operator()
        officer = self.asker(Role.OFFICER)
        submission_id = self.newest(officer)
        return officer, submission_id, verification.item(officer, submission_id).version

    def holder(self) -> tuple[Asker, int]:
        """An owner and a facility that the office has confirmed for it."""
        return _holder(self.portal, next(self._numbers))


@remembered
def _operator(portal: Portal, number: int) -> tuple[Asker, int]:
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, f"900{number:05}", operators.my_profile(asker).version)
    profiles.add_certificate(asker, f"C{number}")
    return asker, operators.my_profile(asker).version


@remembered
def _submitted_operator(portal: Portal, number: int) -> tuple[Asker, int]:
    standing_listings.none_stands(portal)
    asker, version = _operator(portal, number)
    operators.submit(asker, version)
    return asker, operators.my_profile(asker).version


@remembered
def _active_operator(portal: Portal, number: int) -> tuple[Asker, int]:
    asker, _version = _submitted_operator(portal, number)
    officer = signed_in(portal, Role.OFFICER)
    profiles.approve(officer, _newest(officer))
    return asker, operators.my_profile(asker).version


@remembered
def _owner(portal: Portal, number: int) -> tuple[Asker, int]:
    asker = signed_in(portal, Role.OWNER)
    owners.save_organization(asker, f"Town {number}", "municipality", 0)
    profiles.add_facility(asker, ministry_number=f"F{number}")
    return asker, owners.my_organization(asker).version


@remembered
def _holder(portal: Portal, number: int) -> tuple[Asker, int]:
    asker, version = _owner(portal, number)
    owners.submit(asker, version)
    officer = signed_in(portal, Role.OFFICER)
    profiles.approve(officer, _newest(officer, "owner"))
    return asker, filed.facility_of(asker)


def _newest(officer: Asker, kind: str = "operator") -> int:
    queue = verification.queue(officer, Filters(kind=kind))
    last = verification.queue(officer, Filters(kind=kind), queue.pages)
    return last.rows[-1].submission_id


def _change_member(world: World) -> Call:
    asker, membership_id, version = members.invited(world.holder()[0], world.email())
    return call(asker, membership_id, members.FIND, version)


def _answer_invitation(world: World) -> Call:
    email = world.email()
    account_id = world.somebody(Role.OPERATOR, email=email)
    _owner, membership_id, version = members.invited(world.holder()[0], email)
    return call(sign_in(world.portal, account_id), membership_id, version)


def _saved(world: World) -> tuple[Asker, int]:
    asker, _facility = world.holder()
    return asker, filed.saved(asker)


def _filed(world: World) -> tuple[Asker, int, int]:
    """An owner, its application that waits for the office, and the version."""
    asker, _facility = world.holder()
    return asker, filed.filed(asker), 1


def _at_the_office(world: World, *more: Any) -> Call:
    _owner, application_id, version = _filed(world)
    return call(world.asker(Role.OFFICER), application_id, version, *more)


def _decide(world: World) -> Call:
    asker, _facility = world.holder()
    application_id = filed.passed_on(world.portal, asker)
    return call(world.asker(Role.DIRECTOR), application_id, 2, "II", "CC-1", filed.TODAY, "By the points.")


def _require(world: World) -> Call:
    _owner, facility = world.holder()
    return call(world.asker(Role.DIRECTOR), facility, "application_required", filed.TODAY, "Amended.")


def _take_down(world: World) -> Call:
    asker, facility = world.holder()
    return call(asker, displays.record(asker, facility, filed.TODAY, "The hall"), filed.TODAY)


def _new_certificate(world: World, version: int) -> tuple[Any, ...]:
    return (f"N{next(world._numbers)}", "wastewater_treatment", "III", date(2028, 3, 12), "", version)


def _add_certificate(world: World) -> Call:
    asker, version = world.operator()
    return call(asker, *_new_certificate(world, version))


def _claim_of(asker: Asker) -> int:
    return operators.my_profile(asker).certificates[0].claim_id


def _change_certificate(world: World) -> Call:
    asker, version = world.operator()
    return call(asker, _claim_of(asker), *_new_certificate(world, version))


def _delete_certificate(world: World) -> Call:
    asker, version = world.operator()
    return call(asker, _claim_of(asker), version)


def _set_availability(world: World) -> Call:
    asker, version = world.active_operator()
    return call(asker, TIMMINS, version)


def _switch_availability(world: World) -> Call:
    asker, version = world.active_operator()
    operators.set_availability(asker, TIMMINS, version)
    return call(asker, False, operators.my_profile(asker).version)


def _save_operator_id(world: World) -> Call:
    asker, version = world.operator()
    return call(asker, f"9009{next(world._numbers):04}", version)


def _add_facility(world: World) -> Call:
    asker, version = world.owner()
    return call(asker, replace(FACILITY, ministry_number=f"N{next(world._numbers)}"), version)


def _change_facility(world: World) -> Call:
    asker, version = world.owner()
    entry = replace(FACILITY, ministry_number=f"N{next(world._numbers)}")
    return call(asker, owners.my_organization(asker).facilities[0].claim_id, entry, version)


def _delete_facility(world: World) -> Call:
    asker, version = world.owner()
    return call(asker, owners.my_organization(asker).facilities[0].claim_id, version)


def _fetch(world: World) -> Call:
    asker, _version = world.owner()
    return call(asker, files.upload(asker, "letter.pdf", PDF))


def _with(made: tuple[Any, ...], world: World, *more: Any) -> Call:
    return call(*made, *more)


def _suspend(world: World) -> Call:
    asker, version = world.active_operator()
    return call(world.asker(Role.OFFICER), world.profile_id(asker), version, "Asked for by the ministry.")


def _restore(world: World) -> Call:
    asker, version = world.active_operator()
    officer, profile_id = world.asker(Role.OFFICER), world.profile_id(asker)
    verification.suspend(officer, profile_id, version, "Asked for by the ministry.")
    return call(officer, profile_id, operators.my_profile(asker).version)


def _pass_of_alignment(world: World) -> tuple[Asker, int]:
    """An officer, and a pass that suspended somebody."""
    asker, _version = world.active_operator()
    with world.portal.database.transaction(writes=True) as session:
        of_profile = CertificateClaim.profile_id == world.profile_id(asker)
        session.execute(update(CertificateClaim).where(of_profile).values(basis=Basis.LISTING))
    imported(world.portal, listed_on=NOON.date() + timedelta(days=1), at=NOON)
    officer = world.asker(Role.OFFICER)
    return officer, alignment.runs(officer).rows[0].run_id


def _release(world: World) -> Call:
    officer, run_id = _pass_of_alignment(world)
    return call(officer, run_id, alignment.changes(officer, run_id)[0].version)


def _tell_nobody(world: World) -> Call:
    officer, run_id = _pass_of_alignment(world)
    version = alignment.changes(officer, run_id)[0].version
    return call(officer, run_id, version, "The ministry mends its listing.")


def _exchange_code(world: World) -> Call:
    email = world.email()
    world.somebody(Role.OPERATOR, email=email)
    code = sessions.sign_in(world.visitor(), email, PASSWORD, "browser", "Test").code
    return call(world.visitor(), code, "browser")


def _end_session(world: World) -> Call:
    account_id = world.somebody(Role.OPERATOR)
    asker = sign_in(world.portal, account_id)
    sign_in(world.portal, account_id)
    other = next(found for found in sessions.my_sessions(asker) if not found.is_this)
    return call(asker, other.id)


def _end_other_sessions(world: World) -> Call:
    account_id = world.somebody(Role.OPERATOR)
    sign_in(world.portal, account_id)
    return call(sign_in(world.portal, account_id))


def _on_account(world: World, *more: Any, state: str = "active") -> Call:
    account_id = world.somebody(Role.OFFICER, Role.MANAGER, state=state)
    return call(world.asker(Role.ADMIN), account_id, *more, world.account_version(account_id))


def _change_details(world: World) -> Call:
    asker = world.asker(Role.OPERATOR)
    return call(asker, own_account.own_account(asker).version, **DETAILS)


def _standing_listing(world: World) -> tuple[Asker, Import]:
    """An officer, and the listing that stands; nothing waits."""
    officer = world.asker(Role.OFFICER)
    waiting = listings.stands(officer)[uploaded.OPERATORS].waiting
    if waiting:
        listings.refuse_import(officer, waiting.id, waiting.version, "The wrong file.")
    standing = listings.stands(officer)[uploaded.OPERATORS].standing
    if standing and standing.listed_on > uploaded.DAY:  # tests.db.listed makes listings of a day to come
        listings.withdraw(officer, standing.id, standing.version, "The wrong file.")
        standing = listings.stands(officer)[uploaded.OPERATORS].standing
    return officer, standing or uploaded.standing(officer, uploaded.licences(1))


def _waiting_listing(world: World) -> tuple[Asker, int, int]:
    """An officer, and an import of another one that waits because all that stands would vanish."""
    officer, _ = _standing_listing(world)
    waiting = uploaded.imported(officer, uploaded.licences(1_000 + next(world._numbers))).waiting
    assert waiting
    return world.asker(Role.OFFICER), waiting.id, waiting.version


def _import_listing(world: World) -> Call:
    officer, standing = _standing_listing(world)
    return call(officer, uploaded.licences(1_000 + next(world._numbers)), uploaded.DAY, standing.id)


def _withdraw_listing(world: World) -> Call:
    officer, standing = _standing_listing(world)
    return call(officer, standing.id, standing.version, "The wrong file.")


def _save_columns(world: World) -> Call:
    table = uploaded.table(uploaded.written([uploaded.licence(1)]))
    return call(world.asker(Role.OFFICER), uploaded.OPERATORS, table, {one: one for one in table.headings})


def _demo_mail(world: World) -> Call:
    return call(world.visitor(), world.email())


def _draft(world: World, *more: Any) -> Call:
    return call(world.asker(Role.OPERATOR), "browser", "register", *more)


def _by_link(purpose: Purpose, *more: Any, state: str = "active", **named: Any) -> Callable[[World], Call]:
    def make(world: World) -> Call:
        account_id = world.somebody(Role.OFFICER, state=state, confirmed=False)
        return call(world.visitor(), world.secret(account_id, purpose), *more, **named)

    return make


def _on_submission(world: World, *more: Any) -> Call:
    officer, submission_id, version = world.submission()
    return call(officer, submission_id, version, *more)


def _taking(world: World, *more: Any) -> Call:
    officer, submission_id, version = world.submission()
    return call(officer, Place(Subject.SUBMISSION, submission_id), version, *more)


def _give_back(world: World) -> Call:
    one = _taking(world)
    place, version = one.given
    assignments.take(one.asker, place, version)
    return call(one.asker, place, version + 1)


def _with_claim(world: World, *more: Any) -> Call:
    officer, submission_id, version = world.submission()
    claim_id = verification.item(officer, submission_id).certificates[0].claim_id
    return call(officer, submission_id, version, claim_id, *more)


def _answer(world: World) -> Call:
    asker, _version = world.submitted_operator()
    officer = world.asker(Role.OFFICER)
    submission_id = world.newest(officer)
    item = verification.item(officer, submission_id)
    asked = questions.ask(officer, submission_id, item.version, item.certificates[0].claim_id, "Which one?")
    return call(asker, asked, "The first.")


def _propose(world: World) -> Call:
    one = _with_claim(world, "I have seen the card.", NOON.date() + timedelta(days=30))
    standing_listings.stand(world.portal)
    return one


def _proposed(world: World, *more: Any) -> Call:
    one = _propose(world)
    overrides.propose(one.asker, *one.given)
    submission_id, claim_id = one.given[0], one.given[2]
    for item in verification.item(one.asker, submission_id).certificates:
        if item.claim_id == claim_id and item.override:
            return call(world.asker(Role.OFFICER), item.override.override_id, item.override.version, *more)
    raise AssertionError("the override is not shown")


def _to_review(world: World, *more: Any) -> Call:
    """An override that is due for review at once."""
    one = _with_claim(world, "I have seen the card.", NOON.date() + timedelta(days=10))
    standing_listings.stand(world.portal)
    override_id = overrides.propose(one.asker, *one.given)
    overrides.agree(world.asker(Role.OFFICER), override_id, 1)
    return call(one.asker, override_id, 2, *more)


def _exact(world: World) -> tuple[Asker, Any]:
    asker, _version = world.submitted_operator()
    standing_listings.stand(world.portal, standing_listings.row_of(operators.my_profile(asker)))
    officer = world.asker(Role.OFFICER)
    return officer, bulk_approval.exact_matches(officer).ready[-1]


def _approve_if_exact(world: World) -> Call:
    officer, match = _exact(world)
    return call(officer, match.submission_id, match.version)


def _approve_all_exact(world: World) -> Call:
    officer, match = _exact(world)
    return call(officer, [match])


def _discrepancy(world: World, *more: Any) -> Call:
    asker, _version = world.active_operator()
    discrepancy_id = standing_listings.differ(world.portal, operators.my_profile(asker))
    return call(world.asker(Role.OFFICER), discrepancy_id, *more)


def _template(world: World, *more: Any) -> Call:
    officer = world.asker(Role.OFFICER)
    return call(officer, reason_templates.add(officer, world.email(), "The number is not on file."), 1, *more)


# --- people of facilities ------------------------------------------------------------------------------------


def _staffed(world: World) -> tuple[Asker, int, int]:
    """An owner, its facility, and an engineer employed there since today."""
    standing_listings.none_stands(world.portal)
    asker, facility = world.holder()
    return asker, facility, employed.employ(asker, "Engineer", capacity="engineer", first=filed.TODAY)


def _of_staff(world: World, *more: Any) -> Call:
    asker, facility, employee_id = _staffed(world)
    return call(asker, facility, employee_id, *more)


def _employ(world: World) -> Call:
    standing_listings.none_stands(world.portal)
    asker, facility = world.holder()
    return call(asker, facility, "Sam", "Chief", "90000003", "Chief", "operator", True, filed.TODAY)


def _end_display(world: World) -> Call:
    asker, facility, employee_id = _staffed(world)
    display = employees.display_licence(asker, facility, employee_id, "12345", filed.TODAY, "The hall")
    return call(asker, display, filed.TODAY)


def _end_employment(world: World) -> Call:
    asker, facility, _employee_id = _staffed(world)
    return call(asker, responsibility.people(asker, facility).employments[0].fact_id, filed.TODAY)


def _note_starts_anew(world: World) -> Call:
    one = _end_employment(world)
    return replace(one, asker=world.asker(Role.OFFICER), given=(one.given[0], "Another plant."))


def _confirm_operator_id(world: World) -> Call:
    standing_listings.none_stands(world.portal)
    asker, _facility = world.holder()
    employee_id = employed.employ(asker, "Chief", f"900{next(world._numbers):05}")
    return call(world.asker(Role.OFFICER), employee_id, 1)


def _end_designation(world: World) -> Call:
    asker, facility, employee_id = _staffed(world)
    designations.designate(asker, facility, employee_id, "engineer", filed.TODAY, None, "So it is.")
    return call(asker, responsibility.people(asker, facility).designations[0].fact_id, filed.TODAY)


def _end_absence(world: World) -> Call:
    asker, facility, employee_id = _staffed(world)
    absence = designations.record_absence(asker, facility, employee_id, filed.TODAY, None, "Away.")
    return call(asker, absence, filed.TODAY)


def _withdraw(world: World) -> Call:
    asker, facility, employee_id = _staffed(world)
    absence = designations.record_absence(asker, facility, employee_id, filed.TODAY, None, "Away.")
    return call(asker, "absence", absence, "Somebody else was away.")


def _withdraw_note(world: World) -> Call:
    noted = _note_starts_anew(world)
    employees.note_starts_anew(noted.asker, *noted.given)
    with world.portal.database.transaction(writes=False) as session:
        newest = session.scalars(select(func.max(Employment.id))).one()
    return call(noted.asker, newest, "There was none.")


def _of_confirmed(world: World, *more: Any) -> Call:
    confirming = _confirm_operator_id(world)
    employees.confirm_operator_id(confirming.asker, *confirming.given)
    return call(confirming.asker, confirming.given[0], *more)


def _correct_employee(world: World) -> Call:
    asker, facility, employee_id = _staffed(world)
    return call(asker, facility, employee_id, 1, "Sam", "Ingenieur", "")


def _part_from_account(world: World) -> Call:
    asker, facility, employee_id = _staffed(world)
    email = world.email()
    invited = signed_in(world.portal, Role.OPERATOR, email=email)
    employees.invite(asker, facility, employee_id, email)
    (offer,) = members.offers(invited)
    members.members.accept(invited, offer.membership_id, offer.version, as_invited=True)
    return call(asker, facility, employee_id, 2, "Somebody else accepted.")


def _withdraw_of_person(world: World) -> Call:
    complete = _of_confirmed(world, filed.TODAY)
    id = licence_history.record_complete(complete.asker, *complete.given)
    return call(complete.asker, "licences_complete", id, "There is another one.")


def _record_functions(world: World) -> Call:
    one = _of_staff(world, date(2003, 7, 1), date(2004, 5, 13))
    return replace(one, named={"runs_facility": False, "sets_parameters": True, "directs_operators": False})


def _past_licence(world: World) -> Call:
    days = (date(2012, 6, 30), date(2015, 6, 30))
    return _of_confirmed(world, "1", "wastewater_treatment", "III", *days, True)


def _emergency(world: World) -> Call:
    said = (True, "The Province", "A flood.", True, True, "Nobody else is there.", filed.TODAY)
    return call(*world.holder(), *said)


def _end_emergency(world: World) -> Call:
    one = _emergency(world)
    return call(one.asker, "emergency", disruptions.record_emergency(one.asker, *one.given), filed.TODAY)


def _submission(world: World) -> Call:
    one = _emergency(world)
    disruptions.record_emergency(one.asker, *one.given)
    return call(one.asker, one.given[0], "emergency_notice", filed.TODAY, filed.TODAY)


def _record_notice(world: World) -> Call:
    asker, facility, _ = _staffed(world)
    employee_id, first = employed.employ(asker, "Second"), filed.TODAY - timedelta(days=60)
    designations.designate(asker, facility, employee_id, "stand_in", first, filed.TODAY, "So it is.")
    return call(asker, facility, filed.TODAY)


# --- shift logs ----------------------------------------------------------------------------------------------


def _log(world: World, *more: Any) -> Call:
    """An owner, and the facility with an operator-in-charge: who writes in its log."""
    owner, facility = world.holder()
    chief = world.asker(Role.OPERATOR)
    logged.in_charge(world.portal, owner, facility, chief)
    return call(chief, facility, *more)


def _in_a_shift(world: World, *more: Any) -> Call:
    one = _log(world)
    shift = shift_logs.begin_shift(one.asker, one.given[0], "Day", Typed(filed.TODAY, "7:00"))
    return replace(one, given=(one.given[0], shift, *more))


def _of_log(world: World, *more: Any) -> Call:
    """A log with an entry, as its writer reads it."""
    one = _in_a_shift(world)
    return replace(one, given=(one.given[0], *more))


def _authorize(world: World) -> Call:
    owner, facility = world.holder()
    employee = logged.works(world.portal, owner, facility, world.asker(Role.OPERATOR))
    return call(owner, facility, employee, filed.TODAY, filed.TODAY)


def _revoke(world: World) -> Call:
    one = _authorize(world)
    return call(one.asker, log_settings.authorize(one.asker, *one.given))


def _place_of_log(world: World) -> Call:
    owner, facility = world.holder()
    return call(owner, facility, "accessible", "The control room", filed.TODAY)


def _end_place(world: World) -> Call:
    one = _place_of_log(world)
    return call(one.asker, log_settings.set_place(one.asker, *one.given), filed.TODAY)


def _pattern(world: World) -> Call:
    owner, facility = world.holder()
    return call(owner, facility, world.email(), "7:00", "19:00", [0, 1], filed.TODAY)


def _end_pattern(world: World) -> Call:
    one = _pattern(world)
    return call(one.asker, log_settings.add_pattern(one.asker, *one.given), filed.TODAY)


CALLS: dict[str, Callable[[World], Call]] = {
    **record_calls.calls(),
    "shift_logs.begin_shift": lambda world: _log(world, "Day"),
    "shift_logs.write": lambda world: _in_a_shift(world, Kind.NOTE, Content(text="Quiet.")),
    "shift_logs.write_nothing": lambda world: _in_a_shift(world, [Kind.DEPARTURE, Kind.ADJUSTMENT]),
    "shift_logs.end_shift": _in_a_shift,
    "shift_logs.correct": lambda world: _in_a_shift(world, Kind.BEGAN, Content(text="Night"), "Misnamed."),
    "shift_logs.say_duty": lambda world: _in_a_shift(world, Kind.SAFE, True),
    "log_reading.logs": lambda world: call(world.asker(Role.MANAGER)),
    "log_reading.may_read": _of_log,
    "log_reading.log": _of_log,
    "log_reading.search": _of_log,
    "log_reading.exported": _of_log,
    "log_reading.printed": _of_log,
    "log_reading.check": _of_log,
    "log_settings.authorize": _authorize,
    "log_settings.revoke": _revoke,
    "log_settings.set_place": _place_of_log,
    "log_settings.end_place": _end_place,
    "log_settings.add_pattern": _pattern,
    "log_settings.end_pattern": _end_pattern,
    "assignments.around": lambda world: _with((world.asker(Role.OFFICER), _taking(world).given[0]), world),
    "assignments.take": _taking,
    "corrections.correct_employee": _correct_employee,
    "corrections.part_from_account": _part_from_account,
    "corrections.take_back_confirmation": lambda world: _of_confirmed(world, 2, "Another person's."),
    "designations.designate": lambda world: _of_staff(world, "engineer", filed.TODAY, None, "So it is."),
    "designations.designate_in_charge": lambda world: _of_staff(world, filed.TODAY, None, True),
    "designations.end_absence": _end_absence,
    "designations.end_designation": _end_designation,
    "designations.record_absence": lambda world: _of_staff(world, filed.TODAY, None, "Away."),
    "designations.record_functions": _record_functions,
    "designations.record_hours": lambda world: _of_staff(world, filed.TODAY, Decimal(8)),
    "designations.record_notice": _record_notice,
    "designations.what_if": lambda world: _of_staff(world, "engineer", filed.TODAY, None),
    "disruptions.employ_in_emergency": lambda world: _of_staff(world, "staff", "A millwright.", filed.TODAY),
    "disruptions.end": _end_emergency,
    "disruptions.record_emergency": _emergency,
    "disruptions.record_strike": lambda world: call(*world.holder(), filed.TODAY),
    "disruptions.record_submission": _submission,
    "employees.confirm_operator_id": _confirm_operator_id,
    "employees.display_licence": lambda world: _of_staff(world, "12345", filed.TODAY, "The hall"),
    "employees.employ": _employ,
    "employees.end_display": _end_display,
    "employees.end_employment": _end_employment,
    "employees.invite": lambda world: _of_staff(world, world.email()),
    "employees.note_starts_anew": _note_starts_anew,
    "licence_history.record_complete": lambda world: _of_confirmed(world, filed.TODAY),
    "licence_history.record_issue": _past_licence,
    "withdrawals.withdraw": _withdraw,
    "withdrawals.withdraw_note": _withdraw_note,
    "withdrawals.withdraw_of_person": _withdraw_of_person,
    "province.counts": lambda world: call(world.asker(Role.MANAGER)),
    "province.expiries": lambda world: call(world.asker(Role.MANAGER)),
    "province.export": lambda world: call(world.asker(Role.MANAGER), Wanted()),
    "province.facilities": lambda world: call(world.asker(Role.MANAGER)),
    "province.groups": lambda world: call(world.asker(Role.MANAGER), By.REGION),
    "province.history": lambda world: call(world.asker(Role.MANAGER)),
    "province.is_subscribed": lambda world: call(world.asker(Role.MANAGER)),
    "province.near": lambda world: call(world.asker(Role.DIRECTOR)),
    "province.on_map": lambda world: call(world.asker(Role.OFFICER)),
    "province.owners": lambda world: call(world.asker(Role.MANAGER)),
    "province.points": lambda world: call(world.asker(Role.MANAGER), Wanted(region="3520")),
    "province.subscribe": lambda world: call(world.asker(Role.MANAGER), True),
    "province.training": lambda world: call(world.asker(Role.MANAGER)),
    "province.summary": lambda world: call(world.asker(Role.MANAGER)),
    "responsibility.counts": lambda world: call(world.asker(Role.MANAGER)),
    "responsibility.facilities": lambda world: call(world.asker(Role.MANAGER)),
    "responsibility.hours_day_by_day": lambda world: call(*_staffed(world)),
    "responsibility.my_hours": lambda world: call(world.asker(Role.OPERATOR)),
    "responsibility.notices_received": lambda world: call(world.asker(Role.DIRECTOR)),
    "responsibility.people": lambda world: _with(world.holder(), world),
    "responsibility.unconfirmed": lambda world: call(world.asker(Role.OFFICER)),
    "assignments.give_back": _give_back,
    "assignments.give_to": lambda world: _taking(world, world.somebody(Role.OFFICER)),
    "assignments.officers": lambda world: call(world.asker(Role.OFFICER)),
    "bulk_approval.exact_matches": lambda world: call(world.asker(Role.OFFICER)),
    "bulk_approval.approve_if_exact": _approve_if_exact,
    "bulk_approval.approve_all_exact": _approve_all_exact,
    "discrepancies.discrepancy": _discrepancy,
    "discrepancies.keep": lambda world: _discrepancy(world, 1, "The card says so."),
    "discrepancies.follow": lambda world: _discrepancy(world, 1),
    "overrides.propose": _propose,
    "overrides.agree": _proposed,
    "overrides.propose_again": lambda world: _to_review(world, "Seen anew.", NOON.date() + timedelta(days=90)),
    "overrides.let_end": _to_review,
    "overrides.refuse_": lambda world: _proposed(world, "The card is a copy."),
    "questions.ask": lambda world: _with_claim(world, "Which owner is it for?"),
    "questions.to_me": lambda world: call(world.asker(Role.OPERATOR)),
    "questions.answered": lambda world: call(world.asker(Role.OPERATOR)),
    "questions.answer": _answer,
    "reason_templates.all_templates": lambda world: call(world.asker(Role.OFFICER)),
    "reason_templates.add": lambda world: call(world.asker(Role.OFFICER), world.email(), "It is not on file."),
    "reason_templates.change": lambda world: _template(world, world.email(), "It is not on file."),
    "reason_templates.end": _template,
    "accounts.me": lambda world: call(world.visitor()),
    "accounts.register": lambda world: call(
        world.visitor(), role="operator", email=world.email(), password=NEW_PASSWORD, **DETAILS
    ),
    "accounts.ask_link": lambda world: call(world.visitor(), Purpose.RESET, world.email()),
    "accounts.look_at_link": lambda world: call(
        world.visitor(), Purpose.RESET, world.secret(world.somebody(Role.OPERATOR), Purpose.RESET)
    ),
    "accounts.confirm_email": _by_link(Purpose.CONFIRM),
    "accounts.reset_password": _by_link(Purpose.RESET, NEW_PASSWORD),
    "accounts.accept_invitation": _by_link(Purpose.INVITATION, state="invited", password=NEW_PASSWORD, **DETAILS),
    "accounts.demo_mail": _demo_mail,
    "accounts.take_role": lambda world: call(world.asker(Role.OPERATOR), "owner"),
    "administration.list_accounts": lambda world: call(world.asker(Role.ADMIN)),
    "administration.account": lambda world: call(world.asker(Role.ADMIN), world.somebody(Role.OPERATOR)),
    "administration.invite": lambda world: call(world.asker(Role.ADMIN), world.email(), "officer"),
    "administration.invite_again": lambda world: call(
        world.asker(Role.ADMIN), world.somebody(Role.OFFICER, state="invited")
    ),
    "administration.grant_role": lambda world: _on_account(world, "director"),
    "administration.end_role": lambda world: _on_account(world, "manager"),
    "administration.disable": _on_account,
    "administration.enable": lambda world: _on_account(world, state="disabled"),
    "applications.apply": lambda world: _with(_saved(world), world, "first"),
    "applications.withdraw": lambda world: _with(_filed(world), world),
    "applications.mine": lambda world: call(world.asker(Role.OWNER)),
    "applications.application": lambda world: call(world.asker(Role.OFFICER), _filed(world)[1]),
    "applications.pass_on": lambda world: _at_the_office(world, filed.TODAY),
    "applications.return_": lambda world: _at_the_office(world, "The fee is not paid."),
    "applications.waiting": lambda world: call(world.asker(Role.DIRECTOR)),
    "applications.decide": _decide,
    "calculations.my_facilities": lambda world: call(world.asker(Role.OWNER)),
    "calculations.save": lambda world: _with(world.holder(), world, "129/04", filed.TODAY, {}),
    "calculations.history": lambda world: _with(world.holder(), world),
    "calculations.calculation": lambda world: _with(_saved(world), world),
    "decisions.facilities": lambda world: call(world.asker(Role.DIRECTOR)),
    "decisions.of_facility": lambda world: _with(world.holder(), world),
    "decisions.record": _require,
    "displays.of_facility": lambda world: _with(world.holder(), world),
    "displays.record": lambda world: _with(world.holder(), world, filed.TODAY, "The hall"),
    "displays.take_down": _take_down,
    "drafts.save": lambda world: _draft(world, {"name": "Robin"}),
    "drafts.load": _draft,
    "drafts.discard": _draft,
    "compliance.on_day": lambda world: call(*world.holder()),
    "compliance.over_period": lambda world: call(*world.holder(), filed.TODAY, filed.TODAY),
    "facility_law.standing": lambda world: _with(world.holder(), world),
    "facility_law.alteration": lambda world: _with(_saved(world), world),
    "facilities.clock": lambda world: _with(world.holder(), world),
    "facilities.change_time_zone": lambda world: _with(world.holder(), world, "America/Atikokan", 1),
    "files.upload": lambda world: call(world.asker(Role.OWNER), "letter.pdf", PDF),
    "files.fetch": _fetch,
    "home.waiting": lambda world: call(world.asker(Role.OFFICER)),
    "listings.stands": lambda world: call(world.asker(Role.OFFICER)),
    "listings.history": lambda world: call(world.asker(Role.OFFICER), uploaded.OPERATORS),
    "listings.one_import": lambda world: call(world.asker(Role.OFFICER), _standing_listing(world)[1].id),
    "listings.void_when_withdrawn": lambda world: call(world.asker(Role.OFFICER), _standing_listing(world)[1].id),
    "listings.facilities_to_decide": lambda world: call(world.asker(Role.OFFICER)),
    "listings.bad_rows": lambda world: call(world.asker(Role.OFFICER), _standing_listing(world)[1].id),
    "listings.differences": lambda world: call(*_waiting_listing(world)[:2]),
    "listings.columns": lambda world: call(world.asker(Role.OFFICER), *_save_columns(world).given[:2]),
    "listings.kept_columns": lambda world: call(world.asker(Role.OFFICER), *_save_columns(world).given[:2]),
    "listings.save_columns": _save_columns,
    "listings.preview": lambda world: call(_standing_listing(world)[0], uploaded.licences(1)),
    "listings.import_": _import_listing,
    "listings.confirm": lambda world: call(*_waiting_listing(world)),
    "listings.refuse_import": lambda world: call(*_waiting_listing(world), "The wrong file."),
    "listings.withdraw": _withdraw_listing,
    "looks.contact_details": lambda world: call(world.asker(Role.OFFICER), world.found_operator()),
    "members.people": lambda world: call(world.holder()[0]),
    "members.invite": lambda world: call(world.holder()[0], world.email(), members.FIND),
    "members.invite_again": lambda world: call(*members.invited(world.holder()[0], world.email())),
    "members.change": _change_member,
    "members.end": lambda world: call(*members.invited(world.holder()[0], world.email())),
    "members.mine": lambda world: call(world.asker(Role.OPERATOR)),
    "members.accept": _answer_invitation,
    "members.leave": _answer_invitation,
    "operators.my_profile": lambda world: call(world.asker(Role.OPERATOR)),
    "operators.my_looks": lambda world: call(world.operator()[0]),
    "operators.save_operator_id": _save_operator_id,
    "operators.add_certificate": _add_certificate,
    "operators.change_certificate": _change_certificate,
    "operators.delete_certificate": _delete_certificate,
    "operators.submit": lambda world: _with(world.operator(), world),
    "operators.withdraw": lambda world: _with(world.submitted_operator(), world),
    "operators.set_availability": _set_availability,
    "operators.switch_availability": _switch_availability,
    "oversight.outgoing_mails": lambda world: call(world.asker(Role.ADMIN)),
    "oversight.outgoing_mail": lambda world: call(world.asker(Role.ADMIN), world.mail_id()),
    "oversight.audit_subjects": lambda world: call(world.asker(Role.ADMIN)),
    "oversight.audit_trail": lambda world: call(world.asker(Role.ADMIN)),
    "oversight.settings_summary": lambda world: call(world.asker(Role.ADMIN)),
    "own_account.own_account": lambda world: call(world.asker(Role.OPERATOR)),
    "own_account.change_details": _change_details,
    "own_account.change_password": lambda world: call(world.asker(Role.OPERATOR), PASSWORD, NEW_PASSWORD),
    "own_account.change_email": lambda world: call(world.asker(Role.OPERATOR), PASSWORD, world.email()),
    "own_account.close_account": lambda world: call(world.asker(Role.OPERATOR), PASSWORD),
    "owners.my_organization": lambda world: call(world.asker(Role.OWNER)),
    "owners.save_organization": lambda world: call(world.asker(Role.OWNER), "Town", "municipality", 0),
    "owners.add_facility": _add_facility,
    "owners.change_facility": _change_facility,
    "owners.delete_facility": _delete_facility,
    "owners.submit": lambda world: _with(world.owner(), world),
    "owners.withdraw": lambda world: _with(world.submitted_owner(), world),
    "renewals.mine": lambda world: call(world.asker(Role.OPERATOR)),
    "search.searching_for": lambda world: call(world.asker(Role.MANAGER)),
    "search.search": lambda world: call(world.asker(Role.MANAGER), criteria()),
    "search.export": lambda world: call(world.asker(Role.MANAGER), criteria()),
    "search.profile": lambda world: call(world.asker(Role.MANAGER), world.found_operator(), criteria()),
    "sessions.sign_in": lambda world: call(world.visitor(), world.email(), PASSWORD, "browser", "Test"),
    "sessions.sign_in_vouched": lambda world: call(world.visitor(), world.email(), True, "browser", "Test"),
    "sessions.exchange_code": _exchange_code,
    "sessions.sign_out": lambda world: call(world.asker(Role.OPERATOR)),
    "sessions.touch": lambda world: call(at(world.asker(Role.OPERATOR), NOON + timedelta(minutes=5))),
    "sessions.my_sessions": lambda world: call(world.asker(Role.OPERATOR)),
    "sessions.end_session": _end_session,
    "sessions.end_other_sessions": _end_other_sessions,
    "alignment.runs": lambda world: call(world.asker(Role.OFFICER)),
    "alignment.of_listing": lambda world: call(world.asker(Role.OFFICER), 1),
    "alignment.changes": lambda world: call(*_pass_of_alignment(world)),
    "alignment.release": _release,
    "alignment.tell_nobody": _tell_nobody,
    "verification.queue": lambda world: call(world.asker(Role.OFFICER)),
    "verification.item": lambda world: _with(world.submission()[:2], world),
    "verification.approve": lambda world: _with(world.submission(), world),
    "verification.confirm_one": lambda world: _with_claim(world),
    "verification.refuse_one": lambda world: _with_claim(world, "The number is not in the register."),
    "verification.return_": lambda world: _with(world.submission(), world, "The number is not in the register."),
    "verification.suspend": _suspend,
    "verification.restore": _restore,
}
