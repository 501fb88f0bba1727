"""What may be meant: transposed digits, similar names, with the distance in words, three at most."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.names import Name
from core.near_matches import distance_in_words, near_people, near_works


class Person(NamedTuple):
    operator_id: str
    number: str
    last_name: str
    first_name: str


class Works(NamedTuple):
    facility_number: str
    name: str


LISTED = [
    Person("90012345", "12345", "O'Brien", "Siobhán"),
    Person("90054321", "77777", "Turner", "Rae"),
    Person("90067890", "99999", "Lake", "Sam"),
]


@pytest.mark.parametrize(
    ("claimed", "listed", "words"),
    [
        ("12345", "12345", "Number: the same"),
        ("12354", "12345", "Number: 12345, two neighbouring signs transposed"),
        ("12346", "12345", "Number: 12345, one sign differs"),
        ("1234", "12345", "Number: 12345, one sign differs"),
        ("12366", "12345", "Number: 12345, 2 signs differ"),
        ("98765", "12345", "Number: 12345, another one"),
    ],
)
def test_the_distance_of_numbers_in_words(claimed, listed, words):
    assert str(distance_in_words("Number", claimed, listed)) == words


@pytest.mark.parametrize(
    ("operator_id", "name", "number", "expected", "words"),
    [
        ("90012354", ("Siobhan", "O'Brien"), "12345", "90012345",
         ["Operator ID: 90012345, two neighbouring signs transposed", "Number: the same",
          "Name: Siobhán O'Brien, the same but for accents"]),
        ("90012345", ("Siobhán", "O'Brien"), "12354", "90012345",
         ["Operator ID: the same", "Number: 12345, two neighbouring signs transposed", "Name: the same"]),
        ("90012345", ("Siobhán", "Tremblay"), "99887", "90012345",
         ["Operator ID: the same", "Number: 12345, another one",
          "Name: Siobhán O'Brien, another family name, perhaps a former one"]),
        ("80000000", ("Zoe", "Quill"), "12345", "90012345",
         ["Operator ID: 90012345, another one", "Number: the same", "Name: Siobhán O'Brien, another one"]),
        ("80000000", ("Siobhan", "O Briën"), "1", "90012345",
         ["Operator ID: 90012345, another one", "Number: 12345, another one",
          "Name: Siobhán O'Brien, the same but for accents"]),
        ("90099999", ("Rae", "Turnor"), "55555", "90054321",
         ["Operator ID: 90054321, another one", "Number: 77777, another one", "Name: Rae Turner, similar"]),
    ],
)  # fmt: skip
def test_the_nearest_comes_first_with_its_distance(operator_id, name, number, expected, words):
    found = near_people(operator_id, Name(*name), number, LISTED)
    assert found[0].row.operator_id == expected
    assert [str(part) for part in found[0].words] == words


def test_what_is_far_is_not_proposed():
    assert near_people("90199999", Name("Zoe", "Quill"), "ZZ", LISTED) == ()


def test_three_at_most():
    rows = [Person("90012345", str(number), "O'Brien", "Siobhán") for number in range(10)]
    assert len(near_people("90012345", Name("Siobhán", "O'Brien"), "99", rows)) == 3


def test_works_by_transposed_number_and_by_name():
    rows = [Works("2200A", "North Bay WPCP"), Works("9", "Cochrane Lagoon"), Works("8", "Elsewhere")]
    assert [one.row.facility_number for one in near_works("2020A", "North-Bay WPCP", rows)] == ["2200A"]
    assert [one.row.facility_number for one in near_works("", "Cochrane Lagoons", rows)] == ["9"]


@given(st.lists(st.text("0123456789", min_size=5, max_size=5), max_size=20))
def test_proposals_are_ordered_by_distance(numbers):
    rows = [Person("90012345", number, "O'Brien", "Siobhán") for number in numbers]
    distances = [one.distance for one in near_people("90012345", Name("Siobhán", "O'Brien"), "12345", rows)]
    assert distances == sorted(distances)
