"""The floor that bench.search_browser times the search page against: an empty page with one marker on a map.

    python -m bench.floor PORT

Its map loads the portal's scripts, and its marker is laid over it anew: the fastest way that there is.
"""

import sys
from pathlib import Path

import folium
import streamlit as st

from ui.map import asset_routes

TOWNS = {"London": (42.98, -81.25), "Kingston": (44.23, -76.48)}


def page() -> None:
    from streamlit_folium import st_folium

    town = st.selectbox("Town", tuple(TOWNS))
    group = folium.FeatureGroup(name="town")
    folium.Marker(TOWNS[town], icon=folium.DivIcon(html=town)).add_to(group)
    base = folium.Map((44.0, -79.0), zoom_start=6, tiles=None)
    st_folium(base, key="map", feature_group_to_add=group, returned_objects=[])


app = st.App(Path(__file__).with_name("floor_page.py"), routes=asset_routes())

if __name__ == "__main__":
    app.run(config={"server.port": int(sys.argv[1]), "server.address": "127.0.0.1"})
