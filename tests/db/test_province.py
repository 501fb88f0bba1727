"""All facilities of the province: every number equals a count in Python over what is kept and recorded."""

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import func, insert, select

from core.facilities import FacilityType
from core.findings import Verdict
from core.roles import Role
from core.standings import SOON_DAYS, Standing, counts, standing
from db import kept_findings, province_summary, standings
from db.gate import Asker, NotAllowed, Portal, unattended
from db.mail import enclosures
from db.people_schema import Designation
from db.places import regions
from db.province import NONE, Behind, By, Near, Trained, Wanted
from db.province_schema import FacilityStanding, KeptFinding, StandingCount
from db.register_schema import ListedLicence
from db.schema import AuditEntry, Facility, OutgoingMail
from db.services import designations, province
from db.services.province import FacilityRow
from tests.db import staffed
from tests.db.employed import led
from tests.db.filed import TODAY, facility_of
from tests.db.people import NOON, at, signed_in
from tests.db.statements import counted

MANY = 60


@pytest.fixture
def manager(portal: Portal) -> Asker:
    return signed_in(portal, Role.MANAGER)


@pytest.fixture
def filled(portal: Portal) -> list[int]:
    return staffed.fill(portal, MANY)


def in_python(portal: Portal) -> dict[int, Standing]:
    """The standing of each facility by the findings that are kept of it."""
    with portal.database.transaction(writes=False) as session:
        types = dict(iter(session.execute(select(Facility.id, Facility.facility_type))))
        kept = session.execute(select(KeptFinding.facility_id, KeptFinding.about, KeptFinding.verdict)).all()
    verdicts: dict[int, list[Verdict]] = {id: [] for id in types}
    for id, about, verdict in kept:
        if counts(about, Verdict(verdict)):
            verdicts[id].append(Verdict(verdict))
    return {id: standing(FacilityType(types[id]), found) for id, found in verdicts.items()}


def every(asker: Asker, wanted: Wanted = Wanted()) -> list[FacilityRow]:  # noqa: B008
    pages = province.facilities(asker, wanted).pages
    return [row for page in range(1, pages + 1) for row in province.facilities(asker, wanted, page).rows]


def test_sql_and_python_agree_on_every_set_of_verdicts(portal: Portal) -> None:
    of_people = list(itertools.chain.from_iterable(itertools.combinations(Verdict, n) for n in range(6)))
    sets = [
        [("notice", one) for one in some] + [("classified", one) for one in of_section_4]
        for some in of_people
        for of_section_4 in ((), *((one,) for one in Verdict))
        for _ in FacilityType
    ]
    ids = staffed.fill(portal, len(sets), tested=False)
    finding = {
        "regulation": "129/04", "provision": "s. 15 (1)", "because": "", "rests_on": [], "since": TODAY,
        "tested_on": TODAY, "tested_at": NOON, "fingerprint": "",
    }  # fmt: skip
    rows = [
        finding | {"facility_id": id, "place": f"{about} {n}", "about": about, "verdict": verdict.value}
        for id, some in zip(ids, sets, strict=True)
        for n, (about, verdict) in enumerate(some)
    ]
    with unattended(portal, NOON) as work:
        work.session.execute(insert(KeptFinding), rows)
        facilities = work.session.scalars(select(Facility).where(Facility.id.in_(ids)))
        standings.keep(work, dict.fromkeys(facilities, standings.Tested()))
    with portal.database.transaction(writes=False) as session:
        kept = dict(iter(session.execute(select(FacilityStanding.facility_id, FacilityStanding.standing))))
    expected = in_python(portal)
    assert {id: Standing(one) for id, one in kept.items()} == expected
    assert set(expected.values()) == set(Standing)


