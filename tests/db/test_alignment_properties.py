"""Alignment after any sequence of listings and decisions is what it would be from scratch; a listing that is
withdrawn leaves nothing. Everything goes through the services; each example has people of its own."""

import itertools
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.alignment import Basis, Confirmed, Held, Line, Status, aligned
from core.licences import Licence, LicenceClass, LicenceType
from core.listing_rows import BadRow, UnreadRows
from core.listings import ListedLicence, ListedStatus, ListingKind
from core.places import day_at
from core.profiles import ClaimState, State
from core.queue import Place, Subject
from core.roles import Role
from core.sentences import Sentence
from db import audit
from db.alignment.passes import align
from db.gate import unattended
from db.ministry_listings.files import ReadListing
from db.ministry_listings.views import from_json
from db.register_schema import AlignmentChange, ClaimOverride, Discrepancy, ListingImport
from db.register_schema import ListedLicence as Row
from db.schema import Account, CertificateClaim, Credential, OperatorProfile, Submission
from db.services import (
    alignment,
    assignments,
    discrepancies,
    listings,
    operators,
    overrides,
    own_account,
    verification,
)
from tests.db.listed import LICENCE
from tests.db.people import NOON, make_account, sign_in
from tests.db.profiles import EXPIRY, add_certificate
from tests.portals import portal_with

RENEWED, SOON = date(2031, 3, 12), date(2027, 2, 1)  # an example comes to `SOON` where it takes long enough
BAD = "bad"
_numbers = itertools.count(1)
CALM = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example takes a while, so none is made smaller
)


