"""`./run bench [--json FILE] [--rounds N]`: what costs time, measured beside its baseline in the same run.

Everything runs on a database of its own, made for the run and dropped at its end. Each figure is the median of its
rounds; figure and baseline take turns. A ratio is what counts: milliseconds are those of this machine, this minute.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

if TYPE_CHECKING:
    from tests.programme import People


@dataclass
class Figure:
    """One line of the table: milliseconds, those of the baseline, and what must be reached (`most` milliseconds)."""

    name: str
    ms: float
    baseline: str
    baseline_ms: float
    most: float | None = None

    @property
    def ratio(self) -> float:
        return self.ms / self.baseline_ms

    @property
    def reached(self) -> bool | None:
        return None if self.most is None else self.ms <= self.most


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", metavar="FILE", help="write the figures there, too")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each figure (default: 5)")
    options = parser.parse_args(words)
    import django

    django.setup()
    with migrated():
        figures = [*simulations(options.rounds), *releases(options.rounds)]
    table(figures)
    if options.json:
        told = [asdict(f) | {"ratio": round(f.ratio, 2), "reached": f.reached} for f in figures]
        with open(options.json, "w") as file:
            json.dump(told, file, indent=1)
    return 0 if all(f.reached is not False for f in figures) else 1


@contextmanager
def migrated() -> Iterator[None]:
    """An empty, migrated database under a name of its own."""
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    print("Making a database ...", flush=True)
    made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
    try:
        yield
    finally:
        teardown_databases(made, verbosity=0)


def simulations(rounds: int) -> Iterator[Figure]:
    """220 bids that name 7,000 practices, in an England of 8,200."""
    from django.db import connection

    from pathfinders.models import Bid
    from tests.bench.waves import simulation
    from tests.support import databases
    from tests.support.simulated_wave import BIDS, simulated_wave

    print("Simulating a wave ...", flush=True)
    with databases.clone():
        wave = simulated_wave(people())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        bids = list(Bid.objects.filter(wave=wave))
        took = [simulation(wave, bids, rounds=1) for _ in range(rounds)]
    bare = median(t.bare for t in took)
    sql = "one SQL statement of the national figures"
    yield Figure(f"simulation of {BIDS} bids, England known", median(t.warm for t in took), sql, bare, most=200)
    yield Figure(f"simulation of {BIDS} bids, England read anew", median(t.cold for t in took), sql, bare)
    yield Figure("the same bids, ticked otherwise", median(t.choice for t in took), sql, bare)


def releases(rounds: int) -> Iterator[Figure]:
    """A wave of the second one's size, released in a fresh copy of the database each round."""
    from tests import programme as told
    from tests.bench.release import release
    from tests.support import databases
    from tests.support.decided_wave import BIDS, PRACTICES, decided_wave

    took = []
    for number in range(rounds):
        print(f"Releasing a wave ({number + 1} of {rounds}) ...", flush=True)
        with databases.clone():
            who = people()
            took.append(release(by=who.admin, wave=told.ready(who, decided_wave(who))))
    yield Figure(
        f"release of {BIDS} pathfinders, {PRACTICES:,} practices",
        median(t.release for t in took),
        "INSERT ... SELECT of the same rows into copies of the tables",
        median(t.bare for t in took),
        most=2000,
    )


def people() -> People:
    from tests import programme as told

    return told.people()


def table(figures: list[Figure]) -> None:
    print(f"\n{'figure':48} {'ms':>8} {'baseline':>9} {'ratio':>7}  must reach")
    for f in figures:
        must = "" if f.most is None else f"{f.most:,.0f} ms at most: {'reached' if f.reached else 'MISSED'}"
        print(f"{f.name:48} {f.ms:8.1f} {f.baseline_ms:9.1f} {f.ratio:7.1f}  {must}".rstrip())
    for name in dict.fromkeys(f.baseline for f in figures):
        print(f"baseline: {name}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
