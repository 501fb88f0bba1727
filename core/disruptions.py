"""Strikes, lock-outs and declared emergencies: days on which others may run a facility than ss. 14 and 15 ask for.

O. Reg. 129/04, ss. 16 and 23; O. Reg. 435/93, s. 15. Such days spend none of the days of standing in (reading R6).
What the owner tells the Director of them is in core/strike_plans.py and core/emergencies.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from core.calendar import Span, add_months, next_edge, outside
from core.citations import Citation
from core.directions import in_force
from core.emergencies import Emergency, Way, critically_short, declared, meets_its_paragraph
from core.employment import Capacity, Worker
from core.facts import earliest, stated, unknown
from core.findings import Decision, Finding, Verdict, all_of, any_of, until_at_most
from core.held_licences import included_licences
from core.legislation import Law, Limit
from core.legislation import law as law_on
from core.licences import Licence, LicenceClass, LicenceRecord
from core.sentences import Sentence
from core.works import Works


def lifted_by(decisions: Iterable[Decision]) -> tuple[tuple[Span, Decision], ...]:
    """129/04, s. 16 (1) and (6) (b): the days for which a direction lifts ss. 14 and 15, each with the direction
    (reading R55).

    Of several decisions on one day the latest prevails: so a direction is revoked. None outlives its regulation.
    """
    on_file = ((one, one.period.within(_on_file(one.citation.regulation))) for one in decisions)
    return in_force(replace(one, period=period) for one, period in on_file if period is not None)


def while_strikes_last(decisions: Iterable[Decision], strikes: Iterable[Span]) -> tuple[Decision, ...]:
    """129/04, s. 16 (1): a direction holds for the duration of the strike or lock-out. Of one that is on record as
    ended, none of it is left for the days after, up to the legal date of the next (reading R66)."""
    strikes = tuple(strikes)
    return tuple(
        replace(one, period=days)
        for one in decisions
        for days in (outside(one.period, _over(one.period, strikes)) if one.granted else [one.period])
    )


def _over(period: Span, strikes: tuple[Span, ...]) -> Iterator[Span]:
    """The days after each strike of a period, up to the next one."""
    for one in strikes:
        if one.end is None or not one.overlaps(period):
            continue
        next_start = min((other.start for other in strikes if other.start >= one.end), default=None)
        if next_start != one.end:
            yield Span(one.end, next_start)


def unless_lifted(found: Finding, lifted: Citation, strikes: Iterable[Decision], law: Law) -> Finding:
    """129/04, s. 16 (1): what ss. 14 and 15 say, but on days for which the Director lifted them in a strike or
    lock-out (reading R55); lifted: which of their provisions it is."""
    directions = lifted_by(strikes)
    until = next_edge([days for days, _ in directions], law.on)
    decision = next((one for days, one in directions if law.on in days), None)
    if decision is None:
        return until_at_most(found, until)
    because = Sentence(
        "The Director directed afterwards, on {day}, that {provision} not apply in a strike or lock-out."
        if law.on < decision.decided_on
        else "The Director directed on {day} that {provision} not apply in a strike or lock-out.",
        day=decision.decided_on,
        provision=lifted.provision,
    )
    readings, until = ("R6", "R55", "R66"), earliest(law, until)
    return Finding(lifted, Verdict.NOT_APPLICABLE, because, readings=readings, until=until, decision=decision)


def runs_in_strike(strikes: Iterable[Decision], law: Law) -> Finding:
    """129/04, s. 16 (1): whoever runs the facility in a strike or lock-out does so by the Director's direction.

    Asked of days without one: of the others unless_lifted says what it lifts.
    """
    citation = law.topic("strike_direction")
    of_this = [one for one in strikes if one.citation == citation]
    until = earliest(law, next_edge([one.period for one in of_this], law.on))
    decided = max((one.decided_on for one in of_this if law.on in one.period), default=None)
    if decided is not None:
        because = Sentence(
            "The Director decided on {day} not to lift the rule, or to lift it no more.", day=decided
        )
        return Finding(citation, Verdict.NOT_MET, because, readings=("R6",), until=until)
    statement = Sentence("The Director lifted the rule for a strike or lock-out on {day}.", day=law.on)
    asked = unknown(law, citation, "strike_direction", statement, asked_of="director")
    return until_at_most(replace(asked, readings=("R6",)), until)


def _on_file(regulation: str) -> Span:
    """The days on which a regulation is on file."""
    versions = law_on(regulation).regulation.versions
    return Span(versions[0].first_day, versions[-1].span.end)


def runs_in_emergency(worker: Worker, said: Iterable[Emergency], works: Works, law: Law) -> Finding:
    """129/04, s. 23: who may be overall responsible in a declared emergency, whatever s. 15 asks (reading R6).

    said: what the owner says of the emergency.
    """
    employed = employed_in_emergency(worker, said, works, law)
    if not law.stands("emergency_responsible"):
        return employed
    return all_of(law.topic("emergency_responsible"), employed, qualified_in_emergency(worker, works, law))


def in_charge_in_emergency(worker: Worker, said: Iterable[Emergency], works: Works, law: Law) -> Finding:
    """129/04, s. 23: who may be an operator-in-charge in a declared emergency, whatever s. 17 asks."""
    employed = employed_in_emergency(worker, said, works, law)
    if not law.stands("emergency_responsible"):
        return employed
    qualified = qualified_for_charge_in_emergency(worker, works, law)
    return all_of(law.topic("emergency_responsible"), employed, qualified)


def employed_in_emergency(worker: Worker, said: Iterable[Emergency], works: Works, law: Law) -> Finding:
    """129/04, s. 23 (1), (3) and (4): who may be employed without the licence of s. 14 in a declared emergency.

    What the owner has not said of the emergency, the shortage or the person is asked. Where the text of the day is
    not on file, so is what it says.
    """
    if not law.has("emergency"):
        because = Sentence("This regulation has no rule for a declared emergency.")
        return Finding(
            law.topic("overall_responsible"), Verdict.NOT_MET, because, readings=("R6",), until=law.ends
        )
    if not law.stands("emergency"):
        statement = Sentence("The text of {day}, which is not on file, allows it in an emergency.", day=law.on)
        asked = unknown(law, law.topic("overall_responsible"), "emergency_text", statement, asked_of="officer")
        return replace(asked, readings=("R6",))
    said = tuple(said)
    found = all_of(
        law.topic("emergency"),
        declared(said, law),
        critically_short(said, law),
        not_taken_away(worker, law),
        _one_of_those(worker, works, law),
    )
    return replace(found, readings=(*found.readings, "R6"))


def _one_of_those(worker: Worker, works: Works, law: Law) -> Finding:
    """129/04, s. 23 (1): who may be employed; by paragraph 2 with a licence of the type, of any class."""
    citation = law.topic("emergency")
    worked = worker.said_for_emergency(law.on)
    ways = (
        _practitioner(worker, citation, law),
        _former_licence(worker, works, None, citation, law),
        meets_its_paragraph(worked, law),
    )
    return until_at_most(any_of(citation, *ways), _next_said(worker, law))


def qualified_in_emergency(worker: Worker, works: Works, law: Law) -> Finding:
    """129/04, s. 23 (2): an engineering practitioner, or whoever held a licence of the type and class in the 60
    months before that was never cancelled or suspended (readings R23 and R61)."""
    facility_class = works.class_on(law.on)
    if facility_class is None:
        statement = Sentence("The facility has a class on record on {day}.", day=law.on)
        former = unknown(law, law.topic("emergency_responsible"), "class_on_record", statement, asked_of="officer")
    else:
        former = _former_licence(worker, works, facility_class, law.topic("emergency_responsible"), law)
        former = replace(former, readings=(*former.readings, "R61"))
    found = _engineer_or(former, worker, law)
    return until_at_most(found, works.next_change(law.on))


def qualified_for_charge_in_emergency(worker: Worker, works: Works, law: Law) -> Finding:
    """129/04, s. 23 (2): an engineering practitioner, or whoever held a licence of the type, of Class I or higher,
    in the 60 months before that was never cancelled or suspended (readings R23, R39 and R41)."""
    former = _former_licence(worker, works, LicenceClass.I, law.topic("emergency_responsible"), law)
    return _engineer_or(replace(former, readings=(*former.readings, "R39", "R41")), worker, law)


def _engineer_or(former: Finding, worker: Worker, law: Law) -> Finding:
    citation = law.topic("emergency_responsible")
    return until_at_most(any_of(citation, _practitioner(worker, citation, law), former), _next_said(worker, law))


def _practitioner(worker: Worker, citation: Citation, law: Law) -> Finding:
    """129/04, s. 1: with a licence, a limited or a temporary one under the Professional Engineers Act. So it is
    asked of whoever is not employed as a professional engineer, until the owner says who that is."""
    spell, worked = worker.spell_on(law.on), worker.said_for_emergency(law.on)
    is_one = None if worked is None else worked.way is Way.PRACTITIONER
    if spell is not None and spell.capacity is Capacity.ENGINEER:
        is_one = True
    statement = Sentence(
        "The person is a licensed engineering practitioner, with a licence, a limited licence or a temporary "
        "licence under the Professional Engineers Act."
    )
    return stated(law, citation, "practitioner", statement, is_one)


def _next_said(worker: Worker, law: Law) -> date | None:
    """The next day on which the person is employed otherwise, or the owner says something else of them."""
    said = next_edge([one.span for one in worker.in_emergency], law.on)
    return earliest(law, worker.next_change(law.on), said)


def _former_licence(
    worker: Worker, works: Works, lowest: LicenceClass | None, citation: Citation, law: Law
) -> Finding:
    """Whether a licence for the type, of the class or a higher one (None: of any), was held in the months that
    count; with each come the licences that it includes (s. 10, reading R5). One class lower is a question."""
    limit = law.limit("emergency_licence_months")
    ways = [
        _held_before(record, licence, lowest, limit, citation, law)
        for record in worker.records
        for licence in (record.licence, *included_licences(record.licence, law))
        if licence.licence_type.value == works.facility_type.value
    ]
    known_since, first = worker.complete_from, add_months(law.on, -limit.value)
    worked = worker.said_for_emergency(law.on)
    said_to_be_none = worked is not None and worked.way not in (Way.PRACTITIONER, Way.FORMER)
    statement = Sentence("Another licence, which is not on record, was held in the {months} months before {day}.",
                         months=limit.value, day=law.on)  # fmt: skip
    none = Sentence("No other licence is on record.")
    complete = known_since is not None and known_since <= first
    known = False if complete or said_to_be_none else None
    another = stated(law, citation, "former_licence", statement, known, "officer", otherwise=none)
    found = any_of(citation, *ways, another)
    if found.verdict is Verdict.NOT_MET:
        because = Sentence(
            "No licence of the type and class was held in the {months} months before that was never cancelled or "
            "suspended.",
            months=limit.value,
        )
        found = replace(found, because=because)
    return until_at_most(replace(found, readings=("R5", "R23")), _next_change(worker, limit, law))


def _held_before(
    record: LicenceRecord,
    licence: Licence,
    lowest: LicenceClass | None,
    limit: Limit,
    citation: Citation,
    law: Law,
) -> Finding:
    """Whether one licence, or one it includes, was held in these months, never taken away, and of the class."""
    named = {"number": licence.number, "licence": licence.label}
    months = Sentence("Licence {number} ({licence}) was held in the {months} months before {day}.",
                      months=limit.value, day=law.on, **named)  # fmt: skip
    not_then = Sentence("Licence {number} ({licence}) was not held in the {months} months before {day}.",
                        months=limit.value, day=law.on, **named)  # fmt: skip
    lately = _held_lately(record, limit, law)
    never = Sentence("Licence {number} was never cancelled or suspended.", **named)
    once = Sentence("Licence {number} was cancelled or suspended.", **named)
    kept = _never_taken_away(record, law)
    return all_of(
        citation,
        stated(law, citation, "former_licence", months, lately, "officer", otherwise=not_then),
        stated(law, citation, "never_taken_away", never, kept, "officer", otherwise=once),
        *([] if lowest is None else [_of_class(licence, lowest, citation, law)]),
    )


def _of_class(licence: Licence, lowest: LicenceClass, citation: Citation, law: Law) -> Finding:
    """Whether a licence is of the class or a higher one; whether one class lower is enough is a question (R61)."""
    named = {"held": licence.label, "needed": lowest.label}
    held = licence.licence_class
    one_lower = tuple(LicenceClass)[max(lowest.rank - 1, LicenceClass.I.rank)]
    enough: bool | None = held in lowest.or_higher()
    if not enough and held is one_lower:
        enough = None
    statement = Sentence("{held} is of {needed} or higher.", **named)
    if enough is None:
        statement = Sentence("{held}, one class lower than {needed}, is enough in an emergency.", **named)
    otherwise = Sentence("{held} is held; {needed} or higher is needed.", **named)
    return stated(law, citation, "former_class", statement, enough, "officer", otherwise=otherwise)


def _held_lately(record: LicenceRecord, limit: Limit, law: Law) -> bool | None:
    """Whether a licence was held on one of the days that count; None where its first day is not known."""
    if _last_day(record) < add_months(law.on, -limit.value):
        return False
    begins = record.issued_on or record.listed_on
    return None if begins is None else begins <= law.on


def _last_day(record: LicenceRecord) -> date:
    extended = record.extended_to
    return max(record.licence.expiry, extended) if isinstance(extended, date) else record.licence.expiry


def _never_taken_away(record: LicenceRecord, law: Law) -> bool | None:
    """Whether a licence was neither cancelled nor suspended by the law's day; None where that is not known."""
    cancelled = record.cancelled_on
    if isinstance(cancelled, date) and cancelled <= law.on:
        return False
    if any(one.start <= law.on for one in record.suspended or ()):
        return False
    return None if cancelled is None or record.suspended is None else True


