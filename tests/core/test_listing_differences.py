"""How a listing differs from the one before, line by line."""

from hypothesis import given
from hypothesis import strategies as st

from core.listing_differences import differences
from core.listings import ListingKind

OPERATORS, FACILITIES = ListingKind.OPERATORS, ListingKind.FACILITIES


def lines(kind, said):
    """Lines of a listing: what each key says stands in its second column."""
    width = 9 if kind is OPERATORS else 8
    return {key: (str(key), what, *["x"] * (width - 2)) for key, what in said.items()}


said = st.dictionaries(st.integers(0, 12), st.sampled_from("abc"))


@given(st.sampled_from(ListingKind), said, said, st.sets(st.integers(0, 12)))
def test_every_row_is_new_changed_or_unchanged_and_every_former_one_gone_or_there(kind, former, rows, unread):
    found = differences(kind, lines(kind, former), lines(kind, rows), unread.__contains__)
    counted = found.counted
    assert counted.new + counted.changed + counted.unchanged == len(rows)
    assert counted.gone + counted.unread + counted.changed + counted.unchanged == len(former)
    assert [line[0] for line in found.new] == [str(key) for key in rows if key not in former]
    assert {line[0] for line in found.unread} == {str(key) for key in unread & (former.keys() - rows.keys())}
    for line in found.changed:
        ((label, before, after),) = found.in_words(line)
        assert (label, before, after) == (
            "Last name" if kind is OPERATORS else "Name",
            line.before[1],
            line.after[1],
        )
    assert found.vanishing == counted.gone + counted.unread


def test_an_optional_column_that_one_listing_leaves_empty_tells_no_lines_apart():
    full = lines(FACILITIES, {1: "a", 2: "b"})
    bare = {key: (*line[:5], "", None, None) for key, line in full.items()}
    found = differences(FACILITIES, full, bare, lambda _key: False)
    assert (found.unchanged, found.not_in_new) == (2, ("Municipality", "Latitude", "Longitude"))
    back = differences(FACILITIES, bare, full, lambda _key: False)
    assert (back.unchanged, back.not_in_former) == (2, ("Municipality", "Latitude", "Longitude"))
    assert differences(FACILITIES, bare, bare, lambda _key: False).not_in_new == ()
    assert differences(FACILITIES, {}, bare, lambda _key: False).not_in_new == ()
