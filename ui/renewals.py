"""When licences expire: as a table, and as a file for the calendar that somebody keeps elsewhere."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from core.alignment import Status
from core.places import day_at
from core.renewals import Ahead, Renewal, reminder
from core.sentences import Sentence, in_english
from ui.markup import Markup, html, joined, markup
from ui.words import DUE, STANDS, Mark

_EXPIRED = Mark("■", "Expired", "wrong")
_DOES_NOT_COUNT = {
    Status.SUSPENDED: Mark("■", "Suspended", "wrong"),
    Status.CANCELLED: Mark("■", "Cancelled", "wrong"),
    Status.EXPIRED: Mark("■", "Listed as expired", "wrong"),
    Status.NOT_LISTED: Mark("■", "Not in the listing", "wrong"),
}


def next_expiry(renewals: Sequence[Renewal]) -> str:
    """One sentence that says what expires next."""
    coming = [one for one in renewals if one.counts]
    if not coming and all(one.expired for one in renewals):
        return "Everything that the office has confirmed has expired."
    if not coming:
        return "Nothing that the office has confirmed counts now; the table says why."
    licence = coming[0].licence
    return str(
        Sentence("{label} is next: it counts through {expiry}.", label=licence.label, expiry=licence.expiry)
    )


def table(renewals: Sequence[Renewal]) -> None:
    """What expires when and how many days are left, the next first."""
    html(
        '<table class="plain wide"><caption>What expires when, the next first</caption><thead><tr>'
        '<th scope="col">Certificate</th><th scope="col">Number</th><th scope="col">Last day</th>'
        '<th scope="col" class="number">Left</th><th scope="col">Standing</th></tr></thead>'
        "<tbody>{rows}</tbody></table>",
        rows=joined(_row(one) for one in renewals),
    )


def _row(one: Renewal) -> Markup:
    mark, word = _standing(one)
    return markup(
        '<tr><th scope="row">{label}</th>'
        '<td><span class="cell-of">Number: </span>{number}</td>'
        '<td><span class="cell-of">Last day: </span>{expiry}</td>'
        '<td class="number"><span class="cell-of">Left: </span>{left}</td>'
        '<td><span class="cell-of">Standing: </span>'
        '<span class="standing {tone}"><span aria-hidden="true">{shape}</span> {word}</span></td></tr>',
        label=one.licence.label,
        number=one.licence.number,
        expiry=in_english(one.licence.expiry),
        left=_left(one),
        tone=mark.tone,
        shape=mark.shape,
        word=word,
    )


def _left(one: Renewal) -> str:
    if one.expired:
        return "none"
    return f"{in_english(one.days_left)} {'day' if one.days_left == 1 else 'days'}"


def _standing(one: Renewal) -> tuple[Mark, str]:
    """Whether it counts, and once the first reminder's day has come how soon it expires."""
    if not_counting := _DOES_NOT_COUNT.get(one.status):
        return not_counting, not_counting.word
    if one.expired:
        return _EXPIRED, _EXPIRED.word
    expiry = one.licence.expiry
    soon = reminder(expiry, expiry - timedelta(days=one.days_left))
    return (DUE, f"Expires within {soon}") if soon else (STANDS, STANDS.word)


def calendar_file(renewals: Sequence[Renewal], address: str, at: datetime) -> bytes:
    """What counts and is still to expire as all-day events with an alarm on each reminder's day (RFC 5545).

    `address` is the portal's. A certificate keeps its event's UID when it is renewed, so that a calendar which
    reads the newer file moves the event.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Operator Workforce Matching Portal//Renewals//EN")
    calendar.add("version", "2.0")
    for one in renewals:
        if one.counts:
            calendar.add_component(_event(one, address, at))
    return bytes(calendar.to_ical())


def _event(one: Renewal, address: str, at: datetime) -> Event:
    licence, event = one.licence, Event()
    words = f"{licence.label}, number {licence.number}, expires"
    event.add("uid", f"{licence.licence_type.value}-{licence.number}@{address.partition('://')[2]}")
    event.add("dtstamp", at)
    event.add("dtstart", licence.expiry)
    event.add("dtend", licence.expiry + timedelta(days=1))
    event.add("summary", words)
    event.add("description", f"This is the last day on which it counts. {address}/overview")
    event.add("transp", "TRANSPARENT")
    for ahead in Ahead:
        if ahead.day(licence.expiry) >= day_at(at):
            event.add_component(_alarm(words, ahead.day(licence.expiry) - licence.expiry))
    return event


def _alarm(words: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", before)
    return alarm
