"""A difference between what is on file and a later listing: both side by side, and what to make of it."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.comparison import Comparison, Outcome
from core.problems import Refused
from core.queue import Place, Subject
from db.alignment.difference_views import CertificateView, FacilityView, View
from db.services import discrepancies
from ui import comparisons, links, mailed, profile_parts, queue_filters, queue_ways, words
from ui.addresses import row_id
from ui.forms import Form
from ui.fresh import fresh
from ui.session import asker

_KEEP, _FOLLOW = "Shift+K", "Shift+F"
_REASONS = "Reasons"
_OVERTAKEN = "overtaken-discrepancy"  # the one that was decided while this officer's page asked for a decision
_AGREES = "The listing agrees again"
_KEPT_WHILE_IT_SAYS_SO = (
    "What you keep is not asked about again while the list says the same of this facility; with a list that is "
    "withdrawn it is void."
)
_KEPT_AGAINST_THIS_LIST = (
    "What you keep counts against this list alone: if the next one does not have the number either, an officer is "
    "asked again."
)


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
    version, shown = profile_parts.seen(f"discrepancy-{number}", (view.version, view.comparison))
    to_decide = view.state == "open" and not view.own
    words.title_of(view.name, f"{_sentence(view)} Difference {number}.")
    if not to_decide:
        _overtaken(view, drawn_as=version)
    place, filters = Place(Subject.DISCREPANCY, number), queue_filters.in_address()
    around = queue_ways.around(place, filters)
    queue_ways.draw(around, filters, _keys(view) if to_decide else "")
    if to_decide:
        queue_ways.who_works_on_it(place, around, version)
    _both_sides(view)
    if view.reasons:
        st.text(f"Reasons: {view.reasons}")
    if to_decide:
        _decide(view, version, shown, partial(queue_ways.go_on, around, filters))
        return
    _keeping(view).set_aside(reasons=_REASONS)


def _keys(view: View) -> str:
    follow = f", {_FOLLOW} follow the listing" if view.following else ""
    return f", {_KEEP} keep what is on file{follow}"


def _overtaken(view: View, *, drawn_as: int) -> None:
    """That it was decided, or is so no more, since this officer's page asked for a decision; until another page
    is opened."""
    if _keeping(view).was_drawn("reasons") and drawn_as != view.version:
        st.session_state[_OVERTAKEN] = view.discrepancy_id
    for form in (_keeping(view), _following(view)):
        form.forget_problems()
    if st.session_state.get(_OVERTAKEN) != view.discrepancy_id:
        return
    done = _AGREES if _agrees(view) else "There is nothing to decide any more, by what changed"
    if view.decided_by and view.decided_at:
        done = f"{view.decided_by} decided on {words.office_time(view.decided_at)}"
    words.warning(f"{done}, after your page was drawn, so nothing more was done here.")


def _both_sides(view: View) -> None:
    """What is on file beside the listing; of what is decided, as both were then."""
    decided = view.decided_at is not None
    if decided:
        st.text(comparisons.compared_with(view.listed_on))
    comparisons.outcome(view.comparison)
    columns = [("On file when it was decided" if decided else "On file", _on_file(view))]
    caption = "What was on file" if decided else "What is on file"
    listed = _listed(view)
    if listed:
        columns.append((comparisons.listing(view.listed_on), listed))
        caption += ", beside the listing"
    comparisons.beside(caption, columns)
    if isinstance(view, CertificateView):
        words.facts({"It rested on" if decided else "It rests on": _rests_on(view)})


def _rests_on(view: CertificateView) -> str:
    if view.basis is None or view.confirmed_on is None:
        return "Nothing any more"
    return profile_parts.rests_on(view.basis, view.confirmed_on, withdrawn=view.rests_on_withdrawn)


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
        what = "kept what was on file" if view.state == "kept" else "followed the listing"
        return f"{view.decided_by} {what} on {words.office_time(view.decided_at)}."
    what = _noun(view)
    if view.own:
        return f"It is about your own {what}; another officer decides on it."
    if view.state != "open":
        if _agrees(view):
            return f"{_AGREES}; there is nothing to decide."
        return f"There is nothing to decide any more. {view.gone_because}"
    if view.listed_on is None:
        return f"{view.name}: no listing is on file that bears this {what} out."
    if view.unread:
        return f"{view.name}: what the listing says of this {what} could not be read."
    return f"{view.name}: the listing says otherwise than what is on file."


def _agrees(view: View) -> bool:
    return view.comparison.outcome is Outcome.EXACT


def _noun(view: View) -> str:
    return "facility" if isinstance(view, FacilityView) else "certificate"


def _on_file(view: View) -> dict[str, object]:
    if isinstance(view, CertificateView):
        return comparisons.certificate(view.held, view.operator_id, view.name)
    assert isinstance(view, FacilityView)  # noqa: S101 - one of the two
    owner = f"{view.name} operates it for the owner" if view.operates else view.name
    return comparisons.facility(view.facility, owner)


def _listed(view: View) -> dict[str, object]:
    """The line of the listing; empty where it has none."""
    comparison = view.comparison
    if comparison.licence:
        return comparisons.listed_certificate(comparison.licence)
    return comparisons.listed_facility(comparison.facility) if comparison.facility else {}


def _decide(view: View, version: int, shown: Comparison, leave: Callable[[], None]) -> None:
    st.subheader("Decision", anchor=False)
    if isinstance(view, FacilityView):
        missing = view.comparison.outcome.not_found
        st.text(_KEPT_AGAINST_THIS_LIST if missing else _KEPT_WHILE_IT_SAYS_SO)
    elif view.listed_on is None:
        st.text("What you keep counts until a listing is imported; from then on that listing is followed.")
    form = _keeping(view)
    reasons = form.textarea("reasons", _REASONS, help="Needed to keep what is on file.")
    if form.submit(
        "Keep what is on file",
        lambda: discrepancies.keep(asker(), view.discrepancy_id, version, reasons, shown),
        shortcut=queue_ways.key(_KEEP),
    ):
        _go_on("what is on file is kept.", view, leave)
    following = view.following
    if following is None:
        if isinstance(view, FacilityView):
            st.text(str(view.why_nothing_to_follow))
        return
    st.text("If you follow the listing:")
    words.points(*following.said)
    if _following(view).submit(
        "Follow the listing",
        lambda: discrepancies.follow(asker(), view.discrepancy_id, version, reasons, shown),
        primary=False,
        shortcut=queue_ways.key(_FOLLOW),
    ):
        form.forget()
        whom = "its managers are" if isinstance(view, FacilityView) else "the operator is"
        done = "it follows the listing now"
        _go_on(mailed.told(done, whom) if following.mailed else f"{done}.", view, leave)


def _keeping(view: View) -> Form:
    return Form("discrepancy", key=view.discrepancy_id)


def _following(view: View) -> Form:
    return Form("follow", key=view.discrepancy_id)


def _go_on(done: str, view: View, leave: Callable[[], None]) -> None:
    """After a decision: says which one was decided and how, above whatever comes next."""
    profile_parts.forget_seen(f"discrepancy-{view.discrepancy_id}")
    words.say_after_rerun(f"Difference {view.discrepancy_id}, {view.name}, {_about(view)}: {done}")
    leave()
    st.rerun()


def _about(view: View) -> str:
    if isinstance(view, CertificateView):
        return f"{view.held.label} ({view.held.number})"
    assert isinstance(view, FacilityView)  # noqa: S101 - one of the two
    return f"{view.facility.name} ({view.facility.ministry_number})"
