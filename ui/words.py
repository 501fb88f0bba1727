"""How every page speaks: its title and how things stand, standings, empty lists, messages, dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from core.places import OFFICE_TIME_ZONE, day_at
from core.problems import Refused
from core.profiles import State
from core.sentences import in_english
from ui.markup import Markup, class_of, html, joined, markup

_OFFICE = ZoneInfo(OFFICE_TIME_ZONE)


@dataclass(frozen=True)
class Mark:
    """A standing: its shape, its word, and the name of its colour. Never the colour alone."""

    shape: str
    word: str
    tone: str  # stands, due, wrong, unknown, none


STANDS = Mark("●", "Stands", "stands")
DUE = Mark("▲", "Due", "due")
DOES_NOT_STAND = Mark("■", "Does not stand", "wrong")
NOT_KNOWN = Mark("?", "Not known", "unknown")
DIRECTOR_DECIDES = Mark("◆", "Director decides", "decides")
DOES_NOT_APPLY = Mark("–", "Does not apply", "none")
NOT_ASSESSED = Mark("○", "Not assessed", "none")

PROFILE_MARKS: Mapping[State, Mark] = {
    State.DRAFT: Mark("○", State.DRAFT.label, "none"),
    State.PENDING: Mark("?", State.PENDING.label, "unknown"),
    State.ACTIVE: Mark("●", State.ACTIVE.label, "stands"),
    State.RETURNED: Mark("▲", State.RETURNED.label, "due"),
    State.SUSPENDED: Mark("■", State.SUSPENDED.label, "wrong"),
    State.CLOSED: Mark("–", State.CLOSED.label, "none"),
}


def title(text: str, sentence: str) -> None:
    """What the page is, and under it one sentence that says how things stand.

    `text` is Markdown, so it is our own words only; `sentence` may hold what people have typed.
    """
    st.title(text, anchor=False)
    html('<p class="stands-so">{sentence}</p>', sentence=sentence)


def title_of(name: str, sentence: str) -> None:
    """The same of what bears the name of a person or an organization, which somebody has typed."""
    html('<h1 class="title-of">{name}</h1><p class="stands-so">{sentence}</p>', name=name, sentence=sentence)


def standing(mark: Mark, word: str = "") -> None:
    """A standing by shape, word and colour; `word` says more, such as "Due by 12 March 2027"."""
    html(
        '<span class="standing {tone}"><span aria-hidden="true">{shape}</span> {word}</span>',
        tone=mark.tone,
        shape=mark.shape,
        word=word or mark.word,
    )


def empty(why: str, next_step: str) -> None:
    """An empty list: why it is empty, and what to do next."""
    html('<div class="empty"><strong>{why}</strong><br>{next_step}</div>', why=why, next_step=next_step)


def facts(rows: Mapping[str, object]) -> None:
    """Facts as name and value, one under the other; values are text, or our own markup."""
    lines = "".join(f"<dt>{{name{n}}}</dt><dd>{{value{n}}}</dd>" for n in range(len(rows)))
    values: dict[str, object] = {}
    for n, (name, value) in enumerate(rows.items()):
        values |= {f"name{n}": name, f"value{n}": value if isinstance(value, Markup) else in_english(value)}
    html(f'<dl class="facts">{lines}</dl>', **values)


def points(*sentences: object) -> None:
    """Several things to know, one under the other."""
    html(
        "<ul>{rows}</ul>",
        rows=joined(markup("<li>{sentence}</li>", sentence=one) for one in sentences),
    )


def problem(sentence: object) -> None:
    """Something that is wrong, told at once to screen readers too."""
    html('<div class="message wrong" role="alert"><span aria-hidden="true">■</span> {text}</div>', text=sentence)


def notice(sentence: object) -> None:
    """Something worth knowing."""
    html('<div class="message unknown" role="status">{text}</div>', text=sentence)


def answer(sentence: object) -> None:
    """What was asked for, brought into view; whoever asked stays where they are."""
    html('<div id="answer" class="message unknown" role="status">{text}</div>', text=sentence)
    _once(_TO_THE_ANSWER)


def warning(sentence: object) -> None:
    """Something that needs attention."""
    html('<div class="message due" role="status"><span aria-hidden="true">▲</span> {text}</div>', text=sentence)


def problems(refused: Refused) -> None:
    """Each problem of a refusal, under the other."""
    for each in refused.problems:
        problem(each.sentence)


def say_after_rerun(sentence: str, *, leads: bool = False) -> None:
    """A message that the next drawing of the page shows on top, once: what was done. leads: the view and the focus
    go there wherever they are: from a button that stays on a long page, or a box that takes the focus as it is
    emptied (Streamlit 1.67)."""
    st.session_state["said"], st.session_state["said-leads"] = sentence, leads
    st.session_state["acts-done"] = acts_done() + 1


def acts_done() -> int:
    """How many acts have gone through in this session: what was refused before the last may be settled by it."""
    done: int = st.session_state.get("acts-done", 0)
    return done


def refuse_after_rerun(refused: Refused) -> None:
    """Problems that the next drawing of the page shows on top, once: why nothing was done."""
    st.session_state["refused"] = refused


def said() -> None:
    """Shows what `say_after_rerun` and `refuse_after_rerun` left."""
    refused = st.session_state.pop("refused", None)
    sentence, leads = st.session_state.pop("said", None), st.session_state.pop("said-leads", False)
    if not refused and not sentence:
        return
    if refused:
        html('<div id="said" tabindex="-1"></div>')
        problems(refused)
    if sentence:
        html(
            '<div id="said" tabindex="-1" class="message stands" role="status"><span aria-hidden="true">●</span> '
            "{text}</div>",
            text=sentence,
        )
    _focus_on_it(led=leads)


def _focus_on_it(*, led: bool) -> None:
    """The pressed button may be gone, and the focus with it: then it goes to the message."""
    _once(_TO_WHAT_IS_SAID.replace("LED", "true" if led else "false"))


def lead_to(key: str) -> None:
    """The view and the focus go to the first field, button or link of this key, once it is drawn: what was pressed
    is gone."""
    _once(f"<script>/* COUNT */ window.leadTo('.{class_of(key)} :is(button, input, textarea, a)')</script>")


def lead_to_table(parameter: str) -> None:
    """The same to the table whose rows open by this name in the address, into which other rows come in place
    (ui/tables.py)."""
    _once(f"<script>/* COUNT */ window.leadTo('.{class_of(f'table-{parameter}')} canvas')</script>")


def _once(script: str) -> None:
    """A script runs once for its text, so the text counts."""
    count = st.session_state["times-said"] = st.session_state.get("times-said", 0) + 1
    st.html(script.replace("COUNT", str(count)), unsafe_allow_javascript=True, width="content")


_TO_THE_ANSWER = """<script>/* COUNT */
(function () {
  const until = Date.now() + 3000;
  (function look() {
    const answer = document.getElementById("answer");
    const drawn = document.querySelector("[data-test-script-state=notRunning]");
    if (answer && drawn) answer.scrollIntoView({block: "nearest"});
    else if (Date.now() < until) setTimeout(look, 100);
  })();
})();
</script>"""

# Looks for a moment: what was pressed goes only once the page is drawn. Whoever has gone on is left alone. Where
# the focus is to be led, a box that takes it late gives it back.
_TO_WHAT_IS_SAID = """<script>/* COUNT */
(function () {
  const until = Date.now() + 3000, led = LED;
  let left = false;
  for (const act of ["keydown", "pointerdown"])
    document.addEventListener(act, () => { left = true; }, {capture: true, once: true});
  (function look() {
    const said = document.getElementById("said"), at = document.activeElement;
    const drawn = document.querySelector("[data-test-script-state=notRunning]");
    const goes = said && drawn && at !== said && (led || !at || at === document.body);
    if (left) return;
    if (goes) {
      said.scrollIntoView({block: "center"});
      said.focus({preventScroll: true});
    }
    if (Date.now() < until && (led || !goes)) setTimeout(look, 100);
  })();
})();
</script>"""


def office_time(moment: datetime) -> str:
    """A moment as the office's clock shows it: "12 March 2027, 14:05"."""
    local = moment.astimezone(_OFFICE)
    return f"{in_english(local.date())}, {local:%H:%M}"


def office_day(moment: datetime) -> str:
    """The day of a moment at the office: "12 March 2027"."""
    return in_english(day_at(moment))
