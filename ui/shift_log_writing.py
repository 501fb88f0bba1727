"""Writing in a shift log, made for one hand on a telephone: one button a kind, one column, a draft of each form.

Which shift is written in, and which form is open, stands in the address, so that a reload or a lost connection
comes back to both.
"""

import streamlit as st

from core.log_chain import MAY_BE_NOTHING, Content, Entry, Kind
from core.log_times import Typed, moment_of
from core.problems import Refused
from core.record_entries import kinds_before, shift_lasts
from core.sentences import Sentence
from core.shifts import Shift
from db.log_views import LogOfFacility
from db.services import shift_logs
from ui import shift_log, words
from ui import shift_log_fields as fields
from ui.addresses import row_id
from ui.forms import Form, attempt
from ui.markup import as_markdown, class_of
from ui.session import asker

_KIND, _SHIFT = "kind", "shift"  # in the address, with fields.OPENED
_LEAD = "log-lead"
_KINDS = "log-kinds"
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
_LEADING = """<div id="log-writing"></div><script>
(function () {  // MOMENT
  const place = document.getElementById("log-writing");
  setTimeout(function () {
    if (place) place.scrollIntoView({block: "start"});
    const field = document.querySelector(".st-key-log-form :is(input, textarea)");
    (field ?? document.querySelector("BUTTON"))?.focus({preventScroll: true});
  }, 300);
})();
</script>"""


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
    _lead_here()
    st.subheader("Write in this shift", anchor=False)
    words.facts({"Shift": shift_log.name_of(shift, found.zone)})
    if shift.ended is not None:
        words.warning("This shift has ended: what you write now is a late entry, and says so.")
    kind = st.query_params.get(_KIND, "")
    if kind in (*shift_log.ASKED, Kind.NOTE):
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
        args=(None, shift.number, _KINDS),
    )


def _open(kind: Kind | None, shift: int | None, then_at: str = "") -> None:
    """The address names a shift and a form, and the minute at which that was opened: what is typed while the
    connection is lost arrives later than it happened. then_at: the key of the button, or of what holds it, that
    gets the focus where no form is open; "" where the message of what was done gets it."""
    opened = None if kind is None else int(asker().at.timestamp()) // 60
    st.session_state[_LEAD] = then_at
    asked = {_KIND: kind, _SHIFT: shift, fields.OPENED: opened}
    kept = {name: value for name, value in st.query_params.items() if name not in asked}
    named = {name: str(value) for name, value in asked.items() if value is not None}
    st.query_params.from_dict(kept | named)  # at once: one step for whoever goes back


def _lead_here() -> None:
    """Once after a button that opens something: it is brought into view, and its first field gets the cursor."""
    then_at = st.session_state.pop(_LEAD, None)
    if then_at is None:
        return
    button = f".{class_of(then_at)} button" if then_at else "nothing"
    script = _LEADING.replace("MOMENT", asker().at.isoformat())  # one that is the same would not run again
    st.html(script.replace("BUTTON", button), unsafe_allow_javascript=True, width="content")


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
                args=(None, one.number, _KINDS),
            )


# --- the buttons ----------------------------------------------------------------------------------------------


def _kinds(found: LogOfFacility, shift: Shift) -> None:
    """One button a kind, with what the log of the shift says of it already."""
    with st.container(key=_KINDS):
        for kind in shift_log.ASKED:
            made = shift.of(kind)
            _button(kind, shift, _told(kind, made), ":material/check_circle:" if made else _OPEN)
            if kind in MAY_BE_NOTHING and not made:
                _nothing(found, shift, kind)
        _button(Kind.NOTE, shift, "Note", ":material/add:")
        _nothing_else(found, shift)


def _button(kind: Kind, shift: Shift, label: str, icon: str) -> None:
    st.button(
        label,
        key=_key_of(kind, shift),
        icon=icon,
        width="stretch",
        on_click=_open,
        args=(kind, shift.number),
    )


def _key_of(kind: Kind, shift: Shift) -> str:
    return f"log-kind-{shift.number}-{kind}"


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


def _nothing_else(found: LogOfFacility, shift: Shift) -> None:
    """One press for a quiet shift: it names all that it says."""
    kinds = tuple(kind for kind in shift_log.ASKED if kind in MAY_BE_NOTHING and not shift.of(kind))
    if len(kinds) < 2:
        return
    named = "; ".join(kind.label.lower() for kind in kinds)
    st.text(f"Not said yet, each of which may be nothing: {named}.")
    if st.button(
        f"Nothing to report of all {len(kinds)}",
        key=f"log-nothing-{shift.number}-{'-'.join(kinds)}",
        width="stretch",
    ):
        attempt(
            lambda: shift_logs.write_nothing(asker(), found.facility_id, shift.number, kinds),
            f"That there is nothing to report is in the log: {named}.",
        )


# --- the forms ------------------------------------------------------------------------------------------------


