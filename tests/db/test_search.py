"""The search: the same people that the plain rule finds one by one, in the same order, at the same cost."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from core.availability import ALL_SLOTS
from core.licences import Licence, LicenceClass, LicenceType
from core.problems import Refused
from core.profiles import State
from core.roles import Role
from core.search import Candidate, Criteria, Held, fits
from db.gate import NotAllowed, NotSignedIn, Portal
from db.places import find, nearest, places, region_of, regions
from db.schema import AuditEntry, FacilityRelation, OperatorProfile, Organization
from db.services.search import PAGE_SIZE, profile, search, searching_for
from tests.db.people import signed_in, visitor
from tests.db.searchable import (
    AT_HOME,
    CLASS_III,
    SUDBURY,
    TODAY,
    add_operator,
    add_operators,
    candidate,
    criteria,
    disable,
    end_role,
    owner,
)

HOSTILE = ["O'Brien", "Back`tick", "Dollar ${1}", "Mark <img src=x onerror=alert(1)>", "Right \u202eto left"]
OWNERS = ["Town of Timmins", "town  of TIMMINS", "Town of Cochrane"]


def test_those_found_come_nearest_first_with_what_an_owner_needs(portal):
    far = add_operator(portal, candidate(base=SUDBURY, base_place="Sudbury", travel_km=300), "Sam Lake")
    near = add_operator(portal, candidate(), "Alex O'Brien")

    results = search(owner(portal), criteria(within_km=300))

    assert [one.profile_id for one in results.people] == [near, far]
    assert results.total == 2
    first = results.people[0]
    assert (first.name, round(first.distance_km), first.base_place) == ("Alex O'Brien", 0, "Timmins")
    assert first.certificates[0].licence == CLASS_III
    assert first.checked_on == TODAY
    assert first.slots == ALL_SLOTS
    assert round(results.people[1].distance_km) == 222


def test_people_of_one_town_are_one_point_with_a_count_and_the_point_is_the_towns(portal):
    add_operators(portal, [candidate(), candidate(), candidate(base_place="Sudbury", base=SUDBURY)])

    towns = search(owner(portal), criteria(within_km=100)).towns

    assert [(town.name, town.people) for town in towns] == [("Timmins", 2)]
    assert towns[0].point == find("Timmins").point != AT_HOME


def test_a_place_that_is_not_on_file_is_shown_at_the_nearest_that_is(portal):
    add_operator(portal, candidate(base_place="A camp in the bush"))
    assert search(owner(portal), criteria()).towns[0].point == nearest(AT_HOME).point != AT_HOME


def test_the_base_place_keeps_those_of_one_town(portal):
    add_operators(portal, [candidate(), candidate(base_place="Porcupine")])
    assert [one.base_place for one in search(owner(portal), criteria(base_place="Porcupine")).people] == [
        "Porcupine"
    ]


def test_people_come_fifty_a_page_and_every_one_once(portal):
    ids = add_operators(portal, [candidate() for _ in range(PAGE_SIZE + 3)])
    asker = owner(portal)
    pages = [search(asker, criteria(), page) for page in (1, 2)]
    assert [len(page.people) for page in pages] == [PAGE_SIZE, 3]
    assert sorted(one.profile_id for page in pages for one in page.people) == ids
    assert {page.total for page in pages} == {PAGE_SIZE + 3}
    assert search(asker, criteria(), 99).page == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_found_as_it_is_written(sqlite_portal, name):
    add_operator(sqlite_portal, candidate(base_place=name), f"Alex {name}")
    results = search(owner(sqlite_portal), criteria())
    assert results.people[0].name == f"Alex {name}"
    assert results.towns[0].name == name


def test_a_conditional_licence_is_found_by_the_owner_it_names_alone(portal):
    add_operator(portal, candidate(Held(replace(CLASS_III, valid_for="town of  TIMMINS"))))
    assert search(owner(portal, "Town of Timmins"), criteria()).total == 1
    assert search(owner(portal, "Town of Cochrane"), criteria()).total == 0
    assert search(signed_in(portal, Role.OFFICER), criteria()).total == 0


def test_a_chosen_region_brings_somebody_from_far_within_the_searchers_distance(portal):
    timmins = region_of(find("Timmins").point)
    from_afar = candidate(base=SUDBURY, base_place="Sudbury", travel_km=10)
    add_operators(portal, [from_afar, replace(from_afar, regions=frozenset({timmins, "3520"}))])
    asker = owner(portal)
    assert search(asker, criteria(within_km=300)).total == 1
    assert search(asker, criteria(within_km=200)).total == 0


@pytest.mark.parametrize(("days", "found"), [(0, 1), (1, 0)])
def test_nobody_is_found_for_a_day_before_the_earliest_start(portal, days, found):
    add_operator(portal, candidate(earliest_start=TODAY + timedelta(days=days)))
    assert search(owner(portal), criteria()).total == found


def test_criteria_that_make_no_sense_are_refused_with_every_reason(portal):
    wrong = criteria(licence_class=None, within_km=-5, needed_from=TODAY - timedelta(days=1))
    with pytest.raises(Refused) as refused:
        search(owner(portal), wrong)
    assert [problem.field for problem in refused.value.problems] == ["licence_class", "within_km", "needed_from"]


# --- who may search ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.OFFICER, Role.MANAGER])
def test_the_office_and_managers_search(portal, role):
    add_operator(portal, candidate())
    assert search(signed_in(portal, role), criteria()).total == 1


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMIN, Role.DIRECTOR])
def test_nobody_else_does(portal, role):
    with pytest.raises(NotAllowed):
        search(signed_in(portal, role), criteria())


def test_a_visitor_does_not_search(portal):
    with pytest.raises(NotSignedIn):
        search(visitor(portal), criteria())


def test_an_owner_without_a_verified_facility_is_told_when_the_search_opens(portal):
    with pytest.raises(Refused, match="opens once the office has verified"):
        search(owner(portal, verified=False), criteria())


@pytest.mark.parametrize("state", [State.PENDING, State.SUSPENDED, State.DRAFT, State.CLOSED])
def test_an_organization_that_is_not_active_does_not_search(portal, state):
    asker = owner(portal)
    with portal.database.transaction(writes=True) as session:
        session.scalars(select(Organization)).one().state = state
    suspended = state is State.SUSPENDED
    why = "has suspended your organization" if suspended else "opens once the office has verified"
    with pytest.raises(Refused, match=why):
        search(asker, criteria())


def test_an_owner_searches_around_the_facilities_held_today_and_the_office_has_none(portal):
    asker = owner(portal)
    (own,) = searching_for(asker)
    assert ([place.name for place in own.places], own.only) == (["Works, Timmins"], False)
    assert searching_for(signed_in(portal, Role.OFFICER)) == ()
    with portal.database.transaction(writes=True) as session:
        session.scalars(select(FacilityRelation)).one().valid_until = TODAY
    with pytest.raises(Refused, match="opens once the office has verified"):
        searching_for(asker)


# --- the audit trail --------------------------------------------------------------------------------------


def test_each_search_leaves_an_entry_with_criteria_and_count_and_no_name(portal):
    add_operator(portal, candidate(), "Alex Unmistakable")
    search(owner(portal), criteria())
    with portal.database.transaction(writes=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "operators.searched")).one()
    assert entry.details["found"] == 1
    assert entry.details["classes"] == ["I", "II", "III", "IV"]
    assert "Unmistakable" not in str(entry.details)


# --- a profile --------------------------------------------------------------------------------------------


def test_a_profile_shows_every_licence_in_force_and_no_contact_details(portal):
    other = Licence("W1", LicenceType.WATER_TREATMENT, LicenceClass.I, TODAY)
    expired = Licence("W0", LicenceType.WATER_TREATMENT, LicenceClass.I, TODAY - timedelta(days=1))
    someone = add_operator(portal, candidate(Held(CLASS_III), Held(other), Held(expired)), "Alex O'Brien")

    shown = profile(owner(portal), someone, criteria())

    assert [certificate.licence for certificate in shown.certificates] == [CLASS_III, other]
    assert (shown.name, shown.travel_km, round(shown.distance_km)) == ("Alex O'Brien", 100, 0)
    assert "example.ca" not in repr(shown)
    assert "+1705" not in repr(shown)
    with portal.database.transaction(writes=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "operator.opened")).one()
    assert entry.subject_id == someone


def test_a_profile_shows_regions_by_name_earliest_start_and_notes(portal):
    tomorrow = TODAY + timedelta(days=1)
    someone = add_operator(portal, candidate(regions=frozenset({"3556", "3520"}), earliest_start=tomorrow))
    with portal.database.transaction(writes=True) as session:
        session.get_one(OperatorProfile, someone).notes = HOSTILE[3]
    shown = profile(owner(portal), someone, criteria())
    assert shown.regions == ("Cochrane", "Toronto")
    assert (shown.earliest_start, shown.notes) == (tomorrow, HOSTILE[3])


def test_an_earliest_start_that_has_come_is_at_once(portal):
    someone = add_operator(portal, candidate(earliest_start=TODAY))
    assert profile(owner(portal), someone, criteria()).earliest_start is None


@pytest.mark.parametrize(
    "hidden",
    [
        candidate(available=False),
        candidate(state=State.SUSPENDED),
        candidate(state=State.PENDING),
        candidate(Held(CLASS_III, superseded=True)),
        candidate(Held(replace(CLASS_III, valid_for="Somebody else"))),
    ],
)
def test_nobody_opens_the_profile_of_somebody_who_cannot_be_found(portal, hidden):
    someone = add_operator(portal, hidden)
    with pytest.raises(Refused, match="no longer available"):
        profile(owner(portal), someone, criteria())


@pytest.mark.parametrize("happens", [disable, end_role])
def test_nobody_finds_somebody_who_may_not_use_the_portal_any_more(portal, happens):
    someone = add_operator(portal, candidate())
    happens(portal, someone)
    asker = owner(portal)
    assert search(asker, criteria()).total == 0
    with pytest.raises(Refused, match="no longer available"):
        profile(asker, someone, criteria())


# --- against the plain rule -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_search_equals_asking_every_profile_one_by_one(portal, seed):
    chance = random.Random(seed)
    people = [_anybody(chance) for _ in range(200)]
    ids = add_operators(portal, people)
    askers = {name: owner(portal, name) for name in OWNERS} | {"": signed_in(portal, Role.OFFICER)}
    who_is = dict(zip(ids, people, strict=True))
    found, by_region = 0, set()
    for _ in range(60):
        asked = _anything(chance, people)
        name = chance.choice([*OWNERS, ""])
        region = region_of(asked.near)
        one_by_one = {one for one, who in who_is.items() if fits(who, asked, name, region)}
        by_region |= {one for one in one_by_one if not fits(who_is[one], asked, name, "")}
        results = search(askers[name], asked)
        pages = [results, *(search(askers[name], asked, page) for page in range(2, results.pages + 1))]
        listed = [one for page in pages for one in page.people]
        assert {one.profile_id for one in listed} == one_by_one, asked
        in_towns = [town.people for town in results.towns if asked.base_place in ("", town.name)]
        assert len(listed) == results.total == sum(in_towns)
        assert [one.distance_km for one in listed] == sorted(one.distance_km for one in listed)
        found += len(listed)
    assert found > 100  # the random searches find people: the test is not empty
    assert by_region  # some of them by a chosen region alone


def _anybody(chance: random.Random) -> Candidate:
    place = chance.choice(places()[:60])
    return Candidate(
        state=chance.choice([State.ACTIVE] * 30 + list(State)),
        available=chance.random() < 0.9,
        base=None if chance.random() < 0.05 else place.point,
        travel_km=chance.choice([0, 50, 100, 300, 500, 2000]),
        slots=frozenset(chance.sample(ALL_SLOTS, chance.choice([0, 7, 12, 14]))),
        held=tuple(_any_credential(chance) for _ in range(chance.choice([0, 1, 2, 3]))),
        base_place=place.name,
        regions=frozenset(chance.sample(tuple(regions()), chance.choice([0, 0, 1, 8]))),
        earliest_start=chance.choice([None, None, _any_day(chance)]),
    )


def _any_credential(chance: random.Random) -> Held:
    licence_type = chance.choice([LicenceType.WASTEWATER_TREATMENT] * 16 + list(LicenceType))
    licence = Licence(
        number=str(chance.randrange(10**6)),
        licence_type=licence_type,
        licence_class=chance.choice(licence_type.classes) if licence_type.classes else None,
        expiry=_any_day(chance),
        valid_for=chance.choice(["", "", "", *OWNERS]),
    )
    return Held(
        licence,
        valid_from=chance.choice([None, TODAY - timedelta(days=9), TODAY, _any_day(chance)]),
        valid_until=chance.choice([None, None, None, _any_day(chance)]),
        superseded=chance.random() < 0.1,
    )


def _any_day(chance: random.Random) -> date:
    return TODAY + timedelta(days=chance.choice([-1, 0, 1, 2, 30, 300, 300, 300]))


def _anything(chance: random.Random, people: list[Candidate]) -> Criteria:
    licence_type = chance.choice([LicenceType.WASTEWATER_TREATMENT] * 16 + list(LicenceType))
    first = TODAY + timedelta(days=chance.choice([0, 0, 0, 1, 2]))
    return Criteria(
        licence_type=licence_type,
        licence_class=chance.choice(licence_type.classes) if licence_type.classes else None,
        near=chance.choice([who.base for who in people if who.base]),
        within_km=chance.choice([0, 100, 300, 500, 1000, 2000]),
        needed_from=first,
        needed_until=first + timedelta(days=chance.choice([0, 0, 1, 28])),
        slots=frozenset(chance.sample(ALL_SLOTS, chance.choice([0, 0, 0, 1, 2]))),
        or_higher=chance.random() < 0.7,
        base_place=chance.choice([""] * 9 + [chance.choice(people).base_place]),
    )


# --- cost -------------------------------------------------------------------------------------------------


def test_a_search_takes_as_many_statements_at_a_thousand_operators_as_at_ten(portal):
    asker = owner(portal)
    add_operators(portal, [candidate() for _ in range(10)])
    with _counted(portal) as at_ten:
        search(asker, criteria())
    add_operators(portal, [candidate() for _ in range(990)])
    with _counted(portal) as at_a_thousand:
        assert search(asker, criteria()).total == 1000
    assert len(at_a_thousand) == len(at_ten)


@contextmanager
def _counted(portal: Portal) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(portal.database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(portal.database.engine, "before_cursor_execute", note)
