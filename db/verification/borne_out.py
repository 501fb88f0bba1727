"""How the ministry's standing listings bear out what waits, and to which region it belongs.

Both are kept on the submission: found when it is handed in, and found anew for all that wait when a listing
begins or ceases to stand. The number of statements does not grow with the submissions.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, select, text, update

from core.alignment import CheckedAgainst, checked_against, unreadable
from core.comparison import (
    ClaimedCertificate,
    Comparison,
    Outcome,
    compare_certificate,
    worst,
)
from core.licences import Licence, LicenceClass, LicenceType
from core.listing_rows import UnreadRows
from core.listings import ImportState, ListedFacility, ListedLicence, ListedStatus, ListingKind
from core.names import Name
from core.near_matches import NearMatch, near_people, near_works
from core.places import Point, day_at
from core.profiles import ClaimState, SubmissionState
from db import places, register_schema
from db.alignment.profiles import chunks
from db.gate import Work
from db.ministry_listings.views import from_json
from db.register_schema import ListingImport
from db.schema import (
    Account,
    CertificateClaim,
    Credential,
    FacilityClaim,
    OperatorProfile,
    Person,
    Submission,
)
from db.verification.listed_works import (
    COLUMNS,
    ListedWorks,
    Works,
    claimed_facility,
    listed_facility,
    listed_works,
)

OPERATORS, FACILITIES = ListingKind.OPERATORS, ListingKind.FACILITIES
_EVERYTHING_OPEN = Submission.state == SubmissionState.OPEN
_Person = register_schema.ListedLicence


@dataclass(frozen=True)
class Standing:
    """The listing of a kind that stands: its id and its own date."""

    import_id: int
    listed_on: date


def standing(work: Work) -> Mapping[str, Standing]:
    """The standing listings by kind; none of a kind where none is on file."""
    rows = work.session.execute(
        select(ListingImport.kind, ListingImport.id, ListingImport.listed_on).where(
            ListingImport.state == ImportState.STANDING
        )
    )
    return {kind: Standing(import_id, listed_on) for kind, import_id, listed_on in rows}


def withdrawn(work: Work, import_ids: Collection[int | None]) -> frozenset[int]:
    """Which of these imports were withdrawn, so that what they say is void."""
    found = select(ListingImport.id).where(
        ListingImport.id.in_(import_ids), ListingImport.state == ImportState.WITHDRAWN
    )
    return frozenset(work.session.scalars(found))


def hold_still(work: Work) -> None:
    """Until this is done no listing begins or ceases to stand: whoever imports waits, or is waited for.

    Asked for before people and their profiles are locked, as an import locks them after the listings. SQLite has
    one writer anyway.
    """
    if not work.portal.database.is_sqlite:
        work.session.execute(text("lock table listing_import in share mode"))


def checked_certificates(work: Work, which: ColumnElement[bool]) -> CheckedAgainst:
    """The listing that operators are compared with, and whether it bears out these credentials."""
    listed_on, found = _bears_out(work.session.execute(_held_against_the_listing(which)).all())
    return checked_against(listed_on, day_at(work.at), "certificates", [borne_out for _, borne_out in found])


def checked_operators(work: Work, credentials: Sequence[int]) -> CheckedAgainst:
    """The same for the holders of credentials, given by their ids: each is borne out where one of them is."""
    rows = work.session.execute(_THESE_HELD_AGAINST_IT, {"credentials": credentials}).all()
    listed_on, found = _bears_out(rows)
    people: dict[int, bool] = defaultdict(bool)
    for person_id, borne_out in found:
        people[person_id] |= borne_out
    return checked_against(listed_on, day_at(work.at), "operators", people.values())


def _bears_out(rows: Sequence[Any]) -> tuple[date | None, list[tuple[int, bool]]]:
    """The day of the operator listing that stands, None where none does; the person of each of the credentials,
    and whether that listing has it as it is on file."""
    found = [(person_id, bool(borne_out)) for _, person_id, borne_out in rows if person_id is not None]
    return (rows[0].listed_on if rows else None), found


def _held_against_the_listing(which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    listed = exists().where(
        _Person.import_id == ListingImport.id,
        _Person.operator_id == Person.operator_id,
        _Person.number == Credential.number,
        _Person.licence_type == Credential.licence_type,
        _Person.licence_class.is_not_distinct_from(Credential.licence_class),
        _Person.expiry == Credential.expiry,
        _Person.status == ListedStatus.IN_FORCE,
    )
    return (
        select(ListingImport.listed_on, Credential.person_id, listed)
        .outerjoin(Credential, which)
        .outerjoin(Person, Person.id == Credential.person_id)
        .where(*_that_stands(OPERATORS))
    )


def _that_stands(kind: ListingKind) -> tuple[ColumnElement[bool], ...]:
    return ListingImport.kind == kind, ListingImport.state == ImportState.STANDING


# Made once: every search asks it.
_THESE_HELD_AGAINST_IT = _held_against_the_listing(Credential.id.in_(bindparam("credentials", expanding=True)))


def comparisons(work: Work, submission_id: int) -> Mapping[int, Comparison]:
    """Each claim of a submission beside the standing listing, by the claim's id."""
    work.session.flush()
    return _compare(work, Submission.id == submission_id)[submission_id]


