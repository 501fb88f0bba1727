"""The ministry's listings: how things stand, importing one, the second officer's word, taking one back."""

from collections.abc import Callable

import streamlit as st

from core.listings import ImportState, ListingKind
from core.sentences import in_english
from db.ministry_listings.views import Import
from db.services import alignment, listings
from db.services.listings import Stands
from ui import followed, imports_drawn, links, listing_differences, listing_upload, tables, words
from ui.forms import Form, attempt
from ui.fresh import fresh
from ui.session import asker, on_phone
from ui.words import Mark

_MARKS = {
    ImportState.WAITING: Mark("?", "Waits for a second officer", "unknown"),
    ImportState.STANDING: Mark("●", "Stands", "stands"),
    ImportState.FORMER: Mark("–", "Followed by a newer one", "none"),
    ImportState.WITHDRAWN: Mark("■", "Withdrawn", "wrong"),
    ImportState.REFUSED: Mark("■", "Refused", "wrong"),
}
_WHY_NOT, _WHY_WITHDRAWN = "Why it must not stand", "Why it is withdrawn"


def render() -> None:
    now = listings.stands(asker())
    words.title("Listings", " ".join(_sentence(kind, now[kind]) for kind in ListingKind))
    kind = _which()
    stands = now[kind]
    overtaken = imports_drawn.say_overtaken(kind, stands)
    for import_id in sorted(overtaken):
        _set_aside(import_id, stands)
    if stands.waiting:
        if not stands.waiting.mine and listing_upload.drop(kind):
            words.warning("So your own file is not imported. Decide on this import first, then upload it again.")
        _waiting(stands.waiting)
    else:
        st.subheader("Import a listing", anchor=False)
        listing_upload.upload(kind, stands)
    if stands.standing:
        _standing(stands)
    _history(kind, stands, overtaken)


def _which() -> ListingKind:
    chosen = st.radio(
        "Which listing",
        tuple(ListingKind),
        format_func=lambda one: ListingKind(one).label,
        horizontal=True,
        key="listing-kind",
    )
    return ListingKind(chosen or ListingKind.OPERATORS)


def _sentence(kind: ListingKind, stands: Stands) -> str:
    waits = " An import waits for a second officer." if stands.waiting else ""
    if stands.standing is None:
        return f"{kind.label}: no listing is on file, so nothing can be compared with it.{waits}"
    one = stands.standing
    return (
        f"{kind.label}: the listing of {in_english(one.listed_on)} stands, {kind.counted(one.rows)}; "
        f"imported by {one.imported_by} on {words.office_time(one.imported_at)}.{waits}"
    )


def _facts(one: Import) -> dict[str, object]:
    """What there is to know of an import; what does not apply is left out."""
    facts: dict[str, object] = {
        "Date of the listing": one.listed_on,
        "File": one.file_name,
        "SHA-256 of the file": one.sha256,
        "Rows": one.rows,
        "Against the listing before": (
            f"{in_english(one.difference.new)} new, {in_english(one.difference.changed)} changed, "
            f"{in_english(one.difference.gone)} gone, those that cannot be read among them"
        ),
        "Bad rows, left out": one.left_out,
        "Imported": f"by {one.imported_by} on {words.office_time(one.imported_at)}",
    }
    if one.confirmed_at:
        facts["Confirmed"] = f"by {one.confirmed_by} on {words.office_time(one.confirmed_at)}"
    if one.ended_at:
        facts[one.state.capitalize()] = f"by {one.ended_by} on {words.office_time(one.ended_at)}"
        facts["Why"] = one.reasons
    return facts


# --- what was typed too late --------------------------------------------------------------------------------


def _refusing(import_id: int) -> Form:
    return Form("listing-refusal", key=import_id)


def _withdrawing(import_id: int) -> Form:
    return Form("listing-withdrawal", key=import_id, in_dialog=True)


def _set_aside(import_id: int, now: Stands) -> None:
    """The reasons that were typed for an import and can be handed in no more."""
    if now.waiting is None or now.waiting.id != import_id:
        _refusing(import_id).set_aside(reasons=_WHY_NOT)
    if now.standing is None or now.standing.id != import_id:
        _withdrawing(import_id).set_aside(reasons=_WHY_WITHDRAWN)


# --- an import that waits -----------------------------------------------------------------------------------


def _waiting(one: Import) -> None:
    st.subheader("An import waits for a second officer", anchor=False)
    with st.container(border=True, key="listing-waiting"):
        words.facts(_facts(one))
        words.warning(
            f"{one.kind.counted(one.difference.gone)} would vanish or cannot be read. Until it is confirmed, "
            "nothing changes, and nothing else is imported."
        )
        if st.toggle("Show the rows that differ"):
            _differing(one)
        if one.mine:
            st.text("You imported it, so another officer has to confirm it. You may take it back.")
        elif st.button("Confirm this import", type="primary", key=f"confirm-import-{one.id}"):
            attempt(
                lambda: _own_act(lambda: listings.confirm(asker(), one.id, one.version)),
                "The listing is confirmed and stands. What followed from it stands below.",
            )
        label = "Take this import back" if one.mine else "Refuse this import"
        form = _refusing(one.id)
        reasons = form.textarea("reasons", _WHY_NOT, required=True)
        if form.submit(
            label,
            lambda: _own_act(lambda: listings.refuse_import(asker(), one.id, one.version, reasons)),
            primary=False,
        ):
            words.say_after_rerun("The import is dropped. Nothing was changed.")
            st.rerun()


