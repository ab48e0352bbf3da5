"""Timelines: what is true of one key over the days, as pure values.

A timeline is a sorted tuple of spells `(start, end, values)`, half-open, `None` for unbounded, that never overlap.
Every change of dated facts is worked out here first, in memory; the journal then writes only the difference between
the timeline that stands and the one that shall stand, so that no entry closes a fact that it opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

Values = tuple[Any, ...]


class Period(NamedTuple):
    """Days, half-open: `start` in, `end` out; `None` is without bound."""

    start: date | None
    end: date | None

    def contains(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def common(self, other: Period) -> Period:
        """The days of both; the two must share a day."""
        starts = [d for d in (self.start, other.start) if d is not None]
        ends = [d for d in (self.end, other.end) if d is not None]
        return Period(max(starts, default=None), min(ends, default=None))


class Spell(NamedTuple):
    """One stretch of days, half-open: `start` in, `end` out; `None` is without bound."""

    start: date | None
    end: date | None
    values: Values

    def contains(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


def _before(a: date | None, b: date | None) -> bool:
    """Whether start `a` lies before end `b`."""
    return a is None or b is None or a < b


class Timeline:
    """An immutable timeline of one key."""

    __slots__ = ("spells",)

    def __init__(self, spells: Iterable[Spell] = ()) -> None:
        self.spells = tuple(spells)

    def __iter__(self) -> Iterator[Spell]:
        return iter(self.spells)

    def __len__(self) -> int:
        return len(self.spells)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timeline) and self.spells == other.spells

    def __hash__(self) -> int:
        return hash(self.spells)

    def __repr__(self) -> str:
        return f"Timeline({list(self.spells)!r})"

    def at(self, day: date) -> Values | None:
        return next((s.values for s in self.spells if s.contains(day)), None)

    def stretch(self, day: date, holds: Callable[[Values], bool] = lambda values: True) -> Period | None:
        """The unbroken run of days around `day` on all of which some values that satisfy `holds` are true."""
        runs: list[Period] = []
        for s in self.spells:
            if not holds(s.values):
                continue
            if runs and runs[-1].end is not None and runs[-1].end == s.start:
                runs[-1] = Period(runs[-1].start, s.end)
            else:
                runs.append(Period(s.start, s.end))
        return next((r for r in runs if r.contains(day)), None)

    def next_start(self, day: date) -> date | None:
        """The first day after `day` on which a spell begins."""
        return next((s.start for s in self.spells if s.start is not None and s.start > day), None)

    def clear(self, start: date | None, end: date | None) -> Timeline:
        """Nothing is true from `start` up to, not including, `end`."""
        _check(start, end)
        kept: list[Spell] = []
        for s in self.spells:
            if not (_before(s.start, end) and _before(start, s.end)):
                kept.append(s)
                continue
            if start is not None and (s.start is None or s.start < start):
                kept.append(Spell(s.start, start, s.values))
            if end is not None and (s.end is None or end < s.end):
                kept.append(Spell(end, s.end, s.values))
        return Timeline(kept)

    def set(self, start: date | None, end: date | None, values: Values) -> Timeline:
        """`values` are true from `start` up to, not including, `end`, whatever stood there."""
        spells = [*self.clear(start, end).spells, Spell(start, end, values)]
        return Timeline(_joined(sorted(spells, key=lambda s: (s.start is not None, s.start or date.min))))

    def cap(self, end: date) -> Timeline:
        """Nothing is true from `end` on."""
        return self.clear(end, None)

    def within(self, start: date | None, end: date | None) -> Timeline:
        """Only what lies from `start` up to `end`."""
        kept = self
        if start is not None:
            kept = kept.clear(None, start)
        if end is not None:
            kept = kept.clear(end, None)
        return kept


class Differing(NamedTuple):
    """Days, half-open, on which two timelines say different things; None is nothing."""

    start: date | None
    end: date | None
    before: Values | None
    after: Values | None


def differing(before: Timeline, after: Timeline) -> list[Differing]:
    """The stretches of days on which the two differ, in their order, each as long as both stay as they are."""
    edges = {day for spell in (*before, *after) for day in (spell.start, spell.end) if day is not None}
    days: list[date | None] = [None, *sorted(edges), None]
    found: list[Differing] = []
    for start, end in pairwise(days):
        day = start or (end - timedelta(days=1) if end else date.min)
        told = before.at(day), after.at(day)
        if told[0] == told[1]:
            continue
        if found and found[-1].end == start and (found[-1].before, found[-1].after) == told:
            start = found.pop().start
        found.append(Differing(start, end, *told))
    return found


def _check(start: date | None, end: date | None) -> None:
    if start is not None and end is not None and start >= end:
        raise ValueError(f"an empty or reversed period: {start} to {end}")


def _joined(spells: list[Spell]) -> list[Spell]:
    out: list[Spell] = []
    for s in spells:
        if out and out[-1].end is not None and out[-1].end == s.start and out[-1].values == s.values:
            out[-1] = Spell(out[-1].start, s.end, s.values)
        else:
            out.append(s)
    return out


def last_day(end: date | None) -> date | None:
    """The inclusive last day of a half-open end: what files, forms and answers speak (domain.md rule 2)."""
    return None if end is None else end - timedelta(days=1)


def first_day_out(last: date | None) -> date | None:
    """The half-open end of an inclusive last day."""
    return None if last is None else last + timedelta(days=1)
