"""`./run bench`, one round of it, and the client that it asks with."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bench import load
from tests.bench.figures import Figure

ROOT = Path(__file__).resolve().parents[2]
FIRST = ("simulation", "simulation", "the", "release")


@pytest.mark.long
def test_it_measures_and_says_what_was_reached(tmp_path: Path) -> None:
    """Not whether it was reached: another process may hold the machine."""
    told = tmp_path / "figures.json"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST")}
    parts = ["--rounds", "1", "--seconds", "0.1", "--only", "waves", "reads", "pages"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", *parts, "--json", str(told)],
        cwd=ROOT, env=clean, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    figures = json.loads(told.read_text())
    assert done.returncode == (0 if all(f["reached"] is not False for f in figures) else 1), done.stderr
    assert tuple(f["name"].split()[0] for f in figures[:4]) == FIRST
    compared = [f for f in figures if f["baseline"]]
    assert len(compared) > 12
    for figure in compared:
        assert figure["baseline_value"] > 0 and figure["ratio"] > 0 and figure["name"] in done.stdout


def test_a_figure_says_whether_it_was_reached() -> None:
    assert Figure("pages", 500, "/s", "plain", 100, least=5).reached is True
    assert Figure("pages", 499, "/s", "plain", 100, least=5).reached is False
    assert Figure("import", 301, "ms", "bare", 100, most=3).reached is False
    assert Figure("memory", 31, "MB", limit=30).reached is False
    assert Figure("cold", 31).reached is None
    assert Figure("memory", 31, "MB", limit=30).told()["must"] == "30 MB at most"


class TestTheClient:
    """Against a server that answers from a script, a piece at a time."""

    @contextmanager
    def _server(self, *pieces: bytes) -> Iterator[int]:
        with socket.create_server(("127.0.0.1", 0)) as listening:

            def answer() -> None:
                wire, _ = listening.accept()
                with wire:
                    while wire.recv(1 << 16):
                        for piece in pieces:
                            wire.sendall(piece)

            thread = threading.Thread(target=answer, daemon=True)
            thread.start()
            yield listening.getsockname()[1]
            thread.join(5)

    def test_it_counts_whole_answers(self) -> None:
        pieces = (b"HTTP/1.1 200 OK\r\nContent-Le", b"ngth: 6\r\n\r\nabc", b"def")
        with self._server(*pieces) as port:
            assert load.rate(port, [load.request("/")], 0.05, connections=1) > 0

    def test_it_understands_parts_and_answers_without_a_body(self) -> None:
        parts = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r", b"\n\r\n")
        with self._server(*parts) as port:
            assert load.rate(port, [load.request("/")], 0.05, connections=1) > 0
        with self._server(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n") as port:
            assert load.rate(port, [load.request("/")], 0.05, status=304, connections=1) > 0

    def test_an_answer_of_another_status_is_no_figure(self) -> None:
        with (
            self._server(b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n") as port,
            pytest.raises(ValueError, match="500 Oh"),
        ):
            load.rate(port, [load.request("/")], 0.05, connections=1)
