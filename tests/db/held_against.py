"""What is kept, held against the rules: findings, how facilities stand, what the page of a facility reads of them
today, and the numbers of the managers' page."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta

from sqlalchemy import select

from core import records
from core.calendar import Span
from core.compliance import Answer
from core.facilities import FacilityType
from core.findings import Finding, Verdict
from core.places import day_at
from core.records import OF_SHIFTS, About
from core.responsibility import findings_on
from core.standings import Qualified, Standing, qualified, standing
from db import (
    day_answers,
    facility_people,
    facility_training,
    kept_findings,
    kept_records,
    kept_shifts,
    kept_whole,
    log_views,
)
from db.facility_people import FacilityPeople
from db.facility_training import OF_MANUALS, OF_TRAINING, FacilityTraining
from db.gate import Asker, Portal, Work, unattended
from db.people_schema import KeptFinding
from db.province import Behind, Near, Trained
from db.province_schema import FacilityStanding
from db.schema import Facility
from db.schema_training import KeptRecordFinding
from db.services import province

Key = tuple[str, int | None] | str  # of a finding about people: about, whom; of one about records: its place
_SOON = timedelta(days=90)


def hold(portal: Portal, at: datetime, manager: Asker, *, after_a_night: bool) -> None:
    """Every facility's kept findings say what those from scratch say, and each number of the managers' page is a
    count over those. Shifts are held against their log after a night, which alone tests them."""
    with unattended(portal, at) as work:
        facilities = work.session.scalars(select(Facility).order_by(Facility.id)).all()
        people = facility_people.of_facilities(work, facilities)
        training = facility_training.of_facilities(work, people)
        found = {}
        for one in facilities:
            today = day_at(at, one.time_zone)
            scratch = dict(from_scratch(people[one.id], training[one.id], today))
            shifts = _kept_shifts(work, one)
            if after_a_night:
                assert shifts.keys() == _missing_shifts(work, one, today), one.id
            _hold_findings(work, one, scratch, today)
            _hold_standing(work, one, scratch, shifts, today, after_a_night=after_a_night)
            found[one.id] = scratch
        standings = {
            one.id: standing(FacilityType(one.facility_type), _verdicts(found[one.id], _kept_shifts(work, one)))
            for one in facilities
        }
        may = {one.id: _qualified(people[one.id], day_at(at, one.time_zone)) for one in facilities}
    today = day_at(at)
    assert province.counts(manager).by_standing == dict.fromkeys(Standing, 0) | Counter(standings.values())
    assert {one.facility_id: one.standing for one in province.facilities(manager).rows} == standings
    alone = [one for one in may.values() if one is not None and one.count == 1]
    soon = [one for one in alone if one.lapses_on is not None and one.lapses_on <= today + _SOON]
    assert province.near(manager) == {Near.ONE: len(alone), Near.SOON: len(soon)}
    assert province.training(manager) == {one: _trained(found, one, today) for one in Behind}


def hold_page(portal: Portal, at: datetime, facility_id: int) -> None:
    """What the page of a facility reads of today is what the rules say of today, with parts, questions, readings
    and days; whatever was not tested today is tested by the look, which is taken back here."""
    with suppress(_TakenBack), unattended(portal, at) as work:
        facility = work.session.get_one(Facility, facility_id)
        today = day_at(at, facility.time_zone)
        as_kept = kept_findings.are_of_today(work, facility)
        people = facility_people.of_facilities(work, [facility])
        training = facility_training.of_facilities(work, people)[facility_id]
        assert as_kept
        read = {one.key: _shown(one) for one in day_answers.as_kept(work, training, today)}
        assert read == {one.key: _shown(one) for one in day_answers.by_rules(training, today)}
        raise _TakenBack


class _TakenBack(Exception):
    """Nothing of the transaction stays."""


def _shown(one: Answer) -> object:
    return one.topic, one.name, one.of, kept_whole.to_values(one.finding)


def from_scratch(people: FacilityPeople, training: FacilityTraining, today: date) -> Iterator[tuple[Key, Finding]]:
    """The findings of a day about a facility's people, training and manuals, as the rules make them."""
    law = kept_findings.law_of(people.facility, today)
    for one in findings_on(people.recorded, law) if law else ():
        yield (one.about.value, one.person), one.finding
    law = facility_training.law_today(people.facility.facility_type, today)
    requests = iter(training.requests)
    for found in records.findings_on(training.recorded, law) if law else ():
        if found.about in OF_TRAINING | OF_MANUALS:
            of_id = next(requests).id if found.about is About.REQUEST else found.id
            yield kept_records.place_of(found, of_id), found.finding


