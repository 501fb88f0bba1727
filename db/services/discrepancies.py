"""What a later listing says otherwise than a decision made here: an officer keeps the decision or follows it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from core import entries
from core.alignment import Basis, unreadable
from core.comparison import ClaimedCertificate, Comparison, Outcome, compare_certificate
from core.licences import Licence
from core.listing_rows import BadRow, UnreadRows
from core.names import Name
from core.places import day_at
from core.problems import raise_if_any, refuse
from core.profiles import ClaimState
from core.roles import Role
from db import register_schema
from db.alignment.following import Following, following
from db.alignment.passes import align, standing_listing
from db.alignment.telling import tell
from db.finding import licence_of
from db.gate import Work, service
from db.ministry_listings.views import from_json
from db.register_schema import Discrepancy, ListingImport
from db.schema import Account, CertificateClaim, Credential, OperatorProfile
from db.verification import borne_out, deciding, handling, profile_views
from db.verification.facts import end_overrides


@dataclass(frozen=True)
class View:
    """A discrepancy with both sides: what is held true here, and the line of the listing that stands.

    Both are of now while it is open, and once an officer has decided, as they were then. `comparison` has no line
    where the listing has none, and is "not comparable" where none stands any more, or the row could not be read.
    `following` is what following the listing would do, where an officer may choose that now.
    """

    discrepancy_id: int
    version: int
    state: str
    name: str
    operator_id: str
    held: Licence
    confirmed_on: date | None
    basis: Basis | None
    rests_on_withdrawn: bool  # the listing that bore it out was withdrawn since
    comparison: Comparison
    unread: bool  # the listing's row for it could not be read, so it cannot be followed
    listed_on: date | None
    found_at: datetime
    own: bool
    decided_by: str
    decided_at: datetime | None
    reasons: str
    following: Following | None


@service(Role.OFFICER, shows_personal_data=True)
def discrepancy(work: Work, discrepancy_id: int) -> View:
    """One discrepancy. Raises Refused where there is none."""
    found = work.session.get(Discrepancy, discrepancy_id)
    if found is None:
        raise refuse("There is no difference {id}. Check the link.", id=str(discrepancy_id))
    profile = work.session.get_one(OperatorProfile, found.profile_id)
    claim = work.session.get_one(CertificateClaim, found.claim_id)
    listing = _listing(work, found)
    held = _held(work, claim, found.decided_at)
    unread = listing is not None and _unread(work, profile, claim, listing) is not None
    may_follow = found.state == "open" and listing is not None and not unread
    decider = work.session.get(Account, found.decided_by) if found.decided_by else None
    rested_on, since, import_id = _rested_on(found, claim)
    work.record("discrepancy.seen", "discrepancy", discrepancy_id)
    return View(
        discrepancy_id=found.id,
        version=found.version,
        state=found.state,
        name=profile.person.name,
        operator_id=_operator_id(profile),
        held=held,
        confirmed_on=since,
        basis=Basis(rested_on) if rested_on else None,
        rests_on_withdrawn=rested_on == Basis.LISTING and import_id in borne_out.withdrawn(work, [import_id]),
        comparison=_compared(work, profile, claim, held, listing),
        unread=unread,
        listed_on=listing.listed_on if listing else None,
        found_at=found.found_at,
        own=profile.person_id == work.account.person_id,
        decided_by=decider.person.name if decider else "",
        decided_at=found.decided_at,
        reasons=found.reasons,
        following=following(work, profile.id, listing).get(claim.id) if listing and may_follow else None,
    )


@service(Role.OFFICER, writes=True)
def keep(work: Work, discrepancy_id: int, version: int, reasons: str) -> None:
    """What is on file is kept against this listing, with a reason.

    A decision does so as if made today: an older listing says nothing against it, unless there was nothing to
    compare with, as the row could not be read. An override keeps its day of
    review, as one officer does not undo what two have agreed on, and what rests on the listing goes on so. So
    what is kept while no listing stands is held against the next one.
    """
    raise_if_any(entries.reason("reasons", reasons, what="why the decision stands"))
    found, claim, profile = _to_decide(work, discrepancy_id, version)
    _decide(work, found, claim, "kept", entries.clean_reason(reasons))
    listing = standing_listing(work)
    if claim.basis == Basis.DECISION and listing and _unread(work, profile, claim, listing) is None:
        claim.confirmed_on, claim.compared_import_id = day_at(work.at), listing.id
    work.session.flush()
    align(work, "decision", of=[profile.id])


@service(Role.OFFICER, writes=True)
def follow(work: Work, discrepancy_id: int, version: int, reasons: str = "") -> None:
    """The certificate rests on the listing that stands, which alignment follows; the holder is told at once."""
    raise_if_any(entries.lines("reasons", "the reasons", reasons, entries.REASON_LENGTH))
    found, claim, profile = _to_decide(work, discrepancy_id, version)
    listing = standing_listing(work)
    if listing is None:
        raise refuse("No listing stands any more, so there is nothing to follow. Keep the decision.")
    if _unread(work, profile, claim, listing) is not None:
        raise refuse(
            "The listing’s row for it could not be read, so there is nothing to follow. Keep what is on file, or "
            "import a listing in which the row can be read."
        )
    _decide(work, found, claim, "followed", entries.clean_reason(reasons))
    found.former_override_id = next(iter(end_overrides(work, claim)), None)
    claim.basis, claim.confirmed_on, claim.compared_import_id = Basis.LISTING, listing.listed_on, listing.id
    work.session.flush()
    run = align(work, "decision", of=[profile.id])
    if run is not None:
        tell(work, run)


def _to_decide(
    work: Work, discrepancy_id: int, version: int
) -> tuple[Discrepancy, CertificateClaim, OperatorProfile]:
    """The discrepancy with its certificate and profile, locked: open, as it was seen, not the officer's own."""
    seen = work.session.get(Discrepancy, discrepancy_id)
    if seen is None:
        raise refuse("There is no difference {id}. Check the link.", id=str(discrepancy_id))
    borne_out.hold_still(work)
    profile = deciding.lock_profile(work, seen.profile_id)
    found = work.for_update(Discrepancy, discrepancy_id)
    if found.state != "open" and found.version == version:
        raise refuse("This difference is decided already. The queue shows what still waits.")
    work.touch(found, version)
    handling.must_not_be_taken(work, found)
    work.touch(profile, profile.version)
    claim = work.session.get_one(CertificateClaim, found.claim_id)
    work.session.refresh(claim)
    if claim.state != ClaimState.CONFIRMED:
        raise refuse("This certificate is confirmed no more, so there is nothing to decide.")
    return found, claim, profile


