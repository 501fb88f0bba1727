"""What is on file of people's licences, as the rules ask for it: what the office confirmed, what the standing
listing shows besides, and the issues that officers recorded.

They are merged by number and type. What the office confirmed and alignment keeps speaks for a licence alone; the
listing speaks for every other one, also of whoever deleted it from a profile or closed the account. Read in as
many statements for many people as for few.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, select

from core.alignment import Basis, Status, status_of
from core.calendar import Span
from core.findings import NOT_YET
from core.licences import Licence, LicenceClass, LicenceRecord, LicenceType, as_listed
from core.listing_rows import UnreadRows
from core.listings import ImportState, ListedStatus, ListingKind
from core.profiles import State
from db.gate import Work
from db.ministry_listings.views import from_json
from db.people_schema import LicenceIssue
from db.register_schema import ListedLicence, ListingImport
from db.schema import Credential, OperatorProfile
from db.search_entries import licence_of

_Key = tuple[str, LicenceType]
_COUNTS_NO_MORE = frozenset({Status.NOT_LISTED, Status.EXPIRED})
_BELIEVED = ListingImport.state.in_((ImportState.STANDING, ImportState.FORMER))  # a withdrawn one proves nothing


@dataclass(frozen=True)
class OnFile:
    """What is on file of one person's licences. complete_from: the day of the listing that shows all of them; None
    where none stands, or where one of its rows that could not be read may be about the person."""

    records: tuple[LicenceRecord, ...]
    complete_from: date | None


@dataclass(frozen=True)
class _Confirmed:
    """A credential, the day from which it is proved (reading R28), and whether alignment keeps it true."""

    credential: Credential
    licence: Licence
    since: date
    aligned: bool

    @property
    def stands(self) -> bool:
        """Whether it speaks for its licence until something else is put on file."""
        return self.aligned and self.credential.valid_until is None

    @property
    def status(self) -> Status:
        return Status(self.credential.status)


def listed_licence(row: ListedLicence) -> Licence:
    """The licence that a row of the listing shows."""
    return Licence(
        row.number,
        LicenceType(row.licence_type),
        LicenceClass(row.licence_class) if row.licence_class else None,
        row.expiry,
    )


def of_people(
    work: Work, numbers: Mapping[int, str], issues: Mapping[int, list[LicenceIssue]]
) -> dict[int, OnFile]:
    """What is on file of the people with these confirmed Operator IDs, by person; `issues` is what officers
    recorded of each."""
    found = _Found(work, numbers)
    return {one: found.of(one, number, issues.get(one, ())) for one, number in numbers.items()}


class _Found:
    """The rows of several people."""

    def __init__(self, work: Work, numbers: Mapping[int, str]) -> None:
        self._listing = _standing(work)
        self._confirmed = _confirmed(work, numbers)
        self._shown = _shown(work, self._listing, numbers)
        self._unread = UnreadRows(from_json(self._listing.left_out) if self._listing else ())

    def of(self, person_id: int, operator_id: str, issues: Iterable[LicenceIssue]) -> OnFile:
        confirmed = self._confirmed.get(person_id, ())
        records = [*self._besides(operator_id, confirmed), *self._of_the_office(operator_id, confirmed)]
        gone = {_key(one.licence): one.since for one in confirmed if one.stands and one.status in _COUNTS_NO_MORE}
        records = _with_issues(operator_id, _seen_throughout(records), issues, gone)
        records.sort(key=_has_an_end)  # the reason that readers see first is of what stands
        return OnFile(tuple(records), self._complete_from(operator_id, records))

    def _of_the_office(self, operator_id: str, confirmed: Iterable[_Confirmed]) -> Iterator[LicenceRecord]:
        """What the office confirmed: as it stands, or that it counted until it ended."""
        for one in confirmed:
            until = one.credential.valid_until or self._speaks_instead(one)
            if one.status not in _COUNTS_NO_MORE:
                record = _record(operator_id, one.licence, one.status, one.since)
                yield replace(record, on_file_until=until, by_office=one.credential.source != Basis.LISTING)

    def _speaks_instead(self, one: _Confirmed) -> date | None:
        """From which day on a newer listing speaks for what alignment does not keep true any more."""
        listed_on: date | None = self._listing.listed_on if self._listing else None
        return None if one.aligned or listed_on is None or listed_on <= one.since else listed_on

    def _besides(self, operator_id: str, confirmed: Iterable[_Confirmed]) -> Iterator[LicenceRecord]:
        """What the listing shows and nothing on file speaks for. It has no column for the owner of a conditional
        licence: one that was confirmed so stays so."""
        if self._listing is None:
            return
        listed_on = self._listing.listed_on
        standing = {_key(one.licence) for one in confirmed if one.stands}
        owners = {_key(one.licence): one.licence.valid_for for one in confirmed}
        for row in self._shown.get(operator_id, ()):
            licence = listed_licence(row)
            status = status_of(ListedStatus(row.status), row.expiry, listed_on)
            if _key(licence) not in standing and status not in _COUNTS_NO_MORE:
                licence = replace(licence, valid_for=owners.get(_key(licence), ""))
                yield _record(operator_id, licence, status, listed_on)

    def _complete_from(self, operator_id: str, records: Iterable[LicenceRecord]) -> date | None:
        unread = self._unread.of_holder(operator_id, {one.licence.number for one in records})
        listed_on: date | None = self._listing.listed_on if self._listing else None
        return None if unread else listed_on


def _standing(work: Work) -> Any:
    """The listing of operators that stands; None where none does."""
    listing = ListingImport
    found = select(listing.id, listing.listed_on, listing.left_out).where(
        listing.kind == ListingKind.OPERATORS, listing.state == ImportState.STANDING
    )
    return work.session.execute(found).first()


def _shown(work: Work, listing: Any, numbers: Mapping[int, str]) -> Mapping[str, list[ListedLicence]]:
    """What a listing shows of these people, by Operator ID."""
    found: dict[str, list[ListedLicence]] = defaultdict(list)
    if listing is None:
        return found
    of_them = ListedLicence.import_id == listing.id, ListedLicence.operator_id.in_(set(numbers.values()))
    for row in work.session.scalars(select(ListedLicence).where(*of_them).order_by(ListedLicence.id)):
        found[row.operator_id].append(row)
    return found


def _confirmed(work: Work, numbers: Mapping[int, str]) -> Mapping[int, list[_Confirmed]]:
    """What the office confirmed of these people, by person."""
    rows = (
        select(Credential, OperatorProfile.state, ListingImport.listed_on)  # listed_on: None of a withdrawn one
        .join(OperatorProfile, OperatorProfile.person_id == Credential.person_id)
        .outerjoin(ListingImport, and_(ListingImport.id == Credential.import_id, _BELIEVED))
        .where(Credential.person_id.in_(list(numbers)), Credential.superseded_at.is_(None))
        .order_by(Credential.id)
    )
    found: dict[int, list[_Confirmed]] = defaultdict(list)
    for credential, state, listed_on in work.session.execute(rows):
        if listed_on is None and credential.import_id is not None and credential.valid_until is not None:
            continue  # it ended with the listing that alone had borne it out
        since = _proved_from(credential, listed_on)
        one = _Confirmed(credential, licence_of(credential), since, state != State.CLOSED)
        found[credential.person_id].append(one)
    return found


def _proved_from(credential: Credential, listed_on: date | None) -> date:
    """The day of the listing that bore it out, whenever an officer clicked; else that of the office's word."""
    if credential.source == Basis.LISTING and listed_on is not None:
        return listed_on
    return credential.valid_from or credential.recorded_at.date()


