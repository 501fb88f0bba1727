"""What an employment leaves behind that ended or was taken back, in sentences."""

from collections.abc import Iterable, Iterator

from core.sentences import in_english
from db.facility_people import OVERALL
from db.left_behind import LeftBehind


def sentences(left: Iterable[LeftBehind]) -> Iterator[str]:
    """Who is designated without an employment from which day on, who is left, and what to do."""
    for one in left:
        part = "the overall responsible operator" if one.role == OVERALL else "an operator-in-charge"
        then = (
            f"on record as {part} then: {one.instead}"
            if one.instead
            else f"nobody else is on record as {part} then"
        )
        yield (
            f"{one.name} stays designated as {part} without an employment from {in_english(one.on)} on; {then}. "
            "End that designation below, and designate somebody else under “What you can do”."
        )
