"""The search for operators: criteria on top, those found as a table and on a map, one of them beside."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from core.availability import Shift, Slot, Weekday
from core.contacts import Language
from core.licences import LicenceClass
from core.places import Point
from core.problems import Refused
from core.roles import ACTING, Role
from core.search import Criteria
from core.sentences import in_english
from db.accounts.contacts import shown_telephone
from db.finding import SearchNotOpen
from db.services import looks, search
from db.services.looks import ContactDetails
from db.services.search import Certificate, Found, OwnPlace, Results, SearchFor
from ui import links, profile_parts, search_criteria, tables, words
from ui import map as maps
from ui.addresses import row_id
from ui.fresh import forget, fresh, is_kept
from ui.markup import html
from ui.session import asker, me, on_phone

_ROWS_ON_SCREEN = 12
_HEAD = "search-head"


def render() -> None:
    top = st.container()
    try:
        organizations = search.searching_for(asker())
    except SearchNotOpen as closed:
        words.title("Find operators", "The search is not open to you yet.")
        words.problems(closed)
        if closed.manages:
            links.to("Go to My facilities", "my-facilities", primary=True)
        else:
            links.to("See whom I act for", "acting-for", primary=True)
        return
    chosen_for = _searched_for(organizations)
    if chosen_for is not None and len(organizations) + chosen_for.only > 1:
        st.text(_on_whose_behalf(chosen_for))
    criteria = _criteria(chosen_for)
    for_id = chosen_for.organization_id if chosen_for else None
    if criteria is None:
        with top:
            words.title("Find operators", "Who holds the right licence, is available, and can come.")
        words.empty("No place is chosen yet.", "Choose the place where somebody is needed.")
        return
    try:
        results = _results(criteria, for_id)
    except Refused as refused:
        with top:
            words.title("Find operators", "Nothing was searched.")
        words.problems(refused)
        return
    with top:
        words.title("Find operators", _sentence(criteria, results))
        if results.total:
            profile_parts.checked_against(results.checked_against)
    # The same frames at every run, or the browser would draw the map anew and lose its view.
    town, (listed, beside) = st.container(), st.columns([3, 2])
    with town:
        _one_town(criteria)
    with listed:
        if results.total:
            _table(criteria, results)
        else:
            _nothing(criteria)
    with beside:
        with st.container():
            _profile(criteria, for_id)
        _map(criteria, results)


def _criteria(chosen_for: SearchFor | None) -> Criteria | None:
    """What is looked for, as the fields say under a head that sums them up; on a telephone they are folded once
    a place is chosen, so that the operators come first."""
    head = st.session_state.get(_HEAD)
    with st.expander(head or "What is needed", expanded=not (head and on_phone())):
        criteria = search_criteria.choose(
            _by_name(chosen_for.places if chosen_for else ()), only=bool(chosen_for and chosen_for.only)
        )
    summed_up = criteria and search_criteria.in_short(criteria, st.session_state["place"])
    if summed_up != head:  # a head stands over its fields, so it is drawn before they are read
        st.session_state[_HEAD] = summed_up
        st.rerun()
    return criteria


def _searched_for(organizations: Sequence[SearchFor]) -> SearchFor | None:
    """The organization for which is searched, chosen where there are several; None for the office."""
    if len(organizations) < 2:
        return organizations[0] if organizations else None
    by_id = {one.organization_id: one for one in organizations}
    return by_id[
        st.selectbox(
            "Search for", tuple(by_id), format_func=lambda id: by_id[id].name, key="for", bind="query-params"
        )
    ]


def _on_whose_behalf(one: SearchFor) -> str:
    around = " around the facilities it has named to you" if one.only else ""
    return f"You search for {one.name}{around}; its name stands beside yours where an operator is told who looked."


def _by_name(own: Sequence[OwnPlace]) -> dict[str, Point]:
    """An organization's facilities by name; those that share a name are told apart by where they are."""
    shared = {name for name, count in Counter(place.name for place in own).items() if count > 1}
    return {
        f"{place.name} ({place.point.latitude:.4f}, {place.point.longitude:.4f})"
        if place.name in shared
        else place.name: place.point
        for place in own
    }


