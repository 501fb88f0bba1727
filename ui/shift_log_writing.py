"""Writing in a shift log, made for one hand on a telephone: one button a kind, one column, a draft of each form.

Which shift is written in, and which form is open, stands in the address, so that a reload or a lost connection
comes back to both.
"""

from collections.abc import Callable, Mapping
from datetime import date

import streamlit as st

from core.log_chain import MAY_BE_NOTHING, Content, Entry, Kind
from core.log_times import FIRST, SECOND, Typed
from core.record_entries import fields_of
from core.shifts import Shift
from db.log_views import LogOfFacility
from db.services import shift_logs
from ui import shift_log, words
from ui.addresses import row_id
from ui.forms import Form, attempt
from ui.session import asker

_KIND, _SHIFT = "kind", "shift"  # in the address
_OPEN = ":material/radio_button_unchecked:"

# A long text goes to the server once whoever types pauses, as it does when the field is left: so a draft is kept
# before the connection is lost.
_KEEP_WHILE_TYPING = """<script>
(function () {
  if (window.longTextsAreKept) return;
  window.longTextsAreKept = true;
  let waiting = null;
  document.addEventListener("input", function (event) {
    const field = event.target;
    if (field.tagName !== "TEXTAREA" || !field.closest(".st-key-log-form")) return;
    clearTimeout(waiting);
    waiting = setTimeout(function () {
      const handIn = {key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true};
      if (field.isConnected) field.dispatchEvent(new KeyboardEvent("keydown", handIn));
    }, 1000);
  }, true);
})();
</script>"""
_WHICH = {FIRST: "The first time that the clock showed it", SECOND: "The second time, an hour later"}


def draw(found: LogOfFacility) -> None:
    """What whoever may write does next: begin a shift, or go on with the one that the address names.

    The address names it from the first drawing on, as do the keys of buttons and forms, so that a shift that
    somebody else begins or ends meanwhile never takes what was meant for another.
    """
    shift = _named(found)
    if shift is None:
        _elsewhere(found, None)
        _begin(found)
        return
    st.subheader("Write in this shift", anchor=False)
    words.facts({"Shift": shift_log.name_of(shift, found.zone)})
    if shift.ended is not None:
        words.warning("This shift has ended: what you write now is a late entry, and says so.")
    kind = st.query_params.get(_KIND, "")
    if kind in tuple(Kind):
        with st.container(key="log-form"):
            _entry(found, shift, Kind(kind))
        return
    _kinds(found, shift)
    if shift.ended is None:
        _end(found, shift)
    _elsewhere(found, shift)
    with st.expander("Begin another shift"):
        _begin(found)


def late_button(shift: Shift) -> None:
    """Leads to the forms of a shift that has ended."""
    st.button(
        f"Add a late entry to shift {shift.number}",
        key=f"log-late-{shift.number}",
        on_click=_open,
        args=(None, shift.number),
    )


def _open(kind: Kind | None, shift: int | None) -> None:
    for name, value in ((_KIND, kind), (_SHIFT, shift)):
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = str(value)


def _named(found: LogOfFacility) -> Shift | None:
    """The shift that the address names. Where it names none and one alone lasts, it names that from now on."""
    written = st.query_params.get(_SHIFT, "")
    if not written and len(found.open) == 1:
        st.query_params[_SHIFT] = str(found.open[0].number)
        return found.open[0]
    number = row_id(written)
    known = {one.number: one for one in (*found.shifts, *found.open)}
    if written and number not in known:
        words.warning(
            "The shift that this address names is not among those shown. Choose the day on which it began, or "
            "another shift."
        )
    return known.get(number) if number is not None else None


def _elsewhere(found: LogOfFacility, shift: Shift | None) -> None:
    """The other shifts that last, each with a button of its own."""
    for one in found.open:
        if one != shift:
            st.text(f"Not ended: {shift_log.name_of(one, found.zone)}")
            st.button(
                f"Write in shift {one.number}",
                key=f"log-open-{one.number}",
                width="stretch",
                on_click=_open,
                args=(None, one.number),
            )


