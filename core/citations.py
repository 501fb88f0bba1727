"""Citations: where in the law a result comes from.

A citation parses, prints, sorts in the order of the law and links to the regulation on e-Laws.
"""

import re
from dataclasses import dataclass
from functools import total_ordering

_WRITTEN = re.compile(r"O\. Reg\. (?P<number>\d+)/(?P<year>\d\d), (?P<provision>\S.*)")
_TOKEN = re.compile(r"\d+(?:\.\d+)*|[A-Za-z]+")
_OPENINGS = (", ", " (")  # what follows a provision's own words where a part of it is cited
# In a schedule, sections stand before the tables.
_RANKS = {"s": "0", "Table": "1"}


@total_ordering
@dataclass(frozen=True)
class Citation:
    """A provision of an Ontario regulation: `Citation("129/04", "s. 15 (4)")`."""

    regulation: str
    provision: str

    @classmethod
    def parse(cls, text: str) -> "Citation":
        """Read "O. Reg. 129/04, s. 15 (4)". Raises ValueError for anything else."""
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"not a citation: {text!r}; expected for instance 'O. Reg. 129/04, s. 15 (4)'")
        return cls(f"{found['number']}/{found['year']}", found["provision"])

    @property
    def link(self) -> str:
        """The regulation's page on e-Laws: O. Reg. 129/04 is filed there as 040129.

        It shows the version in force; where another is meant, core.legislation.older_version names it.
        """
        number, year = self.regulation.split("/")
        return f"https://www.ontario.ca/laws/regulation/{year}{int(number):04}"

    def lies_in(self, row: "Citation") -> bool:
        """Whether this is `row` itself or a clause, paragraph, rule or item of it."""
        if self.regulation != row.regulation or not self.provision.startswith(row.provision):
            return False
        rest = self.provision[len(row.provision) :]
        return not rest or rest.startswith(_OPENINGS)

    def __str__(self) -> str:
        return f"O. Reg. {self.regulation}, {self.provision}"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Citation):
            return NotImplemented
        return self._order() < other._order()

    def _order(self) -> tuple[object, ...]:
        number, year = self.regulation.split("/")
        in_schedule = self.provision.startswith("Sched.")
        return (int(year), int(number), in_schedule, tuple(map(_token_order, _TOKEN.findall(self.provision))))


def _token_order(token: str) -> tuple[tuple[int, ...], str]:
    """Numbers by value (7 before 7.1 before 8 before 15), words in the order of the law."""
    if token[0].isdigit():
        return tuple(int(part) for part in token.split(".")), ""
    return (), _RANKS.get(token, token)