class World:
    """Two operators, two officers, and the listings of one example after the other."""

    def __init__(self, portal):
        self.portal, self.at, self.people = portal, NOON, ()
        self.officers = [make_account(portal, Role.OFFICER) for _ in range(2)]
        self.stack = 0  # listings of this example that can be withdrawn
        self.standing = []  # what each listing that was not withdrawn says, by Operator ID and number
        self.kept_against = {}  # by claim: the listings against which an officer kept it
        self.looked_at = {}  # by claim: with which of them it was confirmed, then those against which it was kept

    def officer(self, which=0):
        return sign_in(self.portal, self.officers[which], self.at)

    def begin(self, said):
        """New people, each confirmed by what the first listing says of them: on it, by a decision, by override."""
        self.at += timedelta(days=2)
        self.people = [(f"900{next(_numbers):05}", str(next(_numbers))) for _ in range(2)]
        self.other_ids = [f"900{next(_numbers):05}" for _ in range(2)]  # each may turn out to have this one
        self.accounts = [make_account(self.portal, Role.OPERATOR, at=self.at) for _ in self.people]
        self.newcomer = (f"900{next(_numbers):05}", str(next(_numbers)))
        self.new_account = make_account(self.portal, Role.OPERATOR, at=self.at)
        self.list(said, days=-1)
        self.stack = 0
        for account, (operator_id, number) in zip(self.accounts, self.people, strict=True):
            asker = sign_in(self.portal, account, self.at)
            operators.save_operator_id(asker, operator_id, 0)
            add_certificate(asker, number)
            self.confirm(asker)

    def confirm(self, asker):
        """Hands the profile in, and the office confirms all of it, by an override what the listing has not."""
        operators.submit(asker, operators.my_profile(asker).version)
        self.approve_what_waits()

    def approve_what_waits(self):
        with self.portal.database.transaction(writes=False) as session:
            submission = session.scalars(select(Submission.id).where(Submission.state == "open")).one()
        one, other = self.officer(0), self.officer(1)
        item = verification.item(one, submission)
        for claim in item.certificates:
            if claim.comparison.outcome.not_found:
                review = day_at(self.at) + timedelta(days=3)
                found = overrides.propose(one, submission, item.version, claim.claim_id, "I have seen it.", review)
                overrides.agree(other, found, 1)
        item = verification.item(one, submission)
        self.looked_at |= {claim.claim_id: [self.standing[-1]] for claim in item.certificates}
        despite = {claim.claim_id: "It holds." for claim in item.certificates if claim.needs_reason}
        verification.approve(one, submission, item.version, despite=despite)

    def approve(self):
        """The newcomer is confirmed under the listing that stands, once."""
        asker = sign_in(self.portal, self.new_account, self.at)
        if operators.my_profile(asker).certificates:
            return
        operators.save_operator_id(asker, self.newcomer[0], 0)
        add_certificate(asker, self.newcomer[1])
        self.confirm(asker)

    def list(self, said, days=0, newcomer=None):
        """A listing says this of each of the two and of the newcomer, and under the other Operator ID of each what
        it says of the other person."""
        lines, bad, says = {}, [], {}
        others = [(other, number) for other, (_, number) in zip(self.other_ids, self.people, strict=True)]
        about = zip((*self.people, self.newcomer, *others), (*said, newcomer, *said[::-1]), strict=True)
        for line, ((operator_id, number), what) in enumerate(about, 2):
            says[operator_id, number] = what
            if what == BAD:
                bad.append(BadRow(line, (Sentence("The expiry is missing."),), operator_id, number))
            elif what is not None:
                licence = Licence(number, LICENCE.licence_type, what[0], what[1])
                lines[line] = ListedLicence(operator_id, "Fairwater", "Robin", licence, what[2], "North Bay")
        lines[9] = ListedLicence("90099999", "Other", "One", LICENCE, ListedStatus.IN_FORCE, "North Bay")
        read = ReadListing(ListingKind.OPERATORS, "l.csv", f"{next(_numbers):064}", lines, tuple(bad))
        officer, day = self.officer(), day_at(self.at) + timedelta(days=days)
        listings.import_(officer, read, day, listings.preview(officer, read).against)
        self.standing.append(says)
        self.stack += 1

    def withdraw(self):
        if not self.stack:
            return
        officer = self.officer()
        standing = listings.stands(officer)[ListingKind.OPERATORS].standing
        listings.withdraw(officer, standing.id, standing.version, "The wrong file.")
        void = self.standing.pop()
        for claim_id, (confirmed, *kept) in self.looked_at.items():
            self.looked_at[claim_id] = [confirmed, *(one for one in kept if one is not void)]
        self.kept_against = {
            claim_id: [one for one in kept if one is not void] for claim_id, kept in self.kept_against.items()
        }
        self.stack -= 1

    def was_compared(self, claim_id, operator_id, number):
        """Whether who decided on it last had a listing to compare with that nobody has withdrawn since."""
        says = self.looked_at[claim_id][-1]
        return any(one is says for one in self.standing) and says.get((operator_id, number)) != BAD

    def said_the_same(self, claim_id, operator_id, number):
        """Whether the listing against which it was kept last said what stands now, and that it is in force."""
        if not self.kept_against.get(claim_id):
            return False
        then, now = (
            one.get((operator_id, number)) for one in (self.kept_against[claim_id][-1], self.standing[-1])
        )
        return then == now and now not in (None, BAD) and now[2] is ListedStatus.IN_FORCE

    def night(self):
        self.at += timedelta(days=1)
        self.align()

    def align(self):
        with unattended(self.portal, self.at) as work:
            return align(work, "night")

    def release(self):
        officer = self.officer()
        for run in alignment.runs(officer).rows:
            if run.people:
                alignment.release(officer, run.run_id, run.version)

    def decide(self, how):
        """Another officer than confirmed it keeps or follows in every difference; what cannot be read can only be
        kept."""
        with self.portal.database.transaction(writes=False) as session:
            found = session.scalars(select(Discrepancy).where(Discrepancy.state == "open")).all()
        for one in found:
            view = discrepancies.discrepancy(self.officer(1), one.id)
            act = discrepancies.follow if how == "follow" and not view.unread else discrepancies.keep
            act(self.officer(1), one.id, view.version, "So it is.")
            if act is discrepancies.keep:
                self.kept_against.setdefault(one.claim_id, []).append(self.standing[-1])
            if act is discrepancies.keep and view.basis is Basis.DECISION and not view.unread:
                self.looked_at[one.claim_id].append(self.standing[-1])

    def take(self):
        """An officer takes every difference that waits."""
        with self.portal.database.transaction(writes=False) as session:
            found = session.scalars(select(Discrepancy).where(Discrepancy.state == "open")).all()
        for one in found:
            if one.taken_by is None:
                assignments.take(self.officer(1), Place(Subject.DISCREPANCY, one.id), one.version)

    def delete(self, which):
        asker = self.opened(which)
        for one in operators.my_profile(asker).certificates:
            operators.delete_certificate(asker, one.claim_id, operators.my_profile(asker).version)

    def renew(self, which):
        asker = self.opened(which)
        mine = operators.my_profile(asker)
        for one in mine.certificates:
            entered = (one.licence.number, "wastewater_treatment", "II", RENEWED, "")
            operators.change_certificate(asker, one.claim_id, *entered, operators.my_profile(asker).version)
        if mine.certificates:
            self.confirm(asker)

    def change_id(self, which):
        """The Operator ID is the other one, so that the whole profile is verified anew."""
        if not self.may_change(which):
            return
        asker, (former, number) = self.opened(which), self.people[which]
        operators.save_operator_id(asker, self.other_ids[which], operators.my_profile(asker).version)
        self.people[which], self.other_ids[which] = (self.other_ids[which], number), former
        self.confirm(asker)

    def change_name(self, which):
        if not self.may_change(which):
            return
        asker = sign_in(self.portal, self.accounts[which], self.at)
        now = own_account.own_account(asker)
        family_name = "Fairwater" if now.family_name != "Fairwater" else "Riverton"
        own_account.change_details(
            asker, now.version, given_name=now.given_name, family_name=family_name, telephone=now.telephone,
            municipality=now.municipality, language=now.language,
        )  # fmt: skip
        self.approve_what_waits()

    def may_change(self, which):
        """Whether the profile may have another Operator ID or name: not while it is suspended."""
        asker = sign_in(self.portal, self.accounts[which], self.at)
        return operators.my_profile(asker).state is State.ACTIVE

    def opened(self, which):
        asker = sign_in(self.portal, self.accounts[which], self.at)
        mine = operators.my_profile(asker)
        if mine.agreed:
            operators.withdraw(asker, mine.version)
        return asker

    # --- what there is ------------------------------------------------------------------------------------

    def seen(self):
        """Everything that alignment touches, of the two, as it stands now."""
        with self.portal.database.transaction(writes=False) as session:
            profiles = session.scalars(
                select(OperatorProfile)
                .join(Account, Account.person_id == OperatorProfile.person_id)
                .where(Account.id.in_(self.accounts))
            ).all()
            ids = [one.id for one in profiles]
            claims = session.scalars(select(CertificateClaim).where(CertificateClaim.profile_id.in_(ids))).all()
            of_claims = [one.id for one in claims]
            credentials = session.scalars(
                select(Credential).where(Credential.claim_id.in_(of_claims), Credential.superseded_at.is_(None))
            )
            return {
                "history": Counter(
                    (one.claim_id, one.licence_class, one.expiry, one.status, one.source, one.import_id,
                     one.valid_from, one.valid_until)
                    for one in credentials
                ),
                "profiles": {(one.id, one.state, one.suspended_by_alignment, one.suspended_because)
                             for one in profiles},
                "claims": {(one.id, one.state, one.basis, one.confirmed_on, one.compared_import_id)
                           for one in claims},
                "overrides": {(one.id, one.state, one.review_on) for one in session.scalars(
                    select(ClaimOverride).where(ClaimOverride.claim_id.in_(of_claims)))},
                "differences": {(one.claim_id, one.found_at, one.taken_by) for one in session.scalars(
                    select(Discrepancy).where(Discrepancy.claim_id.in_(of_claims), Discrepancy.state == "open"))},
                "mails": Counter((one.profile_id, one.claim_id, one.what, one.template, str(one.values))
                                 for one in session.scalars(select(AlignmentChange).where(
                                     AlignmentChange.profile_id.in_(ids), AlignmentChange.mail == "waits"))),
            }  # fmt: skip

    def newcomer_follows(self, what):
        """What the listing bore out that was withdrawn follows what the one that stands says, and nothing else;
        what was confirmed against what it said is asked about where the one that stands says otherwise too."""
        with self.portal.database.transaction(writes=False) as session:
            claim = session.scalars(
                select(CertificateClaim).where(CertificateClaim.number == self.newcomer[1])
            ).one_or_none()
            if claim is None:
                return
            if claim.basis != Basis.LISTING:
                waits = session.scalar(
                    select(Discrepancy.id).where(Discrepancy.claim_id == claim.id, Discrepancy.state == "open")
                )
                believed = (IN_FORCE, None) if claim.basis == Basis.OVERRIDE else (IN_FORCE,)
                assert bool(waits) == (what not in believed)
                return
            held = session.scalars(
                select(Credential).where(
                    Credential.claim_id == claim.id,
                    Credential.superseded_at.is_(None),
                    Credential.valid_until.is_(None),
                )
            ).one()
            if what is None:
                assert held.status == Status.NOT_LISTED
            else:
                assert (held.licence_class, held.expiry, held.status) == (what[0], what[1], what[2].value)

    def equals_the_rule(self):
        """What is on file equals the plain rule, asked of each certificate alone, without any past."""
        today = day_at(self.at)
        with self.portal.database.transaction(writes=False) as session:
            listing = session.scalars(
                select(ListingImport).where(ListingImport.state == "standing", ListingImport.kind == "operators")
            ).one()
            unread = UnreadRows(from_json(listing.left_out))
            counts = dict.fromkeys(self.accounts, False)
            for account, (operator_id, _) in zip(self.accounts, self.people, strict=True):
                for claim in session.scalars(
                    select(CertificateClaim)
                    .join(OperatorProfile, OperatorProfile.id == CertificateClaim.profile_id)
                    .join(Account, Account.person_id == OperatorProfile.person_id)
                    .where(Account.id == account, CertificateClaim.state == ClaimState.CONFIRMED)
                ):
                    compared = self.was_compared(claim.id, operator_id, claim.number)
                    alike = self.said_the_same(claim.id, operator_id, claim.number)
                    found = _by_the_rule(session, claim, listing, operator_id, unread, compared, alike, today)
                    counts[account] |= found.licence is not None and found.licence.in_force_on(today)
                state = session.scalars(
                    select(OperatorProfile.state)
                    .join(Account, Account.person_id == OperatorProfile.person_id)
                    .where(Account.id == account)
                ).one()
                assert state == (State.ACTIVE if counts[account] else State.SUSPENDED)
            assert audit.verify(session).faults == ()


