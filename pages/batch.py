"""Many facilities at once: a table goes in, the same table comes out with the points and the class of each."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.application import governing
from core.batch import classify_rows
from core.legislation import NotOnFile
from core.places import day_at
from core.points import PointSystem
from core.problems import Refused
from core.sentences import in_english
from ui import batch, calculator, exports, links, words
from ui.session import asker

_SHOWN = 100
_STEP = 1_000  # rows between two movements of the progress bar


@dataclass(frozen=True)
class _Result:
    """What came of one upload: its rows, those with errors first among `shown`, and how many of each class."""

    rows: list[batch.Row]
    shown: list[batch.Row]
    classes: Counter[str]
    errors: int


def render() -> None:
    head = st.container()
    facility_type, on = calculator.choose_type_and_day(day_at(asker().at))
    try:
        system = governing(facility_type, on).points(facility_type)
    except (NotOnFile, ValueError) as refused:
        with head:
            words.title("Many facilities at once", "Nothing can be added up for this type and day.")
        words.warning(refused)
        return
    st.text(
        "Each row is a facility, each column one of the calculator’s keys: a number, yes or no (1 or 0), or the "
        "row that holds; an empty cell is “Not sure”. Other columns are left as they are. The template has every "
        "column."
    )
    st.download_button(
        "Download the template",
        batch.template(system),
        f"{facility_type.value}.csv",
        "text/csv",
        on_click="ignore",
    )
    file = st.file_uploader(
        f"Table – CSV or Excel (.xlsx), at most {batch.LARGEST_TABLE_MB} MB and "
        f"{in_english(batch.MOST_ROWS)} rows",
        type=["csv", "xlsx"],
        max_upload_size=batch.LARGEST_TABLE_MB,
    )
    if file is None:
        with head:
            words.title("Many facilities at once", "Upload a table; nothing of it is stored.")
        links.to("Back to the calculator", "calculator")
        return
    try:
        result = _classified(file, system, on)
    except Refused as refused:
        with head:
            words.title("Many facilities at once", "The table could not be read.")
        words.problems(refused)
        return
    with head:
        words.title("Many facilities at once", _sentence(result))
    _show(result)
    links.to("Back to the calculator", "calculator")


def _classified(file: UploadedFile, system: PointSystem, on: date) -> _Result:
    """The result of this upload under this law, computed once."""
    about = (file.file_id, system.facility_type, on)
    kept = st.session_state.get("batch")
    if kept is None or kept[0] != about:
        kept = st.session_state["batch"] = (about, _classify(file, system, on))
    result: _Result = kept[1]
    return result


def _classify(file: UploadedFile, system: PointSystem, on: date) -> _Result:
    progress = st.progress(0.0, "Reading the table")
    given = batch.read(file.name, file.getvalue())
    rows: list[batch.Row] = []
    wrong: list[batch.Row] = []
    classes: Counter[str] = Counter()
    for one in classify_rows(system.facility_type, given, regulation=system.regulation, on=on):
        row = batch.result_row(one)
        rows.append(row)
        if one.classification.errors:
            wrong.append(row)
        else:
            classes[one.classification.facility_class or ""] += 1
        if one.number % _STEP == 0:
            progress.progress(one.number / len(given), f"Row {in_english(one.number)} of {in_english(len(given))}")
    progress.empty()
    right = [row for row in rows[: _SHOWN * 2] if not row["errors"]]
    return _Result(rows, (wrong[:_SHOWN] + right)[:_SHOWN], classes, len(wrong))


def _sentence(result: _Result) -> str:
    known = [f"{in_english(count)} in Class {one}" for one, count in sorted(result.classes.items()) if one]
    parts = [*known, f"{in_english(result.classes[''])} with a range over several classes"]
    wrong = f"{in_english(result.errors)} with errors" if result.errors else "none with errors"
    return f"{in_english(len(result.rows))} facilities: {', '.join(parts)}, {wrong}."


def _show(result: _Result) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Download the result as CSV",
            lambda: batch.to_csv(result.rows),
            "classes.csv",
            "text/csv",
            on_click="ignore",
            type="primary",
        )
        st.download_button(
            "Download the result as Excel",
            lambda: batch.to_excel(result.rows),
            "classes.xlsx",
            exports.EXCEL,
            on_click="ignore",
        )
    if len(result.rows) > len(result.shown):
        st.text(f"Shown: {len(result.shown)} rows, those with errors first. The download has all of them.")
    columns = ["row", "errors", "class", "lowest", "highest", "questions"]
    st.dataframe(
        [{name: row[name] for name in columns} | row for row in result.shown],
        hide_index=True,
        alt="The rows of the table with the points and the class of each, those with errors first",
    )
