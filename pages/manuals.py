"""Manuals: which a facility has, where each is reached, when they fall due, and who has read which version."""

from datetime import date
from functools import partial

import streamlit as st

from core.compliance import NEAR
from core.findings import Verdict
from core.membership import Right
from core.problems import Refused
from core.roles import ACTING, Role
from core.sentences import in_english
from db.gate import NotAllowed, NotSignedIn
from db.manual_views import FacilityManualsShown, ManualRow, Reader, VersionRow
from db.services import calculations, manual_readers, manuals
from ui import facility_choice, findings, links, manual_forms, tables, training_forms, words
from ui.drafts import folded
from ui.fresh import fresh
from ui.session import asker

_TITLE = "Manuals"


def render() -> None:
    facility_id = facility_choice.named()
    if facility_id is not None:
        _one(facility_id)
        return
    roles = facility_choice.roles()
    own = _own(roles)
    if not own:
        words.title(_TITLE, "Manuals of operations and maintenance, by facility.")
    if roles & facility_choice.OFFICE or not roles.isdisjoint(ACTING):
        if own:
            st.subheader("Manuals of facilities", anchor=False)
        facility_choice.choose("manuals")
    elif not own:
        words.empty(
            "No manual waits for you.",
            "An owner records them where you are on record as employed under your confirmed Operator ID.",
        )


def _own(roles: frozenset[Role]) -> bool:
    """The manuals of where one works oneself; whether there are any."""
    reads = not roles.isdisjoint((Role.OPERATOR, *ACTING))
    own = manuals.mine(asker()) if reads else ()
    if not own:
        return False
    to_read = sum(one.acknowledged_at is None for one in own)
    words.title(_TITLE, _own_sentence(to_read))
    if to_read:
        st.text("Say so once you have read a manual: it stays on record, with the day.")
    for one in own:
        manual_forms.own(one)
    return True


def _own_sentence(to_read: int) -> str:
    if not to_read:
        return "You have read every manual of where you work, in the version that stands."
    return "One manual waits to be read by you." if to_read == 1 else f"{to_read} manuals wait to be read by you."


# --- one facility ---------------------------------------------------------------------------------------------


def _one(facility_id: int) -> None:
    try:
        found = manuals.of_facility(asker(), facility_id)
    except NotSignedIn:
        raise
    except NotAllowed:
        if _own(facility_choice.roles()):  # whoever works there came by the owner's link
            return
        words.title(_TITLE, "There is no such facility, or it is not yours.")
        links.to("All manuals", "manuals")
        return
    except Refused as refused:  # for the office's staff: there is no such facility
        words.title(_TITLE, str(refused))
        links.to("All manuals", "manuals")
        return
    words.title(_TITLE, _sentence(found))
    acts = not facility_choice.roles().isdisjoint(ACTING)
    records = acts and _records(facility_id)
    with st.container():
        _standing(found)
    with st.container():
        _manuals(found, records=records)
    if records:
        st.subheader("What you can do", anchor=False)
        new, stated = st.tabs(["Record a manual", "Say what the manuals are like"])
        with new, folded("Record a manual in use", "manual", facility_id):
            manual_forms.add(found)
        with stated:
            manual_forms.state(found)
    links.to("Training at this facility", "training", id=facility_id)
    links.to("People of this facility", "people", id=facility_id)
    links.to("All facilities", "manuals")


def _records(facility_id: int) -> bool:
    return facility_id in {one.facility_id for one in calculations.my_facilities(asker(), Right.RECORD)}


def _sentence(found: FacilityManualsShown) -> str:
    count = len(found.manuals)
    if not count:
        return f"{found.facility}: no manual is on record."
    known = "1 manual" if count == 1 else f"{count} manuals"
    dues = [one.due for one in found.manuals if one.due is not None]
    late = sum(due < found.on for due in dues)
    if late:
        return f"{found.facility}: {known}, {late} past the day for its review and update."
    due = f", the next review and update by {in_english(min(dues))}" if dues else ""
    return f"{found.facility}: {known}{due}."


def _standing(found: FacilityManualsShown) -> None:
    if not found.assessed:
        words.standing(words.NOT_ASSESSED)
        st.text("The law of this day is not modelled here. For water facilities today O. Reg. 128/04 governs.")
        return
    if found.finding is not None:
        findings.draw(found.finding, on=found.on)


def _manuals(found: FacilityManualsShown, *, records: bool) -> None:
    if not found.manuals:
        words.empty("No manual is on record.", "Record each with where it is and when it was reviewed.")
        return
    st.subheader("The manuals", anchor=False)
    st.text(f"{tables.how_to_choose()} to open a manual: its file, its versions and reviews, and who has read it.")
    rows = [_row(one, found.on) for one in found.manuals]
    chosen = tables.choose(rows, [one.manual_id for one in found.manuals], "manual", alt="Manuals, due first")
    one = next((row for row in found.manuals if row.manual_id == chosen), None)
    if one is not None:
        with st.container(border=True, key="manual"):
            if one.finding is not None:
                findings.draw(one.finding, on=found.on)
            _manual(one, records=records)


