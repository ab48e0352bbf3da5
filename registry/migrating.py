"""Bring a database up to this version of the code: migrations, and the table of the shared cache."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django
import psycopg2

LOCK = 7_201_011  # any fixed number: two processes of ours must not migrate one database at once


def bring_up_to_date() -> None:
    """Apply what is not yet applied, saying so on stderr; quiet and quick when nothing is."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if not unapplied():
        return
    began = time.monotonic()
    print("Preparing the database ...", end=" ", file=sys.stderr, flush=True)
    with _alone(connection.get_connection_params()):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    print(f"{time.monotonic() - began:.1f} s", file=sys.stderr)


def unapplied() -> int:
    """How many migrations of this code the database lacks."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _alone(parameters: dict) -> Iterator[None]:
    """Hold a lock of the database on a connection of its own, beside those that migrate."""
    parameters = {name: value for name, value in parameters.items() if name not in ("cursor_factory",)}
    guard = psycopg2.connect(**parameters)
    guard.autocommit = True
    try:
        with guard.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield
    finally:
        guard.close()
