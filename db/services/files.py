"""Uploaded documents, such as the letter for a facility without a number. They are kept in the database."""

from dataclasses import dataclass

from core.roles import Role
from db import stored_files
from db.gate import NotAllowed, Work, service
from db.members import is_own_file
from db.schema import StoredFile


@dataclass(frozen=True)
class Document:
    """A kept file. `media_type` was read from its content."""

    name: str
    media_type: str
    content: bytes


@service(Role.OWNER, writes=True)
def upload(work: Work, name: str, content: bytes) -> int:
    """Keeps a PDF, JPEG or PNG of at most 10 MB. Returns its id."""
    return stored_files.keep(work, name, content)


@service(Role.OWNER, Role.OFFICER, shows_personal_data=True)
def fetch(work: Work, file_id: int) -> Document:
    """A file, for managers of the organization that uploaded it and for officers."""
    stored = work.session.get(StoredFile, file_id)
    if stored is None or not (Role.OFFICER in work.roles or is_own_file(work, stored)):
        raise NotAllowed
    work.record("file.seen", "stored_file", stored.id)
    return Document(stored.name, stored.media_type, stored.content)
