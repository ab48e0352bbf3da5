"""What is published of a snapshot holds: its bytes are those of its hash, and the facts still give them."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinders.actions.snapshots import make_again, text_again
from pathfinders.models import PublishedFile, PublishedSnapshot
from pathfinders.snapshots import store, words

TELLING = (words.MANIFEST, words.SUMS)


def snapshot_faults() -> Iterator[str]:
    """A sentence for each file whose bytes are gone, or not what its hash is of; and for each manifest and list of
    hashes that does not tell of the files beside it. Bytes that several snapshots share are read once."""
    files = PublishedFile.objects.select_related("snapshot__entry").order_by("pk")
    held: dict[str, str] = {}
    for file in files.iterator(chunk_size=1_000):
        if file.sha256 not in held:
            held[file.sha256] = _fault_of_bytes(file.sha256)
        if held[file.sha256]:
            yield f"The file {file} of a snapshot {held[file.sha256]}."
        elif file.name in TELLING and store.path_of(file.sha256).read_text() != text_again(file):
            yield f"The file {file} does not tell of the files that the snapshot has."


def _fault_of_bytes(sha256: str) -> str:
    path = store.path_of(sha256)
    if not path.exists():
        return "is gone from the disk; what is due makes it again"
    return "" if store.hash_of(path) == sha256 else f"is not what its hash is of: {sha256}"


def not_as_the_facts_say(snapshot: PublishedSnapshot) -> Iterator[str]:
    """A sentence for each file that the facts, as known then, do not give: every one is made again."""
    for file in snapshot.files.select_related("snapshot__entry").order_by("pk"):
        try:
            make_again(file=file)
        except ValueError as error:
            yield f"The file {file} is not what the facts give: {error}."
