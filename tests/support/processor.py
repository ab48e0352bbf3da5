"""The processor's time: on a machine shared with others the clock on the wall tells nothing of what is measured."""

from __future__ import annotations

import os
from pathlib import Path
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
