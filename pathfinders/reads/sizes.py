"""How large pathfinders are, and how much of each SHA they cover: of all on a day, or of one wave.

The same figures as `coverage` by the same rules (domain.md rules 5 to 8).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

from django.db.models import QuerySet

from pathfinders.reads import shas
from pathfinders.reads.coverage import percent_of
from pathfinders.reads.eligible import Cell, England
from pathfinders.reads.england import england
from pathfinders.reads.tally import members, registered_by, sums
from registry.moment import Moment

BANDS = ((0, 25_000), (25_000, 50_000), (50_000, 100_000), (100_000, 200_000), (200_000, 400_000), (400_000, None))
"""People on the lists, from (inclusive) and up to (exclusive)."""


class Band(NamedTuple):
    """Pathfinders of this size. `percent`: of the pathfinders counted."""

    least: int
    below: int | None
    pathfinders: int
    practices: int
    people: int
    percent: float | None


class Share(NamedTuple):
    """What pathfinders cover of an SHA; `percent` of `registered`, those of all its eligible practices."""

    code: str
    name: str
    pathfinders: int
    practices: int
    people: int
    registered: int
    percent: float | None


@dataclass(frozen=True)
class Sizes:
    """`bands` from that of the smallest to that of the largest, the empty ones between too. `smallest`, `middle` (the median) and `largest` are people on the lists of one pathfinder; None without any."""

    bands: list[Band]
    pathfinders: int
    smallest: int | None
    middle: int | None
    largest: int | None


def sizes(user: Any, moment: Moment, wave: int | None = None) -> Sizes:
    """A practice of a consortium in two pathfinders counts in both: this is of pathfinders, not of practices."""
    base = england(user, moment)
    found = members(base, "pathfinder", "announced", "pathfinder")
    refs = {place.pathfinder for here in base.places.values() for place in here if wave in (None, place.wave)}
    rows = [found.get(ref, {"people": 0, "practices": 0}) for ref in refs]
    people = [row["people"] for row in rows]
    if not people:
        return Sizes([], 0, None, None, None)
    bands = [_band(least, below, rows) for least, below in BANDS]
    filled = [number for number, band in enumerate(bands) if band.pathfinders]
    return Sizes(bands[filled[0] : filled[-1] + 1], len(rows), min(people), round(median(people)), max(people))


def _band(least: int, below: int | None, rows: list[dict[str, Any]]) -> Band:
    inside = [row for row in rows if least <= row["people"] and (below is None or row["people"] < below)]
    practices, people = (sum(row[name] for row in inside) for name in ("practices", "people"))
    return Band(least, below, len(inside), practices, people, percent_of(len(inside), len(rows)))


def shares(user: Any, moment: Moment, wave: int | None = None, names: Mapping[str, str] | None = None) -> list[Share]:
    """Each SHA of the day in the order of its code, with nothing in it too. `names`: `named` of the moment, for who has
    read it."""
    base = england(user, moment)
    registered = registered_by(base, "sha")
    inside = _inside(base, wave)
    return [
        _share(code, name, base, inside.get(code, []), registered.get(code, (0, None))[0], wave)
        for code, name in sorted((dict(named(user, moment)) if names is None else names).items())
    ]


def named(user: Any, moment: Moment) -> QuerySet:
    """(code, name) of each SHA of the day."""
    return shas.dated(user, moment).order_by().values_list("code", "name")


def _inside(base: England, wave: int | None) -> dict[str | None, list[Cell]]:
    """The cells in pathfinders (of the wave) by SHA."""
    wanted = {ref for ref, here in base.places.items() if any(wave in (None, place.wave) for place in here)}
    found: dict[str | None, list[Cell]] = defaultdict(list)
    for cell in base.cells:
        if cell.consortium in wanted:
            found[cell.sha].append(cell)
    return found


def _share(code: str, name: str, base: England, cells: list[Cell], registered: int, wave: int | None) -> Share:
    counted = sums(cells)
    places = {place for cell in cells if cell.consortium for place in base.places[cell.consortium]}
    refs = {place.pathfinder for place in places if wave in (None, place.wave)}
    people = counted["people"]
    return Share(code, name, len(refs), counted["practices"], people, registered, percent_of(people, registered))
