"""Counting by key within windows, for all workers of the site together, without a database.

A table of fixed size in memory that the server makes before it starts its workers. A key has a few slots that it may
stand in; where all are taken by others that still count, the one whose window began first gives way. Two workers that
count the same key in the same instant may lose one count: what is counted here are generous limits, not money.
"""

from __future__ import annotations

import mmap
import struct
import time
from hashlib import blake2b
from threading import Lock

SLOTS, WAYS = 16_384, 4
_SLOT = struct.Struct("=QddQ")  # the key's print, when its window began and ends, what was counted
_memory = mmap.mmap(-1, SLOTS * _SLOT.size)
_lock = Lock()


def add(key: str, window: float, by: int = 1) -> tuple[int, float]:
    """Count `by` more for a key (0 asks, -1 gives back): what it has in its window now, and seconds until its end."""
    digest = blake2b(key.encode(errors="replace"), digest_size=16).digest()
    print_, place = int.from_bytes(digest[:8], "big") or 1, int.from_bytes(digest[8:], "big")
    now = time.monotonic()
    with _lock:
        at, began, ends, counted = _find(print_, place % (SLOTS // WAYS) * WAYS, now)
        if ends <= now:
            began, ends, counted = now, now + window, 0
        counted = max(counted + by, 0)
        if by:
            _SLOT.pack_into(_memory, at, print_, began, ends, counted)
    return counted, ends - now


def _find(print_: int, first: int, now: float) -> tuple[int, float, float, int]:
    """The key's slot, or the one that it may take: (where, began, ends, counted), zeros for a new one."""
    oldest, oldest_began = 0, float("inf")
    for at in range(first * _SLOT.size, (first + WAYS) * _SLOT.size, _SLOT.size):
        found, began, ends, counted = _SLOT.unpack_from(_memory, at)
        if found == print_:
            return at, began, ends, counted
        if ends <= now:
            began = 0.0
        if began < oldest_began:
            oldest, oldest_began = at, began
    return oldest, 0.0, 0.0, 0


def forget() -> None:
    """Start anew with every key."""
    with _lock:
        _memory[:] = bytes(len(_memory))
