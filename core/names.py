"""Names of people and of works, compared as a fair reader would: each way in which two differ has its own word."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Likeness(StrEnum):
    """How two names of a person stand to one another. Capitals, hyphens, blanks and apostrophes are no difference;
    whatever else is, an officer is told of."""

    SAME = "same"
    ACCENTS = "the same but for accents"
    ORDER = "the same in another order"
    PART_OF_GIVEN_NAMES = "only part of the given names agrees"  # one lacks, or is an initial
    OTHER_FAMILY_NAME = "another family name, perhaps a former one"  # the given name agrees
    OTHER_GIVEN_NAME = "another given name"
    OTHER = "another name"


@dataclass(frozen=True)
class Name:
    """A person's name as it is written in one place."""

    given: str
    family: str

    def __str__(self) -> str:
        return f"{self.given} {self.family}".strip()


def likeness(one: Name, other: Name) -> Likeness:
    """How two names stand to one another."""
    same_family, same_given = _folds_alike(one.family, other.family), _folds_alike(one.given, other.given)
    if same_family and same_given:
        is_same = _written(one.given) == _written(other.given) and _written(one.family) == _written(other.family)
        return Likeness.SAME if is_same else Likeness.ACCENTS
    if _are_swapped(one, other) or _are_swapped(other, one):
        return Likeness.ORDER
    given_agree = _overlap(one.given, other.given)
    if same_family:
        return Likeness.PART_OF_GIVEN_NAMES if given_agree else Likeness.OTHER_GIVEN_NAME
    return Likeness.OTHER_FAMILY_NAME if given_agree else Likeness.OTHER


def may_be_one(one: Name, other: Name) -> bool:
    """Whether two names may be one person's: other accents, another order, part of the given names, or another
    family name, which may be a former one. Another given name is another person's."""
    return likeness(one, other) not in (Likeness.OTHER_GIVEN_NAME, Likeness.OTHER)


def same_title(one: str, other: str) -> bool:
    """Whether two names of works or organizations are the same but for accents, case, signs and blanks."""
    return _joined(one) == _joined(other)


def plain(name: str) -> str:
    """A name in small letters, without accents and signs, one blank between its parts."""
    return " ".join(_parts(name))


def owner_key(name: str) -> str:
    """An owner's name as conditional licences are compared by it: accents, capitals, signs and blanks make no
    difference. A name of signs alone stays as it is: only an ordinary licence has none."""
    return _joined(name) or "".join(name.split())


def _folds_alike(one: str, other: str) -> bool:
    return _joined(one) == _joined(other)


def _are_swapped(one: Name, other: Name) -> bool:
    """Whether the family name of one stands where the other has the given name."""
    return _folds_alike(one.family, other.given) and _overlap(one.given, other.family)


def _overlap(one: str, other: str) -> bool:
    """Whether each of the fewer given names is among the more; an initial stands for what it begins."""
    fewer, more = sorted((_parts(one), _parts(other)), key=len)
    if "".join(fewer) == "".join(more):
        return True
    return bool(fewer) and all(any(_stand_for_one_another(a, b) for b in more) for a in fewer)


def _stand_for_one_another(one: str, other: str) -> bool:
    return one == other or _is_initial_of(one, other) or _is_initial_of(other, one)


def _is_initial_of(one: str, other: str) -> bool:
    return len(one) == 1 and other.startswith(one)


def _joined(name: str) -> str:
    return "".join(_parts(name))


def _written(name: str) -> str:
    """A name as it is written, accents and all, but for capitals and signs."""
    letters = unicodedata.normalize("NFKD", name.lower())
    return "".join(sign for sign in letters if sign.isalnum() or unicodedata.category(sign) == "Mn")


def _parts(name: str) -> list[str]:
    """The parts of a name: hyphens and points part them, apostrophes do not."""
    if name.isascii():  # most are, and whole listings are searched
        return _SIGNS.sub(" ", _ASCII_APOSTROPHES.sub("", name.lower())).split()
    letters = unicodedata.normalize("NFKD", name.casefold()).translate(_WITHOUT_ACCENT)
    unaccented = "".join(sign for sign in letters if unicodedata.category(sign) != "Mn")
    kept = "".join(sign for sign in unaccented if sign not in _APOSTROPHES)
    return "".join(sign if sign.isalnum() else " " for sign in kept).split()


# Letters that Unicode does not take apart into a plain one and its accent.
_WITHOUT_ACCENT = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ß": "ss"}
)
_APOSTROPHES = frozenset("'’‘ʼ`´")
_ASCII_APOSTROPHES = re.compile("['`]")
_SIGNS = re.compile("[^a-z0-9]+")
