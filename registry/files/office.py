"""Whether a file of an office program, or a text, is a whole one that nothing in it can run.

A document is never opened here: its container is walked within limits, as a workbook's is (`registry.files.workbook`).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from unicodedata import category

from registry.files.workbook import PARTS, RATIO, UNPACKED, ZIP

CODE = ("vbaproject.bin", "activex", "basic/", "scripts/")
"""Parts of a name under which office programs keep what they run."""
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How office programs pack a part; the other ways ask for memory as the file says, and fail in ways of their own."""
OPENDOCUMENT = "application/vnd.oasis.opendocument."


def office_open(part: str) -> Callable[[bytes], bool]:
    """Of Office Open XML: `part` is the one that makes it a document, workbook or presentation."""

    def whole(data: bytes) -> bool:
        return _whole(data, lambda archive: {"[Content_Types].xml", part} <= set(archive.namelist()))

    return whole


def open_document(sort: str) -> Callable[[bytes], bool]:
    """Of OpenDocument: `sort` is text, spreadsheet or presentation, which its first part says."""

    def whole(data: bytes) -> bool:
        return _whole(data, lambda archive: archive.read("mimetype").decode("ascii") == OPENDOCUMENT + sort)

    return whole


def plain_text(data: bytes) -> bool:
    """UTF-8 without control characters: no terminal, and no program, does anything with it but show it."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(category(char) == "Cc" and char not in "\t\n\r\f" for char in text)


def _whole(data: bytes, is_one: Callable[[zipfile.ZipFile], bool]) -> bool:
    if not data.startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _within_limits(archive.infolist()) and is_one(archive) and archive.testzip() is None
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        OSError,
        EOFError,
        zlib.error,
    ):
        return False


def _within_limits(parts: list[zipfile.ZipInfo]) -> bool:
    names = [part.filename.lower() for part in parts]
    return (
        len(parts) <= PARTS
        and all(part.compress_type in PACKED for part in parts)
        and sum(part.file_size for part in parts) <= UNPACKED
        and all(part.file_size <= RATIO * max(part.compress_size, 1) for part in parts)
        and not any(code in name for name in names for code in CODE)
    )
