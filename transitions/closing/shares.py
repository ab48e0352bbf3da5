"""Parts of a whole that sum to it exactly."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

STEP = Decimal("0.00000001")


def shares(counts: Sequence[int]) -> list[Decimal] | None:
    """The part of each, to eight places, summing to 1: what rounding down leaves goes, a step each, to those from which
    most was taken. None where the whole is nothing."""
    whole = sum(counts)
    if not whole:
        return None
    exact = [Decimal(n) / whole for n in counts]
    found = [part.quantize(STEP, ROUND_DOWN) for part in exact]
    left = int((1 - sum(found)) / STEP)
    most = sorted(range(len(counts)), key=lambda n: (found[n] - exact[n], n))
    for n in most[:left]:
        found[n] += STEP
    return found
