"""Licences and certificates: their types, their classes, and whether one is in force on a day.

O. Reg. 129/04, ss. 7 (4), 7.1 (4), 8 (5), 11 (1) and 22 (2); O. Reg. 435/93, ss. 6 (7), 6.1 (5), 7 (3), 8 and
11 (1). What a person may do with the licences held: core/held_licences.py; replacing them: core/replacements.py.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from core.calendar import Span, add_months, add_years
from core.citations import Citation
from core.facts import done, earliest, unknown
from core.findings import NOT_YET, Day, Finding, NotYet, Question, Verdict, all_of, any_of, not_
from core.legislation import Law, Limit
from core.names import owner_key
from core.sentences import Sentence


class LicenceType(StrEnum):
    """Wastewater licences (O. Reg. 129/04, s. 6) and drinking water certificates (O. Reg. 128/04)."""

    WASTEWATER_TREATMENT = "wastewater_treatment"
    WASTEWATER_COLLECTION = "wastewater_collection"
    WATER_TREATMENT = "water_treatment"
    WATER_DISTRIBUTION = "water_distribution"
    WATER_DISTRIBUTION_AND_SUPPLY = "water_distribution_and_supply"
    LIMITED_GROUNDWATER = "limited_groundwater"
    LIMITED_SURFACE_WATER = "limited_surface_water"
    WATER_QUALITY_ANALYST = "water_quality_analyst"

    @property
    def label(self) -> str:
        """Its name for people."""
        return _TYPE_LABELS[self]

    @property
    def classes(self) -> tuple["LicenceClass", ...]:
        """The classes this type comes in, lowest first; empty where it has none."""
        return () if self in _WITHOUT_CLASS else tuple(LicenceClass)


class LicenceClass(StrEnum):
    """Operator-in-training and Classes I to IV, lowest first."""

    OPERATOR_IN_TRAINING = "OIT"
    I = "I"  # noqa: E741 - the class's name in the regulations
    II = "II"
    III = "III"
    IV = "IV"

    @property
    def rank(self) -> int:
        """0 for operator-in-training, 1 to 4 for Classes I to IV."""
        return _RANKS[self]

    @property
    def label(self) -> str:
        """Its name for people."""
        return "Operator-in-training" if self is LicenceClass.OPERATOR_IN_TRAINING else f"Class {self}"

    def or_higher(self) -> tuple["LicenceClass", ...]:
        """This class and those above it. Operator-in-training stands alone: it is no class below Class I."""
        if self is LicenceClass.OPERATOR_IN_TRAINING:
            return (self,)
        return tuple(other for other in LicenceClass if other.rank >= self.rank)


_RANKS = {one: rank for rank, one in enumerate(LicenceClass)}
_TYPE_LABELS = {
    LicenceType.WASTEWATER_TREATMENT: "Wastewater treatment",
    LicenceType.WASTEWATER_COLLECTION: "Wastewater collection",
    LicenceType.WATER_TREATMENT: "Water treatment",
    LicenceType.WATER_DISTRIBUTION: "Water distribution",
    LicenceType.WATER_DISTRIBUTION_AND_SUPPLY: "Water distribution and supply",
    LicenceType.LIMITED_GROUNDWATER: "Limited groundwater",
    LicenceType.LIMITED_SURFACE_WATER: "Limited surface water",
    LicenceType.WATER_QUALITY_ANALYST: "Water quality analyst",
}
_WITHOUT_CLASS = frozenset(
    {LicenceType.LIMITED_GROUNDWATER, LicenceType.LIMITED_SURFACE_WATER, LicenceType.WATER_QUALITY_ANALYST}
)


@dataclass(frozen=True)
class Licence:
    """A licence or certificate as it is written: number, type, class, the last day it is valid.

    `valid_for` names the owner of a conditional licence; empty for an ordinary one.
    """

    number: str
    licence_type: LicenceType
    licence_class: LicenceClass | None
    expiry: date
    valid_for: str = ""

    @property
    def owner_key(self) -> str:
        """core.names.owner_key of the owner it is valid for; empty for an ordinary one."""
        return owner_key(self.valid_for)

    @property
    def label(self) -> str:
        """ "Wastewater treatment, Class III"."""
        parts = [self.licence_type.label]
        if self.licence_class:
            parts.append(self.licence_class.label)
        return ", ".join(parts)

    def in_force_on(self, day: date) -> bool:
        """Valid through the printed expiry (O. Reg. 129/04, s. 7 (4); reading R4)."""
        return day <= self.expiry


class Origin(StrEnum):
    """How an ordinary licence came to be issued, where the law gives its term in a provision of its own."""

    ORDINARY = "ordinary"
    OUT_OF_PROVINCE = "out_of_province"  # 129/04, s. 7.1
    PROGRAM = "program"  # 435/93, s. 7: certified under the voluntary programme
    EMPLOYED_IN_1993 = "employed_in_1993"  # 435/93, s. 8 (2)
    EXAMINED = "examined"  # 435/93, s. 8 (5)
    FOR_THE_FEE = "for_the_fee"  # 435/93, s. 8 (7) to (9)


@dataclass(frozen=True)
class Replacement:
    """What is known of an application to replace a licence; None where it is not known."""

    fee_paid: Day = None
    lost: bool | None = None  # or destroyed
    name_changed: bool | None = None
    original_returned: Day = None


@dataclass(frozen=True)
class LicenceRecord:
    """What is known of one issue of a licence; None where it is not known.

    issued_on: the day of this issue; a reissue is a record of its own (for a licence of the voluntary
    programme: the last certification). listed_on: the day of the listing that shows this issue in force, or where
    by_office the day on which the office confirmed it, whatever a listing says.
    suspended: the spans, empty when it never was. extended_to: the last day by the Director's extension,
    NOT_YET when there is none. facilities: of a conditional licence under 435/93, the numbers of those for
    which the owner made the case. on_file_until: from this day on the record is held true no more, whatever
    became of the licence; None while it is.
    """

    operator_id: str
    licence: Licence
    issued_on: date | None = None
    listed_on: date | None = None
    suspended: tuple[Span, ...] | None = None
    cancelled_on: Day = None
    extended_to: Day = None
    renewal_refused_on: Day = None
    replacement: Replacement | None = None
    facilities: frozenset[str] | None = None
    origin: Origin = Origin.ORDINARY
    on_file_until: date | None = None
    by_office: bool = False

    @property
    def identity(self) -> tuple[str, str, LicenceType]:
        """By what issues of the same licence are known: Operator ID, number and type, never the name."""
        return (self.operator_id, self.licence.number, self.licence.licence_type)

    @property
    def conditional(self) -> bool:
        return bool(self.licence.valid_for)


def as_listed(operator_id: str, licence: Licence, listed_on: date) -> LicenceRecord:
    """What a listing that shows a licence in force says of it (reading R28)."""
    return LicenceRecord(operator_id, licence, listed_on=listed_on, suspended=(), cancelled_on=NOT_YET)


def in_force(record: LicenceRecord, law: Law) -> Finding:
    """129/04, s. 7 (4): issued, not expired or extended, neither suspended nor cancelled on the law's day.

    That its renewal was refused or that it was replaced changes nothing. Certificates of O. Reg. 128/04:
    UNKNOWN. Raises ValueError for a type that the regulation does not license.
    """
    if not law.has("licence_classes"):
        valid = Sentence("Certificate {number} is valid on {day}.", number=record.licence.number, day=law.on)
        return not_modelled(valid, law)
    refuse_other_types(record.licence.licence_type, law)
    years = term(record, law)
    return all_of(
        years.citation,
        _unexpired(record, years, law),
        issued(record, law),
        *_carried_over(record, law),
        *on_file(record, law),
        not_(_suspended(record, law)),
        not_(_cancelled(record, law)),
    )


def on_file(record: LicenceRecord, law: Law) -> list[Finding]:
    """129/04, s. 7 (4): whether a record that has an end, which is no act of the Director's, is held true on the
    law's day; none where it has no end."""
    ends = record.on_file_until
    if ends is None:
        return []
    citation = term(record, law).citation
    if law.on >= ends:
        because = Sentence("What was on file of licence {number} ended on {day}.",
                           number=record.licence.number, day=ends)  # fmt: skip
        return [Finding(citation, Verdict.NOT_MET, because, until=law.ends)]
    because = Sentence("It is on file for {day}.", day=law.on)
    return [Finding(citation, Verdict.MET, because, until=earliest(law, ends))]


