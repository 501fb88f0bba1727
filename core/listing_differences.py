"""How a listing differs from the one before, line by line: what is new, changed, gone, and what cannot be told."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from core.listing_rows import COLUMNS, Column
from core.listings import Difference, ListingKind

Values = tuple[Any, ...]  # what a line says, in the order of COLUMNS
_NOTHING = (None, "")


@dataclass(frozen=True)
class ChangedLine:
    """A line that both listings have, and that does not say the same in both."""

    before: Values
    after: Values


@dataclass(frozen=True)
class Differences:
    """The lines that differ, each kind in the order of its listing.

    `unread` stand in the listing before; the new one has a row that may be about them and cannot be read. An
    optional column that one of the two leaves empty in every row tells no lines apart: it is `not_in_former` or
    `not_in_new`, by its label.
    """

    kind: ListingKind
    new: tuple[Values, ...]
    changed: tuple[ChangedLine, ...]
    gone: tuple[Values, ...]
    unread: tuple[Values, ...]
    unchanged: int
    not_in_former: tuple[str, ...] = ()
    not_in_new: tuple[str, ...] = ()

    @property
    def counted(self) -> Difference:
        """How many there are of each."""
        return Difference(len(self.new), len(self.changed), len(self.gone), self.unchanged, len(self.unread))

    @property
    def vanishing(self) -> int:
        """Of how many lines of the former listing nothing could be told any more: those that are gone, and those
        whose row cannot be read."""
        return len(self.gone) + len(self.unread)

    def in_words(self, line: ChangedLine) -> tuple[tuple[str, Any, Any], ...]:
        """What changed in a line: the label of each column, what it said, and what it says."""
        silent = {*self.not_in_former, *self.not_in_new}
        return tuple(
            (column.label, before, after)
            for column, before, after in zip(COLUMNS[self.kind], line.before, line.after, strict=True)
            if before != after and column.label not in silent
        )


def differences(
    kind: ListingKind,
    former: Mapping[Hashable, Values],
    rows: Mapping[Hashable, Values],
    is_unread: Callable[[Hashable], bool],
) -> Differences:
    """How `rows` differ from the `former` ones: lines of the same key are the same line, changed or not.

    `is_unread` says of the key of a former line that is missing whether a row that cannot be read may be about it.
    """
    not_in_former, not_in_new = _silent(kind, former.values(), rows.values())
    silent = {*not_in_former, *not_in_new}
    what = itemgetter(*(place for place, column in enumerate(COLUMNS[kind]) if column not in silent))
    both = [key for key in rows if key in former]
    missing = [key for key in former if key not in rows]
    changed = tuple(ChangedLine(former[key], rows[key]) for key in both if what(former[key]) != what(rows[key]))
    unread = {key for key in missing if is_unread(key)}
    return Differences(
        kind=kind,
        new=tuple(line for key, line in rows.items() if key not in former),
        changed=changed,
        gone=tuple(former[key] for key in missing if key not in unread),
        unread=tuple(former[key] for key in missing if key in unread),
        unchanged=len(both) - len(changed),
        not_in_former=tuple(column.label for column in not_in_former),
        not_in_new=tuple(column.label for column in not_in_new),
    )


def _silent(
    kind: ListingKind, former: Iterable[Values], rows: Iterable[Values]
) -> tuple[Sequence[Column], Sequence[Column]]:
    """The optional columns that only the former listing leaves empty throughout, and those that only the new one
    does; none where there is no former one."""
    only_former, only_new = list[Column](), list[Column]()
    for place, column in enumerate(COLUMNS[kind]):
        if column.required or not former:
            continue
        has_former, has_new = (any(line[place] not in _NOTHING for line in lines) for lines in (former, rows))
        if has_new and not has_former:
            only_former.append(column)
        if has_former and not has_new:
            only_new.append(column)
    return only_former, only_new
