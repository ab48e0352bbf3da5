"""The days that a map can be slid along: the first of each month of the programme, and the days of its waves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from pathfinders.models import WaveRelease
from registry.moment import Moment
from registry.pages.forms import long_date

FIRST, LAST = (2010, 7), (2013, 4)
"""The months of the White Paper and of the hand-over."""


@dataclass(frozen=True)
class Stop:
    """`near`: the last stop up to the day that the page shows."""

    day: date
    words: str
    near: bool = False


def stops(user: Any, moment: Moment) -> list[Stop]:
    """In their order."""
    released = WaveRelease.objects.visible_to(user).known(moment).order_by("announced_on")
    words = {day: f"{long_date(day)}, wave {wave}" for wave, day in released.values_list("wave", "announced_on")}
    days = sorted({*_months(), *words})
    here = max((day for day in days if day <= moment.as_of), default=None)
    return [Stop(day, words.get(day, long_date(day)), day == here) for day in days]


def _months() -> list[date]:
    (year, month), (last_year, last_month) = FIRST, LAST
    count = (last_year - year) * 12 + last_month - month + 1
    return [date(year + (month - 1 + n) // 12, (month - 1 + n) % 12 + 1, 1) for n in range(count)]
