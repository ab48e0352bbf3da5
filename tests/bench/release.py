"""How long the release of a wave takes, beside the bare SQL that copies the same rows into the same tables.

The bare SQL is one INSERT ... SELECT for each kind of fact that the release opened, into a copy of its table with all
its constraints and indexes: what Postgres itself needs for the rows, without a plan, a journal, a hash or a letter.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import connection, transaction

from pathfinders import actions
from pathfinders.models import Wave
from registry.models import Entry, User, fact_kinds


class Measured(NamedTuple):
    """Milliseconds by the clock on the wall, and the rows that the release wrote."""

    release: float
    bare: float
    rows: int

    @property
    def ratio(self) -> float:
        return round(self.release / self.bare, 1)


def release(*, by: User, wave: Wave) -> Measured:
    """Release a wave that is ready, for good, and measure it; then measure the bare SQL, which is rolled back."""
    took, entry = _timed(lambda: actions.release_wave(by=by, wave=wave, version=wave.version))
    tables = [kind._meta.db_table for kind in fact_kinds().values()]
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"CREATE TEMP TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
        bare, _ = _timed(lambda: [_insert(cursor, table, entry) for table in tables])
        transaction.set_rollback(True)
    return Measured(took, bare, entry.changes)


def _insert(cursor: Any, table: str, entry: Entry) -> None:
    cursor.execute(f"INSERT INTO bare_{table} SELECT * FROM {table} WHERE opened_by_id = %s", [entry.number])


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    done = work()
    return (time.perf_counter() - start) * 1000, done
