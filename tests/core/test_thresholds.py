"""Every threshold, limit, cap and band of the law has a case below, at and above it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain

import pytest

from core.calendar import add_months
from core.cases import Case, cases
from core.legislation import Regulation, regulations
from core.points import Cap, GreatestOf, Group, PointSystem, Shares
from tests.core import record_rules, responsibility_rules
from tests.core.test_rules import ALL as RULE_CASES

POINTS, CLASSES = list(cases("points.md")), list(cases("classes.md"))
SYSTEMS = [system for regulation in regulations().values() for system in regulation.point_systems]
every_system = pytest.mark.parametrize("system", SYSTEMS, ids=lambda one: f"{one.regulation} {one.facility_type}")
every_regulation = pytest.mark.parametrize("regulation", regulations().values(), ids=lambda one: one.number)


def lacking(thresholds: Iterable[int], values: set[Decimal]) -> list[str]:
    """Which sides of which thresholds no value stands on: at it, or between it and the next one."""
    ordered = sorted(set(thresholds))
    found = []
    for before, at, after in zip([None, *ordered], ordered, [*ordered[1:], None], strict=False):
        sides = {
            f"below {at}": at == 0 or any((before is None or before < one) and one < at for one in values),
            f"at {at}": at in values,
            f"above {at}": any(at < one and (after is None or one < after) for one in values),
        }
        found += [side for side, stands in sides.items() if not stands]
    return found


def of_units(rule: GreatestOf | Shares) -> Iterator[tuple[str, int]]:
    """Where whole units begin to count, and where they count no more; a rest by the measure that leaves it."""
    for unit in rule.units:
        most = rule.at_most if isinstance(rule, GreatestOf) else unit.at_most
        for end in (unit.per, unit.per * most) if most else (unit.per,):
            yield unit.measure, rule.whole - end if unit.rest and isinstance(rule, Shares) else end


def of_group(group: Group) -> Iterator[tuple[str, int]]:
    if group.measured_by:
        ends = [band.up_to if band.below is None else band.below for band in group.measured_by.bands]
        yield from ((group.measured_by.measure, end) for end in ends if end is not None)
    for decides in chain.from_iterable(item.decided_by for item in group.items):
        yield from ((decides.measure, end) for end in (decides.above, decides.not_up_to) if end is not None)


def thresholds(system: PointSystem) -> dict[tuple[str, str], set[int]]:
    """The thresholds of each measure in each group."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for rule in system.whole_units:
        for measure, value in of_units(rule):
            found[rule.name, measure].add(value)
    for group in system.groups:
        for measure, value in of_group(group):
            found[group.name, measure].add(value)
    return found


def points_cases(system: PointSystem) -> list[Case]:
    here = (system.regulation, system.facility_type)
    return [case for case in POINTS if (case["regulation"], case["type"]) == here]


@every_system
def test_every_threshold_of_a_measure_has_cases_below_at_and_above(system: PointSystem) -> None:
    gaps = {}
    for (group, measure), ends in thresholds(system).items():
        asked = [case.facts for case in points_cases(system) if case["group"] == group]
        values = {Decimal(str(facts[measure])) for facts in asked if measure in facts}
        if missing := lacking(ends, values):
            gaps[f"{group}: {measure}"] = missing
    assert not gaps


def uncapped(cap: Cap, system: PointSystem, facts: dict[str, object]) -> int:
    return sum(
        item.points
        for item in system.items
        if item.group in cap.groups and (facts.get(item.group) == item.id or facts.get(item.key) is True)
    )


@every_system
def test_every_cap_over_groups_has_cases_below_at_and_above(system: PointSystem) -> None:
    for cap in system.caps:
        asked = [case.facts for case in points_cases(system) if case["group"] == "+".join(cap.groups)]
        assert not lacking([cap.at_most], {Decimal(uncapped(cap, system, facts)) for facts in asked})


@every_regulation
def test_every_class_band_has_cases_below_at_and_above(regulation: Regulation) -> None:
    ends = [band.up_to for band in regulation.classes.bands if band.up_to is not None]
    assert not lacking(
        ends, {Decimal(case["points"]) for case in CLASSES if case["regulation"] == regulation.number}
    )


ORIGINS = (
    "ordinary", "out_of_province", "conditional", "program", "employed_in_1993", "examined", "for_the_fee",
)  # fmt: skip


