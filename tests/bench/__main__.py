"""`./run bench [--json FILE] [--rounds N] [--only PART ...]`: what costs time, beside its baseline in the same run.

Everything runs on databases of its own, made for the run and dropped at its end. Each figure is the median of its
rounds; figure and baseline take turns. A ratio is what counts: milliseconds are those of this machine, this minute.

The API is asked over HTTP on loopback: the site and its baselines (tests/bench/plain) each behind a gunicorn of the
site's own kind with two workers, asked over four kept connections by a client that shares the machine's processors.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.bench.figures import Figure, table

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

PARTS = ("waves", "import", "reads", "pages", "scale", "history")
PLAIN = "tests.bench.plain.settings"

if TYPE_CHECKING:
    from tests.programme import People


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", metavar="FILE", help="write the figures there, too")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each figure (default: 5)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts of it (default: all)")
    parser.add_argument("--england", default="", metavar="DATABASE", help="a demonstration that is built already")
    parser.add_argument("--seconds", type=float, default=1.0, help="of one round of a page (default: 1)")
    parser.add_argument("--verbose", action="store_true", help="tell each round of what is asked over HTTP")
    options = parser.parse_args(words)
    import django

    django.setup()
    began = time.perf_counter()
    with nullcontext() if options.england and not {"waves", "import"} & set(options.only) else migrated():
        figures = list(measured(options))
    table(figures)
    print(f"{time.perf_counter() - began:.0f} s, {options.rounds} rounds, {os.cpu_count()} processors.")
    if options.json:
        with open(options.json, "w") as file:
            json.dump([f.told() for f in figures], file, indent=1)
    return 0 if all(f.reached is not False for f in figures) else 1


def measured(options: argparse.Namespace) -> Iterator[Figure]:
    from tests.bench.importing import imports

    if "waves" in options.only:
        yield from simulations(options.rounds)
        yield from releases(options.rounds)
    if "import" in options.only:
        yield from imports(options.rounds)
    if set(options.only) & {"reads", "pages", "scale", "history"}:
        yield from api(options)


def api(options: argparse.Namespace) -> Iterator[Figure]:
    """All that is asked of the served site."""
    from tests.bench import growing, pages, reading, register
    from tests.bench.serving import served

    reading.SECONDS, reading.VERBOSE = options.seconds, options.verbose
    with (
        register.england(options.england) as england,
        TemporaryDirectory() as folder,
        register.copy_of(england) as name,
    ):
        state = Path(folder)
        with served(growing.SITE, name, state / "site") as site, served(PLAIN, name, state / "plain") as bare:
            if "reads" in options.only:
                from tests.support import databases

                with databases.pointed_at(name):
                    reading.fill_plain_tables(site)
                yield from reading.reads(site, bare, options.rounds)
                yield from reading.memory(site)
            if "pages" in options.only:
                yield from pages.pages(site, options.rounds)
            if "scale" in options.only:
                yield from growing.scale(england, site, state, options.rounds)
        if "history" in options.only:
            yield from growing.history(england, state, options.rounds)


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
    yield Figure(f"simulation of {BIDS} bids, England known", median(t.warm for t in took), "ms", sql, bare, limit=200)
    yield Figure(f"simulation of {BIDS} bids, England read anew", median(t.cold for t in took), "ms", sql, bare)
    yield Figure("the same bids, ticked otherwise", median(t.choice for t in took), "ms", sql, bare)


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
        "ms",
        "INSERT ... SELECT of the same rows into copies of the tables",
        median(t.bare for t in took),
        limit=2000,
    )


def people() -> People:
    from tests import programme as told

    return told.people()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
