"""What an officer should know before deciding: somebody else claims or holds the same, a certificate has
expired, or is claimed without its condition, a position is far off.

Claimants are never told about one another. The number of statements does not grow with the submissions.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from core.facilities import SAME_WORKS_KM, FacilityClass, FacilityType, OrganizationKind, km_too_far, likeness
from core.names import Name, may_be_one, plain, same_title
from core.places import Point, day_at, degrees_around
from core.profiles import ClaimState, State, SubmissionState
from core.sentences import Sentence
from db.gate import Work
from db.names import title
from db.one_person import nobody_signs_in
from db.people_schema import Employee
from db.places import named
from db.schema import (
    CertificateClaim,
    Facility,
    FacilityClaim,
    FacilityClassification,
    FacilityRelation,
    OperatorProfile,
    Organization,
    Person,
    Submission,
)
from db.verification import claimed_alike, conditions


@dataclass(frozen=True)
class OnFile:
    """A facility on file that a claim without a number may mean.

    `changes_hands`: if it does, it can only be confirmed by passing from another organization to this one.
    """

    facility_id: int
    name: str
    changes_hands: bool


@dataclass(frozen=True)
class Flag:
    """One thing to look at. `claim_id` is the certificate or facility it is about, None for the whole profile.

    `changes_hands`: the facility can only be confirmed if it passes from another organization to this one.
    `perhaps` is the facility on file that the officer may say it is. `named` is the profile of the operator whom
    the sentence names: whoever reads it looks at that person's data. `other_name`: approving makes one person of
    two whose names differ, so it takes a written reason.
    """

    claim_id: int | None
    sentence: Sentence
    changes_hands: bool = False
    perhaps: OnFile | None = None
    named: int | None = None
    other_name: bool = False


def named_in(flags: Iterable[Flag]) -> list[int]:
    """The profiles of the operators whom flags name, each once."""
    return sorted({flag.named for flag in flags if flag.named is not None})


def flags_of(work: Work, submissions: Collection[Submission]) -> Mapping[int, tuple[Flag, ...]]:
    """The flags of each submission, by its id."""
    flags: dict[int, list[Flag]] = defaultdict(list)
    operators = [one for one in submissions if one.operator_profile_id is not None]
    owners = [one for one in submissions if one.organization_id is not None]
    if operators:
        _same_operator_id(work, operators, flags)
        _same_certificate(work, operators, flags)
        _expired(operators, flags, day_at(work.at))
        for submission_id, claim_id, sentence in conditions.changed(work, operators):
            flags[submission_id].append(Flag(claim_id, sentence))
    if owners:
        _same_organization_name(work, owners, flags)
        _facility_claimed(work, owners, flags)
        known = _facilities_known(work, owners)
        _facility_on_file(work, owners, known, flags)
        _facility_far_away(owners, flags)
        without_number = _without_number(owners, known)
        _perhaps_on_file(work, without_number, flags)
        _perhaps_claimed(work, without_number, flags)
    return {one.id: tuple(flags[one.id]) for one in submissions}


def _waits(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """One of these submissions waits for the office; what is being mended, or was refused, is nobody's claim."""
    return exists().where(which, Submission.state == SubmissionState.OPEN)


def _same_operator_id(work: Work, submissions: list[Submission], flags: dict[int, list[Flag]]) -> None:
    ids = {one.claimed["operator_id"] for one in submissions}
    waits = _waits(Submission.operator_profile_id == OperatorProfile.id)
    claimed_now = case((waits, OperatorProfile.claimed_operator_id), else_="")
    claimants = work.session.execute(
        select(OperatorProfile.id, claimed_now, nobody_signs_in(), Person)
        .outerjoin_from(Person, OperatorProfile, OperatorProfile.person_id == Person.id)
        .where((OperatorProfile.claimed_operator_id.in_(ids) & waits) | Person.operator_id.in_(ids))
        .order_by(Person.id)
    ).all()
    left = {person.id for _, _, gone, person in claimants if gone and person.operator_id in ids}
    names, employers = (_names(work, submissions), _employers(work, left)) if left else ({}, {})
    for one in submissions:
        number, profile = one.claimed["operator_id"], one.operator_profile_id
        for profile_id, claimed, _, person in claimants:
            if profile_id == profile or number not in (claimed, person.operator_id):
                continue
            if person.operator_id == number and person.id in left:
                flags[one.id].append(_becomes_one(number, person, profile_id, names[profile], employers))
                continue
            template = "Operator ID {number} is also claimed by “{name}”."
            if person.operator_id == number:
                template = "Operator ID {number} is confirmed for {name} already."
            sentence = Sentence(template, number=number, name=person.name)
            flags[one.id].append(Flag(None, sentence, named=profile_id))