def assess(work: Work, submission: Submission) -> None:
    """Keeps on a submission that was just handed in what stands of it, how it is borne out, and its region."""
    _keep(work, Submission.id == submission.id)
    work.session.refresh(submission, ["claimed", "borne_out", "region"])


def recompare(work: Work) -> None:
    """Finds anew how everything that waits is borne out. Called in the transaction in which a listing begins or
    ceases to stand, after its rows and its state are written."""
    _keep(work, _EVERYTHING_OPEN)


def recompare_profiles(work: Work, profile_ids: Collection[int]) -> None:
    """The same of those operators' profiles that wait: alignment has changed what stands of them."""
    waiting = select(Submission.id).where(_EVERYTHING_OPEN)
    for ids in chunks(profile_ids):
        found = list(work.session.scalars(waiting.where(Submission.operator_profile_id.in_(ids or ()))))
        if found:
            _keep(work, Submission.id.in_(found))


def recompare_organizations(work: Work, organization_ids: Collection[int]) -> None:
    """The same of those organizations' submissions: an officer has followed the list of facilities."""
    _keep(work, and_(_EVERYTHING_OPEN, Submission.organization_id.in_(organization_ids)))


def _keep(work: Work, which: ColumnElement[bool]) -> None:
    work.session.flush()
    _claim_what_stands(work, which)
    regions = _regions(work, which)
    found = _compare(work, which)
    rows = work.session.execute(select(Submission.id, Submission.borne_out, Submission.region).where(which)).all()
    changed = []
    for submission_id, borne_out, region in rows:
        outcome = worst(one.outcome for one in found[submission_id].values())
        if (borne_out, region) != (outcome, regions[submission_id]):
            changed.append({"id": submission_id, "borne_out": outcome.value, "region": regions[submission_id]})
    if changed:
        work.session.execute(update(Submission), changed)


def _claim_what_stands(work: Work, which: ColumnElement[bool]) -> None:
    """What was confirmed before is verified anew as it stands by now: certificates with the class and expiry,
    facilities with the class, that the office may have taken over from a listing since they were entered."""
    rows = work.session.execute(
        select(Submission.id, Submission.claimed, Credential.claim_id, Credential.licence_class, Credential.expiry)
        .join(CertificateClaim, CertificateClaim.profile_id == Submission.operator_profile_id)
        .join(Credential, Credential.claim_id == CertificateClaim.id)
        .where(which, Credential.superseded_at.is_(None), Credential.valid_until.is_(None))
    ).all()
    stands = {row.claim_id: {"licence_class": row.licence_class, "expiry": row.expiry.isoformat()} for row in rows}
    _claim(work, {row.id: row.claimed for row in rows}, stands)
    works = work.session.execute(
        select(Submission.id, Submission.claimed, FacilityClaim.id.label("claim_id"), FacilityClaim.facility_class)
        .join(FacilityClaim, FacilityClaim.organization_id == Submission.organization_id)
        .where(which, FacilityClaim.state == ClaimState.CONFIRMED)
    ).all()
    classes = {row.claim_id: {"facility_class": row.facility_class} for row in works}
    _claim(work, {row.id: row.claimed for row in works}, classes)


