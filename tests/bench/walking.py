"""What the site is asked, as a client of its API would: addresses found by following `next`, moments spread over days."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.bench import load

PAST = {"as_of": "2011-04-04", "known_at": "2011-06-01"}
PAGE = 100


def address(resource: str, **asked: Any) -> str:
    """ "/api/v1/practices/?as_of=2011-04-04"."""
    return f"/api/v1/{resource}/" + (f"?{urlencode(asked)}" if asked else "")


def told(port: int, path: str) -> dict[str, Any]:
    """The JSON at an address of the site. Raises ValueError for any answer but 200."""
    found = load.ask(port, path)
    if found.status != 200:
        raise ValueError(f"{path}: {found.status} {found.body[:300]!r}")
    return json.loads(found.body)


def page_80(port: int, **dates: str) -> str:
    """The address of the 80th page of 100 practices: from the end of the 7,900th row, reached by pages of 1,000."""
    page = told(port, address("practices", page_size=1000, **dates))
    for size in (*[1000] * 6, 900):
        page = told(port, _sized(page["next"], size))
    return _sized(page["next"], PAGE)


def _sized(link: str, size: int) -> str:
    split = urlsplit(link)
    kept = [part for part in split.query.split("&") if not part.startswith("page_size=")]
    return f"{split.path}?{'&'.join([*kept, f'page_size={size}'])}"


def fresh_days() -> Iterator[str]:
    """Days that nobody asked about before, one after the other; each of the programme's time or after it."""
    day = date(2011, 7, 15)
    while True:
        day += timedelta(days=1)
        yield day.isoformat()
