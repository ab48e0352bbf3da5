"""The primary care trusts of the demonstration: how many practices, in which towns, and where those lie on the map.

`data/towns.csv` has for each town a point to a hundredth of a degree, how far its surgeries lie from it, and the
district of its postcodes: enough for made-up surgeries to stand where people live, in their trust and not in the sea.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from practices.actions.load_reference import DATA as REFERENCE

DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True)
class Town:
    """`postcode`: the district of its postcodes, as TR18; degrees are WGS 84."""

    name: str
    longitude: float
    latitude: float
    radius_km: float
    postcode: str


@dataclass(frozen=True)
class Area:
    """A PCT as of 1 October 2010. `county`: the last line of its addresses."""

    pct: str
    name: str
    sha: str
    practices: int
    county: str
    towns: tuple[Town, ...]
    opened: str  # YYYYMMDD

    @property
    def short_name(self) -> str:
        """The place without the words of the trust: Hackney for Hackney Teaching."""
        return self.name.removesuffix(" Teaching").removesuffix(" National Health Service")


def areas() -> list[Area]:
    """All 151, by code."""
    bodies = {row["code"]: row for row in _rows(REFERENCE / "organisations.csv")}
    towns: dict[str, list[Town]] = defaultdict(list)
    for row in _rows(DATA / "towns.csv"):
        point = (float(row["longitude"]), float(row["latitude"]), float(row["radius_km"]))
        towns[row["pct"]].append(Town(row["town"], *point, row["postcode"]))
    return [_area(row, bodies[row["pct"]], tuple(towns[row["pct"]])) for row in _rows(DATA / "areas.csv")]


def _area(row: dict[str, str], body: dict[str, str], towns: tuple[Town, ...]) -> Area:
    return Area(
        pct=row["pct"],
        name=body["name"],
        sha=body["above"],
        practices=int(row["practices"]),
        county=row["county"],
        towns=towns,
        opened=body["opened"].replace("-", ""),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
