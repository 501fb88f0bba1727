"""Licences in force: what must hold of every record, on every day, under both regulations."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import Span
from core.facilities import FacilityType
from core.findings import NOT_YET, Finding, Verdict
from core.former_licences import longer_life_when_held
from core.held_licences import Place, deemed_licences, deemed_to_hold, holds, reissued, valid_at
from core.legislation import law
from core.licences import (
    Licence,
    LicenceClass,
    LicenceRecord,
    LicenceType,
    Origin,
    Replacement,
    in_force,
)
from core.replacements import replaced

# Under each regulation: days to ask about, and days of which facts are told.
ASKED = {
    "129/04": st.dates(date(2021, 12, 3), date(2028, 12, 31)),
    "435/93": st.dates(date(2003, 6, 30), date(2004, 5, 13)),
}
TOLD = {
    "129/04": st.dates(date(2020, 1, 1), date(2028, 12, 31)),
    "435/93": st.dates(date(2000, 1, 1), date(2006, 12, 31)),
}
FACTS = ("issued_on", "listed_on", "suspended", "cancelled_on", "extended_to", "renewal_refused_on", "facilities")
PLACE = Place("F-1", "Town of Timmins")
COLLECTION, TREATMENT = FacilityType.WASTEWATER_COLLECTION, FacilityType.WASTEWATER_TREATMENT
OPPOSITES = {Verdict.MET, Verdict.NOT_MET}


@st.composite
def records(draw: st.DrawFn, number: str) -> LicenceRecord:
    days = TOLD[number]
    spans = st.tuples(days, st.integers(0, 90) | st.none()).map(
        lambda told: Span(told[0], None if told[1] is None else told[0] + timedelta(days=told[1]))
    )
    licence = Licence(
        "12345",
        draw(st.sampled_from([LicenceType.WASTEWATER_TREATMENT, LicenceType.WASTEWATER_COLLECTION])),
        draw(st.sampled_from(LicenceClass)),
        draw(days),
        draw(st.sampled_from(["", "", "Town of Timmins", "City of Kenora"])),
    )
    return LicenceRecord(
        "90012345",
        licence,
        draw(st.none() | days),
        draw(st.none() | days),
        draw(st.none() | st.lists(spans, max_size=3).map(tuple)),
        draw(st.sampled_from([None, NOT_YET, NOT_YET]) | days),
        draw(st.sampled_from([None, NOT_YET, NOT_YET]) | days),
        draw(st.sampled_from([None, NOT_YET]) | days),
        facilities=draw(st.sampled_from([None, frozenset({"F-1"}), frozenset({"F-2"})])),
        on_file_until=draw(st.none() | st.none() | days),
    )


Held = tuple[LicenceRecord, ...]
Rule = Callable[[Held, date], Finding]


def rules(number: str, lowest: LicenceClass | None, complete: bool | None, place: Place = PLACE) -> list[Rule]:
    """Every rule about a person's records, of the regulation, on a day."""

    def wanted(kind: FacilityType) -> Rule:
        return lambda held, on: holds(held, kind, lowest, place, law(number, on), complete=complete)

    return [
        lambda held, on: in_force(held[0], law(number, on)),
        lambda held, on: deemed_to_hold(held[0], COLLECTION, law(number, on)),
        lambda held, on: reissued(held[0], held, law(number, on)),
        lambda held, on: valid_at(held[0], place, law(number, on)),
        wanted(COLLECTION),
        wanted(TREATMENT),
    ]


@st.composite
def situations(draw: st.DrawFn) -> tuple[str, Held, date, LicenceClass | None, bool | None]:
    number = draw(st.sampled_from(list(ASKED)))
    held = draw(st.lists(records(number), min_size=1, max_size=3))
    return (
        number,
        tuple(held),
        draw(ASKED[number]),
        draw(st.sampled_from([None, *LicenceClass])),
        draw(st.sampled_from([True, None])),
    )


@given(situations())
@settings(max_examples=150)
def test_taking_a_fact_away_never_turns_met_into_not_met_or_back(situation) -> None:
    number, held, on, lowest, complete = situation
    for rule, unsure, nowhere in zip(
        rules(number, lowest, complete),
        rules(number, lowest, None),
        rules(number, lowest, complete, Place()),
        strict=True,
    ):
        before = rule(held, on).verdict
        assert {before, unsure(held, on).verdict} != OPPOSITES
        assert {before, nowhere(held, on).verdict} != OPPOSITES
        for place, record in enumerate(held):
            for fact in FACTS:
                less = (*held[:place], replace(record, **{fact: None}), *held[place + 1 :])
                assert {before, rule(less, on).verdict} != OPPOSITES, fact


