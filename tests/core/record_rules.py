"""How a case of the tables of records is asked of its function."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from core.duties import Seen, adjustments_recorded, operated_safely, processes_monitored, status_available
from core.employment import Capacity, Spell, Worker
from core.findings import Finding, NotYet
from core.legislation import Law
from core.log_chain import BEFORE_THE_FIRST, Content, Entry, Kind, Standing, head_of, sealed
from core.logs import (
    Authorization,
    chronological,
    log_accessible,
    log_provided,
    maker_identified,
    may_be_purged,
    may_write,
)
from core.manuals import Contents, manuals_at_hand, manuals_reviewed
from core.shifts import Expected, Shift, shift_logged, shift_recorded, shifts
from core.training import (
    Training,
    annual_training,
    averaged_training,
    averages,
    exempt_from_training,
    exemption_notified,
    records_submitted,
)
from core.training_sessions import Given, SessionRecord, session_recorded
from tests.core.responsibility_rules import spans

Facts = dict[str, Any]
ZONE = "America/Toronto"
NEW_YEARS_DAYS = frozenset(date(year, 1, 1) for year in range(2000, 2050))


# --- training -------------------------------------------------------------------------------------------------


def worker(facts: Facts) -> Worker:
    capacity = Capacity(facts.get("as", "operator"))
    return Worker(spells=tuple(Spell(span, capacity) for span in spans(facts.get("employed")) or ()))


def training(facts: Facts) -> Training:
    """ "40 in 2022, 39.75 on 2023-06-01": those of a year on 1 January. Complete unless told otherwise."""
    written = facts.get("hours")
    if written is None:
        return Training()
    given = () if written is False else tuple(map(_given, str(written).split(", ")))
    return Training(given, date.min if facts.get("complete", True) else None)


def _given(written: str) -> Given:
    hours, _, when = written.replace(" on ", " in ").partition(" in ")
    day = date.fromisoformat(when) if "-" in when else date(int(when), 1, 1)
    return Given(day, int(Decimal(hours) * 60))


def by_other_reading(reading: str) -> Callable[[Facts, Law], Finding]:
    def ask(facts: Facts, law: Law) -> Finding:
        found = averages(facts["year"], worker(facts), training(facts), law)
        if found is None:
            return averaged_training(facts["year"], worker(facts), training(facts), law)
        return getattr(found, reading).finding

    return ask


def notified(facts: Facts, law: Law) -> Finding:
    told = facts.get("told")
    notices = None if told is None else () if isinstance(told, NotYet) else (told,)
    return exemption_notified(facts["year"], worker(facts), notices, NEW_YEARS_DAYS, law)


# --- logs -----------------------------------------------------------------------------------------------------

ITEMS = {
    "begin": Kind.BEGAN,
    "end": Kind.ENDED,
    "operators": Kind.OPERATORS,
    "departures": Kind.DEPARTURE,
    "instructions": Kind.INSTRUCTION,
    "conditions": Kind.CONDITION,
    "equipment": Kind.EQUIPMENT,
    "adjustments": Kind.ADJUSTMENT,
    "status": Kind.STATUS,
}
WRITERS = {
    "in charge": Standing.IN_CHARGE,
    "authorized by one in charge": Standing.BY_IN_CHARGE,
    "authorized by the owner": Standing.BY_OWNER,
}


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), UTC)


def a_night(facts: Facts) -> Shift:
    """The night shift from 19:00 on 1 March to 07:00 on 2 March, as it was entered."""
    began = moment(date(facts["year"], 3, 2), 0)  # 19:00 in Toronto is midnight in UTC
    ended = began + timedelta(hours=12)
    written, head = [], BEFORE_THE_FIRST
    for item in _recorded(facts):
        kind = ITEMS[item]
        made_at = _made(facts, kind, began, ended)
        draft = Entry(
            1, 0, made_at, ended if kind is Kind.ENDED else began, 7, "A. Operator",
            WRITERS[facts.get("by", "in charge")], None, 1, kind, Content("Night", kind is Kind.DEPARTURE),
        )  # fmt: skip
        written.append(sealed(draft, head))
        head = head_of(written[-1])
    return shifts(written)[0]


def _recorded(facts: Facts) -> list[str]:
    """ "all", "all but departures", or "no" but that it began; the beginning always stands."""
    recorded = facts.get("recorded")
    if recorded is None or recorded is False:
        return ["begin"]
    _, _, left_out = str(recorded).partition("all but ")
    return [item for item in ITEMS if item not in left_out.split(", ")]


def _made(facts: Facts, kind: Kind, began: datetime, ended: datetime) -> datetime:
    if kind is Kind.ENDED:
        return ended
    return _at(facts["written"]) if "written" in facts else began


def _at(written: Any) -> datetime:
    """ "2025-03-02 07:01" by the clocks of Toronto in winter, five hours behind UTC."""
    return datetime.fromisoformat(f"{written}-05:00").astimezone(UTC)


def whole(facts: Facts) -> bool | None:
    """The log is the facility's only one unless the case says otherwise, or nobody knows what was recorded."""
    return facts.get("only_log", True) if facts.get("recorded") is not None else None


