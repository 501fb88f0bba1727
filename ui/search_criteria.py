"""The criteria of a search, chosen in widgets that the address bar carries."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
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
from ui.session import asker

_TYPES = tuple(LicenceType)
_SHIFTS = {"Day": (Shift.DAY,), "Night": (Shift.NIGHT,), "Day and night": tuple(Shift)}


def is_placed(facilities: Collection[str]) -> bool:
    """Whether a place is chosen, before the fields are drawn: the first of the organization's facilities is at
    once. It is no default of the field: the address would not carry that."""
    if facilities and not ("place" in st.session_state or "place" in st.query_params):
        st.query_params["place"] = st.session_state["place"] = next(iter(facilities))
    return bool(st.session_state.get("place", st.query_params.get("place")))


def left_out(facilities: Collection[str], *, only: bool = False) -> list[str]:
    """What the address asks for that cannot be chosen, such as "km=-5": the fields leave it out without a word.
    Asked before they are drawn."""
    choices: dict[str, Collection[str]] = {
        "type": [one.label for one in LicenceType],
        "class": [one.label for one in LicenceClass],
        "place": {*facilities, *(() if only else (place.name for place in places()))},
        "km": [str(km) for km in DISTANCES],
        "days": list(Weekday),
        "shift": _SHIFTS,
    }
    given = [(name, value) for name in choices for value in _given(name)]
    senseless = [f"{name}={value}" for name, value in given if value not in choices[name]]
    days = [(name, value) for name in ("from", "until") for value in _given(name)]
    return senseless + [f"{name}={value}" for name, value in days if not _may_be_needed_on(value)]


def _given(name: str) -> list[str]:
    """The values of a field in the address; several days stand together."""
    values = st.query_params.get_all(name)
    return [day for value in values for day in value.split(",")] if name == "days" else values


def _may_be_needed_on(value: str) -> bool:
    first, last = _days_to_choose()
    try:
        return first <= date.fromisoformat(value) <= last
    except ValueError:
        return False


def draw(facilities: Collection[str], *, only: bool = False, on_change: Callable[[], None]) -> None:
    """The fields, which the address bar carries. `on_change` is called when one is changed on which no other
    depends.

    `facilities` are the organization's, by name: they come first among the places, or are the `only` ones.
    """
    bound: dict[str, Any] = {"bind": "query-params", "on_change": on_change}
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
        _class(licence_type, bound)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Place",
            (*facilities, *(() if only else (place.name for place in places()))),
            index=None,
            placeholder="Type a place",
            key="place",
            bind="query-params",
            width=300,
        )
        st.selectbox("Within (km)", DISTANCES, index=3, key="km", width=120, **bound)
        st.multiselect(
            "Or based in regions (instead of the distance)",
            tuple(regions()),
            format_func=_region_label,
            key="regions",
            width=340,
            **bound,
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.multiselect("Days of the week (none: whatever days)", tuple(Weekday), key="days", width=290, **bound)
        st.selectbox("Shift on those days", tuple(_SHIFTS), key="shift", width=145, **bound)
        _days(bound)


def chosen(facilities: Mapping[str, Point], *, only: bool = False) -> Criteria | None:
    """What is looked for, as the fields that were drawn have it; None until a place is chosen."""
    state = st.session_state
    near = facilities.get(state["place"] or "") or (None if only else _point_of(state["place"]))
    if near is None or state["km"] is None:
        return None
    licence_type: LicenceType = state["type"]
    first = state["from"] or day_at(asker().at)
    return Criteria(
        licence_type=licence_type,
        licence_class=state["class"] if licence_type.classes else None,
        near=near,
        within_km=state["km"],
        needed_from=first,
        needed_until=state["until"] or first,
        slots=frozenset(Slot(day, shift) for day in state["days"] for shift in _SHIFTS[state["shift"]]),
        or_higher=not licence_type.classes or state["higher"],
        base_place=st.query_params.get("town", ""),
        regions=frozenset(state["regions"]),
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
    held = criteria.licence_class
    if held is None:
        return criteria.licence_type.label
    higher = " or higher" if criteria.or_higher and len(held.or_higher()) > 1 else ""
    return f"{criteria.licence_type.label}, {held.label}{higher}"


def shift_without_days(criteria: Criteria) -> bool:
    """Whether a shift is chosen that counts for nothing, as it is of the days that are chosen."""
    return not criteria.slots and st.session_state["shift"] != next(iter(_SHIFTS))


def where(criteria: Criteria) -> str:
    """ "within 100 km of Timmins", or "based in Cochrane or Algoma, for Timmins"."""
    if not criteria.regions:
        return f"within {in_english(criteria.within_km)} km of {st.session_state['place']}"
    named = " or ".join(name for code, name in regions().items() if code in criteria.regions)
    return f"based in {named}, for {st.session_state['place']}"


def _class(licence_type: LicenceType, bound: dict[str, Any]) -> None:
    """The class, and whether a higher one does too; nothing for a type without classes."""
    if not licence_type.classes:
        return
    st.selectbox("Class", licence_type.classes, index=1, format_func=_class_label, key="class", width=200, **bound)
    st.checkbox("or higher", value=True, key="higher", **bound)


def _days(bound: dict[str, Any]) -> None:
    today, latest = _days_to_choose()
    shown: dict[str, Any] = {"format": "YYYY-MM-DD", "width": 165} | bound
    st.date_input("Needed from", today, today, latest, key="from", **shown)
    st.date_input("Until (or one day)", None, today, latest, key="until", **shown)


def _days_to_choose() -> tuple[date, date]:
    today = day_at(asker().at)
    return today, today + timedelta(days=LATEST_DAYS)


def _point_of(place: str | None) -> Point | None:
    known = find(place) if place else None
    return known.point if known else None


def _type_label(licence_type: LicenceType) -> str:
    return licence_type.label


def _class_label(licence_class: LicenceClass) -> str:
    return licence_class.label


def _region_label(code: str) -> str:
    return regions()[code]
