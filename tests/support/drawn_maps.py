"""Cells for a map, made up, of the trusts of the reference table."""

import csv
from pathlib import Path
from typing import Any

import practices
from pathfinders.mapping import UNKNOWN, Cell, Klass, Layer, spread

_TABLE = Path(practices.__file__).parent / "data" / "organisations.csv"


def _read() -> list[dict[str, Any]]:
    with _TABLE.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] in ("pct", "care_trust")]
    return [row | {"days": ["2011-04-01"] if _open(row, "2011-04-01") else []} for row in rows]


def _open(row: dict[str, Any], day: str) -> bool:
    return row["opened"] <= day and (not row["last_day"] or day <= row["last_day"])


REFERENCE = _read()
"""Rows of the table of organisations with `days`: of the days that tests ask about, those on which it is open."""

LAYER = Layer(
    "coverage",
    "Practices in a pathfinder",
    [
        *(Klass(f"b{n}", f"{25 * n} to {25 * n + 25} per cent", slot) for n, slot in enumerate(spread(4))),
        Klass("unknown", "Not known", UNKNOWN),
    ],
)


def some_cells(day: str = "2011-04-01") -> list[Cell]:
    """One of each trust of 1 April 2011, its class by its place in the alphabet; every fifth is not known."""
    rows = [row for row in REFERENCE if day in row["days"]]
    found = []
    for n, row in enumerate(sorted(rows, key=lambda row: row["code"])):
        klass = LAYER.classes[n % 5]
        found.append(Cell(row["code"], row["name"], row["above"], klass.key, klass.label))
    return found
