"""The eligible practices of a day in three parts: in a pathfinder, in a consortium only, in neither.

domain.md rules 5 to 8 and 20. Together they are all of England's, or of one area's: no practice is in two parts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pathfinders.reads.coverage import percent_of
from pathfinders.reads.eligible import Cell
from pathfinders.reads.england import england
from pathfinders.reads.tally import sums
from registry.moment import Moment

PARTS = {
    "pathfinder": "In a pathfinder",
    "consortium_only": "In a consortium only",
    "none": "In neither",
}
"""By the value of the practices' filter `scope` that lists them."""


@dataclass(frozen=True)
class Part:
    """`scope`: as in the practices' filter, "" for the whole. Shares are percentages of the eligible practices, and of
    the people on their lists; None where there is nobody."""

    scope: str
    name: str
    practices: int
    people: int
    practice_percent: float | None
    people_percent: float | None


@dataclass(frozen=True)
class ThreeParts:
    parts: list[Part]
    whole: Part
    without_list: int


def three_parts(user: Any, moment: Moment, *, sha: str = "", pct: str = "") -> ThreeParts:
    """Of England, or of the practices under one SHA or PCT."""
    base = england(user, moment)
    cells = [cell for cell in base.cells if (not sha or cell.sha == sha) and (not pct or cell.pct == pct)]
    inside: dict[str, Callable[[Cell], bool]] = {
        "pathfinder": lambda cell: cell.consortium in base.places,
        "consortium_only": lambda cell: cell.consortium is not None and cell.consortium not in base.places,
        "none": lambda cell: cell.consortium is None,
    }
    whole = sums(cells)
    parts = [_part(scope, name, sums(filter(inside[scope], cells)), whole) for scope, name in PARTS.items()]
    return ThreeParts(parts, _part("", "All eligible", whole, whole), whole["practices_without_list"])


def _part(scope: str, name: str, counted: dict[str, int], whole: dict[str, int]) -> Part:
    practices, people = counted["practices"], counted["people"]
    shares = percent_of(practices, whole["practices"]), percent_of(people, whole["people"])
    return Part(scope, name, practices, people, *shares)