def of_shift(rule: Callable[[Shift, bool | None, str, Law], Finding]) -> Callable[[Facts, Law], Finding]:
    return lambda facts, law: rule(a_night({"year": _year(law), **facts}), whole(facts), ZONE, law)


def _year(law: Law) -> int:
    return 2025 if law.regulation.number == "129/04" else 2004


def logged(facts: Facts, law: Law) -> Finding:
    facts = {"year": _year(law), **facts}
    shift = a_night(facts)
    entered = [shift] if facts.get("recorded") else []
    expected = Expected("night", shift.began, shift.began + timedelta(hours=12))
    return shift_logged(expected, entered, whole(facts), ZONE, law)


def order(facts: Facts, law: Law) -> Finding:
    made = facts.get("made")
    return chronological(None if made is None else [_at(one) for one in made.split(", ")], law)


def writing(facts: Facts, law: Law) -> Finding:
    by = [(name, spans(facts.get(name))) for name in ("authorized_by_owner", "authorized_by_one_in_charge")]
    given = facts.get("giver_in_charge", True)
    known = all(name in facts and facts[name] is not None for name, _ in by)
    found = [
        Authorization(1, name == "authorized_by_owner", span, given)
        for name, several in by
        for span in several or ()
    ]
    authorizations = found if known or found else None
    return may_write(spans(facts.get("in_charge")), authorizations, law, shift_began=facts.get("shift_began"))


def accessible(facts: Facts, law: Law) -> Finding:
    return log_accessible(days(facts.get("entries")), spans(facts.get("accessible")), law)


def days(written: Any) -> tuple[date, ...] | None:
    """ "2025-03-01, 2025-04-01"; `no`: none; unknown: None."""
    if written is None or written is False or isinstance(written, NotYet):
        return None if written is None else ()
    return tuple(date.fromisoformat(one) for one in str(written).split(", "))


def seen(facts: Facts) -> Seen:
    return Seen(facts.get("departures", 0), conditions=facts.get("conditions", 0))


RULES: dict[str, Callable[[Facts, Law], Finding]] = {
    "annual_training": lambda facts, law: annual_training(facts["year"], worker(facts), training(facts), law),
    "averaged_training": lambda facts, law: averaged_training(facts["year"], worker(facts), training(facts), law),
    "exempt_from_training": lambda facts, law: exempt_from_training(facts["year"], worker(facts), law),
    "exemption_notified": notified,
    "session_recorded": lambda facts, law: session_recorded(SessionRecord(**facts), law),
    "records_submitted": lambda facts, law: records_submitted(
        facts.get("requested"), facts.get("by"), facts.get("sent"), law
    ),
    "log_provided": lambda facts, law: log_provided(spans(facts.get("provided")), law),
    "chronological": order,
    "may_write": writing,
    "maker_identified": lambda facts, law: maker_identified(facts.get("named"), facts.get("own_account"), law),
    "shift_recorded": of_shift(shift_recorded),
    "shift_logged": logged,
    "log_accessible": accessible,
    "may_be_purged": lambda facts, law: may_be_purged(facts.get("made"), facts.get("last"), law),
    "manuals_at_hand": lambda facts, law: manuals_at_hand(Contents(**facts), law),
    "manuals_reviewed": lambda facts, law: manuals_reviewed(
        days(facts.get("reviewed")), days(facts.get("updated")), law
    ),
    "operated_safely": lambda facts, law: operated_safely(facts.get("said"), seen(facts), law),
    "processes_monitored": lambda facts, law: processes_monitored(facts.get("said"), seen(facts), law),
    "adjustments_recorded": of_shift(adjustments_recorded),
    "status_available": of_shift(status_available),
}
# The two readings of s. 21 (1.1) that the portal does not take, by the words of the tables.
OTHER_READINGS = {"sliding": by_other_reading("sliding"), "lenient": by_other_reading("years_employed")}
# What says which question is asked, not a fact that could be unknown.
FIXED = {"year", "as", "by", "giver_in_charge", "shift_began", "written"}
