"""Findings about a facility's people and records as they are kept: tested again when a fact changes or their day
has come, and whoever must know is told in one mail what no longer holds.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Select, exists, select, union
from sqlalchemy.orm import InstrumentedAttribute

import core
from core.application import governing
from core.calendar import next_edge
from core.designations import Basis
from core.findings import Finding, Verdict
from core.legislation import Law, NotOnFile
from core.membership import Right
from core.places import day_at
from core.responsibility import OF_DISRUPTIONS, About, Found, findings_on, since
from core.roles import Role
from core.sentences import in_english
from core.standings import qualified
from db import facility_people, kept_records, kept_shifts, kept_whole, members, standings
from db.disruption_schema import DirectorSubmission
from db.disruptions import DisruptionFact
from db.facility_people import FacilityPeople, PeopleFact
from db.gate import Work
from db.own_facilities import relation_stands
from db.people_schema import (
    DirectorNotice,
    Employee,
    Employment,
    KeptFinding,
)
from db.province_schema import FacilityStanding
from db.schema import (
    Account,
    AccountRole,
    Credential,
    Facility,
    FacilityClassification,
    FacilityRelation,
)

_AT_ONCE = 100
_LATELY = timedelta(days=2)
_Key = tuple[str, int | None]
_OF_LICENCES = frozenset({About.LICENSED.value, About.DISPLAYED.value})


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


@dataclass
class Retest:
    """What a test of several facilities found: how many were tested, and what no longer holds."""

    tested: int = 0
    lapses: list[Lapse] = field(default_factory=list)


def law_of(facility: Facility, day: date) -> Law | None:
    """The law on a facility's people on a day; None where none is on file, or it is not modelled yet (128/04)."""
    return law_of_type(facility.facility_type, day)


def law_of_type(facility_type: str, day: date) -> Law | None:
    """The same of any facility of a type."""
    try:
        law = governing(facility_type, day)
    except NotOnFile:
        return None
    return law if law.has("overall_responsible") else None


def retest(work: Work, *facility_ids: int) -> None:
    """Has facilities tested again in the transaction that changed a fact of them, once, before it ends."""
    work.before_the_end(_retest, facility_ids)


def retest_of(work: Work, facility_id: int, *employee_ids: int, training: bool = False) -> None:
    """The same where what changed is of the facility and of these employees alone, and is neither a class nor a
    licence: nobody else's licence or copy is asked about, and nobody's training but theirs, where told so."""
    work.before_the_end(_retest_of, [(facility_id, one, training) for one in employee_ids or (None,)])


def retest_people(work: Work, person_ids: Iterable[int]) -> None:
    """The same for every facility where one of these people is on record as employed: a licence was changed."""
    for some in _in_batches(sorted(set(person_ids))):
        there = select(Employment.facility_id).join(Employee, Employee.id == Employment.employee_id)
        retest(work, *sorted(set(work.session.scalars(there.where(facility_people.is_one_of(some))))))


def retest_owned(work: Work, organization_id: int) -> None:
    """The same for the facilities of an organization: a conditional licence names its owner."""
    its = FacilityRelation.organization_id == organization_id
    stands = relation_stands(day_at(work.at))
    retest(work, *work.session.scalars(select(FacilityRelation.facility_id).where(its, stands).distinct()))


def retest_all(work: Work) -> None:
    """The same for every facility of whose people findings are kept: the listing of operators is another."""
    retest(work, *work.session.scalars(select(KeptFinding.facility_id).distinct()))


def retest_due(work: Work) -> Retest:
    """Tests every facility again whose day has come, or whose facts have changed elsewhere, and the shifts of the
    last days; tells in one mail. What is not due is not read."""
    since = work.at - _LATELY  # whoever was employed in that very moment was perhaps not seen by what changed it
    classified = _written_since(FacilityClassification, FacilityClassification.facility_id, since)
    due = set(work.session.scalars(union(*standings.to_test(day_at(work.at), fingerprint()), *classified)))
    due |= _licensed_since(work, since)
    of_shifts = kept_shifts.test(work, fingerprint())
    found = _retest(work, sorted(due.union(of_shifts.changed)), [Lapse(*one) for one in of_shifts.worse])
    of_shifts.keep_days(work)
    return found


def are_of_today(work: Work, facility: Facility) -> bool:
    """Has what is kept of a facility be of today, since a sentence may count days up to that of its test: what was
    tested whole on an earlier day, by other rules or another listing is tested now. False: nothing is kept."""
    row = work.session.get(FacilityStanding, facility.id)
    if row is None or row.fingerprint is None:
        return False
    today = day_at(work.at, facility.time_zone)
    tested_on = day_at(row.tested_at, facility.time_zone) if row.tested_at else None
    if tested_on != today or standings.is_to_test(work, facility, today, fingerprint()):
        _retest(work, [facility.id])
    return True


@cache
def fingerprint() -> str:
    """What tells the rules and the law on file from those of another version of the portal."""
    folder = Path(core.__file__).parent
    files = sorted(path for kind in ("*.py", "*.toml") for path in folder.rglob(kind))
    return sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:16]


