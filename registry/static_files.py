"""The static files as they are served: gathered, named by their hash and compressed, where anything of them is new."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

IGNORED = ["scss"]
MAKERS = ("django", "whitenoise", "brotli")
"""What the outcome depends on beside the files themselves."""


def stamp_file() -> Path:
    """Beside the folder, not in it: all that is in it is served."""
    return Path(settings.STATIC_ROOT).with_suffix(".stamp")


def are_current() -> bool:
    """Whether the served files were gathered from the very files that are there now, and are there still."""
    try:
        return stamp_file().read_text() == digest() and (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()
    except OSError:
        return False


def collect() -> None:
    """Gather them. Broken off half way, it is done again next time."""
    stamp_file().unlink(missing_ok=True)
    wanted = digest()
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=IGNORED)
    stamp_file().write_text(wanted)


def digest() -> str:
    """A hash over each file's name and content, and over what makes the served ones of them."""
    found = hashlib.sha256(repr([settings.STORAGES, *map(_version, MAKERS)]).encode())
    for finder in get_finders():
        for path, storage in finder.list(IGNORED):
            with storage.open(path) as file:
                found.update(f"{path}\0".encode() + hashlib.sha256(file.read()).digest())
    return found.hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except ModuleNotFoundError:
        return ""
