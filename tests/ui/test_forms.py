"""What forms show, apart from any page."""

from ui.fields import told_apart


def test_options_that_read_alike_are_told_apart_and_the_others_left_alone() -> None:
    said = told_apart({"1": "Sam Chief", "2": "Sam Second", "3": "Sam Chief"})
    assert said == {
        "1": "Sam Chief (1 of 2 that read alike)",
        "2": "Sam Second",
        "3": "Sam Chief (2 of 2 that read alike)",
    }
