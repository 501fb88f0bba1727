"""Every reading that the rules name is found where it matters."""

import importlib
import re

import pytest

from core.law_files import LAW
from core.legislation import readings
from core.reading_uses import rules_resting_on

MARKERS = {
    (path.stem, id)
    for path in LAW.parent.glob("*.py")
    for id in re.findall(r'"(R\d+)"', path.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize(("module", "id"), sorted(MARKERS))
def test_a_reading_named_in_the_code_is_found_in_a_rule_of_its_module(module: str, id: str) -> None:
    assert id in readings()
    assert any(rule.name.startswith(f"core.{module}.") for rule in rules_resting_on()[id])


def test_a_rule_that_rests_on_a_reading_exists_and_says_what_it_finds() -> None:
    for rules in rules_resting_on().values():
        for rule in rules:
            module, function = rule.name.rsplit(".", 1)
            assert callable(getattr(importlib.import_module(module), function))
            assert rule.says


def test_a_reading_of_a_helper_is_that_of_the_rule_that_calls_it() -> None:
    assert [rule.name for rule in rules_resting_on()["R35"]] == ["core.certificates.applied_in_time"]
    assert [rule.name for rule in rules_resting_on()["R16"]] == ["core.certificates.alteration_changes_class"]
