"""The secret key that signs sessions and links: made once, kept in the state folder, readable by its owner only."""

import contextlib
import os
import secrets
import sys
from pathlib import Path


def kept_secret(folder: Path) -> str:
    """The key of this state folder; of two processes that make it at once, the first one's stays."""
    try:
        return _kept(folder / "secret-key", folder)
    except PermissionError as error:
        sys.exit(f"{error.filename} belongs to another user. Set PATHFINDERS_STATE to a folder of your own.")


def _kept(path: Path, folder: Path) -> str:
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".secret-key-{os.getpid()}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()
