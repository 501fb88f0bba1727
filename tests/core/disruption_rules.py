"""How a case of the tables of strikes and emergencies is asked of its function."""

from collections.abc import Callable
from datetime import date
from typing import Any

from core.disruptions import employed_in_emergency, not_taken_away
from core.emergencies import (
    Emergency,
    critically_short,
    meets_its_paragraph,
    notice_of_emergency,
    report_of_emergency,
    report_records_may_go,
)
from core.findings import Finding
from core.legislation import Law
from core.strike_plans import plan_submitted
from core.submissions import Kind, contents_of
from tests.core.responsibility_rules import spans, temporary, worker, works

Facts = dict[str, Any]
HOLIDAYS = frozenset({date(2025, 7, 1)})


def contents(facts: Facts, kind: Kind) -> frozenset[str] | None:
    """ "all", "all but training"; unknown: None."""
    says = facts.get("says")
    if says is None:
        return None
    return frozenset(one.id for one in contents_of(kind)) - {says.removeprefix("all but ")}


def said(facts: Facts) -> tuple[Emergency, ...]:
    """The emergency and the days of which the owner says that none was declared."""
    declared = [
        Emergency(one, True, facts.get("shortage"), facts.get("necessary"))
        for one in spans(facts.get("emergency")) or ()
    ]
    return (*declared, *(Emergency(one, False) for one in spans(facts.get("not_declared")) or ()))


RULES: dict[str, Callable[[Facts, Law], Finding]] = {
    "plan_submitted": lambda facts, law: plan_submitted(
        facts["legal_date"],
        facts.get("sent"),
        contents(facts, Kind.STRIKE_PLAN),
        law,
        waived=facts.get("waived", False),
    ),
    "employed_in_emergency": lambda facts, law: employed_in_emergency(
        worker(facts, law), said(facts), works(facts), law
    ),
    "meets_its_paragraph": lambda facts, law: meets_its_paragraph(next(iter(temporary(facts)), None), law),
    "critically_short": lambda facts, law: critically_short(said(facts), law),
    "not_taken_away": lambda facts, law: not_taken_away(worker(facts, law), law),
    "notice_of_emergency": lambda facts, law: notice_of_emergency(
        facts.get("first"), facts.get("sent"), HOLIDAYS, law
    ),
    "report_of_emergency": lambda facts, law: report_of_emergency(
        facts.get("last"),
        facts.get("first"),
        facts.get("sent"),
        contents(facts, Kind.EMERGENCY_REPORT),
        HOLIDAYS,
        law,
    ),
    "report_records_may_go": lambda facts, law: report_records_may_go(facts["reported"], law),
}
# A decision, or what says which question is asked: not a fact that could be unknown.
FIXED = {"legal_date", "waived", "reported"}
