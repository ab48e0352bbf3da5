"""Clones of the migrated test database, made by Postgres from a template in well under a second."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections


@contextmanager
def clone(template: str = "") -> Iterator[str]:
    """Point Django's default connection, in every thread, at a fresh clone; drop it in the end.

    Of the migrated database, or of another `template`.
    """
    with copied(template or connection.settings_dict["NAME"]) as name, pointed_at(name):
        yield name


@contextmanager
def copied(template: str) -> Iterator[str]:
    """The name of a copy of a database that nobody uses; dropped in the end."""
    name = f"{template[:40]}_{uuid.uuid4().hex[:8]}"
    connections.close_all()  # a template must have no connection
    _wait_until_left(template)
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield name
    finally:
        _execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def pointed_at(name: str) -> Iterator[None]:
    """Django's default connection, in every thread, goes to that database for a while."""
    before = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before


def _wait_until_left(database: str) -> None:
    """A closed connection's server process takes a moment to go; one left open by a test is ended."""
    deadline = time.monotonic() + 3
    ask = (
        "SELECT count(pg_terminate_backend(pid)) FILTER (WHERE %s), count(*) FROM pg_stat_activity WHERE datname = %s"
    )
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        while True:
            cursor.execute(ask, [time.monotonic() > deadline, database])
            if cursor.fetchone()[1] == 0:
                return
            time.sleep(0.02)


def _execute(statement: str) -> None:
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(statement)
