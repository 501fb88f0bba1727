"""Worked examples: the cases by which the rules are tested, as tables."""

from itertools import groupby

import streamlit as st

from core import cases
from core.cases import Case
from ui import links, words
from ui.markup import Markup, html, joined, markup


def render() -> None:
    titles = cases.files()
    words.title(
        "Worked examples", "Cases by which the rules are tested; each stands in the portal as it is tested."
    )
    chosen = st.selectbox("About", list(titles), format_func=titles.__getitem__, key="about", bind="query-params")
    name = chosen or next(iter(titles))
    found, granted = list(cases.cases(name)), cases.granted(name)
    html('<p class="help">{count} cases. {granted}</p>', count=len(found), granted=granted.get("", ""))
    for heading, group in groupby(found, lambda case: case.heading):
        _table(heading, granted.get(heading, ""), list(group))
    links.to("Open the calculator", "calculator")
    links.to("See what the portal does with each provision", "legal-coverage")


def _table(heading: str, granted: str, rows: list[Case]) -> None:
    """One table; `granted` is what its cases take for granted."""
    columns = joined(markup('<th scope="col">{name}</th>', name=name.capitalize()) for name in rows[0].cells)
    html(
        '<table class="plain wide"><caption>{heading}{granted}</caption><thead><tr>{columns}</tr></thead>'
        "<tbody>{rows}</tbody></table>",
        heading=heading.replace("_", " ").capitalize(),
        granted=markup("<br>{text}", text=granted) if granted else "",
        columns=columns,
        rows=joined(_row(case) for case in rows),
    )


def _row(case: Case) -> Markup:
    cells = joined(markup("<td>{text}</td>", text=text) for text in case.cells.values())
    return markup("<tr>{cells}</tr>", cells=cells)
