"""Those found, as rows: of the table beside the map, and of the file that is kept."""

from collections.abc import Sequence

from core.availability import Shift, Slot, Weekday
from core.sentences import in_english
from db.services.search import Certificate, Found
from ui import exports, profile_parts

_HEADINGS = ("Name", "Distance (km)", "Based in", "Certificate", "Number", "Valid until", "Shifts", "Checked on")


def row(one: Found) -> dict[str, object]:
    """A row of the table. The type of the certificate is known: it was searched for."""
    return {
        "Name": one.name,
        "Distance (km)": round(one.distance_km),
        "Based in": one.base_place,
        "Certificate": "; ".join(map(_in_short, one.certificates)),
        "Shifts": shifts(one.slots),
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
        )
        for one in people
        for certificate in one.certificates
    )
    return exports.to_excel("Operators", _HEADINGS, rows)


def certificate(one: Certificate) -> str:
    """A certificate in full: what it is, until when it is valid, for whom, by what, when it was checked."""
    review = f"; {profile_parts.overridden(one.override_until)}" if one.override_until else ""
    return (
        f"{one.licence.label}{_deemed(one)}, valid until {in_english(one.licence.expiry)}{_only(one)}{review}; "
        f"checked on {in_english(one.checked_on)}"
    )


def shifts(slots: Sequence[Slot]) -> str:
    """ "Mon Tue day, Sat night"."""
    said = []
    for shift in Shift:
        days = [slot.weekday[:3] for slot in slots if slot.shift is shift]
        if days:
            said.append(f"{'every' if len(days) == len(Weekday) else ' '.join(days)} {shift}")
    return ", ".join(said)


def _in_short(one: Certificate) -> str:
    level = one.licence.licence_class
    deemed = ", deemed" if one.deemed_by else ""
    held = f"{level.label}{deemed}, until" if level else "Until"
    review = f" ({profile_parts.overridden(one.override_until)})" if one.override_until else ""
    return f"{held} {in_english(one.licence.expiry)}{_only(one)}{review}"


def _only(one: Certificate) -> str:
    return f", for {one.licence.valid_for} only" if one.licence.valid_for else ""


def _deemed(one: Certificate) -> str:
    return " (deemed, by treatment licence; O. Reg. 129/04, s. 10)" if one.deemed_by else ""
