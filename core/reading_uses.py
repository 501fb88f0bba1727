"""Where each reading matters: the rules whose findings name it, found in their own text.

A rule names a reading by its id; what a helper names is named by the rules that call it.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.legislation import readings

_CORE = Path(__file__).parent


@dataclass(frozen=True)
class Rule:
    """A function of core, and what it says of itself: its provision and, in a line, what it finds."""

    name: str
    says: str


@cache
def rules_resting_on() -> Mapping[str, tuple[Rule, ...]]:
    """The rules that rest on each reading, by its id; a reading on which none rests has no entry."""
    found: dict[str, list[Rule]] = {}
    for path in sorted(_CORE.glob("*.py")):
        for id, rule in _rules_of(path):
            found.setdefault(id, []).append(rule)
    return {id: tuple(rules) for id, rules in found.items()}


def _rules_of(path: Path) -> Iterator[tuple[str, Rule]]:
    """Each public function of a module with each reading that it names, itself or through a helper."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    functions = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
    for name, function in functions.items():
        if not name.startswith("_"):
            says = (ast.get_docstring(function) or "").partition("\n")[0]
            for id in sorted(_named_by(name, functions)):
                yield id, Rule(f"core.{path.stem}.{name}", says)


def _named_by(name: str, functions: Mapping[str, ast.FunctionDef]) -> set[str]:
    ids, seen, waiting = set[str](), set[str](), [name]
    while waiting:
        seen.add(here := waiting.pop())
        for node in ast.walk(functions[here]):
            if isinstance(node, ast.Constant) and node.value in readings():
                ids.add(str(node.value))
            if isinstance(node, ast.Name) and node.id in functions.keys() - seen and node.id.startswith("_"):
                waiting.append(node.id)
    return ids
