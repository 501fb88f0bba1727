"""A declared emergency: what the owner says of it, whom it employs meanwhile, and what it tells the Director.

O. Reg. 129/04, s. 23. Who may serve in one is asked in core/disruptions.py.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.calendar import MONTHS_IN_A_YEAR, Span, add_years, next_edge
from core.citations import Citation
from core.facts import done, earliest, stated, text_not_on_file, unknown
from core.findings import NOT_YET, Day, Finding, NotYet, Verdict, all_of, until_at_most
from core.legislation import Law, Limit
from core.legislation import law as law_on
from core.sentences import Sentence
from core.submissions import Kind, says_all
from core.working_days import next_open_day

_ONE_DAY = timedelta(days=1)


class Way(StrEnum):
    """By which paragraph of s. 23 (1) somebody is employed: the first that is so."""

    PRACTITIONER = "practitioner"  # para. 1
    FORMER = "former"  # para. 2
    TECHNICIAN = "technician"  # para. 3
    MANAGER = "manager"  # para. 4
    STAFF = "staff"  # para. 5
    NONE = "none"

    @property
    def label(self) -> str:
        """Its name for people."""
        months = law_on("129/04").limit("emergency_licence_months").value
        return _WAY_LABELS[self].format(months=months)


_WAY_LABELS = {
    Way.PRACTITIONER: "1. Engineering practitioner with any licence under the Professional Engineers Act",
    Way.FORMER: "2. Held an operator’s licence for the type in the last {months} months",
    Way.TECHNICIAN: "3. A certified engineering technician or technologist",
    Way.MANAGER: "4. A manager of one or more facilities",
    Way.STAFF: "5. Employed in a facility, in maintenance or technical support",
    Way.NONE: "None of these",
}


@dataclass(frozen=True)
class Emergency:
    """What an owner says of some days: whether an emergency was declared that could harm the operation, or its
    orders remained in place; whether operators were critically short, and others needed. None: not said."""

    span: Span
    declared: bool
    shortage: bool | None = None
    necessary: bool | None = None


@dataclass(frozen=True)
class Temporary:
    """Somebody employed in an emergency for a span of days, and what the owner says of them; None: not said.

    experience: whole months in the type of facility, on the first day. fits: manages or supervises licensed
    operators (para. 4), or works in maintenance or technical support (para. 5). only_there: operates only what
    paras. 4 iii and 5 iii allow. clear: no licence or certificate is cancelled, revoked or suspended.
    """

    span: Span
    way: Way
    experience: int | None = None
    trained: bool | None = None
    fits: bool | None = None
    only_there: bool | None = None
    clear: bool | None = None


# What paragraphs 3 to 5 ask besides the experience: the limit of that, and the facts in words.
_TRAINED = ("trained", "A licensed operator, or a person of paragraph 2, trained the person on the duties.")
_CRITERIA: dict[Way, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    Way.TECHNICIAN: ("para. 3", "emergency_technician_years", (_TRAINED,)),
    Way.MANAGER: (
        "para. 4",
        "emergency_manager_years",
        (
            ("fits", "The manager directly manages or supervises licensed operators."),
            ("only_there", "The manager operates only facilities at which the manager is employed."),
            _TRAINED,
        ),
    ),
    Way.STAFF: (
        "para. 5",
        "emergency_staff_years",
        (
            ("fits", "The person maintains the equipment, or gives technical support to the operation."),
            ("only_there", "The person operates only the type of facility at which they are employed."),
            _TRAINED,
        ),
    ),
}


def asked_of(way: Way | None) -> frozenset[str]:
    """What the owner is asked of whoever is of this paragraph, by the names of Temporary's fields."""
    if way not in _CRITERIA:
        return frozenset()
    _, _, facts = _CRITERIA[way]
    return frozenset({"experience", *(key for key, _ in facts)})


def declared(said: Iterable[Emergency], law: Law) -> Finding:
    """129/04, s. 23 (1): the circumstances of s. 22 (1) (a) or (b) exist on the day, as the owner says."""
    of_day, until = _of_day(said, law)
    statement = Sentence(
        "On {day} an emergency was declared that could harm the operation, or its orders remained in place "
        "(s. 22 (1) (a) and (b)).",
        day=law.on,
    )
    known = None if of_day is None else of_day.declared
    return until_at_most(stated(law, law.topic("emergency"), "emergency", statement, known), until)


def critically_short(said: Iterable[Emergency], law: Law) -> Finding:
    """129/04, s. 23 (3): operators are critically short or about to be, and others needed to operate safely."""
    citation = law.topic("emergency_shortage")
    of_day, until = _of_day(said, law)
    short = Sentence("Licensed operators were critically short, or about to be.")
    needed = Sentence("Others were needed to operate safely and efficiently, and to protect the waters.")
    found = all_of(
        citation,
        stated(law, citation, "shortage", short, of_day.shortage if of_day else None),
        stated(law, citation, "necessary", needed, of_day.necessary if of_day else None),
    )
    return until_at_most(found, until)


