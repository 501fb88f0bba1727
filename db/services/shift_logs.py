"""Writing in the log of a facility: a shift begins, what happens in it, its end, corrections, duties.

O. Reg. 129/04, ss. 18 (2) and 19. Entries are only added, one after the other: the chain's head is locked from
before the right to write is looked at until the entry stands, with its entry in the audit trail.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core import entries, record_entries
from core.duties import statements_of
from core.log_chain import DUTIES, NO, YES, Content, Entry, Head, Kind, head_of, not_before, sealed, standing
from core.log_times import Typed, moment_of
from core.logs import days_of_right
from core.places import day_at, local
from core.problems import Problem, Refused, raise_if_any, refuse
from core.shifts import Shift, shifts
from db import kept_findings, kept_log, log_rows
from db.gate import Work, service
from db.log_rights import WRITERS, may_not_write, writer
from db.log_schema import LogHead
from db.log_views import open_shifts, shifts_around
from db.schema import Facility

_TWICE_WITHIN = timedelta(minutes=2)
NOW = Typed()


@service(*WRITERS, writes=True)
def begin_shift(
    work: Work, facility_id: int, designation: str, began: Typed = NOW, *, long_ago: bool = False
) -> int:
    """A shift begins, by its number or name; more than two days ago only if `long_ago` says that this is meant.
    Returns the number of the shift, which is that of the entry."""
    log = _locked(work, facility_id)
    moment, problems = log.moment(began)
    for one in open_shifts(work, facility_id):
        if one.designation.casefold() == entries.clean(designation).casefold():
            raise refuse(
                "Shift {name} began on {began} and has not ended. End it first.",
                "text",
                name=one.designation,
                began=local(one.began, log.zone),
            )
    near = shifts_around(work, facility_id, moment)
    problems = problems or record_entries.shift_began(
        designation, moment, log.made_at, near, log.zone, long_ago=long_ago
    )
    return log.add(Kind.BEGAN, Content(text=entries.clean(designation)), moment, problems=problems)


@service(*WRITERS, writes=True)
def write(work: Work, facility_id: int, shift: int, kind: Kind, content: Content, happened: Typed = NOW) -> int:
    """An entry of a shift; of some kinds that there is nothing to report. Returns its number."""
    log = _locked(work, facility_id)
    return _write(log, _shift(work, facility_id, shift), kind, content, happened)


@service(*WRITERS, writes=True)
def write_nothing(work: Work, facility_id: int, shift: int, kinds: Collection[Kind]) -> None:
    """Says of each of some kinds that there is nothing to report in a shift: of all of them, or of none."""
    log = _locked(work, facility_id)
    found = _shift(work, facility_id, shift)
    for kind in kinds:
        _write(log, found, kind, Content(nothing=True), NOW)


@service(*WRITERS, writes=True)
def end_shift(work: Work, facility_id: int, shift: int, ended: Typed = NOW) -> int:
    """A shift ends. Returns the number of the entry."""
    log = _locked(work, facility_id)
    found = _shift(work, facility_id, shift)
    moment, problems = log.moment(ended)
    problems = problems or record_entries.shift_ended(found, moment, log.zone)
    return log.add(Kind.ENDED, Content(), moment, found, problems=problems)


@service(*WRITERS, writes=True)
def correct(
    work: Work,
    facility_id: int,
    number: int,
    kind: Kind,
    content: Content,
    reason: str,
    happened: Typed = NOW,
) -> int:
    """Corrects an entry by a new one, of its kind, a note, or of the kind that a note has replaced, with a reason;
    without another time the old one's stays. Returns the number of the new entry."""
    log = _locked(work, facility_id)
    old = log_rows.one(work, facility_id, number)
    of_shift = log_rows.of_shifts(work, facility_id, [old.shift]) if old and old.shift else ()
    corrected = {one.number for one in of_shift} - {one.number for one in standing(of_shift)}
    without_reason = record_entries.correction(old, corrected, reason)
    raise_if_any([one for one in without_reason if one.field != "reason"])
    assert old is not None  # noqa: S101 - checked above
    raise_if_any(record_entries.kind_of_correction(kind, old, of_shift))
    found = next((one for one in shifts(of_shift) if one.number == old.shift), None)
    if found and (kind in DUTIES or old.kind in DUTIES):
        _must_have_been_in_charge(log, found)
        _must_have_said(log, old)
    moment, problems = (old.happened_at, []) if happened == NOW else log.moment(happened)
    if found and not problems:
        problems = record_entries.shift_lasts(kind, moment, found, log.zone)
        if happened != NOW or kind is not old.kind:
            problems += record_entries.within_shift(kind, moment, found, log.zone)
    return log.add(
        kind, _cleaned(kind, content), moment, found, shift=old.shift, corrects=number,
        reason=entries.clean_reason(reason), problems=problems + without_reason,
    )  # fmt: skip