def _claim(work: Work, handed_in: Mapping[int, Any], stands: Mapping[int, Mapping[str, Any]]) -> None:
    """Submissions say of what was confirmed before what `stands`, by the claim."""
    changed = []
    for submission_id, claimed in handed_in.items():
        claims = [
            claim | stands.get(claim["id"], {}) if claim["state"] == ClaimState.CONFIRMED else claim
            for claim in claimed["claims"]
        ]
        if claims != claimed["claims"]:
            changed.append({"id": submission_id, "claimed": claimed | {"claims": claims}})
    if changed:
        work.session.execute(update(Submission), changed)


# --- comparing ----------------------------------------------------------------------------------------------


def _compare(work: Work, which: ColumnElement[bool]) -> dict[int, dict[int, Comparison]]:
    """Each claim of the submissions beside its row, by submission and claim."""
    stands = standing(work)
    people = _listed_people(work, stands.get(OPERATORS), which)
    unread = _unread_rows(work, stands.get(OPERATORS))
    works = _listed_works(work, which)
    rows = work.session.execute(
        select(Submission.id, Submission.claimed, Person.given_name, Person.family_name)
        .outerjoin(OperatorProfile, OperatorProfile.id == Submission.operator_profile_id)
        .outerjoin(Person, Person.id == OperatorProfile.person_id)
        .where(which)
    ).all()
    found: dict[int, dict[int, Comparison]] = {}
    for submission_id, claimed, given_name, family_name in rows:
        if given_name is None:
            found[submission_id] = {
                claim["id"]: works.beside(claimed_facility(claim, claimed["name"], claimed["kind"]))
                for claim in claimed["claims"]
            }
            continue
        name, operator_id = Name(given_name, family_name), claimed["operator_id"]
        certificates = {
            claim["id"]: ClaimedCertificate(operator_id, name, licence_of(claim)) for claim in claimed["claims"]
        }
        found[submission_id] = {
            claim_id: unread.or_else(one, compare_certificate(one, _of(people, operator_id)))
            for claim_id, one in certificates.items()
        }
    return found


@dataclass(frozen=True)
class _Unread:
    """The rows of the standing operator listing that could not be read; `listed_on` is its date."""

    listed_on: date | None
    rows: UnreadRows

    def or_else(self, claim: ClaimedCertificate, found: Comparison) -> Comparison:
        """What was found; nothing is missing where a row that may be about it could not be read."""
        bad = self.rows.about(claim.operator_id, claim.licence.number) if found.outcome.not_found else None
        if bad is None or self.listed_on is None:
            return found
        return Comparison(Outcome.NOT_COMPARABLE, (unreadable(self.listed_on, bad.reason),))


def _unread_rows(work: Work, stands: Standing | None) -> _Unread:
    if stands is None:
        return _Unread(None, UnreadRows(()))
    left_out = work.session.scalar(select(ListingImport.left_out).where(ListingImport.id == stands.import_id))
    return _Unread(stands.listed_on, UnreadRows(from_json(left_out or [])))


def _of(listed: Mapping[str, list[Any]] | None, number: str) -> list[Any] | None:
    return None if listed is None else listed.get(number, [])


def _listed_people(
    work: Work, stands: Standing | None, which: ColumnElement[bool]
) -> dict[str, list[ListedLicence]] | None:
    """The listed licences of the Operator IDs that are claimed; None where no listing stands."""
    if stands is None:
        return None
    claimed = (
        select(OperatorProfile.claimed_operator_id)
        .join(Submission, Submission.operator_profile_id == OperatorProfile.id)
        .where(which)
    )
    rows = work.session.execute(
        select(*_PERSON).where(_Person.import_id == stands.import_id, _Person.operator_id.in_(claimed))
    )
    listed = defaultdict(list)
    for row in rows:
        listed[row.operator_id].append(listed_licence(row))
    return listed


