"""What the words of an announced figure allow: "a quarter" holds from 22.5% to 27.5%. The rules are data.

A word holds between two parts of its value; `rounded` within half a unit of the last digit that was printed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple


class Rule(NamedTuple):
    """From which part of the value to which, both included."""

    least: Decimal
    most: Decimal


RULES = {
    "exact": Rule(Decimal(1), Decimal(1)),
    "about": Rule(Decimal("0.9"), Decimal("1.1")),
    "nearly": Rule(Decimal("0.95"), Decimal(1)),
    "over": Rule(Decimal(1), Decimal("1.1")),
}
WHOLE = Decimal(100)


def holds_between(
    value: Decimal, rounding: str, *, percent: bool = False, printed: Decimal | None = None
) -> tuple[Decimal, Decimal]:
    """The least and the most of which these words are true. `printed`: what one in their last digit is worth, where they
    show it: "50.0 million" is told to 100,000, which the value alone does not say."""
    if rounding == "rounded":
        half = (printed or _last_digit(value, percent=percent)) / 2
        return value - half, value + half
    rule = RULES[rounding]
    most = value * rule.most
    return value * rule.least, min(most, WHOLE) if percent else most


def _last_digit(value: Decimal, *, percent: bool) -> Decimal:
    """What one in the last printed digit is worth: 12,800,000 is told to 100,000, 37.9% to a tenth, 60% to one."""
    exponent = int(value.normalize().as_tuple().exponent)
    return Decimal(1).scaleb(min(exponent, 0) if percent else exponent)
