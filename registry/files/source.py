from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from registry.errors import Refused

MAGIC = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
)
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class Source:
    """A file as it was read, once: its name, its bytes and their SHA-256, which goes into the journal."""

    name: str
    data: bytes

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def encoding(self) -> str:
        return encoding_of(self.data)

    @cached_property
    def text(self) -> str:
        """The file as text, lines ending in newlines. Raises Refused where it is no text at all."""
        oddity = not_text(self.data)
        if oddity:
            raise Refused("wrong_file", f"{self.name} looks like {oddity}, not a text file.", field="file")
        text = self.data.decode(self.encoding)
        return text.replace("\r\n", "\n").replace("\r", "\n")


def read_source(path: str | Path) -> Source:
    """Read a whole file. Raises Refused with a sentence where there is none, or it may not be read."""
    path = Path(path)
    try:
        return Source(path.name, path.read_bytes())
    except IsADirectoryError:
        message = f"{path} is a folder; name a file in it, or use import_england to load the whole folder."
    except FileNotFoundError:
        message = f"There is no file {path}."
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}."
    raise Refused("no_file", message, field="file")


def encoding_of(data: bytes) -> str:
    """By its mark (BOM); else UTF-8 where it is valid; else cp1252, or latin-1 where cp1252 has no such byte."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return encoding
    for encoding in ("utf-8", "cp1252"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def not_text(data: bytes) -> str:
    """What a file that holds no table or text looks like; empty where it is text."""
    if not data.strip():
        return "an empty file"
    for mark, name in MAGIC:
        if data.startswith(mark):
            return name
    if encoding_of(data) == "utf-16":
        try:
            data.decode("utf-16")
        except UnicodeDecodeError:
            return "a damaged UTF-16 file"
        return ""
    sample = data[:4096]
    if sample.count(0) > len(sample) // 4:
        return "UTF-16 text without its mark, or a program's own file"
    if sum(b < 9 or 13 < b < 32 for b in sample) > len(sample) // 4:
        return "a program's own file"
    return ""
