"""Quarters of a year, in which patients are counted."""

from __future__ import annotations

import re
from datetime import date

from registry.errors import Refused


def parse(text: str) -> tuple[date, date]:
    """ "2013Q2" -> (1 April 2013, 1 July 2013), half-open: calendar quarters. Raises Refused for anything else."""
    found = re.fullmatch(r"((?:19|20)\d{2})Q([1-4])", text.strip().upper())
    if not found:
        raise Refused("bad_quarter", f"A quarter is written as 2013Q2; “{text[:20]}” is not one.", field="quarter")
    year, quarter = int(found[1]), int(found[2])
    start = date(year, 3 * quarter - 2, 1)
    return start, date(year + 1, 1, 1) if quarter == 4 else date(year, 3 * quarter + 1, 1)


def of(day: date) -> str:
    """The quarter that a day lies in."""
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"
