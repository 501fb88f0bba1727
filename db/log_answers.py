"""What a facility's log answers of an inspection's questions: on a day, and over the days of a period."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import func, select

from core.calendar import Span
from core.compliance import Answer, Stretch, over_time, topic_of
from core.findings import Finding, Verdict, all_of
from core.places import day_at
from core.records import OF_SHIFTS, About, Found
from core.sentences import Sentence, in_english
from core.shifts import Expected
from db import log_setup, log_views
from db.facility_training import law_today
from db.gate import Work
from db.log_schema import LogEntry, LogHead
from db.log_views import Said
from db.schema import Facility

_ONE_DAY = timedelta(days=1)
DAYS_OF_SHIFTS = timedelta(days=13)  # before a day: the shifts of two weeks up to it are told
_WHAT = {
    About.ADJUSTMENTS: "Adjustments to the processes",
    About.STATUS: "Status of the equipment",
    About.SHIFT: "All that is to be recorded of a shift",
}
_TO_COME = Sentence("The day is to come: nothing of it can be in the log yet, so this is not asked.")


class LogAnswers:
    """The log of a facility as an inspection asks about it; head: None where nothing of it is recorded. What is
    read is read once."""

    def __init__(self, work: Work, facility: Facility, head: LogHead | None) -> None:
        self._work, self._facility, self._head = work, facility, head
        self._logs: dict[Span, Said] = {}
        self._today = day_at(work.at, facility.time_zone)

    def of_day(self, day: date) -> tuple[Stretch, ...]:
        """What the log says on a day: of itself, and of the shifts of the two weeks up to it."""
        if day > self._today:
            return self._ahead(Span(day, day + _ONE_DAY))
        on, log = Span(day, day + _ONE_DAY), self.of_shifts_up_to(day)
        said = zip(log_views.OF_THE_LOG, log.of_the_log, strict=False)
        of_itself = (Stretch(on, _answer(about, one)) for about, one in said if about is not About.ORDER)
        return _in_order((*of_itself, *self._of_shifts(_up_to(day))))

    def of_shifts_up_to(self, day: date) -> Said:
        """The log of the two weeks up to a day."""
        return self._log_of(_up_to(day))

    def over(self, period: Span) -> tuple[Stretch, ...]:
        """The same of the days of a period through today. Of itself a log is asked on each; its shifts are told
        together while they stand alike, those before its first entry apart."""
        if period.last == period.start:
            return self.of_day(period.start)
        days = self._through_today(period)
        if days is None:
            return self._ahead(period)
        found = list(self._of_itself(days))
        for some in self._before_and_since_it_began(days):
            found += self._of_shifts(some, alike=True)
        if days.end != period.end:
            found += self._ahead(Span(days.end or period.start, period.end))
        return _in_order(found)

    def shown(self, period: Span) -> Said | None:
        """The log whose shifts are told of a period, or of a day; None where nothing is asked."""
        days = self._through_today(period)
        if days is None:
            return None
        if period.last == period.start:
            return self.of_shifts_up_to(period.start)
        return self._log_of(self._before_and_since_it_began(days)[-1])

    def _ahead(self, days: Span) -> tuple[Stretch, ...]:
        """Of days to come: each question of the log with why it is not asked yet."""
        law = law_today(self._facility.facility_type, days.start)
        if law is None:
            return ()
        asked = {About.SAFE: law.topic("duties_in_charge"), About.LOG: law.topic("log_provided")}
        finding = {about: Finding(by, Verdict.NOT_APPLICABLE, _TO_COME) for about, by in asked.items()}
        return tuple(Stretch(days, _answer(about, one)) for about, one in finding.items())

    def _through_today(self, days: Span) -> Span | None:
        end = min(days.end or date.max, self._today + _ONE_DAY)
        return Span(days.start, end) if days.start < end else None

    def _before_and_since_it_began(self, days: Span) -> tuple[Span, ...]:
        """The days before the first that the log tells of, when nothing is known of it, and those since."""
        of_log = select(func.min(LogEntry.made_at), func.min(LogEntry.happened_at))
        made, happened = self._work.session.execute(of_log.where(LogEntry.facility_id == self._facility.id)).one()
        if made is None:
            return (days,)
        began = day_at(min(made, happened), self._facility.time_zone)
        if not days.start < began < (days.end or date.max):
            return (days,)
        return Span(days.start, began), Span(began, days.end)

    def _log_of(self, days: Span) -> Said:
        """The log of some days, as of the last of them."""
        if days not in self._logs:
            asked = self._work, self._facility, self._head, days, days.last or days.start
            self._logs[days] = log_views.said_on(*asked)
        return self._logs[days]

    def _of_itself(self, days: Span) -> tuple[Stretch, ...]:
        """Whether there is a log, and whether what was entered by then is at hand, on each of some days."""
        zone, id = self._facility.time_zone, self._facility.id
        of_log = select(LogEntry.made_at).where(LogEntry.facility_id == id)
        first, end = (log_views.begins(day, zone) for day in (days.start, days.end or date.max))
        before = self._work.session.scalar(
            select(func.max(LogEntry.made_at)).where(LogEntry.facility_id == id, LogEntry.made_at < first)
        )
        within = self._work.session.scalars(of_log.where(LogEntry.made_at >= first, LogEntry.made_at < end))
        made = sorted({day_at(one, zone) for one in (*([before] if before else []), *within)})
        log = log_views.log_with(self._facility, log_setup.places_of(self._work, id))

        def ask(day: date) -> Iterator[Answer]:
            law = law_today(self._facility.facility_type, day)
            if law is not None:
                provided, accessible = log_views.of_itself(log, made, law)
                yield _answer(About.LOG, provided)
                yield _answer(About.ACCESSIBLE, accessible)

        return over_time(days, ask)

    def _of_shifts(self, days: Span, *, alike: bool = False) -> Iterator[Stretch]:
        """What the log says of the shifts that begin on some days, as of the last of them: of all of them
        together, or while they stand `alike`, and of each that is not recorded as it must be, on its day; what is
        told of days that are alike names whatever else is missing of each."""
        log = self._log_of(days)
        for about, finding in zip(log_views.OF_THE_LOG, log.of_the_log, strict=False):
            if about is About.ORDER:
                yield Stretch(days, _of_days(_answer(about, finding), days))
        for one in log.duties:
            if one.about not in OF_SHIFTS:
                yield Stretch(days, _of_days(_answer(one.about, one.finding), days))
        for about in OF_SHIFTS:
            of_it = [one for one in log.found if one.about is about]
            for run in _runs(of_it, log.zone) if alike else [of_it] if of_it else []:
                span = _days_of(run, days, log.zone) if alike else days
                yield Stretch(span, _of_days(_together(run, log.zone), span))
        for one in log.found:
            if _stands_out(one, alike=alike):
                yield Stretch(_days_of([one], days, log.zone), _by_itself(one, log.zone))


def _up_to(day: date) -> Span:
    return Span(day - DAYS_OF_SHIFTS, day + _ONE_DAY)


def _answer(about: About, finding: Finding) -> Answer:
    return Answer(topic_of(about), about.value, finding)


def _of_days(answer: Answer, days: Span) -> Answer:
    """The answer with the days of whose shifts it is: what it counts is theirs."""
    because = answer.finding.because
    if days.last == days.start:
        said = Sentence("Shifts of {first}: {said}", first=days.start, said=because)
    else:
        said = Sentence("Shifts of {first} through {last}: {said}", first=days.start, last=days.last, said=because)
    return replace(answer, finding=replace(answer.finding, because=said))


def _together(found: Sequence[Found], zone: str) -> Answer:
    """What is found of several shifts, as one that names each of them."""
    named = [replace(one.finding, because=_named(one, zone)) for one in found]
    whole = all_of(found[0].finding.citation, *named)
    return _answer(found[0].about, replace(whole, because=_counted(found[0].about, whole)))


def _counted(about: About, whole: Finding) -> Sentence:
    """How many of several shifts decide, with the first of them; where all stand, that they do."""
    many, standing = len(whole.parts), _standing(whole)
    if many == 1:
        return whole.because
    if standing == (Verdict.MET, False):
        return Sentence("{what}: recorded in each of {many}.", what=_WHAT[about], many=many)
    some = sum(_standing(part) == standing for part in whole.parts)
    if some == 1:
        return Sentence("1 of {many}: {said}", many=many, said=whole.because)
    return Sentence("{some} of {many}, first {said}", some=some, many=many, said=whole.because)


def _named(one: Found, zone: str) -> Sentence:
    day, said = day_at(_began(one), zone), one.finding.because
    return Sentence("{shift}, {day}: {said}", shift=designation_of(one), day=day, said=said)


def _stands_out(one: Found, *, alike: bool) -> bool:
    """Whether what is found of one shift has a line of its own."""
    if one.about is About.SHIFT:
        return one.finding.verdict is not Verdict.MET
    return not alike and one.finding.verdict is Verdict.NOT_MET


def _by_itself(one: Found, zone: str) -> Answer:
    """What is found of one shift, under its name."""
    name = f"{designation_of(one)}, {in_english(day_of(one, zone))}"
    return Answer(topic_of(one.about), key_of(one), one.finding, name=name)


def key_of(one: Found) -> str:
    """What tells the finding about one shift from all others."""
    return f"{one.about.value}:{_began(one).isoformat()}:{designation_of(one)}"


def day_of(one: Found, zone: str) -> date:
    """The day on which the shift of a finding begins."""
    return day_at(_began(one), zone)


def _runs(found: Iterable[Found], zone: str) -> Iterator[list[Found]]:
    """Shifts in a row that stand alike: the days of which nothing else is found, each with all its shifts."""
    by_day = [list(rows) for _, rows in groupby(found, key=lambda one: day_at(_began(one), zone))]
    for _, days in groupby(by_day, key=lambda rows: _standing(_together(rows, zone).finding)):
        yield [one for rows in days for one in rows]


def _standing(finding: Finding) -> tuple[Verdict, bool]:
    return finding.verdict, finding.due is not None


def _days_of(found: Sequence[Found], days: Span, zone: str) -> Span:
    """From the day on which the first of some shifts began through that of the last, of the days asked about: one
    that lasts may have begun earlier."""
    first, last = (max(day_at(_began(one), zone), days.start) for one in (found[0], found[-1]))
    return Span(first, last + _ONE_DAY)


def _began(one: Found) -> datetime:
    if one.shift is None:
        raise ValueError(f"{one.about} is about no shift")
    return one.shift.begins if isinstance(one.shift, Expected) else one.shift.began


def designation_of(one: Found) -> str:
    """The name of the shift of a finding."""
    return one.shift.designation if one.shift else ""


def _in_order(found: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """By what they are about, then by their days; last what is found of single shifts."""
    order = {about.value: number for number, about in enumerate(About)}
    return tuple(sorted(found, key=lambda one: (order.get(one.answer.about, len(order)), one.span.start)))
