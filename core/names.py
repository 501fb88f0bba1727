"""Names of people and of works, compared as a fair reader would: what is a way of writing is no difference."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Likeness(StrEnum):
    """How two names of a person stand to one another."""

    SAME = "same"
    OTHER_FAMILY_NAME = "other family name"  # the given name agrees: perhaps a former name
    OTHER_GIVEN_NAME = "other given name"
    OTHER = "other"


@dataclass(frozen=True)
class Name:
    """A person's name as it is written in one place."""

    given: str
    family: str

    def __str__(self) -> str:
        return f"{self.given} {self.family}".strip()


def likeness(one: Name, other: Name) -> Likeness:
    """How two names stand to one another; accents, case, hyphens, order and initials are no difference."""
    if _same_given(one.given, other.given) and _joined(one.family) == _joined(other.family):
        return Likeness.SAME
    swapped = _same_given(one.given, other.family) and _joined(one.family) == _joined(other.given)
    swapped_too = _same_given(one.family, other.given) and _joined(one.given) == _joined(other.family)
    if swapped or swapped_too:
        return Likeness.SAME
    if _same_given(one.given, other.given):
        return Likeness.OTHER_FAMILY_NAME
    if _joined(one.family) == _joined(other.family):
        return Likeness.OTHER_GIVEN_NAME
    return Likeness.OTHER


def same_title(one: str, other: str) -> bool:
    """Whether two names of works or organizations are the same but for accents, case, signs and blanks."""
    return _joined(one) == _joined(other)


def plain(name: str) -> str:
    """A name in small letters, without accents and signs, one blank between its parts."""
    return " ".join(_parts(name))


def _same_given(one: str, other: str) -> bool:
    """Given names agree, where an initial stands for any name that it begins, and further ones may lack."""
    mine, theirs = _parts(one), _parts(other)
    if "".join(mine) == "".join(theirs):
        return True
    if not mine or not theirs:
        return False
    return all(a == b or _is_initial_of(a, b) or _is_initial_of(b, a) for a, b in zip(mine, theirs, strict=False))


def _is_initial_of(one: str, other: str) -> bool:
    return len(one) == 1 and other.startswith(one)


def _joined(name: str) -> str:
    return "".join(_parts(name))


def _parts(name: str) -> list[str]:
    """The parts of a name: hyphens and points part them, apostrophes do not."""
    letters = unicodedata.normalize("NFKD", name.casefold()).translate(_WITHOUT_ACCENT)
    unaccented = "".join(sign for sign in letters if unicodedata.category(sign) != "Mn")
    kept = "".join(sign for sign in unaccented if sign not in _APOSTROPHES)
    return "".join(sign if sign.isalnum() else " " for sign in kept).split()


# Letters that Unicode does not take apart into a plain one and its accent.
_WITHOUT_ACCENT = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ß": "ss"}
)
_APOSTROPHES = frozenset("'’‘ʼ`´")
