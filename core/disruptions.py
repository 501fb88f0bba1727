"""Strikes, lock-outs and declared emergencies: days on which others may run a facility than ss. 14 and 15 ask for.

O. Reg. 129/04, ss. 16 and 23; O. Reg. 435/93, s. 15. Such days spend none of the days of standing in (reading R6).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from core.calendar import Span, add_months, next_edge, outside
from core.citations import Citation
from core.employment import Capacity, Worker
from core.facts import earliest, stated, unknown
from core.findings import Decision, Finding, Verdict, all_of, any_of, until_at_most
from core.legislation import Law, Limit
from core.legislation import law as law_on
from core.licences import LicenceClass, LicenceRecord
from core.sentences import Sentence
from core.works import Works


def lifted_by(decisions: Iterable[Decision]) -> tuple[tuple[Span, Decision], ...]:
    """129/04, s. 16 (1) and (6) (b): the days for which a direction lifts ss. 14 and 15, each with the direction
    (reading R55).

    Of several decisions on one day the latest prevails: so a direction is revoked. None outlives its regulation.
    """
    in_order = sorted(decisions, key=lambda one: (one.decided_on, one.period.start))
    periods = [one.period.within(_on_file(one.citation.regulation)) for one in in_order]
    return tuple(
        (days, one)
        for place, (one, period) in enumerate(zip(in_order, periods, strict=True))
        if one.granted and period is not None
        for days in outside(period, filter(None, periods[place + 1 :]))
    )


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
    readings, until = ("R6", "R55"), earliest(law, until)
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


def runs_in_emergency(worker: Worker, works: Works, law: Law) -> Finding:
    """129/04, s. 23: who may be overall responsible in a declared emergency, whatever s. 15 asks (reading R6)."""
    if not law.stands("emergency_responsible"):
        return employed_in_emergency(worker, law)
    parts = employed_in_emergency(worker, law), qualified_in_emergency(worker, works, law)
    return all_of(law.topic("emergency_responsible"), *parts)


def employed_in_emergency(worker: Worker, law: Law) -> Finding:
    """129/04, s. 23 (1), (3) and (4): who may be employed without the licence of s. 14 in a declared emergency.

    Neither the emergency nor the shortage is on record here: they are asked about. Where the text of the day is
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
    declared = Sentence(
        "On {day} an emergency was declared that could harm the operation, or its orders remained in place "
        "(s. 22 (1) (a) and (b)).",
        day=law.on,
    )
    shortage = Sentence("Licensed operators were critically short, so others were needed to operate safely.")
    found = all_of(
        law.topic("emergency"),
        unknown(law, law.topic("emergency"), "emergency", declared),
        unknown(law, law.topic("emergency_shortage"), "shortage", shortage),
        _not_taken_away(worker, law),
    )
    return replace(found, readings=(*found.readings, "R6"))


def qualified_in_emergency(worker: Worker, works: Works, law: Law) -> Finding:
    """129/04, s. 23 (2): an engineering practitioner, or whoever held a licence of the type and class in the 60
    months before that was never cancelled or suspended (readings R23 and R61)."""
    citation = law.topic("emergency_responsible")
    spell = worker.spell_on(law.on)
    is_engineer = None if spell is None else spell.capacity is Capacity.ENGINEER
    statement = Sentence("The person is a licensed engineering practitioner.")
    engineer = stated(law, citation, "capacity", statement, is_engineer)
    found = any_of(citation, engineer, _held_before(worker, works, citation, law))
    return until_at_most(found, earliest(law, worker.next_change(law.on), works.next_change(law.on)))


def _held_before(worker: Worker, works: Works, citation: Citation, law: Law) -> Finding:
    limit, facility_class = law.limit("emergency_licence_months"), works.class_on(law.on)
    until = _next_change(worker, limit, law)
    if facility_class is None:
        statement = Sentence("The facility has a class on record on {day}.", day=law.on)
        return unknown(law, citation, "class_on_record", statement, asked_of="officer")
    held = [one for one in worker.records if _served_lately(one, works, limit, law)]
    of_class = [one for one in held if one.licence.licence_class in facility_class.or_higher()]
    clean = next((one for one in of_class if _never_taken_away(one, law)), None)
    if clean is not None:
        because = Sentence("Licence {number} of the facility’s class was held in the {months} months before.",
                           number=clean.licence.number, months=limit.value)  # fmt: skip
        return Finding(citation, Verdict.MET, because, readings=("R23", "R61"), until=until)
    lower = tuple(LicenceClass)[max(facility_class.rank - 1, LicenceClass.I.rank)]
    open_ones = [
        one
        for one in worker.records
        if _served_lately(one, works, limit, law) is not False
        and one.licence.licence_class in lower.or_higher()
        and _never_taken_away(one, law) is not False
    ]
    known_since = worker.complete_from
    if open_ones or known_since is None or known_since > add_months(law.on, -limit.value):
        statement = Sentence("A licence of the type and class was held in the {months} months before {day}, and "
                             "never cancelled or suspended.", months=limit.value, day=law.on)  # fmt: skip
        asked = unknown(law, citation, "former_licence", statement, asked_of="officer")
        return until_at_most(replace(asked, readings=("R23", "R61")), until)
    because = Sentence("No licence of the type and class was held in the {months} months before that was never "
                       "cancelled or suspended.", months=limit.value)  # fmt: skip
    return Finding(citation, Verdict.NOT_MET, because, readings=("R23", "R61"), until=until)


def _served_lately(record: LicenceRecord, works: Works, limit: Limit, law: Law) -> bool | None:
    """Whether a licence for the type was held on one of the days that count; None where its first day is
    not known."""
    if record.licence.licence_type.value != works.facility_type.value:
        return False
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


def _not_taken_away(worker: Worker, law: Law) -> Finding:
    """129/04, s. 23 (4): no licence or certificate is cancelled or suspended. A listing shows none that is."""
    citation = law.topic("emergency_not_taken_away")
    taken = [
        one
        for one in worker.records
        if (isinstance(one.cancelled_on, date) and one.cancelled_on <= law.on)
        or any(law.on in span for span in one.suspended or ())
    ]
    statement = Sentence("No licence or certificate of the person is cancelled or suspended.")
    found = stated(law, citation, "not_taken_away", statement, False if taken else None, asked_of="officer")
    return until_at_most(found, _next_change(worker, None, law))


def _next_change(worker: Worker, limit: Limit | None, law: Law) -> date | None:
    """The next day on which another licence, or another of its days, may count."""
    days: list[date | None] = []
    for one in worker.records:
        days += [one.issued_on or one.listed_on, one.cancelled_on if isinstance(one.cancelled_on, date) else None]
        days += [edge for span in one.suspended or () for edge in (span.start, span.end)]
        days += [] if limit is None else [add_months(_last_day(one), limit.value) + timedelta(days=1)]
    if limit is not None and worker.complete_from is not None:
        days.append(add_months(worker.complete_from, limit.value))
    return earliest(law, *(day for day in days if day is not None and day > law.on))
