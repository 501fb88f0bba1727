"""The criteria of a search, chosen in widgets that the address bar carries."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from core.availability import Shift, Slot, Weekday
from core.licences import LicenceClass, LicenceType
from core.places import Point, day_at
from core.search import DISTANCES, LATEST_DAYS, Criteria
from core.sentences import in_english
from db.places import find, places, regions
from db.services.search import OwnPlace, SearchFor
from ui.markup import as_markdown
from ui.session import asker

_TYPES = tuple(LicenceType)
_SHIFTS = {"Day": (Shift.DAY,), "Night": (Shift.NIGHT,), "Day and night": tuple(Shift)}


def choose(facilities: Mapping[str, Point], *, only: bool = False) -> Criteria | None:
    """What is looked for, as the widgets and the address bar say; None until a place is chosen.

    `facilities` are the organization's, by name: they come first among the places, or are the `only` ones, and the
    first of them is chosen at once. It is no default of the field: the address would not carry that.
    """
    if facilities and not ("place" in st.session_state or "place" in st.query_params):
        st.query_params["place"] = st.session_state["place"] = next(iter(facilities))
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
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = st.selectbox(
            "Place",
            (*facilities, *(() if only else (place.name for place in places()))),
            index=None,
            placeholder="Type a place",
            key="place",
            bind="query-params",
            width=300,
        )
        within_km = st.selectbox("Within (km)", DISTANCES, index=3, key="km", bind="query-params", width=120)
        in_regions = _regions()
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
        base_place=st.query_params.get("town", ""),
        regions=in_regions,
    )


def by_name(own: Sequence[OwnPlace]) -> dict[str, OwnPlace]:
    """An organization's facilities by name; those that share a name are told apart by where they are."""
    shared = {name for name, count in Counter(place.name for place in own).items() if count > 1}
    return {
        f"{place.name} ({place.point.latitude:.4f}, {place.point.longitude:.4f})"
        if place.name in shared
        else place.name: place
        for place in own
    }


def address_around(organizations: Sequence[SearchFor], facility_id: int | None) -> dict[str, str]:
    """What an address of the search says to search around a facility; nothing where the asker may not."""
    for one in organizations:
        for name, place in by_name(one.places).items():
            if place.facility_id == facility_id:
                return {"place": name} | ({"for": one.name} if len(organizations) > 1 else {})
    return {}


def apply(criteria: Criteria) -> None:
    """Sets the widgets to criteria that one click chose; called before they are drawn. The place stays."""
    slots = criteria.slots
    shifts = {slot.shift for slot in slots}
    st.session_state["class"] = criteria.licence_class
    st.session_state["higher"] = criteria.or_higher
    st.session_state["km"] = criteria.within_km
    st.session_state["regions"] = [code for code in regions() if code in criteria.regions]
    st.session_state["days"] = [day for day in Weekday if any(slot.weekday is day for slot in slots)]
    if shifts:
        st.session_state["shift"] = next(name for name, each in _SHIFTS.items() if set(each) == shifts)
    st.session_state["from"] = criteria.needed_from
    st.session_state["until"] = criteria.needed_until if criteria.needed_until > criteria.needed_from else None


def licence(criteria: Criteria) -> str:
    """ "Wastewater treatment, Class III or higher"."""
    return _licence(criteria.licence_type, criteria.licence_class, or_higher=criteria.or_higher)


def where(criteria: Criteria) -> str:
    """ "within 100 km", or "based in Cochrane or Algoma"."""
    return _where(criteria.within_km, criteria.regions)


def in_short(criteria: Criteria, place: str) -> str:
    """What is looked for and where, as a Markdown label."""
    return _in_short(licence(criteria), where(criteria), place)


def in_short_before_drawing() -> str | None:
    """The same as the widgets have it that are to be drawn again; None where not all were drawn yet."""
    state = st.session_state
    licence_type = state.get("type")
    if not licence_type or not {"place", "km", "regions"} <= set(state) or not state["place"]:
        return None
    if not licence_type.classes:
        return _in_short(licence_type.label, _where(state["km"], state["regions"]), state["place"])
    if not {"class", "higher"} <= set(state):
        return None
    held = _licence(licence_type, state["class"], or_higher=state["higher"])
    return _in_short(held, _where(state["km"], state["regions"]), state["place"])


def _in_short(licence: str, where: str, place: str) -> str:
    joint = "for" if where.startswith("based") else "of"
    return f"{licence} · {where} {joint} {as_markdown(place)}"


def _where(within_km: int, chosen: Collection[str]) -> str:
    if not chosen:
        return f"within {in_english(within_km)} km"
    return f"based in {' or '.join(name for code, name in regions().items() if code in chosen)}"


def _licence(licence_type: LicenceType, licence_class: LicenceClass | None, *, or_higher: bool) -> str:
    if licence_class is None:
        return licence_type.label
    higher = " or higher" if or_higher and len(licence_class.or_higher()) > 1 else ""
    return f"{licence_type.label}, {licence_class.label}{higher}"


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


def _regions() -> frozenset[str]:
    named = regions()
    chosen = st.multiselect(
        "Or based in regions (instead of the distance)",
        tuple(named),
        format_func=_region_label,
        key="regions",
        bind="query-params",
        width=340,
    )
    return frozenset(chosen)


def _slots() -> frozenset[Slot]:
    days = st.multiselect(
        "Days of the week (none: whatever days)", tuple(Weekday), key="days", bind="query-params", width=290
    )
    shift = st.selectbox("Shift on those days", tuple(_SHIFTS), key="shift", bind="query-params", width=145)
    return frozenset(Slot(day, each) for day in days for each in _SHIFTS[shift])


def _days() -> tuple[date, date]:
    today = day_at(asker().at)
    latest = today + timedelta(days=LATEST_DAYS)
    shown: dict[str, Any] = {"format": "YYYY-MM-DD", "bind": "query-params", "width": 145}
    first = st.date_input("Needed from", today, today, latest, key="from", **shown)
    last = st.date_input("Until (or one day)", None, today, latest, key="until", **shown)
    return first or today, last or first or today


def _point_of(place: str | None) -> Point | None:
    known = find(place) if place else None
    return known.point if known else None


def _type_label(licence_type: LicenceType) -> str:
    return licence_type.label


def _class_label(licence_class: LicenceClass) -> str:
    return licence_class.label


def _region_label(code: str) -> str:
    return regions()[code]
