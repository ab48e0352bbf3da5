"""The practices of the demonstration: made up, one by one, in each PCT of England."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from math import cos, pi, radians, sin, sqrt
from random import Random

from pathfinders.demonstration import names
from pathfinders.demonstration.areas import Area, Town

QUARTERS = ("2010Q3", "2010Q4", "2011Q1", "2011Q2", "2011Q3")
GROWTH = {"2010Q3": 0.9985, "2010Q4": 1.0, "2011Q1": 1.0015, "2011Q2": 1.003, "2011Q3": 1.0045}
"""England's lists grow by about 0.15% a quarter."""
SHARES = (
    (0.0, 900), (0.01, 1_200), (0.05, 1_950), (0.1, 2_350), (0.25, 3_700), (0.5, 6_450),
    (0.75, 9_100), (0.9, 11_700), (0.95, 13_500), (0.99, 18_000), (0.999, 26_000), (1.0, 38_000),
)  # fmt: skip
"""List sizes at these shares of all practices: about England's of 2011, half of them below 6,200, a few very long."""
KM_A_DEGREE = 111.2


@dataclass
class Surgery:
    """A practice. `people`: its list in 2010Q4 (0: none known); `lists`: by quarter, once sizes are settled."""

    code: str
    name: str
    street: str
    town: str
    postcode: str
    phone: str
    opened: str  # YYYYMMDD
    area: Area
    longitude: float
    latitude: float
    people: float
    setting: int = 4
    closed: str = ""  # YYYYMMDD, its last day

    @property
    def joined(self) -> str:
        """The day from which it belongs to its PCT."""
        return max(self.opened, self.area.opened)


def surgeries(areas: list[Area]) -> list[Surgery]:
    """All of them, codes in the order of PCT, town and place in the town."""
    drawn = [s for area in areas for s in _of(area)]
    for number, surgery in enumerate(drawn, start=1):
        surgery.code = f"Z{number:05d}"
        surgery.phone = f"01632 96{number % 10_000:04d}"  # numbers kept for stories, never given to anyone
    return drawn


def others(areas: list[Area], after: int) -> list[Surgery]:
    """Units of the same file that are not GP practices of the time: walk-in centres, prisons, closed surgeries."""
    draw = Random("other units")
    found = []
    for number, area in enumerate(areas, start=after + 1):
        other = unit(draw, area, area.towns[0], number)
        kind = number % 6
        if kind == 0:
            other.name, other.setting, other.opened = f"{other.town} Walk-in Centre", 1, "20080401"
        elif kind == 1:
            other.name, other.setting, other.opened = f"{other.town} Out of Hours Service", 2, "20041001"
        else:
            other.closed = f"{draw.randint(2006, 2009)}{draw.choice(('0331', '0630', '0930', '1231'))}"
            other.opened = "19740401"
        found.append(other)
    return found


def unit(draw: Random, area: Area, town: Town, number: int) -> Surgery:
    """One with a code of its own and no patients."""
    found = _surgery(draw, area, town)
    found.code, found.phone, found.people = f"Z{number:05d}", f"01632 96{number % 10_000:04d}", 0
    return found


def _of(area: Area) -> list[Surgery]:
    draw = Random(f"surgeries of {area.pct}")
    found = []
    for town, count in _shared_out(draw, area).items():
        drawn = [_surgery(draw, area, town) for _ in range(count)]
        found += sorted(drawn, key=lambda s: (s.longitude, s.latitude))
    return found


def _shared_out(draw: Random, area: Area) -> dict[Town, int]:
    """How many practices each town has: at least one, the first named the most."""
    counts = dict.fromkeys(area.towns, 1)
    weights = [1 / (1 + 0.25 * rank) for rank in range(len(area.towns))]
    for town in draw.choices(area.towns, weights, k=area.practices - len(area.towns)):
        counts[town] += 1
    return counts


def near(draw: Random, town: Town) -> tuple[float, float]:
    distance, angle = town.radius_km * sqrt(draw.random()), 2 * pi * draw.random()
    north, east = distance * sin(angle) / KM_A_DEGREE, distance * cos(angle) / KM_A_DEGREE
    return round(town.longitude + east / cos(radians(town.latitude)), 5), round(town.latitude + north, 5)


def _surgery(draw: Random, area: Area, town: Town) -> Surgery:
    old = draw.random() < 0.7
    people, street = _list_size(draw.random()), names.street(draw)
    longitude, latitude = near(draw, town)
    return Surgery(
        code="",
        name=names.surgery(draw, town.name, street, people),
        street=names.address(draw, street),
        town=town.name,
        postcode=names.postcode(draw, town.postcode),
        phone="",
        opened="19740401" if old else f"{draw.randint(1975, 2009)}{draw.choice(('0101', '0401', '0701', '1001'))}",
        area=area,
        longitude=longitude,
        latitude=latitude,
        people=people,
    )


def _list_size(share: float) -> float:
    place = min(bisect_right(SHARES, (share, float("inf"))), len(SHARES) - 1)
    (low, least), (high, most) = SHARES[place - 1], SHARES[place]
    return least + (most - least) * (share - low) / (high - low)


def lists(surgery: Surgery) -> dict[str, int]:
    """Its list by quarter: England's growth, and a little of its own coming and going."""
    draw = Random(f"lists of {surgery.code}")
    return {q: round(surgery.people * GROWTH[q] * (1 + draw.uniform(-0.006, 0.006))) for q in QUARTERS}
