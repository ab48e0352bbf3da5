"""Making snapshots: each the register at a moment, as the public sees it, never by or within the step it is of."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import IO

from django.db import connection, transaction

from pathfinders.models import PublishedFile, PublishedSnapshot
from pathfinders.snapshots import contents, store, words
from registry import clock
from registry.models import Entry
from registry.moment import Moment

LOCK = 7_012_011  # the advisory lock of whoever makes snapshots; a number of our own
log = logging.getLogger(__name__)


def take_snapshot(*, as_of: date, entry: Entry, why: str, wave: int | None = None) -> PublishedSnapshot | None:
    """Write the files of that day, as known when `entry` was the newest, and say so in rows, in one transaction.

    Only facts recorded by then are read, as the public, so that nothing unreleased is in it, whenever it is made. None
    where another process is making one, or it is there already. Files of a transaction that fails stay on disk, named
    by no row, until the same bytes are wanted.
    """
    ref = f"{as_of}.{entry.number}"
    with _one_picture():
        if not _my_turn() or PublishedSnapshot.objects.filter(pk=ref).exists():
            return None
        made = PublishedSnapshot(ref=ref, as_of=as_of, entry=entry, why=why, wave=wave, made_at=clock.real_now())
        files = list(_files(made))
        made.save(force_insert=True)
        PublishedFile.objects.bulk_create(files)
    return made


@contextmanager
def _one_picture() -> Iterator[None]:
    """One consistent picture of the register, in which rows can be written too."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _my_turn() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def moment_of(snapshot: PublishedSnapshot) -> Moment:
    return Moment.of(snapshot.as_of, snapshot.entry.at)


def _files(snapshot: PublishedSnapshot) -> Iterator[PublishedFile]:
    moment, files = moment_of(snapshot), []
    for name in contents.names():
        columns = contents.columns_of(name)
        kept = store.put(contents.writer(name, snapshot.entry, moment, columns))
        files.append(PublishedFile(snapshot=snapshot, name=name, columns=columns, **kept._asdict()))
    for name, text in ((words.DICTIONARY, words.dictionary()), (words.LICENCE_NAME, words.licence())):
        files.append(_of_text(snapshot, name, text, content=text))
    files.append(_of_text(snapshot, words.MANIFEST, words.manifest(snapshot, files)))
    files.append(_of_text(snapshot, words.SUMS, words.sums(files)))
    yield from files


def _of_text(snapshot: PublishedSnapshot, name: str, text: str, content: str = "") -> PublishedFile:
    kept = store.put(_writing(text))
    return PublishedFile(snapshot=snapshot, name=name, content=content, **kept._asdict())


def _writing(text: str) -> Callable[[IO[bytes]], None]:
    def write(out: IO[bytes]) -> None:
        out.write(text.encode())

    return write


def make_again(*, file: PublishedFile) -> None:
    """Make a file's bytes of the facts, as they were known then, and keep them. Raises ValueError where they are not
    what was published."""
    snapshot = file.snapshot
    if file.content:
        write: Callable[[IO[bytes]], int | None] = _writing(file.content)
    elif file.name in (words.MANIFEST, words.SUMS):
        write = _writing(text_again(file))
    else:
        write = contents.writer(file.name, snapshot.entry, moment_of(snapshot), file.columns)
    store.put(write, expected=file.sha256)


def text_again(file: PublishedFile) -> str:
    """The manifest or the list of hashes, of the rows of the files before it."""
    before = list(PublishedFile.objects.filter(snapshot=file.snapshot_id, pk__lt=file.pk).order_by("pk"))
    return words.manifest(file.snapshot, before) if file.name == words.MANIFEST else words.sums(before)


def mend_snapshots() -> list[str]:
    """Make again what is gone from the disk; a sentence for each file that was, or cannot be."""
    told = []
    hashes = PublishedFile.objects.order_by("sha256").values_list("sha256", flat=True).distinct()
    lost = [sha256 for sha256 in hashes if not store.path_of(sha256).exists()]
    for sha256 in lost:
        file = PublishedFile.objects.filter(sha256=sha256).select_related("snapshot__entry").order_by("pk")[0]
        try:
            with _one_picture():
                make_again(file=file)
        except ValueError as error:
            log.error("Snapshot file %s is lost and cannot be made again: %s", file, error)
            told.append(f"The file {file} is lost and cannot be made again: {error}.")
        else:
            told.append(f"The file {file} was lost and has been made again.")
    return told
