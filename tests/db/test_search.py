"""The search: the same people that the plain rule finds one by one, in the same order, at the same cost."""

import random
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from core.availability import ALL_SLOTS
from core.licences import Licence, LicenceClass, LicenceType
from core.places import unit_vector
from core.problems import Refused
from core.profiles import State
from core.relaxations import FEW, Loosened, relaxations
from core.roles import Role
from core.search import Candidate, Criteria, Held, fits
from db import finding
from db.gate import Asker, NotAllowed, NotSignedIn, Portal
from db.places import find, nearest, neighbours, places, region_of, regions
from db.schema import Account, AccountRole, AuditEntry, Credential, FacilityRelation, OperatorProfile, Organization
from db.search_schema import SearchPlace
from db.services.search import PAGE_SIZE, Found, Results, export, profile, search, searching_for
from db.worker import Worker
from tests.db.people import NOON, signed_in, visitor
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
from tests.db.statements import counted

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


def test_the_owner_of_a_conditional_licence_is_found_however_the_name_is_written(portal):
    add_operator(portal, candidate(Held(replace(CLASS_III, valid_for="Municipalité de St. Charles-Garnier"))))
    assert search(owner(portal, "Municipalite de St Charles Garnier"), criteria()).total == 1


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


# --- limits -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("km", "found"), [(222, 0), (223, 1)])
def test_a_distance_is_kept_to_the_kilometre(portal, km, found):
    add_operator(portal, candidate(base=SUDBURY, base_place="Sudbury", travel_km=300))
    assert search(owner(portal), criteria(within_km=km)).total == found
    assert search(owner(portal), criteria(within_km=300, regions=frozenset())).total == 1


def test_somebody_exactly_at_both_limits_is_found(portal):
    for km in (0, 100):
        add_operator(portal, candidate(base=criteria().near, travel_km=km))
    assert search(owner(portal), criteria(within_km=0)).total == 2


@pytest.mark.parametrize(("day", "found"), [(CLASS_III.expiry, 1), (CLASS_III.expiry + timedelta(days=1), 0)])
def test_a_licence_counts_through_its_last_day(portal, day, found):
    expiring = replace(CLASS_III, expiry=TODAY + timedelta(days=9))
    add_operator(portal, candidate(Held(expiring)))
    until = TODAY + timedelta(days=9) + (day - CLASS_III.expiry)
    assert search(owner(portal), criteria(needed_until=until)).total == found


@pytest.mark.parametrize(("slots", "asked", "found"), [
    (ALL_SLOTS, ALL_SLOTS, 1), (ALL_SLOTS[1:], ALL_SLOTS, 0), ((), (), 1), ((), ALL_SLOTS[:1], 0),
])  # fmt: skip
def test_all_days_and_none(portal, slots, asked, found):
    add_operator(portal, candidate(slots=frozenset(slots)))
    assert search(owner(portal), criteria(slots=frozenset(asked))).total == found


def test_regions_stand_instead_of_the_distance(portal):
    add_operator(portal, candidate(base=SUDBURY, base_place="Sudbury", travel_km=300))
    asker = owner(portal)
    greater_sudbury, timmins = region_of(SUDBURY), region_of(AT_HOME)
    assert search(asker, criteria(within_km=10, regions=frozenset({greater_sudbury}))).total == 1
    assert search(asker, criteria(within_km=2000, regions=frozenset({timmins}))).total == 0
    with pytest.raises(Refused, match="4711 is no census division"):
        search(asker, criteria(regions=frozenset({"4711"})))


# --- deemed licences --------------------------------------------------------------------------------------


COLLECTION = LicenceType.WASTEWATER_COLLECTION


def test_a_treatment_licence_counts_as_a_class_i_collection_licence_and_says_so(portal):
    add_operator(portal, candidate())
    asker = owner(portal)
    (one,) = search(asker, criteria(licence_type=COLLECTION)).people
    (certificate,) = one.certificates
    assert certificate.licence.label == "Wastewater collection, Class I"
    assert certificate.deemed_by == CLASS_III
    assert search(asker, criteria(licence_type=COLLECTION, licence_class=LicenceClass.II)).total == 0