@given(situations())
@settings(max_examples=100)
def test_no_finding_changes_before_its_until_and_none_changes_without_it(situation) -> None:
    number, held, on, lowest, complete = situation
    last = date(2004, 5, 13) if number == "435/93" else date(2032, 12, 31)
    for rule in rules(number, lowest, complete):
        day, finding = on, rule(held, on)
        # From horizon to horizon: between them nothing changes.
        while finding.until is not None and finding.until <= last:
            assert finding.until > day
            for inside in (day + timedelta(days=1), finding.until - timedelta(days=1)):
                if inside < finding.until:
                    assert rule(held, inside).verdict is finding.verdict
            day, finding = finding.until, rule(held, finding.until)
        if finding.until is None:
            assert rule(held, last).verdict is finding.verdict


@given(situations())
@settings(max_examples=30)
def test_day_by_day_a_verdict_changes_only_at_its_until(situation) -> None:
    number, held, on, lowest, complete = situation
    for rule in rules(number, lowest, complete):
        finding = rule(held, on)
        for days in range(1, 120):
            day = on + timedelta(days=days)
            if number == "435/93" and day > date(2004, 5, 13):
                break
            today = rule(held, day)
            assert today.verdict is finding.verdict or (finding.until is not None and finding.until <= day)
            finding = today if finding.until is not None and finding.until <= day else finding


@given(situations())
@settings(max_examples=50)
def test_a_deemed_licence_falls_and_returns_with_the_one_that_includes_it(situation) -> None:
    number, held, on, _, _ = situation
    licence = replace(held[0].licence, licence_type=LicenceType.WASTEWATER_TREATMENT)
    record = replace(held[0], licence=licence)
    for days in range(0, 300, 7):
        day = on + timedelta(days=days)
        if number == "435/93" and day > date(2004, 5, 13):
            break
        deemed = deemed_to_hold(record, COLLECTION, law(number, day))
        if licence.licence_class is LicenceClass.OPERATOR_IN_TRAINING:
            assert deemed.verdict is Verdict.NOT_MET
            assert deemed_licences([record], law(number, day)) == ()
            continue
        assert deemed.verdict is in_force(record, law(number, day)).verdict
        [one] = deemed_licences([record], law(number, day))
        assert one.finding.verdict is deemed.verdict
        assert one.licence == replace(
            licence, licence_type=LicenceType.WASTEWATER_COLLECTION, licence_class=LicenceClass.I
        )


@given(situations(), st.randoms())
def test_the_order_of_the_records_does_not_matter(situation, chance) -> None:
    number, held, on, lowest, complete = situation
    shuffled = list(held)
    chance.shuffle(shuffled)
    for kind in (COLLECTION, TREATMENT):
        one, other = (
            holds(some, kind, lowest, PLACE, law(number, on), complete=complete) for some in (held, shuffled)
        )
        assert (one.verdict, one.until) == (other.verdict, other.until)


@given(situations())
def test_neither_a_replacement_nor_a_refused_renewal_changes_what_is_in_force(situation) -> None:
    number, held, on, _, _ = situation
    lost = Replacement(fee_paid=on, lost=True)
    assert replaced(lost, law(number, on)).verdict is Verdict.MET
    plain = in_force(held[0], law(number, on))
    changed = in_force(replace(held[0], replacement=lost, renewal_refused_on=on), law(number, on))
    assert (plain.verdict, plain.until) == (changed.verdict, changed.until)


