"""Two people of one name are told apart wherever a page or a mail names them."""

from datetime import timedelta

from core.responsibility import About
from db.services import employees, responsibility
from tests.db.employed import employ, led
from tests.db.filed import TODAY, facility_of
from tests.db.listed import imported
from tests.db.people import NOON
from tests.db.test_decay import chief_line, told
from tests.db.test_responsibility import mails

CHIEF, OTHER = "Sam Chief (90000003)", "Sam Chief (90000009)"


def test_they_are_told_apart_in_the_standing_the_timeline_and_what_is_recorded(portal):
    owner, _chief, _second = led(portal)
    employ(owner, "Chief", "90000009", last=TODAY)
    found = responsibility.people(owner, facility_of(owner))
    assert {CHIEF, OTHER, "Sam Second"} == {one.name for one in found.employees}
    assert {CHIEF, OTHER} < {name for one, name in found.findings if one.about is About.LICENSED}
    assert [one.name for one in found.timeline if TODAY in one.span] == [CHIEF]
    assert {one.name for one in found.employments} == {CHIEF, OTHER, "Sam Second"}


def test_the_mail_names_the_one_whose_licence_is_gone(portal):
    owner, _chief, _second = led(portal)
    employ(owner, "Chief", "90000009", last=TODAY)
    told(portal)
    imported(portal, chief_line(expiry=TODAY - timedelta(days=1)), listed_on=TODAY, at=NOON)
    lines = [line for mail in mails(portal) for line in mail.values["lapses"]]
    assert any(CHIEF in line[0] for line in lines)
    assert not any(line[0].endswith("Sam Chief") for line in lines)


def test_what_an_employment_leaves_behind_names_the_one(portal):
    owner, _chief, _second = led(portal)
    employ(owner, "Chief", "90000009", last=TODAY)
    rows = responsibility.people(owner, facility_of(owner)).employments
    employment = next(one for one in rows if one.name == CHIEF)
    (left,) = employees.end_employment(owner, employment.fact_id, TODAY)
    assert left.name == CHIEF
