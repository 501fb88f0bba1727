"""Operators' profiles with their confirmed certificates: what is on file, and what stands by the listing."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from core.alignment import Aligned, Basis, Confirmed, Held, Line, Status, aligned, answers
from core.licences import Licence, LicenceClass, LicenceType
from core.listing_rows import UnreadRows
from core.listings import ImportState, ListedStatus
from core.listings import ListedLicence as ListedLine
from core.places import day_at
from core.profiles import ClaimState, Move, State, moved
from db.gate import Work
from db.ministry_listings.views import from_json
from db.register_schema import ClaimOverride, Discrepancy, ListedLicence, ListingImport
from db.schema import CertificateClaim, Credential, OperatorProfile, Person

_CHUNK = 500  # ids in one statement


@dataclass(frozen=True)
class CertificateOnFile:
    """A confirmed certificate: what stands of it by the listing, what is on file, what was told last."""

    claim_id: int
    confirmed: Confirmed
    line: Line
    stands: Aligned
    credential_id: int | None
    held: Held | None
    told: Held
    discrepancy_id: int | None
    found_as: str | None  # the outcome that is kept with the open difference, if one is open

    @property
    def differs_on_file(self) -> bool:
        return self.stands.held != self.held

    @property
    def is_owed(self) -> bool:
        """Whether its holder knows it otherwise than it stands."""
        return self.stands.held != self.told

    @property
    def is_due(self) -> bool:
        return self.differs_on_file or self.is_open_as != self.found_as

    @property
    def is_open_as(self) -> str | None:
        """The outcome by which an officer is asked about it; None where nobody is."""
        return self.line.outcome if self.stands.differs else None

    def if_followed(self, listed_on: date, today: date) -> "CertificateOnFile":
        """The same once an officer has followed the listing of a day."""
        confirmed = self.confirmed.resting_on_the_listing(listed_on)
        return replace(self, confirmed=confirmed, stands=aligned(confirmed, self.line, today, self.held))


@dataclass(frozen=True)
class ProfileOnFile:
    """An operator's profile with its confirmed certificates; a verified one may have none any more."""

    profile_id: int
    person_id: int
    state: State
    suspended_by_alignment: bool
    told_suspended: bool
    certificates: tuple[CertificateOnFile, ...]

    def counts(self, today: date) -> bool:
        """Whether any certificate counts on a day."""
        return any(
            one.stands.licence is not None and one.stands.licence.in_force_on(today) for one in self.certificates
        )

    def move(self, today: date) -> Move | None:
        """What becomes of the profile; None where it stays as it is."""
        if self.state is State.ACTIVE and not self.counts(today):
            return Move.SUSPEND
        if self.state is State.SUSPENDED and self.suspended_by_alignment and self.counts(today):
            return Move.RESTORE
        return None

    def is_suspended(self, today: date) -> bool:
        """Whether it is suspended once it has made its move."""
        move = self.move(today)
        return (moved(self.state, move) if move else self.state) is State.SUSPENDED

    @property
    def suspended_by_the_office(self) -> bool:
        return self.state is State.SUSPENDED and not self.suspended_by_alignment

    def owes_its_state(self, today: date) -> bool:
        """Whether its holder believes otherwise of its suspension. Of its own, the office tells by itself."""
        return not self.suspended_by_the_office and self.is_suspended(today) != self.told_suspended

    def changes(self, today: date) -> bool:
        """Whether a pass changes what counts of it."""
        return self.move(today) is not None or any(one.differs_on_file for one in self.certificates)

    def is_due(self, today: date) -> bool:
        return self.move(today) is not None or any(one.is_due for one in self.certificates)

    def is_owed(self, today: date) -> bool:
        """Whether its holder knows it otherwise than it stands."""
        return self.owes_its_state(today) or any(one.is_owed for one in self.certificates)

    def if_followed(self, claim_id: int, listed_on: date, today: date) -> "ProfileOnFile":
        """The same once an officer has followed the listing of a day for one of its certificates."""
        certificates = tuple(
            one.if_followed(listed_on, today) if one.claim_id == claim_id else one for one in self.certificates
        )
        return replace(self, certificates=certificates)