def _becomes_one(
    number: str, person: Person, profile_id: int | None, name: Name, employers: Mapping[int, str]
) -> Flag:
    """That approving makes one person of the claimant and of whoever has the Operator ID and does not sign in."""
    template = "Operator ID {number} was confirmed for {holder}. Approving makes {claimant} the same person."
    differ = not may_be_one(person.called, name)
    if differ:
        template = (
            "Operator ID {number} was confirmed for {holder}. The names differ: approve it only with the reason "
            "why {claimant} is the same person."
        )
    holder = Sentence("{name}, who has no account", name=person.name)
    if person.id in employers:
        holder = Sentence("{name}, an employee of {employers}", name=person.name, employers=employers[person.id])
    elif profile_id is not None:
        holder = Sentence("{name}, whose account is closed", name=person.name)
    sentence = Sentence(template, number=number, holder=holder, claimant=str(name))
    return Flag(None, sentence, named=profile_id, other_name=differ)


def _names(work: Work, submissions: list[Submission]) -> dict[int | None, Name]:
    """The claimants' names, by the profile's id."""
    ids = [one.operator_profile_id for one in submissions]
    rows = work.session.execute(
        select(OperatorProfile.id, Person)
        .join(Person, Person.id == OperatorProfile.person_id)
        .where(OperatorProfile.id.in_(ids))
    )
    return {profile_id: person.called for profile_id, person in rows}


def _employers(work: Work, people: Collection[int]) -> dict[int, str]:
    """The organizations of which these people are employees, by the person's id."""
    rows = work.session.execute(
        select(Employee.person_id, Organization.name)
        .join(Organization, Organization.id == Employee.organization_id)
        .where(Employee.person_id.in_(people))
        .distinct()
        .order_by(Organization.name)
    ).all()
    named: dict[int, list[str]] = defaultdict(list)
    for person_id, organization in rows:
        if person_id is not None:
            named[person_id].append(f"“{organization}”")
    return {person_id: ", ".join(organizations) for person_id, organizations in named.items()}


def _same_certificate(work: Work, submissions: list[Submission], flags: dict[int, list[Flag]]) -> None:
    numbers = {claim["number"] for one in submissions for claim in one.claimed["claims"]}
    rows = work.session.execute(
        select(
            CertificateClaim.profile_id,
            CertificateClaim.number,
            CertificateClaim.licence_type,
            CertificateClaim.state,
            Person,
        )
        .join(OperatorProfile, OperatorProfile.id == CertificateClaim.profile_id)
        .join(Person, Person.id == OperatorProfile.person_id)
        .where(CertificateClaim.number.in_(numbers), claimed_alike.stands())
        .order_by(CertificateClaim.id)
    ).all()
    for one in submissions:
        for claim in one.claimed["claims"]:
            for profile_id, number, licence_type, state, person in rows:
                if number != claim["number"] or profile_id == one.operator_profile_id:
                    continue
                same = "number and type" if licence_type == claim["licence_type"] else "number, of another type,"
                template = "The same {what} is also claimed by “{name}”."
                if state == ClaimState.CONFIRMED:
                    template = "The same {what} is confirmed for {name} already."
                sentence = Sentence(template, what=same, name=person.name)
                flags[one.id].append(Flag(claim["id"], sentence, named=profile_id))


def _expired(submissions: list[Submission], flags: dict[int, list[Flag]], today: date) -> None:
    for one in submissions:
        for claim in one.claimed["claims"]:
            expiry = date.fromisoformat(claim["expiry"])
            if expiry < today:
                sentence = Sentence("It expired on {day}, so it would not count.", day=expiry)
                flags[one.id].append(Flag(claim["id"], sentence))


def _same_organization_name(work: Work, submissions: list[Submission], flags: dict[int, list[Flag]]) -> None:
    names = {plain(one.claimed["name"]).replace(" ", "") for one in submissions}
    rows = work.session.execute(
        select(Organization.id, Organization.name).where(
            title(Organization.plain_name).in_(names),
            Organization.state.in_((State.ACTIVE, State.SUSPENDED))
            | _waits(Submission.organization_id == Organization.id),
        )
    ).all()
    for one in submissions:
        for organization_id, name in rows:
            if organization_id != one.organization_id and same_title(name, one.claimed["name"]):
                flags[one.id].append(
                    Flag(None, Sentence("Another organization on the portal has this name: {name}.", name=name))
                )


def _numbers(submissions: list[Submission]) -> set[str]:
    return {claim["ministry_number"] for one in submissions for claim in one.claimed["claims"]} - {""}


