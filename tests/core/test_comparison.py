"""A claim beside the listing: case by case, and what holds for every row."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.comparison import (
    ClaimedCertificate,
    ClaimedFacility,
    Outcome,
    compare_certificate,
    compare_facility,
    worst,
)
from core.facilities import FacilityClass, FacilityType
from core.licences import Licence, LicenceClass, LicenceType
from core.listings import ListedFacility, ListedLicence, ListedStatus
from core.names import Likeness, Name, likeness

LICENCE = Licence("12345", LicenceType.WATER_TREATMENT, LicenceClass.II, date(2027, 3, 12))
ROW = ListedLicence("90012345", "O'Brien", "Siobhan", LICENCE, ListedStatus.IN_FORCE, "Timmins")
CLAIM = ClaimedCertificate("90012345", Name("Siobhan", "OBrien"), LICENCE)


def listed(**changes):
    return replace(ROW, licence=replace(LICENCE, **changes))


@pytest.mark.parametrize(
    ("rows", "outcome", "differences"),
    [
        (None, Outcome.NOT_COMPARABLE, ["No listing is on file to compare with."]),
        ([], Outcome.ID_NOT_FOUND, ["Operator ID 90012345 is not in the listing."]),
        ([replace(ROW, operator_id="90054321")], Outcome.ID_NOT_FOUND,
         ["Operator ID 90012345 is not in the listing."]),
        ([listed(number="54321")], Outcome.NUMBER_NOT_FOUND,
         ["Number 12345 is not among the certificates of Operator ID 90012345."]),
        ([listed(licence_type=LicenceType.WATER_DISTRIBUTION)], Outcome.NUMBER_NOT_FOUND,
         ["Type: claimed Water treatment, listed Water distribution"]),
        ([ROW], Outcome.EXACT, []),
        ([listed(number="1"), ROW], Outcome.EXACT, []),
        ([listed(expiry=date(2026, 3, 12))], Outcome.DIFFERS,
         ["Expiry: claimed 12 March 2027, listed 12 March 2026"]),
        ([listed(licence_class=LicenceClass.I)], Outcome.DIFFERS, ["Class: claimed Class II, listed Class I"]),
        ([listed(licence_class=None)], Outcome.DIFFERS, ["Class: claimed Class II, listed none"]),
        ([replace(ROW, last_name="Tremblay")], Outcome.DIFFERS,
         ["Name: claimed Siobhan OBrien, listed Siobhan Tremblay: another family name, perhaps a former one"]),
        ([replace(ROW, first_name="Ann")], Outcome.DIFFERS,
         ["Name: claimed Siobhan OBrien, listed Ann O'Brien: another given name"]),
        ([replace(ROW, first_name="Ann", last_name="Lee")], Outcome.DIFFERS,
         ["Name: claimed Siobhan OBrien, listed Ann Lee"]),
        ([replace(ROW, status=ListedStatus.EXPIRED)], Outcome.DIFFERS, ["Status: the listing says expired."]),
        ([replace(ROW, status=ListedStatus.SUSPENDED)], Outcome.LISTED_SUSPENDED,
         ["Status: the listing says suspended."]),
        ([replace(ROW, status=ListedStatus.CANCELLED)], Outcome.LISTED_SUSPENDED,
         ["Status: the listing says cancelled."]),
    ],
)  # fmt: skip
def test_a_certificate_beside_the_listing(rows, outcome, differences):
    found = compare_certificate(CLAIM, rows)
    assert (found.outcome, [str(one) for one in found.differences]) == (outcome, differences)


TREATMENT, COLLECTION = FacilityType.WASTEWATER_TREATMENT, FacilityType.WASTEWATER_COLLECTION
WORKS = ListedFacility(
    "2200A", "North Bay WPCP", TREATMENT, FacilityClass.III, "City of North Bay", "North Bay", None
)
OWNED = ClaimedFacility("2200A", "NORTH-BAY W.P.C.P.", TREATMENT, FacilityClass.III, "city of north bay")


@pytest.mark.parametrize(
    ("claim", "rows", "outcome", "differences"),
    [
        (OWNED, None, Outcome.NOT_COMPARABLE, ["No listing is on file to compare with."]),
        (replace(OWNED, number=""), [WORKS], Outcome.NOT_COMPARABLE,
         ["It has no number, so its letter verifies it."]),
        (OWNED, [], Outcome.NUMBER_NOT_FOUND, ["Number 2200A is not in the list of facilities."]),
        (replace(OWNED, name="North Bay WPCP"), [WORKS], Outcome.EXACT, []),
        (replace(OWNED, name="Sud-Bury"), [WORKS], Outcome.DIFFERS,
         ["Name: claimed Sud-Bury, listed North Bay WPCP"]),
        (replace(OWNED, name="North Bay WPCP", facility_type=COLLECTION), [WORKS], Outcome.DIFFERS,
         ["Type: claimed Wastewater collection, listed Wastewater treatment"]),
        (replace(OWNED, name="North Bay WPCP", facility_class=FacilityClass.II), [WORKS], Outcome.DIFFERS,
         ["Class: claimed Class II, listed Class III"]),
        (replace(OWNED, name="North Bay WPCP", owner="Town of Cobalt"), [WORKS], Outcome.DIFFERS,
         ["Owner: claimed Town of Cobalt, listed City of North Bay"]),
        (replace(OWNED, name="North Bay WPCP", owner=None), [WORKS], Outcome.EXACT, []),
    ],
)  # fmt: skip
def test_a_facility_beside_the_list(claim, rows, outcome, differences):
    found = compare_facility(claim, rows)
    assert (found.outcome, [str(one) for one in found.differences]) == (outcome, differences)


# Claimed by somebody, listed by the ministry (given name, family name), and how the two stand to one another.
NAMES = [
    # only written otherwise
    (("Siobhan", "O'Brien"), ("SIOBHAN", "OBRIEN"), Likeness.SAME),
    (("Siobhán", "O’Brien"), ("SIOBHÁN", "O'BRIEN"), Likeness.SAME),
    (("Jean-Luc", "Roy"), ("Jean Luc", "Roy"), Likeness.SAME),
    (("Ann", "Smith-Jones"), ("Ann", "Smith Jones"), Likeness.SAME),
    (("Rae", "St. Pierre"), ("Rae", "St Pierre"), Likeness.SAME),
    # accents
    (("Siobhán", "O'Brien"), ("SIOBHAN", "OBRIEN"), Likeness.ACCENTS),
    (("Jean-Luc", "Lévesque"), ("Jean Luc", "Levesque"), Likeness.ACCENTS),
    (("Søren", "Lund"), ("Soren", "Lund"), Likeness.ACCENTS),
    (("Łukasz", "Nowak"), ("Lukasz", "Nowak"), Likeness.ACCENTS),
    (("Minh", "Đặng"), ("Minh", "Dang"), Likeness.ACCENTS),
    (("Æsop", "Gray"), ("Aesop", "Gray"), Likeness.ACCENTS),
    (("Cœur", "Petit"), ("Coeur", "Petit"), Likeness.ACCENTS),
    (("Guðrún", "Þórsdóttir"), ("Gudrun", "Thorsdottir"), Likeness.ACCENTS),
    (("Işık", "Kaya"), ("Isik", "Kaya"), Likeness.ACCENTS),
    (("Max", "Groß"), ("Max", "Gross"), Likeness.ACCENTS),
    # order
    (("Lee", "Ann"), ("Ann", "Lee"), Likeness.ORDER),
    (("Élodie", "Côté"), ("Cote", "Elodie"), Likeness.ORDER),
    # given names of which only a part agrees
    (("Jean", "Roy"), ("Jean-Luc", "Roy"), Likeness.PART_OF_GIVEN_NAMES),
    (("Luc", "Roy"), ("Jean-Luc", "Roy"), Likeness.PART_OF_GIVEN_NAMES),
    (("Rae", "Turner"), ("Rae Marie", "Turner"), Likeness.PART_OF_GIVEN_NAMES),
    (("R.", "Turner"), ("Rae", "Turner"), Likeness.PART_OF_GIVEN_NAMES),
    (("Rae M.", "Turner"), ("Rae Marie", "Turner"), Likeness.PART_OF_GIVEN_NAMES),
    # another name
    (("Rae K.", "Turner"), ("Rae Marie", "Turner"), Likeness.OTHER_GIVEN_NAME),
    (("Rae", "Turner"), ("Roy", "Turner"), Likeness.OTHER_GIVEN_NAME),
    (("Rae", "Turner"), ("Rae", "Miller"), Likeness.OTHER_FAMILY_NAME),
    (("Rae", "Turner"), ("Rae Marie", "Miller"), Likeness.OTHER_FAMILY_NAME),
    (("Rae", "Turner"), ("Roy", "Miller"), Likeness.OTHER),
]


@pytest.mark.parametrize(("claimed", "listed", "how"), NAMES)
def test_names_are_compared_as_a_fair_reader_would(claimed, listed, how):
    assert likeness(Name(*claimed), Name(*listed)) is likeness(Name(*listed), Name(*claimed)) is how


@pytest.mark.parametrize(
    ("first_name", "last_name", "said"),
    [
        ("Siobhán", "O'Brien", "the same but for accents"),
        ("O'Brien", "Siobhan", "the same in another order"),
        ("Siobhan Ann", "O'Brien", "only part of the given names agrees"),
        ("Siobhan", "Tremblay", "another family name, perhaps a former one"),
    ],
)
def test_whatever_is_not_the_very_name_is_a_difference_in_words(first_name, last_name, said):
    found = compare_certificate(CLAIM, [replace(ROW, first_name=first_name, last_name=last_name)])
    assert found.outcome is Outcome.DIFFERS
    (difference,) = found.differences
    assert str(difference) == f"Name: claimed Siobhan OBrien, listed {first_name} {last_name}: {said}"


names = st.text(st.characters(categories=("Lu", "Ll"), max_codepoint=0x24F), min_size=1, max_size=12)
licences = st.builds(
    Licence,
    st.text("0123456789", min_size=1, max_size=8),
    st.sampled_from(LicenceType),
    st.sampled_from(LicenceClass),
    st.dates(),
)


@given(names, names, licences, st.sampled_from(["90012345", "90054321"]))
def test_a_row_compared_with_itself_is_exact(given_name, family_name, licence, operator_id):
    row = ListedLicence(operator_id, family_name, given_name, licence, ListedStatus.IN_FORCE, "")
    claim = ClaimedCertificate(operator_id, Name(given_name, family_name), licence)
    assert compare_certificate(claim, [row]).outcome is Outcome.EXACT
    assert compare_certificate(claim, [row]).differences == ()


@given(names, names, names, names)
def test_likeness_goes_both_ways(a, b, c, d):
    assert likeness(Name(a, b), Name(c, d)) is likeness(Name(c, d), Name(a, b))


@given(st.text("eéèêaàcçnñoöuü", min_size=1, max_size=8), st.text("eéaà", min_size=1, max_size=8))
def test_accents_are_no_other_name_either_way(given_name, family_name):
    plain = str.maketrans("éèêàçñöü", "eeeacnou")
    accented, bare = Name(given_name, family_name), Name(given_name.translate(plain), family_name.translate(plain))
    same = Likeness.SAME if accented == bare else Likeness.ACCENTS
    assert likeness(accented, bare) is likeness(bare, accented) is same


def test_the_worst_outcome_is_what_needs_an_officer_most():
    assert worst([]) is Outcome.NOT_COMPARABLE
    assert worst([Outcome.EXACT, Outcome.NOT_COMPARABLE]) is Outcome.NOT_COMPARABLE
    assert worst([Outcome.DIFFERS, Outcome.NUMBER_NOT_FOUND, Outcome.EXACT]) is Outcome.NUMBER_NOT_FOUND
    assert worst(Outcome) is Outcome.LISTED_SUSPENDED
