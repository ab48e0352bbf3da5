"""One line of the benchmark's table, and the table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass
class Figure:
    """What was measured (`value`, in `unit`), the same of its baseline in the same run, and what must be reached.

    `least`, `most`: bounds of `ratio`, which is value over baseline; `limit`: the greatest value. `ratio` of times
    (ms) says how much longer, of rates (/s) how much quicker it was than its baseline.
    """

    name: str
    value: float
    unit: str = "ms"
    baseline: str = ""
    baseline_value: float | None = None
    least: float | None = None
    most: float | None = None
    limit: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline_value if self.baseline_value else None

    @property
    def reached(self) -> bool | None:
        """None where nothing must be."""
        told: list[bool] = []
        if self.limit is not None:
            told.append(self.value <= self.limit)
        if self.ratio is not None and self.least is not None:
            told.append(self.ratio >= self.least)
        if self.ratio is not None and self.most is not None:
            told.append(self.ratio <= self.most)
        return all(told) if told else None

    @property
    def must(self) -> str:
        """ "at least 5 x", or nothing."""
        bounds = [
            f"{self.limit:,g} {self.unit} at most" if self.limit is not None else "",
            f"at least {self.least:g} x" if self.least is not None else "",
            f"at most {self.most:g} x" if self.most is not None else "",
        ]
        return ", ".join(b for b in bounds if b)

    def told(self) -> dict[str, Any]:
        ratio = None if self.ratio is None else round(self.ratio, 2)
        return asdict(self) | {"ratio": ratio, "must": self.must, "reached": self.reached}


def table(figures: Iterable[Figure]) -> None:
    """On the terminal; a figure without a baseline has blanks there."""
    figures = list(figures)
    print(f"\n{'figure':58} {'value':>9} {'unit':7} {'baseline':>9} {'ratio':>7}  must reach")
    for f in figures:
        beside = f"{f.baseline_value:9,.1f}" if f.baseline_value is not None else " " * 9
        ratio = f"{f.ratio:7.2f}" if f.ratio is not None else " " * 7
        must = "" if f.reached is None else f"{f.must}: {'reached' if f.reached else 'MISSED'}"
        print(f"{f.name:58} {f.value:9,.1f} {f.unit:7} {beside} {ratio}  {must}".rstrip())
        if f.baseline:
            print(f"{'':6}beside {f.baseline}")
    missed = [f.name for f in figures if f.reached is False]
    print(f"\n{len(missed)} MISSED: {'; '.join(missed)}" if missed else "\nAll reached.")
