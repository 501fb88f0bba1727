"""The search page, drawn and pressed. Rows and the map are chosen in the browser's tests."""

import html
import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from urllib.parse import parse_qsl

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, update

from core.availability import Shift, Slot, Weekday
from core.facilities import FacilityType
from core.licences import LicenceClass, LicenceType
from core.places import Point
from core.profiles import State
from core.roles import Role
from core.search import Held
from core.sentences import in_english
from db.schema import AccountRole, AuditEntry, ContactLook, Facility, OperatorProfile, Organization
from db.services import search
from db.services.search import OwnPlace, SearchFor
from tests.db import standing_listings
from tests.db.people import at, signed_in
from tests.db.profiles import FACILITY, active_owner
from tests.db.searchable import (
    CLASS_III,
    SUDBURY,
    TODAY,
    add_operator,
    add_operators,
    candidate,
    criteria,
    owner,
)
from tests.db.searchable import TIMMINS as TIMMINS_TOWN
from tests.pages.drawn import drawn, press, texts
from ui.search_criteria import address_around
from ui.search_rows import to_excel

NASTY = "O'Brien `${1}` <img onerror=alert(1)>"
TIMMINS = {"place": "Timmins"}


@pytest.fixture
def portal(sqlite_portal):
    return sqlite_portal


def count(portal, *conditions):
    with portal.database.transaction(writes=False) as session:
        return session.scalar(select(func.count()).where(*conditions))


def searches(portal):
    return count(portal, AuditEntry.action == "operators.searched")


def well(test):
    assert not test.exception, test.exception
    return test


def test_without_a_place_the_page_asks_for_one(portal):
    with drawn("search", signed_in(portal, Role.OFFICER)) as test:
        assert "No place is chosen yet" in texts(well(test))
    assert searches(portal) == 0


def test_the_page_says_how_many_were_found_and_lists_them(portal):
    add_operator(portal, candidate(), f"Alex {NASTY}")
    with drawn("search", signed_in(portal, Role.OFFICER), TIMMINS) as test:
        said = texts(well(test))
        assert "One operator with wastewater treatment, Class I or higher is available within 100 km" in said
        assert "the nearest is 1 km away" in said
        table = test.dataframe[0].value
        assert list(table["Name"]) == [f"Alex {NASTY}"]
        assert list(table["Certificate"]) == ["Class III, until 1 May 2028"]
        assert list(table["Shifts"]) == ["every day, every night"]


@pytest.mark.parametrize(("days", "old"), [(6, False), (7, False), (8, True)])
def test_results_and_a_profile_name_the_listing_and_warn_of_an_old_one(portal, days, old):
    officer, one = signed_in(portal, Role.OFFICER), add_operator(portal, candidate())
    said = f"listing of {in_english(TODAY - timedelta(days=days))} bears out none"
    with drawn("search", officer, TIMMINS | {"operator": str(one)}) as test:
        assert texts(well(test)).count("Not compared with a listing of the ministry yet.") == 2
    standing_listings.stand(portal, listed_on=TODAY - timedelta(days=days))
    with drawn("search", officer, TIMMINS | {"operator": str(one)}) as test:
        assert texts(well(test)).count(said) == 2
        assert texts(test).count("is more than 7 days old") == (2 if old else 0)


def test_drawing_the_page_again_does_not_search_again_but_changing_it_does(portal):
    add_operator(portal, candidate())
    with drawn("search", signed_in(portal, Role.OFFICER), TIMMINS) as test:
        well(test.run())
        assert searches(portal) == 1
        well(test.selectbox(key="km").set_value(300).run())
        assert searches(portal) == 2


def test_an_owner_searches_around_the_own_facility_at_once(portal):
    add_operator(portal, candidate())
    with drawn("search", owner(portal)) as test:
        assert "One operator" in texts(well(test))
        assert test.selectbox(key="place").value == "Works, Timmins"
    with drawn("search", owner(portal), {"place": "Works of somebody else, Timmins"}) as test:
        assert "No place is chosen yet" in texts(well(test))


