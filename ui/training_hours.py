"""How a person's hours of training are drawn: a year, which of its hours bind, and the average by each reading."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import streamlit as st

from core.findings import Finding, Verdict
from core.places import day_at
from core.sentences import in_english
from core.training import Average, TrainingYear
from core.training_sessions import in_hours
from db.services.training import OwnTraining
from db.training_session_views import SessionRow
from db.training_views import FacilityYear, PersonsYear
from ui import findings, tables, words
from ui.addresses import row_id
from ui.fields import told_apart
from ui.session import asker
from ui.training_records import days_of, duration_of, standing_of

_PERSON = "person"  # in the address
_WHERE = "Facility"
_NOBODY = 0


def people(found: FacilityYear) -> None:
    """Everybody of a facility's year, those with the most hours missing first, and one of them beneath."""
    rows = [_row(one) for one in found.people]
    tables.paged("training-people", "Hours of each person, those with most missing first", rows)
    chosen = _chosen(found)
    if chosen is not None:
        _person(found, chosen)


def own(found: OwnTraining) -> None:
    """One's own training: each year at each facility, and each session."""
    if found.years:
        on = day_at(asker().at)
        if len({one.facility_id for one in found.years}) > 1:
            st.text(
                "An hour of training counts at every facility where you work, so the same "
                "hours are missing once, not at each."
            )
        alike: dict[tuple[tuple[str, object], ...], list[str]] = defaultdict(list)
        for one in found.years:
            alike[tuple(_own_year(one.year, on).items())].append(one.facility)
        rows = [{**dict(said), _WHERE: _together(where)} for said, where in alike.items()]
        tables.plain("Your training by year and facility", rows)
    if found.sessions:
        tables.plain("The sessions that you attended", [_session(one) for one in found.sessions])


def _own_year(year: TrainingYear, on: date) -> dict[str, object]:
    return {
        "Year": str(year.year),
        _WHERE: "",
        "Given": in_hours(year.minutes),
        "Missing": _missing(year),
        "What counts": binding(year, on),
        "Standing": standing(year),
        "Days employed": year.days,
        "Why": str(year.finding.because),
    }


def _together(facilities: Sequence[str]) -> str:
    """The facilities of which a year says the same, and how many they are."""
    if len(facilities) == 1:
        return facilities[0]
    return f"{len(facilities)} facilities, the same at each: {'; '.join(facilities)}"


def standing(year: TrainingYear) -> str:
    """How a year stands, with its shape."""
    is_open = year.finding.verdict is Verdict.MET and year.finding.due is not None
    mark = words.DUE if is_open else findings.MARKS[year.finding.verdict]
    return f"{mark.shape} {standing_of(year)}"


def counted(year: TrainingYear) -> str:
    """Of which years the missing hours are, the year by itself or those of the average, and why (reading R80); ""
    where none are missing."""
    if not year.missing or not year.known:
        return ""
    if not year.averaged or year.averages is None:
        return f"{year.year} by itself"
    together = f"{_named(year.averages.blocks.years)} together"
    return f"{together}, since {year.short} is short" if year.short else together


def _missing(year: TrainingYear) -> str:
    if not year.known:
        return "not known"
    return f"{in_hours(year.missing)} by {in_english(year.by)}" if year.missing else "none"


def _row(one: PersonsYear) -> dict[str, object]:
    given = in_hours(one.year.minutes)
    return {
        "Name": one.name,
        "Position": one.position,
        "Given": f"{given}, {in_hours(one.elsewhere)} of it elsewhere" if one.elsewhere else given,
        "Missing": _missing(one.year),
        "What counts": counted(one.year),
        "Standing": standing(one.year),
        "Days employed": one.year.days,
    }


def _chosen(found: FacilityYear) -> PersonsYear | None:
    """Of whom more is shown: the address names the person."""
    by_id = {one.employee_id: one for one in found.people}
    names = told_apart({_NOBODY: "Choose"} | {id: f"{one.name}, {one.position}" for id, one in by_id.items()})
    key = f"training-person-{found.facility_id}"
    if st.session_state.get(key) not in names:
        asked = row_id(st.query_params.get(_PERSON, ""))
        st.session_state[key] = asked if asked in names else _NOBODY
    chosen = by_id.get(st.selectbox("What the law says of each year of", list(names),
                                    format_func=names.__getitem__, key=key))  # fmt: skip
    if chosen is None:
        st.query_params.pop(_PERSON, None)
    else:
        st.query_params[_PERSON] = str(chosen.employee_id)
    return chosen


def _person(found: FacilityYear, one: PersonsYear) -> None:
    year = one.year
    with st.container(border=True, key="person-training"):
        st.text(f"{one.name}: {in_hours(year.minutes)} in {found.year}, "
                f"of which {in_hours(one.elsewhere)} given by others.")  # fmt: skip
        if year.missing and year.known:
            st.text(binding(year, found.on))
        averages = year.averages
        if averages is not None:
            st.text("The three-year average as the portal reads the text (R11), and as it could be read too:")
            words.facts(
                {
                    "Three years counted from 2022": _average(averages.blocks, year.year, found.on),
                    "Any three years up to this one": _average(averages.sliding, year.year, found.on),
                    "Only the years of employment here": _average(averages.years_employed, year.year, found.on),
                }
            )
        about = [shown.finding for shown, _ in found.findings if shown.id == one.employee_id]
        in_force = [finding for finding in about if finding.verdict is not Verdict.NOT_APPLICABLE]
        shown = in_force if found.regulation == "129/04" else [year.finding]
        findings.draw(*(shown or [year.finding]), on=found.on)


def binding(year: TrainingYear, on: date) -> str:
    """What is missing by when, of which years, what the other way would take, and that this is what to meet
    (reading R80); "" where nothing is missing or that is not known."""
    if not year.missing or not year.known or year.by is None:
        return ""
    said = f"{in_hours(year.missing)} {'were missing on' if year.by < on else 'missing by'} {in_english(year.by)}"
    said = f"{said}: {counted(year)}."
    if year.averaged:
        return f"{said} Meet this one; what {year.year} by itself or another reading lacks does not bind."
    if year.averages is None or year.averages.blocks.without is not None:
        return said
    block = year.averages.blocks
    return f"{said} Three years together would need {in_hours(block.missing)} by {in_english(block.last)}."


def _average(average: Average, year: int, on: date) -> str:
    if average.without is not None:
        said = f"nothing is averaged, without employment here in {average.without}, so {year} counts by itself"
        last = date(year, 12, 31)
    else:
        said = f"{in_hours(average.minutes)} of {in_hours(average.needed)}"
        last = average.last
        if average.missing:
            said += f", {in_hours(average.missing)} missing by {in_english(last)}"
    return f"{_named(average.years)}: {said}. {_standing_of_average(average.finding, last, on)}"


def _standing_of_average(found: Finding, last: date, on: date) -> str:
    """A reading by which the hours can still come is open, whatever it would say of today."""
    if found.verdict in (Verdict.UNKNOWN, Verdict.NOT_MET) and on <= last:
        return f"{words.DUE.shape} Open until {in_english(last)}"
    mark = findings.MARKS[found.verdict]
    return f"{mark.shape} {mark.word}"


def _named(years: Sequence[int]) -> str:
    return f"{years[0]} to {years[-1]}" if len(years) > 1 else str(years[0])


def _session(one: SessionRow) -> dict[str, object]:
    return {
        "Days": days_of(one),
        "Subjects": one.session.subjects,
        "Duration": duration_of(one),
        "Kind": one.session.kind.label,
        "Facility": one.facility,
        "Position": ", ".join(who.position for who in one.session.attended),
    }
