"""Strikes and emergencies of a facility: what is recorded, and where the owner answers what the law asks then."""

from collections.abc import Iterable
from datetime import date

import streamlit as st

from core.calendar import Span
from core.disruption_entries import MOST_MONTHS
from core.emergencies import Way, asked_of
from core.findings import Verdict
from core.legislation import law
from core.responsibility import About
from core.sentences import in_english
from core.submissions import Kind, contents_of
from db.disruption_views import Noted
from db.disruption_words import Draft
from db.people_views import PeopleOfFacility
from db.services import disruptions, responsibility
from ui import links, people_timeline, tables, words
from ui.drafts import folded
from ui.forms import Form
from ui.session import asker

TITLE = "Strikes and emergencies"
_ASKED = frozenset({
    "emergency", "shortage", "necessary", "emergency_way", "practitioner", "experience", "trained", "fits",
    "only_there", "not_taken_away",
})  # fmt: skip
_SENT = "director_submission"
_YES_OR_NO = {"yes": True, "no": False}
_FITS = {
    Way.MANAGER: "Directly manages or supervises licensed operators",
    Way.STAFF: "Does maintenance, or gives technical support to the operation",
}


def asks(found: PeopleOfFacility) -> bool:
    """Whether a finding of the day waits for what is said here."""
    return any(need.key in _ASKED for one, _ in found.findings for need in one.finding.needs)


def draw(found: PeopleOfFacility, *, records: bool) -> None:
    """What is recorded of strikes and emergencies, and the forms of whoever records."""
    recorded = found.disruptions
    if not (records or recorded.every or recorded.decided):
        return
    st.subheader(TITLE, anchor=False)
    if not recorded.every:
        st.text("No strike, lock-out or emergency is on record.")
    _table("Emergencies", recorded.emergencies, found)
    _table("Who serves in an emergency", recorded.worked, found)
    _table("Strikes and lock-outs", recorded.strikes, found)
    _decided(found)
    _table("Handed in to the Director", recorded.submissions, found)
    if recorded.keep_until:
        st.text(f"Keep the records behind the report through {in_english(recorded.keep_until)} (s. 23 (7)).")
    for one in recorded.submissions:
        if one.words:
            with st.expander(
                f"Text as it was handed in on {in_english(one.span.start)}", key=f"words-{one.fact_id}"
            ):
                st.text(one.words)
    if records:
        _forms(found)


def _forms(found: PeopleOfFacility) -> None:
    id = found.facility_id
    with folded("Say what is so of an emergency", "emergency", id):
        _emergency(id)
    if found.employees:
        with folded("Say who serves in an emergency", "emergency-work", id):
            _worker(found)
    with folded("Record a strike or lock-out", "strike", id):
        _strike(id)
    if found.disruptions.drafts:
        with folded("Record what was handed in to the Director", "submission", id):
            _submission(found)
    _end(found)


def _table(title: str, rows: Iterable[Noted], found: PeopleOfFacility) -> None:
    """What is recorded, each row headed by whose it is; a column that says nothing is left out."""
    shown = [
        {
            "Name": one.name,
            "What": one.what,
            **_days(one),
            "Details": one.reason,
            "Recorded": people_timeline.by_whom(one.recorded_at, one.recorded_by, found.on),
        }
        for one in rows
    ]
    if shown:
        heads = [head for head in shown[0] if any(row[head] for row in shown)]
        tables.plain(title, [{head: row[head] for head in heads} for row in shown])


def _decided(found: PeopleOfFacility) -> None:
    """What the Director decided of strikes; the reasons stand with all decisions about the facility."""
    rows = [
        {
            "Provision": str(one.citation),
            "Decision": "Granted" if one.granted else "Refused or ended",
            "Decided on": one.decided_on,
            "From": people_timeline.first_day(one.period),
            "Through": people_timeline.last_day(one.period),
            "Strikes on record in these days": _strikes_in(one.period, found),
        }
        for one in found.disruptions.decided
    ]
    if rows:
        tables.plain("Decided by the Director about strikes", rows)
        links.to("Read the reasons: standing of the facility", "facility", key="strikes", id=found.facility_id)


def _strikes_in(period: Span, found: PeopleOfFacility) -> str:
    """Their legal dates: a decision is made for days, and names no strike."""
    strikes = sorted(one.span.start for one in found.disruptions.strikes if one.span.overlaps(period))
    return "; ".join(f"from {in_english(first)}" for first in strikes) or "None"


