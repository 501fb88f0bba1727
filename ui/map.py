"""Maps of Ontario that need no other host: folium, with its scripts and the map's lines served by this portal.

Names never become markup: they travel as data rows and are written with `textContent`. Beside every map
stands a table with the same rows, so nothing here is the only way to see or to choose.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from math import ceil, floor, log2
from threading import Lock
from typing import Any

import folium
import streamlit as st
from branca.element import Element, Figure, MacroElement
from folium.plugins import FastMarkerCluster
from folium.template import Template
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from xstatic.pkg import jquery, leaflet, leaflet_markercluster

from core.places import Point, km_of_closeness, unit_vector
from db.places import GEO, places, region_of
from ui.session import portal

ONTARIO = Point(47.5, -83.5)
WHOLE_PROVINCE = 5  # zoom
_NEAREST_ZOOM = 13
_TOWN_ZOOM = 10
_HEIGHT = 460  # px
_NARROWEST = 300  # px: its width beside a list on a screen of 1280; a telephone has a little more
_KM_AROUND = 200  # shown around a place where no distance was asked for
_KM_OF_A_PIXEL = 110.0  # at zoom 0, at Ontario's latitudes
_KM_OF_A_NAME = 80 * _KM_OF_A_PIXEL

# Folium's own addresses are of other hosts. Every map loads all of these at once, since the browser keeps the
# base map and results come later; the paths are relative to the component's frame.
folium.Map.default_js = [
    ("leaflet", "../../assets/leaflet/leaflet.js"),
    ("jquery", "../../assets/jquery/jquery.min.js"),
    ("markercluster", "../../assets/markercluster/leaflet.markercluster.js"),
]
folium.Map.default_css = [
    ("leaflet_css", "../../assets/leaflet/leaflet.css"),
    ("markercluster_css", "../../assets/markercluster/MarkerCluster.css"),
]
FastMarkerCluster.default_js = []
FastMarkerCluster.default_css = []

_drawing = Lock()

_BLUE, _DARK_BLUE, _LAND, _RULE, _SHORE = "#0066CC", "#002142", "#F2F2F2", "#CCCCCC", "#666666"


def asset_routes() -> list[BaseRoute]:
    """Where browsers find the map's scripts, styles, lines and names."""
    folders = {
        "leaflet": leaflet.BASE_DIR,
        "markercluster": leaflet_markercluster.BASE_DIR,
        "jquery": jquery.BASE_DIR,
        "geo": GEO,
    }
    mounts = [Mount(f"/assets/{name}", StaticFiles(directory=folder)) for name, folder in folders.items()]
    return [Route("/assets/geo/towns.json", _towns_as_json), *mounts]


async def _towns_as_json(_request: Request) -> Response:
    return JSONResponse(_towns(), headers={"Cache-Control": "max-age=3600"})


@dataclass(frozen=True)
class MapPoint:
    """A place on the map: what it is known by when clicked, its name, how many people, what is said of it, and
    whether it is the one that is open."""

    id: str
    point: Point
    name: str
    people: int
    words: str
    open: bool = False


def pick_place(key: str, point: Point | None) -> Point | None:
    """A map on which a click sets a place; `point` is the one that stands, drawn until another is clicked.

    Returns the clicked point, or `point`. May stand in a dialog; panning and zooming rerun nothing.
    """
    clicked = (st.session_state.get(key) or {}).get("last_clicked")
    kept = st.session_state.setdefault(f"{key}.kept", {"given": point, "clicked": None, "stands": point})
    if point != kept["given"]:
        kept |= {"given": point, "stands": point}
    if clicked and clicked != kept["clicked"]:
        kept |= {"clicked": clicked, "stands": Point(clicked["lat"], clicked["lng"])}
    stands: Point | None = kept["stands"]
    group = Laid(name="place")
    if stands:
        folium.CircleMarker(
            (stands.latitude, stands.longitude), radius=9, color=_DARK_BLUE, fill_color=_BLUE, fill_opacity=1
        ).add_to(group)
    draw(key, group, ["last_clicked"], point, _TOWN_ZOOM if point else None)
    return stands


