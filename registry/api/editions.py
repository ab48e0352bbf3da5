"""Editions: a whole public list at a moment, written once to disk, from which its pages and downloads are cut.

What the register says of a day, as known by an entry, never changes. So a list that is asked for again is written row
by row: a page is then two short reads of a file wherever in the list it is, and a download is the file itself; neither
costs a query. A list that nobody wrote yet is answered by the database, to the same byte. Editions are a cache: every
one can be removed at any time.

A folder an edition: `rows` (a line of JSON each), `keys` (what each row is found by), where each line begins, and
`list.FORMAT`. A page does not wait for an edition: it leaves word, and the worker writes it (`manage.py work`).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import struct
import tempfile
import time
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import IO, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from registry.api import caching, exports
from registry.api.cursors import packed, unpacked
from registry.api.shapes import Row, Shape
from registry.moment import Moment

LIMIT = 512 << 20
"""Bytes of all editions; the ones unused for longest go first."""
OPEN, NOTED, MOST_WANTED = 32, 512, 64
ROWS, KEYS = "rows", "keys"
WANTED = "wanted"


@dataclass(frozen=True)
class Title:
    """Which edition: of which list, on which day, as known by which entry. None names one that may yet be taken back."""

    address: str
    moment: Moment
    entry: str

    @classmethod
    def of(cls, address: str, moment: Moment) -> Title | None:
        """None where there is no entry, or where the newest is of this very transaction."""
        entry = moment.entry
        return None if entry is None or entry.transaction == entry.mine else cls(address, moment, entry.hash)

    @property
    def name(self) -> str:
        register = connection.settings_dict["NAME"]
        told = repr((register, self.address, self.moment.as_of.isoformat(), self.entry, caching.build()))
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    @property
    def folder(self) -> Path:
        return _place() / self.name


class Lines:
    """The lines of a file, each found by its number in two short reads, whatever the length of the file."""

    def __init__(self, folder: Path, name: str) -> None:
        self._text = os.open(folder / name, os.O_RDONLY)
        self._starts = os.open(folder / f"{name}.starts", os.O_RDONLY)
        self.count = os.fstat(self._starts).st_size // 8 - 1

    def __del__(self) -> None:
        for name in ("_text", "_starts"):
            if hasattr(self, name):
                os.close(getattr(self, name))

    def read(self, start: int, stop: int) -> bytes:
        """Lines `start` up to `stop`, each with its newline."""
        if start >= stop:
            return b""
        (begin,) = struct.unpack("=Q", os.pread(self._starts, 8, start * 8))
        (end,) = struct.unpack("=Q", os.pread(self._starts, 8, stop * 8))
        return os.pread(self._text, end - begin, begin)


class _LinesOut:
    def __init__(self, folder: Path, name: str) -> None:
        self.text: IO[bytes] = (folder / name).open("wb")
        self.path, self.starts, self.at = folder / f"{name}.starts", array("Q", [0]), 0

    def write(self, value: Any) -> None:
        line = json.dumps(value, ensure_ascii=False).encode() + b"\n"
        self.text.write(line)
        self.at += len(line)
        self.starts.append(self.at)

    def close(self) -> None:
        self.text.close()
        self.path.write_bytes(self.starts.tobytes())


class Edition:
    def __init__(self, folder: Path) -> None:
        """Raises FileNotFoundError where it is not written, or gone again."""
        self.folder = folder
        self.rows, self.keys = Lines(folder, ROWS), Lines(folder, KEYS)
        os.utime(folder)
        self._noted = time.monotonic()

    def __len__(self) -> int:
        return self.rows.count

    def used(self) -> Edition:
        """Noted on disk once a minute, so that what is asked for is not what makes room."""
        if time.monotonic() - self._noted > 60:
            self._noted = time.monotonic()
            with suppress(FileNotFoundError):
                os.utime(self.folder)
        return self

    def page(self, start: int, stop: int, wanted: list[str] | None) -> bytes:
        """Rows as the items of a JSON list, without its brackets; of the `wanted` fields, or of all."""
        lines = self.rows.read(start, stop)
        if wanted is None:
            return lines[:-1].replace(b"\n", b", ")  # within JSON a newline is written as \n
        found = [json.loads(line) for line in lines.splitlines()]
        return json.dumps([{n: row[n] for n in wanted} for row in found], ensure_ascii=False).encode()[1:-1]

    def key(self, number: int) -> list[Any]:
        """The values that a cursor after this row holds."""
        return [unpacked(v) for v in json.loads(self.keys.read(number, number + 1))]


_opened: OrderedDict[Path, Edition] = OrderedDict()
_noted: OrderedDict[str, None] = OrderedDict()
_lock = Lock()


def find(title: Title) -> Edition | None:
    """The edition, where it has been written."""
    folder = title.folder
    with _lock:
        if folder in _opened:
            _opened.move_to_end(folder)
            return _opened[folder].used()
    try:
        found = Edition(folder)
    except FileNotFoundError:
        return None
    with _lock:
        _opened[folder] = found
        if len(_opened) > OPEN:
            _opened.popitem(last=False)
    return found


def want(title: Title) -> None:
    """Leave word that an edition is wanted, when it is missed for the second time."""
    with _lock:
        if title.name not in _noted:
            _noted[title.name] = None
            if len(_noted) > NOTED:
                _noted.popitem(last=False)
            return
        del _noted[title.name]
    place = _place(WANTED)
    if len(os.listdir(place)) >= MOST_WANTED:  # the worker writes one after the other; the database answers the rest
        return
    asked = {"address": title.address, **title.moment.echo()}
    with _whole(place / title.name) as draft:
        draft.write_text(json.dumps(asked))


def wanted() -> Iterator[tuple[str, date, datetime]]:
    """What word was left of: the list's address, the day and what was known. Each is told once."""
    for note in sorted(_place(WANTED).iterdir()):
        try:
            asked = json.loads(note.read_text())
            note.unlink()
        except (FileNotFoundError, ValueError):
            continue  # taken by another, or still being written
        yield asked["address"], date.fromisoformat(asked["as_of"]), datetime.fromisoformat(asked["known_at"])