def _facility_claimed(work: Work, submissions: list[Submission], flags: dict[int, list[Flag]]) -> None:
    rows = work.session.execute(
        select(FacilityClaim.organization_id, FacilityClaim.ministry_number, Organization.name)
        .join(Organization, Organization.id == FacilityClaim.organization_id)
        .where(
            FacilityClaim.ministry_number.in_(_numbers(submissions)),
            FacilityClaim.state == ClaimState.WAITING,
        )
        .order_by(FacilityClaim.id)
    ).all()
    for one in submissions:
        for claim in one.claimed["claims"]:
            for organization_id, number, name in rows:
                if organization_id != one.organization_id and number == claim["ministry_number"]:
                    flags[one.id].append(
                        Flag(claim["id"], Sentence("This facility is also claimed by “{name}”.", name=name))
                    )


def _facility_on_file(
    work: Work, submissions: list[Submission], known: dict[int, int], flags: dict[int, list[Flag]]
) -> None:
    standing = FacilityRelation.superseded_at.is_(None) & FacilityRelation.valid_until.is_(None)
    rows = work.session.execute(
        select(Facility, FacilityRelation.organization_id, FacilityRelation.role, Organization)
        .outerjoin(FacilityRelation, (FacilityRelation.facility_id == Facility.id) & standing)
        .outerjoin(Organization, Organization.id == FacilityRelation.organization_id)
        .where(Facility.ministry_number.in_(_numbers(submissions)) | Facility.id.in_(known.values()))
        .order_by(FacilityRelation.id)
    ).all()
    classes = _classes(work, {row[0].id for row in rows})
    for one in submissions:
        role = OrganizationKind(one.claimed["kind"]).facility_role
        for claim in one.claimed["claims"]:
            its = known.get(claim["id"])
            on_file = [
                row
                for row in rows
                if row[0].id == its or (its is None and row[0].ministry_number == claim["ministry_number"])
            ]
            if on_file:
                facility = on_file[0][0]
                owners = {row[1] for row in on_file if row[2] == "owner"} - {one.organization_id}
                kept = claim["state"] == ClaimState.CONFIRMED or (role != "owner" and bool(owners))
                differ = [*_differences(claim, facility), *_other_class(claim, classes.get(facility.id), kept)]
                flags[one.id] += [Flag(claim["id"], differs) for differs in differ]
            for _facility, organization_id, held_as, holder in on_file:
                if organization_id is None or organization_id == one.organization_id:
                    continue
                template = "“{name}” holds this facility today as its {role}."
                if holder.state == State.CLOSED:
                    template = "“{name}” holds this facility today as its {role}, but is closed on the portal."
                sentence = Sentence(template, name=holder.name, role=held_as.replace("_", " "))
                flags[one.id].append(Flag(claim["id"], sentence, changes_hands=held_as == role))


def _facility_far_away(submissions: list[Submission], flags: dict[int, list[Flag]]) -> None:
    for one in submissions:
        for claim in one.claimed["claims"]:
            namesakes = [place.point for place in named(claim["place"])]
            km = km_too_far(Point(claim["latitude"], claim["longitude"]), namesakes)
            if km is not None:
                template = "The position on the map is {km} km away from {place}, the place that was named."
                sentence = Sentence(template, km=round(km), place=claim["place"])
                flags[one.id].append(Flag(claim["id"], sentence))


def _facilities_known(work: Work, submissions: list[Submission]) -> dict[int, int]:
    """The facility's id of each submitted claim that was confirmed before, or is to replace one that was."""
    before = {}
    for one in submissions:
        for claim in one.claimed["claims"]:
            if claim["replaces_id"] is not None:
                before[claim["id"]] = claim["replaces_id"]
            elif claim["state"] == ClaimState.CONFIRMED:
                before[claim["id"]] = claim["id"]
    rows = work.session.execute(
        select(FacilityClaim.id, FacilityClaim.facility_id).where(
            FacilityClaim.id.in_(set(before.values())), FacilityClaim.facility_id.is_not(None)
        )
    )
    facilities = {claim_id: facility_id for claim_id, facility_id in rows if facility_id is not None}
    return {claim_id: facilities[earlier] for claim_id, earlier in before.items() if earlier in facilities}


# --- works that no number tells apart ---------------------------------------------------------------------


def _without_number(submissions: list[Submission], known: dict[int, int]) -> dict[int, Submission]:
    """The submission of each claim that has no number and means no facility that is known."""
    return {
        claim["id"]: one
        for one in submissions
        for claim in one.claimed["claims"]
        if not claim["ministry_number"] and claim["id"] not in known
    }


