"""What a later listing says otherwise than is on file here: an officer keeps what is on file or follows it.

A facility's part stands in db.alignment.facility_decisions; what is here below is of certificates.
"""

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
from core.sentences import Sentence
from db import register_schema
from db.alignment import decisions, facility_decisions
from db.alignment.difference_views import CertificateView, View
from db.alignment.following import following
from db.alignment.passes import align, standing_listing
from db.alignment.profiles import profiles_on_file
from db.alignment.telling import tell
from db.gate import Work, service
from db.ministry_listings.views import from_json
from db.register_schema import Discrepancy, ListingImport
from db.schema import Account, CertificateClaim, Credential, OperatorProfile
from db.search_entries import licence_of
from db.verification import borne_out, deciding, profile_views
from db.verification.facts import end_overrides


@service(Role.OFFICER, shows_personal_data=True)
def discrepancy(work: Work, discrepancy_id: int) -> View:
    """One difference, of a certificate or of a facility. Raises Refused where there is none."""
    found = _found(work, discrepancy_id)
    work.record("discrepancy.seen", "discrepancy", discrepancy_id)
    if found.facility_claim_id is not None:
        return facility_decisions.view(work, found)
    profile = work.session.get_one(OperatorProfile, found.profile_id)
    claim = work.session.get_one(CertificateClaim, found.claim_id)
    listing = _listing(work, found)
    held = _held(work, claim, found.decided_at)
    unread = listing is not None and _unread(work, profile, claim, listing) is not None
    may_follow = found.state == "open" and listing is not None and not unread
    decider = work.session.get(Account, found.decided_by) if found.decided_by else None
    rested_on, since, import_id = _rested_on(found, claim)
    comparison = _compared(work, profile, claim, held, listing)
    return CertificateView(
        discrepancy_id=found.id,
        version=found.version,
        state=found.state,
        name=profile.person.name,
        operator_id=_operator_id(profile),
        held=held,
        confirmed_on=since,
        basis=Basis(rested_on) if rested_on else None,
        rests_on_withdrawn=rested_on == Basis.LISTING and import_id in borne_out.withdrawn(work, [import_id]),
        comparison=comparison,
        unread=unread,
        listed_on=listing.listed_on if listing else None,
        found_at=found.found_at,
        own=profile.person_id == work.account.person_id,
        decided_by=decider.person.name if decider else "",
        decided_at=found.decided_at,
        reasons=found.reasons,
        following=following(work, profile.id, listing).get(claim.id) if listing and may_follow else None,
        gone_because=_gone_because(work, claim, listing) if found.state == "gone" and not decider else None,
    )


def _found(work: Work, discrepancy_id: int) -> Discrepancy:
    found = work.session.get(Discrepancy, discrepancy_id)
    if found is None:
        raise refuse("There is no difference {id}. Check the link.", id=str(discrepancy_id))
    return found


@service(Role.OFFICER, writes=True)
def keep(work: Work, discrepancy_id: int, version: int, reasons: str, shown: Comparison | None = None) -> None:
    """What is on file is kept against this listing, with a reason. `shown` is what the officer saw of it.

    A decision does so as if made today: an older listing says nothing against it, unless there was nothing to
    compare with, as the row could not be read. An override keeps its day of
    review, as one officer does not undo what two have agreed on, and what rests on the listing goes on so. So
    what is kept while no listing stands is held against the next one. A facility is kept while the list says the
    same of it. Raises Refused where this officer alone confirmed it, with nothing to compare with, or where the
    listing says something else by now than was shown.
    """
    raise_if_any(entries.reason("reasons", reasons, what="why the decision stands"))
    seen = _found(work, discrepancy_id)
    if seen.facility_claim_id is not None:
        facility_decisions.keep(work, seen, version, entries.clean_reason(reasons))
        return
    found, claim, profile = _to_decide(work, seen, version)
    listing = standing_listing(work)
    _must_say_what_was_shown(work, profile, claim, listing, shown)
    if listing and _confirmed_alone(work, claim):
        raise refuse(
            "You confirmed this certificate yourself while no listing was on file to compare with, or by one that "
            "was withdrawn, so another officer has to decide whether it stands against the listing."
        )
    _decide(work, found, claim, "kept", entries.clean_reason(reasons))
    if claim.basis == Basis.DECISION and listing and _unread(work, profile, claim, listing) is None:
        claim.confirmed_on, claim.compared_import_id = day_at(work.at), listing.id
    work.session.flush()
    align(work, "decision", of=[profile.id])


@service(Role.OFFICER, writes=True)
def follow(
    work: Work, discrepancy_id: int, version: int, reasons: str = "", shown: Comparison | None = None
) -> None:
    """The certificate rests on the listing that stands, which alignment follows; the holder is told at once. Of a
    facility the class is taken over, or it is confirmed no more."""
    raise_if_any(entries.lines("reasons", "the reasons", reasons, entries.REASON_LENGTH))
    seen = _found(work, discrepancy_id)
    if seen.facility_claim_id is not None:
        facility_decisions.follow(work, seen, version, entries.clean_reason(reasons))
        return
    found, claim, profile = _to_decide(work, seen, version)
    listing = standing_listing(work)
    if listing is None:
        raise refuse("No listing stands any more, so there is nothing to follow. Keep the decision.")
    _must_say_what_was_shown(work, profile, claim, listing, shown)
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


def _must_say_what_was_shown(
    work: Work,
    profile: OperatorProfile,
    claim: CertificateClaim,
    listing: ListingImport | None,
    shown: Comparison | None,
) -> None:
    """A later listing leaves the difference open and may say something else; of a facility it is then another
    version."""
    now = _compared(work, profile, claim, _held(work, claim, None), listing)
    if shown is not None and shown != now:
        raise refuse(
            "Another listing stands by now than when your page was drawn, and says something else: {now}. Nothing "
            "was done. Look at it, then decide again.",
            now="; ".join(map(str, now.differences)) or now.outcome.label,
        )


def _to_decide(
    work: Work, seen: Discrepancy, version: int
) -> tuple[Discrepancy, CertificateClaim, OperatorProfile]:
    """The difference with its certificate and profile, locked: open, as it was seen, not the officer's own."""
    profile_id = work.session.get_one(CertificateClaim, seen.claim_id).profile_id
    borne_out.hold_still(work)
    profile = deciding.lock_profile(work, profile_id)
    found = decisions.to_decide(work, seen.id, version)
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
    decisions.decide(work, found, state, reasons, listing.id if listing else None, claim=found.claim_id)


def _confirmed_alone(work: Work, claim: CertificateClaim) -> bool:
    """Whether this officer confirmed it while no listing was on file, or by one that was withdrawn, and nobody has
    compared it since."""
    import_id = claim.compared_import_id
    compared = import_id is not None and import_id not in borne_out.withdrawn(work, [import_id])
    if claim.basis != Basis.DECISION or compared:
        return False
    credentials = select(Credential.id).where(Credential.claim_id == claim.id)
    confirmed = decisions.last_confirmed(work, "credential", credentials)
    return confirmed is not None and confirmed.account_id == work.account.id


def _gone_because(work: Work, claim: CertificateClaim, listing: ListingImport | None) -> Sentence:
    """Why there is nothing to decide any more, as things stand now."""
    found = (
        one for profile in profiles_on_file(work, listing, [claim.profile_id]) for one in profile.certificates
    )
    now = next((one for one in found if one.claim_id == claim.id), None)
    if now is None:
        return Sentence("The certificate is confirmed no more.")
    if now.discrepancy_id is not None:
        return Sentence("Another difference has been found since, which waits in the queue.")
    return now.stands.why


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
