"""What the site counts of itself, for `/metrics`: requests, their time, and what its workers are doing.

The figures lie in one piece of memory that the server makes before it starts its workers, so that whichever of them
is asked tells of all. Each worker writes in a place of its own, so that no two write the same figure; a new worker
goes on counting where the one it stands in for ended, so no counter ever falls. Every label is known beforehand: no
reader can make the page grow.
"""

from __future__ import annotations

import mmap
import struct
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from threading import Lock

from django.http import HttpRequest, HttpResponse

KINDS = ("page", "casework", "account", "api", "data", "static")
CLASSES = ("2xx", "304", "3xx", "4xx", "429", "5xx")
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

_PLACES = 64
_TIMES = len(KINDS) * len(CLASSES)
_TIME = len(BUCKETS) + 2  # each bucket, those above, and the sum of seconds
HUNG_UP = _TIMES + len(KINDS) * _TIME
TOO_SLOW = HUNG_UP + 1
_SEEN, _WORKING, _SENDING, _OPEN = TOO_SLOW + 1, TOO_SLOW + 2, TOO_SLOW + 3, TOO_SLOW + 4
_CELLS = _OPEN + 1
FRESH_SECONDS = 5.0
"""A worker that has not said for so long what it is doing is not there any more."""

_CELL = struct.Struct("d")
_memory = mmap.mmap(-1, _PLACES * _CELLS * _CELL.size)
_lock = Lock()
_place = 0


def take_place(number: int) -> None:
    """Called once by each worker with a number that no other living one has."""
    global _place
    _place = number % _PLACES


def count(cell: int, by: float = 1.0) -> None:
    with _lock:
        at = (_place * _CELLS + cell) * _CELL.size
        _CELL.pack_into(_memory, at, _CELL.unpack_from(_memory, at)[0] + by)


def connections(working: int, sending: int, all_open: int) -> None:
    """What this worker is doing now."""
    for cell, value in ((_SEEN, time.monotonic()), (_WORKING, working), (_SENDING, sending), (_OPEN, all_open)):
        _CELL.pack_into(_memory, (_place * _CELLS + cell) * _CELL.size, float(value))


class Measured:
    """Middleware, the first of all: each request by its kind and class, and the seconds until its answer was made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        took = time.perf_counter() - began
        kind = KINDS.index(kind_of(request.path))
        count(kind * len(CLASSES) + CLASSES.index(class_of(response.status_code)))
        times = _TIMES + kind * _TIME
        count(times + bisect_left(BUCKETS, took))
        count(times + _TIME - 1, took)
        return response


_KIND_OF = {
    "api": "api",
    "static": "static",
    "data": "data",
    "staff": "casework",
    "lead": "casework",
    "practice": "casework",
    "accounts": "account",
}


def kind_of(path: str) -> str:
    return _KIND_OF.get(path[1:].partition("/")[0], "page")


def class_of(status: int) -> str:
    return str(status) if status in (304, 429) else f"{max(status // 100, 2)}xx"


def lines() -> Iterator[str]:
    """The figures of all workers, in Prometheus' text format."""
    told = _added()
    yield from head("pathfinders_requests_total", "counter", "Requests answered.")
    for k, kind in enumerate(KINDS):
        for c, word in enumerate(CLASSES):
            value = told[k * len(CLASSES) + c]
            yield f'pathfinders_requests_total{{kind="{kind}",status="{word}"}} {value:.0f}'
    yield from head("pathfinders_request_seconds", "histogram", "Seconds until an answer was made.")
    for k, kind in enumerate(KINDS):
        yield from _histogram(kind, told[_TIMES + k * _TIME : _TIMES + (k + 1) * _TIME])
    yield from head("pathfinders_hung_up_total", "counter", "Long reads whose client hung up before the answer.")
    yield f"pathfinders_hung_up_total {told[HUNG_UP]:.0f}"
    yield from head("pathfinders_stopped_reads_total", "counter", "Reads stopped because they took too long.")
    yield f"pathfinders_stopped_reads_total {told[TOO_SLOW]:.0f}"
    yield from head("pathfinders_connections", "gauge", "Connections of the living workers, by what they wait for.")
    idle = told[_OPEN] - told[_WORKING] - told[_SENDING]
    for state, value in (("working", told[_WORKING]), ("sending", told[_SENDING]), ("waiting", idle)):
        yield f'pathfinders_connections{{state="{state}"}} {value:.0f}'


def head(name: str, kind: str, said: str) -> Iterator[str]:
    yield f"# HELP {name} {said}"
    yield f"# TYPE {name} {kind}"


def _histogram(kind: str, cells: list[float]) -> Iterator[str]:
    so_far = 0.0
    for bound, value in zip([*(f"{b:g}" for b in BUCKETS), "+Inf"], cells, strict=False):
        so_far += value
        yield f'pathfinders_request_seconds_bucket{{kind="{kind}",le="{bound}"}} {so_far:.0f}'
    yield f'pathfinders_request_seconds_sum{{kind="{kind}"}} {cells[-1]:.6f}'
    yield f'pathfinders_request_seconds_count{{kind="{kind}"}} {so_far:.0f}'


def _added() -> list[float]:
    cells = struct.unpack(f"{_PLACES * _CELLS}d", _memory[:])
    places = [cells[p * _CELLS : (p + 1) * _CELLS] for p in range(_PLACES)]
    since = time.monotonic() - FRESH_SECONDS
    living = [p for p in places if p[_SEEN] > since]
    return [sum(p[i] for p in (living if i > _SEEN else places)) for i in range(_CELLS)]
