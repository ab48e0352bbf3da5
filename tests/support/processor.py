"""The processor's time: on a machine shared with others the clock on the wall tells nothing of what is measured."""

from __future__ import annotations

import json
import os
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from django.db import connection


def seconds() -> float:
    """Spent so far by this process and by the server's process for its connection; where that is not to be seen, the
    clock on the wall, which is never less."""
    process = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    if connection.settings_dict["HOST"].startswith("/") and process.exists():
        user, system = process.read_text().rpartition(")")[2].split()[11:13]
        return process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return perf_counter()


REFERENCE = 0.050
"""What `_fixed_work` takes, in seconds, of an otherwise idle core of the machine on which bounds in seconds were set."""


def pace() -> float:
    """How many times the reference's time this machine needs now: 2 on one half as fast, or whose caches others fill.

    A bound in seconds holds for the reference; elsewhere it is this many times that.
    """
    times = []
    for _ in range(3):
        start = seconds()
        _fixed_work()
        times.append(seconds() - start)
    return median(times) / REFERENCE


def _fixed_work() -> None:
    """Like a page's: objects and text are made and joined here, rows are counted and sorted in the database."""
    rows = [{"name": f"Practice {n}", "code": f"A{n:05}", "tags": [str(n % 7)] * 3} for n in range(6_000)]
    " ".join(f"{row['code']}: {row['name'].upper()} {','.join(row['tags'])}" for row in rows)
    json.loads(json.dumps(rows))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT md5(n::text) AS m FROM generate_series(1, 20000) n ORDER BY m) x")
