"""Fields that several layouts share. Each raises ValueError with the sentence that the refusal says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache


@lru_cache(maxsize=50_000)
def compact_date(text: str) -> date | None:
    """YYYYMMDD; blank is none."""
    if not text:
        return None
    if len(text) == 8 and text.isdecimal():
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            pass
    raise ValueError("not a real date as YYYYMMDD")


def iso_date(text: str) -> date | None:
    """YYYY-MM-DD; blank is none."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("not a real date as YYYY-MM-DD") from None


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
