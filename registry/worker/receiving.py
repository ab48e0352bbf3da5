"""A request as it arrives: gathered without a thread, handed over when it is whole.

gunicorn's parser reads from `Inbox.recv` in the place of the socket, and finds there one request and no more: a
request that lies about its length meets an end, never a wait.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from tempfile import TemporaryFile
from typing import IO

HEAD_BYTES = 64 * 1024
"""The most that a request line and its headers may be; gunicorn's own limits, which are lower, answer for them."""
IN_MEMORY = 256 * 1024
"""A longer request waits for its end on disk."""
LARGEST = 100 * 1024 * 1024
"""The body of a longer request is not waited for: what answers it refuses it by its length, unread."""
DIGITS = 15
"""Of a Content-Length. One with more of them, zeros too, is refused: read as none, its body would be the next request."""
READ_AT_ONCE = 256 * 1024

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d+)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_CHUNKED = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)
_EXPECT = re.compile(rb"^expect:[ \t]*100-continue[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


class NotTaken(Exception):
    """A request that is answered by its head alone; `answer` is the whole of the answer."""

    def __init__(self, status: str, why: str, *headers: str) -> None:
        super().__init__(why)
        said = f"{why}\n".encode()
        head = [f"HTTP/1.1 {status}", "Connection: close", "Content-Type: text/plain; charset=utf-8", *headers]
        self.answer = "\r\n".join([*head, f"Content-Length: {len(said)}", "", ""]).encode() + said


class Inbox:
    """What has arrived on a connection. `arrive` is called by the worker's loop, `recv` by the thread that answers."""

    def __init__(self, sock: socket.socket, may_spool: Callable[[int], bool] = lambda size: True) -> None:
        self._sock, self._may_spool = sock, may_spool
        self._bytes = bytearray()  # of this request, and of those sent behind it
        self._file: IO[bytes] | None = None
        self._unread = 0  # bytes of this request that the parser has not read
        self.wanted: int | None = None
        """Bytes of the whole request, once its head is here."""
        self.arrived = 0
        self.cut = False
        """Its body is not waited for, so the connection ends with its answer."""
        self.continued = False

    @property
    def begun(self) -> bool:
        return bool(self._bytes) or self.arrived > 0

    @property
    def spooled(self) -> int:
        return self.wanted or 0 if self._file is not None else 0

    def arrive(self) -> bool:
        """Take what the socket holds; True once the request is whole. ConnectionError where the client has gone."""
        while True:
            try:
                data = self._sock.recv(READ_AT_ONCE)
            except BlockingIOError:
                return False
            if not data:
                raise ConnectionResetError("the client has gone")
            self._keep(data)
            if self.whole():
                return True
            if len(data) < READ_AT_ONCE:
                return False

    def whole(self) -> bool:
        """Whether all of a request is here. Raises NotTaken for one that is refused by its head."""
        if self.wanted is None:
            end = _end_of_head(self._bytes)
            if end:
                self._understand(bytes(self._bytes[:end]))
            elif len(self._bytes) > HEAD_BYTES:
                self._settle(len(self._bytes), cut=True)  # the parser says what is too long in it
        return self.wanted is not None and self.arrived >= self.wanted

    def next(self) -> None:
        """The request is answered; what was sent behind it becomes the next one."""
        self.close()
        if self.wanted is not None:
            del self._bytes[: self._unread]
        self.wanted, self.arrived, self._unread, self.cut, self.continued = None, len(self._bytes), 0, False, False

    def recv(self, size: int, flags: int = 0) -> bytes:
        """The next bytes of this request; nothing after its end."""
        size = min(size, self._unread)
        if size and not self._bytes and self._file is not None:
            data = self._file.read(size)
        else:
            data = bytes(self._bytes[: min(size, len(self._bytes))])
            del self._bytes[: len(data)]
        self._unread -= len(data)
        return data

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _keep(self, data: bytes) -> None:
        self.arrived += len(data)
        if self._file is None:
            self._bytes += data
            return
        over = max(self.arrived - (self.wanted or 0), 0)
        self._file.write(data[: len(data) - over] if over else data)
        if over:
            self.cut = True  # sent behind a long request: it is answered, then the connection ends

    def _understand(self, head: bytes) -> None:
        if _CHUNKED.search(head):
            raise NotTaken("411 Length Required", "Send the length of the body as Content-Length.")
        found = _LENGTH.findall(head)
        if any(len(length) > DIGITS for length in found):
            raise NotTaken("400 Bad Request", "Content-Length is not the length of a body.")
        lengths = {int(length) for length in found}
        length = lengths.pop() if len(lengths) == 1 else 0  # several that differ: the parser refuses them
        if length > LARGEST:
            self._settle(len(head), cut=True)
            return
        self._settle(len(head) + length)
        if len(head) + length > IN_MEMORY:
            self._spool(len(head) + length)
        if self.arrived < len(head) + length and _EXPECT.search(head):
            self._sock.send(CONTINUE)
            self.continued = True

    def _settle(self, wanted: int, *, cut: bool = False) -> None:
        self.wanted, self._unread, self.cut = wanted, wanted, cut

    def _spool(self, size: int) -> None:
        if not self._may_spool(size):
            raise NotTaken("503 Service Unavailable", "Too much is being sent at once. Try again.", "Retry-After: 30")
        self._file = TemporaryFile()  # noqa: SIM115  # closed when the request is answered
        held, self._bytes = bytes(self._bytes), bytearray()
        self.arrived = 0
        self._keep(held)

    def handed_over(self) -> None:
        """The thread reads from the start of what was gathered."""
        if self._file is not None:
            self._file.seek(0)


def _end_of_head(data: bytearray) -> int:
    """Where the head ends, behind its empty line; 0 while it has not come. Empty lines before it are part of it."""
    start = 0
    while data[start : start + 2] == b"\r\n":
        start += 2
    found = data.find(b"\r\n\r\n", start)
    return found + 4 if found >= 0 else 0
