"""A claim beside the ministry's listing and beside what others claim, with every difference in words."""

from collections.abc import Mapping, Sequence
from datetime import date

from core.comparison import Comparison, Outcome, class_label
from core.entries import FacilityEntry
from core.facilities import FacilityClass, FacilityType
from core.licences import Licence
from core.listings import ListedFacility, ListedLicence
from core.near_matches import NearMatch
from core.sentences import Sentence, in_english
from ui import words
from ui.markup import Markup, html, joined, markup
from ui.words import Mark

MARKS: Mapping[Outcome, Mark] = {
    Outcome.EXACT: Mark("●", Outcome.EXACT.label, "stands"),
    Outcome.NOT_COMPARABLE: Mark("?", Outcome.NOT_COMPARABLE.label, "unknown"),
    Outcome.DIFFERS: Mark("▲", Outcome.DIFFERS.label, "due"),
    Outcome.NUMBER_NOT_FOUND: Mark("■", Outcome.NUMBER_NOT_FOUND.label, "wrong"),
    Outcome.ID_NOT_FOUND: Mark("■", Outcome.ID_NOT_FOUND.label, "wrong"),
    Outcome.LISTED_SUSPENDED: Mark("■", Outcome.LISTED_SUSPENDED.label, "wrong"),
}
Column = tuple[str, Mapping[str, object]]  # its heading, and its cells by the rows' names


def beside(caption: str, columns: Sequence[Column]) -> None:
    """A table of the same facts side by side; on a telephone one under the other. A cell that is not there is
    drawn as a dash."""
    names = list(dict.fromkeys(name for _, cells in columns for name in cells))
    headings = joined(markup('<th scope="col">{heading}</th>', heading=heading) for heading, _ in columns)
    html(
        '<table class="plain wide beside"><caption>{caption}</caption><thead><tr><th scope="col">What</th>'
        "{headings}</tr></thead><tbody>{rows}</tbody></table>",
        caption=caption,
        headings=headings,
        rows=joined(_row(name, columns) for name in names),
    )


def _row(name: str, columns: Sequence[Column]) -> Markup:
    cells = joined(
        markup(
            '<td><span class="cell-of">{heading}: </span>{value}</td>',
            heading=heading,
            value=in_english(cells[name]) if name in cells else "–",
        )
        for heading, cells in columns
    )
    return markup('<tr><th scope="row">{name}</th>{cells}</tr>', name=name, cells=cells)


def outcome(comparison: Comparison) -> None:
    """How the listing bears it out, and each difference, by mark and in words."""
    words.standing(MARKS[comparison.outcome])
    if not comparison.differences:
        return
    html(
        '<ul class="differences">{rows}</ul>',
        rows=joined(
            markup('<li><span aria-hidden="true">▲</span> {text}</li>', text=one) for one in comparison.differences
        ),
    )


def listing(listed_on: date | None) -> str:
    """What the listing's column is called."""
    return f"Listing of {in_english(listed_on)}" if listed_on else "Listing"


def compared_with(listed_on: date | None) -> str:
    """Against what a claim was decided."""
    if listed_on is None:
        return "When it was decided, no listing was on file to compare with."
    return f"When it was decided, it was compared with the listing of {in_english(listed_on)}:"


def certificate(licence: Licence, operator_id: str, name: str) -> dict[str, object]:
    """A claimed certificate as the cells of a column."""
    return {
        "Operator ID": operator_id,
        "Name": name,
        "Number": licence.number,
        "Type": licence.licence_type.label,
        "Class": licence.licence_class.label if licence.licence_class else "None",
        "Expiry": licence.expiry,
        "Valid only for": licence.valid_for or "Any owner",
    }


def listed_certificate(row: ListedLicence) -> dict[str, object]:
    """A line of the operator listing as the cells of a column."""
    cells = certificate(row.licence, row.operator_id, f"{row.first_name} {row.last_name}".strip())
    del cells["Valid only for"]
    return cells | {"Status": row.status.value.capitalize(), "Municipality": row.municipality}


def facility(entry: FacilityEntry, owner: str) -> dict[str, object]:
    """A claimed facility as the cells of a column."""
    cells: dict[str, object] = {
        "Facility number": entry.ministry_number or "None",
        "Name": entry.name,
        "Type": FacilityType(entry.facility_type or "").label,
        "Class": FacilityClass(entry.facility_class or "").label,
        "Owner": owner,
        "Place": f"{entry.place} ({entry.latitude}, {entry.longitude})",
    }
    if entry.letter_date:
        cells["Letter"] = f"{entry.letter_reference}, {in_english(entry.letter_date)}"
    return cells


def listed_facility(row: ListedFacility) -> dict[str, object]:
    """A line of the list of facilities as the cells of a column."""
    return {
        "Facility number": row.facility_number,
        "Name": row.name,
        "Type": row.facility_type.label,
        "Class": class_label(row.facility_class),
        "Owner": row.owner,
        "Place": row.municipality,
    }


def near(matches: Sequence[NearMatch[ListedLicence]] | Sequence[NearMatch[ListedFacility]]) -> None:
    """What may be meant, the nearest first, with its distance in words."""
    if not matches:
        return
    rows = joined(
        markup(
            "<li>{what}<br>Distance {number}: {words}</li>",
            what=_what(match.row),
            number=match.distance,
            words=_distance(match.words),
        )
        for match in matches
    )
    html(
        '<div class="telling"><p>Near matches in the listing, the nearest first:</p><ol>{rows}</ol></div>',
        rows=rows,
    )


def _what(row: ListedLicence | ListedFacility) -> str:
    if isinstance(row, ListedFacility):
        return f"{row.name}, {row.facility_number}, of {row.owner}"
    licence = row.licence
    return (
        f"{row.first_name} {row.last_name}, Operator ID {row.operator_id}: {licence.label}, number "
        f"{licence.number}, until {in_english(licence.expiry)} ({row.status.value})"
    )


def _distance(parts: Sequence[Sentence]) -> str:
    return "; ".join(str(part) for part in parts)
