"""Canonical JSON: the bytes that the journal's chain and every manifest hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from registry.timeline import last_day


def plain(value: Any) -> Any:
    """A value as JSON has it: dates ISO, instants in UTC with Z, decimals as numbers."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value


def canonical(value: Any) -> bytes:
    """Sorted keys, no spaces, UTF-8: one form for one value, in any language."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def chain_hash(previous: str, header: dict[str, Any], changes: Iterable[dict[str, Any]]) -> str:
    """SHA-256 over the hash before, the entry's header and its changes in order, each followed by a newline."""
    digest = hashlib.sha256(previous.encode() + b"\n" + canonical(header) + b"\n")
    for change in changes:
        digest.update(canonical(change) + b"\n")
    return digest.hexdigest()


def opened_change(kind: str, own: dict[str, Any], start: date | None, end: date | None) -> dict[str, Any]:
    """A fact's opening as the feed and the hash have it; `effective_to` is its inclusive last day.

    Its own fields stand apart under `values`: some kinds have a field of their own that is called `kind`.
    """
    return {
        "action": "opened",
        "kind": kind,
        "effective_from": plain(start),
        "effective_to": plain(last_day(end)),
        "values": own,
    }


def closed_change(kind: str, fact: str) -> dict[str, Any]:
    """A fact's closing; `fact` is where it was opened, "entry.position"."""
    return {"action": "closed", "kind": kind, "fact": fact}
