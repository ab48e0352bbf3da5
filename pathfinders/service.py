"""The service clock: working days of England, how many each step may take, and how a bid stands against its date.

A day is counted when it is over: from Monday to Tuesday is one working day. The clock stands still from the day of a
return for information to the day it is answered. The targets are defaults of ours (domain.md mark R).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import holidays

from pathfinders.states import BidState

if TYPE_CHECKING:
    from pathfinders.models import Bid

SATURDAY = 5
TARGETS: dict[str, int] = {"pct": 10, "sha": 20, "decision": 40}
"""Working days: for a PCT's comment, an SHA's assessment, and the decision, each from the day they are asked for."""
SOON = 10
"""Working days before its date from which a bid counts as due soon."""
RUNNING = (BidState.SUBMITTED, BidState.ASSESSING, BidState.ASSESSED)
"""States in which the programme's clock runs."""


@cache
def _bank_holidays(year: int) -> tuple[int, ...]:
    """The ordinals of England's bank holidays of a year that fall on weekdays, in order."""
    days = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return tuple(sorted(day.toordinal() for day in days if day.weekday() < SATURDAY and day.year == year))


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day.toordinal() not in _bank_holidays(day.year)


def _between(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`, without those of the pauses: (start, end), in which the clock
    stands still from the end of the one day to the end of the other."""
    if end < start:
        return -_between(end, start)
    a, b = start.toordinal(), end.toordinal()
    free = sum(
        bisect_right(_bank_holidays(year), b) - bisect_right(_bank_holidays(year), a)
        for year in range(start.year, end.year + 1)
    )
    return _weekdays_upto(b) - _weekdays_upto(a) - free


def _weekdays_upto(ordinal: int) -> int:
    """Mondays to Fridays from 1 January of the year 1, a Monday, up to a day."""
    weeks, days = divmod(ordinal, 7)
    return weeks * 5 + min(days, 5)


def working_days(start: date, end: date, pauses: Iterable[tuple[date, date]] = ()) -> int:
    """Working days after `start` up to and with `end`, without those of the pauses: (start, end), from the end of the one day to
    the end of the other."""
    paused = sum(max(0, _between(max(start, a), min(end, b))) for a, b in pauses if a < end and b > start)
    return _between(start, end) - paused


def add_working_days(day: date, count: int) -> date:
    """The day on which `count` working days after `day` are over; the day itself for 0."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def last_working_day(day: date) -> date:
    """The day itself where it is a working day, otherwise the last one before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def due(step: str, asked_on: date) -> date:
    """By when a step ("pct", "sha", "decision") is due that was asked for on a day."""
    return add_working_days(asked_on, TARGETS[step])


def moved_on(due_on: date, returned_on: date, answered_on: date) -> date:
    """A date due, moved on by the length of a return."""
    return add_working_days(due_on, working_days(returned_on, answered_on))


class Standing(StrEnum):
    IN_TIME = "in_time"
    SOON = "soon"
    OVERDUE = "overdue"
    PAUSED = "paused"


class Clock(NamedTuple):
    """How a bid stands: working days `used` of `target`, `over` those beyond it, the date due (as it is while paused)."""

    used: int
    target: int
    due_on: date
    standing: Standing

    @property
    def over(self) -> int:
        return max(0, self.used - self.target)


def clock_of(bid: Bid, today: date, returned_on: date | None = None) -> Clock | None:
    """The clock of a bid that waits for a decision; `returned_on`: since when it is returned. None for another.

    Worked out from the date due, which every return has moved on: so it needs no other row.
    """
    paused = bid.state == BidState.RETURNED and returned_on is not None
    if bid.due_on is None or not (paused or bid.state in RUNNING):
        return None
    left = _between(returned_on if paused and returned_on else today, bid.due_on)
    return Clock(TARGETS["decision"] - left, TARGETS["decision"], bid.due_on, _standing(left, paused=paused))


def _standing(left: int, *, paused: bool) -> Standing:
    if paused:
        return Standing.PAUSED
    if left < 0:
        return Standing.OVERDUE
    return Standing.SOON if left <= SOON else Standing.IN_TIME
