"""Hours in charge added up, as a table."""

from collections.abc import Iterable
from decimal import Decimal

import streamlit as st

from db.hours_in_charge import Total

_MINUTES = 60


def draw(totals: Iterable[Total], alt: str) -> None:
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
    st.dataframe(rows, hide_index=True, alt=alt)


def written(hours: Decimal) -> str:
    """Hours and minutes, none lost: 7:15."""
    whole, minutes = divmod(round(hours * _MINUTES), _MINUTES)
    return f"{whole}:{minutes:02}"