@pytest.mark.parametrize("kind", FacilityType)
def test_one_click_from_an_own_facility_searches_around_it_for_its_type_and_class(portal, kind):
    asker = active_owner(portal, facility=replace(FACILITY, facility_type=kind.value))
    north_bay, licence = Point(46.31, -79.46), replace(CLASS_III, licence_type=LicenceType(kind.value))
    add_operator(portal, candidate(Held(licence), base=north_bay, base_place="North Bay"))
    with drawn("my_facilities", asker) as test:
        (address,) = re.findall(r'"/search\?([^"]+)"', html.unescape(texts(well(test))))
    with drawn("search", asker, dict(parse_qsl(address))) as test:
        said = texts(well(test))
        assert test.selectbox(key="place").value == "North Bay WPCP, North Bay"
        label = f"{licence.licence_type.label[0].lower()}{licence.licence_type.label[1:]}"
        assert f"One operator with {label}, Class III or higher is available within 100 km" in said


def test_a_facility_that_was_renamed_or_shares_its_name_is_linked_as_the_search_calls_it(portal):
    asker = active_owner(portal)
    with portal.database.transaction(writes=True) as session:
        session.scalars(select(Facility)).one().name = "Renamed"
    with drawn("my_facilities", asker) as test:
        assert "place=Renamed%2C+North+Bay" in html.unescape(texts(well(test)))
    own = (OwnPlace(7, "Lagoon", SUDBURY), OwnPlace(8, "Lagoon", TIMMINS_TOWN))
    one = SearchFor(1, "Town of Timmins", own, only=False)
    assert address_around((one,), 8) == {"place": "Lagoon (48.4769, -81.3333)"}
    assert address_around((SearchFor(2, "Other", (), only=False), one), 7)["for"] == "Town of Timmins"
    assert address_around((one,), 9) == {}


def test_there_is_no_link_to_a_search_that_is_not_open(portal):
    asker = active_owner(portal)
    with portal.database.transaction(writes=True) as session:
        session.scalars(select(Organization)).one().state = State.SUSPENDED
    with drawn("my_facilities", asker) as test:
        assert "Find operators near it" not in texts(well(test))


def test_the_address_carries_the_town_that_was_chosen(portal):
    add_operators(portal, [candidate(), candidate(base_place="Porcupine")])
    with drawn("search", signed_in(portal, Role.OFFICER), TIMMINS | {"town": "Porcupine"}) as test:
        assert "Only those based in Porcupine." in texts(well(test))
        assert list(test.dataframe[0].value["Based in"]) == ["Porcupine"]
        assert len(press(test, "Show all places").dataframe[0].value) == 2


def test_the_sentence_sums_up_what_is_searched(portal):
    with drawn("search", signed_in(portal, Role.OFFICER)) as test:
        assert well(test).expander[0].proto.expanded
        test.selectbox(key="place").set_value("Timmins").run()
        test.selectbox(key="class").set_value("Class III").run()
        said = texts(well(test))
        assert "wastewater treatment, Class III or higher is available within 100 km of Timmins" in said


@pytest.mark.parametrize(
    ("asked", "left_out"),
    [
        (
            {
                "km": "100",
                "class": "Class II",
                "days": "Monday,Tuesday",
                "shift": "Night",
                "from": TODAY.isoformat(),
            },
            "",
        ),
        ({"km": "-5"}, "km=-5"),
        ({"km": "7", "class": "nonsense"}, "class=nonsense, km=7"),
        ({"days": "Monday,Blah"}, "days=Blah"),
        ({"place": "Nowhereville"}, "place=Nowhereville"),
        ({"from": (TODAY - timedelta(days=1)).isoformat()}, "from=2026-11-"),
        ({"until": "soon"}, "until=soon"),
    ],
)
def test_what_the_address_asks_for_and_cannot_be_chosen_is_said(portal, asked, left_out):
    with drawn("search", signed_in(portal, Role.OFFICER), TIMMINS | asked) as test:
        said = texts(well(test))
    assert ("cannot be chosen and is left out" in said) is bool(left_out)
    assert f"The address asks for {left_out}" in said or not left_out