def test_the_day_shown_counts_what_a_log_lacks_and_the_night_does_not(portal: Portal, manager: Asker) -> None:
    near, far = TODAY + timedelta(days=5), TODAY + timedelta(days=40)
    of_logs = {"lacks": Verdict.NOT_MET, "not known": Verdict.UNKNOWN, "whole": Verdict.MET}
    ids = staffed.fill(portal, len(of_logs), tested=False)
    finding = {
        "regulation": "129/04", "provision": "s. 15 (1)", "because": "", "rests_on": [], "since": TODAY,
        "tested_on": TODAY, "tested_at": NOON, "fingerprint": "",
    }  # fmt: skip
    rows = [
        finding | {"facility_id": id, "place": about, "about": about, "verdict": verdict.value, "until": until}
        for id, of_log in zip(ids, of_logs.values(), strict=True)
        for about, verdict, until in (("shift_recorded", of_log, near), ("overall", Verdict.MET, far))
    ]
    with unattended(portal, NOON) as work:
        work.session.execute(insert(KeptFinding), rows)
        facilities = work.session.scalars(select(Facility).where(Facility.id.in_(ids)))
        standings.keep(work, dict.fromkeys(facilities, standings.Tested()), "x")
    with portal.database.transaction(writes=False) as session:
        kept = [session.get_one(FacilityStanding, id) for id in ids]
        assert [one.changes_on for one in kept] == [near, far, far]
        assert [one.test_on for one in kept] == [far, far, far]
    assert {one.facility_id: one.changes_on for one in every(manager)} == dict(
        zip(ids, [near, far, far], strict=True)
    )


def test_the_counts_are_those_of_the_findings(portal: Portal, manager: Asker, filled: list[int]) -> None:
    expected = in_python(portal)
    assert province.counts(manager).by_standing == dict.fromkeys(Standing, 0) | Counter(expected.values())
    listed = every(manager)
    assert {one.facility_id: one.standing for one in listed} == expected
    assert len(set(expected.values())) == 4, "the province has every standing"
    assert [one.standing for one in listed] == sorted((one.standing for one in listed), key=list(Standing).index)


@pytest.mark.parametrize("by", By)
def test_each_group_is_counted_and_opens_the_list_behind_it(
    portal: Portal, manager: Asker, filled: list[int], by: By
) -> None:
    field = {By.REGION: "region", By.TYPE: "facility_type", By.CLASS: "facility_class", By.OWNER: "owner"}[by]
    groups = province.groups(manager, by).rows
    everything = every(manager)
    assert sum(group.counts.total for group in groups) == len(everything) == MANY
    for group in groups:
        narrowed = Wanted(**{field: group.key})
        behind = every(manager, narrowed)
        assert Counter(one.standing for one in behind) == +Counter(group.counts.by_standing)
        assert province.counts(manager, narrowed) == group.counts
        assert {_value(one, by) for one in behind} == {group.name}


def _value(one: FacilityRow, by: By) -> str:
    if by is By.CLASS:
        return f"Class {one.facility_class}" if one.facility_class else "No class on record"
    return {By.REGION: one.region, By.TYPE: one.facility_type.label, By.OWNER: one.owner}[by]


def test_the_list_is_narrowed_by_everything_at_once(manager: Asker, filled: list[int]) -> None:
    one = every(manager)[0]
    code = next(code for code, name in regions().items() if name == one.region)
    wanted = Wanted(
        one.standing.value, code, one.facility_type.value, one.facility_class or NONE, words=one.ministry_number
    )
    assert [row.facility_id for row in every(manager, wanted)] == [one.facility_id]
    assert [row.facility_id for row in every(manager, Wanted(words=one.owner)) if row.owner != one.owner] == []
    assert every(manager, Wanted(owner="no number")) == []


def test_one_departure_and_one_expiry(portal: Portal, manager: Asker, filled: list[int]) -> None:
    """Who is qualified is told by hand: the licence of the facility's class, or a higher one, today."""
    near = province.near(manager)
    expected = {one for one in filled if _qualified(one) == 1}
    assert {one.facility_id for one in every(manager, Wanted(near=Near.ONE))} == expected
    soon = {one.facility_id for one in every(manager, Wanted(near=Near.SOON))}
    assert near == {Near.ONE: len(expected), Near.SOON: len(soon)}
    assert soon
    assert soon < expected
    assert all(
        one.lapses_on and one.lapses_on <= TODAY + timedelta(days=90)
        for one in every(manager)
        if one.facility_id in soon
    )


def _qualified(n: int) -> int | None:
    if staffed.facility_type(n).startswith("water_") or not staffed.facility_class(n):
        return None
    needed = staffed.CLASSES.index(staffed.facility_class(n))
    return sum(staffed.CLASSES.index(row["licence_class"]) >= needed for row in staffed._licence(n))


