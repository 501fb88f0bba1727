"""How a case of the tables of responsibility is asked of its function."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from core.calendar import Span
from core.designations import (
    Presence,
    Responsible,
    able_to_stand_in,
    designated_by_licence,
    engineer_responsible,
    responsibility_applies,
    stands_in,
    stands_in_not_in_training,
    stood_in_for,
)
from core.disruptions import qualified_for_charge_in_emergency, qualified_in_emergency
from core.emergencies import Temporary, Way
from core.employment import (
    Capacity,
    Displayed,
    Spell,
    Worker,
    licence_displayed,
    licences_displayed,
    licensed,
    licensing_applies,
    newly_employed_engineer,
)
from core.facilities import FacilityType
from core.findings import NOT_YET, Decision, Finding, NotYet
from core.in_charge import (
    Functions,
    authorized,
    designated_in_charge,
    engineer_in_charge,
    in_charge_by_functions,
    not_in_training,
    time_on_record,
    time_recorded,
)
from core.legislation import Law, law
from core.licences import LicenceClass
from core.reliance import notice_given, within_engineer_days, within_stand_in_days
from core.responsibility import InCharge, Recorded, somebody_in_charge
from core.works import Works
from tests.core import licence_rules

Facts = dict[str, Any]
ALWAYS = Span(date(1990, 1, 1))


def spans(written: str | bool | None) -> tuple[Span, ...] | None:
    """ "2025-01-01 to 2025-02-28, 2025-07-15 on"; `no`: none; unknown: None."""
    if isinstance(written, str):
        return tuple(map(_span, written.split(", ")))
    return None if written is None else ()


def _span(written: str) -> Span:
    start, _, last = written.removesuffix(" on").partition(" to ")
    end = date.fromisoformat(last) + timedelta(days=1) if last else None
    return Span(date.fromisoformat(start), end)


def worker(facts: Facts, law: Law) -> Worker:
    in_force = {"clear": True, "class": "III", "issued": law.on - timedelta(days=400), "extended": NOT_YET}
    in_force["expiry"] = in_force["issued"] + timedelta(days=1000)
    records = () if facts.get("licence") is False else (licence_rules.record(in_force | _licence(facts)),)
    anew = facts.get("anew", False)
    spells = spans(facts.get("employed")) or ()
    capacity = Capacity(facts["as"])
    made = tuple(Spell(span, capacity, anew and span == spells[-1]) for span in spells)
    complete = facts.get("complete", bool(records))
    return Worker(records, date.min if complete else None, made, temporary(facts))


def temporary(facts: Facts) -> tuple[Temporary, ...]:
    """What the owner says of somebody for the days of an emergency: nothing where no way is named."""
    if facts.get("way") is None:
        return ()
    names = ("experience", "trained", "fits", "only_there", "clear")
    return (Temporary(ALWAYS, Way(facts["way"]), **{name: facts.get(name) for name in names}),)


def _licence(facts: Facts) -> Facts:
    return {key: fact for key, fact in facts.items() if key in ("class", "type", "issued", "expiry")}


def works(facts: Facts) -> Works:
    of_class = facts.get("facility_class")
    classes = ((ALWAYS, LicenceClass(of_class)),) if of_class else ()
    return Works(FacilityType(facts.get("for", "wastewater_treatment")), "2200A", classes)


def presence(facts: Facts, whose: str = "") -> Presence:
    designated, absent, present = (spans(facts.get(whose + key)) for key in ("designated", "absent", "present"))
    return Presence(designated, absent or (), present or ())


def directions(facts: Facts, law: Law) -> list[Decision]:
    periods = spans(facts.get("directed")) or ()
    citation = law.topic("stand_in_direction")
    return [Decision(citation, True, "A. Director", one.start, "No other way.", one) for one in periods]


def notices(facts: Facts) -> tuple[date, ...] | None:
    sent = facts.get("notices")
    return () if isinstance(sent, NotYet) else None if sent is None else (sent,)


def days(written: str | date | bool | None) -> tuple[date, ...]:
    """ "2025-03-01, 2025-03-31"; `no`: none."""
    if isinstance(written, date):
        return (written,)
    return tuple(map(date.fromisoformat, written.split(", "))) if isinstance(written, str) else ()


def copies(facts: Facts) -> list[Displayed] | None:
    """Of the licence, of another, and such of which nobody has said the number; None where nothing is known."""
    numbers = {"hangs": licence_rules.NUMBER, "hangs_of_another": "777", "hangs_unnamed": ""}
    found = [Displayed(span, number) for key, number in numbers.items() for span in spans(facts.get(key)) or ()]
    return None if all(facts.get(key) is None for key in numbers) else found


def in_charge(facts: Facts) -> Recorded:
    """The facility's people with one of Class III in charge, and one of none, on these days."""
    chief = {"as": "operator", "employed": "2012-01-01 on", "issued": date(2024, 3, 1), "expiry": date(2027, 3, 1)}
    on = law("129/04", date(2025, 3, 1))
    workers = {1: worker(chief, on), 2: worker(chief | {"licence": False, "complete": True}, on)}
    spans_of = {1: spans(facts.get("in_charge")) or (), 2: spans(facts.get("unlawful")) or ()}
    made = tuple(InCharge(who, span) for who, several in spans_of.items() for span in several)
    return Recorded(works({}), Responsible(workers), made)


