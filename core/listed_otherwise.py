"""What the ministry's standing listing says otherwise of a certificate that counts by the office's word.

What an officer has decided prevails until an officer decides on the difference (core.alignment); meanwhile whoever
relies on the certificate is told what the listing says, and what the office does about it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.alignment import Status, status_listed
from core.comparison import Outcome
from core.licences import Licence
from core.listings import ListedLicence
from core.sentences import Sentence


@dataclass(frozen=True)
class ListedOtherwise:
    """What the listing of a day says of a certificate that is on file otherwise.

    `licence` is what is on file; `listed` the line, None where the listing has none that could be read.
    `looked_at`: an officer has still to decide on it; otherwise the office keeps what is on file. `outcome` is how
    that difference was found, None where it is not kept.
    """

    listed_on: date
    licence: Licence
    listed: ListedLicence | None
    looked_at: bool
    outcome: Outcome | None = None

    @property
    def mark(self) -> str:
        """The same for a cell of a table."""
        if self._status not in (None, Status.IN_FORCE):
            return f"listed as {self._status}"
        if self.listed is not None:
            return "listing differs"
        return "not in the listing" if self._is_absent else "not borne out by the listing"

    @property
    def what(self) -> str:
        """What differs, in the fewest words."""
        if self._status not in (None, Status.IN_FORCE):
            return f"Listed as {self._status}"
        if self.listed is not None:
            return " and ".join(self._written_otherwise()).capitalize()
        if self.outcome is Outcome.NOT_COMPARABLE:
            return "Row cannot be read"
        return self.outcome.label if self.outcome else "Not borne out by the listing"

    @property
    def said(self) -> Sentence:
        """The same in a sentence."""
        office = "the office looks at it" if self.looked_at else "the office keeps it as it is on file"
        values: dict[str, object] = {"day": self.listed_on}
        if self.listed is None:
            says = "does not bear it out"
            if self._is_absent:
                says = "does not have it"
            if self.outcome is Outcome.NOT_COMPARABLE:
                says = "has a row for it that could not be read"
        elif self._status is not Status.IN_FORCE:
            says = "says that it is {status}"
            values["status"] = str(self._status)
        else:
            says = "says {listed}, until {expiry}"
            values |= {"listed": self.listed.licence.label, "expiry": self.listed.licence.expiry}
        return Sentence(f"The ministry’s listing of {{day}} {says}; {office}.", **values)

    @property
    def _status(self) -> Status | None:
        return None if self.listed is None else status_listed(self.listed, self.listed_on)

    @property
    def _is_absent(self) -> bool:
        return self.outcome is not None and self.outcome.not_found

    def _written_otherwise(self) -> Iterator[str]:
        assert self.listed is not None  # noqa: S101 - asked of what has a line
        if self.licence.licence_class is not self.listed.licence.licence_class:
            yield "class"
        if self.licence.expiry != self.listed.licence.expiry:
            yield "expiry"