def _days(one: Noted) -> dict[str, str]:
    """From when to when; of what was handed in, when it was sent."""
    first = people_timeline.first_day(one.span)
    if one.table == _SENT:
        return {"Sent on": first}
    return {"From": first, "Through": people_timeline.last_day(one.span)}


def _said(form: Form, field: str, label: str, *, help: str = "", required: bool = False) -> bool | None:
    """Yes, no, or not said."""
    chosen = form.select(field, label, list(_YES_OR_NO), shown=str.capitalize, help=help, required=required)
    return None if chosen is None else _YES_OR_NO[chosen]


def _emergency(facility_id: int) -> None:
    st.text(
        "Section 23 lets you employ people without a licence while an emergency is declared under the Emergency "
        "Management and Civil Protection Act, or its orders remain in place, and operators are critically short."
    )
    form = Form("emergency", key=facility_id)
    declared = _said(form, "declared", "An emergency was declared that could harm the operation", required=True)
    declared_by = nature = grounds = ""
    shortage = necessary = None
    if declared is not False:
        declared_by = form.text("declared_by", "By whom", required=declared is True)
        nature = form.textarea("nature", "How it could harm the operation", required=declared is True)
        shortage = _said(form, "shortage", "Licensed operators are critically short, or about to be")
        necessary = _said(form, "necessary", "Others are needed to operate safely and protect the waters")
        grounds = form.textarea("grounds", "On which grounds you believe it")
    first = form.day("first", "First day", required=True)
    last = form.day("last", "Last day", help="empty while it goes on")
    if form.submit(
        "Record the emergency",
        lambda: disruptions.record_emergency(
            asker(), facility_id, declared, declared_by, nature, shortage, necessary, grounds, first, last
        ),
        primary=False,
    ):
        words.say_after_rerun("It is recorded, and what rests on it is tested again.", leads=True)
        st.rerun()


def _worker(found: PeopleOfFacility) -> None:
    days = law("129/04").limit("emergency_notice_days").value
    st.text(
        "Whoever serves without the licence that is needed has to be one of these; only the first two may be "
        f"overall responsible or in charge. Within {days} days of the first one the Director is told."
    )
    form = Form("emergency-work", key=found.facility_id)
    who = form.one_of("employee_id", "Who", {str(one.employee_id): one.name for one in found.employees})
    way = form.select(
        "way",
        "The first of these that the person is",
        list(Way),
        shown=lambda one: one.label,
        required=True,
        help="paragraphs of s. 23 (1)",
    )
    experience = trained = fits = only_there = None
    asked = asked_of(way)
    if "experience" in asked:
        experience = form.number(
            "experience",
            "Months of experience in this type of facility",
            least=0,
            most=MOST_MONTHS,
            help="on the first day",
        )
    if "trained" in asked:
        trained = _said(form, "trained", "Trained on the duties by a licensed operator or a person of paragraph 2")
    if "fits" in asked:
        fits = _said(form, "fits", _FITS[Way(str(way))])
    if "only_there" in asked:
        only_there = _said(form, "only_there", "Operates only where, or the type at which, they are employed")
    clear = _said(form, "clear", "No licence or certificate is cancelled, revoked or suspended", help="s. 23 (4)")
    details = form.textarea("details", "How the person meets it", required=True, help="the report repeats it")
    duties = form.textarea("duties", "Operating duties")
    first = form.day("first", "First day", required=True)
    last = form.day("last", "Last day", help="empty while it goes on")
    if form.submit(
        "Record who it is",
        lambda: disruptions.employ_in_emergency(
            asker(),
            found.facility_id,
            int(who),
            way,
            details,
            first,
            last,
            duties=duties,
            experience=experience,
            trained=trained,
            fits=fits,
            only_there=only_there,
            clear=clear,
        ),
        primary=False,
    ):
        name = next(one.name for one in found.employees if str(one.employee_id) == who)
        said = f"It is recorded, and what rests on it is tested again. {_not_met(found.facility_id, name, first)}"
        words.say_after_rerun(said.strip(), leads=True)
        st.rerun()