def _own_act(act: Callable[[], object]) -> None:
    act()
    imports_drawn.forget()


def _differing(one: Import) -> None:
    found = fresh("differences", one.id, lambda: listings.differences(asker(), one.id))
    for said in listing_differences.not_compared(found):
        words.warning(said)
    listing_differences.draw(found)


# --- what stands, what was ----------------------------------------------------------------------------------


def _standing(stands: Stands) -> None:
    assert stands.standing  # noqa: S101 - the caller looked
    one = stands.standing
    st.subheader("The listing in use", anchor=False)
    with st.container(border=True, key="listing-standing"):
        words.facts(_facts(one))
        _followed(one)
        if stands.waiting is None and st.button("Withdraw this listing", key=f"withdraw-import-{one.id}"):
            _withdraw(one)


def _followed(one: Import) -> None:
    """What alignment made of the listing, or what it asks of officers, with the ways to it."""
    if one.kind is ListingKind.FACILITIES:
        to_decide = listings.facilities_to_decide(asker())
        st.text(followed.of_facilities(to_decide))
        followed.link_to_differences(to_decide)
        return
    run = alignment.of_listing(asker(), one.id)
    st.text(followed.in_words(run))
    if run is not None:
        with st.container(horizontal=True):
            links.to("Open this pass of alignment", "alignment", run=run.run_id)
            followed.link_to_differences(run.open)


@st.dialog("Withdraw this listing?")
def _withdraw(one: Import) -> None:
    st.text(
        f"The listing of {in_english(one.listed_on)} stands no more. The one before it stands again, if there was "
        "one, and what followed from this one is undone. The import stays on record."
    )
    words.points(*_undone(one, listings.void_when_withdrawn(asker(), one.id)))
    form = _withdrawing(one.id)
    reasons = form.textarea("reasons", _WHY_WITHDRAWN, required=True)
    if form.submit(
        "Withdraw it", lambda: _own_act(lambda: listings.withdraw(asker(), one.id, one.version, reasons))
    ):
        words.say_after_rerun(f"The listing of {in_english(one.listed_on)} is withdrawn.")
        st.rerun()


def _undone(one: Import, void: int) -> tuple[str, str]:
    """Which decisions of officers become void with a listing, and who is told by mail."""
    decisions = "1 decision" if void == 1 else f"{in_english(void)} decisions"
    said = (
        f"Of officers, {decisions} on differences from it will be void; what differs still is asked about anew. "
        "What was confirmed with it in view is asked about too, where the listing that stands then says otherwise."
    )
    if one.kind is ListingKind.FACILITIES:
        return said, "The managers of each facility that changes by it are told by mail at once."
    return (
        said,
        "Operators for whom something changes are told by mail once an officer releases that, under Alignment.",
    )


def _history(kind: ListingKind, stands: Stands, overtaken: frozenset[int]) -> None:
    st.subheader("Imports", anchor=False)
    found = listings.history(asker(), kind, tables.page_before_drawing("imports"))
    if not found.rows:
        words.empty("No listing has been imported yet.", "Download the ministry’s listing, and upload it above.")
        return
    chosen = tables.choose(
        [_cells(row) for row in found.rows],
        [row.id for row in found.rows],
        "import",
        alt="Imports, the newest first: date of the listing, state, rows, new, changed, gone, bad rows",
    )
    tables.page_number("imports", found.page, found.pages)
    for row in found.rows:
        if row.id == chosen:
            _chosen(row)
            if row.id not in overtaken:  # else it stands above
                _set_aside(row.id, stands)
            return
    st.text("Tick a row to see all of it; with the keyboard: arrows, then Shift and Space.")


def _cells(row: Import) -> dict[str, object]:
    """An import as a row that fits its screen; opened it says the rest."""
    cells: dict[str, object] = {"Listing of": in_english(row.listed_on), "State": _MARKS[row.state].word}
    if on_phone():
        return cells
    return cells | {
        "Rows": row.rows,
        "New": row.difference.new,
        "Changed": row.difference.changed,
        "Gone": row.difference.gone,
        "Bad rows": row.left_out,
    }


def _chosen(row: Import) -> None:
    with st.container(border=True, key="listing-chosen"):
        words.standing(_MARKS[row.state])
        words.facts(_facts(row))
        if row.left_out:
            who = asker()
            st.download_button(
                "Download its bad rows",
                lambda: listing_upload.bad_rows_as_csv(row.kind, listings.bad_rows(who, row.id)),
                f"bad-rows-{row.listed_on.isoformat()}.csv",
                "text/csv",
                on_click="ignore",
            )
