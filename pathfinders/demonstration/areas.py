"""The primary care trusts of the demonstration: how many practices, how wide, in which towns, where on the map."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from practices.actions.load_reference import DATA as REFERENCE

DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True)
class Area:
    """A PCT as of 1 October 2010. `postcode`: the letters with which its postcodes begin; degrees are WGS 84."""

    pct: str
    name: str
    sha: str
    practices: int
    radius_km: float
    postcode: str
    towns: tuple[str, ...]
    longitude: float
    latitude: float
    opened: str  # YYYYMMDD

    @property
    def short_name(self) -> str:
        """The place without the words of the trust: Hackney for Hackney Teaching."""
        return self.name.removesuffix(" Teaching").removesuffix(" National Health Service")


def areas() -> list[Area]:
    """All 151, by code."""
    with (REFERENCE / "organisations.csv").open(encoding="utf-8", newline="") as file:
        bodies = {row["code"]: row for row in csv.DictReader(file)}
    with (DATA / "areas.csv").open(encoding="utf-8", newline="") as file:
        return [_area(row, bodies[row["pct"]]) for row in csv.DictReader(file)]


def _area(row: dict[str, str], body: dict[str, str]) -> Area:
    return Area(
        pct=row["pct"],
        name=body["name"],
        sha=body["above"],
        practices=int(row["practices"]),
        radius_km=float(row["radius_km"]),
        postcode=row["postcode"],
        towns=tuple(row["towns"].split("|")),
        longitude=float(body["longitude"]),
        latitude=float(body["latitude"]),
        opened=body["opened"].replace("-", ""),
    )