@service(*WRITERS, writes=True)
def say_duty(work: Work, facility_id: int, shift: int, duty: Kind, met: bool, reason: str = "") -> int:
    """Whoever was operator-in-charge of the day on which a shift began says in its log whether a duty of s. 18 (2)
    was met. They write as anybody does, so only while they may. Who says otherwise than before corrects that
    entry, with a reason; what others have said stands beside it. Returns the number."""
    log = _locked(work, facility_id)
    found = _shift(work, facility_id, shift)
    if duty not in DUTIES:
        raise refuse("Of this duty the log itself speaks.")
    _must_have_been_in_charge(log, found)
    content = Content(text=YES if met else NO)
    moment = record_entries.moment_unless_typed(duty, content, found, log.made_at)
    before = next((one for one in statements_of(found, duty) if one.author == work.account.person_id), None)
    if before is None:
        return log.add(duty, content, moment, found)
    if before.content == content:
        raise refuse("You have said this of the shift already: entry {number}.", number=before.number)
    return log.add(
        duty, content, moment, found, corrects=before.number, reason=entries.clean_reason(reason),
        problems=record_entries.correction(before, (), reason),
    )  # fmt: skip


# --- adding ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Log:
    """A facility's log, its head locked: what is added follows on it."""

    work: Work
    facility_id: int
    zone: str
    head: LogHead
    made_at: datetime

    def moment(self, typed: Typed) -> tuple[datetime, list[Problem]]:
        """The moment that is meant; now, and what is wrong with what was typed, where it is none."""
        try:
            return moment_of(typed, self.made_at, self.zone), []
        except Refused as refused:
            return self.made_at, list(refused.problems)

    def add(
        self,
        kind: Kind,
        content: Content,
        happened_at: datetime,
        found: Shift | None = None,
        *,
        shift: int | None = None,
        corrects: int | None = None,
        reason: str = "",
        problems: Iterable[Problem] = (),
    ) -> int:
        """Adds an entry by whoever asks, on the right that they have. A shift begins where none is given."""
        began, ended = (found.began, found.ended) if found else (None, None)
        right = writer(self.work, self.facility_id).right_on(days_of_right(self.made_at, began, ended, self.zone))
        if right is None:
            raise may_not_write()
        raise_if_any(
            [_at_field(one) for one in (*record_entries.log_entry(kind, content, happened_at, self.made_at),
                                        *problems)]
        )  # fmt: skip
        author = self.work.account.person
        entry = Entry(
            facility=self.facility_id,
            number=0,
            made_at=self.made_at,
            happened_at=happened_at,
            author=author.id,
            author_name=entries.clean(author.name),
            standing=right.standing,
            authorization=right.authorization,
            shift=shift or (found.number if found else self.head.number + 1),
            kind=kind,
            content=content,
            corrects=corrects,
            reason=reason,
        )
        if found and corrects is None:
            _must_be_new(entry, found)
        return self._seal(entry)

    def _seal(self, entry: Entry) -> int:
        made = sealed(entry, Head(self.head.number, self.head.hash))
        self.work.session.add(log_rows.row_of(made))
        now = head_of(made)
        self.head.number, self.head.hash, self.head.made_at = now.number, now.hash, made.made_at
        self.work.record(
            "log.written", "shift_log", self.facility_id, number=made.number, hash=made.hash, kind=made.kind.value
        )
        return made.number


