"""What is recorded of a facility, as the rules of section 4 ask for it (core.facility_standing)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from core.certificate_applications import ApplicationReason
from core.certificates import Certificate
from core.classification import Classification, classify
from core.facility_standing import Altered, Applied, ClassOnRecord, Records
from core.findings import NOT_YET, Day
from core.places import day_at
from core.sentences import Sentence
from db import decisions
from db.gate import Work
from db.law_schema import Calculation, CertificateDisplay, ClassificationApplication
from db.names import of_accounts
from db.own_facilities import class_on
from db.schema import AuditEntry, DirectorDecision, Facility, FacilityClassification, Fact

_Told = tuple[Sentence, date | None, datetime, int | None]  # a fact, its day, when recorded, by which account
_CLOSED = {"application.returned": "Application returned", "application.withdrawn": "Application withdrawn"}


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
    """The rows of one facility, read once, and what they say about any day."""

    def __init__(self, work: Work, facility: Facility) -> None:
        table, shown, classes = ClassificationApplication, CertificateDisplay, FacilityClassification
        self._work, self._facility = work, facility
        filed = select(table).where(table.facility_id == facility.id)
        self._applications = work.session.scalars(filed.order_by(table.id)).all()
        self._closed = self._acts(*_CLOSED)
        self._passed_on = self._acts("application.passed_on")
        hung = select(shown).where(shown.facility_id == facility.id, shown.superseded_at.is_(None))
        self._displays = work.session.scalars(hung.order_by(shown.valid_from, shown.id)).all()
        held = select(classes).where(classes.facility_id == facility.id, classes.superseded_at.is_(None))
        self._classes = work.session.scalars(held.order_by(classes.id)).all()
        self._decisions = decisions.standing(work, "facility", facility.id)

    def on(self, day: date) -> Records:
        """What is known now about a day."""
        row = class_on(self._work, self._facility.id, day)
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
        row, facility = class_on(self._work, self._facility.id, day), self._facility
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

    def _acts(self, *actions: str) -> dict[int, AuditEntry]:
        """What passed an application on, or closed it undecided: the trail has it, written with the act."""
        rows = select(AuditEntry).where(
            AuditEntry.subject == ClassificationApplication.__tablename__,
            AuditEntry.subject_id.in_([one.id for one in self._applications]),
            AuditEntry.action.in_(actions),
        )
        return {row.subject_id: row for row in self._work.session.scalars(rows) if row.subject_id is not None}

    def _closed_on(self, application: ClassificationApplication) -> date | None:
        closing = self._closed.get(application.id)
        return None if closing is None else day_at(closing.at, self._facility.time_zone)

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
        return [one for one in self._decisions if day in decisions.view(one).decision.period]

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
                passed_on = self._passed_on.get(one.id)
                by = passed_on.account_id if passed_on else None
                found.append((Sentence("Fee received"), one.fee_received_on, one.passed_on_at, by))
            if one.approval_applied_on is not None:
                what = Sentence("Approval of the alteration applied for")
                found.append((what, one.approval_applied_on, one.submitted_at, one.submitted_by))
            if closing := self._closed.get(one.id):
                what = Sentence(_CLOSED[closing.action])
                found.append((what, self._closed_on(one), closing.at, closing.account_id))
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


def classified(calculation: Calculation, on: date) -> Classification:
    """What a kept calculation comes to by the law of a day."""
    return classify(calculation.facility_type, calculation.answers, regulation=calculation.regulation, on=on)
