"""Made-up English names: of surgeries, streets and people. None is taken from a register."""

from __future__ import annotations

import tomllib
from random import Random

from pathfinders.demonstration.areas import DATA

WORDS: dict[str, list[str]] = tomllib.loads((DATA / "names.toml").read_text(encoding="utf-8"))
INWARD = "ABDEFGHJLNPQRSTUWXYZ"  # the letters that end a postcode
SINGLE_HANDED = 3_500
"""A practice with fewer patients may be one doctor's, and called so."""


def surgery(draw: Random, town: str, street: str, people: float) -> str:
    """A surgery's name; some are shared, as in England (THE SURGERY stands on many doors)."""
    pattern = draw.randrange(20)
    doctor = f"Dr {draw.choice(WORDS['surnames'])}"
    if pattern < 6:
        return f"{street} {draw.choice(('Surgery', 'Surgery', 'Surgery', 'Practice', 'Medical Centre', 'Group Practice'))}"
    if pattern < 9:
        return f"{town} {draw.choice(('Medical Centre', 'Health Centre', 'Surgery', 'Medical Practice', 'Group Practice'))}"
    if pattern < 12:
        return (
            f"{draw.choice(WORDS['houses'])} {draw.choice(('Surgery', 'Medical Centre', 'Practice', 'Health Centre'))}"
        )
    if pattern < 14:
        return (
            f"{draw.choice(WORDS['trees'])} {draw.choice(('House Surgery', 'Tree Surgery', 'Lodge Medical Practice'))}"
        )
    if pattern < 19:
        return doctor if people < SINGLE_HANDED else f"{doctor} and Partners"
    return draw.choice(
        ("The Surgery", "The Health Centre", "The Medical Centre", f"St {draw.choice(WORDS['saints'])}'s Surgery")
    )


def branch(draw: Random, town: str, street: str) -> str:
    return draw.choice((f"{street} Branch Surgery", f"{street} Surgery", f"{town} Branch Surgery", "Branch Surgery"))


def street(draw: Random) -> str:
    return draw.choice(WORDS["streets"])


def address(draw: Random, street: str) -> str:
    """A house in it; a place or a crescent is short."""
    return f"{draw.randint(1, 160 if street.endswith(('Road', 'Street', 'Avenue')) else 40)} {street}"


def postcode(draw: Random, district: str) -> str:
    return f"{district} {draw.randint(1, 9)}{draw.choice(INWARD)}{draw.choice(INWARD)}"


def doctor(draw: Random) -> str:
    return f"Dr {draw.choice(WORDS['first_names'])} {draw.choice(WORDS['surnames'])}"
