"""Licences: their classes, which are higher, and until when one is in force."""

from datetime import date

import pytest

from core.licences import Licence, LicenceClass, LicenceType


def test_five_types_have_five_classes_and_three_have_none():
    assert {kind for kind in LicenceType if not kind.classes} == {
        LicenceType.LIMITED_GROUNDWATER,
        LicenceType.LIMITED_SURFACE_WATER,
        LicenceType.WATER_QUALITY_ANALYST,
    }
    assert LicenceType.WATER_TREATMENT.classes == tuple(LicenceClass)
    assert [level.rank for level in LicenceClass] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("level", "higher"),
    [("OIT", ["OIT"]), ("I", ["I", "II", "III", "IV"]), ("III", ["III", "IV"]), ("IV", ["IV"])],
)
def test_an_operator_in_training_is_below_no_class(level, higher):
    assert [str(one) for one in LicenceClass(level).or_higher()] == higher


@pytest.mark.parametrize(
    ("day", "in_force"), [(date(2027, 3, 11), True), (date(2027, 3, 12), True), (date(2027, 3, 13), False)]
)
def test_a_licence_is_in_force_through_its_last_day(day, in_force):
    licence = Licence("1", LicenceType.WATER_TREATMENT, LicenceClass.II, date(2027, 3, 12))
    assert licence.in_force_on(day) is in_force


def test_a_licence_is_called_by_type_and_class():
    assert (
        Licence("1", LicenceType.WATER_TREATMENT, LicenceClass.II, date.max).label == "Water treatment, Class II"
    )
    assert Licence("1", LicenceType.WATER_QUALITY_ANALYST, None, date.max).label == "Water quality analyst"
