"""A facility runs short of its operator: a stand-in, the day of breach, the notice, and a licence that lapses."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from playwright.sync_api import TimeoutError, expect
from sqlalchemy import func, select, update

from core.emergencies import Way
from core.findings import Verdict
from core.places import day_at
from core.responsibility import About
from core.roles import Role
from core.sentences import in_english
from core.working_days import next_open_day
from db.gate import Asker, now, unattended
from db.kept_findings import retest_due
from db.office_days import holidays_of
from db.register_schema import ListedLicence, ListingImport
from db.schema import Submission
from db.services import designations, employees, owners, responsibility
from tests.browser.harness import DESKTOP, PHONE, Site, Somebody
from tests.browser.test_keyboard import Keyboard
from tests.db import employed, profiles
from tests.db.filed import facility_of
from tests.db.people import PASSWORD, make_account, sign_in


def owner_of(site: Site, email: str, number: str) -> Asker:
    """An owner whose Class III facility the office has approved today."""
    owner = sign_in(site.portal, make_account(site.portal, Role.OWNER, at=now(), email=email), now())
    owners.save_organization(owner, f"Town {number}", "municipality", 0)
    profiles.add_facility(owner, ministry_number=number, name=f"Works {number}")
    owners.submit(owner, owners.my_organization(owner).version)
    with site.portal.database.transaction(writes=False) as session:
        newest = session.scalar(select(func.max(Submission.id)))
    profiles.approve(site.member(Role.OFFICER), newest)
    return owner


def confirm(site: Site, *mine: int) -> None:
    """An officer confirms the Operator IDs of these employees: others wait in the same portal."""
    officer = site.member(Role.OFFICER)
    for one in responsibility.unconfirmed(officer).rows:
        if one.employee_id in mine:
            employees.confirm_operator_id(officer, one.employee_id, one.version)


def test_an_owner_designates_a_stand_in_and_sees_what_it_leads_to(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    owner, today = owner_of(site, "short@example.ca", "S1"), day_at(now())
    employed.listed(site.portal, ("90000003", "Chief", "III"), ("90000002", "Second", "II"))
    since = today - timedelta(days=100)
    chief = employed.employ(owner, "Chief", "90000003", first=since)
    second = employed.employ(owner, "Second", "90000002", first=since)
    confirm(site, chief, second)
    facility = facility_of(owner)
    designations.record_absence(
        owner, facility, chief, today, None, "Parental leave."
    )  # first: nothing lapses by it
    designations.designate(owner, facility, chief, "licence", today, None, "Runs it.")
    assert second

    ann = somebody()
    ann.signs_in("short@example.ca", PASSWORD, f"/people?id={facility}")
    ann.is_at("People of a facility")
    breach = in_english(today + timedelta(days=150))
    ann.chooses("Who", "Sam Second")
    ann.chooses("On what it rests", "Stands in, at most one class lower")
    ann.types_day("First day", today.isoformat())
    ann.presses("Ask what the law says")
    expect(ann.page.locator("#answer")).to_be_in_viewport()
    ann.sees(f"Were it to go on, {breach} is the first day over the limit.")
    assert not responsibility.people(owner, facility).stand_ins.ledger.days
    ann.fills("Reason", "Sam Chief is on leave.")
    ann.presses("Designate the overall responsible operator")
    ann.sees("The designation is recorded.")
    ann.sees(f"As planned, {breach} is the first day over the limit.")
    expect(ann.page.locator(".ledger .day.over").first).to_be_visible()

    sixtieth = today + timedelta(days=59)
    ann.goes_to(f"/people?id={facility}&people_day={sixtieth.isoformat()}")
    ann.sees(f"Notify the Director without delay: due since {in_english(sixtieth)}.")

    with site.portal.database.transaction(writes=True) as session:
        lapsed = update(ListedLicence).where(ListedLicence.operator_id == "90000002")
        session.execute(lapsed.values(expiry=today - timedelta(days=1)))
        session.execute(update(ListingImport).values(changed_at=now()))
    with unattended(site.portal, now()) as work:
        assert retest_due(work).lapses
    assert "It expired at the end of" in site.mail_to("short@example.ca", "What no longer holds")
    ann.goes_to(f"/people?id={facility}")
    ann.sees("Does not stand")


def crew_of(site: Site, email: str, number: str) -> tuple[Asker, int]:
    """That owner, with a confirmed operator of the class, designated today. The employee's id."""
    owner, today = owner_of(site, email, number), day_at(now())
    employed.listed(site.portal, ("90000003", "Chief", "III"), ("90000002", "Second", "II"))
    chief = employed.employ(owner, "Chief", "90000003", first=today - timedelta(days=100))
    confirm(site, chief)
    designations.designate(owner, facility_of(owner), chief, "licence", today, None, "Runs it.")
    return owner, chief


