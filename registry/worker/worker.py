"""The worker: one loop that waits for clients, and threads that only ever work.

gunicorn's own threaded worker gives a thread to each new connection before it has said anything, blocks it in reading
a request and in sending an answer, and waits in its loop for up to two seconds when it closes a connection. Here the
loop does all the waiting: connections stand in the poller while they say something, while they take their answer and
while they close, and a request is given to a thread in between.
"""

from __future__ import annotations

import errno
import selectors
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from registry import metrics
from registry.worker.asked import Asked
from registry.worker.receiving import Inbox, NotTaken
from registry.worker.sending import Outgoing

HEAD_SECONDS = 10.0
"""A new connection that has not sent its request's head by then is closed."""
BODY_SECONDS, BODY_BYTES_A_SECOND = 30.0, 8 * 1024
"""A body has this long, and a second more for each so many bytes."""
STUCK_SECONDS = 60.0
"""A client that takes no byte of its answer for so long is given up."""
SLOWEST = 512
"""Bytes a second, over all of an answer, below which a client is given up; counted after STUCK_SECONDS."""
CLOSING_SECONDS = 2.0
LONG_READ_SECONDS = 0.5
"""From then on it is watched whether the one who asked is still there."""
LOOK_SECONDS = 0.25
SPOOLED_AT_ONCE = 512 * 1024 * 1024
"""Bytes of bodies being sent that one worker keeps on disk."""
FROM_A_THREAD = 4 * 1024 * 1024
"""Bytes that a thread may send itself, to a client that takes them without a wait."""
SAFE_METHODS = ("GET", "HEAD")


class Connection:
    """One client's, from its first byte to its last."""

    def __init__(self, worker: Worker, sock: socket.socket, client: Any, server: Any) -> None:
        self.cfg, self.socket, self.client, self.server = worker.cfg, sock, client, server
        self.inbox = Inbox(sock, worker.may_spool)
        self.parser = http.get_parser(worker.cfg, self.inbox, client)
        self.outgoing = Outgoing(sock)
        self.deadline = time.monotonic() + HEAD_SECONDS
        self.state: Callable[[Connection], None] | None = None
        """What the loop does when the poller names this connection; None while a thread has it."""
        self.began = 0.0
        self.stays = False
        self.asked: Asked | None = None
        self.watched = self.gone = False

    @property
    def sock(self) -> Outgoing:
        """What gunicorn's response writes to."""
        return self.outgoing

    def close(self, graceful: bool = False) -> None:
        self.inbox.close()
        self.outgoing.close()
        self.socket.close()