def _licensed_since(work: Work, since: datetime) -> set[int]:
    """The facilities where somebody is employed of whom a licence was changed since."""
    people = union(*_written_since(Credential, Credential.person_id, since))
    there = select(Employment.facility_id).join(Employee, Employee.id == Employment.employee_id)
    found: set[int] = set()
    for some in _in_batches(sorted(work.session.scalars(people))):
        found.update(work.session.scalars(there.where(facility_people.is_one_of(some))))
    return found


def _written_since(
    table: type[Credential | FacilityClassification], column: InstrumentedAttribute[int], since: datetime
) -> tuple[Select[int], Select[int]]:
    ids = select(column)
    return ids.where(table.recorded_at > since), ids.where(table.superseded_at > since)


def _retest(work: Work, facility_ids: list[int], lapses: Iterable[Lapse] = ()) -> Retest:
    """Tests facilities, and tells what no longer holds, with what was found before, in one mail a reader."""
    work.session.flush()
    found = Retest(lapses=list(lapses))
    for some in _in_batches(sorted(facility_ids)):
        _test(work, _locked(work, some), found)
    _tell(work, found.lapses)
    return found


def _retest_of(work: Work, changed: list[tuple[int, int | None, bool]]) -> Retest:
    """Tests facilities and who of them is named, and tells what no longer holds in one mail a reader."""
    work.session.flush()
    named: dict[int, set[int]] = defaultdict(set)
    for facility_id, employee_id, _ in changed:
        named[facility_id] |= {employee_id} if employee_id is not None else set()
    facilities = _locked(work, sorted(named))
    kept = _kept(work, list(named))
    found = Retest()
    _test(work, [one for one in facilities if not kept[one.id]], found)  # the first test is of everybody
    tested = [one for one in facilities if kept[one.id]]
    recorded = facility_people.of_facilities(work, tested)
    trained = {id: named[id] for id, _, training in changed if training and id in recorded}
    of_records = kept_records.test(work, {id: recorded[id] for id in trained}, fingerprint(), trained)
    for facility in tested:
        people = recorded[facility.id]
        of = {people.persons.get(one, one) for one in named[facility.id]} | named[facility.id]
        found.lapses += _keep(work, people, kept[facility.id], of)
    found.lapses += (Lapse(*one) for one in of_records)
    standings.keep(work, {one: _tested(work, recorded[one.id]) for one in tested})
    _tell(work, found.lapses)
    return found


def _locked(work: Work, facility_ids: list[int]) -> Sequence[Facility]:
    locked = select(Facility).where(Facility.id.in_(facility_ids)).order_by(Facility.id)
    return work.session.scalars(locked.with_for_update(key_share=True)).all()


def _kept(work: Work, facility_ids: list[int]) -> dict[int, dict[_Key, KeptFinding]]:
    kept: dict[int, dict[_Key, KeptFinding]] = defaultdict(dict)
    for row in work.session.scalars(select(KeptFinding).where(KeptFinding.facility_id.in_(facility_ids))):
        kept[row.facility_id][row.about, row.employee_id] = row
    return kept


