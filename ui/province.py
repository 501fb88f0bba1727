"""Facilities of the province on the managers' page: what they are narrowed by, how many stand, and the list."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlencode

import streamlit as st

from core.calendar import add_months
from core.facilities import FacilityClass, FacilityType
from core.places import day_at
from core.sentences import in_english, month_in_english
from core.standings import SOON_DAYS, Standing
from db.gate import Asker
from db.listing import Listing
from db.places import regions
from db.province import NONE, Behind, By, Counts, Near, Wanted
from db.services import province
from db.services.province import FacilityRow, Group
from ui import exports, tables, words
from ui.fields import told_apart
from ui.markup import Markup, html, joined, markup
from ui.session import asker, on_phone

MARKS: Mapping[Standing, words.Mark] = {
    Standing.DOES_NOT_STAND: words.DOES_NOT_STAND,
    Standing.NOT_KNOWN: words.NOT_KNOWN,
    Standing.STANDS: words.STANDS,
    Standing.NOT_ASSESSED: words.NOT_ASSESSED,
}
_TYPES = {"": "All types"} | {one.value: one.label for one in FacilityType}
_CLASSES = {"": "All classes"} | {one.value: one.label for one in FacilityClass} | {NONE: "No class on record"}
_NEAR = {
    Near.ONE: "one departure from having nobody who may be overall responsible",
    Near.SOON: f"only one who may be overall responsible, and until a day within {SOON_DAYS} days",
}
_TRAINING = {
    Behind.BEHIND: "an operator is behind in training",
    Behind.SHORT: f"training of an operator is missing and due within {SOON_DAYS} days",
    Behind.NOT_KNOWN: "training of an operator is not known",
}
_CALLED = {"near": "group of those close to having nobody", "training": "state of training"}
_LONGEST = 100  # letters of an address that are repeated
_COLUMNS = ("Facility", "Class", "Standing", "May change on")
_HEADINGS = (
    "Facility", "Number", "Type", "Class", "Owner", "Region", "Standing", "Findings that do not stand",
    "May change on", "May be overall responsible by licence", "Of the only one that may be otherwise from",
)  # fmt: skip


# --- what is asked ------------------------------------------------------------------------------------------


def wanted() -> Wanted:
    """What the filters and the address ask for; the filters are drawn. What is not there is said and left out."""
    given = st.query_params.to_dict()  # as it was asked: a filter takes out of the address what it does not know
    names = {"": "All regions"} | dict(regions())
    with st.expander("Narrow the facilities", expanded=not on_phone()), st.container(horizontal=True):
        region = _choose("Region", names, "region")
        facility_type = _choose("Type", _TYPES, "type")
        facility_class = _choose("Class", _CLASSES, "class")
        owner = _choose_owner()
        typed = st.text_input(
            "Facility, number or owner contains", key="words", max_chars=100, bind="query-params", width=300
        )
    found = Wanted(
        _one_of(Standing, given.get("standing", "")),
        region,
        facility_type,
        facility_class,
        owner,
        typed or "",
        _one_of(Near, given.get("near", "")),
        _month(given.get("month", "")),
        _one_of(Behind, given.get("training", "")),
    )
    _left_out(given, found)
    return found


def _left_out(given: Mapping[str, str], found: Wanted) -> None:
    """What the address asks for and is not there, since all facilities are shown instead."""
    known = {
        "region": regions().values(),
        "type": _TYPES.values(),
        "class": _CLASSES.values(),
        "owner": [given.get("owner")] if found.owner else [],  # by number or by name
        "standing": [found.standing],
        "near": [found.near],
        "month": [found.month.isoformat()[:7] if found.month else ""],
        "training": [found.training],
    }
    for name, values in known.items():
        if given.get(name) and given[name] not in values:
            called = _CALLED.get(name, name)
            words.problem(
                f"The address asks for the {called} “{given[name][:_LONGEST]}”, which is left out: there is none. "
                "Choose anew, or follow a link of this page."
            )


def address(one: Wanted, view: str = "", **changes: object) -> str:
    """The address of this page with what is wanted, changed in part. Filters stand there by their names, a view by
    its label; none is that of the list."""
    new = replace(one, **changes)  # type: ignore[arg-type]
    said = {
        "view": view,
        "standing": new.standing,
        "region": regions().get(new.region, ""),
        "type": _TYPES[new.facility_type] if new.facility_type else "",
        "class": _CLASSES[new.facility_class] if new.facility_class else "",
        "owner": new.owner,
        "words": new.words,
        "near": new.near,
        "month": new.month.isoformat()[:7] if new.month else "",
        "training": new.training,
    }
    return "?" + urlencode({name: value for name, value in said.items() if value})


def facility_address(facility_id: int) -> str:
    """Where a facility of a list opens."""
    return f"compliance?id={facility_id}"


def narrowed(one: Wanted, view: str) -> None:
    """What the address narrows besides the filters, and the way back."""
    said = [
        MARKS[Standing(one.standing)].word if one.standing else "",
        _NEAR[Near(one.near)] if one.near else "",
        f"a licence expires in {month_in_english(one.month)}" if one.month else "",
        _TRAINING[Behind(one.training)] if one.training else "",
    ]
    if any(said):
        html(
            '<p>Only those: {said}. <a href="{address}" target="_self">Show the others too</a></p>',
            said="; ".join(filter(None, said)),
            address=address(one, view, standing="", near="", month=None, training=""),
        )


def _choose(label: str, options: Mapping[str, str], key: str) -> str:
    return str(
        st.selectbox(
            label, tuple(options), format_func=options.__getitem__, key=key, bind="query-params", width=230
        )
    )


_OWNER = "province-owner"


def _choose_owner() -> str:
    """The owner in the address, by number, since several may bear one name; or by a name that one alone bears."""
    given = st.query_params.get("owner", "")
    asks = asker()
    owners = _owners(asks, asks.token or "")
    if given not in ("", NONE, *owners):
        owners = province.owners(asks)  # newer than what is kept
    given = next((id for id, name in owners.items() if name.casefold() == given.casefold()), given)
    options = told_apart({"": "All owners", NONE: "No owner on record", **owners})
    st.session_state[_OWNER] = given if given in options else ""
    chosen = st.selectbox(
        "Owner", tuple(options), format_func=options.__getitem__, key=_OWNER, on_change=_owner_chosen, width=230
    )
    return str(chosen)


@st.cache_data(ttl=300, max_entries=50, show_spinner=False)
def _owners(_asks: Asker, token: str) -> Mapping[str, str]:
    """The owners to choose from, kept for each who asks: of thousands they are most of what the filters take."""
    return province.owners(_asks)


def _owner_chosen() -> None:
    if chosen := st.session_state[_OWNER]:
        st.query_params["owner"] = chosen
    else:
        st.query_params.pop("owner", None)


def _one_of(kind: type[Standing | Near | Behind], text: str) -> str:
    return text if text in set(kind) else ""


def _month(text: str) -> date | None:
    """The month that an address names, where it is one of those that the page offers."""
    this = day_at(asker().at).replace(day=1)
    offered = (add_months(this, later) for later in range(province.MONTHS_AHEAD))
    return next((month for month in offered if month.isoformat()[:7] == text), None)


# --- how many -----------------------------------------------------------------------------------------------


def sentence(counts: Counts) -> str:
    """The main numbers in a sentence."""
    many = {one: in_english(number) for one, number in counts.by_standing.items()}
    what = "facility" if counts.total == 1 else "facilities"
    return (
        f"{in_english(counts.total)} {what}: {many[Standing.DOES_NOT_STAND]} not standing, "
        f"{many[Standing.NOT_KNOWN]} not known, {many[Standing.STANDS]} standing, "
        f"{many[Standing.NOT_ASSESSED]} not assessed."
    )


def standings(counts: Counts, one: Wanted) -> None:
    """The four standings with their numbers, each opening its list."""
    html(
        '<ul class="standings">{rows}</ul>',
        rows=joined(
            markup(
                '<li class="standing {tone}"><span aria-hidden="true">{shape}</span> <a href="{address}" '
                'target="_self"{here}>{word}: {number}</a></li>',
                tone=MARKS[standing].tone,
                shape=MARKS[standing].shape,
                address=address(one, standing=standing.value),
                here=markup(' aria-current="true"') if one.standing == standing else "",
                word=MARKS[standing].word,
                number=in_english(number),
            )
            for standing, number in counts.by_standing.items()
        ),
    )
    st.caption("Not known: something that the law asks about is not on record, or is the Director’s to decide.")


def groups(by: By, one: Wanted) -> None:
    """Facilities by region, type, class or owner; each number opens its list."""
    page = f"province-{by}-{hash(one)}"
    found = province.groups(asker(), by, one, tables.page_in_address(page))
    _said_of_page(found.page, found.pages)
    if not found.rows:
        words.empty("No facility is like this.", "Choose fewer filters.")
        return
    columns = joined(
        markup('<th scope="col" class="number">{head}</th>', head=heading(mark)) for mark in MARKS.values()
    )
    html(
        '<table class="plain wide named numbers"><caption>Facilities by {by}; each number opens its list.'
        '</caption><thead><tr><th scope="col">{title}</th>{columns}<th scope="col" class="number">All</th></tr>'
        "</thead><tbody>{rows}</tbody></table>",
        by=by.value,
        title=by.value.capitalize(),
        columns=columns,
        rows=joined(_group(row, by, one) for row in found.rows),
    )
    tables.page_number(page, found.page, found.pages, in_address=True)


def _group(row: Group, by: By, one: Wanted) -> Markup:
    field = {By.REGION: "region", By.TYPE: "facility_type", By.CLASS: "facility_class", By.OWNER: "owner"}[by]
    numbers = [
        (row.counts.by_standing[standing], standing.value, mark.word, heading(mark))
        for standing, mark in MARKS.items()
    ]
    cells = joined(
        number_link(
            many,
            address(one, standing=standing, **{field: row.key}),
            f"{row.name}, {word}: {in_english(many)}",
            head,
        )
        for many, standing, word, head in [*numbers, (row.counts.total, "", "all", "All")]
    )
    return markup('<tr><th scope="row">{name}</th>{cells}</tr>', name=row.name, cells=cells)


def heading(mark: words.Mark) -> str:
    """The head of a column of numbers of a standing."""
    return f"{mark.shape} {mark.word}"


def number_link(many: int, where: str, said: str, head: str = "") -> Markup:
    """A cell with a number that opens the list behind it, where there is one; head: what stands before it on a
    telephone, which shows no head of the table."""
    of = _head(head, head)
    if not (many and where):
        return markup('<td class="number">{of}{many}</td>', of=of, many=in_english(many))
    return markup(
        '<td class="number">{of}<a href="{where}" target="_self" aria-label="{said}">{many}</a></td>',
        of=of,
        where=where,
        said=said,
        many=in_english(many),
    )


# --- which --------------------------------------------------------------------------------------------------


def _said_of_page(page: int, pages: int) -> None:
    """A page that the address asks for and the list does not have."""
    given = st.query_params.get("page", "")
    if given and given != str(page):
        words.problem(
            f"The address asks for page “{given[:_LONGEST]}”, which there is not: of {in_english(pages)} in all, "
            f"page {in_english(page)} is shown."
        )


def listed(one: Wanted) -> None:
    """The facilities wanted, the worst first; each opens its page. The list can be kept as a file."""
    page = f"province-{hash(one)}"
    found: Listing[FacilityRow] = province.facilities(asker(), one, tables.page_in_address(page))
    _said_of_page(found.page, found.pages)
    if not found.rows:
        words.empty("No facility is like this.", "Choose fewer filters, or another standing.")
        return
    html(
        '<table class="plain wide facilities"><caption>{many}, the worst first</caption><thead><tr>'
        "{columns}</tr></thead><tbody>{rows}</tbody></table>",
        columns=joined(markup('<th scope="col">{name}</th>', name=name) for name in _COLUMNS),
        many="1 facility" if found.total == 1 else f"{in_english(found.total)} facilities",
        rows=joined(map(_row, found.rows)),
    )
    tables.page_number(page, found.page, found.pages, in_address=True)
    asks = asker()  # the file is made in a thread that knows no browser
    st.download_button(
        "Download this list (Excel)",
        lambda: to_excel(province.export(asks, one)),
        "facilities.xlsx",
        exports.EXCEL,
        on_click="ignore",
        help=f"{in_english(province.MOST_EXPORTED)} facilities at most; downloading is recorded.",
    )


def _row(one: FacilityRow) -> Markup:
    """A facility in a line: what is compared from one to the next. It opens to what is read of one alone."""
    mark = MARKS[one.standing]
    return markup(
        '<tr><th scope="row"><a href="{address}" target="_self">{name}</a> <details><summary aria-label="More of '
        '{name}">More</summary>{more}</details></th><td>{class_head}{facility_class}</td>'
        '<td><span class="standing {tone}"><span aria-hidden="true">{shape}</span> {word}</span></td>'
        "<td>{day_head}{day}</td></tr>",
        address=facility_address(one.facility_id),
        name=one.name,
        more=joined(markup("<div>{line}</div>", line=line) for line in _more(one)),
        class_head=_head("Class", one.facility_class),
        facility_class=one.facility_class,
        tone=mark.tone,
        shape=mark.shape,
        word=mark.word,
        day_head=_head("May change on", one.changes_on),
        day=in_english(one.changes_on) if one.changes_on else "",
    )


def _head(name: str, value: object) -> Markup:
    """What stands before a cell on a telephone, which shows no head of the table."""
    return markup('<span class="cell-of">{name}: </span>', name=name) if value else Markup("")


def _more(one: FacilityRow) -> Iterator[str]:
    yield f"{one.ministry_number} {one.facility_type.label}".strip()
    yield f"{one.owner or 'No owner on record'}, {one.region}"
    if one.not_met:
        many = in_english(one.not_met)
        yield "1 finding does not stand" if one.not_met == 1 else f"{many} findings do not stand"
    if one.qualified is not None:
        yield f"May be overall responsible by licence: {_qualified(one)}"


def _qualified(one: FacilityRow) -> str:
    if not one.qualified:
        return "nobody is known"
    who = "1 employee" if one.qualified == 1 else f"{in_english(one.qualified)} employees"
    if one.lapses_on is None:
        return who
    return f"{who}, through {in_english(one.lapses_on - timedelta(days=1))}"


def to_excel(rows: Iterable[FacilityRow]) -> bytes:
    """The list as a workbook; dates as in files."""
    return exports.to_excel("Facilities", _HEADINGS, map(_cells, rows))


def _cells(one: FacilityRow) -> tuple[object, ...]:
    return (
        one.name,
        one.ministry_number,
        one.facility_type.label,
        one.facility_class,
        one.owner,
        one.region,
        MARKS[one.standing].word,
        one.not_met,
        one.changes_on.isoformat() if one.changes_on else "",
        one.qualified,
        one.lapses_on.isoformat() if one.lapses_on else "",
    )
