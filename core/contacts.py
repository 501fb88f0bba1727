"""A person's own details: what is required of the names, the municipality and the language."""

from dataclasses import dataclass
from enum import StrEnum

from core import entries
from core.problems import Problem
from core.sentences import Sentence


class Language(StrEnum):
    """The language that somebody prefers to be written to in."""

    ENGLISH = "en"
    FRENCH = "fr"

    @property
    def label(self) -> str:
        """Its name in the language itself."""
        return "English" if self is Language.ENGLISH else "Français"


@dataclass(frozen=True)
class Details:
    """A person's own details as they are kept: any script and any visible sign can be a name."""

    given_name: str
    family_name: str
    municipality: str
    language: str

    def problems(self) -> list[Problem]:
        """What is wrong, each at its field."""
        found = [
            *entries.text("given_name", "your given name", self.given_name, entries.NAME_LENGTH),
            *entries.text("family_name", "your family name", self.family_name, entries.NAME_LENGTH),
            *entries.text("municipality", "your municipality", self.municipality, entries.NAME_LENGTH),
        ]
        if self.language not in tuple(Language):
            found.append(Problem("language", Sentence("Choose the language you prefer, English or French.")))
        return found


def details(given_name: str, family_name: str, municipality: str, language: str | None) -> Details:
    """What was typed, cleaned."""
    return Details(
        entries.clean(given_name), entries.clean(family_name), entries.clean(municipality), language or ""
    )
