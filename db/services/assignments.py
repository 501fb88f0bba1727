"""Who works on what waits: officers take a submission, an application or a difference, give it back, or give it to
somebody."""

from dataclasses import dataclass

from sqlalchemy import select

from core.problems import refuse
from core.queue import Filters, Place, Subject
from core.roles import Role
from db import members
from db.application_views import is_own
from db.gate import Work, service
from db.law_schema import ClassificationApplication
from db.register_schema import Discrepancy
from db.schema import Account, AccountRole, FacilityClaim, OperatorProfile
from db.verification import deciding, handling, queue_listing
from db.verification.handling import Handling, Row


@dataclass(frozen=True)
class Officer:
    """Somebody who decides on what waits."""

    account_id: int
    name: str
    is_asker: bool


@dataclass(frozen=True)
class Around:
    """What is around something in the queue: who works on it, and what stands before and after it."""

    handling: Handling
    previous: Place | None
    next: Place | None


@service(Role.OFFICER)
def around(work: Work, place: Place, filters: Filters = Filters()) -> Around:  # noqa: B008 - frozen
    """Who works on something, and the previous and the next one of those that `filters` leave of the queue. Raises
    Refused where it is not there."""
    handled = handling.handling(work, place)
    return Around(handled, *queue_listing.neighbours(work, place, filters))


@service(Role.OFFICER, writes=True)
def take(work: Work, place: Place, version: int) -> None:
    """It is the asker's to decide on, and nobody else's until it is given back."""
    _give(work, place, _locked(work, place, version), work.account.id)


@service(Role.OFFICER, writes=True)
def give_back(work: Work, place: Place, version: int) -> None:
    """Everybody may decide on it again."""
    _give(work, place, _locked(work, place, version), None)


@service(Role.OFFICER, writes=True)
def give_to(work: Work, place: Place, version: int, account_id: int) -> None:
    """It is another officer's, or the asker's, whoever has taken it before."""
    row = _locked(work, place, version, whoever_took_it=True)
    if account_id not in {one.account_id for one in _officers(work)}:
        raise refuse("This account is no officer’s any more. Choose another officer.", field="officer")
    _give(work, place, row, account_id)


@service(Role.OFFICER)
def officers(work: Work) -> tuple[Officer, ...]:
    """Everybody to whom something can be given, by name."""
    return _officers(work)


def _officers(work: Work) -> tuple[Officer, ...]:
    holding = select(AccountRole.account_id).where(
        AccountRole.role == Role.OFFICER, AccountRole.ended_at.is_(None)
    )
    found = work.session.scalars(select(Account).where(Account.state == "active", Account.id.in_(holding)))
    named = (Officer(one.id, one.person.name, one.id == work.account.id) for one in found)
    return tuple(sorted(named, key=lambda one: one.name.casefold()))


def _locked(work: Work, place: Place, version: int, *, whoever_took_it: bool = False) -> Row:
    """What is taken, locked and marked as changed: open, as it was seen, not the officer's own, and, unless
    `whoever_took_it`, taken by nobody else."""
    if place.subject is Subject.SUBMISSION:
        submission, _profile = deciding.locked(work, place.id, version, whoever_took_it=whoever_took_it)
        return submission
    handling.row_at(work, place)
    row: Row = work.for_update(handling.TABLES[place.subject], place.id)
    if _is_own(work, row):
        raise refuse("This {what} is your own, so another officer has to decide on it.", what=place.subject.noun)
    if row.state != "open" and row.version == version:
        raise refuse("This {what} waits no more. The queue shows what still does.", what=place.subject.noun)
    work.touch(row, version)
    if not whoever_took_it:
        handling.must_not_be_taken(work, row)
    return row


def _is_own(work: Work, row: Row) -> bool:
    if isinstance(row, ClassificationApplication):
        return is_own(work, row)
    if isinstance(row, Discrepancy) and row.facility_claim_id is not None:
        claim = work.session.get_one(FacilityClaim, row.facility_claim_id)
        return members.is_member(work, claim.organization_id)
    if isinstance(row, Discrepancy):
        return work.session.get_one(OperatorProfile, row.profile_id).person_id == work.account.person_id
    return False


def _give(work: Work, place: Place, row: Row, account_id: int | None) -> None:
    row.taken_by = account_id
    row.taken_at = None if account_id is None else work.at
    done = "given_back" if account_id is None else "taken" if account_id == work.account.id else "given"
    work.record(f"{place.subject}.{done}", handling.table_name(place), place.id, to=account_id)