@pytest.mark.parametrize(
    "held",
    [
        Held(replace(CLASS_III, licence_class=LicenceClass.OPERATOR_IN_TRAINING)),
        Held(replace(CLASS_III, valid_for="Town of Cochrane")),
        Held(replace(CLASS_III, expiry=TODAY - timedelta(days=1))),
        Held(CLASS_III, in_force=False),
        Held(replace(CLASS_III, licence_type=LicenceType.WATER_TREATMENT)),
    ],
)
def test_what_deems_nobody_to_hold_one(portal, held):
    add_operator(portal, candidate(held))
    assert search(owner(portal), criteria(licence_type=COLLECTION)).total == 0


def test_who_holds_one_and_is_deemed_to_is_found_once(portal):
    own = replace(CLASS_III, number="C2", licence_type=COLLECTION, licence_class=LicenceClass.II)
    add_operator(portal, candidate(Held(CLASS_III), Held(own)))
    results = search(owner(portal), criteria(licence_type=COLLECTION))
    assert results.total == 1
    assert [one.licence.number for one in results.people[0].certificates] == ["C2", "T3"]


# --- the nearest of many ----------------------------------------------------------------------------------


def test_of_a_crowd_in_one_town_each_comes_once_whatever_class_they_hold(portal):
    second = replace(CLASS_III, number="T4", licence_class=LicenceClass.IV)
    held = [
        (Held(CLASS_III),),
        (Held(second),),
        (Held(CLASS_III), Held(second)),
        (Held(CLASS_III), Held(CLASS_III)),
    ]
    ids = add_operators(portal, [candidate(*held[n % 4]) for n in range(PAGE_SIZE + 10)])
    asker = owner(portal)
    pages = [search(asker, criteria(licence_class=LicenceClass.III), page) for page in (1, 2)]
    assert [one.profile_id for page in pages for one in page.people] == ids
    assert pages[0].total == pages[0].towns[0].people == len(ids)


def test_a_place_is_counted_with_its_lines_and_dropped_with_the_last(portal):
    stay, move = add_operators(portal, [candidate(), candidate()])
    asker = owner(portal)
    search(asker, criteria())
    assert _lines(portal) == {("Timmins", 3): 2, ("Timmins", 1): 2}  # each is deemed to hold a Class I licence
    with portal.database.transaction(writes=True) as session:
        session.get_one(OperatorProfile, move).base_place = "Porcupine"
        session.get_one(OperatorProfile, stay).available = False
    search(asker, criteria())
    assert _lines(portal) == {("Porcupine", 3): 1, ("Porcupine", 1): 1}


def _lines(portal: Portal) -> dict[tuple[str, int], int]:
    with portal.database.transaction(writes=False) as session:
        return {(one.base_place, one.rank): one.lines for one in session.scalars(select(SearchPlace))}


# --- always of this moment --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        update(OperatorProfile).values(state=State.SUSPENDED),
        update(OperatorProfile).values(available=False),
        update(OperatorProfile).values(slots=0),
        update(Credential).values(status="suspended"),
        update(Account).where(Account.email.like("operator%")).values(state="disabled"),
        update(AccountRole).where(AccountRole.role == Role.OPERATOR).values(ended_at=NOON),
    ],
)
def test_a_change_by_whatever_way_counts_at_the_next_search(portal, change):
    add_operator(portal, candidate())
    asker, monday = owner(portal), criteria(slots=frozenset(ALL_SLOTS[:1]))
    assert search(asker, monday).total == 1
    with portal.database.transaction(writes=True) as session:
        session.execute(change)
    results = search(asker, monday)
    assert results.total == 0
    assert all(one.relaxation.loosened is Loosened.SLOTS for one in results.widened)


def test_whoever_is_not_to_be_found_is_not_counted_in_what_would_find_more(portal):
    hidden = [{"available": False}, {"state": State.SUSPENDED}, {"state": State.PENDING}, {"base": None}]
    add_operators(portal, [candidate(**one) for one in hidden])
    add_operator(portal, candidate(Held(CLASS_III, in_force=False)))
    assert search(owner(portal), criteria(licence_class=LicenceClass.IV)).widened == ()


@pytest.mark.parametrize(("looks", "looks_with"), [(search, "in_towns"), (export, "nearest")])
def test_a_search_that_takes_its_time_keeps_nobody_from_writing(sqlite_portal, monkeypatch, looks, looks_with):
    someone = add_operator(sqlite_portal, candidate())
    asker, really = owner(sqlite_portal), getattr(finding, looks_with)

    def meanwhile(*given):
        with sqlite_portal.database.transaction(writes=True) as session:
            session.get_one(OperatorProfile, someone).notes = "Written while somebody searched"
        return really(*given)

    monkeypatch.setattr(finding, looks_with, meanwhile)
    looks(asker, criteria())
    with sqlite_portal.database.transaction(writes=False) as session:
        assert session.get_one(OperatorProfile, someone).notes.startswith("Written")


