"""The managers' page, drawn for a manager: its numbers, its filters in the address, the list, the mail."""

import re
from dataclasses import replace as but
from datetime import date, timedelta

import pytest

from core.facilities import FacilityType
from core.roles import Role
from core.standings import Standing
from db import standings
from db.gate import unattended
from db.places import regions
from db.province import Behind, Near, Wanted
from db.schema import Organization
from db.services import province
from tests.db import staffed
from tests.db.people import NOON, signed_in
from tests.pages.drawn import drawn, press, texts
from ui.province import _qualified, address, to_excel

NASTY = "O'Brien ` ${1} <img onerror=alert(1)>"


@pytest.fixture
def portal(sqlite_portal):
    return sqlite_portal


@pytest.fixture
def manager(portal):
    return signed_in(portal, Role.MANAGER)


def test_an_empty_province_says_so(manager):
    with drawn("province", manager) as test:
        assert "0 facilities: 0 not standing" in texts(test)
        assert "No facility is like this." in texts(test)


def test_the_numbers_and_the_list_open_what_they_count(portal, manager):
    ids = staffed.fill(portal, 30)
    with portal.database.transaction(writes=True) as session:
        session.get_one(Organization, staffed.owner_of(ids[0])).name = NASTY
    counts = province.counts(manager)
    with drawn("province", manager) as test:
        said = texts(test)
        assert f"{counts.total} facilities: " in said
        for one, many in counts.by_standing.items():
            assert f"{one.label}: {many}</a>" in said
        worst = province.facilities(manager).rows[0]
        assert f'<a href="compliance?id={worst.facility_id}" target="_self">{worst.name}</a>' in said
        assert "<img" not in said
        assert "&lt;img onerror" in said
        assert said.count("<summary") == 30, "each line opens"
        assert f"<div>{worst.ministry_number} {worst.facility_type.label}</div>" in said
        assert f", {worst.region}</div>" in said


@pytest.mark.parametrize("by", ["Region", "Type", "Class", "Owner"])
def test_the_address_carries_the_view_and_what_is_counted_by(portal, manager, by):
    staffed.fill(portal, 12)
    with drawn("province", manager, {"view": "Counts", "by": by}) as test:
        assert not test.exception
        assert f"Facilities by {by.lower()}" in texts(test)


def test_the_address_narrows_the_facilities(portal, manager):
    staffed.fill(portal, 60)
    row = province.facilities(manager).rows[0]
    code = next(code for code, name in regions().items() if name == row.region)
    wanted = Wanted(row.standing.value, code, row.facility_type.value, near=Near.ONE)
    query = dict(part.split("=") for part in address(wanted).removeprefix("?").replace("+", " ").split("&"))
    with drawn("province", manager, query) as test:
        assert {box.key: box.value for box in test.selectbox} == {
            "region": code, "type": row.facility_type.value, "class": "", "province-owner": "",
        }  # fmt: skip
        assert "Only those: Does not stand; one departure from having nobody" in texts(test)
        found = province.facilities(manager, wanted)
        assert all(f">{one.name}</a>" in texts(test) for one in found.rows)


def test_the_address_narrows_by_owner_and_a_choice_is_in_the_address(portal, manager):
    ids = staffed.fill(portal, 9)
    with portal.database.transaction(writes=True) as session:
        for id in ids[:6:3]:
            session.get_one(Organization, staffed.owner_of(id)).name = "Twin Towns"
    first, second = (str(staffed.owner_of(id)) for id in ids[:6:3])
    with drawn("province", manager, {"owner": first}) as test:
        box = test.selectbox(key="province-owner")
        assert (box.value, "3 facilities: " in texts(test)) == (first, True)
        assert f"Twin Towns ({second})" in box.options
        box.select(f"Twin Towns ({second})").run()
        assert test.query_params["owner"] == second
        assert all(
            f">{row.name}</a>" in texts(test) for row in province.facilities(manager, Wanted(owner=second)).rows
        )
    with drawn("province", manager, {"owner": "no number"}) as test:
        assert "9 facilities: " in texts(test)


def test_training_behind_opens_the_facilities(portal, manager):
    staffed.fill(portal, 60)
    found = province.training(manager)[Behind.BEHIND]
    with drawn("province", manager, {"view": "What comes near"}) as test:
        assert "Training behind" in texts(test)
        assert f"missing: {found.operators} operators" in texts(test)
        assert f"missing: {found.facilities} facilities" in texts(test)
    with drawn("province", manager, {"training": "behind"}) as test:
        assert "Only those: an operator is behind in training." in texts(test)
        assert f"{found.facilities} facilities" in texts(test)


def test_what_comes_near_and_the_licences_by_month(portal, manager):
    staffed.fill(portal, 60)
    with drawn("province", manager, {"view": "What comes near"}) as test:
        said, near = texts(test), province.near(manager)
        assert f"one departure is enough: {near[Near.ONE]}" in said
        assert f'href="{address(Wanted(near=Near.SOON)).replace("&", "&amp;")}"' in said
        assert "Licences expiring by month" in said


