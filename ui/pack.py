"""The inspection pack: what an inspector asks, in that order, each with its answer, evidence and citation."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from core.application import governing
from core.calendar import Span, united
from core.citations import Citation
from core.compliance import NEAR, Stretch, Topic
from core.findings import Finding, Verdict
from core.legislation import Law, NotOnFile
from core.places import OFFICE_TIME_ZONE, day_at
from core.sentences import in_english
from db.services.compliance import Inspected, Inspection
from ui import inspected, words
from ui.findings import MARKS, because_of, question, reading_of
from ui.paper import Document, Table

_CLOSING = (
    "Made from what is recorded in the portal. It is no legal advice: neither the Director nor an "
    "inspector is bound by it."
)

_MANY = 5  # stretches of days of one provision, from which on the cover counts them
_OPEN = frozenset({Verdict.UNKNOWN, Verdict.DIRECTOR})


def of(inspection: Inspection, made_on: date) -> Document:
    """The pack of a period; of one day where it is one. made_on: the day it is made, in the facility's zone."""
    last = inspection.last_day
    tables = [_topic(number, topic, inspection) for number, topic in enumerate(Topic, start=1)]
    tables += [_evidence(inspection), _later(last), _readings(inspection)]
    return Document(
        f"Inspection pack: {last.facility}",
        file_name(last.ministry_number, inspection.period.start, last.on),
        made_on,
        tuple(_facts(inspection)),
        tuple(one for one in tables if one.rows),
        _CLOSING,
    )


def file_name(number: str, first: date, last: date) -> str:
    """The name of the file, without its ending: the facility's number and the days."""
    signs = "".join(sign for sign in number if sign.isalnum()) or "facility"
    return "-".join(("inspection", signs, *dict.fromkeys((first.isoformat(), last.isoformat()))))


def _facts(inspection: Inspection) -> Iterator[tuple[str, str]]:
    last, period = inspection.last_day, inspection.period
    yield "Facility", f"{last.facility} {last.ministry_number}".strip()
    yield "First day", in_english(period.start)
    yield "Last day", in_english(last.on)
    yield from ((f"{name} on the last day", str(what)) for name, what in inspected.in_short(last).items())
    for law in _laws(inspection):
        since = max(law.version.span.start, period.start)
        yield f"Law from {in_english(since)}", f"O. Reg. {law.regulation.number}, {law.regulation.title}"
        yield "Its version", f"{law.version.name}, text last checked on {in_english(law.version.checked)}"
    yield "In short", inspected.sentence(last)
    yield "In the period", in_the_period(inspection)
    for missing in last.not_on_file:
        yield "Not answered", str(missing)


def in_the_period(inspection: Inspection) -> str:
    """Which provisions did not stand within the period, and on which days: those of several people together."""
    wrong: dict[Citation, list[Span]] = defaultdict(list)
    for one in inspection.stretches:
        if one.answer.finding.verdict is Verdict.NOT_MET:
            wrong[one.answer.finding.citation].append(one.span)
    if wrong:
        return " ".join(f"{one} did not stand {_on_days(united(spans))}." for one, spans in wrong.items())
    nothing = "On no day of the period is anything found that did not stand"
    if any(one.answer.finding.verdict in _OPEN for one in inspection.stretches):
        return f"{nothing}; what is not known is said under its question."
    return f"{nothing}."


def _on_days(spans: tuple[Span, ...]) -> str:
    """The days in words; of many stretches how many days they are, and between which."""
    if len(spans) > _MANY:
        days = sum((one.end - one.start).days for one in spans if one.end)
        return f"on {in_english(days)} days {_from_to(Span(spans[0].start, spans[-1].end))}"
    return ", and ".join(map(_from_to, spans))


def _from_to(span: Span) -> str:
    return f"{'on' if span.last == span.start else 'from'} {_days(span)}"


def _laws(inspection: Inspection) -> Iterator[Law]:
    """Each version of the law that answers for a day of the period."""
    day: date | None = inspection.period.start
    while day is not None and day <= inspection.last_day.on:
        try:
            law = governing(inspection.last_day.on_record.facility_type, day)
        except NotOnFile:  # the gap between two regulations, of which the answers say so
            return
        yield law
        day = law.ends


