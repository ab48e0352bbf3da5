"""Snapshots for tests."""

from __future__ import annotations

from datetime import date

from pathfinders.actions.snapshots import take_snapshot
from pathfinders.models import PublishedSnapshot
from pathfinders.snapshots import store
from registry.models import Entry


def taken(as_of: date) -> PublishedSnapshot:
    """A snapshot of that day as it is known now."""
    made = take_snapshot(as_of=as_of, entry=Entry.objects.order_by("-number")[0], why="asked")
    assert made is not None
    return made


def content(snapshot: PublishedSnapshot, name: str) -> bytes:
    return store.path_of(snapshot.files.get(name=name).sha256).read_bytes()
