"""What the Director is told of a facility's strikes and emergencies, from what is on record of them.

O. Reg. 129/04, ss. 16 (2) and 23 (5) to (7). The single rules are in core/strike_plans.py and core/emergencies.py.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from core.calendar import Span, next_edge, united
from core.emergencies import (
    Emergency,
    notice_of_emergency,
    report_of_emergency,
    report_records_may_go,
    report_records_until,
)
from core.facts import earliest
from core.findings import NOT_YET, Day, Decision, Finding, NotYet, Verdict, all_of, until_at_most
from core.legislation import Law
from core.strike_plans import Strike
from core.submissions import Kind, Submission, first_sent, held_to, sent

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Disrupted:
    """What is recorded of strikes and lock-outs, and of what the owner handed in to the Director.

    waivers: the Director's decisions on the 14 days of a strike plan. holidays: when the office is closed.
    """

    strikes: tuple[Strike, ...] = ()
    submissions: tuple[Submission, ...] = ()
    waivers: tuple[Decision, ...] = ()
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Told:
    """What is on record of the emergencies of a facility for what the Director is told.

    worked: the days of whoever is employed under s. 23 (1); asked: days on which somebody is designated for an
    emergency. holidays: on which the office is closed, Saturdays and Sundays apart.
    """

    said: tuple[Emergency, ...] = ()
    worked: tuple[Span, ...] = ()
    asked: tuple[Span, ...] = ()
    submissions: tuple[Submission, ...] = ()
    holidays: frozenset[date] = frozenset()

    @cached_property
    def emergencies(self) -> tuple[Span, ...]:
        """The days of each emergency that was declared, in order: what is said of days that follow one another is
        said of one emergency."""
        return united(one.span for one in self.said if one.declared)

    def of(self, law: Law) -> tuple[Finding, Finding] | None:
        """The notice and the report of the emergencies of which they are shown on a day; None where there is none.

        They are shown from the first day of the emergency until both are in and the report says all; what was late
        then, as long as the records behind the report are to be kept (s. 23 (7)).
        """
        if not law.stands("emergency_notice"):
            return None
        on_file = law.regulation.provision(law.topic("emergency_notice")).span
        begun = (one for one in self.emergencies if one.overlaps(on_file) and one.start <= law.on)
        every = ((one, self._notice(one, law), self._report(one, on_file, law)) for one in begun)
        shown = [(notice, report) for one, notice, report in every if self._is_shown(one, notice, report, law)]
        if not shown:
            return None
        notices, reports = zip(*shown, strict=True)
        until = self._next_change(law)
        return (
            until_at_most(all_of(law.topic("emergency_notice"), *notices), until),
            until_at_most(all_of(law.topic("emergency_report"), *reports), until),
        )

    def first(self, emergency: Span) -> Day:
        """The day on which the first person was employed under s. 23 (1) in an emergency; None where somebody is
        designated for it, and nobody has said who was employed."""
        days = [part.start for span in self.worked if (part := span.within(emergency)) is not None]
        if days:
            return min(days)
        return None if any(span.overlaps(emergency) for span in self.asked) else NOT_YET

    def _notice(self, emergency: Span, law: Law) -> Finding:
        sent_on = self._noticed_on(emergency, law.on)
        return notice_of_emergency(self.first(emergency), sent_on, self.holidays, law)

    def _report(self, emergency: Span, on_file: Span, law: Law) -> Finding:
        """Of whoever is employed on a day on which the law is on file, where somebody is."""
        of_these = emergency.within(on_file)
        first = self.first(of_these) if of_these else NOT_YET
        if first is NOT_YET:
            first = self.first(emergency)
        report = self._held_to(emergency, law.on)
        sent_on, contents = (report.sent_on, report.contents) if report else (NOT_YET, None)
        return report_of_emergency(emergency.last or NOT_YET, first, sent_on, contents, self.holidays, law)

    def _noticed_on(self, emergency: Span, on: date) -> date | NotYet:
        """The day of the first notice; one of a day before the emergency tells nothing of it."""
        notices = sent(self.submissions, Kind.EMERGENCY_NOTICE, emergency, on)
        return first_sent(one for one in notices if one.sent_on >= emergency.start)

    def _held_to(self, emergency: Span, on: date) -> Submission | None:
        """The report that counts: none that was sent before the emergency had ended."""
        reports = sent(self.submissions, Kind.EMERGENCY_REPORT, emergency, on)
        return held_to(one for one in reports if emergency.end is not None and one.sent_on >= emergency.end)

    def _is_shown(self, emergency: Span, notice: Finding, report: Finding, law: Law) -> bool:
        if law.on in emergency:
            return True
        if self.first(emergency) is NOT_YET:
            return False
        closed_on = self._closed_on(emergency, law.on)
        if closed_on is None or law.on <= closed_on:
            return True
        late = Verdict.NOT_MET in (notice.verdict, report.verdict)
        return late and report_records_may_go(closed_on, law).verdict is not Verdict.MET

    def _closed_on(self, emergency: Span, on: date) -> date | None:
        """The day by which the notice and a report that says all are in; None where they are not."""
        noticed, report = self._noticed_on(emergency, on), self._held_to(emergency, on)
        if not isinstance(noticed, date) or report is None or report.says_all is not True:
            return None
        return max(noticed, report.sent_on)

    def _next_change(self, law: Law) -> date | None:
        spans = [*self.emergencies, *self.worked, *self.asked]
        sent_days = [one.sent_on for one in self.submissions]
        changes = [*sent_days, *(day + _ONE_DAY for day in sent_days)]
        changes += [report_records_until(day, law) + _ONE_DAY for day in sent_days]
        return earliest(law, next_edge(spans, law.on), *(day for day in changes if day > law.on))
