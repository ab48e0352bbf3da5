"""Fields that several layouts share. Each raises ValueError with the sentence that the refusal says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
"""Dates of practices and bodies outside these are slips of a file (0001, 9999), not facts."""


def plausible(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"not a date between {FIRST_DAY.year} and {LAST_DAY.year}")
    return day


@lru_cache(maxsize=50_000)
def compact_date(text: str) -> date | None:
    """YYYYMMDD; blank is none."""
    if not text:
        return None
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:])) if len(text) == 8 and text.isdecimal() else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError("not a real date as YYYYMMDD")
    return plausible(day)


def iso_date(text: str) -> date | None:
    """YYYY-MM-DD; blank is none."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError("not a real date as YYYY-MM-DD") from None
    return plausible(day)


def short(text: str, most: int) -> str:
    if len(text) > most:
        raise ValueError(f"longer than {most} characters")
    return text


def degrees(text: str, most: int) -> Decimal:
    """Degrees of arc within `most` on either side of nought, to six decimals."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError("not a number of degrees") from None
    if not value.is_finite() or abs(value) > most:
        raise ValueError(f"not between -{most} and {most} degrees")
    return round(value, 6)


def postcode(text: str) -> str:
    """In capitals, one blank before the last three characters."""
    packed = text.upper().replace(" ", "")
    return f"{packed[:-3]} {packed[-3:]}" if len(packed) > 4 else packed
