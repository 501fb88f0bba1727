"""Legal coverage: every provision on file, what the portal does with it, and by which function."""

from collections import Counter
from collections.abc import Iterable

import streamlit as st

from core.legislation import Provision, Status, regulations
from core.sentences import in_english
from ui import findings, links, words
from ui.markup import Markup, html, joined, markup
from ui.words import Mark

_MARKS = {
    Status.MODELLED: Mark("●", "Modelled", "stands"),
    Status.PLANNED: Mark("○", "Planned", "none"),
    Status.DIRECTOR: Mark("◆", "Director decides", "decides"),
    Status.SHOWN: Mark("▲", "Shown", "due"),
    Status.REVOKED: Mark("–", "Revoked", "none"),
    Status.OUT_OF_SCOPE: Mark("■", "Out of scope", "wrong"),
}
_MEANS = {
    Status.MODELLED: "A function answers it, with cases that say yes and no.",
    Status.PLANNED: "To be modelled; nothing answers it yet.",
    Status.DIRECTOR: "Left to the Director; the portal records the decision.",
    Status.SHOWN: "A permission or an explanation with nothing to judge: this page shows it, nothing else does.",
    Status.REVOKED: "No longer in force.",
    Status.OUT_OF_SCOPE: "Not for this portal; the reason stands beside it.",
}
_ALL = "all"
_IN_PART = "128/04"  # on file for what the calculator needs; counted apart


def render() -> None:
    every = [provision for regulation in regulations().values() for provision in regulation.provisions]
    words.title("Legal coverage", _sentence([one for one in every if one.citation.regulation != _IN_PART]))
    _counts(every)
    _what_the_standings_mean()
    found = _filtered(every)
    html(
        '<p class="help" role="status">{count} of {all} provisions, those of O. Reg. {apart} included.</p>',
        count=len(found),
        all=len(every),
        apart=_IN_PART,
    )
    if not found:
        words.empty("No provision fits all of this.", "Choose another status, or fewer words.")
        return
    _table(found)
    links.to("How texts that allow two readings are read", "readings")


def _sentence(whole: list[Provision]) -> str:
    by_status = Counter(provision.status for provision in whole)
    names = " and ".join(f"O. Reg. {number}" for number in regulations() if number != _IN_PART)
    return (
        f"{in_english(len(whole))} provisions of {names}: {by_status[Status.MODELLED]} are modelled, "
        f"{by_status[Status.PLANNED]} are planned and counted apart."
    )


def _counts(every: Iterable[Provision]) -> None:
    """How many provisions have each status: what is planned below what is done, 128/04 beside the others."""
    by = Counter((one.citation.regulation == _IN_PART, one.status) for one in every)
    done: list[Status] = [status for status in Status if status is not Status.PLANNED]
    rows = [(_MARKS[status].word, [status]) for status in done]
    rows += [("Treated in all", done), ("Planned, nothing answers it yet", [Status.PLANNED])]
    rows.append(("On file", list(Status)))
    html(
        '<table class="plain"><caption>How many provisions, by what the portal does with them. Of O. Reg. {part} '
        "only ss. 1 to 3 and Schedules 1 to 1.3 are on file; it is counted apart.</caption><thead><tr>"
        '<th scope="col">Status</th><th scope="col" class="number">{whole}</th>'
        '<th scope="col" class="number">{part}</th></tr></thead><tbody>{rows}</tbody></table>',
        whole=" and ".join(number for number in regulations() if number != _IN_PART),
        part=_IN_PART,
        rows=joined(
            markup(
                '<tr><th scope="row">{label}</th><td class="number">{whole}</td>'
                '<td class="number">{part}</td></tr>',
                label=label,
                whole=sum(by[False, status] for status in statuses),
                part=sum(by[True, status] for status in statuses),
            )
            for label, statuses in rows
        ),
    )


def _filtered(every: list[Provision]) -> list[Provision]:
    left, right = st.columns([2, 3])
    with left:
        number = st.selectbox(
            "Regulation",
            [_ALL, *regulations()],
            format_func=lambda one: "All regulations" if one == _ALL else f"O. Reg. {one}",
            key="regulation",
            bind="query-params",
        )
    with right:
        text = st.text_input(
            "Words – in the provision, its paraphrase or its function", key="words", bind="query-params"
        )
    found = [one for one in every if number in (_ALL, one.citation.regulation) and _speaks_of(one, text or "")]
    counts = Counter(one.status for one in found)
    status = st.radio(
        "Status",
        [_ALL, *(one.value for one in Status)],
        format_func=lambda one: (
            f"All ({len(found)})" if one == _ALL else f"{_MARKS[Status(one)].word} ({counts[Status(one)]})"
        ),
        horizontal=True,
        key="status",
    )
    return [one for one in found if status in (_ALL, one.status.value)]


def _speaks_of(provision: Provision, text: str) -> bool:
    said = f"{provision.citation} {provision.paraphrase} {' '.join(provision.by)} {provision.why}".casefold()
    return all(word in said for word in text.casefold().split())


def _what_the_standings_mean() -> None:
    with st.expander("What each status means"):
        rows = joined(
            markup("<li>{mark} {means}</li>", mark=findings.mark(_MARKS[status]), means=means)
            for status, means in _MEANS.items()
        )
        html("<ul>{rows}</ul>", rows=rows)


def _table(found: Iterable[Provision]) -> None:
    html(
        '<table class="plain wide"><caption>Provisions in the order of the law</caption><thead><tr>'
        '<th scope="col">Provision</th><th scope="col">Status</th><th scope="col">In our words</th>'
        '<th scope="col">On file from</th></tr></thead><tbody>{rows}</tbody></table>',
        rows=joined(_row(provision) for provision in found),
    )


def _row(provision: Provision) -> Markup:
    last = f" to {in_english(provision.last_day)}" if provision.last_day else ""
    return markup(
        '<tr><th scope="row">{citation}</th><td>{mark}</td><td>{paraphrase}{why}{by}</td><td>{first}{last}</td>'
        "</tr>",
        citation=findings.cited(provision.citation),
        mark=findings.mark(_MARKS[provision.status]),
        paraphrase=provision.paraphrase,
        why=markup("<br>Why: {why}", why=provision.why) if provision.why else markup(""),
        by=joined(markup("<br><code>{function}</code>", function=function) for function in provision.by),
        first=in_english(provision.first_day),
        last=last,
    )
