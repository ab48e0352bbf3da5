"""Which bytes that people sent stay for bids (registry.files.keeping)."""

from __future__ import annotations

from collections.abc import Iterator

from pathfinders.models import Attachment


def named() -> Iterator[tuple[str, str]]:
    """The SHA-256 of each file that must be kept, and whose it is."""
    yield from Attachment.objects.order_by("pk").values_list("sha256", "bid__ref").iterator()


def holds(sha256: str) -> bool:
    """As long as a bid names them, and for ever once they were part of a submitted bid: what an assessor read does not
    go because the bidder took it out when the bid was returned."""
    log = Attachment.pgh_event_model.objects.filter(sha256=sha256)  # type: ignore[attr-defined]  # by pghistory
    return Attachment.objects.filter(sha256=sha256).exists() or log.filter(bid__submitted_on__isnull=False).exists()
