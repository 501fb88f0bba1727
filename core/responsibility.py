"""What the law asks of the people of a facility on a day, all of it, from what is recorded of them.

O. Reg. 129/04, ss. 13 to 15 and 17; O. Reg. 435/93, ss. 1, 9, 13, 14 and 18.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from core.calendar import Span, next_edge, outside
from core.designations import Basis, Responsible, overall_responsible
from core.disruptions import employed_in_emergency, in_charge_in_emergency, unless_lifted
from core.emergencies import Emergency, Way
from core.employment import Capacity, Displayed, Worker, holds_of_class, licences_displayed, licensed
from core.facts import earliest, unknown
from core.findings import Finding, Verdict, any_of, until_at_most
from core.in_charge import (
    Exercised,
    Functions,
    authorized,
    in_charge,
    in_charge_by_functions,
    on_record,
    still_in_charge,
    time_on_record,
)
from core.legislation import Law, law
from core.licences import LicenceClass
from core.reliance import notice_given
from core.sentences import Sentence
from core.strike_plans import plans_submitted
from core.sure_days import days_to_ask
from core.timeline import joined, stretches
from core.told import Disrupted, Told
from core.works import Works


class About(StrEnum):
    """What a finding is about."""

    OVERALL = "overall_responsible"
    NOTICE = "notice"
    LICENSED = "licensed"
    DISPLAYED = "licence_displayed"
    IN_CHARGE = "in_charge"
    TIME = "time_in_charge"
    POWERS = "powers_in_charge"
    STRIKE_PLAN = "strike_plan"
    EMERGENCY_NOTICE = "emergency_notice"
    EMERGENCY_REPORT = "emergency_report"


OF_DISRUPTIONS = frozenset({About.STRIKE_PLAN, About.EMERGENCY_NOTICE, About.EMERGENCY_REPORT})


@dataclass(frozen=True)
class InCharge:
    """Somebody designated as operator-in-charge for a span of days; as_engineer: as one without a licence."""

    person: int
    span: Span
    as_engineer: bool = False
    by_owner: bool = True


@dataclass(frozen=True)
class Recorded:
    """What is recorded of a facility and its people.

    notices: the days on which the Director was notified. displayed: which copies of each one's licences hang,
    and on which days. hours: the days on which each has hours in charge on record. exercised: what operators do,
    under 435/93.
    """

    works: Works
    responsible: Responsible
    in_charge: tuple[InCharge, ...] = ()
    notices: tuple[date, ...] | None = ()
    displayed: Mapping[int, tuple[Displayed, ...]] = field(default_factory=dict)
    hours: Mapping[int, frozenset[date]] = field(default_factory=dict)
    exercised: tuple[Exercised, ...] = ()
    disrupted: Disrupted = field(default_factory=Disrupted)

    @cached_property
    def told(self) -> Told:
        """What the Director is told of emergencies rests on this."""
        workers = self.responsible.workers.values()
        return Told(
            self.responsible.emergencies,
            tuple(one.span for who in workers for one in who.in_emergency if one.way is not Way.NONE),
            tuple(one.span for one in self.responsible.standing if one.basis is Basis.EMERGENCY),
            self.disrupted.submissions,
            self.disrupted.holidays,
        )

    def engineers_in_charge(self, on: Law) -> tuple[Span, ...]:
        """The spans in which an engineer without a licence is in charge (s. 17 (3)), as far as employed (R39);
        days on which one holds a licence of Class I or higher need no reliance on it (R49), and days on which that
        is not clear are apart (R65)."""
        return self._of_engineers(on)[0]

    def engineers_unclear(self, on: Law) -> tuple[Span, ...]:
        """The spans in which an engineer is in charge as one without a licence, and may hold one."""
        return self._of_engineers(on)[1]

    def _of_engineers(self, on: Law) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        number = on.regulation.number
        if number not in self._engineers:
            self._engineers[number] = self._without_licence(on)
        return self._engineers[number]

    @cached_property
    def _engineers(self) -> dict[str, tuple[tuple[Span, ...], tuple[Span, ...]]]:
        """By regulation, worked out once: every day that is asked about looks at them."""
        return {}

    def _without_licence(self, on: Law) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        """The days without a licence, and those on which that is not clear."""
        certain: list[Span] = []
        unclear: list[Span] = []
        for one in self.in_charge:
            if one.as_engineer:
                worker = self.responsible.workers.get(one.person, Worker())
                held, unknown = _licensed_days(worker, self.works, on, one.span)
                for days in worker.while_employed(one.span):
                    certain += outside(days, [*held, *unknown])
                    unclear += filter(None, (days.within(part) for part in unknown))
        return tuple(certain), tuple(unclear)

    def functions(self, person: int, day: date) -> Functions:
        """What somebody does on a day; whoever is overall responsible then runs the facility."""
        recorded = (one.functions for one in self.exercised if one.person == person and day in one.span)
        acting = self.responsible.acting(day)
        does = next(recorded, Functions())
        return replace(does, runs_facility=True) if acting is not None and acting.person == person else does

    def next_change(self, day: date, person: int | None = None) -> date | None:
        """The next day on which a finding about somebody, or about one person, may come or go: what begins or has
        ended then."""
        workers = self.responsible.workers
        of_them = workers.values() if person is None else [workers.get(person, Worker())]
        spells = [spell.span for worker in of_them for spell in worker.spells]
        acting = [one.span for one in self.responsible.standing]
        in_charge = [one.span for one in self.in_charge if person in (None, one.person)]
        exercised = [one.span for one in self.exercised if person in (None, one.person)]
        return next_edge(spells + acting + in_charge + exercised, day)

    def functions_change(self, person: int, day: date) -> date | None:
        """The next day on which somebody's functions may be others."""
        of_functions = [one.span for one in self.exercised if one.person == person]
        return next_edge(of_functions + [one.span for one in self.responsible.standing], day)


