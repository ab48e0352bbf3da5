"""Reads path data back: the points of "M x y" followed by relative "l", "v" and "z"."""

import re
from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations, pairwise

Point = tuple[int, int]


def rings(path: str) -> list[list[Point]]:
    """Closed where the path says z."""
    found: list[list[Point]] = []
    for command, words in re.findall(r"([Mlvz])([^Mlvz]*)", path):
        numbers = [int(n) for n in re.findall(r"-?\d+", words)]
        if command == "M":
            found.append([(numbers[0], numbers[1])])
        elif command == "z":
            found[-1].append(found[-1][0])
        else:
            steps = (
                [(0, n) for n in numbers] if command == "v" else list(zip(numbers[::2], numbers[1::2], strict=True))
            )
            for dx, dy in steps:
                x, y = found[-1][-1]
                found[-1].append((x + dx, y + dy))
    return found


def points(path: str) -> list[Point]:
    return [point for ring in rings(path) for point in ring]


def touching(paths: Mapping[str, str]) -> set[tuple[str, str]]:
    """The pairs of codes whose paths have a stretch in common, which each draws by the same points."""
    beside = defaultdict(set)
    for code, path in paths.items():
        for ring in rings(path):
            for a, b in pairwise(ring):
                beside[min(a, b), max(a, b)].add(code)
    return {pair for codes in beside.values() for pair in combinations(sorted(codes), 2)}
