"""What is due about training besides the hours: since when the records are complete, the notices to the Director
of exempt years (O. Reg. 129/04, s. 21 (1.3)), and the Director's requests for the records (s. 21 (4)).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from hashlib import sha256

from sqlalchemy import select

from core import entries
from core.certificate_applications import not_to_come
from core.findings import Verdict
from core.legislation import NotOnFile
from core.membership import Right
from core.places import day_at
from core.problems import Problem, raise_if_any, refuse
from core.roles import ACTING
from core.sentences import Sentence
from core.training import exempt_from_training
from db import (
    facility_people,
    facility_training,
    kept_findings,
    training_entries,
    training_session_views,
    training_views,
)
from db.facility_facts import must_be_of
from db.facility_training import FacilityTraining
from db.gate import NotAllowed, Work, service
from db.own_facilities import OFFICE, held, seen
from db.schema import Facility
from db.schema_training import ExemptNotice, TrainingComplete, TrainingRequest, TrainingSession
from db.training_copies import SENT_AS, Records, csv_of
from db.training_session_views import SessionRow
from db.training_views import PersonsYear

_FIRST_YEAR = 1990


@service(*ACTING, writes=True)
def record_complete(work: Work, facility_id: int, complete_from: date | None) -> None:
    """Records from which day on every session of a facility's people is on record; another day gives way."""
    facility = work.for_update(Facility, held(work, Right.RECORD, facility_id).facility.id)
    today = day_at(work.at, facility.time_zone)
    if complete_from is None:
        raise refuse("Enter the day from which on every session is on record.", field="complete_from")
    raise_if_any(not_to_come("complete_from", "The day", complete_from, today))
    standing = select(TrainingComplete).where(
        TrainingComplete.facility_id == facility.id, TrainingComplete.superseded_at.is_(None)
    )
    for before in work.session.scalars(standing):
        before.superseded_at = work.at
    work.session.add(
        TrainingComplete(
            facility_id=facility.id,
            complete_from=complete_from,
            recorded_at=work.at,
            recorded_by=work.account.id,
        )
    )
    work.record("training.complete_from", "facility", facility.id, day=complete_from.isoformat())
    kept_findings.retest(work, facility.id)


# --- notices to the Director ----------------------------------------------------------------------------------


