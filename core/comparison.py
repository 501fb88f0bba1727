"""A claim compared with the ministry's standing listing: how it is borne out, and every difference in words.

Rows are those of the standing listing; None in place of them means that no listing is on file, which is never
"not found". A person's rows are known by the Operator ID, and among them the claimed one by number and type.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.facilities import FacilityClass, FacilityType
from core.licences import Licence
from core.listings import ListedFacility, ListedLicence, ListedStatus
from core.names import Likeness, Name, likeness, same_title
from core.sentences import Sentence


class Outcome(StrEnum):
    """How the standing listing bears out a claim."""

    EXACT = "exact"
    NOT_COMPARABLE = "not comparable"
    DIFFERS = "differs"
    NUMBER_NOT_FOUND = "number not found"
    ID_NOT_FOUND = "id not found"
    LISTED_SUSPENDED = "listed suspended"

    @property
    def label(self) -> str:
        """Its name for people."""
        return _LABELS[self]

    @property
    def not_found(self) -> bool:
        """Whether the listing does not have what is claimed."""
        return self in (Outcome.NUMBER_NOT_FOUND, Outcome.ID_NOT_FOUND)


_LABELS = {
    Outcome.EXACT: "Exactly as listed",
    Outcome.NOT_COMPARABLE: "Not yet comparable",
    Outcome.DIFFERS: "Differs from the listing",
    Outcome.NUMBER_NOT_FOUND: "Number not found",
    Outcome.ID_NOT_FOUND: "Operator ID not found",
    Outcome.LISTED_SUSPENDED: "Listed as suspended or cancelled",
}


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome that needs an officer most; not comparable where there is none."""
    order = tuple(Outcome)
    return max(outcomes, key=order.index, default=Outcome.NOT_COMPARABLE)


CLAIMED = "claimed"


@dataclass(frozen=True)
class Comparison:
    """How a claim is borne out, each difference in words, and the row it was compared with, if any.

    `unread` says why a row of a list of facilities that may be about it could not be read; "" otherwise.
    """

    outcome: Outcome
    differences: tuple[Sentence, ...] = ()
    licence: ListedLicence | None = None
    facility: ListedFacility | None = None
    unread: str = ""

    @property
    def not_in_force(self) -> ListedStatus | None:
        """What the listing says of a licence that it has and does not show in force; None of any other."""
        if self.licence is None or self.licence.status is ListedStatus.IN_FORCE:
            return None
        return self.licence.status


@dataclass(frozen=True)
class ClaimedCertificate:
    """A certificate as its holder claims it: whose it is, and what is written on it. `called` is how differences
    name that side: what the office holds true already is claimed by nobody."""

    operator_id: str
    name: Name
    licence: Licence
    called: str = CLAIMED


@dataclass(frozen=True)
class ClaimedFacility:
    """A facility as its owner (or operating authority) claims it. `called` as of a certificate."""

    number: str  # "" where it has none
    name: str
    facility_type: FacilityType
    facility_class: FacilityClass
    owner: str | None  # None where the claimant operates it for the owner
    called: str = CLAIMED

    def is_owned_by(self, listed: str) -> bool:
        """Whether a list that names this owner ("": that names none) says nothing else; of who operates it, owners
        prove nothing."""
        return self.owner is None or not listed or same_title(self.owner, listed)


NO_LISTING = Sentence("No listing is on file to compare with.")


def compare_certificate(claim: ClaimedCertificate, rows: Sequence[ListedLicence] | None) -> Comparison:
    """A certificate beside the rows of its Operator ID; rows of other IDs are passed over."""
    if rows is None:
        return Comparison(Outcome.NOT_COMPARABLE, (NO_LISTING,))
    of_person = [row for row in rows if row.operator_id == claim.operator_id]
    if not of_person:
        absent = Sentence("Operator ID {id} is not in the listing.", id=claim.operator_id)
        return Comparison(Outcome.ID_NOT_FOUND, (absent,))
    numbered = [row for row in of_person if row.licence.number == claim.licence.number]
    found = next((row for row in numbered if row.licence.licence_type == claim.licence.licence_type), None)
    if found is None:
        return Comparison(Outcome.NUMBER_NOT_FOUND, tuple(_not_among(claim, numbered)))
    differences = tuple(_certificate_differences(claim, found))
    if found.status in (ListedStatus.SUSPENDED, ListedStatus.CANCELLED):
        return Comparison(Outcome.LISTED_SUSPENDED, differences, licence=found)
    return Comparison(Outcome.DIFFERS if differences else Outcome.EXACT, differences, licence=found)