def _by_the_rule(session, claim, listing, operator_id, unread, compared, alike, today):
    row = session.scalars(
        select(Row).where(Row.import_id == listing.id, Row.operator_id == operator_id, Row.number == claim.number)
    ).one_or_none()
    listed = row and ListedLicence(
        row.operator_id, "", "", _licence(row), ListedStatus(row.status), row.municipality
    )
    review_on = session.scalar(
        select(ClaimOverride.review_on).where(
            ClaimOverride.claim_id == claim.id, ClaimOverride.state == "standing"
        )
    )
    kept = session.scalar(
        select(Discrepancy.id).where(
            Discrepancy.claim_id == claim.id, Discrepancy.import_id == listing.id, Discrepancy.state == "kept"
        )
    )
    decided_against = claim.compared_import_id == listing.id and claim.basis != Basis.LISTING
    decided_against |= alike
    open_row = session.scalars(
        select(Credential).where(
            Credential.claim_id == claim.id,
            Credential.superseded_at.is_(None),
            Credential.valid_until.is_(None),
        )
    ).one()
    held = Held(_licence(open_row), Status(open_row.status))
    bad = unread.about(operator_id, claim.number)
    line = Line(listing.listed_on, listed, bad.reason if bad else "")
    confirmed = Confirmed(
        _licence(claim), Basis(claim.basis), claim.confirmed_on, review_on, bool(kept) or decided_against, compared
    )
    rule = aligned(confirmed, line, today, held)
    assert held == rule.held
    waits = session.scalar(
        select(Discrepancy.id).where(Discrepancy.claim_id == claim.id, Discrepancy.state == "open")
    )
    assert bool(waits) == rule.differs
    return rule


