"""Named denominators: people of England by somebody's count, each with its date and source.

A coverage percentage always names its denominator (domain.md rule 7), because every published one hid it. Figures
for the whole of England only; `registered` (the sum of list sizes in this register) is worked out, not listed here.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Denominator(NamedTuple):
    name: str
    value: int
    date: date
    source: str


ENGLAND = {
    d.name: d
    for d in (
        Denominator(
            "ONS-2009-resident",
            51_800_000,
            date(2009, 6, 30),
            "Office for National Statistics, residents of England, mid-2009 estimate to the nearest 100,000",
        ),
    )
}
