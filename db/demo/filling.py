"""The demo: a portal full of invented people at real places.

Facilities are the plants of `db/data`; their classes, numbers and owners are invented, by rule. Dates are
relative to the day of filling. A database that is not marked as a demo is never touched.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.alignment import Basis
from core.availability import to_bits
from core.contacts import Language
from core.facilities import OrganizationKind
from core.licences import Licence, LicenceClass, LicenceType
from core.listings import ListingKind
from core.membership import Right
from core.places import closeness, day_at, unit_vector
from core.profiles import AGREEMENT_VERSION, ClaimState, State, SubmissionState
from core.roles import Role
from db import audit, kept_findings
from db.accounts import passwords
from db.alignment.facilities import hold_against_the_list
from db.alignment.passes import align
from db.demo import crews, history, listings, logs, records
from db.demo.people import SEED, DemoOperator, operators
from db.demo.plants import FIRST_NATIONS, owner_of, plants
from db.engine import CannotStart
from db.gate import Portal, Work, now, unattended
from db.memberships import first_manager
from db.places import find
from db.schema import (
    Account,
    AccountRole,
    AgreementAcceptance,
    CertificateClaim,
    ContactLook,
    Facility,
    FacilityClaim,
    Installation,
    MemberRight,
    Membership,
    OperatorProfile,
    Organization,
    Person,
    Submission,
)
from db.verification import facts, submissions
from db.verification.borne_out import recompare
from db.verification.submissions import Profile

PASSWORD = "demo of clean water"  # noqa: S105 - printed for everybody who opens the demo
_FILLED = "demo_filled"
_WAITING = range(12)  # by the operators' numbers
_RETURNED, _DRAFTS, _SIGNS_IN, _ADDING = 12, range(13, 16), 16, range(17, 19)
_FORMER = 310  # days ago: before anybody was verified
_OWNER_SIGNS_IN_AT = "London"


@dataclass(frozen=True)
class SignIn:
    """A way into the demo."""

    email: str
    password: str
    role: Role


_SECOND_OFFICER = "officer2@example.org"  # overrides, and listings of which much vanishes, take two
SIGN_INS = (
    *(SignIn(f"{role.value}@example.org", PASSWORD, role) for role in Role),
    SignIn(_SECOND_OFFICER, PASSWORD, Role.OFFICER),
)


def fill(portal: Portal) -> bool:
    """Fills the portal's empty database with the demo; False where that was done before.

    Raises CannotStart with a sentence where the database is not a demo's, or holds something already.
    """
    at, hashed = now(), passwords.hashed(PASSWORD)
    with portal.database.transaction(writes=True) as session:
        if session.get(Installation, _FILLED):
            return False
        _must_be_an_empty_demo(portal, session)
        _Demo(portal, session, at, hashed).fill()
        session.add(Installation(name=_FILLED, value=day_at(at).isoformat()))
        audit.append(session, at, None, [audit.Entry("demo.filled", "installation", None, {})])
    with unattended(portal, at) as work:
        kept_findings.retest(work, *work.session.scalars(select(Facility.id)))
    with unattended(portal, at) as work:
        history.add(work)
    return True


def _must_be_an_empty_demo(portal: Portal, session: Session) -> None:
    mark = session.get(Installation, "demo")
    if not portal.settings.demo or mark is None or mark.value != "True":
        raise CannotStart(
            "This is not a demo, so no invented people were put into it. Set DEMO=true and name a database of "
            "its own in DATABASE_URL."
        )
    if session.scalar(select(func.count()).select_from(Account)):
        raise CannotStart(
            "The demo database holds accounts already, so it was not filled. Name another one in DATABASE_URL."
        )


class _Demo:
    """The filling of one database, in one transaction. Everything goes the way of the portal's own services."""

    def __init__(self, portal: Portal, session: Session, at: datetime, password_hash: str) -> None:
        self._portal, self._session, self._at, self._hash = portal, session, at, password_hash
        self._today = day_at(at)
        staff = {role: self._account(f"{role}@example.org", role) for role in _STAFF}
        self._account(_SECOND_OFFICER, Role.OFFICER, _others()[-1 - len(_STAFF)])
        self._officer, self._delegate = staff[Role.OFFICER], staff[Role.DELEGATE]

    def fill(self) -> None:
        owners = self._owners()
        self._acts_for(*owners[0])
        profiles = self._operators(f"Municipality of {_OWNER_SIGNS_IN_AT}")
        self._crew(*owners[0], profiles)
        crews.add_small(self._session, self._at, self._today, owners[2:], self._people, profiles)
        self._waiting_owners(owners)
        self._looks(profiles, owners)
        self._listings(owners)

    # --- operators ----------------------------------------------------------------------------------------

    def _operators(self, conditional_for: str) -> dict[int, OperatorProfile]:
        made: dict[int, tuple[DemoOperator, Account, OperatorProfile]] = {}
        people = [self._shaped(who) for who in operators(self._today, conditional_for)]
        shared = people[_SIGNS_IN].licences[0]
        people[_WAITING[1]] = replace(people[_WAITING[1]], licences=(shared,))  # the office is told of it
        self._people = people
        for who in people:
            email = "operator@example.org" if who.number == _SIGNS_IN else who.email
            account = self._account(email, Role.OPERATOR, who)
            made[who.number] = (who, account, self._profile(who, account))
        self._session.add_all(profile for _, _, profile in made.values())
        self._session.flush()
        handed_in = {}
        for who, account, profile in made.values():
            if who.number not in _DRAFTS:
                days = who.number if who.number in _WAITING else who.verified_days_ago
                handed_in[who.number] = self._hand_in(account, profile, days_ago=days + 1)
        self._former_listing()
        for who, account, profile in made.values():
            if who.number in handed_in and who.number not in _WAITING:
                self._verify(who, account, profile, handed_in[who.number])
        return {number: profile for number, (_, _, profile) in made.items()}

    def _shaped(self, who: DemoOperator) -> DemoOperator:
        """Some operators are not left to chance: the one who signs in, and some whose licence has expired."""
        if who.number == _SIGNS_IN:
            base = find(_OWNER_SIGNS_IN_AT) or who.base
            expiry = self._today + timedelta(days=400)
            licence = Licence("20000", LicenceType.WASTEWATER_TREATMENT, LicenceClass.III, expiry)
            return replace(
                who, given_name="Siobhán", family_name="O'Brien", base=base, travel_km=150, licences=(licence,)
            )
        if who.number % 60 == 30:
            expired = replace(who.licences[0], expiry=self._today - timedelta(days=10))
            return replace(who, licences=(expired,), verified_days_ago=200)
        return who

    def _profile(self, who: DemoOperator, account: Account) -> OperatorProfile:
        x, y, z = unit_vector(who.base.point)
        return OperatorProfile(
            person=account.person,
            state=State.DRAFT,
            claimed_operator_id=who.operator_id,
            slots=to_bits(who.slots),
            base_place=who.base.name,
            base_latitude=who.base.point.latitude,
            base_longitude=who.base.point.longitude,
            base_x=x,
            base_y=y,
            base_z=z,
            travel_km=who.travel_km,
            travel_closeness=closeness(who.travel_km),
            changed_at=self._at,
            certificates=[self._claim(licence, who.verified_days_ago + 1) for licence in who.licences],
        )

    def _claim(self, licence: Licence, days_ago: int) -> CertificateClaim:
        return CertificateClaim(
            number=licence.number,
            licence_type=licence.licence_type,
            licence_class=licence.licence_class,
            expiry=licence.expiry,
            valid_for=licence.valid_for,
            state=ClaimState.DRAFT,
            entered_at=self._at - timedelta(days=days_ago),
        )

    def _verify(self, who: DemoOperator, account: Account, profile: OperatorProfile, handed: Submission) -> None:
        """What has become of a profile that the office has looked at: returned, active or switched off."""
        if who.number == _RETURNED:
            reasons = "The certificate number is not in the ministry’s register. Compare it with your card."
            self._return(handed, profile, reasons)
            return
        work = self._decide(handed, SubmissionState.APPROVED, who.verified_days_ago)
        basis = Basis.DECISION if who.number in listings.DECIDED else Basis.LISTING
        for claim in profile.certificates:
            facts.confirm_certificate(work, claim, profile.person_id, basis)
        profile.person.operator_id = who.operator_id
        profile.state, profile.available = State.ACTIVE, who.number % 20 != 3
        if who.number in _ADDING:
            number = str(19_000 + who.number)
            expiry = self._today + timedelta(days=900)
            licence = Licence(number, LicenceType.WATER_TREATMENT, LicenceClass.I, expiry)
            profile.certificates.append(self._claim(licence, 4))
            self._session.flush()
            self._hand_in(account, profile, days_ago=3)

    # --- owners -------------------------------------------------------------------------------------------

    def _owners(self) -> list[tuple[Account, Organization]]:
        """One organization around each larger place, holding the plants near it; the first one signs in."""
        by_owner: dict[str, list[FacilityClaim]] = defaultdict(list)
        for plant in plants(self._at):
            by_owner[owner_of(plant)].append(plant)
        made = []
        for number, name in enumerate(sorted(by_owner, key=lambda name: (_OWNER_SIGNS_IN_AT not in name, name))):
            kind = OrganizationKind.FIRST_NATION if name == FIRST_NATIONS else OrganizationKind.MUNICIPALITY
            account, organization = self._organization(name, kind, by_owner[name], number)
            submission = self._hand_in(account, organization, days_ago=91 + number)
            work = self._decide(submission, SubmissionState.APPROVED, 90 + number)
            for claim in organization.claims:
                facts.confirm_facility(work, claim, organization, transfer=False)
            organization.state = State.ACTIVE
            made.append((account, organization))
        return made

    def _acts_for(self, owner: Account, organization: Organization) -> None:
        """The delegate finds operators for two facilities of the owner who signs in, and records at one."""
        one, other = (claim.facility_id for claim in organization.claims[:2])
        rights = ((Right.FIND, one), (Right.FIND, other), (Right.RECORD, one))
        acting = Membership(
            account_id=self._delegate.id,
            organization_id=organization.id,
            offered_at=self._at - timedelta(days=40),
            offered_by=owner.id,
            since=self._at - timedelta(days=39),
            changed_at=self._at - timedelta(days=39),
            rights=[
                MemberRight(right=right, facility_id=id, since=self._at - timedelta(days=40), recorded_by=owner.id)
                for right, id in rights
            ],
        )
        self._session.add(acting)

    def _crew(self, owner: Account, organization: Organization, profiles: dict[int, OperatorProfile]) -> None:
        """The operator who signs in runs the facilities of the owner who does; another one stands in."""
        active = (one for number, one in profiles.items() if number != _SIGNS_IN and one.state == State.ACTIVE)
        people = [profiles[_SIGNS_IN].person_id, next(active).person_id]
        crews.add(self._session, self._at, self._today, owner, organization, people)
        records.add(self._session, self._at, self._today, owner, organization)
        logs.add(self._session, self._at, owner, organization)

    def _waiting_owners(self, owners: list[tuple[Account, Organization]]) -> None:
        """Owners who wait: an operating authority, a works not on file yet, and a facility that changes hands."""
        held = owners[1][1].claims[0]
        waiting = (
            ("Lakeshore Operations Inc.", OrganizationKind.OPERATING_AUTHORITY, held.ministry_number, held.name),
            ("Hillside Estates Ltd.", OrganizationKind.PRIVATE, "990000001", "Hillside Estates Lagoon"),
            ("Township of New Bridge", OrganizationKind.MUNICIPALITY, held.ministry_number, held.name),
        )
        for number, (name, kind, ministry_number, facility) in enumerate(waiting):
            claim = FacilityClaim(
                ministry_number=ministry_number,
                name=facility,
                facility_type=held.facility_type,
                facility_class=held.facility_class,
                latitude=held.latitude,
                longitude=held.longitude,
                place=held.place,
                state=ClaimState.DRAFT,
                entered_at=self._at - timedelta(days=10),
            )
            account, organization = self._organization(name, kind, [claim], len(owners) + number)
            self._hand_in(account, organization, days_ago=2 * number + 1)

    def _organization(
        self, name: str, kind: OrganizationKind, claims: list[FacilityClaim], number: int
    ) -> tuple[Account, Organization]:
        email = f"owner{number + 1}@example.org" if number else "owner@example.org"
        account = self._account(email, Role.OWNER, _others()[number])
        organization = Organization(name=name, kind=kind, state=State.DRAFT, changed_at=self._at, claims=claims)
        self._session.add(organization)
        self._session.flush()
        self._session.add(first_manager(account.id, organization.id, self._at))
        return account, organization

    # --- what both share ----------------------------------------------------------------------------------

    def _account(self, email: str, role: Role, who: DemoOperator | None = None) -> Account:
        who = who or _others()[-1 - _STAFF.index(role)]
        since = self._at - timedelta(days=who.verified_days_ago + 2)
        account = Account(
            person=Person(given_name=who.given_name, family_name=who.family_name, created_at=since),
            email=email,
            email_confirmed_at=since,
            password_hash=self._hash,
            state="active",
            telephone=who.telephone,
            municipality=who.base.name,
            language=Language.FRENCH if who.number % 9 == 4 else Language.ENGLISH,
            created_at=since,
            changed_at=since,
            roles=[AccountRole(role=role, granted_at=since)],
        )
        self._session.add(account)
        return account

    def _hand_in(self, account: Account, profile: Profile, *, days_ago: int) -> Submission:
        work = self._work(account, days_ago)
        if profile.state == State.DRAFT:
            profile.state = State.PENDING
        for claim in submissions.claims_of(profile):
            if claim.state == ClaimState.DRAFT:
                claim.state = ClaimState.WAITING
        profile.agreed_version = AGREEMENT_VERSION
        self._session.add(
            AgreementAcceptance(
                account_id=account.id,
                subject=profile.__tablename__,
                subject_id=profile.id,
                agreement_version=AGREEMENT_VERSION,
                accepted_at=work.at,
            )
        )
        return submissions.hand_in(work, profile)

    def _decide(self, submission: Submission, state: SubmissionState, days_ago: int) -> Work:
        work = self._work(self._officer, days_ago)
        submission.state, submission.decided_at, submission.decided_by = state, work.at, self._officer.id
        return work

    def _return(self, submission: Submission, profile: OperatorProfile, reasons: str) -> None:
        work = self._decide(submission, SubmissionState.RETURNED, 1)
        submission.reasons, profile.state = reasons, State.RETURNED
        submissions.open_for_editing(work, profile)

    def _looks(self, profiles: dict[int, OperatorProfile], owners: list[tuple[Account, Organization]]) -> None:
        """Every tenth active operator was looked at, and more often the one who signs in."""
        seen = [number for number, one in profiles.items() if number % 10 == 6 and one.state == State.ACTIVE]
        for n, number in enumerate([*seen, *[_SIGNS_IN] * 4]):
            account, organization = owners[n % len(owners)]
            self._session.add(
                ContactLook(
                    profile_id=profiles[number].id,
                    account_id=account.id,
                    organization_id=organization.id,
                    at=self._at - timedelta(days=1 + n % 30, hours=n % 7),
                )
            )

    def _former_listing(self) -> None:
        """What the office verifies rests on it; all is compared at once, as if it had been handed in later."""
        listed = list(listings.former_licences(self._people[_SIGNS_IN:]))
        work = self._work(self._officer, days_ago=_FORMER - 1)
        day = self._today - timedelta(days=_FORMER)
        listings.let_stand(self._session, ListingKind.OPERATORS, listed, day, work.at, self._officer.id)
        recompare(work)

    def _listings(self, owners: list[tuple[Account, Organization]]) -> None:
        """The listings that stand, two days old, and what followed from them."""
        work = self._work(self._officer, days_ago=1)
        listed_on = self._today - timedelta(days=2)
        held = [(claim, owner.name) for _, owner in owners for claim in owner.claims]
        for kind, listed in (
            (ListingKind.OPERATORS, list(listings.licences(self._people, listed_on))),
            (ListingKind.FACILITIES, list(listings.facilities(held))),
        ):
            listings.let_stand(self._session, kind, listed, listed_on, work.at, self._officer.id)
        align(work, "import")
        hold_against_the_list(work)
        recompare(work)

    def _work(self, account: Account, days_ago: int) -> Work:
        """A service's work in the past. Its entries are not kept: the trail begins with the filling."""
        return Work(self._portal, self._session, self._at - timedelta(days=days_ago), account, None)


_STAFF = (Role.OFFICER, Role.DIRECTOR, Role.MANAGER, Role.DELEGATE, Role.ADMIN)


@cache
def _others() -> tuple[DemoOperator, ...]:
    """People who are no operators: names and places by the same rule, on a portal account for a year."""
    people = operators(date.min + timedelta(days=400), "", seed=SEED + 1)
    return tuple(replace(who, verified_days_ago=365) for who in people)
