"""The secret key that signs sessions and links: made once, kept in the state folder, readable by its owner only."""

import contextlib
import os
import secrets
from pathlib import Path


def kept_secret(folder: Path) -> str:
    """The key of this state folder; of two processes that make it at once, the first one's stays."""
    path = folder / "secret-key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".secret-key-{os.getpid()}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()
