"""Records and pages: how many statements each sends, and how long it takes, for a reader and for staff."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median

from tests.bench import load, walking
from tests.bench.figures import Figure
from tests.bench.serving import Served
from tests.bench.walking import address

QUERIES = 12
STAFF = "assessor"


def pages(site: Served, rounds: int) -> Iterator[Figure]:
    print("Reading pages of the site ...", flush=True)
    staff = _signed_in(site.port, STAFF)
    for name, path, headers in _asked(site.port, staff):
        asked = {**headers, "X-Bench-Count": "1"}
        first = load.ask(site.port, path, asked)  # warms the worker
        if first.status != 200:
            raise ValueError(f"{path}: {first.status} {first.body[:300]!r}")
        told = [load.ask(site.port, path, asked) for _ in range(rounds)]
        queries = max(int(answer.headers["x-bench-queries"]) for answer in told)
        took = median(load.milliseconds(site.port, path, headers) for _ in range(rounds))
        yield Figure(f"{name}: queries", queries, "queries", limit=QUERIES)
        yield Figure(f"{name}: time", took)


def _asked(port: int, staff: dict[str, str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each page with a record in it that has much to show."""
    member = walking.told(port, address("practices", wave=1, page_size=1))["results"][0]
    found = {
        "home": "/",
        "practice": f"/practices/{member['code']}/",
        "consortium": f"/consortia/{member['consortium']['ref']}/",
        "pathfinder": f"/pathfinders/{member['pathfinders'][0]}/",
        "PCT": f"/pcts/{member['pct']['code']}/",
        "wave": "/waves/1/",
        "waves": "/waves/",
        "list of practices": "/practices/",
        "left out": "/unaffiliated/",
        "practice by API": address(f"practices/{member['code']}").rstrip("?"),
        "consortium by API": address(f"consortia/{member['consortium']['ref']}"),
    }
    for name, path in found.items():
        yield name, path, {}
    yield "queue (staff)", "/staff/", staff
    bid = load.ask(port, "/staff/", staff).body.decode()
    ref = re.search(r"/staff/bids/([A-Z0-9-]+)/", bid)
    if ref:
        yield "bid (staff)", f"/staff/bids/{ref[1]}/", staff
    yield "wave (staff)", "/staff/waves/6/", staff
    yield "announced (staff)", "/staff/announced/", staff


def _signed_in(port: int, key: str) -> dict[str, str]:
    """The cookies of one of the demonstration's people, got by its button."""
    page = load.ask(port, "/accounts/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body.decode())
    assert token, "the sign-in page has no form"
    cookies = _cookies(page)
    form = f"user={key}&csrfmiddlewaretoken={token[1]}"
    done = load.ask(port, "/accounts/demo-login/", {"Cookie": cookies, "Origin": "http://127.0.0.1:8000"}, form)
    if done.status != 302:
        raise ValueError(f"{key} was not signed in: {done.status} {done.body[:300]!r}")
    return {"Cookie": _cookies(done, cookies)}


def _cookies(answer: load.Answer, before: str = "") -> str:
    held = dict(pair.split("=", 1) for pair in before.split("; ") if pair)
    for line in answer.headers.get("set-cookie", "").split("\n"):
        if line:
            name, value = line.split(";", 1)[0].split("=", 1)
            held[name] = value
    return "; ".join(f"{name}={value}" for name, value in held.items())