class Worker(ThreadWorker):
    """gunicorn's threaded worker, with its own waiting taken out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connections: set[Connection] = set()
        self.working: set[Connection] = set()
        self._looked = 0.0

    def init_process(self) -> None:
        metrics.take_place(self.age)
        super().init_process()

    def may_spool(self, size: int) -> bool:
        return size + sum(c.inbox.spooled for c in self.connections) <= SPOOLED_AT_ONCE

    # --- the loop: a connection comes, says what it wants, is answered, and stays or goes ---

    def accept(self, listener: socket.socket) -> None:
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._make_room()
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        sock.setblocking(False)
        connection = Connection(self, sock, client, listener.getsockname())
        self.nr_conns += 1
        self.connections.add(connection)
        self._wait(connection, selectors.EVENT_READ, self._hear)

    def _hear(self, connection: Connection) -> None:
        inbox = connection.inbox
        had_head = inbox.wanted is not None
        try:
            whole = inbox.arrive()
        except NotTaken as refusal:
            self._refuse(connection, refusal)
            return
        except OSError:
            self._drop(connection)
            return
        if whole:
            self._hand_over(connection)
        elif inbox.wanted is not None and not had_head:
            connection.deadline = time.monotonic() + BODY_SECONDS + inbox.wanted / BODY_BYTES_A_SECOND
        elif inbox.begun and connection.stays:  # a further request on this connection begins
            connection.deadline, connection.stays = time.monotonic() + HEAD_SECONDS, False

    def _hand_over(self, connection: Connection) -> None:
        self._wait_no_more(connection)
        connection.inbox.handed_over()
        connection.began, connection.watched = time.monotonic(), False
        self.working.add(connection)
        self.enqueue_req(connection)

    def finish_request(self, connection: Connection, future: Any) -> None:
        """The thread is done with it: whether the connection stays, and whether something is still to be sent."""
        self.working.discard(connection)
        if connection.watched:
            self._wait_no_more(connection)
        try:
            stays, sent = future.result() if not future.cancelled() else (False, False)
        except Exception:
            self.log.exception("A thread failed")
            stays, sent = False, False
        if connection.gone or connection.outgoing.broken:
            self._drop(connection)
            return
        connection.stays, connection.began = stays, time.monotonic()
        if sent:
            self._rest(connection)
        else:
            connection.deadline = connection.began + STUCK_SECONDS
            self._wait(connection, selectors.EVENT_WRITE, self._send)

    def _send(self, connection: Connection) -> None:
        before = connection.outgoing.sent
        try:
            done = connection.outgoing.push()
        except OSError:
            self._drop(connection)
            return
        if connection.outgoing.sent > before:
            connection.deadline = time.monotonic() + STUCK_SECONDS
        if done:
            self._wait_no_more(connection)
            self._rest(connection)

    def _rest(self, connection: Connection) -> None:
        """Answered: the connection waits for the next request, which may have come already, or is closed."""
        connection.outgoing.close()
        connection.outgoing = Outgoing(connection.socket)
        if not connection.stays or connection.inbox.cut:
            self._say_goodbye(connection)
            return
        connection.inbox.next()
        now = time.monotonic()
        connection.deadline = now + (self.cfg.keepalive if self.alive else STOP_KEEPALIVE_LINGER)
        self._wait(connection, selectors.EVENT_READ, self._hear)
        if connection.inbox.begun:
            self._hear_what_is_there(connection)

    def _hear_what_is_there(self, connection: Connection) -> None:
        try:
            whole = connection.inbox.whole()
        except NotTaken as refusal:
            self._refuse(connection, refusal)
            return
        connection.deadline = time.monotonic() + HEAD_SECONDS
        if whole:
            self._hand_over(connection)

    def _refuse(self, connection: Connection, refusal: NotTaken) -> None:
        self._wait_no_more(connection)
        connection.outgoing.sendall(refusal.answer)
        connection.stays, connection.began = False, time.monotonic()
        connection.deadline = connection.began + STUCK_SECONDS
        self._wait(connection, selectors.EVENT_WRITE, self._send)

    def _say_goodbye(self, connection: Connection) -> None:
        """Close so that the last bytes arrive (RFC 9112, 9.6): say that no more comes, and hear out what is sent."""
        try:
            connection.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(connection)
            return
        connection.deadline = time.monotonic() + CLOSING_SECONDS
        self._wait(connection, selectors.EVENT_READ, self._hear_out)

    def _hear_out(self, connection: Connection) -> None:
        try:
            if connection.socket.recv(64 * 1024):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._drop(connection)

    def _drop(self, connection: Connection) -> None:
        if connection not in self.connections:
            return
        self._wait_no_more(connection)
        self.connections.discard(connection)
        self.nr_conns -= 1
        connection.close()

    def _wait(self, connection: Connection, event: int, then: Callable[[Connection], None]) -> None:
        connection.state = then
        self.poller.register(connection.socket, event, lambda _: self._turn(connection, then))

    def _turn(self, connection: Connection, then: Callable[[Connection], None]) -> None:
        """What the poller saw may be past: an earlier one of the same look may have ended this connection."""
        if connection in self.connections and connection.state == then:
            then(connection)

    def _wait_no_more(self, connection: Connection) -> None:
        connection.state, connection.watched = None, False
        with suppress(KeyError, ValueError, OSError):  # it may stand in no poller
            self.poller.unregister(connection.socket)

    # --- the clock: who is too slow, and who has gone ---

    def murder_keepalived(self, force: bool = False) -> None:
        """Called at each turn of gunicorn's loop."""
        now = time.monotonic()
        if not force and now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        waiting = [c for c in self.connections if c not in self.working]
        for connection in waiting:
            if connection.deadline <= now and connection.state == self._hear:
                self._hear(connection)  # what came while this loop itself was kept waiting counts
            if force or self._is_late(connection, now):
                self._drop(connection)
        if self.nr_conns >= self.worker_connections:
            self._make_room()
        for connection in list(self.working):
            self._watch(connection, now)
        metrics.connections(len(self.working), sum(c.state == self._send for c in self.connections), self.nr_conns)

    def murder_pending(self) -> None:
        """One look sees to all."""

    def _cap_keepalive(self, deadline: float) -> None:
        for connection in self.connections - self.working:
            if connection.state == self._hear and not connection.inbox.begun:
                connection.deadline = min(connection.deadline, deadline)

    def _is_late(self, connection: Connection, now: float) -> bool:
        if connection in self.working:
            return False
        took = now - connection.began
        too_slow = took > STUCK_SECONDS and connection.outgoing.sent < took * SLOWEST
        return connection.deadline <= now or (connection.state == self._send and too_slow)

    def _make_room(self) -> None:
        """Where no connection is left, those go that only stand there; then the one that has been sent to longest."""
        idle = [c for c in self.connections if c.state == self._hear and not c.inbox.begun]
        sending = sorted((c for c in self.connections if c.state == self._send), key=lambda c: c.began)
        for connection in idle or sending[:1]:
            self._drop(connection)

    def _watch(self, connection: Connection, now: float) -> None:
        """Of a long read: see whether its client hangs up, and stop the read of one who has."""
        if connection.gone:
            self._stop(connection)
        elif not connection.watched and now - connection.began >= LONG_READ_SECONDS:
            connection.watched = True
            self.poller.register(connection.socket, selectors.EVENT_READ, lambda _: self._look_at(connection))

    def _look_at(self, connection: Connection) -> None:
        try:
            connection.gone = not connection.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return
        except OSError:
            connection.gone = True
        self.poller.unregister(connection.socket)  # gone, or it has sent another request: no more is to be seen
        if connection.gone:
            metrics.count(metrics.HUNG_UP)
            self._stop(connection)

    def _stop(self, connection: Connection) -> None:
        asked = connection.asked
        if asked is not None:
            threading.Thread(target=asked.stop, daemon=True).start()  # it may wait for Postgres; the loop may not

    # --- a thread: a whole request in, a whole answer out ---

    def handle(self, connection: Connection) -> tuple[bool, bool]:
        """(whether the connection stays, whether all of the answer is sent)."""
        request = None
        stays = False
        try:
            request = next(connection.parser)
            if connection.inbox.continued:
                request._expected_100_continue = False  # said while the body was waited for
            if request.method in SAFE_METHODS:
                connection.asked = Asked()
            stays = self._keepalive_after(connection, self.handle_request(request, connection))
        except (http.errors.NoMoreData, StopIteration) as error:
            self.log.debug("Closing connection. %s", error)
        except OSError:
            if not connection.outgoing.broken:  # the client's going is nothing to tell of
                self.log.exception("Error while answering")
            connection.outgoing.broken = True
        except Exception as error:
            self.handle_error(request, connection.outgoing, connection.client, error)
        finally:
            if connection.asked is not None:
                connection.asked.end()
                connection.asked = None
        try:
            return bool(stays), connection.outgoing.push(FROM_A_THREAD)
        except OSError:
            connection.outgoing.broken = True
            return False, False
