"""Calendar quarters, as lists are attested for: 2011Q3 is July to September 2011."""

from __future__ import annotations

from datetime import date, timedelta


def quarter_of(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"


def days_of(quarter: str) -> tuple[date, date]:
    """The first and the (inclusive) last day."""
    year, number = int(quarter[:4]), int(quarter[5])
    after = date(year + number // 4, number % 4 * 3 + 1, 1)
    return date(year, number * 3 - 2, 1), after - timedelta(days=1)


def last_ended(day: date) -> str:
    """The newest quarter whose last day lies before the day."""
    return quarter_of(days_of(quarter_of(day))[0] - timedelta(days=1))


def said_quarter(quarter: str) -> str:
    """As a sentence says it: July to September 2011."""
    first, last = days_of(quarter)
    return f"{first:%B} to {last:%B %Y}"
