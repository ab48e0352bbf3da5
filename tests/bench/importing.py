"""The import of the real files beside one INSERT ... SELECT of the same rows into the same constrained tables."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from django.db import connection, transaction

from practices import folder
from practices.actions import import_england
from practices.models import (
    BodyParticulars,
    ListSize,
    ParentBody,
    Practice,
    PracticeParent,
    PracticeParticulars,
    PracticeStatus,
    SourceVintage,
)
from registry.models import User
from tests.bench.figures import Figure
from tests.support import databases

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"
LEFT_OUT = {"places", "branches", "pct-boundaries"}
TABLES = (
    ParentBody, BodyParticulars, Practice, PracticeParticulars, PracticeStatus, PracticeParent, ListSize, SourceVintage,
)  # fmt: skip


def imports(rounds: int) -> Iterator[Figure]:
    """Nothing, with a sentence, where the real files are absent."""
    if not (REAL / "manifest.toml").exists():
        print("The import is not measured: the folder shared/data is not beside the project's root.")
        return
    took, bare, rows = [], [], 0
    for number in range(rounds):
        print(f"Importing the real files ({number + 1} of {rounds}) ...", flush=True)
        with TemporaryDirectory() as chosen, databases.clone():
            _choose(Path(chosen))
            began = perf_counter()
            import_england(by=User.objects.system(), path=chosen)
            took.append((perf_counter() - began) * 1000)
            seconds, rows = _bare()
            bare.append(seconds * 1000)
    yield Figure(
        f"import of the real files, {rows:,} rows",
        median(took),
        "ms",
        "INSERT ... SELECT of the same rows into copies of the tables, with their constraints and indexes",
        median(bare),
        most=3,
    )


def _choose(into: Path) -> None:
    """The files of bodies, practices, parents and list sizes, and a manifest of them."""
    lines = []
    for file in folder.look(REAL)[0]:
        if file.kind not in LEFT_OUT:
            shutil.copy(file.path, into)
            lines += ["[[file]]", f'path = "{file.path.name}"', f'kind = "{file.kind}"']
            lines += [f"vintage = {file.vintage}"] if file.vintage else []
            lines += [f'quarter = "{file.quarter}"'] if file.quarter else []
    (into / "manifest.toml").write_text("\n".join(lines))


def _bare() -> tuple[float, int]:
    """Seconds, and rows. The copies are as empty at the start as the tables were before the import."""
    with transaction.atomic(), connection.cursor() as cursor:
        for model in TABLES:
            table = model._meta.db_table
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
        began, rows = perf_counter(), 0
        for model in TABLES:
            table = model._meta.db_table
            cursor.execute(f"INSERT INTO bare_{table} SELECT * FROM {table}")
            rows += cursor.rowcount
        seconds = perf_counter() - began
        transaction.set_rollback(True)
    return seconds, rows