def _write(log: _Log, found: Shift, kind: Kind, content: Content, happened: Typed) -> int:
    if kind in (Kind.BEGAN, Kind.ENDED, *DUTIES):
        raise refuse("Begin and end a shift, and speak of duties, by the buttons for that.")
    cleaned = _cleaned(kind, content)
    moment, problems = log.moment(happened)
    if happened == NOW:
        moment = record_entries.moment_unless_typed(kind, cleaned, found, log.made_at)
    problems = problems or record_entries.within_shift(kind, moment, found, log.zone)
    return log.add(kind, cleaned, moment, found, problems=problems)


def _locked(work: Work, facility_id: int) -> _Log:
    """The log of a facility, its head locked until the end; the head is made with the first entry."""
    facility = work.session.get(Facility, facility_id)
    if facility is None:
        raise refuse("There is no facility {id}. Check the link.", id=str(facility_id))
    work.for_update(Facility, facility_id)  # before the head, as whoever tests its findings does
    kept_findings.retest_log(work, facility_id)
    head = kept_log.head_of(work, facility_id)
    return _Log(work, facility_id, facility.time_zone, head, not_before(work.at, head.made_at))


def _shift(work: Work, facility_id: int, number: int) -> Shift:
    for one in shifts(log_rows.of_shifts(work, facility_id, [number])):
        return one
    raise refuse("There is no such shift in this log. Look at what stands now.")


def _must_have_been_in_charge(log: _Log, found: Shift) -> None:
    """Raises Refused for whoever was not in charge on the day on which a shift began: the duties were others'."""
    day = day_at(found.began, log.zone)
    if not writer(log.work, log.facility_id).is_in_charge(day):
        raise refuse("Only whoever was operator-in-charge on {day}, on which the shift began, says so.", day=day)


def _must_have_said(log: _Log, old: Entry) -> None:
    """Raises Refused for whoever would change what somebody else has said of a duty."""
    if old.author != log.work.account.person_id:
        raise refuse(
            "Entry {number} is what {name} has said. Only {name} changes it; say yourself what you know of the "
            "shift.",
            number=old.number,
            name=old.author_name,
        )


def _cleaned(kind: Kind, content: Content) -> Content:
    """What was typed as it is kept and hashed, with the fields of its kind alone."""
    given = replace(
        content,
        text=entries.clean_reason(content.text),
        by=entries.clean(content.by),
        action=entries.clean_reason(content.action),
        conclusions=entries.clean_reason(content.conclusions),
        operators=tuple(name for one in content.operators if (name := entries.clean(one))),
    )
    if kind is Kind.BEGAN:
        return replace(given, text=entries.clean(given.text))
    return given


def _must_be_new(entry: Entry, found: Shift) -> None:
    """Raises Refused for what is in the log already: pressed twice, or nothing to report of what was reported."""
    alike = [one for one in found.of(entry.kind) if one.content == entry.content and one.author == entry.author]
    if any(entry.made_at - one.made_at < _TWICE_WITHIN for one in alike):
        raise refuse("This is in the log already: entry {number}.", number=alike[-1].number)
    if entry.content.nothing and found.of(entry.kind):
        said = found.of(entry.kind)[-1].number
        template = (
            "The log of this shift speaks of it already: entry {number}. Correct that one where it is wrong."
        )
        raise refuse(template, number=said)


def _at_field(problem: Problem) -> Problem:
    """The problem at the field in which people type a time."""
    return replace(problem, field="clock") if problem.field == "happened_at" else problem
