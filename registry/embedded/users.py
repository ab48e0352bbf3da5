"""Using the embedded server: come in, and go out again.

Each user process holds the users' lock shared from before the server is looked at until it leaves or dies.
"""

import atexit
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
from psycopg2 import errors, sql

from registry.embedded import place as places
from registry.embedded.locks import STARTING, SUPERVISOR, USERS, FileLock
from registry.embedded.place import EmbeddedError, Place
from registry.embedded.server import Server

SOURCE = Path(__file__).resolve().parents[2]
LEAVING_SECONDS = 70


@dataclass
class Attached:
    """One process's use of the server."""

    server: Server
    users: FileLock
    supervisor: "subprocess.Popen[str] | None" = None
    _pid: int = field(default_factory=os.getpid)

    def url(self, database: str) -> str:
        """The URL of a database on this server, made if it is not there."""
        connection = psycopg2.connect(self.server.url("postgres"))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
                if cursor.fetchone() is None:
                    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        except (errors.DuplicateDatabase, errors.UniqueViolation):
            pass  # another process made it in this moment
        finally:
            connection.close()
        return self.server.url(database)

    def leave(self) -> None:
        """Let go of the server; when nobody else holds it, stop it and wait until it has stopped."""
        if os.getpid() != self._pid:  # a forked child: the lock is its parent's to drop
            return
        atexit.unregister(self.leave)
        self.users.release()
        if self.server.place.folder.exists() and not _others_remain(self.server) and self.supervisor is not None:
            self.supervisor.wait(timeout=LEAVING_SECONDS)


def attach(state: Path) -> Attached:
    """Use the lasting server of a state folder."""
    return _attach(places.choose(state))


def attach_throwaway() -> Attached:
    """Use a server of one's own in a temporary folder that vanishes with it."""
    return _attach(places.throwaway())


def _attach(place: Place) -> Attached:
    server = Server(place)
    try:
        users, starting = FileLock(place.folder, USERS), FileLock(place.folder, STARTING)
    except PermissionError as error:
        raise places.anothers(error.filename or place.folder) from None
    users.share()  # waits while a last one out is stopping the server
    starting.take()
    try:
        server.make_cluster()
        supervisor = None if server.answers() and _is_watched(place) else _start_supervisor(server)
    finally:
        starting.release()
    attached = Attached(server, users, supervisor)
    atexit.register(attached.leave)
    return attached


def _is_watched(place: Place) -> bool:
    lock = FileLock(place.folder, SUPERVISOR)
    try:
        return not lock.try_take()
    finally:
        lock.release()


def _start_supervisor(server: Server) -> "subprocess.Popen[str]":
    kind = "throwaway" if server.place.throwaway else "lasting"
    process = subprocess.Popen(
        [sys.executable, "-m", "registry.embedded.supervisor", str(server.place.folder), kind],
        cwd=SOURCE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C at the terminal must not reach it
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.read().strip()
    process.stdout.close()
    if said != "ready":
        process.wait()
        raise EmbeddedError(said or "The embedded database's supervisor did not start.")
    return process


def _others_remain(server: Server) -> bool:
    """True when another user holds the server; otherwise stop it (or see it stopped) and say False."""
    lock = FileLock(server.place.folder, USERS)
    deadline = time.monotonic() + LEAVING_SECONDS
    try:
        while time.monotonic() < deadline:
            if lock.try_take():
                server.stop()
                return False
            if lock.try_share():
                return True
            time.sleep(0.02)  # the supervisor has it, and is stopping the server
        return True
    finally:
        lock.release()
