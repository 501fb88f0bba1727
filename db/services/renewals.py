"""When an operator's licences and certificates expire."""

from sqlalchemy import select

from core import renewals
from core.places import day_at
from core.renewals import Renewal
from core.roles import Role
from db.gate import Work, service
from db.renewals import standing
from db.schema import Credential
from db.search_entries import licence_of


@service(Role.OPERATOR)
def mine(work: Work) -> tuple[Renewal, ...]:
    """The calendar of everything that whoever asks holds, as the office has confirmed it: the next first."""
    today = day_at(work.at)
    held = work.session.scalars(
        select(Credential).where(Credential.person_id == work.account.person_id, standing(today))
    )
    return renewals.calendar(map(licence_of, held), today)
