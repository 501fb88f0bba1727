"""The law on file: regulations, their versions, provisions, limits and readings, loaded from core/law.

`law("129/04", on)` is a regulation on a day. Whatever is not on file for that day is refused with NotOnFile,
naming the nearest versions; no version answers for another.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from core.calendar import Span
from core.citations import Citation
from core.law_files import LAW, LawFileError, load, only, row
from core.points import PointSystem, read_point_system
from core.sentences import Sentence, in_english

FOLDERS = {"129/04": "o_reg_129_04", "435/93": "o_reg_435_93", "128/04": "o_reg_128_04"}


class NotOnFile(LookupError):
    """No law on file for the day asked about."""

    def __init__(self, what: str, on: date, spans: Iterable[Span]) -> None:
        spans = list(spans)
        before = max((span.last for span in spans if span.last and span.last < on), default=None)
        after = min((span.start for span in spans if span.start > on), default=None)
        self.what, self.on, self.before, self.after = what, on, before, after
        super().__init__(str(self.sentence))

    @property
    def sentence(self) -> Sentence:
        near = (f"until {in_english(self.before)}" if self.before else "",
                f"from {in_english(self.after)}" if self.after else "")  # fmt: skip
        return Sentence(
            "{what} is not on file for {on}. Nearest on file: {nearest}.",
            what=self.what,
            on=self.on,
            nearest=", ".join(filter(None, near)) or "no day",
        )


class Status(Enum):
    """What the portal does with a provision."""

    MODELLED = "modelled"
    PLANNED = "planned"
    DIRECTOR = "director"
    SHOWN = "shown"
    REVOKED = "revoked"
    OUT_OF_SCOPE = "out of scope"


@dataclass(frozen=True)
class Version:
    """A version of a regulation: its days, and the day its text was last checked."""

    name: str
    first_day: date
    checked: date
    last_day: date | None = None

    @cached_property
    def span(self) -> Span:
        return _span(self.first_day, self.last_day)


@dataclass(frozen=True)
class Provision:
    """A provision in our own words, how the portal treats it, and since when its text is on file."""

    citation: Citation
    status: Status
    paraphrase: str
    first_day: date
    last_day: date | None = None
    by: tuple[str, ...] = ()  # the functions that model it
    why: str = ""  # why it is out of scope

    @cached_property
    def span(self) -> Span:
        return _span(self.first_day, self.last_day)


@dataclass(frozen=True)
class Limit:
    """A number or a date of the law, with its unit and where it stands."""

    name: str
    value: int
    unit: str
    citation: Citation


@dataclass(frozen=True)
class LegalDate:
    """A date that the law names."""

    name: str
    value: date
    citation: Citation


@dataclass(frozen=True)
class Band:
    """A class of facilities and the most points it has; None for the highest class."""

    facility_class: str
    up_to: int | None = None


@dataclass(frozen=True)
class Classes:
    """The classes of facilities by points (Schedule 1, Table 1)."""

    citation: Citation
    bands: tuple[Band, ...]

    def of(self, points: int) -> str:
        """The class of a facility with so many points."""
        return next(band.facility_class for band in self.bands if band.up_to is None or points <= band.up_to)

    def points_to_next(self, points: int) -> int | None:
        """How many more points make the next class; None in the highest."""
        above = min((band.up_to for band in self.bands if band.up_to and points <= band.up_to), default=None)
        return None if above is None else above + 1 - points


@dataclass(frozen=True)
class DeemedLicence:
    """Whoever holds a licence for one type of facility is deemed to hold one for another, of this class."""

    holding: str
    gives: str
    licence_class: str
    citation: Citation


@dataclass(frozen=True)
class Reading:
    """How the portal reads a text that allows two readings."""

    id: str
    provision: str
    question: str
    reading: str
    alternative: str = ""


@dataclass(frozen=True, eq=False)
class Regulation:
    """One regulation with everything on file about it.

    topics: where it treats what rules ask for by name, so that twin regulations share a rule.
    systems: the kinds of systems it names together. deemed_licences: which licences include others.
    """

    number: str
    title: str
    topics: Mapping[str, str]
    systems: Mapping[str, tuple[str, ...]]
    versions: tuple[Version, ...]
    provisions: tuple[Provision, ...]
    limits: Mapping[str, Limit]
    dates: Mapping[str, LegalDate]
    classes: Classes
    point_systems: tuple[PointSystem, ...]
    deemed_licences: tuple[DeemedLicence, ...]

    @property
    def newest(self) -> Version:
        return self.versions[-1]

    @property
    def facility_types(self) -> tuple[str, ...]:
        """The types of facilities that its points tables classify."""
        return tuple(dict.fromkeys(system.facility_type for system in self.point_systems))

    def provision(self, citation: Citation) -> Provision:
        """The row that a citation is, or is a part of. Raises KeyError when there is none."""
        return _provision_of(self, citation)


@dataclass(frozen=True)
class Law:
    """A regulation on a day on which it is on file."""

    regulation: Regulation = field(repr=False)
    on: date
    version: Version

    @property
    def ends(self) -> date | None:
        """The first day on which another version answers, or none."""
        return self.version.span.end

    def cite(self, provision: str) -> Citation:
        """The citation of a provision that is on file on this day; else NotOnFile."""
        citation, span = _cited_with_its_days(self.regulation, provision)
        if self.on not in span:
            raise NotOnFile(str(citation), self.on, [span])
        return citation

    def has(self, topic: str) -> bool:
        """Whether the regulation treats a topic at all."""
        return topic in self.regulation.topics

    def stands(self, topic: str) -> bool:
        """Whether the regulation treats a topic in a provision that is on file on this day."""
        if not self.has(topic):
            return False
        _, span = _cited_with_its_days(self.regulation, self.regulation.topics[topic])
        return self.on in span

    def topic(self, topic: str) -> Citation:
        """Where the regulation treats a topic; NotOnFile when that is not on file on this day."""
        return self.cite(self.regulation.topics[topic])

    def limit(self, name: str) -> Limit:
        """A number of the law, where its provision is on file on this day; else NotOnFile."""
        limit = self.regulation.limits[name]
        self.cite(limit.citation.provision)
        return limit

    def legal_date(self, name: str) -> LegalDate:
        """A date of the law, where its provision is on file on this day; else NotOnFile."""
        day = self.regulation.dates[name]
        self.cite(day.citation.provision)
        return day

    def classes(self) -> Classes:
        """The classes by points, where they are on file on this day; else NotOnFile."""
        self.cite(self.regulation.classes.citation.provision)
        return self.regulation.classes

    def points(self, facility_type: str) -> PointSystem:
        """The point system of a type of facility on this day.

        Raises ValueError for a type the regulation does not classify, NotOnFile for a day without a table.
        """
        systems = [one for one in self.regulation.point_systems if one.facility_type == facility_type]
        if not systems:
            known = ", ".join(self.regulation.facility_types)
            raise ValueError(
                f"O. Reg. {self.regulation.number} has no facility type {facility_type!r}; it has {known}"
            )
        for system in systems:
            if self.on in system.span:
                return system
        what = f"O. Reg. {self.regulation.number}, points of {facility_type}"
        raise NotOnFile(what, self.on, [system.span for system in systems])


def law(number: str, on: date | None = None) -> Law:
    """A regulation ("129/04", "435/93" or "128/04") on a day; without a day, its newest version on file.

    Raises ValueError for another regulation, NotOnFile for a day outside its versions.
    """
    if number not in FOLDERS:
        raise ValueError(f"no regulation {number!r} on file; there are {', '.join(FOLDERS)}")
    regulation = regulations()[number]
    day = regulation.newest.first_day if on is None else on
    for version in regulation.versions:
        if day in version.span:
            return Law(regulation, day, version)
    raise NotOnFile(f"O. Reg. {number}", day, [version.span for version in regulation.versions])


def older_version(citation: Citation, on: date | None = None) -> Version | None:
    """The version of a citation's regulation on a day (its newest unless told) where that has ended.

    None where it is in force: then the page on e-Laws to which the citation links is this very version.
    """
    regulation = regulations()[citation.regulation]
    on_day = (version for version in regulation.versions if on is not None and on in version.span)
    version = next(on_day, regulation.newest)
    return None if version.last_day is None else version


@cache
def _cited_with_its_days(regulation: Regulation, provision: str) -> tuple[Citation, Span]:
    """A citation and the days on which it is on file: every rule asks for it, of every person and day."""
    citation = Citation(regulation.number, provision)
    return citation, regulation.provision(citation).span


@cache
def _provision_of(regulation: Regulation, citation: Citation) -> Provision:
    for provision in regulation.provisions:
        if citation.lies_in(provision.citation):
            return provision
    raise KeyError(f"{citation} is not among the provisions on file")


@cache
def regulations() -> Mapping[str, Regulation]:
    """Every regulation on file by number."""
    return {number: _read_regulation(number, LAW / folder) for number, folder in FOLDERS.items()}


@cache
def readings() -> Mapping[str, Reading]:
    """Every reading by id, in order."""
    path = LAW / "readings.toml"
    data = load(path)
    only(data, {"reading"}, str(path))
    found = [row(Reading, table, f"{path}: {table.get('id')}") for table in data["reading"]]
    return {reading.id: reading for reading in found}


def _read_regulation(number: str, folder: Path) -> Regulation:
    about = load(folder / "regulation.toml")
    only(about, {"title", "version", "topics", "systems", "deemed_licence"}, f"{folder}/regulation.toml")
    versions = tuple(row(Version, table, f"{folder}/regulation.toml") for table in about["version"])
    _refuse_overlaps([version.span for version in versions], folder)
    limits = load(folder / "limits.toml")
    only(limits, {"limit", "date", "classes"}, f"{folder}/limits.toml")
    point_systems = tuple(read_point_system(path, number) for path in sorted(folder.glob("points/*.toml")))
    for facility_type in {system.facility_type for system in point_systems}:
        same = [system.span for system in point_systems if system.facility_type == facility_type]
        _refuse_overlaps(same, folder / "points" / facility_type)
    return Regulation(
        number,
        about["title"],
        about["topics"],
        {name: tuple(kinds) for name, kinds in about.get("systems", {}).items()},
        versions,
        _read_provisions(number, folder),
        {name: _cited(Limit, name, table, number, folder) for name, table in limits.get("limit", {}).items()},
        {name: _cited(LegalDate, name, table, number, folder) for name, table in limits.get("date", {}).items()},
        _read_classes(limits["classes"], number, folder),
        point_systems,
        tuple(_read_deemed(table, number, folder) for table in about.get("deemed_licence", ())),
    )


def _read_deemed(table: Mapping[str, Any], number: str, folder: Path) -> DeemedLicence:
    citation = Citation(number, table["citation"])
    return row(DeemedLicence, table, f"{folder}/regulation.toml: deemed_licence", citation=citation)


def _read_provisions(number: str, folder: Path) -> tuple[Provision, ...]:
    path = folder / "provisions.toml"
    data = load(path)
    only(data, {"provision"}, str(path))
    return tuple(_read_provision(table, number, path) for table in data["provision"])


def _read_provision(table: Mapping[str, Any], number: str, path: Path) -> Provision:
    citation = Citation(number, table["citation"])
    status = Status(table["status"])
    provision = row(Provision, table, f"{path}: {citation}", citation=citation, status=status)
    if (status is Status.MODELLED) != bool(provision.by):
        raise LawFileError(f"{path}: {citation} names its functions exactly when it is modelled")
    if (status is Status.OUT_OF_SCOPE) != bool(provision.why):
        raise LawFileError(f"{path}: {citation} says why exactly when it is out of scope")
    return provision


def _read_classes(table: Mapping[str, Any], number: str, folder: Path) -> Classes:
    where = f"{folder}/limits.toml: classes"
    bands = tuple(row(Band, band, where) for band in table["bands"])
    return row(Classes, table, where, citation=Citation(number, table["citation"]), bands=bands)


def _cited(kind: type[Any], name: str, table: Mapping[str, Any], number: str, folder: Path) -> Any:
    citation = Citation(number, table["citation"])
    return row(kind, table, f"{folder}/limits.toml: {name}", name=name, citation=citation)


def _refuse_overlaps(spans: list[Span], where: Path) -> None:
    for earlier, later in pairwise(spans):
        if earlier.overlaps(later) or later.start < earlier.start:
            raise LawFileError(f"{where}: versions overlap or stand out of order")


def _span(first_day: date, last_day: date | None) -> Span:
    return Span(first_day, None if last_day is None else last_day + timedelta(days=1))
