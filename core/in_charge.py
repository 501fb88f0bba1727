"""Operators-in-charge: who may be designated, what they may do, and the hours they work in charge.

O. Reg. 129/04, ss. 17 and 18 (1); O. Reg. 435/93, ss. 1 and 18, where whoever has the functions is in charge.
The days with an unlicensed engineer are counted in core/reliance.py.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.calendar import Span, add_months, next_edge
from core.employment import Capacity, Worker, employed, holds_of_class
from core.facilities import FacilityType
from core.facts import earliest, stated, unknown
from core.findings import Finding, Verdict, all_of, any_of, not_, until_at_most
from core.legislation import Law
from core.licences import LicenceClass
from core.reliance import within_engineer_days
from core.sentences import Sentence
from core.works import Works

_MONTHS_ON_RECORD = 1  # so long an entry shows that the time is recorded (reading R50)


@dataclass(frozen=True)
class Functions:
    """What somebody does in a facility (435/93, s. 1); None where it is not known."""

    runs_facility: bool | None = None
    sets_parameters: bool | None = None
    directs_operators: bool | None = None


@dataclass(frozen=True)
class Exercised:
    """What somebody does in a facility on a span of days."""

    person: int
    span: Span
    functions: Functions


@dataclass(frozen=True)
class Hours:
    """Hours that somebody worked in charge of a facility of a type and class; in_training: as one in training."""

    person: int
    facility_type: FacilityType
    facility_class: LicenceClass | None
    in_training: bool
    hours: Decimal


class Doubt(StrEnum):
    """What is not on record for hours in charge of a day."""

    NOT_EMPLOYED = "not employed that day"
    NOT_DESIGNATED = "not designated that day"


def doubt(
    day: date, employed: Iterable[Span], designated: Iterable[Span], law: Law | None, *, in_training: bool
) -> Doubt | None:
    """What is not on record for hours in charge of a day: the employment, or the designation (129/04, s. 17 (1));
    of time in training, and where the law of the day asks for no designation, the employment alone."""
    if not any(day in one for one in employed):
        return Doubt.NOT_EMPLOYED
    asked = law is not None and law.has("designated_in_charge") and not in_training
    return Doubt.NOT_DESIGNATED if asked and not any(day in one for one in designated) else None


def in_charge(
    worker: Worker,
    works: Works,
    law: Law,
    *,
    as_engineer: bool,
    by_owner: bool,
    relied: Iterable[Span],
    unclear: Iterable[Span] = (),
) -> Finding:
    """Whether the law allows a designation as operator-in-charge on its day. relied, unclear: the days with an
    engineer without a licence, and those on which that is not known."""
    if as_engineer:
        citation = law.topic("engineer_in_charge")
        lawful = engineer_in_charge(worker, by_owner, works, law)
        return all_of(citation, lawful, within_engineer_days(relied, law, unclear=unclear))
    citation = law.topic("designated_in_charge")
    return all_of(citation, designated_in_charge(worker, works, law), not_in_training(worker, works, law))


def still_in_charge(
    worker: Worker,
    works: Works,
    law: Law,
    *,
    as_engineer: bool,
    by_owner: bool,
    relied: Iterable[Span],
    unclear: Iterable[Span] = (),
) -> Finding:
    """129/04, s. 17: whether the law allows whoever is in charge: an engineer without a licence who has come to
    hold one is so by the licence, without another designation (reading R49)."""
    found = in_charge(
        worker, works, law, as_engineer=as_engineer, by_owner=by_owner, relied=relied, unclear=unclear
    )
    if not as_engineer or found.verdict is Verdict.MET:
        return found
    by_licence = in_charge(on_record(worker), works, law, as_engineer=False, by_owner=by_owner, relied=())
    if by_licence.verdict in (Verdict.MET, Verdict.UNKNOWN):
        return any_of(found.citation, by_licence, found)
    return until_at_most(found, by_licence.until)


def designated_in_charge(worker: Worker, works: Works, law: Law) -> Finding:
    """129/04, s. 17 (1): an operator-in-charge is a licensed operator of the facility (reading R39)."""
    citation = law.topic("designated_in_charge")
    return all_of(citation, holds_of_class(worker, None, works, law), employed(worker, citation, law))


def not_in_training(worker: Worker, works: Works, law: Law) -> Finding:
    """129/04, s. 17 (5): an operator-in-training is never in charge (reading R41)."""
    citation = law.topic("in_charge_not_in_training")
    held = all_of(citation, holds_of_class(worker, LicenceClass.I, works, law))
    return replace(held, readings=(*held.readings, "R41"))


def engineer_in_charge(worker: Worker, by_owner: bool | None, works: Works, law: Law) -> Finding:
    """129/04, s. 17 (3): the owner, and nobody else, may designate a professional engineer without a licence
    (reading R49)."""
    citation = law.topic("engineer_in_charge")
    spell = worker.spell_on(law.on)
    owners = Sentence("The owner made the designation, and not a person whom it authorized.")
    statement = Sentence("The person is a professional engineer.")
    is_engineer = None if spell is None else spell.capacity is Capacity.ENGINEER
    return all_of(
        citation,
        employed(worker, citation, law),
        stated(law, citation, "capacity", statement, is_engineer),
        stated(law, citation, "by_owner", owners, by_owner),
        _without_licence(worker, works, law),
    )


def _without_licence(worker: Worker, works: Works, law: Law) -> Finding:
    """Whoever designates an engineer as one without a licence says that there is none; a record may deny it."""
    without = not_(holds_of_class(on_record(worker), None, works, law))
    if without.verdict is Verdict.UNKNOWN:
        return replace(without, readings=(*without.readings, "R49"))
    because = Sentence(
        "No licence for this type of facility is on record."
        if without.verdict is Verdict.MET
        else "The engineer holds a licence for this type of facility: one of Class I or higher allows a "
        "designation by the licence, one in training allows none."
    )
    return replace(without, because=because, readings=(*without.readings, "R49"))


def on_record(worker: Worker) -> Worker:
    """Somebody with no licence but those on record, as whoever designates an engineer without one says."""
    return replace(worker, complete_from=date.min)


def authorized(designated: Iterable[Span] | None, law: Law) -> Finding:
    """129/04, s. 18 (1): whoever is designated as operator-in-charge may set parameters and direct operators."""
    citation = law.topic("powers_in_charge")
    if designated is None:
        statement = Sentence("The person is designated as operator-in-charge on {day}.", day=law.on)
        return unknown(law, citation, "designation", statement)
    spans = tuple(designated)
    current = any(law.on in span for span in spans)
    because = Sentence(
        "Designated as operator-in-charge: may set operational parameters, and direct and supervise operators."
        if current
        else "Not designated as operator-in-charge."
    )
    until = earliest(law, next_edge(spans, law.on))
    return Finding(citation, Verdict.MET if current else Verdict.NOT_MET, because, until=until)


def time_recorded(recorded: bool | None, law: Law) -> Finding:
    """129/04, s. 17 (2): the time that each operator works in charge is recorded."""
    statement = Sentence("The time that the operator works as operator-in-charge is recorded.")
    return stated(law, law.topic("time_in_charge"), "hours", statement, recorded)


def time_on_record(days: Collection[date], law: Law) -> Finding:
    """129/04, s. 17 (2): the time in charge is recorded, by the days with hours on record (reading R50)."""
    last = max((day for day in days if day <= law.on), default=None)
    answers_to = None if last is None else add_months(last, _MONTHS_ON_RECORD)
    if answers_to is not None and law.on < answers_to:
        because = Sentence("Hours in charge are recorded, the last of {day}.", day=last)
        found = replace(time_recorded(True, law), because=because)
        return replace(found, readings=("R50",), until=earliest(law, answers_to))
    next_entry = min((day for day in days if day > law.on), default=None)
    return replace(time_recorded(None, law), readings=("R50",), until=earliest(law, next_entry))


def in_charge_by_functions(functions: Functions, law: Law) -> Finding:
    """435/93, s. 1: an operator is in charge who runs the facility, sets parameters, or directs operators."""
    citation = law.topic("functions_in_charge")
    asked = (
        ("runs_facility", "The operator is responsible for the overall operation.", functions.runs_facility),
        ("sets_parameters", "The operator sets operational parameters.", functions.sets_parameters),
        ("directs_operators", "The operator directs or supervises operators.", functions.directs_operators),
    )
    return any_of(citation, *(stated(law, citation, key, Sentence(words), does) for key, words, does in asked))


def added_up(hours: Iterable[Hours]) -> Mapping[tuple[int, FacilityType, LicenceClass | None, bool], Decimal]:
    """The hours in charge by person, type and class of facility; those of an operator-in-training apart."""
    total: dict[tuple[int, FacilityType, LicenceClass | None, bool], Decimal] = defaultdict(Decimal)
    for one in hours:
        total[one.person, one.facility_type, one.facility_class, one.in_training] += one.hours
    return total
