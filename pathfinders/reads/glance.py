"""The register at a glance, for the home page: England's coverage and how it grew wave by wave.

The same figures as `coverage` by the same rules (domain.md rules 5 to 8), which a test compares. Wave by wave they run
up: a practice counts from the earliest wave that it is in, so that the last sum is the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pathfinders.models import WaveRelease
from pathfinders.reads.coverage import Question, denominator_of, percent_of
from pathfinders.reads.eligible import Cell, England
from pathfinders.reads.england import england
from pathfinders.reads.tally import registered, sums
from registry.moment import Moment


@dataclass(frozen=True)
class WaveSoFar:
    """What stands on the day of the waves up to this one; people are registered patients."""

    number: int
    announced_on: date
    new: int
    pathfinders: int
    practices: int
    people: int
    percent: float | None


@dataclass(frozen=True)
class Glance:
    """`row` is England's row of `coverage`, but for its confirmed members."""

    row: dict[str, Any]
    eligible: int
    left_out: int
    waves: list[WaveSoFar]

    @property
    def practice_percent(self) -> float | None:
        return percent_of(self.row["practices"], self.eligible)


def glance(user: Any, moment: Moment) -> Glance:
    base = england(user, moment)
    inside = _by_first_wave(base)
    counted = sums(cell for cells in inside.values() for cell in cells)
    whole = denominator_of(Question(), moment, registered(base.cells))
    row = {
        "key": "England",
        "name": "England",
        "pathfinders": len({place.pathfinder for here in base.places.values() for place in here}),
        "consortia": len(base.places),
        **{name: number for name, number in counted.items() if not name.endswith("_confirmed")},
        "denominator": whole,
        "percent": percent_of(counted["people"], whole["value"]),
    }
    released = WaveRelease.objects.visible_to(user).at(moment).order_by("wave").values_list("wave", "announced_on")
    return Glance(
        row,
        eligible=len(base.rows),
        left_out=sum(cell.practices for cell in base.cells if cell.consortium is None),
        waves=list(_so_far(released, base, inside, whole["value"])),
    )


def _by_first_wave(base: England) -> dict[int, list[Cell]]:
    """The cells in pathfinders, by the earliest wave that they are in."""
    first = {consortium: min(place.wave for place in here) for consortium, here in base.places.items()}
    found: dict[int, list[Cell]] = defaultdict(list)
    for cell in base.cells:
        if cell.consortium in first:
            found[first[cell.consortium]].append(cell)
    return found


def _so_far(
    released: Iterable[tuple[int, date]], base: England, inside: dict[int, list[Cell]], whole: int
) -> Iterator[WaveSoFar]:
    seen: set[str] = set()
    for number, announced_on in released:
        here = {place.pathfinder for places in base.places.values() for place in places if place.wave <= number}
        counted = sums(cell for wave, cells in inside.items() if wave <= number for cell in cells)
        share = percent_of(counted["people"], whole)
        new = len(here - seen)
        yield WaveSoFar(number, announced_on, new, len(here), counted["practices"], counted["people"], share)
        seen = here