def test_training_behind_short_and_not_known(portal: Portal, manager: Asker, filled: list[int]) -> None:
    """Each number is that of the operators of whom a finding is kept, and opens to their facilities."""
    with portal.database.transaction(writes=False) as session:
        kept = session.scalars(select(KeptFinding).where(KeptFinding.about == "training")).all()
    soon = TODAY + timedelta(days=90)
    expected: dict[Behind, set[tuple[int, int | None]]] = {
        Behind.BEHIND: {(one.facility_id, one.of_id) for one in kept if one.verdict == "not met"},
        Behind.SHORT: {(one.facility_id, one.of_id) for one in kept if one.due and one.verdict == "met"},
        Behind.NOT_KNOWN: {(one.facility_id, one.of_id) for one in kept if one.verdict in ("unknown", "director")},
    }
    assert all(one.due <= soon for one in kept if one.due and one.verdict == "met")
    found = province.training(manager)
    for one, people in expected.items():
        behind = {row.facility_id for row in every(manager, Wanted(training=one))}
        assert behind == {facility for facility, _ in people} != set()
        assert found[one] == Trained(len(behind), len(people))
    assert expected[Behind.BEHIND] == {
        (n, -2 * n - 1) for n in filled if n % 8 == 1 and not staffed.facility_type(n).startswith("water_")
    }
    region = province.on_map(manager)[0].code
    narrowed = province.training(manager, Wanted(region=region))
    assert narrowed[Behind.SHORT].facilities == len(every(manager, Wanted(region=region, training=Behind.SHORT)))


def test_licences_by_month_and_the_facilities_behind(portal: Portal, manager: Asker, filled: list[int]) -> None:
    with portal.database.transaction(writes=False) as session:
        expiries = session.scalars(
            select(ListedLicence.expiry).where(ListedLicence.operator_id != "90012345")
        ).all()
    found = province.expiries(manager)
    assert len(found) == 12
    last = max(found)
    months = Counter(one.replace(day=1) for one in expiries if one >= TODAY and one.replace(day=1) <= last)
    assert found == {month: months[month] for month in found}
    for month, many in found.items():
        assert 0 <= len(every(manager, Wanted(month=month))) <= many
        assert bool(every(manager, Wanted(month=month))) == bool(many)


def test_the_map_tells_what_the_list_tells(manager: Asker, filled: list[int]) -> None:
    marks = province.on_map(manager)
    assert Counter({one.name: one.counts.total for one in marks}) == Counter(one.region for one in every(manager))
    code = marks[0].code
    points = province.points(manager, Wanted(region=code))
    assert [one.facility_id for one in points] == [one.facility_id for one in every(manager, Wanted(region=code))]


def test_after_a_change_the_page_is_true(portal: Portal, manager: Asker) -> None:
    owner, chief, _second = led(portal)
    facility = facility_of(owner)
    before = every(manager)[0]
    assert before.qualified == 1
    designations.designate_in_charge(owner, facility, chief, TODAY, None, False)
    assert {one.facility_id: one.standing for one in every(manager)} == in_python(portal)
    with portal.database.transaction(writes=False) as session:
        ended = session.scalars(select(Designation).where(Designation.role == "overall")).one()
    designations.end_designation(owner, ended.id, TODAY)
    with unattended(portal, NOON + timedelta(days=1)) as work:
        kept_findings.retest_due(work)
    assert {one.facility_id: one.standing for one in every(manager)} == in_python(portal)


def test_a_licence_that_expires_is_counted_out_in_the_night(
    portal: Portal, manager: Asker, filled: list[int]
) -> None:
    soon = {one.facility_id for one in every(manager, Wanted(near=Near.SOON))}
    later = NOON + timedelta(days=100)
    with unattended(portal, later) as work:
        kept_findings.retest_due(work)
    now = {one.facility_id: one.qualified for one in every(at(signed_in(portal, Role.MANAGER, at=later), later))}
    assert {now[one] for one in soon} == {0}


