"""List sizes by quarter: what each practice has, where those of one that ends go, and the sizes that sources state."""

from __future__ import annotations

from collections.abc import Iterable

from pathfinders.demonstration.endings import Ending
from pathfinders.demonstration.groups import COUNTED_IN, England
from pathfinders.demonstration.surgeries import QUARTERS, Surgery, lists
from practices.quarters import parse

Lists = dict[str, dict[str, int]]
"""Patients by quarter and practice."""


def patients(england: England, surgeries: list[Surgery], endings: list[Ending]) -> Lists:
    """Every quarter's lists. One that ended before a quarter has none in it; its patients are its heirs'."""
    by_practice = {s.code: lists(s) for s in surgeries}
    found = {q: {code: sizes[q] for code, sizes in by_practice.items()} for q in QUARTERS}
    for group in england.groups:
        if group.people:
            _state(found[COUNTED_IN[group.wave]], group.practices, group.people)
    for quarter, sizes in found.items():
        _hand_over(sizes, [e for e in endings if e.last < parse(quarter)[0]])
    return found


def _state(sizes: dict[str, int], practices: list[Surgery], people: int) -> None:
    """Exactly as many people as the source states, by a few more or fewer in each practice."""
    total = sum(sizes[s.code] for s in practices)
    for surgery in practices:
        sizes[surgery.code] = sizes[surgery.code] * people // total
    sizes[practices[0].code] += people - sum(sizes[s.code] for s in practices)


def _hand_over(sizes: dict[str, int], ended: Iterable[Ending]) -> None:
    for ending in ended:
        patients = sizes.pop(ending.surgery.code)
        for number, heir in enumerate(ending.heirs):
            shares = patients // len(ending.heirs)
            sizes[heir.code] += patients - shares * (len(ending.heirs) - 1) if number == 0 else shares