def profiles_on_file(
    work: Work, listing: ListingImport | None, of: Collection[int] | None
) -> Iterator[ProfileOnFile]:
    """The profiles with their confirmed certificates, a few statements for all of them."""
    today, unread = day_at(work.at), UnreadRows(from_json(listing.left_out) if listing else ())
    rows: dict[tuple[int, int, str, bool, bool], list[CertificateOnFile]] = defaultdict(list)
    found = [row for ids in chunks(of) for row in work.session.execute(_verified(listing, ids))]
    unread_then = _unread_then(work, found)
    for row in found:
        profile = rows[row.profile_id, row.person_id, row.state, row.suspended_by_alignment, row.told_suspended]
        if row.claim_id is not None:
            profile.append(_certificate(row, listing, unread, unread_then, today))
    for (profile_id, person_id, state, by_alignment, told), certificates in rows.items():
        yield ProfileOnFile(profile_id, person_id, State(state), by_alignment, told, tuple(certificates))


def chunks(ids: Collection[int] | None) -> Iterator[list[int] | None]:
    if ids is None:
        yield None
        return
    ordered = sorted(ids)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]


def _verified(listing: ListingImport | None, ids: list[int] | None) -> Any:
    """The profiles that the office has verified, each with its confirmed certificates, or with none."""
    claim, line, then = CertificateClaim, ListedLicence, aliased(ListedLicence)
    listed = _is_about(claim, line, listing.id if listing else None)
    listed_then = _is_about(claim, then, _last_kept_against())
    line_of_id = aliased(ListedLicence)
    knows_id = exists().where(
        line_of_id.import_id == (listing.id if listing else None), line_of_id.operator_id == Person.operator_id
    )
    on_file = and_(
        Credential.claim_id == claim.id, Credential.superseded_at.is_(None), Credential.valid_until.is_(None)
    )
    query = (
        select(
            OperatorProfile.id.label("profile_id"),
            claim.id.label("claim_id"),
            claim.number,
            claim.licence_type,
            claim.licence_class,
            claim.expiry,
            claim.valid_for,
            claim.basis,
            claim.confirmed_on,
            claim.compared_import_id,
            claim.told_status,
            claim.told_class,
            claim.told_expiry,
            OperatorProfile.person_id,
            OperatorProfile.state,
            OperatorProfile.suspended_by_alignment,
            OperatorProfile.told_suspended,
            Person.operator_id.label("confirmed_operator_id"),
            ClaimOverride.review_on,
            line.id.label("line_id"),
            line.operator_id,
            line.last_name,
            line.first_name,
            line.licence_class.label("listed_class"),
            line.expiry.label("listed_expiry"),
            line.status,
            line.municipality,
            case((line.id.is_not(None), True), else_=knows_id).label("knows_id"),
            then.id.label("then_id"),
            then.licence_class.label("then_class"),
            then.expiry.label("then_expiry"),
            then.status.label("then_status"),
            Credential.id.label("credential_id"),
            Credential.licence_class.label("held_class"),
            Credential.expiry.label("held_expiry"),
            Credential.status.label("held_status"),
            Discrepancy.id.label("discrepancy_id"),
            Discrepancy.outcome.label("found_as"),
            _kept(listing).label("kept"),
        )
        .select_from(OperatorProfile)
        .outerjoin(claim, and_(claim.profile_id == OperatorProfile.id, claim.state == ClaimState.CONFIRMED))
        .join(Person, Person.id == OperatorProfile.person_id)
        .outerjoin(ClaimOverride, and_(ClaimOverride.claim_id == claim.id, ClaimOverride.state == "standing"))
        .outerjoin(line, listed)
        .outerjoin(then, listed_then)
        .outerjoin(Credential, on_file)
        .outerjoin(Discrepancy, and_(Discrepancy.claim_id == claim.id, Discrepancy.state == "open"))
        .where(
            OperatorProfile.state != State.CLOSED,
            or_(claim.id.is_not(None), OperatorProfile.state == State.ACTIVE),
        )
        .order_by(OperatorProfile.id, claim.id)
    )
    return query if ids is None else query.where(OperatorProfile.id.in_(ids))


def _is_about(claim: Any, line: Any, import_id: Any) -> Any:
    """Whether a line of an import is about a certificate, by the Operator ID of the person, number and type."""
    return and_(
        line.import_id == import_id,
        line.operator_id == Person.operator_id,
        line.number == claim.number,
        line.licence_type == claim.licence_type,
    )


def _kept(listing: ListingImport | None) -> Any:
    """Whether an officer has kept what stands against this listing, or while none stood."""
    kept = aliased(Discrepancy)
    return exists().where(
        kept.claim_id == CertificateClaim.id,
        kept.import_id == (listing.id if listing else None),
        kept.state == "kept",
    )


