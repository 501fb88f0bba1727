"""What an owner hands in to the Director in a strike or an emergency: when, and what it says.

O. Reg. 129/04, ss. 16 (2) and 23 (5) and (6). What each has to say is data: core/law/contents.toml.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from core.calendar import Span
from core.citations import Citation
from core.facts import unknown
from core.findings import NOT_YET, Finding, NotYet, Verdict
from core.law_files import LAW, load, only, row
from core.legislation import Law
from core.sentences import Sentence


class Kind(StrEnum):
    """What is handed in."""

    STRIKE_PLAN = "strike_plan"
    EMERGENCY_NOTICE = "emergency_notice"
    EMERGENCY_REPORT = "emergency_report"

    @property
    def label(self) -> str:
        """Its name for people."""
        return _LABELS[self]


_LABELS = {
    Kind.STRIKE_PLAN: "Strike and lock-out plan",
    Kind.EMERGENCY_NOTICE: "Notice of employment in an emergency",
    Kind.EMERGENCY_REPORT: "Report after an emergency",
}


@dataclass(frozen=True)
class Content:
    """Something that has to be said, and where the law asks for it."""

    of: str
    id: str
    provision: str
    words: str


@dataclass(frozen=True)
class Submission:
    """Something handed in on a day. of_day: the first day of the emergency, or the legal date of the strike.

    contents: the ids of what it says; None where nobody has said, or it need say nothing.
    """

    kind: Kind
    of_day: date
    sent_on: date
    contents: frozenset[str] | None = None

    @property
    def says_all(self) -> bool | None:
        """Whether it says all that the law asks of it; None: nobody has said what it says."""
        asked = {one.id for one in contents_of(self.kind)}
        if self.contents is None:
            return None if asked else True
        return asked <= self.contents


@cache
def contents_of(kind: Kind) -> tuple[Content, ...]:
    """What has to be said, in the order of the law; nothing where it names nothing."""
    path = LAW / "contents.toml"
    data = load(path)
    only(data, {"content"}, str(path))
    rows = (row(Content, table, f"{path}: {table.get('id')}") for table in data["content"])
    return tuple(one for one in rows if one.of == kind)


def sent(submissions: Iterable[Submission], kind: Kind, of_days: Span, on: date) -> tuple[Submission, ...]:
    """What was handed in of one kind by a day, about what begins on one of some days, in the order of sending."""
    of_it = [one for one in submissions if one.kind is kind and one.of_day in of_days and one.sent_on <= on]
    return tuple(sorted(of_it, key=lambda one: one.sent_on))


def first_sent(submissions: Iterable[Submission]) -> date | NotYet:
    """The day on which something was handed in first."""
    return min((one.sent_on for one in submissions), default=NOT_YET)


def held_to(submissions: Iterable[Submission]) -> Submission | None:
    """Of what was handed in, in the order of the days, the one that has to be in time: the first that is not known
    to lack something; where each does, the last."""
    several = tuple(submissions)
    last = several[-1] if several else None
    return next((one for one in several if one.says_all is not False), last)


def says_all(kind: Kind, contents: Collection[str] | None, citation: Citation, law: Law) -> Finding:
    """Whether what was handed in says all that the law asks of it; None: nobody has said what it says."""
    if contents is None:
        statement = Sentence("The {what} says all that {provision} asks.",
                             what=_lower(kind.label), provision=citation.provision)  # fmt: skip
        return unknown(law, citation, "contents", statement)
    missing = [one for one in contents_of(kind) if one.id not in contents]
    if not missing:
        because = Sentence("It says all that {provision} asks.", provision=citation.provision)
        return Finding(citation, Verdict.MET, because, until=law.ends)
    because = Sentence("It does not say: {missing}.",
                       missing="; ".join(f"{one.words} ({one.provision})" for one in missing))  # fmt: skip
    return Finding(citation, Verdict.NOT_MET, because, until=law.ends)


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"
