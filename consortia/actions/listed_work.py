"""Long lists in the background: checked and written one at a time, each taken up again after a crash.

A worker holds a list by an advisory lock of its session, which Postgres lets go of when the worker dies. What is
written is one transaction, so that a list is written whole or not at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from consortia.actions.lists import checked
from consortia.actions.uploading import write_list
from consortia.models import MembershipUpload
from consortia.states import UploadState, moved
from registry.errors import Refused
from registry.models import User

WAITING = (UploadState.WAITING, UploadState.CHECKING, UploadState.COMMITTING)
PAUSE = 0.5
"""Seconds between two words of progress."""


def do_lists() -> list[str]:
    """Check or write each list that waits; a sentence for each. Safe beside another worker, and after a crash."""
    told: list[str] = []
    failed: list[Exception] = []
    for pk in list(MembershipUpload.objects.filter(state__in=WAITING).order_by("pk").values_list("pk", flat=True)):
        with _held(pk) as mine:
            try:
                told += _do(pk) if mine else []
            except Exception as error:  # one that fails as nobody foresaw keeps no later one waiting
                failed.append(error)
    if failed:
        raise failed[0]
    return told


def _do(pk: int) -> list[str]:
    upload = MembershipUpload.objects.select_related("consortium", "sent_by").get(pk=pk)
    if upload.state == UploadState.COMMITTING:
        return [_write(upload)]
    return [_check(upload)] if upload.state in WAITING else []


def _check(upload: MembershipUpload) -> str:
    _put(upload, "check" if upload.state != UploadState.WAITING else "", state=UploadState.CHECKING)
    try:
        with _progress(upload) as told:
            answer = checked(upload, told=told)
    except (Refused, OSError, ValueError) as error:
        said = error.message if isinstance(error, Refused) else f"{upload.name} cannot be read any more."
        _put(upload, "fail", answer={"problem": said})
        return f"The list {upload.name} could not be checked: {said}"
    _put(upload, "checked", answer=answer, done=upload.total)
    return f"The list {upload.name} was checked: {upload.total:,} rows."


def _write(upload: MembershipUpload) -> str:
    by = User.objects.get(ref=upload.options["by"])
    try:
        with _progress(upload) as told:
            row = write_list(by=by, upload=upload, options=upload.options, told=told)
    except Refused as refused:
        return f"The list {upload.name} was not written: {refused.message}"
    except (OSError, ValueError):
        said = f"{upload.name} cannot be read any more."
        _put(upload, "recheck", answer=upload.answer | {"problem": said})
        return f"The list {upload.name} was not written: {said}"
    return f"The list {upload.name} was written as entry {row.entry_id}."


def _put(upload: MembershipUpload, step: str, **values: object) -> None:
    with transaction.atomic():
        row = MembershipUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        if step:
            values["state"] = moved(row, UploadState, step)
        for name, value in values.items():
            setattr(row, name, value)
            setattr(upload, name, value)
        row.save(update_fields=list(values))


@contextmanager
def _held(pk: int) -> Iterator[bool]:
    """Whether the list is this worker's; until the block ends."""
    args: tuple[str, int] = ("pathfinders.list", pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), %s)", args)
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s)", args)


@contextmanager
def _progress(upload: MembershipUpload) -> Iterator[Callable[[int], None]]:
    """Rows done so far, written on a connection of their own: the work's transaction is seen by nobody until its end."""
    own = connection.copy()
    last = time.monotonic()

    def told(done: int) -> None:
        nonlocal last
        if time.monotonic() - last < PAUSE:
            return
        last = time.monotonic()
        with own.cursor() as cursor:
            cursor.execute(
                "UPDATE consortia_membershipupload SET done = %s WHERE id = %s", [min(done, upload.total), upload.pk]
            )

    try:
        yield told
    finally:
        own.close()