def not_modelled(statement: Sentence, law: Law) -> Finding:
    """UNKNOWN for drinking water certificates of today: never 435/93, and not yet 128/04."""
    asked = unknown(law, law.topic("governs_water_works"), "certificate", statement, asked_of="officer")
    because = Sentence(
        "O. Reg. {regulation} governs drinking water certificates; its provisions on them are not modelled yet.",
        regulation=law.regulation.number,
    )
    return replace(asked, because=because)


def refuse_other_types(kind: str, law: Law) -> None:
    """Raises ValueError for a type of licence or facility that the regulation does not know."""
    if kind not in law.regulation.facility_types:
        known = ", ".join(law.regulation.facility_types)
        raise ValueError(f"O. Reg. {law.regulation.number} licenses nobody for {kind}; it has {known}")


def issued(record: LicenceRecord, law: Law) -> Finding:
    """129/04, s. 7 (4): whether it has been issued by the law's day; a listing that shows it proves it from
    its own day on (reading R28)."""
    citation = term(record, law).citation
    given, listed, on = record.issued_on, record.listed_on, law.on
    until = earliest(law, *(day for day in (given, listed) if day is not None and day > on))
    if given is not None and given <= on:
        return Finding(citation, Verdict.MET, Sentence("Issued on {day}.", day=given), until=law.ends)
    shown = listed is not None and listed <= on
    if given is None and shown:
        because = Sentence("Shown in force by the listing of {day}.", day=listed)
        if record.by_office:
            because = Sentence("Confirmed as in force by the office on {day}.", day=listed)
        return Finding(citation, Verdict.MET, because, readings=("R28",), until=law.ends)
    if given is not None and not shown:
        because = Sentence("Issued only on {day}.", day=given)
        return Finding(citation, Verdict.NOT_MET, because, until=until)
    statement = Sentence("It was issued on {day} or earlier.", day=on)
    asked = unknown(law, citation, "issued_on", statement, asked_of="officer")
    return replace(asked, readings=("R28",), until=until)


