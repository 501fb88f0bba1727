"""Forms about training: a session for many people, its correction, and what is due besides the hours."""

from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

import streamlit as st

from core.places import day_at
from core.sentences import in_english
from core.training_sessions import MINUTES, TrainingKind
from db.gate import Asker
from db.services import training, training_duties
from db.training_session_views import SessionRow
from db.training_views import FacilityYear, NoticeDue, Requested
from ui import paper, training_records, words
from ui.drafts import folded
from ui.forms import Form
from ui.markup import as_markdown
from ui.session import asker, asker_later

_MOST_DAYS = 10
_ONE_DAY: dict[str, object] = {"days": 1}
_SENT_AS = {"copies": "Copies of every session", "summaries": "Summaries by person and year"}
Held = Sequence[tuple[date | None, Decimal | None]]
Enter = Callable[[Held, str, str | None, Mapping[int, str]], object]


def record_session(found: FacilityYear) -> None:
    """A session, entered once for everybody who attended."""
    form = Form("training-session", suggested=_ONE_DAY, key=found.facility_id)
    _session(form, found, lambda *given: training.record(asker(), found.facility_id, *given),
             "Record the session", "The session is recorded for everybody who attended.")  # fmt: skip


def correct_session(found: FacilityYear, row: SessionRow) -> None:
    """What a session should have been: it takes the place of the one on record."""
    given: dict[str, object] = {
        "days": len(row.session.held),
        "subjects": row.session.subjects,
        "kind": row.session.kind.value,
        "attended": [str(one.person) for one in row.session.attended],
    }
    for number, one in enumerate(row.session.held, start=1):
        given |= {f"day_{number}": one.day, f"hours_{number}": _written(one.minutes)}
    given |= {f"position_{one.person}": one.position for one in row.session.attended}
    with folded("Correct this session", "training-correct", row.session_id):
        form = Form("training-correct", given, suggested=_ONE_DAY, key=row.session_id)
        _session(form, found, lambda *now: training.correct(asker(), row.session_id, *now),
                 "Correct the session", "The session is corrected; the former one stays on record.")  # fmt: skip


def withdraw(name: str, key: int, label: str, act: Callable[[str], object]) -> None:
    """Withdraws what was recorded by mistake, with the reason."""
    with folded(label, name, key):
        form = Form(name, key=key)
        reason = form.textarea("reason", "Why it is withdrawn", required=True)
        if form.submit(label, lambda: act(reason), primary=False):
            words.say_after_rerun(
                "It is withdrawn. It stays on record with your reason, and counts no more.", leads=True
            )
            st.rerun()


def names_of(found: FacilityYear) -> dict[str, str]:
    """Everybody on record by id, whoever is employed today first; those of one name are told apart."""
    named = Counter(found.names.values())
    in_order = sorted(found.names, key=lambda one: (one not in found.employed, found.names[one], one))
    return {
        str(one): found.names[one]
        if named[found.names[one]] == 1
        else f"{found.names[one]} ({found.positions[one]}, {one})"
        for one in in_order
    }


def _session(form: Form, found: FacilityYear, enter: Enter, label: str, done: str) -> None:
    days = form.number("days", "On how many days", least=1, most=_MOST_DAYS, required=True) or 1
    held = []
    for number in range(1, days + 1):
        which = f" {number}" if days > 1 else ""
        day = form.day(f"day_{number}", f"Day{which}", required=True, today=found.on, past=True)
        hours = form.decimal(f"hours_{number}", f"Hours{which}", least=0, most=24, required=True)
        held.append((day, hours))
    subjects = form.textarea("subjects", "Subjects covered", required=True)
    kinds = [kind.value for kind in TrainingKind]
    kind = form.select("kind", "Kind", kinds, shown=lambda one: TrainingKind(one).label, required=True)
    names = names_of(found)
    everybody = [str(one) for one in sorted(found.employed)]
    st.button("Choose everybody employed today", key=f"{form.name}.all", on_click=form.fill,
              args=("attended", everybody))  # fmt: skip
    attended = form.several("attended", "Who attended", list(names), shown=lambda one: names[one], required=True)
    positions = {int(one): "" for one in attended}
    if attended:
        with st.expander("In what position each attended", key=f"{form.name}.positions"):
            st.caption(
                "Where it is left empty, it is the position on record of the first of the session’s days on which "
                "the person is employed here. Of whoever is employed on none of them it is not known: enter it."
            )
            for one in attended:
                positions[int(one)] = form.text(f"position_{one}", f"Position of {as_markdown(names[one])}")
    if form.submit(label, lambda: enter(held, subjects, kind, positions)):
        words.say_after_rerun(done, leads=True)
        st.rerun()


def _written(minutes: int) -> str:
    """Minutes as hours, as the field takes them: every digit that is needed, and none of a third of an hour."""
    hours = Decimal(minutes) / MINUTES
    return f"{hours.normalize():f}"


# --- what is due besides the hours ----------------------------------------------------------------------------


def complete_from(found: FacilityYear) -> None:
    """Since when every session is on record: without it a short year is not known."""
    said = "Nobody has said since when every session is on record, so a year with few hours is “not known”."
    if found.complete_from is not None:
        said = f"Every session since {in_english(found.complete_from)} is on record, as was said."
    st.text(said)
    form = Form("training-complete", key=found.facility_id)
    day = form.day("complete_from", "Complete from", required=True,
                   help="from this day on every session of everybody is recorded here")  # fmt: skip
    if form.submit(
        "Say since when the records are complete",
        lambda: training_duties.record_complete(asker(), found.facility_id, day),
        primary=False,
    ):
        words.say_after_rerun("It is recorded, and every year is looked at again.", leads=True)
        st.rerun()


