"""The days on which s. 14 needs no asking: a licence is plainly held, or nobody knows that all are on record.

A facility has people by the hundred and years on record. Of nearly all of their days the answer is plain from the
dates alone; core.held_licences is asked about the others, and says the same of these.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from core.calendar import Span, add_years, united
from core.employment import Worker
from core.findings import NOT_YET
from core.legislation import Law
from core.licences import LicenceRecord, term
from core.works import Works


def days_to_ask(worker: Worker, works: Works, law: Law, days: Span) -> Iterator[Span]:
    """The parts of some days, in order, on which s. 14 (1) may be broken; on all others it is not.

    Before all licences are known to be on record there may be another; on the days of a plain one it is held.
    """
    if worker.complete_from is None:
        return
    start: date | None = max(days.start, worker.complete_from)
    sure = (_plain_days(one, worker.records, works, law) for one in worker.records)
    for held in united(span for span in sure if span is not None):
        if start is None or (days.end is not None and start >= days.end):
            return
        before = Span(start, max(start, held.start)).within(days)
        if before is not None and before.start < held.start:
            yield before
        start = None if held.end is None else max(start, held.end)
    if start is not None and start in days:
        yield Span(start, days.end)


def _plain_days(record: LicenceRecord, others: tuple[LicenceRecord, ...], works: Works, law: Law) -> Span | None:
    """The days on which nothing on record speaks against an ordinary licence for the type of facility (s. 7 (4)):
    from its issue or the listing that shows it, to its expiry. None where it takes a closer look."""
    begins = record.issued_on or record.listed_on
    if begins is None or not _is_plain(record, others, works, law):
        return None
    last = record.licence.expiry
    if record.issued_on is not None:
        last = min(last, add_years(record.issued_on, term(record, law).value))
    ends = last + timedelta(days=1)
    if record.on_file_until is not None:
        ends = min(ends, record.on_file_until)
    return Span(begins, ends) if begins < ends else None


def _is_plain(record: LicenceRecord, others: tuple[LicenceRecord, ...], works: Works, law: Law) -> bool:
    """One for the type, not conditional, neither suspended nor cancelled, never issued anew nor carried over."""
    if record.licence.licence_type.value != works.facility_type.value or not law.has("licence_classes"):
        return False
    if record.conditional or record.suspended != () or record.cancelled_on is not NOT_YET:
        return False
    if any(one is not record and one.identity == record.identity for one in others):
        return False
    begins = law.regulation.dates.get("licences_from")
    return begins is None or record.issued_on is None or record.issued_on >= begins.value
