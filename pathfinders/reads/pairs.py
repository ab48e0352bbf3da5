"""Pairs of a source and a target with the practices and people that they share: the table of a crosswalk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import NamedTuple

from pathfinders.apportion import allot

PLACES = 8
"""Decimal places of a share."""
WHOLE = 10**PLACES
ABSENT = ("", "in_none", "closed", "opened", "not_counted")
"""Why one end of a pair is missing; empty where it is there. in_none: the practices counted on that day and were in
none; closed: had closed by then, with no successor known; opened: had not opened yet; not_counted: were there, and were
no active GP practices."""


class End(NamedTuple):
    """One end of a practice's way: a body by its code or reference, or None and why (`ABSENT`)."""

    code: str | None
    absent: str = ""


class Unit(NamedTuple):
    """One practice and where it was on both days. `people` is None where no list size is known."""

    practice: str
    source: End
    target: End
    people: int | None


class Pair(NamedTuple):
    """What goes from one source to one target."""

    source: End
    target: End
    practices: int
    people: int
    practices_without_list: int


class Shares(NamedTuple):
    """A pair's parts of its source or of its target: each sums to exactly 1 over it. None where that end is missing, or
    where nobody is on any list of it."""

    practices: Decimal | None
    people: Decimal | None


def paired(units: Iterable[Unit]) -> list[Pair]:
    """A pair for each source and target, in order of the codes, what is missing last. Each practice is in one pair."""
    found: dict[tuple[End, End], list[int | None]] = defaultdict(list)
    for unit in units:
        found[unit.source, unit.target].append(unit.people)
    pairs = [Pair(*ends, len(lists), sum(p or 0 for p in lists), lists.count(None)) for ends, lists in found.items()]
    return sorted(pairs, key=lambda pair: (place(pair.source), place(pair.target)))


def place(end: End) -> tuple[bool, str, str]:
    """Where an end comes in order: by code, a missing one after all others."""
    return end.code is None, end.code or "", end.absent


def turned(pairs: Iterable[Pair]) -> list[Pair]:
    """The same table asked the other way about."""
    swapped = [pair._replace(source=pair.target, target=pair.source) for pair in pairs]
    return sorted(swapped, key=lambda pair: (place(pair.source), place(pair.target)))


def shares(pairs: list[Pair], end: str) -> list[Shares]:
    """Of each pair its shares of its `end`, "source" or "target", in the order of the pairs."""
    both = (_parts(pairs, end, weight) for weight in (_practices, _people))
    return [Shares(practices, people) for practices, people in zip(*both, strict=True)]


def _practices(pair: Pair) -> int:
    return pair.practices


def _people(pair: Pair) -> int:
    return pair.people


WEIGHTS: dict[str, Callable[[Pair], int]] = {"people": _people, "practices": _practices}


def _parts(pairs: list[Pair], end: str, weight: Callable[[Pair], int]) -> list[Decimal | None]:
    alike: dict[str, list[int]] = defaultdict(list)
    for n, pair in enumerate(pairs):
        code = getattr(pair, end).code
        if code is not None:
            alike[code].append(n)
    found: list[Decimal | None] = [None] * len(pairs)
    for numbers in alike.values():
        weights = [weight(pairs[n]) for n in numbers]
        if any(weights):
            for n, part in zip(numbers, allot(WHOLE, weights), strict=True):
                found[n] = Decimal(part).scaleb(-PLACES).normalize()
    return found


def carried(pairs: Iterable[Pair], figures: dict[str | None, int], weight: str = "people") -> dict[str | None, int]:
    """Whole figures of the sources, parted over their targets by the weight and summed by target.

    None is a missing source or target. What belongs to a source without pairs, or with nobody to weigh by, goes to no
    target. The figures of the answer sum to those given, always: nothing is spread that has nowhere to go.
    """
    of = WEIGHTS[weight]
    ways: dict[str | None, list[Pair]] = defaultdict(list)
    for pair in pairs:
        ways[pair.source.code].append(pair)
    found: dict[str | None, int] = defaultdict(int)
    for code, figure in figures.items():
        weights = [of(pair) for pair in ways[code]]
        if not any(weights):
            found[None] += figure
            continue
        for pair, part in zip(ways[code], allot(figure, weights), strict=True):
            found[pair.target.code] += part
    return dict(found)
