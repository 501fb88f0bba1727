"""What comparing the profiles with the listing changed, and the release of the mails that tell of it."""

from collections.abc import Callable, Sequence
from itertools import groupby
from operator import attrgetter

import streamlit as st

from core.problems import Refused
from core.sentences import in_english
from db.services import alignment
from db.services.alignment import ChangeRow, Run
from ui import followed, mailed, tables, words
from ui.forms import Form, attempt
from ui.fresh import fresh
from ui.markup import Markup, html, joined, markup
from ui.session import asker, on_phone

_BECAUSE = {
    "import": "A new listing",
    "withdrawal": "A listing was withdrawn",
    "night": "The nightly comparison",
    "decision": "An officer’s decision",
}
_MAIL = {
    "waits": "Waits for the release",
    "not needed": "None needed",
    "set aside": "Set aside",
}
_WHY_NOBODY = "Why nobody is told"
_DRAWN = "pass-drawn"  # the one whose mails this officer's page last offered to release


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
        alt="Passes, the latest first: when, what has become of it, why, how many changes and differences",
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
    """A pass as a row that fits its screen; opened it says the rest."""
    row: dict[str, object] = {"When": words.office_time(run.at), "Result": _in_short(run)}
    if on_phone():
        return row
    return row | {"Why": _BECAUSE[run.because], "Changes": run.changes, "Differences": run.differences}


def _in_short(run: Run) -> str:
    if run.undone:
        return "Undone"
    if run.released_at:
        return "Released"
    if run.set_aside_at:
        return "Set aside"
    return f"{in_english(run.people)} to tell" if run.people else "Nobody to tell"


def _facts(run: Run) -> dict[str, object]:
    facts: dict[str, object] = {
        "Why": _BECAUSE[run.because],
        "Listing of": run.listed_on or "None on file",
        "Changes": run.changes,
        "Differences for the queue": followed.differences(run),
    }
    if run.undone:
        facts["Undone"] = "Its listing was withdrawn"
    if run.released_at:
        facts["Released"] = f"by {run.released_by} on {words.office_time(run.released_at)}"
    if run.set_aside_at:
        facts["Set aside"] = f"by {run.set_aside_by} on {words.office_time(run.set_aside_at)}"
    return facts


def _one(run_id: int) -> None:
    page = tables.page_before_drawing(f"changes-{run_id}")
    try:
        run, listed = fresh("alignment-changes", (run_id, page), lambda: alignment.changes(asker(), run_id, page))
    except Refused as refused:
        words.problems(refused)
        return
    st.subheader("What the pass changed", anchor=False)
    waits = bool(run.people) and not run.undone
    if not waits:
        _say_overtaken(run)
    words.facts(_facts(run))
    followed.link_to_differences(run.open)
    if run.set_aside_because:
        st.text(f"Nobody is told: {run.set_aside_because}")
    if waits:
        st.session_state[_DRAWN] = run.run_id
        _release(run)
        _tell_nobody(run)
    else:
        _setting_aside(run).set_aside(reasons=_WHY_NOBODY)
    if not listed.rows:
        words.empty(
            "The pass changed no certificate and no profile.",
            "What it found came to the queue as differences, for an officer to decide.",
        )
        return
    html(
        '<table class="plain wide by-person"><caption>Changes, by person</caption><thead><tr>'
        '<th scope="col">Operator</th><th scope="col">What changed</th><th scope="col">Mail</th></tr></thead>'
        "<tbody>{rows}</tbody></table>",
        rows=joined(_person(tuple(rows)) for _, rows in groupby(listed.rows, attrgetter("profile_id"))),
    )
    tables.page_number(f"changes-{run_id}", listed.page, listed.pages)


def _say_overtaken(run: Run) -> None:
    """That a colleague decided on it since this officer's page offered to, once."""
    if st.session_state.pop(_DRAWN, None) != run.run_id:
        return
    done = "Its listing was withdrawn"
    if run.released_at and not run.undone:
        done = f"Released by {run.released_by} on {words.office_time(run.released_at)}"
    elif run.set_aside_at and not run.undone:
        done = f"Set aside by {run.set_aside_by} on {words.office_time(run.set_aside_at)}"
    _setting_aside(run).forget_problems()
    words.warning(f"{done}, after your page was drawn, so nothing more was done here.")


def _own_act(act: Callable[[], object]) -> None:
    act()
    st.session_state.pop(_DRAWN, None)


def _person(changes: Sequence[ChangeRow]) -> Markup:
    """One row: a person with all that changed; which mail is of which change is said where they differ."""
    first = changes[0]
    same = len({one.mail for one in changes}) == 1
    return markup(
        '<tr><th scope="row">{name}<br>{operator_id}</th><td>{changes}</td>'
        '<td><span class="cell-of">Mail: </span>{mail}</td></tr>',
        name=first.name,
        operator_id=first.operator_id,
        changes=joined(markup("<div>{one}</div>", one=_change(one)) for one in changes),
        mail=_mail_word(first) if same else joined(markup("<div>{one}</div>", one=_mail(one)) for one in changes),
    )


def _change(row: ChangeRow) -> Markup:
    return markup("<strong>{what}.</strong> {said}", what=row.what.capitalize(), said=row.said)


def _mail(row: ChangeRow) -> Markup:
    return markup("{what}: {mail}", what=row.what.capitalize(), mail=_mail_word(row).lower())


def _mail_word(row: ChangeRow) -> str:
    """What has become of the mail that tells of a change."""
    if row.mail == "sent":
        return "Sent" if mailed.is_sent() else "Kept: no mail server is set"
    return _MAIL[row.mail]


def _release(run: Run) -> None:
    """Mails cannot be called back, so the button says how many there are."""
    people = "one person" if run.people == 1 else f"{in_english(run.people)} people"
    st.text(
        "Look through the changes first: a mail cannot be called back. Each person gets one mail with all that "
        "differs from what was told last."
    )
    if st.button(f"Release: tell {people}", type="primary", key=f"release-{run.run_id}"):
        attempt(
            lambda: _own_act(lambda: alignment.release(asker(), run.run_id, run.version)),
            f"The result is released. {mailed.if_sent(f'{people[:1].upper()}{people[1:]} will be told by mail.')}",
        )


def _setting_aside(run: Run) -> Form:
    return Form("set-aside", key=run.run_id)


def _tell_nobody(run: Run) -> None:
    with st.expander("Tell nobody"):
        st.text(
            "The changes stand, and no mail is sent. What still holds when the same profile changes again is told "
            "then."
        )
        form = _setting_aside(run)
        reasons = form.textarea("reasons", _WHY_NOBODY, required=True)
        if form.submit(
            "Tell nobody",
            lambda: _own_act(lambda: alignment.tell_nobody(asker(), run.run_id, run.version, reasons)),
            primary=False,
        ):
            words.say_after_rerun("The pass is set aside: nobody is told of it.")
            st.rerun()
