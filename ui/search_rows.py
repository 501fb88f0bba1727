"""Those found, as rows: of the table beside the map, and of the file that is kept."""

from collections.abc import Collection, Sequence

import streamlit as st

from core.availability import Shift, Slot, Weekday
from core.sentences import in_english
from db.found_certificates import Certificate
from db.services.search import Found
from ui import exports, profile_parts

_HEADINGS = (
    "Name", "Distance (km)", "Based in", "Certificate", "Number", "Valid until", "Shifts", "Checked on",
    "Ministry’s listing",
)  # fmt: skip


# Widths in px. On a telephone what decides is in view, the rest by a push; at a desk the map stands beside.
COLUMNS = {
    "Name": st.column_config.TextColumn(width=92),
    "km": st.column_config.NumberColumn(format="%d", width=44),
    "Certificate": st.column_config.TextColumn(width=110),
    "Shifts": st.column_config.TextColumn(width=78),
    "Based in": st.column_config.TextColumn(width=92),
    "Checked on": st.column_config.TextColumn(width=92),
}


def row(one: Found) -> dict[str, object]:
    """A row of the table. The type of the certificate is known: it was searched for."""
    return {
        "Name": one.name,
        "km": round(one.distance_km),
        "Certificate": "; ".join(map(_in_short, one.certificates)),
        "Shifts": shifts(one.slots),
        "Based in": one.base_place,
        "Checked on": in_english(one.checked_on),
    }


def to_excel(people: Sequence[Found]) -> bytes:
    """A workbook with a row for each certificate that fits; no contact details."""
    rows = (
        (
            one.name,
            round(one.distance_km),
            one.base_place,
            f"{certificate.licence.label}{_only(certificate)}{_deemed(certificate)}",
            certificate.licence.number,
            certificate.licence.expiry.isoformat(),
            shifts(one.slots),
            certificate.checked_on.isoformat(),
            certificate.otherwise.mark if certificate.otherwise else "",
        )
        for one in people
        for certificate in one.certificates
    )
    return exports.to_excel("Operators", _HEADINGS, rows)


def certificate(one: Certificate) -> str:
    """A certificate in full: what it is, until when it is valid, for whom, by what, when it was checked, and what
    the ministry's listing says otherwise."""
    review = f"; {profile_parts.overridden(one.override_until)}" if one.override_until else ""
    valid = "on file until" if one.otherwise else "valid until"
    otherwise = f". {one.otherwise.said}" if one.otherwise else ""
    return (
        f"{one.licence.label}{_deemed(one)}, {valid} {in_english(one.licence.expiry)}{_only(one)}{review}; "
        f"checked on {in_english(one.checked_on)}{otherwise}"
    )


def shifts(slots: Sequence[Slot]) -> str:
    """ "Mon–Fri day, Sat night"."""
    said = []
    for shift in Shift:
        days = [slot.weekday for slot in slots if slot.shift is shift]
        if days:
            said.append(f"{'every' if len(days) == len(Weekday) else _days(days)} {shift}")
    return ", ".join(said)


def _days(days: Collection[Weekday]) -> str:
    """ "Mon–Fri Sun": three days or more on end as their first and last."""
    spans: list[list[str]] = [[]]
    for day in Weekday:
        if day in days:
            spans[-1].append(day[:3])
        else:
            spans.append([])
    return " ".join(f"{span[0]}–{span[-1]}" if len(span) > 2 else " ".join(span) for span in spans if span)


def _in_short(one: Certificate) -> str:
    """What fits a cell of three lines: where the listing says otherwise that, instead of the day of expiry."""
    level = one.licence.licence_class
    held = f"{level.label}{', deemed' if one.deemed_by else ''}" if level else ""
    review = f" ({profile_parts.overridden(one.override_until)})" if one.override_until else ""
    if one.otherwise:
        said = ": ".join(part for part in (f"▲ {one.otherwise.mark}", held) if part)
    else:
        said = f"{held}, until" if held else "Until"
        said = f"{said} {in_english(one.licence.expiry)}"
    return f"{said}{_only(one)}{review}"


def _only(one: Certificate) -> str:
    return f", for {one.licence.valid_for} only" if one.licence.valid_for else ""


def _deemed(one: Certificate) -> str:
    return " (deemed, by treatment licence; O. Reg. 129/04, s. 10)" if one.deemed_by else ""
