"""What an uploaded file is, by its content."""

import struct
import zlib

import pytest

from core import files

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 40 + b"\xff\xd9"
HEADER = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
PNG = (
    b"\x89PNG\r\n\x1a\n"
    + struct.pack(">I", 13) + b"IHDR" + HEADER + struct.pack(">I", zlib.crc32(b"IHDR" + HEADER))
    + b"\x00\x00\x00\x00IEND\xaeB`\x82"
)  # fmt: skip


@pytest.mark.parametrize(("content", "kind"), [(PDF, "application/pdf"), (JPEG, "image/jpeg"), (PNG, "image/png")])
def test_whole_documents_are_known_whatever_their_name(content, kind):
    assert files.media_type(content) == kind
    assert files.upload("letter.exe", content) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"<html>%PDF-1.7 %%EOF", b"MZ" + PDF, PDF[:20], JPEG[:-2], PNG[:-4], b"GIF89a", b"PK\x03\x04",
     PNG[:8] + b"\x00" * 40 + PNG[-8:], b"%PDF-9.9 %%EOF"],
)  # fmt: skip
def test_anything_else_or_cut_off_is_refused(content):
    (problem,) = files.upload("letter.pdf", content)
    assert problem.field == "file"
    assert "PDF, JPEG or PNG" in str(problem)


@pytest.mark.parametrize(("size", "accepted"), [(10 * 1024 * 1024, True), (10 * 1024 * 1024 + 1, False)])
def test_a_file_has_at_most_10_mb(size, accepted):
    content = PDF[:9] + b" " * (size - len(PDF)) + PDF[9:]
    assert len(content) == size
    assert (files.upload("letter.pdf", content) == []) is accepted


@pytest.mark.parametrize(
    ("name", "base"),
    [("letter.pdf", "letter.pdf"), ("../../etc/passwd", "passwd"), (r"C:\scans\letter 1.pdf", "letter 1.pdf")],
)
def test_folders_are_no_part_of_a_name(name, base):
    assert files.base_name(name) == base


@pytest.mark.parametrize(("length", "accepted"), [(0, False), (100, True), (101, False)])
def test_a_name_has_1_to_100_characters(length, accepted):
    assert (files.upload("x" * length, PDF) == []) is accepted
