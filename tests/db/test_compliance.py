"""The page of a facility reads of today what is kept, whole; of other days the rules are asked."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core import responsibility
from core.calendar import Span
from core.citations import Citation
from core.findings import Decision, Finding, Question, Verdict
from core.roles import Role
from core.sentences import Sentence
from db import day_answers, facility_standings, kept_whole
from db.gate import Portal
from db.log_answers import LogAnswers
from db.province_schema import FacilityStanding, KeptFinding
from db.services import compliance
from tests.db import staffed
from tests.db.people import NOON, signed_in


def never(*_: object) -> None:
    raise AssertionError("the rules were asked")


def test_a_finding_is_kept_whole() -> None:
    by, day = Citation("129/04", "s. 15 (6)"), date(2026, 11, 3)
    decision = Decision(by, True, "D. Rector", day, "No other way.", Span(day, date(2027, 1, 1)))
    part = Finding(
        Citation("129/04", "s. 15 (4)"),
        Verdict.UNKNOWN,
        Sentence("{days} days count {so}.", days=1200, so="{so}"),
        needs=(Question("days", Sentence("Is every day on record?"), "officer"),),
        readings=("R6", "R20"),
        until=day,
    )
    other = replace(part, citation=Citation("435/93", "s. 14"), verdict=Verdict.MET, due=day, needs=())
    whole = Finding(by, Verdict.DIRECTOR, part.because, parts=(part, other), decision=decision)
    read = kept_whole.from_values(kept_whole.to_values(whole))
    assert kept_whole.to_values(read) == kept_whole.to_values(whole)
    assert [str(one.because) for one in read.walk()] == ["1\u202f200 days count {so}."] * 3
    assert read.decision == decision
    assert [one.citation for one in read.walk()] == [one.citation for one in whole.walk()]
    assert (read.parts[0].needs, read.parts[1].due) == (
        (Question("days", read.parts[0].needs[0].asks, "officer"),),
        day,
    )


def test_the_page_of_today_asks_no_rule(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once all was tested today; what it reads is all that is kept, word by word, and nothing else."""
    ids = staffed.fill(portal, 12)
    manager = signed_in(portal, Role.MANAGER)
    tomorrow = NOON.date() + timedelta(days=1)
    by_rules = {id: {one.key for one in compliance.on_day(manager, id, tomorrow).answers} for id in ids}
    for rules, of in ((day_answers, "by_rules"), (LogAnswers, "of_day"), (facility_standings, "section_4")):
        monkeypatch.setattr(rules, of, never)
    compared = 0
    for id in ids:
        with portal.database.transaction(writes=False) as session:
            rows = session.scalars(select(KeptFinding).where(KeptFinding.facility_id == id)).all()
        answers = compliance.on_day(manager, id).answers
        assert sorted(one.because for one in rows) == sorted(str(one.finding.because) for one in answers)
        assert {one.key for one in answers} >= by_rules[id]
        compared += len(rows)
    assert compared > 150


def test_the_first_look_of_a_day_has_what_is_kept_be_of_that_day(portal: Portal) -> None:
    """A sentence may name or count up to the day of its test, while the verdict stays and no night tests it."""
    (id,) = staffed.fill(portal, 1)
    later = NOON + timedelta(days=3)
    manager = signed_in(portal, Role.MANAGER, at=later)
    compliance.on_day(manager, id, date(2026, 1, 5))  # of another day nothing is tested
    with portal.database.transaction(writes=False) as session:
        assert session.get_one(FacilityStanding, id).tested_at == NOON
    compliance.on_day(manager, id)
    with portal.database.transaction(writes=False) as session:
        assert session.get_one(FacilityStanding, id).tested_at == later
        rows = session.scalars(select(KeptFinding).where(KeptFinding.facility_id == id)).all()
        assert {one.tested_on for one in rows} == {later.date()}


def test_where_nothing_is_kept_the_rules_are_asked_and_nothing_is_tested(portal: Portal) -> None:
    """How the province stands is not another because somebody looked at a facility that was never assessed."""
    (id,) = staffed.fill(portal, 1, tested=False)
    found = compliance.on_day(signed_in(portal, Role.MANAGER), id)
    assert any(one.about == responsibility.About.OVERALL for one in found.answers)
    with portal.database.transaction(writes=False) as session:
        assert session.get_one(FacilityStanding, id).fingerprint is None