def _not_among(claim: ClaimedCertificate, numbered: list[ListedLicence]) -> Iterator[Sentence]:
    """Why the number is not found among the rows of the Operator ID."""
    if not numbered:
        yield Sentence(
            "Number {number} is not among the certificates of Operator ID {id}.",
            number=claim.licence.number,
            id=claim.operator_id,
        )
    for row in numbered:
        yield _differs("Type", claim.licence.licence_type.label, row.licence.licence_type.label, claim.called)


def _certificate_differences(claim: ClaimedCertificate, row: ListedLicence) -> Iterator[Sentence]:
    if row.status is not ListedStatus.IN_FORCE:
        yield Sentence("Status: the listing says {status}.", status=row.status.value)
    if claim.licence.licence_class is not row.licence.licence_class:
        yield _differs("Class", _class_of(claim.licence), _class_of(row.licence), claim.called)
    if claim.licence.expiry != row.licence.expiry:
        yield _differs("Expiry", claim.licence.expiry, row.licence.expiry, claim.called)
    yield from _name_differences(claim.name, Name(row.first_name, row.last_name), claim.called)


def _class_of(licence: Licence) -> str:
    return licence.licence_class.label if licence.licence_class else "none"


def _name_differences(claimed: Name, listed: Name, called: str) -> Iterator[Sentence]:
    """In what way the names differ; capitals, hyphens and apostrophes make no difference."""
    found = likeness(claimed, listed)
    if found is Likeness.OTHER:
        yield _differs("Name", str(claimed), str(listed), called)
    elif found is not Likeness.SAME:
        template = "Name: {called} {claimed}, listed {listed}: {how}"
        yield Sentence(template, called=called, claimed=str(claimed), listed=str(listed), how=found.value)


def compare_facility(claim: ClaimedFacility, rows: Sequence[ListedFacility] | None) -> Comparison:
    """A facility beside the row of its number. One without a number is verified by its letter alone."""
    if rows is None:
        return Comparison(Outcome.NOT_COMPARABLE, (NO_LISTING,))
    if not claim.number:
        return Comparison(Outcome.NOT_COMPARABLE, (Sentence("It has no number, so its letter verifies it."),))
    found = next((row for row in rows if row.facility_number == claim.number), None)
    if found is None:
        absent = Sentence("Number {number} is not in the list of facilities.", number=claim.number)
        return Comparison(Outcome.NUMBER_NOT_FOUND, (absent,))
    differences = tuple(_facility_differences(claim, found))
    return Comparison(Outcome.DIFFERS if differences else Outcome.EXACT, differences, facility=found)


def _facility_differences(claim: ClaimedFacility, row: ListedFacility) -> Iterator[Sentence]:
    if not same_title(claim.name, row.name):
        yield _differs("Name", claim.name, row.name, claim.called)
    if claim.facility_type is not row.facility_type:
        yield _differs("Type", claim.facility_type.label, row.facility_type.label, claim.called)
    if claim.facility_class is not row.facility_class:
        yield _differs("Class", class_label(claim.facility_class), class_label(row.facility_class), claim.called)
    if not claim.is_owned_by(row.owner):
        yield _differs("Owner", claim.owner, row.owner, claim.called)


def owner_not_compared(operator: str, row: ListedFacility) -> Sentence | None:
    """Why another owner's name makes no difference to what an operating authority claims; None where it is the
    same name, or the list has none."""
    if not row.owner or same_title(operator, row.owner):
        return None
    return Sentence(
        "The listing names {owner} as the owner. {operator} is the operating authority: it runs the facility for "
        "the owner, so the two names are not compared.",
        owner=row.owner,
        operator=operator,
    )


def class_label(facility_class: FacilityClass | None) -> str:
    """The name for people of a facility's class; "none" where there is none."""
    return facility_class.label if facility_class else "none"


def _differs(what: str, claimed: object, listed: object, called: str = CLAIMED) -> Sentence:
    template = "{what}: {called} {claimed}, listed {listed}"
    return Sentence(template, what=what, called=called, claimed=claimed, listed=listed)
