"""Every fact that the register has ever said: one line a fact, the same bytes for the same entry, for ever.

The lines are the change feed with each closing written beside what it closed, so that whoever follows the feed can
make the same bytes of their own copy and compare one hash (docs/examples/mirror.py does).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import Any

from registry.canonical import canonical, opened_change, plain
from registry.models.fact import Fact, Lower, Upper, fact_kinds

CHUNK = 2_000
Place = tuple[int, int]


def said(upto: int) -> Iterator[dict[str, Any]]:
    """Each fact opened by the entries to `upto`, in the order of the feed: `fact` is where it was opened and `closed`
    where it was closed by then ("entry.position"), None where it stood."""
    streams = [_of_kind(model, upto) for model in fact_kinds().values()]
    for _, told in heapq.merge(*streams, key=lambda found: found[0]):
        yield told


def lines(upto: int) -> Iterator[bytes]:
    """The same as canonical JSON, each with its newline."""
    for told in said(upto):
        yield canonical(told) + b"\n"


def _of_kind(model: type[Fact], upto: int) -> Iterator[tuple[Place, dict[str, Any]]]:
    fields = [*model.key_fields(), *model.value_fields()]
    names = [f.name for f in fields]
    places = ("opened_by_id", "opened_position", "closed_by_id", "closed_position")
    rows = (
        model._default_manager.filter(opened_by__lte=upto)
        .order_by("opened_by_id", "opened_position")
        .annotate(_from=Lower("effective"), _to=Upper("effective"))
        .values_list(*places, "_from", "_to", *[model.public_path(f) for f in fields])
    )
    for entry, position, closed_by, closed_at, start, end, *own in rows.iterator(chunk_size=CHUNK):
        values = model.told(dict(zip(names, map(plain, own), strict=True)))
        told = opened_change(model.NAME, values, start, end)
        del told["action"]
        closed = f"{closed_by}.{closed_at}" if closed_by is not None and closed_by <= upto else None
        yield (entry, position), {"fact": f"{entry}.{position}", "closed": closed, **told}
