"""The chain of a log: every single tampering is found and named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.log_chain import (
    BEFORE_THE_FIRST,
    Break,
    BreakKind,
    Content,
    Entry,
    Head,
    Kind,
    Standing,
    breaks,
    head_of,
    not_before,
    seal,
    sealed,
    standing,
)

START = datetime(2025, 3, 1, 12, tzinfo=UTC)
COUNT = 7


def draft(minute: int = 0, text: str = "Pump 2 off", corrects: int | None = None) -> Entry:
    at = START + timedelta(minutes=minute)
    content = Content(text, action="Pump 3 on")
    return Entry(
        5, 0, at, at, 7, "A. Operator", Standing.IN_CHARGE, None, 1, Kind.EQUIPMENT, content, corrects,
        "" if corrects is None else "wrong pump",
    )  # fmt: skip


def log(count: int = COUNT) -> list[Entry]:
    entries, head = [], BEFORE_THE_FIRST
    for number in range(1, count + 1):
        entries.append(sealed(draft(number, f"entry {number}", 3 if number == 5 else None), head))
        head = head_of(entries[-1])
    return entries


WHOLE = log()
HEAD = head_of(WHOLE[-1])


def test_a_chain_as_it_was_written_is_whole() -> None:
    assert breaks(WHOLE, HEAD) == ()
    assert breaks([], BEFORE_THE_FIRST) == ()
    assert [one.number for one in WHOLE] == list(range(1, COUNT + 1))


def test_the_hash_of_what_was_once_written_never_changes() -> None:
    """Entries that are kept carry hashes: a field added to an entry is left out of them where it is empty."""
    assert WHOLE[4].hash == "0bdc76180e0ea71aa73826bce707be2a2cb8f0216a0edae9c213d895af88c6b5"


def test_the_hash_is_of_the_moment_and_not_of_its_zone() -> None:
    west = timezone(timedelta(hours=-6))
    assert seal(WHOLE[0]) == seal(replace(WHOLE[0], made_at=WHOLE[0].made_at.astimezone(west)))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"made_at .* has no time zone"):
        seal(replace(WHOLE[0], made_at=datetime(2025, 3, 1)))  # noqa: DTZ001


def test_a_corrected_entry_stays_and_counts_no_more() -> None:
    assert [one.number for one in standing(WHOLE)] == [1, 2, 4, 5, 6, 7]


def test_a_clock_that_was_set_back_makes_no_entry_before_the_last() -> None:
    earlier = START - timedelta(minutes=1)
    assert not_before(earlier, START) == START
    assert not_before(START, earlier) == START
    assert not_before(START, None) == START


def test_entries_after_those_lawfully_destroyed_are_whole() -> None:
    assert breaks(WHOLE[3:], HEAD, head_of(WHOLE[2])) == ()
    assert breaks(WHOLE[4:], HEAD, head_of(WHOLE[2])) == (Break(BreakKind.MISSING, 4),)


@pytest.mark.parametrize("kind", BreakKind)
def test_a_break_says_what_and_which(kind: BreakKind) -> None:
    assert " 4 " in f"{Break(kind, 4).sentence} ".replace(".", " ")


# --- every single tampering ---------------------------------------------------------------------------------

places = st.integers(0, COUNT - 1)
ALTERED = {
    "facility": 6,
    "made_at": START,
    "happened_at": START,
    "author": 8,
    "author_name": "B. Operator",
    "standing": Standing.BY_OWNER,
    "authorization": 3,
    "shift": None,
    "kind": Kind.NOTE,
    "content": Content("nothing"),
    "corrects": 2,
    "reason": "another",
    "previous": "0" * 64,
    "hash": "0" * 64,
}


@given(places, st.sampled_from(sorted(ALTERED)))
def test_an_altered_row_is_found_and_named(at: int, name: str) -> None:
    rows = list(WHOLE)
    rows[at] = replace(rows[at], **{name: ALTERED[name]})
    assert breaks(rows, HEAD) == (Break(BreakKind.ALTERED, at + 1),)


@given(places, st.text(max_size=20).filter(lambda text: not text.startswith("entry")))
def test_a_row_altered_and_sealed_anew_is_found_and_named(at: int, text: str) -> None:
    rows = list(WHOLE)
    changed = replace(rows[at], content=Content(text))
    rows[at] = replace(changed, hash=seal(changed))
    assert breaks(rows, HEAD) == (Break(BreakKind.ALTERED, at + 1),)


@given(places)
def test_a_removed_row_is_found_and_named_the_last_one_too(at: int) -> None:
    assert breaks(WHOLE[:at] + WHOLE[at + 1 :], HEAD) == (Break(BreakKind.MISSING, at + 1),)


@given(st.integers(0, COUNT), st.integers(1, COUNT + 2), st.booleans())
def test_an_inserted_row_is_found_and_named(at: int, number: int, well_sealed: bool) -> None:
    before = WHOLE[at - 1].hash if at else ""
    forged = replace(draft(at, "forged"), number=number, previous=before)
    forged = replace(forged, hash=seal(forged)) if well_sealed else forged
    assert breaks([*WHOLE[:at], forged, *WHOLE[at:]], HEAD) == (Break(BreakKind.INSERTED, number),)


@given(places, st.integers(0, COUNT))
def test_a_row_put_in_twice_is_found_and_named(which: int, at: int) -> None:
    rows = [*WHOLE[:at], WHOLE[which], *WHOLE[at:]]
    found = breaks(rows, HEAD)
    assert Break(BreakKind.INSERTED, which + 1) in found
    assert {one.kind for one in found} <= {BreakKind.INSERTED, BreakKind.MOVED}


def test_a_row_put_in_at_the_end_is_found() -> None:
    more = sealed(draft(99), HEAD)
    assert breaks([*WHOLE, more], HEAD) == (Break(BreakKind.INSERTED, COUNT + 1),)


@given(st.lists(places, min_size=2, max_size=2, unique=True))
def test_rows_that_changed_places_are_found_and_named(two: list[int]) -> None:
    one, other = two
    rows = list(WHOLE)
    rows[one], rows[other] = rows[other], rows[one]
    assert breaks(rows, HEAD) == tuple(Break(BreakKind.MOVED, at + 1) for at in sorted(two))


@given(st.lists(places, min_size=2, max_size=2, unique=True))
def test_rows_whose_numbers_were_exchanged_are_found_and_named(two: list[int]) -> None:
    one, other = two
    rows = list(WHOLE)
    rows[one], rows[other] = replace(WHOLE[one], number=other + 1), replace(WHOLE[other], number=one + 1)
    rows.sort(key=lambda row: row.number)
    found = breaks(rows, HEAD)
    assert {row.number for row in found} == {one + 1, other + 1}
    assert {row.kind for row in found} == {BreakKind.MOVED}


@given(st.permutations(range(COUNT)))
@settings(max_examples=60)
def test_no_other_order_passes(order: list[int]) -> None:
    found = breaks([WHOLE[at] for at in order], HEAD)
    assert {row.number - 1 for row in found} == {at for place, at in enumerate(order) if place != at}


@given(places)
def test_a_chain_written_anew_from_a_row_on_does_not_reach_the_head_kept_elsewhere(at: int) -> None:
    rows, head = list(WHOLE[:at]), Head(at, WHOLE[at - 1].hash if at else "")
    for entry in WHOLE[at:]:
        rows.append(sealed(replace(entry, author_name="B. Operator"), head))
        head = head_of(rows[-1])
    assert breaks(rows, head) == ()
    assert breaks(rows, HEAD)


moments = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
texts = st.text(max_size=30)
contents = st.builds(Content, texts, st.booleans(), texts, texts, texts, st.lists(texts, max_size=3).map(tuple))
drafts = st.builds(
    Entry, st.just(1), st.just(0), moments, moments, st.integers(1, 9), texts, st.sampled_from(Standing),
    st.none(), st.none(), st.sampled_from(Kind), contents,
)  # fmt: skip


@given(st.lists(drafts, min_size=1, max_size=8), st.data())
def test_any_log_is_whole_and_any_row_of_it_altered_or_gone_is_named(written, data) -> None:
    rows, head = [], BEFORE_THE_FIRST
    for one in written:
        rows.append(sealed(one, head))
        head = head_of(rows[-1])
    assert breaks(rows, head) == ()
    at = data.draw(st.integers(0, len(rows) - 1))
    other = data.draw(drafts)
    changed = replace(rows[at], content=other.content, made_at=other.made_at)
    expected = () if changed == rows[at] else (Break(BreakKind.ALTERED, at + 1),)
    assert breaks([*rows[:at], changed, *rows[at + 1 :]], head) == expected
    assert breaks([*rows[:at], *rows[at + 1 :]], head) == (Break(BreakKind.MISSING, at + 1),)
