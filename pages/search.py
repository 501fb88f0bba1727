"""The search for operators: criteria on top, those found as a table and on a map, one of them beside."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.contacts import Language
from core.problems import Refused
from core.relaxations import FEW
from core.roles import ACTING, Role
from core.search import Criteria
from core.sentences import in_english
from db.accounts.contacts import shown_telephone
from db.finding import SearchNotOpen
from db.gate import NotSignedIn
from db.services import looks, search
from db.services.looks import ContactDetails
from db.services.search import Results, SearchFor
from ui import exports, links, profile_parts, search_criteria, search_rows, search_widening, tables, words
from ui import map as maps
from ui.addresses import row_id
from ui.fields import told_apart
from ui.fresh import forget, fresh, is_kept, seen
from ui.markup import html, markup
from ui.session import asker, asker_later, load_anew, me, on_phone

_ROWS_ON_SCREEN = 7
_ROW_HEIGHT = 66  # px, three lines; cells wrap in rows of more than 64
_FOUND = "search-found"
_CONTACT = "operator-contact"
_TO_THE_LIST = "search-to-the-list"  # whether the focus goes there: what was pressed is gone
_PAGED = "search-paged"  # the search whose pages are turned


def render() -> None:
    stands = st.container()
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
    own = search_criteria.by_name(chosen_for.places if chosen_for else ())
    only = bool(chosen_for and chosen_for.only)
    with st.container():
        if left_out := search_criteria.left_out(own, only=only):
            words.warning(
                f"The address asks for {', '.join(left_out)}, which cannot be chosen and is left out. See what is "
                "searched instead."
            )
    # On a telephone the fields are folded once a place is chosen, so that the operators come first.
    with st.expander("What is needed", expanded=not (search_criteria.is_placed(own) and on_phone())):
        search_criteria.draw(own, only=only, on_change=_search_again)
    _found(chosen_for, stands)


def _search_again() -> None:
    st.rerun(_FOUND)


@st.fragment(key=_FOUND)
def _found(chosen_for: SearchFor | None, stands: DeltaGenerator) -> None:
    """Whoever is found: drawn anew without the fields and the menu, which cost a browser most."""
    try:
        seen()
        _draw(chosen_for, stands)
    except (NotSignedIn, SearchNotOpen):
        load_anew()  # the whole page says so
    except Refused as refused:
        with stands:
            words.title("Find operators", "Nothing was searched.")
        words.problems(refused)


def _draw(chosen_for: SearchFor | None, stands: DeltaGenerator) -> None:
    own = {
        name: place.point
        for name, place in search_criteria.by_name(chosen_for.places if chosen_for else ()).items()
    }
    criteria = search_criteria.chosen(own, only=bool(chosen_for and chosen_for.only))
    for_id = chosen_for.organization_id if chosen_for else None
    if criteria is None:
        with stands:
            words.title("Find operators", "Who holds the right licence, is available, and can come.")
        words.empty("No place is chosen yet.", "Choose the place where somebody is needed.")
        return
    results = _results(criteria, chosen_for)
    with stands:
        words.title("Find operators", _sentence(criteria, results))
    # The same frames at every run, or the browser would draw the map anew and lose its view.
    with st.container():
        _one_town(criteria)
    if on_phone():
        with st.container():  # of the map its switch alone, until it is asked for: the list comes first
            _map(criteria, results)
        with st.container():
            _listed(criteria, results, for_id)
        return
    listed, beside = st.columns([13, 7])
    with listed:
        _listed(criteria, results, for_id)
    with beside:
        with st.container():
            _profile(criteria, for_id)
        _map(criteria, results)


def _listed(criteria: Criteria, results: Results, for_id: int | None) -> None:
    """Those found, and where they are few what would find more; on a telephone whoever is open, under the card."""
    leads = st.session_state.pop(_TO_THE_LIST, False)
    if results.total:
        _table(criteria, results, for_id)
        if leads and not on_phone():
            words.lead_to_table("operator")
    if on_phone():
        _profile(criteria, for_id)
    if results.total:
        profile_parts.checked_against(results.checked_against)
    if results.total < FEW and not criteria.base_place:
        search_widening.draw(results.total, results.widened)


def _searched_for(organizations: Sequence[SearchFor]) -> SearchFor | None:
    """The organization for which is searched, chosen where there are several; None for the office."""
    if len(organizations) < 2:
        return organizations[0] if organizations else None
    by_id = {one.organization_id: one for one in organizations}
    names = told_apart({id: one.name for id, one in by_id.items()})
    return by_id[
        st.selectbox("Search for", tuple(by_id), format_func=names.__getitem__, key="for", bind="query-params")
    ]


def _on_whose_behalf(one: SearchFor) -> str:
    around = " around the facilities it has named to you" if one.only else ""
    return f"You search for {one.name}{around}; its name stands beside yours where an operator is told who looked."


# --- results ----------------------------------------------------------------------------------------------


def _results(criteria: Criteria, chosen_for: SearchFor | None) -> Results:
    about = (criteria, _page(criteria), chosen_for.organization_id if chosen_for else None)
    if is_kept("search-results", about) and not _may_still(chosen_for):  # a new search asks that itself
        load_anew()
    return fresh("search-results", about, lambda: search.search(asker(), *about))


def _may_still(chosen_for: SearchFor | None) -> bool:
    """Whether a right that the page was drawn with stands yet: it may have ended since."""
    organizations = search.searching_for(asker())
    return chosen_for is None or chosen_for in organizations


def _page(criteria: Criteria) -> int:
    """The page that the address says, from 1; another search begins with its first."""
    if st.session_state.setdefault(_PAGED, criteria) != criteria:
        st.session_state[_PAGED] = criteria
        st.query_params.pop("page", None)
    return row_id(st.query_params.get("page", "")) or 1


def _turn(key: str) -> None:
    st.query_params["page"] = str(st.session_state[key])


def _sentence(criteria: Criteria, results: Results) -> str:
    label = search_criteria.licence(criteria)
    label = label[0].lower() + label[1:]
    count = results.total
    who = {0: "No operator", 1: "One operator"}.get(count, f"{in_english(count)} operators")
    verb = "is" if count < 2 else "are"
    nearest = min((one.distance_km for one in results.people), default=None)
    away = f"; the nearest is {_km(nearest)} away" if nearest is not None and results.page == 1 else ""
    joint = ", " if criteria.regions else " "
    days = "" if criteria.slots or not count else " The days and shifts of each stand in the list."
    if search_criteria.shift_without_days(criteria):
        days = f" No day is chosen, so no shift is asked for.{days}"
    return f"{who} with {label} {verb} available{joint}{search_criteria.where(criteria)}{away}.{days}"


def _km(distance: float) -> str:
    return f"{in_english(round(distance))} km" if distance >= 1 else "less than 1 km"


def _one_town(criteria: Criteria) -> None:
    if not criteria.base_place:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"Only those based in {criteria.base_place}.")
        st.button("Show all places", on_click=_show_all_places)


def _show_all_places() -> None:
    st.session_state[_TO_THE_LIST] = True
    st.query_params.pop("town", None)


def _table(criteria: Criteria, results: Results, for_id: int | None) -> None:
    tables.choose(
        [search_rows.row(one) for one in results.people],
        [one.profile_id for one in results.people],
        "operator",
        alt="Operators found, nearest first",
        columns=search_rows.COLUMNS,
        on_screen=_ROWS_ON_SCREEN,
        row_height=_ROW_HEIGHT,
        on_choose=lambda: forget("search-contact"),
        in_place=True,
    )
    if on_phone() and _chosen() in [one.profile_id for one in results.people]:  # the profile comes next
        return
    if results.pages > 1:
        key = f"search-page-{hash(criteria)}"
        st.session_state[key] = results.page
        st.pagination(results.pages, key=key, on_change=_turn, args=(key,))
    st.caption(f"{tables.how_to_choose()} to open the profile. Distances are straight lines to the base place.")
    who = asker_later()
    st.download_button(
        "Download this list (Excel)",
        lambda: search_rows.to_excel(search.export(who(), criteria, for_id)),
        "operators.xlsx",
        exports.EXCEL,
        on_click="ignore",
        help=f"The nearest {in_english(search.MOST_EXPORTED)} at most, without contact details; downloading is "
        "recorded.",
    )


def _chosen() -> int | None:
    return row_id(st.query_params.get("operator", ""))


@st.fragment
def _map(criteria: Criteria, results: Results) -> None:
    if not st.toggle("Map", value=not on_phone(), key="search-map-shown"):
        return
    open_row = next((one for one in results.people if one.profile_id == _chosen()), None)
    marked = open_row.base_place if open_row else criteria.base_place
    points = [
        maps.MapPoint(town.name, town.point, town.name, town.people, _people(town.people), town.name == marked)
        for town in results.towns
    ]
    st.caption(
        "Each point is a town with its number of operators. Choose one to list them, or to open the only one. The "
        "dark point is the town of whoever is open."
    )
    within_km = None if criteria.regions else criteria.within_km
    maps.show_points("search-map", points, criteria.near, within_km, lambda town: _open_town(town, results))
    if st.query_params.get("town", "") != criteria.base_place or tables.opens_next("operator"):
        st.rerun()


def _open_town(town: str, results: Results) -> None:
    """A point's one operator opens; of several, they alone are listed."""
    if all(one.name != town for one in results.towns):
        return
    there = [one for one in results.people if one.base_place == town]
    if len(there) == 1 and {one.people for one in results.towns if one.name == town} == {1}:
        forget("search-contact")
        tables.open_next("operator", there[0].profile_id)
    else:
        st.query_params["town"] = town


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
            "Shifts": search_rows.shifts(profile.slots),
        }
        for one in profile.certificates:
            by = " includes" if one.deemed_by else ""
            facts[f"Certificate {one.licence.number}{by}"] = search_rows.certificate(one)
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
    with st.container(key=_CONTACT):
        words.facts(
            {
                "E-mail": markup('<a href="mailto:{to}">{to}</a>', to=details.email),
                "Telephone": markup(
                    '<a href="tel:{to}">{shown}</a>',
                    to=details.telephone,
                    shown=shown_telephone(details.telephone),
                ),
                "Municipality": details.municipality,
                "Preferred language": Language(details.language).label,
            }
        )
    if st.session_state.pop(_CONTACT, False):
        words.lead_to(_CONTACT)  # the button that was pressed is gone


def _show_contact(profile_id: int, for_id: int | None) -> None:
    try:
        _contact_details(profile_id, for_id)
    except Refused as refused:
        words.problems(refused)
        return
    st.session_state[_CONTACT] = True
    st.rerun()


def _contact_details(profile_id: int, for_id: int | None) -> ContactDetails:
    about = (profile_id, for_id)
    return fresh("search-contact", about, lambda: looks.contact_details(asker(), *about))


def _close() -> None:
    forget("search-contact")
    st.session_state[_TO_THE_LIST] = True
    tables.close("operator")