@pytest.mark.parametrize(
    ("asked", "says"), [({"shift": "Night"}, True), ({"shift": "Night", "days": "Monday"}, False), ({}, False)]
)
def test_a_shift_without_days_is_said_to_count_for_nothing(portal, asked, says):
    add_operator(portal, candidate())
    with drawn("search", signed_in(portal, Role.OFFICER), TIMMINS | asked) as test:
        assert ("No day is chosen, so no shift is asked for." in texts(well(test))) is says


def test_on_a_telephone_the_fields_are_folded_once_a_place_is_chosen(portal, monkeypatch):
    monkeypatch.setattr("pages.search.on_phone", lambda: True)
    with drawn("search", signed_in(portal, Role.OFFICER)) as test:
        assert well(test).expander[0].proto.expanded
        assert not well(test.selectbox(key="place").set_value("Timmins").run()).expander[0].proto.expanded
    with drawn("search", owner(portal)) as test:  # the own facility is the place already
        assert not well(test).expander[0].proto.expanded


def test_an_owner_who_is_not_verified_is_told_when_the_search_opens(portal):
    with drawn("search", owner(portal, verified=False)) as test:
        assert "not open to you yet" in texts(well(test))
        assert "opens once the office has verified" in texts(test)


def test_nothing_found_says_what_would_find_somebody_and_one_click_applies_it(portal):
    add_operator(portal, candidate(base=SUDBURY, base_place="Greater Sudbury", travel_km=300))
    add_operator(portal, candidate(Held(replace(CLASS_III, licence_class=LicenceClass.I))))
    with drawn("search", signed_in(portal, Role.OFFICER), TIMMINS | {"class": "Class II"}) as test:
        said = texts(well(test))
        assert "Nobody who is verified and available fits all of this. One change finds:" in said
        offered = [button.label for button in test.button]
        assert "Class I or higher: 1 more" in offered
        assert not any(label.startswith("Within") for label in offered)  # 222 km: no single step reaches it
        well(test.selectbox(key="km").set_value(200).run())
        said = texts(well(press(test, "Within 300 km: 1 more")))
        assert "One operator with wastewater treatment, Class II or higher is available within 300 km" in said
        assert test.selectbox(key="km").value == 300
        assert "Searched anew: Within 300 km. 1 more found." in said


def test_where_no_single_change_finds_anybody_the_page_says_what_else_to_do(portal):
    with drawn("search", signed_in(portal, Role.OFFICER), TIMMINS) as test:
        assert "no single change finds anybody" in texts(well(test))
        assert "look again in some days" in texts(test)


def test_a_dropped_day_and_a_later_start_are_applied_by_one_click(portal):
    monday, soon = Slot(Weekday.MONDAY, Shift.DAY), TODAY + timedelta(days=7)
    add_operator(portal, candidate(slots=frozenset({monday})))
    add_operator(portal, candidate(earliest_start=soon))
    query = TIMMINS | {"days": ["Monday", "Tuesday"]}
    with drawn("search", signed_in(portal, Role.OFFICER), query) as test:
        well(press(test, "Without Tuesday: 1 more"))
        assert test.multiselect(key="days").value == [Weekday.MONDAY]
        well(press(test, f"From {in_english(soon)}: 1 more"))
        assert "2 operators" in texts(test)
        assert test.date_input(key="from").value == soon


def test_regions_stand_instead_of_the_distance_and_a_neighbour_is_added_by_one_click(portal):
    add_operator(portal, candidate(base=SUDBURY, base_place="Greater Sudbury", travel_km=300))
    with drawn("search", signed_in(portal, Role.OFFICER), TIMMINS | {"regions": ["Sudbury"]}) as test:
        assert "available, based in Sudbury, for Timmins." in texts(well(test))
        well(press(test, "With Greater Sudbury / Grand Sudbury: 1 more"))
        assert "One operator" in texts(test)


