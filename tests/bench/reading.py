"""The API beside its baselines: pages, whole lists, coverage, unchanged answers, a worker's memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from tests.bench import load, walking
from tests.bench.figures import Figure
from tests.bench.plain import tables
from tests.bench.serving import Served, wait_until_written
from tests.bench.walking import PAST, address

SECONDS, WHOLE = 1.0, 2.5
"""Of one round of a page; how many times that for a whole list."""
DRF = "(a) a plain DRF ModelSerializer viewset, joined and prefetched, on tables without history"
FLOOR = "(b) one SQL statement that makes the JSON, behind a bare view, on tables without history"
COPY = "COPY of the same rows behind a bare view, on tables without history"
EMPTY = "an empty Django view without middleware"
BARE_COVERAGE = "its bare SQL over the register's facts behind a bare view"
MEMORY = 30
VERBOSE = False


@dataclass
class Target:
    """One thing to ask as fast as it is answered."""

    port: int
    paths: list[str]
    times: float = 1.0
    headers: dict[str, str] | None = None
    status: int = 200

    def rate(self) -> float:
        asked = [load.request(path, self.headers) for path in self.paths]
        return load.rate(self.port, asked, self.times * SECONDS, self.status)


def in_turns(targets: dict[str, Target], rounds: int) -> dict[str, float]:
    """The median of each target's rounds; they take turns. They are warmed beforehand: asked for some times, and what
    the site then writes down for the next reader is waited for."""
    for _ in range(2):
        for target in targets.values():
            for path in target.paths * (1 if target.times > 1 else 4):  # each of its processes misses it twice
                load.ask(target.port, path, target.headers)
        wait_until_written()
    took: dict[str, list[float]] = {name: [] for name in targets}
    for _ in range(rounds):
        for name, target in targets.items():
            took[name].append(target.rate())
            if VERBOSE:
                print(f"    {name}: {took[name][-1]:,.1f} /s", flush=True)
    return {name: median(rates) for name, rates in took.items()}


def reads(site: Served, bare: Served, rounds: int) -> Iterator[Figure]:
    """Raises AssertionError where site and baselines do not serve the same rows."""
    print("Reading pages ...", flush=True)
    yield from _pages(site.port, bare.port, rounds)
    print("Reading whole lists ...", flush=True)
    yield from _whole(site.port, bare.port, rounds)
    yield from _coverage(site.port, bare.port, rounds)
    yield from _unchanged(site.port, bare.port, rounds)
    yield from _first_asked(site.port, rounds)


def fill_plain_tables(site: Served) -> None:
    found = load.ask(site.port, address("practices", format="ndjson"))
    if found.status != 200:
        raise ValueError(f"the whole list of practices: {found.status} {found.body[:300]!r}")
    tables.fill(found.body)


def _pages(site: int, bare: int, rounds: int) -> Iterator[Figure]:
    first, deep = address("practices"), walking.page_80(site)
    before = walking.told(site, deep)["results"][0]["code"]
    after = walking.told(bare, "/plain/practices/?page=80")["results"][0]["code"]
    assert before == after, (before, after)
    last = walking.told(bare, "/plain/practices/?page=79")["results"][-1]["code"]
    same_pages = [
        (first, "/plain/practices/", "/floor/practices/"),
        (deep, "/plain/practices/?page=80", f"/floor/practices/?after={last}"),
    ]
    for mine, *others in same_pages:
        for other in others:
            tables.same(walking.told(site, mine), walking.told(bare, other))
    past, past_deep = address("practices", **PAST), walking.page_80(site, **PAST)
    found = in_turns(
        {
            "first": Target(site, [first]),
            "80th": Target(site, [deep]),
            "first (a)": Target(bare, [same_pages[0][1]]),
            "80th (a)": Target(bare, [same_pages[1][1]]),
            "first (b)": Target(bare, [same_pages[0][2]]),
            "80th (b)": Target(bare, [same_pages[1][2]]),
            "first past": Target(site, [past]),
            "80th past": Target(site, [past_deep]),
        },
        rounds,
    )
    for which in ("first", "80th"):
        name = f"{which} page of 100 practices, today"
        yield Figure(name, found[which], "/s", DRF, found[f"{which} (a)"], least=5)
        yield Figure(name, found[which], "/s", FLOOR, found[f"{which} (b)"], least=0.6)
    for which in ("first", "80th"):
        name = f"{which} page at a past as_of and known_at"
        yield Figure(name, found[f"{which} past"], "/s", "the same of today", found[which], least=0.7)


def _whole(site: int, bare: int, rounds: int) -> Iterator[Figure]:
    ndjson, csv = address("practices", format="ndjson"), address("practices", format="csv")
    _same_lists(site, bare, ndjson, csv)
    found = in_turns(
        {
            "ndjson": Target(site, [ndjson], WHOLE),
            "csv": Target(site, [csv], WHOLE),
            "(a)": Target(bare, ["/plain/all/"], WHOLE),
            "(b)": Target(bare, ["/floor/all/"], WHOLE),
            "copy": Target(bare, ["/floor/copy/"], WHOLE),
        },
        rounds,
    )
    name = "whole register as JSON lines, to the last byte"
    yield Figure(name, found["ndjson"], "/s", DRF, found["(a)"], least=15)
    yield Figure(name, found["ndjson"], "/s", FLOOR, found["(b)"])
    yield Figure("whole register as CSV, to the last byte", found["csv"], "/s", COPY, found["copy"], least=0.7)


def _same_lists(site: int, bare: int, ndjson: str, csv: str) -> None:
    lines = [json.loads(line) for line in load.ask(site, ndjson).body.splitlines()]
    floor = [json.loads(line) for line in load.ask(bare, "/floor/all/").body.splitlines()]
    for others in (json.loads(load.ask(bare, "/plain/all/").body), floor):
        tables.same({"results": lines}, {"results": others})
    ours, copied = load.ask(site, csv).body, load.ask(bare, "/floor/copy/").body
    mine, theirs = ours.split(b"\r\n", 1)[0].split(b","), copied.split(b"\n", 1)[0].split(b",")
    assert mine[: len(theirs)] == theirs, (mine, theirs)
    assert 0.9 < len(ours) / len(copied) < 1.2, (len(ours), len(copied))


def _coverage(site: int, bare: int, rounds: int) -> Iterator[Figure]:
    dates = {"today": {}, "a past as_of and known_at": PAST}
    targets: dict[str, Target] = {}
    for which, asked in dates.items():
        targets[which] = Target(site, [address("coverage", by="sha", **asked)])
        targets[f"{which} bare"] = Target(bare, [f"/floor/coverage/?{urlencode(asked)}"])
        _same_coverage(site, bare, asked)
    found = in_turns(targets, rounds)
    for which in dates:
        name = f"coverage?by=sha, {which}"
        yield Figure(name, found[which], "/s", BARE_COVERAGE, found[f"{which} bare"], least=0.7)


def _same_coverage(site: int, bare: int, asked: dict[str, str]) -> None:
    ours = {row["key"]: row for row in walking.told(site, address("coverage", by="sha", **asked))["results"]}
    theirs = json.loads(load.ask(bare, f"/floor/coverage/?{urlencode(asked)}").body)
    members = {row["key"]: row for row in theirs if row["part"] == "members" and row["key"]}
    assert len(members) == 10, sorted(members)
    for key, row in members.items():
        for name in ("practices", "practices_confirmed", "people", "pathfinders", "consortia"):
            assert ours[key][name] == row[name], (key, name, ours[key][name], row[name])


def _unchanged(site: int, bare: int, rounds: int) -> Iterator[Figure]:
    path = address("practices")
    tag = load.ask(site, path).headers["etag"]
    asked_again = {"If-None-Match": tag}
    found = in_turns(
        {
            "unchanged": Target(site, [path], headers=asked_again, status=304),
            "empty": Target(bare, ["/empty"]),
        },
        rounds,
    )
    name = "unchanged page asked again with its ETag (304)"
    yield Figure(name, found["unchanged"], "/s", EMPTY, found["empty"], least=0.5)


def _first_asked(site: int, rounds: int) -> Iterator[Figure]:
    """The first answers of a moment that nobody asked about before; nothing must be reached, but all must know it."""
    days = walking.fresh_days()
    page, csv, coverage = [], [], []
    for _ in range(rounds):
        page.append(load.milliseconds(site, address("practices", as_of=next(days))))
        csv.append(load.milliseconds(site, address("practices", as_of=next(days), format="csv")))
        coverage.append(load.milliseconds(site, address("coverage", by="sha", as_of=next(days))))
    yield Figure("first page of a day never asked about", median(page))
    yield Figure("whole register as CSV of a day never asked about", median(csv))
    yield Figure("coverage?by=sha of a day never asked about", median(coverage))


def memory(site: Served, times: int = 10) -> Iterator[Figure]:
    """The most that a worker held while everything was streamed ten times over, above what it held before.

    Nothing where the machine has no /proc.
    """
    workers = site.workers()
    if not workers:
        print("The memory of a worker is not measured: this machine has no /proc.")
        return
    # each worker has answered every kind of question, and holds what it keeps for them
    load.rate(site.port, [load.request(address("practices"))], 1.0)
    before = {pid: _memory(pid, "VmRSS") for pid in workers}
    for pid in workers:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    forms = [address("practices", format=form) for form in ("csv", "ndjson")]
    for _ in range(times):
        load.rate(site.port, [load.request(path) for path in forms], 0.01, connections=load.CONNECTIONS)
    grown = max(_memory(pid, "VmHWM") - before[pid] for pid in workers)
    yield Figure(f"memory of a worker streaming all, {times} x 4 at once", grown, "MB", limit=MEMORY)


def _memory(pid: int, name: str) -> float:
    """Megabytes of a process, as /proc says them."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))
