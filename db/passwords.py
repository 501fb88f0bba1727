"""Passwords: what is asked of one, and its hash (bcrypt, through streamlit-authenticator's Hasher)."""

from functools import cache

from streamlit_authenticator import Hasher

from core.problems import Problem
from core.sentences import Sentence

LEAST_CHARACTERS = 12
MOST_BYTES = 72  # bcrypt reads no further


def problem_with(password: str, field: str = "password") -> Problem | None:
    """What is wrong with a new password, to be shown at `field`, or None."""
    if not password:
        return Problem(field, Sentence("Enter a password of at least {least} characters.", least=LEAST_CHARACTERS))
    if len(password) < LEAST_CHARACTERS:
        return Problem(
            field,
            Sentence(
                "The password has {count} characters. Use at least {least}: several words are easiest to keep.",
                count=len(password),
                least=LEAST_CHARACTERS,
            ),
        )
    size = len(password.encode())
    if size <= MOST_BYTES:
        return None
    return Problem(
        field,
        Sentence(
            "The password takes {size} bytes, and at most {most} can be kept: about {most} letters, fewer with "
            "accents. Shorten it.",
            size=size,
            most=MOST_BYTES,
        ),
    )


def hashed(password: str) -> str:
    """The hash to be kept. A quarter of a second: call it while no transaction is open."""
    return str(Hasher.hash(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether `password` has the hash `kept`. As much work where there is none to compare with."""
    fits = len(password.encode()) <= MOST_BYTES
    same = Hasher.check_pw(password if fits else "", kept or _dummy())
    return bool(same) and fits and kept is not None


@cache
def _dummy() -> str:
    return hashed("nobody has this password")
