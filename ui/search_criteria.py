"""The criteria of a search, chosen in widgets that the address bar carries."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import streamlit as st

from core.availability import Shift, Slot, Weekday
from core.licences import LicenceClass, LicenceType
from core.places import Point, day_at
from core.search import FARTHEST_KM, LATEST_DAYS, Criteria
from core.sentences import in_english
from db.places import find, places
from ui.markup import as_markdown
from ui.session import asker

DISTANCES = (10, 25, 50, 100, 150, 200, 300, 500, 1000, FARTHEST_KM)
_TYPES = tuple(LicenceType)
_SHIFTS = {"Day": (Shift.DAY,), "Night": (Shift.NIGHT,), "Day and night": tuple(Shift)}


def choose(facilities: Mapping[str, Point], *, only: bool = False) -> Criteria | None:
    """What is looked for, as the widgets and the address bar say; None until a place is chosen.

    `facilities` are the organization's, by name: they come first among the places, or are the `only` ones.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        licence_type = st.selectbox(
            "Certificate type",
            _TYPES,
            index=0,
            format_func=_type_label,
            key="type",
            bind="query-params",
            width=240,
        )
        licence_class, or_higher = _class(licence_type)
        place = st.selectbox(
            "Place",
            (*facilities, *(() if only else (place.name for place in places()))),
            index=0 if facilities else None,
            placeholder="Type a place",
            key="place",
            bind="query-params",
            width=260,
        )
        within_km = st.selectbox("Within (km)", DISTANCES, index=3, key="km", bind="query-params", width=120)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        slots = _slots()
        first, last = _days()
    near = facilities.get(place or "") or (None if only else _point_of(place))
    if near is None or within_km is None:
        return None
    return Criteria(
        licence_type=licence_type,
        licence_class=licence_class,
        near=near,
        within_km=within_km,
        needed_from=first,
        needed_until=last,
        slots=slots,
        or_higher=or_higher,
        base_place=st.session_state.get("town", ""),
    )


def licence(criteria: Criteria) -> str:
    """ "Wastewater treatment, Class III or higher"."""
    if criteria.licence_class is None:
        return criteria.licence_type.label
    higher = " or higher" if len(criteria.classes) > 1 else ""
    return f"{criteria.licence_type.label}, {criteria.licence_class.label}{higher}"


def in_short(criteria: Criteria, place: str) -> str:
    """What is looked for and where, as a Markdown label."""
    return f"{licence(criteria)} · within {in_english(criteria.within_km)} km of {as_markdown(place)}"


def _class(licence_type: LicenceType) -> tuple[LicenceClass | None, bool]:
    """The class, and whether a higher one does too; None for a type without classes."""
    if not licence_type.classes:
        return None, True
    chosen = st.selectbox(
        "Class",
        licence_type.classes,
        index=1,
        format_func=_class_label,
        key="class",
        bind="query-params",
        width=200,
    )
    return chosen, st.checkbox("or higher", value=True, key="higher", bind="query-params")


def _slots() -> frozenset[Slot]:
    days = st.multiselect(
        "Days of the week (none: whatever days)", tuple(Weekday), key="days", bind="query-params", width=320
    )
    shift = st.selectbox("Shift on those days", tuple(_SHIFTS), key="shift", bind="query-params", width=160)
    return frozenset(Slot(day, each) for day in days for each in _SHIFTS[shift])


def _days() -> tuple[date, date]:
    today = day_at(asker().at)
    latest = today + timedelta(days=LATEST_DAYS)
    shown: dict[str, Any] = {"format": "YYYY-MM-DD", "bind": "query-params", "width": 180}
    first = st.date_input("Needed from", today, today, latest, key="from", **shown)
    last = st.date_input("Until (empty: one day)", None, today, latest, key="until", **shown)
    return first or today, last or first or today


def _point_of(place: str | None) -> Point | None:
    known = find(place) if place else None
    return known.point if known else None


def _type_label(licence_type: LicenceType) -> str:
    return licence_type.label


def _class_label(licence_class: LicenceClass) -> str:
    return licence_class.label
