"""Passwords: what is asked of one, and its hash (bcrypt, through streamlit-authenticator's Hasher)."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from core.problems import Problem
from core.sentences import Sentence

LEAST_CHARACTERS = 12
MOST_BYTES = 72  # bcrypt reads no further
_MISS_A_PAGE = (
    "streamlit.runtime.caching.cache_data_api",
    "streamlit.runtime.scriptrunner_utils.script_run_context",
)


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
    return str(_hasher().hash(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether `password` has the hash `kept`. As much work where there is none to compare with."""
    fits = len(password.encode()) <= MOST_BYTES
    same = _hasher().check_pw(password if fits else "", kept or _dummy())
    return bool(same) and fits and kept is not None


@cache
def _dummy() -> str:
    return hashed("nobody has this password")


@cache
def _hasher() -> Any:
    """Imported at the first password: it brings all of Streamlit with it, which a command that hashes none
    (the worker, a backup, a migration) has no use for."""
    with _without_a_page():
        from streamlit_authenticator import Hasher

    return Hasher


@contextmanager
def _without_a_page() -> Iterator[None]:
    """While the package is imported: its widgets, of which we use none, would warn in a command that draws no
    page that there is none."""
    loggers = [logging.getLogger(name) for name in _MISS_A_PAGE]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger in loggers:
            logger.disabled = False
