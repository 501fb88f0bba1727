"""An operator writes a night shift on a telephone, loses the connection and comes back; the owner finds it."""

import re
from collections.abc import Callable
from datetime import time, timedelta

from playwright.sync_api import expect

from core.log_chain import Kind
from core.places import day_at
from core.roles import Role
from core.sentences import in_english
from core.shifts import moments_at
from db.gate import Asker, now
from db.services import log_reading, shift_logs
from tests.browser.harness import PHONE, Site, Somebody
from tests.browser.test_people import is_no_wider_than_the_screen, owner_of
from tests.db import logged
from tests.db.filed import facility_of
from tests.db.people import PASSWORD, make_account, sign_in

NOTHING_KEPT = "sessionStorage.getItem('typed') === null"  # of what is typed, for a page loaded anew


def staffed(site: Site, email: str, number: str, first_name: str = "Sam") -> tuple[Asker, int, Asker]:
    """An owner, its facility, and somebody in charge of it with an account of this e-mail."""
    owner = owner_of(site, f"owner-{email}", number)
    account = make_account(site.portal, Role.OPERATOR, at=now(), email=email, given_name=first_name,
                           family_name="Chief")  # fmt: skip
    chief = sign_in(site.portal, account, now())
    logged.in_charge(site.portal, owner, facility_of(owner), chief, day_at(now()) - timedelta(days=9))
    return owner, facility_of(owner), chief


