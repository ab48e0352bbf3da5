"""Financial years: from 1 April to 31 March, written "2011/12"."""

from __future__ import annotations

import re
from datetime import date

from registry.errors import Refused

SHAPE = re.compile(r"(\d{4})/(\d{2})")
LIKE = re.compile(r"([0-9]{4})(?:[/–-](?:[0-9]{2}){0,2})?")
FIRST, LAST = 2005, 2020
"""The years that a budget may be recorded of: what is far from them is a slip of the hand."""


def year_of(day: date) -> str:
    """The financial year that a day lies in."""
    first = day.year - (day < date(day.year, 4, 1))
    return f"{first}/{(first + 1) % 100:02d}"


def year_days(year: str) -> tuple[date, date]:
    """The first day of a year and the first day of the next."""
    first = int(year[:4])
    return date(first, 4, 1), date(first + 1, 4, 1)


def require_year(year: str) -> str:
    """Raises Refused (422) for what is no financial year."""
    told = SHAPE.fullmatch(year.strip())
    if told is None or int(told[2]) != (int(told[1]) + 1) % 100 or not FIRST <= int(told[1]) <= LAST:
        sentence = f"“{year[:20]}” is no financial year; give one as 2011/12, from {FIRST} to {LAST}.{_meant(year)}"
        raise Refused("bad_year", sentence, field="year")
    return year.strip()


def _meant(year: str) -> str:
    """Of 2011, 2011-12 or 2011/2012 the year that begins then."""
    told = LIKE.fullmatch(year.strip())
    return f" Did you mean {year_of(date(int(told[1]), 4, 1))}?" if told and FIRST <= int(told[1]) <= LAST else ""