def _topic(number: int, topic: Topic, inspection: Inspection) -> Table:
    rows = tuple(_row(one, inspection) for one in inspection.stretches if one.answer.topic is topic)
    rows = rows or (_nothing(inspection),)
    return Table(
        f"{number} {topic.name.replace('_', ' ').capitalize()}",
        f"{number}. {topic.value}",
        ("Of whom", "Days", "Standing", "Answer", "Citation"),
        (16, 20, 13, 36, 15),
        rows,
    )


def _nothing(inspection: Inspection) -> tuple[str, ...]:
    """What stands under a question that nothing answers: it is asked all the same."""
    because = "Nothing is recorded that answers this."
    if not inspection.last_day.people.assessed:
        because = "Not assessed: the law of this day on this is not modelled here."
    return "The facility", "Every day", words.NOT_KNOWN.word, because, ""


def _row(one: Stretch, inspection: Inspection) -> tuple[str, ...]:
    finding = one.answer.finding
    mark = MARKS[finding.verdict]
    asks = "".join(f" {question(need, finding)}" for need in finding.needs)
    whole = one.span == inspection.period
    days = "Every day" if whole else _days(one.span)
    due = f" Due by {in_english(finding.due)}." if finding.due else ""
    counted = f"On {in_english(one.span.last)}: " if one.counted else ""
    return (
        one.answer.name or "The facility",
        days,
        "Falls due" if _is_near(finding, inspection.period) else mark.word,
        f"{counted}{because_of(finding)}{due}{asks}",
        str(finding.citation),
    )


def _days(span: Span) -> str:
    if span.last == span.start:
        return in_english(span.start)
    return f"{in_english(span.start)} to {in_english(span.last)}"


def _is_near(finding: Finding, period: Span) -> bool:
    """Whether what stands has a day that comes within three months of the period's last."""
    if finding.verdict is not Verdict.MET or finding.due is None or period.last is None:
        return False
    return finding.due <= period.last + NEAR


def _evidence(inspection: Inspection) -> Table:
    """Every fact of the period once, in the order of the questions that it helps to answer."""
    last = inspection.last_day
    rows: dict[tuple[str, str], None] = {}
    answers = {one.answer.key: one.answer for one in inspection.stretches}.values()
    order = {topic: number for number, topic in enumerate(Topic)}
    for answer in sorted(answers, key=lambda one: order[one.topic]):
        facts = (*inspected.evidence(last, answer, inspection.period), inspected.earlier(last, answer))
        rows.update(((answer.name or "The facility", fact), None) for fact in facts if fact)
    return Table("Evidence", "Evidence: what is recorded", ("Of whom", "What"), (24, 76), tuple(rows))


def _later(last: Inspected) -> Table:
    """What was recorded after the last day, and what was taken back: an inspector sees what came afterwards."""
    people = last.people
    entries = (people.employments, people.absences, people.designations, people.in_charge, people.functions,
               people.displays)  # fmt: skip
    later = [one for rows in entries for one in rows if day_at(one.recorded_at, OFFICE_TIME_ZONE) > last.on]
    told = [(one.recorded_at, f"{one.name}: {one.what}", one.recorded_by) for one in later]
    told += [
        (one.recorded_at, str(one.what), one.recorded_by) for one in last.on_record.facts if one.recorded_later
    ]
    told += [
        (one.withdrawn_at, f"Taken back: {one.name}: {one.what}. {one.reason}".strip(), one.withdrawn_by)
        for one in people.withdrawn
    ]
    entered = {(one.recorded_at, one.what, one.recorded_by) for rows in last.records.values() for one in rows}
    told += sorted(one for one in entered if day_at(one[0], OFFICE_TIME_ZONE) > last.on)
    return Table(
        "Recorded later",
        "Recorded after the last day, or taken back",
        ("When", "What", "By whom"),
        (26, 54, 20),
        tuple((words.office_time(at), what, by) for at, what, by in told),
    )


def _readings(inspection: Inspection) -> Table:
    used = dict.fromkeys(
        reading for one in inspection.stretches for part in one.answer.finding.walk() for reading in part.readings
    )
    return Table(
        "Readings",
        "How the text is read",
        ("Reading",),
        (1,),
        tuple((reading_of(id),) for id in used),
    )
