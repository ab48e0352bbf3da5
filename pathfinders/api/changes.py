"""GET /api/v1/changes/: the journal with every fact it opened and closed. It never expires.

A reader can mirror the register, and check the chain of hashes, from this feed alone: an entry's hash is SHA-256
over the hash before it, its header and its changes in order, each as canonical JSON (sorted keys, no spaces) and a
newline. The header is the entry as given here without `previous_hash` and `hash`; a change is as given here without
`change`.
"""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from rest_framework.serializers import Serializer

from pathfinders.api import serializers
from registry.api.questions import bad, whole_number
from registry.api.views import ResourceView
from registry.canonical import plain
from registry.feed import Position, changes
from registry.journal import header
from registry.models import Entry, Installation
from registry.moment import Moment

MOST = 1_000


class Changes(ResourceView):
    """The journal: entries in order, and the facts each opened and closed, after a place in the feed."""

    public, dated = True, False
    parameters = ("after", "limit")
    words = {
        "after": "Start after this place: ENTRY.POSITION, or an entry's number for all after that entry.",
        "limit": "Changes in a page, 1 to 1,000.",
    }

    def described(self) -> type[Serializer]:
        return serializers.Changes

    def answer(self, moment: Moment, form: str) -> HttpResponse:
        after = _position(self.request.GET.get("after", ""))
        limit = whole_number(self.request.GET, "limit", MOST, 1, MOST)
        found = list(changes(after, limit=limit + 1))
        more, found = len(found) > limit, found[:limit]
        end = found[-1][0] if more else None
        body = {
            "demonstration": Installation.is_demonstration(),
            "entries": self._entries(after, found, more),
            "results": [{"change": f"{e}.{p}", **change} for (e, p), change in found],
            "next": self._next(end, limit) if end else None,
        }
        return self.json(body)

    def _entries(self, after: Position, found: list[Any], more: bool) -> list[dict[str, Any]]:
        """Headers of the entries from the place asked to the last change given; on the last page, of all that
        follow, for an entry may have no change."""
        entries = Entry.objects.visible_to(self.request.user).filter(
            number__gte=after[0] if after[1] else after[0] + 1
        )
        if more:
            entries = entries.filter(number__lte=found[-1][0][0])
        return [_header(e) for e in entries.order_by("number")[: MOST + 1]]

    def _next(self, end: Position, limit: int) -> str:
        path = f"{self.request.path}?after={end[0]}.{end[1]}"
        return self.request.build_absolute_uri(path if limit == MOST else f"{path}&limit={limit}")


def _header(entry: Entry) -> dict[str, Any]:
    return header(entry, False) | {
        "written_at": plain(entry.written_at),
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
    }


def _position(text: str) -> Position:
    """`12.345`, or `12` for after all of entry 12 (the feed has none of its changes left)."""
    if not text:
        return (0, 0)
    match = re.fullmatch(r"(\d{1,15})(?:\.(\d{1,9}))?", text, re.ASCII)
    if not match:
        raise bad("after", "bad_position", f"after is a place in the feed as 12.345; “{text[:40]}” is not.")
    return int(match[1]), int(match[2]) if match[2] else 2_147_483_647
