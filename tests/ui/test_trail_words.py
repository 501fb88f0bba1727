"""Every action that the portal records has words, and no words are left of what it does not record."""

import ast
from collections.abc import Iterator
from pathlib import Path

from core.queue import Subject
from ui import trail_words

DB = Path(__file__).parents[2] / "db"
COMPOSED = {  # the codes that are put together, by how and in which file
    ("f'submission.{state}'", "deciding"): {"submission.approved", "submission.returned"},
    ("f'{place.subject}.{done}'", "assignments"): {
        f"{subject}.{done}" for subject in Subject for done in ("taken", "given", "given_back")
    },
    ("f'{place.subject}.seen'", "handling"): {"submission.seen", "application.seen"},
    ("f'listing.{state}'", "listings"): {"listing.withdrawn", "listing.refused"},
    ("f'override.{state}'", "overrides"): {"override.standing", "override.refused"},
    ("f'operators.{done}'", "search"): {"operators.searched", "operators.exported"},
    ("f'discrepancy.{state}'", "decisions"): {"discrepancy.kept", "discrepancy.followed"},
}

FORMER = {"duty.said"}  # in trails of before; it is an entry of the log by now


def recorded() -> Iterator[str]:
    """The first argument of each `record(…)` and `Entry(…)` in db that names an action."""
    for file in DB.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in ("record", "Entry"):
                continue
            action = node.args[0]
            if isinstance(action, ast.Constant):
                yield action.value
            elif isinstance(action, ast.JoinedStr):
                composed = (ast.unparse(action), file.stem)
                assert composed in COMPOSED, f"{file}: which actions are these?"
                yield from COMPOSED[composed]


def test_every_action_recorded_anywhere_has_words_and_no_other():
    assert set(recorded()) | FORMER == set(trail_words.ACTIONS)


def test_no_two_actions_have_the_same_words():
    assert len(set(trail_words.ACTIONS.values())) == len(trail_words.ACTIONS)


def test_an_action_of_the_past_is_shown_as_it_was_kept():
    assert trail_words.action("pigeon.sent") == "pigeon.sent"
    assert trail_words.action("role.granted") == "Gave a role"
    assert trail_words.subject("operator_profile") == "Operator profile"
