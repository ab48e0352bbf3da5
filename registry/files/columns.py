"""Columns known by their names, in any order, however people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from registry.errors import Refused
from registry.files.table import Line


class Columns(NamedTuple):
    """Where each column that was looked for stands (`places`), and the names of those that nobody knows."""

    places: dict[str, int]
    unknown: list[str]

    def told(self, line: Line) -> dict[str, str]:
        """What a line says under each name; "" where it is shorter than the header."""
        return {name: line.cells[at] if at < len(line.cells) else "" for name, at in self.places.items()}


def plain(heading: str) -> str:
    """A heading without case, dashes, dots and doubled spaces: "Practice_Code" is "practice code"."""
    return " ".join(re.split(r"[\W_]+", heading.lower())).strip()


def find(header: Sequence[str], names: Sequence[str]) -> int | None:
    """Where the likeliest of these names stands in a header; the names likeliest first."""
    headings = [plain(cell) for cell in header]
    return next((headings.index(name) for name in names if name in headings), None)


def recognise(header: Sequence[str], wanted: Mapping[str, Sequence[str]]) -> Columns:
    """The columns of a header. `wanted`: for each, the names that it may bear, the likeliest first.

    Raises Refused on `file` where two columns bear the name that counts: either may be meant.
    """
    headings = [plain(cell) for cell in header]
    places: dict[str, int] = {}
    for column, names in wanted.items():
        name = next((n for n in names if n in headings and headings.index(n) not in places.values()), None)
        if name is None:
            continue
        if headings.count(name) > 1:
            raise Refused(
                "two_columns",
                f"Two columns are named “{header[headings.index(name)]}”. Name one of them otherwise and send it again.",
                field="file",
            )
        places[column] = headings.index(name)
    unknown = [cell for at, cell in enumerate(header) if at not in places.values() and cell.strip()]
    return Columns(places, unknown)
