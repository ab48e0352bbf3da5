"""An answer on its way: what the socket takes at once is sent at once, the rest waits without a thread.

gunicorn's own response writes to an `Outgoing` in the place of the socket. Little is held in memory for a slow
client: a file is sent from where it lies, and a long answer goes to an unlinked file of its own.
"""

from __future__ import annotations

import os
import socket
from collections import deque
from tempfile import TemporaryFile
from typing import IO

GATHERED = 64 * 1024
"""Bytes that are sent in one go: a head and a short answer are one packet, not two."""
IN_MEMORY = 64 * 1024
"""Bytes that may wait in memory for one client."""
AT_ONCE = 512 * 1024
"""Bytes sent to one client before others have their turn."""


class _OfFile:
    """A stretch of an open file."""

    def __init__(self, descriptor: int, offset: int, count: int) -> None:
        self.descriptor, self.offset, self.count = descriptor, offset, count

    def send(self, sock: socket.socket, most: int) -> int:
        sent = os.sendfile(sock.fileno(), self.descriptor, self.offset, min(self.count, most))
        if sent == 0:
            raise ConnectionAbortedError("the file is shorter than was said")
        self.offset += sent
        self.count -= sent
        return sent

    def close(self) -> None:
        os.close(self.descriptor)


class Outgoing:
    """The answer to one request. Its thread fills it, and then the worker's loop alone touches it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._gathered: list[bytes] = []
        self._length = 0  # of what is gathered
        self._waiting: deque[memoryview | _OfFile] = deque()
        self._in_memory = 0
        self._spill: IO[bytes] | None = None
        self.sent = 0
        self.broken = False
        """The answer could not be made to its end: the connection is cut, so that nobody takes it for whole."""

    # --- what gunicorn's response asks of a socket ---

    def sendall(self, data: bytes) -> None:
        self._gathered.append(data)
        self._length += len(data)
        if self._length >= GATHERED:
            self._pass_on()

    def send(self, data: bytes) -> int:
        self.sendall(data)
        return len(data)

    def sendfile(self, file: IO[bytes], offset: int = 0, count: int = 0) -> int:
        """The file may be closed at once: its content is kept open until it is sent."""
        self._pass_on()
        self._spill = None  # what waits in it cannot be added to any more, behind this
        self._waiting.append(_OfFile(os.dup(file.fileno()), offset, count))
        return count

    def shutdown(self, how: int) -> None:
        """Called where an answer broke off in the middle."""
        self.broken = True
        raise OSError("left to the worker's loop")

    def gettimeout(self) -> float:
        return 0.0

    def fileno(self) -> int:
        return self._sock.fileno()

    def getsockname(self) -> object:
        return self._sock.getsockname()

    def close(self) -> None:
        """Forget what was not sent."""
        while self._waiting:
            part = self._waiting.popleft()
            if isinstance(part, _OfFile):
                part.close()
        self._gathered, self._length = [], 0
        self._in_memory, self._spill = 0, None

    # --- what the worker asks ---

    def push(self, most: int = AT_ONCE) -> bool:
        """Send what the socket takes, at most so many bytes; True when nothing waits. OSError: the client is gone."""
        self._pass_on(try_now=False)
        while self._waiting and most > 0:
            part = self._waiting[0]
            try:
                sent = part.send(self._sock, most) if isinstance(part, _OfFile) else self._sock.send(part[:most])
            except BlockingIOError:
                return False
            self.sent += sent
            most -= sent
            if isinstance(part, _OfFile):
                if part.count == 0:
                    self._waiting.popleft().close()  # type: ignore[union-attr]
                continue
            self._in_memory -= sent
            if sent == len(part):
                self._waiting.popleft()
            else:
                self._waiting[0] = part[sent:]
        return not self._waiting

    def _pass_on(self, *, try_now: bool = True) -> None:
        """From what was gathered to the socket; what it does not take waits."""
        if not self._gathered:
            return
        view = memoryview(self._gathered[0] if len(self._gathered) == 1 else b"".join(self._gathered))
        self._gathered, self._length = [], 0
        if not self._waiting and try_now:
            try:
                while view:
                    sent = self._sock.send(view)
                    self.sent += sent
                    view = view[sent:]
            except BlockingIOError:
                pass
            except OSError:
                self.broken = True
                raise
        if view:
            self._wait(view)

    def _wait(self, view: memoryview) -> None:
        if self._spill is None and self._in_memory + len(view) <= IN_MEMORY:
            self._waiting.append(view)
            self._in_memory += len(view)
            return
        last = self._waiting[-1] if self._waiting else None
        if self._spill is None or not isinstance(last, _OfFile):
            self._spill = TemporaryFile(buffering=0)  # noqa: SIM115  # its descriptor outlives it
            last = _OfFile(os.dup(self._spill.fileno()), 0, 0)
            self._waiting.append(last)
        self._spill.write(view)
        last.count += len(view)
