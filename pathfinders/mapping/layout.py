"""Where each trust has its hexagon.

`data/hexagons.csv`, our own: the 151 primary care trusts of 1 April 2011 in rows of pointed hexagons, the odd rows
half a hexagon to the right; laid out so that as many neighbours as can be touch, each strategic health authority is in
one piece, the coast is outside, and one finds a place in the direction in which it is. `data/regions.csv`: where the
names of the authorities stand, in the same columns and rows.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pathfinders.mapping.classes import Cell
from practices.models import BodySuccession, SuccessionKind

HALF, SIDE = 52, 60
"""Half the width of a hexagon, and its side: regular to a tenth of a per cent, and all its corners on whole units."""
MARGIN = 10
CORNERS = ((0, -SIDE), (HALF, -SIDE // 2), (HALF, SIDE // 2), (0, SIDE), (-HALF, SIDE // 2), (-HALF, -SIDE // 2))
"""From the top, clockwise."""
_DATA = Path(__file__).parent / "data"

Point = tuple[int, int]


class Place(NamedTuple):
    """A hexagon by column and row, and the three letters on it."""

    column: int
    row: int
    letters: str

    @property
    def middle(self) -> Point:
        return middle(self.column, self.row)

    @property
    def around(self) -> list[tuple[int, int]]:
        """The six (column, row) that touch it, in the order of its sides: from the upper right, clockwise."""
        c, r, odd = self.column, self.row, self.row % 2
        return [(c + odd, r - 1), (c + 1, r), (c + odd, r + 1), (c + odd - 1, r + 1), (c - 1, r), (c + odd - 1, r - 1)]


class RegionName(NamedTuple):
    lines: list[str]
    at: Point
    anchor: str


def middle(column: float, row: float) -> Point:
    """In units of the drawing."""
    odd = int(row) % 2 if row == int(row) else 0
    return round(MARGIN + HALF * (1 + 2 * column + odd)), round(MARGIN + SIDE * (1 + 1.5 * row))


@cache
def places() -> dict[str, Place]:
    with (_DATA / "hexagons.csv").open(encoding="utf-8") as file:
        return {r["code"]: Place(int(r["column"]), int(r["row"]), r["letters"]) for r in csv.DictReader(file)}


@cache
def region_names() -> dict[str, RegionName]:
    with (_DATA / "regions.csv").open(encoding="utf-8") as file:
        return {
            r["code"]: RegionName(r["words"].split("|"), middle(float(r["column"]), float(r["row"])), r["anchor"])
            for r in csv.DictReader(file)
        }


def size() -> Point:
    """Width and height of the whole drawing, with room for names in the east."""
    xs, ys = zip(*(place.middle for place in places().values()), strict=True)
    return max(xs) + HALF + 4 * MARGIN, max(ys) + SIDE + MARGIN


def homes(codes: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """For each code the one of `known` that it stands with: itself, or the nearest that it has followed, or that has
    followed it, by a new code or a merger (TAM became 5QW; 5P3 and 5P4 became 5QV). Others are left out.

    One question, asked only where a code is not known.
    """
    codes = list(codes)
    found = {code: code for code in codes if code in known}
    strange = [code for code in codes if code not in known]
    if strange:
        kin = _kin()
        found |= {code: home for code in strange if (home := _nearest(code, kin, known))}
    return found


def exact_first(cells: Iterable[Cell], home: Mapping[str, str]) -> list[Cell]:
    """Those with a place of their own before those that stand with kin, so that nobody is put out of it."""
    return sorted(cells, key=lambda cell: home.get(cell.code) != cell.code)


def _kin() -> dict[str, list[str]]:
    """Predecessors first. What the register says now: a drawing needs no earlier saying of it."""
    pairs = (
        BodySuccession.objects.current()
        .filter(kind__in=(SuccessionKind.RECODE, SuccessionKind.MERGE))
        .values_list("predecessor__code", "successor__code")
    )
    kin: dict[str, list[str]] = {}
    for before, after in sorted(set(pairs)):
        kin.setdefault(after, []).insert(0, before)
        kin.setdefault(before, []).append(after)
    return kin


def _nearest(code: str, kin: Mapping[str, list[str]], known: Collection[str]) -> str | None:
    seen, queue = {code}, [code]
    for one in queue:
        if one in known:
            return one
        fresh = [other for other in kin.get(one, []) if other not in seen]
        seen.update(fresh)
        queue += fresh
    return None
