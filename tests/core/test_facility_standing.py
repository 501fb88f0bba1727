"""What section 4 says of a facility whose application is open."""

from datetime import date

import pytest

from core.certificates import Certificate
from core.facility_standing import Applied, ClassOnRecord, Records, section_4
from core.legislation import law

FILED, ISSUED, TODAY = date(2026, 11, 2), date(2020, 5, 4), date(2026, 11, 20)
ON_RECORD = ClassOnRecord(Certificate("1234", ISSUED, "wastewater_treatment", "II"), FILED, FILED)


@pytest.mark.parametrize(
    ("on_record", "said"),
    [
        (None, "The Director has not classified the facility yet."),
        (ON_RECORD, "The Director has not decided on this application yet."),
    ],
)
def test_of_a_facility_that_has_a_class_the_director_decides_on_the_application(on_record, said):
    found, _ = section_4(Records(on_record, (Applied(FILED, FILED, waits=True),)), law("129/04", TODAY))
    sentences = {str(part.because) for one in found for part in one.walk()}
    assert {one for one in sentences if one.startswith("The Director has not") and "required" not in one} == {said}
