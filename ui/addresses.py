"""What stands in the address bar."""


def row_id(given: str) -> int | None:
    """The id that an address names, None where it names none: no more digits than a database takes."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