def _decide(work: Work, found: Discrepancy, claim: CertificateClaim, state: str, reasons: str) -> None:
    """Decides, and remembers on what the certificate rested: the listing may be withdrawn."""
    listing = standing_listing(work)
    found.former_basis, found.former_confirmed_on = claim.basis, claim.confirmed_on
    found.former_import_id = claim.compared_import_id
    found.import_id = listing.id if listing else None  # what was looked at
    found.state, found.reasons = state, reasons
    found.decided_at, found.decided_by = work.at, work.account.id
    work.record(f"discrepancy.{state}", "discrepancy", found.id, claim=found.claim_id)


def _listing(work: Work, found: Discrepancy) -> ListingImport | None:
    """The listing that stands; of what an officer has decided, the one that was looked at; None for none."""
    if found.decided_at is None:
        return standing_listing(work)
    return work.session.get(ListingImport, found.import_id) if found.import_id else None


def _rested_on(found: Discrepancy, claim: CertificateClaim) -> tuple[str, date | None, int | None]:
    """On what the certificate rests, since when, and with which listing it was compared; of what an officer has
    decided, on what it rested before. A decision that is void has given that back to the certificate."""
    if found.former_basis:
        return found.former_basis, found.former_confirmed_on, found.former_import_id
    return claim.basis, claim.confirmed_on, claim.compared_import_id


def _held(work: Work, claim: CertificateClaim, decided_at: datetime | None) -> Licence:
    """What is held true of the certificate now, or was until it was decided; what was claimed where nothing is."""
    on_file: ColumnElement[bool] = Credential.superseded_at.is_(None)
    if decided_at is not None:
        on_file = and_(
            Credential.recorded_at < decided_at,
            or_(on_file, Credential.superseded_at >= decided_at),
        )
    credential = work.session.scalar(
        select(Credential)
        .where(Credential.claim_id == claim.id, on_file)
        .order_by(Credential.valid_until.is_(None).desc(), Credential.id.desc())
        .limit(1)
    )
    return profile_views.licence_of(claim) if credential is None else licence_of(credential)


def _operator_id(profile: OperatorProfile) -> str:
    return profile.person.operator_id or profile.claimed_operator_id


def _compared(
    work: Work, profile: OperatorProfile, claim: CertificateClaim, held: Licence, listing: ListingImport | None
) -> Comparison:
    """What is held true beside the listing."""
    person, operator_id = profile.person, _operator_id(profile)
    on_file = ClaimedCertificate(operator_id, Name(person.given_name, person.family_name), held, called="on file")
    if listing is None:
        return compare_certificate(on_file, None)
    unread = _unread(work, profile, claim, listing)
    if unread is not None:
        return Comparison(Outcome.NOT_COMPARABLE, (unreadable(listing.listed_on, unread.reason),))
    table = register_schema.ListedLicence
    rows = work.session.scalars(
        select(table).where(table.import_id == listing.id, table.operator_id == operator_id)
    )
    return compare_certificate(on_file, [borne_out.listed_licence(row) for row in rows])


def _unread(
    work: Work, profile: OperatorProfile, claim: CertificateClaim, listing: ListingImport
) -> BadRow | None:
    """The row of the listing that may be about the certificate and could not be read; None where it has a line."""
    table, operator_id = register_schema.ListedLicence, _operator_id(profile)
    has_line = exists().where(
        table.import_id == listing.id,
        table.operator_id == operator_id,
        table.number == claim.number,
        table.licence_type == claim.licence_type,
    )
    if work.session.scalar(select(has_line)):
        return None
    return UnreadRows(from_json(listing.left_out)).about(operator_id, claim.number)