# --- results ----------------------------------------------------------------------------------------------


def _results(criteria: Criteria, for_id: int | None) -> Results:
    page = int(st.session_state.get(_page_key(criteria), 1))
    about = (criteria, page, for_id)
    return fresh("search-results", about, lambda: search.search(asker(), *about))


def _page_key(criteria: Criteria) -> str:
    return f"search-page-{hash(criteria)}"


def _sentence(criteria: Criteria, results: Results) -> str:
    label = search_criteria.licence(criteria)
    label = label[0].lower() + label[1:]
    count = results.total
    who = {0: "No operator", 1: "One operator"}.get(count, f"{in_english(count)} operators")
    verb = "is" if count < 2 else "are"
    nearest = min((one.distance_km for one in results.people), default=None)
    away = f"; the nearest is {_km(nearest)} away" if nearest is not None and results.page == 1 else ""
    days = "" if criteria.slots or not count else " On which days and shifts stands beside each."
    return f"{who} with {label} {verb} available within {in_english(criteria.within_km)} km{away}.{days}"


def _km(distance: float) -> str:
    return f"{in_english(round(distance))} km" if distance >= 1 else "less than 1 km"


def _one_town(criteria: Criteria) -> None:
    if not criteria.base_place:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"Only those based in {criteria.base_place}.")
        st.button("Show all places", on_click=lambda: st.session_state.update(town=""))


def _nothing(criteria: Criteria) -> None:
    words.empty(
        "Nobody who is verified and available fits all of this today.",
        "Change one thing below, or look again in some days: operators join and change their availability.",
    )
    wider = [km for km in search_criteria.DISTANCES if km > criteria.within_km]
    with st.container(horizontal=True):
        for km in dict.fromkeys([*wider[:2], *wider[-1:]]):
            st.button(f"Within {in_english(km)} km", on_click=_set, args=("km", km))
        if criteria.slots:
            st.button("On any day", on_click=_set, args=("days", []))
        lower = [
            one for one in LicenceClass if criteria.licence_class and 0 < one.rank < criteria.licence_class.rank
        ]
        if lower:
            st.button(f"{lower[-1].label} or higher", on_click=_set, args=("class", lower[-1]))


def _set(key: str, value: object) -> None:
    """What one click changes of the criteria."""
    st.session_state[key] = value


def _table(criteria: Criteria, results: Results) -> None:
    tables.choose(
        [_row(one) for one in results.people],
        [one.profile_id for one in results.people],
        "operator",
        alt="Operators found, nearest first",
        columns={"Distance (km)": st.column_config.NumberColumn(format="%d")},
        on_screen=_ROWS_ON_SCREEN,
        on_choose=lambda: forget("search-contact"),
    )
    if results.pages > 1:
        st.pagination(results.pages, key=_page_key(criteria))
    st.caption(
        "Click a name to open the profile; with the keyboard: arrows, then Shift and Space. Distances are "
        "straight lines to the base place."
    )


def _row(one: Found) -> dict[str, object]:
    return {
        "Name": one.name,
        "Distance (km)": round(one.distance_km),
        "Based in": one.base_place,
        "Certificate": "; ".join(map(_in_short, one.certificates)),
        "Shifts": _shifts(one.slots),
        "Checked on": in_english(one.checked_on),
    }


def _in_short(certificate: Certificate) -> str:
    """The type is known: it was searched for."""
    licence, until = certificate.licence, certificate.override_until
    only = f", for {licence.valid_for} only" if licence.valid_for else ""
    held = f"{licence.licence_class.label}, until" if licence.licence_class else "Until"
    overridden = f" ({profile_parts.overridden(until)})" if until else ""
    return f"{held} {in_english(licence.expiry)}{only}{overridden}"