def _listed_works(work: Work, which: ColumnElement[bool]) -> ListedWorks:
    """The listed facilities whose numbers are claimed."""
    claimed = (
        select(FacilityClaim.ministry_number)
        .join(Submission, Submission.organization_id == FacilityClaim.organization_id)
        .where(which)
    )
    return listed_works(work, claimed)


def licence_of(claim: Mapping[str, Any]) -> Licence:
    """The licence that a handed-in claim says its holder has."""
    return Licence(
        claim["number"],
        LicenceType(claim["licence_type"]),
        LicenceClass(claim["licence_class"]) if claim["licence_class"] else None,
        date.fromisoformat(claim["expiry"]),
        claim["valid_for"],
    )


def listed_licence(row: Any) -> ListedLicence:
    """A kept line of an operator listing."""
    licence = Licence(
        row.number,
        LicenceType(row.licence_type),
        LicenceClass(row.licence_class) if row.licence_class else None,
        row.expiry,
    )
    status = ListedStatus(row.status)
    return ListedLicence(row.operator_id, row.last_name, row.first_name, licence, status, row.municipality)


_PERSON = (
    _Person.operator_id, _Person.last_name, _Person.first_name, _Person.number, _Person.licence_type,
    _Person.licence_class, _Person.expiry, _Person.status, _Person.municipality,
)  # fmt: skip

# --- near matches -------------------------------------------------------------------------------------------


def near_licences(
    work: Work, operator_id: str, name: Name, claims: Collection[Mapping[str, Any]]
) -> Mapping[int, tuple[NearMatch[ListedLicence], ...]]:
    """Lines of the standing listing that a person's handed-in claims may have meant, by the claim's id. Reads the
    whole listing, once."""
    stands = standing(work).get(OPERATORS) if claims else None
    if stands is None:
        return {}
    rows = work.session.execute(
        select(*_PERSON).where(_Person.import_id == stands.import_id).order_by(_Person.line)
    ).all()
    return {
        claim["id"]: tuple(
            NearMatch(listed_licence(one.row), one.distance, one.words, one.telling)
            for one in near_people(operator_id, name, claim["number"], rows)
        )
        for claim in claims
    }


def near_facilities(
    work: Work, claims: Collection[Mapping[str, Any]]
) -> Mapping[int, tuple[NearMatch[ListedFacility], ...]]:
    """Lines of the standing list that handed-in claims may have meant, by the claim's id. Reads the whole list,
    once."""
    stands = standing(work).get(FACILITIES) if claims else None
    if stands is None:
        return {}
    rows = work.session.execute(
        select(*COLUMNS).where(Works.import_id == stands.import_id).order_by(Works.line)
    ).all()
    return {
        claim["id"]: tuple(
            NearMatch(listed_facility(one.row), one.distance, one.words, one.telling)
            for one in near_works(claim["ministry_number"], claim["name"], rows)
        )
        for claim in claims
    }


# --- regions ------------------------------------------------------------------------------------------------


def _regions(work: Work, which: ColumnElement[bool]) -> dict[int, str]:
    """The region of each submission: of the base, of the municipality that an operator without a base names, of
    an owner's first facility; "" where none of these is known."""
    rows = work.session.execute(
        select(
            Submission.id,
            Submission.claimed,
            Submission.operator_profile_id,
            OperatorProfile.base_latitude,
            OperatorProfile.base_longitude,
            Account.municipality,
        )
        .outerjoin(OperatorProfile, OperatorProfile.id == Submission.operator_profile_id)
        .join(Account, Account.id == Submission.submitted_by)
        .where(which)
    )
    regions = {}
    for submission_id, claimed, profile_id, latitude, longitude, municipality in rows:
        if profile_id is None:
            first = next(iter(claimed["claims"]), None)
            point = Point(first["latitude"], first["longitude"]) if first else None
        elif latitude is not None:
            point = Point(latitude, longitude)
        else:
            place = places.find(municipality)
            point = place.point if place else None
        regions[submission_id] = places.region_of(point) if point else ""
    return regions
