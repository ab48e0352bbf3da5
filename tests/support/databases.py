"""The migrated test database, and clones of it, made by Postgres from a template in well under a second."""

import fcntl
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import setup_databases, teardown_databases


@contextmanager
def migrated(shared: Path, run: str, *, keep: bool) -> Iterator[None]:
    """Django's default connection goes to the migrated test database; dropped in the end, unless one is to `keep` it.

    The migrations take some seconds. Of several workers (`run`: what their run is called; `shared`: a folder of all)
    the first one runs them and leaves a template for as long as it lives; the others copy that.
    """
    if not run:
        made = setup_databases(verbosity=0, interactive=False, keepdb=keep, aliases={"default"})
        yield
        teardown_databases(made, verbosity=0, keepdb=keep)
        return
    template = f"test_template_{run[:12]}"
    told = shared / f"{template}.made"
    with _alone(shared):
        first = not told.exists()
        if first:
            made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
            connections.close_all()
            _wait_until_left(connection.settings_dict["NAME"])
            _copy(connection.settings_dict["NAME"], template)
            told.touch()
        else:
            made = [(connection, connection.settings_dict["NAME"], True)]
            _copy_as_test_database(template)
    yield
    if first:
        with _alone(shared):
            told.unlink()
            _execute(f'DROP DATABASE "{template}" WITH (FORCE)')
    teardown_databases(made, verbosity=0)


@contextmanager
def _alone(shared: Path) -> Iterator[None]:
    with (shared / "databases.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _copy_as_test_database(template: str) -> None:
    name = connection.creation._get_test_db_name()
    connections.close_all()
    _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _copy(template, name)
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


@contextmanager
def clone(template: str = "") -> Iterator[str]:
    """Point Django's default connection, in every thread, at a fresh clone; drop it in the end.

    Of the migrated database, or of another `template`.
    """
    with copied(template or connection.settings_dict["NAME"]) as name, pointed_at(name):
        yield name


class World:
    """A database that a module's tests begin in, and what its builder returned: anew for each, as one may change it."""

    def __init__(self, name: str, made: Any) -> None:
        self.name, self._made = name, made

    def made(self) -> Any:
        return deepcopy(self._made)


@contextmanager
def world(build: Callable[[], Any]) -> Iterator[World]:
    """A copy of the migrated database with what `build` commits to it; dropped in the end."""
    with copied(connection.settings_dict["NAME"]) as name:
        with pointed_at(name):
            made = build()
        yield World(name, made)


@contextmanager
def copied(template: str) -> Iterator[str]:
    """The name of a copy of a database that nobody uses; dropped in the end."""
    name = f"{template[:40]}_{uuid.uuid4().hex[:8]}"
    connections.close_all()  # a template must have no connection
    _leave(template)
    _wait_until_left(template)
    _copy(template, name)
    try:
        yield name
    finally:
        _leave(name)
        _execute(f'DROP DATABASE "{name}" WITH (FORCE)')


_kept: dict[str, BaseDatabaseWrapper] = {}
"""By the name of its database, the connection of each world that is in use: between two tests it stays open."""


@contextmanager
def entered(name: str) -> Iterator[None]:
    """`pointed_at`, over one connection for all the tests of a world: a new one begins with empty caches, so that
    each statement is planned from the catalogue's own tables, which costs more than most tests."""
    default = connections["default"]
    connections.close_all()
    with pointed_at(name):
        own = connections["default"] = _kept.pop(name, None) or connections.create_connection("default")
        try:
            yield
            with own.cursor() as cursor:
                cursor.execute("DISCARD ALL")  # settings, locks of the session, temporary tables
            _kept[name] = own
        finally:
            connections["default"] = default
            if name not in _kept:
                own.close()


def _leave(name: str) -> None:
    if name in _kept:
        _kept.pop(name).close()


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


def _copy(template: str, name: str) -> None:
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY {_strategy()}')


@cache
def _strategy() -> str:
    """In memory, copying files is quicker than writing pages through the server; on a disk it is slower."""
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SHOW data_directory")
        return "FILE_COPY" if cursor.fetchone()[0].startswith("/dev/shm/") else "WAL_LOG"


def _execute(statement: str) -> None:
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(statement)
