"""The register with the real files in it, made once a session; tests take clones of it by TEMPLATE."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from practices.actions import import_england
from registry.files.report import Report
from registry.models import User
from tests.support import databases


class RealRegister(NamedTuple):
    """Its database (never written to, never connected to: a template), what the import said, how long it took."""

    database: str
    reports: list[Report]
    seconds: float


@contextmanager
def imported(folder: Path) -> Iterator[RealRegister]:
    with databases.copied(connection.settings_dict["NAME"]) as name:
        with databases.pointed_at(name):
            began = time.monotonic()
            reports = import_england(by=User.objects.system(), path=folder)
            seconds = time.monotonic() - began
        yield RealRegister(name, reports, seconds)
