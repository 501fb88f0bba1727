"""The fields of the forms of a shift log: what an entry says, and when it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import streamlit as st

from core.log_chain import DUTIES, MAY_BE_NOTHING, NO, YES, Content, Kind
from core.log_times import FIRST, SECOND, Typed, in_shift, typed_at
from core.record_entries import fields_of
from core.shifts import Shift
from db.log_views import LogOfFacility
from ui import shift_log
from ui.addresses import row_id
from ui.forms import Form
from ui.session import asker

OPENED = "opened"  # in the address: the minute at which a form was opened, counted from 1970
_A_DAY = 24 * 60  # minutes
_DAY_OF_SHIFT = "empty for the day on which the shift was at that time"
_WHICH = {FIRST: "The first time that the clock showed it", SECOND: "The second time, an hour later"}


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
        elif kind in DUTIES:
            typed[name] = form.one_of(name, labels[name], {YES: YES, NO: NO})
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


def when_in(form: Form, found: LogOfFacility, shift: Shift, kind: Kind) -> Typed:
    """When something happened in a shift: now, as the form was opened, or as typed. In a shift that is over "now"
    is no answer; what is empty then is said of the whole shift."""
    if shift.ended is not None and kind is not Kind.NOTE:
        typed = Typed(*_day_and_clock(form, _DAY_OF_SHIFT, required=False))
        return _which(form, found, in_shift(typed, shift.began, shift.ended, found.zone))
    opened = row_id(st.query_params.get(OPENED, ""))
    minutes = int(asker().at.timestamp()) // 60 - opened if opened else 0
    if opened and 0 < minutes <= _A_DAY:
        then = typed_at(datetime.fromtimestamp(opened * 60, UTC), found.zone)
        if form.checkbox("then", f"It happened at {then.clock}, when this form was opened"):
            return then
    return when_typed(form, found, "It happened earlier", shift)


def when_typed(form: Form, found: LogOfFacility, label: str, shift: Shift | None = None) -> Typed:
    """When it was: now, unless another time is typed; without a day that of the shift, else today."""
    if not form.checkbox("earlier", label):
        return Typed()
    day, clock = _day_and_clock(form, "empty for today" if shift is None else _DAY_OF_SHIFT, required=True)
    typed = Typed(day, clock)
    if not clock.strip():  # without either the moment is now, which was not meant: the time is asked for
        typed = Typed(day or found.today)
    elif shift is not None:
        typed = in_shift(typed, shift.began, shift.ended or asker().at, found.zone)
    return _which(form, found, typed)


def _day_and_clock(form: Form, day_help: str, *, required: bool) -> tuple[date | None, str]:
    clock = form.text(
        "clock", "Time", required=required, help="by the clock of the facility, such as 07:05 or 19:05"
    )
    return form.day("day", "Day", help=day_help), clock


def _which(form: Form, found: LogOfFacility, typed: Typed) -> Typed:
    """Which of two moments is meant, where the clock shows the time twice."""
    if not typed.is_ambiguous(found.today, found.zone):
        return typed
    which = form.select("which", "The clocks went back that night. Which of the two", list(_WHICH),
                        shown=lambda one: _WHICH[one], required=True)  # fmt: skip
    return replace(typed, which=which or "")