def _begin(found: LogOfFacility) -> None:
    st.subheader("Begin a shift", anchor=False)
    form = Form("log-begin", key=found.facility_id, on_the_way=True)
    usual = sorted({one.pattern.designation for one in found.setup.patterns})
    with st.container(horizontal=True):
        for one in usual:
            st.button(
                f"Usual shift: {as_markdown(one)}", key=f"log-usual-{one}", on_click=form.fill, args=("text", one)
            )
    told = "its usual name, so that it is known as the usual shift" if usual else ""
    name = form.text("text", shift_log.FIELDS[Kind.BEGAN]["text"], required=True, help=told)
    at = fields.when_typed(form, found, "It began earlier")
    days = (found.today - at.day).days if at.day else 0
    long_ago = days > 1 and form.checkbox("long_ago", "It began more than two days ago, and that is right")
    begun: list[int] = []
    if form.submit(
        "Begin the shift",
        lambda: begun.append(shift_logs.begin_shift(asker(), found.facility_id, name, at, long_ago=long_ago)),
    ):
        words.say_after_rerun("The shift has begun.")
        _open(None, begun[0])
        st.rerun()


def _entry(found: LogOfFacility, shift: Shift, kind: Kind) -> None:
    st.subheader(kind.label, anchor=False)
    form = Form("log-entry", key=f"{found.facility_id}-{shift.number}-{kind}", on_the_way=True)
    content = fields.content_typed(form, found, kind)
    at = fields.when_in(form, found, shift, kind)
    if form.submit(
        f"Write: {kind.label.lower()}",
        lambda: shift_logs.write(asker(), found.facility_id, shift.number, kind, content(), at),
    ):
        words.say_after_rerun(f"{kind.label}: it is in the log.")
        _open(None, shift.number)
        st.rerun()
    back = (None, shift.number, _key_of(kind, shift))
    st.button("Back; what is typed is kept", key="log-close", on_click=_open, args=back)
    st.html(_KEEP_WHILE_TYPING, unsafe_allow_javascript=True, width="content")


def _end(found: LogOfFacility, shift: Shift) -> None:
    st.subheader("End the shift", anchor=False)
    missing = [kind.label.lower() for kind in shift_log.ASKED if not shift.of(kind)]
    if missing:
        words.warning(
            f"Not said yet: {'; '.join(missing)}. Say it before the shift ends: later it is a late entry, and the "
            "status of the equipment then came too late."
        )
    form = Form("log-end", key=f"{found.facility_id}-{shift.number}", on_the_way=True)
    at = fields.when_typed(form, found, "It ended earlier", shift)
    _if_it_ended(found, shift, at)
    without = shift.of(Kind.STATUS) or form.checkbox(
        "without", "End it without the status of the equipment, which then came too late for good"
    )
    if not without:
        form.must("without", Sentence("Say the status of the equipment first, or that the shift ends without it."))
    if form.submit(
        "End the shift",
        lambda: shift_logs.end_shift(asker(), found.facility_id, shift.number, at),
        primary=not missing,
    ):
        words.say_after_rerun("The shift has ended.")
        _open(None, None)
        st.rerun()


def _if_it_ended(found: LogOfFacility, shift: Shift, at: Typed) -> None:
    """What an end at another time would make late, or leave outside, said before it is saved."""
    if not at.clock.strip():
        return
    try:
        ended = moment_of(at, asker().at, found.zone)
    except Refused:  # the form says why once it is handed in
        return
    for problem in shift_lasts(Kind.ENDED, ended, shift, found.zone):
        words.warning(problem.sentence)
    late = shift.late_if_ended(ended)
    if not late:
        return
    numbers = ", ".join(str(one.number) for one in late)
    entries = f"Entry {numbers} was" if len(late) == 1 else f"Entries {numbers} were"
    status = shift.of(Kind.STATUS)
    no_status = ""
    if status and all(one in late for one in status):
        no_status = " The status of the equipment would then have come too late for good."
    words.warning(
        f"{entries} written after {shift_log.when(ended, found.zone)}, and would be late.{no_status} Enter that "
        "end only if the shift ended then."
    )


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
    form = Form(
        "log-correct", suggested=_as_typed(old.content), key=f"{found.facility_id}-{number}", on_the_way=True
    )
    kind = _kind_of_correction(form, shift, old)
    content = fields.content_typed(form, found, kind)
    at = fields.when_typed(form, found, "The time was wrong", None if old.kind is Kind.BEGAN else shift)
    reason = form.textarea("reason", "Reason", required=True)
    if form.submit(
        f"Correct entry {number}",
        lambda: shift_logs.correct(asker(), found.facility_id, number, kind, content(), reason, at),
        primary=False,
    ):
        words.say_after_rerun("The correction is in the log; the old entry stays beside it.", leads=True)
        st.rerun()


def _kind_of_correction(form: Form, shift: Shift, old: Entry) -> Kind:
    """An entry stays what it is, becomes a note, or what it was before it became one."""
    if old.kind is not Kind.NOTE:
        as_note = form.checkbox("as_note", "It should not be there: put a note in its place")
        return Kind.NOTE if as_note else old.kind
    for kind in kinds_before(old, shift.entries):
        if form.checkbox(f"as_{kind}", f"It was right after all: {kind.label.lower()}"):
            return kind
    return old.kind


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
