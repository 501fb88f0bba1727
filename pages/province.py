"""The managers' page: how all facilities of Ontario stand, where it is worst, what comes near, month by month."""

from dataclasses import replace

import streamlit as st

from core.sentences import in_english
from core.standings import Standing
from db.places import regions
from db.province import By, Wanted
from db.services import province
from ui import links, province_ahead, province_map, words
from ui import province as drawn
from ui.province_map import Chosen
from ui.session import asker, on_phone

_TITLE = "Compliance in Ontario"
_VIEWS = ("Facilities", "Counts", "What comes near", "Month by month")
_BY = {"Region": By.REGION, "Type": By.TYPE, "Class": By.CLASS, "Owner": By.OWNER}


def render() -> None:
    top = st.container()
    wanted = drawn.wanted()
    counts = province.counts(asker(), wanted)
    with top:
        words.title(_TITLE, drawn.sentence(counts))
        drawn.standings(counts, wanted)
    narrowed = st.container()
    view = st.segmented_control(
        "Show", _VIEWS, default="Facilities", required=True, key="view", bind="query-params"
    )
    with narrowed:
        _narrowed(wanted, str(view))
    with st.container():
        if view == "Counts":
            _counts(wanted)
        elif view == "What comes near":
            province_ahead.near(wanted)
            province_ahead.training(wanted)
            province_ahead.expiries(wanted)
        elif view == "Month by month":
            province_ahead.trends(wanted)
            province_ahead.summary()
        else:
            _facilities(wanted)


def _narrowed(wanted: Wanted, view: str) -> None:
    """What narrows the view: of all standings counts tell, and months are narrowed by a region alone."""
    if view == "Month by month":
        return
    drawn.narrowed(replace(wanted, standing="") if view == "Counts" else wanted, view)


def _facilities(wanted: Wanted) -> None:
    listed, beside = st.columns([3, 2])
    with listed:
        drawn.listed(wanted)
    with beside:
        _map(wanted)


def _counts(wanted: Wanted) -> None:
    by = st.segmented_control("By", tuple(_BY), default="Region", required=True, key="by", bind="query-params")
    drawn.groups(_BY[by or "Region"], wanted)


@st.fragment
def _map(wanted: Wanted) -> None:
    if not st.toggle("Map", value=not on_phone(), key="province-map-shown"):
        return
    marks = province.on_map(asker(), wanted)
    points = province.points(asker(), wanted) if wanted.region else ()
    if wanted.region:
        said = "Each sign is a facility, or several together. Choose one to open it, or another region."
        if len(points) == province.MOST_ON_MAP:
            said += f" The {in_english(province.MOST_ON_MAP)} worst are shown."
    else:
        said = (
            "Each sign bears the worst standing of its region, and of those close beside it, and how many "
            "facilities have it. Choose a region to see its facilities."
        )
    shapes = "; ".join(f"{drawn.MARKS[one].shape} {drawn.MARKS[one].word.lower()}" for one in Standing)
    st.caption(f"{said} {shapes}.")
    province_map.draw(marks, points, _choose)
    if facility_id := st.session_state.pop("province-opens", None):
        links.go("compliance", id=facility_id)
    if st.session_state.pop("province-narrowed", False):
        st.rerun()


def _choose(chosen: Chosen) -> None:
    """A click on the map: a facility opens, a region narrows the list."""
    if chosen.facility_id is not None:
        st.session_state["province-opens"] = chosen.facility_id
    elif chosen.region in regions():
        st.session_state["region"] = chosen.region
        st.session_state["province-narrowed"] = True
