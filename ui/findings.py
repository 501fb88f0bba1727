"""How a finding is drawn: one line with its standing, sentence and citation, that opens to what it rests on."""

from collections import Counter
from collections.abc import Hashable, Iterable
from datetime import date
from typing import TypeVar

from core.citations import Citation
from core.findings import Finding, Question, Verdict
from core.legislation import Law, older_version, readings, regulations
from core.sentences import in_english
from ui import words
from ui.markup import Markup, html, joined, markup
from ui.words import Mark

MARKS: dict[Verdict, Mark] = {
    Verdict.MET: words.STANDS,
    Verdict.NOT_MET: words.DOES_NOT_STAND,
    Verdict.UNKNOWN: words.NOT_KNOWN,
    Verdict.DIRECTOR: words.DIRECTOR_DECIDES,
    Verdict.NOT_APPLICABLE: words.DOES_NOT_APPLY,
}


_Told = TypeVar("_Told", bound=Hashable)
NOTHING = Markup("")
_MANY = 9  # parts of a finding, from which on those that stand are folded
_IS_THIS_SO = "Is this so? "  # how a question whether a sentence is so begins: core.facts.unknown


def draw(*found: Finding, on: date | None = None) -> None:
    """Findings, one a line; each opens to its parts, its questions, its readings and its provision.

    `on` is the day they were asked about, where it is not today.
    """
    html('<ul class="findings">{rows}</ul>', rows=joined(_finding(one, on) for one in found))


def row(
    summary: Markup, citation: Citation, inside: Markup, on: date | None = None, below: Markup = NOTHING
) -> Markup:
    """One line that opens, with its citation, as of a day, as a link beside it, and what stands below it."""
    return markup(
        '<li><details><summary>{summary}</summary><div class="inside">{inside}</div></details>{link}{below}</li>',
        summary=summary,
        inside=inside,
        link=cited(citation, on),
        below=below,
    )


def line(
    finding: Finding,
    on: date,
    name: str = "",
    recorded: Markup = NOTHING,
    below: Markup = NOTHING,
    *,
    mark: Markup = NOTHING,
    asked: bool = False,
) -> Markup:
    """A finding as such a line; `name`: of whom, `recorded`: the facts that it rests on, shown where it opens.

    mark: its standing, where the page says it otherwise. asked: what is `below` asks its questions.
    """
    about = markup("<strong>{name}</strong>: ", name=name) if name else NOTHING
    inside = joined((_inside(finding, on, asked=asked), recorded))
    standing = markup("{mark} ", mark=mark) if mark else _marked(finding)
    return row(joined((standing, about, markup("{because}", because=because_of(finding)))),
               finding.citation, inside, on, below)  # fmt: skip


def cited(citation: Citation, on: date | None = None) -> Markup:
    """A citation that leads to the regulation on e-Laws; beside it which version is meant, where it has ended."""
    link = markup('<a class="citation" href="{link}">{citation}</a>', link=citation.link, citation=citation)
    version = older_version(citation, on)
    if version is None:
        return link
    return markup("<span>{link} ({version})</span>", link=link, version=version.name)


def about(citation: Citation, law: Law, readings: tuple[str, ...]) -> Markup:
    """What a provision says, in our own words, and the readings that a result rests on."""
    return joined((_paraphrase(citation), _readings(readings), _version(law)))


def reading_of(id: str) -> str:
    """A reading in one line: what is asked of the text, and how it is read."""
    reading = readings()[id]
    other = f" It could also be read so: {reading.alternative}" if reading.alternative else ""
    return f"Reading {id}. {reading.question} {reading.reading}.{other}".replace("..", ".")


def mark(standing: Mark, word: str = "") -> Markup:
    """A standing by shape, word and colour."""
    return markup(
        '<span class="standing {tone}"><span aria-hidden="true">{shape}</span> {word}</span>',
        tone=standing.tone,
        shape=standing.shape,
        word=word or standing.word,
    )


def _finding(finding: Finding, on: date | None, told: frozenset[object] = frozenset()) -> Markup:
    summary = joined((_marked(finding), markup("{because}", because=because_of(finding))))
    return row(summary, finding.citation, _inside(finding, on, told), on)