def _certificate(certificate: Certificate) -> str:
    licence = certificate.licence
    only = f", for {licence.valid_for} only" if licence.valid_for else ""
    until = certificate.override_until
    overridden = f"; {profile_parts.overridden(until)}" if until else ""
    return f"{licence.label}, valid until {in_english(licence.expiry)}{only}{overridden}"


def _shifts(slots: Sequence[Slot]) -> str:
    """ "Mon Tue day, Sat night"."""
    said = []
    for shift in Shift:
        days = [slot.weekday[:3] for slot in slots if slot.shift is shift]
        if days:
            said.append(f"{'every' if len(days) == len(Weekday) else ' '.join(days)} {shift}")
    return ", ".join(said)


def _chosen() -> int | None:
    return row_id(st.query_params.get("operator", ""))


@st.fragment
def _map(criteria: Criteria, results: Results) -> None:
    if not st.toggle("Map", value=not on_phone(), key="search-map-shown"):
        return
    points = [
        maps.MapPoint(town.name, town.point, town.name, town.people, _people(town.people))
        for town in results.towns
    ]
    st.caption("Each point is a town with the number of operators based there. Choose one to list only those.")

    def choose(town: str) -> None:
        if any(one.name == town for one in results.towns):
            st.session_state["town"] = town

    maps.show_points("search-map", points, criteria.near, criteria.within_km, choose)
    if st.session_state.get("town", "") != criteria.base_place:
        st.rerun()


def _people(count: int) -> str:
    return "1 operator" if count == 1 else f"{count} operators"


# --- one operator -----------------------------------------------------------------------------------------


def _profile(criteria: Criteria, for_id: int | None) -> None:
    profile_id = _chosen()
    if profile_id is None:
        return
    try:
        about = (profile_id, criteria.near, for_id)
        profile = fresh("search-profile", about, lambda: search.profile(asker(), profile_id, criteria, for_id))
    except Refused as refused:
        words.problems(refused)
        return
    with st.container(border=True, key="operator"):
        html("<h2>{name}</h2>", name=profile.name)
        facts = {
            "Based in": f"{profile.base_place}, {_km(profile.distance_km)} away",
            "Travels": f"up to {in_english(profile.travel_km)} km",
            "Works in": ", ".join(profile.regions) or "No region beyond that",
            "Can start": f"from {in_english(profile.earliest_start)}" if profile.earliest_start else "at once",
            "Shifts": _shifts(profile.slots),
        }
        for one in profile.certificates:
            checked = f"checked on {in_english(one.checked_on)}"
            facts[f"Certificate {one.licence.number}"] = f"{_certificate(one)}; {checked}"
        words.facts(facts)
        profile_parts.checked_against(profile.checked_against)
        if profile.notes:
            st.text("Notes for owners:")
            st.text(profile.notes)
        _contact(profile.profile_id, for_id)
        st.button("Close", on_click=_close)


def _contact(profile_id: int, for_id: int | None) -> None:
    """How to reach the operator, after a further click, for a minute; managers go without."""
    who = me()
    if who is None or who.roles.isdisjoint({*ACTING, Role.OFFICER}):
        return
    if not is_kept("search-contact", (profile_id, for_id)):
        st.text("Showing them is recorded. The operator sees who looked, for which organization, and when.")
        if st.button("Show contact details", type="primary"):
            _show_contact(profile_id, for_id)
        return
    details = _contact_details(profile_id, for_id)
    words.facts(
        {
            "E-mail": details.email,
            "Telephone": shown_telephone(details.telephone),
            "Municipality": details.municipality,
            "Preferred language": Language(details.language).label,
        }
    )


def _show_contact(profile_id: int, for_id: int | None) -> None:
    try:
        _contact_details(profile_id, for_id)
    except Refused as refused:
        words.problems(refused)
        return
    st.rerun()


def _contact_details(profile_id: int, for_id: int | None) -> ContactDetails:
    about = (profile_id, for_id)
    return fresh("search-contact", about, lambda: looks.contact_details(asker(), *about))


def _close() -> None:
    forget("search-contact")
    tables.close("operator")