def _not_met(facility_id: int, name: str, first: date | None) -> str:
    """That somebody does not meet s. 23 as it was just recorded of them, and why; "" where that is not so."""
    every = responsibility.people(asker(), facility_id, first).findings
    of_them = (one.finding for one, who in every if one.about is About.LICENSED and who == name)
    failed = next((one for one in of_them if one.verdict is Verdict.NOT_MET), None)
    if failed is None:
        return ""
    parts = (one for one in failed.walk() if one.verdict is Verdict.NOT_MET and not one.parts)
    of_paragraph = [str(one.because) for one in parts if "para." in one.citation.provision]
    return f"But {name} may not serve as recorded: {' '.join(of_paragraph) or failed.because}"


def _strike(facility_id: int) -> None:
    days = law("129/04").limit("strike_plan_days").value
    st.text(f"The strike and lock-out plan is due at least {days} days before the legal date (s. 16 (2)).")
    form = Form("strike", key=facility_id)
    first = form.day("first", "Legal date of the strike or lock-out", required=True)
    last = form.day("last", "Last day", help="empty where no end is known")
    if form.submit(
        "Record the strike or lock-out",
        lambda: disruptions.record_strike(asker(), facility_id, first, last),
        primary=False,
    ):
        words.say_after_rerun("It is recorded. Hand the plan in by the day that is named above.", leads=True)
        st.rerun()


def _submission(found: PeopleOfFacility) -> None:
    drafts = {f"{one.kind}:{one.of_day}": one for one in found.disruptions.drafts}
    texts = {f"words-{key}": one.words for key, one in drafts.items()}
    form = Form("submission", suggested=texts, key=found.facility_id)
    chosen = form.one_of("kind", "What was handed in", {key: _about(one) for key, one in drafts.items()})
    draft = drafts.get(chosen)
    text, contents = "", None
    if draft is not None:
        if draft.words:
            st.text("Draft, from what is recorded. Change it to the text that was really sent.")
        text = form.textarea(f"words-{chosen}", "Text as it was sent", help="empty where it is kept elsewhere")
        contents = _contents(form, draft.kind)
    sent_on = form.day("sent_on", "Handed in on", required=True)

    def act() -> None:
        assert draft is not None  # noqa: S101 - the form says that one has to be chosen
        disruptions.record_submission(
            asker(), found.facility_id, draft.kind, draft.of_day, sent_on, contents, text
        )

    if form.submit("Record that it was handed in", act, primary=False):
        words.say_after_rerun("That it was handed in is recorded.", leads=True)
        st.rerun()


def _contents(form: Form, kind: Kind) -> list[str] | None:
    """What it says of what it has to say; None: that is not known, or it has to say nothing."""
    named = {one.id: f"{one.words} ({one.provision})" for one in contents_of(kind)}
    if not named or not _said(form, "known", "It is known what it says", help="else that stays a question"):
        return None
    return form.several("contents", "What it says", list(named), shown=named.__getitem__,
                        help="all else it does not say")  # fmt: skip


def _about(draft: Draft) -> str:
    of = "strike of" if draft.kind is Kind.STRIKE_PLAN else "emergency from"
    return f"{draft.kind.label}: {of} {in_english(draft.of_day)}"


def _end(found: PeopleOfFacility) -> None:
    """Ends what goes on: an emergency, somebody's work in one, a strike."""
    shown = found.disruptions
    rows = (*shown.emergencies, *shown.worked, *shown.strikes)
    open_ = {
        f"{one.table}:{one.fact_id}": said(one) for one in rows if one.span.end is None or one.span.end > found.on
    }
    if not open_:
        return
    with folded("Record its end", "end-disruption", found.facility_id):
        form = Form("end-disruption", key=found.facility_id)
        table, _, id = form.one_of("entry", "What ends", open_).partition(":")
        last = form.day("last", "Its last day", required=True)
        if form.submit("Record the end", lambda: disruptions.end(asker(), table, int(id), last), primary=False):
            words.say_after_rerun("The end is recorded, and what rests on it is tested again.", leads=True)
            st.rerun()


def said(one: Noted) -> str:
    """One of what is recorded, in a line."""
    name = f"{one.name}, " if one.name else ""
    return f"{name}{_days_in_a_line(one)}: {one.what}"


def _days_in_a_line(one: Noted) -> str:
    first = people_timeline.first_day(one.span)
    if one.table == _SENT:
        return f"sent on {first}"
    return f"from {first}, " + (
        "no end named" if one.span.last is None else f"through {in_english(one.span.last)}"
    )
