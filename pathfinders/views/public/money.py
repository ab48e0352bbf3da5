"""Amounts in words: never more exact than the source."""

from __future__ import annotations

from transitions.money import pounds

MILLION = 1_000_000


def pounds_words(amount: int | None, rounding: int = 0) -> str:
    """£644 million where the source rounds to a tenth of a million or more; otherwise every pound: £644,123,456."""
    if amount is None:
        return "not stated"
    if rounding >= MILLION // 10 and amount >= MILLION:
        return f"£{amount / MILLION:,.{0 if rounding >= MILLION else 1}f} million"
    return pounds(amount)
