"""Forms about manuals: a manual, another version, a review, what the owner says of them, and reading one."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.files import LARGEST_MB
from core.places import day_at
from db.manual_entries import VersionEntry
from db.manual_views import FacilityManualsShown, ManualRow, OwnManual, Reader, Statement, VersionRow
from db.services import manual_readers, manuals
from ui import words
from ui.drafts import folded
from ui.fields import told_apart
from ui.forms import Form, attempt
from ui.markup import as_markdown
from ui.session import asker

_HOLDS = {"plans": "Plans", "drawings": "Drawings", "process_descriptions": "Process descriptions"}
_SAID = {"yes": "Yes", "no": "No"}
_ASKED = {
    "all_listed": "Every manual of the facility is on record here",
    "sufficient": "What they hold is enough to run the facility safely and efficiently",
    "operators_reach": "Operators reach them without delay",
    "maintenance_reaches": "Maintenance staff reach them without delay",
}


def add(found: FacilityManualsShown) -> None:
    """A manual in use."""
    form = Form("manual", key=found.facility_id)
    name = form.text("name", "Name of the manual", required=True)
    version = _version(form, "manual", found.facility_id)
    reviewed = form.day("reviewed", "Last reviewed", required=True, help="of a new manual the day it was written")
    updated = form.day("updated", "Last updated", required=True)
    if form.submit(
        "Record the manual",
        lambda: manuals.add(asker(), found.facility_id, name, reviewed, updated, version()),
    ):
        _done("The manual is recorded.")


def add_version(row: ManualRow) -> None:
    """Another version of a manual: whoever works there reads it anew."""
    current = row.current
    suggested = {
        "place": current.place,
        "operators_at": current.operators_at,
        "maintenance_at": current.maintenance_at,
        "holds": [one for one in _HOLDS if getattr(current, one)],
    }
    with folded("Record another version", "manual-version", row.manual_id):
        form = Form("manual-version", suggested=suggested, key=row.manual_id)
        version = _version(form, "manual-version", row.manual_id)
        updated_on = form.day("updated_on", "Updated on", required=True, today=day_at(asker().at))
        reviewed = form.checkbox("reviewed", "The manual was reviewed on that day too")
        if form.submit(
            "Record this version",
            lambda: manuals.add_version(asker(), row.manual_id, updated_on, reviewed, version()),
            primary=False,
        ):
            _done("The version is recorded. Whoever works there is asked to read it.")


def review(row: ManualRow) -> None:
    """A review of a manual, with or without an update."""
    with folded("Record a review", "manual-review", row.manual_id):
        form = Form("manual-review", key=row.manual_id)
        reviewed_on = form.day("reviewed_on", "Reviewed on", required=True, today=day_at(asker().at))
        reviewed_by = form.text("reviewed_by", "Reviewed by", required=True)
        updated = form.checkbox("updated", "It was updated on that day too, without another version")
        st.text("Whoever has read this version stays on record as having read it. Record another version instead "
                "where they are to read what was changed.")  # fmt: skip
        if form.submit(
            "Record the review",
            lambda: manuals.record_review(asker(), row.manual_id, reviewed_on, reviewed_by, updated),
            primary=False,
        ):
            _done("The review is recorded.")


def record_readers(row: ManualRow, readers: Sequence[Reader]) -> None:
    """Who of those without an account has read the version that stands, as told."""
    waiting = {str(one.employee_id): f"{one.name}, {one.position}" for one in readers if one.may_be_recorded}
    if not waiting:
        return
    version_id = row.current.version_id
    with folded("Record who has read it, of those without an account", "manual-readers", version_id):
        form = Form("manual-readers", key=version_id)
        chosen = form.several(
            "readers", "Who has read it", list(waiting), shown=lambda one: waiting[one], required=True
        )
        read_on = form.day("read_on", "Read on", required=True, today=day_at(asker().at))
        if form.submit(
            "Record who has read it",
            lambda: manuals.record_readers(asker(), version_id, [int(one) for one in chosen], read_on),
            primary=False,
        ):
            _done("It is recorded, as you were told.")


def take_back(row: ManualRow, readers: Sequence[Reader]) -> None:
    """That somebody has read the version that stands, where it was recorded by mistake."""
    read = told_apart(
        {str(one.employee_id): f"{one.name}, {one.position}" for one in readers if one.acknowledged_at is not None}
    )
    if not read:
        return
    version_id = row.current.version_id
    with folded("Take back that somebody has read it", "readers-taken-back", version_id):
        form = Form("readers-taken-back", key=version_id)
        chosen = form.several("readers", "Of whom", list(read), shown=lambda one: read[one], required=True)
        reason = form.textarea("reason", "Why it is taken back", required=True)
        if form.submit(
            "Take back that they have read it",
            lambda: manual_readers.take_back(asker(), version_id, [int(one) for one in chosen], reason),
            primary=False,
        ):
            _done("It is taken back. It stays on record with your reason, and counts no more.")


def state(found: FacilityManualsShown) -> None:
    """What no list of manuals proves, as the owner says it."""
    given = {
        field: "" if (said := getattr(found.statement, field)) is None else ("yes" if said else "no")
        for field in _ASKED
    }
    form = Form("manuals-stated", given, key=found.facility_id)
    said = {
        field: form.select(field, label, list(_SAID), shown=lambda one: _SAID[one])
        for field, label in _ASKED.items()
    }
    statement = Statement(**{field: None if one is None else one == "yes" for field, one in said.items()})
    if form.submit(
        "Say so of the manuals", lambda: manuals.state(asker(), found.facility_id, statement), primary=False
    ):
        _done("It is recorded.")


def own(one: OwnManual) -> None:
    """A manual to read, and the one click that says it was read."""
    version = one.version
    with st.container(border=True, key=f"own-manual-{version.version_id}"):
        if one.acknowledged_at is None:
            words.standing(words.DUE, "Not read yet")
        else:
            words.standing(words.STANDS, f"Read on {words.office_day(one.acknowledged_at)}")
        st.text(f"{one.facility}: {one.manual}, version {version.label}")
        reached = version.operators_at or version.maintenance_at or "Not said"
        words.facts({"Kept at": version.place or "In the portal", "You reach it at": reached})
        with st.container(horizontal=True):
            file(version)
            if one.acknowledged_at is None and st.button(
                f"I have read {as_markdown(one.manual)}, version {as_markdown(version.label)}",
                key=f"read-{version.version_id}",
                type="primary",
            ):
                attempt(
                    lambda: manuals.acknowledge(asker(), version.version_id), "It is recorded that you read it."
                )
        if one.by_me:
            _take_back_own(version)


def _take_back_own(version: VersionRow) -> None:
    with folded("It was a mistake", "own-taken-back", version.version_id):
        form = Form("own-taken-back", key=version.version_id)
        reason = form.textarea("reason", "Why it is taken back", required=True)
        if form.submit(
            "I have not read it: take it back",
            lambda: manual_readers.take_back_own(asker(), version.version_id, reason),
            primary=False,
        ):
            _done("It is taken back, and stays on record with your reason. The manual waits to be read by you.")


def file(version: VersionRow) -> None:
    """The file of a version, where it has one: read from the database once somebody asks for it."""
    if not version.file_name:
        return
    who = asker()
    st.download_button(
        "Download the manual",
        lambda: manuals.file(who, version.version_id).content,
        version.file_name,
        "application/octet-stream",
        on_click="ignore",
        key=f"manual-file-{version.version_id}",
    )


def _version(form: Form, name: str, key: int) -> Callable[[], VersionEntry]:
    """The fields of a version, put together once it is handed in: the file is read only then."""
    label = form.text("label", "Version", required=True, help="as it stands on it, such as 3 or 2026-05")
    place = form.text("place", "Where it is kept", help="empty where the file below is the manual")
    kept = st.file_uploader(
        f"The manual as a file – PDF, JPEG or PNG, at most {LARGEST_MB} MB",
        type=["pdf", "jpg", "jpeg", "png"],
        key=f"{name}-file-{key}-{words.acts_done()}",
        max_upload_size=LARGEST_MB,
    )
    operators_at = form.text("operators_at", "Where operators reach it")
    maintenance_at = form.text("maintenance_at", "Where maintenance staff reach it")
    holds = form.several("holds", "What it holds", list(_HOLDS), shown=lambda one: _HOLDS[one])
    return lambda: VersionEntry(
        label,
        place,
        operators_at,
        maintenance_at,
        "plans" in holds,
        "drawings" in holds,
        "process_descriptions" in holds,
        kept.name if kept else "",
        kept.getvalue() if kept else b"",
    )


def _done(sentence: str) -> None:
    words.say_after_rerun(sentence, leads=True)
    st.rerun()