def test_months_are_counted_once_each_and_keep_their_last_count(
    portal: Portal, manager: Asker, filled: list[int]
) -> None:
    assert province.history(manager) == ()
    for day in (0, 1, 11, 12):  # 20 and 21 November, 1 and 2 December
        with unattended(portal, NOON + timedelta(days=day)) as work:
            standings.count_month(work)
    months = province.history(manager)
    assert [(one.month, one.counted_on) for one in months] == [
        (date(2026, 11, 1), date(2026, 11, 21)),
        (date(2026, 12, 1), date(2026, 12, 2)),
    ]
    assert months[0].counts == province.counts(manager)
    code = province.on_map(manager)[0].code
    assert province.history(manager, code)[0].counts == province.counts(manager, Wanted(region=code))
    with portal.database.transaction(writes=False) as session:
        assert session.scalar(select(func.sum(StandingCount.facilities))) == 2 * MANY


def test_the_summary_is_mailed_once_a_month_to_whoever_asked(
    portal: Portal, manager: Asker, filled: list[int]
) -> None:
    assert not province.is_subscribed(manager)
    province.subscribe(manager, True)
    assert province.is_subscribed(manager)
    assert sent(portal, 0) == 0, "the month in which it was asked for has none"
    assert sent(portal, 11) == 1
    assert sent(portal, 12) == 0
    with portal.database.transaction(writes=False) as session:
        mail = session.scalars(select(OutgoingMail).where(OutgoingMail.template == "province_summary")).one()
    (enclosed,) = enclosures.of([mail])
    assert (enclosed.name, enclosed.content[:5]) == ("facilities-2026-12-01.pdf", b"%PDF-")
    province.subscribe(manager, False)
    assert sent(portal, 45) == 0


def test_the_summary_says_where_an_operator_counts_at_each_facility(manager: Asker, filled: list[int]) -> None:
    facts, behind = dict(province.summary(manager).facts), province.training(manager)
    for name, kind in (
        ("Operators whose training is behind, by facility", Behind.BEHIND),
        (f"Operators with hours missing that are due within {SOON_DAYS} days, by facility", Behind.SHORT),
        ("Operators whose training is not known, by facility", Behind.NOT_KNOWN),
    ):
        assert facts[name] == str(behind[kind].operators)


def sent(portal: Portal, days: int) -> int:
    with unattended(portal, NOON + timedelta(days=days)) as work:
        return province_summary.send(work)


def test_the_list_is_exported_and_that_is_recorded(portal: Portal, manager: Asker, filled: list[int]) -> None:
    wanted = Wanted(standing=Standing.DOES_NOT_STAND)
    assert list(province.export(manager, wanted)) == every(manager, wanted)
    with portal.database.transaction(writes=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "province.exported")).one()
    assert entry.details["standing"] == "does_not_stand"


def test_nobody_but_the_office_sees_the_province(portal: Portal) -> None:
    for role in (Role.OWNER, Role.OPERATOR, Role.DELEGATE, Role.ADMIN):
        with pytest.raises(NotAllowed):
            province.facilities(signed_in(portal, role))


def test_many_facilities_take_as_many_statements_as_few(portal: Portal, manager: Asker) -> None:
    staffed.fill(portal, 10, tested=False)
    few = list(asked(portal, manager))
    staffed.fill(portal, 990, tested=False)
    assert list(asked(portal, manager)) == few
    assert max(few) < 15


def asked(portal: Portal, manager: Asker) -> Iterator[int]:
    services = (
        lambda: province.counts(manager),
        lambda: province.facilities(manager),
        lambda: province.on_map(manager),
        lambda: province.points(manager, Wanted(region="3520")),
        lambda: province.near(manager),
        lambda: province.training(manager),
        lambda: province.owners(manager),
        lambda: province.expiries(manager),
        lambda: province.summary(manager),
        *(lambda by=by: province.groups(manager, by) for by in By),
    )
    for ask in services:
        with counted(portal) as statements:
            ask()
        yield len(statements)


def test_a_facility_that_moves_is_in_another_region(portal: Portal, filled: list[int]) -> None:
    with portal.database.transaction(writes=True) as session:
        one = session.get_one(Facility, filled[0])
        one.latitude, one.longitude = 43.65, -79.38
        assert regions()[standings.place(session, one).region] == "Toronto"
