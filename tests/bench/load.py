"""A client that asks as fast as it is answered, over a few kept connections, and costs little itself.

It shares the machine's processors with the server: raw sockets, requests prepared beforehand, answers counted and not
looked into. Figure and baseline pay the same for it.
"""

from __future__ import annotations

import selectors
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import NamedTuple

CONNECTIONS = 4
PATIENCE = 120
_BUFFER = bytearray(1 << 20)


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def request(path: str, headers: dict[str, str] | None = None, body: str | None = None) -> bytes:
    """The bytes of a request; with a body it is a form that is sent."""
    told = {"Host": "127.0.0.1", **(headers or {})}
    if body is not None:
        told |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body.encode()))}
    lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in told.items())]
    return "\r\n".join([*lines, "", body or ""]).encode()


def ask(port: int, path: str, headers: dict[str, str] | None = None, body: str | None = None) -> Answer:
    """One question over a connection of its own; the whole answer. Raises OSError where it breaks off."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as wire:
        wire.sendall(request(path, {"Connection": "close", **(headers or {})}, body))
        parts = []
        while part := wire.recv(1 << 20):
            parts.append(part)
    head, _, content = b"".join(parts).partition(b"\r\n\r\n")
    status, found = _head(head)
    if found.get("transfer-encoding", "") == "chunked":
        content = _unchunked(content)
    elif len(content) < int(found.get("content-length", 0)) and status != 304:
        raise OSError(f"{path} broke off after {len(content)} bytes")
    return Answer(status, found, content)


def rate(
    port: int, asked: Sequence[bytes], seconds: float, status: int = 200, connections: int = CONNECTIONS
) -> float:
    """Whole answers a second: questions in turn until the time is up, then those under way. Raises ValueError for an
    answer of another status."""
    turns = _Turns(asked)
    lines = [_Line(port, turns, status) for _ in range(connections)]
    ready = selectors.DefaultSelector()
    began = perf_counter()
    for line in lines:
        ready.register(line.wire, selectors.EVENT_READ, line)
        line.send()
    done, last = 0, began
    while ready.get_map():
        events = ready.select(PATIENCE)
        if not events:
            raise OSError(f"no answer within {PATIENCE} seconds")
        for key, _ in events:
            line = key.data
            if not line.heard():
                continue
            done, last = done + 1, perf_counter()
            if last - began < seconds:
                line.send()
            else:
                ready.unregister(line.wire)
                line.wire.close()
    ready.close()
    return done / (last - began)


def milliseconds(port: int, path: str, headers: dict[str, str] | None = None) -> float:
    """Of one question, from the first byte sent to the last one got. Raises ValueError where it is not answered 200."""
    line = _Line(port, _Turns([request(path, headers)]), 200)
    began = perf_counter()
    line.send()
    line.wire.settimeout(PATIENCE)
    while not line.heard():
        pass
    line.wire.close()
    return (perf_counter() - began) * 1000


@dataclass
class _Turns:
    asked: Sequence[bytes]
    next: int = 0

    def take(self) -> bytes:
        self.next += 1
        return self.asked[(self.next - 1) % len(self.asked)]


class _Line:
    """One kept connection, on which one question is under way."""

    def __init__(self, port: int, turns: _Turns, status: int) -> None:
        self.wire = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.turns, self.status = turns, status

    def send(self) -> None:
        self.head, self.left, self.chunked, self.tail = b"", -1, False, b""
        self.asked = self.turns.take()
        self.wire.sendall(self.asked)

    def heard(self) -> bool:
        """Take what has come; whether the answer is whole."""
        size = self.wire.recv_into(_BUFFER)
        if not size:
            raise OSError(f"the server hung up on {self.asked[:80]!r}")
        if self.left < 0:
            self.head += bytes(_BUFFER[:size])
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return False
            self._understand(self.head[:end])
            body = self.head[end + 4 :]
            self.left, self.tail = self.left - len(body), body[-5:]
        else:
            self.left -= size
            self.tail = (self.tail + bytes(_BUFFER[max(0, size - 5) : size]))[-5:]
        return self.tail == b"0\r\n\r\n" if self.chunked else self.left <= 0

    def _understand(self, head: bytes) -> None:
        status, found = _head(head)
        if status != self.status:
            raise ValueError(f"{self.asked[:200]!r} was answered {head[:300]!r}")
        self.chunked = found.get("transfer-encoding", "") == "chunked"
        self.left = 0 if status == 304 else int(found.get("content-length", 0)) if not self.chunked else 1 << 60


def _head(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    found: dict[str, str] = {}
    for name, _, value in pairs:
        key = name.lower()
        found[key] = f"{found[key]}\n{value.strip()}" if key in found else value.strip()
    return int(first.split()[1]), found


def _unchunked(content: bytes) -> bytes:
    whole = []
    while content:
        size, _, content = content.partition(b"\r\n")
        many = int(size, 16)
        whole.append(content[:many])
        content = content[many + 2 :]
    return b"".join(whole)
