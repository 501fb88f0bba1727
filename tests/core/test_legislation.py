"""The law on file: every day answered or refused, every citation and every row accounted for."""

import csv
import importlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.citations import Citation
from core.classification import classified_as, classify
from core.decisions import kinds
from core.findings import Finding, Verdict
from core.law_files import LAW, LawFileError, load
from core.legislation import FOLDERS, NotOnFile, Regulation, Status, law, older_version, readings, regulations
from core.points import read_point_system
from tests.core import oracle
from tests.core.rules import RULES, ask
from tests.core.test_rules import ALL

CORE = Path(__file__).parents[2] / "core"
MONTHS = [date(year, month, 1) for year in range(1990, 2031) for month in range(1, 13)]


def questions(number: str, regulation: Regulation, on: date) -> Iterator[Callable[[], object]]:
    """Everything that can be asked of a regulation on a day."""
    yield lambda: law(number, on).classes()
    for name in regulation.limits:
        yield lambda name=name: law(number, on).limit(name)
    for name in regulation.dates:
        yield lambda name=name: law(number, on).legal_date(name)
    for topic in regulation.topics:
        yield lambda topic=topic: law(number, on).topic(topic)
    for facility_type in regulation.facility_types:
        yield lambda kind=facility_type: classify(kind, {}, regulation=number, on=on)
    for provision in regulation.provisions:
        yield lambda row=provision: law(number, on).cite(row.citation.provision)


@pytest.mark.parametrize("number", FOLDERS)
def test_every_month_from_1990_to_2030_is_answered_or_refused_with_the_reason(number: str) -> None:
    answered = 0
    for on in MONTHS:
        for question in questions(number, regulations()[number], on):
            outcome = asked(question)
            if isinstance(outcome, NotOnFile):
                assert outcome.on == on
                assert "Nearest on file" in str(outcome)
                assert outcome.before is None or outcome.before < on
                assert outcome.after is None or outcome.after > on
            else:
                assert outcome is not None
                answered += 1
    assert answered


def asked(question: Callable[[], object]) -> object:
    """The answer, or the refusal as an answer."""
    try:
        return question()
    except NotOnFile as refusal:
        return refusal


def test_a_newer_provision_does_not_answer_for_the_time_before_it() -> None:
    assert law("129/04", date(2010, 1, 1)).cite("s. 15 (4)")
    with pytest.raises(NotOnFile):
        law("129/04", date(2010, 1, 1)).cite("s. 21 (1.1)")


def published() -> list[Citation]:
    with (oracle.DATA / "provisions.csv").open(encoding="utf-8") as file:
        return [Citation.parse(f"{row['regulation']}, {row['provision']}") for row in csv.DictReader(file)]


def test_every_published_provision_has_its_row_and_no_other() -> None:
    ours = [row.citation for number in ("129/04", "435/93") for row in regulations()[number].provisions]
    assert ours == published()
    assert len(ours) == 236


def test_citations_sort_in_the_order_of_the_law() -> None:
    for number in ("129/04", "435/93"):
        listed = [citation for citation in published() if citation.regulation == number]
        assert sorted(sorted(listed, key=str)) == listed


@pytest.mark.parametrize("citation", published(), ids=str)
def test_a_citation_is_read_as_it_is_written(citation: Citation) -> None:
    assert Citation.parse(str(citation)) == citation


@pytest.mark.parametrize("text", ["s. 15 (4)", "O. Reg. 129, s. 1", "O. Reg. 129/04", ""])
def test_what_is_no_citation_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a citation"):
        Citation.parse(text)


def test_a_citation_links_to_its_regulation() -> None:
    assert Citation("129/04", "s. 1").link == "https://www.ontario.ca/laws/regulation/040129"
    assert Citation("435/93", "s. 1").link == "https://www.ontario.ca/laws/regulation/930435"


@pytest.mark.parametrize(
    ("number", "on", "name"),
    [
        ("129/04", None, None),
        ("129/04", date(2021, 12, 3), None),
        ("129/04", date(2021, 12, 2), "as made"),
        ("435/93", None, "historical version of 30 June 2003"),
        ("435/93", date(2026, 1, 1), "historical version of 30 June 2003"),
        ("128/04", None, None),
    ],
)
def test_a_citation_of_a_version_that_has_ended_knows_which(
    number: str, on: date | None, name: str | None
) -> None:
    version = older_version(Citation(number, "s. 3 (1)"), on)
    assert (version and version.name) == name