def test_many_changes_are_taken_up_a_few_at_a_time(portal, monkeypatch):
    monkeypatch.setattr("db.search_entries._AT_ONCE", 2)
    add_operators(portal, [candidate() for _ in range(5)])
    with counted(portal) as statements:
        assert search(owner(portal), criteria()).total == 5
    assert sum(one.startswith("DELETE FROM search_stale") for one in statements) == 3


def test_the_worker_takes_up_changes_before_anybody_searches(portal):
    add_operator(portal, candidate())
    asker = owner(portal)
    Worker(portal).work()
    assert _lines(portal) == {("Timmins", 3): 1, ("Timmins", 1): 1}
    with counted(portal) as statements:
        assert search(asker, criteria()).total == 1
    assert not [one for one in statements if one.startswith("DELETE")]


# --- a file -----------------------------------------------------------------------------------------------


def test_a_file_holds_all_who_were_found_and_no_contact_details(portal):
    ids = add_operators(portal, [candidate() for _ in range(PAGE_SIZE + 3)])
    rows = export(owner(portal), criteria())
    assert [one.profile_id for one in rows] == ids
    assert "example.ca" not in repr(rows)
    assert "+1705" not in repr(rows)
    with portal.database.transaction(writes=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "operators.exported")).one()
    assert entry.details["rows"] == PAGE_SIZE + 3


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

    deemed = replace(CLASS_III, licence_type=LicenceType.WASTEWATER_COLLECTION, licence_class=LicenceClass.I)
    assert [certificate.licence for certificate in shown.certificates] == [CLASS_III, deemed, other]
    assert [certificate.deemed_by for certificate in shown.certificates] == [None, CLASS_III, None]
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


@dataclass
class Crowd:
    """Random operators in the database, asked one by one by the plain rule."""

    who: dict[int, Candidate]
    askers: dict[str, Asker]

    def one_by_one(self, asked: Criteria, name: str, region: str | None = None) -> set[int]:
        """The profiles that the rule finds for an organization; in a place's own region unless told."""
        here = region_of(asked.near) if region is None else region
        return {one for one, who in self.who.items() if fits(who, asked, name, here)}

    def nearest_first(self, found: set[int], asked: Criteria) -> list[int]:
        """Those found in the order of the list: of one place, as they joined."""
        here = unit_vector(asked.near)

        def order(one: int) -> tuple[float, int]:
            x, y, z = unit_vector(self.who[one].base)
            return -(x * here[0] + y * here[1] + z * here[2]), one

        return sorted(found, key=order)

    def listed(self, asked: Criteria, name: str) -> tuple[Results, list[Found]]:
        """What the search answers, and everybody on all of its pages."""
        results = search(self.askers[name], asked)
        pages = [results, *(search(self.askers[name], asked, page) for page in range(2, results.pages + 1))]
        return results, [one for page in pages for one in page.people]


def _crowd(portal: Portal, chance: random.Random, count: int = 300) -> Crowd:
    people = [_anybody(chance) for _ in range(count)]
    ids = add_operators(portal, people)
    askers = {name: owner(portal, name) for name in OWNERS} | {"": signed_in(portal, Role.OFFICER)}
    return Crowd(dict(zip(ids, people, strict=True)), askers)


@pytest.mark.parametrize(("seed", "page_size", "lines_for_one"), [(1, 50, 20), (2, 50, 1), (3, 4, 1), (6, 1, 2)])
def test_the_search_equals_asking_every_profile_one_by_one(portal, monkeypatch, seed, page_size, lines_for_one):
    """The nearest, page by page, are the same however few lines are looked through at first."""
    monkeypatch.setattr("db.services.search.PAGE_SIZE", page_size)
    monkeypatch.setattr("db.finding._LINES_FOR_ONE", lines_for_one)
    chance = random.Random(seed)
    crowd = _crowd(portal, chance)
    found, by_region, deemed = 0, set(), 0
    for _ in range(60):
        asked, name = _anything(chance, list(crowd.who.values())), chance.choice([*OWNERS, ""])
        one_by_one = crowd.one_by_one(asked, name)
        by_region |= one_by_one - crowd.one_by_one(asked, name, region="")
        results, listed = crowd.listed(asked, name)
        assert [one.profile_id for one in listed] == crowd.nearest_first(one_by_one, asked), asked
        in_towns = [town.people for town in results.towns if asked.base_place in ("", town.name)]
        assert len(listed) == results.total == sum(in_towns)
        assert [one.distance_km for one in listed] == sorted(one.distance_km for one in listed)
        assert all(one.licence.licence_type is asked.licence_type for who in listed for one in who.certificates)
        found += len(listed)
        deemed += sum(all(one.deemed_by for one in who.certificates) for who in listed)
    assert found > 80  # the random searches find people: the test is not empty
    assert by_region  # some of them by a chosen region alone
    assert deemed  # and some by a deemed licence alone


