"""What waits for whoever is signed in, each with the page where it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from core.certificate_applications import ApplicationState
from core.findings import Verdict
from core.listings import ImportState
from core.membership import Right
from core.places import day_at
from core.profiles import ClaimState, State, SubmissionState
from core.queue import Stage
from core.renewals import reminder
from core.roles import ACTING, Role
from core.sentences import Sentence
from db import kept_people, memberships, renewals
from db.gate import SIGNED_IN, Work, service
from db.law_schema import ClassificationApplication
from db.members import acts, allowed, managed_id, own_ids
from db.own_facilities import facilities_where
from db.province_schema import KeptFinding
from db.register_schema import (
    AlignmentChange,
    AlignmentRun,
    ClaimOverride,
    ClaimQuestion,
    Discrepancy,
    ListingImport,
)
from db.schema import (
    Account,
    CertificateClaim,
    ContactLook,
    Credential,
    Facility,
    FacilityClaim,
    FacilityRelation,
    Membership,
    OperatorProfile,
    Organization,
    OutgoingMail,
    Submission,
)
from db.verification import overrides, questions
from db.verification.profile_views import certificates_in, facilities_in, licence_of
from db.verification.questions import in_words
from db.verification.submissions import Claim


@dataclass(frozen=True)
class Waiting:
    """Something for a person to do or to know. `page` is its address in the portal; `count` how many there are.
    `facility_id`: the facility of which the page is to be, None for all.

    `urgent` marks what needs the reader before anything else. `stage` is what the queue is to show, "" for all.
    """

    sentence: Sentence
    page: str
    urgent: bool = False
    count: int = 0
    stage: str = ""
    facility_id: int | None = None


@service(SIGNED_IN)
def waiting(work: Work) -> tuple[Waiting, ...]:
    """What waits for each role of whoever asks, the urgent first."""
    found: list[Waiting] = []
    if Role.OPERATOR in work.roles:
        found += _for_operator(work)
    found += _offers(work)
    found += _questions(work)
    if Role.OWNER in work.roles and (Role.DELEGATE not in work.roles or managed_id(work) is not None):
        found += _for_owner(work)
    if Role.DELEGATE in work.roles:
        found.append(_for_delegate(work))
    if not work.roles.isdisjoint(ACTING):
        found += _returned_applications(work)
    if Role.OFFICER in work.roles:
        found += _for_officer(work)
    if Role.DIRECTOR in work.roles:
        found += _for_director(work)
    if Role.ADMIN in work.roles:
        found += _for_admin(work)
    return tuple(sorted(found, key=lambda one: not one.urgent))


def _for_operator(work: Work) -> list[Waiting]:
    profile = work.session.scalar(
        select(OperatorProfile).where(OperatorProfile.person_id == work.account.person_id)
    )
    if profile is None or (profile.state == State.DRAFT and not certificates_in(profile)):
        return [Waiting(Sentence("Enter your Operator ID and your certificates."), "my-profile", True)]
    found = [_for_state(work, State(profile.state), bool(profile.agreed_version), "my-profile")]
    if profile.state == State.ACTIVE and not profile.available:
        found.append(
            Waiting(Sentence("Your availability is off: owners do not find you. Switch it on when you can work."),
                    "overview")
        )  # fmt: skip
    looks = work.session.scalar(
        select(func.count()).select_from(ContactLook).where(ContactLook.profile_id == profile.id)
    )
    found += _refused(certificates_in(profile), "my-profile")
    found += _expiring(work, profile)
    if looks:
        sentence = Sentence("Your contact details were looked at {count} times: see by whom.", count=looks)
        if looks == 1:
            sentence = Sentence("Your contact details were looked at once: see by whom.")
        found.append(Waiting(sentence, "overview", count=looks))
    return [one for one in found if one is not None]


def _for_owner(work: Work) -> list[Waiting]:
    organization_id = managed_id(work)
    organization = None if organization_id is None else work.session.get(Organization, organization_id)
    if organization is None or (organization.state == State.DRAFT and not facilities_in(organization)):
        return [Waiting(Sentence("Enter your organization and your facilities."), "my-facilities", True)]
    found = [_for_state(work, State(organization.state), bool(organization.agreed_version), "my-facilities")]
    found += _refused(facilities_in(organization), "my-facilities")
    found += _not_met_or_due(work)
    if organization.state == State.ACTIVE:
        found.append(Waiting(Sentence("Find operators for your facilities."), "search"))
    return [one for one in found if one is not None]


def _not_met_or_due(work: Work) -> list[Waiting]:
    """What does not hold at the facilities of whoever asks, as last tested, and what of their people falls due."""
    own = select(FacilityRelation.facility_id).where(facilities_where(work, Right.READ))
    of_people = and_(KeptFinding.due.is_not(None), KeptFinding.about.in_(kept_people.ABOUT))
    found = (
        select(Facility.id, Facility.name, func.count())
        .join(KeptFinding, KeptFinding.facility_id == Facility.id)
        .where(Facility.id.in_(own), or_(KeptFinding.verdict == Verdict.NOT_MET.value, of_people))
        .group_by(Facility.id, Facility.name)
    )
    rows = work.session.execute(found).all()
    if not rows:
        return []
    count = sum(number for _, _, number in rows)
    if len(rows) > 1:
        sentence = Sentence("Findings that do not hold or fall due, at {facilities} of your facilities: {count}.",
                            facilities=len(rows), count=count)  # fmt: skip
        return [Waiting(sentence, "people", True, count)]
    id, name, _ = rows[0]
    sentence = Sentence(
        "Findings that do not hold or fall due at {facility}: {count}.", facility=name, count=count
    )
    return [Waiting(sentence, "compliance", True, count, facility_id=id)]


def _questions(work: Work) -> list[Waiting]:
    """What the office has asked about one's own certificates or facilities, and nobody has answered yet."""
    if work.roles.isdisjoint((Role.OPERATOR, Role.OWNER)):
        return []
    count = len(questions.open_to(work))
    if not count:
        return []
    sentence = Sentence("The office asks you {count} questions. Answer them.", count=count)
    if count == 1:
        sentence = Sentence("The office asks you a question. Answer it.")
    return [Waiting(sentence, "overview", True, count)]


