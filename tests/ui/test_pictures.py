"""The README shows a picture of each page; `python -m tests.browser.pictures` makes them anew."""

from tests.browser.pictures import FOLDER, OTHERS, PICTURES, README
from ui.screens import SCREENS


def test_the_readme_shows_every_page():
    shown = {one.path.split("?")[0].strip("/") or "home" for one in (*PICTURES, *OTHERS)}
    assert {screen.path or "home" for screen in SCREENS} == shown


def test_every_picture_that_the_readme_shows_is_there():
    text = README.read_text()
    for one in (*PICTURES, *OTHERS):
        assert f"docs/pictures/{one.name}.png" in text, f"run python -m tests.browser.pictures: no {one.name}"
        assert (FOLDER / f"{one.name}.png").is_file()