def show_points(
    key: str, points: Sequence[MapPoint], centre: Point, within_km: int | None, choose: Callable[[str], None]
) -> None:
    """A map of `points`, with the circle that was searched, where it was one. `choose` is told the id of a point,
    once for each click on it.

    The view follows the centre and the distance, and nothing else; put it in a fragment.
    """
    group = Laid(name="found")
    if within_km is not None:
        folium.Circle(
            (centre.latitude, centre.longitude),
            radius=within_km * 1000,
            color=_SHORE,
            weight=2,
            dash_array="6 6",
            fill=False,
            interactive=False,
        ).add_to(group)
    rows = [[p.point.latitude, p.point.longitude, p.id, p.name, p.people, p.words, p.open] for p in points]
    _Points(rows).add_to(group)
    returned = ["last_object_clicked_popup", "last_object_clicked_count"]
    zoom = _zoom_for(_KM_AROUND if within_km is None else within_km)
    answer = draw(key, group, returned, centre, zoom)
    # A map that is drawn anew counts its clicks anew: the count alone would take its first click for one seen.
    click, seen = tuple(answer.get(name) for name in returned), f"{key}.click"
    if click == st.session_state.get(seen):
        return
    _said, mark, id = str(click[0] or "").rpartition("#")
    if mark:
        choose(id.strip())
    st.session_state[seen] = click  # last: a run that is cut off before leaves the click to the next one


def pick_regions(key: str, chosen: Collection[str], toggle: Callable[[str], None]) -> None:
    """A map on which a click on a region hands its code to `toggle`, before the page is drawn anew.

    `chosen` are the codes of the regions that are filled; panning and zooming rerun nothing.
    """

    def clicked() -> None:  # runs once for each click: the count in the answer makes each another
        point = (st.session_state.get(key) or {}).get("last_object_clicked")
        if point:
            toggle(region_of(Point(point["lat"], point["lng"])))

    group = Laid(name="regions")
    _Regions(sorted(chosen)).add_to(group)
    draw(key, group, ["last_object_clicked", "last_object_clicked_count"], None, on_change=clicked)


