"""Ontario by standing: each region with its worst standing, and the facilities of a region; the list beside it
has the same rows.

As in ui.map, names never become markup: they travel as data and are written with `textContent`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st
from branca.element import MacroElement
from folium.plugins import FastMarkerCluster
from folium.template import Template

from core.places import Point
from core.sentences import in_english
from core.standings import Standing
from db.places import region_of
from db.services.province import FacilityPoint, RegionMark
from ui import map as maps
from ui.province import MARKS

_COLOURS = {
    Standing.DOES_NOT_STAND: "#CD0000",
    Standing.NOT_KNOWN: "#1080A6",
    Standing.STANDS: "#118847",
    Standing.NOT_ASSESSED: "#666666",
}
_REGION_ZOOM = 7.0
_WHOLE, _WHOLE_ZOOM = Point(49, -84.5), 4.5  # the signs from Kenora to Ottawa lie within a telephone's width
_RETURNED = ["last_object_clicked", "last_object_clicked_popup", "last_object_clicked_count"]


@dataclass(frozen=True)
class Chosen:
    """What a click on the map chooses: a facility, or else a region."""

    facility_id: int | None
    region: str


def draw(marks: Sequence[RegionMark], points: Sequence[FacilityPoint], choose: Callable[[Chosen], None]) -> None:
    """The map. `choose` is told what was clicked, once for each click, before the page is drawn anew."""

    def clicked() -> None:
        answer = st.session_state.get("province-map") or {}
        at = answer.get("last_object_clicked")
        _said, mark, id = str(answer.get("last_object_clicked_popup") or "").rpartition("#")
        if mark and id.strip().isdigit():
            choose(Chosen(int(id), ""))
        elif at:
            choose(Chosen(None, region_of(Point(at["lat"], at["lng"]))))

    group = maps.Laid(name="standings")
    _Regions(_worst_first(marks), marked=not points).add_to(group)
    if points:
        _Facilities([_facility(one) for one in points]).add_to(group)
    centre, zoom = (marks[0].middle, _REGION_ZOOM) if points and marks else (_WHOLE, _WHOLE_ZOOM)
    maps.draw("province-map", group, _RETURNED, centre, zoom, on_change=clicked)


def _worst_first(marks: Sequence[RegionMark]) -> list[dict[str, object]]:
    """The regions as the map draws them: where there is no room for all signs, it is the worst that are seen."""
    return [
        _region(one) for one in sorted(marks, key=lambda one: tuple(-n for n in one.counts.by_standing.values()))
    ]


def _region(one: RegionMark) -> dict[str, object]:
    """A region's worst standing, its rank and shape; how many have each; all its numbers in words."""
    worst = next(standing for standing, many in one.counts.by_standing.items() if many)
    many = one.counts.by_standing[worst]
    said = ", ".join(
        f"{MARKS[standing].shape} {MARKS[standing].word}: {in_english(number)}"
        for standing, number in one.counts.by_standing.items()
        if number
    )
    return {
        "code": one.code,
        "at": [one.middle.latitude, one.middle.longitude],
        "shape": MARKS[worst].shape,
        "rank": tuple(Standing).index(worst),
        "numbers": [one.counts.by_standing[standing] for standing in Standing],
        "said": f"{one.name}. {said}",
        "colour": _COLOURS[worst],
        "opacity": 0.15 + 0.35 * many / one.counts.total,
    }


def _facility(one: FacilityPoint) -> list[object]:
    mark, rank = MARKS[one.standing], tuple(Standing).index(one.standing)
    at = one.point
    return [
        at.latitude,
        at.longitude,
        one.facility_id,
        one.name,
        mark.shape,
        mark.word,
        _COLOURS[one.standing],
        rank,
    ]


_SIGN = """
    function sign(shape, many, colour, said) {
        var mark = document.createElement("div"), first = document.createElement("span");
        first.textContent = shape;
        first.style.color = colour;
        mark.appendChild(first);
        mark.appendChild(document.createTextNode(many === "" ? "" : " " + many));
        if (said) {  // a facility's marker bears its own title
            mark.setAttribute("role", "img");
            mark.setAttribute("aria-label", said);
            mark.title = said;
        }
        var width = 26 + (many === "" ? 0 : 4 + 8 * String(many).length);
        mark.style.cssText = "box-sizing:border-box;width:" + width + "px;height:24px;text-align:center;" +
            "background:#FFFFFF;border:2px solid " + colour + ";border-radius:4px;white-space:nowrap;" +
            "font:600 13px/20px sans-serif;color:#1A1A1A";
        return L.divIcon({html: mark, className: "", iconSize: [width, 24]});
    }
"""