@service(*ACTING, writes=True)
def record_notice(work: Work, facility_id: int, employee_id: int, year: int, told_on: date | None) -> int:
    """Records that the Director was told of an exempt year, with the notice as it was drafted. Returns its id."""
    facility = must_be_of(work, Right.RECORD, facility_id, employee_id)
    today = day_at(work.at, facility.time_zone)
    if told_on is None:
        raise refuse("Enter the day on which the Director was told.", field="told_on")
    raise_if_any(not_to_come("told_on", "The notice", told_on, today))
    people = {facility.id: facility_people.of_facility(work, facility)}
    found = facility_training.of_facilities(work, people)[facility.id]
    law = facility_training.law_for(facility.facility_type, year, today)
    if law is None or not law.has("exemption_notice"):
        raise refuse("The law of {year} asks for no such notice.", year=str(year))
    employee_id = found.people.persons[employee_id]
    if (employee_id, year) in found.recorded.told:
        raise refuse("This notice is recorded already. Look at what stands now.")
    try:
        exempt = exempt_from_training(year, found.recorded.workers[employee_id], law)
        words = training_views.notice_words(found, employee_id, year, law)
    except NotOnFile as missing:
        raise refuse("{why}", why=str(missing.sentence)) from missing
    if exempt.verdict is not Verdict.MET:
        raise refuse("The year {year} is not exempt, so no notice is due. {why}",
                     year=str(year), why=str(exempt.because))  # fmt: skip
    row = ExemptNotice(
        facility_id=facility.id,
        employee_id=employee_id,
        year=year,
        told_on=told_on,
        words=words,
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    work.record("exempt_notice.recorded", "facility", facility.id, notice=row.id, employee=employee_id, year=year)
    kept_findings.retest(work, facility.id)
    return row.id


@service(*ACTING, writes=True)
def withdraw_notice(work: Work, notice_id: int, reason: str) -> None:
    """Withdraws a notice that was recorded by mistake."""
    raise_if_any(entries.reason("reason", reason, what="why it is withdrawn"))
    row, facility = training_entries.standing(work, ExemptNotice, notice_id)
    training_entries.withdraw(work, row, reason)
    work.record("exempt_notice.withdrawn", "facility", facility.id, notice=row.id)
    kept_findings.retest(work, facility.id)


# --- requests of the Director ---------------------------------------------------------------------------------


@service(*ACTING, writes=True)
def record_request(
    work: Work,
    facility_id: int,
    requested_on: date | None,
    due_on: date | None,
    first_year: int | None,
    last_year: int | None,
    asked_by: str = "",
) -> int:
    """Records that the Director asked for the records of some years, by which day where one was named, and who
    asked in the Director's name. Returns the id of the request."""
    facility = held(work, Right.RECORD, facility_id).facility
    today = day_at(work.at, facility.time_zone)
    problems = not_to_come("requested_on", "The request", requested_on, today)
    if requested_on is None:
        problems.append(Problem("requested_on", Sentence("Enter the day of the request.")))
    if due_on is not None and requested_on is not None and due_on < requested_on:
        template = "{due} is before the request of {requested}. Correct one of them."
        problems.append(Problem("due_on", Sentence(template, due=due_on, requested=requested_on)))
    if first_year is None or last_year is None or not _FIRST_YEAR <= first_year <= last_year <= today.year:
        problems.append(Problem("first_year", Sentence("Enter the years asked for, the first one first.")))
    problems += entries.text("asked_by", "who asked", asked_by, entries.NAME_LENGTH, required=False)
    raise_if_any(problems)
    row = TrainingRequest(
        facility_id=facility.id,
        requested_on=requested_on,
        asked_by=entries.clean(asked_by),
        due_on=due_on,
        first_year=first_year,
        last_year=last_year,
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    work.record("training_request.recorded", "facility", facility.id, request=row.id)
    kept_findings.retest(work, facility.id)
    return row.id


@service(*ACTING, writes=True)
def record_sent(work: Work, request_id: int, sent_on: date | None, sent_as: str | None) -> None:
    """Records when the records were sent to the Director, and whether as copies or as summaries; keeps them as
    they stand now, with their hash."""
    row, facility = training_entries.standing(work, TrainingRequest, request_id)
    if row.sent_on is not None:
        raise refuse("This was recorded as sent on {day} already.", day=row.sent_on)
    problems = not_to_come("sent_on", "The sending", sent_on, day_at(work.at, facility.time_zone))
    if sent_on is None or sent_on < row.requested_on:
        template = "Enter the day on which they were sent: {requested} or later."
        problems.append(Problem("sent_on", Sentence(template, requested=row.requested_on)))
    if sent_as not in SENT_AS:
        problems.append(Problem("sent_as", Sentence("Choose what was sent: copies or summaries.")))
    raise_if_any(problems)
    row.sent_on, row.sent_as = sent_on, str(sent_as)
    row.sent_recorded_at, row.sent_recorded_by = work.at, work.account.id
    row.sent_copy = csv_of(_records(work, facility, row.first_year, row.last_year), row.sent_as)
    row.sent_sha256 = sha256(row.sent_copy.encode()).hexdigest()
    work.record("training_request.sent", "facility", facility.id, request=row.id, sha256=row.sent_sha256)
    kept_findings.retest(work, facility.id)


@service(*ACTING, writes=True)
def withdraw_request(work: Work, request_id: int, reason: str) -> None:
    """Withdraws a request that was recorded by mistake."""
    raise_if_any(entries.reason("reason", reason, what="why it is withdrawn"))
    row, facility = training_entries.standing(work, TrainingRequest, request_id)
    training_entries.withdraw(work, row, reason)
    work.record("training_request.withdrawn", "facility", facility.id, request=row.id)
    kept_findings.retest(work, facility.id)


@service(*ACTING, *OFFICE, shows_personal_data=True)
def sent_copy(work: Work, request_id: int) -> str:
    """What was sent to the Director, as it was kept: CSV."""
    row = work.session.get(TrainingRequest, request_id)
    if row is None or not row.sent_copy:
        raise NotAllowed
    facility = seen(work, Right.RECORD, row.facility_id)
    work.record("training_request.copy_shown", "facility", facility.id, request=row.id)
    return row.sent_copy


@service(*ACTING, *OFFICE, shows_personal_data=True)
def records(work: Work, facility_id: int, first_year: int, last_year: int) -> Records:
    """The records of some years, for the Director: every session, and each person's hours by year."""
    facility = seen(work, Right.RECORD, facility_id)
    today = day_at(work.at, facility.time_zone)
    if not _FIRST_YEAR <= first_year <= last_year <= today.year:
        raise refuse("Enter the years asked for, the first one first.")
    work.record("training_records.made", "facility", facility.id, first=first_year, last=last_year)
    return _records(work, facility, first_year, last_year)


def _records(work: Work, facility: Facility, first_year: int, last_year: int) -> Records:
    people = {facility.id: facility_people.of_facility(work, facility)}
    found = facility_training.of_facilities(work, people)[facility.id]
    years: list[PersonsYear] = []
    not_on_file = []
    for year in range(first_year, last_year + 1):
        shown = training_views.view(work, found, year)
        years += sorted(shown.people, key=lambda row: (row.name, row.employee_id))
        if shown.not_on_file is not None:
            not_on_file.append(shown.not_on_file)
    sessions = _sessions(work, facility, first_year, last_year)
    return Records(
        facility.name,
        facility.ministry_number or "",
        first_year,
        last_year,
        day_at(work.at, facility.time_zone),
        sessions,
        _named_as_attended(found, years, sessions),
        tuple(not_on_file),
    )


def _named_as_attended(
    found: FacilityTraining, years: Iterable[PersonsYear], sessions: Iterable[SessionRow]
) -> tuple[PersonsYear, ...]:
    """Each person by the name of the last of these sessions: the records name who was trained (reading R81)."""
    names = {found.people.persons.get(who.person): who.name for row in sessions for who in row.session.attended}
    return tuple(replace(one, name=names.get(one.employee_id, one.name)) for one in years)


def _sessions(work: Work, facility: Facility, first_year: int, last_year: int) -> tuple[SessionRow, ...]:
    """The sessions that a facility has on record with a day in these years, in order of time."""
    rows = work.session.scalars(
        select(TrainingSession).where(
            TrainingSession.facility_id == facility.id,
            facility_training.standing(),
            TrainingSession.id.in_(training_entries.sessions_in(first_year, last_year)),
        )
    ).all()
    shown = training_session_views.sessions(work, [(row, facility.name) for row in rows])
    return tuple(sorted(shown, key=lambda row: (row.session.held[0].day, row.session_id)))