@dataclass(frozen=True)
class Found:
    """A finding with what it is about, and whom; None: the facility."""

    about: About
    person: int | None
    finding: Finding


def findings_on(recorded: Recorded, law: Law, of: Collection[int] | None = None) -> tuple[Found, ...]:
    """The findings of the law's day: the facility first, then its people, then who is in charge.

    of: of whom the licence and its display are asked, where not of everybody.
    """
    workers = recorded.responsible.workers
    found = _of_facility(recorded, law)
    for person in sorted(workers if of is None else workers.keys() & set(of)):
        found += _of_worker(person, workers[person], recorded, law)
    return tuple(found + _who_is_in_charge(recorded, law))


def since(recorded: Recorded, found: Found, on: Law, near: date) -> date:
    """The first of the days in a row, up to the law's day, on which a finding of that day has its verdict; of what
    falls due, the day of that. Looked for from `near`, and where it begins before, as far back as the law is on
    file.
    """
    if found.finding.due is not None:
        return found.finding.due
    first, end = on.regulation.versions[0].first_day, on.on + timedelta(days=1)
    for start in (max(min(near, on.on), first), first):
        asked = stretches(Span(start, end), lambda day: _like(found, recorded, law(on.regulation.number, day)))
        began = joined(asked)[-1].span.start
        if began > start:
            return began
    return first


def _like(found: Found, recorded: Recorded, on: Law) -> Finding:
    """The finding about the same on another day; one that does not apply where there is none."""
    person = found.person
    if person is None:
        begins = earliest(on, _disruptions_change(recorded, on))
        none = replace(found.finding, verdict=Verdict.NOT_APPLICABLE, until=begins)
        of_it = (one.finding for one in _of_facility(recorded, on) if one.about is found.about)
        found_then = next(of_it, none)
        acting = [one.span for one in recorded.responsible.standing]
        in_charge = [one.span for one in recorded.in_charge]
        return until_at_most(found_then, next_edge(acting + in_charge, on.on))  # no ledger looks far ahead of them
    worker, changes = recorded.responsible.workers.get(person, Worker()), recorded.next_change(on.on, person)
    of_licence = found.about in (About.LICENSED, About.DISPLAYED)
    every = _of_worker(person, worker, recorded, on) if of_licence else _who_is_in_charge(recorded, on, person)
    for one in every:
        if (one.about, one.person) == (found.about, person):
            return until_at_most(one.finding, changes)
    return replace(found.finding, verdict=Verdict.NOT_APPLICABLE, until=earliest(on, changes))