def _last_kept_against() -> Any:
    """The last import against which an officer has kept what stands; with a withdrawn one keeping is void."""
    kept = aliased(Discrepancy)
    of_it = kept.claim_id == CertificateClaim.id, kept.state == "kept"
    return select(func.max(kept.import_id)).where(*of_it).correlate(CertificateClaim).scalar_subquery()


def _decided_against(row: Any, listing: ListingImport | None) -> bool:
    """Whether this very listing was looked at when the office decided on the certificate."""
    return listing is not None and row.compared_import_id == listing.id and row.basis != Basis.LISTING


def _unread_then(work: Work, rows: Collection[Any]) -> Mapping[int, UnreadRows]:
    """The rows that could not be read of the listings that stood when these certificates were decided on, by the
    import. Of one that was withdrawn there is nothing: to have compared with it counts as not to have compared."""
    import_ids = {row.compared_import_id for row in rows if row.basis == Basis.DECISION} - {None}
    if not import_ids:
        return {}
    left_out = select(ListingImport.id, ListingImport.left_out).where(
        ListingImport.id.in_(import_ids), ListingImport.state != ImportState.WITHDRAWN
    )
    return {import_id: UnreadRows(from_json(bad)) for import_id, bad in work.session.execute(left_out)}


def _was_compared(row: Any, unread_then: Mapping[int, UnreadRows]) -> bool:
    """Whether there was a listing to compare with when it was decided, not withdrawn since, of which no row about
    it was unread."""
    then = unread_then.get(row.compared_import_id)
    return then is not None and then.about(row.confirmed_operator_id or "", row.number) is None


def _certificate(
    row: Any,
    listing: ListingImport | None,
    unread: UnreadRows,
    unread_then: Mapping[int, UnreadRows],
    today: date,
) -> CertificateOnFile:
    claimed = _licence(row, row.licence_class, row.expiry)
    line, compared = _line(row, listing, unread), _was_compared(row, unread_then)
    kept = row.kept or _decided_against(row, listing) or answers(_line_then(row), line.listed)
    confirmed = Confirmed(claimed, Basis(row.basis), row.confirmed_on, row.review_on, kept, compared)
    held = told = None
    if row.credential_id is not None:
        held = Held(_licence(row, row.held_class, row.held_expiry), Status(row.held_status))
    if row.told_status:
        told = Held(_licence(row, row.told_class, row.told_expiry), Status(row.told_status))
    return CertificateOnFile(
        row.claim_id,
        confirmed,
        line,
        aligned(confirmed, line, today, held),
        row.credential_id,
        held,
        told or Held(claimed),
        row.discrepancy_id,
        row.found_as,
    )


def _line(row: Any, listing: ListingImport | None, unread: UnreadRows) -> Line:
    if listing is None:
        return Line(None)
    if row.line_id is None:
        bad = unread.about(row.confirmed_operator_id or "", row.number)
        return Line(listing.listed_on, unread=bad.reason if bad else "", knows_id=row.knows_id)
    return Line(listing.listed_on, _listed(row, row.listed_class, row.listed_expiry, row.status))


def _line_then(row: Any) -> ListedLine | None:
    """What the listing said of it against which an officer kept it last, if it had it."""
    if row.then_id is None:
        return None
    return _listed(row, row.then_class, row.then_expiry, row.then_status)


def _listed(row: Any, licence_class: str | None, expiry: date, status: str) -> ListedLine:
    licence = _licence(row, licence_class, expiry)
    return ListedLine(
        row.operator_id, row.last_name, row.first_name, licence, ListedStatus(status), row.municipality
    )


def _licence(row: Any, licence_class: str | None, expiry: date) -> Licence:
    return Licence(
        row.number,
        LicenceType(row.licence_type),
        LicenceClass(licence_class) if licence_class else None,
        expiry,
        row.valid_for,
    )


def lock(work: Work, profile_ids: Collection[int]) -> None:
    """Person before profile, as everywhere; whoever decides on one of them meanwhile waits."""
    for ids in chunks(profile_ids):
        people = select(OperatorProfile.person_id).where(OperatorProfile.id.in_(ids or ()))
        work.session.execute(
            select(Person.id).where(Person.id.in_(people)).order_by(Person.id).with_for_update(key_share=True)
        )
        work.session.execute(
            select(OperatorProfile.id)
            .where(OperatorProfile.id.in_(ids or ()))
            .order_by(OperatorProfile.person_id)
            .with_for_update(key_share=True)
        )
