"""The map's parts: everything from this host, and names that stay text."""

import json
import re
from contextlib import suppress
from types import SimpleNamespace

import folium
import pytest
from streamlit_folium import _get_feature_group_string

from core.places import Point
from ui import map as maps

HOSTILE = [
    "O'Brien",
    "Back`tick",
    "Dollar ${1}",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
]


def served(path):
    """The file that answers at a path under /assets; None where there is none."""
    name, _, rest = path.removeprefix("/assets/").partition("/")
    (folder,) = [route.app for route in maps.asset_routes() if route.path == f"/assets/{name}"]
    return folder.lookup_path(rest)[1]


def test_every_script_style_and_line_of_the_map_is_served_here():
    links = [link for _, link in (*folium.Map.default_js, *folium.Map.default_css)]
    lines = [f"../../assets/geo/ontario_{name}.geojson" for name in ("outline", "census_divisions")]
    for link in (*links, *lines):
        assert served(link.removeprefix("../..")), link


def test_the_map_names_no_other_host():
    with maps._base_map("") as base:
        page = base.get_root().render()
    named = set(re.findall(r"https?://([^/\"'\s]+)", page))
    assert named <= {"www.w3.org"}


@pytest.mark.parametrize("path", ["geo/../ontario_places.csv", "geo/../../schema.py", "leaflet/../__init__.py"])
def test_nothing_beside_the_served_folders_is_served(path):
    assert served(f"/assets/{path}") is None


def laid(part):
    """The script of what is laid over a map, as the browser is sent it."""
    group = maps.Laid()
    part.add_to(group)
    with maps._base_map("") as base:
        return _get_feature_group_string(group, map=base)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_reaches_the_map_as_data(name):
    script = laid(maps._Points([[48.4, -81.3, "id", name, 1, name]]))
    assert json.dumps(name)[1:-1].replace("<", "\\u003c").replace(">", "\\u003e").replace("'", "\\u0027") in script
    assert "<img" not in script
    assert "<script>alert" not in script
    assert "textContent = part[1]" in script  # and nowhere is a name written as markup
    assert "innerHTML" not in script


def test_a_region_is_drawn_from_this_host_with_its_name_as_text():
    script = laid(maps._Regions(["3557"]))
    assert 'var chosen = ["3557"]' in script
    assert "said.textContent = region.properties.name" in script
    assert "innerHTML" not in script


@pytest.mark.parametrize(("km", "zoom"), [(10, 10.5), (100, 7), (300, 5.5), (2000, 4)])
def test_the_zoom_shows_the_whole_circle(km, zoom):
    assert maps._zoom_for(km) == zoom


def test_large_towns_are_named_before_small_ones_beside_them():
    zooms = {name: zoom for _, _, name, zoom in maps._towns()}
    assert zooms["Toronto"] < zooms["Oshawa"] < zooms["Ajax"]
    assert Point(*next(row[:2] for row in maps._towns() if row[2] == "Ottawa")).longitude < -75


class Stopped(Exception):
    """What Streamlit does to a run that a newer one overtakes."""


@pytest.fixture
def clicked(monkeypatch):
    """Draws the map as the browser answers: the popup and how many clicks it counts; answers what was chosen."""
    monkeypatch.setattr(maps, "st", SimpleNamespace(session_state={}))

    def draw(popup, count, stop=False):
        answer = {"last_object_clicked_popup": popup, "last_object_clicked_count": count}
        monkeypatch.setattr(maps, "draw", lambda *_: answer)
        chosen = []

        def choose(id):
            chosen.append(id)
            if stop:
                raise Stopped

        with suppress(Stopped):
            maps.show_points("a-map", [], Point(48.5, -81.3), 100, choose)
        return chosen

    return draw


def test_each_click_on_the_map_counts_once(clicked):
    assert clicked(None, None) == clicked(None, 0) == []
    assert clicked("Timmins\n2 operators\n#Timmins", 1) == ["Timmins"]
    assert clicked("Timmins\n2 operators\n#Timmins", 1) == []
    assert clicked("Timmins\n2 operators\n#Timmins", 2) == ["Timmins"]
    assert clicked("Nothing of ours", 3) == []


def test_the_first_click_on_a_map_that_is_drawn_anew_counts(clicked):
    clicked("#Timmins", 1)
    assert clicked("#Cochrane", 1) == ["Cochrane"]
    clicked(None, 0)
    assert clicked("#Cochrane", 1) == ["Cochrane"]


def test_a_click_whose_run_is_cut_off_is_left_to_the_next_run(clicked):
    assert clicked("#Timmins", 1, stop=True) == clicked("#Timmins", 1) == ["Timmins"]
    assert clicked("#Timmins", 1) == []
