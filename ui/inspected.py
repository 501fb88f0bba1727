"""A facility on a day as an inspection sees it: what is wrong, what falls due, what is unknown, what stands."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby

from core.calendar import Span
from core.compliance import Answer, Place, Topic, placed
from core.designations import Basis
from core.findings import Verdict
from core.sentences import in_english
from db.people_assessed import Days
from db.people_views import Entry
from db.services.compliance import Inspected
from ui import findings, words
from ui.markup import Markup, html, joined, markup
from ui.people_timeline import by_whom, first_day, last_day
from ui.words import Mark

MARKS: Mapping[Place, Mark] = {
    Place.WRONG: words.DOES_NOT_STAND,
    Place.DUE: words.DUE,
    Place.UNKNOWN: words.NOT_KNOWN,
    Place.STANDS: words.STANDS,
    Place.NOT_APPLICABLE: words.DOES_NOT_APPLY,
}
HEADINGS: Mapping[Place, str] = {
    Place.WRONG: "What does not stand",
    Place.DUE: "What falls due within 90 days",
    Place.UNKNOWN: "What is not known",
    Place.STANDS: "What stands",
    Place.NOT_APPLICABLE: "What does not apply",
}
_CLOSED_ON = {
    Topic.CLASSIFIED: ("facility", "its certificate, applications and display"),
    Topic.ADJUSTMENTS: ("shift-log", "its shift log"),
    Topic.LOGS: ("shift-log", "its shift log"),
    Topic.MANUALS: ("manuals", "its manuals"),
    Topic.TRAINED: ("training", "the training of its people"),
}
_OF_RECORDS = frozenset({Topic.ADJUSTMENTS, Topic.LOGS, Topic.MANUALS, Topic.TRAINED})
_ONE_DAY = timedelta(days=1)
_FEW = 5  # lines of what is recorded that are not folded
_BY_PEOPLE = ("people", "its people, designations and ledgers")


def sentence(found: Inspected) -> str:
    """How the facility stands, in one sentence."""
    many = {place: len(answers) for place, answers in placed(found.answers, found.on).items()}
    wrong, due, unknown = many[Place.WRONG], many[Place.DUE], many[Place.UNKNOWN]
    told = [
        f"{in_english(wrong)} {'does' if wrong == 1 else 'do'} not stand",
        f"{in_english(due)} {'falls' if due == 1 else 'fall'} due within 90 days",
        f"{in_english(unknown)} {'is' if unknown == 1 else 'are'} not known",
        f"{in_english(many[Place.STANDS])} {'stands' if many[Place.STANDS] == 1 else 'stand'}",
    ]
    return f"{found.facility} on {in_english(found.on)}: of what is asked {', '.join(told)}."


def in_short(found: Inspected) -> dict[str, object]:
    """Who and what on the day: its class and certificate, who runs it, who is in charge, the ledgers."""
    standing = found.on_record
    facts: dict[str, object] = {
        "Type": standing.facility_type.label,
        "Class": standing.facility_class.label if standing.facility_class else "None on record",
        "Certificate": _certificate(found),
    }
    if not found.people.assessed:
        return facts | {"People": "Not assessed: the law of this day on a facility’s people is not modelled here."}
    facts["Overall responsible operator"] = _acting(found)
    facts["In charge"] = ", ".join(dict.fromkeys(_in_charge(found))) or "Nobody on record"
    employed = {one.employee_id for one in found.people.employments if found.on in one.span}
    facts["Employed"] = f"{in_english(len(employed))} on this day"
    if found.people.stand_ins is not None:
        facts["Days with a stand-in"] = _used(found.people.stand_ins)
    if found.people.engineers is not None and found.people.engineers.count:
        facts["Days with an unlicensed engineer in charge"] = _used(found.people.engineers)
    return facts


def _in_charge(found: Inspected) -> Iterator[str]:
    """Who is designated as in charge, and whether that one is on record as away."""
    away = {one.employee_id for one in found.people.absences if one.kind == "absent" and found.on in one.span}
    for one in found.people.in_charge:
        if found.on in one.span:
            yield f"{one.name} (absent)" if one.employee_id in away else one.name


def _certificate(found: Inspected) -> str:
    certificate = found.on_record.certificate
    if certificate is None:
        return "None: no class is on record"
    issued = f", issued on {in_english(certificate.issued_on)}" if certificate.issued_on else ""
    return f"{certificate.number}{issued}"


def _acting(found: Inspected) -> str:
    acting = next((one for one in found.people.timeline if found.on in one.span), None)
    if acting is None or not acting.name:
        return "Nobody on record"
    as_what = f", {acting.basis.label}" if acting.basis not in (None, Basis.LICENCE) else ""
    spans = [one.span for one in found.people.designations if one.name == acting.name and found.on in one.span]
    return f"{acting.name}{as_what}, last day: {last_day(spans[0]) if spans else 'not known'}"


def _used(days: Days) -> str:
    return f"{in_english(days.count)} of at most {in_english(days.limit)} in the months that count"


def glance(found: Inspected) -> None:
    """The number of answers of each standing, by shape, word and colour."""
    many = placed(found.answers, found.on)
    html(
        '<p class="glance">{marks}</p>',
        marks=joined(
            markup("{mark} ", mark=findings.mark(mark, f"{mark.word}: {in_english(len(many[place]))}"))
            for place, mark in MARKS.items()
            if many[place]
        ),
    )


def answers(found: Inspected, place: Place) -> None:
    """The answers of one place in their order, neighbours of one question under it; each opens to its facts,
    citation and reading."""
    for topic, several in groupby(placed(found.answers, found.on)[place], key=lambda one: one.topic):
        html(
            '<h3 class="asked">{question}</h3><ul class="findings">{rows}</ul>',
            question=topic.value,
            rows=joined(_line(found, one, place) for one in several),
        )


def evidence(found: Inspected, answer: Answer, period: Span | None = None) -> Iterator[str]:
    """What an answer rests on, a fact a line: what, on which days, recorded when and by whom.

    period: the days asked about, only the day itself unless told. What lies after it is no evidence; nor is what
    ended before it, but where earlier days are counted.
    """
    asked = period or Span(found.on, found.on + timedelta(days=1))
    if answer.topic is Topic.CLASSIFIED:
        for fact in found.on_record.facts:
            day = in_english(fact.day) if fact.day else "day not known"
            yield f"{fact.what}, {day}. {_recorded(fact.recorded_at, fact.recorded_by, found.on)}"
        return
    for record in found.records.get(answer.about, ()):
        if record.day > found.on:
            continue
        yield f"{record.what}. {_recorded(record.recorded_at, record.recorded_by, found.on)}"
    for one in _entries(found, answer):
        if not _is_evidence(one, answer, asked, found):
            continue
        who = f"{one.name}: " if one.name and not answer.name else ""
        days = f"from {first_day(one.span)}, last day: {last_day(one.span)}"
        yield f"{who}{one.what}, {days}. {_recorded(one.recorded_at, one.recorded_by, found.on)}"
    if answer.topic is Topic.STAND_IN:
        for notice in found.people.notices:
            if notice.sent_on > found.on:
                continue
            said = f"Notice to the Director of the days reached on {in_english(notice.reached_on)}"
            sent = _recorded(notice.recorded_at, notice.recorded_by, found.on)
            yield f"{said}, sent on {in_english(notice.sent_on)}. {sent}"


def earlier(found: Inspected, answer: Answer) -> str:
    """How many more lines of the log an answer rests on, and of which days; "" where all are shown."""
    more = found.earlier.get(answer.about)
    if more is None or more.days.last is None:
        return ""
    days = f"{in_english(more.days.start)} through {in_english(more.days.last)}"
    return f"And {in_english(more.lines)} earlier lines of its shift log, of {days}."


def _closes(topic: Topic) -> tuple[str, str]:
    """The page on which a gap is closed, and what stands there."""
    return _CLOSED_ON.get(topic, _BY_PEOPLE)


def _entries(found: Inspected, answer: Answer) -> Iterator[Entry]:
    people = found.people
    if answer.person is not None:
        every = (people.employments, people.absences, people.designations, people.in_charge,
                 people.functions, people.displays, people.worked)  # fmt: skip
        yield from (one for rows in every for one in rows if one.person == answer.person)
    elif answer.topic in _OF_RECORDS:
        return
    elif answer.topic is Topic.IN_CHARGE:
        yield from (*people.in_charge, *people.functions)
    elif answer.topic is Topic.STAND_IN:
        yield from (one for one in people.designations if one.what.startswith(Basis.STAND_IN.label))
    else:
        yield from (*people.designations, *people.absences)


def _is_evidence(one: Entry, answer: Answer, days: Span, found: Inspected) -> bool:
    """Whether something recorded bears on the days asked about; what is counted, the days of stand-ins and the
    time in charge, bears on later ones too."""
    if answer.topic is Topic.STAND_IN or one in found.people.worked:
        return one.span.start <= found.on
    return one.span.overlaps(days)


def _line(found: Inspected, answer: Answer, place: Place) -> Markup:
    recorded = joined((_listed(evidence(found, answer)), _earlier(found, answer)))
    below, asked = _below(found, answer, place), place is Place.UNKNOWN
    return findings.line(
        answer.finding, found.on, answer.name, recorded, below, mark=_mark(answer, place), asked=asked
    )


def _mark(answer: Answer, place: Place) -> Markup:
    """The standing, by the same shape as that of where the answer stands."""
    finding = answer.finding
    if place is Place.DUE and finding.due:
        return findings.mark(words.DUE, f"Due by {in_english(finding.due)}")
    if place is Place.DUE and finding.until:
        return findings.mark(words.DUE, f"Stands through {in_english(finding.until - _ONE_DAY)}")
    return findings.mark(findings.MARKS[finding.verdict])


def _listed(facts: Iterator[str]) -> Markup:
    """What is recorded, a line each; more than a few lines are folded."""
    lines = [markup("<li>{fact}</li>", fact=fact) for fact in facts]
    if not lines:
        return findings.NOTHING
    listed = markup('<ul class="recorded">{lines}</ul>', lines=joined(lines))
    if len(lines) <= _FEW:
        return markup("<p>Recorded:</p>{listed}", listed=listed)
    many = in_english(len(lines))
    return markup("<details><summary>Recorded: {many} lines</summary>{listed}</details>", many=many, listed=listed)


def _earlier(found: Inspected, answer: Answer) -> Markup:
    said = earlier(found, answer)
    if not said:
        return findings.NOTHING
    days = found.earlier[answer.about].days
    first, last = days.start.isoformat(), days.last.isoformat() if days.last else ""
    return markup(
        '<p>{said} <a href="/log-search?id={id}&amp;first={first}&amp;last={last}" target="_self">{there}</a></p>',
        said=said,
        id=found.facility_id,
        first=first,
        last=last,
        there="Search its shift log",
    )


def _below(found: Inspected, answer: Answer, place: Place) -> Markup:
    """What is asked and of whom, and where the gap is closed."""
    finding = answer.finding
    if place is Place.STANDS and finding.due:
        return markup('<div class="below"><span>Due by {due}.</span></div>', due=in_english(finding.due))
    if place in (Place.STANDS, Place.NOT_APPLICABLE):
        return findings.NOTHING
    asks = joined(
        markup("<span>{question}</span>", question=findings.question(need, finding))
        for need in finding.needs
        if place is Place.UNKNOWN
    )
    if finding.verdict is Verdict.DIRECTOR and all(one.asked_of != "director" for one in finding.needs):
        asks = joined((asks, markup("<span>Asked of the Director: a decision.</span>")))
    page, there = _closes(answer.topic)
    day = findings.NOTHING
    if place is Place.DUE and finding.due is None and finding.until:
        day = markup("<span>May be otherwise from {day}.</span> ", day=in_english(finding.until))
    link = markup(
        '<a href="/{page}?id={id}" target="_self">Open {there}</a>', page=page, id=found.facility_id, there=there
    )
    return markup('<div class="below">{day}{asks} {link}</div>', day=day, asks=asks, link=link)


def _recorded(at: datetime, by: str, on: date) -> str:
    return f"Recorded {by_whom(at, by or 'the portal', on)}"
