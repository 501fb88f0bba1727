"""The calculator in a real browser: the address bar, downloads, the keyboard and a telephone."""

from collections.abc import Callable
from io import BytesIO

from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.harness import PHONE, SECONDS, Somebody

PLANT = "/calculator?facility_type=Wastewater+treatment"


def answers(person: Somebody, question: str, answer: str) -> None:
    group = person.page.get_by_role("radiogroup", name=question, exact=True)
    group.get_by_text(answer, exact=True).click()
    person.waits()


def total(person: Somebody, text: str) -> None:
    """The strip that stays in view says so."""
    expect(person.page.locator(".st-key-total")).to_contain_text(text, timeout=SECONDS * 1000)


def test_anyone_classifies_a_plant_and_a_reload_loses_nothing(somebody: Callable[..., Somebody]) -> None:
    ann = somebody()
    ann.goes_to(PLANT)
    total(ann, "0 to 237 points")
    answers(ann, "Activated sludge with secondary clarifiers", "Yes")
    total(ann, "15 to 237 points")
    field = ann.page.get_by_label("People served")
    field.fill("42000")
    field.press("Tab")
    ann.waits()
    total(ann, "19 to 231 points")
    assert "population_served=42000" in ann.page.url
    ann.reloads()
    total(ann, "19 to 231 points")
    ann.presses("No to all – Disinfection")
    total(ann, "19 to 221 points")
    box = ann.page.locator(".st-key-total").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 200  # although the page was scrolled to disinfection


def test_a_slow_browser_shows_the_answers_of_the_address_and_those_given_by_a_button(
    somebody: Callable[..., Somebody],
) -> None:
    ann = somebody(anew=True)
    with ann.with_slow_fields("Radio", "NumberInput"):
        ann.goes_to(f"{PLANT}&population_served=42000&effluent_disposal.evaporation=Yes")
        ann.presses("No to all – Disinfection")
        ann.presses("No to all – Solids handling")  # the page is drawn again, and its fields have never been shown
    group = ann.page.get_by_role("radiogroup", name="All effluent is evaporated", exact=True)
    expect(group.get_by_role("radio", name="Yes")).to_be_checked(timeout=SECONDS * 1000)
    expect(ann.page.get_by_label("People served")).to_have_value("42000")
    disinfection = ann.page.locator(".st-key-rows-disinfection").get_by_role("radio", name="No", exact=True)
    expect(disinfection.first).to_be_checked()
    assert "population_served=42000" in ann.page.url


def test_an_answer_is_given_by_keyboard_alone(somebody: Callable[..., Somebody]) -> None:
    ann = somebody()
    ann.goes_to(PLANT)
    group = ann.page.get_by_role("radiogroup", name="All effluent is evaporated", exact=True)
    group.get_by_role("radio", name="Not sure").focus()
    ann.page.keyboard.press("ArrowLeft")
    ann.waits()
    ann.page.keyboard.press("ArrowLeft")
    ann.waits()
    assert "effluent_disposal.evaporation=Yes" in ann.page.url
    total(ann, "2 to ")


def test_an_alteration_stands_beside_the_present_plant(somebody: Callable[..., Somebody]) -> None:
    ann = somebody()
    ann.goes_to(
        PLANT + "&secondary_treatment.activated_sludge=Yes&after.solids_handling.wet_oxidation=Yes"
        "&altered=Solids+handling:+Wet+oxidation"
    )
    ann.page.get_by_role("tab", name="What if").click()
    ann.sees("Difference: +12 points at the low end")
    ann.sees("the overall responsible operator holds")
    total(ann, "15 to 237 points")


def test_the_worksheet_is_downloaded_and_says_who_decides(somebody: Callable[..., Somebody]) -> None:
    ann = somebody()
    ann.goes_to(PLANT + "&population_served=42000")
    ann.page.get_by_role("tab", name="Worksheet").click()
    paper = PdfReader(BytesIO(ann.downloads("Download as PDF")))
    text = "".join(page.extract_text() for page in paper.pages)
    assert "Only the Director classifies" in text
    assert ann.downloads("Download as Excel", named=r"worksheet-\d{4}-\d\d-\d\d\.xlsx$")


def test_a_table_goes_up_and_its_classes_come_down(somebody: Callable[..., Somebody]) -> None:
    ann = somebody()
    ann.goes_to("/batch?facility_type=Wastewater+collection")
    table = b"name,population_served\n=1+1,4000\n"
    ann.page.set_input_files(
        "input[type=file]", files=[{"name": "t.csv", "mimeType": "text/csv", "buffer": table}]
    )
    ann.sees("1 facilities")
    assert "'=1+1" in ann.downloads("Download the result as CSV").decode("utf-8-sig")


def test_the_law_fits_a_telephone(somebody: Callable[..., Somebody]) -> None:
    ann = somebody(PHONE)
    for path in (PLANT, "/legal-coverage", "/readings", "/examples", "/batch"):
        ann.goes_to(path)
        widest = ann.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert widest <= PHONE["width"], path
    ann.goes_to(PLANT)
    answers(ann, "Screening or comminution", "Yes")
    total(ann, "3 to 237 points")
    for tab in ("Where the points come from", "What if", "Other regulation", "Worksheet"):
        ann.page.get_by_role("tab", name=tab).click()
        ann.waits()
        assert ann.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= PHONE["width"], (
            tab
        )
