"""What is kept, held against the rules: findings, how facilities stand, what the page of a facility reads of them
today, and the numbers of the managers' page."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta

from sqlalchemy import select

from core.application import law_of_people
from core.compliance import CLASSIFIED, Answer, topic_of
from core.facilities import FacilityType
from core.findings import Finding, Verdict
from core.places import day_at
from core.records import About
from core.standings import Qualified, Standing, counts, qualified, standing
from db import day_answers, kept_findings, kept_log, kept_people, kept_records, kept_whole
from db.day_answers import Facts
from db.facility_people import FacilityPeople
from db.facility_standings import findings_of, governing_law
from db.gate import Asker, Portal, Work, unattended
from db.kept_rows import place_of
from db.province import Behind, Near, Trained
from db.province_schema import FacilityStanding, KeptFinding
from db.schema import Facility
from db.services import province

Scratch = Mapping[str, tuple[str, Finding]]  # by place: what a finding is about, and itself
_SOON = timedelta(days=90)


def hold(portal: Portal, at: datetime, manager: Asker, *, after_a_night: bool) -> None:
    """Every facility's kept findings say what those from scratch say, and each number of the managers' page is a
    count over those."""
    with unattended(portal, at) as work:
        facilities = work.session.scalars(select(Facility).order_by(Facility.id)).all()
        recorded = day_answers.facts_of(work, *facilities)
        found, may, standings = {}, {}, {}
        for one in facilities:
            facts, today = recorded[one.id], day_at(at, one.time_zone)
            scratch = {place: (about, finding) for place, about, finding in from_scratch(facts, today)}
            _hold_findings(work, one, scratch, today)
            _hold_standing(work, one, scratch, today, after_a_night=after_a_night)
            found[one.id], may[one.id] = scratch, _qualified(facts.people, today)
            standings[one.id] = standing(FacilityType(one.facility_type), _that_count(scratch))
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
        as_kept = kept_findings.answer_for(work, facility, today)
        facts = day_answers.facts_of(work, facility)[facility_id]
        assert as_kept
        read = list(day_answers.as_kept(work, facts, today))
        by_rules = [*day_answers.by_rules(facts, today), *(one.answer for one in facts.log.of_day(today))]
        assert sorted(map(_shown, read), key=repr) == sorted(map(_shown, by_rules), key=repr)
        assert _of_section_4(read) == _of_section_4(by_rules), "in the order of the law"
        raise _TakenBack


class _TakenBack(Exception):
    """Nothing of the transaction stays."""


def _shown(one: Answer) -> object:
    return one.key, one.topic, one.name, one.of, kept_whole.to_values(one.finding)


def _of_section_4(answers: Iterable[Answer]) -> list[object]:
    return [_shown(one) for one in answers if one.topic == topic_of(CLASSIFIED)]


def from_scratch(facts: Facts, today: date) -> Iterator[tuple[str, str, Finding]]:
    """The findings of a day about a facility as the rules make them: the place of each, what it is about, and
    itself."""
    several = Counter[str]()
    for one in findings_of(facts.records, governing_law(facts.facility, today))[0]:
        several[one.citation.provision] += 1
        by = one.citation.provision
        yield f"{CLASSIFIED}:{by}:{several[by]}", CLASSIFIED, one
    for of_people in kept_people.found_on(facts.people, today):
        yield place_of(of_people.about, of_people.person), of_people.about.value, of_people.finding
    for found, of_id in kept_records.found_on(facts.training, today):
        yield place_of(found.about, of_id, found.year), found.about.value, found.finding
    for stretch in facts.log.of_day(today):
        answer = stretch.answer
        yield answer.about, answer.about.split(":")[0], answer.finding


def _hold_findings(work: Work, facility: Facility, scratch: Scratch, today: date) -> None:
    rows = work.session.scalars(select(KeptFinding).where(KeptFinding.facility_id == facility.id))
    kept = {row.place: row for row in rows}
    says = {place: (row.about, row.verdict, row.provision) for place, row in kept.items()}
    should = {place: (about, one.verdict.value, one.citation.provision) for place, (about, one) in scratch.items()}
    assert says == should, sorted(map(str, says.items() ^ should.items()))
    for place, row in kept.items():
        _, finding = scratch[place]
        until = finding.until
        if row.about not in kept_log.ABOUT:  # a log's day stands in its head
            assert row.until is None or row.until > today, place
            assert until is None or (row.until is not None and row.until <= until), place
        assert row.since <= today, place
        if row.tested_at == work.at:
            assert row.because == str(finding.because), place
            assert row.whole == kept_whole.to_values(finding), place
            assert row.due == finding.due, place


def _hold_standing(work: Work, facility: Facility, scratch: Scratch, today: date, *, after_a_night: bool) -> None:
    row = work.session.get_one(FacilityStanding, facility.id)
    verdicts = list(_that_count(scratch))
    assert row.standing == standing(FacilityType(facility.facility_type), verdicts)
    assert row.not_met == verdicts.count(Verdict.NOT_MET)
    untils = work.session.scalars(
        select(KeptFinding.until).where(
            KeptFinding.facility_id == facility.id,
            KeptFinding.about.not_in(kept_log.ABOUT) | (KeptFinding.verdict == Verdict.NOT_MET.value),
        )
    )
    assert row.changes_on == min(filter(None, untils), default=None)
    assert row.test_on is None or row.test_on > today or not after_a_night


def _that_count(scratch: Scratch) -> Iterable[Verdict]:
    return [one.verdict for about, one in scratch.values() if counts(about, one.verdict)]


def _qualified(people: FacilityPeople, today: date) -> Qualified | None:
    law = law_of_people(people.facility.facility_type, today)
    return qualified(people.recorded, law) if law else None


def _trained(found: Mapping[int, Scratch], behind: Behind, today: date) -> Trained:
    """The facilities, and the operators of each, of whom some year of training is so."""
    facilities, operators = 0, 0
    for scratch in found.values():
        years = [
            (place.split(":")[1], one) for place, (about, one) in scratch.items()
            if about == About.TRAINING
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