def _perhaps_on_file(work: Work, without_number: dict[int, Submission], flags: dict[int, list[Flag]]) -> None:
    standing = FacilityRelation.superseded_at.is_(None) & FacilityRelation.valid_until.is_(None)
    rows = work.session.execute(
        select(FacilityClaim, Facility, FacilityRelation, Organization)
        .join(Facility, _perhaps_alike(FacilityClaim, Facility))
        .outerjoin(FacilityRelation, (FacilityRelation.facility_id == Facility.id) & standing)
        .outerjoin(Organization, Organization.id == FacilityRelation.organization_id)
        .where(FacilityClaim.id.in_(without_number))
        .order_by(FacilityClaim.id, Facility.id, FacilityRelation.id)
    ).all()
    found: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0].id, row[1].id].append(row)
    for held in found.values():
        claim, facility = held[0][0], held[0][1]
        submission = without_number[claim.id]
        role = OrganizationKind(submission.claimed["kind"]).facility_role
        others = [(one[2], one[3]) for one in held if one[3] and one[3].id != submission.organization_id]
        likely = OnFile(facility.id, facility.name, any(relation.role == role for relation, _ in others))
        holders = ", ".join(map(_holder, (organization for _, organization in others)))
        template = "It may be “{name}” in {place}, which is on file: {why}."
        if holders:
            template = "It may be “{name}” in {place}, which is on file, held by {holders}: {why}."
        for why in _why(claim, facility):
            sentence = Sentence(template, name=facility.name, place=facility.place, holders=holders, why=why)
            flags[submission.id].append(Flag(claim.id, sentence, perhaps=likely))


def _holder(organization: Organization) -> str:
    name = f"“{organization.name}”"
    return f"{name} (closed on the portal)" if organization.state == State.CLOSED else name


def _perhaps_claimed(work: Work, without_number: dict[int, Submission], flags: dict[int, list[Flag]]) -> None:
    other = aliased(FacilityClaim)
    rows = work.session.execute(
        select(FacilityClaim, other, Organization.name)
        .join(
            other, _perhaps_alike(FacilityClaim, other) & (other.organization_id != FacilityClaim.organization_id)
        )
        .join(Organization, Organization.id == other.organization_id)
        .where(FacilityClaim.id.in_(without_number), other.state == ClaimState.WAITING)
        .order_by(FacilityClaim.id, other.id)
    ).all()
    for claim, likely, organization in rows:
        template = "“{organization}” also claims works that may be the same, “{name}” in {place}: {why}."
        for why in _why(claim, likely):
            sentence = Sentence(template, organization=organization, name=likely.name, place=likely.place, why=why)
            flags[without_number[claim.id].id].append(Flag(claim.id, sentence))


def _perhaps_alike(one: Any, other: Any) -> ColumnElement[bool]:
    """A coarse choice of works that may be the same; core.facilities.likeness decides."""
    north, east = degrees_around(SAME_WORKS_KM)
    near = and_(
        func.abs(one.latitude - other.latitude) <= north, func.abs(one.longitude - other.longitude) <= east
    )
    return and_(
        one.facility_type == other.facility_type, or_(near, title(one.plain_name) == title(other.plain_name))
    )


def _why(claim: FacilityClaim, other: Facility | FacilityClaim) -> Iterator[Sentence]:
    """Why two works may be the same; nothing where they are not alike."""
    here, there = Point(claim.latitude, claim.longitude), Point(other.latitude, other.longitude)
    alike = likeness(claim.name, here, other.name, there)
    if alike is None:
        return
    template = "{km} km away"
    if alike.same_name:
        template = "the same name, {km} km away"
    yield Sentence(template, km=round(alike.km, 1))


# --- in what a claim differs ------------------------------------------------------------------------------


def _differences(claim: dict[str, Any], facility: Facility) -> Iterator[Sentence]:
    """In what the claim differs from the facility on file, where the office has to know."""
    if facility.facility_type != claim["facility_type"]:
        yield Sentence("On file as another type: {type}.", type=FacilityType(facility.facility_type).label)
    if facility.ministry_number is None and claim["ministry_number"]:
        yield Sentence("On file without a number.")
    elif facility.ministry_number and facility.ministry_number != claim["ministry_number"]:
        yield Sentence("On file under another number: {number}.", number=facility.ministry_number)


def _classes(work: Work, facility_ids: set[int]) -> dict[int, FacilityClassification]:
    """The class on file of each facility that has one."""
    standing = select(FacilityClassification).where(
        FacilityClassification.facility_id.in_(facility_ids),
        FacilityClassification.superseded_at.is_(None),
        FacilityClassification.valid_until.is_(None),
    )
    return {row.facility_id: row for row in work.session.scalars(standing.order_by(FacilityClassification.id))}


def _other_class(claim: dict[str, Any], on_file: FacilityClassification | None, kept: bool) -> Iterator[Sentence]:
    """That the class on file is another one; `kept` where approving leaves it as it is."""
    if on_file is None or on_file.facility_class == claim["facility_class"]:
        return
    template = "On file as {facility_class}."
    if on_file.decision_id is not None:
        template = "On file as {facility_class} by a decision of the Director, which stays."
    elif kept:
        template = "On file as {facility_class}, which stays."
    yield Sentence(template, facility_class=FacilityClass(on_file.facility_class).label)
