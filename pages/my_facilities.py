"""My facilities, for owners: the organization, its facilities, and handing them to the office."""

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from core import entries
from core.entries import FacilityEntry
from core.facilities import FacilityClass, FacilityType, OrganizationKind
from core.licences import LicenceType
from core.places import Point
from core.problems import Refused
from core.profiles import ClaimState
from core.sentences import in_english
from db.places import find, places
from db.services import files, owners, search
from db.services.search import SearchFor
from db.verification.profile_views import Facility, MyOrganization
from ui import links, own_questions, profile_parts, search_criteria, words
from ui.drafts import own_act
from ui.forms import Form, attempt
from ui.map import pick_place
from ui.session import asker


def render() -> None:
    mine = owners.my_organization(asker())
    version = profile_parts.seen("my-facilities", mine.version)
    words.title("My facilities", profile_parts.next_step(mine, "facilities"))
    profile_parts.standing(mine)
    profile_parts.suspended(mine)
    profile_parts.returned(mine)
    if mine.checked_against:
        profile_parts.checked_against(mine.checked_against)
    own_questions.draw()
    _organization(mine)
    if mine.kind is None:
        words.empty(
            "Facilities belong to an organization.", "Save your organization; then add its facilities here."
        )
        return
    _facilities(mine, mine.kind)
    profile_parts.submission(
        mine,
        "facilities",
        lambda seen: own_act(lambda: owners.submit(asker(), seen), seen, profile_parts.OWNER_FORMS),
        lambda seen: own_act(lambda: owners.withdraw(asker(), seen), seen, profile_parts.OWNER_FORMS),
        version,
    )


def _organization(mine: MyOrganization) -> None:
    st.subheader("My organization", anchor=False)
    if not mine.editable:
        words.facts({"Name": mine.name, "Kind": mine.kind.label if mine.kind else ""})
        return
    form = Form("organization", {"name": mine.name, "kind": mine.kind})
    version = form.since(mine.version)
    name = form.text("name", "Name of the organization", required=True, autocomplete="organization")
    kind = form.select(
        "kind", "Kind", tuple(OrganizationKind), shown=lambda one: OrganizationKind(one).label, required=True
    )
    if mine.checked_on:
        st.text("With another name or kind the whole organization is verified anew; you cannot search meanwhile.")
    if form.submit(
        "Save organization",
        lambda: owners.save_organization(asker(), name, kind or "", version),
        primary=mine.kind is None,
    ):
        words.say_after_rerun("Your organization is saved.")
        st.rerun()


def _facilities(mine: MyOrganization, kind: OrganizationKind) -> None:
    st.subheader("Facilities", anchor=False)
    if not mine.facilities:
        words.empty("You have not added a facility yet.", "Add each facility that you own or operate.")
    organizations = _search_for()
    for facility in mine.facilities:
        _row(facility, mine, kind, organizations)
    if not mine.editable:
        st.text("To add, edit or delete, untick the agreement below.")
        return
    if st.button("Add", icon=":material/add:", key="add-facility", help="Add a facility"):
        _enter(mine.version, kind)


def _row(
    facility: Facility, mine: MyOrganization, kind: OrganizationKind, organizations: Sequence[SearchFor]
) -> None:
    with st.container(border=True, key=f"facility-{facility.claim_id}"):
        facts: dict[str, object] = {
            "Facility": facility.name,
            "Facility number": facility.ministry_number or "None; verified by letter",
            "Type and class": f"{facility.facility_type.label}, {facility.facility_class.label}",
            "Place": facility.place,
        }
        if facility.decided_class:
            decided = f"{facility.decided_class.label}, by the Director’s certificate {facility.class_certificate}"
            facts["Type and class"] = f"{facility.facility_type.label}, {decided}"
        if facility.letter_date:
            facts["Letter"] = f"{facility.letter_reference}, {in_english(facility.letter_date)}"
        words.facts(facts)
        if facility.ended:
            words.standing(words.DOES_NOT_APPLY, "No longer yours on the portal")
        else:
            words.standing(profile_parts.CLAIM_MARKS[facility.state])
        if facility.override_until:
            words.standing(words.DUE, profile_parts.overridden(facility.override_until))
        if facility.list_says:
            words.standing(profile_parts.LOOKED_AT if facility.looked_at else profile_parts.KEPT_AS_IT_IS)
            words.points(*facility.list_says)
        if facility.refused_because:
            st.text(f"Why it is not confirmed: {facility.refused_because}")
        if facility.replaces_id is not None:
            st.text("A change: the confirmed entry stands until the office has confirmed this one.")
        if facility.state is ClaimState.CONFIRMED and not facility.ended:
            _find_operators(facility, organizations)
        if mine.editable:
            _actions(facility, mine.version, kind)


def _search_for() -> Sequence[SearchFor]:
    try:
        return search.searching_for(asker())
    except Refused:  # the search is not open
        return ()


def _find_operators(facility: Facility, organizations: Sequence[SearchFor]) -> None:
    """The search for whoever may run this facility, around it, where the asker may."""
    around = search_criteria.address_around(organizations, facility.facility_id)
    if not around:
        return
    lowest = facility.decided_class or facility.facility_class
    licence = {"type": LicenceType(facility.facility_type.value).label, "class": lowest.label}
    links.to("Find operators near it", "search", **around, **licence)  # type: ignore[arg-type]


def _actions(facility: Facility, version: int, kind: OrganizationKind) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text("Action")
        if st.button("Edit", icon=":material/edit:", key=f"edit-{facility.claim_id}"):
            _enter(version, kind, facility.claim_id)
        if st.button("Delete", icon=":material/delete:", key=f"delete-{facility.claim_id}"):
            _delete(version, facility)


