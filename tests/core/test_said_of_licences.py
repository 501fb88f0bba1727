"""What is said of a licence that is not enough: what is held, what the facility is, and what is needed."""

from dataclasses import replace
from datetime import date

import pytest

from core.calendar import Span
from core.designations import Presence, designated_by_licence, stands_in, stands_in_not_in_training
from core.employment import Worker
from core.facilities import FacilityType
from core.findings import Finding, Verdict
from core.legislation import law
from core.licences import LicenceClass, LicenceType
from core.works import Works
from tests.core.test_responsibility import worker

LAW = law("129/04", date(2026, 11, 20))
NOBODY_DESIGNATED = Presence(())


def works(facility_class: str) -> Works:
    since = Span(date(2000, 1, 1))
    return Works(FacilityType.WASTEWATER_TREATMENT, "2200A", ((since, LicenceClass(facility_class)),))


def of_type(licence_type: LicenceType, licence_class: str) -> Worker:
    """Whoever holds one licence, of this type."""
    (record,) = worker(licence_class).records
    licence = replace(record.licence, licence_type=licence_type, number="2")
    return replace(worker(), records=(replace(record, licence=licence),))


def said(finding: Finding) -> str:
    assert finding.verdict is Verdict.NOT_MET
    return str(finding.because)


@pytest.mark.parametrize(
    ("held", "facility", "needed"),
    [("II", "IV", "Class IV"), ("II", "III", "Class III or IV"), ("I", "II", "Class II or higher")],
)
def test_too_low_a_class_is_said_beside_the_facilitys(held: str, facility: str, needed: str) -> None:
    found = designated_by_licence(worker(held), works(facility), LAW)
    assert said(found) == (
        f"Wastewater treatment, Class {held} is held; the facility is Class {facility}, so {needed} is needed."
    )
    assert found.citation == LAW.topic("overall_responsible")
    (of_class,) = [one for one in found.walk() if one.citation == LAW.topic("licence_classes") and not one.parts
                   and "needed" in one.because.values]  # fmt: skip
    assert str(of_class.because) == f"Wastewater treatment, Class {held} is held; {needed} is needed."


def test_of_a_stand_in_it_is_one_class_lower_and_never_below_class_i() -> None:
    found = stands_in(worker("II"), NOBODY_DESIGNATED, works("IV"), LAW)
    assert said(found).endswith("Class II is held; the facility is Class IV, so Class III or IV is needed.")
    in_training = worker("OIT")
    assert said(stands_in(in_training, NOBODY_DESIGNATED, works("I"), LAW)).endswith(
        "Operator-in-training is held; the facility is Class I, so Class I or higher is needed."
    )
    assert said(stands_in_not_in_training(in_training, works("I"), LAW)) == (
        "Wastewater treatment, Operator-in-training is held; Class I or higher is needed."
    )


def test_a_licence_for_another_type_is_said_after_one_that_is_only_too_low() -> None:
    collection = of_type(LicenceType.WASTEWATER_COLLECTION, "IV")
    of_type_only = said(designated_by_licence(collection, works("III"), LAW))
    assert of_type_only == (
        "Wastewater collection, Class IV is not for facilities of the type wastewater treatment."
    )
    both = replace(collection, records=(*collection.records, *worker("II").records))
    assert "Wastewater treatment, Class II is held" in said(designated_by_licence(both, works("III"), LAW))


def test_what_is_held_and_has_expired_is_said_as_before() -> None:
    expired = worker("III")
    (record,) = expired.records
    record = replace(record, licence=replace(record.licence, expiry=date(2026, 1, 1)))
    assert "expired" in said(designated_by_licence(replace(expired, records=(record,)), works("III"), LAW))
