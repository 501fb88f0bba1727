"""What is recorded of a facility, as the rules of section 4 ask for it (core.facility_standing)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import select

from core.certificate_applications import ApplicationReason, ApplicationState
from core.certificates import Certificate
from core.classification import Classification, classify
from core.facility_standing import Altered, Applied, ClassOnRecord, Records
from core.findings import NOT_YET, Day
from core.places import day_at
from core.sentences import Sentence
from db import decisions
from db.facility_people import span
from db.gate import Work
from db.law_schema import Calculation, CertificateDisplay, ClassificationApplication
from db.names import of_accounts
from db.schema import AuditEntry, DirectorDecision, Facility, FacilityClassification, Fact

_Row = ClassificationApplication | CertificateDisplay | FacilityClassification | DirectorDecision
_Table = TypeVar("_Table", bound=_Row)
_Told = tuple[Sentence, date | None, datetime, int | None]  # a fact, its day, when recorded, by which account
_CLOSED = {
    ApplicationState.RETURNED.value: "Application returned",
    ApplicationState.WITHDRAWN.value: "Application withdrawn",
}  # after which nothing of an application changes any more


@dataclass(frozen=True)
class RecordedFact:
    """A fact that findings rest on; `day` None where it is not known.

    recorded_by: who recorded it, "" where nobody signed in did. recorded_later: after the day asked about.
    """

    what: Sentence
    day: date | None
    recorded_at: datetime
    recorded_by: str
    recorded_later: bool


class FacilityRecords:
    """The rows of one facility (of_facilities), and what they say about any day. passed_on: by which account each
    application was."""

    def __init__(
        self, work: Work, facility: Facility, rows: Iterable[_Row], passed_on: Mapping[int, int | None]
    ) -> None:
        self._work, self._facility, self._rows = work, facility, list(rows)
        self._applications = self._of(ClassificationApplication)
        self._displays = sorted(self._of(CertificateDisplay), key=lambda one: (one.valid_from or date.min, one.id))
        self._classes = self._of(FacilityClassification)
        self._decisions = sorted(self._of(DirectorDecision), key=lambda one: (one.decided_on, one.id))
        self._passed_on = passed_on

    @property
    def ids(self) -> list[list[str | int]]:
        """Every row, by its table and id."""
        return [[one.__tablename__, one.id] for one in self._rows]

    def on(self, day: date) -> Records:
        """What is known now about a day."""
        row = self._class_on(day)
        return Records(
            on_record=self.class_on_record(day),
            applications=tuple(self._applied(one, day) for one in self._applications if self._stands(one, day)),
            required=self._required(row, day),
            displayed=self._displayed(row, day) if row else None,
        )

    def next_change(self, day: date) -> date | None:
        """The next day on which something recorded starts or ends; what is found of a day may end there."""
        return min((one for one in self._days() if one is not None and one > day), default=None)

    def class_on_record(
        self, day: date, reduced: bool | None = None, listed: bool | None = None
    ) -> ClassOnRecord | None:
        """The class on a day. `reduced` and `listed` are the office's word, for a class from before the portal."""
        row, facility = self._class_on(day), self._facility
        if row is None:
            return None
        number = row.certificate_number or facility.ministry_number or "without a number"
        if row.decision_id is None:
            certificate = Certificate(number, None, facility.facility_type, row.facility_class)
            return ClassOnRecord(certificate, package_reduction=reduced, listed=listed)
        certificate = Certificate(number, row.valid_from, facility.facility_type, row.facility_class)
        led = next(one for one in self._applications if one.decision_id == row.decision_id)
        reduces = any(one.kind == "package_reduction" for one in self._in_force(day))
        return ClassOnRecord(certificate, led.filed_on, led.fee_received_on, reduces, False)

    def facts(self, day: date) -> tuple[RecordedFact, ...]:
        """Every fact that the findings of a day rest on, in the order of recording."""
        found = [
            *(self._class_fact(one) for one in self._classes if one.decision_id is None),
            *self._application_facts(),
            *(self._decision_fact(one) for one in self._decisions),
            *(self._display_fact(one) for one in self._displays),
        ]
        zone = self._facility.time_zone
        names = of_accounts(self._work.session, (by for *_, by in found))
        return tuple(
            RecordedFact(what, of, at, names.get(by or 0, ""), day_at(at, zone) > day)
            for what, of, at, by in sorted(found, key=lambda one: one[2])
        )

    def _of(self, table: type[_Table]) -> list[_Table]:
        return [one for one in self._rows if isinstance(one, table)]

    def _class_on(self, day: date) -> FacilityClassification | None:
        """The class on record on a day, as db.own_facilities.class_on has it; None where none is known for it."""
        return next((one for one in reversed(self._classes) if day in span(one)), None)

    def _closed_on(self, application: ClassificationApplication) -> date | None:
        closed = application.state in _CLOSED
        return day_at(application.changed_at, self._facility.time_zone) if closed else None

    def _decided_on(self, application: ClassificationApplication) -> date | None:
        return next((one.decided_on for one in self._decisions if one.id == application.decision_id), None)

    def _stands(self, application: ClassificationApplication, day: date) -> bool:
        """Whether it is filed on a day, and neither returned nor withdrawn by then."""
        closed_on = self._closed_on(application)
        return application.filed_on <= day and (closed_on is None or closed_on > day)

    def _days(self) -> Iterator[date | None]:
        """Every day on which something recorded starts or ends."""
        for one in self._applications:
            yield from (one.filed_on, one.fee_paid_on, one.fee_received_on, one.approval_applied_on)
            yield from (self._closed_on(one), self._decided_on(one))
        facts: list[Fact] = [*self._displays, *self._classes, *self._decisions]
        for fact in facts:
            yield from (fact.valid_from, fact.valid_until)
        yield from (one.decided_on for one in self._decisions)

    def _applied(self, application: ClassificationApplication, day: date) -> Applied:
        fee: Day = application.fee_received_on or application.fee_paid_on or NOT_YET
        decided_on = self._decided_on(application)
        waits = decided_on is None or decided_on > day
        if application.reason != ApplicationReason.ALTERATION:
            return Applied(application.filed_on, fee, waits)
        before = self.class_on_record(application.filed_on, application.class_reduced, application.class_listed)
        after = classified(application.calculation, application.filed_on)
        altered = Altered(after, before, application.approval_applied_on or NOT_YET)
        return Applied(application.filed_on, fee, waits, altered)

    def _required(self, row: FacilityClassification | None, day: date) -> Day:
        """When the Director last required an application. Before the portal classified it, that is not known."""
        required = [one for one in self._in_force(day) if one.kind == "application_required" and one.granted]
        if required:
            return required[-1].decided_on
        return NOT_YET if row is not None and row.decision_id is not None else None

    def _displayed(self, row: FacilityClassification, day: date) -> Day:
        """Since when the certificate hangs; NOT_YET where it was taken down, None where nothing is recorded."""
        of_it = [one for one in self._displays if one.decision_id == row.decision_id]
        hanging = [one for one in of_it if one.valid_until is None or one.valid_until > day]
        if hanging:
            return hanging[0].valid_from
        return NOT_YET if of_it else None

    def _in_force(self, day: date) -> Sequence[DirectorDecision]:
        return [one for one in self._decisions if day in decisions.period_of(one)]

    def _application_facts(self) -> list[_Told]:
        found: list[_Told] = []
        for one in self._applications:
            found.append(
                (
                    Sentence("Application for classification filed"),
                    one.filed_on,
                    one.submitted_at,
                    one.submitted_by,
                )
            )
            if one.fee_received_on is not None and one.passed_on_at is not None:
                passed_on = one.passed_on_at, self._passed_on.get(one.id)
                found.append((Sentence("Fee received"), one.fee_received_on, *passed_on))
            if one.approval_applied_on is not None:
                what = Sentence("Approval of the alteration applied for")
                found.append((what, one.approval_applied_on, one.submitted_at, one.submitted_by))
            if one.state in _CLOSED:
                what = Sentence(_CLOSED[one.state])
                found.append((what, self._closed_on(one), one.changed_at, one.changed_by))
        return found

    def _class_fact(self, row: FacilityClassification) -> _Told:
        what = Sentence("Class {facility_class}, as the office confirmed it", facility_class=row.facility_class)
        return what, row.valid_from, row.recorded_at, row.recorded_by

    def _decision_fact(self, row: DirectorDecision) -> _Told:
        recorded = decisions.view(row)
        what = Sentence("Decision of the Director: {title}", title=recorded.kind.title)
        return what, row.decided_on, row.recorded_at, row.recorded_by

    def _display_fact(self, row: CertificateDisplay) -> _Told:
        if row.valid_until is not None:
            return (
                Sentence("Certificate displayed no more: {place}", place=row.place),
                row.valid_until,
                row.recorded_at,
                row.recorded_by,
            )
        what = Sentence("Certificate displayed: {place}", place=row.place)
        return what, row.valid_from, row.recorded_at, row.recorded_by


