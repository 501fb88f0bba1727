"""The plan that an owner hands in before a strike or lock-out (O. Reg. 129/04, s. 16 (2) and (7))."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar import Span, next_edge
from core.directions import in_force
from core.facts import done, earliest, text_not_on_file
from core.findings import NOT_YET, Day, Decision, Finding, all_of, until_at_most
from core.legislation import Law
from core.sentences import in_english
from core.submissions import Kind, Submission, held_to, says_all, sent

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Strike:
    """A strike or lock-out of operators of the facility, from its legal date on."""

    span: Span


def plan_submitted(
    legal_date: date, sent_on: Day, contents: Collection[str] | None, law: Law, *, waived: bool = False
) -> Finding:
    """129/04, s. 16 (2): the plan is handed in by the 14th day before the legal date (reading R15), and says what
    it must; where the Director waived the 14 days (7), by the day before the legal date (reading R62).

    sent_on: NOT_YET where it was not handed in; None where nobody has said. Where it was due on a day of which the
    provision is not on file it is not known whether it was.
    """
    limit = law.limit("strike_plan_days")
    by = legal_date - (_ONE_DAY if waived else timedelta(days=limit.value))
    if by not in law.regulation.provision(limit.citation).span:
        return text_not_on_file(law, limit.citation, "strike_plan_text", by)
    readings = ("R15", "R62") if waived else ("R15",)
    act = f"Strike plan for the legal date {in_english(legal_date)}"
    in_time = done(law, limit.citation, "strike_plan", act, sent_on, by=by, readings=readings)
    if not isinstance(sent_on, date) or sent_on > law.on:
        return until_at_most(in_time, sent_on if isinstance(sent_on, date) else None)
    return all_of(limit.citation, in_time, says_all(Kind.STRIKE_PLAN, contents, limit.citation, law))


def plans_submitted(
    strikes: Iterable[Strike], submissions: Iterable[Submission], waivers: Iterable[Decision], law: Law
) -> Finding | None:
    """The same of every strike to come or going on; None where there is none, or the law asks for no plan."""
    strikes, submissions, waivers = tuple(strikes), tuple(submissions), tuple(waivers)
    asked = [one for one in strikes if one.span.end is None or law.on < one.span.end]
    if not asked or not law.stands("strike_plan"):
        return None
    found = []
    for one in asked:
        legal_date = one.span.start
        plan = held_to(sent(submissions, Kind.STRIKE_PLAN, Span(legal_date, legal_date + _ONE_DAY), law.on))
        sent_on, contents = (plan.sent_on, plan.contents) if plan else (NOT_YET, None)
        waived = _is_waived(legal_date, waivers, law)
        found.append(plan_submitted(legal_date, sent_on, contents, law, waived=waived))
    to_come = [one.sent_on for one in submissions if one.sent_on > law.on]
    decided = [one.decided_on for one in waivers if one.decided_on > law.on]
    edges = next_edge([one.span for one in strikes], law.on)
    return until_at_most(all_of(law.topic("strike_plan"), *found), earliest(law, edges, *to_come, *decided))


def _is_waived(legal_date: date, waivers: Iterable[Decision], law: Law) -> bool:
    """Whether the Director's latest decision by the day about this legal date waives the 14 days."""
    decided = [one for one in waivers if one.decided_on <= law.on]
    return any(legal_date in days for days, _ in in_force(decided))
