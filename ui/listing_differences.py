"""The lines in which a listing differs from the one before: a page of each kind, and all of them to download."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from core.facilities import FacilityClass
from core.licences import LicenceClass, LicenceType
from core.listing_differences import ChangedLine, Differences, Values
from core.listing_rows import COLUMNS
from core.listings import ListingKind
from core.sentences import in_english
from ui import exports, tables
from ui.markup import Markup, html, joined, markup

_CLASSES: Mapping[ListingKind, type[LicenceClass] | type[FacilityClass]] = {
    ListingKind.OPERATORS: LicenceClass,
    ListingKind.FACILITIES: FacilityClass,
}


_NOTHING = "nothing"
_SHOWN = 20  # rows on a page: the decision stands below them


@dataclass(frozen=True)
class _Part:
    """One kind of difference: its name, its lines, and what the second column of its table says."""

    name: str
    caption: str
    lines: tuple[Values | ChangedLine, ...]
    file_name: str


def draw(found: Differences) -> None:
    """The kinds of difference that there are, one of them shown."""
    parts = {part.name: part for part in _parts(found) if part.lines}
    if not parts:
        return
    chosen = st.radio(
        "Show the rows that are",
        tuple(parts),
        format_func=lambda name: f"{name} ({in_english(len(parts[name].lines))})",
        horizontal=True,
        key=f"differences-{found.kind}",
    )
    part = parts[chosen if chosen in parts else next(iter(parts))]
    name = f"differences-{part.file_name}"
    pages = -(-len(part.lines) // _SHOWN)
    page = min(tables.page_before_drawing(name), pages)
    shown = part.lines[(page - 1) * _SHOWN : page * _SHOWN]
    html(
        '<table class="plain wide"><caption>{caption}</caption><thead><tr><th scope="col">Number</th>'
        '<th scope="col">Name</th><th scope="col">{what}</th></tr></thead><tbody>{rows}</tbody></table>',
        caption=part.caption,
        what="What changed" if part.lines is found.changed else "What the row says",
        rows=joined(_row(found, line) for line in shown),
    )
    tables.page_number(name, page, pages)
    st.download_button(
        "Download all of these rows",
        lambda: as_csv(found, part.lines),
        f"{part.file_name}-rows.csv",
        "text/csv",
        on_click="ignore",
    )


def _parts(found: Differences) -> tuple[_Part, ...]:
    return (
        _Part("Changed", "Rows that say something else than before", found.changed, "changed"),
        _Part("Gone", "Rows that stand now and are not in the new listing", found.gone, "gone"),
        _Part("Cannot be read", "Rows that stand now and cannot be read in the new one", found.unread, "unread"),
        _Part("New", "Rows that do not stand now", found.new, "new"),
    )  # fmt: skip


def not_compared(found: Differences) -> tuple[str, ...]:
    """What is said of columns that only one of the two listings has."""
    said = []
    if found.not_in_new:
        said.append(
            f"The file says nothing in any row under: {', '.join(found.not_in_new)}. That is not counted as a "
            "change; but the new listing will hold nothing there."
        )
    if found.not_in_former:
        said.append(
            f"The listing before says nothing in any row under: {', '.join(found.not_in_former)}. What the file "
            "says there is taken over, and not counted as a change."
        )
    return tuple(said)


def _row(found: Differences, line: Values | ChangedLine) -> Markup:
    number, name, what = _whose(found.kind, line.after if isinstance(line, ChangedLine) else line)
    if isinstance(line, ChangedLine):
        what = "; ".join(
            f"{label}: {_in_words(found.kind, label, before)} → {_in_words(found.kind, label, after)}"
            for label, before, after in found.in_words(line)
        )
    return markup(
        '<tr><th scope="row">{number}</th><td>{name}</td><td>{what}</td></tr>', number=number, name=name, what=what
    )


def _whose(kind: ListingKind, says: Values) -> tuple[str, str, str]:
    """The number of a line, its name, and what else it says."""
    cells = {
        column.label: _in_words(kind, column.label, value)
        for column, value in zip(COLUMNS[kind], says, strict=True)
    }
    if kind is ListingKind.FACILITIES:
        about = f"{cells['Type']}, class {cells['Class']}; {cells['Owner']}, {cells['Municipality']}"
        return cells["Facility number"], cells["Name"], about
    licence = (cells["Type"], cells["Class"], f"until {cells['Expiry date']}")
    about = f"{_those_said(licence, ', ')}; {_those_said((cells['Status'], cells['Municipality']), '; ')}"
    name = ", ".join(part for part in (says[1], says[2]) if part)
    return cells["Certificate number"], f"{name} (Operator ID {cells['Operator ID']})", about


def _those_said(cells: Iterable[str], between: str) -> str:
    """The cells that say anything: a type without classes has none."""
    return between.join(cell for cell in cells if cell != _NOTHING)


def _in_words(kind: ListingKind, label: str, value: Any) -> str:
    """A cell as people read it."""
    if value is None or value == "":
        return _NOTHING
    if label == "Type":
        return LicenceType(value).label  # facilities' types are named alike
    if label == "Class":
        return str(_CLASSES[kind](value).label)
    return in_english(value) if isinstance(value, date) else str(value)


def as_csv(found: Differences, lines: tuple[Values | ChangedLine, ...]) -> bytes:
    """Lines as a table to download; of those that changed each change is a row, with what it said before."""
    columns = [column.label for column in COLUMNS[found.kind]]
    if not isinstance(lines[0], ChangedLine):
        return exports.to_csv(columns, lines)  # type: ignore[arg-type]  # all are of one kind
    whose = 4 if found.kind is ListingKind.OPERATORS else 2  # the columns that say whose or what it is
    rows = (
        (*line.after[:whose], *change)
        for line in lines
        if isinstance(line, ChangedLine)
        for change in found.in_words(line)
    )
    return exports.to_csv((*columns[:whose], "Column", "Before", "After"), rows)
