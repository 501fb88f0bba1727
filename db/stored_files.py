"""Uploaded documents as they are kept: in the database, their content checked."""

import hashlib

from core import files
from core.problems import raise_if_any
from db.gate import Work
from db.schema import StoredFile


def keep(work: Work, name: str, content: bytes) -> int:
    """Keeps a PDF, JPEG or PNG of at most 10 MB; Raises Refused for any other. Returns its id."""
    raise_if_any(files.upload(name, content))
    stored = StoredFile(
        name=files.base_name(name),
        media_type=files.media_type(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        stored_at=work.at,
        stored_by=work.account.id,
    )
    work.session.add(stored)
    work.session.flush()
    work.record("file.stored", "stored_file", stored.id, sha256=stored.sha256)
    return stored.id
