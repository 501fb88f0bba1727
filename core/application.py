"""Which works a regulation applies to, and what type of facility they are.

O. Reg. 129/04, ss. 2 and 3 (1); O. Reg. 435/93, ss. 2, 3 (1) and 21.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Literal

from core.facts import Amount, compared, stated
from core.findings import Citation, Day, Decision, Finding, NotYet, Verdict, all_of, any_of, not_, settle
from core.legislation import Law, NotOnFile, law, regulations
from core.sentences import Sentence


@dataclass(frozen=True)
class SewageWorks:
    """What is known of a sewage works; None where it is not known. Capacities are in litres a day.

    section_53: section 53 of the Ontario Water Resources Act applies. clause_53_6_a: described in clause
    53 (6) (a) of that Act. lot_capacity: of all works on the lot together.
    """

    section_53: bool | None = None
    crown_or_municipal: bool | None = None
    treated: bool | None = None
    household_waste: bool | None = None
    residential_sewage: bool | None = None
    clause_53_6_a: bool | None = None
    capacity: Amount | None = None
    several_on_lot: bool | None = None
    lot_capacity: Amount | None = None
    wholly_on_lot: bool | None = None


@dataclass(frozen=True)
class WaterWorks:
    """What is known of a water works or the part looked at; None where not known. Flows are in m3 a day.

    system: its kind under O. Reg. 170/03, or "other". must_comply_from: first day on which sections 2-2 to
    2-6 of Schedule 2 to that regulation bind the owner.
    """

    facility_type: Literal["water_distribution", "water_treatment"]
    subsection_52_1: bool | None = None
    system: str | None = None
    design_flow: Amount | None = None
    peak_month_flow: Amount | None = None
    idle_month_every_year: bool | None = None
    disinfects_only: bool | None = None
    all_from_small_treatment: bool | None = None
    operator_took_course: bool | None = None
    must_comply_from: date | None = None
    equipment_starts: Day = None


@dataclass(frozen=True)
class Part:
    """A works, or the part of it that is looked at; None where it is not known.

    conveys: collects or transmits sewage; supplies or distributes water. treats: treats or disposes of
    sewage; collects, produces or treats water.
    """

    of: Literal["sewage", "water"]
    conveys: bool | None = None
    treats: bool | None = None


_TYPES = {
    "wastewater_collection": ("sewage", True),
    "wastewater_treatment": ("sewage", False),
    "water_distribution": ("water", True),
    "water_treatment": ("water", False),
}


def is_of_type(facility_type: str, part: Part, law: Law) -> Finding:
    """A facility either conveys or treats: collection or treatment, distribution or treatment."""
    citation = law.topic("types")
    of, conveys = _TYPES[facility_type]
    if part.of != of:
        because = Sentence("It is a part of {of} works.", of=part.of)
        return Finding(citation, Verdict.NOT_MET, because, until=law.ends)
    conveying = stated(law, citation, "conveys", Sentence("It conveys {of}.", of=of), part.conveys)
    treating = stated(law, citation, "treats", Sentence("It treats {of}.", of=of), part.treats)
    if conveys:
        return all_of(citation, conveying, not_(treating))
    return all_of(citation, treating, not_(conveying))


def covers_sewage_works(works: SewageWorks, law: Law) -> Finding:
    """129/04, s. 2 (1): public works whose sewage is treated; others that take household or such sewage."""
    citation = law.topic("covers_sewage_works")

    def fact(key: str, statement: str, value: bool | None) -> Finding:
        return stated(law, citation, key, Sentence(statement), value)

    public = fact(
        "crown_or_municipal", "The Crown or a municipality owns or operates it.", works.crown_or_municipal
    )
    treated = fact("treated", "The sewage it receives is treated.", works.treated)
    household = fact("household_waste", "It receives toilet, sink or culinary waste.", works.household_waste)
    residential = fact(
        "residential_sewage",
        "It receives other sewage such as a residential subdivision discharges.",
        works.residential_sewage,
    )
    return all_of(
        citation,
        fact("section_53", "Section 53 of the Ontario Water Resources Act applies to it.", works.section_53),
        any_of(
            citation,
            all_of(citation, public, treated),
            all_of(citation, not_(public), any_of(citation, household, residential)),
        ),
    )


def leaves_out_sewage_works(works: SewageWorks, law: Law) -> Finding:
    """129/04, s. 2 (2): works of clause 53 (6) (a) that are large, or large together, or not on the lot."""
    citation = law.topic("leaves_out_sewage_works")
    capacity = law.limit("private_works_capacity")

    def fact(key: str, statement: str, value: bool | None) -> Finding:
        return stated(law, citation, key, Sentence(statement), value)

    return all_of(
        citation,
        fact("clause_53_6_a", "Clause 53 (6) (a) of the Act describes it.", works.clause_53_6_a),
        any_of(
            citation,
            compared(law, works.capacity, "more than", capacity, "Design capacity", "capacity"),
            all_of(
                citation,
                fact("several_on_lot", "Several works are on the lot.", works.several_on_lot),
                compared(
                    law,
                    works.lot_capacity,
                    "more than",
                    capacity,
                    "Capacity of all on the lot",
                    "lot_capacity",
                ),
            ),
            not_(fact("wholly_on_lot", "It lies wholly on the lot that it serves.", works.wholly_on_lot)),
        ),
    )


def covers_water_works(works: WaterWorks, law: Law) -> Finding:
    """435/93, s. 2 (1): water works of subsection 52 (1) of the Act, or of five kinds of systems."""
    citation = law.topic("covers_water_works")
    of_the_act = Sentence("Subsection 52 (1) of the Ontario Water Resources Act applies to it.")
    return any_of(
        citation,
        stated(law, citation, "subsection_52_1", of_the_act, works.subsection_52_1),
        _is_system(works, "covered", citation, law),
    )


def leaves_out_water_treatment(works: WaterWorks, law: Law, decisions: Iterable[Decision] = ()) -> Finding:
    """435/93, s. 2 (2): small, seasonal, only disinfecting; excellent source, trained operator."""
    citation = law.topic("leaves_out_water_treatment")
    if works.facility_type != "water_treatment":
        return _another_type(citation, law)
    only = Sentence("It treats water only to disinfect it.")
    return all_of(
        citation,
        _small_flow(works, law),
        _seasonal(works, citation, law),
        stated(law, citation, "disinfects_only", only, works.disinfects_only),
        _excellent(citation, law, decisions),
        _trained(works, citation, law),
    )


def leaves_out_water_distribution(works: WaterWorks, law: Law, decisions: Iterable[Decision] = ()) -> Finding:
    """435/93, s. 2 (3): small, seasonal, fed only by such treatment; excellent water, trained operator."""
    citation = law.topic("leaves_out_water_distribution")
    if works.facility_type != "water_distribution":
        return _another_type(citation, law)
    fed = Sentence("All its water comes from a treatment facility that meets subsection (2).")
    return all_of(
        citation,
        _small_flow(works, law),
        _seasonal(works, citation, law),
        stated(law, citation, "all_from_small_treatment", fed, works.all_from_small_treatment),
        _excellent(citation, law, decisions),
        _trained(works, citation, law),
    )


def applies(works: SewageWorks | WaterWorks, law: Law, decisions: Iterable[Decision] = ()) -> Finding:
    """Whether the regulation applies to the works on its day: covered and not left out."""
    decisions = tuple(decisions)
    if isinstance(works, SewageWorks):
        covered = covers_sewage_works(works, law)
        return all_of(covered.citation, covered, not_(leaves_out_sewage_works(works, law)))
    covered = covers_water_works(works, law)
    return all_of(
        covered.citation,
        covered,
        not_(leaves_out_water_treatment(works, law, decisions)),
        not_(leaves_out_water_distribution(works, law, decisions)),
    )


def governed(works: SewageWorks | WaterWorks, on: date, decisions: Iterable[Decision] = ()) -> Finding:
    """Which regulation applies to the works on a day, and whether; raises NotOnFile where none is on file.

    Water works of today are under O. Reg. 128/04, whose operation is not modelled: UNKNOWN, never 435/93.
    """
    later = "129/04" if isinstance(works, SewageWorks) else "128/04"
    on_day = _law_on_file(("435/93", later), on)
    if on_day.regulation.number != "128/04":
        return applies(works, on_day, decisions)
    because = Sentence("O. Reg. 128/04 governs the operation of water works today; it is not modelled yet.")
    return Finding(on_day.topic("governs_water_works"), Verdict.UNKNOWN, because, until=on_day.ends)


def governing(facility_type: str, on: date) -> Law:
    """The regulation by which a type of facility is classified on a day; NotOnFile where none is on file."""
    numbers = tuple(one.number for one in regulations().values() if facility_type in one.facility_types)
    return _law_on_file(numbers, on)


def law_of_people(facility_type: str, day: date) -> Law | None:
    """The law on a facility's people on a day; None where none is on file, or it is not modelled yet (128/04)."""
    try:
        law = governing(facility_type, day)
    except NotOnFile:
        return None
    return law if law.has("overall_responsible") else None