def unlicensed(
    worker: Worker,
    works: Works,
    regulation: str,
    shown: Span,
    *,
    lifted: Iterable[Span] = (),
    emergency: Iterable[Span] = (),
    said: Iterable[Emergency] = (),
) -> Iterator[Span]:
    """The days in a row, of those shown, on which somebody is employed without the licence of s. 14 (1).

    lifted: days on which it does not apply. emergency: days on which s. 23 may allow it, which is then asked too;
    said: what the owner says of them.
    Raises NotOnFile where no text of the regulation is on file for one of the days that have to be asked about.
    """
    newest, lifted, emergency, said = law(regulation), tuple(lifted), tuple(emergency), tuple(said)
    spells = worker.while_employed(shown) if worker.spells else ()
    for employed in (part for spell in spells for part in outside(spell, lifted)):
        for days in days_to_ask(worker, works, newest, employed):
            found = stretches(
                days, lambda day: _licensed_or_needed(worker, works, emergency, said, law(regulation, day))
            )
            yield from (one.span for one in joined(found) if one.finding.verdict is Verdict.NOT_MET)


def _of_facility(recorded: Recorded, law: Law) -> list[Found]:
    people = recorded.responsible
    found = [Found(About.OVERALL, None, overall_responsible(people, recorded.works, law))]
    found.append(Found(About.NOTICE, None, notice_given(people.relied, recorded.notices, law)))
    if law.has("designated_in_charge"):
        found.append(Found(About.IN_CHARGE, None, somebody_in_charge(recorded, law)))
    return found + _disruptions(recorded, law)


def _disruptions(recorded: Recorded, law: Law) -> list[Found]:
    """What the Director is told of strikes and emergencies, where there are some."""
    disrupted = recorded.disrupted
    found = []
    plans = plans_submitted(disrupted.strikes, disrupted.submissions, disrupted.waivers, law)
    if plans is not None:
        found.append(Found(About.STRIKE_PLAN, None, plans))
    told = recorded.told.of(law)
    if told is not None:
        notice, report = told
        found += [Found(About.EMERGENCY_NOTICE, None, notice), Found(About.EMERGENCY_REPORT, None, report)]
    return found


def _disruptions_change(recorded: Recorded, law: Law) -> date | None:
    """The next day on which a strike or an emergency begins or has ended."""
    strikes = [one.span for one in recorded.disrupted.strikes]
    return next_edge([*strikes, *(one.span for one in recorded.responsible.emergencies)], law.on)


def _of_worker(person: int, worker: Worker, recorded: Recorded, law: Law) -> list[Found]:
    """Of whoever is employed on the day: the licence, and its display."""
    spell = worker.spell_on(law.on)
    if spell is None:
        return []
    found = [Found(About.LICENSED, person, _licensed(worker, recorded, law))]
    if spell.capacity is not Capacity.OTHER:
        displayed = licences_displayed(worker, recorded.displayed.get(person), recorded.works, law)
        found.append(Found(About.DISPLAYED, person, displayed))
    return found


def _licensed(worker: Worker, recorded: Recorded, law: Law) -> Finding:
    """The licence of s. 14, unless a strike's direction lifts it (s. 16) or an emergency may (s. 23)."""
    responsible = recorded.responsible
    found = _licensed_or_needed(worker, recorded.works, responsible.emergency, responsible.emergencies, law)
    return unless_lifted(found, law.topic("operators_licensed"), responsible.strikes, law)


def _licensed_or_needed(
    worker: Worker, works: Works, emergency: tuple[Span, ...], said: tuple[Emergency, ...], law: Law
) -> Finding:
    """The licence of s. 14; where there is none, on days of an emergency, whether s. 23 allows it instead. Whoever
    serves in one is employed by s. 23, as whatever else they are: of them it is asked unless a licence is held."""
    edges = (*emergency, *(one.span for one in worker.in_emergency))
    found = until_at_most(licensed(worker, works, law), next_edge(edges, law.on))
    of_emergency = any(law.on in span for span in emergency)
    asked = of_emergency if found.verdict is Verdict.NOT_MET else worker.said_for_emergency(law.on) is not None
    if found.verdict is Verdict.MET or not asked:
        return found
    return any_of(found.citation, found, employed_in_emergency(worker, said, works, law))