def issued_from(record: LicenceRecord, law: Law) -> date:
    """The day of issue; where it is not on record, the first day on which a licence with this expiry may have been
    issued (129/04, s. 7 (4))."""
    return record.issued_on or add_years(record.licence.expiry, -term(record, law).value)


def term(record: LicenceRecord, law: Law) -> Limit:
    """The years for which it is issued; by the ordinary provision where the regulation has no other."""
    name = "term_conditional" if record.conditional else f"term_{record.origin}"
    return law.limit(name if name in law.regulation.limits else "term_ordinary")


def _unexpired(record: LicenceRecord, term: Limit, law: Law) -> Finding:
    """Valid through the anniversary or the earlier printed date (reading R4), or as extended."""
    printed = record.licence.expiry
    anniversary = None if record.issued_on is None else add_years(record.issued_on, term.value)
    last = printed if anniversary is None else min(printed, anniversary)
    within = _within_term(record, term, last, anniversary, law)
    if within.verdict is Verdict.MET:
        return within
    return any_of(term.citation, within, *_shown_longer(record, term, last, law), *_extended(record, law))


def _within_term(record: LicenceRecord, term: Limit, last: date, anniversary: date | None, law: Law) -> Finding:
    runs = law.on <= last
    refused = record.renewal_refused_on
    because = Sentence("Valid through {day}." if runs else "It expired at the end of {day}.", day=last)
    if runs and isinstance(refused, date) and refused <= law.on:
        because = Sentence(
            "Valid through {day}: its renewal was refused on {refused}, and it runs to its end.",
            day=last,
            refused=refused,
        )
    earlier = anniversary is not None and last < anniversary and law.on <= anniversary and not record.conditional
    verdict = Verdict.MET if runs else Verdict.NOT_MET
    return Finding(
        term.citation,
        verdict,
        because,
        needs=(_why_earlier(last, term),) if earlier else (),
        readings=("R4",),
        until=earliest(law, last + timedelta(days=1) if runs else None),
    )


def _why_earlier(printed: date, term: Limit) -> Question:
    asks = Sentence(
        "Why does the licence expire on {day}, less than {term} years after it was issued?",
        day=printed,
        term=term.value,
    )
    return Question("printed_expiry", asks, asked_of="officer")


def _shown_longer(record: LicenceRecord, term: Limit, last: date, law: Law) -> list[Finding]:
    """A listing that shows a later expiry than the recorded issue allows: one of the two is wrong."""
    printed = record.licence.expiry
    if record.listed_on is None or not last < law.on <= printed:
        return []
    statement = Sentence("It runs to {day}, as listed, past the term from its recorded issue.", day=printed)
    asked = unknown(law, term.citation, "issued_on", statement, asked_of="officer")
    return [replace(asked, readings=("R4", "R28"), until=earliest(law, printed + timedelta(days=1)))]


