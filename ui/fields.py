"""The fields of a form: each keeps what is typed into it, and says beneath what is wrong with it."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar

import streamlit as st

from core.certificate_applications import not_to_come
from core.problems import Problem
from core.sentences import Sentence
from ui import words
from ui.drafts import Drafted, plain
from ui.markup import html

Choice = TypeVar("Choice")
_NONE_CHOSEN: Any = ""  # an option like any other: a box of Streamlit 1.67 that is empty at first loses its choice
_PAUSE = "1000ms"  # as ui.shift_log_writing waits before it keeps a long text
_MOST_DIGITS = 15
InputType = Literal["default", "email", "phone", "search"]


def told_apart(words: Mapping[Choice, str]) -> dict[Choice, str]:
    """Options in words that differ: Streamlit 1.67 takes those that read alike for the first of them."""
    every, met = Counter(words.values()), Counter[str]()
    apart = {}
    for one, said in words.items():
        met[said] += 1
        apart[one] = said if every[said] == 1 else f"{said} ({met[said]} of {every[said]} that read alike)"
    return apart


class Fields(Drafted):
    """The fields, by the names of a service's arguments."""

    def __init__(
        self,
        name: str,
        given: Mapping[str, Any] | None,
        suggested: Mapping[str, Any] | None,
        key: object,
        *,
        by_enter: bool,
        on_the_way: bool,
    ) -> None:
        super().__init__(name, given, suggested, key)
        self._by_enter = by_enter
        self._live: str | bool = _PAUSE if on_the_way else False
        self._place = st.form(self._key("form"), border=False) if by_enter else nullcontext()
        self._unreadable: list[Problem] = []
        self._empty: dict[str, Problem] = {}

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

        A text field: a number field of Streamlit 1.67 that holds a number cannot be emptied, and keeps what is
        outside of its limits to itself.
        """
        written = self._number_typed(field, label, required, help)
        if not written:
            return None
        digits = re.sub(r"\s", "", written)
        if not re.fullmatch(r"-?[0-9]+", digits):
            whole = "“{written}” is not a whole number. Enter one from {least} to {most}, without decimals."
            self._unreadable.append(Problem(field, Sentence(whole, written=written, least=least, most=most)))
            return None
        if len(digits) <= _MOST_DIGITS and least <= int(digits) <= most:
            return int(digits)
        outside = Sentence("{written} is not from {least} to {most}. Enter a number between them.",
                           written=written, least=least, most=most)  # fmt: skip
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
        written = self._number_typed(field, label, required, help)
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

    def _number_typed(self, field: str, label: str, required: bool, help: str) -> str:
        """What is typed into a field for a number; what is given, or kept in a draft, may be a number."""
        self._given[field] = _written(self._given.get(field))
        key = self._prepare(field, label, "")
        st.session_state[key] = _written(st.session_state[key])
        asked = _label(label, required, help)
        written: str = st.text_input(asked, self._now(field), key=key, on_change=self._keep).strip()
        self._took(field, written)
        self._needs(field, required, written)
        return written

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

    def must(self, field: str, sentence: Sentence) -> None:
        """What a field does not say yet: a submission then names it, with all else that is missing."""
        self._unreadable.append(Problem(field, sentence))

    # --- what is said beneath ---------------------------------------------------------------------------------

    def _took(self, field: str, value: Choice, shown: Callable[[Any], str] = str) -> Choice:
        """Keeps a field's value beside the widget's own, which Streamlit drops when the page is left; says beneath
        the field what is wrong with it, and what is on file instead, which `shown` puts into words."""
        self._note(field, value)
        self._problem_at(field)
        self._on_file_at(field, shown)
        return value

    def _needs(self, field: str, required: bool, given: object) -> None:
        if required and not given:
            sentence = Sentence("Fill in “{label}”.", label=self._labels[field])
            self._empty[field] = Problem(field, sentence)

    def _fill_day(self, field: str, day: date) -> None:
        self.fill(field, day.isoformat())
        st.session_state[self._key(f"{field}-filled")] = True

    def _on_file_at(self, field: str, shown: Callable[[Any], str]) -> None:
        if field not in self._on_file or not self._is_not_saved(field):
            return
        given = self._given[field]
        said = "nothing" if given in (None, "", []) else shown(given)
        html('<div class="on-file">On file: {said}</div>', said=said)

    def _problem_at(self, field: str) -> None:
        for problem in self._problems():
            if problem.field == field:
                html(
                    '<div class="field-problem" id="{id}"><span aria-hidden="true">■</span> {text}</div>',
                    id=self._key(field),
                    text=problem.sentence,
                )

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
        return plain(st.session_state.get(self._key(field))) is not None


def _label(label: str, required: bool, help: str) -> str:
    """The label on a line of its own, the help on the next: both name the field to screen readers.

    Our own words only, and no Markdown: screen readers are given them as they are written here.
    """
    star = " *" if required else ""
    return f"{label}{star}\n{help}" if help else f"{label}{star}"


def _written(number: str | float | Decimal | None) -> str:
    """A number as a field holds it: without a thousands' space, and without decimals where it has none."""
    if number is None or isinstance(number, str):
        return number or ""
    return str(int(number)) if number == int(number) else str(number)