# Which facts of which rule are compared with a limit or a date; the data do not say that.
COMPARED = {
    "private_works_capacity": [
        ("leaves_out_sewage_works", "capacity"),
        ("leaves_out_sewage_works", "lot_capacity"),
    ],
    "package_modules": [("is_package_plant", "modules")],
    "package_design_flow": [("is_package_plant", "design_flow_m3_per_day")],
    "small_facility_flow": [
        (f"leaves_out_water_{kind}", flow)
        for kind in ("treatment", "distribution")
        for flow in ("design_flow", "peak_month_flow")
    ],
    "days_before_equipment_starts": [("applied_in_time", "days before")],
    "older_facilities_apply_by": [("applied_in_time", "filed"), ("applied_in_time", "starts")],
    "later_compliance_after": [("applied_in_time", "must_comply_from")],
    "operating_standards_wait_after": [("operating_standards_apply", "must_comply_from")],
    "program_ends": [("classified_under_the_program", "program")],
    "certificates_carried_over": [],  # whether a certificate was valid on that day is stated, not compared
    "longest_extension": [("in_force", "months extended")],
    "licences_from": [("in_force", "issued")],
    "program_licences_before": [("licensed_by_the_program", "certified")],
    "engineer_employed_months": [("newly_employed_engineer", "months employed")],
    "engineer_responsible_months": [("engineer_responsible", "months employed")],
    "stand_in_from": [("within_stand_in_days", "first day relied on")],
    "stand_in_days": [("within_stand_in_days", "days together")],
    "stand_in_months": [("within_stand_in_days", "months since the first day")],
    "notice_days": [("notice_given", "days together")],
    "notice_months": [("notice_given", "months since the first day")],
    "emergency_licence_months": [("qualified_in_emergency", "months since the licence")],
    "emergency_technician_years": [("meets_its_paragraph", "years as technician")],
    "emergency_manager_years": [("meets_its_paragraph", "years as manager")],
    "emergency_staff_years": [("meets_its_paragraph", "years as staff")],
    "emergency_notice_days": [("notice_of_emergency", "days since the first")],
    "emergency_report_days": [("report_of_emergency", "days since the last")],
    "emergency_records_years": [("report_records_may_go", "years since the report")],
    "strike_plan_days": [("plan_submitted", "days before")],
    "engineer_in_charge_days": [("within_engineer_days", "days together")],
    "engineer_in_charge_months": [("within_engineer_days", "months since the first day")],
    "responsibility_from": [("responsibility_applies", "day")],
    "operators_licensed_from": [("licensing_applies", "day")],
    "training_hours": [("annual_training", "hours of the year")],
    "averaged_years": [("averaged_training", "years employed")],
    "averaging_from": [("annual_training", "first day of the year")],
    "exempt_days": [("exempt_from_training", "days employed")],
    "log_years": [("log_accessible", "years since the last entry"), ("may_be_purged", "years since it counts")],
    "manual_years": [("manuals_reviewed", "years since the earlier")],
    "filing_year": [],  # the day of filing is asked for; one of another year is an error, not a verdict
} | {f"term_{origin}": [("in_force", f"years {origin}")] for origin in ORIGINS}


def of_terms(facts: dict[str, object], on: str) -> dict[str, object]:
    """How long a licence was held on the day, and by how much it was extended; a part counts as a half."""
    issued, expiry, extended = (facts.get(name) for name in ("issued", "expiry", "extended"))
    origin = "conditional" if "valid_for" in facts else facts.get("origin", "ordinary")
    found: dict[str, object] = {}
    if isinstance(issued, date):
        found[f"years {origin}"] = whole_and_half(issued, date.fromisoformat(on), 12)
    if isinstance(expiry, date) and isinstance(extended, date):
        found["months extended"] = whole_and_half(expiry, extended, 1)
    return found


def of_responsibility(facts: dict[str, object], on: str) -> dict[str, object]:
    """How long somebody was employed on the day, how many days of reliance it makes, how old the first is, and
    how long ago the licence expired."""
    day, found = date.fromisoformat(on), {}
    for name in ("employed", "relied"):
        spans = responsibility_rules.spans(facts.get(name))  # type: ignore[arg-type]
        if not spans or spans[0].start > day:
            continue
        months = whole_and_half(spans[0].start, day, 1)
        if name == "relied":
            found["first day relied on"] = spans[0].start
        found["months employed" if name == "employed" else "months since the first day"] = months
        passed = (day - timedelta(days=shift) for shift in range((day - spans[0].start).days + 1))
        found["days together"] = sum(any(one in span for span in spans) for one in passed)
    expiry = facts.get("expiry")
    if isinstance(expiry, date) and expiry <= day:
        found["months since the licence"] = whole_and_half(expiry, day, 1)
    return found


