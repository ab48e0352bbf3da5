"""The change feed: every entry's changes in order, from which the register can be rebuilt, and the chain checked."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import CharField, DateField, F, IntegerField, Q, QuerySet, Value

from registry.canonical import chain_hash, closed_change, opened_change, plain
from registry.journal import header
from registry.models.entry import GENESIS, Entry
from registry.models.fact import Fact, Lower, Upper, fact_kinds
from registry.models.installation import Installation
from registry.statements import at_once

Position = tuple[int, int]
CHUNK = 5_000


def changes(
    after: Position = (0, 0), *, upto: int | None = None, limit: int | None = None
) -> Iterator[tuple[Position, dict[str, Any]]]:
    """`((entry, position), change)` in the order of the journal, after a position, up to an entry.

    With a `limit` two statements, however many kinds of fact there are: where the changes are, and what those say.
    """
    if limit is not None:
        yield from _page(_places(after, upto, limit))
        return
    streams = [s for kind in fact_kinds().values() for s in (_opened(kind, after, upto), _closed(kind, after, upto))]
    yield from heapq.merge(*streams, key=lambda c: c[0])


class Place(NamedTuple):
    """A change: where it is, of which kind, and the fact; of a closing, where that fact was opened."""

    entry: int
    position: int
    kind: str
    fact: int
    opened_by: int | None
    opened_position: int | None


def _places(after: Position, upto: int | None, limit: int) -> list[Place]:
    """The first changes after a position, of all kinds in one statement."""
    parts = []
    for name, kind in fact_kinds().items():
        rows = kind._default_manager.annotate(_kind=Value(name, CharField()))
        never = Value(None, IntegerField())
        opened = rows.filter(_window("opened", after, upto)).order_by("opened_by_id", "opened_position")
        parts.append(opened.values_list("opened_by_id", "opened_position", "_kind", "pk", never, never)[:limit])
        closed = rows.filter(_window("closed", after, upto)).order_by("closed_by_id", "closed_position")
        parts.append(
            closed.values_list(
                "closed_by_id", "closed_position", "_kind", "pk", F("opened_by_id"), F("opened_position")
            )[:limit]
        )
    first, *others = parts
    found = first.union(*others, all=True).order_by("opened_by_id", "opened_position")[:limit]
    return [Place(*row) for row in found]


def _page(places: list[Place]) -> Iterator[tuple[Position, dict[str, Any]]]:
    wanted: dict[str, list[int]] = defaultdict(list)
    for place in places:
        if place.opened_by is None:
            wanted[place.kind].append(place.fact)
    said = _said(wanted)
    for place in places:
        if place.opened_by is None:
            yield (place.entry, place.position), said[place.kind, place.fact]
        else:
            opened = f"{place.opened_by}.{place.opened_position}"
            yield (place.entry, place.position), closed_change(place.kind, opened)


def _said(wanted: dict[str, list[int]]) -> dict[tuple[str, int], dict[str, Any]]:
    """The openings of these facts, by kind and key, in one statement."""
    kinds = {name: fact_kinds()[name] for name in wanted}
    asked = [
        _values(kind, kind._default_manager.filter(pk__in=wanted[name]).order_by()) for name, kind in kinds.items()
    ]
    said = {}
    for (name, kind), rows in zip(kinds.items(), at_once(*asked), strict=True):
        names = [f.name for f in _fields(kind)]
        for row in rows:
            values = {own: plain(row[f"_{n}"]) for n, own in enumerate(names)}
            said[name, row["id"]] = opened_change(name, kind.told(values), row["_from"], row["_to"])
    return said


def _fields(kind: type[Fact]) -> list[Any]:
    return [*kind.key_fields(), *kind.value_fields()]


def _values(kind: type[Fact], rows: QuerySet) -> QuerySet:
    paths = {f"_{n}": F(kind.public_path(f)) for n, f in enumerate(_fields(kind))}
    return rows.annotate(_from=_day(Lower), _to=_day(Upper)).values("id", "_from", "_to", **paths)


def _window(prefix: str, after: Position, upto: int | None) -> Q:
    if after == (0, 0) and upto is None:
        return Q(**{f"{prefix}_by__isnull": False})
    entry, position = after
    q = Q(**{f"{prefix}_by__gt": entry}) | Q(**{f"{prefix}_by": entry, f"{prefix}_position__gt": position})
    return q & Q(**{f"{prefix}_by__gte": entry}) & (Q(**{f"{prefix}_by__lte": upto}) if upto else Q())


def _day(end: Any) -> Any:
    return end("effective", output_field=DateField())


def _opened(model: type[Fact], after: Position, upto: int | None) -> Iterator[tuple[Position, dict]]:
    fields = _fields(model)
    names = [f.name for f in fields]
    rows = (
        model._default_manager.filter(_window("opened", after, upto))
        .order_by("opened_by_id", "opened_position")  # not "opened_by": that joins, and hides facts of no entry
        .annotate(_from=Lower("effective"), _to=Upper("effective"))
        .values_list("opened_by_id", "opened_position", "_from", "_to", *[model.public_path(f) for f in fields])
    )
    for entry, position, start, end, *own in rows.iterator(chunk_size=CHUNK):
        values = dict(zip(names, map(plain, own), strict=True))
        yield (entry, position), opened_change(model.NAME, model.told(values), start, end)


def _closed(model: type[Fact], after: Position, upto: int | None) -> Iterator[tuple[Position, dict]]:
    rows = (
        model._default_manager.filter(_window("closed", after, upto))
        .order_by("closed_by_id", "closed_position")
        .values_list("closed_by_id", "closed_position", "opened_by_id", "opened_position")
    )
    for entry, position, opened_by, opened_position in rows.iterator(chunk_size=CHUNK):
        yield (entry, position), closed_change(model.NAME, f"{opened_by}.{opened_position}")


def broken_links() -> Iterator[str]:
    """Sentences about each entry whose number, instant, link or hash does not hold (architecture.md section 3)."""
    half = list(_half_closed())
    if half:  # such a change has no place in the feed, so that the chain cannot be followed
        yield from half
        return
    previous_hash, number, at = GENESIS, 0, None
    demonstration = Installation.is_demonstration()
    by_entry = groupby(changes(), key=lambda c: c[0][0])
    held = next(by_entry, None)
    for entry in Entry.objects.order_by("number").iterator():
        number += 1
        if entry.number != number:
            yield f"Entry {number} is missing: entry {entry.number} follows {number - 1}."
            number = entry.number
        if at is not None and entry.at <= at:
            yield f"Entry {entry.number} is not later than the one before it."
        if entry.previous_hash != previous_hash:
            yield f"Entry {entry.number} does not chain to the one before it."
        rows: list[dict[str, Any]] = []
        positions: list[int] = []
        while held is not None and held[0] <= entry.number:
            if held[0] < entry.number:
                yield f"Facts claim entry {held[0]}, which does not exist."
                list(held[1])
            else:
                for (_, position), change in held[1]:
                    positions.append(position)
                    rows.append(change)
            held = next(by_entry, None)
        if positions != list(range(1, entry.changes + 1)):
            yield f"Entry {entry.number} says {entry.changes} changes; the facts hold {len(positions)}."
        if chain_hash(entry.previous_hash, header(entry, demonstration), rows) != entry.hash:
            yield f"Entry {entry.number} does not match its hash: it or a fact of it was altered."
        previous_hash, at = entry.hash, entry.at
    while held is not None:
        yield f"Facts claim entry {held[0]}, which does not exist."
        list(held[1])
        held = next(by_entry, None)
    yield from _times_off()


def _half_closed() -> Iterator[str]:
    """A closing is an entry and a position in it, or neither."""
    half = Q(closed_by=None, closed_position__isnull=False) | Q(closed_by__isnull=False, closed_position=None)
    for name, entry, position in _of_every_kind(half):
        yield f"The {name} {entry}.{position} is closed by half: by an entry without a position, or the reverse."


def _of_every_kind(wrong: Q) -> list[tuple[str, int, int]]:
    """Kind, entry and position of each fact of which this is so: all kinds in one query."""
    first, *others = (
        model._default_manager.annotate(_from=Lower("recorded"), _to=Upper("recorded"))
        .filter(wrong)
        .order_by()
        .values_list(Value(name), "opened_by_id", "opened_position")
        for name, model in fact_kinds().items()
    )
    return list(first.union(*others, all=True).order_by("opened_by_id", "opened_position"))


def _times_off() -> Iterator[str]:
    """`recorded` is not in the hash; it must be the instants of the two entries."""
    off = (
        Q(_from=None)
        | ~Q(_from=F("opened_by__at"))
        | Q(closed_by=None, _to__isnull=False)
        | Q(closed_by__isnull=False) & (Q(_to=None) | ~Q(_to=F("closed_by__at")))
        | Q(recorded__lower_inc=False)
        | Q(recorded__upper_inc=True)
    )
    for name, entry, position in _of_every_kind(off):
        yield f"The {name} {entry}.{position} is recorded at other instants than its entries say."