def _licence(row):
    return Licence(row.number, LicenceType(row.licence_type), LicenceClass(row.licence_class), row.expiry)


@pytest.fixture
def world(fresh_database):
    return World(portal_with(fresh_database, vanishing_percent=Decimal(100)))


CLASSES = st.sampled_from([LicenceClass.II, LicenceClass.III])


def said(*expiries):
    """What a listing says of each of the two: nothing, what cannot be read, or a class, an expiry and a status."""
    line = st.tuples(CLASSES, st.sampled_from(expiries), st.sampled_from(ListedStatus))
    in_force = st.just((LicenceClass.II, EXPIRY, ListedStatus.IN_FORCE))
    return st.tuples(*[st.one_of(in_force, st.none(), line, st.just(BAD))] * 2)


AT_FIRST = said(EXPIRY, RENEWED).filter(lambda lines: BAD not in lines)
PERSON = st.sampled_from([0, 1])
OF_PERSON = ["delete", "renew", "change_id", "change_name"]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("list"), said(EXPIRY, RENEWED, SOON)),
        st.tuples(st.just("decide"), st.sampled_from(["keep", "follow"])),
        st.sampled_from([("withdraw",), ("night",), ("release",)]),
        st.tuples(st.sampled_from(OF_PERSON), PERSON),
    ),
    max_size=6,
)