class _Regions(MacroElement):
    """The census divisions, each to be clicked, filled by its worst standing; where they are marked, with its
    shape and how many facilities have it."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        (function (group) {
            var marks_in_order = {{ this.marks|tojson }}, marks = {};
            marks_in_order.forEach(function (mark) { marks[mark.code] = mark; });
        """
        + _SIGN
        + """
            var signs = L.featureGroup();
            // The worst first. A region whose sign would lie on another one is counted by that: a sign says how
            // many have its standing in all the regions that it stands for.
            function place() {
                var map = this, placed = [];
                signs.clearLayers();
                marks_in_order.forEach(function (mark) {
                    var at = map.latLngToLayerPoint(mark.at);
                    var other = placed.find(function (one) {
                        return Math.abs(one.x - at.x) < 52 && Math.abs(one.y - at.y) < 26;
                    });
                    if (other) {
                        other.many += mark.numbers[other.mark.rank];
                        other.said.push(mark.said);
                    } else {
                        var many = mark.numbers[mark.rank];
                        placed.push({x: at.x, y: at.y, mark: mark, many: many, said: [mark.said]});
                    }
                });
                placed.forEach(function (one) {
                    var icon = sign(one.mark.shape, one.many, one.mark.colour, one.said.join(". "));
                    L.marker(one.mark.at, {icon: icon, interactive: false, keyboard: false}).addTo(signs);
                });
            }
            fetch("../../assets/geo/ontario_census_divisions.geojson").then(function (answer) {
                return answer.json();
            }).then(function (shape) {
                var regions = L.geoJSON(shape, {
                    style: function (region) {
                        var mark = marks[region.properties.code];
                        return {color: "#666666", weight: 1, fillColor: mark ? mark.colour : "#F2F2F2",
                                fillOpacity: mark ? mark.opacity : 0};
                    },
                    onEachFeature: function (region, layer) {
                        var mark = marks[region.properties.code], said = document.createElement("span");
                        said.textContent = mark ? mark.said : region.properties.name + ": no facility";
                        layer.bindTooltip(said, {sticky: true});
                    }
                });
                if ({{ this.marked|tojson }}) {
                    regions.on("add", function () { this._map.on("zoomend", place, this._map); });
                    regions.on("remove", function () { this._map.off("zoomend", place); signs.clearLayers(); });
                    signs.addTo(group);
                }
                regions.addTo(group);
                if ({{ this.marked|tojson }} && regions._map) place.call(regions._map);
            });
        })({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, marks: list[dict[str, object]], *, marked: bool) -> None:
        super().__init__()
        self._name = "Standings"
        self.marks = marks
        self.marked = marked


class _Facilities(FastMarkerCluster):
    """Rows of latitude, longitude, id, name, shape, word, colour, rank: a mark with the shape, a popup with the
    name and "#" with the id; several together bear the worst shape and how many they are."""

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


_MARK = (
    "function (row) {"
    + _SIGN
    + """
        var said = document.createElement("div");
        [["strong", row[3]], ["div", row[4] + " " + row[5]]].forEach(function (part) {
            said.appendChild(document.createElement(part[0])).textContent = part[1];
        });
        var id = said.appendChild(document.createElement("div"));
        id.textContent = "#" + row[2];
        id.style.cssText = "color:#666666;font-size:11px";
        var named = row[3] + ": " + row[5];
        var options = {icon: sign(row[4], "", row[6], ""), rank: row[7], shape: row[4], colour: row[6]};
        options.title = named;
        options.word = row[5];
        return L.marker([row[0], row[1]], options).bindPopup(said);
    }
"""
)
_CLUSTER = (
    "function (cluster) {"
    + _SIGN
    + """
        var all = cluster.getAllChildMarkers();
        var worst = all.reduce(function (one, other) {
            return other.options.rank < one.options.rank ? other : one;
        });
        var said = all.length + " facilities, of the worst: " + worst.options.word;
        return sign(worst.options.shape, all.length, worst.options.colour, said);
    }
"""
)
