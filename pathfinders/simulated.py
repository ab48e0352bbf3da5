"""What a simulation tells beyond the announced figures: totals, areas, shares, sizes, and what is as well to know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from pathfinders import reference
from pathfinders.models import Bid, Finding
from pathfinders.placing import LeftOut, Placing
from pathfinders.reads.announced_figures import Figures
from pathfinders.reads.coverage import Question, coverage_in
from pathfinders.reads.eligible import England

if TYPE_CHECKING:
    from pathfinders.simulation import Ground

BANDS: tuple[tuple[str, int], ...] = (
    ("Under 50,000 people", 0),
    ("50,000 to 99,999", 50_000),
    ("100,000 to 199,999", 100_000),
    ("200,000 to 299,999", 200_000),
    ("300,000 to 499,999", 300_000),
    ("500,000 and more", 500_000),
)
"""Sizes of pathfinders by their people: each band up to the next."""


class Size(NamedTuple):
    """A pathfinder that the wave makes: its practices and people on the day."""

    bid: Bid
    practices: int
    people: int


class Spread(NamedTuple):
    """The smallest, the median and the largest; 0 of nothing."""

    smallest: int
    median: int
    largest: int


class Share(NamedTuple):
    """People of the wave alone, and of all waves so far, in hundredths of a named denominator (domain.md rule 7)."""

    name: str
    value: int
    date: date
    source: str
    alone: float | None
    so_far: float | None


class Covered(NamedTuple):
    """A PCT with eligible practices in a pathfinder, of this wave or an earlier one."""

    code: str
    name: str
    practices: int
    eligible: int

    @property
    def wholly(self) -> bool:
        return self.practices == self.eligible


class Twice(NamedTuple):
    """A practice that several of the chosen bids name, in the order in which they take their practices."""

    practice: int
    code: str
    bids: list[Bid]


@dataclass
class Simulation:
    """What approval of `bids` makes. `founding`: those of them that become pathfinders, each with its practices in
    `placing`. `england`: as after the release; `figures`: as announcements compare them."""

    ground: Ground
    bids: list[Bid]
    founding: list[Bid]
    placing: Placing
    england: England
    figures: Figures

    @cached_property
    def of_wave(self) -> England:
        """The same England with the pathfinders of this wave alone."""
        number = self.ground.wave.number
        mine = {ref: [p for p in here if p.wave == number] for ref, here in self.england.places.items()}
        alone = England(self.england.day, self.england.rows, {ref: here for ref, here in mine.items() if here})
        alone.__dict__["cells"] = self.england.cells  # of the same rows
        return alone

    @cached_property
    def alone(self) -> dict[str, Any]:
        """Of the wave alone, as `coverage` by wave tells it after the release."""
        return self._coverage(self.of_wave, "national")[0]

    @cached_property
    def so_far(self) -> dict[str, Any]:
        """Of this wave and the earlier ones, as `coverage` of England tells it after the release."""
        return self._coverage(self.england, "national")[0]

    def areas(self, by: str, *, alone: bool) -> list[dict[str, Any]]:
        """A row for each SHA, or PCT, of the day."""
        return self._coverage(self.of_wave if alone else self.england, by)

    @cached_property
    def shares(self) -> list[Share]:
        """Of the registered patients, and of each denominator that `reference` names."""
        return [self._share(name) for name in ("registered", *reference.ENGLAND)]

    @cached_property
    def sizes(self) -> list[Size]:
        """Of the pathfinders that the wave makes, or lets stand again: the largest first."""
        found = [self._size(b) for b in self.bids if b in self.founding or self.ground.begins_again(b)]
        return sorted(found, key=lambda size: (-size.people, size.bid.name.casefold(), size.bid.ref))

    def spread(self, of: Callable[[Size], int]) -> Spread:
        """Of their practices, or their people."""
        all_of = sorted(map(of, self.sizes))
        return Spread(all_of[0], round(median(all_of)), all_of[-1]) if all_of else Spread(0, 0, 0)

    @cached_property
    def bands(self) -> list[tuple[str, int]]:
        """How many of them are in each band."""
        tops = [*(least for _, least in BANDS[1:]), float("inf")]
        return [
            (label, sum(least <= size.people < top for size in self.sizes))
            for (label, least), top in zip(BANDS, tops, strict=True)
        ]

    @cached_property
    def twice(self) -> list[Twice]:
        """Practices named by several of the chosen bids that become pathfinders: the first takes them (rule 3)."""
        named: dict[tuple[str, int], list[Bid]] = defaultdict(list)
        for bid in self.founding:
            for claim in self.ground.claims.get(bid.pk, ()):
                named[claim.code, claim.practice].append(bid)
        return [Twice(pk, code, bids) for (code, pk), bids in sorted(named.items(), key=_code) if len(bids) > 1]

    @cached_property
    def left_out(self) -> list[tuple[Bid, LeftOut]]:
        """Practices that do not join, with the bid that names them."""
        return [(bid, out) for bid in self.founding for out in self.placing.left_out[bid.pk]]

    @cached_property
    def pcts(self) -> list[Covered]:
        """PCTs that pathfinders cover, wholly or partly, with those of earlier waves: by their eligible practices."""
        eligible: dict[str, int] = defaultdict(int)
        inside: dict[str, int] = defaultdict(int)
        for cell in self.england.cells:
            if cell.pct:
                eligible[cell.pct] += cell.practices
                inside[cell.pct] += cell.practices if cell.consortium in self.england.places else 0
        names = dict(self.ground.keys("pct"))
        return [Covered(code, names.get(code, code), n, eligible[code]) for code, n in sorted(inside.items()) if n]

    @cached_property
    def findings(self) -> list[tuple[Bid, list[Finding]]]:
        """The chosen bids with a criterion that was not found met, and those findings."""
        found = self.ground.findings
        return [(bid, found[bid.pk]) for bid in self.bids if bid.pk in found]

    def _coverage(self, of: England, by: str, denominator: str = "registered") -> list[dict[str, Any]]:
        ground = self.ground
        return coverage_in(of, ground.user, ground.moment, Question(by, denominator), ground.keys(by))

    def _share(self, name: str) -> Share:
        alone, so_far = (self._coverage(of, "national", name)[0] for of in (self.of_wave, self.england))
        whole = so_far["denominator"]
        return Share(
            whole["name"], whole["value"], whole["date"], whole["source"], alone["percent"], so_far["percent"]
        )

    def _size(self, bid: Bid) -> Size:
        key = (self.ground.scope(bid), None)
        return Size(bid, self.figures.practices.get(key, 0), self.figures.people.get(key, 0))


def _code(named: tuple[tuple[str, int], list[Bid]]) -> str:
    return named[0][0]