@pytest.mark.parametrize(
    ("part", "row", "lies_in"),
    [
        ("s. 15 (4)", "s. 15 (4)", True),
        ("s. 2 (1) (a)", "s. 2 (1)", True),
        ("s. 4 (2), para. 1", "s. 4 (2)", True),
        ("s. 15 (4)", "s. 15 (41)", False),
        ("s. 21 (1.1)", "s. 21 (1)", False),
        ("Sched. 1.1, Table 1", "Sched. 1", False),
        ("Sched. 1.2, Table 10", "Sched. 1.2, Table 1", False),
    ],
)
def test_a_clause_lies_in_its_row(part: str, row: str, lies_in: bool) -> None:
    assert Citation("129/04", part).lies_in(Citation("129/04", row)) is lies_in


_SCHEDULE, _SECTION = r"(?:Sched\. [\d.]*\d(?:, )?)?", r"(?:ss?\. [\d.]*\d(?: \([\d.]+\))*|Table \d+)?"
# "O. Reg. 129/04, s. 15 (4)", "129/04, s. 4 (3)", "129/04 s. 15", Citation("129/04", "s. 15").
_WRITTEN = re.compile(rf"(\d+/\d\d)\"?,? \"?({_SCHEDULE}{_SECTION}(?:, rule \d)?)")


def written(text: str) -> set[Citation]:
    """The citations that a text writes out, whether or not it says "O. Reg." before them."""
    one_line = re.sub(r"\s+(?:# )?", " ", text)
    return {Citation(number, rest.strip(", ")) for number, rest in _WRITTEN.findall(one_line) if rest}


@pytest.mark.parametrize(
    ("text", "provision"),
    [
        ("O. Reg. 129/04, s. 15 (4)", "s. 15 (4)"),
        ("129/04, s. 4 (3): due", "s. 4 (3)"),
        ("129/04 s. 15.", "s. 15"),
        ('Citation("129/04", "s. 15")', "s. 15"),
        ("129/04,\n    # Sched. 1.2, s. 1, rule 1", "Sched. 1.2, s. 1, rule 1"),
    ],
)
def test_a_citation_in_a_text_is_seen_with_and_without_its_prefix(text: str, provision: str) -> None:
    assert written(text) == {Citation("129/04", provision)}


def cited_in_code() -> set[Citation]:
    """Citations written out in the code of every floor, and those of core's data."""
    sources = [path for floor in ("core", "db", "ui", "pages") for path in (CORE.parent / floor).rglob("*.py")]
    found = {citation for path in sources for citation in written(path.read_text(encoding="utf-8"))}
    for regulation in regulations().values():
        limits = (*regulation.limits.values(), *regulation.dates.values())
        found |= {limit.citation for limit in limits} | {regulation.classes.citation}
        found |= {Citation(regulation.number, provision) for provision in regulation.topics.values()}
        found |= {rule.citation for rule in regulation.deemed_licences}
        for system in regulation.point_systems:
            found |= {item.citation for item in system.items} | set(system.sections)
            found |= {rule.citation for rule in (*system.whole_units, *system.caps)}
            found |= {group.rule for group in system.groups if group.rule}
    return found | {Citation.parse(reading.provision) for reading in readings().values()}


def test_every_citation_used_is_a_provision_on_file_or_a_part_of_one() -> None:
    rows = [row.citation for regulation in regulations().values() for row in regulation.provisions]
    cited = cited_in_code()
    assert len(cited) > 100
    # A heading such as "ss. 2 and 3 (1)" or "Sched. 1" names whole sections; their rows are its parts.
    lost = [
        citation
        for citation in cited
        if not any(citation.lies_in(row) or row.provision.startswith(whole(citation)) for row in rows)
    ]
    assert not lost


def whole(citation: Citation) -> str:
    return citation.provision.replace("ss. ", "s. ")


def exercised() -> list[Finding]:
    """Every finding of every case: of the rules, and of each row of the points tables alone."""
    found = [ask(case) for case in ALL]
    for regulation, facility_type in oracle.systems():
        least = oracle.nothing(regulation, facility_type)
        amounts = {"population_served": 110_000, "design_flow_m3_per_day": 49_500, "watermain_km": 1_100}
        read = set(law(regulation).points(facility_type).keys)
        greatest = {key: value for key, value in amounts.items() if key in read and key in least}
        both = {"effluent_sensitivity": "very_high_degree", "effluent_disposal.land_spraying": True}
        capped = both if facility_type == "wastewater_treatment" else {}
        tried = [least, least | greatest | capped]
        for key, options in oracle.choices(regulation, facility_type).items():
            tried += [least | {key: option} for option in options]
        for answers in tried:
            result = classify(facility_type, answers, regulation=regulation)
            found += [classified_as(result, facility_class) for facility_class in ("I", "IV")]
    return [part for finding in found for part in finding.walk()]


