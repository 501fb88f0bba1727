"""The cases of core/law/cases as parameters of tests."""

import pytest

from core.cases import Case as Case
from core.cases import cases as cases


def parametrized(name: str) -> pytest.MarkDecorator:
    """The cases of a file as parameters of a test, named by their first column."""
    found = list(cases(name))
    assert found, f"{name} has no cases"
    names = [f"{case.heading}: {next(iter(case.cells.values()))}".strip(": ") for case in found]
    return pytest.mark.parametrize("case", found, ids=names)
