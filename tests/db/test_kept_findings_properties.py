"""Findings as they are kept are those from scratch, and the managers' numbers are counts over them, after any
sequence of entries, of entries taken back, of listings and of passing days."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from db import audit
from tests.db.world import World

FACTS = (
    "designate", "designate", "in_charge", "absence", "employ", "end", "end", "take_back", "take_back", "hours",
    "functions", "note", "invite", "classify", "display", "notice", "issue", "complete", "direction", "listing",
    "train", "train", "correct_training", "withdraw_training", "all_training", "exempt", "request", "send",
    "manual", "review", "drop_manual", "say_of_manuals", "only_log", "usual_shift", "shift", "shift",
    "hang", "hang", "take_down", "apply", "apply", "close", "decide", "decide",
    "emergency", "emergency", "serve", "serve", "strike", "hand_in", "time_zone",
)  # fmt: skip
CALM = settings(
    derandomize=True,
    database=None,
    max_examples=3,
    stateful_step_count=25,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # an example takes a while, so none is made smaller
)
WHO, SHIFT, LENGTH = st.integers(0, 2), st.integers(-90, 20), st.none() | st.integers(0, 200)
CHOICE = st.integers(0, 60)

STANDS_IN = [
    ("designate", 0, -200, None, 0),
    ("absence", 0, -100, None, 1),
    ("designate", 1, -70, None, 1),
]


class Years(RuleBasedStateMachine):
    """Facts are recorded and days pass, in any order; what is kept is held against the rules after each."""

    def __init__(self, portal):
        super().__init__()
        self.world = World(portal)

    @rule(kind=st.sampled_from(FACTS), who=WHO, shift=SHIFT, length=LENGTH, choice=CHOICE)
    def a_fact(self, kind, who, shift, length, choice):
        self.step(kind, who, shift, length, choice)

    @rule(kind=st.sampled_from(FACTS), who=WHO, shift=SHIFT, length=LENGTH, choice=CHOICE)
    def another_fact(self, kind, who, shift, length, choice):
        """The same: of three steps two are facts."""
        self.step(kind, who, shift, length, choice)

    @rule(choice=st.sampled_from((0, 0, 1, 6, 29, 60, 120)))
    def days_pass(self, choice):
        self.step("nights", 0, 0, None, choice)

    def step(self, kind, *given):
        before = self.world.kept()
        self.world.do(kind, *given)
        self.world.hold(kind)
        self.world.check_told(before, kind)

    def teardown(self):
        with self.world.portal.database.transaction(writes=False) as session:
            assert audit.verify(session).faults == ()


def test_what_is_kept_is_what_the_rules_say_over_years(portal):
    run_state_machine_as_test(lambda: Years(portal), settings=CALM)


@pytest.mark.parametrize(
    "steps",
    [
        [*STANDS_IN, ("nights", 0, 0, None, 40), ("nights", 0, 0, None, 45), ("notice", 0, 0, None, 0)],
        [*STANDS_IN, ("direction", 0, 10, 60, 0), ("nights", 0, 0, None, 60), ("take_back", 0, 0, None, 3)],
        [*STANDS_IN, ("listing", 0, 0, None, 4), ("nights", 0, 0, None, 10), ("listing", 0, 0, None, 2)],
        [("end", 0, -9, None, 0), ("employ", 2, 40, None, 2), ("nights", 0, 0, None, 45)],
        [("in_charge", 0, 20, None, 0), ("nights", 0, 0, None, 30)],
        [("in_charge", 0, 9, None, 0), ("listing", 0, 0, None, 4), ("nights", 0, 0, None, 20)],
        [
            ("apply", 0, 0, None, 1),
            ("decide", 0, 0, None, 1),
            ("nights", 0, 0, None, 9),
            ("decide", 0, 0, None, 2),
            ("hang", 0, -3, None, 0),
            ("take_down", 0, 0, None, 0),
            ("nights", 0, 0, None, 40),
        ],
        [("apply", 0, -5, None, 5), ("close", 0, 0, None, 0), ("apply", 0, 0, None, 1), ("close", 0, 0, None, 1)],
        [
            ("usual_shift", 0, 2, 9, 4),
            ("shift", 0, 0, None, 3),
            ("nights", 0, 0, None, 3),
            ("shift", 0, 0, None, 1),
            ("nights", 0, 0, None, 5),
            ("nights", 0, 0, None, 12),
        ],
        [("listing", 0, 0, None, 0), ("designate", 1, -5, 20, 4), ("end", 0, -2, None, 0)],
        [("emergency", 0, -9, None, 1), ("serve", 2, -9, None, 1), ("take_back", 0, 0, None, 2)],
        [("shift", 0, 0, None, 4), ("time_zone", 0, 0, None, 1), ("nights", 0, 0, None, 0)],
        [("complete", 1, -89, 38, 0), ("in_charge", 0, -54, 102, 28), ("nights", 1, -71, 94, 53)],
    ],
)
def test_what_once_went_wrong(portal, steps):
    years = Years(portal)
    for step in steps:
        years.step(*step)
    years.teardown()
