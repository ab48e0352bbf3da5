"""The files of bids: what may be one, and where its bytes lie: outside database and web root, under their SHA-256.

Bytes stay as long as a row names them, and for ever once they were part of a submitted bid: what an assessor read does
not go because the bidder took it out when the bid was returned.
"""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

import puremagic
from django.conf import settings
from django.db import connection, transaction

from pathfinders.models import Attachment
from registry.errors import Refused
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


def checked(name: str, file: Any) -> Checked:
    """Read a file (bytes, or anything with `read`). Raises Refused on `file` with what is wrong with it: its name, its
    size, or that by its content it is no PDF, PNG or JPEG."""
    name = plain_name(name)
    data: bytes = file if isinstance(file, bytes) else file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise _refused("too_large", f"“{name}” is larger than {LARGEST // MB} MB, the most that a file may have.")
    if not data:
        raise _refused("empty", f"“{name}” is empty.")
    return Checked(name, _kind(name, data), data, hashlib.sha256(data).hexdigest())


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


def _kind(name: str, data: bytes) -> str:
    """By content; the name must agree, so that nobody opens a file with a program that it is not for."""
    try:
        guesses = puremagic.magic_string(data[:HEAD])
    except puremagic.PureError:
        guesses = []
    found = {guess.extension.lower() for guess in guesses}
    key = next((key for key, kind in KINDS.items() if found & set(kind.extensions)), "")
    if not key:
        known = guesses[0].name if guesses else ""
        was = f": by its content it is “{known}”" if known else ""
        raise _refused("not_a_document", f"“{name}” is not a PDF, PNG or JPEG{was}. Attach a PDF or an image.")
    kind = KINDS[key]
    if not kind.whole(data):
        raise _refused("damaged", f"“{name}” begins like a {kind.label} but is not a whole one. Save it again.")
    if not name.lower().endswith(kind.extensions):
        raise _refused(
            "name_disagrees",
            f"“{name}” is a {kind.label} by its content; its name should end in {kind.extensions[0]}.",
        )
    return key


def _refused(code: str, sentence: str) -> Refused:
    return Refused(code, sentence, field="file")


def path_of(sha256: str) -> Path:
    return Path(settings.ATTACHMENTS_DIR) / sha256[:2] / sha256


def keep(file: Checked) -> None:
    """Write the bytes whole or not at all. The caller holds `lock` and has the row in its transaction."""
    path = path_of(file.sha256)
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = NamedTemporaryFile(dir=path.parent, delete=False)  # noqa: SIM115  # closed below, then renamed or removed
    try:
        with draft:
            draft.write(file.data)
            draft.flush()
            os.fsync(draft.fileno())
        os.replace(draft.name, path)
    except BaseException:
        Path(draft.name).unlink(missing_ok=True)
        raise


def lock(sha256: str) -> None:
    """Until the transaction ends nobody else keeps or drops these bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('pathfinders.attachment'), hashtext(%s))", [sha256])


def drop_unnamed(sha256: str) -> None:
    """Remove the bytes unless a row names them, or a bid that was submitted ever did."""
    with transaction.atomic():
        lock(sha256)
        log = Attachment.pgh_event_model.objects.filter(sha256=sha256)  # type: ignore[attr-defined]  # by pghistory
        named = Attachment.objects.filter(sha256=sha256).exists()
        if not named and not log.filter(bid__submitted_on__isnull=False).exists():
            path_of(sha256).unlink(missing_ok=True)
