"""What comparing the profiles with the listing changed, and the release of the mails that tell of it."""

import streamlit as st

from core.problems import Refused
from core.sentences import in_english
from db.services import alignment
from db.services.alignment import ChangeRow, Run
from ui import tables, words
from ui.forms import Form, attempt
from ui.fresh import fresh
from ui.session import asker

_BECAUSE = {
    "import": "A new listing",
    "withdrawal": "A listing was withdrawn",
    "night": "The nightly comparison",
    "decision": "An officer’s decision",
}
_MAIL = {
    "waits": "Waits for the release",
    "sent": "Sent",
    "not needed": "None needed",
    "set aside": "Set aside",
}


def render() -> None:
    page = tables.page_before_drawing("runs")
    listed = fresh("alignment-runs", page, lambda: alignment.runs(asker(), page))
    words.title("Alignment with the listing", _sentence(listed.people))
    if not listed.rows:
        words.empty(
            "No pass has changed anything yet.",
            "Profiles are compared with the listing after each import and every night; what changes stands here.",
        )
        return
    chosen = tables.choose(
        [_cells(run) for run in listed.rows],
        [run.run_id for run in listed.rows],
        "run",
        alt="Passes: when, why, which listing, changes, people to tell, released",
    )
    tables.page_number("runs", listed.page, listed.pages)
    if chosen is None:
        st.text("Open a pass to see what it changed and to release its mails.")
        return
    _one(chosen)


def _sentence(people: int) -> str:
    if not people:
        return "Nobody waits to be told of a change."
    return "One person waits to be told." if people == 1 else f"{in_english(people)} people wait to be told."


def _cells(run: Run) -> dict[str, object]:
    return {
        "When": words.office_time(run.at),
        "Why": _BECAUSE[run.because],
        "Listing of": in_english(run.listed_on) if run.listed_on else "None on file",
        "Changes": run.changes,
        "People to tell": run.people,
        "Result": _result(run),
    }


def _result(run: Run) -> str:
    if run.undone:
        return "Undone: its listing was withdrawn"
    if run.released_at:
        return f"Released by {run.released_by}, {words.office_time(run.released_at)}"
    if run.set_aside_at:
        return f"Set aside by {run.set_aside_by}, {words.office_time(run.set_aside_at)}"
    return "Waits for the release" if run.people else "Nobody to tell"


def _one(run_id: int) -> None:
    page = tables.page_before_drawing(f"changes-{run_id}")
    try:
        run, listed = fresh("alignment-changes", (run_id, page), lambda: alignment.changes(asker(), run_id, page))
    except Refused as refused:
        words.problems(refused)
        return
    st.subheader("What the pass changed", anchor=False)
    if run.set_aside_because:
        st.text(f"Nobody is told: {run.set_aside_because}")
    if run.people and not run.undone:
        _release(run)
        _tell_nobody(run)
    st.dataframe(
        [_change(row) for row in listed.rows],
        hide_index=True,
        alt="Changes by person: name, Operator ID, what changed, and whether a mail tells of it",
    )
    tables.page_number(f"changes-{run_id}", listed.page, listed.pages)


def _change(row: ChangeRow) -> dict[str, object]:
    return {
        "Name": row.name,
        "Operator ID": row.operator_id,
        "What": row.what.capitalize(),
        "In words": str(row.said),
        "Mail": _MAIL[row.mail],
    }


def _release(run: Run) -> None:
    """Mails cannot be called back, so the button says how many there are."""
    people = "one person" if run.people == 1 else f"{in_english(run.people)} people"
    st.text(
        "Look through the changes first: a mail cannot be called back. Each person gets one mail with all that "
        "differs from what was told last."
    )
    if st.button(f"Release: tell {people}", type="primary", key=f"release-{run.run_id}"):
        attempt(
            lambda: alignment.release(asker(), run.run_id, run.version),
            f"The result is released: {people} will be told by mail.",
        )


def _tell_nobody(run: Run) -> None:
    with st.expander("Tell nobody"):
        st.text(
            "The changes stand, and no mail is sent. What still holds when the same profile changes again is told "
            "then."
        )
        form = Form("set-aside", key=run.run_id)
        reasons = form.textarea("reasons", "Why nobody is told", required=True)
        if form.submit(
            "Tell nobody",
            lambda: alignment.tell_nobody(asker(), run.run_id, run.version, reasons),
            primary=False,
        ):
            words.say_after_rerun("The pass is set aside: nobody is told of it.")
            st.rerun()
