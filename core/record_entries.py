"""What is entered about training, logs and manuals, checked: each function answers with what is wrong."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from core import entries
from core.calendar import Span
from core.certificate_applications import not_to_come
from core.log_chain import DUTIES, MAY_BE_NOTHING, NO, YES, Content, Entry, Kind, standing
from core.places import local
from core.problems import Problem
from core.sentences import Sentence
from core.shifts import Pattern, Shift
from core.training_sessions import MINUTES_IN_A_DAY, Attendee, Session, first_day_with_law

LONG_AGO = timedelta(days=2)  # before which the beginning of a shift is asked about again

FIRST_DAY_OF_MANUALS = date(1990, 1, 1)  # three years before O. Reg. 435/93 first asked for manuals

_ANY_TIME = frozenset({Kind.BEGAN, Kind.ENDED, Kind.NOTE})  # kinds whose time the shift does not bound

# The record names the position of whoever attended: O. Reg. 129/04, s. 21 (3), and O. Reg. 435/93, s. 17 (3).
_NO_POSITION = (
    "In what position did {name} attend? On no day of the session is {name} on record as employed here, so none "
    "is known. Enter the position."
)

# What an entry of each kind says, by the fields of its content, in words for "Enter ...".
_ASKED: Mapping[Kind, Mapping[str, str]] = {
    Kind.BEGAN: {"text": "the number or the designation of the shift"},
    Kind.ENDED: {},
    Kind.OPERATORS: {"operators": "the operators on duty"},
    Kind.DEPARTURE: {"text": "the departure from normal procedures"},
    Kind.INSTRUCTION: {"text": "the special instruction", "by": "who gave the instruction"},
    Kind.CONDITION: {
        "text": "the unusual or abnormal condition",
        "action": "the action that was taken, or that none was",
        "conclusions": "the conclusions that were drawn, or that none were",
    },
    Kind.EQUIPMENT: {
        "text": "the equipment that was out of service",
        "action": "the action to maintain or repair it, or that none was taken",
    },
    Kind.ADJUSTMENT: {"text": "the adjustment, and to which process"},
    Kind.STATUS: {"text": "the status of the equipment"},
    Kind.NOTE: {"text": "the note"},
    Kind.SAFE: {"text": "whether the duty was met"},
    Kind.MONITORED: {"text": "whether the duty was met"},
}


def fields_of(kind: Kind) -> tuple[str, ...]:
    """The fields of the content of an entry of a kind, in the order in which they are asked for."""
    return tuple(_ASKED[kind])


def log_entry(kind: Kind, content: Content, happened_at: datetime, made_at: datetime) -> list[Problem]:
    """An entry of a log: what its kind asks for, or that there was nothing; nothing that is still to come."""
    problems = []
    if happened_at > made_at:
        problems.append(
            _problem(
                "happened_at",
                "It is still to come. Enter a time that has passed, and its day if that was not today.",
            )
        )
    if content.nothing:
        return problems + _nothing(kind, content)
    for field, what in _ASKED[kind].items():
        said = getattr(content, field)
        if field == "operators":
            problems += _operators(said, what)
        elif not entries.clean_reason(said):
            problems.append(_problem(field, "Enter {what}.", what=what))
        elif kind in DUTIES and said not in (YES, NO):
            problems.append(_problem(field, "Choose yes or no."))
        elif kind is Kind.BEGAN:
            problems += entries.text(field, what, said, entries.NAME_LENGTH)
        else:
            problems += entries.lines(field, what, said, entries.REASON_LENGTH)
    return problems


def shift_began(
    designation: str, began: datetime, made_at: datetime, others: Iterable[Shift], zone: str, *, long_ago: bool
) -> list[Problem]:
    """The beginning of a shift: in none of the same name, and not by a slip long ago.

    others: those that began shortly before. long_ago: whoever enters it has said that so old a day is meant.
    """
    name = _same_name(designation)
    for one in others:
        within = one.began <= began and (one.ended is None or began < one.ended)
        if within and _same_name(one.designation) == name:
            template = "Shift {name} of this time is in the log already: it began on {began}, entry {number}."
            return [_problem("happened_at", template, name=one.designation, began=local(one.began, zone),
                             number=one.number)]  # fmt: skip
    if long_ago or made_at - began <= LONG_AGO:
        return []
    template = "It began on {began}, more than two days ago. If that is right, say so; else correct the day."
    return [_problem("long_ago", template, began=local(began, zone))]


def within_shift(kind: Kind, happened_at: datetime, shift: Shift, zone: str) -> list[Problem]:
    """What a shift's entry tells of happened in the shift, by the minute, as times are typed. A note may tell of
    anything."""
    if kind in _ANY_TIME:
        return []
    if happened_at < shift.began.replace(second=0, microsecond=0):
        template = "The shift began on {began}. Enter a time after that, or write a note."
        return [_problem("happened_at", template, began=local(shift.began, zone))]
    if shift.ended is not None and happened_at > shift.ended:
        template = "The shift ended on {ended}. Enter when it happened, before that, or write a note."
        return [_problem("happened_at", template, ended=local(shift.ended, zone))]
    return []


def moment_unless_typed(kind: Kind, content: Content, shift: Shift, made_at: datetime) -> datetime:
    """The moment of an entry of which nobody has typed one: now, or for what is said of a whole shift that is over
    its end."""
    of_all = _is_of_all(kind, content)
    return min(made_at, shift.ended) if of_all and shift.ended is not None else made_at


def shift_ended(shift: Shift, ended: datetime, zone: str) -> list[Problem]:
    """The end of a shift: after its beginning and all that happened in it, and once; another end is a correction
    of the first."""
    if ended <= shift.began:
        template = "The shift began on {began}. Enter an end after that."
        return [_problem("happened_at", template, began=local(shift.began, zone))]
    if shift.ended is not None:
        template = "The shift ended on {ended}, as the log has it. Correct that entry where it is wrong."
        return [_problem("happened_at", template, ended=local(shift.ended, zone))]
    return _left_outside(shift, shift.began, ended, zone)


def shift_lasts(kind: Kind, moment: datetime, shift: Shift, zone: str) -> list[Problem]:
    """Another beginning or end of a shift: in order of time, and with all that happened in it still within it.

    What happened outside would be in the record of no shift, so it is corrected first, or becomes a note.
    """
    if kind not in (Kind.BEGAN, Kind.ENDED):
        return []
    began = moment if kind is Kind.BEGAN else shift.began
    ended = moment if kind is Kind.ENDED else shift.ended
    if ended is not None and ended <= began:
        return [_problem("happened_at", "A shift ends after it has begun. Correct the time.")]
    return _left_outside(shift, began, ended, zone)


def _left_outside(shift: Shift, began: datetime, ended: datetime | None, zone: str) -> list[Problem]:
    """The entries of a shift that tell of something before its beginning or after its end, by the minute. What is
    said of the whole shift may be said before or after it."""
    first = began.replace(second=0, microsecond=0)
    told = [one for one in shift.standing if one.kind not in _ANY_TIME and not _is_of_all(one.kind, one.content)]
    outside = [
        one
        for one in told
        if one.happened_at < first or (ended and one.happened_at.replace(second=0, microsecond=0) > ended)
    ]
    if not outside:
        return []
    template = (
        "These would then lie outside of the shift: {entries}. Correct their times first, or put a note in their "
        "place."
    )
    each = "entry {number} of {happened}"
    named = [Sentence(each, number=one.number, happened=local(one.happened_at, zone)) for one in outside]
    return [_problem("happened_at", template, entries=", ".join(map(str, named)))]


def _is_of_all(kind: Kind, content: Content) -> bool:
    """Whether an entry speaks of its whole shift, and not of something that happened at a time."""
    return content.nothing or kind in (Kind.OPERATORS, Kind.STATUS, *DUTIES)


def correction(old: Entry | None, corrected: Collection[int], reason: str) -> list[Problem]:
    """A correction of an entry: it says why, and names one that stands; `corrected`: those that do not."""
    problems = entries.reason("reason", reason, what="for the correction")
    if old is None:
        problems.append(_problem("corrects", "The entry that is to be corrected is not in this log."))
    elif old.number in corrected:
        template = "Entry {number} is corrected already. Correct the one that stands for it."
        problems.append(_problem("corrects", template, number=old.number))
    return problems


def kind_of_correction(kind: Kind, old: Entry, of_shift: Sequence[Entry]) -> list[Problem]:
    """A correction is of the kind of its entry, a note, or what the entry was before it became a note.

    The beginning of a shift that has other entries stays one, else all of them would be of no shift; it begins and
    ends once. of_shift: every entry of the shift.
    """
    if kind not in {old.kind, Kind.NOTE, *kinds_before(old, of_shift)}:
        return [_problem("kind", "A correction is of the same kind as the entry, or a note.")]
    others = [one for one in standing(of_shift) if one.number != old.number]
    if kind is Kind.NOTE and old.kind is Kind.BEGAN and others:
        template = (
            "The shift has other entries, such as entry {number}, so that its beginning cannot become a note. "
            "Correct its time or its name, or write a note that the shift was entered by mistake."
        )
        return [_problem("kind", template, number=others[-1].number)]
    again = next((one for one in others if one.kind is kind), None)
    if kind is not old.kind and kind in (Kind.BEGAN, Kind.ENDED) and again is not None:
        return [_problem("kind", "Entry {number} says this already. Correct that one.", number=again.number)]
    return []


def kinds_before(entry: Entry, of_shift: Iterable[Entry]) -> tuple[Kind, ...]:
    """The other kinds of which an entry was before it was corrected into what it is."""
    by_number = {one.number: one for one in of_shift}
    found, old = [], by_number.get(entry.corrects or 0)
    while old is not None:
        found.append(old.kind)
        old = by_number.get(old.corrects or 0)
    return tuple(dict.fromkeys(kind for kind in found if kind is not entry.kind))


def session(entered: Session, today: date) -> list[Problem]:
    """A training session: its days and minutes, subjects, and everybody who attended, once."""
    held = [(one.day, one.minutes) for one in entered.held]
    return session_days(held, today) + session_contents(entered.subjects, entered.attended)


def session_days(held: Sequence[tuple[date | None, int | None]], today: date) -> list[Problem]:
    """The days of a session, each with its minutes; None where one is empty, or comes to no whole minutes. What is
    wrong stands at the fields day_1 and hours_1, day_2 and so on."""
    problems = [] if held else [_problem("held", "Enter at least one day of the session.")]
    for number, (day, minutes) in enumerate(held, start=1):
        at_day, at_hours = f"day_{number}", f"hours_{number}"
        problems += not_to_come(at_day, "The session", day, today)
        if day is None:
            problems.append(_problem(at_day, "Enter the day of the session."))
        elif day < first_day_with_law():
            template = (
                "The session is dated {day}, before any law on training on file, which begins on {first}. Correct "
                "the day."
            )
            problems.append(_problem(at_day, template, day=day, first=first_day_with_law()))
        elif day in [one for one, _ in held[: number - 1]]:
            problems.append(_problem(at_day, "{day} is entered twice. Add up its hours.", day=day))
        if minutes is None:
            problems.append(_problem(at_hours, "Enter the hours, in whole minutes: 7.5 or 0.25."))
        elif not 0 < minutes <= MINUTES_IN_A_DAY:
            problems.append(_problem(at_hours, "Enter a duration of more than 0 and at most 24 hours."))
    return problems


def session_contents(subjects: str, attended: Collection[Attendee]) -> list[Problem]:
    """What a session was about, and everybody who attended, once; a position may not be known yet."""
    problems = entries.text("subjects", "the subjects that were covered", subjects, entries.REASON_LENGTH)
    if not attended:
        problems.append(_problem("attended", "Fill in “{label}”.", label="Who attended"))
    for one in attended:
        what = f"the position of {one.name}"
        problems += entries.text("attended", what, one.position, entries.NAME_LENGTH, required=False)
    return problems + _attended_twice(attended)


def positions(attended: Iterable[Attendee]) -> list[Problem]:
    """Whose position is not known: asked for once it is certain that the days are right."""
    return [_problem("attended", _NO_POSITION, name=one.name) for one in attended if not one.position]


def manual(name: str, place: str, reviewed: date | None, updated: date | None, today: date) -> list[Problem]:
    """A manual: its name, where it is, and when it was last reviewed and updated; a new one was both."""
    problems = entries.text("name", "the name of the manual", name, entries.NAME_LENGTH)
    problems += entries.text("place", "where the manual is kept", place, entries.NAME_LENGTH)
    for field, what, day in (("reviewed", "review", reviewed), ("updated", "update", updated)):
        if day is None:
            problems.append(_problem(field, "Enter the day of the last {what}.", what=what))
        problems += day_of_manual(field, what, day, today)
    return problems


def day_of_manual(field: str, what: str, day: date | None, today: date) -> list[Problem]:
    """A day on which a manual was reviewed or updated: not to come, and none so early that it was mistyped."""
    if day is not None and day < FIRST_DAY_OF_MANUALS:
        template = "The {what} is dated {day}, before {first}, which can hardly be. Correct the day."
        return [_problem(field, template, what=what, day=day, first=FIRST_DAY_OF_MANUALS)]
    return not_to_come(field, f"The {what}", day, today)


def pattern(entered: Pattern, others: Iterable[Pattern]) -> list[Problem]:
    """A shift that is worked again and again; of one designation only one begins on a day."""
    problems = pattern_named(entered.designation, entered.weekdays)
    same = [one for one in others if one.designation.casefold() == entered.designation.casefold()]
    if any(one.span.overlaps(entered.span) and one.weekdays & entered.weekdays for one in same):
        template = "{designation} is worked on some of these days already. Choose other days, or another name."
        problems.append(_problem("designation", template, designation=entries.shown(entered.designation)))
    return problems


def pattern_named(designation: str, weekdays: Collection[int]) -> list[Problem]:
    """How a shift that is worked again and again is called, and on which days of the week it begins."""
    problems = entries.text("designation", "the number or the designation", designation, entries.NAME_LENGTH)
    if not weekdays:
        problems.append(_problem("weekdays", "Choose at least one day of the week."))
    return problems


def authorization(days: Span, giver_in_charge: bool | None) -> list[Problem]:
    """An authorization to write: until when, and its giver in charge; None: the owner gives it."""
    problems = []
    if days.end is None:
        problems.append(_problem("last", "Enter the last day of the authorization."))
    if giver_in_charge is False:
        problems.append(
            _problem("given_by", "Only somebody who is operator-in-charge today may authorize others.")
        )
    return problems


def _nothing(kind: Kind, content: Content) -> list[Problem]:
    if kind not in MAY_BE_NOTHING:
        return [_problem("nothing", "{kind}: this is always reported. Enter what there is.", kind=kind.label)]
    if content != Content(nothing=True):
        return [_problem("nothing", "There is nothing to report, and something is. Choose one of the two.")]
    return []


def _operators(names: Collection[str], what: str) -> list[Problem]:
    problems = [] if names else [_problem("operators", "Enter {what}.", what=what)]
    for name in names:
        problems += entries.text("operators", "the name of an operator", name, entries.NAME_LENGTH)
    return problems


def _attended_twice(attended: Iterable[Attendee]) -> list[Problem]:
    of_one = {one.person: one.name for one in attended}
    times = Counter(one.person for one in attended)
    names = [of_one[person] for person, count in times.items() if count > 1]
    return [_problem("attended", "{one} is named twice. Name everybody once.", one=name) for name in names]


def _same_name(designation: str) -> str:
    return entries.clean(designation).casefold()


def _problem(field: str, template: str, **values: object) -> Problem:
    return Problem(field, Sentence(template, **values))
