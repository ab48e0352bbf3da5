"""Where an embedded server lives, and as whom it runs.

Postgres refuses to run as root, so root runs it as `nobody`. When `nobody` cannot reach the folder (a checkout in
a 0700 home), the folder is left as it is and the server gets a folder of its own, remembered in the state folder.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

MEMORY = Path("/dev/shm")
ROOM = 3 << 30  # bytes free: the tests of two workers fill less than one gigabyte
LONGEST_SOCKET_FOLDER = 80  # a socket's whole path may have 103 bytes on macOS, 107 on Linux


class EmbeddedError(Exception):
    """The embedded server cannot be had; the message is a sentence for the person at the terminal."""


def anothers(path: object) -> EmbeddedError:
    return EmbeddedError(
        f"{path} belongs to another user (was Pathfinders run here as root, or as somebody else?). "
        "Run it as that user, or set PATHFINDERS_STATE to a folder of your own."
    )


@dataclass(frozen=True)
class Place:
    """The folder of one server. `throwaway`: no durability, and the folder goes with the last user."""

    folder: Path
    throwaway: bool = False

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @cached_property
    def sockets(self) -> Path:
        """The folder of the server's socket; in the temporary folder where the path would be too long for one."""
        inside = self.folder / "sock"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
            return inside
        key = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path("/tmp") / f"pathfinders-{os.geteuid()}-{key}"

    @cached_property
    def runs_as(self) -> dict[str, Any]:
        """Arguments for subprocess that drop root's rights."""
        return dropped_rights()

    @property
    def owner(self) -> int:
        return int(self.runs_as.get("user", os.geteuid()))

    def private_folder(self, folder: Path) -> None:
        """Make `folder` the server's own, 0700; refuse one that somebody else put there."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            if not owned_by(folder, {self.owner, os.geteuid()}):
                raise EmbeddedError(
                    f"{folder} belongs to another user, so the embedded database will not use it. "
                    "Remove it, or set PATHFINDERS_STATE to a folder of your own."
                ) from None
        if self.runs_as:
            os.chown(folder, self.runs_as["user"], self.runs_as["group"])
        folder.chmod(0o700)


def dropped_rights() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError("Postgres does not run as root and there is no user `nobody` to run it as.") from None
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def owned_by(folder: Path, users: set[int]) -> bool:
    """Whether `folder` is a real folder, no link, of one of `users`, that nobody else may write to."""
    found = os.lstat(folder)
    return stat.S_ISDIR(found.st_mode) and found.st_uid in users and not found.st_mode & 0o022


def can_enter(folder: Path, rights: dict[str, Any]) -> bool:
    if not rights:
        return True
    try:
        tried = subprocess.run(["/bin/sh", "-c", 'cd "$1"', "sh", folder], capture_output=True, cwd="/", **rights)
    except OSError:
        return False
    return tried.returncode == 0


def choose(state: Path) -> Place:
    """The place of the lasting server of a state folder: `postgres/` in it, or the folder noted in it."""
    state = state.resolve()
    folder = state / "postgres"
    note = state / "postgres-is-at"
    try:
        state.mkdir(parents=True, exist_ok=True)
        if not note.exists():
            folder.mkdir(mode=0o711, exist_ok=True)
            if can_enter(folder, dropped_rights()):
                return Place(folder)
            folder.rmdir()
            _note_folder(note)
        noted = Path(note.read_text().strip())
    except PermissionError as error:
        raise anothers(error.filename) from None
    if not noted.exists():
        raise EmbeddedError(f"The embedded database was in {noted}, which is gone. To start afresh, remove {note}.")
    if not owned_by(noted, {os.geteuid()}):
        raise EmbeddedError(f"{noted} is not yours, so the embedded database will not use it. Remove {note}.")
    return Place(noted)


def _note_folder(note: Path) -> None:
    """Make a folder that `nobody` can pass through and note it; of two makers at once, one note stays."""
    made = Path(tempfile.mkdtemp(prefix="pathfinders-", dir="/var/tmp"))
    made.chmod(0o711)
    draft = note.with_name(f"{note.name}.{os.getpid()}")
    draft.write_text(f"{made}\n")
    try:
        os.link(draft, note)
    except FileExistsError:
        made.rmdir()
    finally:
        draft.unlink()


def throwaway() -> Place:
    """In memory where there is room: a database is a thousand small files, copied there in a tenth of the time."""
    made = Path(tempfile.mkdtemp(prefix="pathfinders-test-", dir=MEMORY if _has_room(MEMORY) else None))
    made.chmod(0o711)
    return Place(made, throwaway=True)


def _has_room(folder: Path) -> bool:
    try:
        return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= ROOM
    except OSError:
        return False
