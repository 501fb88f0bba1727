"""The quick walk over the days without a licence says what the slow one says, day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import Span, united
from core.employment import Capacity, Spell, Worker, licensed
from core.facilities import FacilityType
from core.findings import NOT_YET, Verdict
from core.legislation import law
from core.licences import Licence as Held
from core.licences import LicenceClass, LicenceRecord, LicenceType
from core.responsibility import unlicensed
from core.sure_days import days_to_ask
from core.works import Works

PLANT = Works(FacilityType.WASTEWATER_TREATMENT, "1", owners=((Span(date(1990, 1, 1)), "Town"),))
REGULATIONS = [
    ("129/04", Span(date(2022, 1, 1), date(2025, 1, 1))),
    ("435/93", Span(date(2003, 6, 30), date(2004, 5, 14))),
]


def days(shown: Span) -> st.SearchStrategy[date]:
    return st.dates(shown.start - timedelta(days=900), shown.end + timedelta(days=200))


@st.composite
def spans(draw: st.DrawFn, shown: Span) -> Span:
    start = draw(days(shown))
    return Span(start, draw(st.none() | st.integers(0, 500).map(lambda more: start + timedelta(days=more))))


@st.composite
def records(draw: st.DrawFn, shown: Span) -> LicenceRecord:
    kinds = [LicenceType.WASTEWATER_TREATMENT] * 4 + [LicenceType.WASTEWATER_COLLECTION]
    licence = Held(
        draw(st.sampled_from("12")),
        draw(st.sampled_from(kinds)),
        draw(st.sampled_from(LicenceClass)),
        draw(days(shown)),
        draw(st.sampled_from(["", "", "", "Town", "City"])),
    )
    return LicenceRecord(
        "90012345",
        licence,
        issued_on=draw(st.none() | days(shown)),
        listed_on=draw(st.none() | days(shown)),
        suspended=draw(st.sampled_from([(), (), (), None]) | spans(shown).map(lambda one: (one,))),
        cancelled_on=draw(st.sampled_from([NOT_YET, NOT_YET, NOT_YET, None]) | days(shown)),
        extended_to=draw(st.sampled_from([NOT_YET, NOT_YET, None]) | days(shown)),
        on_file_until=draw(st.none() | days(shown)),
    )


@st.composite
def workers(draw: st.DrawFn, shown: Span) -> Worker:
    spells = st.builds(Spell, spans(shown), st.sampled_from(Capacity), st.booleans())
    return Worker(
        tuple(draw(st.lists(records(shown), max_size=3))),
        draw(st.sampled_from([date.min, None]) | days(shown)),
        tuple(draw(st.lists(spells, max_size=3))),
    )


@pytest.mark.parametrize(("regulation", "shown"), REGULATIONS)
@settings(max_examples=60)
@given(data=st.data())
def test_the_quick_walk_finds_each_day_that_is_not_met_and_no_other(regulation, shown, data) -> None:
    worker = data.draw(workers(shown))
    found = list(unlicensed(worker, PLANT, regulation, shown))
    assert tuple(found) == united(found)
    edges = {edge for one in found for edge in (one.start, one.end, one.end - timedelta(days=1)) if edge in shown}
    every_ninth = {shown.start + timedelta(days=shift) for shift in range(0, (shown.end - shown.start).days, 9)}
    for day in sorted(every_ninth | {shown.end - timedelta(days=1)} | edges):
        verdict = licensed(worker, PLANT, law(regulation, day)).verdict if worker.spells else None
        assert any(day in one for one in found) is (verdict is Verdict.NOT_MET), day


def test_of_a_plain_licence_only_the_days_without_it_are_asked_about() -> None:
    licence = Held("1", LicenceType.WASTEWATER_TREATMENT, LicenceClass.II, date(2024, 6, 30))
    record = LicenceRecord("90012345", licence, None, date(2023, 3, 1), (), NOT_YET, NOT_YET)
    worker, shown = Worker((record,), date(2023, 1, 1)), Span(date(2022, 1, 1), date(2025, 1, 1))
    assert list(days_to_ask(worker, PLANT, law("129/04"), shown)) == [
        Span(date(2023, 1, 1), date(2023, 3, 1)),
        Span(date(2024, 7, 1), date(2025, 1, 1)),
    ]
    until_then = Span(date(2023, 5, 1), date(2024, 7, 1))
    assert list(days_to_ask(worker, PLANT, law("129/04"), until_then)) == []
    assert list(days_to_ask(Worker((record,), None), PLANT, law("129/04"), shown)) == []