def _marked(finding: Finding) -> Markup:
    if finding.verdict is Verdict.MET and finding.due:
        return markup("{mark} ", mark=mark(words.DUE, f"Due by {in_english(finding.due)}"))
    return markup("{mark} ", mark=mark(MARKS[finding.verdict]))


def because_of(finding: Finding) -> str:
    """The sentence without the standing that stands before it anyway: at its beginning, or after what it is of."""
    return str(finding.because).replace(f"{MARKS[finding.verdict].word}: ", "", 1)


def question(need: Question, finding: Finding) -> str:
    """What is asked and of whom. A question whether the finding's own sentence is so does not say it again."""
    asks = str(need.asks)
    if asks.removeprefix(_IS_THIS_SO) in str(finding.because):
        asks = _IS_THIS_SO.strip()
    return f"Asked of the {need.asked_of}: {asks}"


def _inside(
    finding: Finding, on: date | None, told: frozenset[object] = frozenset(), *, asked: bool = False
) -> Markup:
    """What a line opens to; a question that a part asks, or that is asked already, is not asked again.

    told: the provisions and readings that stand above already. Those that several parts share stand here, once;
    so does a provision of which each part is by another paragraph.
    """
    of_parts = (_told_of(one.citation) for part in finding.parts for one in part.walk())
    citations = _told_here([_told_of(finding.citation)], of_parts, told)
    shared = (reading for part in finding.parts for one in part.walk() for reading in set(one.readings))
    readings = _told_here(finding.readings, shared, told)
    below = told.union(citations, readings)
    first, folded = _few(finding.parts)
    parts = joined(_finding(part, on, below) for part in first)
    asked_by_parts = {need for part in finding.parts for need in part.needs}
    asks = joined(
        markup("<p>{question}</p>", question=question(need, finding))
        for need in finding.needs
        if not asked and need not in asked_by_parts
    )
    until = finding.until and markup("<p>May change on {day}.</p>", day=in_english(finding.until))
    decision = finding.decision and markup(
        "<p>Decided by {by} on {day}: {reasons}</p>",
        by=finding.decision.by,
        day=in_english(finding.decision.decided_on),
        reasons=finding.decision.reasons,
    )
    listed = markup('<ul class="findings">{parts}</ul>', parts=parts) if parts else markup("")
    if folded:
        rest = joined(_finding(part, on, below) for part in folded)
        listed = joined((listed, markup(
            '<details><summary>{many} that stand</summary><ul class="findings">{rest}</ul></details>',
            many=in_english(len(folded)), rest=rest,
        )))  # fmt: skip
    told_of = joined(map(_paraphrase, citations))
    return joined(part for part in (told_of, listed, asks, decision, _readings(readings), until) if part)


def _few(parts: tuple[Finding, ...]) -> tuple[list[Finding], list[Finding]]:
    """The parts to be shown, and those that are folded: of many by one provision those that stand, nothing due."""
    if len(parts) <= _MANY or len({one.citation for one in parts}) > 1:
        return list(parts), []
    standing = [one for one in parts if one.verdict is Verdict.MET and one.due is None]
    return [one for one in parts if one not in standing], standing


def _told_here(own: Iterable[_Told], of_parts: Iterable[_Told], told: frozenset[object]) -> list[_Told]:
    """What a line tells of provisions, or of readings: its own, and those of more than one part of it."""
    often = [one for one, times in Counter(of_parts).items() if times > 1]
    return [one for one in dict.fromkeys((*own, *often)) if one not in told]


def _told_of(citation: Citation) -> Citation:
    """The provision whose paraphrase tells of a citation: a paragraph may have none of its own."""
    return regulations()[citation.regulation].provision(citation).citation


def _paraphrase(citation: Citation) -> Markup:
    provision = regulations()[citation.regulation].provision(citation)
    return markup(
        "<p><strong>{citation}</strong>, in our words: {text}</p>",
        citation=provision.citation,
        text=provision.paraphrase,
    )


def _readings(ids: Iterable[str]) -> Markup:
    return joined(markup("<p>{reading}</p>", reading=reading_of(id)) for id in ids)


def _version(law: Law) -> Markup:
    return markup(
        "<p>On file: {version}; text last checked on {day}.</p>",
        version=law.version.name,
        day=in_english(law.version.checked),
    )