def test_a_shift_is_written_by_telephone_over_a_lost_connection_and_found_by_the_owner(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    owner, facility, _chief = staffed(site, "night7@example.ca", "N7")
    address = f"/shift-log?id={facility}"
    sam = somebody(PHONE)
    sam.signs_in("night7@example.ca", PASSWORD, "/shift-log")
    sam.presses("Open the log of Works N7")
    sam.is_at("Shift log")
    sam.ticks("It began earlier")
    sam.field("Time").press_sequentially("1:30")
    sam.page.wait_for_timeout(2500)  # whoever types pauses, and has not left the field
    sam.waits()
    sam.page.goto("about:blank")  # the connection is lost
    sam.goes_to(address)
    sam.holds("Time", "1:30")
    sam.ticks("It began earlier")
    sam.fills("Number or name of the shift", "Night 4")
    sam.presses("Begin the shift")
    sam.sees("The shift has begun.")
    is_no_wider_than_the_screen(sam)
    for kind in ("departure from normal procedures", "special instruction", "adjustment to a process"):
        sam.presses(f"Nothing to report: {kind}")
        sam.sees("that there is nothing to report is in the log.")
    sam.presses("Operators on duty: not said yet")
    sam.fills("Others on duty", "Sam Chief\nAna Lim")
    sam.presses("Write: operators on duty")
    sam.sees("Operators on duty: it is in the log.")

    sam.presses("Unusual or abnormal condition: not said yet")
    sam.fills("Unusual or abnormal condition", "Level of the wet well at 3.2 m")
    sam.page.wait_for_timeout(2500)  # whoever types pauses, and has not left the field
    sam.waits()
    shown = sam.page.url
    sam.page.goto("about:blank")  # the connection is lost
    sam.goes_to(shown)
    sam.holds("Unusual or abnormal condition", "Level of the wet well at 3.2 m")
    sam.sees("Not saved yet: below is what you typed")
    sam.presses("Write: unusual or abnormal condition")
    sam.sees("things need your attention. Nothing you typed is lost.")
    sam.fills("Action that was taken", "Pump 2 was started.")
    sam.fills("Conclusions", "A float was stuck.")
    sam.presses("Write: unusual or abnormal condition")
    sam.sees("Unusual or abnormal condition: it is in the log.")
    sam.sees("Not said yet: equipment out of service; status of the equipment.")
    sam.presses("End the shift")
    sam.sees("Say the status of the equipment first")
    sam.presses("Nothing to report: equipment out of service")
    sam.presses("Status of the equipment: not said yet")
    sam.fills("Status of the equipment", "All runs.")
    sam.presses("Write: status of the equipment")
    sam.sees("Status of the equipment: it is in the log.")
    sam.presses("End the shift")
    sam.sees("The shift has ended.")
    sam.sees("no shift is open.")
    assert log_reading.log(owner, facility).head

    ann = somebody()
    ann.signs_in("owner-night7@example.ca", PASSWORD, f"/log-search?id={facility}")
    ann.fills("Words", "wet WELL")
    ann.leaves_the_field()
    ann.sees("One entry matches")
    ann.sees("Level of the wet well at 3.2 m")
    assert "words=wet+WELL" in ann.page.url
    ann.fills("Words", "no such words")
    ann.leaves_the_field()
    ann.sees_no("One entry matches")
    ann.page.go_back()
    ann.sees("One entry matches")
    ann.holds("Words", "wet WELL")
    ann.reloads()
    ann.sees("One entry matches")
    assert ann.downloads("Download all that match (Excel)").startswith(b"PK")
    ann.goes_to(address)
    ann.sees("Night 4")
    assert ann.downloads("Download as PDF").startswith(b"%PDF")


def test_a_correction_is_shown_beside_what_it_corrects(site: Site, somebody: Callable[..., Somebody]) -> None:
    _owner, facility, chief = staffed(site, "day7@example.ca", "N8")
    started = now() - timedelta(hours=9)
    plant = logged.Plant(_owner, facility, chief, 0)
    shift = logged.a_shift(plant, since=started)
    sam = somebody(PHONE)
    sam.signs_in("day7@example.ca", PASSWORD, f"/shift-log?id={facility}")
    sam.page.get_by_text("Correct an entry of this shift").first.click()
    sam.waits()
    sam.chooses("Which entry", f"{shift + 7}. Status of the equipment: All runs but pump 2.")
    sam.fills("Status of the equipment", "All runs.")
    sam.fills("Reason", "Pump 2 was repaired by then.")
    sam.presses(f"Correct entry {shift + 7}")
    sam.sees("The correction is in the log; the old entry stays beside it.")
    sam.sees(f"Corrects entry {shift + 7}: Pump 2 was repaired by then.")
    is_no_wider_than_the_screen(sam)
    sam.presses("Check the whole log now")
    sam.sees("every entry is as it was written.")
    expect(sam.page.get_by_text("Corrected by a later entry.").first).to_be_visible()


def test_a_shift_across_the_change_of_clocks_tells_the_two_half_past_ones_apart(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    owner, facility, _chief = staffed(site, "autumn7@example.ca", "N9")
    days = (day_at(now()) - timedelta(days=back) for back in range(1, 400))
    back = next(day for day in days if len(moments_at(day, time(1, 30), "America/Toronto")) > 1)
    sam = somebody(PHONE)
    sam.signs_in("autumn7@example.ca", PASSWORD, f"/shift-log?id={facility}")
    sam.fills("Number or name of the shift", "Night 4")
    sam.ticks("It began earlier")
    sam.fills("Time", "19:00")
    sam.fills("Day", (back - timedelta(days=1)).isoformat())
    sam.leaves_the_field()
    sam.ticks("It began more than two days ago, and that is right")
    sam.presses("Begin the shift")
    sam.sees("The shift has begun.")
    for which, name in (("The first time", "EDT"), ("The second time", "EST")):
        sam.page.get_by_role("button", name="Departure from normal procedures").first.click()
        sam.waits()
        sam.fills("What departed from normal procedures", f"Bypass in {name}")
        sam.ticks("It happened earlier")
        sam.fills("Time", "1:30")
        sam.fills("Day", back.isoformat())
        sam.leaves_the_field()
        sam.chooses("The clocks went back that night", f"{which} that the clock showed it" if name == "EDT" else
                    "The second time, an hour later")  # fmt: skip
        sam.presses("Write: departure from normal procedures")
        sam.sees("Departure from normal procedures: it is in the log.")
        sam.sees(f"{in_english(back)} at 01:30 {name}")
    is_no_wider_than_the_screen(sam)
    (shift,) = log_reading.log(owner, facility).open
    first, second = shift.of(Kind.DEPARTURE)
    assert second.happened_at - first.happened_at == timedelta(hours=1)


def test_two_shifts_at_once_take_what_is_meant_for_each(site: Site, somebody: Callable[..., Somebody]) -> None:
    owner, facility, chief = staffed(site, "two7@example.ca", "N10")
    sam = somebody(PHONE)
    sam.signs_in("two7@example.ca", PASSWORD, f"/shift-log?id={facility}")
    sam.fills("Number or name of the shift", "Night X")
    sam.presses("Begin the shift")
    sam.sees("The shift has begun.")
    (night,) = log_reading.log(owner, facility).open
    day = shift_logs.begin_shift(chief, facility, "Day X")
    sam.presses("Nothing to report: adjustment to a process")
    sam.sees("that there is nothing to report is in the log.")
    sam.reloads()
    sam.sees("Not ended: Day X")
    shifts = {one.number: one for one in log_reading.log(owner, facility).open}
    assert [one.kind for one in shifts[night.number].entries] == [Kind.BEGAN, Kind.ADJUSTMENT]
    assert [one.kind for one in shifts[day].entries] == [Kind.BEGAN]


def test_a_late_entry_opens_where_it_is_seen(site: Site, somebody: Callable[..., Somebody]) -> None:
    _owner, facility, chief = staffed(site, "late7@example.ca", "N11")
    plant = logged.Plant(_owner, facility, chief, 0)
    shift = logged.a_shift(plant, since=now() - timedelta(hours=9))
    sam = somebody(PHONE)
    sam.signs_in("late7@example.ca", PASSWORD, f"/shift-log?id={facility}")
    sam.presses(f"Add a late entry to shift {shift}")
    expect(sam.page.get_by_text("Write in this shift")).to_be_in_viewport()
    sam.presses("Note")
    expect(sam.page.locator(".st-key-log-form textarea").first).to_be_focused()


def test_the_enter_key_hands_in_a_day_that_was_typed(site: Site, somebody: Callable[..., Somebody]) -> None:
    _owner, facility, _chief = staffed(site, "enter7@example.ca", "N12")
    day = day_at(now()) - timedelta(days=20)
    sam = somebody()
    sam.signs_in("enter7@example.ca", PASSWORD)
    for page, named in (("shift-log", f"log_day={day}"), ("log-search", f"first={day}")):
        sam.goes_to(f"/{page}?id={facility}")
        with sam.with_slow_browser(8):  # what is taken away and drawn anew loses the focus on a slow one alone
            year = sam.page.get_by_role("spinbutton", name=re.compile("^year")).first
            year.focus()
            sam.page.keyboard.type(f"{day:%Y%m%d}")
            sam.page.keyboard.press("Enter")
            sam.page.wait_for_url(re.compile(named))
            sam.waits()
            expect(sam.page.get_by_role("spinbutton", name=re.compile("^day")).first).to_be_focused()


def test_a_time_that_was_just_typed_is_there_after_a_reload(site: Site, somebody: Callable[..., Somebody]) -> None:
    _owner, facility, _chief = staffed(site, "typed7@example.ca", "N13")
    sam = somebody(PHONE)
    sam.signs_in("typed7@example.ca", PASSWORD, f"/shift-log?id={facility}")
    sam.ticks("It began earlier")
    for typed in ("1:30", "2:45", "3:05"):
        sam.field("Time").fill("")
        sam.field("Time").press_sequentially(typed)
        sam.reloads()
        sam.holds("Time", typed)
    sam.page.wait_for_function(NOTHING_KEPT)  # it has arrived, so the browser keeps it no more


def test_what_arrived_before_a_reload_is_not_kept_after_it(site: Site, somebody: Callable[..., Somebody]) -> None:
    _owner, facility, _chief = staffed(site, "paused7@example.ca", "N17")
    sam = somebody()
    sam.signs_in("paused7@example.ca", PASSWORD, f"/shift-log?id={facility}")
    sam.ticks("It began earlier")
    sam.field("Time").press_sequentially("1:30")
    sam.page.wait_for_timeout(1500)  # a pause hands in what was typed, though the field is not left
    sam.waits()
    assert not sam.page.evaluate(NOTHING_KEPT)
    sam.reloads()
    sam.holds("Time", "1:30")
    sam.page.wait_for_function(NOTHING_KEPT)


def test_what_was_typed_is_put_back_for_nobody_else(site: Site, somebody: Callable[..., Somebody]) -> None:
    _owner, facility, _chief = staffed(site, "mine7@example.ca", "N14")
    sam = somebody()
    sam.signs_in("mine7@example.ca", PASSWORD, f"/shift-log?id={facility}")
    sam.field("Number or name of the shift").press_sequentially("Night of Sam")
    sam.page.evaluate("sessionStorage.typed = sessionStorage.typed.replace(/signed-in-\\d+/, 'signed-in-0')")
    sam.page.evaluate("sessionStorage.kept = sessionStorage.typed")
    sam.reloads()
    sam.page.wait_for_timeout(1000)
    assert sam.page.evaluate("[sessionStorage.kept.includes('signed-in-0'), sessionStorage.typed]") == [True, None]


def test_the_focus_is_never_lost_as_what_was_pressed_goes(site: Site, somebody: Callable[..., Somebody]) -> None:
    _owner, facility, chief = staffed(site, "focus7@example.ca", "N15")
    shift_logs.begin_shift(chief, facility, "Night F")
    sam = somebody()
    sam.signs_in("focus7@example.ca", PASSWORD, f"/shift-log?id={facility}")

    def presses_by_key(name: str) -> None:
        sam.page.get_by_role("button", name=name).last.focus()
        sam.page.keyboard.press("Enter")
        sam.waits()

    presses_by_key("Status of the equipment: not said yet")
    presses_by_key("Back; what is typed is kept")
    expect(sam.page.get_by_role("button", name="Status of the equipment: not said yet")).to_be_focused()
    sam.goes_to(f"/shift-log?id={facility}")
    sam.page.get_by_text("Who else may write", exact=True).click()
    presses_by_key("First day: today")
    expect(sam.field("First day")).to_be_focused()
    sam.fills("Last day", "never")
    presses_by_key("Authorize")
    presses_by_key("Discard what I typed")
    expect(sam.page.get_by_role("combobox", name="Who may write")).to_be_focused()
    sam.chooses("Who may write", "Sam Chief")
    presses_by_key("First day: today")
    sam.fills("Last day", (day_at(now()) + timedelta(days=1)).isoformat())
    presses_by_key("Authorize")
    expect(sam.page.locator("#said")).to_be_focused()