@st.dialog("Facility", width="medium")
def _enter(opened: int, kind: OrganizationKind, claim_id: int | None = None) -> None:
    """Adds a facility, or changes one, in a dialog opened at a version of the profile, which is read anew at each
    drawing: after a refusal it shows what stands now."""
    mine = profile_parts.last_read("my-organization", lambda: owners.my_organization(asker()))
    facility = next((one for one in mine.facilities if one.claim_id == claim_id), None)
    if claim_id is not None and facility is None:
        words.warning("This facility was taken out of your profile meanwhile. Close this window.")
    form = Form("facility", _given(facility), key=claim_id or "new", in_dialog=True)
    version = form.since(mine.version, opened)
    number = form.text(
        "ministry_number",
        "Facility number",
        required=not kind.may_lack_number,
        help="Leave it empty where the facility has none: a letter verifies it." if kind.may_lack_number else "",
    )
    name = form.text("name", "Facility name", required=True)
    works = form.select(
        "facility_type", "Type", tuple(FacilityType), shown=lambda one: FacilityType(one).label, required=True
    )
    level = form.select(
        "facility_class", "Class", tuple(FacilityClass), shown=lambda one: FacilityClass(one).label, required=True
    )
    place, point = _place(form, facility)
    written, reference, keep_letter = _letter(form, facility) if kind.may_lack_number else _no_letter()

    def save() -> None:
        at = point()
        entry = FacilityEntry(
            number, name, works, level, place, at.latitude if at else None, at.longitude if at else None,
            written, reference, keep_letter(),
        )  # fmt: skip
        if claim_id is None:
            owners.add_facility(asker(), entry, version)
        else:
            owners.change_facility(asker(), claim_id, entry, version)

    if form.submit(
        "Save facility" if claim_id else "Add facility",
        lambda: own_act(save, version, profile_parts.OWNER_FORMS),
    ):
        words.say_after_rerun("The facility is saved. Submit your profile when everything is entered.")
        st.rerun()


def _given(facility: Facility | None) -> dict[str, object]:
    if facility is None:
        return {}
    return {
        "ministry_number": facility.ministry_number,
        "name": facility.name,
        "facility_type": facility.facility_type,
        "facility_class": facility.facility_class,
        "place": facility.place,
        "position": _written(facility.point),
        "letter_date": facility.letter_date,
        "letter_reference": facility.letter_reference,
    }


# --- where it is ------------------------------------------------------------------------------------------


def _place(form: Form, facility: Facility | None) -> tuple[str, Callable[[], Point | None]]:
    """The place by name, and its point: the one written or clicked, else the middle of the place."""
    names = [place.name for place in places()]
    if facility and facility.place not in names:
        names.insert(0, facility.place)
    chosen = form.select("place", "Place", names, required=True, help="The town or community nearest to it.")
    town = find(chosen) if chosen else None
    field = st.container()  # drawn above the map, but after it: a click on the map fills it
    _follow_map(form, chosen, town.point if town else None)
    with field:
        written = form.text(
            "position",
            "Exact position",
            help="Latitude and longitude such as 46.3100, -79.4600, or a click on the map. Empty: the middle of "
            "the place.",
        )

    def point() -> Point | None:
        return entries.read_position(written) if written else town.point if town else None

    return chosen or "", point


def _follow_map(form: Form, chosen: str | None, middle: Point | None) -> None:
    """Draws the map; a click fills the exact position, another place empties it."""
    position, place_before = f"{form.name}.position", f"{form.name}.place-before"
    if st.session_state.get(place_before, chosen) != chosen:
        st.session_state[position] = ""
    st.session_state[place_before] = chosen
    point = _read(st.session_state.get(position, "")) or middle
    clicked = pick_place(f"{form.name}-map", point)
    if clicked is not None and clicked != point:
        st.session_state[position] = _written(clicked)


def _written(point: Point) -> str:
    return f"{point.latitude:.4f}, {point.longitude:.4f}"


def _read(written: str) -> Point | None:
    try:
        return entries.read_position(written)
    except Refused:
        return None


# --- the letter -------------------------------------------------------------------------------------------


def _letter(form: Form, facility: Facility | None) -> tuple[date | None, str, Callable[[], int | None]]:
    """The letter of works without a number: its date, its reference, and what keeps its scan when saved."""
    st.text("Without a facility number, a letter from the First Nation or the federal department verifies it.")
    written = form.day("letter_date", "Date of the letter")
    reference = form.text("letter_reference", "Reference of the letter")
    scan = st.file_uploader(
        "Scan of the letter (PDF, JPEG or PNG, at most 10 MB)",
        type=["pdf", "jpg", "jpeg", "png"],
        key=f"scan-{form.name}",
    )
    before = facility.letter_file_id if facility else None
    if before is not None:
        st.text("A scan is kept already; a new one takes its place.")

    def keep() -> int | None:
        if scan is None:
            return before
        kept = f"kept-{scan.file_id}"
        if kept not in st.session_state:
            st.session_state[kept] = files.upload(asker(), scan.name, scan.getvalue())
        return int(st.session_state[kept])

    return written, reference, keep


def _no_letter() -> tuple[None, str, Callable[[], None]]:
    return None, "", lambda: None


@st.dialog("Delete this facility?")
def _delete(version: int, facility: Facility) -> None:
    words.facts({"Facility": facility.name, "Facility number": facility.ministry_number or "None"})
    st.text("It leaves your profile. If it is confirmed, it is not yours on the portal from today on.")

    def delete() -> None:
        owners.delete_facility(asker(), facility.claim_id, version)

    if st.button("Delete facility", key="delete-it"):
        attempt(lambda: own_act(delete, version, profile_parts.OWNER_FORMS), "The facility is deleted.")
