"""Account overview: how a profile stands, what happens next, when and where an operator can work, who looked."""

import streamlit as st

from core.availability import ALL_SLOTS, Shift
from core.entries import TRAVEL_KM, AvailabilityEntry
from core.profiles import State
from core.roles import Role
from db.places import find, places, regions
from db.services import operators, owners, renewals
from db.verification.profile_views import MyOrganization, MyProfile
from ui import links, mailed, own_questions, profile_parts, tables, words
from ui import map as maps
from ui import renewals as drawn
from ui.drafts import own_act
from ui.forms import Form, attempt
from ui.session import asker, me, on_phone, portal

_USUAL_TRAVEL_KM = 100


def render() -> None:
    who = me()
    roles = who.roles if who else frozenset()
    asked = st.container()
    if Role.OPERATOR in roles:
        _operator(operators.my_profile(asker()))
    if Role.OWNER in roles:
        _owner(owners.my_organization(asker()), first=Role.OPERATOR not in roles)
    with asked:
        own_questions.draw()


def _operator(mine: MyProfile) -> None:
    version = profile_parts.seen("overview", mine.version)
    words.title("Account overview", profile_parts.next_step(mine, "certificates"))
    profile_parts.standing(mine)
    profile_parts.suspended(mine)
    profile_parts.returned(mine)
    if mine.checked_against:
        profile_parts.checked_against(mine.checked_against)
    profile_parts.listed_otherwise(mine, mine.certificates)
    profile_parts.link_to_mend(mine, "my-profile")
    _renewals()
    st.subheader("Availability and places", anchor=False)
    if mine.state is State.ACTIVE:
        _switch(mine, version)
        _availability(mine)
    else:
        _switch_off(mine, version)
        words.empty(
            "Your days, shifts and places can be set once your profile is active.",
            "You will receive an e-mail then." if mailed.is_sent() else "Look here again later.",
        )
    _looks(mine)


def _switch(mine: MyProfile, version: int) -> None:
    if not mine.slots:
        words.notice("Owners do not find you yet. Save your days, shifts and base place, and they do.")
        return
    if mine.available:
        words.standing(words.STANDS, "Available: owners can find you")
    else:
        words.standing(words.NOT_ASSESSED, "Not available: owners do not find you")
    _press_to_switch(mine, version)


def _switch_off(mine: MyProfile, version: int) -> None:
    """The switch while the profile is not active: owners do not find it, and would again as soon as it is."""
    if not mine.slots or mine.state is State.CLOSED:
        return
    if not mine.available:
        words.standing(words.NOT_ASSESSED, "Not available: switch it on once your profile is active")
        return
    words.standing(words.NOT_ASSESSED, "Available: owners find you again as soon as your profile is active")
    _press_to_switch(mine, version)


def _press_to_switch(mine: MyProfile, version: int) -> None:
    label = "Switch availability off" if mine.available else "Switch availability on"
    said = (
        "Your availability is off; your days and places are kept." if mine.available else "You can be found again."
    )

    def switch() -> None:
        operators.switch_availability(asker(), not mine.available, version)

    if st.button(label, key="switch-availability"):
        attempt(lambda: own_act(switch, version, profile_parts.OPERATOR_FORMS), said)


