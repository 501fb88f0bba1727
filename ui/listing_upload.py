"""A listing on its way in: the file, whose columns are whose, the preview, and the import."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import streamlit as st

from core.listing_rows import COLUMNS, BadRow, lacking, named_alike
from core.listings import ImportState, ListingKind
from core.problems import Refused
from core.sentences import in_english
from db.ministry_listings.files import Progress, ReadListing, Table, open_table, read
from db.services import alignment, listings
from db.services.listings import Preview, Stands
from ui import exports, followed, imports_drawn, listing_differences, words
from ui.forms import Form
from ui.fresh import fresh
from ui.markup import Markup, html, joined, markup
from ui.session import asker, portal

Made = TypeVar("Made")
_ABOUT_BAD_ROWS = {
    ListingKind.OPERATORS: (
        "What a bad row is about is not known: a confirmed certificate whose Operator ID or number it has is not "
        "gone; it stays as it is, and comes to the queue. Where neither can be read, the certificate counts as "
        "gone. Bad rows are counted with those that are gone where a second officer is asked for."
    ),
    ListingKind.FACILITIES: (
        "A facility of which a bad row speaks counts as not listed until a listing brings a row that can be read; "
        "so it is counted with those that are gone where a second officer is asked for."
    ),
}
_SHOWN = 50  # bad rows on the page; the download has all
_NAMED = 10  # rows that a warning names by their numbers


def upload(kind: ListingKind, stands: Stands) -> None:
    """Takes a file from its upload to its import."""
    most = portal().settings.listing_mb
    st.text(
        "Nothing is kept of a file before it is imported: when you reload or leave this page, upload it again."
    )
    file = st.file_uploader(
        f"Listing of {kind.value} – CSV or Excel (.xlsx), at most {most} MB",
        key=f"listing-{kind}-{st.session_state.get('listings-imported', 0)}",
        max_upload_size=most,
    )
    if file is None:
        return
    try:
        about = (file.file_id, kind)
        table = _kept("table", about, lambda: _open(file.name, file.getvalue(), most))
        columns = listings.columns(asker(), kind, table)
        if columns is None or st.session_state.get("listing-map-anew") == about:
            _map(kind, table)
            return
        listing = _kept("read", (*about, tuple(columns.items())), lambda: _read(kind, table, columns))
    except Refused as refused:
        words.problems(refused)
        return
    against = stands.standing.id if stands.standing else None
    preview = fresh("listing", (*about, columns, against), lambda: listings.preview(asker(), listing))
    _show(kind, listing, preview, columns)
    if st.button("Map the columns anew"):
        st.session_state["listing-map-anew"] = about
        st.rerun()
    _import(kind, listing, preview)


def _kept(name: str, about: object, make: Callable[[], Made]) -> Made:
    """What was made of this very file, so that a click does not read it again."""
    key = f"listing-{name}"
    if st.session_state.get(key, (None,))[0] != about:
        st.session_state[key] = (about, make())
    made: Made = st.session_state[key][1]
    return made


def _open(name: str, content: bytes, most: int) -> Table:
    with st.spinner("Opening the file"):
        return open_table(name, content, most)


def _read(kind: ListingKind, table: Table, columns: Mapping[str, str]) -> ReadListing:
    with _progress("Reading the rows") as tell:
        return read(kind, table, columns, tell)


class _progress:  # noqa: N801 - used as a verb: with _progress("Reading")
    """A bar that says what is being done, and how far it is; gone at the end."""

    def __init__(self, what: str) -> None:
        self._what, self._bar = what, st.progress(0.0, what)

    def __enter__(self) -> Progress:
        return lambda share: self._bar.progress(share, f"{self._what}: {share:.0%}")

    def __exit__(self, *_: object) -> None:
        self._bar.empty()


# --- columns ----------------------------------------------------------------------------------------------


def _map(kind: ListingKind, table: Table) -> None:
    """Asks which column of the file is which of ours; the answer is kept for every file with these headings."""
    st.subheader("Whose columns are whose", anchor=False)
    lacks = lacking(kind, table.headings)
    if lacks:
        words.warning(lacks.said)
    st.text(
        "Where the file names these columns in its own way, say once which they are; it is kept for every later "
        "file with the same headings."
    )
    own = [heading for heading in table.headings if heading]
    kept = listings.kept_columns(asker(), kind, table)
    suggested = None if kept else named_alike(kind, table.headings)
    form = Form("listing-columns", kept, suggested=suggested, key=f"{kind}-{table.heading_hash[:12]}")
    chosen = {
        column.name: form.select(column.name, column.label, own, required=column.required) or ""
        for column in COLUMNS[kind]
    }
    if form.submit("Keep these columns", lambda: listings.save_columns(asker(), kind, table, chosen)):
        st.session_state.pop("listing-map-anew", None)
        st.rerun()


# --- the preview ------------------------------------------------------------------------------------------


def _show(kind: ListingKind, listing: ReadListing, preview: Preview, columns: Mapping[str, str]) -> None:
    st.subheader("What this file would change", anchor=False)
    changes = preview.difference
    words.facts(
        {
            "Rows that can be used": len(listing.rows),
            "New": changes.new,
            "Changed": changes.changed,
            "Gone": changes.gone,
            "Unchanged": changes.unchanged,
            "In the present listing, cannot be read in this one": changes.unread,
            "Bad rows, left out": len(listing.bad),
        }
    )
    st.text(f"Nothing is written yet. {_ABOUT_BAD_ROWS[kind]}")
    if preview.withdrawn:
        st.text(f"None stands, so it is compared with the listing of {in_english(preview.withdrawn)}, withdrawn.")
    for said in listing_differences.not_compared(preview.differences):
        words.warning(said)
    if preview.same_file:
        words.notice("This very file stands already. Import it only as the listing of a later day.")
    if preview.needs_second:
        words.warning(
            f"{in_english(preview.differences.vanishing)} of {kind.counted(preview.former)} would vanish or "
            f"cannot be read, more than {in_english(portal().settings.vanishing_percent)}%. The import will wait "
            "for a second officer."
        )
    if listing.like_formulas:
        words.warning(_like_formulas(listing.like_formulas))
    if listing.bad:
        bad_rows(kind, listing.bad)
    listing_differences.draw(preview.differences)
    alike = named_alike(kind, columns.values())
    labels = {column.name: column.label for column in COLUMNS[kind]}
    mapped = [f"{labels[ours]} is “{theirs}”" for ours, theirs in columns.items() if alike.get(ours) != theirs]
    if mapped:
        st.text(f"Columns as somebody has mapped them: {'; '.join(mapped)}.")


def _like_formulas(lines: Sequence[int]) -> str:
    """That names begin like a formula, and in which rows."""
    which = ", ".join(map(str, lines[:_NAMED])) + (", …" if len(lines) > _NAMED else "")
    counted = f"1 row has a name that begins like a formula (row {which})"
    if len(lines) > 1:
        counted = f"{in_english(len(lines))} rows have a name that begins like a formula (rows {which})"
    return f"{counted}. It is read as text and never calculated, here or in a download. Is it meant so?"


def bad_rows(kind: ListingKind, bad: Sequence[BadRow]) -> None:
    """Bad rows, each with its number and why; beyond the first, in the download."""
    st.subheader("Bad rows", anchor=False)
    html(
        '<table class="plain"><caption>Rows of the file that are left out</caption><thead><tr>'
        '<th scope="col" class="number">Row</th><th scope="col">About</th><th scope="col">What is wrong</th></tr>'
        "</thead><tbody>{rows}</tbody></table>",
        rows=joined(_bad_row(kind, row) for row in bad[:_SHOWN]),
    )
    if len(bad) > _SHOWN:
        st.text(f"Shown: {_SHOWN} of {in_english(len(bad))}. The download has all of them.")
    st.download_button(
        "Download the bad rows", lambda: bad_rows_as_csv(kind, bad), "bad-rows.csv", "text/csv", on_click="ignore"
    )


def _bad_row(kind: ListingKind, row: BadRow) -> Markup:
    """A bad row with what it is about, as far as that could be read."""
    number = "Facility" if kind is ListingKind.FACILITIES else "Certificate"
    operator = f"Operator ID {row.operator_id}" if row.operator_id else ""
    about = (row.name, operator, f"{number} {row.number}" if row.number else "")
    return markup(
        '<tr><td class="number">{line}</td><td>{about}</td><td>{why}</td></tr>',
        line=row.line,
        about=", ".join(filter(None, about)) or "Cannot be read",
        why=row.reason,
    )


def bad_rows_as_csv(kind: ListingKind, bad: Sequence[BadRow]) -> bytes:
    """Bad rows as a table to download, each with its numbers as far as they could be read."""
    if kind is ListingKind.FACILITIES:
        rows = ((row.line, row.number, row.reason) for row in bad)
        return exports.to_csv(("Row", "Facility number", "What is wrong"), rows)
    named = ((row.line, row.operator_id, row.number, row.reason) for row in bad)
    return exports.to_csv(("Row", "Operator ID", "Certificate number", "What is wrong"), named)


def _import(kind: ListingKind, listing: ReadListing, preview: Preview) -> None:
    form = Form("listing", key=kind)
    listed_on = form.day(
        "listed_on", "Date of the listing", required=True, help="The day of which the ministry says it is."
    )
    outcome: list[ImportState] = []

    def write() -> None:
        with _progress("Writing the rows") as tell:
            outcome.append(listings.import_(asker(), listing, listed_on, preview.against, tell))

    if not form.submit("Import this listing", write):
        return
    drop(kind)
    imports_drawn.forget()
    rows = kind.counted(len(listing.rows))
    if ImportState.WAITING in outcome:
        words.say_after_rerun(f"The import of {rows} waits for a second officer. Until then nothing changes.")
    else:
        words.say_after_rerun(f"The listing is imported and stands: {rows}.{_followed(kind)}")
    st.rerun()


def drop(kind: ListingKind) -> bool:
    """Lets go of the file; whether one of this kind was read."""
    st.session_state["listings-imported"] = st.session_state.get("listings-imported", 0) + 1
    kept = [st.session_state.pop(f"listing-{name}", None) for name in ("table", "read")]
    return any(one is not None and kind in one[0] for one in kept)


def _followed(kind: ListingKind) -> str:
    stands = listings.stands(asker())[kind].standing
    if stands is None:
        return ""
    if kind is ListingKind.FACILITIES:
        return f" {followed.of_facilities(listings.facilities_to_decide(asker()))}"
    return f" {followed.in_words(alignment.of_listing(asker(), stands.id))}"
