"""What may be a document that somebody sends as evidence, by its content: a whole PDF or picture (`KINDS`); as the source
of what the register says of a hand-over also a file of an office program, or a text (`SOURCES`)."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import puremagic

from registry.errors import Refused
from registry.files.office import office_open, open_document, plain_text
from registry.pages.uploads import LARGEST, MB

HEAD = 8_192
"""Bytes from which the library tells what a file is."""


class Kind(NamedTuple):
    label: str
    media_type: str
    extensions: tuple[str, ...]
    whole: Callable[[bytes], bool]


class Checked(NamedTuple):
    """A file that may be attached."""

    name: str
    kind: str
    data: bytes
    sha256: str


def _whole_pdf(data: bytes) -> bool:
    return re.match(rb"%PDF-[12]\.\d", data) is not None and b"%%EOF" in data[-2_048:]


def _whole_png(data: bytes) -> bool:
    """The signature, then chunks whose checksums are right, from IHDR to IEND and nothing after."""
    at, first = 8, True
    while at + 12 <= len(data):
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data) or first and name != b"IHDR":
            return False
        if zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end]):
            return False
        if name == b"IEND":
            return end == len(data)
        at, first = end, False
    return False


def _whole_jpeg(data: bytes) -> bool:
    """Segments up to a scan of a frame, and an end after it (cameras write more pictures behind it)."""
    at, frame = 2, False
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        frame = frame or (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC))
        if marker == 0xDA:
            return frame and b"\xff\xd9" in data[at + 2 + length :]
        at += 2 + length
    return False


KINDS = {
    "pdf": Kind("PDF", "application/pdf", (".pdf",), _whole_pdf),
    "png": Kind("PNG image", "image/png", (".png",), _whole_png),
    "jpeg": Kind("JPEG image", "image/jpeg", (".jpg", ".jpeg", ".jfif", ".jpe"), _whole_jpeg),
}

_MS, _ODF = "application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument."
OFFICE = {
    "docx": Kind("Word document", _MS + "wordprocessingml.document", (".docx",), office_open("word/document.xml")),
    "xlsx": Kind("Excel workbook", _MS + "spreadsheetml.sheet", (".xlsx",), office_open("xl/workbook.xml")),
    "pptx": Kind("presentation", _MS + "presentationml.presentation", (".pptx",), office_open("ppt/presentation.xml")),
    "odt": Kind("OpenDocument text", _ODF + "text", (".odt",), open_document("text")),
    "ods": Kind("OpenDocument spreadsheet", _ODF + "spreadsheet", (".ods",), open_document("spreadsheet")),
    "odp": Kind("OpenDocument presentation", _ODF + "presentation", (".odp",), open_document("presentation")),
}
TEXT = {"text": Kind("text file", "text/plain; charset=utf-8", (".txt", ".csv"), plain_text)}
SOURCES = KINDS | OFFICE | TEXT
PICTURES = "a PDF, PNG or JPEG"
EVERY = "a whole PDF, PNG, JPEG, Word, Excel, PowerPoint or OpenDocument file, or a text in UTF-8"


def checked(name: str, file: Any, kinds: Mapping[str, Kind] = KINDS) -> Checked:
    """Read a file (bytes, or anything with `read`). Raises Refused on `file` with what is wrong with it: its name, its
    size, or that by its content it is of none of the kinds, as a PDF, PNG or JPEG."""
    name = plain_name(name)
    data: bytes = file if isinstance(file, bytes) else file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise _refused("too_large", f"“{name}” is larger than {LARGEST // MB} MB, the most that a file may have.")
    if not data:
        raise _refused("empty", f"“{name}” is empty.")
    return Checked(name, _kind(name, data, kinds), data, hashlib.sha256(data).hexdigest())


def plain_name(name: str) -> str:
    """The name of a file as it may be kept and given out again. Raises Refused for a path, or what cannot be read."""
    name = name.strip()
    if "/" in name or "\\" in name or name in ("", ".", ".."):
        raise _refused("path_in_name", "Give the file a plain name, without slashes, and choose it again.")
    if not name.isprintable():
        raise _refused("bad_name", "The file's name holds characters that cannot be seen. Rename it and try again.")
    if len(name) > 200:
        raise _refused("long_name", f"The file's name has {len(name)} characters; 200 are allowed. Rename it.")
    return name


def _kind(name: str, data: bytes, kinds: Mapping[str, Kind]) -> str:
    """By content; the name must agree, so that nobody opens a file with a program that it is not for."""
    try:
        guesses = puremagic.magic_string(data[:HEAD])
    except puremagic.PureError:
        guesses = []
    key = _found(data, {guess.extension.lower() for guess in guesses}, kinds)
    if not key:
        known = guesses[0].name if guesses else ""
        was = f": by its content it is “{known}”" if known else ""
        wanted, do = (PICTURES, "a PDF or an image") if kinds is KINDS else (EVERY, "one of those, without macros")
        raise _refused("not_a_document", f"“{name}” is not {wanted}{was}. Attach {do}.")
    kind = kinds[key]
    if not kind.whole(data):
        raise _refused("damaged", f"“{name}” begins like a {kind.label} but is not a whole one. Save it again.")
    if not name.lower().endswith(kind.extensions):
        raise _refused(
            "name_disagrees",
            f"“{name}” is a {kind.label} by its content; its name should end in {kind.extensions[0]}.",
        )
    return key


def _found(data: bytes, guesses: set[str], kinds: Mapping[str, Kind]) -> str:
    """A PDF or picture by its first bytes; a file of an office program by what its container holds, since the first
    bytes are every archive's; a text where it is none of them."""
    for key in KINDS:
        if guesses & set(kinds[key].extensions):
            return key
    others = (key for key in (*OFFICE, *TEXT) if key in kinds)
    return next((key for key in others if kinds[key].whole(data)), "")


def _refused(code: str, sentence: str) -> Refused:
    return Refused(code, sentence, field="file")
