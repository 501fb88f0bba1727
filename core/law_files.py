"""Reading the TOML files of core/law: a key that nobody knows is refused, never ignored."""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeVar

LAW = Path(__file__).parent / "law"

Row = TypeVar("Row")


class LawFileError(ValueError):
    """A file of core/law does not say what it must, or says what nobody reads."""


def load(path: Path) -> dict[str, Any]:
    """One TOML file as a dictionary. Raises LawFileError naming the file when it is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LawFileError(f"{path}: {error}") from error


def row(kind: type[Row], table: Mapping[str, Any], where: str, **made: Any) -> Row:
    """`table` as a `kind`, whose fields are the keys allowed; `made` are fields made from other keys.

    Raises LawFileError naming the place for an unknown or a missing key.
    """
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    required = {each.name for each in fields(kind) if each.default is MISSING}  # type: ignore[arg-type]
    given = {key: _frozen(value) for key, value in table.items() if key not in made} | made
    if unknown := given.keys() - known:
        raise LawFileError(f"{where}: unknown {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")
    if missing := required - given.keys():
        raise LawFileError(f"{where}: {', '.join(sorted(missing))} is missing")
    return kind(**given)


def only(table: Mapping[str, Any], allowed: set[str], where: str) -> None:
    """Raises LawFileError for a table with a key outside `allowed`."""
    if unknown := table.keys() - allowed:
        raise LawFileError(f"{where}: unknown {', '.join(sorted(unknown))}; known: {', '.join(sorted(allowed))}")


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