def may_be_in_charge(made: InCharge, recorded: Recorded, law: Law, *, begins: bool = False) -> Finding:
    """129/04, s. 17: whether the law allows one designation as operator-in-charge on its day; where it does not,
    on days of an emergency, whether s. 23 does.

    begins: it is made on this day, and has to be allowed as it is made.
    """
    worker = recorded.responsible.workers.get(made.person, Worker())
    rule = in_charge if begins else still_in_charge
    found = rule(
        worker,
        recorded.works,
        law,
        as_engineer=made.as_engineer,
        by_owner=made.by_owner,
        relied=recorded.engineers_in_charge(law) if made.as_engineer else (),
        unclear=recorded.engineers_unclear(law) if made.as_engineer else (),
    )
    emergency = recorded.responsible.emergency
    found = until_at_most(found, next_edge(emergency, law.on))
    left = worker.spells and worker.spell_on(law.on) is None
    if found.verdict is not Verdict.NOT_MET or left or not any(law.on in span for span in emergency):
        return found
    said = recorded.responsible.emergencies
    return any_of(found.citation, found, in_charge_in_emergency(worker, said, recorded.works, law))


def somebody_in_charge(recorded: Recorded, law: Law) -> Finding:
    """129/04, s. 17 (1): one or more are designated as operators-in-charge; one whom the law allows is enough."""
    citation = law.topic("designated_in_charge")
    findings = [finding for _, finding in _each_in_charge(recorded, law)]
    changes = next_edge([one.span for one in recorded.in_charge], law.on)
    if findings:
        return until_at_most(any_of(citation, *findings), changes)
    statement = Sentence("Somebody is designated as operator-in-charge on {day}.", day=law.on)
    return until_at_most(unknown(law, citation, "designation_in_charge", statement), changes)


def _who_is_in_charge(recorded: Recorded, law: Law, person: int | None = None) -> list[Found]:
    """Whoever is in charge: everybody, or one."""
    if law.has("designated_in_charge"):
        return _in_charge(recorded, law, person)
    return _by_functions(recorded, law, person)


def _in_charge(recorded: Recorded, law: Law, whom: int | None) -> list[Found]:
    """Of whoever is designated: whether the law allows it, the time, and where it does not say no, the powers."""
    found = []
    for person, finding in _each_in_charge(recorded, law, whom):
        found += [Found(About.IN_CHARGE, person, finding), _time(person, recorded, law)]
        if finding.verdict is not Verdict.NOT_MET:
            spans = [one.span for one in recorded.in_charge if one.person == person]
            found.append(Found(About.POWERS, person, authorized(spans, law)))
    return found


def _licensed_days(worker: Worker, works: Works, on: Law, span: Span) -> tuple[list[Span], list[Span]]:
    """The days of a span on which somebody holds a licence of Class I or higher by what is on record, and those on
    which that is not clear, as far as the law is on file. Where no licence is on record none is held (R49)."""
    versions = on.regulation.versions
    shown = span.within(Span(versions[0].first_day, versions[-1].span.end)) if worker.records else None
    if shown is None:
        return [], []
    recorded, number = on_record(worker), on.regulation.number
    every = stretches(shown, lambda day: holds_of_class(recorded, LicenceClass.I, works, law(number, day)))
    found = joined(every)
    held, unclear = (
        [one.span for one in found if one.finding.verdict is verdict] for verdict in (Verdict.MET, Verdict.UNKNOWN)
    )
    return held, unclear


def _each_in_charge(recorded: Recorded, law: Law, whom: int | None = None) -> Iterator[tuple[int, Finding]]:
    """Whoever is designated on the day, and whether the law allows it: of two designations of one person that by
    the licence."""
    today = [one for one in recorded.in_charge if law.on in one.span and whom in (None, one.person)]
    of_each = {one.person: one for one in sorted(today, key=lambda one: one.as_engineer, reverse=True)}
    for one in of_each.values():
        yield one.person, may_be_in_charge(one, recorded, law)


def _by_functions(recorded: Recorded, law: Law, whom: int | None) -> list[Found]:
    """435/93, s. 1: of the operators employed whoever has a function is in charge; whoever has none is not."""
    found = []
    for person, worker in sorted(recorded.responsible.workers.items()):
        spell = worker.spell_on(law.on) if whom in (None, person) else None
        if spell is None or spell.capacity is Capacity.OTHER:
            continue
        finding = in_charge_by_functions(recorded.functions(person, law.on), law)
        changes = recorded.functions_change(person, law.on)
        until = earliest(law, changes, worker.next_change(law.on))
        if finding.verdict is not Verdict.NOT_MET:
            found.append(Found(About.IN_CHARGE, person, until_at_most(finding, until)))
        if finding.verdict is Verdict.MET:
            found.append(_time(person, recorded, law))
    return found


def _time(person: int, recorded: Recorded, law: Law) -> Found:
    return Found(About.TIME, person, time_on_record(recorded.hours.get(person, frozenset()), law))
