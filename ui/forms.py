"""Forms that lose nothing, and pretend nothing: what is typed survives a refusal, another page, a reload, and is
said not to be saved; problems stand beside their field and on top.

    form = Form("register")
    given_name = form.text("given_name", "Given name", required=True)
    if form.submit("Create account", lambda: accounts.register(asker(), given_name=given_name, ...)):
        ...

The names of fields are those of the service's arguments, so that its problems find their place.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

import streamlit as st

from core.problems import Problem, Refused
from db.gate import NotSignedIn, Stale
from ui import fresh, words
from ui.fields import Fields
from ui.markup import class_of, html

Answer = TypeVar("Answer")


class Form(Fields):
    """One form of a page (ui.drafts.Drafted says what `given`, `suggested` and `key` are)."""

    def __init__(
        self,
        name: str,
        given: Mapping[str, Any] | None = None,
        *,
        suggested: Mapping[str, Any] | None = None,
        key: object = "",
        in_dialog: bool = False,
        by_enter: bool = False,
        on_the_way: bool = False,
    ) -> None:
        """`by_enter`: the Enter key hands it in from any field, as at sign-in; such a form keeps no draft.
        `on_the_way`: a line of text goes into the draft once whoever types pauses, not only as the field is left:
        for forms that are filled where a connection may be lost."""
        self._top = st.container()
        self._in_dialog = in_dialog
        self._said_on_top = False
        super().__init__(name, given, suggested, key, by_enter=by_enter, on_the_way=on_the_way)

    # --- handing in -----------------------------------------------------------------------------------------

    def submit(
        self,
        label: str,
        act: Callable[[], object],
        *,
        primary: bool = True,
        icon: str | None = None,
        shortcut: str | None = None,
    ) -> bool:
        """The button that names the act. True once `act` went through: the draft is then forgotten.

        `shortcut` is a key that presses it too, but never while somebody types.

        A refusal keeps every field and shows each problem at its field and on top.
        """
        self._say_on_top()
        if not self._pressed(label, "primary" if primary else "secondary", shortcut):
            return False
        try:
            self._must_be_readable()
            fresh.forget()
            act()
        except NotSignedIn:
            raise
        except Refused as refused:
            if isinstance(refused, Stale):
                st.session_state.pop(self._key("since"), None)
            st.session_state[self._key("not-saved")] = True
            self._was_refused(refused)
        self.forget()
        return True

    def asks(self, label: str, act: Callable[[], Answer], *, needless: str = "") -> Answer | None:
        """A button that asks and hands nothing in: the answer of `act`, None where there is none. A field that is
        `needless` for asking may be empty.

        What was wrong before is said no more once it is asked anew; what is wrong now is said as at a submission.
        """
        self._say_on_top()
        if not st.button(label, key=self._key("ask"), on_click=self.forget_problems):
            return None
        try:
            self._must_be_readable(needless)
            return act()
        except NotSignedIn:
            raise
        except Refused as refused:
            self._was_refused(refused)
            return None

    def _was_refused(self, refused: Refused) -> None:
        """Draws the form anew with what a refusal said."""
        st.session_state[self._key("problems")] = refused.problems
        st.session_state[self._key("empty-then")] = frozenset(self._empty)
        st.session_state[self._key("refused-after")] = words.acts_done()
        st.session_state[self._key("lead")] = True
        st.rerun(scope="fragment" if self._in_dialog else "app")

    def _must_be_readable(self, needless: str = "") -> None:
        """Raises Refused where a field holds what cannot be read, naming those that are empty too: else these
        would be said only afterwards.
        """
        if self._unreadable:
            said = {problem.field for problem in self._unreadable} | {needless}
            empty = [problem for field, problem in self._empty.items() if field not in said]
            raise Refused(*self._unreadable, *empty)

    def _pressed(self, label: str, kind: Literal["primary", "secondary"], shortcut: str | None) -> bool:
        if self._by_enter:
            with self._place:
                return st.form_submit_button(label, type=kind)
        return st.button(label, key=self._key("submit"), type=kind, shortcut=shortcut)

    # --- a form that can be handed in no more ---------------------------------------------------------------

    def set_aside(self, because: str = "", **labels: str) -> None:
        """Shows what was typed in these fields, by their labels, where it can be handed in no more, and why, until
        whoever typed it discards it."""
        typed = {field: label for field, label in labels.items() if self._values.get(field)}
        if typed and because:
            words.warning(because)
        for field, label in typed.items():
            st.text(f"{label} (typed, not handed in):")
            st.text(str(self._values[field]))
        if typed and st.button("Discard what I typed", key=self._key(f"discard-{'-'.join(typed)}")):
            self.drop(*typed)
            st.rerun()

    def forget_problems(self) -> None:
        """Drops what a refusal said, where the page says it in its own way."""
        st.session_state.pop(self._key("problems"), None)

    def say_problems(self) -> None:
        """What a refusal said, once, where the form itself is drawn no more."""
        for problem in self._problems():
            words.problem(problem.sentence)
        self.forget_problems()

    # --- what is said on top --------------------------------------------------------------------------------

    def _say_on_top(self) -> None:
        """What the last refusal said, and what is not saved: once, of several buttons by the first."""
        if self._said_on_top:
            return
        self._said_on_top = True
        if self._labels and st.session_state.pop(self._key("discarded"), False):
            words.lead_to(self._key(next(iter(self._labels))))  # the button that was pressed is gone
        self._say_not_saved()
        found = self._problems()
        if not found:
            return
        left_over = [problem for problem in found if problem.field not in self._labels]
        with self._top:
            count = "One thing needs" if len(found) == 1 else f"{len(found)} things need"
            html('<div id="{id}" tabindex="-1"></div>', id=self._key("summary"))
            if len(found) > len(left_over):  # else each says by itself what it is
                words.problem(f"{count} your attention. Nothing you typed is lost.")
            for problem in found:
                if problem in left_over:
                    words.problem(problem.sentence)
                else:
                    html(
                        '<a class="to-field" href="#{id}" data-field="{field}">{text}</a>',
                        id=self._key(problem.field),
                        field=class_of(self._key(problem.field)),
                        text=self._with_label(problem),
                    )
            self._lead_to_problems()

    def _say_not_saved(self) -> None:
        """On top, with a way to give it up: what is shown below is typed and not on file."""
        not_saved = [field for field in self._labels if self._is_not_saved(field)]
        if not not_saved:
            return
        at = st.session_state.get(self._key("typed-at"))
        when = f" on {words.office_time(at)}" if at else ""
        beneath = " What is on file stands under it." if self._on_file.intersection(not_saved) else ""
        with self._top:
            words.warning(f"Not saved yet: below is what you typed{when}.{beneath}")
            st.button("Discard what I typed", key=self._key("discard"), on_click=self.discard)

    def _with_label(self, problem: Problem) -> str:
        """A problem with the label of its field, unless it names the field itself."""
        named = "label" in problem.sentence.values
        return str(problem.sentence) if named else f"{self._labels[problem.field]}: {problem.sentence}"

    def _lead_to_problems(self) -> None:
        """Once after a refusal the summary is brought into view; its links put the cursor into their fields."""
        lead = st.session_state.pop(self._key("lead"), False)
        st.html(
            _LEAD.replace("SUMMARY", self._key("summary") if lead else ""),
            unsafe_allow_javascript=True,
            width="content",
        )


def attempt(act: Callable[[], object], done: str) -> None:
    """Does what a single button asked for, says so on the page drawn anew, or shows why it was not done.

    A page that was overtaken is drawn anew too, a dialog closed: the next click is about what stands now.
    """
    fresh.forget()
    try:
        act()
    except NotSignedIn:
        raise
    except Stale as stale:
        words.refuse_after_rerun(stale)
        st.rerun()
    except Refused as refused:
        words.problems(refused)
        return
    words.say_after_rerun(done)
    st.rerun()


# What the page itself cannot do: move the view and the cursor. It holds no word of any person.
_LEAD = """<script>
(function () {
  const summary = document.getElementById("SUMMARY");
  if (summary) { summary.scrollIntoView({block: "center"}); summary.focus({preventScroll: true}); }
  document.querySelectorAll("a.to-field[data-field]").forEach(function (link) {
    link.onclick = function (event) {
      const field = document.querySelector("." + link.dataset.field + " :is(input, textarea)");
      if (!field) return;
      event.preventDefault();
      field.scrollIntoView({block: "center"});
      field.focus({preventScroll: true});
    };
  });
})();
</script>"""