def draw(
    key: str,
    group: folium.FeatureGroup,
    returned: list[str],
    centre: Point | None,
    zoom: float | None = None,
    on_change: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Draws the base map with a group laid over it; what `returned` names of what was done on it last.

    `centre` and `zoom` place the view when they change; `on_change` is called before the page is drawn anew.
    """
    # Imported here, because its first import registers the component, which works only while a script runs.
    from streamlit_folium import st_folium

    with _base_map(portal().settings.tile_url) as base:
        answer = st_folium(
            base,
            key=key,
            height=_HEIGHT,
            use_container_width=True,
            feature_group_to_add=group,
            returned_objects=returned,
            center=(centre.latitude, centre.longitude) if centre else None,
            zoom=zoom,
            on_change=on_change,
            render=False,
        )
    return dict(answer or {})


def _zoom_for(within_km: int) -> float:
    """The zoom at which a circle of this radius fills the map's width where that is narrow."""
    zoom = floor(2 * log2(_KM_OF_A_PIXEL * _NARROWEST / (2 * max(within_km, 1)))) / 2
    return max(WHOLE_PROVINCE - 1, min(_NEAREST_ZOOM, zoom))


@contextmanager
def _base_map(tile_url: str) -> Iterator[folium.Map]:
    """The same for every page, search and person: the browser keeps it, and results are laid over it.

    It is written once, as that costs more than all that is laid over it; what hung on it is taken off again.
    """
    with _drawing:
        base, written = _written(tile_url)
        try:
            yield base
        finally:
            for part, children in written:
                part._children = children.copy()


@cache
def _written(tile_url: str) -> tuple[folium.Map, list[tuple[Element, OrderedDict[str, Element]]]]:
    """A map that is written, and what each of its parts holds."""
    base = _Base(
        location=(ONTARIO.latitude, ONTARIO.longitude),
        zoom_start=WHOLE_PROVINCE,
        tiles=None,
        minZoom=4,
        maxZoom=_NEAREST_ZOOM + 3,  # folium gives its own to tiles only
        zoomSnap=0.5,
    )
    base._id = "div"  # as the component calls it: under two names its styles would be sent twice
    if tile_url:
        folium.TileLayer(tile_url, attr="Map tiles of this portal’s server", max_zoom=19).add_to(base)
    _Lines(filled=not tile_url).add_to(base)
    figure = Figure()
    base.add_to(figure)
    figure.render()
    base.is_written = True
    return base, [(part, part._children.copy()) for part in (base, figure.header, figure.html, figure.script)]


@cache
def _towns() -> tuple[tuple[float, float, str, int], ...]:
    """Latitude, longitude, name, and the zoom from which a town is named: once there is room between it and
    the nearest larger one."""
    largest_first = sorted(places(), key=lambda place: -place.population)
    vectors = [unit_vector(place.point) for place in largest_first]
    rows = []
    for rank, place in enumerate(largest_first):
        x, y, z = vectors[rank]
        nearest = max((x * a + y * b + z * c for a, b, c in vectors[:rank]), default=-1.0)
        zoom = ceil(log2(_KM_OF_A_NAME / max(km_of_closeness(nearest), 1.0)))
        rows.append((place.point.latitude, place.point.longitude, place.name, zoom))
    return tuple(rows)


class _Base(folium.Map):
    """A map that is written once: the component would have it written for every page."""

    is_written = False

    def render(self, **kwargs: Any) -> str:
        """Writes the map into its page, the first time."""
        return "" if self.is_written else str(super().render(**kwargs))


class Laid(folium.FeatureGroup):
    """What is laid over a map. The component writes its script itself; folium would write it once more, to put it
    into a page that nobody is sent."""

    def render(self, **_kwargs: Any) -> str:
        """Nothing: what its parts need is loaded with the base map."""
        return ""


class _Lines(MacroElement):
    """Ontario's outline and census divisions, fetched from this portal, and towns; points lie on top."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        (function (map) {
            map.createPane("lines").style.zIndex = 250;
            map.createPane("names").style.zIndex = 260;
            map.getPane("names").style.pointerEvents = "none";
            map.attributionControl.setPrefix(false);
            map.attributionControl.addAttribution({{ this.attribution|tojson }});
            map.attributionControl.getContainer().style.fontSize = "11px";
            var container = map.getContainer();
            container.style.background = "#E2F0F4";
            // Leaflet takes the focus at a press. The page would scroll to a map that is half out of view, and the
            // release fall beside the mark: the click would be lost.
            container.focus = function () {
                HTMLElement.prototype.focus.call(container, {preventScroll: true});
            };
            // A map that is placed stands there at once: what was clicked while it still moved would be missed.
            var place = map.setView;
            map.setView = function (centre, zoom, options) {
                return place.call(map, centre, zoom, options || {animate: false});
            };
            L.control.scale({imperial: false, position: "topright"}).addTo(map);
            function mark(row) {
                var said = document.createElement("span");
                said.textContent = row[2];
                said.style.cssText = "position:absolute;transform:translate(-50%,4px);white-space:nowrap;" +
                    "font:12px sans-serif;color:#1A1A1A;text-shadow:0 0 3px #FFFFFF,0 0 3px #FFFFFF";
                var icon = L.divIcon({html: said, className: "", iconSize: [0, 0]});
                var options = {icon: icon, pane: "names", interactive: false, keyboard: false};
                return {from: row[3], mark: L.marker([row[0], row[1]], options)};
            }
            if ({{ this.named|tojson }}) fetch("../../assets/geo/towns.json").then(function (answer) {
                return answer.json();
            }).then(function (rows) {
                var towns = rows.map(mark);
                function name() {
                    towns.forEach(function (town) {
                        if (map.getZoom() >= town.from) town.mark.addTo(map); else town.mark.remove();
                    });
                }
                map.on("zoomend", name);
                name();
            });
            function lay(name, style) {
                return fetch("../../assets/geo/" + name + ".geojson").then(function (answer) {
                    return answer.json();
                }).then(function (shape) {
                    L.geoJSON(shape, {pane: "lines", interactive: false, style: style}).addTo(map);
                });
            }
            lay("ontario_outline", {{ this.land|tojson }}).then(function () {
                return lay("ontario_census_divisions", {{ this.division|tojson }});
            });
        })({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, *, filled: bool) -> None:
        super().__init__()
        self._name = "Lines"
        self.attribution = "Made with Natural Earth; adapted from Statistics Canada, 2016; GeoNames, CC BY 4.0"
        self.land = {"color": _SHORE, "weight": 1, "fill": filled, "fillColor": _LAND, "fillOpacity": 1}
        self.named = filled  # a tile server's map bears its own names
        self.division = {"color": _RULE, "weight": 1, "fill": False}


class _Regions(MacroElement):
    """The census divisions, each to be clicked, those chosen filled; a mark beside the name says it in words."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        (function (group) {
            var chosen = {{ this.chosen|tojson }};
            function isChosen(region) { return chosen.indexOf(region.properties.code) >= 0; }
            fetch("../../assets/geo/ontario_census_divisions.geojson").then(function (answer) {
                return answer.json();
            }).then(function (shape) {
                L.geoJSON(shape, {
                    style: function (region) {
                        return isChosen(region) ? {{ this.filled|tojson }} : {{ this.open|tojson }};
                    },
                    onEachFeature: function (region, layer) {
                        var said = document.createElement("span");
                        said.textContent = region.properties.name + (isChosen(region) ? ": chosen" : "");
                        layer.bindTooltip(said, {sticky: true});
                    }
                }).addTo(group);
            });
        })({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, chosen: list[str]) -> None:
        super().__init__()
        self._name = "Regions"
        self.chosen = chosen
        self.open = {"color": _SHORE, "weight": 1, "fillColor": _LAND, "fillOpacity": 0}
        self.filled = {"color": _DARK_BLUE, "weight": 3, "fillColor": _BLUE, "fillOpacity": 0.35}


class _Points(FastMarkerCluster):
    """Rows of latitude, longitude, id, name, people, words, open: a mark with the number of people, a popup with
    names; the open one is dark, also as part of a cluster.

    The popup ends with "#" and the id: that is how a click is known.
    """

    def __init__(self, rows: list[list[object]]) -> None:
        super().__init__(
            rows,
            callback=_MARK,
            icon_create_function=_CLUSTER,
            max_cluster_radius=34,
            show_coverage_on_hover=False,
            animate=False,
            spiderfy_on_max_zoom=True,
        )


_ICON = """
    function icon(people, open) {
        var mark = document.createElement("div");
        var size = people < 10 ? 28 : people < 100 ? 34 : 42;
        mark.textContent = people;
        mark.style.cssText = "color:#FFFFFF;border:2px solid #FFFFFF;border-radius:50%;" +
            (open ? "background:#002142;box-shadow:0 0 0 4px #009ADB;" :
                "background:#0066CC;box-shadow:0 0 0 1px #002142;") +
            "font:600 13px sans-serif;text-align:center;box-sizing:border-box;" +
            "width:" + size + "px;height:" + size + "px;line-height:" + (size - 4) + "px";
        return L.divIcon({html: mark, className: "", iconSize: [size, size]});
    }
"""
_MARK = (
    "function (row) {"
    + _ICON
    + """
        var said = document.createElement("div");
        [["strong", row[3]], ["div", row[5]]].forEach(function (part) {
            said.appendChild(document.createElement(part[0])).textContent = part[1];
        });
        var id = said.appendChild(document.createElement("div"));
        id.textContent = "#" + row[2];
        id.style.cssText = "color:#666666;font-size:11px";
        var options = {icon: icon(row[4], row[6]), people: row[4], open: row[6], title: row[3] + ": " + row[5]};
        var marker = L.marker([row[0], row[1]], options).bindPopup(said);
        // By the Enter key Leaflet opens the popup alone; here it does all that a click does.
        return marker.on("keypress", function (event) {
            if (event.originalEvent.key === "Enter") marker.fire("click", {latlng: marker.getLatLng()}, true);
        });
    }
"""
)
_CLUSTER = (
    "function (cluster) {"
    + _ICON
    + """
        var marks = cluster.getAllChildMarkers();
        var people = marks.reduce(function (sum, mark) { return sum + mark.options.people; }, 0);
        return icon(people, marks.some(function (mark) { return mark.options.open; }));
    }
"""
)