def _refused(claims: Sequence[Claim], page: str) -> list[Waiting]:
    """What the office did not confirm, until its holder mends it or takes it out."""
    refused = [in_words(claim) for claim in claims if claim.state == ClaimState.REFUSED]
    if not refused:
        return []
    sentence = Sentence("The office did not confirm {count} of your entries. Read why.", count=len(refused))
    if len(refused) == 1:
        sentence = Sentence("The office did not confirm {what}. Read why.", what=refused[0])
    return [Waiting(sentence, page, True, len(refused))]


def _expiring(work: Work, profile: OperatorProfile) -> list[Waiting]:
    """What counts and is to be renewed by now, from its first reminder's day until a renewed one waits."""
    today = day_at(work.at)
    renewed = {one.replaces_id for one in profile.certificates if one.state == ClaimState.WAITING}
    held = select(Credential).where(Credential.person_id == profile.person_id, renewals.standing(today))
    due = [
        one
        for one in work.session.scalars(held.order_by(Credential.expiry, Credential.id))
        if reminder(one.expiry, today) and (one.claim_id is None or one.claim_id not in renewed)
    ]
    if not due:
        return []
    label, day = licence_of(due[0]).label, due[0].expiry
    sentence = Sentence("{label} expires on {day}. Enter the renewed one.", label=label, day=day)
    if len(due) > 1:
        sentence = Sentence(
            "{count} of your certificates expire soon, the first on {day}. Enter the renewed ones.",
            count=len(due),
            day=day,
        )
    return [Waiting(sentence, "my-profile", True, len(due))]


def _offers(work: Work) -> list[Waiting]:
    """Invitations to act for an organization."""
    template = "{organization} invites you to act for it. Accept or decline."
    offered = memberships.offers(work, work.account.id)
    return [Waiting(Sentence(template, organization=one.name), "acting-for", True) for _, one in offered]


def _for_delegate(work: Work) -> Waiting:
    names = select(Organization.name).join(Membership, Membership.organization_id == Organization.id)
    mine = names.where(Membership.account_id == work.account.id, acts()).order_by(Organization.name)
    organizations = ", ".join(work.session.scalars(mine))
    if not organizations:
        return Waiting(Sentence("You act for no organization now."), "acting-for")
    return Waiting(Sentence("You act for {organizations}.", organizations=organizations), "acting-for")


