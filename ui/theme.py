"""What every page wears: our style sheet, the demo's mark, the footer with its attributions."""

from pathlib import Path

import streamlit as st

from ui.markup import html

_STYLES = Path(__file__).parent / "static" / "portal.css"


def styles() -> None:
    st.html(_STYLES)


def demo_banner() -> None:
    html(
        '<div class="demo-banner" role="note"><strong>Demonstration.</strong> The people here are invented; '
        "nothing you enter reaches the certification office.</div>"
    )


def footer(*, demo: bool) -> None:
    """Whose data the maps and the demo show, as their licences ask."""
    sources = (
        'Maps: made with <a href="https://www.naturalearthdata.com">Natural Earth</a>; adapted from Statistics '
        "Canada, 2016 Census boundary files, which does not constitute an endorsement by Statistics Canada of "
        'this product. Places: <a href="https://www.geonames.org">GeoNames</a>, CC BY 4.0.'
    )
    facilities = (
        ' Demo facilities: <a href="https://doi.org/10.5194/essd-14-559-2022">HydroWASTE v1.0</a>, '
        "Ehalt Macedo et al. (2022), CC BY 4.0; classes and owners are invented."
    )
    html(f'<footer class="footer">{sources}{facilities if demo else ""}</footer>')
