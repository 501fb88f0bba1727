"""What a person's licences allow on a day: at which facilities they are valid, which others they include, and
whether the person holds what is needed.

O. Reg. 129/04, ss. 6, 7 (4), 8 (4) and 10; O. Reg. 435/93, ss. 5, 6 (7), 6.1 (2), 6.1 (6) and 10.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.citations import Citation
from core.facilities import FacilityType
from core.facts import stated, unknown
from core.findings import Finding, Verdict, all_of, any_of, not_
from core.legislation import DeemedLicence, Law
from core.licences import (
    Licence,
    LicenceClass,
    LicenceRecord,
    LicenceType,
    in_force,
    issued,
    not_modelled,
    on_file,
    refuse_other_types,
)
from core.names import owner_key
from core.sentences import Sentence


@dataclass(frozen=True)
class Place:
    """The facility at which a licence is to serve: the ministry's number, and its owner's name on the day asked
    about; None where it is not known."""

    number: str | None = None
    owner: str | None = None


@dataclass(frozen=True)
class Deemed:
    """A licence that another includes, and whether its holder is deemed to hold it on the law's day."""

    licence: Licence
    finding: Finding


def applicable(licence: Licence, facility_type: FacilityType, law: Law) -> Finding:
    """129/04, s. 6: whether the licence is for this type of facility.

    One of an operator-in-training is of a type under 129/04, s. 6 (2), and of none under 435/93, s. 5 (2).
    """
    if not _in_training(licence):
        return _of_type(licence, facility_type, law.topic("licence_classes"), law)
    if law.has("in_training_of_a_type"):
        return _of_type(licence, facility_type, law.topic("in_training_of_a_type"), law)
    because = Sentence("An operator-in-training’s licence is of no type.")
    return Finding(law.topic("in_training_of_no_type"), Verdict.NOT_MET, because, until=law.ends)


def serves_in_training(licence: Licence, facility_type: FacilityType, law: Law) -> Finding:
    """129/04, s. 6 (2): an operator-in-training's licence for this type of facility; under 435/93 any such
    licence, as its section 14 (1) takes one beside those applicable to the type."""
    typed = law.has("in_training_of_a_type")
    citation = law.topic("in_training_of_a_type" if typed else "in_training_of_no_type")
    statement = Sentence("{licence} is for an operator-in-training.", licence=licence.label)
    above = Sentence("{licence} is not for an operator-in-training.", licence=licence.label)
    in_training = stated(law, citation, "licence_class", statement, _in_training(licence), otherwise=above)
    return all_of(citation, in_training, _of_type(licence, facility_type, citation, law)) if typed else in_training


def of_class(licence: Licence, lowest: LicenceClass, law: Law) -> Finding:
    """129/04, s. 6 (1): of the class or a higher one; an operator-in-training is below Class I. What is too low is
    said with the licence held and what is needed, as values of the sentence."""
    citation = law.topic("licence_classes")
    enough = licence.licence_class in lowest.or_higher()
    statement = Sentence("{licence} is {lowest} or higher.", licence=licence.label, lowest=lowest.label)
    too_low = Sentence("{held} is held; {needed} is needed.", held=licence.label, needed=_or_higher(lowest))
    return stated(law, citation, "licence_class", statement, enough, otherwise=too_low)


def may_be_conditional(licence: Licence, law: Law) -> Finding:
    """435/93, s. 6.1 (2): licences of Class I to IV may be conditional, those of operators-in-training not."""
    return _of_class_i_to_iv(licence, law.topic("conditional_classes"), law)


def valid_at(record: LicenceRecord, place: Place, law: Law) -> Finding:
    """129/04, s. 8 (4): a conditional licence is valid only at facilities of that owner; under 435/93,
    s. 6.1 (6), only at those for which the owner made the case. Others are valid anywhere."""
    by_owner = law.has("conditional_owner")
    citation = law.topic("conditional_owner" if by_owner else "conditional_facilities")
    if not record.conditional:
        because = Sentence("It is not conditional.")
        return Finding(citation, Verdict.NOT_APPLICABLE, because, until=law.ends)
    matches = _owned(record, place, citation, law) if by_owner else _named(record, place, citation, law)
    return all_of(citation, may_be_conditional(record.licence, law), matches)


