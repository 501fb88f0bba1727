"""A difference between a decision made here and a later listing: both side by side, and what to make of it."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.licences import Licence
from core.problems import Refused
from core.queue import Place, Subject
from core.sentences import in_english
from db.services import discrepancies
from db.services.discrepancies import View
from ui import comparisons, links, profile_parts, queue_filters, queue_ways, words
from ui.addresses import row_id
from ui.forms import Form
from ui.fresh import fresh
from ui.session import asker


def render() -> None:
    number = row_id(st.query_params.get("id", ""))
    if number is None:
        _nothing_here("The address names no difference.")
        return
    try:
        view = fresh("discrepancy", number, lambda: discrepancies.discrepancy(asker(), number))
    except Refused as missing:
        _nothing_here(str(missing))
        return
    version = profile_parts.seen(f"discrepancy-{number}", view.version)
    words.title(f"Difference {number}", _sentence(view))
    place, filters = Place(Subject.DISCREPANCY, number), queue_filters.in_address()
    around = queue_ways.around(place, filters)
    queue_ways.draw(around, filters)
    if view.state == "open" and not view.own:
        queue_ways.who_works_on_it(place, around, version)
    comparisons.outcome(view.comparison)
    columns = [("Held true here", _held(view))]
    if view.comparison.licence:
        listed = comparisons.listed_certificate(view.comparison.licence)
        columns.append((comparisons.listing(view.listed_on), listed))
    comparisons.beside("What is held true, beside the listing", columns)
    words.facts({"It rests on": _rests_on(view)})
    if view.reasons:
        st.text(f"Reasons: {view.reasons}")
    if view.state == "open" and not view.own:
        _decide(view, version, partial(queue_ways.go_on, around, filters))


def _rests_on(view: View) -> str:
    if view.basis is None or view.confirmed_on is None:
        return "Nothing any more"
    return f"{view.basis.label} of {in_english(view.confirmed_on)}"


def _nothing_here(why: str) -> None:
    words.title("Difference", why)
    words.empty("Nothing is shown here.", "Open a difference from the queue.")
    links.to("Open the queue", "queue", primary=True)


def _sentence(view: View) -> str:
    if view.decided_by and view.decided_at:
        if view.state == "gone":
            return (
                f"{view.decided_by} decided on {words.office_time(view.decided_at)}; the listing was withdrawn "
                "since, so that decision is void."
            )
        what = "kept what stands" if view.state == "kept" else "followed the listing"
        return f"{view.decided_by} {what} on {words.office_time(view.decided_at)}."
    if view.own:
        return "It is about your own certificate; another officer decides on it."
    if view.state != "open":
        return "The listing agrees again; there is nothing to decide."
    if view.unread:
        return f"{view.name}: what the listing says of this certificate could not be read."
    return f"{view.name}: the listing says otherwise than the office decided."


def _held(view: View) -> dict[str, object]:
    held: Licence = view.held
    return comparisons.certificate(held, view.operator_id, view.name)


def _decide(view: View, version: int, leave: Callable[[], None]) -> None:
    st.subheader("Decision", anchor=False)
    form = Form("discrepancy", key=view.discrepancy_id)
    reasons = form.textarea("reasons", "Reasons", help="Needed to keep what stands.")
    if form.submit("Keep what stands", lambda: discrepancies.keep(asker(), view.discrepancy_id, version, reasons)):
        _go_on("What stands goes on standing.", view, leave)
    if not view.listed_on or view.unread:
        return
    follow = Form("follow", key=view.discrepancy_id)
    if follow.submit(
        "Follow the listing",
        lambda: discrepancies.follow(asker(), view.discrepancy_id, version, reasons),
        primary=False,
    ):
        form.forget()
        _go_on("The certificate follows the listing, and its holder is told by mail.", view, leave)


def _go_on(said: str, view: View, leave: Callable[[], None]) -> None:
    profile_parts.forget_seen(f"discrepancy-{view.discrepancy_id}")
    words.say_after_rerun(said)
    leave()
    st.rerun()
