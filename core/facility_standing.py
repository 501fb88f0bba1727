"""How a facility stands under section 4 of O. Reg. 129/04 (and of 435/93), from what is recorded of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from core import certificates
from core.certificates import Certificate
from core.classification import Classification
from core.facts import unknown
from core.findings import NOT_YET, Day, Finding
from core.legislation import Law, NotOnFile
from core.sentences import Sentence


@dataclass(frozen=True)
class ClassOnRecord:
    """The class of a facility with its certificate, and the application and fee that led to it.

    package_reduction, listed: it rests on a reduction of points, or on the publication of 1993; None: not known.
    """

    certificate: Certificate
    filed: Day = None
    fee_paid: Day = None
    package_reduction: bool | None = None
    listed: bool | None = None

    @property
    def facility_class(self) -> str:
        return self.certificate.facility_class


@dataclass(frozen=True)
class Altered:
    """An alteration: what the points come to after it, and the class on record before it."""

    after: Classification
    before: ClassOnRecord | None
    approval_applied: Day


@dataclass(frozen=True)
class Applied:
    """An application that was neither returned nor withdrawn. waits: it is not decided yet."""

    filed_on: date
    fee_paid: Day
    waits: bool
    altered: Altered | None = None


@dataclass(frozen=True)
class Records:
    """What is recorded of a facility on a day, the applications in the order of filing.

    required: when the Director required an application; displayed: when the certificate on record was hung up.
    """

    on_record: ClassOnRecord | None = None
    applications: tuple[Applied, ...] = ()
    required: Day = None
    displayed: Day = None


def section_4(records: Records, law: Law) -> tuple[tuple[Finding, ...], tuple[Sentence, ...]]:
    """The findings in the order of the law, and what is not on file for its day."""
    findings: list[Finding] = []
    missing: list[Sentence] = []
    for rule in _RULES:
        try:
            findings += rule(records, law)
        except NotOnFile as not_there:
            missing.append(not_there.sentence)
    return tuple(findings), tuple(missing)


def alteration(altered: Altered, filed: Day, law: Law) -> Finding:
    """129/04, s. 4 (3): whether an alteration asks for reclassification, applied for in time."""
    before = altered.before
    change = certificates.alteration_changes_class(
        before.facility_class if before else None,
        altered.after,
        law,
        package_reduction=before.package_reduction if before else None,
        listed_in_publication=before.listed if before else None,
    )
    return certificates.applied_for_reclassification(change, altered.approval_applied, filed, law)


def _application(records: Records, law: Law) -> list[Finding]:
    first = records.applications[0].filed_on if records.applications else None
    return [certificates.applied_for_classification(first, law)]


def _classification(records: Records, law: Law) -> list[Finding]:
    """The class on record, and every application whose classification is still to come."""
    found = []
    one = records.on_record
    if one is not None:
        found.append(certificates.classified_by_the_director(one.filed, one.fee_paid, one.certificate, law))
    waiting = [applied for applied in records.applications if applied.waits]
    found += [
        certificates.classified_by_the_director(
            applied.filed_on, applied.fee_paid, None, law, again=one is not None
        )
        for applied in waiting
    ]
    if found:
        return found
    statement = Sentence("The facility has a certificate of classification.")
    return [unknown(law, law.topic("classification"), "certificate", statement, asked_of="officer")]


def _alteration(records: Records, law: Law) -> list[Finding]:
    """The newest application because of an alteration; without one, nothing is recorded to be altered."""
    for applied in reversed(records.applications):
        if applied.altered is not None:
            return [alteration(applied.altered, applied.filed_on, law)]
    return []


def _required(records: Records, law: Law) -> list[Finding]:
    required = records.required
    answers = [
        applied.filed_on
        for applied in records.applications
        if isinstance(required, date) and applied.filed_on >= required
    ]
    return [certificates.applied_as_required(required, answers[0] if answers else NOT_YET, law)]


def _display(records: Records, law: Law) -> list[Finding]:
    return [] if records.on_record is None else [certificates.certificate_displayed(records.displayed, law)]


_RULES: tuple[Callable[[Records, Law], list[Finding]], ...] = (
    _application,
    _classification,
    _alteration,
    _required,
    _display,
)
