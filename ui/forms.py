"""Forms that lose nothing, and pretend nothing: what is typed survives a refusal, another page, a reload, and is
said not to be saved; problems stand beside their field and on top.

    form = Form("register")
    given_name = form.text("given_name", "Given name", required=True)
    if form.submit("Create account", lambda: accounts.register(asker(), given_name=given_name, ...)):
        ...

The names of fields are those of the service's arguments, so that its problems find their place.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.certificate_applications import not_to_come
from core.problems import Problem, Refused
from core.sentences import Sentence, in_english
from db.gate import NotSignedIn, Stale
from db.services import drafts
from ui import fresh, words
from ui.markup import class_of, html
from ui.session import asker, browser

Choice = TypeVar("Choice")
Answer = TypeVar("Answer")
Draft = dict[str, Any]
_NONE_CHOSEN: Any = ""  # an option like any other: a box of Streamlit 1.67 that is empty at first loses its choice
_PAUSE = "1000ms"  # as ui.shift_log_writing waits before it keeps a long text
InputType = Literal["default", "email", "phone", "search"]


def folded(title: str, name: str, key: object) -> DeltaGenerator:
    """What is folded away around a form, known by the form's name and key: open where the form was refused, or
    holds what was typed at an earlier visit.

    `title` is Markdown, so it is our own words only.
    """
    form = f"{name}:{key}"
    waits = st.session_state.setdefault(f"{form}.waits", bool(_draft_of(form)))
    expanded = waits or bool(st.session_state.get(f"{form}.problems"))
    return st.expander(title, expanded=expanded, key=f"folded-{name}-{key}")


def typed_earlier(name: str, key: object) -> bool:
    """Whether a form that the page has drawn holds what was typed at an earlier visit."""
    form = f"{name}:{key}"
    return bool(st.session_state.get(f"{form}.not-saved") and st.session_state.get(f"{form}.draft"))


def _draft_of(form: str) -> Draft:
    """What was typed into a form before: in this session, or kept by the server from an earlier one."""
    key = f"{form}.draft"
    if key not in st.session_state:
        kept = drafts.load(asker(), browser(), form)
        st.session_state[key], st.session_state[f"{form}.typed-at"] = kept.values, kept.at
    draft: Draft = st.session_state[key]
    return draft


def told_apart(words: Mapping[Choice, str]) -> dict[Choice, str]:
    """Options in words that differ: Streamlit 1.67 takes those that read alike for the first of them."""
    every, met = Counter(words.values()), Counter[str]()
    apart = {}
    for one, said in words.items():
        met[said] += 1
        apart[one] = said if every[said] == 1 else f"{said} ({met[said]} of {every[said]} that read alike)"
    return apart


class Form:
    """One form of a page. `given` is what is on file and `suggested` what is not: both its fields hold at first.
    A draft prevails over them, and says that it is none.

    `key` tells forms of one name apart (the row they are about, its version), so that a draft of one never
    shows in another.
    """

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
        self.name = f"{name}:{key}" if key != "" else name
        self._in_dialog = in_dialog
        self._by_enter = by_enter
        self._live: str | bool = _PAUSE if on_the_way else False
        self._labels: dict[str, str] = {}
        self._on_file = frozenset(given or {})
        self._given: Draft = {
            field: _kept(value) for field, value in {**(suggested or {}), **(given or {})}.items()
        }
        self._values = _draft_of(self.name)
        self._top = st.container()
        self._place = st.form(self._key("form"), border=False) if by_enter else nullcontext()
        self._said_on_top = False
        self._unreadable: list[Problem] = []
        self._empty: dict[str, Problem] = {}

    # --- fields ---------------------------------------------------------------------------------------------

    def text(
        self,
        field: str,
        label: str,
        *,
        required: bool = False,
        help: str = "",
        kind: InputType = "default",
        autocomplete: str = "off",
    ) -> str:
        """One line of text, "" while it is empty; `kind` and `autocomplete` tell the browser what it is."""
        key = self._prepare(field, label, "")
        with self._place:
            value = st.text_input(
                _label(label, required, help),
                self._now(field),
                key=key,
                type=kind,
                validate="" if kind != "default" else None,
                placeholder=" ",  # else Streamlit's own example, which would contradict our help
                autocomplete=autocomplete,
                on_change=None if self._by_enter else self._keep,
                live=self._live,
            )
            self._needs(field, required, value)
            return self._took(field, value or "")

    def password(self, field: str, label: str, *, help: str = "", new: bool = False) -> str:
        """A password: required, and never kept in a draft.

        It is sent sign by sign: Streamlit 1.67 loses one that is left by the Tab key, since the focus
        goes to the eye inside the field.
        """
        self._labels[field] = label
        with self._place:
            value = st.text_input(
                _label(label, True, help),
                key=self._key(field),
                type="password",
                autocomplete="new-password" if new else "current-password",
                live=False if self._by_enter else "0ms",
            )
            self._problem_at(field)
        return value or ""

    def textarea(self, field: str, label: str, *, required: bool = False, help: str = "") -> str:
        """Several lines of text, "" while it is empty."""
        key = self._prepare(field, label, "")
        value = st.text_area(_label(label, required, help), self._now(field), key=key, on_change=self._keep)
        self._needs(field, required, value)
        return self._took(field, value or "")

    def select(
        self,
        field: str,
        label: str,
        options: Sequence[Choice],
        *,
        shown: Callable[[Choice], str] = str,
        required: bool = False,
        help: str = "",
    ) -> Choice | None:
        """One of `options`, None until chosen. Options are text or members of an enumeration of text."""
        self._given[field] = self._given.get(field) or _NONE_CHOSEN
        key = self._prepare(field, label, _NONE_CHOSEN)
        rows = [_NONE_CHOSEN, *options]
        said = told_apart({one: shown(one) if one != _NONE_CHOSEN else "Choose" for one in rows})
        if st.session_state[key] not in rows:
            st.session_state[key] = _NONE_CHOSEN
        value = st.selectbox(
            _label(label, required, help),
            rows,
            rows.index(self._now(field)),
            key=key,
            format_func=said.__getitem__,
            on_change=self._keep,
        )
        self._needs(field, required, value)
        self._took(field, value, shown)
        return value or None

    def one_of(self, field: str, label: str, rows: Mapping[str, str]) -> str:
        """One of several rows, by its key, shown in its words; "" until chosen, which a submission then says."""
        chosen = self.select(field, label, list(rows), shown=lambda one: rows[one], required=True)
        if chosen is None:
            what = f"{label[:1].lower()}{label[1:]}"
            self.must(field, Sentence("Choose {label}.", label=what))
        return chosen or ""

    def several(
        self,
        field: str,
        label: str,
        options: Sequence[str],
        *,
        shown: Callable[[str], str] = str,
        required: bool = False,
        help: str = "",
    ) -> list[str]:
        """Any number of `options`, in the order of choosing."""
        key = self._prepare(field, label, [])
        said = told_apart({one: shown(one) for one in options})
        st.session_state[key] = [one for one in st.session_state[key] if one in options]
        value = st.multiselect(
            _label(label, required, help),
            options,
            [one for one in self._now(field) if one in options],
            key=key,
            format_func=said.__getitem__,
            placeholder="None",
            on_change=self._keep,
        )
        self._needs(field, required, value)
        return self._took(field, value, lambda chosen: ", ".join(map(shown, chosen)))

    def toggle(self, field: str, option: str) -> None:
        """Adds an option to `several`, or takes it out: for callbacks, which run before the fields are drawn."""
        key = self._key(field)
        chosen = list(st.session_state.get(key, ()))
        st.session_state[key] = [one for one in chosen if one != option] if option in chosen else [*chosen, option]
        self._keep()

    def day(
        self,
        field: str,
        label: str,
        *,
        required: bool = False,
        help: str = "",
        today: date | None = None,
        past: bool = False,
    ) -> date | None:
        """A day, written as 2028-05-31; None where it is empty or unreadable, which a submission then says.
        today: what a button beside it fills in; past: a later day is still to come, which a submission says too.

        A text field, because a date field keeps the day before when it is given one that it does not like.
        """
        key = self._prepare(field, label, "")
        sentence = help if not help or help.endswith(".") else f"{help}."
        said = f"{sentence[:1].upper()}{sentence[1:]} As year-month-day, such as 2028-05-31.".strip()
        asked = _label(label, required, said)
        written = st.text_input(asked, self._now(field), key=key, on_change=self._keep, live=self._live).strip()
        if today is not None and not written:
            st.button(f"{label}: today", key=self._key(f"{field}-today"), type="tertiary", on_click=self._fill_day,
                      args=(field, today))  # fmt: skip
        if st.session_state.pop(self._key(f"{field}-filled"), False):
            words.lead_to(key)  # the button that was pressed is gone
        self._took(field, written)
        self._needs(field, required, written)
        try:
            found = date.fromisoformat(written) if written else None
        except ValueError:
            unreadable = "“{written}” is no day. Write it as year-month-day, such as 2028-05-31."
            self._unreadable.append(Problem(field, Sentence(unreadable, written=written)))
            return None
        if past and today is not None:
            self._unreadable += not_to_come(field, "It", found, today)
        return found

    def number(
        self,
        field: str,
        label: str,
        *,
        least: int,
        most: int,
        required: bool = False,
        help: str = "",
    ) -> int | None:
        """A whole number from `least` to `most`; None where it is empty or no such, which a submission then says.

        The field itself knows no limits: a browser keeps what is outside of them to itself, and the number before
        would be handed in. It takes decimals too, since a browser silently cuts them off in one for whole numbers.
        """
        if self._given.get(field) is not None:
            self._given[field] = float(self._given[field])
        key = self._prepare(field, label, None)
        if isinstance(st.session_state[key], int):  # of a draft
            st.session_state[key] = float(st.session_state[key])
        asked = _label(label, required, help)
        number = st.number_input(
            asked, value=self._now(field), key=key, step=1.0, format="%g", on_change=self._keep
        )
        self._took(field, number, in_english)
        self._needs(field, required, number is not None)
        if number is None:
            return None
        if not number.is_integer():
            whole = "{number} is not a whole number. Enter one from {least} to {most}, without decimals."
            self._unreadable.append(Problem(field, Sentence(whole, number=number, least=least, most=most)))
            return None
        if least <= number <= most:
            return int(number)
        outside = Sentence("{number} is not from {least} to {most}. Enter a number between them.",
                           number=number, least=least, most=most)  # fmt: skip
        self._unreadable.append(Problem(field, outside))
        return None

    def decimal(
        self,
        field: str,
        label: str,
        *,
        least: int,
        most: int,
        required: bool = False,
        help: str = "",
    ) -> Decimal | None:
        """A number from `least` to `most`, every digit as it was written; None where it is empty or unreadable,
        which a submission then says.

        A text field, because a number field keeps no more digits than the browser's arithmetic has.
        """
        key = self._prepare(field, label, "")
        asked = _label(label, required, help)
        written = st.text_input(asked, self._now(field), key=key, on_change=self._keep).strip()
        self._took(field, written)
        self._needs(field, required, written)
        digits = re.sub(r",(\d{1,2})$", r".\1", re.sub(r"\s", "", written))  # 7,5; 1,250 may be 1250
        number = Decimal(digits) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", digits) else None
        if written and (number is None or not least <= number <= most):
            unreadable = (
                "“{written}” is no number from {least} to {most}. Write digits, with a point before decimals, "
                "such as {example}."
            )
            example = "1250.5" if most > 1250 else "7.5"
            sentence = Sentence(unreadable, written=written, least=least, most=most, example=example)
            self._unreadable.append(Problem(field, sentence))
            return None
        return number

    def checkbox(self, field: str, label: str) -> bool:
        """A box to tick; false at first."""
        key = self._prepare(field, label, False)
        value = st.checkbox(label, self._now(field), key=key, on_change=self._keep)
        return self._took(field, value, lambda given: "ticked" if given else "not ticked")

    def radio(self, field: str, label: str, rows: Mapping[str, str]) -> str:
        """One of a few rows that are all in sight, by its key; the first until another is chosen."""
        first, *_ = rows
        key = self._prepare(field, label, first)
        value = st.radio(
            label, list(rows), list(rows).index(self._now(field)), key=key, format_func=rows.__getitem__,
            horizontal=True, on_change=self._keep,
        )  # fmt: skip
        return self._took(field, value, rows.__getitem__)

    # --- handing in -----------------------------------------------------------------------------------------

    def must(self, field: str, sentence: Sentence) -> None:
        """What a field does not say yet: a submission then names it, with all else that is missing."""
        self._unreadable.append(Problem(field, sentence))

    def fill(self, field: str, value: str | list[str]) -> None:
        """Puts words into a field as if they had been typed: called in a callback, before the field is drawn."""
        st.session_state[self._key(field)] = value
        self._keep()

    def _fill_day(self, field: str, day: date) -> None:
        self.fill(field, day.isoformat())
        st.session_state[self._key(f"{field}-filled")] = True

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

    def _needs(self, field: str, required: bool, given: object) -> None:
        if required and not given:
            sentence = Sentence("Fill in “{label}”.", label=self._labels[field])
            self._empty[field] = Problem(field, sentence)

    def _pressed(self, label: str, kind: Literal["primary", "secondary"], shortcut: str | None) -> bool:
        if self._by_enter:
            with self._place:
                return st.form_submit_button(label, type=kind)
        return st.button(label, key=self._key("submit"), type=kind, shortcut=shortcut)

    def since(self, version: int, opened: int | None = None) -> int:
        """The version of the row that what is typed here began from; the newest while nothing is typed, and
        once the form has said that the row was changed meanwhile.

        `opened`: the version at which its dialog was opened, where what is typed goes on from.
        """
        key = self._key("since")
        if opened is not None and st.session_state.get(self._key("opened")) != opened:
            st.session_state[key] = st.session_state[self._key("opened")] = opened
        if not self._values or key not in st.session_state:
            st.session_state[key] = version
        return int(st.session_state[key])

    def forget(self) -> None:
        """Drops what was typed: it has been handed in, or given up."""
        prefix = f"{self.name}."
        for key in [key for key in st.session_state if str(key).startswith(prefix)]:
            del st.session_state[key]
        drafts.discard(asker(), browser(), self.name, asker().token)

    def discard(self) -> None:
        """Gives up what was typed, at the asking of whoever typed it: called in a callback. While the database is
        away its draft stays, and is shown as one."""
        try:
            self.forget()
        except Refused:
            return
        st.session_state[self._key("discarded")] = True

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

    def drop(self, *fields: str) -> None:
        """Drops what was typed in some fields, and keeps the rest."""
        for field in fields:
            self._values.pop(field, None)
            st.session_state.pop(self._key(field), None)
        self._save()

    def was_drawn(self, field: str) -> bool:
        """Whether this session has drawn a field of it."""
        return self._key(field) in st.session_state

    def forget_problems(self) -> None:
        """Drops what a refusal said, where the page says it in its own way."""
        st.session_state.pop(self._key("problems"), None)

    def say_problems(self) -> None:
        """What a refusal said, once, where the form itself is drawn no more."""
        for problem in self._problems():
            words.problem(problem.sentence)
        self.forget_problems()

    # --- how it is kept ---------------------------------------------------------------------------------------

    def _key(self, part: str) -> str:
        return f"{self.name}.{part}"

    def _prepare(self, field: str, label: str, default: object) -> str:
        self._labels[field] = label
        key, given = self._key(field), self._given.setdefault(field, default)
        overtaken = field not in self._values and st.session_state.get(self._key(f"{field}.given"), given) != given
        if key not in st.session_state or overtaken:  # what nobody has typed into follows what is given
            st.session_state[key] = self._values.get(field, given)
            if field in self._values:  # it was typed at an earlier visit
                st.session_state[self._key("not-saved")] = True
        st.session_state[self._key(f"{field}.given")] = given
        return key

    def _now(self, field: str) -> Any:
        """What a field holds, its default too: Streamlit 1.67 tells a browser once of a value that is set, and a
        browser that draws the field late, or once more, shows its default."""
        return st.session_state[self._key(field)]

    def _took(self, field: str, value: Choice, shown: Callable[[Any], str] = str) -> Choice:
        """Keeps a field's value beside the widget's own, which Streamlit drops when the page is left; says beneath
        the field what is wrong with it, and what is on file instead, which `shown` puts into words."""
        self._note(field, value)
        self._problem_at(field)
        self._on_file_at(field, shown)
        return value

    def _keep(self) -> None:
        """Saves the draft: called when a field has changed. A draft that cannot be saved now is kept in the
        session and saved with the next change."""
        for field in self._labels:
            if self._key(field) in st.session_state:
                self._note(field, st.session_state[self._key(field)])
        self._save()

    def _note(self, field: str, value: object) -> None:
        """What was typed is what differs from what was given; what nobody typed follows what is given."""
        kept = _kept(value)
        if field in self._values or kept != self._given.get(field, kept):
            self._values[field] = kept

    def _save(self) -> None:
        st.session_state[self._key("typed-at")] = asker().at
        try:
            drafts.save(asker(), browser(), self.name, self._without_secrets(), asker().token)
        except Refused:
            return

    def _without_secrets(self) -> Draft:
        return {field: value for field, value in self._values.items() if "password" not in field}

    # --- what is not saved ----------------------------------------------------------------------------------

    def _is_not_saved(self, field: str) -> bool:
        """Whether a field holds what was typed at an earlier visit, or in a save that was refused, and is not what
        was given."""
        if not st.session_state.get(self._key("not-saved")) or field not in self._values:
            return False
        return _plain(self._values[field]) != _plain(self._given[field])

    def _on_file_at(self, field: str, shown: Callable[[Any], str]) -> None:
        if field not in self._on_file or not self._is_not_saved(field):
            return
        given = self._given[field]
        said = "nothing" if given in (None, "", []) else shown(given)
        html('<div class="on-file">On file: {said}</div>', said=said)

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

    # --- problems -------------------------------------------------------------------------------------------

    def _problems(self) -> tuple[Problem, ...]:
        """What the last refusal said, but for what a field lacked that is filled now; after another act only what
        is about a field, as the rest may be settled."""
        said: tuple[Problem, ...] = st.session_state.get(self._key("problems"), ())
        found = tuple(problem for problem in said if not self._is_filled_since(problem.field))
        if st.session_state.get(self._key("refused-after")) == words.acts_done():
            return found
        return tuple(problem for problem in found if problem.field in self._labels)

    def _is_filled_since(self, field: str) -> bool:
        """Whether a field was empty as the form was refused, and is no more."""
        if field not in st.session_state.get(self._key("empty-then"), ()):
            return False
        return _plain(st.session_state.get(self._key(field))) is not None

    def _problem_at(self, field: str) -> None:
        for problem in self._problems():
            if problem.field == field:
                html(
                    '<div class="field-problem" id="{id}"><span aria-hidden="true">■</span> {text}</div>',
                    id=self._key(field),
                    text=problem.sentence,
                )

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


def own_act(act: Callable[[], object], seen: int, forms: Sequence[str]) -> None:
    """Does something to the row, seen at version `seen`, that these forms are about too.

    What is typed in them goes on from there: an own act makes nothing stale; what was overtaken before stays so.
    """
    act()
    for since in (f"{name}.since" for name in forms):
        if st.session_state.get(since) == seen:
            st.session_state[since] = seen + 1


def _kept(value: object) -> object:
    """A value as a field and a draft keep it: days as they are written."""
    return value.isoformat() if isinstance(value, date) else value


def _plain(value: object) -> object:
    """A value as it is compared: None for every way in which a field is empty, lists in any order."""
    if value is None or value is False or value == "" or value == []:
        return None
    return sorted(value) if isinstance(value, list) else value


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


def _label(label: str, required: bool, help: str) -> str:
    """The label on a line of its own, the help on the next: both name the field to screen readers.

    Our own words only, and no Markdown: screen readers are given them as they are written here.
    """
    star = " *" if required else ""
    return f"{label}{star}\n{help}" if help else f"{label}{star}"
