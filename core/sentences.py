"""Words as data: an English template with named values.

Rules, errors, mails and labels speak in sentences, so that a catalogue of another language can be laid
over the templates without touching a rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from string import Formatter

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, init=False)
class Sentence:
    """A template in English and the values it names; `str()` is the English sentence.

    Raises KeyError at construction when the template names a value that is not given.
    """

    template: str
    items: tuple[tuple[str, object], ...]

    def __init__(self, template: str, /, **values: object) -> None:
        object.__setattr__(self, "template", template)
        object.__setattr__(self, "items", tuple(sorted(values.items())))
        if missing := _names(template) - values.keys():
            raise KeyError(f"{template!r} names {', '.join(sorted(missing))}, which is not given")

    @property
    def values(self) -> Mapping[str, object]:
        """The values by their names in the template."""
        return dict(self.items)

    def __str__(self) -> str:
        return self.template.format_map({name: in_english(value) for name, value in self.items})


@cache
def _names(template: str) -> frozenset[str]:
    """The values that a template names."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def month_in_english(day: date) -> str:
    """The month of a day: March 2027."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def in_english(value: object) -> str:
    """A value as the portal writes it: 12 March 2027, 1 300, 7.5."""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return f"{in_english(value.date())} at {clock(value)}"
    if isinstance(value, date):
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}".replace(",", "\u202f")
    if isinstance(value, Fraction):
        whole = value.denominator == 1
        return in_english(value.numerator) if whole else f"{value.numerator}/{value.denominator}"
    if isinstance(value, Decimal | float):
        return _exactly(value if isinstance(value, Decimal) else Decimal(repr(float(value))))
    return str(value)


def clock(moment: datetime) -> str:
    """The time of a moment by its own clock, with the name of the zone's time where the clock shows it twice as it
    goes back in autumn: 01:30 EDT, an hour later 01:30 EST."""
    twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
    return f"{moment:%H:%M} {moment.tzname()}" if twice else f"{moment:%H:%M}"


def _exactly(number: Decimal) -> str:
    """Every digit, no exponent, no zeros at the end."""
    written = f"{number or Decimal(0):,f}".replace(",", "\u202f")
    return written.rstrip("0").rstrip(".") if "." in written else written