def notice_due(found: FacilityYear, due: NoticeDue) -> None:
    """The notice of an exempt year, as drafted from the records, and when it was sent."""
    by = f"by {in_english(due.due)}" if due.due else "at once, as the day for it has passed,"
    words.warning(f"Tell the Director {by} that {due.name}’s year {due.year} is exempt.")
    with folded("The notice from what is recorded, and when it was sent", "exempt-notice",
                f"{due.employee_id}-{due.year}"):  # fmt: skip
        st.text(due.words)
        form = Form("exempt-notice", key=f"{due.employee_id}-{due.year}")
        told_on = form.day("told_on", "Told on", required=True, today=found.on)
        if form.submit(
            "Record that the Director was told",
            lambda: training_duties.record_notice(asker(), found.facility_id, due.employee_id, due.year, told_on),
            primary=False,
        ):
            words.say_after_rerun("The notice is recorded.", leads=True)
            st.rerun()


def notices_sent(found: FacilityYear, *, records: bool) -> None:
    """The notices of exempt years that were sent."""
    for one in found.notices:
        st.text(f"The Director was told of {one.name}’s exempt year {one.year} on {in_english(one.told_on)}.")
        if one.because is not None:
            words.warning(f"That year is exempt no more, and its hours are owed. {one.because} Tell the Director.")
        if records:
            withdraw("exempt-withdraw", one.notice_id, "Withdraw this notice",
                     partial(training_duties.withdraw_notice, asker(), one.notice_id))  # fmt: skip


def requests(found: FacilityYear, *, records: bool) -> None:
    """The Director's requests, each with the records to send and when they were sent."""
    for one in found.requests:
        st.text(_asked(one))
        if one.sent_sha256:
            st.download_button(
                "Download what was sent",
                partial(_sent, asker_later(), one.request_id),
                f"training-sent-{one.sent_on}.csv",
                "text/csv",
                on_click="ignore",
                key=f"sent-copy-{one.request_id}",
            )
        else:
            _records(found, one.first_year, one.last_year, key=f"request-{one.request_id}")
        if records:
            _answer(one)
    if not records:
        return
    with folded("Record a request of the Director", "training-request", found.facility_id):
        _request(found)


def _sent(who: Callable[[], Asker], request_id: int) -> bytes:
    return BOM_UTF8 + training_duties.sent_copy(who(), request_id).encode()


def _asked(one: Requested) -> str:
    years = f"{one.first_year} to {one.last_year}" if one.first_year < one.last_year else str(one.first_year)
    due = f", by {in_english(one.due_on)}" if one.due_on else ""
    asked_by = f", through {one.asked_by}" if one.asked_by else ""
    said = f"On {in_english(one.requested_on)} the Director asked for the records of {years}{due}{asked_by}."
    said += f" {one.recorded_by} recorded it."
    if one.sent_on is None:
        return said
    said += f" Sent as {one.sent_as} on {in_english(one.sent_on)}, as {one.sent_by} recorded."
    return f"{said} The copy’s SHA-256 is {one.sent_sha256[:16]}…." if one.sent_sha256 else said


def _answer(one: Requested) -> None:
    if one.sent_on is None:
        with folded("Record that the records were sent", "training-sent", one.request_id):
            form = Form("training-sent", key=one.request_id)
            sent_on = form.day("sent_on", "Sent on", required=True, today=day_at(asker().at))
            sent_as = form.select("sent_as", "What was sent", list(_SENT_AS), shown=lambda key: _SENT_AS[key],
                                  required=True)  # fmt: skip
            if form.submit(
                "Record that they were sent",
                lambda: training_duties.record_sent(asker(), one.request_id, sent_on, sent_as),
                primary=False,
            ):
                words.say_after_rerun("It is recorded that the records were sent.", leads=True)
                st.rerun()
    withdraw("request-withdraw", one.request_id, "Withdraw this request",
             lambda reason: training_duties.withdraw_request(asker(), one.request_id, reason))  # fmt: skip


def _request(found: FacilityYear) -> None:
    this_year = found.on.year
    form = Form("training-request", suggested={"first_year": this_year, "last_year": this_year},
                key=found.facility_id)  # fmt: skip
    requested_on = form.day("requested_on", "Asked on", required=True, today=found.on)
    asked_by = form.text("asked_by", "Who asked", help="in the Director’s name, and how, where that is known")
    due_on = form.day("due_on", "To be sent by", help="where the Director named a day")
    first = form.number("first_year", "First year asked for", least=1990, most=this_year, required=True)
    last = form.number("last_year", "Last year asked for", least=1990, most=this_year, required=True)
    if form.submit(
        "Record the request",
        lambda: training_duties.record_request(
            asker(), found.facility_id, requested_on, due_on, first, last, asked_by
        ),
        primary=False,
    ):
        words.say_after_rerun("The request is recorded. Download its records here and send them.", leads=True)
        st.rerun()


def records_of(found: FacilityYear) -> None:
    """Copies and summaries of some years, as PDF and as Excel."""
    st.text("Every session with who attended in what position, and each person’s hours by year.")
    years = list(range(found.on.year, found.on.year - 10, -1))
    first = st.selectbox("From the year", years, years.index(found.year) if found.year in years else 0,
                         key=f"records-first-{found.facility_id}")  # fmt: skip
    last = st.selectbox("To the year", years, years.index(found.year) if found.year in years else 0,
                        key=f"records-last-{found.facility_id}")  # fmt: skip
    _records(found, min(first, last), max(first, last))


def _records(found: FacilityYear, since: int, until: int, key: str | None = None) -> None:
    who = asker_later()
    paper.buttons(
        f"training-{since}-{until}",
        lambda: training_records.of(training_duties.records(who(), found.facility_id, since, until)),
        primary=False,
        key=key,
    )
