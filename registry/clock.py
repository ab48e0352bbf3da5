"""The one clock. Dates of the world are London dates; a demonstration has a story time of its own.

Nothing else asks the machine or Postgres for the date. Sessions, tokens, mail and throttles keep real time
(`real_now`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_story: ContextVar[datetime | None] = ContextVar("story", default=None)
_offset: ContextVar[list[timedelta] | None] = ContextVar("offset", default=None)


def real_now() -> datetime:
    return datetime.now(UTC)


def now() -> datetime:
    """The register's time: real time, or in a demonstration story time plus what has passed since it was built."""
    told = _story.get()
    if told is not None:
        return told
    from registry.models import Installation

    held = _offset.get()
    if held is None:
        return real_now() + Installation.offset()
    if not held:
        held.append(Installation.offset())
    return real_now() + held[0]


@contextmanager
def asked_once() -> Iterator[None]:
    """Inside, the database is asked once whether it is a demonstration: for one request or one step, in which that cannot
    change. Inside another's `with` what that one has been told stands."""
    if _offset.get() is not None:
        yield
        return
    token = _offset.set([])
    try:
        yield
    finally:
        _offset.reset(token)


def today() -> date:
    return london_date(now())


def london_date(instant: datetime) -> date:
    return instant.astimezone(LONDON).date()


def end_of_london_day(day: date) -> datetime:
    """The last instant of a London day (00:00 of the next, less a microsecond)."""
    return datetime.combine(day + timedelta(days=1), time.min, LONDON).astimezone(UTC) - timedelta(microseconds=1)


@contextmanager
def story_time(instant: datetime) -> Iterator[None]:
    """Tell the clock that it is `instant`. For the builder of a demonstration; refused in a real register. Inside
    another's `with` the register is known to be a demonstration, which it stays."""
    from registry.models import Installation

    if _story.get() is None and not Installation.is_demonstration():
        raise RuntimeError("story time is for a demonstration; this register keeps real time")
    token = _story.set(instant)
    try:
        yield
    finally:
        _story.reset(token)


def on_day(day: date, hour: int = 12) -> datetime:
    """Noon (or another hour) of a London day, as an instant."""
    return datetime.combine(day, time(hour), LONDON).astimezone(UTC)