def _hold_findings(work: Work, facility: Facility, scratch: Mapping[Key, Finding], today: date) -> None:
    of_it = KeptRecordFinding.facility_id == facility.id, KeptRecordFinding.about.not_in(OF_SHIFTS)
    kept: dict[Key, KeptFinding | KeptRecordFinding] = {
        row.place: row for row in work.session.scalars(select(KeptRecordFinding).where(*of_it))
    }
    for row in work.session.scalars(select(KeptFinding).where(KeptFinding.facility_id == facility.id)):
        kept[row.about, row.employee_id] = row
    says = {key: (row.verdict, row.provision) for key, row in kept.items()}
    should = {key: (one.verdict.value, one.citation.provision) for key, one in scratch.items()}
    assert says == should, sorted(map(str, says.items() ^ should.items()))
    for key, one in kept.items():
        until = scratch[key].until
        assert one.until is None or one.until > today, key
        assert until is None or (one.until is not None and one.until <= until), key
        assert one.since <= today, key
        if one.tested_at == work.at:
            assert one.because == str(scratch[key].because), key
            assert one.whole == kept_whole.to_values(scratch[key]), key
        if isinstance(one, KeptRecordFinding):
            assert one.due == scratch[key].due, key


def _hold_standing(
    work: Work,
    facility: Facility,
    scratch: Mapping[Key, Finding],
    shifts: Mapping[str, Verdict],
    today: date,
    *,
    after_a_night: bool,
) -> None:
    row = work.session.get_one(FacilityStanding, facility.id)
    verdicts = list(_verdicts(scratch, shifts))
    assert row.standing == standing(FacilityType(facility.facility_type), verdicts)
    assert row.not_met == verdicts.count(Verdict.NOT_MET)
    untils = [
        until
        for table in (KeptFinding, KeptRecordFinding)
        for until in work.session.scalars(select(table.until).where(table.facility_id == facility.id))
    ]
    assert row.changes_on == min(filter(None, untils), default=None)
    assert row.test_on is None or row.test_on > today or not after_a_night


def _verdicts(scratch: Mapping[Key, Finding], shifts: Mapping[str, Verdict]) -> Iterable[Verdict]:
    return (*(one.verdict for one in scratch.values()), *shifts.values())


def _kept_shifts(work: Work, facility: Facility) -> dict[str, Verdict]:
    of_it = KeptRecordFinding.facility_id == facility.id, KeptRecordFinding.about.in_(OF_SHIFTS)
    rows = work.session.scalars(select(KeptRecordFinding).where(*of_it))
    return {row.place: Verdict(row.verdict) for row in rows}


def _missing_shifts(work: Work, facility: Facility, today: date) -> set[str]:
    """What does not hold of the shifts of the last week, as the log has them."""
    law = facility_training.law_today(facility.facility_type, today)
    week = Span(today - timedelta(days=7), today)
    found = log_views.findings_of(work, facility, week, law) if law else ()
    return {kept_shifts.place_of(one) for one in found if one.finding.verdict is Verdict.NOT_MET}


def _qualified(people: FacilityPeople, today: date) -> Qualified | None:
    law = kept_findings.law_of(people.facility, today)
    return qualified(people.recorded, law) if law else None


def _trained(found: Mapping[int, Mapping[Key, Finding]], behind: Behind, today: date) -> Trained:
    """The facilities, and the operators of each, of whom some year of training is so."""
    facilities, operators = 0, 0
    for scratch in found.values():
        years = [
            (key.split(":")[1], one) for key, one in scratch.items()
            if isinstance(key, str) and key.startswith(f"{About.TRAINING}:")
        ]  # fmt: skip
        of_them = {person for person, one in years if _is(one, behind)}
        dues = [one.due for _, one in years if one.due is not None and _is(one, Behind.SHORT)]
        if of_them and (behind is not Behind.SHORT or min(dues) <= today + _SOON):
            facilities, operators = facilities + 1, operators + len(of_them)
    return Trained(facilities, operators)


def _is(one: Finding, behind: Behind) -> bool:
    if behind is Behind.BEHIND:
        return one.verdict is Verdict.NOT_MET
    if behind is Behind.SHORT:
        return one.verdict is Verdict.MET and one.due is not None
    return one.verdict in (Verdict.UNKNOWN, Verdict.DIRECTOR)
