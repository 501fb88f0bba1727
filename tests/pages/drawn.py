"""Draws one page in Streamlit's AppTest, asked by somebody whom the test chooses."""

import importlib
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from db.gate import Asker
from ui import session


@contextmanager
def drawn(page: str, asker: Asker, query: Mapping[str, str] | None = None) -> Iterator[AppTest]:
    """The page pages/<page>.py, drawn once; while the context is open it can be typed into and run again."""
    importlib.import_module(f"pages.{page}")
    with pytest.MonkeyPatch.context() as patch:
        _replace(patch, session.asker, lambda: asker)
        _replace(patch, session.portal, lambda: asker.portal)
        _replace(patch, session.browser, lambda: "a browser")
        test = AppTest.from_function(_script, args=(page,), default_timeout=20)
        for name, value in (query or {}).items():
            test.query_params[name] = value
        yield test.run()


def texts(test: AppTest) -> str:
    """All the words of a page that are not fields or buttons."""
    boxes = (*test.title, *test.subheader, *test.text, *test.markdown, *test.get("html"))
    return "\n".join(str(getattr(box, "value", "") or getattr(box.proto, "body", "")) for box in boxes)


def type_in(test: AppTest, form: str, **fields: str | None) -> AppTest:
    """Fills fields of a form, by the field names that its service knows."""
    for field, value in fields.items():
        key = f"{form}.{field}"
        box: Any = next(w for w in (*test.text_input, *test.selectbox, *test.checkbox) if w.key == key)
        box.set_value(value)
    return test


def press(test: AppTest, label: str) -> AppTest:
    """Presses the button with this label."""
    (button,) = [button for button in test.button if button.label == label]
    return button.click().run()


def _replace(patch: pytest.MonkeyPatch, original: Callable[..., Any], by: Callable[..., Any]) -> None:
    """Puts `by` wherever a page or a part of ui has taken the original from ui.session."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("ui.", "pages.")) and getattr(module, original.__name__, None) is original:
            patch.setattr(module, original.__name__, by)


def _script(page: str) -> None:
    import importlib

    from ui import words

    words.said()
    importlib.import_module(f"pages.{page}").render()


def plain_tables(test: AppTest) -> list[list[dict[str, str]]]:
    """The tables that are read only, each as its rows: the words of the cells by the names of their columns."""
    found = []
    for box in test.get("html"):
        for table in re.findall(r'<table class="plain wide named">.*?</table>', str(box.proto.body), re.DOTALL):
            _, *rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", one) for one in table.split("<tr>")[1:]]
            names = [unescape(one) for one in re.findall(r'<th scope="col">(.*?)</th>', table)]
            said = [[unescape(re.sub("<span class=.*?</span>|<[^>]*>", "", cell)) for cell in row] for row in rows]
            found.append([dict(zip(names, row, strict=True)) for row in said])
    return found