@pytest.fixture(scope="module")
def verdicts() -> dict[Citation, set[Verdict]]:
    found: dict[Citation, set[Verdict]] = defaultdict(set)
    for finding in exercised():
        row = regulations()[finding.citation.regulation].provision(finding.citation)
        found[row.citation].add(finding.verdict)
    return found


MODELLED = [
    row for regulation in regulations().values() for row in regulation.provisions if row.status is Status.MODELLED
]


@pytest.mark.parametrize("row", MODELLED, ids=lambda row: str(row.citation))
def test_a_modelled_row_has_a_case_that_is_met_and_one_that_is_not(
    row, verdicts: dict[Citation, set[Verdict]]
) -> None:
    assert {Verdict.MET, Verdict.NOT_MET} <= verdicts[row.citation]


@pytest.mark.parametrize("name", sorted({name for row in MODELLED for name in row.by}))
def test_a_modelling_function_exists_and_has_cases(name: str) -> None:
    module, function = name.rsplit(".", 1)
    assert callable(getattr(importlib.import_module(module), function))
    assert function in RULES or function == "classified_as"


def test_every_rule_that_has_cases_is_named_by_a_row() -> None:
    assert {name.rsplit(".", 1)[1] for row in MODELLED for name in row.by} == {
        *(set(RULES) - {"alteration_changes_class"}),
        "classified_as",
    }


def test_what_is_left_to_the_director_is_the_provision_of_a_decision_that_is_recorded() -> None:
    """A row says so only where the one form records a decision of a kind under it."""
    recorded = {
        regulation.provision(Citation(regulation.number, regulation.topics[kind.topic])).citation
        for regulation in regulations().values()
        for kind in kinds().values()
        if kind.topic in regulation.topics
    }
    rows = [row for regulation in regulations().values() for row in regulation.provisions]
    assert {row.citation for row in rows if row.status is Status.DIRECTOR} <= recorded


def test_at_most_ten_rows_are_out_of_scope_and_every_paraphrase_is_one_line() -> None:
    rows = [row for regulation in regulations().values() for row in regulation.provisions]
    assert sum(row.status is Status.OUT_OF_SCOPE for row in rows) <= 10
    assert all(row.paraphrase and "\n" not in row.paraphrase for row in rows)


def test_every_reading_named_by_a_finding_or_a_table_is_on_file() -> None:
    named = {reading for finding in exercised() for reading in finding.readings}
    assert named
    assert named <= readings().keys()
    assert {f"R{number}" for number in range(1, 31)} <= readings().keys()


@pytest.mark.parametrize(
    "path", sorted(LAW.glob("*/points/*.toml")), ids=lambda path: f"{path.parts[-3]} {path.stem}"
)
def test_a_key_that_nobody_knows_is_refused_at_load(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for wrong in (
        'surprise = "x"\n' + text,
        text.replace("points = ", "surprise = 1, points = ", 1),
        text.replace('kind = "each"', 'kind = "each"\nsurprise = 1', 1),
        text.replace('label = "', 'lable = "', 1),
    ):
        changed = tmp_path / path.name
        changed.write_text(wrong, encoding="utf-8")
        with pytest.raises(LawFileError, match=r"unknown|missing"):
            read_point_system(changed, "129/04")


def test_a_row_that_names_a_stranger_is_refused_at_load(tmp_path: Path) -> None:
    text = (LAW / "o_reg_129_04/points/wastewater_collection.toml").read_text(encoding="utf-8")
    changed = tmp_path / "points.toml"
    changed.write_text(text.replace('requires = "present"', 'requires = "presnt"', 1), encoding="utf-8")
    with pytest.raises(LawFileError, match="presnt"):
        read_point_system(changed, "129/04")


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("a = ", encoding="utf-8")
    with pytest.raises(LawFileError, match=r"broken\.toml"):
        load(tmp_path / "broken.toml")


def test_a_points_table_stands_as_long_as_its_provisions() -> None:
    for regulation in regulations().values():
        for system in regulation.point_systems:
            for item in system.items:
                assert regulation.provision(item.citation).span == system.span


def test_versions_follow_one_another_and_were_checked() -> None:
    for regulation in regulations().values():
        for earlier, later in zip(regulation.versions, regulation.versions[1:], strict=False):
            assert earlier.last_day is not None
            assert later.first_day == earlier.last_day + timedelta(days=1)
        assert all(version.checked >= version.first_day for version in regulation.versions)


def test_points_to_the_next_class() -> None:
    classes = law("129/04").classes()
    assert [classes.points_to_next(points) for points in (0, 30, 31, 55, 75, 76)] == [31, 1, 25, 1, 1, None]
    assert [classes.of(points) for points in (30, 31, 55, 56, 75, 76)] == [
        "I",
        "II",
        "II",
        "III",
        "III",
        "IV",
    ]
