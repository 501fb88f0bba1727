"""Findings about a facility as they are kept: tested again when a fact changes or their day has come, and whoever
must know is told in one mail what no longer holds.

All are kept by one mechanism (db.kept_rows). What is tested together is a part: people, training and manuals,
section 4, the log.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum, auto

from sqlalchemy import Select, exists, select, union
from sqlalchemy.orm import InstrumentedAttribute

from core.application import law_of_people
from core.calendar import next_edge
from core.membership import Right
from core.places import day_at
from core.roles import Role
from core.standings import qualified
from db import (
    facility_people,
    facility_records,
    facility_training,
    holders,
    kept_log,
    kept_people,
    kept_records,
    kept_rows,
    kept_section_4,
    members,
    standings,
)
from db.facility_people import FacilityPeople, PeopleFact
from db.gate import Work
from db.kept_rows import Lapse, Part, fingerprint
from db.log_schema import LogHead
from db.own_facilities import relation_stands
from db.people_schema import Employee, Employment
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


class Of(Enum):
    """What a changed fact bears on, where that is not all that is kept of a facility."""

    PEOPLE = auto()  # those named, the facility, and whoever is in charge
    TRAINING = auto()  # of those named, and the manuals
    SECTION_4 = auto()
    LOG = auto()


@dataclass
class Retest:
    """What a test of several facilities found: how many were tested, and what no longer holds."""

    tested: int = 0
    lapses: list[Lapse] = field(default_factory=list)


def retest(work: Work, *facility_ids: int) -> None:
    """Has facilities tested again in the transaction that changed a fact of them, once, before it ends."""
    work.before_the_end(_retest, facility_ids)


def retest_of(work: Work, facility_id: int, *employee_ids: int, training: bool = False) -> None:
    """The same where what changed is of the facility and of these employees alone, and is neither a class nor a
    licence: nobody else's licence or copy is asked about, and nobody's training but theirs, where told so."""
    of = (Of.PEOPLE, Of.TRAINING) if training else (Of.PEOPLE,)
    work.before_the_end(_retest_of, [(facility_id, one, who) for one in of for who in employee_ids or (None,)])


def retest_section_4(work: Work, facility_id: int) -> None:
    """The same where what changed is an application, or where the certificate hangs."""
    work.before_the_end(_retest_of, [(facility_id, Of.SECTION_4, None)])


def retest_log(work: Work, facility_id: int) -> None:
    """The same where what changed is the log, or what is recorded of it."""
    work.before_the_end(_retest_of, [(facility_id, Of.LOG, None)])


def retest_people(work: Work, person_ids: Iterable[int]) -> None:
    """The same for every facility where one of these people is on record as employed: a licence was changed."""
    for some in _in_batches(sorted(set(person_ids))):
        there = select(Employment.facility_id).join(Employee, Employee.id == Employment.employee_id)
        retest(work, *sorted(set(work.session.scalars(there.where(holders.is_one_of(some))))))


def retest_owned(work: Work, organization_id: int) -> None:
    """The same for the facilities of an organization: a conditional licence names its owner."""
    its = FacilityRelation.organization_id == organization_id
    stands = relation_stands(day_at(work.at))
    retest(work, *work.session.scalars(select(FacilityRelation.facility_id).where(its, stands).distinct()))


def retest_all(work: Work) -> None:
    """The same for every facility of whose people findings are kept: the listing of operators is another."""
    retest(
        work,
        *work.session.scalars(
            select(FacilityStanding.facility_id).where(FacilityStanding.fingerprint.is_not(None))
        ),
    )


def retest_due(work: Work) -> Retest:
    """Tests every facility again whose day has come, or whose facts have changed elsewhere, and the logs whose day
    has come; tells in one mail. What is not due is not read."""
    today, since = day_at(work.at), work.at - _LATELY  # who was employed in that very moment was perhaps not seen
    classified = _written_since(FacilityClassification, FacilityClassification.facility_id, since)
    due = set(work.session.scalars(union(*standings.to_test(today, fingerprint()), *classified)))
    due |= _licensed_since(work, since)
    logs = set(work.session.scalars(select(LogHead.facility_id).where(LogHead.test_on <= today)))
    found = Retest()
    for some in _in_batches(sorted(due)):
        _test(work, some, found, night=True)
    for some in _in_batches(sorted(logs - due)):
        _test_of(work, {one: {Of.LOG: set()} for one in some}, found, night=True)
    _tell(work, found.lapses)
    return found


def answer_for(work: Work, facility: Facility, day: date) -> bool:
    """Whether what is kept of a facility answers for a day: for today, where anything is kept. It is of today
    then, since a sentence may count days up to that of its test: what was tested whole on an earlier day, by other
    rules or another listing is tested now. The facility is locked: facts read after this are of the same moment.
    """
    today = day_at(work.at, facility.time_zone)
    if day != today:
        return False
    work.for_update(Facility, facility.id)
    row = work.session.get(FacilityStanding, facility.id)
    if row is None or row.fingerprint is None:
        return False
    tested_on = day_at(row.tested_at, facility.time_zone) if row.tested_at else None
    if tested_on != today or standings.is_to_test(work, facility, today, fingerprint()):
        _retest(work, [facility.id])
    return True


def _licensed_since(work: Work, since: datetime) -> set[int]:
    """The facilities where somebody is employed of whom a licence was changed since."""
    people = union(*_written_since(Credential, Credential.person_id, since))
    there = select(Employment.facility_id).join(Employee, Employee.id == Employment.employee_id)
    found: set[int] = set()
    for some in _in_batches(sorted(work.session.scalars(people))):
        found.update(work.session.scalars(there.where(holders.is_one_of(some))))
    return found


def _written_since(
    table: type[Credential | FacilityClassification], column: InstrumentedAttribute[int], since: datetime
) -> tuple[Select[int], Select[int]]:
    ids = select(column)
    return ids.where(table.recorded_at > since), ids.where(table.superseded_at > since)


def _retest(work: Work, facility_ids: list[int]) -> None:
    """Tests facilities, and tells what no longer holds in one mail a reader."""
    found = Retest()
    for some in _in_batches(sorted(facility_ids)):
        _test(work, some, found)
    _tell(work, found.lapses)


def _retest_of(work: Work, changed: list[tuple[int, Of, int | None]]) -> None:
    """Tests what changed of facilities, and tells what no longer holds in one mail a reader."""
    named: dict[int, dict[Of, set[int]]] = defaultdict(lambda: defaultdict(set))
    for facility_id, of, employee_id in changed:
        named[facility_id][of] |= {employee_id} if employee_id is not None else set()
    found = Retest()
    _test_of(work, named, found)
    _tell(work, found.lapses)


def _locked(work: Work, facility_ids: Collection[int]) -> Sequence[Facility]:
    work.session.flush()
    locked = select(Facility).where(Facility.id.in_(facility_ids)).order_by(Facility.id)
    return work.session.scalars(locked.with_for_update(key_share=True)).all()


def _in_batches(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _test(work: Work, facility_ids: Collection[int], result: Retest, *, night: bool = False) -> None:
    """Tests all that is kept of facilities. All is read before anything is written."""
    facilities = _locked(work, facility_ids)
    if not facilities:
        return
    people = facility_people.of_facilities(work, facilities)
    training = facility_training.of_facilities(work, people)
    records = facility_records.of_facilities(work, facilities)
    heads = kept_log.heads_of(work, facilities)
    kept = kept_rows.of_facilities(work, [one.id for one in facilities])
    parts = [
        part
        for one in facilities
        for part in (
            kept_people.test(work, people[one.id], kept[one.id], None),
            kept_records.test(work, training[one.id], None),
            kept_section_4.test(work, one, records[one.id], night=night),
            kept_log.test(work, one, heads.get(one.id), kept[one.id], night=night),
        )
    ]
    _keep(work, parts, kept, result)
    standings.keep(work, {one: _tested(work, people[one.id]) for one in facilities}, fingerprint())
    result.tested += len(facilities)


def _test_of(
    work: Work, changed: Mapping[int, Mapping[Of, set[int]]], result: Retest, *, night: bool = False
) -> None:
    """Tests some of what is kept of facilities, and of whom; all of one of which nothing is kept yet."""
    facilities = _locked(work, changed)
    kept = kept_rows.of_facilities(work, changed)
    _test(work, [one.id for one in facilities if not kept[one.id]], result, night=night)
    tested = [one for one in facilities if kept[one.id]]
    of = {one: [facility for facility in tested if one in changed[facility.id]] for one in Of}
    people = facility_people.of_facilities(work, of[Of.PEOPLE]) if of[Of.PEOPLE] else {}
    trained = {one.id: people[one.id] for one in of[Of.TRAINING]}
    training = facility_training.of_facilities(work, trained) if trained else {}
    records = facility_records.of_facilities(work, of[Of.SECTION_4]) if of[Of.SECTION_4] else {}
    heads = kept_log.heads_of(work, of[Of.LOG]) if of[Of.LOG] else {}
    parts = [
        *(kept_people.test(work, one, kept[id], changed[id][Of.PEOPLE]) for id, one in people.items()),
        *(kept_records.test(work, one, changed[id][Of.TRAINING]) for id, one in training.items()),
        *(kept_section_4.test(work, one, records[one.id], night=night) for one in of[Of.SECTION_4]),
        *(kept_log.test(work, one, heads.get(one.id), kept[one.id], night=night) for one in of[Of.LOG]),
    ]
    _keep(work, parts, kept, result)
    asked = {one: _tested(work, people[one.id]) if one.id in people else None for one in tested}
    standings.keep(work, asked)


def _keep(work: Work, parts: Iterable[Part], kept: Mapping[int, kept_rows.Kept], result: Retest) -> None:
    for part in parts:
        result.lapses += kept_rows.keep(work, kept[part.facility.id], part)


def _tested(work: Work, people: FacilityPeople) -> standings.Tested:
    """Who may be overall responsible there today, and the next day of a fact: of what nobody knows yet, and of an
    employment to come, nothing is kept that has a day of its own."""
    today = day_at(work.at, people.facility.time_zone)
    law = law_of_people(people.facility.facility_type, today)
    if law is None:
        return standings.Tested()
    facts: tuple[PeopleFact, ...] = (*people.employments, *people.designations, *people.functions)
    spans = (facility_people.span(one) for one in (*facts, *people.disruptions.facts))
    edge = next_edge(spans, today)
    return standings.Tested(qualified(people.recorded, law), edge)


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