def of_disruptions(facts: dict[str, object], on: str) -> dict[str, object]:
    """The years of experience by the way, and how far apart the days of a plan, a notice or a report are."""
    found: dict[str, object] = {}
    experience, sent, reported = (facts.get(name) for name in ("experience", "sent", "reported"))
    if isinstance(experience, int):
        found[f"years as {facts.get('way')}"] = Decimal(experience) / 12
    for name, what in {"first": "days since the first", "last": "days since the last"}.items():
        if isinstance(since := facts.get(name), date) and isinstance(sent, date):
            found[what] = (sent - since).days
    if isinstance(legal_date := facts.get("legal_date"), date) and isinstance(sent, date):
        found["days before"] = (legal_date - sent).days
    if isinstance(reported, date):
        found["years since the report"] = whole_and_half(reported, date.fromisoformat(on), 12)
    return found


def of_training(facts: dict[str, object], on: str) -> dict[str, object]:
    """The year of training asked about: its first day and hours, the days and years of employment."""
    year = facts.get("year")
    if not isinstance(year, int):
        return {}
    first, last = date(year, 1, 1), date(year, 12, 31)
    given = record_rules.training(facts).minutes([year], last)
    spans = responsibility_rules.spans(facts.get("employed")) or ()  # type: ignore[arg-type]
    days = [first + timedelta(days=shift) for shift in range((last - first).days + 1)]
    years = range(2000, date.fromisoformat(on).year + 1)
    return {
        "first day of the year": first,
        "hours of the year": Decimal(given) / 60,
        "days employed": sum(any(day in span for span in spans) for day in days),
        "years employed": sum(any(date(one, month, 1) in span for span in spans for month in range(1, 13))
                              for one in years),
    }  # fmt: skip


def of_records(facts: dict[str, object], regulation: str, on: str) -> dict[str, object]:
    """How many years ago there was the last entry, what a purge counts from, a review or an update."""
    day, found = date.fromisoformat(on), {}
    entries = record_rules.days(facts.get("entries"))
    if entries:
        found["years since the last entry"] = whole_and_half(max(entries), day, 12)
    counted = facts.get("made" if regulation == "129/04" else "last")
    if isinstance(counted, date):
        found["years since it counts"] = whole_and_half(counted, day, 12)
    reviewed, updated = (record_rules.days(facts.get(name)) for name in ("reviewed", "updated"))
    if reviewed and updated:
        found["years since the earlier"] = whole_and_half(min(reviewed[0], updated[0]), day, 12)
    return found


def whole_and_half(first: date, day: date, months: int) -> Decimal:
    whole = 0
    while add_months(first, (whole + 1) * months) <= day:
        whole += 1
    exact = add_months(first, whole * months) == day
    return Decimal(whole) if exact else whole + Decimal("0.5")


def compared(regulation: str, rule: str, fact: str) -> set[Decimal]:
    """What the cases of a rule give for a fact, days by their number."""
    found = set()
    for case in RULE_CASES:
        if (case["regulation"], case.heading) != (regulation, rule):
            continue
        facts = case.facts
        starts, filed = facts.get("equipment_starts"), facts.get("filed")
        if isinstance(starts, date) and isinstance(filed, date):
            facts["days before"] = (starts - filed).days
        facts |= of_terms(facts, case.cells["on"]) if rule == "in_force" else {}
        facts |= of_responsibility(facts, case.cells["on"])
        facts |= of_disruptions(facts, case.cells["on"])
        facts |= of_training(facts, case.cells["on"])
        facts |= of_records(facts, regulation, case.cells["on"])
        value = facts.get(fact)
        if isinstance(value, date):
            found.add(Decimal(value.toordinal()))
        elif isinstance(value, int | Decimal):
            found.add(Decimal(str(value)))
    return found


@every_regulation
def test_every_limit_and_date_has_cases_below_at_and_above(regulation: Regulation) -> None:
    ends = {name: limit.value for name, limit in regulation.limits.items()}
    ends |= {name: day.value.toordinal() for name, day in regulation.dates.items()}
    gaps = {
        f"{name}: {rule}, {fact}": missing
        for name, end in ends.items()
        for rule, fact in COMPARED[name]
        if (missing := lacking([end], compared(regulation.number, rule, fact)))
    }
    assert not gaps