@pytest.mark.parametrize("seed", [4, 5])
def test_what_each_relaxation_would_find_more_equals_searching_for_it(portal, seed):
    chance = random.Random(seed)
    crowd = _crowd(portal, chance, 150)
    told = Counter()
    for _ in range(80):
        asked, name = _anything(chance, list(crowd.who.values())), chance.choice([*OWNERS, ""])
        asked = replace(asked, base_place="")
        now = len(crowd.one_by_one(asked, name))
        expected = {
            way: len(crowd.one_by_one(way.criteria, name)) - now for way in relaxations(asked, TODAY, neighbours())
        }
        widened = search(crowd.askers[name], asked).widened
        if now >= FEW:
            assert widened == ()
            continue
        assert {one.relaxation: one.more for one in widened} == {w: n for w, n in expected.items() if n > 0}
        told.update(one.relaxation.loosened for one in widened)
    assert set(told) == set(Loosened), "every kind of relaxation was told of"


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
        base_region=region_of(place.point),
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
        in_force=chance.random() < 0.95,
    )


def _any_day(chance: random.Random) -> date:
    return TODAY + timedelta(days=chance.choice([-1, 0, 1, 2, 30, 300, 300, 300]))


def _anything(chance: random.Random, people: list[Candidate]) -> Criteria:
    wastewater = [LicenceType.WASTEWATER_TREATMENT] * 3 + [LicenceType.WASTEWATER_COLLECTION]
    licence_type = chance.choice(wastewater * 4 + list(LicenceType))
    somewhere = [who.base_region for who in people if who.base]
    first = TODAY + timedelta(days=chance.choice([0, 0, 0, 1, 2]))
    return Criteria(
        licence_type=licence_type,
        licence_class=chance.choice(licence_type.classes) if licence_type.classes else None,
        near=chance.choice([who.base for who in people if who.base]),
        within_km=chance.choice([0, 100, 300, 500, 1000, 2000]),
        needed_from=first,
        needed_until=first + timedelta(days=chance.choice([0, 0, 1, 28])),
        slots=frozenset(chance.sample(ALL_SLOTS, chance.choice([0, 0, 0, 1, 2, 4]))),
        or_higher=chance.random() < 0.7,
        base_place=chance.choice([""] * 9 + [chance.choice(people).base_place]),
        regions=frozenset(chance.sample(somewhere, chance.choice([0, 0, 0, 1, 4]))),
    )


# --- cost -------------------------------------------------------------------------------------------------


def test_a_search_takes_as_many_statements_at_a_thousand_operators_as_at_ten(portal):
    asker = owner(portal)
    searches = (
        criteria(),
        criteria(slots=frozenset(ALL_SLOTS), licence_class=LicenceClass.IV),  # finds nobody: relaxations too
        criteria(regions=frozenset({"3556", "3553"}), licence_class=LicenceClass.IV),
    )

    def statements() -> list[int]:
        search(asker, searches[0])  # which makes the lines anew
        numbers = []
        for asked in searches:
            with counted(portal) as found:
                search(asker, asked)
            numbers.append(len(found))
        return numbers

    add_operators(portal, [candidate() for _ in range(10)])
    at_ten = statements()
    add_operators(portal, [candidate() for _ in range(990)])
    assert statements() == at_ten


def test_all_relaxations_are_counted_in_one_statement(portal):
    asker = owner(portal)
    add_operators(portal, [candidate() for _ in range(20)])
    search(asker, criteria())
    with counted(portal) as without:
        assert not search(asker, criteria()).widened
    with counted(portal) as with_them:
        assert search(asker, criteria(licence_class=LicenceClass.IV)).widened
    # Whoever is found has licences to be read; nobody is found here. One statement is more, that one less.
    assert len(with_them) <= len(without) + 1
