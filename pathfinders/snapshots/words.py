"""The files of a snapshot that tell of the others: licence, dictionary, manifest and list of hashes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from rest_framework.serializers import Field, Serializer

from pathfinders.api import serializers
from pathfinders.api.views import ATTRIBUTION
from pathfinders.models import PublishedFile, PublishedSnapshot
from pathfinders.snapshots.contents import COVERAGE_NAME, FACTS, LISTS
from registry.api.caching import LICENCE
from registry.api.exports import TableWriter
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
    """Each column of each file: what it is called, its type, whether it may be empty, what it means."""
    out = io.StringIO()
    writer = TableWriter(out)
    writer.writerow(("file", "column", "type", "may_be_empty", "meaning"))
    for name, (_, serializer) in LISTS.items():
        writer.writerows((name, *column) for column in _columns(serializer()))
    writer.writerows((COVERAGE_NAME, *column) for column in _columns(serializers.Coverage()))
    writer.writerows((FACTS, *column) for column in OF_FACTS)
    return out.getvalue()


def _columns(serializer: Serializer, before: str = "") -> Iterator[tuple[str, str, str, str]]:
    """One a column of the CSV file: those of a nested resource are `pct_code`, `pct_name`."""
    for name, field in serializer.fields.items():
        if isinstance(field, Serializer):
            yield from _columns(field, f"{name}_")
        else:
            yield (
                before + name,
                _type(field),
                "yes" if field.allow_null or before else "no",
                str(field.help_text or ""),
            )


def _type(field: Field) -> str:
    return type(field).__name__.removesuffix("Field").removesuffix("Serializer").lower() or "text"


OF_FACTS = (
    ("fact", "char", "no", "Where it was opened: ENTRY.POSITION in the change feed"),
    ("closed", "char", "yes", "Where it was closed by the snapshot's entry; empty where it stood"),
    ("kind", "char", "no", "The kind of fact, as in the change feed"),
    ("effective_from", "date", "yes", "Its first day in the world; empty where before records"),
    ("effective_to", "date", "yes", "Its last day in the world, inclusive; empty where it has none"),
    ("values", "object", "no", "Its own fields, as in the change feed"),
)
