"""The project's own facts of the transition: clusters, and the dates of the programme (domain.md section 3.1).

`data/clusters.csv`: the trusts of each cluster as the NHS's lists of 2013 place them (fewer clusters than the 52 that
were confirmed in 2011: some had joined by then); `data/milestones.csv`: a row a version, in the order in which they were
made known. `mark`: V verified in a named source, S in a seed article, R recalled; the last is said with the source.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).resolve().parent / "data"
RECALLED = " (the day is not verified)"
SOURCES = {
    "pct": "Clusters as the NHS’s lists of 2013 name them; 52 were confirmed on 28 April 2011 (HSJ 5028980, 5024886), some joined later",
    "sha": "Ten authorities run as four clusters from October 2011 (Health Policy Insight)",
}


class Placed(NamedTuple):
    """A body's place in a cluster from a day on."""

    cluster: str
    kind: str
    body: str
    start: date


class Version(NamedTuple):
    """A version of a milestone: what `set_milestone` takes, of `key`, made known on `known_from`."""

    known_from: date
    key: str
    name: str
    day: date
    words: str
    settled: bool
    source: str
    why: str


@cache
def places() -> tuple[Placed, ...]:
    """Every place, those of a cluster together."""
    return tuple(
        Placed(row["cluster"], row["kind"], row["body"], date.fromisoformat(row["from"]))
        for row in _rows("clusters.csv")
    )


@cache
def versions() -> tuple[Version, ...]:
    """Every version, in the order in which they were made known."""
    told = (
        Version(
            date.fromisoformat(row["known_from"]),
            row["key"],
            row["name"],
            date.fromisoformat(row["day"]),
            row["words"],
            row["settled"] == "yes",
            row["source"] + (RECALLED if row["mark"] == "R" else ""),
            row["why"],
        )
        for row in _rows("milestones.csv")
    )
    return tuple(sorted(told, key=lambda version: version.known_from))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
