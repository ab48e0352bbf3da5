"""Whole pounds: how they are read and said, and when the parts of a budget make its total (domain.md rule 19)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from registry.errors import Refused

MILLION = 1_000_000
MOST = 1_000_000_000_000
MOST_ROUNDING = 100_000_000
PARTS = ("delegated", "retained", "excluded")
UNITS = {"": 1, "k": 1_000, "thousand": 1_000, "m": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9}
TYPED = re.compile(r"£?\s*(\d+(?:,\d{3})*(?:\.\d+)?)\s*([a-z]*)", re.IGNORECASE)


def pounds(amount: int) -> str:
    """£934,000,000; a minus stands before the sign."""
    return f"{'−' if amount < 0 else ''}£{abs(amount):,}"


def short(amount: int) -> str:
    """A round sum in words: £1 million; any other as `pounds`."""
    for word, unit in (("billion", 10**9), ("million", 10**6)):
        if amount and amount % unit == 0:
            return f"£{amount // unit:,} {word}"
    return pounds(amount)


def pounds_words(amount: int | None, rounding: int = 0) -> str:
    """Never more exact than the source: £644 million where it rounds to a tenth of a million or more; otherwise every
    pound."""
    if amount is None:
        return "not stated"
    if rounding >= MILLION // 10 and amount >= MILLION:
        return f"£{amount / MILLION:,.{0 if rounding >= MILLION else 1}f} million"
    return pounds(amount)


def read_pounds(text: str) -> int | None:
    """What a person typed: "644m", "£644,000,000", "644.5 million". None for nothing; ValueError for what is no whole
    number of pounds."""
    told = text.strip()
    if not told:
        return None
    found = TYPED.fullmatch(told)
    if found is None or found[2].lower() not in UNITS:
        raise ValueError(f"“{told[:40]}” is no sum of money. Type it as 644,000,000 or 644m.")
    amount = Decimal(found[1].replace(",", "")) * UNITS[found[2].lower()]
    if amount != int(amount):
        raise ValueError(f"“{told[:40]}” has pence in it. Give whole pounds.")
    return int(amount)


def made_of(figures: Mapping[str, int | None]) -> int:
    """What the stated parts make."""
    return sum(figures[part] or 0 for part in PARTS)


def difference(figures: Mapping[str, int | None]) -> int | None:
    """Total less its parts; None where the total, the delegated or the retained part is not stated. An excluded part
    that is not stated takes nothing here: where the others make the total, there is none."""
    if any(figures[name] is None for name in ("total", "delegated", "retained")):
        return None
    return (figures["total"] or 0) - made_of(figures)


def too_much(figures: Mapping[str, int | None], rounding: int) -> int:
    """By how many pounds the parts are off the total beyond what rounding explains: more (above 0), less (below), or 0
    where they add up. Each of four figures may be half a unit off."""
    if figures["total"] is None:
        return 0
    off = made_of(figures) - figures["total"]
    if off > 2 * rounding:
        return off
    return off if difference(figures) is not None and -off > 2 * rounding else 0


def require_figures(figures: Mapping[str, int | None], rounding: int) -> None:
    """Raises Refused (422): nothing stated, a sum that cannot be meant, or parts that do not make the total, with the
    difference."""
    if all(amount is None for amount in figures.values()):
        raise Refused("nothing_stated", "Give at least one figure: what the source does not state stays empty.")
    for name, amount in figures.items():
        require_amount(amount, name)
    if not 0 <= rounding <= MOST_ROUNDING:
        sentence = f"Figures are rounded to {short(MOST_ROUNDING)} at most."
        raise Refused("bad_rounding", sentence, field="rounding")
    off = too_much(figures, rounding)
    if off:
        stated = [part for part in PARTS if figures[part] is not None]
        more = "more" if off > 0 else "less"
        beyond = f"Rounding to {short(rounding)} does not explain that." if rounding else IF_ROUNDED
        make = "make" if len(stated) > 1 else "is"
        raise Refused(
            "does_not_add_up",
            f"{listed(stated).capitalize()} {make} {pounds(made_of(figures))}, which is {pounds(abs(off))} {more} than "
            f"the total of {pounds(figures['total'] or 0)}. {beyond}",
            field="total",
            detail=[{"difference": -off}],
        )


IF_ROUNDED = "If the source rounds its figures, say to what."


def require_amount(amount: int | None, field: str = "amount") -> int | None:
    if amount is not None and not 0 <= amount <= MOST:
        sentence = f"{pounds(amount)} cannot be meant: give from £0 to {short(MOST)}."
        raise Refused("bad_amount", sentence, field=field)
    return amount


def listed(words: Sequence[str]) -> str:
    """delegated, retained and excluded."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def pro_rata(amount: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Whole pounds by weight, that make the amount exactly: the largest remainders get the pounds left over, of equal
    ones the earlier key. Empty where there is no weight at all."""
    whole = sum(weights.values())
    if not whole:
        return {}
    parts = {key: divmod(amount * weight, whole) for key, weight in weights.items()}
    left = amount - sum(share for share, _ in parts.values())
    first: list[Any] = sorted(parts, key=lambda key: (-parts[key][1], key))[:left]
    return {key: share + (key in first) for key, (share, _) in parts.items()}