IN_FORCE = (LicenceClass.II, EXPIRY, ListedStatus.IN_FORCE)
OTHER = (LicenceClass.II, RENEWED, ListedStatus.IN_FORCE)


@settings(CALM, max_examples=12)
@given(AT_FIRST, STEPS)
@example((None, IN_FORCE), [("list", (OTHER, IN_FORCE)), ("change_name", 0), ("withdraw",)])
def test_after_any_sequence_it_is_as_from_scratch(world, at_first, steps):
    world.begin(at_first)
    for name, *given_ in [("align",), *steps]:
        getattr(world, name)(*given_)
        if name in OF_PERSON:
            world.align()
        world.equals_the_rule()
        assert world.align() is None
    while world.stack:
        world.withdraw()
        world.equals_the_rule()


UNDER_IT = st.lists(
    st.one_of(
        st.tuples(st.just("decide"), st.sampled_from(["keep", "follow"])),
        st.sampled_from([("align",), ("approve",)]),
    ),
    max_size=3,
)
OF_NEWCOMER = st.one_of(
    st.none(), st.tuples(CLASSES, st.just(EXPIRY), st.sampled_from(ListedStatus)), st.just(IN_FORCE)
)


@settings(CALM, max_examples=12)
@given(
    AT_FIRST,
    said(EXPIRY, RENEWED),
    said(EXPIRY, RENEWED, SOON),
    st.tuples(OF_NEWCOMER, OF_NEWCOMER),
    UNDER_IT,
    st.sampled_from([None, None, 0, 1]),
)
@example((IN_FORCE, IN_FORCE), (IN_FORCE, IN_FORCE), (IN_FORCE, IN_FORCE), (None, IN_FORCE), [("approve",)], None)
@example((IN_FORCE, IN_FORCE), (IN_FORCE, IN_FORCE), (IN_FORCE, IN_FORCE), (None, OTHER), [("approve",)], None)
def test_a_listing_that_is_withdrawn_leaves_nothing(world, at_first, former, second, newcomer, under_it, deletes):
    world.begin(at_first)
    world.list(former, days=-1, newcomer=newcomer[0])
    world.take()
    before = world.seen()
    world.at += timedelta(minutes=1)
    world.list(second, newcomer=newcomer[1])
    for name, *given_ in under_it:
        getattr(world, name)(*given_)
    if deletes is not None:
        world.delete(deletes)
    world.withdraw()
    world.newcomer_follows(newcomer[0])
    after = world.seen()
    if ("decide", "follow") in under_it:  # its holder was told at once, and is told again
        del before["mails"], after["mails"]
    if deletes is None:
        assert after == before
        return
    deleted = {one[0] for one in after["claims"] if one[1] == ClaimState.WITHDRAWN}
    today = day_at(world.at)
    assert after["history"] == Counter(
        row if row[0] not in deleted or row[-1] is not None else (*row[:-1], today) for row in before["history"]
    )
    assert {one for one in after["claims"] if one[0] not in deleted} == {
        one for one in before["claims"] if one[0] not in deleted
    }
    assert after["differences"] == {one for one in before["differences"] if one[0] not in deleted}
