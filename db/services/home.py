"""What waits for whoever is signed in, each with the page where it is done."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from core.places import day_at
from core.profiles import State, SubmissionState
from core.roles import Role
from core.sentences import Sentence
from db.gate import SIGNED_IN, Work, service
from db.organizations import own_organization_id
from db.profile_views import certificates_in, facilities_in
from db.schema import Account, ContactLook, OperatorProfile, Organization, OutgoingMail, Submission


@dataclass(frozen=True)
class Waiting:
    """Something for a person to do or to know. `page` is its address in the portal; `count` how many there are.

    `urgent` marks what needs the reader before anything else.
    """

    sentence: Sentence
    page: str
    urgent: bool = False
    count: int = 0


@service(SIGNED_IN)
def waiting(work: Work) -> tuple[Waiting, ...]:
    """What waits for each role of whoever asks, the urgent first."""
    found: list[Waiting] = []
    if not work.account.email_confirmed_at:
        found.append(
            Waiting(
                Sentence("Confirm your e-mail address: a profile can be submitted after that."), "account", True
            )
        )
    if Role.OPERATOR in work.roles:
        found += _for_operator(work)
    if Role.OWNER in work.roles:
        found += _for_owner(work)
    if Role.OFFICER in work.roles:
        found += _for_officer(work)
    if Role.ADMIN in work.roles:
        found += _for_admin(work)
    return tuple(sorted(found, key=lambda one: not one.urgent))


def _for_operator(work: Work) -> list[Waiting]:
    profile = work.session.scalar(
        select(OperatorProfile).where(OperatorProfile.person_id == work.account.person_id)
    )
    if profile is None or (profile.state == State.DRAFT and not certificates_in(profile)):
        return [Waiting(Sentence("Enter your Operator ID and your certificates."), "my-profile", True)]
    found = [_for_state(State(profile.state), bool(profile.agreed_version), "my-profile")]
    if profile.state == State.ACTIVE and not profile.available:
        found.append(
            Waiting(Sentence("Your availability is off: owners do not find you. Switch it on when you can work."),
                    "overview")
        )  # fmt: skip
    looks = work.session.scalar(
        select(func.count()).select_from(ContactLook).where(ContactLook.profile_id == profile.id)
    )
    if looks:
        sentence = Sentence("Your contact details were looked at {count} times: see by whom.", count=looks)
        if looks == 1:
            sentence = Sentence("Your contact details were looked at once: see by whom.")
        found.append(Waiting(sentence, "overview", count=looks))
    return [one for one in found if one is not None]


def _for_owner(work: Work) -> list[Waiting]:
    organization_id = own_organization_id(work)
    organization = None if organization_id is None else work.session.get(Organization, organization_id)
    if organization is None or (organization.state == State.DRAFT and not facilities_in(organization)):
        return [Waiting(Sentence("Enter your organization and your facilities."), "my-facilities", True)]
    found = [_for_state(State(organization.state), bool(organization.agreed_version), "my-facilities")]
    if organization.state == State.ACTIVE:
        found.append(Waiting(Sentence("Find operators for your facilities."), "search"))
    return [one for one in found if one is not None]


def _for_state(state: State, agreed: bool, page: str) -> Waiting | None:
    """What a profile's state asks of its holder; None where it is in order."""
    match state:
        case State.DRAFT:
            return Waiting(Sentence("Your profile is a draft. Submit it for verification."), page, True)
        case State.PENDING:
            return Waiting(
                Sentence("Your profile is pending verification. You will receive an e-mail."), "overview"
            )
        case State.RETURNED:
            return Waiting(Sentence("Your profile was returned to you. Read why, and mend it."), "overview", True)
        case State.SUSPENDED:
            return Waiting(Sentence("Your profile is suspended. Read why."), "overview", True)
        case State.ACTIVE if not agreed:
            return Waiting(Sentence("Your profile is open for changes. Submit it when you are done."), page)
    return None


def _for_officer(work: Work) -> list[Waiting]:
    count, oldest = work.session.execute(
        select(func.count(), func.min(Submission.submitted_at)).where(Submission.state == SubmissionState.OPEN)
    ).one()
    if not count:
        return [Waiting(Sentence("No profile waits for verification."), "queue")]
    template = "{count} profiles wait for verification, the oldest since {oldest}."
    if count == 1:
        template = "One profile waits for verification, since {oldest}."
    sentence = Sentence(template, count=count, oldest=day_at(oldest))
    return [Waiting(sentence, "queue", True, count)]


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
