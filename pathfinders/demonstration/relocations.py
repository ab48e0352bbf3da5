"""Practices that move house or change their name: what an amendments file of summer 2011 says of them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from pathfinders.demonstration import names
from pathfinders.demonstration.surgeries import Surgery, near

MOVING, RENAMED = 45, 12


def relocations(surgeries: list[Surgery], ending: list[Surgery]) -> list[Surgery]:
    """As the records now stand: some in other premises in the same town, some named after the house, not the doctor."""
    draw = Random("relocations")
    busy = {s.code for s in ending}
    quiet = [s for s in surgeries if s.code not in busy and s.area.pct != "TAM"]
    moved = [_moved(draw, s) for s in draw.sample([s for s in quiet if "Road" not in s.name], MOVING)]
    codes = {s.code for s in moved}
    doctors = [s for s in quiet if s.name.endswith("and Partners") and s.code not in codes]
    renamed = [_renamed(draw, s) for s in draw.sample(doctors, RENAMED)]
    return sorted([*moved, *renamed], key=lambda s: s.code)


def _moved(draw: Random, surgery: Surgery) -> Surgery:
    town = next(t for t in surgery.area.towns if t.name == surgery.town)
    street = names.street(draw)
    longitude, latitude = near(draw, town)
    return replace(
        surgery,
        street=names.address(draw, street),
        postcode=names.postcode(draw, town.postcode),
        longitude=longitude,
        latitude=latitude,
    )


def _renamed(draw: Random, surgery: Surgery) -> Surgery:
    street = surgery.street.partition(" ")[2]
    return replace(surgery, name=draw.choice((f"{street} Surgery", f"{street} Medical Practice")))