@given(situations(), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_no_extension_reaches_past_twelve_months_from_the_printed_expiry(situation, to) -> None:
    _, held, on, _, _ = situation
    record = replace(held[0], extended_to=to)
    if on < date(2021, 12, 3):
        return
    if (on - record.licence.expiry).days > 366:
        assert in_force(record, law("129/04", on)).verdict is Verdict.NOT_MET


LICENCE = Licence("12345", LicenceType.WASTEWATER_TREATMENT, LicenceClass.II, date(2025, 1, 31))
RECORD = LicenceRecord("90012345", LICENCE, date(2022, 3, 12), None, (), NOT_YET, NOT_YET)
AS_LISTED = LicenceRecord("90012345", LICENCE, listed_on=date(2023, 1, 1), suspended=(), cancelled_on=NOT_YET)
TODAY = law("129/04", date(2024, 1, 1))


@pytest.mark.parametrize(
    ("expiry", "valid_for", "asks"),
    [
        (date(2025, 3, 11), "", ["printed_expiry"]),
        (date(2025, 3, 12), "", []),
        (date(2025, 3, 13), "", []),
        (date(2025, 3, 11), "Town of Timmins", []),
    ],
)
def test_an_ordinary_licence_printed_earlier_than_three_years_is_a_question_to_the_office(
    expiry: date, valid_for: str, asks: list[str]
) -> None:
    record = replace(RECORD, licence=replace(LICENCE, expiry=expiry, valid_for=valid_for))
    finding = in_force(record, TODAY)
    assert finding.verdict is Verdict.MET
    assert [(need.key, need.asked_of) for need in finding.needs] == [(key, "officer") for key in asks]


@pytest.mark.parametrize(
    ("record", "readings"),
    [
        (RECORD, {"R4", "R37"}),
        (AS_LISTED, {"R4", "R28", "R37"}),
    ],
)
def test_a_finding_names_the_readings_on_which_it_rests(record: LicenceRecord, readings: set[str]) -> None:
    finding = in_force(record, TODAY)
    assert (finding.verdict, set(finding.readings)) == (Verdict.MET, readings)
    assert finding.until == date(2025, 2, 1)


def test_an_extension_names_the_reading_on_which_it_rests() -> None:
    finding = in_force(replace(RECORD, extended_to=date(2025, 12, 31)), law("129/04", date(2025, 6, 1)))
    assert finding.verdict is Verdict.MET
    assert "R14" in finding.readings
    assert finding.until == date(2026, 1, 1)
    assert any(str(part.citation) == "O. Reg. 129/04, s. 22 (2), para. 2" for part in finding.walk())


def test_an_extension_under_a_law_that_is_not_on_file_is_a_question() -> None:
    expired = replace(RECORD, issued_on=date(2018, 5, 1), licence=replace(LICENCE, expiry=date(2021, 5, 1)))
    day = date(2021, 12, 2)
    assert in_force(expired, law("129/04", day)).verdict is Verdict.NOT_MET
    extended = in_force(replace(expired, extended_to=date(2022, 5, 1)), law("129/04", day))
    assert (extended.verdict, extended.until) == (Verdict.UNKNOWN, date(2021, 12, 3))
    past = in_force(replace(expired, extended_to=date(2021, 12, 1)), law("129/04", day))
    assert past.verdict is Verdict.NOT_MET


def test_what_was_on_file_and_ended_is_no_cancellation() -> None:
    ended = replace(AS_LISTED, on_file_until=date(2024, 1, 1))
    finding = in_force(ended, TODAY)
    assert (finding.verdict, str(finding.because)) == (
        Verdict.NOT_MET,
        "What was on file of licence 12345 ended on 1 January 2024.",
    )
    assert not any("Director: done" in str(part.because) for part in finding.walk())
    before = in_force(ended, law("129/04", date(2023, 12, 31)))
    assert (before.verdict, before.until) == (Verdict.MET, date(2024, 1, 1))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Town of St. Marys", "TOWN OF ST MARYS"),
        ("Town of St. Mary’s", "Town of St. Marys"),
        ("Ville de Témiskaming-Sud", "Ville de Temiskaming Sud"),
        ("  City of  Kenora ", "city of kenora"),
    ],
)
def test_an_owner_is_the_same_however_the_name_is_written(one: str, other: str) -> None:
    record = replace(AS_LISTED, licence=replace(LICENCE, valid_for=one))
    assert valid_at(record, Place(None, other), TODAY).verdict is Verdict.MET
    assert valid_at(record, Place(None, "Town of Timmins"), TODAY).verdict is Verdict.NOT_MET


def test_only_an_ordinary_licence_names_no_owner() -> None:
    assert LICENCE.owner_key == ""
    assert replace(LICENCE, valid_for="—").owner_key == "—"