def test_the_history_begins_with_the_first_night(portal, manager):
    staffed.fill(portal, 6)
    with drawn("province", manager, {"view": "Month by month"}) as test:
        assert "Nothing is counted yet." in texts(test)
    for days in (0, 20):
        with unattended(portal, NOON + timedelta(days=days)) as work:
            standings.count_month(work)
    with drawn("province", manager, {"view": "Month by month"}) as test:
        assert "Counted every night since November 2026" in texts(test)
        assert "December 2026, 10 December 2026" in texts(test)
        (legend,) = [one.proto.body for one in test.get("html") if 'class="legend"' in one.proto.body]
        assert re.findall(r"> ([A-Z][a-z ]+)</li>", legend) == [
            "Does not stand",
            "Not known",
            "Stands",
            "Not assessed",
        ]
        assert len(set(re.findall(r'src="([^"]+)"', legend))) == 4


def test_a_manager_asks_for_the_monthly_mail_and_stops_it(portal, manager):
    with drawn("province", manager, {"view": "Month by month"}) as test:
        press(test, "Mail me the monthly summary")
        assert province.is_subscribed(manager)
        press(test, "Stop the monthly mail")
        assert not province.is_subscribed(manager)


def test_the_list_is_a_workbook(portal, manager):
    staffed.fill(portal, 3)
    assert to_excel(province.export(manager, Wanted(standing=Standing.NOT_ASSESSED))).startswith(b"PK")


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "2026-10", "2027-11", "soon"])
def test_a_month_that_the_page_does_not_offer_narrows_nothing(portal, manager, month):
    staffed.fill(portal, 3)
    with drawn("province", manager, {"month": month}) as test:
        assert not test.exception
        assert "3 facilities: " in texts(test)
        assert "Only those" not in texts(test)


@pytest.mark.parametrize("month", ["2026-11", "2027-10"])
def test_a_month_that_the_page_offers_narrows(portal, manager, month):
    with drawn("province", manager, {"month": month}) as test:
        assert "Only those: a licence expires in" in texts(test)


def test_show_the_others_too_keeps_the_view(portal, manager):
    staffed.fill(portal, 3)
    asked = {"view": "Counts", "standing": "does_not_stand", "near": "one"}
    with drawn("province", manager, asked) as test:
        said = texts(test)
        assert "Only those: one departure" in said, "the table counts all standings"
        assert 'href="?view=Counts"' in said
    with drawn("province", manager, {"view": "What comes near", "standing": "does_not_stand"}) as test:
        assert 'href="?view=What+comes+near"' in texts(test)


def test_no_narrowing_stands_above_months_that_only_a_region_narrows(portal, manager):
    asked = {"view": "Month by month", "standing": "does_not_stand", "near": "one"}
    with drawn("province", manager, asked) as test:
        assert "Only those" not in texts(test)


def test_numbers_of_this_month_open_the_list_and_of_earlier_ones_are_counts(portal, manager):
    staffed.fill(portal, 6)
    for days in (-30, 0):
        with unattended(portal, NOON + timedelta(days=days)) as work:
            standings.count_month(work)
    counts = province.counts(manager).by_standing
    with drawn("province", manager, {"view": "Month by month"}) as test:
        said = texts(test)
    assert "the months before it are counts only" in said
    for standing, many in counts.items():
        if many:
            assert f'aria-label="November 2026, {standing.label}: {many}"' in said
    assert 'aria-label="October 2026' not in said


def test_the_page_of_the_list_stands_in_the_address(portal, manager):
    staffed.fill(portal, 110)
    third = province.facilities(manager, page=3).rows[0]
    with drawn("province", manager, {"page": "3"}) as test:
        assert f">{third.name}</a>" in texts(test)
        test.text_input(key="words").input("W1").run()
        assert "page" not in test.query_params, "another list begins with its first page"
    with drawn("province", manager, {"page": "nonsense"}) as test:
        assert f">{province.facilities(manager).rows[0].name}</a>" in texts(test)


def test_who_may_be_responsible_alone_is_so_until_the_day_before(manager):
    kind = next(iter(FacilityType))
    row = province.FacilityRow(1, "A", "", kind, "I", "", "", Standing.STANDS, 0, None, 1, date(2028, 1, 5))
    assert _qualified(row) == "1 employee, through 4 January 2028"
    assert _qualified(but(row, lapses_on=None)) == "1 employee"


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("owner", "999999", "owner “999999”"),
        ("region", "Atlantis", "region “Atlantis”"),
        ("type", "<b>x</b>", "type “&lt;b&gt;x&lt;/b&gt;”"),
        ("class", "V", "class “V”"),
        ("standing", "well", "standing “well”"),
    ],
)
def test_what_the_address_asks_for_and_is_not_there_is_said(portal, manager, name, given, said):
    staffed.fill(portal, 2)
    with drawn("province", manager, {name: given}) as test:
        assert said in texts(test)
        assert "is left out" in texts(test)
    with drawn("province", manager, {"region": "Perth", "class": "Class II"}) as test:
        assert "is left out" not in texts(test)


def test_an_owner_may_stand_in_the_address_by_a_name_that_one_alone_bears(portal, manager):
    staffed.fill(portal, 2)
    id, name = next((id, name) for id, name in province.owners(manager).items() if not name.endswith(")"))
    with drawn("province", manager, {"owner": name}) as test:
        assert "is left out" not in texts(test)
        assert next(one for one in test.selectbox if one.label == "Owner").value == id


@pytest.mark.parametrize("page", ["99", "abc", "-1"])
def test_a_page_that_the_list_does_not_have_is_said(portal, manager, page):
    staffed.fill(portal, 2)
    with drawn("province", manager, {"page": page}) as test:
        assert f"The address asks for page “{page}”, which there is not: of 1 in all, page 1 is shown." in texts(
            test
        )
