"""The fields of a person's details, the same wherever they are asked for."""

from dataclasses import dataclass

from core.contacts import Language
from ui.forms import Form


@dataclass(frozen=True)
class Names:
    """What was typed of somebody's name."""

    given_name: str
    family_name: str


@dataclass(frozen=True)
class Whereabouts:
    """What was typed of how and where somebody is reached."""

    telephone: str
    municipality: str
    language: str | None


def names(form: Form) -> Names:
    return Names(
        form.text("given_name", "Given name", required=True, autocomplete="given-name"),
        form.text("family_name", "Family name", required=True, autocomplete="family-name"),
    )


def whereabouts(form: Form) -> Whereabouts:
    return Whereabouts(
        form.text(
            "telephone",
            "Telephone",
            required=True,
            help="With the area code, such as 705-267-1234.",
            kind="phone",
            autocomplete="tel",
        ),
        form.text("municipality", "Municipality", required=True, autocomplete="address-level2"),
        form.select(
            "language",
            "Preferred language",
            tuple(Language),
            shown=lambda language: Language(language).label,
            required=True,
            help="Of what the office writes to you.",
        ),
    )


def new_password(form: Form, field: str = "password", label: str = "Password") -> str:
    return form.password(field, label, help="At least 12 characters; several words are easiest to keep.", new=True)
