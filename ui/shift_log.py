"""How a shift log is drawn: shifts, entries with who wrote them and when, and what the law asks."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

import streamlit as st

from core.findings import Verdict
from core.legislation import Law, law, regulations
from core.log_chain import DUTIES, Content, Entry, Kind
from core.places import OFFICE_TIME_ZONE, TIME_ZONES, day_at, local
from core.records import Found
from core.sentences import in_english
from core.shifts import Shift
from db.log_views import LogOfFacility
from ui import findings, words
from ui.markup import Markup, html, joined, markup

FIELDS: Mapping[Kind, Mapping[str, str]] = {
    Kind.BEGAN: {"text": "Number or name of the shift"},
    Kind.ENDED: {},
    Kind.OPERATORS: {"operators": "Operators on duty"},
    Kind.DEPARTURE: {"text": "What departed from normal procedures"},
    Kind.INSTRUCTION: {"text": "Special instruction", "by": "Who gave it"},
    Kind.CONDITION: {
        "text": "Unusual or abnormal condition",
        "action": "Action that was taken, or that none was",
        "conclusions": "Conclusions, or that there are none",
    },
    Kind.EQUIPMENT: {
        "text": "Equipment out of service",
        "action": "Action to maintain or repair it, or that none was taken",
    },
    Kind.ADJUSTMENT: {"text": "Adjustment, and to which process"},
    Kind.STATUS: {"text": "Status of the equipment"},
    Kind.NOTE: {"text": "Note"},
    **{duty: {"text": "Was it met"} for duty in DUTIES},
}
ASKED = tuple(kind for kind in Kind if kind not in (Kind.BEGAN, Kind.ENDED, Kind.NOTE, *DUTIES))
_TOPICS = (
    "log_provided",
    "log_order",
    "log_writers",
    "log_makers",
    "shift_record",
    "log_kept",
    "duties_in_charge",
)
FIRST_DAY = date(1990, 1, 1)  # that can be chosen
_OLDER_DAY = date(2004, 1, 1)  # O. Reg. 435/93 answers for it
_PERIOD = (
    "O. Reg. 435/93, s. 20 (5), para. 1 speaks of the time period of a shift where O. Reg. 129/04, s. 19 (5), "
    "para. 1 speaks of when it began and ended. What is written here answers both."
)


def when(moment: datetime, zone: str) -> str:
    """A moment by the facility's clock, with its zone where it is not the office's."""
    said = in_english(local(moment, zone))
    if zone == OFFICE_TIME_ZONE:
        return said
    return f"{said} ({TIME_ZONES.get(zone, zone)})"


def name_of(shift: Shift, zone: str) -> str:
    """A shift in a line: its designation, from when to when; or that it was none."""
    if shift.withdrawn:
        return f"{shift.designation}: {when(shift.began, zone)}, entered by mistake"
    ended = f"to {when(shift.ended, zone)}" if shift.ended else "not ended"
    return f"{shift.designation}: {when(shift.began, zone)}, {ended}"


def said(content: Content, kind: Kind) -> tuple[str, ...]:
    """What an entry says, a line a field."""
    if content.nothing:
        return ("Nothing to report.",)
    if kind is Kind.OPERATORS:
        return (", ".join(content.operators),)
    more = (
        ("Given by", content.by),
        ("Action" if kind in (Kind.CONDITION, Kind.EQUIPMENT) else "", content.action),
        ("Conclusions", content.conclusions),
    )
    return tuple(one for one in (content.text, *(f"{name}: {value}" for name, value in more if value)) if one)


def remarks(
    entry: Entry, zone: str, *, late: bool = False, corrected: bool = False, usual: str = ""
) -> tuple[str, ...]:
    """Who wrote an entry, on what right and when; that it is late, corrects another, or is corrected. usual: by
    whom it is unless it says otherwise, which is said above."""
    by = _by(entry)
    at_once = not late and when(entry.made_at, zone) == when(entry.happened_at, zone)
    found = [f"Written at once by {by}." if at_once else f"Written by {by} on {when(entry.made_at, zone)}."]
    if by == usual:  # said once of them all
        found = [] if at_once else [f"Written on {when(entry.made_at, zone)}."]
    if late:
        found.append("Late: written after the shift had ended.")
    if entry.corrects is not None:
        found.append(f"Corrects entry {entry.corrects}: {entry.reason}")
    elif entry.reason:
        found.append(entry.reason)
    if corrected:
        found.append("Corrected by a later entry.")
    return tuple(found)


def entries(rows: Collection[Entry], zone: str, late: Collection[int], corrected: Collection[int]) -> None:
    """Entries, one under the other."""
    html('<ol class="log">{rows}</ol>', rows=joined(_entry(one, zone, late, corrected) for one in rows))


def of_shift(shift: Shift, zone: str, *, unfolded: bool) -> None:
    """A shift's entries in the order of the log, folded away unless told."""
    late = {one.number for one in shift.entries if shift.is_late(one)}
    corrected = {one.number for one in shift.entries} - {one.number for one in shift.standing}
    authors = {_by(one) for one in shift.entries}
    usual = authors.pop() if len(authors) == 1 else ""
    html(
        '<details{open}><summary>{count} entries{by}</summary><ol class="log">{rows}</ol></details>',
        open=markup(" open") if unfolded else findings.NOTHING,
        count=len(shift.entries),
        by=f", all by {usual}" if usual else "",
        rows=joined(_entry(one, zone, late, corrected, usual) for one in shift.entries),
    )


