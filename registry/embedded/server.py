"""One Postgres server: make its cluster, start it, ask whether it answers, stop it."""

import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from registry.embedded.binaries import binaries
from registry.embedded.place import EmbeddedError, Place, anothers

SETTINGS = {
    "listen_addresses": "",  # a private socket, no port
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "log_checkpoints": "off",
}
NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "max_wal_size": "256MB",
}
START_SECONDS = 60
LOG_BYTES = 1_000_000


@dataclass(frozen=True)
class Server:
    place: Place

    @cached_property
    def bin(self) -> Path:
        return binaries(self.place)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@{quote(str(self.place.sockets), safe='')}/{database}"

    def answers(self) -> bool:
        """Ask the socket, not the process id: a dead server may linger as a zombie."""
        return self._run("pg_isready", "-q", "-h", self.place.sockets)[0] == 0

    def make_cluster(self) -> None:
        """initdb beside the place of the cluster, then rename: a killed initdb leaves no half cluster."""
        major = self._major()
        if self.place.data.exists() and self.place.data.stat().st_uid != self.place.owner:
            raise anothers(self.place.data)
        if (self.place.data / "PG_VERSION").exists():
            found = (self.place.data / "PG_VERSION").read_text().strip()
            if found != str(major):
                raise EmbeddedError(
                    f"The database in {self.place.data} was made by Postgres {found}; this version brings {major}. "
                    "Dump it with the older version of Pathfinders, move that folder away and load the dump."
                )
            return
        draft = self.place.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        self.place.private_folder(draft)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else []
        flags = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions", *locale]
        code, said = self._run("initdb", "-D", draft, *flags, *(["--no-sync"] if self.place.throwaway else []))
        if code:
            raise EmbeddedError(f"The embedded database could not be made in {draft}:\n{said}")
        with open(draft / "postgresql.conf", "a") as file:
            chosen = SETTINGS | (NOT_DURABLE if self.place.throwaway else {})
            file.writelines(f"{name} = '{value}'\n" for name, value in chosen.items())
        draft.rename(self.place.data)

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server as a child of this process and wait until it answers.

        After a kill -9 its old backends may live on for a moment and hold the shared memory: try again.
        """
        self.place.private_folder(self.place.sockets)
        deadline = time.monotonic() + START_SECONDS
        while True:
            child = self._spawn()
            while child.poll() is None and time.monotonic() < deadline:
                if self.answers():
                    return child
                time.sleep(0.02)
            if time.monotonic() >= deadline or "shared memory block" not in self._log_tail():
                child.kill()
                child.wait()
                raise EmbeddedError(f"The embedded database did not start. Its log says:\n{self._log_tail()}")
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop the server, whoever is its parent; nothing happens when none runs."""
        if (self.place.data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self.place.data, "-w", "-t", "60", "-m", "fast", "stop")
        shutil.rmtree(self.place.sockets, ignore_errors=True)
        if self.place.throwaway:
            shutil.rmtree(self.place.folder, ignore_errors=True)

    def _spawn(self) -> subprocess.Popen[bytes]:
        big = self.place.log.exists() and self.place.log.stat().st_size > LOG_BYTES
        with open(self.place.log, "wb" if big else "ab") as log:
            return subprocess.Popen(
                [self.bin / "postgres", "-D", self.place.data, "-k", self.place.sockets],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                **self._surroundings(),
            )

    def _run(self, program: str, *arguments: object) -> tuple[int, str]:
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                [self.bin / program, *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                **self._surroundings(),
            )
            said.seek(0)
            return done.returncode, said.read()

    def _surroundings(self) -> dict[str, Any]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        return {"cwd": "/", "env": kept | {"LC_ALL": "C"}, **self.place.runs_as}

    def _major(self) -> int:
        said = self._run("postgres", "--version")[1]
        return int(said.split()[2].split(".")[0])

    def _log_tail(self) -> str:
        return self.place.log.read_text(errors="replace")[-2000:] if self.place.log.exists() else ""
