"""What goes with a mail: files made from its values when it is sent, so that the outbox keeps no copies."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from db.province_summary import Summary
from db.schema import OutgoingMail


@dataclass(frozen=True)
class Enclosure:
    """A PDF and its name."""

    name: str
    content: bytes


def of(mails: Iterable[OutgoingMail]) -> Iterator[Enclosure]:
    """The files of mails that are sent together."""
    for mail in mails:
        if mail.template == "province_summary":
            summary = Summary.from_values(mail.values)
            yield Enclosure(summary.file_name, summary.pdf())