def _availability(mine: MyProfile) -> None:
    saved = {f"slot-{slot.bit}": slot in mine.slots for slot in ALL_SLOTS}
    given = saved | {
        "base_place": mine.base_place or None,
        "regions": list(mine.regions),
        "earliest_start": mine.earliest_start.isoformat() if mine.earliest_start else "",
        "notes": mine.notes,
    }
    travels = {"travel_km": mine.travel_km} if mine.base_place else {}
    form = Form("availability", given | travels, suggested={"travel_km": _USUAL_TRAVEL_KM})
    version = form.since(mine.version)
    st.text("When you can work *")
    columns = dict(zip(Shift, st.columns(2), strict=True))
    slots = []
    for slot in ALL_SLOTS:
        with columns[slot.shift]:
            if form.checkbox(f"slot-{slot.bit}", slot.label):
                slots.append(slot)
    names = [place.name for place in places()]
    if mine.base_place and mine.base_place not in names:
        names.insert(0, mine.base_place)
    base_place = form.select("base_place", "Base place", names, required=True, help="Owners see the town only.")
    travel_km = form.number(
        "travel_km",
        "Travel distance in km",
        least=0,
        most=TRAVEL_KM,
        required=True,
        help="Whole kilometres, as the crow flies.",
    )

    chosen = _regions(form)
    earliest_start = form.day(
        "earliest_start", "Earliest start", help="Leave empty, or enter a day that has passed, to start at once."
    )
    notes = form.textarea(
        "notes",
        "Notes for owners",
        help="What an owner should know before asking. No telephone number or e-mail: owners are shown yours.",
    )

    def save() -> None:
        place = find(base_place) if base_place else None
        point = place.point if place else mine.base if base_place == mine.base_place else None
        entry = AvailabilityEntry(
            mine.available or not mine.slots,
            slots,
            base_place or "",
            point.latitude if point else None,
            point.longitude if point else None,
            travel_km,
            chosen,
            earliest_start,
            notes,
        )
        operators.set_availability(asker(), entry, version)

    if form.submit("Save changes", lambda: own_act(save, version, profile_parts.OPERATOR_FORMS)):
        found = mine.available or not mine.slots
        words.say_after_rerun(
            "Saved. Owners can find you."
            if found
            else "Saved. Your availability is off: switch it on to be found."
        )
        st.rerun()


def _regions(form: Form) -> tuple[str, ...]:
    """The regions, from the list or on the map: both say the same."""
    named = regions()
    chosen = form.several(
        "regions",
        "Regions in which you work too",
        tuple(named),
        shown=lambda code: named[code],
        help="Owners find you for a place that lies within your travel distance or in one of these regions, and "
        "from which your base place lies within the distance or the regions that they search.",
    )
    if st.toggle("Choose regions on a map", value=not on_phone(), key="regions-on-map"):
        st.caption("Choose a region to add it; choose it again to take it out. The list above says the same.")
        maps.pick_regions("regions-map", chosen, lambda code: form.toggle("regions", code))
    return tuple(chosen)


def _renewals() -> None:
    """What expires when, the next first, and the same for one's own calendar."""
    st.subheader("When your certificates expire", anchor=False)
    mine = renewals.mine(asker())
    if not mine:
        words.empty(
            "The office has confirmed no certificate of yours yet.",
            "Once it has, you see here what expires when, and are reminded by e-mail.",
        )
        return
    st.text(f"{drawn.next_expiry(mine)} You are reminded three months, one month and one week before by e-mail.")
    drawn.table(mine)
    address, at = portal().settings.public_url, asker().at
    st.download_button(
        "Download for my calendar (.ics)",
        lambda: drawn.calendar_file(mine, address, at),
        "certificates.ics",
        "text/calendar",
        on_click="ignore",
    )


def _looks(mine: MyProfile) -> None:
    st.subheader("Who looked at my contact details", anchor=False)
    if not mine.looks:
        words.empty(
            "Nobody has looked at your contact details yet.",
            "Owners with a verified facility can, once they have found you, and the office where it decides on "
            "your profile; each look is listed here.",
        )
        return
    looks = operators.my_looks(asker(), tables.page_before_drawing("looks"))
    rows = [
        {"Who": look.who, "For": look.organization or "The office", "When": words.office_time(look.at)}
        for look in looks.rows
    ]
    tables.plain("Who looked, for whom, and when", rows)
    tables.page_number("looks", looks.page, looks.pages)


def _owner(mine: MyOrganization, *, first: bool) -> None:
    if first:
        words.title("Account overview", profile_parts.next_step(mine, "facilities"))
    else:
        st.subheader("My organization", anchor=False)
        st.text(profile_parts.next_step(mine, "facilities"))
    profile_parts.standing(mine)
    profile_parts.suspended(mine)
    profile_parts.returned(mine)
    if mine.checked_against:
        profile_parts.checked_against(mine.checked_against)
    words.facts({"Organization": mine.name or "Not entered yet", "Facilities": len(mine.facilities)})
    if mine.state is State.ACTIVE:
        links.to("Find operators", "search", primary=True)
    profile_parts.link_to_mend(mine, "my-facilities")