# --- the buttons ----------------------------------------------------------------------------------------------


def _kinds(found: LogOfFacility, shift: Shift) -> None:
    """One button a kind, with what the log of the shift says of it already."""
    with st.container(key="log-kinds"):
        for kind in shift_log.ASKED:
            made = shift.of(kind)
            _button(kind, shift, _told(kind, made), ":material/check_circle:" if made else _OPEN)
            if kind in MAY_BE_NOTHING and not made:
                _nothing(found, shift, kind)
        _button(Kind.NOTE, shift, "Note", ":material/add:")


def _button(kind: Kind, shift: Shift, label: str, icon: str) -> None:
    st.button(
        label,
        key=f"log-kind-{shift.number}-{kind}",
        icon=icon,
        width="stretch",
        on_click=_open,
        args=(kind, shift.number),
    )


def _told(kind: Kind, made: tuple[Entry, ...]) -> str:
    if not made:
        return f"{kind.label}: not said yet"
    if all(one.content.nothing for one in made):
        return f"{kind.label}: nothing to report"
    return f"{kind.label}: in the log ({len(made)})"


def _nothing(found: LogOfFacility, shift: Shift, kind: Kind) -> None:
    label = f"Nothing to report: {kind.label.lower()}"
    if st.button(label, key=f"log-nothing-{shift.number}-{kind}", width="stretch"):
        attempt(
            lambda: shift_logs.write(asker(), found.facility_id, shift.number, kind, Content(nothing=True)),
            f"{kind.label}: that there is nothing to report is in the log.",
        )


# --- the forms ------------------------------------------------------------------------------------------------


def _begin(found: LogOfFacility) -> None:
    st.subheader("Begin a shift", anchor=False)
    form = Form("log-begin", key=found.facility_id)
    names = {one.pattern.designation: one.pattern.designation for one in found.setup.patterns}
    name = form.text("text", shift_log.FIELDS[Kind.BEGAN]["text"], required=True, help=_names(names))
    at = when_typed(form, found, "It began earlier")
    begun: list[int] = []
    if form.submit(
        "Begin the shift", lambda: begun.append(shift_logs.begin_shift(asker(), found.facility_id, name, at))
    ):
        words.say_after_rerun("The shift has begun.")
        _open(None, begun[0])
        st.rerun()


def _names(names: Mapping[str, str]) -> str:
    return f"usually {', '.join(sorted(names))}" if names else ""


def _entry(found: LogOfFacility, shift: Shift, kind: Kind) -> None:
    st.subheader(kind.label, anchor=False)
    form = Form("log-entry", key=f"{found.facility_id}-{shift.number}-{kind}")
    content = content_typed(form, found, kind)
    at = when_typed(form, found, "It happened earlier")
    if form.submit(
        f"Write: {kind.label.lower()}",
        lambda: shift_logs.write(asker(), found.facility_id, shift.number, kind, content(), at),
    ):
        words.say_after_rerun(f"{kind.label}: it is in the log.")
        _open(None, shift.number)
        st.rerun()
    st.button("Back; what is typed is kept", key="log-close", on_click=_open, args=(None, shift.number))
    st.html(_KEEP_WHILE_TYPING, unsafe_allow_javascript=True, width="content")


def _end(found: LogOfFacility, shift: Shift) -> None:
    st.subheader("End the shift", anchor=False)
    missing = [kind.label.lower() for kind in shift_log.ASKED if not shift.of(kind)]
    if missing:
        words.warning(
            f"Not said yet: {'; '.join(missing)}. Say it before the shift ends: later it is a late entry, and the "
            "status of the equipment then came too late."
        )
    form = Form("log-end", key=f"{found.facility_id}-{shift.number}")
    at = when_typed(form, found, "It ended earlier")
    if form.submit(
        "End the shift",
        lambda: shift_logs.end_shift(asker(), found.facility_id, shift.number, at),
        primary=not missing,
    ):
        words.say_after_rerun("The shift has ended.")
        _open(None, None)
        st.rerun()


