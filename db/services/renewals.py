"""When an operator's licences and certificates expire."""

from sqlalchemy import select

from core import renewals
from core.alignment import Held, Status
from core.places import day_at
from core.renewals import Renewal
from core.roles import Role
from db.gate import Work, service
from db.renewals import on_file
from db.schema import Credential
from db.search_entries import licence_of


@service(Role.OPERATOR)
def mine(work: Work) -> tuple[Renewal, ...]:
    """The calendar of all that the office has confirmed of whoever asks, also of what does not count: the next
    first."""
    today = day_at(work.at)
    found = work.session.scalars(
        select(Credential).where(Credential.person_id == work.account.person_id, on_file(today))
    )
    return renewals.calendar((Held(licence_of(one), Status(one.status)) for one in found), today)
