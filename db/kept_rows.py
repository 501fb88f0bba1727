"""Findings as they are kept of a facility, whatever they are about: those of today take the place of those before,
and what no longer holds, or falls due, is told.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select

import core
from core.findings import Finding, Verdict
from core.sentences import in_english
from db import kept_whole
from db.gate import Work
from db.province_schema import KeptFinding
from db.schema import Facility

Kept = Mapping[str, KeptFinding]  # of one facility, by place


@dataclass(frozen=True)
class Tested:
    """A finding of today: about what, and of whom or which year; its facts by table and id.

    until: the first day on which it is tested again, where that is not the finding's own. of: who acts, where the
    facility's answer turns on that. name: of a shift; who or what an id means is looked up. called: its name in a
    mail.
    """

    about: str
    finding: Finding
    rests_on: list[list[str | int]] = field(default_factory=list)
    of_id: int | None = None
    year: int | None = None
    place: str = ""
    until: date | None = None
    name: str = ""
    called: str = ""

    @property
    def key(self) -> str:
        """What tells it from the other findings of its facility."""
        return self.place or place_of(self.about, self.of_id, self.year)


@dataclass(frozen=True)
class Part:
    """The findings of today about some of what is kept of a facility.

    replaces: which of the rows that are kept they take the place of. worse: what of them no longer holds or falls
    due, and is told; since: from which day on. silent: what is found counts as told already.
    """

    facility: Facility
    today: date
    found: Collection[Tested]
    replaces: Callable[[KeptFinding], bool]
    worse: Callable[[KeptFinding | None, Tested], bool]
    since: Callable[[KeptFinding | None, Tested], date]
    silent: bool = False


@dataclass(frozen=True)
class Lapse:
    """What no longer holds, or falls due: at which facility, of whom ("": the facility), since when, and why."""

    facility: Facility
    name: str
    finding: Finding
    since: date

    @property
    def line(self) -> list[str]:
        """The line as the mail's template takes it."""
        about = f"{self.facility.name}, {self.name}" if self.name else self.facility.name
        return [about, str(self.finding.citation), in_english(self.since), str(self.finding.because)]


def place_of(about: str, of_id: int | None = None, year: int | None = None) -> str:
    """What tells a finding from the others of its facility: no two have the same."""
    return f"{about}:{of_id or ''}:{year or ''}"


@cache
def fingerprint() -> str:
    """What tells the rules and the law on file from those of another version of the portal."""
    folder = Path(core.__file__).parent
    files = sorted(path for kind in ("*.py", "*.toml") for path in folder.rglob(kind))
    return sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:16]


def of_facilities(work: Work, facility_ids: Collection[int]) -> Mapping[int, Kept]:
    """All that is kept of each of some facilities."""
    kept: dict[int, dict[str, KeptFinding]] = defaultdict(dict)
    for row in work.session.scalars(select(KeptFinding).where(KeptFinding.facility_id.in_(facility_ids))):
        kept[row.facility_id][row.place] = row
    return kept


def keep(work: Work, kept: Kept, part: Part) -> Iterator[Lapse]:
    """Keeps the findings of a part in place of those before; of a row that stands only what is another is
    written. Yields what is to be told."""
    found = {one.key: one for one in part.found}
    for place, row in kept.items():
        if place not in found and part.replaces(row):
            work.session.delete(row)
    for place, one in found.items():
        before = kept.get(place)
        same = before is not None and before.verdict == one.finding.verdict.value
        made = _values(work, part, one)
        if before is not None and same:
            made |= {"since": before.since, "told_on": before.told_on}
        if part.silent:
            made["told_on"] = part.today
        if part.worse(before, one):
            made |= {"since": part.since(before, one), "told_on": part.today}
            work.record(
                "finding.lapsed", "facility", part.facility.id, about=one.about, of=one.of_id, year=one.year
            )
            yield Lapse(part.facility, one.called, one.finding, made["since"])
        if before is None:
            work.session.add(KeptFinding(**made))
            continue
        for name, value in made.items():
            if getattr(before, name) != value:
                setattr(before, name, value)


def no_longer_holds(before: KeptFinding | None, finding: Finding) -> bool:
    """What was met or open does not stand any more, or is not known."""
    if before is None:
        return False
    if finding.verdict is Verdict.NOT_MET:
        return before.verdict != Verdict.NOT_MET.value
    return before.verdict == Verdict.MET.value and finding.verdict in (Verdict.UNKNOWN, Verdict.DIRECTOR)


def since_its_day(today: date) -> Callable[[KeptFinding | None, Tested], date]:
    """From the day on which the finding before was to be tested again, where that has come; else from today."""

    def since(before: KeptFinding | None, _: Tested) -> date:
        return before.until if before and before.until and before.until <= today else today

    return since


def _values(work: Work, part: Part, one: Tested) -> dict[str, Any]:
    """A kept finding by its columns."""
    finding = one.finding
    return {
        "facility_id": part.facility.id,
        "place": one.key,
        "about": one.about,
        "of_id": one.of_id,
        "year": one.year,
        "name": one.name,
        "regulation": finding.citation.regulation,
        "provision": finding.citation.provision,
        "verdict": finding.verdict.value,
        "because": str(finding.because),
        "whole": kept_whole.to_values(finding),
        "rests_on": one.rests_on,
        "since": part.today,
        "until": one.until or finding.until,
        "due": finding.due,
        "told_on": None,
        "tested_on": part.today,
        "tested_at": work.at,
        "fingerprint": fingerprint(),
    }
