"""An owner's training in a browser: one session for thirty, a sheet with a bad row, the hours missing, the export;
and a manual that an operator reads on a telephone."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

from playwright.sync_api import expect
from sqlalchemy import func, select

from core.calendar import add_years
from core.places import day_at
from core.roles import Role
from core.sentences import in_english
from core.training_sessions import in_hours
from db.gate import Asker, now
from db.people_schema import Employee
from db.schema import Account, LoginSession
from db.services import manuals, training
from tests.browser.harness import PHONE, SECONDS, Site, Somebody
from tests.browser.test_people import is_no_wider_than_the_screen, owner_of
from tests.db import employed
from tests.db.filed import facility_of
from tests.db.people import PASSWORD
from tests.db.trained import AT_A_PLACE

CREW = 30


def crew_of(site: Site, owner: Asker, count: int) -> list[int]:
    employed.listed(site.portal, *((f"9000{n:04}", f"Hand {n}", "I") for n in range(count)))
    since = day_at(now()).replace(month=1, day=1)
    return [employed.employ(owner, f"Hand {n}", f"9000{n:04}", first=since) for n in range(count)]


def test_an_owner_records_for_many_imports_a_sheet_and_exports(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    owner, today = owner_of(site, "trains@example.ca", "T1"), day_at(now())
    crew_of(site, owner, CREW)
    facility = facility_of(owner)
    ann = somebody()
    ann.signs_in("trains@example.ca", PASSWORD, "/training")
    ann.sees(f"{in_hours(CREW * 2400)} missing by 31 December {today.year}.")
    ann.chooses_row(0)
    ann.sees(f"Works T1, {today.year}: {CREW} people, {in_hours(CREW * 2400)} missing")

    ann.page.get_by_text("Record a session that was given", exact=True).click()
    ann.presses("Day: today")
    ann.fills("Hours", "7.5")
    ann.fills("Subjects covered", "Confined spaces")
    ann.chooses("Kind", "Safety")
    ann.presses("Choose everybody employed today")
    ann.presses("Record the session")
    ann.sees("The session is recorded for everybody who attended.")
    expect(ann.page.locator("#said")).to_be_focused()
    ann.sees(f"{in_hours(CREW * (2400 - 450))} missing")
    (session,) = training.sessions(owner, facility).rows
    assert len(session.session.attended) == CREW

    ann.page.get_by_role("tab", name="Import a sheet").click()
    good = f"{today.isoformat()},2,Chlorine,safety,Sam Hand 3\n"
    sheets = ann.page.locator("input[type=file]")
    head = "date,hours,subject,kind,name\n"
    bad = f"{head}{good}03/04/{today.year},2,Chlorine,safety,Sam Hand 4\n"
    sheets.set_input_files({"name": "bad.csv", "mimeType": "text/csv", "buffer": bad.encode()})
    ann.sees("Nothing of a sheet is recorded while a row of it cannot be used.")
    expect(ann.page.get_by_role("button", name="Record 1 session")).to_have_count(0)
    sheets.set_input_files({"name": "good.csv", "mimeType": "text/csv", "buffer": f"{head}{good}".encode()})
    ann.presses("Record 1 session")
    ann.sees("The sheet is recorded: 1 session, 2 h in all.")
    assert training.sessions(owner, facility).total == 2

    book = ZipFile(BytesIO(ann.downloads("Download as Excel")))
    assert "Confined spaces" in book.read("xl/sharedStrings.xml").decode()
    assert not any(b"<f>" in book.read(name) for name in book.namelist())
    assert ann.downloads("Download as PDF").startswith(b"%PDF")
    assert ann.faults == []


def test_a_session_and_a_manual_fit_a_telephone(site: Site, somebody: Callable[..., Somebody]) -> None:
    owner = owner_of(site, "trains2@example.ca", "T2")
    (hand,) = crew_of(site, owner, 1)
    facility = facility_of(owner)
    ann = somebody(PHONE, has_touch=True)
    ann.signs_in("trains2@example.ca", PASSWORD, f"/training?id={facility}")
    ann.is_at("Training")
    is_no_wider_than_the_screen(ann)
    ann.goes_to(f"/manuals?id={facility}")
    is_no_wider_than_the_screen(ann)
    today = day_at(now()).isoformat()
    ann.page.get_by_text("Record a manual in use", exact=True).click()
    ann.fills("Name of the manual", "Plant manual")
    ann.fills("Version", "1")
    ann.fills("Where it is kept", "Control room")
    ann.types_day("Last reviewed", today)
    ann.types_day("Last updated", today)
    ann.presses("Record the manual")
    ann.sees("The manual is recorded.")

    reader = site.member(Role.OPERATOR)
    with site.portal.database.transaction(writes=True) as session:
        account = session.get_one(LoginSession, session.scalar(select(func.max(LoginSession.id)))).account_id
        session.get_one(Employee, hand).person_id = session.get_one(Account, account).person_id
    bo = somebody(PHONE, has_touch=True).is_signed_in(reader)
    bo.goes_to("/manuals")
    bo.sees("One manual waits to be read by you.")
    is_no_wider_than_the_screen(bo)
    bo.page.get_by_role("button", name=re.compile("I have read .*, version ")).tap(timeout=SECONDS * 1000)
    bo.sees("You have read every manual of where you work")
    (row,) = manuals.of_facility(owner, facility).manuals
    assert (row.acknowledged, row.employed) == (1, 1)


def test_a_manual_falls_due_and_is_reviewed(site: Site, somebody: Callable[..., Somebody]) -> None:
    owner, today = owner_of(site, "trains3@example.ca", "T3"), day_at(now())
    facility = facility_of(owner)
    last = add_years(today - timedelta(days=1), -2)  # two years and a day ago: due yesterday
    manuals.add(owner, facility, "Plant manual", last, last, AT_A_PLACE)
    manuals.add(owner, facility, "Pump manual", today, today, AT_A_PLACE)
    ann = somebody()
    ann.signs_in("trains3@example.ca", PASSWORD, f"/manuals?id={facility}")
    ann.sees("2 manuals, 1 past the day for its review and update.")
    ann.chooses_row(0)
    ann.sees("Plant manual, version 1")
    ann.page.get_by_text("Record a review", exact=True).click()
    ann.types_day("Reviewed on", today.isoformat())
    ann.fills("Reviewed by", "Chief operator")
    ann.page.get_by_text("It was updated on that day too").click()
    ann.presses("Record the review")
    ann.sees("The review is recorded.")
    ann.sees(f"2 manuals, the next review and update by {in_english(add_years(today, 2))}.")
    assert ann.faults == []
