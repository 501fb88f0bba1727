"""Who reads a facility's log, and on what right somebody writes in it (O. Reg. 129/04, s. 19 (3))."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select, true

from core.calendar import Span
from core.log_chain import Standing
from core.logs import Authorization, right_to_write
from core.logs import Right as LogRight
from core.membership import Right
from core.places import day_at
from core.problems import Refused, refuse
from core.roles import ACTING, Role
from db.facility_people import IN_CHARGE, span
from db.gate import NotAllowed, Work
from db.holders import is_one_of
from db.log_schema import LogAuthorization
from db.own_facilities import facilities_where
from db.people_schema import Designation, Employee, Employment
from db.schema import Facility, FacilityRelation

OFFICE = (Role.OFFICER, Role.DIRECTOR, Role.MANAGER)
WRITERS = (Role.OPERATOR, *ACTING)
READERS = (*WRITERS, *OFFICE)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Writer:
    """On which days whoever asks is operator-in-charge of a facility, what authorizes them to write, and on which
    days they are employed there: on others neither counts (R72)."""

    in_charge: tuple[Span, ...]
    authorizations: tuple[Authorization, ...]
    employed: tuple[Span, ...]

    def right_on(self, days: Sequence[date]) -> LogRight | None:
        """On what they may write who have a right on one of some days (core.logs.right_to_write)."""
        there = [day for day in days if any(day in span for span in self.employed)]
        return right_to_write(self.in_charge, self.authorizations, there)

    def is_in_charge(self, day: date) -> bool:
        """Whether they are operator-in-charge on a day."""
        right = self.right_on([day])
        return right is not None and right.standing is Standing.IN_CHARGE


def writer(work: Work, facility_id: int) -> Writer:
    """What whoever asks may rest an entry on. Three statements."""
    mine = own_employees(work)
    there = select(Employment).where(
        Employment.facility_id == facility_id,
        Employment.superseded_at.is_(None),
        Employment.employee_id.in_(mine),
    )
    charged = select(Designation).where(
        Designation.facility_id == facility_id,
        Designation.role == IN_CHARGE,
        Designation.superseded_at.is_(None),
        Designation.employee_id.in_(mine),
    )
    given = select(LogAuthorization).where(
        LogAuthorization.facility_id == facility_id,
        LogAuthorization.revoked_at.is_(None),
        LogAuthorization.employee_id.in_(mine),
    )
    return Writer(
        tuple(map(span, work.session.scalars(charged))),
        tuple(map(authorization, work.session.scalars(given.order_by(LogAuthorization.id)))),
        tuple(map(span, work.session.scalars(there))),
    )


def authorization(row: LogAuthorization) -> Authorization:
    """An authorization as the rules know it."""
    return Authorization(row.id, row.by_owner, Span(row.valid_from, row.valid_until), row.giver_in_charge)


def own_employees(work: Work) -> ColumnElement[int]:
    """The ids of the employees who are whoever asks, as a subquery."""
    return select(Employee.id).where(is_one_of([work.account.person_id])).scalar_subquery()


def readable(work: Work) -> ColumnElement[bool]:
    """The facilities whose logs whoever asks may read, as a condition: all for the office's staff; where they have
    a right; and where they work today, as whoever writes does (R72), or did so yesterday, whose shift may last."""
    if not work.roles.isdisjoint(OFFICE):
        return true()
    today = day_at(work.at)
    held = select(FacilityRelation.facility_id).where(facilities_where(work, Right.READ))
    works = select(Employment.facility_id).where(
        Employment.employee_id.in_(own_employees(work)),
        Employment.superseded_at.is_(None),
        or_(Employment.valid_from.is_(None), Employment.valid_from <= today),
        or_(Employment.valid_until.is_(None), Employment.valid_until > today - _ONE_DAY),
    )
    return or_(Facility.id.in_(held), Facility.id.in_(works))


def read(work: Work, facility_id: int) -> Facility:
    """A facility whose log whoever asks may read. Raises NotAllowed for another, and for one that is not there."""
    facility = work.session.scalar(select(Facility).where(Facility.id == facility_id, readable(work)))
    if facility is None:
        raise NotAllowed
    return facility


def may_not_write() -> Refused:
    """What is said to whoever may read a log and not write in it."""
    return refuse(
        "You may not write in this log today. An operator-in-charge of the day may, and whoever was authorized by "
        "the owner or by an operator-in-charge, through the last day of that. Ask one of them to authorize you."
    )
