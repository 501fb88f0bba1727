"""Lines of the ministry's public listings, as they are published."""

from dataclasses import dataclass
from enum import StrEnum

from core.licences import Licence


class ListedStatus(StrEnum):
    """What the listing says of a licence or certificate."""

    IN_FORCE = "in force"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True)
class ListedLicence:
    """One licence or certificate of one person, as the ministry publishes it."""

    operator_id: str
    last_name: str
    first_name: str
    licence: Licence
    status: ListedStatus
    municipality: str


@dataclass(frozen=True)
class ListedFacility:
    """One facility, as the ministry publishes it; `facility_class` None where the list has none."""

    facility_number: str
    name: str
    facility_type: str
    facility_class: str | None
    owner: str
    municipality: str
    latitude: float | None = None
    longitude: float | None = None