def test_a_type_that_the_regulation_does_not_license_is_an_error() -> None:
    water = replace(RECORD, licence=replace(LICENCE, licence_type=LicenceType.WATER_TREATMENT))
    with pytest.raises(ValueError, match="licenses nobody for water_treatment"):
        in_force(water, TODAY)
    with pytest.raises(ValueError, match="licenses nobody for water_treatment"):
        holds([water], FacilityType.WATER_TREATMENT, None, PLACE, TODAY)
    with pytest.raises(ValueError, match="deems nobody"):
        deemed_to_hold(RECORD, TREATMENT, TODAY)


def test_a_drinking_water_certificate_beside_a_wastewater_licence_does_no_harm() -> None:
    water = replace(RECORD, licence=replace(LICENCE, licence_type=LicenceType.WATER_TREATMENT))
    finding = holds([water, RECORD], TREATMENT, LicenceClass.II, PLACE, TODAY, complete=True)
    assert finding.verdict is Verdict.MET


def test_a_certificate_of_a_type_made_later_is_left_aside() -> None:
    licence = Licence("1", LicenceType.WATER_DISTRIBUTION_AND_SUPPLY, LicenceClass.OPERATOR_IN_TRAINING, date.max)
    training = replace(RECORD, licence=licence)
    finding = holds([training], TREATMENT, LicenceClass.OPERATOR_IN_TRAINING, PLACE, law("435/93"), complete=True)
    assert finding.verdict is Verdict.NOT_MET


def test_drinking_water_certificates_of_today_are_unknown_and_say_so() -> None:
    water = replace(RECORD, licence=replace(LICENCE, licence_type=LicenceType.WATER_TREATMENT))
    today = law("128/04", date(2024, 1, 1))
    for finding in (
        in_force(water, today),
        holds([water], FacilityType.WATER_TREATMENT, LicenceClass.I, PLACE, today, complete=True),
    ):
        assert finding.verdict is Verdict.UNKNOWN
        assert finding.citation.regulation == "128/04"
        assert "not modelled yet" in str(finding.because)
        assert finding.needs
    assert deemed_licences([water], today) == ()


def test_licences_of_several_persons_are_not_taken_together() -> None:
    with pytest.raises(ValueError, match="one person"):
        holds([RECORD, replace(RECORD, operator_id="90099999")], TREATMENT, None, PLACE, TODAY)


def test_only_operator_id_number_and_type_make_two_issues_the_same_licence() -> None:
    later = replace(RECORD, issued_on=date(2023, 6, 1))
    assert reissued(RECORD, [RECORD, later], TODAY).verdict is Verdict.MET
    for other in (
        replace(later, operator_id="90099999"),
        replace(later, licence=replace(LICENCE, number="99999")),
        replace(later, licence=replace(LICENCE, licence_type=LicenceType.WASTEWATER_COLLECTION)),
    ):
        assert reissued(RECORD, [RECORD, other], TODAY).verdict is Verdict.NOT_APPLICABLE


def test_a_cancelled_reissue_does_not_bring_the_earlier_issue_back() -> None:
    later = replace(RECORD, issued_on=date(2023, 6, 1), cancelled_on=date(2023, 9, 1))
    for day, verdict in ((date(2023, 8, 31), Verdict.MET), (date(2023, 9, 1), Verdict.NOT_MET)):
        finding = holds([RECORD, later], TREATMENT, None, PLACE, law("129/04", day), complete=True)
        assert finding.verdict is verdict
        [first, second] = deemed_licences([RECORD, later], law("129/04", day))
        assert (first.finding.verdict, second.finding.verdict) == (Verdict.NOT_MET, verdict)


def test_a_licence_of_the_voluntary_programme_is_no_matter_for_the_newer_regulation() -> None:
    old = replace(
        RECORD,
        issued_on=date(1993, 6, 1),
        licence=replace(LICENCE, expiry=date(1996, 6, 1)),
        origin=Origin.PROGRAM,
    )
    assert in_force(old, TODAY).verdict is Verdict.NOT_MET


FORMER = law("435/93")
FILED = date(1998, 5, 15)


@pytest.mark.parametrize("filed", [date(1997, 12, 31), date(1999, 1, 1)])
def test_a_filing_in_another_year_is_an_error(filed: date) -> None:
    training = replace(RECORD, licence=replace(LICENCE, licence_class=LicenceClass.OPERATOR_IN_TRAINING))
    with pytest.raises(ValueError, match="filed in 1998"):
        longer_life_when_held(training, filed, FORMER)