def deemed_to_hold(record: LicenceRecord, facility_type: FacilityType, law: Law) -> Finding:
    """129/04, s. 10: a treatment licence of Class I to IV in force includes a Class I collection licence
    (reading R5). Raises ValueError for a type that no licence includes."""
    for rule in law.regulation.deemed_licences:
        if rule.gives == facility_type:
            return _deemed(record, rule, law)
    raise ValueError(f"O. Reg. {law.regulation.number} deems nobody to hold a licence for {facility_type!r}")


def deemed_licences(records: Iterable[LicenceRecord], law: Law) -> tuple[Deemed, ...]:
    """The licences that those on record include on the law's day, each with the finding that says whether it
    is held; one from a conditional licence is valid for the same owner. None under O. Reg. 128/04 yet."""
    records = tuple(records)
    return tuple(
        Deemed(_included(record.licence, rule), _still_deemed(record, rule, records, law))
        for record in records
        for rule in law.regulation.deemed_licences
        if record.licence.licence_type == rule.holding and not _in_training(record.licence)
    )


def included_licences(licence: Licence, law: Law) -> tuple[Licence, ...]:
    """129/04, s. 10: the licences that one includes as long as it is in force itself (reading R5)."""
    return tuple(
        _included(licence, rule)
        for rule in law.regulation.deemed_licences
        if licence.licence_type == rule.holding and not _in_training(licence)
    )


def reissued(record: LicenceRecord, records: Iterable[LicenceRecord], law: Law) -> Finding:
    """129/04, s. 7 (4): whether a later issue of the same licence has taken its place (reading R38)."""
    citation = law.topic("licence_expiry")
    others = [one for one in records if one != record and one.identity == record.identity]
    return any_of(citation, *(_taken_over(record, other, citation, law) for other in others))


def holds(
    records: Iterable[LicenceRecord],
    facility_type: FacilityType,
    lowest: LicenceClass | None,
    place: Place,
    law: Law,
    *,
    complete: bool | None = None,
) -> Finding:
    """Whether a person holds, by any of the licences on record, one of the class or a higher one that is
    applicable to the type of facility, in force on the law's day and valid at the place.

    lowest: None for any class; OPERATOR_IN_TRAINING for a licence as such. complete: every licence of the
    person is on record; until that is known, nothing found is UNKNOWN. Licences of other regulations are left
    aside. Certificates of O. Reg. 128/04: UNKNOWN. Raises ValueError for records of several persons, or a type
    that the regulation does not license.
    """
    records = tuple(records)
    if len({record.operator_id for record in records}) > 1:
        raise ValueError("the licences asked about are those of one person")
    refuse_other_types(facility_type, law)
    if not law.has("licence_classes"):
        return not_modelled(Sentence("The person holds a certificate that is valid there."), law)
    records = tuple(one for one in records if one.licence.licence_type in law.regulation.facility_types)
    citation = law.topic("licence_classes")
    by_licence = [_way(record, facility_type, lowest, place, records, law) for record in records]
    by_deemed = [
        all_of(
            rule.citation,
            *_fits(_included(record.licence, rule), facility_type, lowest, law),
            _still_deemed(record, rule, records, law),
            valid_at(record, place, law),
        )
        for rule in law.regulation.deemed_licences
        for record in records
        if rule.gives == facility_type and rule.holding == record.licence.licence_type
    ]
    return any_of(citation, *by_licence, *by_deemed, _another(complete, citation, law))


def _way(
    record: LicenceRecord,
    facility_type: FacilityType,
    lowest: LicenceClass | None,
    place: Place,
    records: tuple[LicenceRecord, ...],
    law: Law,
) -> Finding:
    """Holding it by one licence; one that does not fit is looked at no further."""
    citation = law.topic("licence_classes")
    fits = all_of(citation, *_fits(record.licence, facility_type, lowest, law))
    if fits.verdict is Verdict.NOT_MET:
        return fits
    taken_over = not_(reissued(record, records, law))
    return all_of(citation, in_force(record, law), fits, taken_over, valid_at(record, place, law))


def _fits(
    licence: Licence, facility_type: FacilityType, lowest: LicenceClass | None, law: Law
) -> tuple[Finding, ...]:
    if lowest is LicenceClass.OPERATOR_IN_TRAINING:
        return (serves_in_training(licence, facility_type, law),)
    of_type = applicable(licence, facility_type, law)
    return (of_type,) if lowest is None else (of_type, of_class(licence, lowest, law))


