"""What is wrong with what owners enter of strikes and emergencies, and directors decide on them."""

from datetime import date, timedelta

import pytest

from core import decisions, disruption_entries
from core.problems import Problem
from core.submissions import Kind

FIRST = date(2026, 3, 2)
TODAY = FIRST + timedelta(days=100)


def said(problems: list[Problem]) -> list[str]:
    return [str(one.sentence) for one in problems]


@pytest.mark.parametrize(
    ("kind", "shift", "wrong"),
    [
        (Kind.EMERGENCY_NOTICE, -1, True),
        (Kind.EMERGENCY_NOTICE, 0, False),
        (Kind.EMERGENCY_NOTICE, 1, False),
        (Kind.EMERGENCY_REPORT, -1, True),
        (Kind.EMERGENCY_REPORT, 0, False),
        (Kind.STRIKE_PLAN, -20, False),
    ],
)
def test_nothing_is_told_of_an_emergency_before_its_first_day(kind: Kind, shift: int, wrong: bool) -> None:
    found = disruption_entries.submission(kind, (), FIRST + timedelta(days=shift), TODAY, FIRST)
    before = "1 March 2026 is before the emergency, which began on 2 March 2026. Enter the day of handing in."
    assert said(found) == ([before] if wrong else [])


@pytest.mark.parametrize("kind", ["stand_in_direction", "strike_direction", "strike_plan_waiver"])
@pytest.mark.parametrize(
    ("granted", "says"), [(True, "Enter the last day for which"), (False, "To end a direction")]
)
def test_a_decision_for_a_period_names_its_last_day_a_refusal_too(kind: str, granted: bool, says: str) -> None:
    (problem,) = decisions.recorded(kind, FIRST, "So it is.", None, None, TODAY, granted=granted)
    assert (problem.field, says in str(problem.sentence)) == ("valid_until", True)
    after = FIRST + timedelta(days=1)
    assert not decisions.recorded(kind, FIRST, "So it is.", None, after, TODAY, granted=granted)


def test_another_decision_names_none() -> None:
    assert not decisions.recorded("application_required", FIRST, "So it is.", None, None, TODAY)
