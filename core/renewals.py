"""When licences and certificates have to be renewed, and when somebody is reminded of it.

Reminders are the portal's own: no regulation sets these distances. A licence counts through its printed expiry
(O. Reg. 129/04, s. 7 (4); reading R4), so that day is the last on which there is still a reminder.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.alignment import Held, Status
from core.calendar import add_months
from core.licences import Licence

ASKED_FOR_MONTHS = 12  # an owner who looked at the contact details has asked for the person this long


class Ahead(StrEnum):
    """How long before an expiry somebody is reminded, farthest first."""

    THREE_MONTHS = "three months"
    ONE_MONTH = "one month"
    ONE_WEEK = "one week"

    def day(self, expiry: date) -> date:
        """The day from which this reminder is due; months are counted as in core.calendar."""
        if self is Ahead.ONE_WEEK:
            return expiry - timedelta(days=7)
        return add_months(expiry, -3 if self is Ahead.THREE_MONTHS else -1)


@dataclass(frozen=True)
class Renewal:
    """A licence and how many days are left on the day asked about: 0 on its last, fewer once it has expired.
    `status` is what is on file of it: only one in force counts until then."""

    licence: Licence
    days_left: int
    status: Status = Status.IN_FORCE

    @property
    def expired(self) -> bool:
        """Whether its last day has passed."""
        return self.days_left < 0

    @property
    def counts(self) -> bool:
        """Whether it counts."""
        return self.status is Status.IN_FORCE and not self.expired


def reminder(expiry: date, today: date) -> Ahead | None:
    """The reminder that is due on a day: of those whose day has come the nearest to the expiry, never two.

    None before the first, and once the licence has expired.
    """
    if today > expiry:
        return None
    return next((ahead for ahead in reversed(Ahead) if ahead.day(expiry) <= today), None)


def last_expiry_to_remind_of(today: date) -> date:
    """No later expiry has a reminder that is due on a day; some of the last few before it have none either."""
    longest_month = 31
    return add_months(today, 3) + timedelta(days=longest_month - 28)


def calendar(held: Iterable[Held], today: date) -> tuple[Renewal, ...]:
    """All of a person's licences by expiry, the next one first; those that have expired come last."""
    renewals = (Renewal(one.licence, (one.licence.expiry - today).days, one.status) for one in held)
    return tuple(sorted(renewals, key=lambda one: (one.expired, one.licence.expiry, one.licence.label)))
