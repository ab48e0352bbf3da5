"""Made-up English names: of surgeries, streets and people. None is taken from a register."""

from __future__ import annotations

import tomllib
from random import Random

from pathfinders.demonstration.areas import DATA

WORDS: dict[str, list[str]] = tomllib.loads((DATA / "names.toml").read_text(encoding="utf-8"))
INWARD = "ABDEFGHJLNPQRSTUWXYZ"  # the letters that end a postcode


def surgery(draw: Random, town: str) -> str:
    """A surgery's name; some are shared, as in England (THE SURGERY stands on many doors)."""
    street = draw.choice(WORDS["streets"])
    pattern = draw.randrange(20)
    if pattern < 5:
        return f"{street} Surgery"
    if pattern < 8:
        return f"{town} {draw.choice(('Medical Centre', 'Health Centre', 'Surgery', 'Medical Practice'))}"
    if pattern < 11:
        return (
            f"{draw.choice(WORDS['houses'])} {draw.choice(('Surgery', 'Medical Centre', 'Practice', 'Health Centre'))}"
        )
    if pattern < 13:
        return (
            f"{draw.choice(WORDS['trees'])} {draw.choice(('House Surgery', 'Tree Surgery', 'Lodge Medical Practice'))}"
        )
    if pattern < 16:
        return f"Dr {draw.choice(WORDS['surnames'])} and Partners"
    if pattern < 18:
        return f"{street} {draw.choice(('Practice', 'Medical Centre', 'Group Practice'))}"
    if pattern < 19:
        return f"Dr {draw.choice(WORDS['surnames'])}"
    return draw.choice(
        ("The Surgery", "The Health Centre", "The Medical Centre", f"St {draw.choice(WORDS['saints'])}'s Surgery")
    )


def street_address(draw: Random) -> str:
    return f"{draw.randint(1, 190)} {draw.choice(WORDS['streets'])}"


def postcode(draw: Random, letters: str) -> str:
    return f"{letters}{draw.randint(1, 19)} {draw.randint(1, 9)}{draw.choice(INWARD)}{draw.choice(INWARD)}"


def doctor(draw: Random) -> str:
    return f"Dr {draw.choice(WORDS['first_names'])} {draw.choice(WORDS['surnames'])}"
