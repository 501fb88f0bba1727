"""What is drawn on a canvas says in words what it is."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_table_and_chart_has_words_for_who_does_not_see_it():
    drawn = {
        "dataframe",
        "data_editor",
        "altair_chart",
        "vega_lite_chart",
        "line_chart",
        "bar_chart",
        "plotly_chart",
    }
    calls = [
        (file.name, node)
        for folder in ("pages", "ui")
        for file in (ROOT / folder).glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in drawn
    ]
    assert calls
    assert [
        f"{file}, line {call.lineno}" for file, call in calls if "alt" not in {k.arg for k in call.keywords}
    ] == []