def _row(one: ManualRow, on: date) -> dict[str, object]:
    return {
        "Manual": one.name,
        "Standing": _mark(one, on),
        "Version": one.current.label,
        "Reviewed": in_english(one.last_reviewed),
        "Updated": in_english(one.last_updated),
        "Read by": f"{one.acknowledged} of {one.employed}",
        "Holds": _holds(one.current),
        "Operators reach it": one.current.operators_at,
        "Maintenance reaches it": one.current.maintenance_at,
    }


def _mark(one: ManualRow, on: date) -> str:
    """How a manual stands, in a line."""
    if one.finding is None:
        return f"{words.NOT_ASSESSED.shape} {words.NOT_ASSESSED.word}"
    mark = findings.MARKS[one.finding.verdict]
    if one.finding.verdict is not Verdict.MET or one.due is None:
        return f"{mark.shape} {mark.word}"
    if one.due - on > NEAR:
        return f"{mark.shape} {mark.word}, until {in_english(one.due)}"
    return f"{words.DUE.shape} Due by {in_english(one.due)}"


def _holds(version: VersionRow) -> str:
    named = {
        "plans": version.plans,
        "drawings": version.drawings,
        "process descriptions": version.process_descriptions,
    }
    return ", ".join(name for name, there in named.items() if there) or "not said"


def _manual(one: ManualRow, *, records: bool) -> None:
    current = one.current
    st.text(f"{one.name}, version {current.label}")
    words.facts(
        {
            "Kept at": current.place or "In the portal",
            "Operators reach it": current.operators_at or "Not said",
            "Maintenance staff reach it": current.maintenance_at or "Not said",
            "Holds": _holds(current),
        }
    )
    manual_forms.file(current)
    if records:
        _readers(one)
        manual_forms.review(one)
        manual_forms.add_version(one)
    _history(one, records=records)
    if records:
        training_forms.withdraw(
            "manual-withdraw", one.manual_id, "Take this manual out of use",
            partial(manuals.withdraw, asker(), one.manual_id),
        )  # fmt: skip


def _readers(one: ManualRow) -> None:
    about = (one.manual_id, one.current.version_id, one.acknowledged)
    readers = fresh("readers", about, lambda: manuals.readers(asker(), one.manual_id))
    with st.expander(f"Who has read it: {one.acknowledged} of {one.employed}", key=f"readers-{one.manual_id}"):
        rows = [
            {
                "Name": who.name,
                "Position": who.position,
                "Read on": _read_on(who),
            }
            for who in readers
        ]
        if rows:
            tables.plain("Who has read the version that stands, and who has not", rows)
        else:
            st.text("Nobody is on record as employed here.")
        for back in fresh("readers-back", about, lambda: manual_readers.taken_back(asker(), one.manual_id)):
            st.text(f"{back.name}, version {back.version}: that it was read on {in_english(back.read_on)} was "
                    f"taken back by {back.by} on {words.office_time(back.at)}. {back.because}")  # fmt: skip
    manual_forms.record_readers(one, readers)
    manual_forms.take_back(one, readers)


def _read_on(who: Reader) -> str:
    if who.acknowledged_at is None:
        return "Not yet"
    said = words.office_time(who.acknowledged_at)
    if who.read_on is not None:
        said = f"{in_english(who.read_on)}, as {who.told_to} was told"
    return f"{said}, before its last update" if who.before_update else said


def _history(one: ManualRow, *, records: bool) -> None:
    with st.expander("Versions and reviews", key=f"history-{one.manual_id}"):
        for version in one.versions:
            st.text(f"Version {version.label}, updated on {in_english(version.updated_on)}: "
                    f"{version.place or version.file_name}")  # fmt: skip
        for review in one.reviews:
            by = f" by {review.reviewed_by}" if review.reviewed_by else ""
            updated = ", updated too" if review.updated else ""
            st.text(f"Reviewed on {in_english(review.reviewed_on)}{by}{updated}")
    if not records:
        return
    if len(one.versions) > 1:
        standing = one.current.version_id
        training_forms.withdraw("version-withdraw", standing, "Withdraw the version that stands",
                                partial(manuals.withdraw_version, asker(), standing))  # fmt: skip
    if len(one.reviews) > 1:
        last = one.reviews[0].review_id
        training_forms.withdraw("review-withdraw", last, "Withdraw the last review",
                                partial(manuals.withdraw_review, asker(), last))  # fmt: skip
