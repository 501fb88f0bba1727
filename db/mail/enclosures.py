"""What goes with a mail: files made from its values when it is sent, so that the outbox keeps no copies."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from db import paper
from db.schema import OutgoingMail


@dataclass(frozen=True)
class Enclosure:
    """A PDF and its name."""

    name: str
    content: bytes


def of(mails: Iterable[OutgoingMail]) -> Iterator[Enclosure]:
    """The files of mails that are sent together."""
    for mail in mails:
        if "document" in mail.values:
            document = paper.from_values(mail.values["document"])
            yield Enclosure(f"{document.file_name}.pdf", paper.pdf(document))
