"""Licences of before O. Reg. 435/93 and of before its amendment of 1998.

O. Reg. 435/93, ss. 6 (8), 6 (9) and 7. All of them had expired before the first day on file, unless certified or
issued anew since; what these provisions still say is which they were, of what class, and when they expired.
"""

from dataclasses import replace
from datetime import date, timedelta

from core.calendar import add_years
from core.facts import done, stated, unknown
from core.findings import Day, Finding, all_of
from core.legislation import Law
from core.licences import LicenceClass, LicenceRecord
from core.sentences import Sentence


def licensed_by_the_program(certified: Day, law: Law) -> Finding:
    """435/93, s. 7 (1): whoever was certified under the voluntary programme before 1 July 1993 is licensed."""
    before = law.legal_date("program_licences_before")
    last = before.value - timedelta(days=1)
    act = "Certification under the voluntary programme"
    return done(law, before.citation, "program_certified", act, certified, by=last, asked_of="officer")


def class_by_the_program(held: LicenceClass, certified: LicenceClass | None, law: Law) -> Finding:
    """435/93, s. 7 (2): in the class certified on 30 June 1993, subject to section 8."""
    citation = law.topic("program_class")
    statement = Sentence("{held} was the class of certification on 30 June 1993.", held=held.label)
    same = None if certified is None else held is certified
    return stated(law, citation, "program_class", statement, same, asked_of="officer")


def longer_life_when_held(record: LicenceRecord, filed: date | None, law: Law) -> Finding:
    """435/93, s. 6 (8): an operator-in-training's licence held on the day O. Reg. 539/98 was filed.

    Raises ValueError for a day of filing in another year than the regulation's number says.
    """
    return _longer_life(record, filed, "held_when_filed", law)


def longer_life_when_expired(record: LicenceRecord, filed: date | None, law: Law) -> Finding:
    """435/93, s. 6 (9): an operator-in-training's licence that had expired before that day.

    Raises ValueError as for (8).
    """
    return _longer_life(record, filed, "expired_when_filed", law)


def _longer_life(record: LicenceRecord, filed: date | None, topic: str, law: Law) -> Finding:
    citation = law.topic(topic)
    training = Sentence("It is an operator-in-training’s licence.")
    in_training = record.licence.licence_class is LicenceClass.OPERATOR_IN_TRAINING
    of_class = stated(law, citation, "licence_class", training, in_training)
    return all_of(citation, of_class, _at_filing(record, filed, topic, law))


def _at_filing(record: LicenceRecord, filed: date | None, topic: str, law: Law) -> Finding:
    """Held on the day of filing, first and last day of the licence included, or expired before."""
    citation = law.topic(topic)
    year = law.limit("filing_year")
    if filed is None:
        statement = Sentence("The day in {year} on which O. Reg. 539/98 was filed is known.", year=str(year.value))
        return unknown(law, citation, "filed", statement, asked_of="officer")
    if filed.year != year.value:
        raise ValueError(f"O. Reg. 539/98 was filed in {year.value}, not on {filed}")
    issued_on, last = record.issued_on, record.licence.expiry
    if issued_on is not None:
        last = min(last, add_years(issued_on, law.limit("term_ordinary").value))
    expired = last < filed
    if topic == "expired_when_filed":
        statement, holds = Sentence("It expired before {filed}.", filed=filed), expired
    else:
        statement = Sentence("It was held on {filed}.", filed=filed)
        holds = not expired and issued_on is not None and issued_on <= filed
    if issued_on is None and not expired:
        return unknown(law, citation, "issued_on", statement, asked_of="officer")
    return replace(stated(law, citation, "issued_on", statement, holds), readings=("R4",))
