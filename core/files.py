"""Uploaded documents: what they are is read from their content, never from their name."""

from core.entries import NAME_LENGTH, clean, text
from core.problems import Problem
from core.sentences import Sentence

LARGEST_MB = 10
_LARGEST = LARGEST_MB * 1024 * 1024  # bytes
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"IEND\xaeB`\x82"


def media_type(content: bytes) -> str | None:
    """The media type of a whole PDF, JPEG or PNG, by its first and last bytes; None for anything else."""
    end = content[-1024:]
    if content.startswith(b"%PDF-1.") or content.startswith(b"%PDF-2."):
        return "application/pdf" if b"%%EOF" in end else None
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg" if end.rstrip(b"\x00").endswith(b"\xff\xd9") else None
    if content.startswith(_PNG) and content[12:16] == b"IHDR":
        return "image/png" if content.endswith(_PNG_END) else None
    return None


def base_name(name: str) -> str:
    """The name of a file without the folders before it."""
    return clean(name.replace("\\", "/").rsplit("/", 1)[-1])


def upload(name: str, content: bytes) -> list[Problem]:
    """What is wrong with an uploaded file."""
    problems = text("file", "the name of the file", base_name(name), NAME_LENGTH)
    if len(content) > _LARGEST:
        return [
            *problems,
            Problem(
                "file",
                Sentence(
                    "The file has {size} MB; at most {most} MB can be kept. Scan it with a lower resolution.",
                    size=round(len(content) / 1024 / 1024, 1),
                    most=LARGEST_MB,
                ),
            ),
        ]
    if media_type(content) is None:
        problems.append(
            Problem(
                "file",
                Sentence("The file is not a whole PDF, JPEG or PNG. Save it as one of these, and add it again."),
            )
        )
    return problems
