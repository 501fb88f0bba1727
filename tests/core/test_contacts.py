"""A person's own details, as typed."""

import pytest

from core.contacts import Language, details


def fields(**changes: str) -> list[str]:
    given = {"given_name": "Ann", "family_name": "Lee", "municipality": "Timmins", "language": "en"} | changes
    return [problem.field for problem in details(**given).problems()]


@pytest.mark.parametrize(
    "name", ["O'Brien", "Nguyễn", "`${1}`", "<img onerror=alert(1)>", "שרה", "Anne-Marie de la Tour", "X"]
)
def test_any_visible_name_is_a_name(name: str) -> None:
    assert fields(given_name=name) == []
    assert details(name, "Lee", "Timmins", "en").given_name == name


def test_every_detail_is_required() -> None:
    assert fields(given_name=" ", family_name="", municipality="", language="") == [
        "given_name",
        "family_name",
        "municipality",
        "language",
    ]


def test_blanks_at_the_ends_and_doubled_ones_are_dropped() -> None:
    assert details("  Ann   Marie ", "Lee", "Timmins", "en").given_name == "Ann Marie"


def test_a_name_of_ten_thousand_characters_is_refused_with_its_length() -> None:
    (problem,) = details("x" * 10_000, "Lee", "Timmins", "en").problems()
    assert problem.field == "given_name"
    assert "10\u202f000 characters, at most 100" in str(problem)


def test_an_invisible_control_character_is_refused() -> None:
    assert fields(family_name="Lee\x00") == ["family_name"]


def test_the_languages_are_english_and_french() -> None:
    assert fields(language="de") == ["language"]
    assert [language.label for language in Language] == ["English", "Français"]