def write(title: Title, read: Any, shape: Shape, ordered: Callable[[Any], Any]) -> Edition:
    """Write an edition, unless somebody else has meanwhile. Reads in the caller's snapshot, as the public."""
    with _alone(title):
        found = find(title)
        if found is None:
            shutil.rmtree(title.folder, ignore_errors=True)  # what is left of one that was removed meanwhile
            with _whole(title.folder) as draft:
                draft.mkdir()
                _write_rows(draft, read, shape, pages_of(read, title.moment, ordered))
            _make_room()
            found = Edition(title.folder)
    return found


def pages_of(read: Any, moment: Moment, ordered: Callable[[Any], Any]) -> Iterator[list[Row]]:
    """The list's rows, in chunks, as the public sees them."""
    public = AnonymousUser()
    finish = getattr(read, "finish", None)
    rows = ordered(read.rows(public, moment)).iterator(chunk_size=exports.CHUNK)
    for page in exports.chunks(rows):
        yield finish(public, moment, page) if finish else page


def _write_rows(folder: Path, read: Any, shape: Shape, pages: Iterator[list[Row]]) -> None:
    names = shape.names()
    rows, keys = _LinesOut(folder, ROWS), _LinesOut(folder, KEYS)
    for page in pages:
        for row in page:
            rows.write(shape.shape(row, names))
            keys.write([packed(row[column]) for column in read.KEY])
    rows.close()
    keys.close()


def file(title: Title, edition: Edition, name: str, make: Callable[[IO[bytes]], None]) -> IO[bytes]:
    """A file of an edition, such as `csv`, opened; `make` writes it where it is not there. An edition that is held open
    may have been removed from the disk meanwhile, by another process too."""
    path = edition.folder / (ROWS if name == "ndjson" else f"list.{name}")
    with suppress(FileNotFoundError):
        return path.open("rb")
    with _alone(title):
        with suppress(FileNotFoundError):
            return path.open("rb")
        if not edition.folder.exists():  # nothing is put into a folder without rows: no room would be made of it
            return _in_passing(make)
        with _whole(path) as draft:
            with draft.open("wb") as out:
                make(out)
            return draft.open("rb")


def _in_passing(make: Callable[[IO[bytes]], None]) -> IO[bytes]:
    out = exports.spool()
    make(out)
    out.seek(0)
    return out


def _place(inside: str = "") -> Path:
    place = Path(settings.EDITIONS_DIR) / inside if inside else Path(settings.EDITIONS_DIR)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A draft beside it, renamed when done: nobody ever reads half of it."""
    draft = Path(tempfile.mkdtemp(dir=_place(), prefix="draft-"))
    try:
        yield draft / path.name
        os.replace(draft / path.name, path)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _alone(title: Title) -> Iterator[None]:
    """One at a time writes an edition; others wait, then find it."""
    with (_place("locks") / title.name[:2]).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_room() -> None:
    """Remove the editions unused for longest until the rest are within the limit."""
    found = [folder for folder in _place().iterdir() if (folder / f"{KEYS}.starts").exists()]
    sizes = {folder: _size(folder) for folder in found}
    for folder in sorted(found, key=_used)[:-1]:
        if sum(sizes.values()) <= LIMIT:
            break
        sizes.pop(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _size(folder: Path) -> int:
    with suppress(FileNotFoundError):  # another process makes room too
        return sum(file.stat().st_size for file in folder.iterdir())
    return 0


def _used(folder: Path) -> float:
    with suppress(FileNotFoundError):
        return folder.stat().st_mtime
    return 0.0
