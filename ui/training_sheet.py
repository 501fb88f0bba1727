"""A sheet of training on its way in: the file, its columns, what it would record, and the import."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import streamlit as st

from core.problems import Refused
from core.sentences import in_english
from core.training_rows import COLUMNS
from core.training_sessions import in_hours
from db.ministry_listings.files import Table, open_table
from db.services import training_imports
from db.services.training_imports import SheetPreview
from db.training_views import FacilityYear
from ui import exports, fresh, tables, training_forms, words
from ui.forms import attempt
from ui.session import asker

Made = TypeVar("Made")
_MOST_MEGABYTES = 5
_OF_BAD_ROWS = ("Row", "What is wrong", "Who")
_EXAMPLE = ("2026-03-12", "7.5", "Confined spaces", "safety", "Sam Fairwater", "90012345", "Shift operator")
_HEADINGS = ("date", "hours", "subject", "kind", "name", "operator_id", "position")


def upload(found: FacilityYear) -> None:
    """Takes a sheet from its upload to its import; nothing is written before that."""
    st.text(
        "One row a person and session, with the columns date, hours or minutes (or both: 7 and 30), subject, "
        "kind, name or operator_id, and position (empty: the one on record). Nothing is written before you "
        "confirm it."
    )
    st.download_button("Download a sheet to fill in", lambda: exports.to_csv(_HEADINGS, [_EXAMPLE]),
                       "training.csv", "text/csv", on_click="ignore")  # fmt: skip
    done = st.session_state.get("training-sheets", 0)
    file = st.file_uploader(
        f"Sheet of training – CSV or Excel (.xlsx), at most {_MOST_MEGABYTES} MB",
        key=f"training-sheet-{found.facility_id}-{done}",
        max_upload_size=_MOST_MEGABYTES,
    )
    if file is not None:
        try:
            table = _kept(file.file_id, lambda: open_table(file.name, file.getvalue(), _MOST_MEGABYTES))
            _preview(found, file.file_id, table)
        except Refused as refused:
            words.problems(refused)
    _recorded(found)


def _kept(about: str, make: Callable[[], Made]) -> Made:
    """What was made of this very file, so that a click does not read it again."""
    if st.session_state.get("training-table", ("",))[0] != about:
        st.session_state["training-table"] = (about, make())
    made: Made = st.session_state["training-table"][1]
    return made


def _preview(found: FacilityYear, about: str, table: Table) -> None:
    columns = _columns(found, about, table)
    shown = fresh.fresh(
        "training-sheet",
        (about, found.facility_id, tuple(columns.items())),
        lambda: training_imports.preview(asker(), found.facility_id, table, columns),
    )
    st.subheader("What this sheet would record", anchor=False)
    if shown.again is not None:
        words.warning(
            f"This very file was recorded on {in_english(shown.again)} already, and is not recorded twice."
        )
        return
    if shown.bad:
        _bad(shown, about)
    words.facts(
        {
            "Rows in order": shown.rows,
            "Sessions": len(shown.sessions),
            "Hours of all together": in_hours(shown.minutes),
            "Rows that cannot be used": len(shown.bad),
        }
    )
    if shown.bad:
        return
    sessions = [
        {
            "Day": one.held[0].day,
            "Duration": in_hours(one.held[0].minutes),
            "Subject": one.subjects,
            "Kind": one.kind.label,
            "Who attended": "; ".join(f"{who.name}, {who.position}" for who in one.attended),
        }
        for one in shown.sessions
    ]
    tables.paged(f"training-good-{about}", "The sessions that the sheet would record", sessions)
    if st.button(_confirm(shown), type="primary", key=f"training-import-{about}"):
        attempt(
            lambda: _import(found, table, columns),
            f"The sheet is recorded: {_sessions(shown)}, {in_hours(shown.minutes)} in all.",
        )


def _import(found: FacilityYear, table: Table, columns: dict[str, str]) -> None:
    training_imports.import_(asker(), found.facility_id, table, columns)
    st.session_state["training-sheets"] = st.session_state.get("training-sheets", 0) + 1
    st.session_state.pop("training-table", None)


def _confirm(shown: SheetPreview) -> str:
    return f"Record {_sessions(shown)}"


def _sessions(shown: SheetPreview) -> str:
    return "1 session" if len(shown.sessions) == 1 else f"{in_english(len(shown.sessions))} sessions"


def _columns(found: FacilityYear, about: str, table: Table) -> dict[str, str]:
    """Which column of the file is which of ours: as chosen before, or recognized by its name, else chosen."""
    alike = fresh.fresh(
        "training-columns",
        (about, found.facility_id),
        lambda: training_imports.columns_of(asker(), found.facility_id, table),
    )
    own = ["", *(heading for heading in table.headings if heading)]
    with st.expander("Whose columns are whose", key=f"training-columns-{about}"):
        return {
            one.name: st.selectbox(one.label, own, own.index(alike.get(one.name, "")),
                                   format_func=lambda heading: heading or "None",
                                   key=f"training-column-{about}-{one.name}")
            for one in COLUMNS
        }  # fmt: skip


def _bad(shown: SheetPreview, about: str) -> None:
    count = "1 row" if len(shown.bad) == 1 else f"{in_english(len(shown.bad))} rows"
    words.problem(
        f"{count} cannot be used. Nothing of a sheet is recorded while a row of it cannot be used. Correct these "
        "rows in your file, and choose it again."
    )
    rows = [(one.line, one.reason, one.name) for one in shown.bad]
    named = [dict(zip(_OF_BAD_ROWS, (str(line), *others), strict=True)) for line, *others in rows]
    tables.paged(f"training-bad-{about}", "The rows that cannot be used", named)
    st.download_button(
        "Download the rows that cannot be used",
        lambda: exports.to_csv(_OF_BAD_ROWS, rows),
        "training-rows.csv",
        "text/csv",
        on_click="ignore",
    )


def _recorded(found: FacilityYear) -> None:
    """The sheets that were recorded, each to be withdrawn whole."""
    for one in training_imports.imports(asker(), found.facility_id):
        withdrawn = " Withdrawn since, with all its sessions." if one.withdrawn else ""
        st.text(f"{one.file_name}: {one.rows} rows, recorded on {words.office_time(one.recorded_at)} by "
                f"{one.recorded_by}. Its SHA-256 is {one.sha256[:16]}….{withdrawn}")  # fmt: skip
        if not one.withdrawn:
            training_forms.withdraw(
                "sheet-withdraw",
                one.import_id,
                "Withdraw this sheet and its sessions",
                partial(training_imports.withdraw_import, asker(), one.import_id),
            )
