"""A slow client, of either kind, holds no thread; one that hangs up frees its query. Real sockets, a real gunicorn."""

import hashlib
import json
import os
import socket
import time
from contextlib import ExitStack

import psycopg2
import pytest

from tests.integration.registry.worker.conftest import Site, body, get, last, whole
from tests.support.slow_site import MB, content

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc"), reason="this system has no /proc to count in")
MANY = 200
QUICK = 5.0
"""Seconds, on a machine that two test processes share; with a thread held for each of many it would be a minute."""


def seconds_of(site: Site, path: str = "/healthz") -> float:
    began = time.monotonic()
    assert b" 200 OK" in site.answer(last(path)).split(b"\r\n")[0]
    return time.monotonic() - began


def until(met, within: float = 8.0) -> bool:
    end = time.monotonic() + within
    while not met():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_many_who_take_their_answers_slowly_leave_the_site_quick(site: Site):
    expected = hashlib.sha256(content(8 * MB)).hexdigest()
    held = len(os.listdir(f"/proc/{site.worker()}/fd"))
    with ExitStack() as clients:
        paths = ["/file/"] * (MANY - 2) + ["/page/", "/stream/"]
        readers = [clients.enter_context(site.client(get(path), buffer=4096)) for path in paths]
        for reader in readers:
            assert reader.recv(12) == b"HTTP/1.1 200"  # each has its answer, and takes no more of it
        assert max(seconds_of(site) for _ in range(3)) < QUICK
        assert memory(site.worker()) < 400 * MB  # 200 answers of 8 MB each lie on disk, if anywhere
        for reader in (readers[0], readers[-2]):
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * MB)
            reader.sendall(last("/healthz"))  # so that the end of all answers is the end of the connection
            told = whole(reader)
            end = told.index(b"HTTP/1.1 200 OK")
            assert hashlib.sha256(body(told[:end])).hexdigest() == expected
    assert until(lambda: len(os.listdir(f"/proc/{site.worker()}/fd")) <= held + 2)


def memory(pid: int) -> int:
    with open(f"/proc/{pid}/statm") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_many_who_send_their_requests_slowly_leave_the_site_quick_and_are_let_go(site: Site):
    halves = [
        b"",
        b"G",
        get("/healthz")[:-2],
        b"POST /echo/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\nx",
    ]
    with ExitStack() as clients:
        senders = [clients.enter_context(site.client(halves[n % 4])) for n in range(MANY)]
        assert max(seconds_of(site) for _ in range(3)) < QUICK
        for silent in senders[:3]:
            assert silent.recv(1) == b""  # none sent its head in time


def test_one_who_closes_slowly_holds_nobody_up(site: Site):
    with ExitStack() as clients:
        for _ in range(20):
            client = clients.enter_context(site.client(last("/healthz")))
            assert client.recv(12) == b"HTTP/1.1 200"
        assert seconds_of(site) < QUICK


def sleeping(database: str) -> int:
    with psycopg2.connect(database) as told, told.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"
        )
        return cursor.fetchone()[0]


def test_a_client_that_hangs_up_frees_its_query(site: Site):
    database = os.environ["DATABASE_URL"]
    with site.client(get("/slow/?seconds=60&format=csv")):
        assert until(lambda: sleeping(database) == 1)
    assert until(lambda: sleeping(database) == 0)
    assert seconds_of(site, "/readyz") < QUICK


def test_a_client_that_waits_is_not_taken_for_one_who_hung_up(site: Site):
    with site.client(get("/slow/?seconds=1.5&format=csv")) as client:
        time.sleep(0.8)
        client.sendall(last("/healthz"))  # more to read is no end
        told = whole(client)
    assert told.count(b"HTTP/1.1 200 OK") == 2


def test_a_read_that_takes_too_long_is_stopped_with_a_problem(site: Site):
    answer = site.answer(last("/slow/?seconds=60"))
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"Content-Type: application/problem+json" in answer
    problem = json.loads(body(answer))
    assert problem["errors"][0]["code"] == "too_slow"
    assert "a filter such as sha=" in problem["detail"]


def test_an_answer_that_breaks_off_is_not_taken_for_whole(site: Site):
    answer = site.answer(get("/broken/"))
    assert b"0\r\n\r\n" not in answer  # the end of a chunked answer


def test_the_figures_tell_of_all_workers(site: Site):
    assert site.answer(last("/slow/?seconds=0")).startswith(b"HTTP/1.1 200 ")
    told = site.answer(last("/metrics")).decode()
    lines = dict(line.rsplit(" ", 1) for line in body(told.encode()).decode().splitlines() if not line.startswith("#"))
    assert float(lines['pathfinders_requests_total{kind="page",status="2xx"}']) >= 1
    assert lines["pathfinders_database_up"] == "1"
    assert float(lines['pathfinders_connections{state="working"}']) >= 0