def _law_on_file(numbers: tuple[str, ...], on: date) -> Law:
    """The first of several regulations that is on file for a day, or NotOnFile naming them all."""
    spans = {number: [version.span for version in regulations()[number].versions] for number in numbers}
    for number in numbers:
        if any(on in span for span in spans[number]):
            return law(number, on)
    raise NotOnFile(f"O. Reg. {' or '.join(numbers)}", on, chain(*spans.values()))


def complies_later(works: WaterWorks, citation: Citation, after: date, law: Law) -> Finding:
    """One of three kinds of systems whose owner need not comply with O. Reg. 170/03 until after a day."""
    statement = Sentence("Its owner need not comply with O. Reg. 170/03 until after {day}.", day=after)
    binding = works.must_comply_from
    later = None if binding is None else binding > after
    return all_of(
        citation,
        _is_system(works, "later", citation, law),
        stated(law, citation, "must_comply_from", statement, later),
    )


def operating_standards_apply(works: WaterWorks, law: Law) -> Finding:
    """435/93, s. 21: sections 13 to 20 wait until the equipment of certain systems starts."""
    citation = law.topic("operating_standards_wait")
    waiting = complies_later(works, citation, law.legal_date("operating_standards_wait_after").value, law)
    return not_(all_of(citation, waiting, not_(_started(works, citation, law))))


