"""How a facility's people stand on a day: the facility's findings, then each person's, the worst first."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from core.findings import Finding, Verdict
from core.sentences import in_english
from db.people_views import EmployeeRow, PeopleOfFacility
from ui import findings, tables, words
from ui.addresses import row_id
from ui.markup import as_markdown

_MOST = 12  # people with a fold of their own
_ON_SCREEN = 6  # rows of the table of all others
_ROW_HEIGHT = 70  # px: why somebody does not stand takes two or three lines
_CHOSEN = "person"  # in the address
_WORST_FIRST = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.DIRECTOR, Verdict.MET, Verdict.NOT_APPLICABLE)
_SIMPLY_STANDS = (True, _WORST_FIRST.index(Verdict.MET))  # does not act, and has no gap
_OF_WATER = "The law of this day is not modelled here. For water facilities today O. Reg. 128/04 follows."


def draw(found: PeopleOfFacility) -> None:
    """The findings of the day. Where people are many, those who act and those with a gap have a fold of their own,
    and the others a table of which one is opened."""
    if not found.assessed:
        words.standing(words.NOT_ASSESSED)
        of_water = found.facility_type.value.startswith("water_")
        st.text(_OF_WATER if of_water else f"No text of the law on it is on file for {in_english(found.on)}.")
        return
    if found.by_functions:
        st.text("O. Reg. 435/93, s. 1: whoever had one of its functions was in charge, without a designation.")
    of_each: dict[int | None, list[Finding]] = defaultdict(list)
    for one, _ in found.findings:
        of_each[one.person].append(one.finding)
    findings.draw(*of_each[None], on=found.on)
    first, others = _first_and_others(found, of_each)
    for employee in first:
        of_them = of_each[employee.employee_id]
        with st.expander(f"{_standing(of_them)}: {as_markdown(employee.name)}"):
            findings.draw(*of_them, on=found.on)
    if others:
        _table(others, of_each, found)


def _first_and_others(
    found: PeopleOfFacility, of_each: Mapping[int | None, Sequence[Finding]]
) -> tuple[list[EmployeeRow], list[EmployeeRow]]:
    """Those to look at first: whoever acts on the day, then whoever has a gap, the worst first; and the others."""
    serving = (*found.designations, *found.in_charge, *found.functions)
    acting = {one.person for one in serving if found.on in one.span}

    def order(one: EmployeeRow) -> tuple[bool, int]:
        return one.employee_id not in acting, _WORST_FIRST.index(_worst(of_each[one.employee_id]).verdict)

    ordered = sorted((one for one in found.employees if of_each.get(one.employee_id)), key=order)
    if len(ordered) <= _MOST:
        return ordered, []
    first = [one for one in ordered if order(one) < _SIMPLY_STANDS][:_MOST]
    return first, ordered[len(first) :]


def _table(
    others: Sequence[EmployeeRow], of_each: Mapping[int | None, Sequence[Finding]], found: PeopleOfFacility
) -> None:
    """One row a person, of whom one opens beneath; the fold says how many stand."""
    ids = [one.employee_id for one in others]
    worst = [_worst(of_each[one]) for one in ids]
    opened = row_id(st.query_params.get(_CHOSEN, ""))
    with st.expander(_counted(worst, others), expanded=opened in ids, key=f"others-{found.facility_id}"):
        rows = [
            {"Name": one.name, "Standing": _standing(of_each[one.employee_id]), "Why": str(of_them.because)}
            for one, of_them in zip(others, worst, strict=True)
        ]
        chosen = tables.choose(
            rows,
            ids,
            _CHOSEN,
            alt="How the other people of the facility stand",
            on_screen=_ON_SCREEN,
            row_height=_ROW_HEIGHT,
        )
        if chosen in ids:
            st.text(others[ids.index(chosen)].name)
            findings.draw(*of_each[chosen], on=found.on)


def _counted(worst: Iterable[Finding], others: Sequence[EmployeeRow]) -> str:
    """How many people are in the table, and how they stand."""
    many = Counter(one.verdict for one in worst)
    people = "1 more person" if len(others) == 1 else f"{in_english(len(others))} more people"
    said = (
        f"{findings.MARKS[one].shape} {findings.MARKS[one].word} {in_english(many[one])}"
        for one in _WORST_FIRST
        if many[one]
    )
    return f"{people}: {', '.join(said)}"


def _worst(of_them: Iterable[Finding]) -> Finding:
    """The one of a person's findings that most needs a look."""
    return min(of_them, key=lambda one: _WORST_FIRST.index(one.verdict))


def _standing(of_them: Iterable[Finding]) -> str:
    """How one person stands, by the worst."""
    mark = findings.MARKS[_worst(of_them).verdict]
    return f"{mark.shape} {mark.word}"