def of_worker(rule: Callable[[Worker, Works, Law], Finding]) -> Callable[[Facts, Law], Finding]:
    return lambda facts, law: rule(worker(facts, law), works(facts), law)


RULES: dict[str, Callable[[Facts, Law], Finding]] = {
    "licensed": of_worker(licensed),
    "newly_employed_engineer": lambda facts, law: newly_employed_engineer(worker(facts, law), law),
    "licensing_applies": lambda facts, law: licensing_applies(facts["day"], law),
    "licence_displayed": lambda facts, law: licence_displayed(spans(facts.get("displayed")), law),
    "licences_displayed": lambda facts, law: licences_displayed(
        worker(facts, law), copies(facts), works(facts), law
    ),
    "designated_by_licence": of_worker(designated_by_licence),
    "stands_in": lambda facts, law: stands_in(worker(facts, law), presence(facts), works(facts), law),
    "stands_in_not_in_training": of_worker(stands_in_not_in_training),
    "able_to_stand_in": lambda facts, law: able_to_stand_in(presence(facts, "own_"), law),
    "stood_in_for": lambda facts, law: stood_in_for(
        presence(facts, "own_"), spans(facts.get("stood_in")) or (), law
    ),
    "within_stand_in_days": lambda facts, law: within_stand_in_days(
        spans(facts.get("relied")), directions(facts, law), law
    ),
    "notice_given": lambda facts, law: notice_given(spans(facts.get("relied")), notices(facts), law),
    "qualified_in_emergency": of_worker(qualified_in_emergency),
    "qualified_for_charge_in_emergency": of_worker(qualified_for_charge_in_emergency),
    "engineer_responsible": lambda facts, law: engineer_responsible(worker(facts, law), law),
    "responsibility_applies": lambda facts, law: responsibility_applies(facts["day"], law),
    "designated_in_charge": of_worker(designated_in_charge),
    "not_in_training": of_worker(not_in_training),
    "engineer_in_charge": lambda facts, law: engineer_in_charge(
        worker(facts, law), facts.get("by_owner"), works(facts), law
    ),
    "within_engineer_days": lambda facts, law: within_engineer_days(
        spans(facts.get("relied")), law, unclear=spans(facts.get("unclear")) or ()
    ),
    "authorized": lambda facts, law: authorized(spans(facts.get("designated")), law),
    "time_recorded": lambda facts, law: time_recorded(facts.get("recorded"), law),
    "time_on_record": lambda facts, law: time_on_record(days(facts.get("hours")), law),
    "somebody_in_charge": lambda facts, law: somebody_in_charge(in_charge(facts), law),
    "in_charge_by_functions": lambda facts, law: in_charge_by_functions(Functions(**facts), law),
}
# What is written on a licence or in a contract, or says which question is asked: not a fact that could be unknown.
OWN = {
    "own_designated",
    "own_absent",
    "own_present",
    "stood_in",
    "hangs",
    "hangs_of_another",
    "hangs_unnamed",
}  # on record: what is not there is not so
FIXED = {"as", "anew", "licence", "day", "directed", "in_charge", "unclear"} | OWN
