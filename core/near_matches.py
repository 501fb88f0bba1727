"""What the listing has that a claim may have meant: transposed digits, similar or former names, and how far off.

Asked only when the listing does not have what is claimed. Distances count signs that were left out, put in,
exchanged, or transposed with their neighbour (optimal string alignment).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from core.names import Likeness, Name, likeness, plain, same_title
from core.sentences import Sentence

AT_MOST = 3  # proposals
_NEAR = 2  # signs in which a number that is meant may differ
_FAR = 3  # what counts as another number or name altogether
_NEAR_ENOUGH = 4  # the sum of the distances, where the name is another one
_SIMILAR = 85  # of 100, by the parts of the names in any order


class ListedPerson(Protocol):
    """What of a line of the operator listing is compared."""

    @property
    def operator_id(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def last_name(self) -> str: ...
    @property
    def first_name(self) -> str: ...


class ListedWorks(Protocol):
    """What of a line of the list of facilities is compared."""

    @property
    def facility_number(self) -> str: ...
    @property
    def name(self) -> str: ...


Row = TypeVar("Row")
Person = TypeVar("Person", bound=ListedPerson)
Works = TypeVar("Works", bound=ListedWorks)


@dataclass(frozen=True)
class NearMatch(Generic[Row]):
    """A row that may be meant, and how far it is from the claim: each part in words, and their sum. `telling`: its
    name, or a number of it, is the one that is claimed, so that it is proposed however far the rest is."""

    row: Row
    distance: int
    words: tuple[Sentence, ...]
    telling: bool


def near_people(
    operator_id: str, name: Name, number: str, rows: Sequence[Person]
) -> tuple[NearMatch[Person], ...]:
    """The nearest lines of the operator listing, the nearest first."""
    whole = str(name)
    near = {
        *_near_text(operator_id, [row.operator_id for row in rows]),
        *_near_text(number, [row.number for row in rows]),
        *_similar(whole, [f"{row.first_name} {row.last_name}" for row in rows]),
    }
    return _nearest(_person(operator_id, name, number, rows[index]) for index in sorted(near))


def near_works(number: str, name: str, rows: Sequence[Works]) -> tuple[NearMatch[Works], ...]:
    """The nearest lines of the list of facilities, the nearest first."""
    near = {
        *_near_text(number, [row.facility_number for row in rows]),
        *_similar(name, [row.name for row in rows]),
    }
    return _nearest(_works(number, name, rows[index]) for index in sorted(near))


def distance_in_words(what: str, claimed: str, listed: str) -> Sentence:
    """How far one number is from another: the same, transposed, one sign, several."""
    distance = OSA.distance(claimed, listed)
    template = "{what}: {listed}, {count} signs differ"
    if distance == 0:
        template = "{what}: the same"
    elif distance > _NEAR:
        template = "{what}: {listed}, another one"
    elif distance == 1 and sorted(claimed) == sorted(listed):
        template = "{what}: {listed}, two neighbouring signs transposed"
    elif distance == 1:
        template = "{what}: {listed}, one sign differs"
    return Sentence(template, what=what, listed=listed, count=distance)


def _near_text(claimed: str, listed: list[str]) -> list[int]:
    if not claimed:
        return []
    found = process.extract(claimed, listed, scorer=OSA.distance, score_cutoff=_NEAR, limit=None)
    return [index for _, _, index in found]


def _similar(claimed: str, listed: list[str]) -> list[int]:
    found = process.extract(
        claimed, listed, scorer=fuzz.token_sort_ratio, processor=plain, score_cutoff=_SIMILAR, limit=None
    )
    return [index for _, _, index in found]


def _person(operator_id: str, name: Name, number: str, row: Person) -> NearMatch[Person]:
    listed = Name(row.first_name, row.last_name)
    named = _named(likeness(name, listed), str(name), str(listed))
    words = (
        distance_in_words("Operator ID", operator_id, row.operator_id),
        distance_in_words("Number", number, row.number),
        named.words,
    )
    distance = _capped(operator_id, row.operator_id) + _capped(number, row.number) + named.distance
    the_very_one = operator_id == row.operator_id or number == row.number
    return NearMatch(row, distance, words, named.is_alike or the_very_one)


def _works(number: str, name: str, row: Works) -> NearMatch[Works]:
    same = Likeness.SAME if same_title(name, row.name) else Likeness.OTHER
    named = _named(same, name, row.name)
    words = (distance_in_words("Number", number, row.facility_number), named.words)
    return NearMatch(row, _capped(number, row.facility_number) + named.distance, words, named.is_alike)


@dataclass(frozen=True)
class _Named:
    """How far one name is from another, and in words."""

    distance: int
    words: Sentence

    @property
    def is_alike(self) -> bool:
        return self.distance <= 1


def _named(how: Likeness, claimed: str, listed: str) -> _Named:
    if how is Likeness.SAME:
        return _Named(0, Sentence("Name: the same"))
    if how in _NAMES:
        return _Named(_NAMES[how], Sentence("Name: {listed}, {how}", listed=listed, how=how.value))
    if _are_similar(claimed, listed):
        return _Named(1, Sentence("Name: {listed}, similar", listed=listed))
    if how is Likeness.OTHER_FAMILY_NAME:
        return _Named(_FORMER, Sentence("Name: {listed}, {how}", listed=listed, how=how.value))
    return _Named(_FAR, Sentence("Name: {listed}, another one", listed=listed))


# The name of the same person written otherwise, and how far that is.
_NAMES = {Likeness.ACCENTS: 0, Likeness.ORDER: 0, Likeness.PART_OF_GIVEN_NAMES: 1}
_FORMER = 2  # another family name, which may be a former one


def _capped(claimed: str, listed: str) -> int:
    return min(_FAR, OSA.distance(claimed, listed))


def _are_similar(claimed: str, listed: str) -> bool:
    return fuzz.token_sort_ratio(plain(claimed), plain(listed)) >= _SIMILAR


def _nearest(found: Iterable[NearMatch[Row]]) -> tuple[NearMatch[Row], ...]:
    near = (match for match in found if match.distance <= _NEAR_ENOUGH or match.telling)
    return tuple(sorted(near, key=lambda match: match.distance)[:AT_MOST])
