"""The rules around the points: their cases, and what must hold of every one of them."""

from datetime import date, timedelta
from itertools import chain

import pytest

from core.application import SewageWorks, WaterWorks, applies, governed
from core.calendar import Span
from core.citations import Citation
from core.classification import classify
from core.findings import Decision, Verdict
from core.legislation import NotOnFile, law
from core.package_plants import PackagePlant, reduced, reduction
from tests.core import disruption_rules, licence_rules, record_rules, responsibility_rules
from tests.core.rules import ask
from tests.core.tables import Case, cases

FILES = (
    "application.md", "certificates.md", "licences.md", "responsibility.md", "disruptions.md", "records.md",
)  # fmt: skip
ALL = list(chain.from_iterable(map(cases, FILES)))
every_case = pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.heading}: {case['case']}")
# What says which rule is asked, not a fact that could be unknown.
FIXED = {"type", "of", "facility_type"}.union(
    *(one.FIXED for one in (licence_rules, responsibility_rules, disruption_rules, record_rules))
)
# No fact taken away turns these into NOT_MET, or NOT_MET into these.
SETTLED = {Verdict.MET, Verdict.NOT_APPLICABLE}


@every_case
def test_the_rule_finds_what_the_case_says(case: Case) -> None:
    finding = ask(case)
    assert finding.verdict.value == case["verdict"], str(finding.because)
    asks = finding.verdict is Verdict.UNKNOWN
    # R4: an earlier printed date is used, and the office is asked all the same.
    assert asks == bool(finding.needs) or {need.key for need in finding.needs} == {"printed_expiry"}


@every_case
def test_taking_a_fact_away_makes_no_breach_and_heals_none(case: Case) -> None:
    before = ask(case).verdict
    for key in case.facts.keys() - FIXED:
        after = ask(case, {other: fact for other, fact in case.facts.items() if other != key}).verdict
        assert not (before in SETTLED and after is Verdict.NOT_MET), key
        assert not (before is Verdict.NOT_MET and after in SETTLED), key


@every_case
def test_no_finding_changes_before_its_until(case: Case) -> None:
    day = date.fromisoformat(case["on"])
    finding = ask(case)
    last = (finding.until or day + timedelta(days=4000)) - timedelta(days=1)
    assert last >= day
    step = max((last - day).days // 40, 1)
    for days in {*range(0, (last - day).days + 1, step), (last - day).days}:
        assert ask(case, on=day + timedelta(days=days)).verdict is finding.verdict


@every_case
def test_a_verdict_that_a_day_changes_says_so(case: Case) -> None:
    """Where tomorrow's verdict is another, `until` is tomorrow."""
    tomorrow = date.fromisoformat(case["on"]) + timedelta(days=1)
    finding = ask(case)
    if ask(case, on=tomorrow).verdict is not finding.verdict:
        assert finding.until == tomorrow


MUNICIPAL = SewageWorks(section_53=True, crown_or_municipal=True, treated=True, clause_53_6_a=False)
WELL = WaterWorks("water_treatment", subsection_52_1=True, design_flow=500)


@pytest.mark.parametrize(
    ("works", "on", "regulation", "verdict"),
    [
        (MUNICIPAL, date(2003, 6, 30), "435/93", Verdict.MET),
        (MUNICIPAL, date(2004, 5, 13), "435/93", Verdict.MET),
        (MUNICIPAL, date(2004, 8, 1), "129/04", Verdict.MET),
        (MUNICIPAL, date(2026, 1, 1), "129/04", Verdict.MET),
        (WELL, date(2004, 5, 13), "435/93", Verdict.MET),
        (WELL, date(2021, 12, 3), "128/04", Verdict.UNKNOWN),
    ],
)
def test_which_regulation_governs_on_a_day(
    works: SewageWorks | WaterWorks, on: date, regulation: str, verdict: Verdict
) -> None:
    finding = governed(works, on)
    assert (finding.citation.regulation, finding.verdict) == (regulation, verdict)


@pytest.mark.parametrize(
    ("works", "on"),
    [
        (MUNICIPAL, date(2003, 6, 29)),
        (MUNICIPAL, date(2004, 5, 14)),
        (MUNICIPAL, date(2004, 7, 31)),
        (WELL, date(2021, 12, 2)),
    ],
)
def test_no_regulation_answers_for_another_day(works: SewageWorks | WaterWorks, on: date) -> None:
    with pytest.raises(NotOnFile, match="Nearest on file"):
        governed(works, on)


def test_the_refusal_names_the_nearest_days_on_either_side() -> None:
    with pytest.raises(NotOnFile, match="until 13 May 2004, from 1 August 2004"):
        governed(MUNICIPAL, date(2004, 6, 1))


def test_works_left_out_are_not_covered() -> None:
    private = SewageWorks(
        section_53=True,
        crown_or_municipal=False,
        household_waste=True,
        clause_53_6_a=True,
        capacity=10_001,
    )
    assert applies(private, law("129/04")).verdict is Verdict.NOT_MET


PACKAGE = PackagePlant(complete_unit=True, preassembled=True, modules=1, design_flow_m3_per_day=10)


def satisfied() -> Decision:
    citation = Citation("129/04", "Sched. 1, s. 3 (1)")
    span = Span(date(2022, 1, 1), date(2023, 1, 1))
    return Decision(citation, True, "A. Director", date(2021, 12, 20), "simple to run", span)


def test_a_reduction_takes_the_directors_points() -> None:
    finding = reduction(PACKAGE, law("129/04", date(2022, 6, 1)), [satisfied()])
    known = {"solids_handling.thickening": True, "secondary_treatment.activated_sludge": True}
    facility = classify("wastewater_treatment", known, regulation="129/04")
    result = reduced(facility, finding, 3)
    assert (result.lowest, result.highest) == (facility.lowest - 3, facility.highest - 3)
    assert any("simple to run" in str(part.because) for part in result.finding.walk())


def test_without_the_directors_decision_nothing_is_reduced() -> None:
    facility = classify("wastewater_treatment", {}, regulation="129/04")
    undecided = reduction(PACKAGE, law("129/04", date(2022, 6, 1)))
    with pytest.raises(ValueError, match="not reduced"):
        reduced(facility, undecided, 3)


def test_after_the_decisions_period_nothing_is_reduced() -> None:
    assert reduction(PACKAGE, law("129/04", date(2022, 12, 31)), [satisfied()]).verdict is Verdict.MET
    assert reduction(PACKAGE, law("129/04", date(2023, 1, 1)), [satisfied()]).verdict is Verdict.DIRECTOR
