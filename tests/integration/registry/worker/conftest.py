"""One real gunicorn for all tests of this folder, and clients that are plain sockets."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from tests.support import databases

ROOT = Path(__file__).resolve().parents[4]


class Site:
    def __init__(self, port: int, process: subprocess.Popen[str]) -> None:
        self.port, self.process = port, process

    @contextmanager
    def client(self, sends: bytes = b"", *, buffer: int = 0) -> Iterator[socket.socket]:
        """A connection of a client that sends this; `buffer`: the bytes it takes before it reads."""
        with socket.socket() as client:
            if buffer:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            client.settimeout(20)
            client.connect(("127.0.0.1", self.port))
            client.sendall(sends)
            yield client

    def answer(self, sends: bytes) -> bytes:
        """All that comes back, to the end of the connection."""
        with self.client(sends) as client:
            return whole(client)

    def worker(self) -> int:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return int(children.read_text().split()[0])


def whole(client: socket.socket) -> bytes:
    found = []
    while data := client.recv(1 << 20):
        found.append(data)
    return b"".join(found)


def get(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode()


def last(path: str, *headers: str) -> bytes:
    """A request after which the connection ends."""
    return get(path, "Connection: close", *headers)


def body(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


@pytest.fixture(scope="package")
def site(django_db_setup: None, django_db_blocker: object) -> Iterator[Site]:
    with django_db_blocker.unblock(), databases.copied(connection.settings_dict["NAME"]) as name:
        url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
        with socket.socket() as asked:
            asked.bind(("127.0.0.1", 0))
            port = asked.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.slow_site", str(port)],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": url},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert "Serving" in process.stdout.readline()
        started = Site(port, process)
        try:
            yield started
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)
