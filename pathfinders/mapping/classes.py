"""What the map shows: a layer with its classes, and for each trust the class it is in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

UNKNOWN = 0
"""The slot of what is not known: grey without a pattern, never the first step of a scale."""
SLOTS = 11
"""How many steps a scale may have: 1, the palest, to this, the darkest."""

ENDED = SLOTS + 1
"""The slot of who is no more: pale with crosses, on no scale."""


@dataclass(frozen=True)
class Klass:
    """A class of a layer. `slot`: its place in the scale of colours and patterns, 1 to SLOTS, or UNKNOWN or ENDED."""

    key: str
    label: str
    slot: int

    def __post_init__(self) -> None:
        if not UNKNOWN <= self.slot <= ENDED:
            raise ValueError(f"A class has a slot from {UNKNOWN} to {ENDED}, and {self.key} has {self.slot}.")


@dataclass(frozen=True)
class Layer:
    """One thing to be seen on the map: its classes in their order. `key`: letters and hyphens, alone on its page."""

    key: str
    title: str
    classes: Sequence[Klass]

    def klass(self, key: str) -> Klass:
        """KeyError for a class that the layer does not have."""
        return {k.key: k for k in self.classes}[key]


class Cell(NamedTuple):
    """A trust that is there on the day, or was. `sha`: the code of its authority. `klass`: the key of a class of the layer.
    `value_words`: what is read out after its name."""

    code: str
    name: str
    sha: str
    klass: str
    value_words: str

    @property
    def words(self) -> str:
        return f"{self.name}: {self.value_words}"


def spread(steps: int) -> list[int]:
    """Slots for a scale of so many steps, as far apart as they can be."""
    if not 1 <= steps <= SLOTS:
        raise ValueError(f"A scale has 1 to {SLOTS} steps, not {steps}.")
    return [1 + round(n * (SLOTS - 1) / max(steps - 1, 1)) for n in range(steps)]


def counts(cells: Sequence[Cell], layer: Layer) -> list[tuple[Klass, int]]:
    """How many trusts are in each class, the empty classes too."""
    found = Counter(cell.klass for cell in cells)
    if strange := found.keys() - {k.key for k in layer.classes}:
        raise ValueError(f"The layer {layer.key} has no class {', '.join(sorted(strange))}.")
    return [(klass, found[klass.key]) for klass in layer.classes]