def _started(works: WaterWorks, citation: Citation, law: Law) -> Finding:
    starts = works.equipment_starts
    statement = Sentence("The equipment that compliance needs has started.")
    if starts is None or isinstance(starts, NotYet):
        return stated(law, citation, "equipment_starts", statement, None if starts is None else False)
    until = law.ends if starts <= law.on else min(filter(None, (starts, law.ends)))
    because = Sentence("The equipment that compliance needs starts on {day}.", day=starts)
    return Finding(citation, Verdict.MET if starts <= law.on else Verdict.NOT_MET, because, until=until)


def _is_system(works: WaterWorks, named: str, citation: Citation, law: Law) -> Finding:
    kinds = law.regulation.systems[named]
    statement = Sentence("It is part of one of these systems: {kinds}.", kinds=", ".join(kinds))
    return stated(law, citation, "system", statement, None if works.system is None else works.system in kinds)


def _small_flow(works: WaterWorks, law: Law) -> Finding:
    """The greater of the two flows is below the limit: both are."""
    limit = law.limit("small_facility_flow")
    flows = (
        ("design_flow", "Average daily design flow", works.design_flow),
        ("peak_month_flow", "Average daily flow in the peak month", works.peak_month_flow),
    )
    return all_of(
        limit.citation,
        *(compared(law, value, "less than", limit, what, key) for key, what, value in flows),
    )


def _seasonal(works: WaterWorks, citation: Citation, law: Law) -> Finding:
    idle = Sentence("It stands still for a month or more in every year.")
    return stated(law, citation, "idle_month_every_year", idle, works.idle_month_every_year)


def _trained(works: WaterWorks, citation: Citation, law: Law) -> Finding:
    course = Sentence("The operator responsible completed a course that the Director approved.")
    return stated(law, citation, "operator_took_course", course, works.operator_took_course)


def _excellent(citation: Citation, law: Law, decisions: Iterable[Decision]) -> Finding:
    because = Sentence("Whether the quality of the water is excellent is for the Director to say.")
    return settle(Finding(citation, Verdict.DIRECTOR, because, until=law.ends), decisions, law.on)


def _another_type(citation: Citation, law: Law) -> Finding:
    because = Sentence("This is about another type of facility.")
    return Finding(citation, Verdict.NOT_APPLICABLE, because, until=law.ends)
