"""Ten times the practices, and a hundred times the history: what reads lose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from tests.bench import load, register, walking
from tests.bench.figures import Figure
from tests.bench.reading import Target, in_turns, memory
from tests.bench.serving import Served, served
from tests.bench.walking import PAST, address
from tests.support import databases

SITE = "tests.bench.site_settings"
REVISED = (1, 10, 100)


def scale(england: str, site: Served, state: Path, rounds: int) -> Iterator[Figure]:
    """Pages of 82,000 practices beside those of the demonstration England."""
    print("Ten Englands ...", flush=True)
    with register.copy_of(england) as name:
        with databases.pointed_at(name):
            practices = register.tenfold()
        with served(SITE, name, state / "tenfold") as tenfold:
            targets: dict[str, Target] = {}
            for which, dates in (("today", {}), ("past", PAST)):
                for times, server in ((1, site), (10, tenfold)):
                    targets[f"first {which} {times}"] = Target(server.port, [address("practices", **dates)])
                    deep = walking.page_80(server.port, **dates)
                    targets[f"80th {which} {times}"] = Target(server.port, [deep])
            found = in_turns(targets, rounds)
            for which in ("first today", "80th today", "first past", "80th past"):
                name = f"{which.replace(' ', ' page of 100, ')}, of {practices:,} practices"
                yield Figure(name, found[f"{which} 10"], "/s", "the same at 1 x", found[f"{which} 1"], least=0.8)
            days = walking.fresh_days()
            cold = [load.milliseconds(tenfold.port, address("practices", as_of=next(days))) for _ in range(rounds)]
            yield Figure(f"first page of a day never asked about, of {practices:,}", median(cold))
            for figure in memory(tenfold, times=2):
                figure.name += f", of {practices:,}"
                yield figure


def history(england: str, state: Path, rounds: int) -> Iterator[Figure]:
    """Each membership of the demonstration England revised 1, 10 and 100 times."""
    with ExitStack() as open_:
        sites: dict[int, Served] = {}
        rows: dict[int, int] = {}
        for times in REVISED:
            print(f"Revising each membership, {times} x ...", flush=True)
            name = open_.enter_context(register.copy_of(england))
            with databases.pointed_at(name):
                rows[times] = register.revise(times)
            sites[times] = open_.enter_context(served(SITE, name, state / f"revised-{times}"))
        yield from _current(sites, rows, rounds)
        yield from _past(sites, rounds)


def _current(sites: dict[int, Served], rows: dict[int, int], rounds: int) -> Iterator[Figure]:
    member = walking.told(sites[1].port, address("memberships", page_size=1))["results"][0]
    asked = {
        "page of memberships": address("memberships"),
        "one practice": address(f"practices/{member['practice']['code']}"),
        "coverage?by=sha": address("coverage", by="sha"),
    }
    for what, path in asked.items():
        found = in_turns({str(times): Target(site.port, [path]) for times, site in sites.items()}, rounds)
        for times in REVISED[1:]:
            name = f"{what}, now, {times} x revised ({rows[times]:,} rows)"
            least = 0.7 if times == REVISED[-1] else None
            yield Figure(name, found[str(times)], "/s", "the same revised once", found["1"], least=least)


def _past(sites: dict[int, Served], rounds: int) -> Iterator[Figure]:
    """Of days never asked about, so that nothing kept answers: now, and as known when half of it had been revised."""
    known = {times: _half_way(site.port, times) for times, site in sites.items()}
    for when in ("now", "half-way"):
        took: dict[int, list[float]] = {times: [] for times in REVISED}
        days = walking.fresh_days()
        for _ in range(rounds):
            day = next(days)
            for times, site in sites.items():
                dates = {"as_of": day} | ({"known_at": known[times]} if when == "half-way" else {})
                took[times].append(load.milliseconds(site.port, address("coverage", by="sha", **dates)))
                path = address("memberships", page_size=101, **dates)
                took[times][-1] += load.milliseconds(site.port, path)
        for times in REVISED[1:]:
            name = f"coverage and memberships of a new day, known {when}, {times} x"
            yield Figure(name, median(took[times]), "ms", "the same revised once", median(took[1]))


def _half_way(port: int, times: int) -> str:
    """When half of the revisions had been written: they came an hour apart."""
    newest = datetime.fromisoformat(walking.told(port, address("coverage", by="national"))["known_at"])
    return (newest - timedelta(hours=times / 2)).isoformat()