def _in_batches(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _test(work: Work, facilities: Sequence[Facility], result: Retest) -> None:
    if not facilities:
        return
    recorded = facility_people.of_facilities(work, facilities)
    ids = [one.id for one in facilities]
    kept = _kept(work, ids)
    of_records = kept_records.test(work, recorded, fingerprint(), None)  # reads; so before anything is written
    for facility in facilities:
        result.lapses += _keep(work, recorded[facility.id], kept[facility.id])
    result.lapses += (Lapse(*one) for one in of_records)
    standings.keep(work, {one: _tested(work, recorded[one.id]) for one in facilities}, fingerprint())
    result.tested += len(ids)


def _tested(work: Work, people: FacilityPeople) -> standings.Tested:
    """Who may be overall responsible there today, and the next day of a fact: of what nobody knows yet, and of an
    employment to come, nothing is kept that has a day of its own."""
    today = day_at(work.at, people.facility.time_zone)
    law = law_of(people.facility, today)
    if law is None:
        return standings.Tested()
    facts: tuple[PeopleFact, ...] = (*people.employments, *people.designations, *people.functions)
    spans = (facility_people.span(one) for one in (*facts, *people.disruptions.facts))
    edge = next_edge(spans, today)
    return standings.Tested(qualified(people.recorded, law), edge)


def _keep(
    work: Work, people: FacilityPeople, kept: dict[_Key, KeptFinding], of: set[int] | None = None
) -> Iterator[Lapse]:
    """Keeps the findings of today in place of those before; of: of whom the licence and its display are tested,
    where not of everybody."""
    facility = people.facility
    today = day_at(work.at, facility.time_zone)
    law = law_of(facility, today)
    every = findings_on(people.recorded, law, of) if law is not None else ()
    found = {(one.about.value, one.person): one for one in every}
    if of is not None:
        kept = {key: row for key, row in kept.items() if key[0] not in _OF_LICENCES or key[1] in of}
    for key in kept.keys() - found.keys():
        work.session.delete(kept[key])
    if law is None:
        return
    facts = _Facts(people)
    for key, one in found.items():
        row = kept.get(key)
        found_on = row.since if row is not None else today
        new = row is None and bool(kept)  # a facility that was never tested has nothing that it could lose
        if (row is not None and _is_worse(row, one.finding)) or (new and _is_due_unasked(work, facts, one)):
            name = people.names[one.person] if one.person is not None else ""
            work.record("finding.lapsed", "facility", facility.id, about=one.about, employee=one.person)
            found_on = since(people.recorded, one, law, found_on)
            yield Lapse(facility, name, one.finding, found_on)
        elif row is not None and row.verdict != one.finding.verdict.value:
            found_on = today
        _write(work, row, _values(work, facts, one, found_on, today))


def _is_due_unasked(work: Work, facts: "_Facts", found: Found) -> bool:
    """What was planned does not hold on the day on which it begins: of what is being recorded in this very
    transaction the page says it."""
    if found.finding.verdict is not Verdict.NOT_MET and found.finding.due is None:
        return False
    return all(one.recorded_at != work.at for one in facts.of(found))


def _is_worse(before: KeptFinding, finding: Finding) -> bool:
    """What was met or open no longer holds, or a notice has fallen due, for the first time or again."""
    if finding.due is not None:
        return before.because != str(finding.because)
    if finding.verdict is Verdict.NOT_MET:
        return before.verdict != Verdict.NOT_MET.value
    return before.verdict == Verdict.MET.value and finding.verdict in (Verdict.UNKNOWN, Verdict.DIRECTOR)


class _Facts:
    """The facts of a facility's people by the person."""

    def __init__(self, people: FacilityPeople) -> None:
        self.people = people
        self._of_each: dict[int, list[PeopleFact]] = defaultdict(list)
        for one in people.facts:
            self._of_each[people.persons[one.employee_id]].append(one)

    def of(self, found: Found) -> Sequence[PeopleFact | DirectorNotice | DisruptionFact | DirectorSubmission]:
        """The facts that a finding rests on: those of its person, or for the facility those of its days."""
        disruptions = self.people.disruptions
        if found.about in OF_DISRUPTIONS:
            return (*disruptions.facts, *disruptions.submissions)
        if found.person is not None:
            return self._of_each[found.person]
        if found.about is not About.NOTICE:
            return self.people.facts
        return (
            *(one for one in self.people.designations if one.basis == Basis.STAND_IN),
            *self.people.notices,
        )


def _values(work: Work, facts: _Facts, found: Found, found_on: date, today: date) -> dict[str, Any]:
    """A kept finding by its columns."""
    finding = found.finding
    return {
        "facility_id": facts.people.facility.id,
        "about": found.about.value,
        "employee_id": found.person,
        "regulation": finding.citation.regulation,
        "provision": finding.citation.provision,
        "verdict": finding.verdict.value,
        "because": str(finding.because),
        "whole": kept_whole.to_values(finding),
        "rests_on": [[one.__tablename__, one.id] for one in facts.of(found)],
        "since": found_on,
        "until": finding.until,
        "tested_on": today,
        "tested_at": work.at,
        "fingerprint": fingerprint(),
    }


def _write(work: Work, row: KeptFinding | None, values: dict[str, Any]) -> None:
    """Keeps a finding anew; of a row that stands only what is another is written."""
    if row is None:
        work.session.add(KeptFinding(**values))
        return
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


# --- telling ------------------------------------------------------------------------------------------------


def _tell(work: Work, lapses: list[Lapse]) -> None:
    """One mail a reader: whoever records for the facility, and every officer."""
    if not lapses:
        return
    by_reader: dict[Account, list[Lapse]] = dict.fromkeys(_officers(work), lapses)
    for facility_id in sorted({one.facility.id for one in lapses}):
        of_it = [one for one in lapses if one.facility.id == facility_id]
        for reader in _of_the_facility(work, facility_id):
            by_reader[reader] = [*by_reader.get(reader, ()), *of_it]
    mails = {
        reader: {"lapses": [list(line) for line in dict.fromkeys(tuple(one.line) for one in told)]}
        for reader, told in by_reader.items()
    }
    work.mail_all("no_longer_holds", mails)


def _officers(work: Work) -> list[Account]:
    holds = exists().where(
        AccountRole.account_id == Account.id, AccountRole.role == Role.OFFICER, AccountRole.ended_at.is_(None)
    )
    return list(work.session.scalars(select(Account).where(Account.state == "active", holds).order_by(Account.id)))


def _of_the_facility(work: Work, facility_id: int) -> list[Account]:
    holding = select(FacilityRelation.organization_id).where(
        FacilityRelation.facility_id == facility_id, relation_stands(day_at(work.at))
    )
    organizations = sorted(set(work.session.scalars(holding)))
    return [account for one in organizations for account in members.holders(work, Right.RECORD, one, facility_id)]