def _returned_applications(work: Work) -> list[Waiting]:
    """Applications that were returned to whoever may apply anew, and has not."""
    table, newer = ClassificationApplication, aliased(ClassificationApplication)
    anew = exists().where(newer.facility_id == table.facility_id, newer.id > table.id)
    count = _count(
        work,
        allowed(work, Right.RECORD, table.organization_id, table.facility_id),
        table.state == ApplicationState.RETURNED,
        ~anew,
    )
    if not count:
        return []
    sentence = Sentence("Applications for classification returned to you: {count}. Read why.", count=count)
    return [Waiting(sentence, "applications", True, count)]


def _for_state(work: Work, state: State, agreed: bool, page: str) -> Waiting | None:
    """What a profile's state asks of its holder; None where it is in order."""
    match state:
        case State.DRAFT:
            return Waiting(Sentence("Your profile is a draft. Submit it for verification."), page, True)
        case State.PENDING:
            told = " You will receive an e-mail." if work.portal.settings.smtp_host else ""
            return Waiting(Sentence(f"Your profile is pending verification.{told}"), "overview")
        case State.RETURNED:
            return Waiting(Sentence("Your profile was returned to you. Read why, and mend it."), "overview", True)
        case State.SUSPENDED:
            return Waiting(Sentence("Your profile is suspended. Read why."), "overview", True)
        case State.ACTIVE if not agreed:
            return Waiting(Sentence("Your profile is open for changes. Submit it when you are done."), page)
    return None


def _for_officer(work: Work) -> list[Waiting]:
    waits = Submission.state == SubmissionState.OPEN
    counted = select(func.count(), func.min(Submission.submitted_at)).where(waits, _submitted_by_others(work))
    count, oldest = work.session.execute(counted).one()
    nothing = Sentence("No profile waits for verification.")
    if not count and _count(work, waits):
        nothing = Sentence("No profile waits for you: another officer verifies your own.")
    found = [Waiting(nothing, "queue")]
    if count:
        template = "{count} profiles wait for verification, the oldest since {oldest}."
        if count == 1:
            template = "One profile waits for verification, since {oldest}."
        found = [Waiting(Sentence(template, count=count, oldest=day_at(oldest)), "queue", True, count)]
    applications = _applications(work, ApplicationState.OPEN)
    if applications[0]:
        found.append(_waiting_applications(applications, "check", "queue"))
    found += _answered(work) + _taken(work)
    return found + _overrides_and_differences(work) + _results_to_release(work) + _waiting_imports(work)


def _submitted_by_others(work: Work) -> ColumnElement[bool]:
    """That a submission is of a profile or organization on which whoever asks may decide: not an own one."""
    own_profile = exists().where(
        OperatorProfile.id == Submission.operator_profile_id, OperatorProfile.person_id == work.account.person_id
    )
    own = and_(Submission.organization_id.is_not(None), Submission.organization_id.in_(own_ids(work)))
    return ~or_(own_profile, own)


def _answered(work: Work) -> list[Waiting]:
    """What waits again with the office, since its questions are answered."""
    of_it = ClaimQuestion.submission_id == Submission.id
    unanswered = exists().where(of_it, ClaimQuestion.answered_at.is_(None))
    waits = Submission.state == SubmissionState.OPEN, _submitted_by_others(work)
    count = _count(work, *waits, exists().where(of_it), ~unanswered)
    if not count:
        return []
    sentence = Sentence("Profiles of which the office’s questions are answered: {count}.", count=count)
    return [Waiting(sentence, "queue", True, count, Stage.ANSWERED)]


def _taken(work: Work) -> list[Waiting]:
    """What this officer has taken, or was given, and has not decided."""
    count = sum(
        _count(work, table.taken_by == work.account.id, table.state == "open")
        for table in (Submission, ClassificationApplication, Discrepancy)
    )
    if not count:
        return []
    sentence = Sentence("Taken by you, or given to you, and not decided: {count}.", count=count)
    return [Waiting(sentence, "queue", True, count, Stage.MINE)]


def _waiting_imports(work: Work) -> list[Waiting]:
    """Imports of listings that wait for a second officer, who is somebody else than made them."""
    importer = select(Account.person_id).where(Account.id == ListingImport.imported_by).scalar_subquery()
    found = select(ListingImport.kind, ListingImport.listed_on).where(
        ListingImport.state == ImportState.WAITING, importer != work.account.person_id
    )
    sentence = "The listing of {kind} of {day} waits for a second officer: much would vanish."
    return [
        Waiting(Sentence(sentence, kind=kind, day=day), "listings", True, 1)
        for kind, day in work.session.execute(found.order_by(ListingImport.kind.desc()))
    ]


