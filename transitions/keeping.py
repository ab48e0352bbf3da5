"""Which bytes that people sent stay for the transition (registry.files.keeping): the documents of evidence."""

from __future__ import annotations

from collections.abc import Iterator

from transitions.models import EvidenceDocument


def holds(sha256: str) -> bool:
    """For ever: one that was withdrawn is kept for staff."""
    return EvidenceDocument.objects.filter(sha256=sha256).exists()


def named() -> Iterator[tuple[str, str]]:
    """The SHA-256 of each file that must be kept, and whose it is."""
    yield from EvidenceDocument.objects.order_by("pk").values_list("sha256", "evidence__ref").iterator()
