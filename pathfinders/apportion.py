"""Parting a whole number into whole numbers by weights, so that the parts always sum to it: largest remainder."""

from __future__ import annotations

from collections.abc import Sequence


def allot(whole: int, weights: Sequence[int]) -> list[int]:
    """Parts of `whole` in proportion to the weights (none negative, not all 0), in their order; they sum to `whole`.

    Each is its exact share rounded down; what is left goes, one each, to those that lost most by it, the earlier first
    where two lost alike. A part is off its exact share by less than one. A negative whole is parted as its opposite is.
    """
    total = sum(weights)
    if total <= 0:
        raise ValueError("Nothing can be parted by weights that are all 0.")
    sign = -1 if whole < 0 else 1
    found = [divmod(abs(whole) * weight, total) for weight in weights]
    parts = [part for part, _ in found]
    lost_most = sorted(range(len(found)), key=lambda n: -found[n][1])
    for n in lost_most[: abs(whole) - sum(parts)]:
        parts[n] += 1
    return [sign * part for part in parts]
