"""Where the bytes of snapshots lie: in the state folder, under their SHA-256, once however many snapshots have them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, NamedTuple

from django.conf import settings


class Put(NamedTuple):
    sha256: str
    size: int
    rows: int | None


def path_of(sha256: str) -> Path:
    return Path(settings.SNAPSHOTS_DIR) / sha256[:2] / sha256


def put(write: Callable[[IO[bytes]], int | None], *, expected: str = "") -> Put:
    """Write a file whole, or not at all, and keep it under its hash; `write` returns its rows.

    Raises ValueError, and keeps nothing, where the hash is not the one `expected`.
    """
    folder = Path(settings.SNAPSHOTS_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = NamedTemporaryFile(dir=folder, delete=False)  # noqa: SIM115  # closed below, then renamed or removed
    try:
        with draft:
            rows = write(draft)  # type: ignore[arg-type]  # the wrapper is a file in all but name
            draft.flush()
            os.fsync(draft.fileno())
        sha256, size = hash_of(Path(draft.name)), os.path.getsize(draft.name)
        if expected and sha256 != expected:
            raise ValueError(f"it has SHA-256 {sha256}, not {expected}")
        path = path_of(sha256)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(draft.name, path)
    except BaseException:
        Path(draft.name).unlink(missing_ok=True)
        raise
    return Put(sha256, size, rows)


def hash_of(path: Path) -> str:
    with path.open("rb") as kept:
        return hashlib.file_digest(kept, "sha256").hexdigest()
