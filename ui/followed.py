"""What followed from a listing or a pass of alignment: the changes, and the differences that came to the queue."""

from core.queue import Kind
from core.sentences import in_english
from db.services.alignment import Run
from ui import links


def in_words(run: Run | None) -> str:
    """What alignment made of a listing, in a sentence."""
    if run is None:
        return "No confirmed certificate and no profile changes by it."
    changes = "1 change" if run.changes == 1 else f"{in_english(run.changes)} changes"
    found = "1 difference" if run.differences == 1 else f"{in_english(run.differences)} differences"
    return f"Alignment made {changes} to certificates and profiles, and brought {found} to the queue."


def differences(run: Run) -> str:
    """How many differences a pass found, and how many of them still wait."""
    if not run.differences:
        return "None"
    waiting = f"{in_english(run.open)} still to decide" if run.open else "all decided or gone"
    return f"{in_english(run.differences)} found, {waiting}"


def of_facilities(to_decide: int) -> str:
    """What follows from a list of facilities, in a sentence: nothing by itself, but officers are asked."""
    if not to_decide:
        return "It says nothing of a confirmed facility that an officer has to decide on."
    facilities = "1 confirmed facility" if to_decide == 1 else f"{in_english(to_decide)} confirmed facilities"
    return f"It says otherwise of {facilities} than what is on file; an officer decides on each in the queue."


def link_to_differences(still_open: int) -> None:
    """The way to what still waits of the differences."""
    if still_open:
        links.to("Open the differences in the queue", "queue", kind=Kind.DISCREPANCY)