def correct(found: LogOfFacility, shift: Shift) -> None:
    """Corrects an entry of a shift by a new one that names it."""
    rows = {one.number: one for one in shift.standing}
    number = st.selectbox(
        "Which entry",
        list(rows),
        format_func=lambda one: f"{one}. {rows[one].kind.label}: {' '.join(_short(rows[one]))}"[:90],
        key=f"log-correct-which-{shift.number}",
    )
    old = rows[number]
    form = Form("log-correct", suggested=_as_typed(old.content), key=f"{found.facility_id}-{number}")
    as_note = form.checkbox("as_note", "It should not be there: put a note in its place")
    kind = Kind.NOTE if as_note else old.kind
    content = content_typed(form, found, kind)
    at = when_typed(form, found, "The time was wrong")
    reason = form.textarea("reason", "Reason", required=True)
    if form.submit(
        f"Correct entry {number}",
        lambda: shift_logs.correct(asker(), found.facility_id, number, kind, content(), reason, at),
        primary=False,
    ):
        words.say_after_rerun("The correction is in the log; the old entry stays beside it.")
        st.rerun()


def _short(entry: Entry) -> tuple[str, ...]:
    return shift_log.said(entry.content, entry.kind)


def _as_typed(content: Content) -> dict[str, object]:
    return {
        "text": content.text,
        "by": content.by,
        "action": content.action,
        "conclusions": content.conclusions,
        "operators": "\n".join(content.operators),
        "nothing": content.nothing,
    }


def content_typed(form: Form, found: LogOfFacility, kind: Kind) -> Callable[[], Content]:
    """The fields of a kind; what they come to is asked for once the form is handed in."""
    labels = shift_log.FIELDS[kind]
    if kind in MAY_BE_NOTHING and form.checkbox("nothing", "There is nothing to report"):
        return lambda: Content(nothing=True)
    typed: dict[str, str] = dict.fromkeys(("text", "by", "action", "conclusions", "operators"), "")
    employed: list[str] = []
    for name in fields_of(kind):
        if name == "operators":
            employed = form.several("employed", labels[name], sorted(set(found.setup.employees.values())))
            typed[name] = form.textarea(name, "Others on duty", help="one name a line")
        elif name == "by" or kind is Kind.BEGAN:
            typed[name] = form.text(name, labels[name], required=True)
        else:
            typed[name] = form.textarea(name, labels[name], required=True)
    others = typed["operators"].splitlines()
    names = tuple(dict.fromkeys(one.strip() for one in (*employed, *others) if one.strip()))
    return lambda: Content(
        text=typed["text"],
        by=typed["by"],
        action=typed["action"],
        conclusions=typed["conclusions"],
        operators=names,
    )


def when_typed(form: Form, found: LogOfFacility, label: str) -> Typed:
    """When it was: now, unless another time is typed; which of two moments, where the clock shows it twice."""
    if not form.checkbox("earlier", label):
        return Typed()
    clock = form.text("clock", "Time", required=True, help="by the clock of the facility, such as 07:05 or 19:05")
    day = form.day("day", "Day", help="empty for today")
    typed = Typed(day or _today(found, clock), clock)
    if not typed.is_ambiguous(found.today, found.zone):
        return typed
    which = form.select("which", "The clocks went back that night. Which of the two", list(_WHICH),
                        shown=lambda one: _WHICH[one], required=True)  # fmt: skip
    return Typed(typed.day, clock, which or "")


def _today(found: LogOfFacility, clock: str) -> date | None:
    """A time alone is today's; without either the moment is now, which was not meant: the time is asked for."""
    return None if clock.strip() else found.today