def not_taken_away(worker: Worker, law: Law) -> Finding:
    """129/04, s. 23 (4): no licence or certificate is cancelled or suspended. A listing shows none that is, so the
    owner is asked; a record that says otherwise prevails."""
    citation = law.topic("emergency_not_taken_away")
    taken = [
        one
        for one in worker.records
        if (isinstance(one.cancelled_on, date) and one.cancelled_on <= law.on)
        or any(law.on in span for span in one.suspended or ())
    ]
    statement = Sentence("No licence or certificate of the person is cancelled or suspended.")
    is_taken = Sentence("A licence of the person is cancelled or suspended.")
    worked = worker.said_for_emergency(law.on)
    known = False if taken else worked.clear if worked else None
    found = stated(law, citation, "not_taken_away", statement, known, otherwise=is_taken)
    return until_at_most(found, earliest(law, _next_change(worker, None, law), _next_said(worker, law)))


def _next_change(worker: Worker, limit: Limit | None, law: Law) -> date | None:
    """The next day on which another licence, or another of its days, may count."""
    days: list[date | None] = []
    for one in worker.records:
        days += [one.issued_on or one.listed_on, one.cancelled_on if isinstance(one.cancelled_on, date) else None]
        days += [edge for span in one.suspended or () for edge in (span.start, span.end)]
        days += [] if limit is None else _so_many_months_after(_last_day(one), limit)
    if limit is not None and worker.complete_from is not None:
        days += _so_many_months_after(worker.complete_from, limit)
    return earliest(law, *(day for day in days if day is not None and day > law.on))


def _so_many_months_after(day: date, limit: Limit) -> list[date]:
    """The corresponding day and two more. One of them is the first that has that day so many months before it, and
    one the first that has a later one: around 29 February not the first two."""
    return [add_months(day, limit.value) + timedelta(days=shift) for shift in range(3)]