def _key(licence: Licence) -> _Key:
    return licence.number, licence.licence_type


def _record(operator_id: str, licence: Licence, status: Status, since: date) -> LicenceRecord:
    """A licence that is proved from a day on. Its expiry is the one on file, with any extension."""
    record = replace(as_listed(operator_id, licence, since), extended_to=NOT_YET)
    if status is Status.SUSPENDED:
        return replace(record, suspended=(Span(since),))
    return replace(record, cancelled_on=since) if status is Status.CANCELLED else record


def _seen_throughout(records: Iterable[LicenceRecord]) -> list[LicenceRecord]:
    """The records, the first proved first. Those of the same licence that follow one another without a gap are
    one: it was deleted from a profile, say, and the listing shows it still."""
    found: list[LicenceRecord] = []
    for record in sorted(records, key=_first_proved):
        alike = (n for n, one in enumerate(found) if one.identity == record.identity)
        before = max(alike, default=None)  # the last: another one between the two is news of the licence
        if before is None or not _goes_on(found[before], record):
            found.append(record)
            continue
        ends = (found[before].on_file_until, record.on_file_until)
        found[before] = replace(found[before], on_file_until=None if None in ends else max(filter(None, ends)))
    return found


def _goes_on(one: LicenceRecord, other: LicenceRecord) -> bool:
    """Whether the later record shows the very same as the one before, which ends no earlier than it begins."""
    seen_so = replace(other, listed_on=one.listed_on, on_file_until=one.on_file_until, by_office=one.by_office)
    same = seen_so == one
    return same and (one.on_file_until is None or _first_proved(other) <= one.on_file_until)


def _has_an_end(record: LicenceRecord) -> bool:
    return record.on_file_until is not None


def _first_proved(record: LicenceRecord) -> date:
    return record.listed_on or date.min


def _with_issues(
    operator_id: str, present: list[LicenceRecord], issues: Iterable[LicenceIssue], gone: Mapping[_Key, date]
) -> list[LicenceRecord]:
    """The licences with what officers recorded of their issues: the day of issue of one that is there, else one
    more of its own. Of one that may have been suspended the listing still proves only the days since. `gone`: from
    which day on a listing shows a licence no more."""
    records = list(present)
    for issue in issues:
        licence, extended_to = licence_of(issue), issue.extended_to or (NOT_YET if issue.clear else None)
        never, not_cancelled = ((), NOT_YET) if issue.clear else (None, None)
        same = next((n for n, one in enumerate(records) if one.licence == licence and one.issued_on is None), None)
        if same is not None and issue.clear:
            records[same] = replace(records[same], issued_on=issue.valid_from, extended_to=extended_to)
            continue
        own = LicenceRecord(operator_id, licence, issue.valid_from, None, never, not_cancelled, extended_to)
        records.append(replace(own, on_file_until=gone.get(_key(licence))))
    return records