def test_an_absence_is_recorded_and_taken_back_without_a_mouse(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    owner, _chief = crew_of(site, "keys6@example.ca", "S3")
    today = day_at(now())
    ann = somebody()
    ann.signs_in("keys6@example.ca", PASSWORD, "/people")
    ann.is_at("People of facilities")
    ann.chooses_row(0)
    ann.is_at("People of a facility")
    hand = Keyboard(ann)
    hand.tabs_to("Designate, or ask what if").presses("ArrowRight").presses("ArrowRight")
    hand.tabs_to("Who").types("Sam Chief").presses()
    hand.enters("First day", today.isoformat())
    hand.enters("Reason", "Ill.")
    hand.tabs_to("Record the absence").presses()
    ann.sees("It is recorded, and what rests on it is tested again.")
    expect(ann.page.locator("#said")).to_be_focused()
    assert len(responsibility.people(owner, facility_of(owner)).absences) == 1
    hand.tabs_to("Take back an entry made by mistake").presses()
    hand.tabs_to("Which entry").types("Absent").presses()
    hand.enters("Why it is taken back", "It was somebody else.")
    hand.tabs_to("Take this entry back").presses()
    ann.sees("The entry is taken back, and what rests on it is tested again.")
    assert responsibility.people(owner, facility_of(owner)).absences == ()


def test_in_two_tabs_what_was_taken_back_in_one_is_told_in_the_other_and_nothing_typed_is_lost(
    site: Site, somebody: Callable[..., Somebody]
) -> None:
    owner, chief = crew_of(site, "tabs6@example.ca", "S4")
    facility = facility_of(owner)
    designations.record_absence(owner, facility, chief, day_at(now()), None, "Ill.")
    ann = somebody()
    ann.signs_in("tabs6@example.ca", PASSWORD, f"/people?id={facility}")
    other = ann.opens_tab()
    other.goes_to(f"/people?id={facility}")
    for tab in (ann, other):
        tab.waits()
        tab.page.get_by_text("Take back an entry made by mistake").click()
        tab.waits()
        tab.chooses("Which entry", f"Sam Chief, from {in_english(day_at(now()))}: Absent or unable to act")
        tab.fills("Why it is taken back", "A mistake.")
        tab.leaves_the_field()
    ann.reloads()  # the fold is open now, since what was typed waits in it
    ann.holds("Why it is taken back", "A mistake.")
    ann.presses("Take this entry back")
    ann.sees("The entry is taken back")
    other.presses("Take this entry back")
    other.sees("This was changed since your page was drawn. Look at what stands now.")
    other.holds("Why it is taken back", "A mistake.")


# What scrolls sideways within the page.
_WIDER = """() => [...document.querySelectorAll(".stMain *")].filter(one => {
    const scrolls = one.clientWidth && ["auto", "scroll"].includes(getComputedStyle(one).overflowX);
    return scrolls && one.scrollWidth > one.clientWidth + 1;
}).map(one => `${one.tagName} ${one.className}: ${one.innerText.slice(0, 60)}`)"""


def is_no_wider_than_the_screen(who: Somebody) -> None:
    wide = who.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    with suppress(TimeoutError):  # until the fonts have come, words are wider
        who.page.wait_for_function(f"({_WIDER})().length === 0", timeout=5_000)
    assert who.page.evaluate(_WIDER) == []


def test_an_owner_records_with_a_thumb(site: Site, somebody: Callable[..., Somebody]) -> None:
    owner, _chief = crew_of(site, "thumb6@example.ca", "S5")
    ann = somebody(PHONE, has_touch=True)
    ann.signs_in("thumb6@example.ca", PASSWORD, "/people")
    is_no_wider_than_the_screen(ann)
    ann.opens_card(0)
    ann.is_at("People of a facility")
    ann.page.get_by_role("tab", name="Hours in charge").tap()
    ann.chooses("Who", "Sam Chief")
    ann.types_day("Day", day_at(now()).isoformat())
    ann.fills("Hours in charge", "7.5")
    ann.presses("Record the hours")
    ann.sees("Recorded: 7:30 hours in charge; not designated that day.")
    expect(ann.page.locator("#said")).to_be_focused()
    ann.page.get_by_text("Take back an entry made by mistake").tap()
    ann.waits()
    is_no_wider_than_the_screen(ann)
    (total,) = responsibility.people(owner, facility_of(owner)).hours
    assert str(total.hours) == "7.5"


def test_the_page_fits_a_telephone(site: Site, somebody: Callable[..., Somebody]) -> None:
    owner = owner_of(site, "phone6@example.ca", "S2")
    long_name = "Engineer-of-the-Upper-and-Lower-Works " * 2
    employed.employ(owner, long_name.strip(), capacity="engineer", first=day_at(now()) - timedelta(days=400))
    ann = somebody(PHONE)
    ann.signs_in("phone6@example.ca", PASSWORD, f"/people?id={facility_of(owner)}")
    ann.is_at("People of a facility")
    is_no_wider_than_the_screen(ann)
    assert_names_stand_clear_of_bars(ann)
    assert_no_word_is_broken(ann)
    ann.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    assert_names_stand_clear_of_bars(ann)
    assert_no_word_is_broken(ann)


def assert_no_word_is_broken(who: Somebody) -> None:
    """In the table of who runs the facility every word stands on one line, and within the screen."""
    expect(who.page.locator("table.by-who td").first).to_be_visible()
    broken = who.page.evaluate(r"""() => {
        const rows = document.querySelector("table.by-who tbody");
        const texts = document.createTreeWalker(rows, NodeFilter.SHOW_TEXT);
        const found = [];
        for (let text = texts.nextNode(); text; text = texts.nextNode()) {
            for (const word of text.data.matchAll(/\p{L}+/gu)) {
                const range = document.createRange();
                range.setStart(text, word.index);
                range.setEnd(text, word.index + word[0].length);
                const boxes = [...range.getClientRects()];
                if (boxes.length > 1 || boxes.some(box => box.right > innerWidth)) found.push(word[0]);
            }
        }
        return found;
    }""")
    assert broken == []


def assert_names_stand_clear_of_bars(who: Somebody) -> None:
    """On the timeline no name runs over a bar, however long it is."""
    expect(who.page.locator(".timeline .bar").first).to_be_visible()
    over = who.page.evaluate("""() => [...document.querySelectorAll(".timeline .row:has(.bar)")].filter(row => {
        const name = row.querySelector(".name").getBoundingClientRect();
        const bar = row.querySelector(".bar").getBoundingClientRect();
        return name.bottom > bar.top && name.right > bar.left;
    }).length""")
    assert over == 0


def test_an_emergency_from_the_question_to_the_report(site: Site, somebody: Callable[..., Somebody]) -> None:
    owner, chief = crew_of(site, "flood@example.ca", "S9")
    today, facility = day_at(now()), facility_of(owner)
    limited = employed.employ(owner, "Limited", capacity="other", first=today - timedelta(days=100))
    designations.record_absence(owner, facility, chief, today, None, "Ill.")
    designations.designate(owner, facility, limited, "emergency", today, None, "A flood.")
    ann = somebody()
    ann.signs_in("flood@example.ca", PASSWORD, f"/people?id={facility}")
    ann.is_at("People of a facility")
    ann.sees("What is asked of an emergency is answered under “Strikes and emergencies” below.")

    ann.page.get_by_text("Say what is so of an emergency").click()
    ann.chooses("An emergency was declared that could harm the operation", "Yes")
    ann.fills("By whom", "The Province")
    ann.fills("How it could harm the operation", "The river floods the plant.")
    ann.chooses("Licensed operators are critically short, or about to be", "Yes")
    ann.chooses("Others are needed to operate safely and protect the waters", "Yes")
    ann.fills("On which grounds you believe it", "Two of three are ill.")
    ann.types_day("First day", today.isoformat())
    ann.presses("Record the emergency")
    ann.sees("It is recorded, and what rests on it is tested again.")

    ann.page.get_by_text("Say who serves in an emergency").click()
    ann.chooses("Who", "Sam Limited")
    ann.chooses("The first of these that the person is", Way.PRACTITIONER.label)
    ann.chooses("No licence or certificate is cancelled, revoked or suspended", "Yes")
    ann.fills("How the person meets it", "Limited licence 7.")
    ann.types_day("First day", today.isoformat())
    ann.presses("Record who it is")
    by = next_open_day(today + timedelta(days=7), holidays_of([today.year, today.year + 1]))
    ann.sees(f"Due by {in_english(by)}")

    ann.page.get_by_text("Record what was handed in to the Director").click()
    notice = f"Notice of employment in an emergency: emergency from {in_english(today)}"
    ann.chooses("What was handed in", notice)
    ann.sees("Sam Limited, from")
    ann.types_day("Handed in on", today.isoformat())
    ann.presses("Record that it was handed in")
    ann.sees("That it was handed in is recorded.")
    every = [one for one, _ in responsibility.people(owner, facility).findings if one.person is None]
    found = {one.about: one.finding for one in every}
    assert found[About.OVERALL].verdict is found[About.EMERGENCY_NOTICE].verdict is Verdict.MET
    assert found[About.EMERGENCY_NOTICE].due is None
