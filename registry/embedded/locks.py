"""File locks (flock): the kernel drops them when their holder dies, however it dies."""

import fcntl
import os
from pathlib import Path

USERS = "users.lock"  # shared by every process that uses the server; whoever gets it alone may stop the server
STARTING = "starting.lock"  # one starter at a time
SUPERVISOR = "supervisor.lock"  # held by the process that waits for the last user to leave


class FileLock:
    """One open lock file. Forked children (a server's workers) share it, so it is held until the last has gone."""

    def __init__(self, folder: Path, name: str) -> None:
        self._file = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def share(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def take(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def try_share(self) -> bool:
        return self._try(fcntl.LOCK_SH)

    def try_take(self) -> bool:
        return self._try(fcntl.LOCK_EX)

    def release(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self._file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
