"""A listing read row by row: the columns of ours, and the rows that cannot be used, by number and why."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from core import listing_cells as cells
from core.entries import shown
from core.licences import Licence
from core.listings import ListedFacility, ListedLicence, ListedRow, ListingKind
from core.places import Point, in_ontario
from core.problems import Problem, Refused, raise_if_any, refuse
from core.sentences import Sentence

BEYOND = ""  # the name under which a row brings what stands right of the last heading


@dataclass(frozen=True)
class Column:
    """One of our columns: its name in files, its name for people, how a cell of it is read."""

    name: str
    label: str
    read: Callable[[str], Any]
    required: bool = True


COLUMNS: Mapping[ListingKind, tuple[Column, ...]] = MappingProxyType(
    {
        ListingKind.OPERATORS: (
            Column("operator_id", "Operator ID", cells.operator_id),
            Column("last_name", "Last name", cells.last_name),
            Column("first_name", "First name", cells.first_name),
            Column("certificate_number", "Certificate number", cells.certificate_number),
            Column("type", "Type", cells.licence_type),
            Column("class", "Class", cells.licence_class),
            Column("expiry_date", "Expiry date", cells.expiry),
            Column("status", "Status", cells.status),
            Column("municipality", "Municipality", cells.municipality, required=False),
        ),
        ListingKind.FACILITIES: (
            Column("facility_number", "Facility number", cells.facility_number),
            Column("name", "Name", cells.facility_name),
            Column("type", "Type", cells.facility_type),
            Column("class", "Class", cells.facility_class),
            Column("owner", "Owner", cells.owner),
            Column("municipality", "Municipality", cells.municipality, required=False),
            Column("latitude", "Latitude", cells.degrees, required=False),
            Column("longitude", "Longitude", cells.degrees, required=False),
        ),
    }
)


@dataclass(frozen=True)
class BadRow:
    """A row that is left out: its number as a spreadsheet shows it (the heading is row 1), and why.

    `operator_id` and `number` say of which certificate it speaks, as far as they could be read; "" otherwise. Of a
    facility there is a number alone. `name` helps whoever reads the preview to find it; it is not kept.
    """

    line: int
    because: tuple[Sentence, ...]
    operator_id: str = ""
    number: str = ""
    name: str = field(default="", compare=False)

    @property
    def reason(self) -> str:
        """All that is wrong with it."""
        return " ".join(str(one) for one in self.because)


class UnreadRows:
    """The rows of a listing that could not be read, by what they may be about."""

    def __init__(self, bad: Iterable[BadRow]) -> None:
        self._rows = {(row.operator_id, row.number): row for row in bad}
        self._holders = {operator_id for operator_id, _ in self._rows} - {""}

    def about(self, operator_id: str, number: str) -> BadRow | None:
        """A row that may be about a certificate: what could be read of it speaks of this one, if anything does."""
        asked = ((operator_id, number), (operator_id, ""), ("", number))
        return next((self._rows[one] for one in asked if one != ("", "") and one in self._rows), None)

    def of_holder(self, operator_id: str, numbers: Iterable[str]) -> bool:
        """Whether a row may be about a licence of somebody who is known to have those of these numbers: it has the
        Operator ID, or no Operator ID that could be read and one of the numbers."""
        return operator_id in self._holders or any(("", number) in self._rows for number in numbers if number)


@dataclass(frozen=True)
class ReadRows:
    """The rows that can be used, by their number, and those that are left out, in their order."""

    rows: Mapping[int, ListedRow]
    bad: tuple[BadRow, ...]


def read(kind: ListingKind, rows: Iterable[tuple[int, Mapping[str, str]]]) -> ReadRows:
    """Reads rows, each its number and its cells by the names of our columns. Empty rows are none.

    Two rows for the same licence or facility: a row that repeats an earlier one is left out; of rows that
    contradict each other none can be believed, so all are.
    """
    good: dict[int, ListedRow] = {}
    bad: list[BadRow] = []
    for line, row in rows:
        if not any(cell.strip() for cell in row.values()):
            continue
        try:
            good[line] = _read_row(kind, row)
        except Refused as refused:
            because = tuple(problem.sentence for problem in refused.problems)
            bad.append(BadRow(line, because, *_about(kind, row), _named(kind, row)))
    twice = _twice(good)
    for each in twice:
        del good[each.line]
    return ReadRows(MappingProxyType(good), tuple(sorted((*bad, *twice), key=lambda one: one.line)))


def _about(kind: ListingKind, row: Mapping[str, str]) -> tuple[str, str]:
    """Operator ID and certificate number of a row that cannot be used; of a facility "" and its number. "" for
    what cannot be read either."""
    if kind is ListingKind.FACILITIES:
        return "", _if_read(cells.facility_number, row.get("facility_number", ""))
    # a cell too many moves those behind it: only the first is sure to be where it belongs
    number = (
        ""
        if row.get(BEYOND, "").strip()
        else _if_read(cells.certificate_number, row.get("certificate_number", ""))
    )
    return _if_read(cells.operator_id, row.get("operator_id", "")), number


_NAMES: Mapping[ListingKind, tuple[tuple[str, Callable[[str], str]], ...]] = {
    ListingKind.OPERATORS: (("first_name", cells.first_name), ("last_name", cells.last_name)),
    ListingKind.FACILITIES: (("name", cells.facility_name),),
}


def _named(kind: ListingKind, row: Mapping[str, str]) -> str:
    """Whose row that cannot be used it is, as far as it can be read."""
    if row.get(BEYOND, "").strip():
        return ""
    return " ".join(filter(None, (_if_read(read_cell, row.get(cell, "")) for cell, read_cell in _NAMES[kind])))


def _if_read(read_cell: Callable[[str], str], cell: str) -> str:
    try:
        return read_cell(cell)
    except Refused:
        return ""


def _read_row(kind: ListingKind, row: Mapping[str, str]) -> ListedRow:
    """A row as a line of the listing. Raises Refused with everything that is wrong with it."""
    if row.get(BEYOND, "").strip():
        raise refuse("The row has more cells than the heading has columns. Is a comma in a cell without quotes?")
    values, problems = dict[str, Any](), list[Problem]()
    for column in COLUMNS[kind]:
        try:
            values[column.name] = column.read(row.get(column.name, ""))
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(*problems)
    return _licence(values) if kind is ListingKind.OPERATORS else _facility(values)


def _licence(values: Mapping[str, Any]) -> ListedLicence:
    licence_type, licence_class = values["type"], values["class"]
    if licence_type.classes and licence_class is None:
        raise refuse(
            "The class is missing: {type} comes in classes. Write OIT or I to IV.", type=licence_type.label
        )
    if licence_class is not None and not licence_type.classes:
        raise refuse(
            "{type} has no class, but the row says {given}. Leave the class empty.",
            type=licence_type.label,
            given=licence_class.label,
        )
    return ListedLicence(
        operator_id=values["operator_id"],
        last_name=values["last_name"],
        first_name=values["first_name"],
        licence=Licence(values["certificate_number"], licence_type, licence_class, values["expiry_date"]),
        status=values["status"],
        municipality=values["municipality"],
    )


def _facility(values: Mapping[str, Any]) -> ListedFacility:
    return ListedFacility(
        facility_number=values["facility_number"],
        name=values["name"],
        facility_type=values["type"],
        facility_class=values["class"],
        owner=values["owner"],
        municipality=values["municipality"],
        point=_point(values["latitude"], values["longitude"]),
    )


def _point(latitude: float | None, longitude: float | None) -> Point | None:
    if latitude is None and longitude is None:
        return None
    if latitude is None or longitude is None:
        raise refuse("The row has a latitude or a longitude, but not both. Give both, or neither.")
    point = Point(latitude, longitude)
    if not in_ontario(point):
        raise refuse(
            "The point {latitude}, {longitude} is not in Ontario. Correct it, or leave both cells empty.",
            latitude=str(latitude),
            longitude=str(longitude),
        )
    return point


def _twice(rows: Mapping[int, ListedRow]) -> list[BadRow]:
    """The rows that are left out because another speaks of the same licence or facility."""
    by_key: dict[object, list[int]] = defaultdict(list)
    for line, row in rows.items():
        by_key[row.key].append(line)
    left_out = []
    for lines in by_key.values():
        if len(lines) == 1:
            continue
        first, *others = lines
        if all(rows[line] == rows[first] for line in others):
            left_out += [_says(line, rows[line], "The row repeats row {other}.", first) for line in others]
        else:
            left_out += [
                _says(
                    line,
                    rows[line],
                    "Row {other} is about the same number and says something else. Which is right is not known, "
                    "so neither is used.",
                    first if line != first else others[0],
                )
                for line in lines
            ]
    return left_out


def _says(line: int, row: ListedRow, template: str, other: int) -> BadRow:
    because = (Sentence(template, other=other),)
    if isinstance(row, ListedLicence):
        name = " ".join(filter(None, (row.first_name, row.last_name)))
        return BadRow(line, because, row.operator_id, row.licence.number, name)
    return BadRow(line, because, number=row.facility_number, name=row.name)


# --- whose columns are whose --------------------------------------------------------------------------------


def named_alike(kind: ListingKind, headings: Iterable[str]) -> dict[str, str]:
    """Our columns that a file has under our names, upper and lower case and blanks aside: ours to the file's.

    None at all where the file has one of them twice (STATUS and Status): somebody has to say which is which.
    """
    own: dict[str, list[str]] = defaultdict(list)
    for heading in headings:
        own[_as_ours(heading)].append(heading)
    found = {column.name: own[column.name] for column in COLUMNS[kind] if column.name in own}
    if any(len(theirs) > 1 for theirs in found.values()):
        return {}
    return {ours: theirs[0] for ours, theirs in found.items()}


def _as_ours(heading: str) -> str:
    """A file's heading in the way that our columns are named."""
    return "_".join(heading.casefold().split())


