"""Looks at contact details: each is recorded, and the operator sees it."""

from dataclasses import dataclass

from sqlalchemy import select

from core.places import day_at, start_of
from core.problems import refuse
from core.roles import ACTING, Role
from db import finding
from db.gate import Work, service
from db.schema import Account, ContactLook, OperatorProfile, Organization


@dataclass(frozen=True)
class ContactDetails:
    """How an operator can be reached."""

    name: str
    email: str
    telephone: str  # E.164
    municipality: str
    language: str


@service(*ACTING, Role.OFFICER, shows_personal_data=True)
def contact_details(work: Work, profile_id: int, organization_id: int | None = None) -> ContactDetails:
    """The contact details of an operator who can be found now. The look is recorded, and shown to the operator.

    organization_id: for which organization, where the asker may search for several. Raises Refused for somebody
    who cannot be found, or does not come to where the asker may search, and beyond the number of operators whose
    details one organization opens a day.
    """
    who = finding.searcher(work, Role.OFFICER, organization_id=organization_id)
    today = day_at(work.at)
    account = work.session.scalar(
        select(Account)
        .join(OperatorProfile, OperatorProfile.person_id == Account.person_id)
        .where(OperatorProfile.id == profile_id, finding.findable_on(who, today))
    )
    if account is None:
        raise refuse("This operator is no longer available, or holds no licence in force. Search again.")
    if who.organization_id is not None:
        _must_have_looks_left(work, who.organization_id, profile_id)
    work.session.add(
        ContactLook(
            profile_id=profile_id, account_id=work.account.id, organization_id=who.organization_id, at=work.at
        )
    )
    work.record("contact_details.shown", "operator_profile", profile_id, organization=who.organization_id)
    return ContactDetails(
        account.person.name, account.email, account.telephone, account.municipality, account.language
    )


def _must_have_looks_left(work: Work, organization_id: int, profile_id: int) -> None:
    """Raises Refused when the organization has opened as many operators' details as it may in the office's day,
    this operator's not among them."""
    work.for_update(Organization, organization_id)  # two clicks at once are counted one after the other
    today = (ContactLook.organization_id == organization_id, ContactLook.at >= start_of(day_at(work.at)))
    opened = set(work.session.scalars(select(ContactLook.profile_id).where(*today).distinct()))
    most = work.portal.settings.looks_per_day
    if profile_id not in opened and len(opened) >= most:
        raise refuse(
            "Your organization has opened the contact details of {most} operators today, the most in one day. "
            "More can be opened tomorrow; if it cannot wait, call the office at {telephone}.",
            most=most,
            telephone=work.portal.settings.office_telephone,
        )
