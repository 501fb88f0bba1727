"""Hours in charge added up, as a table."""

from collections.abc import Iterable
from decimal import Decimal

from db.hours_in_charge import Total
from ui import tables

_MINUTES = 60


def draw(totals: Iterable[Total], caption: str) -> None:
    """A row a person, type and class of facility; those in training apart."""
    rows = [
        {
            "Name": one.name,
            "Facility": f"{one.facility_type.label}, "
            + (one.facility_class.label if one.facility_class else "class not known"),
            "As": "In training" if one.in_training else "Operator",
            "Hours": written(one.hours),
            "Of days without an employment or a designation on record": written(one.doubtful),
        }
        for one in totals
    ]
    tables.plain(caption, rows)


def written(hours: Decimal) -> str:
    """Hours and minutes, none lost: 7:15."""
    whole, minutes = divmod(round(hours * _MINUTES), _MINUTES)
    return f"{whole}:{minutes:02}"