@dataclass(frozen=True)
class Lacking:
    """The needed columns that a file has not under our names, and the columns that it has.

    `may_be_named_otherwise`: there are as many others as are missing, so that somebody can say which is which.
    """

    missing: tuple[str, ...]
    found: tuple[str, ...]
    may_be_named_otherwise: bool

    @property
    def said(self) -> Sentence:
        """What is missing, and what is there."""
        return Sentence(
            "The file has no column for {missing}. Its columns are {found}.",
            missing=", ".join(self.missing),
            found=", ".join(shown(one) for one in self.found),
        )


def lacking(kind: ListingKind, headings: Iterable[str]) -> Lacking | None:
    """What a file lacks of the columns that a listing needs; None where it has all of them under our names."""
    found = tuple(heading for heading in headings if heading)
    named = {_as_ours(heading) for heading in found}
    missing = tuple(one.label for one in COLUMNS[kind] if one.required and one.name not in named)
    if not missing:
        return None
    under_our_names = sum(one.name in named for one in COLUMNS[kind])
    return Lacking(missing, found, len(found) - under_our_names >= len(missing))


def check_mapping(kind: ListingKind, headings: Iterable[str], columns: Mapping[str, str]) -> None:
    """Checks a mapping of our columns to a file's. Raises Refused with every sentence that is due."""
    there, taken, problems = frozenset(headings), dict[str, str](), list[Problem]()
    for column in COLUMNS[kind]:
        given = columns.get(column.name, "")
        sentence = _wrong_with(column, given, there, taken)
        if sentence:
            problems.append(Problem(column.name, sentence))
        elif given:
            taken[given] = column.label
    raise_if_any(problems)


def _wrong_with(column: Column, given: str, there: frozenset[str], taken: Mapping[str, str]) -> Sentence | None:
    if not given and column.required:
        return Sentence("Choose the column of the file that holds: {label}.", label=column.label)
    if given and given not in there:
        return Sentence("The file has no column “{given}”. Choose one of the list.", given=shown(given))
    if given in taken:
        return Sentence(
            "The column “{given}” is chosen for {other} already. Choose another for {label}.",
            given=shown(given),
            other=taken[given],
            label=column.label,
        )
    return None
