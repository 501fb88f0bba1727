"""Who acts for which organization, and what each may do where. Whatever acts for an organization asks here."""

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, literal, or_, select

from core.membership import Right
from db.gate import Work
from db.schema import Account, MemberRight, Membership, StoredFile


def acts() -> ColumnElement[bool]:
    """A membership that was accepted and stands."""
    return and_(Membership.since.is_not(None), Membership.ended_at.is_(None))


def allowed(
    work: Work, right: Right, organization: SQLColumnExpression[int], facility: SQLColumnExpression[int]
) -> ColumnElement[bool]:
    """Whether whoever asks has a right at the organization and facility of a row, as a condition of SQL."""
    there = or_(MemberRight.facility_id.is_(None), MemberRight.facility_id == facility)
    return exists().where(_own(work), Membership.organization_id == organization, _gives(right), there)


def everywhere(work: Work, right: Right, organization: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Whether whoever asks has a right at every facility of a row's organization, as a condition of SQL."""
    at_all = MemberRight.facility_id.is_(None)
    return exists().where(_own(work), Membership.organization_id == organization, _gives(right), at_all)


def throughout(right: Right) -> ColumnElement[bool]:
    """A membership that acts, and gives its account a right at every facility of the organization."""
    return exists().where(_gives(right), MemberRight.facility_id.is_(None)).correlate(Membership)


def somewhere(right: Right) -> ColumnElement[bool]:
    """A membership that acts, and gives its account a right at one facility of the organization or more."""
    return exists().where(_gives(right)).correlate(Membership)


def there(right: Right, facility: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """A membership that acts, and gives its account a right at the facility of a row."""
    at_it = or_(MemberRight.facility_id.is_(None), MemberRight.facility_id == facility)
    return exists().where(_gives(right), at_it).correlate_except(MemberRight)


def may(work: Work, right: Right, organization_id: int, facility_id: int) -> bool:
    """Whether whoever asks has a right at a facility, for an organization that holds it or once did."""
    return bool(work.session.scalar(select(allowed(work, right, literal(organization_id), literal(facility_id)))))


def managed_id(work: Work) -> int | None:
    """The organization that whoever asks manages; None where there is none. Nobody manages two."""
    managed = select(Membership.organization_id).where(_own(work), _gives(Right.MANAGE))
    return work.session.scalar(managed.order_by(Membership.id).limit(1))


def is_member(work: Work, organization_id: int) -> bool:
    """Whether whoever asks acts for the organization, whatever the rights: what is its own, others decide."""
    own = select(Membership.id).where(_own(work), acts(), Membership.organization_id == organization_id)
    return work.session.scalar(own.limit(1)) is not None


def own_ids(work: Work) -> frozenset[int]:
    """Every organization that whoever asks acts for, whatever the rights."""
    return frozenset(work.session.scalars(select(Membership.organization_id).where(_own(work), acts())))


def holders(work: Work, right: Right, organization_id: int, facility_id: int | None = None) -> list[Account]:
    """The active accounts that have a right at a facility of an organization; None: at every one of them."""
    there = or_(MemberRight.facility_id.is_(None), MemberRight.facility_id == facility_id)
    having = select(Membership.account_id).where(
        Membership.organization_id == organization_id, _gives(right), there
    )
    active = select(Account).where(Account.id.in_(having), Account.state == "active")
    return list(work.session.scalars(active.order_by(Account.id)))


def is_own_file(work: Work, stored: StoredFile) -> bool:
    """Whether whoever asks uploaded the file, or manages the organization that its uploader managed then."""
    if stored.stored_by == work.account.id:
        return True
    uploader = select(Membership.id).where(
        Membership.account_id == stored.stored_by,
        Membership.organization_id == managed_id(work),
        MemberRight.membership_id == Membership.id,
        MemberRight.right == Right.MANAGE,
        MemberRight.since <= stored.stored_at,
        or_(MemberRight.ended_at.is_(None), MemberRight.ended_at > stored.stored_at),
    )
    return work.session.scalar(uploader.limit(1)) is not None


def _own(work: Work) -> ColumnElement[bool]:
    return Membership.account_id == work.account.id


def _gives(right: Right) -> ColumnElement[bool]:
    """A row of a membership that acts, and of a right of it that stands and includes this one."""
    return and_(
        acts(),
        MemberRight.membership_id == Membership.id,
        MemberRight.ended_at.is_(None),
        MemberRight.right.in_(right.given_by),
    )
