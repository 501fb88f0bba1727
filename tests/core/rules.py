"""How a case of the rules' tables is asked of its function."""

from collections.abc import Callable
from datetime import date
from typing import Any

from core.application import (
    Part,
    SewageWorks,
    WaterWorks,
    covers_sewage_works,
    covers_water_works,
    is_of_type,
    leaves_out_sewage_works,
    leaves_out_water_distribution,
    leaves_out_water_treatment,
    operating_standards_apply,
)
from core.calendar import Span
from core.certificates import (
    Certificate,
    Filing,
    alteration_changes_class,
    applied_as_required,
    applied_for_classification,
    applied_for_reclassification,
    applied_in_time,
    certificate_displayed,
    classified_by_the_director,
    classified_under_the_program,
    deemed_certificate,
    excused_from_applying,
    listed_class_prevails,
)
from core.classification import Classification, classify
from core.findings import Decision, Finding
from core.legislation import Law, law
from core.package_plants import PackagePlant, is_package_plant, reduction
from tests.core import disruption_rules, licence_rules, oracle, record_rules, responsibility_rules
from tests.core.tables import Case

Facts = dict[str, Any]


def ask(case: Case, facts: Facts | None = None, on: date | None = None) -> Finding:
    """The finding of a case, with other facts or on another day where given."""
    day = on or date.fromisoformat(case["on"])
    asked = case.facts if facts is None else facts
    return RULES[case.heading](dict(asked), law(case["regulation"], day))


def decisions(facts: Facts, law: Law, topic: str) -> tuple[Decision, ...]:
    """The Director's decision that a case names, without end."""
    granted = facts.pop("director", None)
    if granted is None:
        return ()
    period = Span(date(1990, 1, 1))
    return (Decision(law.topic(topic), granted, "A. Director", date(1990, 1, 1), "as the file shows", period),)


def after_alteration(facts: Facts, law: Law) -> Classification:
    """31 points, or 28 to 31 where the case leaves the population open."""
    answers = oracle.nothing(law.regulation.number, "wastewater_collection")
    answers |= {f"{group}.present": True for group in ("pumping_station", "force_mains", "bypass_chamber")}
    answers["population_band"] = "5001_to_50000"
    if facts.pop("open", False):
        answers["population_band"] = None
        answers |= {"bypass_chamber.present": False, "special_features.access_over_10_m": True}
        answers |= {"combined_sewers": "up_to_10_percent"}
    return classify("wastewater_collection", answers, regulation=law.regulation.number, on=law.on)


def changes_class(facts: Facts, law: Law) -> Finding:
    after = after_alteration(facts, law)
    return alteration_changes_class(
        facts.get("record"),
        after,
        law,
        package_reduction=facts.get("package_reduction"),
        listed_in_publication=facts.get("listed_in_publication"),
    )


def reclassification(facts: Facts, law: Law) -> Finding:
    sure = {"package_reduction": False, "listed_in_publication": False}
    change = changes_class(sure | facts, law)
    return applied_for_reclassification(change, facts.get("approval"), facts.get("filed"), law)


def by_the_director(facts: Facts, law: Law) -> Finding:
    issued = facts.get("certificate")
    certificate = Certificate("1234", issued, "wastewater_treatment", "II") if issued else None
    return classified_by_the_director(facts.get("filed"), facts.get("fee_paid"), certificate, law)


def filing(facts: Facts) -> Filing:
    works = WaterWorks(
        "water_treatment",
        system=facts.get("system"),
        must_comply_from=facts.get("must_comply_from"),
        equipment_starts=facts.get("equipment_starts"),
    )
    return Filing(works, facts.get("filed"), facts.get("starts"), facts.get("program"))


def treatment(facts: Facts, law: Law) -> Finding:
    decided = decisions(facts, law, "leaves_out_water_treatment")
    return leaves_out_water_treatment(WaterWorks(**facts), law, decided)


def distribution(facts: Facts, law: Law) -> Finding:
    decided = decisions(facts, law, "leaves_out_water_distribution")
    return leaves_out_water_distribution(WaterWorks(**facts), law, decided)


def package_reduction(facts: Facts, law: Law) -> Finding:
    decided = decisions(facts, law, "package_reduction")
    return reduction(PackagePlant(**facts), law, decided)


def of_type(facts: Facts, law: Law) -> Finding:
    return is_of_type(facts.pop("type"), Part(**facts), law)


def deemed(facts: Facts, law: Law) -> Finding:
    return deemed_certificate(facts["type"], facts.get("issued_under_former"), facts.get("valid_then"), law)


RULES: dict[str, Callable[[Facts, Law], Finding]] = {
    "covers_sewage_works": lambda facts, law: covers_sewage_works(SewageWorks(**facts), law),
    "leaves_out_sewage_works": lambda facts, law: leaves_out_sewage_works(SewageWorks(**facts), law),
    "covers_water_works": lambda facts, law: covers_water_works(WaterWorks(**facts), law),
    "leaves_out_water_treatment": treatment,
    "leaves_out_water_distribution": distribution,
    "is_of_type": of_type,
    "operating_standards_apply": lambda facts, law: operating_standards_apply(WaterWorks(**facts), law),
    "applied_for_classification": lambda facts, law: applied_for_classification(facts.get("filed"), law),
    "classified_by_the_director": by_the_director,
    "certificate_displayed": lambda facts, law: certificate_displayed(facts.get("displayed"), law),
    "alteration_changes_class": changes_class,
    "applied_for_reclassification": reclassification,
    "applied_as_required": lambda facts, law: applied_as_required(facts.get("required"), facts.get("filed"), law),
    "deemed_certificate": deemed,
    "listed_class_prevails": lambda facts, law: listed_class_prevails(
        facts.get("listed"), facts.get("reclassified"), law
    ),
    "classified_under_the_program": lambda facts, law: classified_under_the_program(facts.get("program"), law),
    "excused_from_applying": lambda facts, law: excused_from_applying(filing(facts), law),
    "applied_in_time": lambda facts, law: applied_in_time(filing(facts), law),
    "is_package_plant": lambda facts, law: is_package_plant(PackagePlant(**facts), law),
    "reduction": package_reduction,
    **licence_rules.RULES,
    **responsibility_rules.RULES,
    **disruption_rules.RULES,
    **record_rules.RULES,
}
