"""What is typed and not handed in yet: it survives a refusal, another page and a reload, and is said to be so."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.problems import Refused
from db.services import drafts
from ui.session import asker, browser

Draft = dict[str, Any]


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


def own_act(act: Callable[[], object], seen: int, forms: Sequence[str]) -> None:
    """Does something to the row, seen at version `seen`, that these forms are about too.

    What is typed in them goes on from there: an own act makes nothing stale; what was overtaken before stays so.
    """
    act()
    for since in (f"{name}.since" for name in forms):
        if st.session_state.get(since) == seen:
            st.session_state[since] = seen + 1


class Drafted:
    """The values of a form's fields, and the draft that keeps them.

    `given` is what is on file and `suggested` what is not: both its fields hold at first. A draft prevails over
    them, and says that it is none. `key` tells forms of one name apart (the row they are about, its version), so
    that a draft of one never shows in another.
    """

    def __init__(
        self, name: str, given: Mapping[str, Any] | None, suggested: Mapping[str, Any] | None, key: object
    ) -> None:
        self.name = f"{name}:{key}" if key != "" else name
        self._labels: dict[str, str] = {}
        self._on_file = frozenset(given or {})
        self._given: Draft = {
            field: _kept(value) for field, value in {**(suggested or {}), **(given or {})}.items()
        }
        self._values = _draft_of(self.name)

    def fill(self, field: str, value: str | list[str]) -> None:
        """Puts words into a field as if they had been typed: called in a callback, before the field is drawn."""
        st.session_state[self._key(field)] = value
        self._keep()

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

    def asked_only(self) -> None:
        """What stands in the fields was a question that has its answer: it stays while the page is open, and is
        no draft that waits to be handed in. Where the database is away its draft goes with the next one."""
        st.session_state[self._key("asked")] = dict(self._values)
        with suppress(Refused):
            drafts.discard(asker(), browser(), self.name, asker().token)

    def discard(self) -> None:
        """Gives up what was typed, at the asking of whoever typed it: called in a callback. While the database is
        away its draft stays, and is shown as one."""
        try:
            self.forget()
        except Refused:
            return
        st.session_state[self._key("discarded")] = True

    def drop(self, *fields: str) -> None:
        """Drops what was typed in some fields, and keeps the rest."""
        for field in fields:
            self._values.pop(field, None)
            st.session_state.pop(self._key(field), None)
        self._save()

    def was_drawn(self, field: str) -> bool:
        """Whether this session has drawn a field of it."""
        return self._key(field) in st.session_state

    # --- how it is kept ---------------------------------------------------------------------------------------

    def _key(self, part: str) -> str:
        return f"{self.name}.{part}"

    def _prepare(self, field: str, label: str, default: object) -> str:
        self._labels[field] = label
        key, given = self._key(field), self._given.setdefault(field, default)
        overtaken = field not in self._values and st.session_state.get(self._key(f"{field}.given"), given) != given
        if key not in st.session_state and self._values == st.session_state.get(self._key("asked")):
            self._values.clear()
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

    def _is_not_saved(self, field: str) -> bool:
        """Whether a field holds what was typed at an earlier visit, or in a save that was refused, and is not what
        was given."""
        if not st.session_state.get(self._key("not-saved")) or field not in self._values:
            return False
        return plain(self._values[field]) != plain(self._given[field])


def _draft_of(form: str) -> Draft:
    """What was typed into a form before: in this session, or kept by the server from an earlier one."""
    key = f"{form}.draft"
    if key not in st.session_state:
        kept = drafts.load(asker(), browser(), form)
        st.session_state[key], st.session_state[f"{form}.typed-at"] = kept.values, kept.at
    draft: Draft = st.session_state[key]
    return draft


def _kept(value: object) -> object:
    """A value as a field and a draft keep it: days as they are written."""
    return value.isoformat() if isinstance(value, date) else value


def plain(value: object) -> object:
    """A value as it is compared: None for every way in which a field is empty, lists in any order."""
    if value is None or value is False or value == "" or value == []:
        return None
    return sorted(value) if isinstance(value, list) else value
