"""Dates and quarters in the names of files, as their publishers write them."""

from __future__ import annotations

import re
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_QUARTER = re.compile(r"(?<!\d)((?:19|20)\d{2})[ _-]?Q([1-4])(?!\d)", re.I)
_MONTHS = re.compile(r"(?<!\d)((?:19|20)\d{2})[_-](01[_-]03|04[_-]06|07[_-]09|10[_-]12)(?!\d)")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})[ _-]?(0[1-9]|1[0-2])(?:[ _-]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
_MONTH = re.compile(rf"(?<![a-z])({'|'.join(MONTHS)})[a-z]*[ _-]?((?:19|20)\d{{2}})(?!\d)", re.I)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


def quarter_in(name: str) -> str:
    """ "2013Q2" out of "..._2013Q2.csv" or "..._2013_04-06.csv"; empty where there is none."""
    found = _QUARTER.search(name)
    if found:
        return f"{found[1]}Q{found[2]}"
    found = _MONTHS.search(name)
    return f"{found[1]}Q{int(found[2][:2]) // 3 + 1}" if found else ""


def date_in(name: str) -> date | None:
    """The day, or the first of the month, or 1 April of the year (geographies are of a year) that a name says."""
    found = _DAY.search(name)
    if found:
        try:
            return date(int(found[1]), int(found[2]), int(found[3] or 1))
        except ValueError:
            return None
    found = _MONTH.search(name)
    if found:
        return date(int(found[2]), MONTHS.index(found[1].lower()) + 1, 1)
    found = _YEAR.search(name)
    return date(int(found[1]), 4, 1) if found else None