def _still_deemed(
    record: LicenceRecord, rule: DeemedLicence, records: tuple[LicenceRecord, ...], law: Law
) -> Finding:
    return all_of(rule.citation, _deemed(record, rule, law), not_(reissued(record, records, law)))


def _deemed(record: LicenceRecord, rule: DeemedLicence, law: Law) -> Finding:
    holding = _of_type(record.licence, FacilityType(rule.holding), rule.citation, law)
    above_training = replace(_of_class_i_to_iv(record.licence, rule.citation, law), readings=("R5",))
    fits = all_of(rule.citation, holding, above_training)
    if fits.verdict is Verdict.NOT_MET:
        return fits
    return all_of(rule.citation, in_force(record, law), fits)


def _included(licence: Licence, rule: DeemedLicence) -> Licence:
    return replace(licence, licence_type=LicenceType(rule.gives), licence_class=LicenceClass(rule.licence_class))


def _taken_over(record: LicenceRecord, other: LicenceRecord, citation: Citation, law: Law) -> Finding:
    """Whether the other issue is the later one, has been made and is on file; days that contradict each other say
    neither."""
    ours = [day for day in (record.issued_on, record.listed_on) if day is not None]
    theirs = [day for day in (other.issued_on, other.listed_on) if day is not None]
    later = None
    if ours and theirs and min(theirs) > max(ours):
        later = True
    if ours and theirs and max(theirs) <= min(ours):
        later = False
    statement = Sentence("Licence {number} was issued anew later.", number=record.licence.number)
    not_anew = Sentence("Licence {number} was not issued anew later.", number=record.licence.number)
    order = stated(law, citation, "reissued", statement, later, asked_of="officer", otherwise=not_anew)
    order = replace(order, readings=("R38",))
    return all_of(citation, order, issued(other, law), *on_file(other, law))


def _another(complete: bool | None, citation: Citation, law: Law) -> Finding:
    if complete:
        because = Sentence("No other licence of the person is on record.")
        return Finding(citation, Verdict.NOT_MET, because, until=law.ends)
    statement = Sentence("The person holds another licence, which is not on record.")
    return unknown(law, citation, "other_licences", statement, asked_of="officer")


def _owned(record: LicenceRecord, place: Place, citation: Citation, law: Law) -> Finding:
    owner = record.licence.valid_for
    statement = Sentence("{owner} owns the facility.", owner=owner)
    same = None if place.owner is None else owner_key(place.owner) == owner_key(owner)
    another = Sentence("The licence is valid only at facilities of {owner}.", owner=owner)
    return stated(law, citation, "owner", statement, same, otherwise=another)


def _named(record: LicenceRecord, place: Place, citation: Citation, law: Law) -> Finding:
    statement = Sentence("{owner} made the case for this facility.", owner=record.licence.valid_for)
    unknown_yet = record.facilities is None or place.number is None
    named = None if unknown_yet else place.number in (record.facilities or ())
    another = Sentence(
        "The licence is valid only where {owner} made the case, and not at this facility.",
        owner=record.licence.valid_for,
    )
    return stated(law, citation, "facilities", statement, named, asked_of="officer", otherwise=another)


def _of_type(licence: Licence, facility_type: FacilityType, citation: Citation, law: Law) -> Finding:
    statement = Sentence(
        "{licence} is for facilities of the type {type}.", licence=licence.label, type=facility_type.label.lower()
    )
    same = licence.licence_type.value == facility_type.value
    another = Sentence(
        "{licence} is not for facilities of the type {type}.",
        licence=licence.label,
        type=facility_type.label.lower(),
    )
    return stated(law, citation, "licence_type", statement, same, otherwise=another)


def _of_class_i_to_iv(licence: Licence, citation: Citation, law: Law) -> Finding:
    statement = Sentence("{licence} is a licence of Class I to IV.", licence=licence.label)
    in_training = Sentence("{licence} is not a licence of Class I to IV.", licence=licence.label)
    return stated(law, citation, "licence_class", statement, not _in_training(licence), otherwise=in_training)


def _or_higher(lowest: LicenceClass) -> str:
    """ "Class II or higher", "Class III or IV", "Class IV"."""
    _, *higher = lowest.or_higher()
    if not higher:
        return lowest.label
    return f"{lowest.label} or {'higher' if len(higher) > 1 else higher[0]}"


def _in_training(licence: Licence) -> bool:
    return licence.licence_class is LicenceClass.OPERATOR_IN_TRAINING