def _extended(record: LicenceRecord, law: Law) -> list[Finding]:
    """129/04, s. 22 (2): the Director's extension, at most 12 months past the printed expiry (reading R14).

    UNKNOWN for the days of a recorded extension on which that provision is not on file.
    """
    to = record.extended_to
    if not law.stands("extension"):
        return _extended_without_its_text(record, law)
    most = law.limit("longest_extension")
    farthest = add_months(record.licence.expiry, most.value)
    last = min(to, farthest) if isinstance(to, date) else farthest
    after = earliest(law, last + timedelta(days=1) if law.on <= last else None)
    if to is None and law.on <= farthest:
        statement = Sentence("The Director has extended it to {day} or later.", day=law.on)
        asked = unknown(law, most.citation, "extended_to", statement, asked_of="director")
        return [replace(asked, readings=("R14",), until=after)]
    if isinstance(to, NotYet):
        because = Sentence("The Director has not extended it.")
        return [Finding(most.citation, Verdict.NOT_MET, because, until=law.ends)]
    verdict = Verdict.MET if law.on <= last else Verdict.NOT_MET
    because = Sentence(
        "Extended through {last}; at most {most} months from {printed}.",
        last=last,
        most=most.value,
        printed=record.licence.expiry,
    )
    if to is None:
        because = Sentence("No extension reaches past {last}.", last=farthest)
    return [Finding(most.citation, verdict, because, readings=("R14",), until=after)]


def _extended_without_its_text(record: LicenceRecord, law: Law) -> list[Finding]:
    to = record.extended_to
    if not law.has("extension") or not isinstance(to, date) or to < law.on:
        return []
    statement = Sentence("It was extended through {last}, by the law of {day}, which is not on file.",
                         last=to, day=law.on)  # fmt: skip
    asked = unknown(law, term(record, law).citation, "extended_to", statement, asked_of="director")
    return [replace(asked, until=earliest(law, to + timedelta(days=1)))]


def _carried_over(record: LicenceRecord, law: Law) -> list[Finding]:
    """How licences of before the regulation were carried over is not on file: a listing must show them."""
    if "licences_from" not in law.regulation.dates or record.issued_on is None:
        return []
    first = law.legal_date("licences_from")
    listed = record.listed_on
    shown = listed is not None and first.value <= listed <= law.on
    if record.issued_on >= first.value or shown:
        return []
    statement = Sentence(
        "Issued before {day} under the former regulation, it went on under this one.", day=first.value
    )
    asked = unknown(law, first.citation, "carried_over", statement, asked_of="officer")
    return [replace(asked, until=earliest(law, listed if listed is not None and listed > law.on else None))]


def _suspended(record: LicenceRecord, law: Law) -> Finding:
    """129/04, s. 11 (1): suspended on the law's day, first and last day included (reading R37)."""
    citation = _cancelled_or_suspended(law)
    if record.suspended is None:
        statement = Sentence("It is suspended on {day}.", day=law.on)
        return unknown(law, citation, "suspended", statement, asked_of="officer")
    current = [span for span in record.suspended if law.on in span]
    if not current:
        starts = (span.start for span in record.suspended if span.start > law.on)
        because = Sentence("It is not suspended.")
        if record.by_office:
            because = Sentence("By what the office has confirmed it is not suspended.")
        return Finding(citation, Verdict.NOT_MET, because, readings=("R37",), until=earliest(law, *starts))
    span = current[0]
    because = Sentence("Suspended from {start}.", start=span.start)
    if span.last is not None:
        because = Sentence("Suspended from {start} through {last}.", start=span.start, last=span.last)
    return Finding(citation, Verdict.MET, because, readings=("R37",), until=earliest(law, span.end))


def _cancelled(record: LicenceRecord, law: Law) -> Finding:
    """129/04, s. 11 (1): cancelled, from the day of the cancellation on (reading R37)."""
    return done(
        law,
        _cancelled_or_suspended(law),
        "cancelled_on",
        "Cancellation by the Director",
        record.cancelled_on,
        readings=("R37",),
        asked_of="officer",
    )


def _cancelled_or_suspended(law: Law) -> Citation:
    """The grounds of 129/04, s. 11 (1) are on file only as amended; that licences are cancelled and suspended
    follows before that from (2)."""
    grounds = "cancelled_or_suspended"
    return law.topic(grounds if law.stands(grounds) else "after_cancellation")