def test_a_deemed_licence_says_so_in_the_table_and_in_the_profile(portal):
    someone = add_operator(portal, candidate())
    query = TIMMINS | {"type": "Wastewater collection", "class": "Class I", "operator": str(someone)}
    with drawn("search", owner(portal), query) as test:
        assert list(well(test).dataframe[0].value["Certificate"]) == ["Class I, deemed, until 1 May 2028"]
        said = "Wastewater collection, Class I (deemed, by treatment licence; O. Reg. 129/04, s. 10)"
        assert said in texts(test)


def test_the_file_holds_the_certificates_and_no_contact_details(portal):
    add_operator(portal, candidate(), f"Alex {NASTY}")
    people = search.export(owner(portal), criteria())
    sheet = load_workbook(BytesIO(to_excel(people))).active
    head, row = sheet.iter_rows(values_only=True)
    assert "E-mail" not in head
    assert "Telephone" not in head
    assert row[:1] + row[3:6] == (f"Alex {NASTY}", "Wastewater treatment, Class III", "T3", "2028-05-01")


def test_a_profile_opens_by_its_address_and_contact_details_by_a_further_recorded_click(portal):
    someone = add_operator(portal, candidate(), f"Alex {NASTY}")
    with drawn("search", owner(portal), TIMMINS | {"operator": str(someone)}) as test:
        assert "Showing them is recorded" in texts(well(test))
        assert "Certificate T3" in texts(test)
        assert "(705) 555-0100" not in texts(test)
        assert "<img" not in texts(test)
        assert "(705) 555-0100" in texts(well(press(test, "Show contact details")))
        well(test.run())
    assert count(portal, ContactLook.profile_id == someone) == 1


def test_a_profile_says_regions_earliest_start_and_notes_as_text(portal):
    regions = frozenset({"3556", "3520"})
    someone = add_operator(portal, candidate(regions=regions, earliest_start=TODAY + timedelta(days=12)))
    with portal.database.transaction(writes=True) as session:
        session.get_one(OperatorProfile, someone).notes = f"No nights.\n{NASTY}"
    with drawn("search", owner(portal), TIMMINS | {"operator": str(someone)}) as test:
        said = texts(well(test))
        assert "Cochrane, Toronto" in said
        assert "from 2 December 2026" in said
        assert f"No nights.\n{NASTY}" in [box.value for box in test.text]


def test_a_profile_without_them_says_that_no_region_was_chosen_and_that_the_start_is_at_once(portal):
    someone = add_operator(portal, candidate())
    with drawn("search", owner(portal), TIMMINS | {"operator": str(someone)}) as test:
        assert "No region beyond that" in texts(well(test))
        assert "at once" in texts(test)
        assert "Notes for owners:" not in texts(test)


def test_a_manager_sees_no_way_to_the_contact_details(portal):
    someone = add_operator(portal, candidate())
    with drawn("search", signed_in(portal, Role.MANAGER), TIMMINS | {"operator": str(someone)}) as test:
        assert "Certificate T3" in texts(well(test))
        assert "Show contact details" not in [button.label for button in test.button]


def test_contact_details_leave_the_page_when_it_is_closed_and_need_another_click(portal):
    someone = add_operator(portal, candidate())
    with drawn("search", owner(portal), TIMMINS | {"operator": str(someone)}) as test:
        assert "(705) 555-0100" in texts(well(press(test, "Show contact details")))
        press(test, "Close")
        test.query_params["operator"] = str(someone)
        assert "(705) 555-0100" not in texts(well(test.run()))
        press(test, "Show contact details")
    assert count(portal, ContactLook.profile_id == someone) == 2