def all_there(found: Collection[Found]) -> bool:
    """Whether all of the several things that the law asks of a shift's record are there, and nothing is due."""
    return len(found) > 1 and all(one.finding.verdict is Verdict.MET and not one.finding.due for one in found)


def findings_of(found: Collection[Found], on: date) -> None:
    """What the law asks of a shift: one line that opens where all of it is there and nothing is due."""
    asked = [one.finding for one in found]
    if not all_there(found):
        findings.draw(*asked, on=on)
        return
    html(
        "<details><summary>{mark} All that the law asks of its record is there.</summary>"
        '<ul class="findings">{rows}</ul></details>',
        mark=findings.mark(words.STANDS),
        rows=joined(findings.line(one, on) for one in asked),
    )


def wording(found: LogOfFacility) -> None:
    """What the law asks of logs, in our words: of each point today's regulation, and beneath it the one before."""
    if found.law is None:
        words.standing(words.NOT_ASSESSED)
        st.text(
            "The law on logs of this facility is not modelled here: for water facilities today O. Reg. 128/04 "
            "follows. Entries are kept all the same."
        )
    with st.expander("What the law asks of logs and of whoever is in charge"):
        html(
            '<ul class="points">{rows}</ul>',
            rows=joined(_both(topic) for topic in _TOPICS),
        )
        st.text(_PERIOD)


def _both(topic: str) -> Markup:
    said = joined(_provision(on_file, topic) for on_file in (law("129/04"), law("435/93", _OLDER_DAY)))
    return markup("<li>{said}</li>", said=said)


def _provision(on_file: Law, topic: str) -> Markup:
    citation = on_file.topic(topic)
    provision = regulations()[on_file.regulation.number].provision(citation)
    return markup("<p>{link}: {text}</p>", link=findings.cited(citation), text=provision.paraphrase)


def _by(entry: Entry) -> str:
    return f"{entry.author_name} ({entry.standing.label})"


def _entry(entry: Entry, zone: str, late: Collection[int], corrected: Collection[int], usual: str = "") -> Markup:
    is_corrected = entry.number in corrected
    lines = joined(markup("<p>{line}</p>", line=line) for line in said(entry.content, entry.kind))
    notes = remarks(entry, zone, late=entry.number in late, corrected=is_corrected, usual=usual)
    return markup(
        '<li class="{tone}"><strong>{number}. {kind}</strong>, {when}{lines}<small>{notes}</small></li>',
        tone="corrected" if is_corrected else "",
        number=entry.number,
        kind=entry.kind.label,
        when=when(entry.happened_at, zone),
        lines=lines,
        notes=" ".join(notes),
    )


def chosen_day(label: str, key: str, *, in_address: bool = False) -> date | None:
    """A day of a log, chosen in a calendar: the one field for it, on the page of a log and in its search."""
    chosen = st.date_input(
        label,
        value=None,
        min_value=FIRST_DAY,
        format="YYYY-MM-DD",
        key=key,
        bind="query-params" if in_address else None,
        width=200,
    )
    return chosen if isinstance(chosen, date) else None


def begun_on(shift: Shift, zone: str) -> date:
    """The day on which a shift began at the facility."""
    return day_at(shift.began, zone)
