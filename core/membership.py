"""What somebody may do for an organization: rights, each at all of its facilities or at named ones."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from core.problems import Problem
from core.sentences import Sentence


class Right(StrEnum):
    """What a member may do. A further right is a further line here."""

    MANAGE = "manage"
    FIND = "find"
    RECORD = "record"
    READ = "read"

    @property
    def label(self) -> str:
        """What it lets its holder do, in words."""
        return _LABELS[self]

    @property
    def given_by(self) -> frozenset["Right"]:
        """The rights that include this one, itself among them."""
        return frozenset({self, Right.MANAGE} | ({Right.RECORD} if self is Right.READ else set()))


_LABELS = {
    Right.MANAGE: "Manage: do everything, and decide who else may",
    Right.FIND: "Find operators and open their contact details",
    Right.RECORD: "Record what the law asks: calculations, applications, displays",
    Right.READ: "See how a facility stands",
}


@dataclass(frozen=True, order=True)
class Grant:
    """A right at a facility of the organization, or at all of them (None)."""

    right: Right
    facility_id: int | None = None

    def includes(self, other: "Grant") -> bool:
        """Whether whoever has this one needs the other no more."""
        everywhere_it_is = self.facility_id in (None, other.facility_id)
        return self != other and self.right in other.right.given_by and everywhere_it_is


MANAGER = frozenset({Grant(Right.MANAGE)})


def settled(grants: Collection[Grant]) -> frozenset[Grant]:
    """The same rights in the fewest grants. Whoever manages, manages the whole organization."""
    if any(grant.right is Right.MANAGE for grant in grants):
        return MANAGER
    return frozenset(one for one in grants if not any(other.includes(one) for other in grants))


def problems(grants: Collection[Grant]) -> list[Problem]:
    """What is wrong with the rights that somebody is to have."""
    if grants:
        return []
    return [
        Problem("manager", Sentence("Choose what this person may do: everything, or some of the rights below."))
    ]
