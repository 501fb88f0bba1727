"""Telephone numbers and e-mail addresses in what owners read: what is one, and what only looks like one."""

import pytest

from db.accounts.contacts import contacts_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call me at (705) 267-1234.", ("(705) 267-1234",)),
        ("705-267-1234", ("705-267-1234",)),
        ("705.267.1234, evenings", ("705.267.1234",)),
        ("7052671234", ("7052671234",)),
        ("cell:705 267 1234", ("705 267 1234",)),
        ("1-800-267-1234", ("1-800-267-1234",)),
        ("+1 705 267 1234 ext 5", ("+1 705 267 1234 ext 5",)),
        ("from abroad +49 30 1234567", ("+49 30 1234567",)),
        ("705–267–1234", ("705–267–1234",)),
        ("７０５-２６７-１２３４", ("705-267-1234",)),
        ("7 0 5 2 6 7 1 2 3 4", ("7 0 5 2 6 7 1 2 3 4",)),
        ("705-267-1234 or 416-555-1234", ("705-267-1234", "416-555-1234")),
        ("Write to robin@town.ca, please", ("robin@town.ca",)),
        ("(robin.o'brien+work@mail.town.ca).", ("robin.o'brien+work@mail.town.ca",)),
        ("mailto:ROBIN@TOWN.CA;", ("ROBIN@TOWN.CA",)),
        ("rené@ville.ca", ("rené@ville.ca",)),
        ("robin＠town.ca", ("robin@town.ca",)),
        ("“robin@town.ca”", ("robin@town.ca",)),
        ("robin@town.ca\n705 267 1234", ("robin@town.ca", "705 267 1234")),
    ],
)
def test_contact_details_are_found_as_they_stand(text, found):
    assert contacts_in(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "available 2026-11-29",
        "from 2026-11-29 to 2026-12-24, 0700 to 1900",
        "29/11/2026 or 12.03.2027",
        "2026/11/29 2027/03/12",
        "Class 3 for 10 years",
        "12-16 hours a day, 150-200 km",
        "plants of 500-4500 m3/d, once 5 000 000 m3 a year",
        "Operator ID 90012345",
        "licence 12345, OIT-98765 and WD-1234567",
        "certificate 12345678",
        "Facility 120002342, works 2200-A",
        "Drinking water systems 210000675 and 220000123",
        "Near 46.3091, -79.4608",
        "P1B 8G8",
        "I am @ North Bay and work @ night: 4 @ 12 h",
        "O. Reg. 129/04, s. 15 (4)",
        "705",
        "a@b",
        "@town.ca and robin@",
        "705\n267\n1234 are three numbers of mine",
    ],
)
def test_dates_hours_and_numbers_of_licences_are_none(text):
    assert contacts_in(text) == ()


@pytest.mark.parametrize("text", ["x" * 1000, "1 " * 500, "x@" * 500, "705" * 333, ".@" * 500])
def test_long_and_senseless_texts_hold_none(text):
    assert contacts_in(text) == ()