def of_facility(work: Work, facility: Facility) -> FacilityRecords:
    """What is recorded of one facility."""
    return of_facilities(work, [facility])[facility.id]


def of_facilities(work: Work, facilities: Collection[Facility]) -> dict[int, FacilityRecords]:
    """What is recorded of facilities, read in as many statements for many as for one."""
    ids = [one.id for one in facilities]
    found: dict[int, list[_Row]] = defaultdict(list)
    tables: tuple[Any, ...] = (ClassificationApplication, CertificateDisplay, FacilityClassification)
    for table in tables:
        rows = select(table).where(table.facility_id.in_(ids)).order_by(table.id)
        if issubclass(table, Fact):
            rows = rows.where(table.superseded_at.is_(None))
        for row in work.session.scalars(rows):
            found[row.facility_id].append(row)
    for decision in decisions.standing(work, "facility", *ids):
        found[decision.subject_id].append(decision)
    passed_on = _passed_on(work, [one.id for rows in found.values() for one in rows if _is_application(one)])
    return {one.id: FacilityRecords(work, one, found[one.id], passed_on) for one in facilities}


def _is_application(row: _Row) -> bool:
    return isinstance(row, ClassificationApplication)


def _passed_on(work: Work, application_ids: Collection[int]) -> dict[int, int | None]:
    """By which account each application was passed on: the trail has it, written with the act."""
    rows = select(AuditEntry.subject_id, AuditEntry.account_id).where(
        AuditEntry.subject == ClassificationApplication.__tablename__,
        AuditEntry.subject_id.in_(application_ids),
        AuditEntry.action == "application.passed_on",
    )
    return {id: account_id for id, account_id in work.session.execute(rows) if id is not None}


def classified(calculation: Calculation, on: date) -> Classification:
    """What a kept calculation comes to by the law of a day."""
    return classify(calculation.facility_type, calculation.answers, regulation=calculation.regulation, on=on)
