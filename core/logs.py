"""The log of a facility: that there is one, who writes in it on which day, its order, and how long it is kept.

O. Reg. 129/04, s. 19; O. Reg. 435/93, s. 20. The entries and their chain are in core/log_chain.py, the shifts in
core/shifts.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from core.calendar import Span, add_years, next_edge
from core.facts import earliest, stated, unknown
from core.findings import Finding, Verdict, all_of, any_of, until_at_most
from core.legislation import Law
from core.log_chain import Standing
from core.places import day_at
from core.sentences import Sentence

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authorization:
    """Somebody authorized to write in a log for a span of days, by the owner or by an operator-in-charge.

    giver_in_charge: whether the operator-in-charge who gave it was in charge on the day of giving it.
    """

    id: int
    by_owner: bool
    span: Span
    giver_in_charge: bool = True

    @property
    def stands(self) -> bool:
        """Whether whoever gave it could."""
        return self.by_owner or self.giver_in_charge


@dataclass(frozen=True)
class Right:
    """On what somebody writes: in charge, or on an authorization, of this id."""

    standing: Standing
    authorization: int | None = None


def log_provided(provided: Iterable[Span] | None, law: Law) -> Finding:
    """129/04, s. 19 (1): the owner provides a log, here or elsewhere; provided: on which days."""
    citation = law.topic("log_provided")
    return _on_days(provided, "log_provided", Sentence("A log is provided."), law, citation.provision)


def chronological(made: Sequence[datetime] | None, law: Law) -> Finding:
    """129/04, s. 19 (2): entries are made in the order of time; made: the moments of all, as they stand."""
    citation = law.topic("log_order")
    if made is None:
        return unknown(law, citation, "log_entries", Sentence("Every entry stands in the order of time."))
    back = next((number for number, (one, other) in enumerate(pairwise(made), 2) if other < one), None)
    if back is None:
        because = Sentence("Entries in the order of time: {count}.", count=len(made))
        return Finding(citation, Verdict.MET, because, until=law.ends)
    because = Sentence("Entry {number} was made before the one that stands before it.", number=back)
    return Finding(citation, Verdict.NOT_MET, because, until=law.ends)


def days_of_right(
    made_at: datetime, began: datetime | None, ended: datetime | None, zone: str
) -> tuple[date, ...]:
    """The days on whose right somebody may write at a moment: its own, and while a shift lasts the one on which it
    began (R45), through the day after that (R70)."""
    today = day_at(made_at, zone)
    if began is None or made_at < began or (ended is not None and made_at > ended):
        return (today,)
    first = day_at(began, zone)
    return (today,) if today == first or today - first > _ONE_DAY else (today, first)


def right_to_write(
    in_charge: Iterable[Span], authorizations: Iterable[Authorization], days: Sequence[date]
) -> Right | None:
    """On what somebody may write who has to be in charge, or authorized (R71), on one of `days`.

    Being in charge comes before an authorization, that of an operator-in-charge before the owner's.
    None: not at all.
    """
    if any(day in span for span in in_charge for day in days):
        return Right(Standing.IN_CHARGE)
    current = [one for one in authorizations if one.stands and any(day in one.span for day in days)]
    if not current:
        return None
    one = min(current, key=lambda each: (each.by_owner, each.id))
    return Right(Standing.BY_OWNER if one.by_owner else Standing.BY_IN_CHARGE, one.id)


def may_write(
    in_charge: Iterable[Span] | None,
    authorizations: Iterable[Authorization] | None,
    law: Law,
    *,
    shift_began: date | None = None,
) -> Finding:
    """129/04, s. 19 (3): only an operator-in-charge writes, or whom the owner or one of them authorized.

    Readings R44, R45, R70 and R71. in_charge: the days on which somebody is, or under 435/93 has the functions.
    shift_began: the day on which the shift that lasts began.
    """
    citation = law.topic("log_writers")
    known = None if authorizations is None else tuple(one.span for one in authorizations if one.stands)
    authorized = _on_days(
        known, "authorization", Sentence("The person is authorized to write on {day}.", day=law.on), law,
        citation.provision,
    )  # fmt: skip
    statement = Sentence("The person is operator-in-charge on {day}.", day=law.on)
    charged = None if in_charge is None else tuple(in_charge)
    parts = [_on_days(charged, "in_charge", statement, law, citation.provision)]
    if shift_began is not None and law.on - shift_began <= _ONE_DAY:
        until = earliest(law, shift_began + 2 * _ONE_DAY)
        for spans, template in (
            (charged, "Operator-in-charge on {day}, on which the shift began."),
            (known, "Authorized to write on {day}, on which the shift began."),
        ):
            if any(shift_began in span for span in spans or ()):
                parts.append(Finding(citation, Verdict.MET, Sentence(template, day=shift_began), until=until))
    found = any_of(citation, *parts, authorized)
    return replace(found, readings=("R44", "R45", "R70", "R71"))


def maker_identified(named: bool | None, own_account: bool | None, law: Law) -> Finding:
    """129/04, s. 19 (4): each entry shows beyond doubt who made it.

    In this log the author is whoever is signed in, so it holds where nobody else signs in with the account.
    """
    citation = law.topic("log_makers")
    alone = Sentence("Nobody but its maker writes under that name.")
    return all_of(
        citation,
        stated(law, citation, "maker", Sentence("The entry names its maker."), named),
        stated(law, citation, "own_account", alone, own_account),
    )


def log_accessible(made: Iterable[date] | None, accessible: Iterable[Span] | None, law: Law) -> Finding:
    """129/04, s. 19 (6): the log is accessible in the facility for two years after each entry (R13).

    made: the days of the entries; accessible: on which days the log is, in the facility.
    """
    limit = law.limit("log_years")
    if made is None:
        return unknown(law, limit.citation, "log_entries", Sentence("Every entry is on record with its day."))
    every = tuple(made)
    latest, later = max((day for day in every if day <= law.on), default=None), _after(every, law.on)
    kept = None if latest is None else add_years(latest, limit.value)
    if latest is None or kept is None or law.on > kept:
        because = Sentence("No entry is of the last {years} years.", years=limit.value)
        until = earliest(law, later)
        return Finding(limit.citation, Verdict.NOT_APPLICABLE, because, readings=("R13",), until=until)
    statement = Sentence("The entries through {latest} are accessible in the facility, to be kept until {kept}.",
                         latest=latest, kept=kept)  # fmt: skip
    found = _on_days(accessible, "accessible", statement, law, limit.citation.provision)
    return replace(until_at_most(found, earliest(law, later, kept + _ONE_DAY)), readings=("R13",))


def may_be_purged(made: date | None, last: date | None, law: Law) -> Finding:
    """129/04, s. 19 (6): no entry is destroyed within two years after it was made (R13).

    last: the day of the log's last entry, from which 435/93 counts.
    """
    limit = law.limit("log_years")
    of_each = law.has("log_kept_from_each_entry")
    begins = made if of_each else last
    if begins is None:
        key = "entry_made" if of_each else "last_entry"
        what = Sentence("The entry is on record with its day." if of_each else "The last entry is on record.")
        return unknown(law, limit.citation, key, what)
    kept = add_years(begins, limit.value)
    if law.on > kept:
        because = Sentence("To be kept until {kept}: the time has passed.", kept=kept)
        return Finding(limit.citation, Verdict.MET, because, readings=("R13",), until=law.ends)
    because = Sentence("To be kept until {kept}.", kept=kept)
    until = earliest(law, kept + _ONE_DAY)
    return Finding(limit.citation, Verdict.NOT_MET, because, readings=("R13",), until=until)


def _on_days(spans: Iterable[Span] | None, key: str, statement: Sentence, law: Law, provision: str) -> Finding:
    """Whether the law's day is among the days of something; None where nobody has said."""
    days = None if spans is None else tuple(spans)
    here = None if days is None else any(law.on in span for span in days)
    return until_at_most(stated(law, law.cite(provision), key, statement, here), next_edge(days or (), law.on))


def _after(days: Iterable[date], on: date) -> date | None:
    return min((day for day in days if day > on), default=None)
