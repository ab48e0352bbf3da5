"""Bytes that people sent: outside database and web root, under their SHA-256, as long as a row names them.

Which rows do, each app says with `holds(sha256)` in its `keeping.py` (registry.collected), and with `named()` which files
must be there.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from registry.collected import collected


def path_of(sha256: str) -> Path:
    return Path(settings.ATTACHMENTS_DIR) / sha256[:2] / sha256


def keep(sha256: str, data: bytes) -> None:
    """Write the bytes whole or not at all. The caller holds `lock` and has the row in its transaction."""
    path = path_of(sha256)
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = NamedTemporaryFile(dir=path.parent, delete=False)  # noqa: SIM115  # closed below, then renamed or removed
    try:
        with draft:
            draft.write(data)
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


def read(sha256: str) -> bytes:
    """The bytes. Raises OSError where they are gone, ValueError where they are not what they were."""
    data = path_of(sha256).read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(f"the bytes kept under {sha256} have changed")
    return data


def disagreeing() -> tuple[list[str], list[tuple[Any, ...]]]:
    """The files that must be kept and are gone, or are not what they were: for `check_invariants`."""
    found: list[tuple[Any, ...]] = []
    for app, named in collected("keeping", "named"):
        for sha256, of in named():
            try:
                read(sha256)
            except (OSError, ValueError) as error:
                found.append((app, of, sha256, "gone" if isinstance(error, OSError) else "changed"))
    return ["app", "of", "sha256", "state"], found


def drop_unnamed(sha256: str) -> None:
    """Remove the bytes unless a row of some app names them."""
    with transaction.atomic():
        lock(sha256)
        if not any(holds(sha256) for _, holds in collected("keeping", "holds")):
            path_of(sha256).unlink(missing_ok=True)