def meets_its_paragraph(worked: Temporary | None, law: Law) -> Finding:
    """129/04, s. 23 (1), paras. 3 to 5: experience in the type of facility, training, and what the work is.

    The experience is that of the first day (reading R63). None: nobody has said who the person is.
    """
    citation = law.topic("emergency")
    if worked is None:
        statement = Sentence(
            "The person is one of those of paragraphs 3 to 5: a certified technician, a manager, or employed in "
            "maintenance or technical support."
        )
        return unknown(law, citation, "emergency_way", statement)
    if worked.way not in _CRITERIA:
        because = Sentence("The person is none of those of paragraphs 3 to 5, as the owner says.")
        return Finding(citation, Verdict.NOT_MET, because, until=law.ends)
    paragraph, limit, facts = _CRITERIA[worked.way]
    here = law.cite(f"{citation.provision}, {paragraph}")
    asked = (stated(law, here, key, Sentence(words), getattr(worked, key)) for key, words in facts)
    return all_of(here, _experienced(worked.experience, here, law.limit(limit), law), *asked)


def _experienced(months: int | None, citation: Citation, limit: Limit, law: Law) -> Finding:
    least = limit.value * MONTHS_IN_A_YEAR
    if months is None:
        statement = Sentence("The person has worked in this type of facility for at least {years} years.",
                             years=limit.value)  # fmt: skip
        return unknown(law, citation, "experience", statement)
    because = Sentence("Months of experience in this type of facility: {months}; at least {least} are needed.",
                       months=months, least=least)  # fmt: skip
    verdict = Verdict.MET if months >= least else Verdict.NOT_MET
    return Finding(citation, verdict, because, readings=("R63",), until=law.ends)


# --- what the Director is told --------------------------------------------------------------------------------


def notice_of_emergency(first: Day, sent_on: Day, holidays: Collection[date], law: Law) -> Finding:
    """129/04, s. 23 (5): the Director is told within seven days of employing the first person (reading R19).

    first: NOT_YET where nobody is employed under subsection (1); None where nobody has said. Of a day of which the
    provision is not on file it is not known whether the duty arose.
    """
    limit = law.limit("emergency_notice_days")
    if first is None:
        statement = Sentence("It is on record who is employed under subsection (1), and from when on.")
        return unknown(law, limit.citation, "emergency_way", statement)
    if isinstance(first, NotYet) or first > law.on:
        because = Sentence("Nobody is on record as employed under subsection (1).")
        until = None if isinstance(first, NotYet) else first
        return Finding(limit.citation, Verdict.NOT_APPLICABLE, because, until=earliest(law, until))
    if first not in law.regulation.provision(limit.citation).span:
        return text_not_on_file(law, limit.citation, "emergency_text", first)
    by = next_open_day(first + timedelta(days=limit.value), holidays)
    act = "Notice to the Director of the first person employed in the emergency"
    return done(law, limit.citation, "emergency_notice", act, sent_on, by=by, readings=("R19",))


def report_of_emergency(
    last: Day, first: Day, sent_on: Day, contents: Collection[str] | None, holidays: Collection[date], law: Law
) -> Finding:
    """129/04, s. 23 (6): a report within 90 days of the emergency's end says the eight things of each person
    employed under subsection (1) (reading R19).

    last: the last day of the emergency; NOT_YET while it goes on. What was sent by then is no report of its end.
    """
    limit = law.limit("emergency_report_days")
    if first is None or isinstance(first, NotYet):
        return notice_of_emergency(first, None, holidays, law)
    if last is None:
        return unknown(law, limit.citation, "emergency", Sentence("It is on record when the emergency ended."))
    if first not in law.regulation.provision(limit.citation).span:
        return text_not_on_file(law, limit.citation, "emergency_text", first)
    ended = last if isinstance(last, date) else None
    if ended is None or law.on <= ended:
        because = Sentence("The emergency goes on: the report is due within {days} days of its end.",
                           days=limit.value)  # fmt: skip
        until = earliest(law, ended + _ONE_DAY if ended else None)
        return Finding(limit.citation, Verdict.NOT_APPLICABLE, because, until=until)
    if isinstance(sent_on, date) and sent_on <= ended:
        sent_on = NOT_YET
    by = next_open_day(ended + timedelta(days=limit.value), holidays)
    act = "Report to the Director on the emergency"
    in_time = done(law, limit.citation, "emergency_report", act, sent_on, by=by, readings=("R19",))
    if not isinstance(sent_on, date) or sent_on > law.on:
        return until_at_most(in_time, sent_on if isinstance(sent_on, date) else None)
    return all_of(limit.citation, in_time, says_all(Kind.EMERGENCY_REPORT, contents, limit.citation, law))


def report_records_until(sent_on: date, law: Law) -> date:
    """The last of the five years from a report (129/04, s. 23 (7))."""
    return add_years(sent_on, law.limit("emergency_records_years").value)


def report_records_may_go(sent_on: date, law: Law) -> Finding:
    """129/04, s. 23 (7): the records behind the report are kept for five years from it (reading R13)."""
    limit = law.limit("emergency_records_years")
    kept = report_records_until(sent_on, law)
    over = law.on > kept
    because = Sentence("To be kept until {kept}: the time has passed." if over else "To be kept until {kept}.",
                       kept=kept)  # fmt: skip
    until = earliest(law, None if over else kept + _ONE_DAY)
    verdict = Verdict.MET if over else Verdict.NOT_MET
    return Finding(limit.citation, verdict, because, readings=("R13",), until=until)


def _of_day(said: Iterable[Emergency], law: Law) -> tuple[Emergency | None, date | None]:
    """What is said of the day, and the next day of which something else may be."""
    said = tuple(said)
    until = earliest(law, next_edge([one.span for one in said], law.on))
    return next((one for one in said if law.on in one.span), None), until