def test_contact_details_stay_on_the_page_for_a_minute(portal, monkeypatch):
    someone, asker = add_operator(portal, candidate()), owner(portal)
    with drawn("search", asker, TIMMINS | {"operator": str(someone)}) as test:
        assert "(705) 555-0100" in texts(well(press(test, "Show contact details")))
        monkeypatch.setattr("ui.fresh.asker", lambda: at(asker, asker.at + timedelta(minutes=1)))
        assert "(705) 555-0100" not in texts(well(test.run()))


def test_whoever_becomes_a_manager_only_sees_no_contact_details_any_more(portal):
    someone, asker = add_operator(portal, candidate()), signed_in(portal, Role.OFFICER, Role.MANAGER)
    with drawn("search", asker, TIMMINS | {"operator": str(someone)}) as test:
        assert "(705) 555-0100" in texts(well(press(test, "Show contact details")))
        with portal.database.transaction(writes=True) as session:
            session.execute(update(AccountRole).where(AccountRole.role == Role.OFFICER).values(ended_at=asker.at))
        said = texts(well(test.run()))
        assert "Certificate T3" in said
        assert "(705) 555-0100" not in said


@pytest.mark.parametrize("given", ["999999", "nobody", "-1", "9" * 40, "²"])
def test_an_address_that_names_nobody_says_so_or_is_left_out(portal, given):
    add_operator(portal, candidate())
    with drawn("search", owner(portal), TIMMINS | {"operator": given}) as test:
        assert "One operator" in texts(well(test))


def test_more_than_fifty_come_in_pages(portal):
    add_operators(portal, [candidate() for _ in range(51)])
    with drawn("search", signed_in(portal, Role.OFFICER), TIMMINS) as test:
        assert "51 operators" in texts(well(test))
        assert len(test.dataframe[0].value) == 50


@pytest.mark.parametrize(("page", "rows"), [("1", 50), ("2", 1), ("3", 1), ("0", 50), ("x", 50)])
def test_the_address_says_which_page_until_something_else_is_searched(portal, page, rows):
    add_operators(portal, [candidate() for _ in range(51)])
    with drawn("search", signed_in(portal, Role.OFFICER), TIMMINS | {"page": page}) as test:
        assert len(well(test).dataframe[0].value) == rows
        assert len(well(test.run()).dataframe[0].value) == rows
        test.selectbox(key="km").set_value(200).run()
        assert len(well(test).dataframe[0].value) == 50


def test_a_licence_for_one_owner_says_for_whom(portal):
    add_operator(portal, candidate(Held(replace(CLASS_III, valid_for="Town of Timmins"))))
    with drawn("search", owner(portal, "Town of Timmins"), TIMMINS) as test:
        assert "for Town of Timmins only" in well(test).dataframe[0].value["Certificate"][0]


def test_two_facilities_of_one_name_are_told_apart_by_where_they_are(portal, monkeypatch):
    own = (OwnPlace(1, "Lagoon, Timmins", SUDBURY), OwnPlace(2, "Lagoon, Timmins", TIMMINS_TOWN))
    monkeypatch.setattr("db.services.search.searching_for", lambda _asker: (SearchFor(1, "Town", own, False),))
    with drawn("search", owner(portal)) as test:
        offered = [name for name in well(test).selectbox(key="place").options if name.startswith("Lagoon")]
    assert len(set(offered)) == 2


def test_a_facilitys_name_is_never_markup(portal, monkeypatch):
    own = (OwnPlace(1, "**Bold** <b>x</b>", SUDBURY), OwnPlace(2, "Plain", SUDBURY))
    monkeypatch.setattr("db.services.search.searching_for", lambda _asker: (SearchFor(1, "Town", own, False),))
    with drawn("search", owner(portal)) as test:
        assert test.selectbox(key="place").options[0] == "**Bold** <b>x</b>"
        assert "100 km of **Bold** &lt;b&gt;x&lt;/b&gt;" in texts(test)
        assert not well(test).get("button_group")
