"""What stands in the address bar."""

from urllib.parse import parse_qs, urlsplit

_SIGN_IN = "/sign-in"


def row_id(given: str) -> int | None:
    """The id that an address names, None where it names none: no more digits than a database takes."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def page_after_sign_in(path: str) -> str:
    """The page to go on to: a path of this portal, never another host's address.

    From the sign-in page it is the one that it was opened for, or Home.
    """
    if path.startswith(_SIGN_IN):
        path = parse_qs(urlsplit(path).query).get("next", ["/"])[0]
    here = path.startswith("/") and not path.startswith(("//", "/\\", _SIGN_IN))
    return path if here else "/"