def _results_to_release(work: Work) -> list[Waiting]:
    """What comparing the profiles with the listing changed, of which nobody has been told yet."""
    of_run = exists().where(AlignmentChange.run_id == AlignmentRun.id, AlignmentChange.mail == "waits")
    count = work.session.scalar(select(func.count(AlignmentRun.id)).where(of_run)) or 0
    if not count:
        return []
    sentence = Sentence("Results of comparing with the listing to release: {count}.", count=count)
    return [Waiting(sentence, "alignment", True, count)]


def _overrides_and_differences(work: Work) -> list[Waiting]:
    """Overrides for another officer to agree to or to review, and what a later listing says otherwise; of what is
    the officer's own another one decides."""
    proposed_by_others = ClaimOverride.proposed_by != work.account.id
    others = _count(work, ClaimOverride.state == "waiting", proposed_by_others, *_of_others(work, ClaimOverride))
    due = _count(work, overrides.due(day_at(work.at)), *_of_others(work, ClaimOverride))
    certificates, facilities = (
        _count(work, Discrepancy.state == "open", of.is_not(None), *_of_others(work, Discrepancy))
        for of in (Discrepancy.claim_id, Discrepancy.facility_claim_id)
    )
    found = []
    if others:
        sentence = Sentence("Overrides that wait for you as second officer: {count}.", count=others)
        found.append(Waiting(sentence, "queue", True, others))
    if due:
        sentence = Sentence("Overrides that are due for review: {count}.", count=due)
        found.append(Waiting(sentence, "queue", True, due))
    if certificates:
        sentence = Sentence("Certificates of which a later listing says otherwise: {count}.", count=certificates)
        found.append(Waiting(sentence, "queue", True, certificates))
    if facilities:
        sentence = Sentence("Facilities of which the ministry’s list says otherwise: {count}.", count=facilities)
        found.append(Waiting(sentence, "queue", True, facilities))
    return found


def _of_others(
    work: Work, table: type[ClaimOverride | Discrepancy]
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """That what one is of is neither a certificate of whoever asks nor a facility of an own organization."""
    mine = exists().where(
        CertificateClaim.id == table.claim_id,
        OperatorProfile.id == CertificateClaim.profile_id,
        OperatorProfile.person_id == work.account.person_id,
    )
    ours = exists().where(
        FacilityClaim.id == table.facility_claim_id, FacilityClaim.organization_id.in_(own_ids(work))
    )
    return ~mine, ~ours


def _for_director(work: Work) -> list[Waiting]:
    applications = _applications(work, ApplicationState.PASSED_ON)
    if not applications[0]:
        return [Waiting(Sentence("No application waits for your decision."), "applications")]
    return [_waiting_applications(applications, "decide", "applications")]


def _applications(work: Work, state: ApplicationState) -> tuple[int, datetime]:
    """How many applications are in a state, and since when the oldest was handed in."""
    table = ClassificationApplication
    counted = select(func.count(), func.min(table.submitted_at)).where(table.state == state)
    count, oldest = work.session.execute(counted).one()
    return count, oldest


def _waiting_applications(applications: tuple[int, datetime], act: str, page: str) -> Waiting:
    count, oldest = applications
    template = "{count} applications for classification to {act}, the oldest of {oldest}."
    if count == 1:
        template = "One application for classification to {act}, of {oldest}."
    return Waiting(Sentence(template, count=count, act=act, oldest=day_at(oldest)), page, True, count)


def _for_admin(work: Work) -> list[Waiting]:
    failed = _count(work, OutgoingMail.failure != "", OutgoingMail.sent_at.is_(None))
    invited = _count(work, Account.state == "invited")
    found = []
    if failed:
        found.append(
            Waiting(
                Sentence("Mails that could not be sent so far: {count}.", count=failed),
                "outgoing-mail",
                True,
                failed,
            )
        )
    if invited:
        found.append(
            Waiting(Sentence("Invitations not yet accepted: {count}.", count=invited), "accounts", count=invited)
        )
    return found


def _count(work: Work, *conditions: ColumnElement[bool]) -> int:
    return work.session.scalar(select(func.count()).where(*conditions)) or 0
