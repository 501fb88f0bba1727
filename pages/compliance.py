"""A facility on a day, as an inspection asks: first what is wrong, then what falls due, then what is not known."""

from datetime import date

import streamlit as st

from core import inspection_period
from core.compliance import Place, placed
from core.designations import Basis
from core.places import day_at
from core.problems import Refused
from core.sentences import in_english
from db.gate import NotAllowed, NotSignedIn
from db.people_assessed import Days
from db.services import compliance
from db.services.compliance import Inspected
from ui import facility_choice, inspected, links, pack, paper, words
from ui.fresh import fresh
from ui.people_timeline import last_day
from ui.session import asker, asker_later

_TITLE = "Compliance of a facility"
_FIRST_DAY = date(1990, 1, 1)


def render() -> None:
    facility_id = facility_choice.named()
    if facility_id is None:
        words.title("Compliance of facilities", "Choose a facility to see what an inspection would find.")
        facility_choice.choose("compliance")
        return
    _one(facility_id)


def _one(facility_id: int) -> None:
    top = st.container()
    on = _day("As of", "day")
    try:
        about = (facility_id, on)
        found = fresh("inspected", about, lambda: compliance.on_day(asker(), facility_id, on))
    except NotSignedIn:
        raise
    except NotAllowed:
        with top:
            words.title(_TITLE, "There is no such facility, or it is not yours.")
        return
    except Refused as refused:
        with top:
            words.title(_TITLE, "This day cannot be answered.")
        words.problems(refused)
        return
    with top:
        words.title(_TITLE, inspected.sentence(found))
        inspected.glance(found)
    words.facts(_in_short(found))
    for missing in found.standing.not_on_file:
        words.notice(missing)
    _answers(found)
    _pack(found)
    links.to("Its certificate, applications and display", "facility", id=facility_id)
    links.to("Its people, designations and ledgers", "people", id=facility_id)
    links.to("Its shift log", "shift-log", id=facility_id)
    links.to("The training of its people", "training", id=facility_id)
    links.to("Its manuals", "manuals", id=facility_id)
    links.to("Another facility", "compliance")


def _day(label: str, key: str) -> date | None:
    """A day chosen, or of the address; one that cannot be chosen is said, and left out."""
    given = st.query_params.get(key, "")
    chosen = st.date_input(
        label, value=None, min_value=_FIRST_DAY, format="YYYY-MM-DD", key=key, bind="query-params", width=200
    )
    if isinstance(chosen, date):
        return chosen
    if given:
        words.problem(
            f"The address asks about {given}, which is left out: it is no day, or too far away. Choose a day from "
            f"{in_english(_FIRST_DAY)} on."
        )
    return None


def _answers(found: Inspected) -> None:
    by_place = placed(found.answers, found.on)
    for place in Place:
        if not by_place[place]:
            continue
        if place is Place.NOT_APPLICABLE:
            with st.expander(f"{inspected.HEADINGS[place]} ({len(by_place[place])})"):
                inspected.answers(found, place)
            continue
        st.subheader(f"{inspected.HEADINGS[place]} ({len(by_place[place])})", anchor=False)
        inspected.answers(found, place)


# --- who and what, in short ---------------------------------------------------------------------------------


def _in_short(found: Inspected) -> dict[str, object]:
    standing = found.standing
    facts: dict[str, object] = {
        "Type": standing.facility_type.label,
        "Class": standing.facility_class.label if standing.facility_class else "None on record",
        "Certificate": _certificate(found),
    }
    if not found.people.assessed:
        return facts | {"People": "Not assessed: the law of this day on a facility’s people is not modelled here."}
    facts["Overall responsible operator"] = _acting(found)
    in_charge = [one.name for one in found.people.in_charge if found.on in one.span]
    facts["In charge"] = ", ".join(dict.fromkeys(in_charge)) or "Nobody on record"
    employed = {one.employee_id for one in found.people.employments if found.on in one.span}
    facts["Employed"] = f"{in_english(len(employed))} on this day"
    if found.people.stand_ins is not None:
        facts["Days with a stand-in"] = _used(found.people.stand_ins)
    if found.people.engineers is not None and found.people.engineers.count:
        facts["Days with an unlicensed engineer in charge"] = _used(found.people.engineers)
    return facts


def _certificate(found: Inspected) -> str:
    certificate = found.standing.certificate
    if certificate is None:
        return "None: no class is on record"
    issued = f", issued on {in_english(certificate.issued_on)}" if certificate.issued_on else ""
    return f"{certificate.number}{issued}"


def _acting(found: Inspected) -> str:
    acting = next((one for one in found.people.timeline if found.on in one.span), None)
    if acting is None or not acting.name:
        return "Nobody on record"
    as_what = f", {acting.basis.label}" if acting.basis not in (None, Basis.LICENCE) else ""
    spans = [one.span for one in found.people.designations if one.name == acting.name and found.on in one.span]
    return f"{acting.name}{as_what}, last day: {last_day(spans[0]) if spans else 'not known'}"


def _used(days: Days) -> str:
    return f"{in_english(days.count)} of at most {in_english(days.limit)} in the months that count"


# --- the pack -----------------------------------------------------------------------------------------------


def _pack(found: Inspected) -> None:
    st.subheader("Inspection pack", anchor=False)
    st.text(
        "Every question of an inspection with its answers, the evidence and the citations, for a day or a period. "
        "Downloading is recorded."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first, last = _day("First day", "from"), _day("Last day", "to")
    last = last or found.on
    first = first or last
    try:
        inspection_period.check(first, last)
    except Refused as refused:
        words.problems(refused)
        return
    who, facility_id = asker_later(), found.facility_id
    paper.buttons(
        pack.file_name(found.ministry_number, first, last),
        lambda: pack.of(compliance.over_period(who(), facility_id, first, last), day_at(who().at)),
    )
