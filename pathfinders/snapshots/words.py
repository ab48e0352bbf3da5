"""The files of a snapshot that tell of the others: licence, dictionary, manifest and list of hashes."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

from pathfinders.api.views import ATTRIBUTION
from pathfinders.models import PublishedFile, PublishedSnapshot
from pathfinders.snapshots.contents import COVERAGE_NAME, FACTS, LISTS, shape_of
from registry.api.caching import LICENCE
from registry.api.dictionary import FIRST, Meaning, meanings, write_dictionary
from registry.canonical import plain
from registry.models import Installation

MANIFEST, SUMS, LICENCE_NAME, DICTIONARY = "manifest.json", "SHA256SUMS", "LICENCE.txt", "dictionary.csv"
KINDS = {"csv": "text/csv", "ndjson": "application/x-ndjson", "json": "application/json"}


def media_type(name: str) -> str:
    return KINDS.get(name.rpartition(".")[2], "text/plain")


def licence() -> str:
    return f"{ATTRIBUTION}\n\nOpen Government Licence v3.0: {LICENCE}\n"


def cite(snapshot: PublishedSnapshot) -> str:
    """How the snapshot is named where it is used."""
    known = plain(snapshot.entry.at)
    return f"Pathfinders, snapshot {snapshot.ref}: the register as at {snapshot.as_of}, as known at {known}."


def manifest(snapshot: PublishedSnapshot, files: Sequence[PublishedFile]) -> str:
    """What the snapshot is of, and each file's size, rows and hash; the hash of the newest entry seals the rest."""
    told = {
        "snapshot": snapshot.ref,
        "as_of": plain(snapshot.as_of),
        "known_at": plain(snapshot.entry.at),
        "entry": snapshot.entry.number,
        "entry_hash": snapshot.entry.hash,
        "demonstration": Installation.is_demonstration(),
        "cite": cite(snapshot),
        "licence": LICENCE,
        "attribution": ATTRIBUTION,
        "files": [_told(file) for file in files],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _told(file: PublishedFile) -> dict[str, Any]:
    kind = media_type(file.name)
    return {"name": file.name, "media_type": kind, "bytes": file.size, "rows": file.rows, "sha256": file.sha256}


def sums(files: Sequence[PublishedFile]) -> str:
    """As `sha256sum -c` reads it."""
    return "".join(f"{file.sha256}  {file.name}\n" for file in files)


def dictionary() -> str:
    """What each field of each file means: the API's own dictionary, of these resources."""
    out = io.BytesIO()
    rows = [meaning for name in (*LISTS, COVERAGE_NAME) for meaning in meanings(name, shape_of(name))]
    write_dictionary(out, [*rows, *OF_FACTS])
    return out.getvalue().decode()


def _of_facts(name: str, kind: str, nullable: bool, meaning: str) -> Meaning:
    return Meaning(FACTS, name, "", kind, nullable, meaning, "", "", FIRST)


OF_FACTS = (
    _of_facts("fact", "text", False, "Where it was opened: ENTRY.POSITION in the change feed"),
    _of_facts("closed", "text", True, "Where it was closed by the snapshot's entry; null where it stood"),
    _of_facts("kind", "text", False, "The kind of fact, as in the change feed"),
    _of_facts("effective_from", "date", True, "Its first day in the world; null where before records"),
    _of_facts("effective_to", "date", True, "Its last day in the world, inclusive; null where it has none"),
    _of_facts("values", "object", False, "Its own fields, as in the change feed"),
)
