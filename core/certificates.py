"""Certificates of classification: applying, the Director's classification, alterations, former certificates.

O. Reg. 129/04, ss. 4 and 5; O. Reg. 435/93, ss. 3 (2) and 4.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.application import WaterWorks, complies_later
from core.classification import Classification
from core.facts import done, stated, unknown
from core.findings import Citation, Day, Finding, NotYet, Verdict, all_of, any_of, not_
from core.legislation import Law
from core.sentences import Sentence


@dataclass(frozen=True)
class Certificate:
    """A certificate of classification as the Director issued it; `issued_on` None where the day is not known."""

    number: str
    issued_on: date | None
    facility_type: str
    facility_class: str


@dataclass(frozen=True)
class Filing:
    """What is known of a facility's first application under 435/93; None where it is not known.

    filed: the application. starts: operation. program: classified under the voluntary programme.
    """

    works: WaterWorks
    filed: Day = None
    starts: date | None = None
    program: Day = None


def applied_for_classification(filed: Day, law: Law) -> Finding:
    """129/04, s. 4 (1): the owner applies for classification."""
    return done(law, law.topic("application"), "application_filed", "Application for classification", filed)


def classified_by_the_director(
    filed: Day, fee_paid: Day, certificate: Certificate | None, law: Law, *, again: bool = False
) -> Finding:
    """129/04, s. 4 (2): after application and fee, the Director classifies and issues a certificate.

    again: of a facility that has a class while this application is open.
    """
    citation = law.topic("classification")
    conditions = [done(law, citation, "application_filed", "Application for classification", filed)]
    if law.has("classification_fee"):
        conditions.append(done(law, citation, "fee_paid", "Payment of the fee", fee_paid))
    return all_of(citation, *conditions, _issued(certificate, citation, law, again=again))


_NOT_CLASSIFIED = Sentence("The Director has not classified the facility yet.")
_NOT_DECIDED = Sentence("The Director has not decided on this application yet.")


def _issued(certificate: Certificate | None, citation: Citation, law: Law, *, again: bool) -> Finding:
    issued_on = None if certificate is None else certificate.issued_on
    if certificate is None or (issued_on is not None and issued_on > law.on):
        because = _NOT_DECIDED if again else _NOT_CLASSIFIED
        until = min((day for day in (issued_on, law.ends) if day), default=None)
        return Finding(citation, Verdict.DIRECTOR, because, until=until)
    because = Sentence(
        "Class {facility_class} by certificate {number} of {day}.",
        facility_class=certificate.facility_class,
        number=certificate.number,
        day="a day that is not on record" if issued_on is None else issued_on,
    )
    return Finding(citation, Verdict.MET, because, until=law.ends)


def certificate_displayed(displayed: Day, law: Law) -> Finding:
    """129/04, s. 4 (5): the certificate is conspicuously displayed."""
    return done(law, law.topic("display"), "displayed", "Conspicuous display of the certificate", displayed)


_RESTS_ON = {
    "package_reduction": Sentence("The class on record rests on a reduction of the points of a package plant."),
    "listed_in_publication": Sentence("The class on record is that of the publication of 1993."),
}


def alteration_changes_class(
    class_on_record: str | None,
    after: Classification,
    law: Law,
    *,
    package_reduction: bool | None,
    listed_in_publication: bool | None,
) -> Finding:
    """129/04, s. 4 (3): whether the points after an alteration no longer give the class on record.

    With a class that does not come from the points alone it is for the Director to say (reading R16).
    """
    citation = law.topic("alteration")
    sources = {"package_reduction": package_reduction, "listed_in_publication": listed_in_publication}
    if certain := [key for key, special in sources.items() if special]:
        return Finding(citation, Verdict.DIRECTOR, _RESTS_ON[certain[0]], readings=("R16",), until=law.ends)
    if open_ := [key for key, special in sources.items() if special is None]:
        return unknown(law, citation, open_[0], _RESTS_ON[open_[0]], asked_of="officer")
    if class_on_record is None:
        statement = Sentence("The facility has a class on record.")
        return unknown(law, citation, "class_on_record", statement)
    possible = after.possible_classes
    because = Sentence(
        "Class {record} on record; after the alteration Class {possible}.",
        record=class_on_record,
        possible=" or ".join(possible),
    )
    if class_on_record not in possible:
        return Finding(citation, Verdict.MET, because, readings=("R16",), until=law.ends)
    if len(possible) == 1:
        return Finding(citation, Verdict.NOT_MET, because, readings=("R16",), until=law.ends)
    return Finding(citation, Verdict.UNKNOWN, because, needs=after.questions, readings=("R16",), until=law.ends)


def applied_for_reclassification(change: Finding, approval_applied: Day, filed: Day, law: Law) -> Finding:
    """129/04, s. 4 (3): due when approval of the alteration is applied for (reading R36).

    `change` is what `alteration_changes_class` found. Where the class stays nothing is due; while that is open
    the answer is open too, unless the owner has applied in time whatever it is.
    """
    citation = law.topic("alteration")
    if change.verdict is Verdict.NOT_MET:
        because = Sentence("The class stays the same; nothing is due.")
        return Finding(citation, Verdict.NOT_APPLICABLE, because, (change,), until=law.ends)
    filing = _filed_with_approval(approval_applied, filed, law)
    if change.verdict is Verdict.MET:
        return all_of(citation, change, filing)
    either = any_of(citation, change, filing)
    if filing.verdict is Verdict.MET and isinstance(filed, date) and filed <= law.on:
        return either
    return replace(either, verdict=change.verdict, because=change.because, needs=change.needs, due=None)


def _filed_with_approval(approval_applied: Day, filed: Day, law: Law) -> Finding:
    citation = law.topic("alteration")
    if approval_applied is None:
        statement = Sentence("Approval of the alteration has been applied for.")
        return unknown(law, citation, "approval_applied", statement)
    if isinstance(approval_applied, NotYet):
        because = Sentence("Due when approval of the alteration is applied for.")
        return Finding(citation, Verdict.MET, because, until=law.ends)
    act = "Application for reclassification"
    return done(law, citation, "reclassification_filed", act, filed, by=approval_applied, readings=("R36",))


def applied_as_required(required: Day, filed: Day, law: Law) -> Finding:
    """129/04, s. 4 (4): an owner applies again when the Director, after an amendment, requires it."""
    citation = law.topic("application_required")
    if required is None:
        statement = Sentence("The Director requires a new application.")
        return unknown(law, citation, "application_required", statement, asked_of="director")
    if isinstance(required, NotYet) or required > law.on:
        until = law.ends if isinstance(required, NotYet) else min(filter(None, (required, law.ends)))
        because = Sentence("The Director has not required a new application.")
        return Finding(citation, Verdict.NOT_APPLICABLE, because, until=until)
    return done(law, citation, "reclassification_filed", "Application required by the Director", filed)


def deemed_certificate(
    facility_type: str, issued_under_former: bool | None, valid_then: bool | None, law: Law
) -> Finding:
    """129/04, s. 5: a certificate under 435/93, s. 4, valid on 1 August 2004, counts as one under 129/04."""
    topic = f"deemed_{facility_type}"
    if not law.has(topic):
        raise ValueError(f"O. Reg. {law.regulation.number} deems no certificate of {facility_type}")
    citation = law.topic(topic)
    day = law.legal_date("certificates_carried_over").value
    former = Sentence("It was issued under section 4 of O. Reg. 435/93.")
    valid = Sentence("It was valid on {day}.", day=day)
    return all_of(
        citation,
        stated(law, citation, "issued_under_former", former, issued_under_former),
        stated(law, citation, "valid_then", valid, valid_then),
    )


def listed_class_prevails(listed: bool | None, reclassified: Day, law: Law) -> Finding:
    """435/93, s. 3 (2): a class in the publication of 30 April 1993 stands unless reclassified since.

    NOT_MET: the class follows Schedule 1.
    """
    citation = law.topic("listed_class")
    in_publication = Sentence("The facility is listed in the publication of 1993.")
    return all_of(
        citation,
        stated(law, citation, "listed_in_publication", in_publication, listed, asked_of="officer"),
        not_(done(law, citation, "reclassified", "Reclassification", reclassified)),
    )


def classified_under_the_program(classified: Day, law: Law) -> Finding:
    """435/93, s. 4 (5): a classification before 1 July 1993 under the voluntary programme counts."""
    last = law.legal_date("program_ends").value - timedelta(days=1)
    act = "Classification under the voluntary programme"
    return done(law, law.topic("program"), "program", act, classified, by=last)


def excused_from_applying(filing: Filing, law: Law) -> Finding:
    """435/93, s. 4 (6): who is classified by (5) need not apply under paragraph 1 of (2)."""
    citation = law.topic("excused")
    return all_of(citation, classified_under_the_program(filing.program, law), _older(filing, law))


def applied_in_time(filing: Filing, law: Law) -> Finding:
    """435/93, s. 4 (2) and (2.1): by when the first application is due.

    Certain systems: 30 days before their equipment starts (reading R35). Older facilities: by 1 February
    1994, unless excused by (6). Newer ones: before the start (reading R34).
    """
    after = law.legal_date("later_compliance_after")
    later = complies_later(filing.works, after.citation, after.value, law)
    if later.verdict is Verdict.UNKNOWN:
        return later
    if later.verdict is Verdict.MET:
        return _filed_before_equipment(filing, law)
    older = _older(filing, law)
    if older.verdict is Verdict.MET:
        by = law.legal_date("older_facilities_apply_by").value
        filed = _filed(filing, "application_of_older_facility", by, law)
        return any_of(filed.citation, filed, excused_from_applying(filing, law))
    if filing.starts is None:
        return older
    return _filed(filing, "application_of_newer_facility", filing.starts - timedelta(days=1), law, "R34")


def _filed(filing: Filing, topic: str, by: date, law: Law, *readings: str) -> Finding:
    act = "Application for classification"
    return done(law, law.topic(topic), "application_filed", act, filing.filed, by=by, readings=readings)


def _filed_before_equipment(filing: Filing, law: Law) -> Finding:
    days = law.limit("days_before_equipment_starts")
    starts = filing.works.equipment_starts
    if starts is None:
        statement = Sentence("The day on which the equipment starts is known.")
        return unknown(law, days.citation, "equipment_starts", statement)
    if isinstance(starts, NotYet):
        because = Sentence("Due {days} days before the equipment starts.", days=days.value)
        return Finding(days.citation, Verdict.MET, because, readings=("R35",), until=law.ends)
    return _filed(filing, "application_of_later_system", starts - timedelta(days=days.value), law, "R35")


def _older(filing: Filing, law: Law) -> Finding:
    """Operation started before the day from which newer facilities apply before they start."""
    day = law.legal_date("older_facilities_apply_by").value
    statement = Sentence("The facility started operation before {day}.", day=day)
    before = None if filing.starts is None else filing.starts < day
    return stated(law, law.topic("application_of_older_facility"), "starts", statement, before)
